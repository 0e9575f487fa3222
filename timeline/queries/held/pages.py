"""Pages and points of events out of memory: in the files, an actor's newest fifty lie in as many different parts.

For tables of single days, as imported ones are: there the order of the rows is that of time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline.queries.held.choosing import Choice, Chosen
from timeline.queries.held.columns import NO_START, QUAD_OF_KIND, Bools, Columns, Ints, read_kinds, read_manners
from timeline.queries.held.counting import count_reports
from timeline.queries.tables import answer_once

_EPOCH = dt.date(1970, 1, 1)
_RANKED = 50_000  # rows with most reports that are found once for all filters
_FURTHER = 4  # times as many rows are looked at where those were not enough
_Points = dict[str, NDArray[Any]]


def read_rows(choice: Choice, limit: int, offset: int, order: str) -> list[dict[str, Any]]:
    """The rows of a page, as the files have them, in one of the orders of `timeline.queries.events`."""
    number = min(limit + offset, len(choice))
    if number <= offset:
        return []
    found = _find_first(choice, number, order)
    columns = [rows.columns for rows in choice.both]
    places = np.concatenate([_place(of, numbers, order) for of, numbers in zip(columns, found, strict=True)])
    # Only the rows that may be on the page are told apart by their ids.
    low, high = np.partition(places, [offset, number - 1])[[offset, number - 1]]
    some = np.flatnonzero((places >= low) & (places <= high))
    ids = np.concatenate([of.ids.read(numbers) for of, numbers in zip(columns, _split(found, some), strict=True)])
    first = offset - int(np.count_nonzero(places < low))
    page = np.lexsort((ids if order == "oldest" else ~ids, places[some]))[first : first + number - offset]
    rows = dict(zip(np.sort(page).tolist(), _read(choice, _split(found, some[np.sort(page)])), strict=True))
    return [rows[place] for place in page.tolist()]


def at_place(choice: Choice, place: int) -> Choice:
    """Those of the chosen events that happened at a place."""
    plain, listed = (rows.where(lambda some, rows=rows: rows.columns.place[some] == place) for rows in choice.both)  # type: ignore[misc]
    columns = choice.held.plain
    kept = np.zeros(len(choice.listed), dtype=np.bool_)
    kept[listed] = True
    return Choice(choice.held, Chosen(columns, 0, len(columns), numbers=plain), kept)


def read_points(choice: Choice, *, reported: bool) -> tuple[_Points, list[tuple[Any, ...]]]:
    """What `timeline.queries.points` arranges: arrays of the plain events, and a tuple for each with lists.

    Args:
        choice: Which events; all of them are read.
        reported: Whether an event stands on the day of its first report.
    """
    plain, listed = choice.both
    nobody, found = choice.held.size - 1, _narrow(plain, reported=reported)
    numbers = plain.list_between(0, len(plain.columns))
    for name, side in (("s", plain.columns.source), ("t", plain.columns.target)):
        keys = side[numbers].astype(np.int64)
        found[name] = np.where(keys == nobody, -1, keys)
    rows = listed.list_between(0, len(listed.columns))
    sides = (_list(side, rows) for side in (choice.held.lists.sources, choice.held.lists.targets))
    columns = (column.tolist() for column in _narrow(listed, reported=reported).values())
    return found, list(zip(*columns, *sides, strict=True))


def _narrow(rows: Chosen, *, reported: bool) -> _Points:
    columns = rows.columns
    numbers = rows.list_between(0, len(columns))
    age, unknown, newest = (
        (columns.lag, columns.lags, columns.latest) if reported else (columns.age, columns.ages, columns.newest)
    )
    days = age[numbers].astype(np.int64)
    days = np.where(days == unknown, NO_START, newest - days)
    kinds = columns.kind[numbers]
    told = np.array([-1 if code is None else code for code in read_kinds(kinds)[1]], dtype=np.int64)
    ids, reports = columns.ids.read(numbers), columns.reports[numbers].astype(np.int64)
    return {"event_id": ids, "first": days, "last": days, "quad": QUAD_OF_KIND[kinds], "n": reports, "told": told}


def _find_first(choice: Choice, number: int, order: str) -> tuple[Ints, ...]:
    """Rows of both kinds among which are the first so many in an order."""
    if order != "reports":
        return tuple(_outermost(rows, number, oldest=order == "oldest") for rows in choice.both)
    plain, listed = choice.both
    top = _pick_ranked(choice, number)
    least = _fewest_reports(choice, number) if top is None else int(plain.columns.reports[top].min())
    found = plain.where(lambda some: plain.columns.reports[some] >= least) if top is None else top
    return found, listed.where(lambda some: listed.columns.reports[some] >= least)


def _pick_ranked(choice: Choice, number: int) -> Ints | None:
    """The chosen plain rows with most reports, so many and those that are level with the last, in order of the table.

    None where the ranking kept is too short for it, or so few rows are chosen that all may be looked at.
    """
    plain = choice.plain
    if plain.numbers is not None and len(plain.numbers) < _RANKED:
        return None
    levels = answer_once(choice.held.whole, "ranked", lambda: _rank_by_reports(plain.columns.reports))
    picked: list[Ints] = []
    for level in levels:
        picked.append(level[_has(plain, level)])
        if sum(map(len, picked)) >= number:
            return np.sort(np.concatenate(picked))
    return None


def _has(rows: Chosen, some: Ints) -> Bools:
    """Which of some rows are chosen; looked up by halving where those chosen are kept by number."""
    if rows.numbers is None:
        return rows.has(some)
    return np.equal(rows.numbers.take(np.searchsorted(rows.numbers, some), mode="clip"), some)


def _rank_by_reports(reports: Ints) -> Sequence[Ints]:
    """The rows with most reports, most first: those that have so many together, and no more rows than `_RANKED`."""
    at_least = np.cumsum(np.bincount(reports)[::-1])[::-1]  # how many rows have a number of reports or more
    rows = np.flatnonzero(reports >= int(np.count_nonzero(at_least > _RANKED))).astype(np.int32)
    ranked = rows[np.argsort(reports[rows], kind="stable")]
    return np.split(ranked, np.flatnonzero(np.diff(reports[ranked])) + 1)[::-1]


def _outermost(rows: Chosen, number: int, *, oldest: bool) -> Ints:
    """The rows first in order of time, undated ones last: whole days, and at least so many rows if there are."""
    columns = rows.columns
    dated, reach = columns.dated, number
    while reach < dated:
        low, high = (dated - reach, dated) if oldest else (rows.low, rows.low + reach)
        found = rows.list_between(low, high)
        if len(found) >= number:
            age = int(columns.age[found[-number] if oldest else found[number - 1]])
            if age == columns.ages:
                break
            first, last = columns.find_ages(np.array([age, age + 1])).tolist()
            return rows.list_between(first, dated) if oldest else rows.list_between(0, last)
        reach *= _FURTHER
    return rows.list_between(0, len(columns))


def _fewest_reports(choice: Choice, number: int) -> int:
    """How many reports the event has that is at this place by their number."""
    counts = count_reports(choice)
    return int(np.flatnonzero(np.cumsum(counts[::-1])[::-1] >= number)[-1])


def _place(columns: Columns, numbers: Ints, order: str) -> NDArray[np.int64]:
    """What rows are sorted by in an order, before their ids; undated ones come last of their like."""
    age = columns.age[numbers].astype(np.int64)
    if order == "oldest":
        return np.where(age == columns.ages, age, columns.ages - 1 - age)
    if order == "reports":
        return age - columns.reports[numbers].astype(np.int64) * (columns.ages + 1)
    return age


def _split(found: Sequence[Ints], places: Ints) -> tuple[Ints, Ints]:
    """The rows of either kind that stand at places of both together, which ascend."""
    plain, listed = found
    cut = int(np.searchsorted(places, len(plain)))
    return plain[places[:cut]], listed[places[cut:] - len(plain)]


def _read(choice: Choice, numbers: tuple[Ints, Ints]) -> list[dict[str, Any]]:
    """The full rows: the plain ones, then those with lists."""
    plain, listed = numbers
    held, lists = choice.held, choice.held.lists
    columns = held.plain
    sides = {
        "source": _one_each(columns.source[plain], held.size - 1),
        "target": _one_each(columns.target[plain], held.size - 1),
        "publisher": _one_each(columns.publisher[plain], 0),
    }
    several = {"source": lists.sources, "target": lists.targets, "publisher": lists.publishers}
    return [
        *_read_kind(columns, plain, sides),
        *_read_kind(held.listed, listed, {name: _list(side, listed) for name, side in several.items()}),
    ]


def _read_kind(columns: Columns, numbers: Ints, sides: dict[str, list[list[int]]]) -> Iterable[dict[str, Any]]:
    kinds = columns.kind[numbers]
    types, told, contested = read_kinds(kinds)
    precisions, bases, publishers = read_manners(columns.manner.read(numbers))
    days = _as_days(columns.newest, columns.age[numbers], columns.ages)
    found = {
        "event_id": columns.ids.read(numbers).tolist(), "start": days, "end": days,
        "published": _as_days(columns.latest, columns.lag[numbers], columns.lags),
        "precision": precisions, "basis": bases, "event_type": types, "quad_class": QUAD_OF_KIND[kinds].tolist(),
        "goldstein": _or_none(columns.score.read(numbers)), "realis": told,
        "confidence": _or_none(columns.confidence.read(numbers)), "reports": columns.reports[numbers].tolist(),
        "publishers": publishers, "contested": contested,
        "place": [place or None for place in columns.place[numbers].tolist()],
    }  # fmt: skip
    for name, keys in sides.items():
        found[name] = [key[0] if key else None for key in keys]
        found[f"more_{name}s"] = [key[1:] or None for key in keys]
    return (dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True))


def _one_each(keys: Ints, nobody: int) -> list[list[int]]:
    return [[] if key == nobody else [key] for key in keys.tolist()]


def _list(side: tuple[Ints, Ints], numbers: Ints) -> list[list[int]]:
    """The keys that stand on a side of each row."""
    rows, keys = side
    cuts = (np.searchsorted(rows, numbers, where).tolist() for where in ("left", "right"))
    return [keys[first:last].tolist() for first, last in zip(*cuts, strict=True)]


def _as_days(newest: int, ages: Ints, unknown: int) -> list[dt.date | None]:
    return [None if age == unknown else _EPOCH + dt.timedelta(days=newest - age) for age in ages.tolist()]


def _or_none(numbers: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(number) else number for number in numbers.tolist()]
