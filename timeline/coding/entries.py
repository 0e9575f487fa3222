"""Entries of the actor lexicon, read from YAML and checked: every mistake of every file at once, as file:line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain
from typing import Any

import yaml

from timeline.coding.plain_rows import load_rows
from timeline.coding.resources import compose_yaml
from timeline.errors import LexiconError
from timeline.ontology import SECTORS

KINDS = ("state", "organ", "person", "organisation", "armed_group", "party", "company", "media", "region", "bloc")
_LISTS = ("aliases", "weak", "demonyms", "capital", "metonyms")
_FIELDS = ("id", "name", "kind", "country", "sector", "part_of", "gender", "roles", "backers", "allies", "reports",
           "from", "to", *_LISTS)  # fmt: skip
_ROLE_FIELDS = ("office", "of", "sector", "from", "to")
_LINK_FIELDS = ("id", "from", "to")
_ID = re.compile(r"[A-Z]{3}|[a-z0-9]+(?:-[a-z0-9]+)*|[A-Z]{3}-[A-Z]{3}")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both included; None is open."""

    start: dt.date | None = None
    end: dt.date | None = None

    def holds(self, day: dt.date | None) -> bool:
        """Whether the day lies inside; without a day, whether the period is still open."""
        if day is None:
            return self.end is None
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


ALWAYS = Period()


@dataclass(frozen=True, slots=True)
class Role:
    """An office held: `of` is the id of the state, organ or group."""

    office: str
    of: str
    sector: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Link:
    """A backer or ally, by id."""

    id: str
    period: Period


@dataclass(frozen=True, slots=True)
class Entry:
    """One actor as its YAML entry tells it."""

    id: str
    name: str
    kind: str
    country: str | None = None
    sector: str | None = None
    part_of: str | None = None
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    capital: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    gender: str | None = None
    roles: tuple[Role, ...] = ()
    backers: tuple[Link, ...] = ()
    allies: tuple[Link, ...] = ()
    reports: bool = False
    period: Period = ALWAYS


def read_entries(sources: Sequence[tuple[str, str]], own: int) -> dict[str, Entry]:
    """Read and check files, given as name and text; the first `own` of them are ours, the others replace by id.

    Returns:
        Entries by id, sorted by id.

    Raises:
        LexiconError: Any mistake in any file; `problems` holds each as `file:line: what`.
    """
    problems: list[str] = []
    layers: tuple[dict[str, _Raw], dict[str, _Raw]] = ({}, {})
    for number, (name, text) in enumerate(sources):
        source = _Source(name, text, problems)
        layer = layers[number >= own]
        for raw in source.read_entries():
            if number < own and raw.entry.id in layer:
                raw.report(
                    "id", f"id {raw.entry.id!r} is used twice; the other is in {layer[raw.entry.id].source.name}"
                )
            layer[raw.entry.id] = raw
    merged = {**layers[0], **layers[1]}
    for raw in merged.values():
        _check_references(raw, merged)
    _check_clashes(merged, layers[1])
    if problems:
        raise LexiconError(sorted(set(problems), key=_by_place))
    return {key: merged[key].entry for key in sorted(merged)}


def names_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """Every name of an entry with its use; a name under weak is weak wherever else it stands."""
    weak = set(entry.weak)
    named = [("name", name) for name in dict.fromkeys((entry.name, *entry.aliases))]
    lists = (("demonym", entry.demonyms), ("capital", entry.capital), ("metonym", entry.metonyms))
    others = [(use, name) for use, names in lists for name in names]
    yield from ((use, name) for use, name in chain(named, others) if name not in weak)
    yield from (("weak", name) for name in entry.weak)


def _by_place(problem: str) -> tuple[str, int]:
    name, line = problem.split(":")[:2]
    return name, int(line) if line.isdigit() else 0


