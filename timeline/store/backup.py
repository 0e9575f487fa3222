"""A project in one file, taken while it is in use, and a project made from one.

The file is a zip with the record as one state of it, the original rows and the quarantine of imports. The event
table is left out: it is made again on restoring.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from timeline.errors import StoreError
from timeline.store.articles import now
from timeline.store.events import Merge
from timeline.store.originals import ORIGINALS
from timeline.store.project import RECORD, Project, connect_to_read, explain, open_project
from timeline.store.repair import rebuild_events
from timeline.store.schema import SCHEMA_VERSION
from timeline.version import VERSION

MANIFEST = "backup.json"
QUARANTINE = "quarantine"
_FORMAT = 1
_MEMBER = re.compile(rf"{re.escape(RECORD)}|{re.escape(MANIFEST)}|(?:{ORIGINALS}|{QUARANTINE})/[0-9a-f]{{16}}\.[a-z]+")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds: bytes of the file, and how many articles, codings, corrections and imported rows."""

    bytes: int
    articles: int
    codings: int
    corrections: int
    imported: int


def back_up(project: Project, target: Path) -> BackedUp:
    """Write a project to one file; it may be in use meanwhile, and what is saved later is not in it.

    The file appears when it is whole and on disk; one that is there is replaced.

    Raises:
        StoreError: The disk is full, the folder of `target` cannot be written, or the record is damaged.
    """
    part = target.with_name(target.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            record = Path(folder) / RECORD
            _copy_record(project, record)
            counts = _count(record)  # not the project's: it may be written to meanwhile
            with part.open("wb") as file:
                _write_zip(project, record, file)
                file.flush()
                os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):  # where nothing can be written nothing can be deleted
            part.unlink(missing_ok=True)
        raise StoreError(explain(error, target, "back up to")) from error
    return BackedUp(target.stat().st_size, *counts)


def restore(
    source: Path,
    folder: Path,
    merge: Merge | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Project:
    """Make a project of a backup.

    Args:
        source: What `back_up` wrote.
        folder: Where to; it must not exist, or be empty.
        merge: Codings to events, see `derive_events`.
        progress: As in `rebuild_events`.

    Raises:
        StoreError: It is no backup, it is damaged, or there is something in the folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder}: is not empty; restore into a new folder, then put it where you want it")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    except OSError as error:
        raise StoreError(explain(error, folder, "restore")) from error
    try:
        _extract(source, aside)
        project = open_project(aside)
        rebuild_events(project, merge, progress)
        project.close()
        if folder.exists():
            folder.rmdir()
        aside.rename(folder)
    except OSError as error:
        raise StoreError(explain(error, folder, "restore")) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return open_project(folder)


def _copy_record(project: Project, target: Path) -> None:
    """One state of the record, whatever is written to it meanwhile; read once whole, for it may copy damage too."""
    try:
        connection = connect_to_read(project.path / RECORD)
    except sqlite3.Error as error:
        raise StoreError(explain(error, project.path, "back up")) from error
    copy = sqlite3.connect(target)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(f"malformed: {' '.join(found.split())}")
    except sqlite3.Error as error:
        # It is read there and written here, and only the second can be full.
        place = target.parent.parent if "full" in str(error) else project.path
        raise StoreError(explain(error, place, "back up")) from error
    finally:
        connection.close()
        copy.close()


def _count(record: Path) -> tuple[int, ...]:
    query = (
        "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM codings), (SELECT count(*) FROM corrections),"
    )
    with contextlib.closing(sqlite3.connect(record)) as db:
        return tuple(db.execute(f"{query} (SELECT coalesce(sum(events), 0) FROM originals)").fetchone())


def _write_zip(project: Project, record: Path, file: object) -> None:
    """The record packed; Parquet files as they are, they are packed already."""
    manifest = {"backup": _FORMAT, "timeline": VERSION, "store": SCHEMA_VERSION, "made": now()}
    with sqlite3.connect(record) as db:
        batches = [
            row[0] for row in db.execute("SELECT batch FROM originals WHERE events + changed > 0 ORDER BY batch")
        ]
    db.close()
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:  # type: ignore[call-overload]
        archive.writestr(MANIFEST, json.dumps(manifest))
        archive.write(record, RECORD, zipfile.ZIP_DEFLATED)
        for batch in batches:
            archive.write(project.path / ORIGINALS / f"{batch}.parquet", f"{ORIGINALS}/{batch}.parquet")
        for aside in sorted((project.path / QUARANTINE).glob("*.jsonl")):
            archive.write(aside, f"{QUARANTINE}/{aside.name}", zipfile.ZIP_DEFLATED)


def _extract(source: Path, folder: Path) -> None:
    """Unpack a backup: only names we write, no more bytes than they say and than there is room for."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _check_manifest(source, archive)
            unknown = next((one.filename for one in members if not _MEMBER.fullmatch(one.filename)), None)
            if unknown is not None:
                raise StoreError(f"{source}: holds {unknown!r}, which no backup does; nothing was restored")
            needed, free = sum(one.file_size for one in members), shutil.disk_usage(folder).free
            if needed > free:
                raise StoreError(f"{source}: needs {needed / 1e6:,.0f} MB, {free / 1e6:,.0f} MB are free")
            for one in members:
                target = folder / one.filename
                target.parent.mkdir(exist_ok=True)
                with archive.open(one) as packed, target.open("wb") as plain:  # checks the size and the CRC
                    shutil.copyfileobj(packed, plain, _CHUNK)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise StoreError(f"{source}: is no backup, or a damaged one ({error}); nothing was restored") from error
    (folder / MANIFEST).unlink()


def _check_manifest(source: Path, archive: zipfile.ZipFile) -> None:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        store = int(manifest["store"])
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{source}: is no backup of a project ({MANIFEST} is missing or damaged)") from error
    if store > SCHEMA_VERSION or RECORD not in archive.namelist():
        raise StoreError(
            f"{source}: written by a newer release (store version {store}, this one knows {SCHEMA_VERSION}); "
            "upgrade with: pip install --upgrade event-timeline"
        )
