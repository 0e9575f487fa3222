"""Copies of the event table in other orders: an actor projection and rollups, for large tables only.

All are derived from the table by DuckDB and named by the snapshot they belong to. Queries are right without
them; below `EXTRAS_FROM` rows they would not be faster with them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb

from timeline.store.project import DERIVED, Project
from timeline.store.snapshot import Snapshot, derived_file, list_files, quote_files

EXTRAS_FROM = 200_000

_OPTIONS = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
_NEWEST = '"start" DESC NULLS LAST, event_id DESC'

# One row per event and actor; role is 1 source, 2 target, 3 both. Nearly all events have one actor a side.
_BY_ACTOR = """
    SELECT source AS actor, (CASE WHEN source = target THEN 3 ELSE 1 END)::TINYINT AS role, e.*
    FROM events e WHERE source IS NOT NULL AND more_sources IS NULL AND more_targets IS NULL
    UNION ALL
    SELECT target AS actor, 2::TINYINT AS role, e.*
    FROM events e WHERE target IS NOT NULL AND target IS DISTINCT FROM source
        AND more_sources IS NULL AND more_targets IS NULL
    UNION ALL
    SELECT actor, (CASE WHEN list_contains(sources, actor) THEN 1 ELSE 0 END
        + CASE WHEN list_contains(targets, actor) THEN 2 ELSE 0 END)::TINYINT AS role,
        columns(* EXCLUDE (actor, sources, targets))
    FROM (
        SELECT unnest(list_distinct(list_concat(sources, targets))) AS actor, m.* FROM (
            SELECT list_concat([source], more_sources) AS sources, list_concat([target], more_targets) AS targets, e.*
            FROM events e WHERE more_sources IS NOT NULL OR more_targets IS NOT NULL
        ) m
    ) WHERE actor IS NOT NULL
"""
_SPANS = """
    SELECT "start", "end", event_type, quad_class, realis, contested, count(*)::INTEGER AS n
    FROM events GROUP BY ALL ORDER BY "start" DESC NULLS LAST, "end", event_type, realis
"""
_ACTOR_MONTHS = """
    SELECT actor, date_trunc('month', "start")::DATE AS month, quad_class, count(*)::INTEGER AS n,
        count(*) FILTER (role IN (1, 3))::INTEGER AS as_source, count(*) FILTER (role IN (2, 3))::INTEGER AS as_target
    FROM by_actor GROUP BY ALL ORDER BY actor, month, quad_class
"""


def write_extras(project: Project, snapshot: Snapshot) -> Snapshot:
    """Measure the table and, if it is large, write its projection and rollups; the snapshot that names them."""
    if snapshot.events < EXTRAS_FROM:
        return replace(measure(project, snapshot), by_actor="", spans="", actor_months="")
    full = replace(
        measure(project, snapshot),
        by_actor=f"{snapshot.batch}-by_actor.parquet",
        spans=f"{snapshot.batch}-spans.parquet",
        actor_months=f"{snapshot.batch}-actor_months.parquet",
    )
    with _events(project, snapshot) as connection:
        _copy(connection, f"SELECT * FROM ({_BY_ACTOR}) ORDER BY actor, {_NEWEST}", project, full.by_actor)
        source = quote_files([derived_file(project, full.by_actor)])
        connection.execute(f"CREATE VIEW by_actor AS SELECT * FROM read_parquet({source})")
        _copy(connection, _SPANS, project, full.spans)
        _copy(connection, _ACTOR_MONTHS, project, full.actor_months)
    return full


def measure(project: Project, snapshot: Snapshot) -> Snapshot:
    """The snapshot with the length of its longest span, which tells queries what they may leave out."""
    if not snapshot.events:
        return replace(snapshot, longest=0)
    with _events(project, snapshot) as connection:
        row = connection.execute('SELECT max("end" - "start") + 1 FROM events').fetchone()
    return replace(snapshot, longest=int(row[0] or 0) if row else 0)


@contextlib.contextmanager
def sorted_import(project: Project, snapshot: Snapshot) -> Iterator[Any]:
    """The imported rows in the table's order, as an Arrow stream that is read in little memory."""
    with _events(project, snapshot) as connection:
        query = f"SELECT * FROM events WHERE origin = 'import' ORDER BY {_NEWEST}"
        yield connection.sql(query).to_arrow_reader(100_000)


@contextlib.contextmanager
def _events(project: Project, snapshot: Snapshot) -> Iterator[Any]:
    """A DuckDB connection with the view `events`; what does not fit in memory goes to the project folder."""
    (project.path / DERIVED).mkdir(exist_ok=True)
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        connection.execute("SET temp_directory = ?", [str(project.path / DERIVED / f"spill-{os.getpid()}")])
        files = quote_files(list_files(project, snapshot))
        connection.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet({files}, hive_partitioning = true)")
        yield connection


def _copy(connection: Any, query: str, project: Project, name: str) -> None:
    """Write a query's rows to a file and see it on disk before anything points at it."""
    file = derived_file(project, name)
    target = str(file).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{target}' {_OPTIONS}")
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
