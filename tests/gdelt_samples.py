"""GDELT's public table in DuckDB, and a BigQuery that answers from it; the happenings are invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from import_samples import gdelt_row

from timeline.queries.remote.engines import DuckEngine
from timeline.queries.remote.gdelt import GDELT_TABLE, NEEDED
from timeline.store.imports.gdelt import GDELT

FIRST, LAST = dt.date(2020, 3, 6), dt.date(2020, 3, 7)
DATASET = "gdelt-bq.gdeltv2"
ADDRESS = f"bigquery://billing/{DATASET}?from={FIRST}&to={LAST}"


def _actor(number: int, code: str, country: str = "", kind: str = "", **more: str) -> dict[str, str]:
    cells = {"Code": code, "Name": "", "CountryCode": country, "Type1Code": kind, **more}
    return {f"Actor{number}{name}": value for name, value in cells.items()}


# No actor has a name, since names are what the mapping does without.
ROWS = [
    gdelt_row(1, **_actor(1, "TURGOV", "TUR", "GOV"), **_actor(2, "SYRREB", "SYR", "REB")),
    gdelt_row(2, **_actor(1, "RUS", "RUS"), **_actor(2, "SYR", "SYR"), EventCode="190", GoldsteinScale=""),
    gdelt_row(3, **_actor(1, "REB", "", "REB"), **_actor(2, ""), SQLDATE="20200229", NumArticles="0"),
    gdelt_row(4, **_actor(1, "SYRINS", "SYR", "INS"), **_actor(2, "SYRMIL", "SYR", "MIL"), EventCode="0841"),
    gdelt_row(5, **_actor(1, "UNO", "", "IGO", KnownGroupCode="UNO"), **_actor(2, "AFR", "AFR"), EventCode="057"),
    gdelt_row(6, **_actor(1, "TURKUR", "TUR", EthnicCode="kur"), **_actor(2, "ROM", "ROM"), SOURCEURL=""),
    gdelt_row(7, **_actor(1, "USAMOD", "USA", "MOD"), **_actor(2, "TUR", "TUR"), ActionGeo_FullName=""),
    gdelt_row(8, **_actor(1, "TURGOV", "TUR", "GOV"), **_actor(2, "TURMIL", "TUR", "MIL"),
              DATEADDED="20200307121500", SOURCEURL="http://www.Example.com:80/x"),
    gdelt_row(9, **_actor(1, "RUSMIL", "RUS", "", Type2Code="MIL"), **_actor(2, "SYRCVL", "SYR", "CVL")),
]  # fmt: skip
LATER = gdelt_row(10, **_actor(1, "RUS", "RUS"), **_actor(2, "TUR", "TUR"), DATEADDED="20200308")


def fill(connection: Any, file: Path) -> None:
    """A table with GDELT's columns and types, cut by the day on which rows were added."""
    whole = {"GLOBALEVENTID", "SQLDATE", "NumArticles", "DATEADDED"}
    real = {"GoldsteinScale", "ActionGeo_Lat", "ActionGeo_Long"}
    kinds = {name: "BIGINT" if name in whole else "DOUBLE" if name in real else "VARCHAR" for name in NEEDED}
    columns = ", ".join(f"nullif({name}, '')::{kind} AS {name}" for name, kind in kinds.items())
    names = list(GDELT.headless[61])
    connection.execute("CREATE MACRO ieee_divide(a, b) AS a / b")  # BigQuery's, for the SQL made for it
    connection.execute(
        f"CREATE TABLE {GDELT_TABLE} AS SELECT {columns},"
        " strptime(left(DATEADDED, 8), '%Y%m%d')::TIMESTAMPTZ AS _PARTITIONTIME"
        " FROM read_csv($file, delim = '\t', header = false, names = $names, all_varchar = true, quote = '')",
        {"file": str(file), "names": names},
    )


class FakeJob:
    def __init__(self, weight: int, table: Any) -> None:
        self.total_bytes_processed = weight
        self._table = table

    def result(self) -> FakeJob:
        return self

    def to_arrow(self, create_bqstorage_client: bool) -> Any:
        return self._table


class FakeClient:
    """BigQuery as far as the engine talks to it: the rows come from DuckDB, to which the SQL is translated."""

    def __init__(self, engine: DuckEngine, weight: int = 5_000_000) -> None:
        self.engine, self.weight = engine, weight
        self.dry: list[str] = []
        self.run: list[str] = []
        self.limits: list[int] = []

    def query(self, sql: str, job_config: dict[str, Any]) -> FakeJob:
        if job_config.get("dry_run"):
            self.dry.append(sql)
            return FakeJob(self.weight, None)
        self.run.append(sql)
        self.limits.append(job_config["maximum_bytes_billed"])
        import sqlglot

        table = sqlglot.transpile(sql.replace("`gdelt-bq`.`gdeltv2`.", ""), read="bigquery", write="duckdb")[0]
        return FakeJob(0, self.engine.read(table))

    def list_tables(self, dataset: str) -> list[Any]:
        return [type("Item", (), {"table_id": GDELT_TABLE})]

    def get_table(self, name: str) -> Any:
        return type("Table", (), {"schema": [type("Field", (), {"name": column}) for column in NEEDED]})

    def close(self) -> None:
        """Nothing to close."""
