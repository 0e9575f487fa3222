"""The project folder: opening it, and transactions on its record.

`record.sqlite` holds all that cannot be derived again: articles, codings, corrections, provenance. It is in WAL
mode, so readers never wait and writers take turns. Each thread has a connection of its own; a project may be
open in any number of processes at once. `events/` is the event table, derived from the record or imported.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from timeline.errors import StoreError
from timeline.store.schema import check_version, migrate

RECORD = "record.sqlite"
EVENTS = "events"
DERIVED = "derived"
BUSY_SECONDS = 60.0
_LEAST_FREE = 1 << 20  # bytes; with fewer the disk is full
_CACHE_KIB = 32_768
_UNUSABLE = re.compile(r"[\[\]\\\x00-\x1f\x7f\ud800-\udfff]|%[0-9A-Fa-f]{2}")


class Project:
    """An open project folder. Share it between threads and pass its path to other processes.

    Made by `open_project`. The store's functions take it as their first argument; `read` and `write` are
    for them alone.
    """

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._local = threading.local()

    def __repr__(self) -> str:
        return f"Project({str(self.path)!r}{', read-only' if self.read_only else ''})"

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the record from start to end; may be nested."""
        with self._explained("read"):
            connection = self._connection()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on disk when the block ends, or leaves nothing if it raises.

        Raises:
            StoreError: The folder is read-only, the disk is full, or another writer did not finish in a minute.
        """
        if self.read_only:
            raise StoreError(
                f"{self.path}: the folder cannot be written to; copy it elsewhere or change its permissions"
            )
        with self._explained("write"):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def vacuum(self) -> None:
        """Write the record anew without its free pages, and empty its log.

        Raises:
            StoreError: Another process is writing, or the disk cannot hold a second copy.
        """
        with self._explained("compact"):
            connection = self._connection()
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close this thread's connection; the project opens it again when needed."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection; a forked process must not use its parent's."""
        local = self._local
        if getattr(local, "connection", None) is None or local.pid != os.getpid():
            local.connection = _connect(self.path / RECORD, read_only=self.read_only)
            local.pid = os.getpid()
        connection: sqlite3.Connection = local.connection
        return connection

    @contextlib.contextmanager
    def _explained(self, action: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(explain(error, self.path, action)) from error


def open_project(path: str | Path, *, create: bool = False) -> Project:
    """Open a project folder, bringing one of an earlier release up to date.

    Args:
        path: The folder.
        create: Make the folder, and an empty project in it, if there is none.

    Raises:
        StoreError: There is no project, the folder cannot be written or read, or its file is damaged.
        NewerStoreError: A later release wrote it.
    """
    folder = Path(path).expanduser().absolute()
    _check_name(folder)
    exists = (folder / RECORD).is_file()
    if not exists:
        _check_new(folder, create=create)
    read_only = exists and not (os.access(folder, os.W_OK) and os.access(folder / RECORD, os.W_OK))
    project = Project(folder, read_only=read_only)
    try:
        connection = project._connection()
        if read_only:
            check_version(connection, str(folder))
        else:
            migrate(connection, str(folder))
    except sqlite3.Error as error:
        project.close()
        raise StoreError(explain(error, folder, "open")) from error
    except StoreError:
        project.close()
        raise
    return project


def connect_to_read(file: Path) -> sqlite3.Connection:
    """A connection that changes nothing, also where nothing can be changed; others may write meanwhile.

    Raises:
        sqlite3.Error: The file cannot be read, or not as it is now: what was written last is still in its log.
    """
    try:
        return _open(f"{file.as_uri()}?mode=ro")
    except sqlite3.OperationalError:
        # WAL needs a shared-memory file beside the record, which cannot be made here. With no log
        # left beside it, the file is complete in itself and may be read as it stands.
        wal = file.with_name(file.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise
        return _open(f"{file.as_uri()}?mode=ro&immutable=1")


def explain(error: Exception, folder: Path, action: str) -> str:
    """What went wrong with the folder, for its user, and what to do."""
    text = _say(error, folder).lower()
    # SQLite says so of a file beside the record that it cannot make longer.
    full = "disk i/o error" in text and shutil.disk_usage(folder if folder.exists() else ".").free < _LEAST_FREE
    if full or "full" in text or "no space" in text:
        return f"{folder}: the disk is full; what was finished is kept. Free some space and run the command again"
    if "readonly" in text or "read-only" in text or "permission" in text:
        return f"{folder}: the folder cannot be written to; copy it elsewhere or change its permissions"
    if "locked" in text or "busy" in text:
        return f"{folder}: another process has been writing for over {BUSY_SECONDS:.0f} s; wait for it, then try again"
    if "not a database" in text or "malformed" in text or "corrupt" in text:
        return f"{folder}: {RECORD} is damaged ({error}); restore it from a backup. Nothing was changed"
    return f"{folder}: cannot {action} the project: {error}"


def _say(error: Exception, folder: Path) -> str:
    """An error's words without the paths they name: a folder may be called "full" or "locked"."""
    text = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return text.replace(str(folder), "").replace(str(folder.parent), "")


def _check_name(folder: Path) -> None:
    """Refuse the few characters in a path that the Delta library cannot take."""
    found = _UNUSABLE.search(folder.as_posix())
    if found:
        raise StoreError(f"{folder}: a project's path must not hold {found.group()!r}; choose or rename the folder")


def _check_new(folder: Path, *, create: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file; a project is a folder")
    if not create:
        raise StoreError(f"{folder}: no project here ({RECORD} is missing); add articles to start one")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot make the folder: {error.strerror or error}") from error


def _connect(file: Path, *, read_only: bool) -> sqlite3.Connection:
    if read_only:
        return connect_to_read(file)
    connection = _open(str(file))
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Set WAL mode once; the switch does not wait its turn as statements do, so we do."""
    deadline = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _open(target: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        target, timeout=BUSY_SECONDS, isolation_level=None, uri=target.startswith("file:"), check_same_thread=False
    )
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection
