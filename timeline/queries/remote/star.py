"""The event tables as an engine holds them: a small star of plain SQL types, as `timeline export tables` writes it.

`events` has a row per event; `participants` and `outlets` a row for each actor and publisher of one; `actors` and
`publishers` name their keys. No lists, no codes: any engine reads it, and so do people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis

SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "events": {
        "event_id": "int64", "start_day": "date", "end_day": "date", "published": "date",
        "date_precision": "string", "date_basis": "string", "event_type": "string", "quad_class": "int32",
        "goldstein": "float64", "realis": "string", "confidence": "float64", "reports": "int32",
        "publishers": "int32", "contested": "boolean", "corrected": "boolean", "reviewed": "boolean",
        "sources": "int32", "targets": "int32", "place": "int64", "place_name": "string", "place_country": "string",
        "latitude": "float64", "longitude": "float64", "url": "string",
    },
    "participants": {"event_id": "int64", "side": "string", "listed": "int32", "actor": "int32"},
    "outlets": {"event_id": "int64", "listed": "int32", "publisher": "int32"},
    "actors": {
        "actor": "int32", "id": "string", "name": "string", "country": "string", "sector": "string",
        "part_of": "string", "known": "boolean", "organ": "int32", "state": "int32",
    },
    "publishers": {"publisher": "int32", "name": "string"},
}  # fmt: skip
_FOLDED = {"organ": "organ", "country": "state"}


@dataclass(frozen=True, slots=True)
class Star:
    """Tables as expressions; nothing is read yet.

    `sides` gives, for a level, the participants with the columns `event_id`, `side`, `listed`, `actor` and `who`, the
    key of the actor that stands for this one. Keys are whole numbers here, text where there are no numbers.
    """

    events: Any
    outlets: Any
    sides: Callable[[str], Any]
    actors: Any
    publishers: Any


def make_star(database: str | None = None, catalog: str | None = None) -> Star:
    """The star in a database (a schema, a dataset) of a catalogue, by default in the one that the engine is in."""
    tables = {
        name: ibis.table(dict(schema), name=name, catalog=catalog, database=database)
        for name, schema in SCHEMAS.items()
    }
    participants, actors = tables["participants"], tables["actors"]

    def sides(level: str) -> Any:
        if level not in _FOLDED:
            return participants.mutate(who=participants.actor)
        folds = actors.select("actor", who=actors[_FOLDED[level]])
        return participants.join(folds, "actor")

    return Star(tables["events"], tables["outlets"], sides, actors, tables["publishers"])
