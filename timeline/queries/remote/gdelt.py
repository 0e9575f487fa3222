"""GDELT's public event table on BigQuery as the star: the mapping of `timeline import`, as expressions.

The table `gdelt-bq.gdeltv2.events_partitioned` has the columns of the GDELT 2.0 event codebook (2015) and is cut by the
day on which events were added; only the days of a period are read, ever. What an import reads from names is left
out: an actor is a country with a sector, a known group, or its CAMEO code. So persons and towns' own actors that an
import would name stay codes here; acts, days, scores, places, outlets and addresses are those of an import.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import ibis

from timeline.ontology import EVENT_TYPES
from timeline.queries.remote.engines import Engine
from timeline.queries.remote.star import Star
from timeline.queries.remote.tables import Names, make_names, read_rows
from timeline.records import Actor, digest
from timeline.store.dictionaries import ActorEntry
from timeline.store.imports.actors import ActorFinder
from timeline.store.imports.countries import load_countries
from timeline.store.imports.crosswalk import load_crosswalk

GDELT_TABLE = "events_partitioned"
_PARTS = ("Code", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
          "Type2Code", "Type3Code")  # fmt: skip
_SCHEMA = {
    "GLOBALEVENTID": "int64", "SQLDATE": "int64", "EventCode": "string", "GoldsteinScale": "float64",
    "NumArticles": "int64", "ActionGeo_FullName": "string", "ActionGeo_CountryCode": "string",
    "ActionGeo_Lat": "float64", "ActionGeo_Long": "float64", "DATEADDED": "int64", "SOURCEURL": "string",
    **{f"Actor{number}{part}": "string" for number in (1, 2) for part in _PARTS},
}  # fmt: skip
NEEDED = tuple(_SCHEMA)
_PARTITION = "_PARTITIONTIME"
_SET_KEYS = int(digest("gdelt"), 16) >> 48 << 48  # as imports number GDELT's events
_NAMED = ("IGO", "NGO", "NGM", "MNC", "IMG", "INT")  # a name tells who: no country does
_HOST = r"^https?://(?:[^/?#@]*@)?(?:www\.)?([^/?#:\s]+)"
_DAY = 10**8


def make_gdelt_star(first: dt.date, last: dt.date, catalog: str | None = None, database: str | None = None) -> Star:
    """The star over the events that GDELT added from the first to the last day, in a project's dataset."""
    schema = {**_SCHEMA, _PARTITION: "timestamp('UTC')"}
    raw = ibis.table(schema, name=GDELT_TABLE, catalog=catalog, database=database)
    end = last + dt.timedelta(days=1) if last < dt.date.max else last  # "until whenever"
    begins = ibis.timestamp(f"{first} 00:00:00", timezone="UTC")
    ends = ibis.timestamp(f"{end} 00:00:00", timezone="UTC")
    raw = raw.filter(raw[_PARTITION] >= begins, raw[_PARTITION] < ends)
    raw = raw.mutate(event_type=_event_type(raw.EventCode))
    raw = raw.filter(raw.event_type.notnull())
    linked = raw.filter(raw.SOURCEURL.re_search(_HOST))
    outlets = linked.select(event_id=_event_id(linked), listed=ibis.literal(0), publisher=_host(linked.SOURCEURL))
    nothing = ibis.table({"actor": "string"}, name="none")  # names come from the codes, not from tables
    return Star(_events(raw), outlets, lambda level: _sides(raw, level), nothing, nothing)


def load_gdelt_names(engine: Engine, star: Star) -> Names:
    """The actors that occur in the period; publishers are their own names."""
    sides = star.sides("country")
    rows = read_rows(engine, sides.select("actor", "who").distinct())
    return make_names(name_codes((row["actor"], row["who"]) for row in rows), {}, load_countries().fips)


def name_codes(pairs: Iterable[tuple[str, str]]) -> Mapping[str, ActorEntry]:
    """The actor behind each key, and behind the key of the state it folds into."""
    finder, found = ActorFinder(), dict(pairs)
    keys = {**found, **{state: state for state in found.values()}}
    taken: dict[str, str] = {}
    entries = {}
    for key in sorted(keys, key=lambda key: (key.startswith("code:"), key)):
        actor = _name_code(finder, key)
        if taken.setdefault(actor.id, key) != key:  # two keys must not be one actor
            actor = Actor(f"cameo-{key.lower()}", key, actor.country, actor.sector, actor.part_of, known=False)
        entries[key] = ActorEntry(key, actor, key, keys[key])  # type: ignore[arg-type] # keys are text here
    return entries


def _name_code(finder: ActorFinder, key: str) -> Actor:
    kind, _, rest = key.partition(":")
    if kind == "group":
        found = finder.with_id(load_crosswalk().groups[rest])
    elif kind == "code":
        found = finder.split_cameo(rest)
    else:
        found = finder.compose(kind or None, rest or None)
    return found or Actor(f"cameo-{rest.lower()}", rest, None, None, None, known=False)


