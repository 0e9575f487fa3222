"""Sorting a table of any size in little memory: part after part, each sorted by itself, in the order of the whole.

A sort of all rows at once takes more than a tenth of a gigabyte a million rows, in memory or on disk. Cut first by
what the order begins with, it takes what one part does; only a single day or a single actor with more rows than a
part should have makes DuckDB go to disk.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from timeline.store.project import DERIVED, Project
from timeline.store.snapshot import Snapshot, list_files, quote_files, reading_table

PART_ROWS = 4_000_000  # sorted at a time
_SCATTERED_AT_ONCE = 50_000  # rows of each part in memory while they are scattered
# Twice DuckDB's own row group; smaller ones repeat their dictionaries, larger ones cost parallelism. A batch is one:
# Delta's writer takes batches in turns, which would else mix the days of two.
ROW_GROUP = 245_760
_OPTIONS = {"autoinstall_known_extensions": False, "memory_limit": "1GB"}
_DAYS = """
    SELECT several, min(bin)::DATE::VARCHAR, (max(bin) + INTERVAL '1 {unit}')::DATE::VARCHAR FROM (
        SELECT several, bin, (sum(n) OVER (PARTITION BY several ORDER BY bin DESC NULLS LAST) - n) // {most} AS part
        FROM (
            SELECT several, date_trunc('{unit}', "start") AS bin, count(*) AS n FROM events WHERE {where} GROUP BY ALL
        )
    ) GROUP BY several, bin IS NULL, part ORDER BY several, min(bin) DESC NULLS LAST
"""
_ACTORS = """
    CREATE OR REPLACE TEMP TABLE parts AS
    SELECT key, country, ((sum(n) OVER (ORDER BY country, key) - n) // {most})::INTEGER AS part FROM (
        SELECT key, country, count(side) AS n FROM folds LEFT JOIN (
            SELECT source AS side FROM events UNION ALL SELECT target FROM events
        ) ON side = key GROUP BY key, country
    )
"""


@contextlib.contextmanager
def connect(project: Project, snapshot: Snapshot) -> Iterator[Any]:
    """A DuckDB connection with the view `events`; what does not fit in its memory goes to the project folder."""
    (project.path / DERIVED).mkdir(exist_ok=True)
    with reading_table(project), duckdb.connect(config=_OPTIONS) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET temp_directory = ?", [str(project.path / DERIVED / f"spill-{os.getpid()}")])
        files = quote_files(list_files(project, snapshot))
        connection.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet({files}, hive_partitioning = true)")
        yield connection


def cut_days(connection: Any, where: str, unit: str = "day") -> tuple[str, ...]:
    """Conditions that cut the events where `where` holds into parts, in the order of the table.

    Rows without lists first, then newest first, no start last. A part holds whole days, or months, and no more
    rows than `PART_ROWS` beside its last one.
    """
    found = connection.execute(_DAYS.format(unit=unit, most=PART_ROWS, where=where)).fetchall()
    return tuple(
        f"{where} AND several = {several} AND "
        + ('"start" IS NULL' if low is None else f"\"start\" >= DATE '{low}' AND \"start\" < DATE '{high}'")
        for several, low, high in found
    )


def cut_actors(connection: Any) -> tuple[str, ...]:
    """Conditions that cut the table `parts` into parts, by state and actor; each actor of `folds` is in one of them."""
    connection.execute(_ACTORS.format(most=PART_ROWS))
    found = connection.execute("SELECT DISTINCT part FROM parts ORDER BY part").fetchall()
    return tuple(f"part = {int(part)}" for (part,) in found)


@contextlib.contextmanager
def scattered(connection: Any, project: Project, query: str, parts: Sequence[str]) -> Iterator[str]:
    """The name of a view of the query's rows, each part of them in files of its own; `part` is one of its columns.

    To read all of a large table once for each of its parts takes hours, where these are not its own order.
    """
    folder = project.path / DERIVED / f"parts-{os.getpid()}"
    if len(parts) < 2:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW scattered AS {query}")
        yield "scattered"
        return
    target = str(folder).replace("'", "''")
    connection.execute(
        f"SET preserve_insertion_order = false; SET partitioned_write_flush_threshold = {_SCATTERED_AT_ONCE}"
    )
    try:
        connection.execute(
            f"COPY ({query}) TO '{target}' (FORMAT parquet, PARTITION_BY (part), COMPRESSION lz4_raw,"
            f" ROW_GROUP_SIZE {_SCATTERED_AT_ONCE}, OVERWRITE)"
        )
        connection.execute("SET preserve_insertion_order = true")
        files = quote_files(folder.rglob("*.parquet"))
        connection.execute(
            "CREATE OR REPLACE TEMP VIEW scattered AS SELECT * FROM"
            f" read_parquet({files}, hive_partitioning = true, hive_types = {{'part': INTEGER}})"
        )
        yield "scattered"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stream(connection: Any, query: str, parts: Sequence[str]) -> pa.RecordBatchReader:
    """The rows of a query as an Arrow stream, asked part after part; `{part}` in it stands for a part's condition."""
    empty = connection.sql(query.format(part="false")).to_arrow_reader(ROW_GROUP)

    def read() -> Iterator[pa.RecordBatch]:
        for part in parts:
            yield from connection.sql(query.format(part=part)).to_arrow_reader(ROW_GROUP)

    return pa.RecordBatchReader.from_batches(empty.schema, read())


def write_stream(reader: pa.RecordBatchReader, target: str, options: str) -> None:
    """Write an Arrow stream to one Parquet file, in its order."""
    path = target.replace("'", "''")
    with duckdb.connect(config=_OPTIONS) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.register("rows", reader)
        connection.execute(f"COPY (SELECT * FROM rows) TO '{path}' {options}")
