"""A filter as rows of the held table; the last one is kept, since a page asks for one count after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from timeline.queries.filters import EventFilter
from timeline.queries.held.columns import Bools, Columns, Held, Ints, Rows, code_kinds, pick_rows
from timeline.queries.held.spread import cut, spread
from timeline.queries.matching import Groups, find_groups
from timeline.queries.tables import Loaded, Session

Take = Callable[[NDArray[Any]], NDArray[Any]]
_Found = TypeVar("_Found")
_PIECE = 1 << 17  # rows looked at together, so that they stay in the processor's own memory
_FEW = 4  # below one row in so many, the rows are kept by number
_LITTLE = 4  # where less than one row in so many is left out, the rest is counted
_COMPARED = 16  # so many comparisons take less time than looking up
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows of the plain events: all from `low` to below `high`, those of them in `mask`, or those in `numbers`."""

    columns: Columns
    low: int
    high: int
    mask: Bools | None = None
    numbers: Ints | None = None

    def __len__(self) -> int:
        if self.numbers is not None:
            return len(self.numbers)
        return self.high - self.low if self.mask is None else int(np.count_nonzero(self.mask))

    def pieces(self) -> Iterator[Take]:
        """Functions that take the chosen rows out of a column, some thousands at a time, in order."""
        for rows, mask in self._parts():
            yield _take(rows) if mask is None else _take_masked(rows, mask)

    def has(self, numbers: Ints) -> Bools:
        """Which of these rows, given by number, are chosen; not of rows kept by number themselves."""
        if self.mask is not None and len(self.mask) == len(self.columns):
            return self.mask.take(numbers)  # all that there are
        inside: Bools = (numbers >= self.low) & (numbers < self.high)
        if self.mask is None or not len(self.mask):
            return inside
        return inside & self.mask.take(numbers - self.low, mode="clip")

    def mark(self) -> Chosen:
        """The same rows, as all from one to another or those of them in a mask."""
        if self.numbers is None:
            return self
        mask = np.zeros(self.high - self.low, dtype=np.bool_)
        mask[self.numbers.astype(np.intp) - self.low] = True
        return Chosen(self.columns, self.low, self.high, mask)

    def keep(self, first: int, last: int) -> Chosen:
        """The chosen rows from one number to below another."""
        return replace(self, numbers=self.list_between(first, last), mask=None)

    def list_between(self, first: int, last: int) -> Ints:
        """The numbers of the chosen rows from one number to below another, in order."""
        if self.numbers is not None:
            return self.numbers[slice(*np.searchsorted(self.numbers, np.array([first, last], dtype=np.int32)))]
        first, last = np.clip([first, last], self.low, self.high).tolist()
        if self.mask is None:
            return np.arange(first, last, dtype=np.int32)
        return (np.flatnonzero(self.mask[first - self.low : last - self.low]) + first).astype(np.int32)

    def between(self, first: int, last: int) -> Take:
        """The same for the chosen rows from one number of a row to below another."""
        if self.numbers is not None:
            return _take(self.list_between(first, last))
        rows = slice(*np.clip([first, last], self.low, self.high).tolist())
        mask = self.mask
        return _take(rows) if mask is None else _take_masked(rows, mask[rows.start - self.low : rows.stop - self.low])

    def count_between(self, cuts: Ints) -> NDArray[np.int64]:
        """How many chosen rows there are from each cut to below the next."""
        if self.numbers is not None:
            return np.diff(np.searchsorted(self.numbers, cuts.astype(np.int32)))
        places = np.clip(cuts, self.low, self.high) - self.low
        lengths = np.diff(places)
        if self.mask is None or not len(self.mask):
            return lengths.astype(np.int64)
        counts = np.zeros(len(lengths), dtype=np.int64)
        some = np.flatnonzero(lengths)  # of nothing `reduceat` would give what stands there
        counts[some] = np.add.reduceat(self.mask.view(np.uint8), places[some], dtype=np.int32)
        return counts

    def where(self, test: Callable[[Rows], Bools]) -> Ints:
        """The numbers of the chosen rows for which the test holds."""

        def find(rows: Rows, mask: Bools | None) -> Ints:
            return pick_rows(rows, np.flatnonzero(test(rows) if mask is None else test(rows) & mask))

        return np.concatenate([np.empty(0, dtype=np.int32), *self.look_through(find)])

    def look_through(self, look: Callable[[Rows, Bools | None], _Found]) -> Iterator[_Found]:
        """What a function finds in some thousands of rows at a time, in order.

        Args:
            look: Gets rows and which of them are chosen, None for all. It runs in threads: numpy looks up without
                holding the others back.
        """
        return spread(lambda part: _look_at(look, *part), list(self._parts()))

    def _parts(self) -> Iterator[tuple[Rows, Bools | None]]:
        if self.numbers is not None:
            for first in range(0, len(self.numbers), _PIECE):
                yield self.numbers[first : first + _PIECE], None
            return
        for first in range(self.low, self.high, _PIECE):
            rows = slice(first, min(first + _PIECE, self.high))
            yield rows, None if self.mask is None else self.mask[rows.start - self.low : rows.stop - self.low]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a filter lets through: rows of the plain events, and for each event with lists whether it is one.

    `rest` is what it leaves out, where that is little. `actors` are the keys of those whose events they are, none for
    everybody. `kept` has counts that one query made on its way and another one needs.
    """

    held: Held
    plain: Chosen
    listed: Bools
    rest: Choice | None = None
    actors: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def both(self) -> tuple[Chosen, Chosen]:
        """The rows of either kind."""
        rows = self.held.listed
        return self.plain, Chosen(rows, 0, len(rows), numbers=np.flatnonzero(self.listed).astype(np.int32))

    def __len__(self) -> int:
        return sum(len(rows) for rows in self.both)


def choose(session: Session, f: EventFilter) -> Choice | None:
    """The rows that the filter lets through; None where the table is not held, or not all that the filter asks of."""
    loaded = session.loaded
    held = next(iter(loaded.held), None)
    if held is None or f.text.strip() or f.review:
        return None
    kept = loaded.answers.get("chosen")
    if kept is None or kept[0] != f:
        groups = find_groups(loaded, f.actors, f.level)
        plain, listed = _choose_plain(held, f, groups, loaded), _choose_listed(held, f, groups, loaded)
        actors = np.array(_union(groups), dtype=np.int32)
        kept = (f, Choice(held, plain, listed, _leave_out(held, plain, listed), actors))
        loaded.answers["chosen"] = kept
    found: Choice = kept[1]
    return found


def choose_all(held: Held) -> Choice:
    """All rows, to be counted one by one."""
    return Choice(held, Chosen(held.plain, 0, len(held.plain)), np.ones(len(held.listed), dtype=np.bool_))


def choose_days(session: Session, f: EventFilter) -> Choice | None:
    """As `choose`, of tables of single days, whose rows are held in full."""
    return choose(session, f) if session.snapshot.closed else None


def _look_at(look: Callable[[Rows, Bools | None], _Found], rows: Rows, mask: Bools | None) -> _Found:
    """What is found in rows; where less than half of them are chosen, in those alone, by their numbers."""
    if mask is None or np.count_nonzero(mask) * 2 >= len(mask):
        return look(rows, mask)
    return look(pick_rows(rows, np.flatnonzero(mask)), None)


def _take(rows: Rows) -> Take:
    return lambda column: column[rows]


def _take_masked(rows: Rows, mask: Bools) -> Take:
    some = np.flatnonzero(mask)  # at half of the rows, in no order, a mask takes four times as long
    return lambda column: column[rows].take(some)


def _choose_plain(held: Held, f: EventFilter, groups: Groups, loaded: Loaded) -> Chosen:
    columns = held.plain
    low, high, masks = _match(columns, f)
    part = slice(low, high)
    if f.publishers:
        masks.append(_are_keys(columns.publisher[part], _publishers(f, loaded)))
    if f.actors:
        masks.append(_stand_where(columns.source[part], columns.target[part], groups, f.role, held.size))
    if not masks:
        return Chosen(columns, low, high)
    mask = masks[0]
    for other in masks[1:]:
        mask &= other
    if np.count_nonzero(mask) * _FEW < high - low:
        return Chosen(columns, low, high, numbers=_number(mask, low))
    return Chosen(columns, low, high, mask)


def _number(mask: Bools, low: int) -> Ints:
    """The numbers of the rows in a mask that begins at a row."""

    def number_between(rows: tuple[int, int]) -> Ints:
        return np.flatnonzero(mask[slice(*rows)]).astype(np.int32) + np.int32(rows[0] + low)

    return np.concatenate(list(spread(number_between, cut(len(mask)))))


def _leave_out(held: Held, plain: Chosen, listed: Bools) -> Choice | None:
    """The rows that are not chosen; None where that is more than a little."""
    whole = len(held.plain)
    if plain.numbers is not None or (whole - len(plain)) * _LITTLE > whole:
        return None
    inside = [] if plain.mask is None else [np.flatnonzero(~plain.mask) + plain.low]
    numbers = np.concatenate([np.arange(plain.low), *inside, np.arange(plain.high, whole)]).astype(np.int32)
    return Choice(held, Chosen(held.plain, 0, whole, numbers=numbers), ~listed)


def _choose_listed(held: Held, f: EventFilter, groups: Groups, loaded: Loaded) -> Bools:
    columns, lists = held.listed, held.lists
    low, high, masks = _match(columns, f)
    kept = np.zeros(len(columns), dtype=np.bool_)
    kept[low:high] = True
    for mask in masks:
        kept[low:high] &= mask
    if f.publishers:
        rows, keys = lists.publishers
        kept &= _are_rows(rows[_are_keys(keys, _publishers(f, loaded))], len(kept))
    if f.actors:
        kept &= _stand_listed(held, groups, f.role)
    return kept


def _publishers(f: EventFilter, loaded: Loaded) -> list[int]:
    return [loaded.publisher_keys[name] for name in f.publishers if name in loaded.publisher_keys]


def _match(columns: Columns, f: EventFilter) -> tuple[int, int, list[Bools]]:
    """The conditions that rows of both kinds have in common: from which row to which, and which of these."""
    low, high, masks = _match_days(columns, f)
    part = slice(low, high)
    if f.event_types or f.quad_classes or f.realis or f.contested:
        masks.append(_look_up(code_kinds(f.event_types, f.quad_classes, f.realis, f.contested), columns.kind[part]))
    if f.min_confidence > 0:
        masks.append(columns.confidence.at_least(f.min_confidence, part))
    return low, high, masks


def _match_days(columns: Columns, f: EventFilter) -> tuple[int, int, list[Bools]]:
    whole = len(columns) if f.undated else columns.dated
    first, last = ((day - _EPOCH).days if day else None for day in (f.start, f.end))
    if columns.start is not None and columns.end is not None:
        masks = [] if last is None else [columns.start[:whole] <= last]
        return 0, whole, masks + ([] if first is None else [columns.end[:whole] >= first])
    if first is None and last is None:
        return 0, whole, []
    youngest = 0 if last is None else columns.newest - last
    oldest = columns.ages if first is None else columns.newest - first + 1
    low, high = columns.find_ages(np.array([youngest, max(youngest, oldest)])).tolist()
    if whole == columns.dated:
        return low, high, []
    if high == columns.dated:
        return low, whole, []
    mask = np.ones(whole - low, dtype=np.bool_)
    mask[high - low : columns.dated - low] = False
    return low, whole, [mask]


def _are_keys(column: Ints, keys: list[int]) -> Bools:
    """Which rows have one of these keys; one comparison each is faster than looking some up."""
    if 0 < len(keys) <= _COMPARED:
        found = np.empty(len(column), dtype=np.bool_)
        for first in range(0, len(column), _PIECE):
            part = slice(first, first + _PIECE)
            np.equal(column[part], keys[0], out=found[part])
            for key in keys[1:]:
                found[part] |= column[part] == key
        return found
    known = np.zeros(1 + max([int(column.max(initial=0)), *keys]), dtype=np.bool_)
    known[keys] = True
    return _look_up(known, column)


def _look_up(known: Bools, column: Ints) -> Bools:
    """What is known of each number of a column; numpy makes places of eight bytes each of what it looks up."""
    found = np.empty(len(column), dtype=np.bool_)

    def look_between(rows: tuple[int, int]) -> None:
        for first in range(*rows, _PIECE):
            part = slice(first, min(first + _PIECE, rows[1]))
            np.take(known, column[part], out=found[part], mode="clip")

    list(spread(look_between, cut(len(column))))
    return found


def _are_rows(numbers: Ints, size: int) -> Bools:
    kept = np.zeros(size, dtype=np.bool_)
    kept[numbers] = True
    return kept


def _union(groups: Groups) -> list[int]:
    return sorted({key for group in groups for key in group})


def _stand_where(source: Ints, target: Ints, groups: Groups, role: str, size: int) -> Bools:
    """Rows of one actor a side with the wanted ones where the filter wants them."""
    keys = _union(groups)
    if role == "between" and len(groups) > 1:
        group_of = np.zeros(size, dtype=np.min_scalar_type(len(groups)))
        for number, group in enumerate(groups):
            group_of[list(group)] = number
        fits = _are_keys(source, keys) & _are_keys(target, keys)
        some = np.flatnonzero(fits)
        fits[some] = group_of[source[some]] != group_of[target[some]]
        return fits
    return _on_sides(role, lambda: _are_keys(source, keys), lambda: _are_keys(target, keys))


def _stand_listed(held: Held, groups: Groups, role: str) -> Bools:
    """The same for rows with lists."""
    rows = len(held.listed)

    def with_any(side: tuple[Ints, Ints], keys: list[int]) -> Bools:
        return _are_rows(side[0][_are_keys(side[1], keys)], rows)

    keys = _union(groups)
    if role == "between" and len(groups) > 1:
        kept = np.zeros(rows, dtype=np.bool_)
        for group in groups:
            others = [key for key in keys if key not in set(group)]
            kept |= with_any(held.lists.sources, list(group)) & with_any(held.lists.targets, others)
        return kept
    return _on_sides(role, lambda: with_any(held.lists.sources, keys), lambda: with_any(held.lists.targets, keys))


def _on_sides(role: str, as_source: Callable[[], Bools], as_target: Callable[[], Bools]) -> Bools:
    """Rows with them as source, as target, or as either, as the filter wants it; only what is needed is looked up."""
    if role == "source":
        return as_source()
    if role == "target":
        return as_target()
    fits = as_source()
    fits |= as_target()
    return fits
