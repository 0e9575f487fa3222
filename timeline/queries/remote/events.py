"""The events themselves on an engine: pages, marks of the timeline, and what there is as evidence.

See `timeline.queries.events` and `points` for what is given. An engine holds no text: `sentence` is "".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd

from timeline.errors import MissingEventError
from timeline.ontology import EVENT_TYPES
from timeline.queries.events import COLUMNS, EventEvidence, check_order
from timeline.queries.filters import EventFilter
from timeline.queries.frames import make_frame
from timeline.queries.points import UNKNOWN, arrange_points
from timeline.queries.remote.matching import fold_keys, match_events
from timeline.queries.remote.tables import RemoteSession, RemoteTables
from timeline.records import Actor, Basis, Event, EventDate, Place, Precision, Realis
from timeline.store.codes import REALIS_CODES, event_key, name_event
from timeline.store.originals import Original

_Rows = list[dict[str, Any]]


def select_events(
    tables: RemoteTables, f: EventFilter, limit: int = 50, offset: int = 0, order: str = "newest"
) -> pd.DataFrame:
    """As `timeline.queries.select_events`."""
    check_order(order)
    with tables.session() as session:
        return _read_page(session, match_events(session, f), max(0, limit), max(0, offset), order)


def select_events_at(tables: RemoteTables, f: EventFilter, place_key: int, limit: int = 200) -> pd.DataFrame:
    """As `timeline.queries.select_events_at`."""
    with tables.session() as session:
        matched = match_events(session, f)
        return _read_page(session, matched.filter(matched.place == int(place_key)), max(0, limit), 0, "newest")


def select_points(
    tables: RemoteTables, f: EventFilter, lanes: Sequence[str], limit: int = 10_000, by: str = "event"
) -> pd.DataFrame:
    """As `timeline.queries.select_points`."""
    with tables.session() as session:
        matched = match_events(session, f)
        first, last = ("published", "published") if by == "published" else ("start_day", "end_day")
        narrow = matched.select(
            "event_id", "quad_class", "reports", "realis", first=matched[first], last=matched[last]
        )  # fmt: skip
        newest = [ibis.desc("first", nulls_first=False), ibis.desc("event_id")]
        page = narrow.order_by(newest).limit(max(0, limit))
        rows = session.read(page)
        sides = session.star.sides(f.level)
        held = sides.filter(sides.event_id.isin(page.event_id)).select("event_id", "side", "who").distinct()
        rows_of = _lanes_of(session, session.read(held), tuple(lanes))
    nobody = len(lanes) + 1
    values = {
        "event_id": np.array([row["event_id"] for row in rows], dtype=np.int64),
        "first": np.array([_number(row["first"]) for row in rows], dtype=np.int64),
        "last": np.array([_number(row["last"]) for row in rows], dtype=np.int64),
        "quad": np.array([row["quad_class"] for row in rows], dtype=np.int64),
        "n": np.array([row["reports"] for row in rows], dtype=np.int64),
        "actual": np.array([row["realis"] == REALIS_CODES[0] for row in rows], dtype=bool),
        "row": np.array([rows_of.get(row["event_id"], nobody) for row in rows], dtype=np.int64),
    }
    return arrange_points(values, len(rows))


def read_evidence(tables: RemoteTables, event_id: str) -> EventEvidence:
    """As `timeline.queries.read_evidence`: the event's row, with the address of its article where it names one."""
    key = event_key(event_id)
    with tables.session() as session:
        events = session.star.events
        rows = session.read(events.filter(events.event_id == key).limit(1))
        if not rows:
            raise MissingEventError(f"no event {event_id} in {tables.engine.address}; it was loaded anew since, reload")
        (row,) = rows
        sources, targets, _ = _sides_of(session, [key])
        row["place_country"] = session.loaded.country(row["place_country"])
    cells = {name: str(value) for name, value in row.items() if value is not None and name != "url"}
    actors = {"source": sources.get(key, []), "target": targets.get(key, [])}
    cells |= {side: ", ".join(actor.id for actor in found) for side, found in actors.items() if found}
    original = Original(tables.engine.address, "engine", 0, row["url"] or "", cells)
    return EventEvidence(_as_event(row, actors["source"], actors["target"]), (), original)


def list_addresses(tables: RemoteTables, event_ids: Sequence[str]) -> dict[str, str]:
    """As `timeline.queries.list_addresses`."""
    found = {}
    with tables.session() as session:
        events = session.star.events.select("event_id", "url")
        for part in _in_parts([event_key(event_id) for event_id in event_ids]):
            rows = session.read(events.filter(events.event_id.isin(part), events.url.notnull()))
            found.update({name_event(row["event_id"]): row["url"] for row in rows})
    return found


