"""The actor lexicon: who the news writes about, read from YAML, checked as a whole and indexed for lookup.

Every mistake of every file is reported at once, as file:line. A user's file may add entries and replaces ours
where the ids are equal. Names are compared as `words.fold` leaves them; case is then checked name by name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from timeline.coding.words import Word, fold_text, split_words
from timeline.errors import LexiconError
from timeline.ontology import SECTORS

KINDS = ("state", "organ", "person", "organisation", "armed_group", "party", "company", "media", "region", "bloc")
_LISTS = ("aliases", "weak", "demonyms", "capital", "metonyms")
_FIELDS = ("id", "name", "kind", "country", "sector", "part_of", "gender", "roles", "backers", "allies", "reports",
           "from", "to", *_LISTS)  # fmt: skip
_ROLE_FIELDS = ("office", "of", "sector", "from", "to")
_LINK_FIELDS = ("id", "from", "to")
_INTERNATIONAL = frozenset({"EUR", "UNO", "IGO", "NGO"})
_ID = re.compile(r"[A-Z]{3}|[a-z0-9]+(?:-[a-z0-9]+)*|[A-Z]{3}-[A-Z]{3}")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a sequence of words can stand for: `use` is name, weak, demonym, capital or metonym."""

    use: str
    entry: Entry
    case: tuple[str, ...]  # per word: A all capitals, C a capital first, "" any

    def allows(self, words: Sequence[Word]) -> bool:
        """Whether the words are written with the capitals that the name needs."""
        return all(_case_fits(need, word.text) for need, word in zip(self.case, words, strict=True))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries by id, and the ways to find them. Equal content has an equal `version`."""

    entries: Mapping[str, Entry]
    trie: dict[str, Any] = field(repr=False)
    surnames: Mapping[str, tuple[Entry, ...]] = field(repr=False)
    holders: Mapping[tuple[str, str], tuple[tuple[Role, Entry], ...]] = field(repr=False)
    version: str = ""

    def find(self, words: Sequence[Word], start: int) -> tuple[int, tuple[Sense, ...]]:
        """The longest name that begins at a word: index after its last word, and its senses; (start, ()) if none."""
        best: tuple[int, tuple[Sense, ...]] = (start, ())
        node = self.trie
        for index in range(start, len(words)):
            found = node.get(words[index].key)
            if found is None:
                break
            node = found
            if "" in node:
                fitting = tuple(s for s in node[""] if s.allows(words[start : index + 1]))
                best = (index + 1, fitting) if fitting else best
        if best[0] == start and (stem := _lost_apostrophe(words[start])):
            senses = tuple(s for s in self.trie.get(stem.key, {}).get("", ()) if s.use == "name" and s.allows([stem]))
            return (start + 1, senses) if senses else best
        return best

    def look_up(self, phrase: str) -> tuple[Sense, ...]:
        """The senses of a whole phrase."""
        words = split_words(phrase)
        end, senses = self.find(words, 0)
        return senses if words and end == len(words) else ()

    def find_holder(self, office: str, of: str, on: dt.date | None) -> Entry | None:
        """Who holds an office on a day (None: who holds it without end). None if nobody or more than one fits."""
        found = {entry.id: entry for role, entry in self.holders.get((office, of), ()) if role.period.holds(on)}
        return next(iter(found.values())) if len(found) == 1 else None


def load_lexicon(extra_paths: Iterable[str | Path] = ()) -> Lexicon:
    """Read our entries and the user's, check them, and index them.

    Args:
        extra_paths: YAML files or folders of them. Their entries replace ours of the same id; a later file
            replaces an earlier one.

    Raises:
        LexiconError: Any mistake in any file; `problems` holds each as `file:line: what`.
    """
    sources = [(path.name, path.read_text(encoding="utf-8")) for path in _own_files()]
    for given in map(Path, extra_paths):
        sources += [(str(path), _read(path)) for path in (sorted(given.glob("*.y*ml")) if given.is_dir() else [given])]
    return _build(tuple(sources), len(_own_files()))


def _own_files() -> list[Any]:
    folder = files("timeline") / "resources" / "actors"
    return sorted((path for path in folder.iterdir() if path.name.endswith(".yaml")), key=lambda path: path.name)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError([f"{path}: cannot be read as UTF-8 text: {error}"]) from error


@lru_cache(maxsize=4)
def _build(sources: tuple[tuple[str, str], ...], own: int) -> Lexicon:
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
    return _index({key: merged[key].entry for key in sorted(merged)}, sources)


def _by_place(problem: str) -> tuple[str, int]:
    name, line = problem.split(":")[:2]
    return name, int(line) if line.isdigit() else 0


class _Source:
    """One file's text while it is read; knows the line of an entry's field, looked up only for a complaint."""

    def __init__(self, name: str, text: str, problems: list[str]) -> None:
        self.name, self._text, self._problems = name, text, problems

    def read_entries(self) -> Iterator[_Raw]:
        try:
            rows = yaml.load(self._text, Loader=_LOADER)  # noqa: S506 -- a safe loader
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


@lru_cache(maxsize=8)
def _compose(text: str) -> Any:
    return yaml.compose(text, Loader=_LOADER)


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
            if not isinstance(value, str) or not fold_text(value):
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
            return _bound(match, last=last) if match else self._bad_day(key, value)
        except ValueError:
            return self._bad_day(key, value)

    def _bad_day(self, key: str, value: Any) -> None:
        self.report(key, f"{value!r} is no date; write 2018, 2018-09 or 2018-09-17")


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
    close = get_close_matches(str(value), allowed, n=1, cutoff=0.5) or get_close_matches(
        str(value).upper(), allowed, n=1, cutoff=0.5
    )
    return f" (did you mean {close[0]}?)" if close else ""


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
        for use, name in _uses(raw.entry):
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


def _uses(entry: Entry) -> Iterator[tuple[str, str]]:
    """Every name of an entry with its use; a name under weak is weak wherever else it stands."""
    weak = set(entry.weak)
    named = [("name", name) for name in dict.fromkeys((entry.name, *entry.aliases))]
    others = [(use, name) for use, names in (("demonym", entry.demonyms), ("capital", entry.capital), ("metonym", entry.metonyms)) for name in names]  # fmt: skip
    yield from ((use, name) for use, name in chain(named, others) if name not in weak)
    yield from (("weak", name) for name in entry.weak)


def _index(entries: Mapping[str, Entry], sources: tuple[tuple[str, str], ...]) -> Lexicon:
    from timeline.records import digest

    trie: dict[str, Any] = {}
    surnames: dict[str, list[Entry]] = {}
    holders: dict[tuple[str, str], list[tuple[Role, Entry]]] = {}
    for entry in entries.values():
        for use, name in _uses(entry):
            _add_name(trie, use, name, entry)
        if entry.kind == "person":
            surnames.setdefault(split_words(entry.name)[-1].key, []).append(entry)
        for role in entry.roles:
            holders.setdefault((fold_text(role.office), role.of), []).append((role, entry))
    version = digest(*(part for source in sources for part in source))
    return Lexicon(entries, trie, _frozen(surnames), _frozen(holders), version)


def _frozen(lists: dict[Any, list[Any]]) -> dict[Any, tuple[Any, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def _add_name(trie: dict[str, Any], use: str, name: str, entry: Entry) -> None:
    words = split_words(name)
    node = trie
    for word in words:
        node = node.setdefault(word.key, {})
    sense = Sense(use, entry, tuple(_case_need(word.text, alone=len(words) == 1) for word in words))
    known = node.get("", ())
    if not any(s.use == use and s.entry is entry and s.case == sense.case for s in known):
        node[""] = (*known, sense)


def _lost_apostrophe(word: Word) -> Word | None:
    """ "Syrias", written without its apostrophe, as "Syria"."""
    if word.text[-1:] == "s" and len(word.text) > 5 and word.text[0].isupper() and not word.text.isupper():
        return Word(word.text[:-1], word.start, word.end - 1, word.key[:-1])
    return None


def _case_need(word: str, *, alone: bool) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    if alone and len(letters) > 1 and all(letter.isupper() for letter in letters):
        return "A"
    return "C" if letters and letters[0].isupper() and fold_text(word) not in ("al", "el", "the", "of") else ""


def _case_fits(need: str, written: str) -> bool:
    if need == "A":
        return written.isupper()
    return need != "C" or written[:1].isupper()
