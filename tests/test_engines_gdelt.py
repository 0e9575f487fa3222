"""GDELT's public table as the star: the same rows give what an import of them gives, and never without a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from engine_samples import need
from import_samples import gdelt_row, run

from timeline import queries
from timeline.errors import EngineError, UnconfirmedQueryError
from timeline.queries import EVERYTHING, EventFilter, open_tables
from timeline.store import open_project
from timeline.store.imports.gdelt import GDELT

need("duckdb")
import duckdb  # noqa: E402
import ibis  # noqa: E402

from timeline.queries.remote import tables as remote_tables  # noqa: E402
from timeline.queries.remote.bigquery import BigQueryEngine, open_bigquery, open_dataset, read_window, say_bytes  # noqa: E402
from timeline.queries.remote.engines import Address, DuckEngine, read_address  # noqa: E402
from timeline.queries.remote.gdelt import GDELT_TABLE, NEEDED, load_gdelt_names, make_gdelt_star  # noqa: E402
from timeline.queries.remote.tables import RemoteTables  # noqa: E402

FIRST, LAST = dt.date(2020, 3, 6), dt.date(2020, 3, 7)
ADDRESS = "bigquery://billing/gdelt-bq.gdeltv2?from=2020-03-06&to=2020-03-07"


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


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, RemoteTables]]:
    """The rows imported, and the same rows in a table like GDELT's."""
    folder = tmp_path_factory.mktemp("gdelt")
    (folder / "rows.csv").write_text("\n".join(ROWS))
    project = open_project(folder / "project", create=True)
    run(project, folder / "rows.csv")
    local = open_tables(project)
    (folder / "all.csv").write_text("\n".join([*ROWS, LATER]))
    with duckdb.connect(str(folder / "gdelt.duckdb")) as connection:
        fill(connection, folder / "all.csv")
    engine = DuckEngine(read_address(f"duckdb://{folder}/gdelt.duckdb", ("duckdb",)))
    empty = open_project(folder / "empty", create=True)
    yield local, RemoteTables(engine, make_gdelt_star(FIRST, LAST), empty, load_gdelt_names)
    engine.close()
    local.close()


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


@pytest.mark.parametrize(
    "f",
    [EventFilter(actors=("TUR",), level="country"), EventFilter(publishers=("example.org",)),
     EventFilter(actors=("RUS", "SYR"), role="between", level="country")],
    ids=["state", "publisher", "between"],
)  # fmt: skip
def test_filters_count_as_on_an_import(both: tuple[Any, RemoteTables], f: EventFilter) -> None:
    """Only what was added in the period, and of that what the filter says."""
    local, remote = both

    assert queries.count_events(local, f) == queries.count_events(remote, f) > 0


def test_the_mapping_is_that_of_an_import(both: tuple[Any, RemoteTables]) -> None:
    """Ids, days, acts, scores, actors with what they fold into, outlets and places."""
    expected, found = (queries.select_events(t, EVERYTHING).drop(columns=["latitude", "longitude"]) for t in both)
    states = EventFilter(level="country")
    keys = ["source_id", "target_id", "quad_class"]
    ranked = [queries.rank_actors(t, states).sort_values("actor_id", ignore_index=True) for t in both]
    dyads = [queries.count_dyads(t, states).sort_values(keys, ignore_index=True) for t in both]

    assert len(expected) == len(ROWS)
    pd.testing.assert_frame_equal(expected, found, check_exact=False)
    pd.testing.assert_frame_equal(*ranked)
    pd.testing.assert_frame_equal(*dyads, check_exact=False)


def test_places_and_values_are_those_of_an_import(both: tuple[Any, RemoteTables]) -> None:
    """Places by name, country and coordinates; outlets by their host."""
    places = [queries.count_places(t, EVERYTHING).drop(columns="place_key") for t in both]
    values = [queries.list_values(t) for t in both]

    pd.testing.assert_frame_equal(*places, check_exact=False)
    assert values[0] == values[1]
    (key, *_) = queries.count_places(both[1], EVERYTHING)["place_key"]
    assert len(queries.select_events_at(both[1], EVERYTHING, int(key))) == places[1]["events"].sum()


def test_the_evidence_is_the_row_and_its_address(both: tuple[Any, RemoteTables]) -> None:
    """Every row of GDELT names its article."""
    (event_id, *_) = queries.select_events(both[1], EVERYTHING, order="oldest")["event_id"]
    found = queries.read_evidence(both[1], event_id)

    assert found.original.url == "https://www.example.org/news/3"
    assert found.event.sources[0].sector == "REB"


