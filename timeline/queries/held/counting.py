"""Counts over the rows that a filter lets through: arrays of counts by number, added up piece by piece.

numpy's `bincount` over a piece that stays in the processor's memory takes three nanoseconds a row; grouping by hash in
a database takes ten times as much.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline.queries.held.choosing import Choice, Take
from timeline.queries.held.columns import NO_END, QUAD_OF_KIND, Columns, Held, Ints

QUADS = int(QUAD_OF_KIND.max()) + 1
Counts = NDArray[np.int64]
_PIECE = 1 << 20  # rows whose sums are made at a time
_MOST_KEPT = 4_000_000  # counts by month and key that a ranking keeps for the lanes
_ROWS_A_COUNT = 3  # to look up the lane of so many rows takes as long as to set a count to zero
_UNKNOWN_FIRST, _UNKNOWN_LAST = 2**31 - 1, -(2**31)


def count_days(choice: Choice, *, reported: bool = False) -> Counts:
    """The dated events by first known day, or with `reported` by that of the first report: day (since 1970), quad
    class, number; one row each.
    """
    whole = choice.held.plain
    days, newest = (whole.lags, whole.latest) if reported else (whole.ages, whole.newest)
    counts = np.zeros((days + 1) * QUADS, dtype=np.int64)
    for rows in choice.both:
        columns = rows.columns
        if reported:
            for take in rows.pieces():
                keys = name_quads(take(columns.lag), take(columns.kind))
                counts += np.bincount(keys, minlength=len(counts))
        else:
            starts = columns.runs
            keys = name_quads(columns.age[starts], columns.kind[starts])
            np.add.at(counts, keys, rows.count_between(np.append(starts, len(columns))))
    counts = counts[: days * QUADS]  # what follows has no date
    some = np.flatnonzero(counts)
    return np.stack([newest - some // QUADS, some % QUADS, counts[some]], axis=1)


def name_quads(things: Ints, kinds: Ints) -> Ints:
    """One number for a thing and the quad class of a kind: that of the thing times `QUADS`, and the quad class."""
    numbers = things.astype(np.intp)  # what counting takes
    numbers *= QUADS
    numbers += QUAD_OF_KIND.take(kinds)
    return numbers


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


def count_sides(choice: Choice, folds: Ints) -> Counts:
    """The events of each actor, those with it as source, and as target: three rows, by key.

    Args:
        choice: Which events.
        folds: The key that stands for each key.
    """
    held, size = choice.held, choice.held.size
    counts = np.zeros((3, size), dtype=np.int64)
    changes = _changes(folds)
    month_of = _number_months(held.plain)
    months = int(month_of[-1]) + 1
    if size * months > min(_MOST_KEPT, len(choice.plain)):
        for take in choice.plain.pieces():
            counts += _count_plain_sides(held, take, changes)
    else:
        by_month = np.zeros((months + 1, size), dtype=np.int32)
        cuts = [*held.plain.find_ages(np.searchsorted(month_of, np.arange(months + 1))).tolist(), len(held.plain)]
        for month, (first, last) in enumerate(itertools.pairwise(cuts)):
            found = _count_plain_sides(held, choice.plain.between(first, last), changes)
            by_month[month] = found[0]
            counts += found
        choice.kept["months"] = (folds, by_month)
    stands = [
        np.unique(rows[kept].astype(np.int64) * size + folds[keys[kept]])
        for rows, keys in (held.lists.sources, held.lists.targets)
        for kept in [choice.listed[rows]]
    ]
    for number, found in enumerate([np.unique(np.concatenate(stands)), *stands]):
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
    once = np.unique(rows[kept].astype(np.int64) * size + lane_of[keys[kept]])
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
    size = max(int(rows.columns.place.max(initial=0)) for rows in choice.both) + 1
    counts = np.zeros(size * QUADS, dtype=np.int64)
    for rows in choice.both:
        columns = rows.columns
        for take in rows.pieces():
            keys = name_quads(take(columns.place), take(columns.kind))
            counts += np.bincount(keys, minlength=len(counts))
    counts[:QUADS] = 0  # no place
    some = np.flatnonzero(counts)
    return np.stack([some // QUADS, some % QUADS, counts[some]], axis=1)


def count_pairs(choice: Choice, slot_of: Ints, slots: int) -> dict[str, NDArray[Any]]:
    """The events of each ordered pair of actors with a slot, by quad class; a pair counts an event once.

    Args:
        choice: Which events.
        slot_of: The slot of each key, `slots` for none.
        slots: Number of slots.

    Returns:
        A row for each pair and quad class with events: `source`, `target` (slots), `quad_class`, `events`,
        `goldstein` (mean, NaN unknown), `reports`, `contested`, `first`, `last` (datetime64, NaT unknown).
    """
    plain, listed = choice.held.plain, choice.held.listed
    has_slot = slot_of < slots
    numbers = choice.plain.where(lambda rows: has_slot.take(plain.source[rows]) & has_slot.take(plain.target[rows]))
    rows, sources, targets = choice.held.lists.pairs
    kept = choice.listed[rows] & has_slot[sources] & has_slot[targets]
    found = np.unique((rows[kept].astype(np.int64) * slots + slot_of[sources[kept]]) * slots + slot_of[targets[kept]])

    def list_parts() -> Iterator[tuple[Columns, Ints, Ints]]:
        for first in range(0, len(numbers), _PIECE):
            some = numbers[first : first + _PIECE].astype(np.intp)  # what looking up takes
            source, target = slot_of.take(plain.source.take(some)), slot_of.take(plain.target.take(some))
            yield plain, some, name_quads(source * np.int32(slots) + target, plain.kind.take(some))
        yield listed, found // slots**2, name_quads(found % slots**2, listed.kind.take(found // slots**2))

    few = len(numbers) + len(found) < slots**2
    sums = _Sums(slots, np.unique(np.concatenate([keys for *_, keys in list_parts()])) if few else None)
    for columns, some, keys in list_parts():
        sums.add(columns, some, keys)
    return sums.finish()


class _Sums:
    """What is known of each pair of slots and quad class, added up; `name_quads` names them.

    Of a few events only those that occur, `known`, are counted: to set all counts to zero takes longer.
    """

    def __init__(self, slots: int, known: Ints | None) -> None:
        self._slots, self._known = slots, known
        size = slots * slots * QUADS if known is None else len(known)
        self._counts = {name: np.zeros(size, dtype=np.int64) for name in ("events", "reports", "contested", "scored")}
        self._score = np.zeros(size)
        self._first = np.full(size, _UNKNOWN_FIRST, dtype=np.int32)
        self._last = np.full(size, _UNKNOWN_LAST, dtype=np.int32)

    def add(self, columns: Columns, rows: Ints, keys: Ints) -> None:
        """Add events that each stand for one pair and quad class."""
        kinds = columns.kind.take(rows)
        if self._known is not None:
            keys = np.searchsorted(self._known, keys)
        scores = columns.score.read(rows)
        scored = ~np.isnan(scores)
        if not scored.all():
            scores[~scored] = 0.0
        size = len(self._score)
        events = np.bincount(keys, minlength=size)
        self._counts["events"] += events
        self._counts["scored"] += events if scored.all() else np.bincount(keys[scored], minlength=size)
        self._counts["contested"] += np.bincount(keys[(kinds & 1).view(np.bool_)], minlength=size)
        self._counts["reports"] += np.bincount(keys, columns.reports.take(rows), size).astype(np.int64)
        self._score += np.bincount(keys, scores, size)
        first, last = _outer_days(columns, rows)
        np.minimum.at(self._first, keys, first)
        np.maximum.at(self._last, keys, last)

    def finish(self) -> dict[str, NDArray[Any]]:
        """The sums of the pairs with events."""
        some = np.flatnonzero(self._counts["events"])
        counts = {name: values[some] for name, values in self._counts.items()}
        scored = counts.pop("scored")
        keys = some if self._known is None else self._known[some]
        pairs = keys // QUADS
        return {
            "source": pairs // self._slots, "target": pairs % self._slots, "quad_class": keys % QUADS, **counts,
            "goldstein": np.where(scored > 0, self._score[some], np.nan) / np.maximum(scored, 1),
            "first": _as_days(self._first[some], _UNKNOWN_FIRST), "last": _as_days(self._last[some], _UNKNOWN_LAST),
        }  # fmt: skip


def _outer_days(columns: Columns, rows: Ints) -> tuple[Ints, Ints]:
    """The first and the last known day of rows; beyond every day where there is none."""
    age = columns.age.take(rows).astype(np.int32)
    first = last = np.int32(columns.newest) - age
    if columns.dated < len(columns):
        first = np.where(age < columns.ages, first, np.int32(_UNKNOWN_FIRST))
        last = np.where(age < columns.ages, last, np.int32(_UNKNOWN_LAST))
    if columns.end is None:
        return first, last
    end = columns.end[rows]
    return first, np.where(end < NO_END, end, last)


def _as_days(numbers: Ints, unknown: int) -> NDArray[np.datetime64]:
    days = numbers.astype("datetime64[D]")
    days[numbers == unknown] = np.datetime64("NaT")
    return days.astype("datetime64[s]")
