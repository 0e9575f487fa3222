"""What the timeline draws of many events: a mark for each on its lane, or counts of lanes over time.

Narrow columns only, kept in arrays: names and sentences of thousands of events take longer to fetch than to draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from timeline.queries.counts import check_bins, first_days
from timeline.queries.filters import EventFilter
from timeline.queries.frames import fill_column, make_frame, take_texts
from timeline.queries.held.choosing import Choice, choose, choose_days
from timeline.queries.held.counting import count_on_lanes, count_sides
from timeline.queries.held.pages import read_points
from timeline.queries.matching import (
    SOURCES,
    TARGETS,
    Match,
    find_groups,
    match_actor_months,
    match_events,
)
from timeline.queries.tables import Loaded, Session, Tables, also_remote, fold_keys
from timeline.store.codes import REALIS_CODES, name_events

COUNT_COLUMNS = {"actor_id": "str", "bin": "day", "events": "int64"}
UNKNOWN = -(2**31)  # no day of the calendar
_EPOCH = "DATE '1970-01-01'"
_NARROW = (
    "event_id, coalesce({first} - {epoch}, {unknown})::INTEGER AS first,"
    " coalesce({last} - {epoch}, {unknown})::INTEGER AS last, quad_class::INTEGER AS quad, reports::INTEGER AS n,"
    " coalesce(realis, -1)::INTEGER AS told"
)
# The columns of an event's first and last day, by what its date is to be.
_DATES = {"event": ('"start"', '"end"'), "published": ("published", "published")}
_Ints = NDArray[np.int64]


@also_remote
def select_points(
    tables: Tables, f: EventFilter, lanes: Sequence[str], limit: int = 10_000, by: str = "event"
) -> pd.DataFrame:
    """The newest events as points on lanes.

    Args:
        tables: The project's tables.
        f: Which events; actors fold to its level.
        lanes: Ids of the actors with a lane, from the top.
        limit: Events at most.
        by: "event" for the days events happened, "published" for that of their first report as `start` and `end`.

    Returns:
        One row per event, oldest first and undated last: `event_id`, `start`, `end` (datetime64[s], NaT unknown),
        `quad_class`, `reports`, `actual` (told as having happened), `row`: index of the topmost lane among the
        event's sources, or among its targets where it names no source; `len(lanes)` for actors without a lane
        of their own, one more for events that name nobody.
    """
    with tables.session() as session:
        lane_of = _lane_of(session.loaded, lanes, f.level)
        choice = choose_days(session, f)
        if choice is not None and len(choice) <= limit:
            return _arrange(*read_points(choice, reported=by == "published"), lane_of, limit)
        match = match_events(session, f)
        first, last = _DATES[by]
        narrow = _NARROW.format(first=first, last=last, epoch=_EPOCH, unknown=UNKNOWN)
        tail = f"ORDER BY {first} DESC NULLS LAST, event_id DESC LIMIT {max(0, limit)}"
        plain = match.select_plain(f"{narrow}, coalesce(source, -1) AS s, coalesce(target, -1) AS t")
        found = session.columns(f"{plain} {tail}", match.values)
        listed: list[tuple[Any, ...]] = []
        if match.has_lists:
            rows = match.select_listed(f"{narrow}, {SOURCES} AS s, {TARGETS} AS t")
            listed = session.rows(f"{rows} {tail}", match.values)
    return _arrange(found, listed, lane_of, max(0, limit))


@also_remote
def count_lanes(
    tables: Tables, f: EventFilter, lanes: Sequence[str], width: str = "month", by: str = "event"
) -> pd.DataFrame:
    """Count the dated events of each lane per day, week, month or year; an event counts once on each of its lanes.

    An event of several days counts in the bin of its first known day, or of its first report if `by` is "published".

    Returns:
        Columns `COUNT_COLUMNS`: `bin` is the first day of the bin; by actor, then bin. No rows without events.
    """
    check_bins(width, by)
    with tables.session() as session:
        months = match_actor_months(session, f, f.level) if width in ("month", "year") and by == "event" else None
        if months:
            return _lanes_by_month(session, months, lanes, width)
        choice = choose(session, f)
        if choice is not None:
            return _lanes_held(session.loaded, choice, lanes, (f.level, width, by))
        session.offer("lanes", _lane_table(session.loaded, lanes, f.level))
        first, last = _DATES[by]
        match = match_events(session, f).also(f"({first} IS NOT NULL OR {last} IS NOT NULL)")
        bin_ = f"date_trunc('{width}', coalesce({first}, {last}))::DATE AS bin"
        sides = _PLAIN_LANES.format(rows=match.select_plain(f"source, target, {bin_}"))
        if match.has_lists:
            listed = match.select_listed(f"event_id, {SOURCES} AS sources, {TARGETS} AS targets, {bin_}")
            sides += f" UNION ALL {_LISTED_LANES.format(rows=listed)}"
        found = session.rows(
            f"SELECT lane, bin, sum(n)::BIGINT FROM ({sides}) GROUP BY lane, bin ORDER BY lane, bin", match.values
        )
    return make_frame([(lanes[lane], day, number) for lane, day, number in found], COUNT_COLUMNS)


def _lanes_held(loaded: Loaded, choice: Choice, lanes: Sequence[str], how: tuple[str, str, str]) -> pd.DataFrame:
    """The same from the events in memory; `how` is the level, the width and what a date is."""
    level, width, by = how
    known = [(place, loaded.actor_keys[lane]) for place, lane in enumerate(lanes) if lane in loaded.actor_keys]
    columns, reported = choice.held.plain, by == "published"
    newest, days = (columns.latest, columns.lags) if reported else (columns.newest, columns.ages)
    first, bin_of = np.unique(-first_days(newest - np.arange(days), width), return_inverse=True)
    bin_of = np.append(bin_of, len(first)).astype(np.int32)  # undated events come after the days
    keys, folds = np.array([key for _, key in known], dtype=np.int64), fold_keys(loaded, level)
    if choice.rest is not None and width in ("month", "year") and not reported and "months" not in choice.kept:
        count_sides(choice, folds, level)  # by month too: of all less the rest, in a third of the time of looking up
    counts = count_on_lanes(choice, folds, keys, bin_of, reported=reported)[:, ::-1]
    starts = (-first[::-1]).astype("datetime64[D]")
    lane, bin_ = np.nonzero(counts)
    actors = take_texts([lanes[place] for place, _ in known], lane)
    return pd.DataFrame({"actor_id": actors, "bin": fill_column(starts[bin_], "day"), "events": counts[lane, bin_]})


def _lanes_by_month(session: Session, months: Match, lanes: Sequence[str], width: str) -> pd.DataFrame:
    """The same from the rollup by actor and month."""
    keys = {session.loaded.actor_keys[lane]: lane for lane in lanes if lane in session.loaded.actor_keys}
    dated = months.also(f"month IS NOT NULL AND actor IN ({', '.join(map(str, keys))})" if keys else "false")
    query = f"SELECT actor, date_trunc('{width}', month)::DATE AS bin, sum(n)::BIGINT FROM actor_months"
    found = session.rows(f"{query} WHERE {dated.common} GROUP BY actor, bin ORDER BY bin", dated.values)
    places = {lane: place for place, lane in enumerate(lanes)}
    rows = [(keys[key], day, number) for key, day, number in found]
    return make_frame(sorted(rows, key=lambda row: places[row[0]]), COUNT_COLUMNS)


_PLAIN_LANES = """
    SELECT s.lane, bin, count(*) AS n FROM ({rows}) e JOIN lanes s ON s.key = e.source GROUP BY s.lane, bin
    UNION ALL
    SELECT t.lane, bin, count(*) FROM ({rows}) e JOIN lanes t ON t.key = e.target
    LEFT JOIN lanes s ON s.key = e.source WHERE s.lane IS DISTINCT FROM t.lane GROUP BY t.lane, bin
