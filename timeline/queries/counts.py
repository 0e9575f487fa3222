"""How many events, and when."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline.queries.filters import EventFilter
from timeline.queries.held.choosing import Choice, choose
from timeline.queries.held.columns import NO_END, NO_START
from timeline.queries.held.counting import count_days, count_spans
from timeline.queries.matching import Match, match_events, match_spans
from timeline.queries.tables import AnyTables, Session, Tables, also_remote
from timeline.store.articles import count_published

WIDTHS = ("day", "week", "month", "year")
LONGEST_SPAN = 3_660  # days; a decade still counts
_EPOCH = dt.date(1970, 1, 1)
_Days = NDArray[np.int64]


@also_remote
def count_events(tables: Tables, f: EventFilter) -> int:
    """Number of events that the filter lets through."""
    with tables.session() as session:
        match = match_spans(session, f)
        if match.table != "spans" and (choice := choose(session, f)) is not None:
            return len(choice)
        query = f"SELECT {match.weight} FROM ({match.select(match.unit)})"
        return int(session.rows(query, match.values)[0][0])


@also_remote
def count_per_bin(tables: Tables, f: EventFilter, width: str = "day", by: str = "event") -> pd.DataFrame:
    """Count events by quad class in days, weeks (from Monday), months or years.

    An event that spans n days counts 1/n on each, so totals stay the number of events. One with an open end
    counts on the day that is known. Left out are undated events, the days of a span outside the filter's
    interval, and spans of more than ten years, which say too little to be drawn.

    Args:
        tables: The project's tables.
        f: Which events.
        width: One of `WIDTHS`.
        by: "event" counts when events happened, "published" when they were first reported.

    Returns:
        Columns `bin` (datetime64, first day), `quad_class` (int), `events` (float), one row per bin and quad
        class with events, sorted; no rows without dated events.
    """
    check_bins(width, by)
    with tables.session() as session:
        if by == "published":
            days, quads, events = _by_publication(session, f)
        else:
            days, quads, events = _by_event(session, f)
    return gather_bins(days, quads, events, width)


def count_published_per_day(tables: AnyTables) -> pd.DataFrame:
    """Number of articles by publication day: columns `day` (datetime64) and `articles` (int), sorted."""
    found = count_published(tables.project)
    days = pd.to_datetime([day.isoformat() for day, _ in found], format="%Y-%m-%d").as_unit("s")
    return pd.DataFrame({"day": days, "articles": np.array([number for _, number in found], dtype=np.int64)})


def check_bins(width: str, by: str) -> None:
    """Raise ValueError where there are no such bins."""
    if width not in WIDTHS:
        raise ValueError(f"unknown width {width!r}; use one of {', '.join(WIDTHS)}")
    if by not in ("event", "published"):
        raise ValueError(f"unknown by {by!r}; use event or published")


def gather_bins(days: _Days, quads: _Days, events: NDArray[np.float64], width: str) -> pd.DataFrame:
    """Counts by day (since 1970) and quad class, gathered in bins."""
    size = 1 + int(quads.max(initial=0))
    cells, of_row = np.unique(first_days(days, width) * size + quads, return_inverse=True)
    return pd.DataFrame(
        {
            "bin": (cells // size).astype("datetime64[D]").astype("datetime64[s]"),
            "quad_class": cells % size,
            "events": np.bincount(of_row, events, len(cells)).astype(np.float64),
        }
    )


def _by_publication(session: Session, f: EventFilter) -> tuple[_Days, _Days, NDArray[np.float64]]:
    choice = choose(session, f)
    if choice is not None:
        return _columns(count_days(choice, reported=True))
    match = match_events(session, f).also("published IS NOT NULL")
    query = (
        f"SELECT (published - DATE '1970-01-01')::INTEGER, quad_class, count(*)"
        f" FROM ({match.select('published, quad_class')}) GROUP BY published, quad_class"
    )
    return _columns(session.rows(query, match.values))


def _by_event(session: Session, f: EventFilter) -> tuple[_Days, _Days, NDArray[np.float64]]:
    match = match_spans(session, f)
    if match.table != "spans" and (choice := choose(session, f)) is not None:
        return _columns(count_days(choice)) if session.snapshot.closed else _by_spans(choice, f)
    if session.snapshot.closed:
        # Every span is one day, and the filter has seen to it that it lies inside.
        single, day = match.also('"start" IS NOT NULL'), '"start"'
    else:
        single = match.also('("start" = "end" OR "start" IS NULL OR "end" IS NULL)')
        single, day = _inside(single, f), 'coalesce("start", "end")'
    rows = single.select(f'"start", "end", quad_class, {match.unit}')
    query = f"SELECT {day} - DATE '1970-01-01', quad_class, {match.weight} FROM ({rows}) GROUP BY {day}, quad_class"
    days, quads, events = _columns(session.rows(query, single.values))
    if session.snapshot.longest <= 1:
        return days, quads, events
    spans = match.also('"start" < "end" AND "end" - "start" < $longest', longest=LONGEST_SPAN)
    rows = spans.select(f'"start", "end", quad_class, {match.unit}')
    query = (
        f"SELECT \"start\" - DATE '1970-01-01', \"end\" - DATE '1970-01-01', quad_class, {match.weight}"
        f' FROM ({rows}) GROUP BY "start", "end", quad_class'
    )
    found = session.rows(query, spans.values)
    more = spread(np.array(found, dtype=np.int64).reshape(-1, 4), f)
    return tuple(np.concatenate(pair) for pair in zip((days, quads, events), more, strict=True))  # type: ignore[return-value]


def _by_spans(choice: Choice, f: EventFilter) -> tuple[_Days, _Days, NDArray[np.float64]]:
    """The same of held events, some of which last for days."""
    found = count_spans(choice)
    start, end = found[:, 0], found[:, 1]
    open_ended = (start == NO_START) | (end == NO_END)
    day = np.where(start == NO_START, end, start)
    single = ((start == end) | open_ended) & (day != NO_END)
    if f.start is not None:
        single &= day >= (f.start - _EPOCH).days
    if f.end is not None:
        single &= day <= (f.end - _EPOCH).days
    days = np.column_stack([day, found[:, 2:]])[single]
    spans = found[~open_ended & (start < end) & (end - start < LONGEST_SPAN)]
    both = zip(_columns(days), spread(spans, f), strict=True)
    return tuple(np.concatenate(pair) for pair in both)  # type: ignore[return-value]


def _inside(match: Match, f: EventFilter) -> Match:
    """Only where the day that counts lies in the filter's interval; an open-ended span may overlap it from afar."""
    day = 'coalesce("start", "end")'
    match = match.also(f"{day} IS NOT NULL")
    if f.start is not None:
        match = match.also(f"{day} >= $first")
    if f.end is not None:
        match = match.also(f"{day} <= $last")
    return match


