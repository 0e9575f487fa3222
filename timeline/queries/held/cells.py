"""The events of pairs of actors, one cell after the other: neighbours are added up faster than those far apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeline.queries.held.columns import Bools, Columns, Ints, Numbers
from timeline.queries.held.spread import spread
from timeline.queries.held.sums import PIECE, UNKNOWN_FIRST, UNKNOWN_LAST, PairSums, find_changes, find_different

if TYPE_CHECKING:
    from timeline.queries.held.choosing import Chosen


@dataclass(frozen=True, slots=True)
class CellRows:
    """Dated plain events by cell, and what is added up of each.

    `rows` are those of cell `c`, in order of time, from `starts[c]` to below `starts[c + 1]`. `contested` has a bit
    for each.
    """

    rows: Ints
    starts: Ints
    reports: Ints
    score: Numbers
    contested: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.rows)

    def sum(self, chosen: Chosen, slots: int, open_cells: Bools | None) -> PairSums:
        """The sums of those that are chosen, between so many slots; in other than the open cells, none is."""
        sums, chosen = PairSums(slots), chosen.mark()
        lows = np.searchsorted(self.starts, np.arange(0, len(self), PIECE))
        cuts = find_different(np.append(lows, len(self.starts) - 1))
        list(spread(partial(self._set_sums, sums, chosen, open_cells), list(itertools.pairwise(cuts.tolist()))))
        return sums

    def _set_sums(self, sums: PairSums, chosen: Chosen, open_cells: Bools | None, part: tuple[int, int]) -> None:
        """Set those of the cells from one to below another."""
        low, high = part
        starts = self.starts[low : high + 1]
        first, last = int(starts[0]), int(starts[-1])
        rows = self.rows[first:last]
        if open_cells is None:
            places = np.flatnonzero(chosen.has(rows))
        else:
            places = np.flatnonzero(np.repeat(open_cells[low:high], np.diff(starts)))
            places = places[chosen.has(rows.take(places))]
        edges = np.searchsorted(places, starts - first)
        events = np.diff(edges)
        filled = np.flatnonzero(events)
        if not len(filled):
            return
        cells, newest, oldest = low + filled, edges[filled], edges[filled + 1] - 1

        def add(numbers: NDArray[Any]) -> NDArray[Any]:
            return np.add.reduceat(numbers, newest)

        contested = np.unpackbits(self.contested[first >> 3 : (last + 7) >> 3])[first & 7 :].take(places)
        places += first
        scores = self.score.read(places)
        scored = ~np.isnan(scores)
        sums.counts["events"][cells] = sums.counts["scored"][cells] = events[filled]
        if not scored.all():
            scores[~scored] = 0.0
            sums.counts["scored"][cells] = add(scored.astype(np.int32))
        sums.counts["reports"][cells] = add(self.reports.take(places).astype(np.int32))
        sums.counts["contested"][cells] = add(contested.astype(np.int32))
        sums.score[cells] = add(scores)
        sums.first[cells] = chosen.columns.read_days(self.rows.take(places.take(oldest)))
        sums.last[cells] = chosen.columns.read_days(self.rows.take(places.take(newest)))

    def set_days(self, sums: PairSums, chosen: Chosen, cells: Ints, places: Ints) -> None:
        """Set the days of the first and the last chosen event of each cell of which the first or the last is not one.

        Args:
            sums: Where they are set.
            chosen: Which events.
            cells: Some of the cells.
            places: Where each is in the sums.
        """
        starts, ends = self.starts[cells], self.starts[cells + 1]
        some = np.flatnonzero(starts < ends)
        kept = chosen.has(self.rows[starts[some]]) & chosen.has(self.rows[ends[some] - 1])
        lost = some[~kept]
        sums.first[places[lost]], sums.last[places[lost]] = UNKNOWN_FIRST, UNKNOWN_LAST
        for part in np.array_split(lost, 1 + int((ends[lost] - starts[lost]).sum()) // PIECE):
            self._find_days(sums, chosen, places[part], starts[part], ends[part])

    def _find_days(self, sums: PairSums, chosen: Chosen, lost: Ints, starts: Ints, ends: Ints) -> None:
        lengths = ends - starts
        edges = np.cumsum(lengths)
        places = np.repeat((starts - (edges - lengths)).astype(np.int32), lengths)
        places += np.arange(len(places), dtype=np.int32)
        rows = self.rows[places]
        rows, found = rows[fits := chosen.has(rows)], np.flatnonzero(fits)
        newest, after = np.searchsorted(found, edges - lengths), np.searchsorted(found, edges)
        held = newest < after
        sums.first[lost[held]] = chosen.columns.read_days(rows[after[held] - 1])
        sums.last[lost[held]] = chosen.columns.read_days(rows[newest[held]])


def order_by_cell(columns: Columns, parts: Iterable[tuple[Ints, Ints]], events: Ints) -> CellRows:
    """Put rows in the order of their cells.

    Args:
        columns: The events.
        parts: Their rows, in order of time, and the cells of these.
        events: How many there are of each cell.
    """
    starts = np.concatenate([[0], np.cumsum(events)]).astype(np.int32)
    listed, filled = np.empty(starts[-1], dtype=np.int32), starts[:-1].copy()
    for rows, cells in parts:
        packed = cells << 32 | rows
        packed.sort()  # faster than to sort one by the other
        ordered = packed >> 32
        firsts = np.flatnonzero(find_changes(ordered))
        lengths = np.diff(np.append(firsts, len(ordered)))
        listed[filled[ordered] + np.arange(len(ordered)) - np.repeat(firsts, lengths)] = packed & 0xFFFFFFFF
        filled[ordered[firsts]] += lengths
    score = replace(columns.score, codes=columns.score.codes.take(listed))
    contested = np.packbits(columns.kind.take(listed) & 1)
    return CellRows(listed, starts, columns.reports.take(listed), score, contested)
