"""Batches of text columns as rows of the event table.

A format says for each field which columns it stands in and how a value is read. Values repeat, so each distinct
one is read once per run: the cost is that of Arrow's dictionaries, not of Python.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from timeline.ontology import EVENT_TYPES
from timeline.records import Actor, Precision, Realis, digest
from timeline.store.codes import BASIS_CODES, EVENT_TYPE_CODES, PRECISION_CODES, REALIS_CODES
from timeline.store.dictionaries import enter_actors, enter_places, enter_publishers, place_row
from timeline.store.imports.actors import ActorFinder
from timeline.store.imports.batches import Batch, Rejected
from timeline.store.imports.countries import Countries, load_countries
from timeline.store.imports.crosswalk import Crosswalk, load_crosswalk
from timeline.store.project import Project
from timeline.store.rows import EVENT_SCHEMA
from timeline.store.serial import clean

_SEPARATOR = "\x1f"
_YEAR_1900 = dt.date(1900, 1, 1).toordinal()
_REMEMBERED = 200_000  # distinct values of a field; beyond, each batch reads its own


class UnreadableValueError(ValueError):
    """A cell that makes its row unreadable; the message says why."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of an event; None is unknown."""

    start: dt.date | None
    end: dt.date | None
    precision: Precision = Precision.DAY


