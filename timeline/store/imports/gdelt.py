"""GDELT 1.0 and 2.0 event exports (Leetaru and Schrodt 2013; codebooks of 2013 and 2015).

As published: tab-separated without header, 57 columns until March 2013, 58 with SOURCEURL, 61 in 2.0. Tables with a
header are read by its names. What GDELT calls actor 1 and 2 are source and target.
"""

from __future__ import annotations

from timeline.records import Actor, Place
from timeline.store.imports.actors import Cameo
from timeline.store.imports.mapping import Format, Lookup, Reader, reader
from timeline.store.imports.values import (
    make_place,
    read_cameo,
    read_count,
    read_outlet,
    read_published,
    read_score,
    read_single_day,
)

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
    "Type2Code", "Type3Code",
)  # fmt: skip
_EVENT = (
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions",
    "NumSources", "NumArticles", "AvgTone",
)  # fmt: skip
_FIRST = ("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate")
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_GEO_2 = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")


def _header(geo: tuple[str, ...], *last: str) -> tuple[str, ...]:
    actors = (f"Actor{number}{name}" for number in (1, 2) for name in _ACTOR)
    places = (f"{whose}Geo_{name}" for whose in ("Actor1", "Actor2", "Action") for name in geo)
    return (*_FIRST, *actors, *_EVENT, *places, *last)


def _actor(number: int) -> Reader:
    """The columns of an actor; the later names are those of tables that others made from GDELT's."""
    start = f"actor{number}"
    return reader(
        _read_actor,
        f"{start}code {start}countrycode",
        f"{start}name",
        f"{start}countryabbr {start}countrycode",
        f"{start}knowngroupcode {start}knowgroupcode",
        f"{start}ethniccode",
        f"{start}religion1code {start}religioncode",
        f"{start}religion2code",
        f"{start}type1code {start}role",
        f"{start}type2code {start}role2",
        f"{start}type3code {start}role3",
    )


def _read_actor(tools: Lookup, cells: tuple[str, ...]) -> tuple[Actor, ...]:
    code, name, country, group, ethnic, faith, sect, *types = cells
    found = tools.actors.from_cameo(Cameo(name, code, country, group, ethnic + faith + sect, tuple(types)))
    return (found,) if found else ()


def _read_place(tools: Lookup, cells: tuple[str, ...]) -> Place | None:
    """The place of the act, by the first part of its name ("Idlib, Idlib, Syria"); a country has its middle."""
    name, country, latitude, longitude = cells
    return make_place(name.split(",")[0].strip(), tools.countries.fips.get(country), latitude, longitude)


GDELT = Format(
    name="gdelt",
    title="GDELT event export",
    needed=("globaleventid", "sqldate day", "eventcode", "goldsteinscale", "quadclass"),
    fields={
        "event_type": reader(read_cameo, "eventcode", "eventrootcode"),
        "date": reader(read_single_day, "sqldate day"),
        "published": reader(read_published, "dateadded"),
        "goldstein": reader(read_score, "goldsteinscale"),
        "sources": _actor(1),
        "targets": _actor(2),
        "place": reader(
            _read_place,
            "actiongeofullname stprcntry",
            "actiongeocountrycode country",
            "actiongeolat latextra",
            "actiongeolong longextra",
        ),
        "publishers": reader(read_outlet, "sourceurl"),
        "reports": reader(read_count, "numarticles"),
    },
    id="globaleventid",
    url="sourceurl",
    headless={
        57: _header(_GEO, "DATEADDED"),
        58: _header(_GEO, "DATEADDED", "SOURCEURL"),
        61: _header(_GEO_2, "DATEADDED", "SOURCEURL"),
    },
)
