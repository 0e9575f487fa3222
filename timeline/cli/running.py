"""Coding a project's articles with progress, and telling what came of it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.cli.interruption import Interruption
from timeline.cli.output import INTERRUPTED, OK, PARTLY, count, name_some, note, plain
from timeline.cli.progress import ProgressLine

if TYPE_CHECKING:
    from timeline.pipeline import CoderLike, CodingRun
    from timeline.store import Project


@dataclass(frozen=True, slots=True)
class Ran:
    """A coding run with how long it took; `run` is None where there was nothing to code."""

    run: CodingRun | None
    seconds: float
    events: int

    @property
    def exit_code(self) -> int:
        if self.run and self.run.stopped:
            return INTERRUPTED
        return PARTLY if self.run and self.run.failed else OK

    def to_plain(self) -> dict[str, Any]:
        """What scripts get to know of it."""
        run = self.run
        return {
            "coded": run.coded if run else 0,
            "not_english": run.not_english if run else 0,
            "failed": [{"id": name, "reason": reason} for name, reason in run.failed] if run else [],
            "words": run.words if run else 0,
            "seconds": round(self.seconds, 3),
            "stopped": bool(run and run.stopped),
            "events": self.events,
        }


def load_coder(lexicons: Iterable[Path] = ()) -> CoderLike:
    """The coder; takes a second or two."""
    from timeline.coding.coder import Coder

    return Coder(lexicons)


def register_actors(project: Project, coder: CoderLike) -> None:
    """Give the project the names of the coder's actors, so that organs and states have theirs."""
    from timeline import pipeline

    pipeline.register_actors_of(project, coder)


def code_pending(project: Project, options: argparse.Namespace, stop: Interruption) -> Ran:
    """Code what is not coded yet, or got another date; the coder is loaded only if there is something to do."""
    from timeline import pipeline
    from timeline.store.articles import State, select_ids

    started = time.monotonic()
    if stop.asked or not select_ids(project, (State.UNCODED,), changed=True):
        return Ran(None, 0.0, count_stored_events(project))
    with ProgressLine("coding", quiet=options.quiet) as line:
        run = pipeline.code_pending(
            project,
            load_coder(options.lexicon),
            options.processes,
            lambda p: line.show(p.done, p.total, p.words, p.title),
            stop,
        )
    return Ran(run, time.monotonic() - started, count_stored_events(project))


def recode(project: Project, options: argparse.Namespace, stop: Interruption, *, everything: bool) -> Ran:
    """Code again what is stale or failed, or everything that was coded."""
    from timeline import pipeline

    started = time.monotonic()
    with ProgressLine("coding", quiet=options.quiet) as line:
        run = pipeline.recode(
            project,
            load_coder(options.lexicon),
            options.processes,
            lambda p: line.show(p.done, p.total, p.words, p.title),
            stop,
            everything=everything,
        )
    return Ran(run, time.monotonic() - started, count_stored_events(project))


def describe(ran: Ran) -> list[str]:
    """Lines that tell a run's outcome."""
    run = ran.run
    if run is None:
        return []
    speed = f", {run.words / ran.seconds:,.0f} words a second" if run.coded and ran.seconds else ""
    lines = [f"{count(run.coded, 'article')} coded: {count(run.words, 'word')} in {ran.seconds:.1f} s{speed}"]
    if run.not_english:
        lines.append(f"{count(run.not_english, 'article')} not in English: kept, not coded")
    return lines


def tell_failures(ran: Ran) -> None:
    """Name on standard error the articles that could not be coded."""
    if not ran.run or not ran.run.failed:
        return
    note(f"{count(len(ran.run.failed), 'article')} could not be coded:")
    for line in name_some([f"{name}: {plain(reason, 200)}" for name, reason in ran.run.failed]):
        note(f"  {line}")
    note("`timeline recode` tries them again.")


def tell_stop(command: str) -> None:
    """Say how to go on after Ctrl-C."""
    note(f"Stopped; what is finished is kept. To go on: {command}")


def count_stored_events(project: Project) -> int:
    """Number of rows in the event table."""
    from timeline.store.snapshot import read_snapshot

    snapshot = read_snapshot(project)
    return snapshot.events if snapshot else 0
