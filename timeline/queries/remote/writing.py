"""A project's events as the star's tables: to a folder of Parquet, a DuckDB file or a PostgreSQL database.

Spark and warehouses load the Parquet. Nothing is half written: a folder appears when it is whole, and a database
shows the earlier tables until the new ones are committed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as papq

from timeline.errors import EngineError
from timeline.queries.filters import EventFilter
from timeline.queries.matching import SOURCES, TARGETS, Match, match_events
from timeline.queries.remote.engines import PostgresEngine, explained, load_driver, read_address
from timeline.queries.remote.star import SCHEMAS
from timeline.queries.tables import Session, Tables
from timeline.store.codes import BASIS_CODES, EVENT_TYPE_CODES, PRECISION_CODES, REALIS_CODES
from timeline.store.codings import read_addresses, read_marks
from timeline.store.originals import read_original_addresses

TARGETS_WRITTEN = ("parquet", "duckdb", "postgresql", "postgres")
_TYPES = {
    "int32": pa.int32(), "int64": pa.int64(), "float64": pa.float64(), "string": pa.string(), "boolean": pa.bool_(),
    "date": pa.date32(),
}  # fmt: skip
ARROW = {table: pa.schema([(name, _TYPES[kind]) for name, kind in schema.items()]) for table, schema in SCHEMAS.items()}
_CODES = {"date_precision": PRECISION_CODES, "date_basis": BASIS_CODES, "event_type": EVENT_TYPE_CODES,
          "realis": REALIS_CODES}  # fmt: skip
_INDEXES = (("events", "event_id"), ("events", "start_day"), ("participants", "event_id"), ("participants", "actor"),
            ("outlets", "event_id"))  # fmt: skip
_Readers = Mapping[str, Callable[[], pa.RecordBatchReader]]


def write_tables(tables: Tables, f: EventFilter, out: str) -> None:
    """Write the filter's events, and all actors and publishers, as the star's tables.

    Args:
        tables: A project's own tables.
        f: Which events.
        out: A new folder, or the address of a DuckDB file or PostgreSQL database; tables there are replaced.

    Raises:
        EngineError: It cannot be written; what was there before is as it was.
    """
    with tables.session() as session:
        readers = _read_star(session, f)
        if "://" not in out:
            _write_parquet(Path(out).expanduser(), readers)
            return
        address = read_address(out, TARGETS_WRITTEN)
        if address.parts.scheme == "parquet":
            _write_parquet(address.folder(address.parts.netloc + address.parts.path), readers)
        elif address.parts.scheme == "duckdb":
            _write_duckdb(address.folder(address.parts.netloc + address.parts.path), readers)
        else:
            _write_postgres(PostgresEngine(address), address.options.get("schema", "public"), readers)


def _read_star(session: Session, f: EventFilter) -> _Readers:
    """Each table as a stream that begins when it is asked for."""
    match = match_events(session, f)
    entries = [
        (e.key, e.actor.id, e.actor.name, e.actor.country, e.actor.sector, e.actor.part_of, e.actor.known, e.organ,
         e.state)
        for e in session.loaded.actors.values()
    ]  # fmt: skip
    return {
        "events": lambda: _stream(ARROW["events"], _event_batches(session, match)),
        "participants": lambda: _query(session, "participants", _participants(match), match),
        "outlets": lambda: _query(session, "outlets", _outlets(match), match),
        "actors": lambda: _rows("actors", entries),
        "publishers": lambda: _rows("publishers", list(session.loaded.publishers.items())),
    }


def _event_batches(session: Session, match: Match) -> Iterable[pa.RecordBatch]:
    """The rows of events; addresses and marks, which the record holds, are added a batch at a time."""
    places = [(key, *place) for key, place in session.loaded.places.items()]
    columns = list(zip(*places, strict=True)) or [()] * 5
    kinds = (pa.int32(), pa.string(), pa.string(), pa.float64(), pa.float64())
    names = ("key", "place_name", "place_country", "latitude", "longitude")
    session.offer("places", pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)}))
    schema = ARROW["events"]
    for batch in session.batches(_events(match), match.values):
        keys = batch.column("event_id").to_pylist()
        marks = read_marks(session.project, keys)
        urls = read_addresses(session.project, keys)
        urls |= read_original_addresses(session.project, [key for key in keys if key not in urls])
        columns_now = {name: batch.column(name) for name in batch.schema.names}
        columns_now["corrected"] = pa.array([marks[key][0] for key in keys])
        columns_now["reviewed"] = pa.array([marks[key][1] for key in keys])
        columns_now["url"] = pa.array([urls.get(key) for key in keys], pa.string())
        yield pa.RecordBatch.from_arrays([columns_now[field.name].cast(field.type) for field in schema], schema=schema)


def _events(match: Match) -> str:
    """Newest first, so that files say which days are in which part of them."""
    decoded = ", ".join(
        f"({list(codes)})[{name.removeprefix('date_')} + 1] AS {name}" for name, codes in _CODES.items()
    )
    plain = (
        f'event_id, "start" AS start_day, "end" AS end_day, published, {decoded}, quad_class, goldstein, confidence,'
        " reports, publishers, coalesce(contested, false) AS contested, place"
    )
    single = "(source IS NOT NULL)::INTEGER AS sources, (target IS NOT NULL)::INTEGER AS targets"
    listed = (
        "((source IS NOT NULL)::INTEGER + coalesce(len(more_sources), 0))::INTEGER AS sources,"
        " ((target IS NOT NULL)::INTEGER + coalesce(len(more_targets), 0))::INTEGER AS targets"
    )
    rows = match.select_plain(f"{plain}, {single}")
    if match.has_lists:
        rows += f" UNION ALL {match.select_listed(f'{plain}, {listed}')}"
    return (
        "SELECT e.*, p.place_name, p.place_country, p.latitude, p.longitude"
        f" FROM ({rows}) e LEFT JOIN places p ON p.key = e.place ORDER BY start_day DESC NULLS LAST, event_id DESC"
    )


def _participants(match: Match) -> str:
    parts = []
    for side, first, everyone in (("source", "source", SOURCES), ("target", "target", TARGETS)):
        parts.append(f"SELECT event_id, '{side}' AS side, 0 AS listed, {first} AS actor FROM "
                     f"({match.select_plain(f'event_id, {first}')})")  # fmt: skip
        if match.has_lists:
            rows = match.select_listed(f"event_id, {everyone} AS found")
            parts.append(f"SELECT event_id, '{side}', unnest(range(len(found)))::INTEGER, unnest(found) FROM ({rows})")
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) WHERE actor IS NOT NULL"


def _outlets(match: Match) -> str:
    parts = [f"SELECT event_id, 0 AS listed, publisher FROM ({match.select_plain('event_id, publisher')})"]
    if match.has_lists:
        rows = match.select_listed("event_id, list_concat([publisher], more_publishers) AS found")
        parts.append(f"SELECT event_id, unnest(range(len(found)))::INTEGER, unnest(found) FROM ({rows})")
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) WHERE publisher IS NOT NULL"


def _query(session: Session, table: str, sql: str, match: Match) -> pa.RecordBatchReader:
    schema = ARROW[table]
    return _stream(schema, (batch.cast(schema) for batch in session.batches(sql, match.values)))


def _rows(table: str, rows: list[tuple[Any, ...]]) -> pa.RecordBatchReader:
    schema = ARROW[table]
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return _stream(schema, [pa.RecordBatch.from_arrays(arrays, schema=schema)])


def _stream(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(schema, batches)


def _write_parquet(folder: Path, readers: _Readers) -> None:
    """`folder/<table>/part-0.parquet` for each table: a folder a table is what Spark and warehouses load."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EngineError(f"{folder}: is there already; name a new folder, or remove it first")
    part = folder.with_name(folder.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        for name, read in readers.items():
            (part / name).mkdir(parents=True)
            with papq.ParquetWriter(part / name / "part-0.parquet", ARROW[name], compression="zstd") as file:
                for batch in read():
                    file.write_batch(batch)
        if folder.is_dir():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        raise EngineError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write_duckdb(file: Path, readers: _Readers) -> None:
    duckdb = load_driver("duckdb", "engines")
    with (
        explained(str(file), "write it", duckdb.Error),
        duckdb.connect(str(file), config={"autoinstall_known_extensions": False}) as connection,
    ):
        connection.execute("BEGIN")
        for name, read in readers.items():
            connection.register("rows", read())
            connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM rows")
            connection.unregister("rows")
        connection.execute("COMMIT")


def _write_postgres(engine: PostgresEngine, schema: str, readers: _Readers) -> None:
    """All tables in one transaction, filled by COPY; the indexes are those that filters use."""
    quoted = '"' + schema.replace('"', '""') + '"'
    with engine.connection() as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted}")
        for name, read in readers.items():
            cursor.execute(f"DROP TABLE IF EXISTS {quoted}.{name}")
            cursor.adbc_ingest(name, read(), mode="create", db_schema_name=schema)
        for table, column in _INDEXES:
            cursor.execute(f"CREATE INDEX ON {quoted}.{table} ({column})")
        cursor.execute("COMMIT")
        for name in readers:
            cursor.execute(f"ANALYZE {quoted}.{name}")
    engine.close()
