"""POLECAT (Halterman et al. 2023): PLOVER's own types, machine-coded; yearly and weekly tab-separated files."""

from __future__ import annotations

from timeline.ontology import EVENT_TYPES
from timeline.records import Actor, Place
from timeline.store.imports.mapping import Format, Lookup, UnreadableValueError, reader
from timeline.store.imports.values import make_place, read_names, read_published, read_score, read_single_day


def _read_type(_: Lookup, cells: tuple[str, ...]) -> str:
    name = cells[0].upper()
    if name not in EVENT_TYPES:
        raise UnreadableValueError(f"{cells[0][:60]!r} is no PLOVER event type" if cells[0] else "no event type")
    return name


def _read_actors(tools: Lookup, cells: tuple[str, ...]) -> tuple[Actor, ...]:
    """Actors separated by semicolons; sector and country belong to them only where there is one.

    "Russian forces" stand as "Russia" with the sector MIL.
    """
    names, countries, first_sector, sectors = cells
    listed = [name.strip() for name in names.split(";") if name.strip()]
    if len(listed) == 1:
        one = tools.actors.from_words(listed[0], first_sector or sectors, countries, organs=True)
        return (one,) if one else ()
    found = (tools.actors.from_words(name) for name in listed)
    return tuple({actor.id: actor for actor in found if actor}.values())


def _read_place(tools: Lookup, cells: tuple[str, ...]) -> Place | None:
    name, city, country, latitude, longitude = cells
    return make_place(city or name, tools.countries.find(country), latitude, longitude)


POLECAT = Format(
    name="polecat",
    title="POLECAT events",
    needed=("eventid", "eventdate", "eventtype", "eventmode", "actorname", "recipientname"),
    fields={
        "event_type": reader(_read_type, "eventtype"),
        "date": reader(read_single_day, "eventdate"),
        "published": reader(read_published, "publicationdate"),
        "goldstein": reader(read_score, "intensity eventintensity"),
        "sources": reader(_read_actors, "actorname", "actorcountry", "primaryactorsector", "actorsectors"),
        "targets": reader(
            _read_actors, "recipientname", "recipientcountry", "primaryrecipientsector", "recipientsectors"
        ),
        "place": reader(_read_place, "placename", "city", "country", "latitude", "longitude"),
        "publishers": reader(read_names, "source"),
    },
    id="eventid",
    url="url",
)