def spread(spans: _Days, f: EventFilter) -> tuple[_Days, _Days, NDArray[np.float64]]:
    """Shares of (first day, last day, quad class, events) on each day inside the filter's interval.

    Each span adds its share at its first day and takes it away after its last; running sums do the rest.
    """
    if not len(spans):
        return _columns([])
    base, last = int(spans[:, 0].min()), int(spans[:, 1].max())
    days, quads, shares = [], [], []
    for quad in np.unique(spans[:, 2]):
        part = spans[spans[:, 2] == quad]
        share = part[:, 3] / (part[:, 1] - part[:, 0] + 1)
        steps = np.bincount(part[:, 0] - base, share, last - base + 2)
        steps -= np.bincount(part[:, 1] - base + 1, share, last - base + 2)
        totals = np.cumsum(steps)[:-1]
        low = 0 if f.start is None else max(0, (f.start - _EPOCH).days - base)
        high = last - base if f.end is None else min(last - base, (f.end - _EPOCH).days - base)
        held = np.arange(low, high + 1)
        held = held[totals[held] > 1e-9]
        days.append(held + base)
        quads.append(np.full(len(held), quad))
        shares.append(totals[held])
    return np.concatenate(days), np.concatenate(quads), np.concatenate(shares)


def _columns(found: list[tuple[int, ...]] | _Days) -> tuple[_Days, _Days, NDArray[np.float64]]:
    table = np.array(found, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2].astype(np.float64)


def first_days(days: _Days, width: str) -> _Days:
    """The first day of each day's bin, as days since 1970."""
    if width == "week":
        return days - (days + 3) % 7  # day 0 was a Thursday
    unit = {"day": "D", "month": "M", "year": "Y"}[width]
    return days.astype("datetime64[D]").astype(f"datetime64[{unit}]").astype("datetime64[D]").astype(np.int64)
