"""The queries of `queries.py` in pandas, Polars and SQLite, and numpy's count by day and quad class as the floor.

Each peer gets the columns it needs, decoded and loaded or indexed beforehand; what that takes is printed, not counted.
Polars reads the same Parquet files lazily, which is how it is used on tables of this size. Pairs are counted among all
actors there, with count and mean only: less than ours gives.
"""

from __future__ import annotations

import contextlib
import math
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from timeline.queries import EventFilter
from timeline.store.snapshot import quote_files

Found = dict[tuple[str, str], float]
Keys = Mapping[str, Sequence[int]]
_LONGEST = 15.0  # seconds for a query of SQLite
COLUMNS = 'event_id, "start", "end", quad_class, goldstein, realis, confidence, publisher, source, target'


def timed(run: Callable[[], object], repeats: int = 7) -> tuple[float, float]:
    """Median milliseconds on the clock, and of all cores together, after one run to warm up."""
    run()
    clock, cores = [], []
    for _ in range(repeats):
        begun, used = time.perf_counter(), time.process_time()
        run()
        clock.append((time.perf_counter() - begun) * 1000)
        cores.append((time.process_time() - used) * 1000)
    return statistics.median(clock), statistics.median(cores)


def memory() -> float:
    """Resident now, in GB; Linux."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e9


# --- pandas and numpy ------------------------------------------------------------------------------------------


def in_pandas(files: Sequence[str], filters: Mapping[str, EventFilter], keys: Keys) -> Found:
    """Core milliseconds of each query and filter, on a frame in memory."""
    begun, before = time.perf_counter(), memory()
    frame = duckdb.sql(f"SELECT {COLUMNS} FROM read_parquet({quote_files(files)})").df()
    print(f"pandas: loaded in {time.perf_counter() - begun:.1f} s, {memory() - before:.1f} GB")
    days = frame["start"].to_numpy().astype("datetime64[D]").astype(np.int32)
    quads = frame["quad_class"].to_numpy()
    low = int(days.min())
    floor = timed(lambda: np.bincount((days - low) * 5 + quads))[1]
    print(f"numpy, day by quad class of all rows on decoded arrays: {floor:.0f} ms of one core")
    return {
        (name, label): timed(lambda q=query, f=f: q(frame[_mask(frame, f, keys)]), 1)[1]
        for label, f in filters.items()
        for name, query in _PANDAS.items()
    }


def _mask(frame: pd.DataFrame, f: EventFilter, keys: Keys) -> pd.Series:
    mask = pd.Series(True, index=frame.index)
    if f.start and f.end:
        mask &= (frame["start"] <= np.datetime64(f.end)) & (frame["end"] >= np.datetime64(f.start))
    if f.actors:
        wanted = [key for name in f.actors for key in keys[name]]
        source, target = frame["source"].isin(wanted), frame["target"].isin(wanted)
        mask &= (source & target & (frame["source"] != frame["target"])) if f.role == "between" else (source | target)
    if f.quad_classes:
        mask &= frame["quad_class"].isin(f.quad_classes)
    if f.realis:
        mask &= frame["realis"] == 0
    if f.publishers:
        mask &= frame["publisher"].isin([keys[name][0] for name in f.publishers])
    if f.min_confidence:
        mask &= frame["confidence"] >= np.float32(f.min_confidence)
    return mask


_PANDAS: dict[str, Callable[[pd.DataFrame], object]] = {
    "count_events": len,
    "count_per_bin day": lambda rows: rows.groupby(["start", "quad_class"]).size(),
    "rank_actors": lambda rows: rows["source"].value_counts().add(rows["target"].value_counts(), fill_value=0),
    "count_dyads": lambda rows: rows.groupby(["source", "target", "quad_class"])["goldstein"].agg(["size", "mean"]),
    "select newest": lambda rows: rows.nlargest(50, "event_id"),
}


# --- Polars and SQLite, which take the filter as SQL -----------------------------------------------------------


def where(f: EventFilter, keys: Keys) -> str:
    """The filter as SQL that both understand."""
    parts = ["1 = 1"]
    if f.start and f.end:
        parts.append(f"\"start\" <= DATE('{f.end}') AND \"end\" >= DATE('{f.start}')")
    if f.actors:
        wanted = ", ".join(str(key) for name in f.actors for key in keys[name])
        both = f"source IN ({wanted}) AND target IN ({wanted}) AND source <> target"
        parts.append(both if f.role == "between" else f"(source IN ({wanted}) OR target IN ({wanted}))")
    if f.quad_classes:
        parts.append(f"quad_class IN ({', '.join(map(str, f.quad_classes))})")
    if f.realis:
        parts.append("realis = 0")
    if f.publishers:
        parts.append(f"publisher IN ({', '.join(str(keys[name][0]) for name in f.publishers)})")
    if f.min_confidence:
        parts.append(f"confidence >= {f.min_confidence}")
    return " AND ".join(parts)


_SQL = {
    "count_events": "SELECT count(*) AS n FROM events WHERE {where}",
    "count_per_bin day": 'SELECT "start", quad_class, count(*) AS n FROM events WHERE {where}'
    ' GROUP BY "start", quad_class',
    "rank_actors": "SELECT actor, sum(n) AS events FROM ("
    "SELECT source AS actor, count(*) AS n FROM events WHERE {where} GROUP BY source UNION ALL "
    "SELECT target AS actor, count(*) AS n FROM events WHERE {where} GROUP BY target"
    ") AS sides GROUP BY actor ORDER BY events DESC LIMIT 50",
    "count_dyads": "SELECT source, target, quad_class, count(*) AS n, avg(goldstein) AS mean FROM events WHERE {where}"
    " AND source IS NOT NULL AND target IS NOT NULL GROUP BY source, target, quad_class ORDER BY n DESC LIMIT 1000",
    "select newest": 'SELECT * FROM events WHERE {where} ORDER BY "start" DESC, event_id DESC LIMIT 50',
}


def in_polars(files: Sequence[str], filters: Mapping[str, EventFilter], keys: Keys) -> Found:
    """Core milliseconds of each query and filter on the same Parquet files."""
    import polars as pl

    names = [name.strip('"') for name in COLUMNS.split(", ")]
    context = pl.SQLContext(events=pl.scan_parquet(list(files)).select(names))
    return {
        (name, label): timed(lambda s=sql, f=f: context.execute(s.format(where=where(f, keys))).collect(), 1)[1]
        for label, f in filters.items()
        for name, sql in _SQL.items()
    }


def _fill_sqlite(files: Sequence[str], path: Path) -> None:
    """The database appears under its name when it is whole: one that was stopped while it was filled is fast."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(part)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute(f"CREATE TABLE events ({COLUMNS})")
        dates = COLUMNS.replace('"start", "end"', "strftime(\"start\", '%Y-%m-%d'), strftime(\"end\", '%Y-%m-%d')")
        rows = duckdb.connect().execute(f"SELECT {dates} FROM read_parquet({quote_files(files)})")
        while block := rows.fetchmany(100_000):
            db.executemany(f"INSERT INTO events VALUES ({', '.join('?' * len(block[0]))})", block)
        for column, next_ in (("start", "quad_class"), ("source", "start"), ("target", "start")):
            db.execute(f'CREATE INDEX by_{column} ON events ("{column}", "{next_}")')
        db.execute("ANALYZE")
        db.commit()
    part.rename(path)