class _Source:
    """One file's text while it is read; knows the line of an entry's field, looked up only for a complaint."""

    def __init__(self, name: str, text: str, problems: list[str]) -> None:
        self.name, self._text, self._problems = name, text, problems

    def read_entries(self) -> Iterator[_Raw]:
        try:
            rows = _load(self._text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self._problems.append(f"{self.name}:{mark.line + 1 if mark else 1}: not valid YAML: {_brief(error)}")
            return
        if not isinstance(rows, list):
            if rows is not None:
                self._problems.append(
                    f"{self.name}:1: a lexicon file is a list of entries, each beginning with '- id:'"
                )
            return
        for index, row in enumerate(rows):
            raw = _Raw(self, index, row)
            if raw.check():
                yield raw

    def report(self, index: int, key: str, message: str) -> None:
        self._problems.append(f"{self.name}:{self._line(index, key)}: {message}")

    def _line(self, index: int, key: str) -> int:
        entry = _compose(self._text).value[index]
        if isinstance(entry, yaml.MappingNode):
            for name, _ in entry.value:
                if name.value == key:
                    return int(name.start_mark.line) + 1
        return int(entry.start_mark.line) + 1


@lru_cache(maxsize=64)
def _load(text: str) -> Any:
    """A file's rows, kept in memory: half the time of loading is reading them."""
    return load_rows(text)


@lru_cache(maxsize=8)
def _compose(text: str) -> Any:
    return compose_yaml(text)


def _brief(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]


class _Raw:
    """One entry while it is checked."""

    def __init__(self, source: _Source, index: int, row: Any) -> None:
        self.source, self._index, self._row = source, index, row
        self._sound = True
        self.entry: Entry = Entry("", "", "")

    def report(self, key: str, message: str) -> None:
        self._sound = False
        self.source.report(self._index, key, message)

    def check(self) -> bool:
        """Check the row and build the entry; False where it is of no use."""
        if not isinstance(self._row, dict):
            self.report("", f"an entry is a mapping of fields, not {type(self._row).__name__}")
            return False
        for key in self._row:
            if key not in _FIELDS:
                self.report(str(key), f"unknown field {key!r}{_suggest(key, _FIELDS)}; fields are {', '.join(_FIELDS)}")
        given_id, kind = self._text("id", needed=True), self._choice("kind", KINDS, needed=True)
        if given_id and not _ID.fullmatch(given_id):
            self.report("id", f"id {given_id!r} must be a state's three capitals or lower-case words joined by hyphens")
        self.entry = Entry(
            given_id or "", self._text("name", needed=True) or "", kind or "", self._country(),
            self._choice("sector", tuple(SECTORS)), self._text("part_of"),
            self._names("aliases"), self._names("weak"), self._names("demonyms"), self._names("capital"),
            self._names("metonyms"), self._choice("gender", ("m", "f")), tuple(self._roles()),
            tuple(self._links("backers")), tuple(self._links("allies")), self._flag("reports"),
            self._period("from", self._row),
        )  # fmt: skip
        self._check_kind()
        return bool(given_id)

    def _check_kind(self) -> None:
        if self.entry.kind == "state" and self.entry.sector:
            self.report("sector", "a state has no sector")
        for key in ("demonyms",):
            if self._row.get(key) and self.entry.kind not in ("state", "region", "bloc"):
                self.report(key, f"only states, regions and blocs have {key}; use aliases")
        if self.entry.roles and self.entry.kind != "person":
            self.report("roles", f"only a person holds roles; this is of kind {self.entry.kind!r}")

    def _text(self, key: str, *, needed: bool = False) -> str | None:
        value = self._row.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None or needed:
            what = "is missing" if value is None else f"must be text, not {value!r}; put it in quotes"
            self.report(key, f"{key} {what}")
        return None

    def _choice(self, key: str, allowed: Sequence[str], *, needed: bool = False) -> str | None:
        value = self._text(key, needed=needed)
        if value is not None and value not in allowed:
            self.report(key, f"unknown {key} {value!r}; use one of {', '.join(allowed)}{_suggest(value, allowed)}")
            return None
        return value

    def _country(self) -> str | None:
        value = self._text("country")
        if value is not None and not re.fullmatch("[A-Z]{3}", value):
            self.report("country", f"country {value!r} must be an ISO 3166 alpha-3 code, or EUR, UNO, IGO, NGO")
        return value

    def _flag(self, key: str) -> bool:
        value = self._row.get(key, False)
        if not isinstance(value, bool):
            self.report(key, f"{key} must be true or false, not {value!r}")
        return value is True

    def _names(self, key: str) -> tuple[str, ...]:
        values = self._row.get(key) or []
        if not isinstance(values, list):
            self.report(key, f"{key} must be a list: [{values}]")
            return ()
        for value in values:
            if not isinstance(value, str) or not any(map(str.isalnum, value)):
                self.report(key, f"{key}: {value!r} is no name; put it in quotes if it is one")
        return tuple(value for value in values if isinstance(value, str))

    def _mappings(self, key: str, allowed: Sequence[str]) -> Iterator[dict[str, Any]]:
        rows = self._row.get(key) or []
        for row in rows if isinstance(rows, list) else [rows]:
            if not isinstance(row, dict) or not isinstance(row.get(allowed[0]), str):
                self.report(
                    key, f"{key}: {row!r} must be a mapping with {allowed[0]!r}; fields are {', '.join(allowed)}"
                )
                continue
            for field_name in row:
                if field_name not in allowed:
                    self.report(key, f"{key}: unknown field {field_name!r}{_suggest(field_name, allowed)}")
            yield row

    def _roles(self) -> Iterator[Role]:
        for row in self._mappings("roles", _ROLE_FIELDS):
            sector, of = row.get("sector"), row.get("of")
            if sector is not None and sector not in SECTORS:
                self.report("roles", f"roles: unknown sector {sector!r}{_suggest(sector, tuple(SECTORS))}")
            if not isinstance(of, str):
                self.report("roles", f"roles: {row['office']!r} needs 'of': the id of the state or organ")
            yield Role(row["office"], str(of), sector, self._period("roles", row))

    def _links(self, key: str) -> Iterator[Link]:
        for row in self._mappings(key, _LINK_FIELDS):
            yield Link(row["id"], self._period(key, row))

    def _period(self, key: str, row: Mapping[str, Any]) -> Period:
        start, end = (self._day(key, row.get(name), last=name == "to") for name in ("from", "to"))
        if start and end and start > end:
            self.report(key, f"from {start} is after to {end}")
        return Period(start, end) if start or end else ALWAYS

    def _day(self, key: str, value: Any, *, last: bool) -> dt.date | None:
        if value is None or isinstance(value, dt.date):
            return value
        match = _DAY.fullmatch(str(value))
        try:
            if match:
                return _bound(match, last=last)
        except ValueError:
            pass
        self.report(key, f"{value!r} is no date; write 2018, 2018-09 or 2018-09-17")
        return None


def _bound(match: re.Match[str], *, last: bool) -> dt.date:
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if day:
        return dt.date(year, month or 1, day)
    first = dt.date(year, month or 1, 1)
    if not last:
        return first
    following = dt.date(year + (month in (12, None)), (month or 12) % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def _suggest(value: object, allowed: Sequence[str]) -> str:
    """The allowed word most like a wrong one; the same letters in another order are the likeliest slip."""
    given = str(value)
    for written in (given, given.upper()):
        close = get_close_matches(written, allowed, n=3, cutoff=0.5)
        if close:
            return f" (did you mean {min(close, key=lambda word: sorted(word) != sorted(written))}?)"
    return ""


def _check_references(raw: _Raw, known: Mapping[str, _Raw]) -> None:
    entry = raw.entry
    wanted = [("part_of", entry.part_of), *(("roles", role.of) for role in entry.roles)]
    wanted += [("backers", link.id) for link in entry.backers] + [("allies", link.id) for link in entry.allies]
    for key, target in wanted:
        if target is not None and target not in known:
            raw.report(key, f"{key}: there is no actor {target!r}{_suggest(target, tuple(known))}")
    if entry.part_of == entry.id:
        raw.report("part_of", "an actor cannot be part of itself")


def _check_clashes(merged: Mapping[str, _Raw], user: Mapping[str, _Raw]) -> None:
    """A safe name stands for one actor at a time; the user's file wins over ours without complaint."""
    taken: dict[tuple[str, str], _Raw] = {}
    for raw in merged.values():
        for use, name in names_of(raw.entry):
            other = taken.setdefault((name, "") if use == "name" else (name, use), raw)
            if other is raw or use == "weak" or not _overlap(raw.entry.period, other.entry.period):
                continue
            if (raw.entry.id in user) == (other.entry.id in user):
                raw.report(
                    _field_of(raw.entry, name), f"{name!r} also names {other.entry.id!r}; list it under weak in both"
                )


def _field_of(entry: Entry, name: str) -> str:
    return next((key for key in ("aliases", "demonyms", "capital", "metonyms") if name in getattr(entry, key)), "name")


def _overlap(one: Period, two: Period) -> bool:
    lowest, highest = dt.date.min, dt.date.max
    return (one.start or lowest) <= (two.end or highest) and (two.start or lowest) <= (one.end or highest)
