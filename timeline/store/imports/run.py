"""Importing files: batch by batch, resumable, and twice the same as once.

Batches are stored with their ids, those of many small files together (see `gathering`). Whatever kills the process,
the next run of the same command finds which batches are there and goes on behind them. Rows whose event is in the
table already, from this file or another, are counted and left out, unless the data set says that they are newer: these
wait beside the table, and finishing the import puts them in the place of the old ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from timeline.errors import UnreadableInputError
from timeline.records import digest
from timeline.store.articles import now
from timeline.store.events import compact
from timeline.store.imports.batches import Batch, read_batches, read_json_lines, read_parquet
from timeline.store.imports.formats import Found, find_format
from timeline.store.imports.gathering import Gathering, Opened, read_batches_done
from timeline.store.imports.mapping import Mapper
from timeline.store.imports.opening import Input, Utf8Stream, list_inputs
from timeline.store.imports.quarantine import keep_batches, quarantine_file
from timeline.store.project import Project
from timeline.store.serial import clean
from timeline.store.snapshot import read_snapshot

# What became of the rows of batches: `events`, `changed`, `known` and `rejected`, as in `Imported`.
_ROWS = (
    "coalesce(sum(o.events), 0), coalesce(sum(o.changed), 0), coalesce(sum(o.known), 0), coalesce(sum(o.rejected), 0)"
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file: its rows that are events now, those already there, and those put aside.

    `changed` are the rows that replace older ones of events that were there; they show once the import is finished.
    `quarantine` is the file that holds the rows put aside, None if there are none. `again` tells that the file
    had been imported whole before. `finished` is False where the run was asked to stop, and where `problem` says
    what is wrong with the file from some row on, or with one member of an archive.
    """

    file: str
    format: str
    events: int = 0
    changed: int = 0
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
    changed: int
    known: int
    rejected: int


ProgressCallback = Callable[[ImportProgress], None]


def list_imports(project: Project) -> tuple[KeptImport, ...]:
    """Every table imported so far, in the order of their first import; empty before any."""
    with project.read() as db:
        rows = db.execute(
            f"SELECT i.file, i.format, i.begun, i.finished IS NOT NULL, {_ROWS}"
            " FROM imports i LEFT JOIN originals o ON o.import = i.id GROUP BY i.id ORDER BY i.begun, i.id"
        ).fetchall()
    return tuple(
        KeptImport(file, kind, begun, bool(finished), *counts) for file, kind, begun, finished, *counts in rows
    )


def import_files(
    project: Project,
    paths: Iterable[Path],
    format_name: str = "auto",
    progress: ProgressCallback | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Imported]:
    """Import the tables in files: one in each, or one for each member of a .zip. Call `finish_import` after the last.

    Args:
        project: The project.
        paths: The files, plain, .gz or .zip.
        format_name: One of `formats.NAMES`, or "auto".
        progress: Called after each batch that was read; those of small files wait to be stored together.
        should_stop: Asked after each batch and each file; what was read by then is stored.

    Yields:
        What became of each table, in their order, once its rows are stored. A file that is no event table of that
        format has its problem with it and no format. One that is damaged has its problem with it too: what was read
        before stays, and the other members of its archive are read.

    Raises:
        StoreError: The project cannot be written.
    """
    reading = _Reading(project, format_name, progress, should_stop)
    try:
        for path in paths:
            reading.read(path)
            yield from reading.tell()
            if should_stop():
                break
    except Exception:
        reading.store()  # the files before are not to blame
        raise
    reading.store()
    yield from reading.tell()


def import_file(
    project: Project,
    path: Path,
    format_name: str = "auto",
    progress: ProgressCallback | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Imported, ...]:
    """Import the tables in one file, see `import_files`.

    Raises:
        UnreadableInputError: Nothing in the file is an event table of that format.
        StoreError: The project cannot be written.
    """
    done = tuple(import_files(project, [path], format_name, progress, should_stop))
    if len(done) == 1 and not done[0].format:
        raise UnreadableInputError(done[0].problem)
    return done


def finish_import(project: Project) -> None:
    """Sort what was imported, put newer rows in the place of older ones, and rebuild what speeds up queries.

    Nothing is done if nothing was added.
    """
    snapshot = read_snapshot(project)
    with project.read() as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'compacted'").fetchone()
    if snapshot and (row is None or row[0] != snapshot.batch):
        after = compact(project)
        with project.write() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('compacted', ?)", (after.batch if after else "",))