"""
_LISTED_LANES = """
    SELECT lane, bin, 1 FROM (
        SELECT DISTINCT event_id, lanes.lane, bin
        FROM (SELECT event_id, bin, unnest(list_concat(sources, targets)) AS actor FROM ({rows})) m
        JOIN lanes ON lanes.key = m.actor
    )
"""


def _lane_table(loaded: Loaded, lanes: Sequence[str], level: str) -> pa.Table:
    pairs = [(key, lane) for lane, keys in enumerate(find_groups(loaded, lanes, level)) for key in keys]
    return pa.table(
        {
            "key": pa.array([key for key, _ in pairs], pa.int32()),
            "lane": pa.array([lane for _, lane in pairs], pa.int32()),
        }
    )


def _lane_of(loaded: Loaded, lanes: Sequence[str], level: str) -> _Ints:
    """The lane of each actor's key; at the end, for key -1, that of events that name nobody."""
    size = max(loaded.actors, default=0) + 2
    found = np.full(size, len(lanes), dtype=np.int64)
    for lane, keys in enumerate(find_groups(loaded, lanes, level)):
        found[list(keys)] = lane
    found[-1] = len(lanes) + 1
    return found


def _arrange(
    plain: dict[str, NDArray[Any]], listed: Sequence[tuple[Any, ...]], lane_of: _Ints, limit: int
) -> pd.DataFrame:
    """Both kinds of rows together, the newest `limit` of them, in order of time."""
    names = ("event_id", "first", "last", "quad", "n", "told")
    more = np.array([row[:6] for row in listed], dtype=np.int64).reshape(-1, 6)
    values = {name: np.concatenate([plain[name].astype(np.int64), more[:, i]]) for i, name in enumerate(names)}
    source, target = lane_of[plain["s"].astype(np.int64)], lane_of[plain["t"].astype(np.int64)]
    single = np.where(plain["s"] >= 0, source, target)
    several = [
        _topmost(row[6], lane_of, _topmost(row[7], lane_of, len(lane_of) and int(lane_of[-1]))) for row in listed
    ]
    values["row"] = np.concatenate([single, np.array(several, dtype=np.int64)])
    values["actual"] = values.pop("told") == REALIS_CODES.index("actual")
    return arrange_points(values, limit)


