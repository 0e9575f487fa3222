"""Nouns that name actors by what they are (resources/agents.yaml): read, put into the plural, indexed by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from timeline.coding.resources import read_yaml
from timeline.coding.words import Word, fold_text, split_words
from timeline.errors import LexiconError
from timeline.ontology import SECTORS

BODIES = frozenset({"people", "organs", "offices", "members", "relations", "groups"})
_SECTIONS = (*sorted(BODIES), "acts", "assets", "former", "homes", "modifiers", "peoples", "titles")
_IRREGULAR = {"man": "men", "woman": "women", "person": "persons", "child": "children", "thief": "thieves",
              "wife": "wives", "elite": "elites", "jury": "juries", "attaché": "attachés"}  # fmt: skip
_UNCHANGED = ("people", "personnel", "police", "aircraft", "staff", "clergy", "mujahideen", "mujahedeen", "mujahidin",
              "media", "press", "troops", "s")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noun:
    """One noun in one number. `kind` is its section: people, organs, offices, members, relations or groups.

    `sector` is "" where only its surroundings can tell. `offices` are the names under which the actor files keep
    the post.
    """

    text: str
    kind: str
    sector: str
    plural: bool = False
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agents:
    """All nouns as a trie of words, and the single words that change how a noun is read."""

    trie: Mapping[str, Any]
    modifiers: Mapping[str, str]
    peoples: Mapping[str, str]
    acts: frozenset[str]
    assets: frozenset[str]
    former: frozenset[str]
    titles: Mapping[str, str]
    homes: Mapping[str, str]

    def find(self, words: Sequence[Word], start: int) -> tuple[int, Noun | None]:
        """The longest noun that begins at a word: index after its last word, and the noun; (start, None) if none."""
        node, best, noun = self.trie, start, None
        for index in range(start, len(words)):
            found = node.get(words[index].key)
            if found is None:
                break
            node = found
            if "" in node and (not node[""].text.isupper() or words[index].text[:2].isupper()):
                best, noun = index + 1, node[""]
        return best, noun


@cache
def load_agents() -> Agents:
    """Read and check the nouns.

    Raises:
        LexiconError: Unknown sections, sectors or values, all at once.
    """
    return read_agents(read_yaml("agents.yaml"))


def read_agents(data: Mapping[str, Any]) -> Agents:
    """Build the index from the sections of agents.yaml; see its header for their meaning."""
    problems = list(_problems(data))
    if problems:
        raise LexiconError(problems)
    trie: dict[str, Any] = {}
    for noun in _nouns(data):
        node = trie
        for word in split_words(noun.text):
            node = node.setdefault(word.key, {})
        node.setdefault("", noun)  # the first listed wins: people, organs, offices, members, relations, groups
    return Agents(
        trie,
        {fold_text(word): sector for sector, words in data.get("modifiers", {}).items() for word in words},
        {key: sector for sector, words in data.get("peoples", {}).items() for word in words for key in _both(word)},
        frozenset(key for act in data.get("acts", ()) for key in _both(act)),
        frozenset(key for asset in data.get("assets", ()) for key in _both(asset)),
        frozenset(fold_text(word) for word in data.get("former", ())),
        {fold_text(title): sector for sector, words in data.get("titles", {}).items() for title in words},
        {key: country for country, words in data.get("homes", {}).items() for word in words for key in _both(word)},
    )


def _both(word: str) -> tuple[str, str]:
    return fold_text(word), fold_text(pluralise(word))


def _problems(data: Mapping[str, Any]) -> Iterator[str]:
    for section, content in data.items():
        if section not in _SECTIONS:
            yield f"agents.yaml: unknown section {section!r}; sections are {', '.join(_SECTIONS)}"
        elif section == "homes":
            peoples = {word for words in data.get("peoples", {}).values() for word in words}
            for word in (word for words in content.values() for word in words if word not in peoples):
                yield f"agents.yaml: homes: {word!r} is not listed under peoples"
        elif isinstance(content, dict) and section != "offices":
            for sector in content:
                if sector and sector not in SECTORS:
                    yield f"agents.yaml: {section}: unknown sector {sector!r}; use one of {', '.join(SECTORS)}"
        elif section == "offices":
            for office, facts in content.items():
                if facts.get("sector") and facts["sector"] not in SECTORS:
                    yield f"agents.yaml: offices: {office}: unknown sector {facts['sector']!r}"


def _nouns(data: Mapping[str, Any]) -> Iterator[Noun]:
    offices = data.get("offices", {})
    for office, facts in offices.items():
        names = facts.get("as", office)
        kept = tuple(fold_text(name) for name in ([names] if isinstance(names, str) else names))
        yield Noun(office, "offices", facts["sector"], False, kept)
        yield Noun(pluralise(office), "offices", facts["sector"], True, kept)
    for kind in ("people", "organs", "members"):
        for sector, words in data.get(kind, {}).items():
            for word in words:
                yield Noun(word, kind, sector)
                yield Noun(pluralise(word), kind, sector, True)
    for kind in ("relations", "groups"):
        for word in data.get(kind, ()):
            yield Noun(word, kind, "")
            yield Noun(pluralise(word), kind, "", True)


def pluralise(noun: str) -> str:
    """The plural of an English noun phrase: its last word, or the one before "of", "to" or "-in-"."""
    for link in (" of ", " to ", "-in-", " d'"):
        head, found, rest = noun.partition(link)
        if found:
            return pluralise(head) + link + rest
    head, space, last = noun.rpartition(" ")
    return head + space + _pluralise_word(last)


def _pluralise_word(word: str) -> str:
    for singular, plural in _IRREGULAR.items():
        if word.endswith(singular) and word != "human":
            return word[: -len(singular)] + plural
    if word.lower().endswith(_UNCHANGED) and not word.endswith("ss"):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("ss", "x", "ch", "sh", "z")) else "s")
