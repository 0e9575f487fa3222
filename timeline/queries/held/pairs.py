"""What is summed of each pair of actors, and of the busiest actors over all events.

A filter that leaves out little has the sums of all events less those of the rest. The first and the last day cannot be
had so: where the first or the last event of a pair is left out, the days are those of the pair's other events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeline.queries.held.columns import NO_END, QUADS, Bools, Columns, Ints, name_quads

if TYPE_CHECKING:
    from timeline.queries.held.choosing import Chosen

MOST_BUSY = 255  # actors whose pairs are summed over all events: a byte tells them and nobody apart
_PIECE = 1 << 18  # rows whose sums are made at a time
_UNKNOWN_FIRST, _UNKNOWN_LAST = 2**31 - 1, -(2**31)
_COUNTED = ("events", "reports", "contested", "scored")


class PairSums:
    """What is known of each ordered pair of so many slots and quad class, added up, by the number of such a cell.

    Of a few events only those cells that occur, `known`, are counted: to set all counts to zero takes longer.
    """

    def __init__(self, slots: int, known: Ints | None = None) -> None:
        size = slots * slots * QUADS if known is None else len(known)
        self.slots, self.known = slots, known
        self.counts = {name: np.zeros(size, dtype=np.int64) for name in _COUNTED}
        self.score = np.zeros(size)
        self.first = np.full(size, _UNKNOWN_FIRST, dtype=np.int32)
        self.last = np.full(size, _UNKNOWN_LAST, dtype=np.int32)

    def add(self, columns: Columns, rows: Ints, cells: Ints) -> None:
        """Add events that each stand for one cell."""
        if self.known is not None:
            cells = np.searchsorted(self.known, cells)
        scores = columns.score.read(rows)
        scored = ~np.isnan(scores)
        if not scored.all():
            scores[~scored] = 0.0
        size, contested = len(self.score), (columns.kind.take(rows) & 1).view(np.bool_)
        events = np.bincount(cells, minlength=size)
        self.counts["events"] += events
        self.counts["scored"] += events if scored.all() else np.bincount(cells[scored], minlength=size)
        self.counts["contested"] += np.bincount(cells[contested], minlength=size)
        self.counts["reports"] += np.bincount(cells, columns.reports.take(rows), size).astype(np.int64)
        self.score += np.bincount(cells, scores, size)
        first, last = _outer_days(columns, rows)
        np.minimum.at(self.first, cells, first)
        np.maximum.at(self.last, cells, last)

    def pick(self, order: Ints) -> PairSums:
        """The sums between some of the slots, in another order; a copy."""
        picked = PairSums(0)
        picked.slots = len(order)
        shape, places = (self.slots, self.slots, QUADS), np.ix_(order, order)
        picked.counts = {
            name: values.reshape(shape)[places].ravel().astype(np.int64) for name, values in self.counts.items()
        }
        picked.score, picked.first, picked.last = (
            values.reshape(shape)[places].ravel() for values in (self.score, self.first, self.last)
        )
        return picked

    def subtract(self, other: PairSums) -> None:
        """Take away counts and scores; the days stay."""
        for name, values in other.counts.items():
            self.counts[name] -= values
        self.score -= other.score

    def shrink(self) -> None:
        """Keep the counts in as few bytes as they take."""
        self.counts = {
            name: values.astype(np.min_scalar_type(-1 - int(values.max(initial=0))))
            for name, values in self.counts.items()
        }

    def finish(self, n: int) -> dict[str, NDArray[Any]]:
        """The `n` pairs with most events, ties by their slots: a row for each of their quad classes with events."""
        some = np.flatnonzero(self.counts["events"])
        pairs = (some if self.known is None else self.known[some]) // QUADS
        firsts = np.flatnonzero(_changes(pairs))
        highest = _find_highest(np.add.reduceat(self.counts["events"][some], firsts), n)
        place_of = np.full(len(firsts), n, dtype=np.int64)
        place_of[highest] = np.arange(len(highest))
        places = np.repeat(place_of, np.diff(np.append(firsts, len(some))))
        some = some[np.argsort(places, kind="stable")[: np.count_nonzero(places < n)]]
        cells = some if self.known is None else self.known[some]
        counts = {name: values[some] for name, values in self.counts.items()}
        scored = counts.pop("scored")
        return {
            "source": cells // QUADS // self.slots, "target": cells // QUADS % self.slots, "quad_class": cells % QUADS,
            **counts, "goldstein": np.where(scored > 0, self.score[some], np.nan) / np.maximum(scored, 1),
            "first": _as_days(self.first[some], _UNKNOWN_FIRST), "last": _as_days(self.last[some], _UNKNOWN_LAST),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairIndex:
    """The pairs of a table's busiest actors at a level.

    `busy` are their keys, of which the places are the slots; `slot_of` has the slot of each key that folds into one.
    `rows` are the dated plain events between them, those of cell `c` in order of time from `starts[c]` to below
    `starts[c + 1]`.
    """

    busy: Ints
    slot_of: Ints
    sums: PairSums
    rows: Ints
    starts: Ints

    def find(self, keys: Ints) -> Ints | None:
        """The slots of actors; None where one of them has none."""
        place_of = np.full(len(self.slot_of), len(self.busy), dtype=np.int64)
        place_of[self.busy] = np.arange(len(self.busy))
        places = place_of[keys]
        return places if (places < len(self.busy)).all() else None

    def count(self, chosen: Chosen, rest: Ints, order: Ints) -> PairSums:
        """The sums of chosen plain events, of which `rest` are all others, between some slots in their order."""
        columns, place_of = chosen.columns, np.full(len(self.busy) + 1, len(order), dtype=np.uint8)
        place_of[order] = np.arange(len(order))
        slot_of = place_of[self.slot_of]
        left = PairSums(len(order))
        found = [rest[:0]]
        for first in range(0, len(rest), _PIECE):
            some = rest[first : first + _PIECE]
            source, target = slot_of.take(columns.source.take(some)), slot_of.take(columns.target.take(some))
            found.append(some[(source < len(order)) & (target < len(order))])
        for part in name_cells(columns, np.concatenate(found), slot_of, len(order)):
            left.add(*part)
        sums = self.sums.pick(order)
        sums.subtract(left)
        if len(rest):
            self._set_days(sums, chosen, order)
        return sums

    def _set_days(self, sums: PairSums, chosen: Chosen, order: Ints) -> None:
        """Of each cell whose first or last event is not chosen: the days of its first and last one that is."""
        pairs = order[:, np.newaxis] * len(self.busy) + order
        cells = (pairs[:, :, np.newaxis] * QUADS + np.arange(QUADS)).ravel()
        starts, ends = self.starts[cells], self.starts[cells + 1]
        some = np.flatnonzero(starts < ends)
        kept = chosen.has(self.rows[starts[some]]) & chosen.has(self.rows[ends[some] - 1])
        lost = some[~kept]
        sums.first[lost], sums.last[lost] = _UNKNOWN_FIRST, _UNKNOWN_LAST
        for part in np.array_split(lost, 1 + int((ends[lost] - starts[lost]).sum()) // _PIECE):
            self._find_days(sums, chosen, part, starts[part], ends[part])

    def _find_days(self, sums: PairSums, chosen: Chosen, lost: Ints, starts: Ints, ends: Ints) -> None:
        lengths = ends - starts
        edges = np.cumsum(lengths)
        places = np.repeat((starts - (edges - lengths)).astype(np.int32), lengths)
        places += np.arange(len(places), dtype=np.int32)
        rows = self.rows[places]
        rows, found = rows[fits := chosen.has(rows)], np.flatnonzero(fits)
        newest, after = np.searchsorted(found, edges - lengths), np.searchsorted(found, edges)
        held = newest < after
        for days, place in ((sums.first, after[held] - 1), (sums.last, newest[held])):
            days[lost[held]] = np.int32(chosen.columns.newest) - chosen.columns.age[rows[place]].astype(np.int32)


def index_pairs(columns: Columns, size: int, folds: Ints) -> PairIndex:
    """Sum the pairs of the busiest actors over all plain events, and list the rows of each.

    Args:
        columns: The plain events, of a table of single days.
        size: Above the highest key, which is nobody's.
        folds: The key that stands for each key.
    """
    busy = _find_busiest(columns, size, folds)
    slot_of = np.full(size, len(busy), dtype=np.uint8)
    slot_of[busy] = np.arange(len(busy))
    slot_of = slot_of[folds]
    sums = PairSums(len(busy))
    for rows, cells in _between(columns, slot_of, len(busy), 0, columns.dated):
        sums.add(columns, rows, cells)
    starts = np.concatenate([[0], np.cumsum(sums.counts["events"])]).astype(np.int32)
    listed = _list_by_cell(columns, slot_of, len(busy), starts)
    for rows, cells in _between(columns, slot_of, len(busy), columns.dated, len(columns)):
        sums.add(columns, rows, cells)
    sums.shrink()
    return PairIndex(busy, slot_of, sums, listed, starts)


def _list_by_cell(columns: Columns, slot_of: Ints, slots: int, starts: Ints) -> Ints:
    """The dated rows by cell and in order, given the place of each cell's first one."""
    listed, filled = np.empty(starts[-1], dtype=np.int32), starts[:-1].copy()
    for rows, cells in _between(columns, slot_of, slots, 0, columns.dated):
        packed = cells << 32 | rows
        packed.sort()  # faster than to sort one by the other
        ordered = packed >> 32
        firsts = np.flatnonzero(_changes(ordered))
        lengths = np.diff(np.append(firsts, len(ordered)))
        listed[filled[ordered] + np.arange(len(ordered)) - np.repeat(firsts, lengths)] = packed & 0xFFFFFFFF
        filled[ordered[firsts]] += lengths
    return listed


