"""ACLED exports (Raleigh et al. 2010; columns of 2019 to 2024). Its events are checked by people: realis is actual."""

from __future__ import annotations

import datetime as dt
import re

from timeline.records import Actor, Place, Precision, Realis
from timeline.store.imports.mapping import UNKNOWN_SPAN, Format, Lookup, Reader, Span, UnreadableValueError, reader
from timeline.store.imports.values import make_place, read_day, read_names, span_of_month

_YEARS = re.compile(r"\s*\(\d{4}-(?:\d{4})?\)")
_FORCES = re.compile(r"^(Military|Police) Forces of (?:the )?(.+)$")
_CROWD = re.compile(r"^(.+?)\s*\(([^()]+)\)$")
_CROWDS = {
    "protesters": "OPP", "rioters": "CVL", "civilians": "CVL", "refugees/idps": "REF", "prisoners": "CVL",
    "students": "EDU", "teachers": "EDU", "journalists": "JRN", "farmers": "AGR", "lawyers": "JUD", "women": "CVL",
    "labor group": "LAB", "labour group": "LAB", "health workers": "MED", "private security forces": "BUS",
    "unidentified armed group": "UAF", "unidentified military forces": "MIL", "unidentified gang": "CRM",
    "unidentified communal militia": "PRM",
}  # fmt: skip


def _read_type(tools: Lookup, cells: tuple[str, ...]) -> str:
    kind, finer = (cell.casefold() for cell in cells)
    known = tools.walk.acled
    written = finer if finer else kind
    if written not in known:
        raise UnreadableValueError(f"{written[:60]!r} is no ACLED event type" if written else "no event type")
    if not known[written]:
        raise UnreadableValueError(f"ACLED's {written!r} has no PLOVER type")
    return known[written]


def _read_date(_: Lookup, cells: tuple[str, ...]) -> Span:
    """The day; time precision 2 is some day of that week, 3 some day of that month."""
    day = read_day(cells[0])
    if day is None:
        return UNKNOWN_SPAN
    if cells[1] == "2" and dt.date.min.year < day.year < dt.date.max.year:
        return Span(day - dt.timedelta(days=3), day + dt.timedelta(days=3), Precision.WEEK)
    return span_of_month(day) if cells[1] == "3" else Span(day, day)


def _actor(number: int) -> Reader:
    return reader(_read_actor, f"actor{number}", f"inter{number}")


def _read_actor(tools: Lookup, cells: tuple[str, ...]) -> tuple[Actor, ...]:
    """The actor: forces of a state, a crowd with its country in brackets, or a name with the years of a government.

    The country of the event says nothing about the actor, so it is not taken.
    """
    name, inter = _YEARS.sub("", cells[0]).strip(), cells[1].casefold()
    sector = tools.walk.inter.get(inter) or None
    forces, crowd = _FORCES.match(name), _CROWD.match(name)
    if forces and (iso := tools.countries.find(forces[2])):
        found = tools.actors.compose(iso, "MIL" if forces[1] == "Military" else "COP")
    elif name.startswith("Government of ") and (iso := tools.countries.find(name.removeprefix("Government of "))):
        found = tools.actors.compose(iso, "GOV")
    elif crowd and crowd[1].casefold() in _CROWDS and (iso := tools.countries.find(crowd[2])):
        found = tools.actors.compose(iso, _CROWDS[crowd[1].casefold()])
    else:
        found = tools.actors.from_words(name, sector or "")
    return (found,) if found else ()


def _read_place(tools: Lookup, cells: tuple[str, ...]) -> Place | None:
    name, country, latitude, longitude = cells
    return make_place(name, tools.countries.find(country), latitude, longitude)


ACLED = Format(
    name="acled",
    title="ACLED export",
    needed=("eventidcnty dataid", "eventdate", "eventtype", "subeventtype", "actor1", "actor2"),
    fields={
        "event_type": reader(_read_type, "eventtype", "subeventtype"),
        "date": reader(_read_date, "eventdate", "timeprecision"),
        "sources": _actor(1),
        "targets": _actor(2),
        "place": reader(_read_place, "location", "country", "latitude", "longitude"),
        "publishers": reader(read_names, "source"),
    },
    id="eventidcnty dataid",
    updated="timestamp",
    realis=Realis.ACTUAL,
)