def arrange_points(values: Mapping[str, NDArray[Any]], limit: int) -> pd.DataFrame:
    """Points as `select_points` gives them, from arrays `event_id`, `first`, `last`, `quad`, `n`, `actual`, `row`.

    Days are numbers since 1970, `UNKNOWN` for none.
    """
    first, last, ids = values["first"], values["last"], values["event_id"]
    order = np.lexsort((-ids, -first))[:limit]  # the days unknown are the lowest, so they come last
    day = np.where(first == UNKNOWN, last, first)
    order = order[np.lexsort((ids[order], np.where(day == UNKNOWN, 2**31, day)[order]))]
    return pd.DataFrame(
        {
            "event_id": np.array(name_events(ids[order]), dtype=object),
            "start": _days(first[order]),
            "end": _days(last[order]),
            "quad_class": values["quad"][order],
            "reports": values["n"][order],
            "actual": values["actual"][order],
            "row": values["row"][order],
        }
    )


def _topmost(keys: Sequence[int | None] | None, lane_of: _Ints, otherwise: int) -> int:
    return min((int(lane_of[key]) for key in keys or () if key is not None), default=otherwise)


def _days(numbers: _Ints) -> NDArray[np.datetime64]:
    days = numbers.astype("datetime64[D]")
    days[numbers == UNKNOWN] = np.datetime64("NaT", "D")
    return days.astype("datetime64[s]")
