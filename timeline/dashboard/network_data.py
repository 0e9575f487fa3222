"""The network over time: its frames, and two periods compared; cached by filter and state of the events."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timeline.dashboard import data
from timeline.dashboard.keeping import keep
from timeline.queries.filters import EventFilter
from timeline.views.changes import compare_graphs
from timeline.views.network_figures import write_network
from timeline.views.wording import MONTHS, say_day

if TYPE_CHECKING:
    import networkx as nx

Period = tuple[dt.date, dt.date]
_MOST_WEEKS, _MOST_MONTHS = 26, 60
_ALL = (10_000, 100_000)  # more actors and edges than `data.network` gives


@dataclass(frozen=True, slots=True)
class Frame:
    """One step of the network over time: its days, and what they are called."""

    start: dt.date
    end: dt.date
    label: str


def list_frames(f: EventFilter) -> tuple[Frame, ...]:
    """The weeks, months or years of a filter's period, in order; none without dated events."""
    low, high = data.date_range()
    low, high = f.start or low, f.end or high
    if low is None or high is None or low > high:
        return ()
    days = (high - low).days
    if days <= 7 * _MOST_WEEKS:
        return _cut(low, high, low - dt.timedelta(days=low.weekday()), "week")
    if days <= 30.5 * _MOST_MONTHS:
        return _cut(low, high, low.replace(day=1), "month")
    return _cut(low, high, low.replace(month=1, day=1), "year")


def _cut(low: dt.date, high: dt.date, first: dt.date, unit: str) -> tuple[Frame, ...]:
    frames, start = [], first
    while start <= high:
        following = _next(start, unit)
        end = following - dt.timedelta(days=1)
        frames.append(Frame(max(start, low), min(end, high), _name(start, unit)))
        if following <= start:  # the calendar's last
            break
        start = following
    return tuple(frames)


def _next(start: dt.date, unit: str) -> dt.date:
    if unit == "week":
        return start + dt.timedelta(days=7)
    if unit == "month":
        return (start + dt.timedelta(days=32)).replace(day=1)
    return start.replace(year=start.year + 1) if start.year < dt.MAXYEAR else start


def _name(start: dt.date, unit: str) -> str:
    return {"week": f"week from {say_day(start)}", "month": f"{MONTHS[start.month - 1]} {start.year}"}.get(
        unit, str(start.year)
    )


def within(f: EventFilter, period: Period) -> EventFilter:
    """The filter narrowed to a period; undated events are in no period."""
    return replace(f, start=period[0], end=period[1], undated=False)


def draw_frame(f: EventFilter, shown: EventFilter, most: int, groups: str) -> str:
    """The network of a part of the filter's events, sizes and places as in the whole."""
    whole, _ = data.network(f, most, most * 5)
    graph, _ = data.network(shown, most, most * 5)
    top = max((d["events"] for _, d in whole.nodes(data=True)), default=1.0)
    grouped = data.group_network(f.level, graph, groups)
    return write_network(graph, data.network_positions(f.level), data.palette(), grouped, top)


def comparison(f: EventFilter, before: Period, after: Period) -> nx.MultiDiGraph:
    """What changed between two periods among the filter's events; shared, not to be changed."""
    return _comparison(data.batch(), f, (before, after))


@keep(16)
def _comparison(batch: str, f: EventFilter, periods: tuple[Period, Period]) -> nx.MultiDiGraph:
    before, after = (data.network(within(f, period), *_ALL)[0] for period in periods)
    return compare_graphs(before, after)


def draw_comparison(f: EventFilter, graph: nx.MultiDiGraph, groups: str) -> str:
    """A comparison drawn, every actor where it always stands."""
    grouped = data.group_network(f.level, graph, groups)
    return write_network(graph, data.network_positions(f.level), data.palette(), grouped)


def split_period(f: EventFilter) -> tuple[Period, Period] | None:
    """The filter's period cut in two with about as many events in each; None if it cannot be cut."""
    low, high = data.date_range()
    low, high = f.start or low, f.end or high
    table, _ = data.tabulate_density(f)
    if low is None or high is None or (high - low).days < 1 or table.empty:
        return None
    held = table[(table["bin"].dt.date >= low) & (table["bin"].dt.date <= high)]
    if held.empty:
        return None
    share = held["events"].cumsum() / held["events"].sum()
    middle = held["bin"][share >= 0.5].iloc[0].date()
    middle = min(max(middle, low + dt.timedelta(days=1)), high)
    return (low, middle - dt.timedelta(days=1)), (middle, high)