def _events(raw: Any) -> Any:
    score, quad = _by_type(raw.event_type, "goldstein"), _by_type(raw.event_type, "quad_class")
    day = _day(raw.SQLDATE)
    name = raw.ActionGeo_FullName.re_extract(r"^([^,]*)", 1).strip()
    located = (name != "") & raw.ActionGeo_Lat.notnull() & raw.ActionGeo_Long.notnull()
    latitude, longitude = raw.ActionGeo_Lat, raw.ActionGeo_Long
    # Places have no numbers: their coordinates make one.
    place = ((latitude + 90) * 10_000).round().cast("int64") * 10_000_000
    place = place + ((longitude + 180) * 10_000).round().cast("int64")
    nothing = ibis.null("string")
    return raw.select(
        event_id=_event_id(raw), start_day=day, end_day=day,
        published=_day((raw.DATEADDED >= _DAY).ifelse(raw.DATEADDED // 10**6, raw.DATEADDED)),
        date_precision=ibis.literal("day"), date_basis=nothing, event_type=raw.event_type, quad_class=quad,
        goldstein=ibis.coalesce(raw.GoldsteinScale, score), realis=nothing, confidence=ibis.null("float64"),
        reports=(raw.NumArticles >= 1).ifelse(raw.NumArticles, 1).fill_null(1),
        publishers=raw.SOURCEURL.re_search(_HOST).fill_null(False).ifelse(1, 0),
        contested=ibis.literal(False), corrected=ibis.literal(False), reviewed=ibis.literal(False),
        sources=(raw.Actor1Code.fill_null("") != "").ifelse(1, 0),
        targets=(raw.Actor2Code.fill_null("") != "").ifelse(1, 0),
        place=located.ifelse(place, ibis.null("int64")), place_name=name,
        place_country=raw.ActionGeo_CountryCode, latitude=latitude, longitude=longitude, url=raw.SOURCEURL,
    )  # fmt: skip


def _sides(everything: Any, level: str) -> Any:
    parts = []
    for number, side in ((1, "source"), (2, "target")):
        raw = everything.filter(everything[f"Actor{number}Code"].fill_null("") != "")
        actor = _actor(raw, number)
        country = _country(raw, number)
        state = (country.notnull() & ~_group(raw, number)).ifelse(country + ":", actor)
        part = raw.select(
            event_id=_event_id(raw), side=ibis.literal(side), listed=ibis.literal(0), actor=actor,
            who=state if level == "country" else actor,
        )  # fmt: skip
        parts.append(part)
    return parts[0].union(parts[1])


def _actor(raw: Any, number: int) -> Any:
    """The key of an actor: `SYR:REB`, `SYR:`, `:REB`, `group:UNO` or `code:KUR`; NULL where nobody is named."""
    cells = {part: raw[f"Actor{number}{part}"].fill_null("") for part in _PARTS}
    types = [cells[f"Type{n}Code"] for n in (1, 2, 3)]
    marks = cells["EthnicCode"] + cells["Religion1Code"] + cells["Religion2Code"]
    named = types[0].isin(_NAMED) | types[1].isin(_NAMED) | types[2].isin(_NAMED)
    plain = (marks == "") & (cells["KnownGroupCode"] == "") & ~named
    sector = ibis.coalesce(*(_translate(kind, load_crosswalk().types) for kind in types), "")
    country = _country(raw, number)
    told = (sector != "") & (country.notnull() | (cells["CountryCode"] == ""))
    told = told | (country.notnull() & (types[0] + types[1] + types[2] == ""))
    return ibis.cases(
        (_group(raw, number), "group:" + cells["KnownGroupCode"]),
        (plain & told, country.fill_null("") + ":" + sector),
        else_="code:" + cells["Code"],
    )


def _group(raw: Any, number: int) -> Any:
    return raw[f"Actor{number}KnownGroupCode"].fill_null("").isin(tuple(load_crosswalk().groups))


def _country(raw: Any, number: int) -> Any:
    """The ISO code of a CAMEO country; NULL for a region. Nearly all are the same."""
    code = raw[f"Actor{number}CountryCode"]
    other = {given: iso for given, iso in load_countries().cameo.items() if given != iso}
    return ibis.cases(
        (code.isin(tuple(load_crosswalk().regions)), ibis.null("string")),
        *((code == given, iso) for given, iso in sorted(other.items())),
        else_=code.nullif(""),
    )


def _event_id(raw: Any) -> Any:
    return raw.GLOBALEVENTID + (_SET_KEYS - (1 << 64) if _SET_KEYS >> 63 else _SET_KEYS)


def _host(url: Any) -> Any:
    return url.re_extract(_HOST, 1).lower()


def _event_type(code: Any) -> Any:
    return _translate(code, load_crosswalk().events)


def _translate(code: Any, table: Mapping[str, str]) -> Any:
    """A code by a table: one branch for all that stay as they are, one for each value else; NULL for the rest."""
    by_value: dict[str, list[str]] = {}
    for given, value in sorted(table.items()):
        if value and given != value:
            by_value.setdefault(value, []).append(given)
    same = [given for given, value in sorted(table.items()) if given == value]
    branches = [(code.isin(same), code)] if same else []
    branches += [(code.isin(codes), ibis.literal(value)) for value, codes in by_value.items()]
    return ibis.cases(*branches, else_=ibis.null("string"))


def _by_type(event_type: Any, attribute: str) -> Any:
    values: dict[Any, list[str]] = {}
    for name, kind in EVENT_TYPES.items():
        values.setdefault(getattr(kind, attribute), []).append(name)
    return ibis.cases(*((event_type.isin(names), value) for value, names in values.items()))


def _day(number: Any) -> Any:
    """A day from a number like 20200305."""
    return ibis.date(
        (number // 10_000).cast("int32"), (number // 100 % 100).cast("int32"), (number % 100).cast("int32")
    )