def _check_rows(db: sqlite3.Connection, files: Sequence[str]) -> None:
    """Raise RuntimeError where the database holds other events than the files."""
    query = 'SELECT count(*), count("start"), count(source), count(target) FROM '
    (expected,) = duckdb.sql(f"{query} read_parquet({quote_files(files)})").fetchall()
    (found,) = db.execute(f"{query} events").fetchall()
    if found != expected:
        raise RuntimeError(f"SQLite has {found} where the files have {expected}: remove the database and run again")


def in_sqlite(files: Sequence[str], filters: Mapping[str, EventFilter], keys: Keys, path: Path) -> Found:
    """Core milliseconds of each query and filter in a database with indexes on day and both actors.

    A query that takes longer than `_LONGEST` is stopped, and stands as infinite.
    """
    begun = time.perf_counter()
    if not path.is_file():
        _fill_sqlite(files, path)
    db = sqlite3.connect(path)
    _check_rows(db, files)
    print(f"SQLite: ready in {time.perf_counter() - begun:.0f} s, {path.stat().st_size / 1e9:.1f} GB")
    deadline = 0.0
    db.set_progress_handler(lambda: time.perf_counter() > deadline, 100_000)
    found = {}
    for label, f in filters.items():
        for name, sql in _SQL.items():
            deadline = time.perf_counter() + 2 * _LONGEST  # once to warm up, once to be measured
            try:
                query = sql.format(where=where(f, keys))
                found[name, label] = timed(lambda query=query: db.execute(query).fetchall(), 1)[1]  # type: ignore[misc]
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                found[name, label] = math.inf
    db.close()
    return found
