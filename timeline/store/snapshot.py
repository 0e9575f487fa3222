"""Which state of the event table counts: one row in the record that points at files.

The table, its actor projection and its rollups are several files, written one after the other. They become
visible all at once, when the transaction that replaces this pointer is on disk. Readers ask for the pointer
first, and the files it names are kept for an hour after they are superseded.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pyarrow as pa
from deltalake import DeltaTable

from timeline.errors import StoreError
from timeline.store.project import DERIVED, EVENTS, Project

# Partitions of the event table: those that are read, and what begins the name of those with rows that wait to
# replace imported ones. The rest of such a name goes up, so of two rows of an event the one of the last counts.
READ, NEWER = ("record", "import"), "newer-"
_DAMAGE = ("parquet", "magic bytes", "decompress", "zstd", "thrift", "protocolexception")  # in DuckDB's own words
# Fields of a snapshot that name a projection or rollup.
EXTRAS = ("by_actor", "busy_pairs", "folds", "spans", "actor_months", "actor_kinds", "most_reported")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One committed state of the event table.

    Attributes:
        version: Version of the Delta table.
        batch: Id of the write that made it; unique, so it also names what is cached from it.
        generation: State of the codings it was derived from.
        derived_by: Name of the merging that was used, and its version.
        events: Number of rows.
        longest: Days in the longest span; 0 without dated events.
        closed: Whether every dated event is one single day, so that spans and open ends need no care.
        several: Number of rows with more than one source, target or publisher.
        by_actor: File with a copy of the rows for each actor, sorted by state and actor; "" if there is none.
        busy_pairs: File with a copy of the events between two of the busiest actors; "" if there is none.
        folds: File with what each actor folded into when these files were made, and which ones were the busiest;
            "" if there is none.
        spans: Rollup of counts by span, type, realis; "" if there is none.
        actor_months: Rollup of counts by level, actor, month and quad class; "" if there is none.
        actor_kinds: Rollup of counts by level, actor, type and realis; "" if there is none.
        most_reported: File with a copy of all events of so many reports or more; "" if there is none.
    """

    version: int
    batch: str
    generation: int
    derived_by: str
    events: int
    longest: int = 0
    closed: bool = False
    several: int = 0
    by_actor: str = ""
    busy_pairs: str = ""
    folds: str = ""
    spans: str = ""
    actor_months: str = ""
    actor_kinds: str = ""
    most_reported: str = ""

    @property
    def extras(self) -> tuple[str, ...]:
        """The names of its projection and rollups."""
        return tuple(name for kind in EXTRAS if (name := getattr(self, kind)))


def read_snapshot(project: Project) -> Snapshot | None:
    """The current state of the event table, None before the first."""
    with project.read() as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'snapshot'").fetchone()
    return None if row is None else Snapshot(**json.loads(row[0]))


def write_snapshot(db: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Make the snapshot the current one when the transaction commits."""
    db.execute("INSERT OR REPLACE INTO meta VALUES ('snapshot', ?)", (json.dumps(asdict(snapshot)),))


def read_generation(project: Project) -> int:
    """Counts the changes to codings; a snapshot with an older generation is out of date."""
    with project.read() as db:
        return int(db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])


def list_files(project: Project, snapshot: Snapshot, origins: tuple[str, ...] = READ) -> tuple[str, ...]:
    """The Parquet files of the event table in this state, of the partitions whose names begin so.

    Raises:
        StoreError: The table is missing or damaged.
    """
    if not snapshot.events:
        return ()
    folder = project.path / EVENTS
    try:
        # `file_uris` would percent-encode the folder's own name.
        actions = pa.table(DeltaTable(folder.as_uri(), version=snapshot.version).get_add_actions(flatten=True))
        listed = zip(actions["path"].to_pylist(), actions["partition.origin"].to_pylist(), strict=True)
        files = [folder / unquote(path) for path, origin in listed if origin.startswith(origins)]
    except Exception as error:  # deltalake raises many kinds, some of them bare
        raise StoreError(
            f"{project.path / EVENTS}: the event table cannot be read ({error}); it is derived and can be rebuilt"
        ) from error
    return tuple(sorted(map(str, files)))


@contextlib.contextmanager
def reading_table(project: Project) -> Iterator[None]:
    """Say what is damaged where DuckDB says that a file is; its other errors are our own mistakes."""
    try:
        yield
    except duckdb.Error as error:
        words = str(error).casefold()
        reading = isinstance(error, duckdb.IOException) and "no space" not in words and "write" not in words
        if not reading and not any(sign in words for sign in _DAMAGE):
            raise
        first = str(error).strip().splitlines()[0]
        raise StoreError(
            f"{project.path}: the event table cannot be read ({first}); `timeline verify` names what is damaged, and"
            " `timeline verify --repair` makes it again"
        ) from error


def quote_files(files: Iterable[str | Path]) -> str:
    """Paths as DuckDB takes them in the text of a query: ['…', …], nothing in them a pattern."""
    plain = ("".join(f"[{c}]" if c in "*?" else c for c in str(file)) for file in files)
    return "[" + ", ".join("'" + file.replace("'", "''") + "'" for file in plain) + "]"


def derived_file(project: Project, name: str) -> Path:
    """Where a projection or rollup named by a snapshot lies."""
    return project.path / DERIVED / name


def without_extras(snapshot: Snapshot) -> Snapshot:
    """The snapshot without projection and rollups, which rows added later are not in."""
    return replace(snapshot, **dict.fromkeys(EXTRAS, ""))  # type: ignore[arg-type]
