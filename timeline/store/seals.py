"""Hashes of the files that stand beside the record, so that a changed byte in one is noticed.

Parquet as it is written here has no checksums: a damaged page may decode to other numbers. A file is sealed when it
is written, in the transaction that begins to count on it, and never changes after.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from timeline.store.project import Project


def seal_files(project: Project, files: Iterable[Path]) -> dict[str, str]:
    """Hashes of the files that have none yet, by their path in the project; call before the transaction."""
    with project.read() as db:
        sealed = "SELECT 1 FROM seals WHERE file = ?"
        new = [file for file in files if not db.execute(sealed, (_name(project, file),)).fetchone()]
    return hash_files(project, new)


def hash_files(project: Project, files: Iterable[Path]) -> dict[str, str]:
    """The hash of each file, by its path in the project."""
    return {_name(project, file): hash_file(file) for file in files}


def write_seals(db: sqlite3.Connection, seals: Mapping[str, str]) -> None:
    """Enter hashes in the record."""
    db.executemany("INSERT OR REPLACE INTO seals VALUES (?, ?)", seals.items())


def forget_seals(db: sqlite3.Connection, project: Project) -> None:
    """Drop the hashes of files that are gone."""
    names = [row[0] for row in db.execute("SELECT file FROM seals")]
    db.executemany(
        "DELETE FROM seals WHERE file = ?", [(name,) for name in names if not (project.path / name).exists()]
    )


def read_seals(project: Project) -> dict[str, str]:
    """The hash of every sealed file, by its path in the project."""
    with project.read() as db:
        return dict(db.execute("SELECT file, digest FROM seals"))


def hash_file(file: Path) -> str:
    """BLAKE2b of a file's bytes, 32 hexadecimal digits."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _name(project: Project, file: Path) -> str:
    return file.relative_to(project.path).as_posix()
