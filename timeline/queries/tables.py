"""The read side of a project: one DuckDB connection over the Parquet files of the current snapshot.

A server opens the tables once and shares them between threads. Each query takes a session: a cursor of its own,
and one consistent state of the record and the event table, even while others write. A new snapshot is noticed at
the next session; views over the last few stay, since running queries may still use them.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeAlias, TypeVar

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from timeline.errors import StoreError
from timeline.queries.filters import LEVELS
from timeline.queries.held.columns import Held, read_held
from timeline.queries.held.pairs import PairIndex, index_pairs
from timeline.store.dictionaries import ActorEntry, list_actors, list_places, list_publishers
from timeline.store.extras import READ_BUSY_PAIRS, READ_BY_ACTOR
from timeline.store.project import Project, open_project
from timeline.store.rows import EVENT_SCHEMA
from timeline.store.snapshot import (
    EXTRAS,
    Snapshot,
    derived_file,
    list_files,
    quote_files,
    read_snapshot,
    reading_table,
)

if TYPE_CHECKING:
    from timeline.queries.remote.tables import RemoteTables

AnyTables: TypeAlias = "Tables | RemoteTables"
_P = ParamSpec("_P")
_R = TypeVar("_R")
_KEPT = 4
_HELD = 100_000  # events that are held in memory, some 20 MB; reading them from files takes half of each query
_HELD_BYTES, _HELD_SHARE = 24, 8  # a server holds so many an event, up to this part of the machine's memory
_INDEXED = 1_000_000  # fewer events are counted faster than looked up in an index of pairs
_NOTHING: Mapping[str, object] = {}
_NO_EVENTS = Snapshot(-1, "none", -1, "", 0)
# Extensions are never fetched: they would be downloaded at run time. Memory that a query is done with goes back to the
# system at once, a third of what a server with ten million events would hold.
_OPTIONS = {
    "autoinstall_known_extensions": False, "autoload_known_extensions": False, "memory_limit": "2GB",
    "allocator_background_threads": True, "allocator_flush_threshold": "1MB",
}  # fmt: skip
# A view cannot hold parameters; the paths are our own.
_PLAIN = "SELECT * FROM read_parquet({files})"
_READING = {"by_actor": READ_BY_ACTOR, "busy_pairs": READ_BUSY_PAIRS}
# Of each cursor, not inherited. 2^18 groups are counted in an array rather than a hash table, which all day and actor
# counts fit.
_SETTINGS = "SET enable_progress_bar = false; SET perfect_ht_threshold = 18; SET parquet_metadata_cache = true"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A snapshot with its dictionaries in memory.

    `busy` are the keys of the actors whose pairs are in the snapshot's projection of busy pairs; `cursors` are those
    set up for it that nobody uses now; `answers` caches what only depends on the snapshot; `held` has what counting
    needs of its events in memory, once it is read.
    """

    snapshot: Snapshot
    schema: str
    actors: Mapping[int, ActorEntry]
    actor_keys: Mapping[str, int]
    publishers: Mapping[int, str]
    publisher_keys: Mapping[str, int]
    places: Mapping[int, tuple[str, str, float, float]]
    busy: frozenset[int] = frozenset()
    cursors: list[Any] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)


