"""Two writing processes and ten readers on one project: no lost write, no error shown to a reader.

    PYTHONPATH=tests python tests/crash/together.py --seconds 300

Each writer adds, codes, imports and sets dates as fast as its turns come. Half of the readers share one open
table, as the sessions of a server do; the others are processes of their own. Exits 1 if a write is missing or a
read failed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path

import pyarrow as pa
from store_samples import ACTORS, FakeCoder, article, each_alone

from timeline.pipeline import add_articles, code_pending
from timeline.queries import EVERYTHING, Tables, count_events, count_per_bin, open_tables, rank_actors, select_events
from timeline.store.articles import list_articles, set_published
from timeline.store.dictionaries import register_actors
from timeline.store.events import append_events, compact
from timeline.store.project import open_project
from timeline.store.rows import EVENT_SCHEMA

WRITERS = 2
SHARED_READERS = 5
READER_PROCESSES = 5


@dataclass(slots=True)
class Outcome:
    """Writes that came back as done, reads that came back, and what is wrong."""

    articles: int = 0
    imported: int = 0
    reads: int = 0
    slowest: float = 0.0
    problems: list[str] = field(default_factory=list)


def write(folder: str, writer: int, until: float, told: Queue[tuple[str, int, str]]) -> None:
    """One writer; says at the end how many articles and imported rows it was told are saved."""
    articles = rows = 0
    try:
        project = open_project(folder)
        turn = 0
        while turn == 0 or time.time() < until:  # once at least, however long the start took
            turn += 1
            number = writer * 1_000_000 + turn * 10
            add_articles(project, [article(n) for n in range(number, number + 3)])
            articles += 3
            code_pending(project, FakeCoder(), merge=each_alone)
            set_published(project, article(number).id, dt.date(2021, 1, 1))
            append_events(project, _rows(number), f"batch {number}")
            rows += 10
            if turn % 10 == 0:
                compact(project)
        code_pending(project, FakeCoder(), merge=each_alone)
    except Exception as error:  # noqa: BLE001 - a finding, whatever it is
        told.put(("problem", 0, f"writer: {type(error).__name__}: {error}"))
    told.put(("articles", articles, ""))
    told.put(("imported", rows, ""))


def read(tables: Tables, until: float, told: Queue[tuple[str, int, str]]) -> None:
    """One reader: four queries a round; what is there may only grow."""
    reads, slowest, before = 0, 0.0, 0
    while time.time() < until:
        begun = time.monotonic()
        try:
            counted = count_events(tables, EVERYTHING)
            select_events(tables, EVERYTHING, 50)
            count_per_bin(tables, EVERYTHING, "month")
            rank_actors(tables, EVERYTHING)
            if counted < before:
                told.put(("problem", 0, f"reader: {counted} events after {before}"))
            before = counted
        except Exception as error:  # noqa: BLE001 - a finding, whatever it is
            told.put(("problem", 0, f"reader: {type(error).__name__}: {error}"))
        reads += 1
        slowest = max(slowest, time.monotonic() - begun)
    told.put(("reads", reads, ""))
    told.put(("slowest", int(slowest * 1000), ""))


def read_alone(folder: str, until: float, told: Queue[tuple[str, int, str]]) -> None:
    read(open_tables(folder), until, told)


def run(folder: Path, seconds: float, reader_processes: int = READER_PROCESSES) -> Outcome:
    """Let them loose on a new project for that long, then count."""
    project = open_project(folder, create=True)
    register_actors(project, ACTORS)
    context = get_context("spawn")
    told: Queue[tuple[str, int, str]] = context.Queue()
    until = time.time() + seconds + 3  # the processes take a while to start
    processes = [context.Process(target=write, args=(str(folder), n + 1, until, told)) for n in range(WRITERS)]
    processes += [context.Process(target=read_alone, args=(str(folder), until, told)) for _ in range(reader_processes)]
    tables = open_tables(project)
    threads = [threading.Thread(target=read, args=(tables, until, told)) for _ in range(SHARED_READERS)]
    for one in (*processes, *threads):
        one.start()
    outcome = _listen(told, 2 * len(processes) + 2 * len(threads))
    for one in (*processes, *threads):
        one.join()
    code_pending(project, FakeCoder(), merge=each_alone)
    saved = len(list_articles(project))
    if saved != outcome.articles:
        outcome.problems.append(f"{outcome.articles} articles were saved, {saved} are there")
    counted = count_events(tables, EVERYTHING)
    if counted != outcome.articles + outcome.imported:
        outcome.problems.append(f"{outcome.articles + outcome.imported} events expected, {counted} are there")
    return outcome


def _listen(told: Queue[tuple[str, int, str]], last_words: int) -> Outcome:
    outcome = Outcome()
    while last_words:
        kind, number, text = told.get(timeout=600)
        if kind == "problem":
            outcome.problems.append(text)
            continue
        last_words -= 1
        if kind == "slowest":
            outcome.slowest = max(outcome.slowest, number / 1000)
        else:
            setattr(outcome, kind, getattr(outcome, kind) + number)
    return outcome


def _rows(number: int) -> pa.Table:
    day = dt.date(2019, 1, 1) + dt.timedelta(days=number % 300)
    row = {"start": day, "end": day, "event_type": 5, "quad_class": 2, "reports": 1, "source": 1, "target": 2}
    rows = [{**row, "event_id": number * 100 + n, "contested": False, "publishers": 0} for n in range(10)]
    return pa.Table.from_pylist(rows, schema=EVENT_SCHEMA).drop_columns(["several", "origin"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder) / "project", options.seconds)
    print(f"{outcome.articles} articles and {outcome.imported} imported rows written by {WRITERS} processes")
    print(f"{outcome.reads} rounds of four queries by {SHARED_READERS + READER_PROCESSES} readers, ", end="")
    print(f"the slowest {outcome.slowest:.2f} s")
    print(f"problems: {len(outcome.problems)}", *sorted(set(outcome.problems))[:20], sep="\n  ")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
