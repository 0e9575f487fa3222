"""What is summed of each ordered pair of actors and quad class, and how a row finds its pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeline.queries.held.columns import NO_END, QUADS, Bools, Columns, Ints, Rows, name_quads, pick_rows, read_rows

if TYPE_CHECKING:
    from timeline.queries.held.choosing import Chosen

PIECE = 1 << 18  # rows whose sums are made at a time
UNKNOWN_FIRST, UNKNOWN_LAST = 2**31 - 1, -(2**31)
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
        self.first = np.full(size, UNKNOWN_FIRST, dtype=np.int32)
        self.last = np.full(size, UNKNOWN_LAST, dtype=np.int32)

    def add(self, columns: Columns, rows: Ints, cells: Ints) -> None:
        """Add events that each stand for one cell."""
        if self.known is not None:
            cells = np.searchsorted(self.known, cells)
        size, scores = len(self.score), columns.score.read(rows)
        scored = ~np.isnan(scores)
        events = np.bincount(cells, minlength=size)
        self.counts["events"] += events
        if scored.all():
            self.counts["scored"] += events
        else:
            scores[~scored] = 0.0
            self.counts["scored"] += np.bincount(cells[scored], minlength=size)
        for name, numbers in (("reports", columns.reports.take(rows)), ("contested", columns.kind.take(rows) & 1)):
            self.counts[name] += np.bincount(cells, numbers, size).astype(np.int64)
        self.score += np.bincount(cells, scores, size)
        first, last = _outer_days(columns, rows)
        np.minimum.at(self.first, cells, first)
        np.maximum.at(self.last, cells, last)

    def add_all(self, columns: Columns, parts: Iterable[tuple[Ints, Ints]]) -> None:
        """Add parts of rows and their cells."""
        for rows, cells in parts:
            self.add(columns, rows, cells)

    def pick(self, cells: Ints, places: Ints, slots: int) -> PairSums:
        """The sums between so many slots, of which the cells at some places are some of these; the others are empty."""
        picked = PairSums(slots)
        for name, counts in picked.counts.items():
            counts[places] = self.counts[name][cells]
        picked.score[places] = self.score[cells]
        picked.first[places], picked.last[places] = self.first[cells], self.last[cells]
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
        firsts = np.flatnonzero(find_changes(pairs))
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
            "first": _as_days(self.first[some], UNKNOWN_FIRST), "last": _as_days(self.last[some], UNKNOWN_LAST),
        }  # fmt: skip


def list_cells(chosen: Chosen, slot_of: Ints, slots: int, wanted: Bools | None = None) -> Iterator[tuple[Ints, Ints]]:
    """Chosen plain events between actors with a slot and the cell of each, some hundred thousand at a time.

    Args:
        chosen: Which events.
        slot_of: The slot of each key, `slots` for none.
        slots: How many there are.
        wanted: Which pairs of slots; None for all.
    """
    batch: list[tuple[Ints, Ints]] = []
    for part in chosen.look_through(partial(name_cells, chosen.columns, slot_of, slots, wanted=wanted)):
        batch.append(part)
        if sum(len(rows) for rows, _ in batch) >= PIECE:
            yield _join(batch)
            batch = []
    if batch:
        yield _join(batch)


def name_cells(
    columns: Columns, slot_of: Ints, slots: int, rows: Rows, mask: Bools | None = None, *, wanted: Bools | None = None
) -> tuple[Ints, Ints]:
    """The same of some rows, or of those of them in a mask."""
    source, target = (slot_of.take(read_rows(side, rows)) for side in (columns.source, columns.target))
    fits = (source < slots) & (target < slots)
    some = np.flatnonzero(fits if mask is None else fits & mask)
    pairs = source.take(some) * np.int32(slots) + target.take(some)
    if wanted is not None:
        kept = np.flatnonzero(wanted.take(pairs))
        some, pairs = some.take(kept), pairs.take(kept)
    numbers = pick_rows(rows, some)
    return numbers, name_quads(pairs, columns.kind.take(numbers))


def _join(parts: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    rows, cells = (np.concatenate(column) for column in zip(*parts, strict=True))
    return rows, cells


def find_different(numbers: Ints) -> Ints:
    """The different numbers in order; numpy's own looks them up by hash, which takes twenty times as long."""
    ordered = np.sort(numbers)
    return ordered[find_changes(ordered)]


def find_changes(sorted_numbers: Ints) -> Bools:
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
        first = np.where(age < columns.ages, first, np.int32(UNKNOWN_FIRST))
        last = np.where(age < columns.ages, last, np.int32(UNKNOWN_LAST))
    if columns.end is None:
        return first, last
    end = columns.end[rows]
    return first, np.where(end < NO_END, end, last)


def _as_days(numbers: Ints, unknown: int) -> NDArray[np.datetime64]:
    days = numbers.astype("datetime64[D]")
    days[numbers == unknown] = np.datetime64("NaT", "D")
    return days.astype("datetime64[s]")
