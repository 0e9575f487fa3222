"""The arrays: small numbers for each event, newest first, and the lists of those few that have any."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from timeline.ontology import EVENT_TYPES
from timeline.store.codes import BASIS_CODES, EVENT_TYPE_CODES, PRECISION_CODES, REALIS_CODES

if TYPE_CHECKING:
    from timeline.queries.held.pairs import PairIndex

Ints: TypeAlias = NDArray[np.integer[Any]]
Bools: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = "slice | Ints"

NO_START, NO_END = -(2**31), 2**31 - 1  # of spans: before and after every day
_PIECE = 500_000  # rows read at a time
_BLOCK = 12  # bits: ids of so many neighbouring rows are kept as differences
_MOST_CODES = 250  # different numbers that one byte can tell apart
_TOLD = 2 * (len(REALIS_CODES) + 1)
_DAY = "(coalesce({first}, {other}) - DATE '1970-01-01')"
# `kind` is type, realis (0 unknown) and whether reports disagree in one byte; the quad class follows from the type.
_READ = """
    SELECT coalesce({newest} - {day}, {no_age}) AS age,
        event_type::INTEGER * {told} + coalesce(realis + 1, 0) * 2 + coalesce(contested, false)::INTEGER AS kind,
        coalesce(source, {nobody}) AS source, coalesce(target, {nobody}) AS target, coalesce(publisher, 0) AS publisher,
        coalesce(place, 0) AS place, coalesce({latest} - {reported}, {no_lag}) AS lag, coalesce(reports, 0) AS reports,
        coalesce(goldstein, 'NaN'::FLOAT) AS score, coalesce(confidence, 'NaN'::FLOAT) AS confidence,
        ({manner})::FLOAT AS manner, event_id AS ids,
        coalesce("start" - DATE '1970-01-01', {no_start}) AS "start",
        coalesce("end" - DATE '1970-01-01', {no_end}) AS "end"
    FROM events WHERE {only}
"""
# Precision, basis (0 unknown) and number of publishers in one number, which nearly all events of a table share.
_PRECISIONS, _BASES = len(PRECISION_CODES) + 1, len(BASIS_CODES) + 1
_DATING = f"coalesce(basis + 1, 0) * {_PRECISIONS} + coalesce(precision + 1, 0)"
_MANNER = f"coalesce(publishers, 0)::BIGINT * {_BASES * _PRECISIONS} + {_DATING}"
_MEASURE = """
    SELECT coalesce(max({day}), 0), coalesce(min({day}), 0), coalesce(max({reported}), 0), coalesce(min({reported}), 0),
        coalesce(max(publisher), 0), coalesce(max(place), 0), coalesce(max(reports), 0)
    FROM events
"""
_LISTS = """
    SELECT list_filter(list_concat([source], more_sources), lambda key: key IS NOT NULL) AS sources,
        list_filter(list_concat([target], more_targets), lambda key: key IS NOT NULL) AS targets,
        list_filter(list_concat([publisher], more_publishers), lambda key: key IS NOT NULL) AS publishers
    FROM events WHERE several
