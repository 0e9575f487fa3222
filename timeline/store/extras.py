"""Copies of the event table in other orders: projections by actor and of busy pairs, and rollups; for large tables.

All are derived from the table by DuckDB and named by the snapshot they belong to. Queries are right without
them; below `EXTRAS_FROM` rows they would not be faster with them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from timeline.ontology import EVENT_TYPES
from timeline.store.codes import EVENT_TYPE_CODES
from timeline.store.dictionaries import list_actors
from timeline.store.project import Project
from timeline.store.rows import EVENT_SCHEMA
from timeline.store.snapshot import EXTRAS, NEWER, Snapshot, derived_file, list_files, quote_files, without_extras
from timeline.store.sorting import ROW_GROUP, connect, cut_actors, cut_days, scattered, stream, write_stream

EXTRAS_FROM = 200_000
MOST_ROWS = 200_000  # events in the copy of those with most reports
BUSY = 300  # actors; events between two of them are copied for counting pairs

# The second version of the format keeps sorted numbers as differences.
_OPTIONS = f"(FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 9, ROW_GROUP_SIZE {ROW_GROUP})"
_ORDER = 'several, "start" DESC NULLS LAST, event_id DESC'

# Within a day, which queries sort anew, alike rows together take a tenth less room.
_WITHIN_DAYS = 'several, "start" DESC NULLS LAST, event_type, source, target, event_id DESC'

# One row per event and actor; role is 1 source, 2 target, 3 both. {columns} are those of the events to keep.
_BY_ACTOR = """
    SELECT source AS actor, (CASE WHEN source = target THEN 3 ELSE 1 END)::TINYINT AS role, {columns}
    FROM {events} WHERE source IS NOT NULL AND NOT several
    UNION ALL
    SELECT target, 2::TINYINT, {columns} FROM {events}
    WHERE target IS NOT NULL AND target IS DISTINCT FROM source AND NOT several
    UNION ALL
    SELECT actor, (CASE WHEN list_contains(sources, actor) THEN 1 ELSE 0 END
        + CASE WHEN list_contains(targets, actor) THEN 2 ELSE 0 END)::TINYINT, {columns}
    FROM (
        SELECT unnest(list_distinct(list_concat(sources, targets))) AS actor, m.* FROM (
            SELECT list_concat([source], more_sources) AS sources, list_concat([target], more_targets) AS targets, *
            FROM {events} WHERE several
        ) m
    ) WHERE actor IS NOT NULL
"""
# The projection keeps what counts and order need, once: of a plain row's two actors the other one, and the last day
# and the first report as days from the first. The rest of a shown event is looked up in the table.
_EPOCH = "DATE '1970-01-01'"
_KEPT = ("event_id", "start", "event_type", "goldstein", "realis", "reports", "contested", "several")
_NARROW = f"""
    SELECT f.part, f.country AS state, r.actor, role,
        CASE WHEN several THEN NULL WHEN role = 1 THEN target WHEN role = 2 THEN source END AS partner,
        ("end" - coalesce("start", {_EPOCH}))::INTEGER AS span,
        (published - coalesce("start", {_EPOCH}))::INTEGER AS lag,
        {", ".join(f'"{name}"' for name in _KEPT)},
        CASE WHEN several THEN source END AS source, CASE WHEN several THEN target END AS target,
        more_sources, more_targets
    FROM ({{rows}}) r JOIN parts f ON f.key = r.actor
"""
# Quad classes follow from types, whose codes are the places in this list.
_QUADS = f"([{', '.join(str(EVENT_TYPES[name].quad_class) for name in EVENT_TYPE_CODES)}]::TINYINT[])"
# What the projection reads as: {files} with the columns of the events that it knows of.
READ_BY_ACTOR = f"""
    SELECT state, actor, role, {_QUADS}[event_type + 1] AS quad_class, coalesce("start", {_EPOCH}) + span AS "end",
        coalesce("start", {_EPOCH}) + lag AS published, {", ".join(f'"{name}"' for name in _KEPT)},
        CASE WHEN several THEN source WHEN role = 2 THEN partner ELSE actor END AS source,
        CASE WHEN several THEN target WHEN role = 1 THEN partner ELSE actor END AS target,
        more_sources, more_targets
    FROM read_parquet({{files}})
"""
_BUSY = """
    CREATE TEMP TABLE busy AS SELECT actor AS key FROM (
        SELECT source AS actor FROM events UNION ALL SELECT target FROM events
    ) WHERE actor IS NOT NULL GROUP BY actor ORDER BY count(*) DESC, actor LIMIT {most}