class _Reading:
    """Reads files into what is gathered; tells of them in their order, once their rows are stored."""

    def __init__(
        self,
        project: Project,
        format_name: str,
        progress: ProgressCallback | None,
        should_stop: Callable[[], bool],
    ) -> None:
        self._project, self._format_name = project, format_name
        self._progress, self._should_stop = progress, should_stop
        self._gathering = Gathering(project)
        self._mappers: dict[str, Mapper] = {}
        self._read: list[tuple[str, Imported]] = []  # the import's id, "" if there is none, and what was seen of it
        self._stored: list[Imported] = []

    def read(self, path: Path) -> None:
        """Read the tables of a file, storing what is gathered whenever that is enough."""
        try:
            sources = list_inputs(path)
        except UnreadableInputError as error:
            self._read.append(("", Imported(str(path), "", finished=False, problem=str(error))))
            sources = []
        for source in sources:
            try:
                found = find_format(source, self._format_name)
            except UnreadableInputError as error:
                self._read.append(("", Imported(source.name, "", finished=False, problem=str(error))))
            else:
                self._read_table(source, found)
            if self._should_stop():
                break
        if self._gathering.is_empty:
            self.store()  # nothing more to wait for

    def store(self) -> None:
        """Store what is gathered."""
        read, self._read = self._read, []
        self._gathering.store()
        self._stored += [_count(self._project, name, seen) if name else seen for name, seen in read]

    def tell(self) -> Iterator[Imported]:
        """What became of the tables stored since the last time."""
        stored, self._stored = self._stored, []
        yield from stored

    def _read_table(self, source: Input, found: Found) -> None:
        name = digest("import", source.digest, found.format.name)
        if self._gathering.holds(name):  # of a copy of this file
            self.store()
        opened, again = _open(self._project, name, source, found)
        seen = Imported(opened.file, opened.format, again=again)
        if not again:
            keep_batches(quarantine_file(self._project, name), opened.done)
            self._gathering.open(opened)
            try:
                seen = replace(seen, finished=self._read_batches(opened, source, found))
            except UnreadableInputError as error:
                seen = replace(seen, finished=False, problem=str(error))
            if seen.finished:
                self._gathering.close(opened)
        self._read.append((name, seen))

    def _read_batches(self, opened: Opened, source: Input, found: Found) -> bool:
        """Gather the batches of a table that are not stored; False if the run was asked to stop."""
        mapper = self._mapper(found, source)
        rows = 0
        with source.open() as stream:
            for batch in _read(source, found, stream):
                if batch.number not in opened.done:
                    self._gathering.add(opened, batch, mapper.map(batch))
                    if self._gathering.is_full:
                        self.store()
                rows += len(batch.lines)
                if self._progress:
                    size = source.path.stat().st_size
                    self._progress(ImportProgress(source.name, rows, stream.tell_packed(), size))
                if self._should_stop():
                    return False
        return True

    def _mapper(self, found: Found, source: Input) -> Mapper:
        """The one of the format's files before, which knows what these had in common."""
        kept = self._mappers.get(found.format.name)
        mapper = kept.for_file(source.digest) if kept else Mapper(self._project, found.format, source.digest)
        self._mappers[found.format.name] = mapper
        return mapper


def _read(source: Input, found: Found, stream: Utf8Stream) -> Iterator[Batch]:
    if found.kind == "parquet":
        return read_parquet(source)
    if found.layout is None:
        return read_json_lines(source, stream)
    return read_batches(source, stream, found.layout)


def _open(project: Project, name: str, source: Input, found: Found) -> tuple[Opened, bool]:
    """The import as the record has it or is to have it, and whether it was finished before."""
    with project.read() as db:
        row = db.execute("SELECT file, begun, finished FROM imports WHERE id = ?", (name,)).fetchone()
    file, begun, finished = row or (clean(source.name), now(), None)
    done = read_batches_done(project, name) if row and not finished else frozenset()
    return Opened(name, file, source.digest, found.format.name, begun, done), bool(finished)


def _count(project: Project, name: str, seen: Imported) -> Imported:
    """What was seen of a table with the rows that the record has of it."""
    with project.read() as db:
        events, changed, known, rejected = db.execute(
            f"SELECT {_ROWS} FROM originals o WHERE o.import = ?", (name,)
        ).fetchone()
    aside = quarantine_file(project, name) if rejected else None
    return replace(seen, events=events, changed=changed, known=known, rejected=rejected, quarantine=aside)
