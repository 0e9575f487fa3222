"""Counts over the rows that a filter lets through: arrays of counts by number, added up piece by piece.

numpy's `bincount` over a piece that stays in the processor's memory takes three nanoseconds a row; grouping by hash in
a database takes ten times as much.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from timeline.queries.held.choosing import Choice, Take, choose_all
from timeline.queries.held.columns import QUAD_OF_KIND, QUADS, Columns, Held, Ints, name_quads
from timeline.queries.held.spread import spread
from timeline.queries.held.sums import PairSums, find_different, list_cells
from timeline.queries.tables import answer_once

Counts = NDArray[np.int64]
_Some = TypeVar("_Some", Counts, Ints)
_MOST_KEPT = 4_000_000  # counts by month and key that a ranking keeps for the lanes
_ROWS_A_COUNT = 3  # to look up the lane of so many rows takes as long as to set a count to zero


def count_days(choice: Choice, *, reported: bool = False) -> Counts:
    """The dated events by first known day, or with `reported` by that of the first report: day (since 1970), quad
    class, number; one row each.
    """
    whole = choice.held.plain
    days, newest = (whole.lags, whole.latest) if reported else (whole.ages, whole.newest)
    name, count = ("lags", _count_lags) if reported else ("ages", _count_ages)
    counts = _count_or_subtract(choice, name, count)[: days * QUADS]  # what follows has no date
    some = np.flatnonzero(counts)
    return np.stack([newest - some // QUADS, some % QUADS, counts[some]], axis=1)


def _count_or_subtract(choice: Choice, name: str, count: Callable[[Choice], _Some]) -> _Some:
    """What `count` makes of the chosen events; of nearly all of them, that of all less that of the rest.

    The name is that under which the count of all events is kept.
    """
    if choice.rest is None:
        return count(choice)
    whole: _Some = answer_once(choice.held.whole, name, lambda: count(choose_all(choice.held)))
    return whole - count(choice.rest)


def _count_lags(choice: Choice) -> Counts:
    counts = np.zeros((choice.held.plain.lags + 1) * QUADS, dtype=np.int64)
    for rows in choice.both:
        for take in rows.pieces():
            keys = name_quads(take(rows.columns.lag), take(rows.columns.kind))
            counts += np.bincount(keys, minlength=len(counts))
    return counts


def _count_ages(choice: Choice) -> Counts:
    counts = np.zeros((choice.held.plain.ages + 1) * QUADS, dtype=np.int64)
    for rows in choice.both:
        columns, starts = rows.columns, rows.columns.runs
        keys = name_quads(columns.age[starts], columns.kind[starts])
        np.add.at(counts, keys, rows.count_between(np.append(starts, len(columns))))
    return counts


def count_spans(choice: Choice) -> Counts:
    """Of a table with spans: first day, last day (see `columns`), quad class and number; one row each."""
    found = []
    for rows in choice.both:
        columns = rows.columns
        assert columns.start is not None
        assert columns.end is not None
        for take in rows.pieces():
            spans = np.stack([take(columns.start), take(columns.end), QUAD_OF_KIND[take(columns.kind)]], axis=1)
            different, numbers = np.unique(spans, axis=0, return_counts=True)
            found.append(np.column_stack([different, numbers]).astype(np.int64))
    return np.concatenate(found) if found else np.empty((0, 4), dtype=np.int64)


def count_sides(choice: Choice, folds: Ints, level: str) -> Ints:
    """The events of each actor, those with it as source, and as target: three rows, by key.

    Args:
        choice: Which events.
        folds: The key that stands for each key.
        level: Names the folding.
    """
    held = choice.held
    months = int(_number_months(held.plain)[-1]) + 1
    whole = choice if choice.rest is None else choose_all(held)
    if held.size * months > min(_MOST_KEPT, len(whole.plain)):
        return _count_or_subtract(choice, f"sides {level}", lambda some: _count_sides(some, folds))
    counts = _count_or_subtract(choice, f"sides by month {level}", lambda some: _count_sides_by_month(some, folds))
    choice.kept["months"] = (folds, counts[3:])
    return counts[:3]


def _count_sides(choice: Choice, folds: Ints) -> Counts:
    counts, changes = _count_listed_sides(choice, folds), _changes(folds)
    for take in choice.plain.pieces():
        counts += _count_plain_sides(choice.held, take, changes)
    return counts


def _count_sides_by_month(choice: Choice, folds: Ints) -> Ints:
    """The same, and below a row for the plain events of each month, the last one of those without a date."""
    plain = choice.held.plain
    counts, changes = _count_listed_sides(choice, folds), _changes(folds)
    month_of = _number_months(plain)
    months = int(month_of[-1]) + 1
    by_month = np.zeros((months + 1, choice.held.size), dtype=np.int32)
    cuts = [*plain.find_ages(np.searchsorted(month_of, np.arange(months + 1))).tolist(), len(plain)]

    def count_between(rows: tuple[int, int]) -> Counts:
        return _count_plain_sides(choice.held, choice.plain.between(*rows), changes)

    for month, found in enumerate(spread(count_between, list(itertools.pairwise(cuts)))):
        by_month[month] = found[0]
        counts += found
    return np.concatenate([counts.astype(np.int32), by_month])


def _count_listed_sides(choice: Choice, folds: Ints) -> Counts:
    held, size = choice.held, choice.held.size
    counts = np.zeros((3, size), dtype=np.int64)
    stands = [
        find_different(rows[kept].astype(np.int64) * size + folds[keys[kept]])
        for rows, keys in (held.lists.sources, held.lists.targets)
        for kept in [choice.listed[rows]]
    ]
    for number, found in enumerate([find_different(np.concatenate(stands)), *stands]):
        counts[number] += np.bincount(found % size, minlength=size)
    return counts


def _count_plain_sides(held: Held, take: Take, folds: Ints | None) -> Counts:
    """The same of some rows without lists; looking each key up would take longer than counting them all."""
    source, target = take(held.plain.source), take(held.plain.target)
    if folds is not None:
        source, target = folds.take(source), folds.take(target)
    as_source, as_target = np.bincount(source, minlength=held.size), np.bincount(target, minlength=held.size)
    twice = np.bincount(source[source == target], minlength=held.size)
    return np.stack([as_source + as_target - twice, as_source, as_target])


def _changes(folds: Ints) -> Ints | None:
    """The folding, None where everybody stands for themselves."""
    return None if np.array_equal(folds, np.arange(len(folds))) else folds


def count_on_lanes(choice: Choice, folds: Ints, lanes: Ints, bin_of: Ints, *, reported: bool) -> Counts:
    """The dated events of each lane and bin; an event counts once on each of its lanes.

    Args:
        choice: Which events.
        folds: The key that stands for each key.
        lanes: The key of each lane.
        bin_of: The bin of each age, or lag if `reported`, in their order; the last one is of events without a day.
        reported: Whether an event stands on the day of its first report.

    Returns:
        A row for each lane, a column for each bin.
    """
    size, bins = len(lanes) + 1, int(bin_of[-1])
    lane_of = np.full(choice.held.size, len(lanes), dtype=np.min_scalar_type(len(lanes)))
    lane_of[lanes] = np.arange(len(lanes))
    lane_of = lane_of[folds]
    counts = np.zeros((bins + 1, size), dtype=np.int64)
    by_month = None if reported else _recall_months(choice, folds, bin_of)
    filled = choice.held.plain.find_ages(np.searchsorted(bin_of, np.arange(bins + 1)))
    if by_month is not None:
        for bin_, events in zip(*by_month, strict=True):
            counts[bin_, :-1] += events[lanes]
    elif reported or np.count_nonzero(np.diff(filled)) * choice.held.size > _ROWS_A_COUNT * len(choice.plain):
        _look_up_lanes(choice, lane_of, bin_of, counts, reported=reported)
    else:
        changes = _changes(folds)
        for place in np.flatnonzero(choice.plain.count_between(filled)):
            take = choice.plain.between(int(filled[place]), int(filled[place + 1]))
            counts[place, :-1] = _count_plain_sides(choice.held, take, changes)[0, lanes]
    lists, listed = choice.held.lists, choice.held.listed
    rows, keys = (np.concatenate(parts) for parts in zip(lists.sources, lists.targets, strict=True))
    kept = choice.listed[rows]
    once = find_different(rows[kept].astype(np.int64) * size + lane_of[keys[kept]])
    np.add.at(counts, (bin_of[(listed.lag if reported else listed.age)[once // size]], once % size), 1)
    return counts[:bins, :-1].T


def _look_up_lanes(choice: Choice, lane_of: Ints, bin_of: Ints, counts: Counts, *, reported: bool) -> None:
    """Add the plain events to counts by bin and lane, looking up both for each."""
    columns, (bins, size) = choice.held.plain, counts.shape
    for take in choice.plain.pieces():
        source, target = lane_of.take(take(columns.source)), lane_of.take(take(columns.target))
        target[source == target] = size - 1
        bins_of_rows = bin_of[take(columns.lag if reported else columns.age)] * np.int32(size)
        for side in (source, target):
            some = np.flatnonzero(side < size - 1)
            counts += np.bincount(bins_of_rows[some] + side[some], minlength=counts.size).reshape(bins, size)


def _number_months(columns: Columns) -> Counts:
    """The month of each age, counted back from the newest event's."""
    days = (columns.newest - np.arange(columns.ages)).astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64)
    return np.asarray(months[0] - months)


