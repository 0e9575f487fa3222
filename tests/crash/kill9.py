"""Kill a writer at random moments, readers running, and see that nothing acknowledged is lost.

    PYTHONPATH=tests python tests/crash/kill9.py --kills 200 [--large]

A child process adds, codes, imports, compacts and corrects in one project, and says through a pipe what it was
told is done. It is killed (SIGKILL) after a random time; then the project is checked, and another child goes on
with it. Two threads query all the while. With `--large` the table is kept as one of millions of events is: sorted in
many parts, with its projections and rollups, and held in the readers' memory. Exits 1 if anything was lost, doubled
or torn, or a reader saw an error.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa
from store_samples import ACTORS, FakeCoder, article, each_alone

from timeline.pipeline import Progress, add_articles, code_pending
from timeline.queries import EVERYTHING, EventFilter, Tables, count_events, open_tables, rank_actors, select_events
from timeline.store import extras, sorting
from timeline.store.articles import Versions, set_published
from timeline.store.codings import save_coded
from timeline.store.curation.drafts import draft_fields
from timeline.store.curation.log import add_correction, read_curated, read_log
from timeline.store.dictionaries import register_actors
from timeline.store.events import append_events, compact
from timeline.store.project import Project, open_project
from timeline.store.rows import EVENT_SCHEMA

BATCH_ROWS = 50
IMPORTED = EventFilter(event_types=("COOPERATE",))  # the fake coder codes nothing but ASSAULT
CODED = EventFilter(event_types=("ASSAULT",))
HELD = EventFilter(min_confidence=0.01)  # counted from the events themselves


@dataclass(slots=True)
class Outcome:
    """What happened: kills, what was acknowledged by kind, and what is wrong, which should be nothing."""

    kills: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    reads: int = 0
    problems: list[str] = field(default_factory=list)


def work(folder: str, seed: int, pipe: Connection, large: bool) -> None:
    """The child: write for ever, acknowledging each thing that the store says is done."""
    if large:
        extras.EXTRAS_FROM, sorting.PART_ROWS = 0, 300
    draw = random.Random(seed)
    project = open_project(folder)
    number = seed * 100_000

    def coded(progress: Progress) -> None:
        pipe.send(("coded", int(progress.title.split()[1])))

    while True:
        number += 10
        action = draw.choice(("add", "add", "code", "code", "import", "compact", "correct", "curate"))
        if action == "add":
            numbers = list(range(number, number + draw.randrange(1, 6)))
            add_articles(project, [article(n) for n in numbers])
            for n in numbers:
                pipe.send(("added", n))
        elif action == "code":
            code_pending(project, FakeCoder(), progress=coded, merge=each_alone)
            pipe.send(("derived", number))
        elif action == "import":
            append_events(project, imported(number), f"batch {number}")
            pipe.send(("imported", number))
        elif action == "compact":
            compact(project)
            pipe.send(("compacted", number))
        elif action == "curate":
            curate(project, number)
            pipe.send(("curated", number))
        else:
            add_articles(project, [article(number)])
            set_published(project, article(number).id, dt.date(2021, 1, 1), who="kill9")
            pipe.send(("corrected", number))


def curate(project: Project, number: int) -> None:
    """Code one article and correct what it tells; on disk when this returns."""
    add_articles(project, [article(number)])
    coded = FakeCoder().code(article(number))
    save_coded(project, coded, Versions("coder-1", "lexicon-1"))
    told = [(coding, coded.article.text[coding.start : coding.end]) for coding in coded.codings]
    add_correction(project, draft_fields(told, {"realis": "denied"}, f"kill9 {number}"))


def imported(number: int) -> pa.Table:
    day = dt.date(2019, 1, 1) + dt.timedelta(days=number % 300)
    row = {"start": day, "end": day, "event_type": 5, "quad_class": 2, "reports": 1, "source": 1, "target": 2}
    rows = [{**row, "event_id": number * 100 + n, "contested": False, "publishers": 0} for n in range(BATCH_ROWS)]
    return pa.Table.from_pylist(rows, schema=EVENT_SCHEMA).drop_columns(["several", "origin"])


def read(tables: Tables, stop: threading.Event, outcome: Outcome) -> None:
    """A reader: what it counts must be whole batches, and no query may fail."""
    while not stop.is_set():
        try:
            with tables.session():
                counted = count_events(tables, IMPORTED)
                rows = select_events(tables, EVERYTHING, 20)
                rank_actors(tables, EVERYTHING)
            rank_actors(tables, HELD)
            if counted % BATCH_ROWS or (counted and rows.empty):
                outcome.problems.append(f"reader: {counted} imported rows are no whole batches")
        except Exception as error:  # noqa: BLE001 - whatever a reader meets is a finding
            outcome.problems.append(f"reader: {type(error).__name__}: {error}")
        outcome.reads += 1


def check(project: Project, tables: Tables, done: dict[str, set[int]], outcome: Outcome) -> None:
    """Compare the project with what was acknowledged."""
    with project.read() as db:
        states = {row[0]: row[1:] for row in db.execute("SELECT id, state, published FROM articles")}
        codings = Counter(row[0] for row in db.execute("SELECT a.id FROM codings c JOIN articles a ON a.key = article"))
        rows = db.execute("SELECT coalesce(sum(events), 0) FROM batches").fetchone()[0]
        batches = {row[0] for row in db.execute("SELECT id FROM batches")}
        merged = db.execute("SELECT count(*) FROM merged").fetchone()[0]
        sound = [row[0] for row in db.execute("PRAGMA integrity_check")]
    wrong = outcome.problems.append
    for n in sorted(done["added"] | done["corrected"] | done["curated"]):
        if article(n).id not in states:
            wrong(f"article {n} was added and is gone")
    for n in sorted(done["coded"]):
        if states[article(n).id][0] != "coded" or codings[article(n).id] != 1:
            wrong(f"article {n} was coded and has {codings[article(n).id]} codings, state {states[article(n).id][0]}")
    for n in sorted(done["corrected"]):
        if states[article(n).id][1] != "2021-01-01":
            wrong(f"the date of article {n} was set and is {states[article(n).id][1]}")
    denied = {c.article_id for c in read_curated(project).codings if c.realis == "denied"}
    corrected = Counter(c.who for c in read_log(project))
    for n in sorted(done["curated"]):
        if article(n).id not in denied or corrected[f"kill9 {n}"] != 1:
            wrong(f"article {n} was corrected, and its correction is there {corrected[f'kill9 {n}']} times")
    if any(number > 1 for number in codings.values()):
        wrong("an article has its codings twice")
    if missing := {f"batch {n}" for n in done["imported"]} - batches:
        wrong(f"acknowledged imports are gone: {sorted(missing)}")
    if count_events(tables, IMPORTED) != rows:
        wrong(f"{count_events(tables, IMPORTED)} imported rows, {rows} expected")
    if count_events(tables, CODED) != merged:
        wrong(f"{count_events(tables, CODED)} coded events in the table, {merged} in the record")
    with tables.session() as session:
        total, distinct = session.rows("SELECT count(*), count(DISTINCT event_id) FROM events")[0]
    if total != distinct:
        wrong(f"{total - distinct} events are in the table twice")
    if sound != ["ok"]:
        wrong(f"record: {sound}")


def run(folder: Path, kills: int, seed: int = 1, longest: float = 1.5, *, large: bool = False) -> Outcome:
    """Kill that many writers of a new project, one after the other, and check after each."""
    outcome, stop = Outcome(), threading.Event()
    project = open_project(folder, create=True)
    register_actors(project, ACTORS)
    tables = open_tables(project, hold=large)
    readers = [threading.Thread(target=read, args=(tables, stop, outcome)) for _ in range(2)]
    for reader in readers:
        reader.start()
    done: dict[str, set[int]] = {
        kind: set() for kind in ("added", "coded", "derived", "imported", "compacted", "corrected", "curated")
    }
    draw = random.Random(seed)
    context = get_context("forkserver")
    context.set_forkserver_preload(["timeline.pipeline", "timeline.store.events", "store_samples"])
    try:
        for _ in range(kills):
            _kill_one(context, (str(folder), draw.randrange(1, 10**6)), done, draw.uniform(0, longest), large)
            outcome.kills += 1
            check(project, tables, done, outcome)
            if outcome.kills % 20 == 0:
                print(f"{outcome.kills} kills, {len(outcome.problems)} problems", file=sys.stderr, flush=True)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    outcome.acknowledged.update({kind: len(numbers) for kind, numbers in done.items()})
    return outcome


def _kill_one(context, given: tuple[str, int], done: dict[str, set[int]], seconds: float, large: bool) -> None:
    here, there = context.Pipe()
    child = context.Process(target=work, args=(*given, there, large))
    child.start()
    there.close()
    deadline = None
    while deadline is None or time.monotonic() < deadline:
        if here.poll(0.02 if deadline is None else max(0.0, deadline - time.monotonic())):
            kind, number = here.recv()
            done[kind].add(number)
            deadline = deadline or time.monotonic() + seconds
    child.kill()
    child.join()
    try:
        while here.poll():
            kind, number = here.recv()
            done[kind].add(number)
    except (EOFError, OSError):
        pass  # the rest of a message that was cut off


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--large", action="store_true", help="keep the table as one of millions of events is kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        outcome = run(Path(folder) / "project", options.kills, options.seed, large=options.large)
    print(f"{outcome.kills} kills in {time.monotonic() - begun:.0f} s, {outcome.reads} rounds of reading")
    print("acknowledged:", ", ".join(f"{number} {kind}" for kind, number in outcome.acknowledged.items()))
    print(f"problems: {len(outcome.problems)}", *Counter(outcome.problems).most_common(20), sep="\n  ")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
