"""The log as a JSON Lines file for a colleague, and back: idempotent, nothing lost, conflicts named."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from timeline.errors import StoreError
from timeline.store.articles import set_published
from timeline.store.curation.corrections import (
    FIELDS,
    Correction,
    Kind,
    read_plain,
    same_value,
    write_line,
)
from timeline.store.curation.folding import Curated, find_coding, list_live, sort_log
from timeline.store.curation.log import insert, read_curated, read_log, touch
from timeline.store.project import Project
from timeline.store.serial import clean

FORMAT = "timeline corrections"
VERSION = 1
_GONE = "deleted"  # the value of every field of what is no event


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing set to different values by two corrections, the later of which did not know the earlier.

    `subject` is the id of a coding, the id of an article or the words named; `name` the field. The later one holds.
    """

    subject: str
    name: str
    earlier: Correction
    later: Correction


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `problems` holds a sentence for each line that could not be read."""

    new: tuple[Correction, ...] = ()
    known: int = 0
    conflicts: tuple[Conflict, ...] = ()
    problems: tuple[str, ...] = ()


def write_lines(log: Iterable[Correction]) -> Iterator[str]:
    """The lines of the file: what it is, then one correction a line by time, those that are undone with their undos."""
    yield json.dumps({"format": FORMAT, "version": VERSION})
    yield from (write_line(correction) for correction in sort_log(log))


def read_lines(lines: Iterable[str]) -> tuple[tuple[Correction, ...], tuple[str, ...]]:
    """The corrections of a file, and a sentence for each line that is none.

    Raises:
        StoreError: It is a file of a later version of this format.
    """
    found: list[Correction] = []
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            plain = json.loads(line)
            if isinstance(plain, dict) and plain.get("format") == FORMAT:
                _check_version(plain)
                continue
            found.append(read_plain(plain))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            problems.append(f"line {number}: {str(error) or type(error).__name__}")
    return tuple(found), tuple(problems)


def import_lines(project: Project, lines: Iterable[str]) -> Imported:
    """Add the corrections of a file that the log does not have; the same file again changes nothing.

    Publication dates are set as the latest correction says. Events follow when they are derived.
    """
    corrections, problems = read_lines(lines)
    known = {correction.id for correction in read_log(project)}
    fresh = [correction for correction in sort_log(corrections) if correction.id not in known]
    with project.write() as db:
        new = tuple(correction for correction in fresh if insert(db, correction))
    if new:
        touch(project)
    log = read_log(project)
    _set_dates(project, log)
    ids = {correction.id for correction in new}
    conflicts = [c for c in find_conflicts(project, log) if (c.earlier.id in ids) != (c.later.id in ids)]
    return Imported(new, len({c.id for c in corrections}) - len(new), tuple(conflicts), problems)


def find_conflicts(project: Project, log: Iterable[Correction]) -> tuple[Conflict, ...]:
    """Values set by one correction and then otherwise by another that did not see it, in the order of the later."""
    curated = read_curated(project)
    latest: dict[tuple[str, str], tuple[Correction, Any]] = {}
    found: list[Conflict] = []
    for correction in list_live(log):
        settings = _read_settings(correction)
        for subject in _list_subjects(correction, curated):
            for name, (seen, value) in settings.items():
                earlier = latest.get((subject, name))
                if earlier and not _same(name, earlier[1], value) and not any(_same(name, s, earlier[1]) for s in seen):
                    found.append(Conflict(subject, name, earlier[0], correction))
                latest[subject, name] = correction, value
    return tuple(found)


def _list_subjects(correction: Correction, curated: Curated) -> list[str]:
    """The codings a correction is about by id, or the article or words."""
    if correction.kind in (Kind.NAME, Kind.PUBLISHED):
        return [correction.subject]
    keys = (find_coding(address, curated.as_coded.get(address.article, ())) for address in correction.addresses)
    return list(dict.fromkeys(key for key in keys if key))


def _read_settings(correction: Correction) -> dict[str, tuple[list[Any], Any]]:
    """What a correction sets: by field the values its author saw, and the new one; a deletion sets every field."""
    if correction.kind is Kind.NAME:
        return {"name": ([correction.before.get("id")], correction.after["id"])}
    if correction.kind is Kind.PUBLISHED:
        return {"published": ([correction.before.get("date")], correction.after.get("date"))}
    if correction.kind is Kind.DELETE:
        return {name: (list(correction.before.get(name, ())), _GONE) for name in FIELDS}
    if correction.kind is Kind.CORRECT:
        names = (name for name in FIELDS if name in correction.after)
        return {name: (list(correction.before.get(name, ())), correction.after[name]) for name in names}
    return {}


def _same(name: str, first: Any, second: Any) -> bool:
    return bool(first == second) if _GONE in (first, second) else same_value(name, first, second)


def _set_dates(project: Project, log: Iterable[Correction]) -> None:
    latest = {c.subject: c for c in list_live(log) if c.kind is Kind.PUBLISHED}
    for article, correction in latest.items():
        day = correction.after.get("date")
        with project.read() as db:
            row = db.execute("SELECT published FROM articles WHERE id = ?", (clean(article),)).fetchone()
        if row is not None and row[0] != day:
            _set_date(project, article, day, correction)


def _set_date(project: Project, article: str, day: str | None, correction: Correction) -> None:
    try:
        set_published(
            project, article, dt.date.fromisoformat(day) if day else None, who=correction.who, reason=correction.reason
        )
    except StoreError:
        return  # removed in this very moment


def _check_version(plain: dict[str, Any]) -> None:
    version = plain.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise StoreError(
            f"the file is of version {version!r} of this format, this release knows {VERSION}; upgrade with: "
            "pip install --upgrade event-timeline"
        )
