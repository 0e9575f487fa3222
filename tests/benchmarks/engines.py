"""Time the dashboard's queries on an engine, beside the project's own tables read from files and held in memory.

    PYTHONPATH=tests python tests/benchmarks/engines.py FOLDER [--engine postgresql] [--repeats 3] [--only WORD …]

The engine is filled with the project's events first: a PostgreSQL started for it, as for the tests; DuckDB in a file;
or Spark on this machine over Parquet. Medians on the clock, in milliseconds. An engine's own work is done in other
processes, so processor time would not tell.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from engine_samples import ENGINES, need, running_postgres
from first_start import calibrate
from peers import timed
from queries import list_filters, list_queries

from timeline.queries import EVERYTHING, AnyTables, EventFilter, count_events, open_tables
from timeline.queries.remote import open_engine
from timeline.queries.remote.writing import write_tables
from timeline.store.project import open_project


@contextlib.contextmanager
def addresses(engine: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Where tables are written to, and where they are then read."""
    if engine == "postgresql":
        with running_postgres() as address:
            yield f"{address}?schema=events", f"{address}?schema=events"
    elif engine == "duckdb":
        yield f"duckdb://{folder / 'events.duckdb'}", f"duckdb://{folder / 'events.duckdb'}"
    else:
        yield str(folder / "events"), f"spark://local/?parquet={folder / 'events'}"


def measure(tables: AnyTables, name: str, f: EventFilter, repeats: int) -> float:
    """Median milliseconds of a query; nothing is answered out of a cache."""
    forget, query = forgetting(tables), list_queries(tables)[name]

    def ask() -> object:
        forget()
        return query(f)

    return timed(ask, repeats)[0]


def forgetting(tables: AnyTables) -> Callable[[], None]:
    """What makes tables forget their answers, but not how actors fold."""

    def forget() -> None:
        with tables.session() as session:
            for name in [name for name in session.loaded.answers if not name.startswith("folds")]:
                del session.loaded.answers[name]

    return forget


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", choices=ENGINES, default="postgresql")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[], help="queries and filters whose names hold one of these words")
    options = parser.parse_args()
    need(options.engine)
    project = open_project(options.folder)
    files, held = open_tables(project), open_tables(project)
    held.hold()
    print(f"{count_events(files, EVERYTHING)} rows; load {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")
    with tempfile.TemporaryDirectory() as folder, addresses(options.engine, Path(folder)) as (out, address):
        begun = time.perf_counter()
        write_tables(files, EVERYTHING, out)
        print(f"{options.engine}: filled in {time.perf_counter() - begun:.0f} s")
        remote = open_engine(address, project)
        print(f"\n| query | filter | in memory | files | {options.engine} |\n|---|---|---|---|---|")
        for label, f in list_filters(held).items():
            for name in list_queries(held):
                if not options.only or any(word in f"{name} {label}" for word in options.only):
                    times = [measure(tables, name, f, options.repeats) for tables in (held, files, remote)]
                    print(f"| {name} | {label} | {' | '.join(f'{ms:.0f}' for ms in times)} |", flush=True)
        remote.close()
    print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")


if __name__ == "__main__":
    main()
