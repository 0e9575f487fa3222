"""Our own exports: CSV and JSON Lines as written by `timeline export`, Parquet with the same columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from timeline.ontology import EVENT_TYPES
from timeline.records import Actor, Basis, Place, Precision, Realis
from timeline.store.imports.mapping import UNKNOWN_SPAN, Format, Lookup, Span, UnreadableValueError, reader
from timeline.store.imports.values import (
    make_place,
    read_count,
    read_day,
    read_number,
    read_published,
    read_score,
)

_GUARD = re.compile("^'(?=[ \u00a0\ufeff]*[=+\\-@\t\r\n＝＋－＠])")
_COMPOSED = re.compile(r"^([A-Z]{3})-([A-Z]{3})$")


def _read_type(_: Lookup, cells: tuple[str, ...]) -> str:
    return _one_of(EVENT_TYPES, cells[0], "event type")


def _read_realis(_: Lookup, cells: tuple[str, ...]) -> str | None:
    return _one_of(tuple(Realis), cells[0], "realis") if cells[0] else None


def _read_basis(_: Lookup, cells: tuple[str, ...]) -> str | None:
    return _one_of(tuple(Basis), cells[0], "basis of the date") if cells[0] else None


def _read_date(_: Lookup, cells: tuple[str, ...]) -> Span:
    start, end = read_day(cells[0]), read_day(cells[1])
    if start is None and end is None:
        return UNKNOWN_SPAN
    if start and end and end < start:
        raise UnreadableValueError(f"ends on {end}, before it starts on {start}")
    known = Precision.DAY if start == end else Precision.APPROXIMATE
    return Span(start, end, Precision(_one_of(tuple(Precision), cells[2], "precision")) if cells[2] else known)


def _read_actors(tools: Lookup, cells: tuple[str, ...]) -> tuple[Actor, ...]:
    ids, names = _listed(cells[0]), _listed(cells[1])
    if len(ids) != len(names):  # a name with a semicolon in a CSV: the ids still tell who they are
        names = ids
    return tuple(_actor(tools, *pair) for pair in zip(ids, names, strict=True))


def _actor(tools: Lookup, name_id: str, name: str) -> Actor:
    if known := tools.actors.with_id(name_id):
        return known
    parts = _COMPOSED.match(name_id)
    made = tools.actors.compose(parts[1], parts[2]) if parts else None
    return made if made and made.id == name_id else Actor(name_id, name, known=False)


def _read_publishers(_: Lookup, cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_listed(cells[0]))


def _read_place(_: Lookup, cells: tuple[str, ...]) -> Place | None:
    return make_place(_GUARD.sub("", cells[0]), None, cells[1], cells[2])


def _read_confidence(_: Lookup, cells: tuple[str, ...]) -> float | None:
    number = read_number(cells[0], "confidence", 1)
    if number is not None and number < 0:
        raise UnreadableValueError(f"confidence {cells[0]!r} is out of range")
    return number


def _read_contested(_: Lookup, cells: tuple[str, ...]) -> bool:
    return cells[0].casefold() in ("true", "1", "yes")


def _read_number_of_publishers(_: Lookup, cells: tuple[str, ...]) -> int | None:
    number = read_number(cells[0], "number of publishers", 2**31 - 1)
    return None if number is None else int(number)


def _one_of(allowed: Iterable[str], written: str, what: str) -> str:
    if written not in allowed:
        raise UnreadableValueError(f"unknown {what} {written[:60]!r}" if written else f"no {what}")
    return written


def _listed(text: str) -> list[str]:
    """A list as JSON has it, or as a cell of a CSV."""
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return [str(item) for item in found]
    return [part for part in _GUARD.sub("", text).split("; ") if part]


OWN = Format(
    name="timeline",
    title="our own export of events",
    needed=("eventid", "eventtype", "sourceids", "targetids", "start", "end"),
    fields={
        "event_type": reader(_read_type, "eventtype"),
        "date": reader(_read_date, "start", "end", "precision"),
        "published": reader(read_published, "published"),
        "basis": reader(_read_basis, "basis"),
        "realis": reader(_read_realis, "realis"),
        "goldstein": reader(read_score, "goldstein"),
        "confidence": reader(_read_confidence, "confidence"),
        "sources": reader(_read_actors, "sourceids", "sourcenames"),
        "targets": reader(_read_actors, "targetids", "targetnames"),
        "place": reader(_read_place, "place", "latitude", "longitude"),
        "publishers": reader(_read_publishers, "publishernames"),
        "publisher_count": reader(_read_number_of_publishers, "publishers"),
        "reports": reader(read_count, "reports"),
        "contested": reader(_read_contested, "contested"),
    },
    id="eventid",
    url="url",
)