def _find_busiest(columns: Columns, size: int, folds: Ints) -> Ints:
    """The keys of the actors, as they fold, that stand on most sides; not nobody's, the last."""
    counts = np.zeros(size, dtype=np.int64)
    for side in (columns.source, columns.target):
        for first in range(0, len(side), _PIECE):
            counts += np.bincount(side[first : first + _PIECE], minlength=size)
    folded = np.bincount(folds, counts, size)[:-1]
    most = np.argsort(-folded, kind="stable")[:MOST_BUSY]
    return np.sort(most[folded[most] > 0])


def name_cells(columns: Columns, rows: Ints, slot_of: Ints, slots: int) -> Iterator[tuple[Columns, Ints, Ints]]:
    """Rows of plain events between actors with a slot and the cell of each, some of the rows at a time."""
    for first in range(0, len(rows), _PIECE):
        some = rows[first : first + _PIECE].astype(np.intp)  # what looking up takes
        source, target = slot_of.take(columns.source.take(some)), slot_of.take(columns.target.take(some))
        yield columns, some, name_quads(source * np.int32(slots) + target, columns.kind.take(some))


def _between(columns: Columns, slot_of: Ints, slots: int, low: int, high: int) -> Iterator[tuple[Ints, Ints]]:
    """The same of those between two rows whose actors have a slot."""
    for first in range(low, high, _PIECE):
        part = slice(first, min(first + _PIECE, high))
        has_slots = (slot_of.take(columns.source[part]) < slots) & (slot_of.take(columns.target[part]) < slots)
        for _, rows, cells in name_cells(columns, np.flatnonzero(has_slots) + first, slot_of, slots):
            yield rows, cells


def find_different(numbers: Ints) -> Ints:
    """The different numbers in order; numpy's own looks them up by hash, which takes twenty times as long."""
    ordered = np.sort(numbers)
    return ordered[_changes(ordered)]


def _changes(sorted_numbers: Ints) -> Bools:
    """Where another number than before begins."""
    return np.concatenate([np.ones(min(1, len(sorted_numbers)), np.bool_), sorted_numbers[1:] != sorted_numbers[:-1]])


def _find_highest(totals: Ints, n: int) -> Ints:
    """The places of the `n` highest totals above 0, highest first, ties by place."""
    some = np.flatnonzero(totals)
    if len(some) > n > 0:
        some = some[totals[some] >= np.partition(totals[some], len(some) - n)[len(some) - n]]
    return some[np.argsort(-totals[some], kind="stable")[:n]]


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
    days[numbers == unknown] = np.datetime64("NaT", "D")
    return days.astype("datetime64[s]")
