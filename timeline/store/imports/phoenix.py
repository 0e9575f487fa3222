"""Phoenix and TERRIER: events of PETRARCH and its kin, with CAMEO codes and actor codes in one piece.

The daily Phoenix files are tab-separated with 26 columns and no header. Cline Center's historical Phoenix has a header
and days with the month first ("12/31/1989"), so its columns of year, month and day are read. TERRIER comes as JSON
Lines, and tab-separated with 20 columns and no header. Their ids count within a day or a source, so rows are known by
file and line instead.
"""

from __future__ import annotations

from timeline.records import Actor, Place
from timeline.store.imports.mapping import Format, Lookup, Span, UnreadableValueError, reader
from timeline.store.imports.values import (
    make_place,
    read_cameo,
    read_day,
    read_names,
    read_outlet,
    read_score,
    read_single_day,
)

_DAILY = (
    "EventID", "Date", "Year", "Month", "Day", "SourceActorFull", "SourceActorEntity", "SourceActorRole",
    "SourceActorAttribute", "TargetActorFull", "TargetActorEntity", "TargetActorRole", "TargetActorAttribute",
    "EventCode", "EventRootCode", "QuadClass", "GoldsteinScore", "Issues", "Lat", "Lon", "LocationName", "StateName",
    "CountryCode", "SentenceID", "URLs", "NewsSources",
)  # fmt: skip
_TERRIER = (
    "code", "root_code", "quad_class", "goldstein", "source", "src_actor", "src_agent", "src_other_agent", "target",
    "tgt_actor", "tgt_agent", "tgt_other_agent", "id", "date8", "year", "month", "day", "url", "doc_id", "mongo_id",
)  # fmt: skip


def _read_actor(tools: Lookup, cells: tuple[str, ...]) -> tuple[Actor, ...]:
    found = tools.actors.split_cameo(cells[0])
    return (found,) if found else ()


def _read_place(tools: Lookup, cells: tuple[str, ...]) -> Place | None:
    name, country, latitude, longitude = cells
    return make_place(name, tools.countries.find(country), latitude, longitude)


def _read_date(tools: Lookup, cells: tuple[str, ...]) -> Span:
    """Year, month and day apart, else a whole date, whose order may be open."""
    if not all(cells[1:]):
        return read_single_day(tools, cells[:1])
    if not all(cell.isascii() and cell.isdigit() for cell in cells[1:]):
        raise UnreadableValueError(f"{'-'.join(cells[1:])[:40]!r} is no day")
    day = read_day("-".join((cells[1].zfill(4), *cells[2:])))
    return Span(day, day)


PHOENIX_DAILY = Format(
    name="phoenix",
    title="Phoenix daily events",
    needed=("eventid", "date", "sourceactorfull", "targetactorfull", "eventcode"),
    fields={
        "event_type": reader(read_cameo, "eventcode", "eventrootcode"),
        "date": reader(read_single_day, "date"),
        "goldstein": reader(read_score, "goldsteinscore"),
        "sources": reader(_read_actor, "sourceactorfull"),
        "targets": reader(_read_actor, "targetactorfull"),
        "place": reader(_read_place, "locationname", "countrycode", "lat", "lon long"),
        "publishers": reader(read_names, "newssources"),
    },
    url="urls",
    headless={26: _DAILY},
)

PHOENIX_HISTORICAL = Format(
    name="phoenix-historical",
    title="Historical Phoenix or TERRIER events",
    needed=("date8 storydate", "source", "target", "code", "rootcode"),
    fields={
        "event_type": reader(read_cameo, "code", "rootcode"),
        "date": reader(_read_date, "date8 storydate", "year", "month", "day"),
        "goldstein": reader(read_score, "goldstein"),
        "sources": reader(_read_actor, "source"),
        "targets": reader(_read_actor, "target"),
        "place": reader(
            _read_place, "placename geoname cityname", "countryname countrycode", "lat latitude", "lon longitude"
        ),
        "publishers": reader(read_outlet, "url"),
    },
    url="url",
    headless={20: _TERRIER},
)
