"""What is damaged in a project folder: every part read whole, every fault named with what mends it.

The record is checked by SQLite's own means and by reading back every coding; the event table, its projection and
rollups, and the original rows of imports by reading every page of their files and counting.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as papq

from timeline.errors import StoreError, TimelineError
from timeline.records import Coding, Mention, TimeExpression
from timeline.store.originals import original_file
from timeline.store.project import RECORD, Project
from timeline.store.seals import hash_file, read_seals
from timeline.store.serial import from_json, many_from_json
from timeline.store.snapshot import (
    NEWER,
    Snapshot,
    derived_file,
    list_files,
    quote_files,
    read_snapshot,
    reading_table,
)

SEARCH_INDEXES = {"text_index": ("texts", "article"), "sentence_index": ("codings", "key")}
_MOST_FAULTS = 20  # of SQLite's own list
_COUNTING_MEMORY = "256MB"


class Remedy(StrEnum):
    """What mends a fault: a backup, coding the article again, or making again what is derived."""

    RESTORE = "restore"
    RECODE = "recode"
    REBUILD = "rebuild"
    INDEX = "index"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the part it is in, the file or article, what was found, what mends it."""

    part: str
    subject: str
    message: str
    remedy: Remedy


ProgressCallback = Callable[[int, int, str], None]


def check_project(project: Project, progress: ProgressCallback | None = None) -> tuple[Fault, ...]:
    """Read all of a project and name what is damaged; nothing is changed. Empty if all is well.

    Args:
        project: The project; it may be in use meanwhile.
        progress: Called with the steps done, all steps, and what is looked at.
    """
    steps: tuple[tuple[str, Callable[[Project], Iterable[Fault]]], ...] = (
        ("record", _check_record),
        ("search index", _check_indexes),
        ("codings", _check_codings),
        ("original rows", _check_originals),
        ("event table", _check_events),
    )
    found: list[Fault] = []
    for number, (part, check) in enumerate(steps):
        if progress:
            progress(number, len(steps), part)
        try:
            found += check(project)
        except StoreError as error:  # the record is too damaged to be asked
            found.append(Fault(part, RECORD, str(error), Remedy.RESTORE))
            break
    return tuple(found)


def _check_record(project: Project) -> Iterator[Fault]:
    with project.read() as db:
        for (line,) in db.execute(f"PRAGMA integrity_check({_MOST_FAULTS})").fetchall():
            if line != "ok":
                yield Fault("record", RECORD, str(line), Remedy.RESTORE)
        for table, row, parent, _ in db.execute("PRAGMA foreign_key_check").fetchmany(_MOST_FAULTS):
            yield Fault("record", RECORD, f"row {row} of {table} belongs to no row of {parent}", Remedy.RESTORE)


def _check_indexes(project: Project) -> Iterator[Fault]:
    """Each full-text index must hold the words of every text: the same rows as the table it serves."""
    with project.read() as db:
        for index, (table, key) in SEARCH_INDEXES.items():
            unlike = db.execute(
                f"SELECT (SELECT count(*) FROM {table} WHERE {key} NOT IN (SELECT id FROM {index}_docsize))"
                f" + (SELECT count(*) FROM {index}_docsize WHERE id NOT IN (SELECT {key} FROM {table}))"
            ).fetchone()[0]
            if unlike:
                yield Fault("search index", index, f"{unlike:,} rows are missing or of no text", Remedy.INDEX)


def _check_codings(project: Project) -> Iterator[Fault]:
    """Every coding and reading must parse and lie within its text."""
    with project.read() as db:
        rows = db.execute(
            "SELECT a.id, length(t.text), c.body FROM codings c JOIN articles a ON a.key = c.article"
            " JOIN texts t ON t.article = c.article ORDER BY a.id"
        )
        yield from _once_each(_explain_codings(rows))
        rows = db.execute("SELECT a.id, r.timexes, r.mentions FROM readings r JOIN articles a ON a.key = r.article")
        yield from _once_each(_explain_readings(rows))


def _explain_codings(rows: Iterable[tuple[str, int, str]]) -> Iterator[tuple[str, str]]:
    for article, length, body in rows:
        try:
            coding = from_json(Coding, body)
        except (TimelineError, ValueError) as error:
            yield article, f"a coding cannot be read: {error}"
            continue
        if not 0 <= coding.start <= coding.end <= length:
            yield article, f"a coding at {coding.start}-{coding.end} lies outside the text of {length} characters"