def _recall_months(choice: Choice, folds: Ints, bin_of: Ints) -> tuple[Ints, Ints] | None:
    """The bin of each month, and its events by key, counted for the ranking; None where bins are no whole months."""
    kept, by_month = choice.kept.get("months", (None, None))
    month_of = _number_months(choice.held.plain)
    bins = bin_of[np.searchsorted(month_of, np.arange(int(month_of[-1]) + 1))]
    if kept is not folds or not np.array_equal(bins[month_of], bin_of[:-1]):
        return None
    return bins, by_month[:-1]


def count_at_places(choice: Choice) -> Counts:
    """The located events of each place: key, quad class, number; one row each."""
    counts = _count_or_subtract(choice, "places", _count_at_places)
    some = np.flatnonzero(counts)
    return np.stack([some // QUADS, some % QUADS, counts[some]], axis=1)


def _count_at_places(choice: Choice) -> Counts:
    size = max(int(rows.columns.place.max(initial=0)) for rows in choice.both) + 1
    counts = np.zeros(size * QUADS, dtype=np.int64)
    for rows in choice.both:
        for take in rows.pieces():
            keys = name_quads(take(rows.columns.place), take(rows.columns.kind))
            counts += np.bincount(keys, minlength=len(counts))
    counts[:QUADS] = 0  # no place
    return counts


def count_reports(choice: Choice) -> Counts:
    """The events of each number of reports, from none."""
    return _count_or_subtract(choice, "reports", _count_reports)


def _count_reports(choice: Choice) -> Counts:
    size = 1 + max(int(rows.columns.reports.max(initial=0)) for rows in choice.both)
    counts = np.zeros(size, dtype=np.int64)
    for rows in choice.both:
        for take in rows.pieces():
            counts += np.bincount(take(rows.columns.reports), minlength=size)
    return counts


def count_pairs(choice: Choice, level: str, top: Ints, slot_of: Ints, n: int) -> dict[str, NDArray[Any]]:
    """The events of the ordered pairs of some actors with most of them, by quad class; a pair counts an event once.

    Args:
        choice: Which events.
        level: Names the folding.
        top: The actors' keys; their places are their slots.
        slot_of: The slot of the actor that each key folds into, `len(top)` for none.
        n: Pairs at most, ties by their slots.

    Returns:
        A row for each pair and quad class with events: `source`, `target` (slots), `quad_class`, `events`,
        `goldstein` (mean, NaN unknown), `reports`, `contested`, `first`, `last` (datetime64, NaT unknown); most
        frequent pair first, then by quad class.
    """
    held, slots, has_slot = choice.held, len(top), slot_of < len(top)
    rows, sources, targets = held.lists.pairs
    kept = choice.listed[rows] & has_slot[sources] & has_slot[targets]
    found = find_different(
        (rows[kept].astype(np.int64) * slots + slot_of[sources[kept]]) * slots + slot_of[targets[kept]]
    )
    numbers, pairs = found // slots**2, found % slots**2
    listed = numbers, name_quads(pairs, held.listed.kind.take(numbers))
    index = held.pairs.get(level)
    sums = None if index is None else index.sum_plain(choice, top, slot_of)
    if sums is None:
        parts: Iterable[tuple[Ints, Ints]] = list_cells(choice.plain, slot_of, slots)
        few = len(choice.plain) + len(found) < slots**2
        if few:
            parts = list(parts)
        known = find_different(np.concatenate([cells for _, cells in (*parts, listed)])) if few else None
        sums = PairSums(slots, known)
        sums.add_all(held.plain, parts)
    sums.add(held.listed, *listed)
    return sums.finish(n)
