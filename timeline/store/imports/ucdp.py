"""UCDP Georeferenced Event Dataset (Sundberg and Melander 2013): each row is lethal violence, checked by people."""

from __future__ import annotations

from timeline.records import Actor, Place, Precision, Realis
from timeline.store.imports.mapping import UNKNOWN_SPAN, Format, Lookup, Span, UnreadableValueError, reader
from timeline.store.imports.values import make_place, read_day, read_names

_PRECISIONS = {
    "1": Precision.DAY,
    "2": Precision.APPROXIMATE,
    "3": Precision.WEEK,
    "4": Precision.MONTH,
    "5": Precision.YEAR,
}


def _read_type(_: Lookup, cells: tuple[str, ...]) -> str:
    if cells[0] not in ("1", "2", "3"):
        raise UnreadableValueError(f"type of violence {cells[0][:20]!r} is none of 1, 2, 3")
    return "ASSAULT"


def _read_date(_: Lookup, cells: tuple[str, ...]) -> Span:
    """The first and last day that the event may have been on, as precise as `date_prec` says."""
    start, end = read_day(cells[0]), read_day(cells[1])
    if start is None or end is None:
        return UNKNOWN_SPAN
    if end < start:
        raise UnreadableValueError(f"ends on {end}, before it starts on {start}")
    return Span(start, end, _PRECISIONS.get(cells[2], Precision.DAY if start == end else Precision.APPROXIMATE))


def _read_side(tools: Lookup, cells: tuple[str, ...]) -> tuple[Actor, ...]:
    """A side of the conflict; "Government of X" is X's government, "Civilians" those of no named country."""
    name = cells[0]
    if name.casefold() == "civilians":
        found = tools.actors.compose(None, "CVL")
    elif name.startswith("Government of "):
        iso = tools.countries.find(name.removeprefix("Government of "))
        found = tools.actors.compose(iso, "GOV") if iso else tools.actors.name(name)
    else:
        found = tools.actors.name(name) if name else None
    return (found,) if found else ()


def _read_place(tools: Lookup, cells: tuple[str, ...]) -> Place | None:
    name, country, latitude, longitude = cells
    return make_place(name, tools.countries.find(country), latitude, longitude)


UCDP = Format(
    name="ucdp",
    title="UCDP Georeferenced Event Dataset",
    needed=("id", "typeofviolence", "sidea", "sideb", "datestart", "dateend"),
    fields={
        "event_type": reader(_read_type, "typeofviolence"),
        "date": reader(_read_date, "datestart", "dateend", "dateprec"),
        "sources": reader(_read_side, "sidea"),
        "targets": reader(_read_side, "sideb"),
        "place": reader(_read_place, "wherecoordinates", "country", "latitude", "longitude"),
        "publishers": reader(read_names, "sourceoffice"),
    },
    id="id",
    realis=Realis.ACTUAL,
)