"""
# Pairs together within a month take half the room of pairs day by day.
_BUSY_PAIRS = f"""
    SELECT "start", ("end" - coalesce("start", {_EPOCH}))::INTEGER AS span, source, target, event_type, quad_class,
        goldstein, realis, confidence, reports, contested
    FROM events WHERE {{part}} AND source IN (SELECT key FROM busy) AND target IN (SELECT key FROM busy)
    ORDER BY date_trunc('month', "start") DESC NULLS LAST, source, target, event_type, "start"
"""
READ_BUSY_PAIRS = f"""
    SELECT *, coalesce("start", {_EPOCH}) + span AS "end", FALSE AS several FROM read_parquet({{files}})
"""
# The events with every actor replaced by what stands for it at a level.
_FOLDED = """
    SELECT event_id, "start", event_type, quad_class, realis, FALSE AS several,
        s.{level} AS source, t.{level} AS target, NULL::INTEGER[] AS more_sources,
        NULL::INTEGER[] AS more_targets
    FROM events e LEFT JOIN folds s ON s.key = e.source LEFT JOIN folds t ON t.key = e.target WHERE NOT several
    UNION ALL
    SELECT event_id, "start", event_type, quad_class, realis, TRUE, NULL, NULL,
        list_transform(list_filter(list_concat([source], more_sources), lambda k: k IS NOT NULL), lambda k: fold[k]),
        list_transform(list_filter(list_concat([target], more_targets), lambda k: k IS NOT NULL), lambda k: fold[k])
    FROM events, (SELECT map(list(key), list({level})) AS fold FROM folds) WHERE several
"""
_COUNTS = """count(*)::INTEGER AS n, count(*) FILTER (role IN (1, 3))::INTEGER AS as_source,
    count(*) FILTER (role IN (2, 3))::INTEGER AS as_target"""
_SPANS = """
    SELECT "start", "end", event_type, quad_class, realis, contested, count(*)::INTEGER AS n
    FROM events GROUP BY ALL ORDER BY "start" DESC NULLS LAST, "end", event_type, realis
"""
# All events of some number of reports or more, so that none outside has more; none at all if nearly all have one.
_MOST_REPORTED = """
    WITH counted AS (SELECT reports, sum(count(*)) OVER (ORDER BY reports DESC) AS so_far FROM events GROUP BY reports)
    SELECT {columns} FROM events
    WHERE reports >= (SELECT coalesce(min(reports), 2147483647) FROM counted WHERE so_far <= {most})
    ORDER BY several, reports DESC, "start" DESC NULLS LAST, event_id DESC
"""
_MEASURES = (
    'SELECT coalesce(max("end" - "start") + 1, 0), count(*) FILTER ("start" IS DISTINCT FROM "end"),'
    " count(*) FILTER (several) FROM events"
)
_LEVELS = ("actor", "organ", "country")
_NEWEST = """
    CREATE TABLE newest AS SELECT * REPLACE ('import' AS origin) FROM (
        SELECT * FROM read_parquet({newer}, hive_partitioning = true)
        QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY origin DESC) = 1
    )
"""
_REPLACED = """
    CREATE OR REPLACE VIEW events AS
    SELECT * FROM read_parquet({files}, hive_partitioning = true) ANTI JOIN newest USING (event_id)
    UNION ALL BY NAME SELECT * FROM newest
