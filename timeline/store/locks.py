"""A lock between processes that a killed one cannot leave behind.

SQLite's own file locks do it on every system: a transaction on an empty database beside the record. The
record itself stays free meanwhile, so articles can be added and coded while the event table is written.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from timeline.errors import StoreError
from timeline.store.project import explain

_PATIENCE_SECONDS = 600.0


@contextlib.contextmanager
def exclusive(file: Path, *, patience: float = _PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the lock during the block; others wait.

    Raises:
        StoreError: The lock was not free within `patience` seconds, or the folder cannot be written.
    """
    connection = sqlite3.connect(file, timeout=patience, isolation_level=None)
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise StoreError(explain(error, file.parent, "lock")) from error
            raise StoreError(
                f"{file.parent}: cannot lock the event table ({error}); another process may still be writing it"
            ) from error
        yield
    finally:
        connection.close()