class Session:
    """One query's view: a cursor, and a snapshot that does not change under it."""

    def __init__(self, project: Project, cursor: Any, loaded: Loaded) -> None:
        self.project = project
        self.loaded = loaded
        self.snapshot = loaded.snapshot
        self._cursor = cursor

    def rows(self, sql: str, values: Mapping[str, object] = _NOTHING) -> list[tuple[Any, ...]]:
        """The result as tuples; `values` are bound by name."""
        found: list[tuple[Any, ...]] = self._cursor.execute(sql, dict(values)).fetchall()
        return found

    def columns(self, sql: str, values: Mapping[str, object] = _NOTHING) -> dict[str, NDArray[Any]]:
        """The result as an array for each column; for thousands of rows without NULL."""
        found: dict[str, NDArray[Any]] = self._cursor.execute(sql, dict(values)).fetchnumpy()
        return found

    def batches(self, sql: str, values: Mapping[str, object] = _NOTHING, size: int = 100_000) -> pa.RecordBatchReader:
        """The result as an Arrow stream, to be read while the session lasts."""
        return self._cursor.sql(sql, params=dict(values)).to_arrow_reader(size)

    def offer(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under this name in this session.

        It is copied into a table of DuckDB's own: its statistics make joins with it direct look-ups.
        """
        self._cursor.register(f"{name}_offered", table)
        self._cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_offered")


class Tables:
    """A project's tables, for reading; made by `open_tables`, safe to share between threads."""

    def __init__(self, project: Project, *, hold: bool = False) -> None:
        self.project = project
        self._lock = threading.Lock()
        self._holding = threading.Lock()
        self._hold = hold
        self._loaded: dict[str, Loaded] = {}
        self._connection = duckdb.connect(config=_OPTIONS)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """A session on the current snapshot."""
        with self.project.read(), reading_table(self.project):
            loaded = self._load(read_snapshot(self.project) or _NO_EVENTS)
            cursor = self._take_cursor(loaded)
            try:
                yield Session(self.project, cursor, loaded)
            except BaseException:
                cursor.close()
                raise
            loaded.cursors.append(cursor)

    def _take_cursor(self, loaded: Loaded) -> Any:
        """A cursor that looks at a snapshot; setting one up takes as long as a small query."""
        try:
            return loaded.cursors.pop()
        except IndexError:
            cursor = self._connection.cursor()
            cursor.execute(f"{_SETTINGS}; USE {loaded.schema}")
            return cursor

    @property
    def batch(self) -> str:
        """Names the current state of the events; changes whenever they do, so caches can go by it."""
        return (read_snapshot(self.project) or _NO_EVENTS).batch

    def close(self) -> None:
        """Free the memory; the tables cannot be used after."""
        self._connection.close()

    def _load(self, snapshot: Snapshot) -> Loaded:
        with self._lock:
            if snapshot.batch not in self._loaded:
                self._loaded[snapshot.batch] = _load(self.project, self._connection, snapshot)
                for old in list(self._loaded)[:-_KEPT]:
                    superseded = self._loaded.pop(old)
                    while superseded.cursors:
                        superseded.cursors.pop().close()
                    self._connection.execute(f"DROP SCHEMA {superseded.schema} CASCADE")
                if self._hold:
                    threading.Thread(target=self._try_hold, daemon=True).start()
            return self._loaded[snapshot.batch]

    def hold(self) -> None:
        """Read what counting needs of the events into memory; takes half a second for each million of them.

        Nothing is read of a table that would take too much of it. A small one is held too: what DuckDB spends on each
        query before it looks at a row is most of the time of a page. Where another thread is at it, its end is awaited.
        """
        with self.session() as session:
            loaded = session.loaded
        with self._holding:
            self._read_held(loaded)

    def _read_held(self, loaded: Loaded) -> None:
        if loaded.held or not loaded.snapshot.events:
            return
        if loaded.snapshot.events * _HELD_BYTES * _HELD_SHARE > _count_memory():
            return
        with self._lock:
            for other in self._loaded.values():  # queries that still run keep what they have
                other.held.clear()
                other.answers.pop("chosen", None)
        with self._connection.cursor() as cursor:
            cursor.execute(f"{_SETTINGS}; USE {loaded.schema}")
            held = read_held(cursor, max(loaded.actors, default=0), closed=loaded.snapshot.closed)
        loaded.held.append(held)
        if loaded.snapshot.closed and loaded.snapshot.events >= _INDEXED:
            _index_pairs(held, loaded)

    def _try_hold(self) -> None:
        # Without the memory for it, or closed meanwhile: queries read the files, as they do until it is done.
        with contextlib.suppress(duckdb.Error, StoreError, MemoryError):
            self.hold()


def _index_pairs(held: Held, loaded: Loaded) -> None:
    """Index the pairs at each level; levels at which actors fold alike share one."""
    made: list[tuple[NDArray[np.int64], PairIndex]] = []
    for level in LEVELS:
        folds = fold_keys(loaded, level)
        same = [index for other, index in made if np.array_equal(folds, other)]
        made.append((folds, same[0] if same else index_pairs(held.plain, held.size, folds)))
        held.pairs[level] = made[-1][1]


def _count_memory() -> int:
    """Bytes of memory that this process may take: the machine's, or its container's; 4 GB where nobody says."""
    limit = Path("/sys/fs/cgroup/memory.max")
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 4 << 30
    allowed = limit.read_text().strip() if limit.is_file() else "max"
    return min(whole, int(allowed)) if allowed.isdecimal() else whole


def answer_once(answers: dict[str, Any], name: str, make: Callable[[], _R]) -> _R:
    """What `answers` keeps under the name, made where it is not there yet."""
    if name not in answers:
        answers[name] = make()
    kept: _R = answers[name]
    return kept


def fold_keys(loaded: Loaded, level: str) -> NDArray[np.int64]:
    """The key of the actor that stands for each key at the level; at the end, for key -1, a place for nobody."""
    name = {"actor": "key", "organ": "organ", "country": "state"}[level]

    def make() -> NDArray[np.int64]:
        folds = np.arange(max(loaded.actors, default=0) + 2, dtype=np.int64)
        for key, entry in loaded.actors.items():
            folds[key] = getattr(entry, name)
        return folds

    return answer_once(loaded.answers, f"folds {level}", make)


def also_remote(local: Callable[Concatenate[Tables, _P], _R]) -> Callable[Concatenate[AnyTables, _P], _R]:
    """A query that runs on either kind of tables: its namesake in `timeline.queries.remote` asks an engine's.

    The namesake is imported when it is needed: a project's own tables need no ibis.
    """

    @functools.wraps(local)
    def run(tables: AnyTables, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        if isinstance(tables, Tables):
            return local(tables, *args, **kwargs)
        remote: Callable[..., _R] = getattr(importlib.import_module("timeline.queries.remote"), local.__name__)
        return remote(tables, *args, **kwargs)

    return run


def open_tables(project: Project | str | Path, *, hold: bool = False) -> Tables:
    """Open a project's event table for queries.

    With `hold`, for a server, what counting needs of the table is copied into memory in the background.

    Raises:
        StoreError: There is no project, or it cannot be read.
    """
    return Tables(project if isinstance(project, Project) else open_project(project), hold=hold)


def _load(project: Project, connection: Any, snapshot: Snapshot) -> Loaded:
    schema = f"at_{snapshot.batch}"
    cursor = connection.cursor()
    try:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        files = list_files(project, snapshot)
        if files:
            kind = "TABLE" if snapshot.events <= _HELD else "VIEW"
            source = _PLAIN.format(files=quote_files(files))
            cursor.execute(f"CREATE OR REPLACE {kind} {schema}.events AS {source}")
        else:
            cursor.register("empty", EVENT_SCHEMA.empty_table())
            cursor.execute(f"CREATE OR REPLACE TABLE {schema}.events AS SELECT * FROM empty")
        for name in EXTRAS:
            file = getattr(snapshot, name)
            if file and name != "folds":
                source = _READING.get(name, _PLAIN).format(files=quote_files([derived_file(project, file)]))
                cursor.execute(f"CREATE OR REPLACE VIEW {schema}.{name} AS {source}")
        actors = _actors(project, snapshot, cursor)
        busy = _busy(project, snapshot, cursor)
        cursor.register("actors", _folds(actors.values()))
        cursor.execute(f"CREATE OR REPLACE TABLE {schema}.folds AS SELECT * FROM actors")
    finally:
        cursor.close()
    publishers = dict(list_publishers(project))
    return Loaded(
        snapshot,
        schema,
        actors,
        {entry.actor.id: key for key, entry in actors.items()},
        publishers,
        {name: key for key, name in publishers.items()},
        {row[0]: row[1:] for row in list_places(project)},
        busy,
    )


def _actors(project: Project, snapshot: Snapshot, cursor: Any) -> dict[int, ActorEntry]:
    """The dictionary of actors, folded as when the snapshot's projection and rollups were made."""
    actors = {entry.key: entry for entry in list_actors(project)}
    if snapshot.folds:
        file = quote_files([derived_file(project, snapshot.folds)])
        for key, organ, state in cursor.execute(f"SELECT key, organ, country FROM read_parquet({file})").fetchall():
            actors[key] = replace(actors[key], organ=organ, state=state)
    return actors


def _busy(project: Project, snapshot: Snapshot, cursor: Any) -> frozenset[int]:
    if not snapshot.busy_pairs:
        return frozenset()
    file = quote_files([derived_file(project, snapshot.folds)])
    return frozenset(key for (key,) in cursor.execute(f"SELECT key FROM read_parquet({file}) WHERE busy").fetchall())


def _folds(entries: Iterable[ActorEntry]) -> pa.Table:
    """The key of every actor, and the keys of those that stand for it at each level."""
    rows = [(entry.key, entry.key, entry.organ, entry.state) for entry in entries]
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.table(
        {
            name: pa.array(column, pa.int32())
            for name, column in zip(("key", "actor", "organ", "country"), columns, strict=True)
        }
    )