"""


def write_extras(project: Project, snapshot: Snapshot) -> Snapshot:
    """Measure the table and, if it is large, write its projection and rollups; the snapshot that names them."""
    measured = measure(project, without_extras(snapshot))
    if snapshot.events < EXTRAS_FROM:
        return measured
    names = {kind: f"{snapshot.batch}-{kind}.parquet" for kind in EXTRAS}
    with connect(project, snapshot) as connection:
        _load_folds(project, connection)
        columns = ", ".join(f'"{name}"' for name in EVENT_SCHEMA.names if name != "origin")
        rows = _BY_ACTOR.format(events="events", columns=columns)
        parts = cut_actors(connection)
        with scattered(connection, project, _NARROW.format(rows=rows), parts) as view:
            query = f"SELECT * EXCLUDE (part) FROM {view} WHERE {{part}} ORDER BY state, actor, {_ORDER}"
            _write(stream(connection, query, parts), project, names["by_actor"])
        connection.execute(_BUSY.format(most=BUSY))
        busy_pairs = stream(connection, _BUSY_PAIRS, cut_days(connection, "NOT several", "month"))
        _write(busy_pairs, project, names["busy_pairs"])
        folds = "SELECT *, key IN (SELECT key FROM busy) AS busy FROM folds ORDER BY key"
        _copy(connection, folds, project, names["folds"])
        _copy(connection, _SPANS, project, names["spans"])
        months, types = _rollups()
        _copy(connection, months, project, names["actor_months"])
        _copy(connection, types, project, names["actor_kinds"])
        _copy(connection, _MOST_REPORTED.format(columns=columns, most=MOST_ROWS), project, names["most_reported"])
    return replace(measured, **names)  # type: ignore[arg-type]


def measure(project: Project, snapshot: Snapshot) -> Snapshot:
    """The snapshot with what tells queries what they may leave out: the longest span, rows with lists."""
    if not snapshot.events:
        return replace(snapshot, longest=0, closed=True, several=0)
    with connect(project, snapshot) as connection:
        longest, unlike, several = connection.execute(_MEASURES).fetchone()
    return replace(snapshot, longest=int(longest), closed=unlike == 0, several=int(several))


def measure_more(snapshot: Snapshot, rows: pa.Table) -> Snapshot:
    """The snapshot with these rows added, without reading those before: an import would read them at each batch."""
    with duckdb.connect(config={"autoinstall_known_extensions": False, "threads": 1}) as connection:
        connection.register("events", rows)
        longest, unlike, several = connection.execute(_MEASURES).fetchone()
    return replace(
        snapshot,
        events=snapshot.events + len(rows),
        longest=max(snapshot.longest, int(longest)),
        closed=snapshot.closed and unlike == 0,
        several=snapshot.several + int(several),
    )


@contextlib.contextmanager
def sorted_import(project: Project, snapshot: Snapshot) -> Iterator[pa.RecordBatchReader]:
    """The imported rows in the table's order, as an Arrow stream that is read in little memory.

    Rows that wait to replace others stand in their places.
    """
    newer = list_files(project, snapshot, (NEWER,))
    with connect(project, snapshot) as connection:
        if newer:
            connection.execute(_NEWEST.format(newer=quote_files(newer)))
            connection.execute(_REPLACED.format(files=quote_files(list_files(project, snapshot))))
        query = f"SELECT * FROM events WHERE {{part}} ORDER BY {_WITHIN_DAYS}"
        yield stream(connection, query, cut_days(connection, "origin = 'import'"))


def _load_folds(project: Project, connection: Any) -> None:
    """The table `folds`: what stands for each actor at each level."""
    entries = list_actors(project)
    keys = [entry.key for entry in entries]
    connection.register("entries", pa.table({
        "key": pa.array(keys, pa.int32()),
        "actor": pa.array(keys, pa.int32()),
        "organ": pa.array([entry.organ for entry in entries], pa.int32()),
        "country": pa.array([entry.state for entry in entries], pa.int32()),
    }))  # fmt: skip
    connection.execute("CREATE TEMP TABLE folds AS SELECT * FROM entries")


def _rollups() -> tuple[str, str]:
    """Queries for counts by actor and month, and by actor and kind of event, at all three levels."""
    months, kinds = [], []
    columns = "date_trunc('month', \"start\")::DATE AS month, event_type, quad_class, realis"
    for number, level in enumerate(_LEVELS):
        rows = _BY_ACTOR.format(events=f"({_FOLDED.format(level=level)})", columns=columns)
        select = f"SELECT {number}::TINYINT AS level, actor"
        months.append(f"{select}, month, quad_class, {_COUNTS} FROM ({rows}) GROUP BY ALL")
        kinds.append(f"{select}, event_type, quad_class, realis, {_COUNTS} FROM ({rows}) GROUP BY ALL")
    return (
        f"SELECT * FROM ({' UNION ALL '.join(months)}) ORDER BY level, actor, month, quad_class",
        f"SELECT * FROM ({' UNION ALL '.join(kinds)}) ORDER BY level, actor, event_type, realis",
    )


def _copy(connection: Any, query: str, project: Project, name: str) -> None:
    """Write a query's rows to a file and see it on disk before anything points at it."""
    file = derived_file(project, name)
    target = str(file).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{target}' {_OPTIONS}")
    _flush(file)


def _write(rows: pa.RecordBatchReader, project: Project, name: str) -> None:
    """The same for a stream of rows."""
    file = derived_file(project, name)
    write_stream(rows, str(file), _OPTIONS)
    _flush(file)


def _flush(file: Path) -> None:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
