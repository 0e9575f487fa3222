"""How many events, when and where, on an engine; see `timeline.queries.counts`, `points`, `places` and `values`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd

from timeline.ontology import EVENT_TYPES
from timeline.queries.counts import LONGEST_SPAN, check_bins, first_days, gather_bins, spread
from timeline.queries.filters import EventFilter
from timeline.queries.frames import make_frame
from timeline.queries.places import PLACE_COLUMNS
from timeline.queries.points import COUNT_COLUMNS
from timeline.queries.remote.matching import first_day, fold_keys, last_day, match_events
from timeline.queries.remote.tables import RemoteSession, RemoteTables
from timeline.queries.tables import answer_once
from timeline.queries.values import MOST_PUBLISHERS, Values
from timeline.store.codes import EVENT_TYPE_CODES, REALIS_CODES

_EPOCH = dt.date(1970, 1, 1)


def count_events(tables: RemoteTables, f: EventFilter) -> int:
    """As `timeline.queries.count_events`."""
    with tables.session() as session:
        matched = match_events(session, f)
        return int(session.read(matched.agg(events=matched.count()))[0]["events"])


def count_per_bin(tables: RemoteTables, f: EventFilter, width: str = "day", by: str = "event") -> pd.DataFrame:
    """As `timeline.queries.count_per_bin`: the engine counts spans, their shares are spread here."""
    check_bins(width, by)
    with tables.session() as session:
        matched = match_events(session, f)
        if by == "published":
            dated = matched.filter(matched.published.notnull())
            spans = dated.group_by("quad_class", first="published", last="published").agg(events=dated.count())
        else:
            dated = matched.filter(matched.start_day.notnull() | matched.end_day.notnull())
            spans = dated.group_by("quad_class", first=first_day(dated), last=last_day(dated)).agg(events=dated.count())
        rows = session.read(spans)
    found = [(_number(row["first"]), _number(row["last"]), row["quad_class"], int(row["events"])) for row in rows]
    table = np.array(found, dtype=np.int64).reshape(-1, 4)
    table = table[table[:, 1] - table[:, 0] < LONGEST_SPAN]
    single = table[table[:, 0] == table[:, 1]]
    if by == "event":
        low = -np.inf if f.start is None else _number(f.start)
        high = np.inf if f.end is None else _number(f.end)
        single = single[(single[:, 0] >= low) & (single[:, 0] <= high)]
    more = spread(table[table[:, 0] < table[:, 1]], f)
    parts = ((single[:, 0], more[0]), (single[:, 2], more[1]), (single[:, 3].astype(np.float64), more[2]))
    days, quads, events = (np.concatenate(pair) for pair in parts)
    return gather_bins(days, quads, events, width)


def count_lanes(
    tables: RemoteTables, f: EventFilter, lanes: Sequence[str], width: str = "month", by: str = "event"
) -> pd.DataFrame:
    """As `timeline.queries.count_lanes`: the engine counts days, they are put in bins here."""
    check_bins(width, by)
    with tables.session() as session:
        keys = fold_keys(session, tuple(lanes))
        if not keys:
            return make_frame([], COUNT_COLUMNS)
        matched = match_events(session, f)
        day = matched.published if by == "published" else first_day(matched)
        dated = matched.select("event_id", day=day)
        dated = dated.filter(dated.day.notnull())
        sides = session.star.sides(f.level)
        held = sides.filter(sides.who.isin(keys)).select("event_id", "who").distinct()
        found = dated.join(held, "event_id").group_by("who", "day").agg(events=ibis._.count())
        rows = session.read(found)
        lane_of = {session.loaded.actor_keys[name]: lane for lane, name in enumerate(lanes)
                   if name in session.loaded.actor_keys}  # fmt: skip
    counts: dict[tuple[int, int], int] = {}
    bins = first_days(np.array([_number(row["day"]) for row in rows], dtype=np.int64), width)
    for row, bin_ in zip(rows, bins.tolist(), strict=True):
        cell = lane_of[row["who"]], bin_
        counts[cell] = counts.get(cell, 0) + int(row["events"])
    cells = ((lanes[lane], _EPOCH + dt.timedelta(days=day), counts[lane, day]) for lane, day in sorted(counts))
    return make_frame(cells, COUNT_COLUMNS)


def count_places(tables: RemoteTables, f: EventFilter) -> pd.DataFrame:
    """As `timeline.queries.count_places`."""
    with tables.session() as session:
        matched = match_events(session, f)
        located = matched.filter(matched.place.notnull())
        found = located.group_by("place", "quad_class").agg(
            name=located.place_name.min(), country=located.place_country.min(), latitude=located.latitude.min(),
            longitude=located.longitude.min(), events=located.count(),
        )  # fmt: skip
        rows = session.read(found.order_by("place", "quad_class"))
        country = session.loaded.country
    return make_frame(
        [
            (row["place"], row["name"], country(row["country"]), row["latitude"], row["longitude"], row["quad_class"],
             row["events"])
            for row in rows
        ],
        PLACE_COLUMNS,
    )  # fmt: skip


def list_values(tables: RemoteTables) -> Values:
    """As `timeline.queries.list_values`."""
    with tables.session() as session:
        return answer_once(session.loaded.answers, "values", lambda: _list_values(session))


def _list_values(session: RemoteSession) -> Values:
    events = session.star.events
    undated = events.start_day.isnull() & events.end_day.isnull()
    found = session.read(
        events.group_by("event_type", "quad_class", "realis").agg(
            events=events.count(),
            first=first_day(events).min(),
            last=last_day(events).max(),
            contested=events.contested.ifelse(1, 0).sum(),
            undated=undated.ifelse(1, 0).sum(),
        )
    )
    outlets = session.star.outlets
    counted = outlets.group_by("publisher").agg(events=outlets.count())
    publishers = session.read(counted.order_by([counted.events.desc(), counted.publisher.asc()]).limit(MOST_PUBLISHERS))
    types, realis = _totals(found, "event_type"), _totals(found, "realis")
    return Values(
        events=sum(int(row["events"]) for row in found),
        undated=sum(int(row["undated"]) for row in found),
        contested=sum(int(row["contested"]) for row in found),
        start=min((row["first"] for row in found if row["first"]), default=None),
        end=max((row["last"] for row in found if row["last"]), default=None),
        event_types={name: types[name] for name in EVENT_TYPE_CODES if name in types and name in EVENT_TYPES},
        quad_classes=dict(sorted(_totals(found, "quad_class").items())),
        realis={name: realis[name] for name in REALIS_CODES if name in realis},
        publishers={session.loaded.publisher(row["publisher"]): int(row["events"]) for row in publishers},
    )


def _totals(found: Iterable[Mapping[str, Any]], name: str) -> dict[Any, int]:
    totals: dict[Any, int] = {}
    for row in found:
        if row[name] is not None:
            totals[row[name]] = totals.get(row[name], 0) + int(row["events"])
    return totals


def _number(day: dt.date) -> int:
    return (day - _EPOCH).days
