"""The log of corrections in the record: read it, add to it, take back and bring back.

A correction is on disk when `add_correction` returns. It names what its author saw; if that is no longer so, since a
colleague or another tab was faster or the article was coded anew, it is refused with both states, unless forced.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from timeline.errors import StoreError
from timeline.store.articles import now
from timeline.store.codings import read_codings
from timeline.store.curation.corrections import (
    FIELDS,
    Correction,
    Kind,
    check,
    gather_values,
    read_plain,
    same_value,
    write_plain,
)
from timeline.store.curation.folding import Curated, apply_corrections, find_addressed, find_undone, list_live, sort_log
from timeline.store.project import Project
from timeline.store.serial import clean

_COLUMNS = "uid, at, who, kind, subject, before, after, reason"


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is not as the author of a correction saw it: values then, now, and wanted."""

    name: str
    seen: tuple[Any, ...]
    now: tuple[Any, ...]
    wanted: Any


class ChangedMeanwhileError(StoreError):
    """What a correction is about has changed since its author looked.

    Attributes:
        changes: The fields that differ; empty where the codings themselves are gone or stand elsewhere.
        newer: The corrections by which it changed, latest last.
    """

    def __init__(self, message: str, changes: Sequence[Change] = (), newer: Sequence[Correction] = ()) -> None:
        self.changes, self.newer = tuple(changes), tuple(newer)
        super().__init__(message)


def read_log(project: Project) -> tuple[Correction, ...]:
    """All corrections ever made, by time."""
    with project.read() as db:
        rows = db.execute(f"SELECT {_COLUMNS} FROM corrections ORDER BY id").fetchall()
    return sort_log(_read_row(row) for row in rows)


def read_curated(project: Project, articles: Iterable[str] | None = None) -> Curated:
    """The codings of some articles, or of all, as the log leaves them."""
    wanted = None if articles is None else {clean(article) for article in articles}
    with project.read() as db:
        log = read_log(project)
        return apply_corrections(read_codings(project, wanted), _about(log, wanted), lambda key: read_text(db, key))


def add_correction(project: Project, correction: Correction, *, force: bool = False) -> Correction:
    """Add a correction to the log.

    Args:
        project: The project.
        correction: Its `at` is replaced by the present moment, later than that of every other correction.
        force: Add it also where its subject has changed since its author looked.

    Returns:
        The correction as it stands in the log.

    Raises:
        ChangedMeanwhileError: What it is about is not as its `before` says.
        ValueError: It is not possible, for example a date that ends before it starts.
    """
    check(correction)
    with project.write() as db:
        log = read_log(project)
        if not force:
            _check_seen(project, db, correction, log)
        made = replace(correction, at=_choose_moment(log))
        insert(db, made)
        _touch(db)
    return made


def undo(project: Project, correction_id: str, who: str, reason: str = "") -> Correction:
    """Take back a correction, or with the id of an undo, bring back what it took.

    Raises:
        StoreError: There is no such correction, it cannot be undone, or it is undone already.
    """
    with project.write() as db:
        log = read_log(project)
        found = next((c for c in log if c.id == correction_id), None)
        if found is None:
            raise StoreError(f"no correction {correction_id!r} in this project")
        if found.kind is Kind.PUBLISHED:
            raise StoreError("a publication date is not undone but set again, on the article")
        if correction_id in find_undone(log):
            raise StoreError("this correction is undone already")
        made = Correction(_choose_moment(log), who, Kind.UNDO, subject=correction_id, reason=reason)
        insert(db, made)
        _touch(db)
    return made


def find_undoable(log: Iterable[Correction], who: str) -> Correction | None:
    """The latest correction of a reader that is in force; None if there is none."""
    live = [c for c in list_live(log) if c.who == who and c.kind is not Kind.PUBLISHED]
    return live[-1] if live else None


def find_redoable(log: Iterable[Correction], who: str) -> Correction | None:
    """The latest undo of a reader that is in force and newer than all they corrected since; None if there is none."""
    log = sort_log(log)
    ordered = [c for c in log if c.who == who]
    undone, by_id = find_undone(log), {c.id: c for c in ordered}
    for correction in reversed(ordered):
        if correction.kind is not Kind.UNDO:
            return None
        target = by_id.get(correction.subject)
        if correction.id not in undone and target and target.kind is not Kind.UNDO:
            return correction
    return None


