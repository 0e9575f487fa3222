"""The names behind the small integers of the event table: actors, publishers and places."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from timeline.records import Actor, Place
from timeline.store.project import Project
from timeline.store.serial import clean


@dataclass(frozen=True, slots=True)
class ActorEntry:
    """An actor with its key, and the keys of the organ and the state it folds into (its own if none)."""

    key: int
    actor: Actor
    organ: int
    state: int


def register_actors(project: Project, actors: Iterable[Actor], version: str = "") -> None:
    """Enter actors in the dictionary, for example a whole lexicon, so that organs and states have their names.

    With a `version`, the lexicon's, nothing is done if that version was registered last.
    """
    with project.read() as db:
        known = db.execute("SELECT value FROM meta WHERE key = 'lexicon'").fetchone()
    if version and known and known[0] == version:
        return
    with project.write() as db:
        enter_actors(db, actors, described=2)
        db.execute("INSERT OR REPLACE INTO meta VALUES ('lexicon', ?)", (version,))


def enter_actors(db: sqlite3.Connection, actors: Iterable[Actor], described: int = 1) -> dict[str, int]:
    """Enter actors, the newest description winning, but a lexicon's (2) over that of codings (1); returns their keys.

    The organ or state an actor folds into gets an entry too, filled in when that actor itself is met.
    """
    unique = {actor.id: actor for actor in actors}
    for actor in unique.values():
        part_of = clean(actor.part_of) if actor.part_of else None
        row = (clean(actor.id), clean(actor.name), actor.country, actor.sector, part_of, actor.known, described)
        db.execute(
            "INSERT INTO actors (id, name, country, sector, part_of, known, described) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, country = excluded.country,"
            " sector = excluded.sector, part_of = excluded.part_of, known = excluded.known,"
            " described = excluded.described WHERE described <= excluded.described",
            row,
        )
        if part_of and actor.part_of not in unique:
            db.execute(
                "INSERT INTO actors (id, name, known, described) VALUES (?1, ?1, 1, 0) ON CONFLICT (id) DO NOTHING",
                (part_of,),
            )
    # Not the whole dictionary: it grows with every import.
    return {name: db.execute("SELECT key FROM actors WHERE id = ?", (clean(name),)).fetchone()[0] for name in unique}


def enter_publishers(db: sqlite3.Connection, names: Iterable[str]) -> dict[str, int]:
    """Enter publishers; returns the key of each name. The empty name, an unknown publisher, gets none."""
    unique = sorted({clean(name) for name in names} - {""})
    db.executemany("INSERT INTO publishers (name) VALUES (?) ON CONFLICT DO NOTHING", ((name,) for name in unique))
    return {name: db.execute("SELECT key FROM publishers WHERE name = ?", (name,)).fetchone()[0] for name in unique}


def enter_places(db: sqlite3.Connection, places: Iterable[Place]) -> dict[tuple[str, str, float, float], int]:
    """Enter places; returns the key of each (name, country, latitude, longitude)."""
    unique = sorted({place_row(place) for place in places})
    db.executemany(
        "INSERT INTO places (name, country, latitude, longitude) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", unique
    )
    find = "SELECT key FROM places WHERE name = ? AND country = ? AND latitude = ? AND longitude = ?"
    return {row: db.execute(find, row).fetchone()[0] for row in unique}


def place_row(place: Place) -> tuple[str, str, float, float]:
    """What makes two places the same: name, country and coordinates, not the words in the text."""
    return clean(place.name), clean(place.country), float(place.latitude), float(place.longitude)


def list_actors(project: Project) -> tuple[ActorEntry, ...]:
    """Every actor of the dictionary in the order of keys, folded along `part_of`."""
    with project.read() as db:
        rows = db.execute("SELECT key, id, name, country, sector, part_of, known FROM actors ORDER BY key").fetchall()
    keys = {row[1]: row[0] for row in rows}
    actors = {row[1]: Actor(row[1], row[2], row[3], row[4], row[5], bool(row[6])) for row in rows}
    entries = []
    for actor in actors.values():
        chain = _chain(actor, actors)
        organ = chain[-2] if len(chain) > 1 and _is_state(chain[-1]) else chain[-1]
        entries.append(ActorEntry(keys[actor.id], actor, keys[organ.id], keys[chain[-1].id]))
    return tuple(entries)


def list_publishers(project: Project) -> tuple[tuple[int, str], ...]:
    """(key, name) of every publisher, in the order of keys."""
    with project.read() as db:
        return tuple((row[0], row[1]) for row in db.execute("SELECT key, name FROM publishers ORDER BY key"))


def list_places(project: Project) -> tuple[tuple[int, str, str, float, float], ...]:
    """(key, name, country, latitude, longitude) of every place, in the order of keys."""
    with project.read() as db:
        return tuple(tuple(row) for row in db.execute("SELECT key, name, country, latitude, longitude FROM places"))


def _chain(actor: Actor, actors: dict[str, Actor]) -> list[Actor]:
    """The actor, what it is part of, what that is part of, …; a circle is cut where it closes."""
    chain = [actor]
    while (above := actors.get(chain[-1].part_of or "")) and above not in chain:
        chain.append(above)
    return chain


def _is_state(actor: Actor) -> bool:
    return len(actor.id) == 3 and actor.id.isupper()
