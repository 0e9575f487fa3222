"""Time every query of the dashboard on a generated project, beside the same counts in pandas, Polars and SQLite.

    python tests/benchmarks/queries.py FOLDER [--repeats 7] [--peers pandas polars sqlite] [--only WORD …] [--files]

Prints the median of the runs after one to warm up, on the clock and as time of all cores together (on a busy machine
the better measure: two idle cores take about half of it), the ratio of the peers' core time to ours, and the bytes a
row on disk. A fixed piece of work, some 60 ms on an idle machine, says how busy this one is.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import time
from collections.abc import Callable
from pathlib import Path

from first_start import calibrate
from peers import Found, in_pandas, in_polars, in_sqlite, memory, timed

from timeline.queries import (
    EVERYTHING,
    AnyTables,
    EventFilter,
    Tables,
    count_dyads,
    count_events,
    count_lanes,
    count_per_bin,
    count_places,
    list_values,
    open_tables,
    rank_actors,
    read_evidence,
    select_events,
)
from timeline.queries.matching import find_groups
from timeline.store.project import open_project
from timeline.store.snapshot import Snapshot, derived_file, list_files, read_snapshot

BUSY, RARE = (0, 6, 19, 54, 89), 9_000  # places among the most active
YEAR = (dt.date(2015, 7, 1), dt.date(2016, 6, 30))
PEERS = ("pandas", "polars", "sqlite")


def list_filters(tables: AnyTables) -> dict[str, EventFilter]:
    """What is asked of a generated project, by name: busy actors are those with most events, not those named first."""
    ranked = list(rank_actors(tables, EVERYTHING, RARE + 1)["actor_id"])
    busy = tuple(ranked[place] for place in BUSY)
    states = rank_actors(tables, EVERYTHING, 1, "country")["actor_id"]
    return {
        "everything": EVERYTHING,
        "one year": EventFilter(start=YEAR[0], end=YEAR[1]),
        "5 actors": EventFilter(actors=busy),
        "5 busiest": EventFilter(actors=tuple(ranked[:5])),
        "5 actors, one year": EventFilter(actors=busy, start=YEAR[0], end=YEAR[1]),
        "between 5 actors": EventFilter(actors=busy, role="between"),
        "a rare actor": EventFilter(actors=(ranked[-1],)),
        "a country": EventFilter(actors=tuple(states), level="country"),
        "conflict, actual": EventFilter(quad_classes=(3, 4), realis=("actual",)),
        "a publisher": EventFilter(publishers=("publisher4.example",)),
        "sure ones": EventFilter(min_confidence=0.8),
        "almost everything": EventFilter(min_confidence=0.05),
    }


def list_queries(tables: AnyTables) -> dict[str, Callable[[EventFilter], object]]:
    """What the dashboard asks, by name."""
    lanes = list(rank_actors(tables, EVERYTHING, 12)["actor_id"])
    return {
        "count_events": lambda f: count_events(tables, f),
        "count_per_bin day": lambda f: count_per_bin(tables, f, "day"),
        "select newest": lambda f: select_events(tables, f, 50),
        "select oldest": lambda f: select_events(tables, f, 50, 0, "oldest"),
        "select by reports": lambda f: select_events(tables, f, 50, 0, "reports"),
        "rank_actors": lambda f: rank_actors(tables, f, 50),
        "rank_actors country": lambda f: rank_actors(tables, f, 50, "country"),
        "count_dyads": lambda f: count_dyads(tables, f, 1000),
        "count_dyads country": lambda f: count_dyads(tables, f, 1000, "country"),
        "count_lanes": lambda f: count_lanes(tables, f, lanes, "month"),
        "count_places": lambda f: count_places(tables, f),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=("pandas",))
    parser.add_argument("--files", action="store_true", help="hold nothing in memory, as the command line does")
    parser.add_argument("--only", nargs="*", default=(), help="queries and filters whose names hold one of these words")
    options = parser.parse_args()
    project = open_project(options.folder)
    begun = time.perf_counter()
    tables = open_tables(project)
    rows = count_events(tables, EVERYTHING)
    print(f"{rows} rows; opened in {time.perf_counter() - begun:.2f} s")
    if not options.files:
        begun = time.perf_counter()
        tables.hold()
        print(f"held in memory, where they are not too many, in {time.perf_counter() - begun:.2f} s")
    snapshot = read_snapshot(project)
    assert snapshot is not None
    say_sizes(tables, snapshot)
    print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")

    def ask(query: Callable[[EventFilter], object], f: EventFilter) -> object:
        with tables.session() as session:
            for name in [name for name in session.loaded.answers if not name.startswith("folds")]:
                del session.loaded.answers[name]  # nothing is answered out of memory
        return query(f)

    filters = list_filters(tables)
    ours = {
        (name, label): timed(lambda q=query, f=f: ask(q, f), options.repeats)
        for label, f in filters.items()
        for name, query in list_queries(tables).items()
        if not options.only or any(word in f"{name} {label}" for word in options.only)
    }
    someone = select_events(tables, EVERYTHING, 1)["event_id"][0]
    ours["read_evidence", "one event"] = timed(lambda: read_evidence(tables, someone), options.repeats)
    ours["list_values", "kept after the first"] = timed(lambda: list_values(tables), options.repeats)
    print(f"memory with tables open and used: {memory():.2f} GB")
    print_table(ours, ask_peers(options.peers, tables, snapshot, filters))
    print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")


def say_sizes(tables: Tables, snapshot: Snapshot) -> None:
    """Bytes a row of the table and of each projection and rollup."""
    files = {"events": [Path(file) for file in list_files(tables.project, snapshot)]}
    files |= {name.rpartition("-")[2]: [derived_file(tables.project, name)] for name in snapshot.extras}
    sizes = {name: sum(file.stat().st_size for file in found) / snapshot.events for name, found in files.items()}
    listed = ", ".join(f"{name.removesuffix('.parquet')} {size:.2f}" for name, size in sizes.items())
    print(f"on disk {sum(sizes.values()):.1f} bytes a row: {listed}")


def ask_peers(
    peers: tuple[str, ...], tables: Tables, snapshot: Snapshot, filters: dict[str, EventFilter]
) -> dict[str, Found]:
    """Core milliseconds of every peer asked for."""
    with tables.session() as session:
        loaded = session.loaded
    keys = {name: [key] for name, key in (loaded.actor_keys | loaded.publisher_keys).items()}
    for state in filters["a country"].actors:
        keys[state] = list(find_groups(loaded, (state,), "country")[0])
    files = list_files(tables.project, snapshot)
    asked: dict[str, Callable[[], Found]] = {
        "pandas": lambda: in_pandas(files, filters, keys),
        "polars": lambda: in_polars(files, filters, keys),
        "sqlite": lambda: in_sqlite(files, filters, keys, tables.project.path.with_suffix(".peer.sqlite")),
    }
    return {name: asked[name]() for name in peers}


def print_table(ours: dict[tuple[str, str], tuple[float, float]], theirs: dict[str, Found]) -> None:
    """One line for each query and filter."""
    heads = "".join(f" {name} ms | ratio |" for name in theirs)
    print(f"\n| query | filter | ms | ms of cores |{heads}\n|---|---|---|---|{'---|---|' * len(theirs)}")
    for (name, label), (ms, cores) in ours.items():
        found = [other.get((name, label)) for other in theirs.values()]
        tail = "".join(f" {other:.1f} | {other / cores:.1f} |" if other else " | |" for other in found)
        print(f"| {name} | {label} | {ms:.1f} | {cores:.1f} |{tail}")


if __name__ == "__main__":
    main()