@pytest.mark.parametrize(
    "options",
    [{}, {"from": "2020-03-06"}, {"to": "2020-03-06"}, {"from": "6 March", "to": "2020-03-07"},
     {"from": "2020-03-07", "to": "2020-03-06"}],
)  # fmt: skip
def test_the_table_is_refused_without_a_period(options: dict[str, str], tmp_path: Path) -> None:
    """Sixty gigabytes are never read because somebody forgot a date."""
    with pytest.raises(EngineError, match=r"period"):
        read_window(options)
    query = "&".join(f"{name}={value}" for name, value in options.items())
    with pytest.raises(EngineError):
        open_bigquery(read_address(f"bigquery://billing/gdelt-bq.gdeltv2?{query}".rstrip("?"), ("bigquery",)), None)  # type: ignore[arg-type]


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


def opened(both: tuple[Any, RemoteTables]) -> tuple[FakeClient, RemoteTables]:
    client = FakeClient(both[1].engine)  # type: ignore[arg-type]
    engine = BigQueryEngine(ADDRESS, "gdelt-bq.gdeltv2", client, dict)
    return client, open_dataset(engine, "gdelt-bq.gdeltv2", (FIRST, LAST), both[1].project)


def test_nothing_is_read_before_its_bytes_are_agreed_to(both: tuple[Any, RemoteTables]) -> None:
    """A query is weighed, refused with its weight, and runs once that much is allowed; then the next is refused."""
    client, tables = opened(both)
    with pytest.raises(UnconfirmedQueryError, match=r"reads 5 MB") as refused:
        queries.count_events(tables, EVERYTHING)
    assert (5_000_000, []) == (refused.value.bytes, client.run)

    tables.allow(10_000_000)
    outlets = queries.count_events(tables, EventFilter(publishers=("example.org",)))

    assert outlets == 7
    assert len(client.run) == 2  # the actors' names, then the count
    assert client.limits == [105_000_000, 105_000_000]  # what was weighed, and how billing rounds
    with pytest.raises(UnconfirmedQueryError):
        queries.count_events(tables, EVERYTHING)


def test_every_query_on_gdelt_keeps_to_the_period(
    both: tuple[Any, RemoteTables], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the table stands in a query, its days stand beside it."""
    heard: list[str] = []

    def read_rows(engine: Any, wanted: Any) -> list[dict[str, Any]]:
        heard.append(str(ibis.to_sql(wanted, dialect="bigquery", pretty=False)))
        return [{"events": 0, "who": "TUR:", "as_source": 0, "as_target": 0}] if len(heard) == 1 else []

    with both[1].session() as session:
        names = session.loaded
    monkeypatch.setattr(remote_tables, "read_rows", read_rows)
    star = make_gdelt_star(FIRST, LAST, "gdelt-bq", "gdeltv2")
    tables = RemoteTables(both[1].engine, star, both[1].project, lambda engine, star: names)
    f = EventFilter(actors=("TUR", "SYR"), role="between", level="country", publishers=("example.org",))
    names.answers.clear()
    queries.count_dyads(tables, f)
    queries.count_per_bin(tables, f)
    queries.select_points(tables, f, ("TUR",))
    names.answers.clear()

    assert len(heard) == 5
    for sql in heard:
        assert sql.count(GDELT_TABLE) == sql.count("`_PARTITIONTIME` >= TIMESTAMP('2020-03-06T00:00:00+00:00')") > 0
        assert sql.count(GDELT_TABLE) == sql.count("`_PARTITIONTIME` < TIMESTAMP('2020-03-08T00:00:00+00:00')")
        assert "`gdelt-bq`.`gdeltv2`" in sql
        assert len(sql) < 500_000  # of a megabyte that BigQuery takes


def test_missing_columns_are_named(both: tuple[Any, RemoteTables], monkeypatch: pytest.MonkeyPatch) -> None:
    """If GDELT changes its table, the message says in what."""
    client = FakeClient(both[1].engine)  # type: ignore[arg-type]
    field = [type("Field", (), {"name": column}) for column in NEEDED if column != "SOURCEURL"]
    monkeypatch.setattr(client, "get_table", lambda name: type("Table", (), {"schema": field}))
    engine = BigQueryEngine(ADDRESS, "gdelt-bq.gdeltv2", client, dict)

    with pytest.raises(EngineError, match="missing SOURCEURL in the table events_partitioned"):
        open_dataset(engine, "gdelt-bq.gdeltv2", (FIRST, LAST), both[1].project)


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1_500_000, "1.5 MB"), (63_000_000_000, "63 GB")]
)
def test_bytes_are_said_as_they_are_billed(number: int, words: str) -> None:
    """In powers of ten, to three digits."""
    assert words == say_bytes(number)


def test_an_address_says_who_pays(tmp_path: Path) -> None:
    """Without a billing project or a dataset there is nothing to ask."""
    for url in ("bigquery:///gdelt-bq.gdeltv2?from=2020-03-06&to=2020-03-07", "bigquery://billing/dataset"):
        with pytest.raises(EngineError, match=r"bigquery://billing-project/project\.dataset"):
            open_bigquery(read_address(url, ("bigquery",)), None)  # type: ignore[arg-type]
    assert isinstance(read_address(ADDRESS, ("bigquery",)), Address)
    assert ibis.__version__
