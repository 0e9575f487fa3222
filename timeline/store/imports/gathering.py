"""Batches of one file, or of many small ones, stored together: what a commit costs is paid once for all of them.

The original rows of each batch are written first, then the events of all in one commit with the batches' ids.
Whatever kills the process, a batch is there whole or not at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from timeline.errors import StoreError
from timeline.records import digest
from timeline.store.articles import now
from timeline.store.events import append_batches
from timeline.store.imports import batches
from timeline.store.imports.batches import Batch
from timeline.store.imports.choosing import Chosen, choose_rows
from timeline.store.imports.mapping import Mapped
from timeline.store.imports.originals import name_batch, write_originals
from timeline.store.imports.quarantine import put_aside, quarantine_file
from timeline.store.originals import original_file
from timeline.store.project import Project, explain
from timeline.store.seals import hash_files, write_seals

MOST_BATCHES = 100  # in hand at once, however small they are
_ENTER = (
    "INSERT OR REPLACE INTO originals (batch, import, number, first, last, events, changed, known, rejected, turn)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(turn), 0) + 1 FROM originals))"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that is being read: the id of its import, and what the record says or is to say of it.

    `done` are the numbers of the batches that an earlier run stored.
    """

    name: str
    file: str
    digest: str
    format: str
    begun: str
    done: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A batch in hand, with the id it is entered under."""

    id: str
    opened: Opened
    batch: Batch
    mapped: Mapped

    @property
    def keys(self) -> NDArray[np.int64]:
        return np.asarray(self.mapped.rows["event_id"].to_numpy())


class Gathering:
    """What was read and is not stored yet; never more than a batch of the usual size, and the one that fills it."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._drop()

    @property
    def is_full(self) -> bool:
        """Whether it is time to store."""
        # Half of it: a batch that was cut at this size may have become a little smaller since.
        return self._bytes * 2 >= batches.BATCH_BYTES or len(self._waiting) >= MOST_BATCHES

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be stored."""
        return not (self._opened or self._waiting or self._read_whole)

    def holds(self, name: str) -> bool:
        """Whether the import of this id waits to be stored."""
        of_batches = (one.opened for one in self._waiting)
        return any(one.name == name for one in (*self._opened, *of_batches, *self._read_whole))

    def open(self, opened: Opened) -> None:
        """Begin with a table; it is entered in the record even if no row of it can be read."""
        self._opened.append(opened)

    def add(self, opened: Opened, batch: Batch, mapped: Mapped) -> None:
        """Take a batch of a table in hand."""
        self._waiting.append(_Waiting(name_batch(opened.name, batch.number), opened, batch, mapped))
        self._bytes += sum(column.nbytes for column in batch.columns.values())

    def close(self, opened: Opened) -> None:
        """The table was read to its end: with its last batch it counts as finished."""
        self._read_whole.append(opened)

    def store(self) -> None:
        """Put everything on disk. Nothing is in hand afterwards, also where this fails.

        Raises:
            StoreError: The project cannot be written; what is not stored is found by the next run.
        """
        opened, waiting, read_whole = self._opened, self._waiting, self._read_whole
        self._drop()
        if opened:
            self._enter(opened)
        if waiting := self._without_stored(waiting):
            self._store(waiting)
        if read_whole:
            with self._project.write() as db:
                ended = [(now(), one.name) for one in read_whole]
                db.executemany("UPDATE imports SET finished = ? WHERE id = ?", ended)

    def _drop(self) -> None:
        self._opened: list[Opened] = []
        self._waiting: list[_Waiting] = []
        self._read_whole: list[Opened] = []
        self._bytes = 0

    def _enter(self, opened: Sequence[Opened]) -> None:
        rows = [(one.name, one.file, one.digest, one.format, one.begun) for one in opened]
        with self._project.write() as db:
            db.executemany(
                "INSERT OR IGNORE INTO imports (id, file, digest, format, begun) VALUES (?, ?, ?, ?, ?)", rows
            )

    def _without_stored(self, waiting: Sequence[_Waiting]) -> list[_Waiting]:
        """The batches that no other process has stored meanwhile."""
        with self._project.read() as db:
            return [
                one for one in waiting if db.execute("SELECT 1 FROM batches WHERE id = ?", (one.id,)).fetchone() is None
            ]

    def _store(self, waiting: Sequence[_Waiting]) -> None:
        """Original rows and quarantine, then the events of all batches in one commit."""
        project = self._project
        pairs = list(zip(waiting, choose_rows(project, [one.mapped for one in waiting]), strict=True))
        try:
            for one, chosen in pairs:
                if len(chosen.kept):
                    write_originals(project, one.batch, one.mapped, chosen.kept, digest(one.id))
                aside = quarantine_file(project, one.opened.name)
                put_aside(aside, one.opened.file, one.batch.number, one.mapped.rejected)
        except OSError as error:
            raise StoreError(explain(error, project.path, "import into")) from error
        kept = [original_file(project, digest(one.id)) for one, chosen in pairs if len(chosen.kept)]
        seals = hash_files(project, kept)

        def enter(db: sqlite3.Connection, names: tuple[str, ...]) -> None:
            described = [_describe(one, chosen) for one, chosen in pairs if one.id in names]
            db.executemany(_ENTER, described)
            write_seals(db, seals)

        new = {one.id: one.mapped.rows.take(pa.array(chosen.new)) for one, chosen in pairs}
        newer = {one.id: one.mapped.rows.take(pa.array(chosen.newer)) for one, chosen in pairs}
        append_batches(project, new, newer, enter)


def read_batches_done(project: Project, name: str) -> frozenset[int]:
    """The numbers of the batches of an import that are stored."""
    start = name_batch(name, 0)[:-1]
    with project.read() as db:
        rows = db.execute("SELECT id FROM batches WHERE id GLOB ?", (f"{start}*",)).fetchall()
    return frozenset(int(row[0].removeprefix(start)) for row in rows)


def _describe(one: _Waiting, chosen: Chosen) -> tuple[str | int, ...]:
    """The record's row on a batch, without its turn, of which these rows are kept."""
    kept = one.keys[chosen.kept]
    first, last = (int(kept.min()), int(kept.max())) if len(kept) else (1, 0)
    counts = (len(chosen.new), len(chosen.newer), len(one.keys) - len(kept), len(one.mapped.rejected))
    return (digest(one.id), one.opened.name, one.batch.number, first, last, *counts)
