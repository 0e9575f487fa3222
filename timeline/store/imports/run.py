"""Importing files: batch by batch, resumable, and twice the same as once.

For each batch the original rows are written first, then the events with the batch's id in one commit. Whatever
kills the process, the next run of the same command finds which batches are there and goes on behind them. Rows
whose event is in the table already, from this file or another, are counted and left out.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from timeline.errors import StoreError, UnreadableInputError
from timeline.records import digest
from timeline.store.articles import now
from timeline.store.events import append_events, compact
from timeline.store.imports.batches import Batch, Rejected, read_batches, read_json_lines, read_parquet
from timeline.store.imports.formats import Found, find_format
from timeline.store.imports.mapping import Mapped, Mapper
from timeline.store.imports.opening import Input, Utf8Stream, list_inputs
from timeline.store.imports.originals import write_originals
from timeline.store.originals import original_file
from timeline.store.project import Project, explain
from timeline.store.seals import hash_files, write_seals
from timeline.store.serial import clean
from timeline.store.snapshot import list_files, quote_files, read_snapshot, reading_table

QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file: its rows that are events now, those already there, and those put aside.

    `quarantine` is the file that holds the rows put aside, None if there are none. `again` tells that the file
    had been imported whole before. `finished` is False where the run was asked to stop, and where `problem` says
    what is wrong with the file from some row on, or with one member of an archive.
    """

    file: str
    format: str
    events: int = 0
    known: int = 0
    rejected: int = 0
    quarantine: Path | None = None
    again: bool = False
    finished: bool = True
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far a file is: rows read, and the share of its bytes."""

    file: str
    rows: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class KeptImport:
    """What the record knows of one imported table.

    `begun` is when it was first imported, in ISO 8601; `finished` tells whether it was read to its end. Rows are
    counted as in `Imported`.
    """

    file: str
    format: str
    begun: str
    finished: bool
    events: int
    known: int
    rejected: int


ProgressCallback = Callable[[ImportProgress], None]


def list_imports(project: Project) -> tuple[KeptImport, ...]:
    """Every table imported so far, in the order of their first import; empty before any."""
    with project.read() as db:
        rows = db.execute(
            "SELECT i.file, i.format, i.begun, i.finished IS NOT NULL, coalesce(sum(o.events), 0),"
            " coalesce(sum(o.known), 0), coalesce(sum(o.rejected), 0)"
            " FROM imports i LEFT JOIN originals o ON o.import = i.id GROUP BY i.id ORDER BY i.begun, i.id"
        ).fetchall()
    return tuple(
        KeptImport(file, kind, begun, bool(finished), *counts) for file, kind, begun, finished, *counts in rows
    )


def import_file(
    project: Project,
    path: Path,
    format_name: str = "auto",
    progress: ProgressCallback | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Imported, ...]:
    """Import the tables in a file: one, or one for each member of a .zip. Call `finish_import` after the last.

    Args:
        project: The project.
        path: The file, plain, .gz or .zip.
        format_name: One of `formats.NAMES`, or "auto".
        progress: Called after each batch.
        should_stop: Asked after each batch.

    Returns:
        What became of each table. One that is damaged has its problem with it: what was read before stays, and the
        other members of its archive are read.

    Raises:
        UnreadableInputError: Nothing in the file is an event table of that format.
        StoreError: The project cannot be written.
    """
    done: list[Imported] = []
    sources = list_inputs(path)
    for source in sources:
        try:
            found = find_format(source, format_name)
        except UnreadableInputError as error:
            if len(sources) == 1:
                raise
            done.append(Imported(source.name, "", finished=False, problem=str(error)))
        else:
            done.append(_import_input(project, source, found, progress, should_stop))
        if should_stop():
            break
    return tuple(done)


def finish_import(project: Project) -> None:
    """Sort what was imported and rebuild what speeds up queries; nothing is done if nothing was added."""
    snapshot = read_snapshot(project)
    with project.read() as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'compacted'").fetchone()
    if snapshot and (row is None or row[0] != snapshot.batch):
        after = compact(project)
        with project.write() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('compacted', ?)", (after.batch if after else "",))


def _import_input(
    project: Project,
    source: Input,
    found: Found,
    progress: ProgressCallback | None,
    should_stop: Callable[[], bool],
) -> Imported:
    name = digest("import", source.digest, found.format.name)
    known = _begin(project, name, source, found)
    if known:
        return known
    quarantine = _Quarantine(project, name)
    quarantine.keep_only(_batches_done(project, name))
    mapper = Mapper(project, found.format, source.digest)
    rows, finished, problem = 0, True, ""
    try:
        with source.open() as stream:
            for batch in _read(source, found, stream):
                _import_batch(project, mapper, batch, name, quarantine)
                rows += len(batch.lines)
                if progress:
                    progress(ImportProgress(source.name, rows, stream.tell_packed(), source.path.stat().st_size))
                if should_stop():
                    finished = False
                    break
    except UnreadableInputError as error:
        finished, problem = False, str(error)
    return replace(_end(project, name, quarantine, finished=finished), problem=problem)


def _read(source: Input, found: Found, stream: Utf8Stream) -> Iterator[Batch]:
    if found.kind == "parquet":
        return read_parquet(source)
    if found.layout is None:
        return read_json_lines(source, stream)
    return read_batches(source, stream, found.layout)


def _import_batch(project: Project, mapper: Mapper, batch: Batch, name: str, quarantine: _Quarantine) -> None:
    """One batch: original rows, quarantine, then the events with the batch's id in one commit."""
    batch_id = name_batch(name, batch.number)
    if _is_done(project, batch_id):
        return
    mapped = mapper.map(batch)
    new = _find_new(project, mapped)
    events = mapped.rows.take(pa.array(new))
    file = digest(batch_id)
    try:
        if len(new):
            write_originals(project, batch, mapped, new, file)
        quarantine.add(batch.number, mapped.rejected)
    except OSError as error:
        raise StoreError(explain(error, project.path, "import into")) from error
    seals = hash_files(project, [original_file(project, file)] if len(new) else [])
    keys = events["event_id"].to_numpy()
    first, last = (int(keys.min()), int(keys.max())) if len(keys) else (1, 0)
    with project.write() as db:
        db.execute(
            "INSERT OR REPLACE INTO originals VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (file, name, batch.number, first, last, len(new), len(mapped.rows) - len(new), len(mapped.rejected)),
        )
        write_seals(db, seals)
    append_events(project, events, batch_id)