def insert(db: sqlite3.Connection, correction: Correction) -> bool:
    """Write a correction; False if it is there already."""
    plain = write_plain(correction)
    subject = json.dumps({"addresses": plain["addresses"], "subject": plain["subject"]}, separators=(",", ":"))
    texts = (json.dumps(plain[name], separators=(",", ":"), sort_keys=True) for name in ("before", "after"))
    done = db.execute(
        f"INSERT INTO corrections ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO NOTHING",
        (correction.id, plain["at"], plain["who"], plain["kind"], subject, *texts, plain["reason"]),
    )
    return done.rowcount > 0


def read_text(db: sqlite3.Connection, article_id: str) -> str | None:
    """The text of an article as the record keeps it, None if there is no such article."""
    row = db.execute(
        "SELECT text FROM texts WHERE article = (SELECT key FROM articles WHERE id = ?)", (clean(article_id),)
    ).fetchone()
    return None if row is None else row[0]


def touch(project: Project) -> None:
    """Say that the events are no longer what codings and corrections make of them."""
    with project.write() as db:
        _touch(db)


def _touch(db: sqlite3.Connection) -> None:
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")


def _read_row(row: tuple[Any, ...]) -> Correction:
    uid, at, who, kind, subject, before, after, reason = row
    if uid is None:  # a publication date, as `articles.set_published` writes it
        return Correction(at, who, Kind(kind), (), subject, {"date": before or None}, {"date": after or None}, reason)
    about = json.loads(subject)
    plain = {"at": at, "who": who, "kind": kind, "reason": reason, **about}
    return read_plain(plain | {"before": json.loads(before), "after": json.loads(after)})


def _about(log: Sequence[Correction], articles: set[str] | None) -> list[Correction]:
    """The part of a log that may concern codings of these articles: with all undos and names."""
    if articles is None:
        return list(log)
    loose = (Kind.UNDO, Kind.NAME)
    return [
        c for c in log if c.kind in loose or c.subject in articles or any(a.article in articles for a in c.addresses)
    ]


def _choose_moment(log: Sequence[Correction]) -> str:
    """Now, or just after the latest correction where a clock was set back or another's is ahead."""
    moment = now()
    if not log or log[-1].at < moment:
        return moment
    try:
        latest = dt.datetime.fromisoformat(log[-1].at)
    except ValueError:
        return moment
    return (latest + dt.timedelta(milliseconds=1)).isoformat(timespec="milliseconds")


def _check_seen(project: Project, db: sqlite3.Connection, correction: Correction, log: Sequence[Correction]) -> None:
    if correction.kind is Kind.NAME:
        _check_name(correction, log)
    if not correction.addresses or correction.kind is Kind.ADD:
        return
    articles = {address.article for address in correction.addresses}
    curated = apply_corrections(read_codings(project, articles), _about(log, articles), lambda key: read_text(db, key))
    found = find_addressed(curated, correction.addresses)
    here = [coding for coding in found if coding is not None]
    newer = sort_log(made for coding in here for made in curated.touched.get(coding.id, ()))
    if len(here) < len(found):
        removed = [made for address in correction.addresses if (made := curated.removed.get(address.coding))]
        words = f"{removed[-1].who} deleted this event" if removed else "the article was coded anew or removed"
        raise ChangedMeanwhileError(f"This changed meanwhile: {words}.", newer=removed)
    current = gather_values(here)
    changes = [
        Change(name, tuple(correction.before[name]), tuple(current[name]), correction.after.get(name))
        for name in FIELDS
        if name in correction.before and not _same_values(name, correction.before[name], current[name])
    ]
    if changes:
        by = f" by {newer[-1].who}" if newer else ""
        names = ", ".join(change.name for change in changes)
        raise ChangedMeanwhileError(f"This event was changed meanwhile{by}: {names}.", changes, newer[-3:])


def _check_name(correction: Correction, log: Sequence[Correction]) -> None:
    earlier = [c for c in list_live(log) if c.kind is Kind.NAME and c.subject == correction.subject]
    seen = correction.before.get("id")
    if earlier and earlier[-1].after.get("id") != seen:
        change = Change("actor", (dict(correction.before),), (dict(earlier[-1].after),), dict(correction.after))
        raise ChangedMeanwhileError(
            f"{earlier[-1].who} named “{correction.subject}” meanwhile: {earlier[-1].after.get('name')}.",
            [change], earlier[-1:],
        )  # fmt: skip


def _same_values(name: str, first: Sequence[Any], second: Sequence[Any]) -> bool:
    return all(any(same_value(name, a, b) for b in second) for a in first) and all(
        any(same_value(name, a, b) for a in first) for b in second
    )
