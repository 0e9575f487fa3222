"""Which events to show: one frozen filter, and its plain-text form for a URL.

A filter travels as text (`?actors=RUS,TUR&from=2020-02-01`), so a link reopens the same view. What comes
back from a URL is untrusted: anything that is not valid is dropped and named, never guessed and never raised.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from timeline.ontology import EVENT_TYPES, QUAD_CLASSES
from timeline.records import Realis

ROLES = ("any", "source", "target", "between")
LEVELS = ("actor", "organ", "country")
REVIEWS = ("", "reviewed", "corrected", "open")
_LONGEST_VALUE = 4_000
_MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What an event must be to be shown; the default lets everything through.

    Conditions on different fields must all hold; of several values in one field, one is enough.

    Attributes:
        actors: Actor ids. With `level` "organ" or "country", ids that actors fold into.
        role: Where one of `actors` must stand; "between" wants two different ones of them, one on each
            side (with a single actor it means "any").
        start: First day of a closed interval; an event counts if its span overlaps it. None is open.
        end: Last day of it.
        undated: Whether events without any date are let through, also where `start` or `end` is set.
        event_types: PLOVER types, see `timeline.ontology`.
        quad_classes: 0 to 4.
        realis: Values of `Realis`.
        publishers: Outlets, at least one of which reports the event.
        text: Words that must all stand in one sentence of the event; "double quotes" keep a phrase
            together, a trailing * matches any ending.
        min_confidence: 0 to 1.
        level: The level at which `actors` are understood: actor, organ or country.
        contested: Only events on whose date, actors or act the reports disagree.
        review: Only events that a reader "reviewed" (checked, as they are or corrected) or "corrected", or those
            "open" that nobody did either to; "" for all.
    """

    actors: tuple[str, ...] = ()
    role: str = "any"
    start: dt.date | None = None
    end: dt.date | None = None
    undated: bool = True
    event_types: tuple[str, ...] = ()
    quad_classes: tuple[int, ...] = ()
    realis: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    text: str = ""
    min_confidence: float = 0.0
    level: str = "actor"
    contested: bool = False
    review: str = ""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"unknown role {self.role!r}; use one of {', '.join(ROLES)}")
        if self.level not in LEVELS:
            raise ValueError(f"unknown level {self.level!r}; use one of {', '.join(LEVELS)}")
        if self.review not in REVIEWS:
            raise ValueError(f"unknown review {self.review!r}; use one of {', '.join(REVIEWS[1:])} or nothing")


EVERYTHING = EventFilter()


def to_query(f: EventFilter) -> dict[str, str]:
    """The filter as URL parameters; fields at their default are left out, so no filter is no parameters.

    Lists are joined with commas; a comma or backslash inside a value is preceded by a backslash.
    """
    query: dict[str, str] = {}
    for name, (field, write, _) in _PARAMETERS.items():
        value = getattr(f, field)
        if value != getattr(EVERYTHING, field):
            query[name] = write(value)
    return query


def from_query(query: Mapping[str, object]) -> tuple[EventFilter, tuple[str, ...]]:
    """The filter that URL parameters describe, and one sentence per part that was dropped as invalid.

    Parameters with other names belong to other parts of the page and are passed over in silence.
    """
    fields: dict[str, Any] = {}
    dropped: list[str] = []
    for name, (field, _, read) in _PARAMETERS.items():
        value = query.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, str) or len(value) > _LONGEST_VALUE:
            dropped.append(f"{name}: not a text of at most {_LONGEST_VALUE} characters, ignored")
            continue
        try:
            fields[field] = read(value)
        except _InvalidPartError as error:
            dropped.append(f"{name}: {error}")
            if error.rest is not None:
                fields[field] = error.rest
    return EventFilter(**fields), tuple(dropped)


class _InvalidPartError(ValueError):
    """Part of a parameter is invalid; `rest` is what remains valid, None if nothing does."""

    def __init__(self, message: str, rest: tuple[Any, ...] | None = None) -> None:
        super().__init__(message)
        self.rest = rest


def _join(values: tuple[object, ...]) -> str:
    return ",".join(str(value).replace("\\", "\\\\").replace(",", "\\,") for value in values)


def _split(text: str) -> tuple[str, ...]:
    parts = [""]
    escaped = False
    for character in text:
        if escaped or character not in "\\,":
            parts[-1] += character
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            parts.append("")
    values = tuple(dict.fromkeys(part for part in parts if part))
    if len(values) > _MOST_VALUES:
        raise _InvalidPartError(f"more than {_MOST_VALUES} values, the rest ignored", values[:_MOST_VALUES])
    return values


def _among(allowed: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        values = _split(text)
        unknown = [value for value in values if value not in allowed]
        if unknown:
            message = f"unknown {', '.join(map(repr, unknown))}, ignored; allowed: {', '.join(allowed)}"
            raise _InvalidPartError(message, tuple(value for value in values if value in allowed))
        return values

    return read


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise _InvalidPartError(f"unknown {text!r}, ignored; allowed: {', '.join(allowed)}")
        return text

    return read


def _read_quads(text: str) -> tuple[int, ...]:
    allowed = _among(tuple(str(quad) for quad in QUAD_CLASSES))
    try:
        return tuple(int(value) for value in allowed(text))
    except _InvalidPartError as error:
        rest = None if error.rest is None else tuple(int(value) for value in error.rest)
        raise _InvalidPartError(str(error), rest) from None


def _read_day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise _InvalidPartError(f"{text!r} is no day like 2020-03-05, ignored") from None


def _read_flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise _InvalidPartError(f"{text!r} is neither 0 nor 1, ignored")
    return text == "1"


def _read_share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value <= 1.0:
        raise _InvalidPartError(f"{text!r} is no number from 0 to 1, ignored")
    return value


def _write_flag(value: bool) -> str:
    return "1" if value else "0"


_PARAMETERS: Mapping[str, tuple[str, Callable[[Any], str], Callable[[str], Any]]] = {
    "actors": ("actors", _join, _split),
    "role": ("role", str, _one_of(ROLES)),
    "level": ("level", str, _one_of(LEVELS)),
    "from": ("start", dt.date.isoformat, _read_day),
    "to": ("end", dt.date.isoformat, _read_day),
    "undated": ("undated", _write_flag, _read_flag),
    "types": ("event_types", _join, _among(tuple(EVENT_TYPES))),
    "quads": ("quad_classes", _join, _read_quads),
    "realis": ("realis", _join, _among(tuple(Realis))),
    "publishers": ("publishers", _join, _split),
    "text": ("text", str, str),
    "confidence": ("min_confidence", repr, _read_share),
    "contested": ("contested", _write_flag, _read_flag),
    "review": ("review", str, _one_of(REVIEWS[1:])),
}
