"""ICEWS coded event data (Boschee et al. 2015): tab-separated with header, CAMEO names or codes; and cuts of it.

Of its event ids 0.8 % stand on two rows of different days, so a row is known by both.
"""

from __future__ import annotations

from timeline.records import Actor, Place
from timeline.store.imports.mapping import Format, Lookup, Reader, reader
from timeline.store.imports.values import (
    make_place,
    read_cameo,
    read_names,
    read_score,
    read_single_day,
)


def _actor(side: str) -> Reader:
    return reader(_read_actor, f"{side}name {side}", f"{side}sectors", f"{side}country")


def _read_actor(tools: Lookup, cells: tuple[str, ...]) -> tuple[Actor, ...]:
    found = tools.actors.from_words(*cells)
    return (found,) if found else ()


def _read_place(tools: Lookup, cells: tuple[str, ...]) -> Place | None:
    city, district, province, country, latitude, longitude = cells
    return make_place(city or district or province, tools.countries.find(country), latitude, longitude)


ICEWS = Format(
    name="icews",
    title="ICEWS coded events",
    needed=("eventdate", "sourcename", "targetname", "cameocode eventtext"),
    fields={
        "event_type": reader(read_cameo, "cameocode eventtext"),
        "date": reader(read_single_day, "eventdate"),
        "goldstein": reader(read_score, "intensity"),
        "sources": _actor("source"),
        "targets": _actor("target"),
        "place": reader(_read_place, "city", "district", "province", "country", "latitude", "longitude"),
        "publishers": reader(read_names, "publisher"),
    },
    id="eventid",
    id_with_day=True,
    url="url",
)

ICEWS_TRIPLES = Format(
    name="icews-triples",
    title="ICEWS events cut to date, source, relation, target",
    needed=("date", "source subject head", "target object tail", "relation"),
    fields={
        "event_type": reader(read_cameo, "relation"),
        "date": reader(read_single_day, "date"),
        "sources": reader(_read_actor, "source subject head", "sourcesectors", "sourcecountry"),
        "targets": reader(_read_actor, "target object tail", "targetsectors", "targetcountry"),
    },
)
