"""Time every query of the dashboard on a generated project, beside the same count in pandas and numpy.

    python tests/benchmarks/queries.py FOLDER

Prints the median of seven runs after one to warm up, on the clock and as time of all cores together (on a busy
machine the better measure: two idle cores take about half of it), and the ratio to pandas on the same columns in
memory. pandas gets its data decoded and loaded beforehand; that time and memory are printed, not counted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from timeline.queries import (
    EVERYTHING,
    EventFilter,
    count_dyads,
    count_events,
    count_per_bin,
    list_values,
    open_tables,
    rank_actors,
    read_evidence,
    select_events,
)
from timeline.store.project import open_project
from timeline.store.snapshot import list_files, read_snapshot

BUSY = ("actor-0", "actor-6", "actor-19", "actor-54", "actor-89")
YEAR = (dt.date(2015, 7, 1), dt.date(2016, 6, 30))
FILTERS = {
    "everything": EVERYTHING,
    "one year": EventFilter(start=YEAR[0], end=YEAR[1]),
    "5 actors": EventFilter(actors=BUSY),
    "5 actors, one year": EventFilter(actors=BUSY, start=YEAR[0], end=YEAR[1]),
    "between 5 actors": EventFilter(actors=BUSY, role="between"),
    "a rare actor": EventFilter(actors=("actor-9000",)),
    "a country": EventFilter(actors=("AAB",), level="country"),
    "conflict, actual": EventFilter(quad_classes=(3, 4), realis=("actual",)),
    "a publisher": EventFilter(publishers=("publisher4.example",)),
    "sure ones": EventFilter(min_confidence=0.8),
}


def timed(run: Callable[[], object], repeats: int = 7) -> tuple[float, float]:
    """Median milliseconds on the clock, and of all cores together."""
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


def pandas_mask(frame: pd.DataFrame, f: EventFilter, keys: dict[str, list[int]]) -> pd.Series:
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


PANDAS: dict[str, Callable[[pd.DataFrame], object]] = {
    "count_events": len,
    "count_per_bin day": lambda rows: rows.groupby(["start", "quad_class"]).size(),
    "rank_actors": lambda rows: rows["source"].value_counts().add(rows["target"].value_counts(), fill_value=0),
    "count_dyads": lambda rows: rows.groupby(["source", "target", "quad_class"])["goldstein"].agg(["size", "mean"]),
    "select newest": lambda rows: rows.nlargest(50, "event_id"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-pandas", action="store_true")
    options = parser.parse_args()
    project = open_project(options.folder)
    begun = time.perf_counter()
    tables = open_tables(project)
    rows = count_events(tables, EVERYTHING)
    print(f"{rows} rows; opened in {time.perf_counter() - begun:.2f} s")
    queries: dict[str, Callable[[EventFilter], object]] = {
        "count_events": lambda f: count_events(tables, f),
        "count_per_bin day": lambda f: count_per_bin(tables, f, "day"),
        "select newest": lambda f: select_events(tables, f, 50),
        "select oldest": lambda f: select_events(tables, f, 50, 0, "oldest"),
        "select by reports": lambda f: select_events(tables, f, 50, 0, "reports"),
        "rank_actors": lambda f: rank_actors(tables, f, 50),
        "rank_actors country": lambda f: rank_actors(tables, f, 50, "country"),
        "count_dyads": lambda f: count_dyads(tables, f, 1000),
        "count_dyads country": lambda f: count_dyads(tables, f, 1000, "country"),
    }
    ours = {(name, label): timed(lambda q=q, f=f: q(f)) for label, f in FILTERS.items() for name, q in queries.items()}
    someone = select_events(tables, EVERYTHING, 1)["event_id"][0]
    ours["read_evidence", "one event"] = timed(lambda: read_evidence(tables, someone))
    ours["list_values", "kept after the first"] = timed(lambda: list_values(tables))
    print(f"memory with tables open and used: {memory():.2f} GB")
    theirs = {} if options.no_pandas else in_pandas(options.folder, tables)
    print(f"\n{'query':22}{'filter':24}{'ours ms':>9}{'of cores':>10}{'pandas ms':>11}{'ratio':>8}")
    for (name, label), (ms, cores) in ours.items():
        other = theirs.get((name, label))
        tail = f"{other:11.0f}{other / ms:8.1f}" if other else ""
        print(f"{name:22}{label:24}{ms:9.1f}{cores:10.1f}{tail}{'  > 100' if ms > 100 else ''}")


def in_pandas(folder: Path, tables: object) -> dict[tuple[str, str], float]:
    """The same counts in pandas, and numpy's day by quad class as the floor."""
    project = tables.project
    snapshot = read_snapshot(project)
    columns = 'event_id, start, "end", quad_class, goldstein, realis, confidence, publisher, source, target'
    begun, before = time.perf_counter(), memory()
    frame = duckdb.sql(f"SELECT {columns} FROM read_parquet({list(list_files(project, snapshot))})").df()
    print(f"pandas: loaded in {time.perf_counter() - begun:.1f} s, {memory() - before:.1f} GB")
    with tables.session() as session:
        loaded = session.loaded
        keys = {name: [key] for name, key in loaded.actor_keys.items()}
        keys |= {name: [key] for name, key in loaded.publisher_keys.items()}
        state = loaded.actor_keys["AAB"]
        keys["AAB"] = [key for key, entry in loaded.actors.items() if entry.state == state]
    found = {}
    for label, f in FILTERS.items():
        for name, query in PANDAS.items():
            found[name, label] = timed(lambda q=query, f=f: q(frame[pandas_mask(frame, f, keys)]), 1)[0]
    days = frame["start"].to_numpy().astype("datetime64[D]").astype(np.int32)
    quads = frame["quad_class"].to_numpy()
    low = int(days.min())
    floor, _ = timed(lambda: np.bincount((days - low) * 5 + quads))
    print(f"numpy, day by quad class on decoded arrays, one core: {floor:.0f} ms")
    return found


if __name__ == "__main__":
    main()
