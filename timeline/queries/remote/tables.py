"""Tables on somebody else's engine, asked through the same functions as a project's own.

Every query is an ibis expression over the star, compiled to the engine's SQL and run by the engine's own driver. The
names of actors and publishers are read once and kept, as for a project. A server sees later loads when the time is
up for which it trusts what it read: `REFRESH_SECONDS`.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis

from timeline.queries.remote.engines import Engine
from timeline.queries.remote.star import Star
from timeline.records import Actor, digest
from timeline.store.dictionaries import ActorEntry
from timeline.store.project import Project

REFRESH_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Names:
    """Who the keys stand for; `answers` caches what only depends on the tables' state.

    Of publishers those are kept that have a key; text is its own name. `countries` are the ISO codes of the countries
    of places, where the table has others.
    """

    actors: Mapping[Any, ActorEntry]
    actor_keys: Mapping[str, Any]
    publishers: Mapping[Any, str]
    publisher_keys: Mapping[str, Any]
    countries: Mapping[str, str] | None = None
    answers: dict[str, Any] = field(default_factory=dict)

    def publisher(self, key: Any) -> str:
        """The name of a publisher."""
        return self.publishers.get(key, str(key))

    def country(self, code: str | None) -> str:
        """The ISO code of a place's country, "" for none."""
        return (code or "") if self.countries is None else self.countries.get(code or "", "")


class RemoteSession:
    """One query's view."""

    def __init__(self, engine: Engine, star: Star, loaded: Names) -> None:
        self.engine = engine
        self.star = star
        self.loaded = loaded

    def read(self, wanted: Any) -> list[dict[str, Any]]:
        """The rows of an expression."""
        return read_rows(self.engine, wanted)


class RemoteTables:
    """Tables on an engine, for reading; made by `timeline.queries.remote.open_engine`, shared between threads.

    `project` is an empty one: an engine holds events, no articles, no corrections.
    """

    def __init__(
        self, engine: Engine, star: Star, project: Project, load: Callable[[Engine, Star], Names] | None = None
    ) -> None:
        self.engine = engine
        self.project = project
        self._star = star
        self._load = load or load_names
        self._lock = threading.Lock()
        self._names: Names | None = None
        self._read_at = 0.0

    @contextlib.contextmanager
    def session(self) -> Iterator[RemoteSession]:
        """A session on the names as last read."""
        yield RemoteSession(self.engine, self._star, self._current())

    @property
    def batch(self) -> str:
        """Names the state of the events as last read, so caches can go by it."""
        self._current()
        return digest(self.engine.address, str(self._read_at))

    def allow(self, number: int) -> None:
        """Let an engine that bills read that many bytes more; the others read what they like."""
        self.engine.allow(number)

    def close(self) -> None:
        """Leave the engine."""
        self.engine.close()

    def _current(self) -> Names:
        with self._lock:
            late = time.monotonic() - self._read_at > REFRESH_SECONDS and not self.engine.metered
            if self._names is None or late:
                self._names = self._load(self.engine, self._star)
                self._read_at = time.monotonic()
            return self._names


def read_rows(engine: Engine, wanted: Any) -> list[dict[str, Any]]:
    """The rows of an expression, in the engine's SQL.

    Raises:
        EngineError: The engine cannot be reached, or refuses the query.
    """
    sql = str(ibis.to_sql(wanted, dialect=engine.dialect, pretty=False))
    rows: list[dict[str, Any]] = engine.read(sql).to_pylist()
    return rows


def load_names(engine: Engine, star: Star) -> Names:
    """The dictionaries of the star."""
    entries = {row["actor"]: _entry(row) for row in read_rows(engine, star.actors.order_by("actor"))}
    publishers = {row["publisher"]: row["name"] for row in read_rows(engine, star.publishers.order_by("publisher"))}
    return make_names(entries, publishers)


def make_names(
    entries: Mapping[Any, ActorEntry], publishers: Mapping[Any, str], countries: Mapping[str, str] | None = None
) -> Names:
    """Dictionaries with their reverse."""
    return Names(
        entries,
        {entry.actor.id: key for key, entry in entries.items()},
        publishers,
        {name: key for key, name in publishers.items()},
        countries,
    )


def _entry(row: Mapping[str, Any]) -> ActorEntry:
    actor = Actor(row["id"], row["name"], row["country"], row["sector"], row["part_of"], bool(row["known"]))
    return ActorEntry(row["actor"], actor, row["organ"], row["state"])
