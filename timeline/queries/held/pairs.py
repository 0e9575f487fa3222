"""The pairs of a table's busiest actors, summed over all events and listed.

A filter that leaves out little has the sums of all events less those of the rest. The first and the last day cannot be
had so: where the first or the last event of a pair is left out, the days are those of the pair's other events. For a
filter that lets much through, the listed events are added up, which takes less time than to look up the pair of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from timeline.queries.held.cells import CellRows, order_by_cell
from timeline.queries.held.columns import QUADS, Bools, Columns, Ints
from timeline.queries.held.sums import PIECE, PairSums, list_cells, name_cells

if TYPE_CHECKING:
    from timeline.queries.held.choosing import Choice

MOST_BUSY = 255  # actors whose pairs are summed over all events: a byte tells them and nobody apart
_FEW = 4  # below one event in so many of those listed, each is looked up


@dataclass(frozen=True, slots=True)
class PairIndex:
    """The pairs of a table's busiest actors at a level.

    `busy` are their keys, of which the places are the slots. `sums` are of all plain events between them, `cells` lists
    those with a date. `slot_of` is the slot that each key of the table folds into, `len(busy)` for none.
    """

    busy: Ints
    slot_of: Ints
    sums: PairSums
    cells: CellRows

    def sum_plain(self, choice: Choice, top: Ints, slot_of: Ints) -> PairSums | None:
        """The sums of the chosen plain events between some actors; None where it is faster to look each event up.

        Args:
            choice: Which events.
            top: The keys of the actors; their places are their slots.
            slot_of: The slot of the actor that each key folds into, `len(top)` for none.
        """
        chosen, rest, slots = choice.plain, choice.rest, len(top)
        if not len(self.busy) or (rest is None and len(chosen) * _FEW < len(self.cells)):
            return None
        columns, places = chosen.columns, np.searchsorted(self.busy, top)
        busy = np.flatnonzero(self.busy.take(places, mode="clip") == top)
        cells, ours = _list_between(places[busy], len(self.busy)), _list_between(busy, slots)
        known = np.zeros((slots, slots), dtype=np.bool_)
        known[np.ix_(busy, busy)] = True
        find_known, find_others = (
            partial(list_cells, slot_of=slot_of, slots=slots, wanted=pairs.ravel()) for pairs in (known, ~known)
        )
        if rest is None:
            sums = self.cells.sum(chosen, len(self.busy), self._list_open(choice.actors)).pick(cells, ours, slots)
            sums.add_all(columns, find_known(chosen.keep(columns.dated, len(columns))))
        else:
            left = PairSums(slots)
            left.add_all(columns, find_known(rest.plain))
            sums = self.sums.pick(cells, ours, slots)
            sums.subtract(left)
            if len(rest.plain):
                self.cells.set_days(sums, chosen, cells, ours)
        if len(busy) < slots:
            sums.add_all(columns, find_others(chosen))
        return sums

    def _list_open(self, actors: Ints) -> Bools | None:
        """The cells in which events of any of some actors, by key, can be; None for all, if nobody is named."""
        if not len(actors):
            return None
        stands = np.zeros(len(self.busy) + 1, dtype=np.bool_)
        stands[self.slot_of[actors]] = True
        stands = stands[:-1]
        return np.repeat((stands[:, np.newaxis] | stands).ravel(), QUADS)


def index_pairs(columns: Columns, size: int, folds: Ints) -> PairIndex:
    """Sum the pairs of the busiest actors over all plain events, and list the dated ones.

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
    sums.add_all(columns, _between(columns, slot_of, len(busy), 0, columns.dated))
    cells = order_by_cell(columns, _between(columns, slot_of, len(busy), 0, columns.dated), sums.counts["events"])
    sums.add_all(columns, _between(columns, slot_of, len(busy), columns.dated, len(columns)))
    sums.shrink()
    return PairIndex(busy, slot_of, sums, cells)


def _list_between(places: Ints, slots: int) -> Ints:
    """The cells of every ordered pair of some of so many slots."""
    pairs = places[:, np.newaxis] * slots + places
    return np.asarray((pairs[:, :, np.newaxis] * QUADS + np.arange(QUADS)).ravel())


def _find_busiest(columns: Columns, size: int, folds: Ints) -> Ints:
    """The keys of the actors, as they fold, that stand on most sides; not nobody's, the last."""
    counts = np.zeros(size, dtype=np.int64)
    for side in (columns.source, columns.target):
        for first in range(0, len(side), PIECE):
            counts += np.bincount(side[first : first + PIECE], minlength=size)
    folded = np.bincount(folds, counts, size)[:-1]
    most = np.argsort(-folded, kind="stable")[:MOST_BUSY]
    return np.sort(most[folded[most] > 0])


def _between(columns: Columns, slot_of: Ints, slots: int, low: int, high: int) -> Iterator[tuple[Ints, Ints]]:
    """The rows from one to below another, of events between actors with a slot, and their cells; some at a time."""
    for first in range(low, high, PIECE):
        yield name_cells(columns, slot_of, slots, slice(first, min(first + PIECE, high)))