def name_batch(name: str, number: int) -> str:
    """The id under which a batch of an import is entered."""
    return f"import-{name}-{number}"


def _find_new(project: Project, mapped: Mapped) -> NDArray[np.int64]:
    """Indices of the rows whose event is not in the table, the first of each id within the batch."""
    keys = mapped.rows["event_id"].to_numpy()
    _, first = np.unique(keys, return_index=True)
    first.sort()
    snapshot = read_snapshot(project)
    files = list_files(project, snapshot) if snapshot else ()
    if not len(first) or not files:
        return np.asarray(first, dtype=np.int64)
    offered = pa.table({"event_id": pa.array(keys[first])})
    with (
        reading_table(project),
        contextlib.closing(duckdb.connect(config={"autoinstall_known_extensions": False})) as connection,
    ):
        connection.execute("SET threads = 1; SET memory_limit = '500MB'")
        connection.register("offered", offered)
        known = connection.execute(
            f"SELECT event_id FROM read_parquet({quote_files(files)}) WHERE event_id BETWEEN ? AND ?"
            " AND event_id IN (SELECT event_id FROM offered)",
            [int(keys.min()), int(keys.max())],
        ).fetchnumpy()["event_id"]
    return np.asarray(first[~np.isin(keys[first], known)], dtype=np.int64)


def _begin(project: Project, name: str, source: Input, found: Found) -> Imported | None:
    """Enter the import in the record; what became of it if it was finished before."""
    with project.write() as db:
        row = db.execute("SELECT finished FROM imports WHERE id = ?", (name,)).fetchone()
        if row is None:
            values = (name, clean(source.name), source.digest, found.format.name, now())
            db.execute("INSERT INTO imports (id, file, digest, format, begun) VALUES (?, ?, ?, ?, ?)", values)
    return replace(_summarise(project, name), again=True) if row and row[0] else None


def _end(project: Project, name: str, quarantine: _Quarantine, *, finished: bool) -> Imported:
    quarantine.close()
    if finished:
        with project.write() as db:
            db.execute("UPDATE imports SET finished = ? WHERE id = ?", (now(), name))
    return replace(_summarise(project, name), finished=finished)


def _summarise(project: Project, name: str) -> Imported:
    with project.read() as db:
        file, kind = db.execute("SELECT file, format FROM imports WHERE id = ?", (name,)).fetchone()
        counts = db.execute(
            "SELECT coalesce(sum(events), 0), coalesce(sum(known), 0), coalesce(sum(rejected), 0)"
            " FROM originals WHERE import = ?",
            (name,),
        ).fetchone()
    aside = project.path / QUARANTINE / f"{name}.jsonl"
    return Imported(file, kind, counts[0], counts[1], counts[2], aside if counts[2] else None)


def _batches_done(project: Project, name: str) -> frozenset[int]:
    with project.read() as db:
        rows = db.execute("SELECT id FROM batches WHERE id GLOB ?", (f"import-{name}-*",)).fetchall()
    return frozenset(int(row[0].removeprefix(f"import-{name}-")) for row in rows)


def _is_done(project: Project, batch_id: str) -> bool:
    with project.read() as db:
        return db.execute("SELECT 1 FROM batches WHERE id = ?", (batch_id,)).fetchone() is not None


class _Quarantine:
    """The file of rows put aside: one JSON object a line with batch, file, line, reason and row."""

    def __init__(self, project: Project, name: str) -> None:
        self._path = project.path / QUARANTINE / f"{name}.jsonl"
        with project.read() as db:
            self._file: str = db.execute("SELECT file FROM imports WHERE id = ?", (name,)).fetchone()[0]

    def keep_only(self, batches: frozenset[int]) -> None:
        """Drop what a killed run wrote for a batch that it did not finish."""
        if not self._path.exists():
            return
        part = self._path.with_suffix(".part")
        with self._path.open(encoding="utf-8") as old, part.open("w", encoding="utf-8") as new:
            for line in old:
                with contextlib.suppress(ValueError):  # the last line may be cut short
                    if json.loads(line)["batch"] in batches:
                        new.write(line)
        part.replace(self._path)

    def add(self, batch: int, rejected: Sequence[Rejected]) -> None:
        """Write the rejected rows of a batch to disk."""
        if not rejected:
            return
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            for one in rejected:
                row = {"batch": batch, "file": self._file, "line": one.line, "reason": one.reason, "row": one.row}
                file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        """Remove a file without rows."""
        if self._path.exists() and not self._path.stat().st_size:
            self._path.unlink()
