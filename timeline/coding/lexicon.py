"""The actor lexicon: who the news writes about, indexed for lookup word by word.

A user's file may add entries and replaces ours where the ids are equal. Names are compared as `words.fold` leaves
them; case is then checked name by name. The entries themselves are read and checked in `entries`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from timeline.coding.entries import Entry, Role, names_of, read_entries
from timeline.coding.words import Word, fold_text, split_words
from timeline.errors import LexiconError
from timeline.garbage import uncollected
from timeline.records import Actor, digest

_GENITIVE = re.compile(r"(?<=[a-z])['’](?=s\b)|(?<=s)['’](?=\s)")


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
        end, senses = self.find(words, 0) if words else (0, ())
        return senses if end == len(words) else ()

    def find_holder(self, office: str, of: str, on: dt.date | None) -> Entry | None:
        """Who holds an office on a day (None: who holds it without end). None if nobody or more than one fits."""
        found = {entry.id: entry for role, entry in self.holders.get((office, of), ()) if role.period.holds(on)}
        return next(iter(found.values())) if len(found) == 1 else None


Named = tuple[tuple[str, Actor], ...]
"""Words and whom they name, as readers of a project said."""


def load_lexicon(extra_paths: Iterable[str | Path] = (), names: Named = ()) -> Lexicon:
    """Read our entries and the user's, check them, and index them.

    Args:
        extra_paths: YAML files or folders of them. Their entries replace ours of the same id; a later file
            replaces an earlier one.
        names: Words that name an actor besides: one of the entries, or one that is new.

    Raises:
        LexiconError: Any mistake in any file; `problems` holds each as `file:line: what`.
    """
    sources = [(path.name, path.read_text(encoding="utf-8")) for path in _own_files()]
    for given in map(Path, extra_paths):
        sources += [(str(path), _read(path)) for path in (sorted(given.glob("*.y*ml")) if given.is_dir() else [given])]
    return _build(tuple(sources), len(_own_files()), names)


def _own_files() -> list[Any]:
    folder = files("timeline") / "resources" / "actors"
    return sorted((path for path in folder.iterdir() if path.name.endswith(".yaml")), key=lambda path: path.name)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError([f"{path}: cannot be read as UTF-8 text: {error}"]) from error


@lru_cache(maxsize=4)
def _build(sources: tuple[tuple[str, str], ...], own: int, names: Named) -> Lexicon:
    version = [part for source in sources for part in source]
    version += [part for words, actor in names for part in (words, repr(actor))]
    with uncollected():
        return _index(_add_names(read_entries(sources, own), names), digest(*version))


def _add_names(entries: Mapping[str, Entry], names: Named) -> dict[str, Entry]:
    """The entries with the words that readers gave to some, and to new ones of theirs."""
    found = dict(entries)
    for words, actor in names:
        new = Entry(actor.id, actor.name, actor.kind or "organisation", actor.country, actor.sector, actor.part_of)
        entry = found.get(actor.id, new)
        found[actor.id] = replace(entry, aliases=tuple(dict.fromkeys((*entry.aliases, words))))
    return {key: found[key] for key in sorted(found)}


def _index(entries: Mapping[str, Entry], version: str) -> Lexicon:
    trie: dict[str, Any] = {}
    surnames: dict[str, list[Entry]] = {}
    holders: dict[tuple[str, str], list[tuple[Role, Entry]]] = {}
    for entry in entries.values():
        for use, name in names_of(entry):
            _add_name(trie, use, name, entry)
        if entry.kind == "person":
            surnames.setdefault(_written_and_key(entry.name)[-1][1], []).append(entry)
        for role in entry.roles:
            holders.setdefault((fold_text(role.office), role.of), []).append((role, entry))
    return Lexicon(entries, trie, _frozen(surnames), _frozen(holders), version)


def _frozen(lists: dict[Any, list[Any]]) -> dict[Any, tuple[Any, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def _add_name(trie: dict[str, Any], use: str, name: str, entry: Entry) -> None:
    words = _written_and_key(name)
    if any(key == "s" for _, key in words) and (bare := _GENITIVE.sub("", name)) != name:
        _add_name(trie, use, bare, entry)  # "Peoples Protection Units", "Workers Party": the apostrophe is often lost
    node = trie
    for _, key in words:
        node = node.setdefault(key, {})
    sense = Sense(use, entry, tuple(_case_need(written, alone=len(words) == 1) for written, _ in words))
    known = node.get("", ())
    if not any(s.use == use and s.entry is entry and s.case == sense.case for s in known):
        node[""] = (*known, sense)


def _written_and_key(name: str) -> list[tuple[str, str]]:
    """The words of a name; most are plain letters and spaces and need no tokeniser."""
    if name.isascii() and name.replace(" ", "").isalpha():
        return [(word, word.lower()) for word in name.split(" ") if word]
    return [(word.text, word.key) for word in split_words(name)]


def _lost_apostrophe(word: Word) -> Word | None:
    """ "Syrias", written without its apostrophe, as "Syria"."""
    if word.text[-1:] == "s" and len(word.text) > 5 and word.text[0].isupper() and not word.text.isupper():
        return Word(word.text[:-1], word.start, word.end - 1, word.key[:-1])
    return None


def _case_need(word: str, *, alone: bool) -> str:
    if not word[:1].isupper():
        first = next((letter for letter in word if letter.isalpha()), "")
        if not first.isupper():
            return ""
    letters = "".join(filter(str.isalpha, word))
    if alone and len(letters) > 1 and letters.isupper():
        return "A"
    return "" if letters in ("Al", "El", "The", "Of", "AL", "EL", "THE", "OF") else "C"


def _case_fits(need: str, written: str) -> bool:
    if need == "A":
        return written.isupper()
    return need != "C" or written[:1].isupper()
