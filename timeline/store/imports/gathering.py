"""Batches of one file, or of many small ones, stored together: what a commit costs is paid once for all of them.

The original rows of each batch are written first, then the events of all in one commit with the batches' ids.
Whatever kills the process, a batch is there whole or not at all.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from timeline.errors import StoreError
from timeline.records import digest
from timeline.store.articles import now
from timeline.store.events import append_batches
from timeline.store.imports import batches
from timeline.store.imports.batches import Batch
from timeline.store.imports.mapping import Mapped
from timeline.store.imports.originals import write_originals
from timeline.store.imports.quarantine import put_aside, quarantine_file
from timeline.store.originals import original_file
from timeline.store.project import Project, explain
from timeline.store.seals import hash_files, write_seals
from timeline.store.snapshot import list_files, quote_files, read_snapshot, reading_table

MOST_BATCHES = 100  # in hand at once, however small they are


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
        new = _find_new(project, [one.keys for one in waiting])
        try:
            for one, rows in zip(waiting, new, strict=True):
                if len(rows):
                    write_originals(project, one.batch, one.mapped, rows, digest(one.id))
                aside = quarantine_file(project, one.opened.name)
                put_aside(aside, one.opened.file, one.batch.number, one.mapped.rejected)
        except OSError as error:
            raise StoreError(explain(error, project.path, "import into")) from error
        kept = [original_file(project, digest(one.id)) for one, rows in zip(waiting, new, strict=True) if len(rows)]
        seals = hash_files(project, kept)
        with project.write() as db:
            db.executemany(
                "INSERT OR REPLACE INTO originals VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_describe, waiting, new)
            )
            write_seals(db, seals)
        append_batches(
            project, {one.id: one.mapped.rows.take(pa.array(rows)) for one, rows in zip(waiting, new, strict=True)}
        )


def name_batch(name: str, number: int) -> str:
    """The id under which a batch of an import is entered."""
    return f"import-{name}-{number}"


def read_batches_done(project: Project, name: str) -> frozenset[int]:
    """The numbers of the batches of an import that are stored."""
    start = name_batch(name, 0)[:-1]
    with project.read() as db:
        rows = db.execute("SELECT id FROM batches WHERE id GLOB ?", (f"{start}*",)).fetchall()
    return frozenset(int(row[0].removeprefix(start)) for row in rows)


def _describe(one: _Waiting, rows: NDArray[np.int64]) -> tuple[str | int, ...]:
    """The record's row on a batch, of which these rows are new."""
    keys = one.keys[rows]
    first, last = (int(keys.min()), int(keys.max())) if len(keys) else (1, 0)
    known = len(one.mapped.rows) - len(rows)
    counts = (len(rows), known, len(one.mapped.rejected))
    return (digest(one.id), one.opened.name, one.batch.number, first, last, *counts)


def _find_new(project: Project, keys: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Of each batch the indices of the rows whose event is not in the table, the first of each id in all batches."""
    every = np.concatenate(keys)
    _, first = np.unique(every, return_index=True)
    first.sort()
    new = first[~np.isin(every[first], _find_known(project, every[first]))]
    bounds = np.cumsum([0, *map(len, keys)])
    return [new[(new >= low) & (new < high)] - low for low, high in itertools.pairwise(bounds)]


def _find_known(project: Project, keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of some keys that are in the table."""
    snapshot = read_snapshot(project)
    files = list_files(project, snapshot) if snapshot else ()
    if not len(keys) or not files:
        return np.array([], dtype=np.int64)
    with (
        reading_table(project),
        contextlib.closing(duckdb.connect(config={"autoinstall_known_extensions": False})) as connection,
    ):
        connection.execute("SET threads = 1; SET memory_limit = '500MB'")
        connection.register("offered", pa.table({"event_id": pa.array(keys)}))
        known = connection.execute(
            f"SELECT event_id FROM read_parquet({quote_files(files)}) WHERE event_id BETWEEN ? AND ?"
            " AND event_id IN (SELECT event_id FROM offered)",
            [int(keys.min()), int(keys.max())],
        ).fetchnumpy()["event_id"]
    return np.asarray(known, dtype=np.int64)