UNKNOWN_SPAN = Span(None, None, Precision.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What readers may ask: the crosswalk, the countries, the actors."""

    walk: Crosswalk = field(default_factory=load_crosswalk)
    countries: Countries = field(default_factory=load_countries)
    actors: ActorFinder = field(default_factory=ActorFinder)


Read = Callable[[Lookup, tuple[str, ...]], Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Which columns a field needs, by any of their names in plain letters, and how their text is read."""

    columns: tuple[tuple[str, ...], ...]
    read: Read


def reader(read: Read, *columns: str) -> Reader:
    """A reader; a column's names are separated by spaces, the better first."""
    return Reader(tuple(tuple(names.split()) for names in columns), read)


@dataclass(frozen=True, slots=True)
class Format:
    """A published format.

    `needed` are the columns that tell it from others, each by any of its names. `headless` gives the header of
    files without one by their number of columns. `fields` are event_type, date, published, goldstein, sources,
    targets, place, publishers, reports and, if the row says, realis, basis, confidence, contested and
    publisher_count; event_type and date must be there. `id` names
    the column that identifies an event for good, "" if none does, and `id_with_day` tells that it does so only
    together with the day; `url` names the column with the address of the article. `updated` names the column with the
    moment of a row's last change, in seconds of Unix time: a row with a later one replaces that of the same event.
    """

    name: str
    title: str
    needed: tuple[str, ...]
    fields: Mapping[str, Reader]
    id: str = ""
    id_with_day: bool = False
    url: str = ""
    updated: str = ""
    headless: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    realis: Realis | None = None
    dataset: str = ""

    def fits(self, header: Sequence[str]) -> bool:
        """Whether a header has every needed column."""
        plain = {plain_column(name) for name in header}
        return all(any(name in plain for name in names.split()) for names in self.needed)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Rows for the table, where each came from in the batch, and the rows that could not be read.

    `updated` are the moments of the rows' last change as `read_moments` gives them.
    """

    format: Format
    rows: pa.Table
    taken: NDArray[np.int64]
    urls: pa.Array
    updated: NDArray[np.int64]
    rejected: tuple[Rejected, ...]


class Mapper:
    """Maps the batches of one file; keeps what it has read and entered, for its other batches and for other files."""

    def __init__(self, project: Project, chosen: Format, file_digest: str) -> None:
        self._project, self._format, self._lookup = project, chosen, Lookup()
        self._file = _file_key(file_digest)
        self._dataset = int(digest(chosen.dataset or chosen.name), 16) >> 48 << 48
        self._memory: dict[str, dict[str, Any]] = {}
        self._actors: dict[str, int] = {}
        self._publishers: dict[str, int] = {}
        self._places: dict[tuple[str, str, float, float], int] = {}

    def for_file(self, file_digest: str) -> Mapper:
        """The mapper of another file of the format, with all that this one has read and entered."""
        other = copy.copy(self)
        other._file = _file_key(file_digest)
        return other

    def map(self, batch: Batch) -> Mapped:
        """The batch's rows in our schema; new actors, publishers and places are entered in the project."""
        columns = {plain_column(name): column for name, column in batch.columns.items()}
        count = len(batch.lines)
        problems: dict[int, str] = {}
        values = {name: self._read(name, one, columns, count, problems) for name, one in self._format.fields.items()}
        ids = self._ids(columns, batch.places, values["date"], problems)
        keep = np.ones(count, dtype=bool)
        keep[list(problems)] = False
        taken = np.flatnonzero(keep)
        kept = {name: (indices[taken], found) for name, (indices, found) in values.items()}
        self._enter(kept)
        urls = _column(columns, self._format.url, count).take(pa.array(taken))
        rejected = tuple(
            Rejected(int(batch.lines[row]), reason, _SEPARATOR.join(batch.row(row).values()).replace(_SEPARATOR, "\t"))
            for row, reason in sorted(problems.items())
        )
        dated = self._format.updated in columns
        updated = (
            read_moments(columns[self._format.updated])[taken] if dated else np.full(len(taken), -1, dtype=np.int64)
        )
        rows = self._rows(kept, ids[taken], len(taken))
        return Mapped(self._format, rows, taken, urls, updated, (*batch.rejected, *rejected))

    def _read(
        self, name: str, one: Reader, columns: Mapping[str, pa.Array], count: int, problems: dict[int, str]
    ) -> tuple[NDArray[np.int64], list[Any]]:
        """A field's value for each row, as indices into its distinct values."""
        cells = [_column(columns, names, count) for names in one.columns]
        joined = pc.binary_join_element_wise(*cells, _SEPARATOR) if len(cells) > 1 else cells[0]
        coded = joined.dictionary_encode()
        memory = self._memory.setdefault(name, {})
        if len(memory) > _REMEMBERED:
            memory.clear()
        found: list[Any] = []
        wrong: list[int] = []
        for number, text in enumerate(coded.dictionary.to_pylist()):
            if text not in memory:
                memory[text] = self._value(one, text, len(cells))
            found.append(memory[text])
            if isinstance(found[-1], UnreadableValueError):
                wrong.append(number)
        indices = coded.indices.to_numpy().astype(np.int64)
        if wrong:
            for row in np.flatnonzero(np.isin(indices, wrong)):
                problems.setdefault(int(row), str(found[indices[row]]))
        return indices, found

    def _value(self, one: Reader, text: str, cells: int) -> Any:
        parts = tuple(part.strip() for part in text.split(_SEPARATOR))
        if len(parts) != cells:
            return UnreadableValueError("a cell holds the control character 1F")
        try:
            return one.read(self._lookup, parts)
        except UnreadableValueError as error:
            return error

    def _ids(
        self,
        columns: Mapping[str, pa.Array],
        places: NDArray[np.int64],
        dates: tuple[NDArray[np.int64], list[Any]],
        problems: dict[int, str],
    ) -> NDArray[np.int64]:
        """Keys that go up with the file, so that they pack well and are found by range.

        With an id in the row: 16 bits for the data set, 48 for the id. Without: 36 for the file, 28 for the row.
        """
        if not self._format.id or not any(name in columns for name in self._format.id.split()):
            return np.asarray(np.int64(_signed(self._file)) | places)
        column = _column(columns, self._format.id, len(places))
        if self._format.id_with_day:
            column = _with_day(column, *dates)
        if pc.all(pc.match_substring_regex(column, r"^[0-9]{1,14}$")).as_py():
            return np.asarray(np.int64(_signed(self._dataset)) | column.cast(pa.int64()).to_numpy())
        texts = column.to_pylist()
        keys = np.zeros(len(places), dtype=np.int64)
        for row, text in enumerate(texts):
            if text.isascii() and text.isdigit() and len(text) < 15:
                keys[row] = _signed(self._dataset | int(text))
            elif text.strip():
                keys[row] = _signed(_own_key(text.strip(), self._format.name))
            else:
                problems.setdefault(row, "no event id")
        return keys

    def _enter(self, values: Mapping[str, tuple[NDArray[np.int64], list[Any]]]) -> None:
        """Give every actor, publisher and place of the kept rows a key."""

        def used(name: str) -> list[Any]:
            indices, found = values.get(name, (np.array([], dtype=np.int64), []))
            return [found[number] for number in np.unique(indices)]

        actors: dict[str, Actor] = {}
        for side in (*used("sources"), *used("targets")):
            for actor in side:
                if actor.id not in self._actors:
                    actors.update({each.id: each for each in self._lookup.actors.with_parents(actor)})
        publishers = {name for names in used("publishers") for name in names} - set(self._publishers)
        places = {place_row(place): place for place in used("place") if place}
        for known in set(places) & set(self._places):
            del places[known]
        if actors or publishers or places:
            with self._project.write() as db:
                self._actors.update(enter_actors(db, actors.values()) if actors else {})
                self._publishers.update(enter_publishers(db, publishers) if publishers else {})
                self._places.update(enter_places(db, places.values()) if places else {})

    def _rows(
        self, values: Mapping[str, tuple[NDArray[np.int64], list[Any]]], ids: NDArray[np.int64], count: int
    ) -> pa.Table:
        nothing = (np.zeros(count, dtype=np.int64), [None])

        def take(name: str, kind: pa.DataType, make: Callable[[Any], Any]) -> pa.Array:
            indices, found = values.get(name, nothing)
            made = [None if one is None or isinstance(one, UnreadableValueError) else make(one) for one in found]
            return pa.array(made, kind).take(pa.array(indices))

        types = {name: EVENT_TYPES[name] for name in EVENT_TYPE_CODES}
        usual = take("event_type", pa.float32(), lambda name: types[name].goldstein)
        realis = self._format.realis
        fixed = None if realis is None else REALIS_CODES.index(realis)
        columns = {
            "event_id": pa.array(ids),
            "start": take("date", pa.date32(), lambda span: span.start),
            "end": take("date", pa.date32(), lambda span: span.end),
            "published": take("published", pa.date32(), lambda day: day),
            "precision": take("date", pa.int8(), lambda span: PRECISION_CODES.index(span.precision)),
            "basis": take("basis", pa.int8(), BASIS_CODES.index),  # other data sets do not say what a date rests on
            "event_type": take("event_type", pa.int8(), EVENT_TYPE_CODES.index),
            "quad_class": take("event_type", pa.int8(), lambda name: types[name].quad_class),
            "goldstein": pc.coalesce(take("goldstein", pa.float32(), float), usual),
            "realis": take("realis", pa.int8(), REALIS_CODES.index)
            if "realis" in values
            else pa.array([fixed], pa.int8()).take(pa.array(nothing[0])),
            "confidence": take("confidence", pa.float32(), float),
            "reports": pc.coalesce(take("reports", pa.int32(), int), pa.scalar(1, pa.int32())),
            "contested": take("contested", pa.bool_(), bool),
            **self._sides(take),
            "place": take("place", pa.int32(), lambda place: self._places.get(place_row(place))),
        }
        columns["contested"] = pc.coalesce(columns["contested"], pa.scalar(False))
        schema = pa.schema([column for column in EVENT_SCHEMA if column.name not in {"several", "origin"}])
        return pa.table(columns).select(schema.names).cast(schema)

    def _sides(self, take: Callable[..., pa.Array]) -> dict[str, pa.Array]:
        """First and further actors and publishers."""

        def keys_of(side: Sequence[Actor]) -> list[int]:
            return list(dict.fromkeys(self._actors[actor.id] for actor in side if actor.id in self._actors))

        def outlets_of(names: Sequence[str]) -> list[int]:
            known = (self._publishers.get(clean(name)) for name in names)
            return list(dict.fromkeys(key for key in known if key is not None))

        counted = take("publishers", pa.int32(), lambda names: len(outlets_of(names)))
        told = take("publisher_count", pa.int32(), int)
        columns: dict[str, pa.Array] = {"publishers": pc.coalesce(told, counted, pa.scalar(0, pa.int32()))}
        for field_name, first, more, keys in (
            ("sources", "source", "more_sources", keys_of),
            ("targets", "target", "more_targets", keys_of),
            ("publishers", "publisher", "more_publishers", outlets_of),
        ):
            columns[first] = take(field_name, pa.int32(), lambda side, keys=keys: next(iter(keys(side)), None))
            columns[more] = take(field_name, pa.list_(pa.int32()), lambda side, keys=keys: keys(side)[1:] or None)
        return columns


@lru_cache(maxsize=4096)  # each format asks it of every column of every file
def plain_column(name: str) -> str:
    """A column's name in small letters and digits alone: `Actor_1_Name`, `Actor1Name` and `#!actor1 name` are one."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def read_moments(column: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
    """Moments in seconds of Unix time, also as numbers with a decimal point; -1 where a cell holds none."""
    digits = pc.struct_field(pc.extract_regex(column, r"^\s*(?P<seconds>[0-9]{1,15})(?:\.0*)?\s*$"), "seconds")
    return np.asarray(pc.fill_null(pc.cast(digits, pa.int64()), -1))


def _column(columns: Mapping[str, pa.Array], names: str | Sequence[str], count: int) -> pa.Array:
    """The first of the named columns that is there, else empty text."""
    for name in names.split() if isinstance(names, str) else names:
        if name in columns:
            return columns[name]
    return pa.array([""], pa.string()).take(pa.array(np.zeros(count, dtype=np.int64)))


def _with_day(column: pa.Array, indices: NDArray[np.int64], spans: Sequence[Any]) -> pa.Array:
    """Ids followed by the day in five digits, counted from year 1900; an empty id stays empty."""
    days = [span.start.toordinal() - _YEAR_1900 if isinstance(span, Span) and span.start else 0 for span in spans]
    texts = pa.array([f"{day:05}" for day in days], pa.string()).take(pa.array(indices))
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), "", pc.binary_join_element_wise(trimmed, texts, ""))


def _file_key(file_digest: str) -> int:
    return int(file_digest, 16) >> 28 << 28


def _own_key(text: str, format_name: str) -> int:
    """A key for an id in letters: our own ids are keys already."""
    if format_name.startswith("timeline") and len(text) == 16:
        try:
            return int(text, 16)
        except ValueError:
            pass
    return int(digest(format_name, text), 16)


def _signed(key: int) -> int:
    return key - (1 << 64) if key >> 63 else key
