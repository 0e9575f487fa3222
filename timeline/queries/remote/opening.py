"""From an engine's address to tables that can be asked."""

from __future__ import annotations

from typing import Any

from timeline.errors import EngineError
from timeline.queries.remote.engines import OPENERS, Address, Engine, read_address
from timeline.queries.remote.star import SCHEMAS, make_star
from timeline.queries.remote.tables import RemoteTables
from timeline.store.project import Project

SCHEMES = (*OPENERS, "bigquery")


def open_engine(url: str, project: Project) -> RemoteTables:
    """Open the tables that an address names.

    Args:
        url: `postgresql://user@host/database?schema=name`, `spark://host:7077/database`,
            `spark://local/?parquet=/folder`, `sc://host:15002/database`, `parquet:///folder`,
            `duckdb:///folder/file.duckdb`, `bigquery://billing-project/project.dataset`, and
            `bigquery://billing-project/gdelt-bq.gdeltv2?from=2020-03-01&to=2020-03-07` for GDELT's public table.
        project: An empty project, for what an engine does not hold: articles and corrections.

    Raises:
        EngineError: The address is none, a driver is missing, the engine cannot be reached, or it lacks tables or
            columns; they are named.
    """
    address = read_address(url, SCHEMES)
    if address.parts.scheme == "bigquery":
        from timeline.queries.remote.bigquery import open_bigquery

        return open_bigquery(address, project)
    engine = OPENERS[address.parts.scheme](address)
    try:
        check_columns(engine)
    except EngineError:
        engine.close()
        raise
    return RemoteTables(engine, make_star(_database(address)), project)


def check_columns(engine: Engine) -> None:
    """Raise EngineError naming the tables and columns of the star that an engine lacks."""
    lacking = []
    for table, schema in SCHEMAS.items():
        found = engine.columns(table)
        missing = [name for name in schema if found is not None and name not in found]
        if found is None:
            lacking.append(f"the table {table}")
        elif missing:
            lacking.append(f"{', '.join(missing)} in the table {table}")
    if lacking:
        raise EngineError(
            f"{engine.address}: missing {'; '.join(lacking)}. `timeline export tables` writes tables as they must be"
        )


def _database(address: Address) -> Any:
    """The schema or database that the tables are in, None for the one the engine is in anyway."""
    if address.parts.scheme in ("postgresql", "postgres"):
        return address.options.get("schema", "public")
    if address.parts.scheme in ("spark", "sc") and not address.options.get("parquet"):
        return address.parts.path.strip("/") or "default"
    return None