"""
QUAD_OF_KIND = np.repeat(np.array([EVENT_TYPES[name].quad_class for name in EVENT_TYPE_CODES], dtype=np.int32), _TOLD)
QUADS = int(QUAD_OF_KIND.max()) + 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers: one byte each where few are different, which `values` has in order after an unknown one."""

    codes: NDArray[Any]
    values: NDArray[np.float32] | None = None

    def read(self, rows: Rows) -> NDArray[np.float64]:
        """The numbers of some rows; NaN where unknown."""
        found = self.codes[rows] if isinstance(rows, slice) else self.codes.take(rows)
        return (found if self.values is None else self.values.take(found)).astype(np.float64)

    def at_least(self, least: float, rows: Rows) -> Bools:
        """Which of some rows have this number or a higher one."""
        if self.values is None:
            return np.asarray(self.codes[rows] >= np.float32(least))
        code = 1 + int(np.searchsorted(self.values[1:], np.float32(least)))  # a number of numpy's would widen all codes
        return np.asarray(self.codes[rows] >= code)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of events: how far each is above the lowest of its block of rows."""

    above: Ints
    lowest: Ints

    def read(self, rows: Ints) -> NDArray[np.int64]:
        """The ids of some rows."""
        return np.asarray(self.lowest[rows >> _BLOCK] + self.above[rows].astype(np.int64))


@dataclass(frozen=True, slots=True)
class Columns:
    """Events in order of age, undated ones last, those of a day by type or kind.

    `age` is the days from an event's first known day to day number `newest` (since 1970), or `ages` where unknown;
    `lag` those from its first report to day `latest`, or `lags`. The first `dated` rows have an age. `source` and
    `target` are the highest key where nobody stands. `manner` is taken apart by `read_manners`. `runs` are the rows at
    which a day, or one of its quad classes, begins. `start` and `end` are day numbers, of tables with spans alone:
    None says that every dated event is one day.
    """

    newest: int
    ages: int
    latest: int
    lags: int
    dated: int
    age: Ints
    kind: Ints
    source: Ints
    target: Ints
    publisher: Ints
    place: Ints
    lag: Ints
    reports: Ints
    score: Numbers
    confidence: Numbers
    manner: Numbers
    ids: Ids
    runs: Ints
    start: Ints | None
    end: Ints | None

    def __len__(self) -> int:
        return len(self.age)

    def read_days(self, rows: Ints) -> Ints:
        """The first known day (since 1970) of dated rows."""
        return np.int32(self.newest) - self.age.take(rows).astype(np.int32)

    def find_ages(self, ages: Ints) -> Ints:
        """The first row of each age or an older one; `dated` where there is none."""
        known = np.clip(ages, 0, self.ages).astype(self.age.dtype)  # of another kind all ages would be converted
        return np.searchsorted(self.age[: self.dated], known)


@dataclass(frozen=True, slots=True)
class Lists:
    """The sides of events with several actors or publishers: for each, the row and the key of who stands there.

    `pairs` are the rows and both keys of every ordered pair, of an actor with itself where it is alone on both sides.
    """

    sources: tuple[Ints, Ints]
    targets: tuple[Ints, Ints]
    publishers: tuple[Ints, Ints]
    pairs: tuple[Ints, Ints, Ints]


@dataclass(frozen=True, slots=True)
class Held:
    """An event table in memory: rows without lists and rows with; keys are below `size`, the last is nobody's.

    `pairs` has the pairs of the busiest actors by level, of tables of single days. `whole` keeps counts of all events.
    """

    size: int
    plain: Columns
    listed: Columns
    lists: Lists
    pairs: dict[str, PairIndex] = field(default_factory=dict)
    whole: dict[str, Any] = field(default_factory=dict)


def read_held(cursor: Any, most_key: int, *, closed: bool) -> Held:
    """Read the view `events` of a cursor.

    Args:
        cursor: A DuckDB cursor.
        most_key: The highest key of an actor.
        closed: Whether every dated event is one single day.
    """
    size = most_key + 2
    plain, _ = _sort(_read_columns(cursor, "NOT several", size, closed=closed))
    listed, order = _sort(_read_columns(cursor, "several", size, closed=closed))
    return Held(size, _finish(plain), _finish(listed), _read_lists(cursor, order))


def code_kinds(event_types: Any, quad_classes: Any, realis: Any, contested: bool) -> Bools:
    """Which kinds have one of these types, quad classes and values of realis, where any are given; by kind."""
    kinds = np.arange(len(QUAD_OF_KIND))
    fits = np.ones(len(kinds), dtype=np.bool_)
    if event_types:
        fits &= np.isin(kinds // _TOLD, [EVENT_TYPE_CODES.index(name) for name in event_types])
    if quad_classes:
        fits &= np.isin(QUAD_OF_KIND, list(quad_classes))
    if realis:
        fits &= np.isin(kinds % _TOLD // 2, [REALIS_CODES.index(name) + 1 for name in realis])
    return fits & (kinds % 2 == 1) if contested else fits


def name_quads(things: Ints, kinds: Ints) -> NDArray[np.intp]:
    """One number for a thing and the quad class of a kind: that of the thing times `QUADS`, and the quad class."""
    numbers = things.astype(np.intp)  # what counting takes
    numbers *= QUADS
    numbers += QUAD_OF_KIND.take(kinds)
    return numbers


def pick_rows(rows: Rows, places: Ints) -> Ints:
    """The numbers of the rows at some places of a piece."""
    return places.astype(np.int32) + np.int32(rows.start) if isinstance(rows, slice) else rows.take(places)


def read_rows(column: NDArray[Any], rows: Rows) -> NDArray[Any]:
    """A column at some rows; to take single ones by index would be half as fast."""
    return column[rows] if isinstance(rows, slice) else column.take(rows)


def read_kinds(kinds: Ints) -> tuple[list[int], list[int | None], list[bool]]:
    """Codes of type and realis, and whether reports disagree."""
    told = (kinds % _TOLD // 2).tolist()
    return (kinds // _TOLD).tolist(), [code - 1 if code else None for code in told], (kinds % 2 == 1).tolist()


def read_manners(manners: NDArray[np.float64]) -> tuple[list[int | None], list[int | None], list[int]]:
    """Codes of precision and basis, and numbers of publishers."""
    whole = manners.astype(np.int64)
    precisions, bases = (whole % _PRECISIONS).tolist(), (whole // _PRECISIONS % _BASES).tolist()
    publishers = (whole // (_PRECISIONS * _BASES)).tolist()
    return (
        [code - 1 if code else None for code in precisions],
        [code - 1 if code else None for code in bases],
        publishers,
    )


def _read_columns(cursor: Any, only: str, size: int, *, closed: bool) -> Columns:
    day, reported = _DAY.format(first='"start"', other='"end"'), _DAY.format(first="published", other="NULL")
    measured = cursor.execute(_MEASURE.format(day=day, reported=reported)).fetchone()
    number = cursor.execute(f"SELECT count(*) FROM events WHERE {only}").fetchone()[0]
    newest, oldest, latest, earliest, publishers, places, reports = map(int, measured)
    ages, lags = newest - oldest + 1, latest - earliest + 1
    kinds = {
        "age": _fit(ages), "kind": _fit(len(QUAD_OF_KIND)), "source": _fit(size), "target": _fit(size),
        "publisher": _fit(publishers), "place": _fit(places), "lag": _fit(lags),
        "reports": _fit(reports), "ids": np.int64,
    } | ({} if closed else {"start": np.int32, "end": np.int32})  # fmt: skip
    values = {
        name: _list_values(cursor, column, only)
        for name, column in (("score", "goldstein"), ("confidence", "confidence"), ("manner", _MANNER))
    }
    arrays: dict[str, Any] = {name: np.empty(number, dtype=kind) for name, kind in kinds.items()}
    arrays |= {
        name: np.empty(number, dtype=np.float32 if found is None else np.uint8) for name, found in values.items()
    }
    query = _READ.format(
        day=day, reported=reported, newest=newest, latest=latest, told=_TOLD, nobody=size - 1, only=only,
        manner=_MANNER, no_age=ages, no_lag=lags, no_start=NO_START, no_end=NO_END,
    )  # fmt: skip
    filled = 0
    for batch in cursor.sql(query).to_arrow_reader(_PIECE):
        for name, array in arrays.items():
            read = batch.column(name).to_numpy(zero_copy_only=False)
            found = values.get(name)
            array[filled : filled + len(batch)] = read if found is None else _code(read, found)
        filled += len(batch)
    numbers = {name: Numbers(arrays.pop(name), found) for name, found in values.items()}
    dated = int(np.count_nonzero(arrays["age"] < ages))
    columns: dict[str, Any] = {"start": None, "end": None, "runs": np.empty(0, np.int64)} | arrays | numbers
    columns["ids"] = Ids(arrays["ids"], np.empty(0, np.int64))  # whole until they are sorted
    return Columns(newest, ages, latest, lags, dated, **columns)


def _fit(most: int) -> Any:
    """The smallest kind of number that holds this one."""
    return np.min_scalar_type(most)


def _list_values(cursor: Any, column: str, only: str) -> NDArray[np.float32] | None:
    """The different numbers of a column in order, after NaN for unknown; None where they are too many to be coded."""
    query = f"SELECT DISTINCT {column} AS n FROM events WHERE {only} AND n IS NOT NULL LIMIT {_MOST_CODES + 1}"
    found = [value for (value,) in cursor.execute(query).fetchall()]
    return np.array([np.nan, *sorted(found)], dtype=np.float32) if len(found) <= _MOST_CODES else None


def _code(read: NDArray[np.float32], values: NDArray[np.float32]) -> Ints:
    return np.where(np.isnan(read), 0, np.searchsorted(values[1:], read) + 1)


def _sort(columns: Columns) -> tuple[Columns, Ints | None]:
    """The rows in their order, and where each was; None where nothing moved, as with a compacted table."""
    before, after = slice(None, -1), slice(1, None)
    types = columns.kind // np.uint8(_TOLD)
    falls = types[after] < types[before]
    falls &= columns.age[after] == columns.age[before]
    if not (falls | (columns.age[after] < columns.age[before])).any():
        return columns, None
    order = np.lexsort((columns.kind, columns.age))
    moved: dict[str, Any] = {}
    for column in fields(columns):
        value = getattr(columns, column.name)
        if isinstance(value, Numbers):
            moved[column.name] = replace(value, codes=value.codes[order])
        elif isinstance(value, Ids):
            moved[column.name] = replace(value, above=value.above[order])
        elif isinstance(value, np.ndarray) and len(value):
            moved[column.name] = value[order]
    return replace(columns, **moved), order


def _finish(columns: Columns) -> Columns:
    """The sorted columns with their runs found and their ids as differences."""
    quads = QUAD_OF_KIND.astype(np.uint8)[columns.kind]
    changes = (columns.age[1:] != columns.age[:-1]) | (quads[1:] != quads[:-1])
    starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(columns)), dtype=np.bool_), changes]))
    return replace(columns, runs=starts.astype(np.int32), ids=_encode(columns.ids.above))


def _encode(ids: Ints) -> Ids:
    """Imported events of a day have ids near each other, which take two bytes each instead of eight."""
    firsts = np.arange(0, len(ids), 1 << _BLOCK)
    lowest, highest = (edge.reduceat(ids, firsts) if len(ids) else ids for edge in (np.minimum, np.maximum))
    # Of two keys far apart the difference may be more than a number holds.
    widest = max((high - low for low, high in zip(lowest.tolist(), highest.tolist(), strict=True)), default=0)
    if widest > np.iinfo(np.uint32).max:
        return Ids(ids, np.zeros(len(lowest), dtype=np.int64))
    above = np.empty(len(ids), dtype=_fit(widest))
    for first, low in zip(firsts.tolist(), lowest, strict=True):
        block = slice(first, first + (1 << _BLOCK))
        above[block] = ids[block] - low
    return Ids(above, lowest)


def _read_lists(cursor: Any, order: Ints | None) -> Lists:
    """The lists of the rows, which were read in the same order and then sorted."""
    table = cursor.sql(_LISTS).to_arrow_table()
    sources, targets, publishers = (_flatten(table[name].combine_chunks(), order) for name in table.column_names)
    return Lists(sources, targets, publishers, _pair(sources, targets, len(table)))


def _flatten(lists: pa.ListArray, order: Ints | None) -> tuple[Ints, Ints]:
    lists = lists if order is None else lists.take(pa.array(order))
    lengths = np.diff(lists.offsets.to_numpy())
    return np.repeat(np.arange(len(lists), dtype=np.int32), lengths), lists.flatten().to_numpy().astype(np.int32)


def _pair(sources: tuple[Ints, Ints], targets: tuple[Ints, Ints], rows: int) -> tuple[Ints, Ints, Ints]:
    """Every source of a row with every target of it."""
    on_left, on_right = (np.bincount(side[0], minlength=rows) for side in (sources, targets))
    times = on_right[sources[0]]
    row, source = np.repeat(sources[0], times), np.repeat(sources[1], times)
    first = (np.cumsum(on_right) - on_right)[row]
    place = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    target = targets[1][first + place]
    apart = (source != target) | ((on_left[row] == 1) & (on_right[row] == 1))
    return row[apart], source[apart], target[apart]