def _explain_readings(rows: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    for article, timexes, mentions in rows:
        try:
            many_from_json(TimeExpression, timexes)
            many_from_json(Mention, mentions)
        except (TimelineError, ValueError) as error:
            yield article, f"its time expressions or mentions cannot be read: {error}"


def _once_each(problems: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """The first problem of each article: coding it again mends them all."""
    for article, message in dict(reversed(list(problems))).items():
        yield Fault("article", article, message, Remedy.RECODE)


def _check_originals(project: Project) -> Iterator[Fault]:
    with project.read() as db:
        rows = db.execute(
            "SELECT o.batch, o.events + o.changed, i.file FROM originals o JOIN imports i ON i.id = o.import"
            " WHERE o.events + o.changed > 0"
        ).fetchall()
    seals = read_seals(project)
    for batch, kept, file in rows:
        message = _read_whole(project, original_file(project, batch), seals, kept)
        if message:
            yield Fault("original rows", batch, f"{message}; {kept:,} rows of {file}", Remedy.IMPORT)


def _check_events(project: Project) -> Iterator[Fault]:
    with project.read() as db:  # one state: an import may be going on
        snapshot = read_snapshot(project)
        codings, merged = db.execute("SELECT (SELECT count(*) FROM codings), (SELECT count(*) FROM merged)").fetchone()
        imported, kept = db.execute(
            "SELECT (SELECT coalesce(sum(events), 0) FROM batches), (SELECT coalesce(sum(events), 0) FROM originals)"
        ).fetchone()
    if snapshot is None:
        if codings or kept:
            yield Fault("event table", "events", "it is missing", Remedy.REBUILD)
        return
    if kept > imported:
        message = f"{kept - imported:,} imported events are missing: an import or a repair was interrupted"
        yield Fault("event table", "events", message, Remedy.REBUILD)
    try:
        files, newer = list_files(project, snapshot), list_files(project, snapshot, (NEWER,))
    except StoreError as error:
        yield Fault("event table", "events", str(error), Remedy.REBUILD)
        return
    seals = read_seals(project)
    faults = [(file, message) for file in (*files, *newer) if (message := _read_whole(project, Path(file), seals))]
    for file, message in faults:
        yield Fault("event table", Path(file).name, message, Remedy.REBUILD)
    if not faults:
        yield from _count_events(project, files, snapshot, merged + imported)
    for name in snapshot.extras:
        if message := _read_whole(project, derived_file(project, name), seals):
            yield Fault("event table", name, message, Remedy.REBUILD)


def _count_events(project: Project, files: Iterable[str], snapshot: Snapshot, expected: int) -> Iterator[Fault]:
    """Every event once, and as many as the record knows of."""
    rows, different = _count_keys(project, files)
    if rows != snapshot.events or rows != expected:
        message = f"it holds {rows:,} events where the record knows of {expected:,}"
        yield Fault("event table", "events", message, Remedy.REBUILD)
    if twice := rows - different:
        yield Fault("event table", "events", f"events that stand in it more than once: {twice:,}", Remedy.REBUILD)


def _count_keys(project: Project, files: Iterable[str]) -> tuple[int, int]:
    """How many rows there are, and how many different keys; what does not fit into the memory set is spilled."""
    listed = list(files)
    if not listed:
        return 0, 0
    with (
        reading_table(project),
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(duckdb.connect(config={"autoinstall_known_extensions": False})) as connection,
    ):
        connection.execute(f"SET threads = 1; SET memory_limit = '{_COUNTING_MEMORY}'")
        connection.execute("SET temp_directory = ?", [folder])
        rows, different = connection.execute(
            "SELECT coalesce(sum(times), 0)::BIGINT, count(*) FROM"
            f" (SELECT count(*) AS times FROM read_parquet({quote_files(listed)}) GROUP BY event_id)"
        ).fetchall()[0]
    return rows, different


def _read_whole(project: Project, file: Path, seals: Mapping[str, str], rows: int | None = None) -> str:
    """What is wrong with a Parquet file, "" if nothing: every page is read, and the hash compared if there is one."""
    try:
        with papq.ParquetFile(file) as parquet:
            read = sum(len(batch) for batch in parquet.iter_batches())
    except FileNotFoundError:
        return f"{file.name} is missing"
    except (OSError, pa.ArrowException) as error:
        return f"{file.name} is damaged ({error})"
    seal = seals.get(file.relative_to(project.path).as_posix())
    if seal is not None and seal != hash_file(file):
        return f"{file.name} has changed since it was written"
    if rows is not None and read != rows:
        return f"{file.name} holds {read:,} rows where {rows:,} were written"
    return ""


def rebuild_index(db: sqlite3.Connection, index: str) -> None:
    """Fill a full-text index anew from the table it serves."""
    table, key = SEARCH_INDEXES[index]
    columns = "title, text" if table == "texts" else "sentence"
    db.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")
    db.execute(f"INSERT INTO {index} (rowid, {columns}) SELECT {key}, {columns} FROM {table}")