def _read_page(session: RemoteSession, matched: Any, limit: int, offset: int, order: str) -> pd.DataFrame:
    if not limit:
        return make_frame([], COLUMNS)
    rows = session.read(matched.order_by(_ordering(order)).limit(limit, offset=offset))
    sources, targets, outlets = _sides_of(session, [row["event_id"] for row in rows])
    readable = []
    for row in rows:
        key = row["event_id"]
        readable.append(_readable(row, sources.get(key, []), targets.get(key, []), outlets.get(key, [])))
    return make_frame([[row[name] for name in COLUMNS] for row in readable], COLUMNS)


def _ordering(order: str) -> list[Any]:
    newest = [ibis.desc("start_day", nulls_first=False), ibis.desc("event_id")]
    return {
        "newest": newest,
        "oldest": [ibis.asc("start_day", nulls_first=False), ibis.asc("event_id")],
        "reports": [ibis.desc("reports"), *newest],
    }[order]


def _sides_of(
    session: RemoteSession, keys: Sequence[int]
) -> tuple[dict[int, list[Actor]], dict[int, list[Actor]], dict[int, list[str]]]:
    """Sources, targets and publishers of these events, each in its order."""
    sources: dict[int, list[Actor]] = {}
    targets: dict[int, list[Actor]] = {}
    outlets: dict[int, list[str]] = {}
    for part in _in_parts(keys):
        sides = session.star.sides("actor")
        for row in session.read(sides.filter(sides.event_id.isin(part)).order_by("event_id", "side", "listed")):
            side = sources if row["side"] == "source" else targets
            side.setdefault(row["event_id"], []).append(session.loaded.actors[row["actor"]].actor)
        told = session.star.outlets
        for row in session.read(told.filter(told.event_id.isin(part)).order_by("event_id", "listed")):
            outlets.setdefault(row["event_id"], []).append(session.loaded.publisher(row["publisher"]))
    return sources, targets, outlets


def _in_parts(keys: Sequence[int], size: int = 10_000) -> Iterable[list[int]]:
    return (list(keys[start : start + size]) for start in range(0, len(keys), size))


def _readable(
    row: Mapping[str, Any], sources: Sequence[Actor], targets: Sequence[Actor], outlets: Sequence[str]
) -> dict[str, Any]:
    same = ("published", "quad_class", "goldstein", "reports", "publishers", "latitude", "longitude")
    located = row["place"] is not None
    return {
        **{name: row[name] for name in same},
        "event_id": name_event(row["event_id"]),
        "start": row["start_day"],
        "end": row["end_day"],
        "precision": row["date_precision"] or Precision.UNKNOWN.value,
        "basis": row["date_basis"] or ("" if row["start_day"] or row["end_day"] else Basis.NONE.value),
        "event_type": row["event_type"],
        "realis": row["realis"],
        "confidence": None if row["confidence"] is None else round(row["confidence"], 6),
        "source_ids": [actor.id for actor in sources],
        "source_names": [actor.name for actor in sources],
        "target_ids": [actor.id for actor in targets],
        "target_names": [actor.name for actor in targets],
        "publisher_names": list(outlets),
        "contested": bool(row["contested"]),
        "corrected": bool(row["corrected"]),
        "reviewed": bool(row["reviewed"]),
        "place": row["place_name"] if located else None,
        "sentence": "",
    }


def _as_event(row: Mapping[str, Any], sources: Sequence[Actor], targets: Sequence[Actor]) -> Event:
    date = EventDate(
        row["start_day"],
        row["end_day"],
        Precision(row["date_precision"] or Precision.UNKNOWN),
        Basis(row["date_basis"] or Basis.NONE),
        note="" if row["date_basis"] else "as the table gives it",
    )
    place = None
    if row["place"] is not None:
        place = Place(row["place_name"], row["place_country"], row["latitude"], row["longitude"])
    return Event(
        id=name_event(row["event_id"]),
        codings=(),
        event_type=row["event_type"] or next(iter(EVENT_TYPES)),
        sources=tuple(sources),
        targets=tuple(targets),
        date=date,
        realis=Realis(row["realis"] or Realis.ACTUAL),
        place=place,
    )


def _number(day: dt.date | None) -> int:
    return UNKNOWN if day is None else (day - dt.date(1970, 1, 1)).days


def _lanes_of(session: RemoteSession, held: _Rows, lanes: tuple[str, ...]) -> dict[int, int]:
    """The topmost lane among each event's sources, or among its targets where it names no source."""
    keys = fold_keys(session, lanes)
    by_key = {key: lanes.index(session.loaded.actors[key].actor.id) for key in keys}
    best: dict[tuple[int, str], int] = {}
    for row in held:
        slot = row["event_id"], row["side"]
        best[slot] = min(best.get(slot, len(lanes)), by_key.get(row["who"], len(lanes)))
    found = {event: lane for (event, side), lane in best.items() if side == "target"}
    return found | {event: lane for (event, side), lane in best.items() if side == "source"}
