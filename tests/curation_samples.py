"""Projects with a few invented events, and short ways to correct them, for the tests of curation."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from store_samples import ACTORS, article, each_alone
from view_projects import FakeCoded, code_line, make_project

from timeline.records import Actor, Coding
from timeline.store.curation.corrections import Correction, Kind, write_actor
from timeline.store.curation.drafts import Told, draft_fields
from timeline.store.curation.log import read_curated
from timeline.store.project import Project

FIFTH, SIXTH, SEVENTH = (dt.date(2020, 3, day) for day in (5, 6, 7))
SHELLED = ("Arvonia", "ASSAULT", "Belmark", FIFTH)
MET = ("Arvonia", "CONSULT", "Corran Union", SIXTH)
__all__ = ["ACTORS", "article", "each_alone"]


def day(date: dt.date, precision: str = "day") -> dict[str, Any]:
    """A date as corrections have it."""
    return {"start": date.isoformat(), "end": date.isoformat(), "precision": precision}


def actor(name: str, key: str = "", **more: Any) -> dict[str, Any]:
    """An actor as corrections have it."""
    return write_actor(Actor(key or name.lower(), name, **more))


def two_events(folder: Path) -> Project:
    """A shelling told by two publishers, and a meeting told by one."""
    return make_project(folder, [code_line(SHELLED), code_line(SHELLED, "Belmark Radio"), code_line(MET)])


def told(item: FakeCoded) -> tuple[Coding, str]:
    """The coding of an article of one act, with its sentence."""
    coding = item.codings[0]
    return coding, item.article.text[coding.start : coding.end]


def all_told(project: Project) -> dict[str, list[tuple[Coding, str]]]:
    """The codings as corrected, by event type, with their sentences."""
    curated = read_curated(project)
    found: dict[str, list[tuple[Coding, str]]] = {}
    for coding in curated.codings:
        found.setdefault(coding.event_type, []).append((coding, curated.sentences[coding.id]))
    return found


def stamped(correction: Correction, second: int) -> Correction:
    """The correction as made at some second of an hour."""
    return replace(correction, at=f"2026-01-01T00:{second // 60:02}:{second % 60:02}.000+00:00")


def correct(codings: Told, second: int = 0, who: str = "ann", **after: Any) -> Correction:
    """A correction of some fields, made at some second."""
    return stamped(draft_fields(codings, after, who), second)


def undo_of(correction: Correction, second: int) -> Correction:
    return stamped(Correction("", "ann", Kind.UNDO, subject=correction.id), second)
