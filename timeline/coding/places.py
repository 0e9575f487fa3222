"""Named places with coordinates: found in a text, and the one where an act took place chosen among them.

The gazetteer is resources/places.csv: name, aliases and weak (each separated by "|"), country, admin1, kind,
latitude, longitude (degrees, WGS 84; for a province or an area a point inside it). A weak form is also
something else (Mare, Salma, Nice) and counts only with a sign beside it. A country or "northern Syria" is
no point and gives none; "northern Idlib" gives the province, not the city.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from timeline.coding.resources import find_resource, read_yaml
from timeline.coding.words import Word, fold, split_words
from timeline.records import Place

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span  # the dashboard lists places, and must not load the parser for that

KINDS: Final = (
    "village", "suburb", "camp", "crossing", "base", "airbase", "airport", "dam", "town", "mountain", "city",
    "capital", "area", "province",
)  # fmt: skip
"""Kinds of places, the most exact first."""

_WIDE = frozenset({"area", "province", "mountain"})
_BIG = frozenset({"city", "capital"})
_WITHIN = frozenset(("in", "at", "inside", "near", "outside", "around", "across", "throughout", "within", "over", "on"))
_MOVING = frozenset(("from", "into", "to", "of", "towards", "toward", "through", "against", "for"))
_DIRECTIONS = frozenset(
    ("northern", "southern", "eastern", "western", "central", "northwestern", "northeastern", "southwestern",
     "southeastern", "north", "south", "east", "west", "rural", "greater", "northwest", "northeast", "southwest",
     "southeast")
)  # fmt: skip
_PROVINCE_NOUNS = frozenset(("province", "governorate", "countryside", "region", "provinces", "countrysides"))
_AREA_NOUNS = _PROVINCE_NOUNS | frozenset(
    ("city", "town", "village", "district", "area", "areas", "camp", "crossing", "airport", "airbase", "base", "front",
     "suburb", "suburbs", "outskirts", "hospital", "zone", "neighbourhood", "neighborhood", "towns", "villages",
     "frontline", "fronts", "axis", "border", "road", "highway", "heights", "hills", "mountain", "mountains", "plain")
)  # fmt: skip
_BETWEEN = _AREA_NOUNS | _DIRECTIONS | frozenset(
    ("the", "a", "an", "this", "that", "its", "of", "s", "strategic", "key", "nearby", "besieged", "held", "rebel",
     "government", "regime", "opposition", "controlled", "occupied", "border", "capital", "centre", "center", "heart",
     "port", "coastal", "parts", "part", "some", "several", "most", "last", "own", "main", "old", "edge", "whole",
     "vicinity", "entrance", "middle", "cities", "places", "many", "both", "all", "surrounding", "war", "torn", "major",
     "largest", "second", "embattled", "contested", "historic", "ancient", "industrial", "neighbouring",
     "neighboring", "countryside", "fields", "resort")
)  # fmt: skip
_FUNCTION_WORDS = _WITHIN | _MOVING | frozenset(
    ("and", "or", "but", "the", "when", "while", "as", "after", "before", "since", "if", "by", "with", "between",
     "where", "that", "what", "both", "besides", "including", "via", "besieged", "although", "until", "meanwhile",
     "yesterday", "today", "however", "then", "now", "still", "also", "earlier", "later", "again", "once", "yet", "so",
     "there", "here", "only", "even", "under", "some", "all", "its", "his", "their", "this", "these", "those", "no",
     "not", "how", "why", "is", "are", "was", "were", "has", "have", "will", "s", "recently", "currently",
     "elsewhere", "a", "an", "because", "unless", "than", "like", "about", "monday", "tuesday", "wednesday",
     "thursday", "friday", "saturday", "sunday")
)  # fmt: skip
_OPENERS = _FUNCTION_WORDS | _DIRECTIONS | _AREA_NOUNS  # a capital on these makes no name of what follows
_TIMES = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
     "april", "may", "june", "july", "august", "september", "october", "november", "december")
)  # fmt: skip
_FOLLOWERS = _OPENERS | _TIMES
_NEW_CLAUSE = re.compile(r"[;:]|\b(?:that|which|who|while|whereas|after|before)\b|[\"“”]", re.IGNORECASE)
_FAR, _FREE, _BEFORE, _BARRIER = 40, 8, 2, 15  # words: too far, no preposition, in front of the act, another clause
_NEIGHBOUR_CHARS = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the gazetteer. `forms` are all names of the place, `weak` those that need a sign."""

    name: str
    country: str
    admin1: str
    kind: str
    latitude: float
    longitude: float
    forms: tuple[str, ...]
    weak: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All rows, with a trie of their words and the nationalities that speak for a country."""

    rows: tuple[Row, ...]
    trie: Mapping[str, Any] = field(repr=False)
    provinces: Mapping[str, Row] = field(repr=False)
    nations: Mapping[str, str] = field(repr=False)
    by_name: Mapping[tuple[str, str], Row] = field(repr=False)

    def find(self, words: Sequence[Word], start: int) -> tuple[int, tuple[tuple[Row, bool], ...]]:
        """The longest name that begins at a word: index after it, and its bearers, each with whether it is weak."""
        best: tuple[int, tuple[tuple[Row, bool], ...]] = (start, ())
        node: Mapping[str, Any] = self.trie
        for index in range(start, min(start + 8, len(words))):
            found = node.get(words[index].key)
            if found is None:
                break
            node = found
            fitting = tuple(
                (row, weak) for row, weak, caps in node.get("", ()) if _fits(caps, words[start : index + 1])
            )
            best = (index + 1, fitting) if fitting else best
        return best


@dataclass(frozen=True, slots=True)
class _Hit:
    """Words of a text that may name a place: `first` to before `last` among the words."""

    first: int
    last: int
    bearers: tuple[tuple[Row, bool], ...]

    @property
    def certain(self) -> Row | None:
        return self.bearers[0][0] if len(self.bearers) == 1 and not self.bearers[0][1] else None


@cache
def load_places() -> Gazetteer:
    """Read the gazetteer that is shipped; read once, then kept."""
    rows = read_rows(find_resource("places.csv").read_text(encoding="utf-8"))
    states = read_yaml("actors/states.yaml")
    nations = {
        fold(form): state["id"]
        for state in states
        for form in (state["name"], *state.get("demonyms", ()))
        if " " not in form and form not in state.get("weak", ())
    }
    return build_gazetteer(rows, nations)


def listed_name(name: str, country: str | None) -> str:
    """The gazetteer's name for a place of a country by whatever name: "Khan Sheikhoun", "the city of Idleb".

    A province is told from the city it is named after by the word for it. What is not in the gazetteer, or only by a
    weak form, keeps its own name.
    """
    words = [word.key for word in split_words(name) if word.key not in {"the", "of"}]
    wide = bool(words) and words[-1] in _PROVINCE_NOUNS
    while len(words) > 1 and (words[-1] in _AREA_NOUNS or words[0] in {"city", "town", "village"}):
        words = words[:-1] if words[-1] in _AREA_NOUNS else words[1:]
    row = _by_form().get((country or "", " ".join(words)))
    if row is not None and wide:
        province = load_places().provinces.get(row.admin1)
        row = province if province and province.country == country and row.name == row.admin1 else None
    return row.name if row else name


@cache
def _by_form() -> Mapping[tuple[str, str], Row]:
    """The first place of a country that has a name, provinces apart."""
    found: dict[tuple[str, str], Row] = {}
    for row in load_places().rows:
        for form in row.forms if row.kind != "province" else ():
            if form not in row.weak:
                found.setdefault((row.country, " ".join(word.key for word in split_words(form))), row)
    return found


def read_rows(text: str) -> tuple[Row, ...]:
    """Read the gazetteer's CSV text; rows keep their order."""
    rows = []
    for line in csv.DictReader(text.splitlines()):
        strong, weak = ([form for form in line[key].split("|") if form] for key in ("aliases", "weak"))
        forms = tuple(dict.fromkeys((line["name"], *strong, *weak)))
        point = float(line["latitude"]), float(line["longitude"])
        rows.append(Row(line["name"], line["country"], line["admin1"], line["kind"], *point, forms, frozenset(weak)))
    return tuple(rows)


def build_gazetteer(rows: Sequence[Row], nations: Mapping[str, str]) -> Gazetteer:
    """Index rows for lookup. `nations` gives the country for a folded name or nationality."""
    trie: dict[str, Any] = {}
    for row in rows:
        for form in row.forms:
            words, node = split_words(form), trie
            for word in words:
                node = node.setdefault(word.key, {})
            caps = tuple(word.text[0].isupper() and word.key != "al" for word in words)
            node[""] = (*node.get("", ()), (row, form in row.weak, caps))
    provinces = {row.admin1: row for row in rows if row.kind == "province"}
    return Gazetteer(tuple(rows), trie, provinces, nations, {(row.name, row.country): row for row in rows})


def find_places(text: str | Doc | Span, gazetteer: Gazetteer | None = None) -> tuple[Place, ...]:
    """Find the named places of a text, in order of appearance, none overlapping.

    Names are matched by whole words, the longest first, with their capitals; spellings that differ in accents,
    apostrophes or hyphens count as one. A name that several places bear goes to the country, then the
    province, that the rest of the text speaks of most; a weak name needs "in", "near" or "at" in front, or
    another place of its country in the text. Who cannot be told apart is left out.

    Args:
        text: A text, a parsed article, or a part of one; offsets of a part count from the article's start.
        gazetteer: Another gazetteer than the one shipped.

    Returns:
        Places with their offsets; empty for a text without any.
    """
    gazetteer = gazetteer or load_places()
    base = getattr(text, "start_char", 0)  # which only a part of a parsed article has
    plain = text if isinstance(text, str) else text.text
    words = split_words(plain)
    hits = _find_hits(plain, words, gazetteer)
    context = _weigh_context(words, hits, gazetteer)
    found = []
    for hit in hits:
        row = hit.certain or _decide(words, hit, context)
        if row:
            found.append(_place_of(plain, words, hit, row, gazetteer))
    return tuple(replace(place, start=base + place.start, end=base + place.end) for place in found)


def choose_place(
    text: str, places: Sequence[Place], sentence: tuple[int, int], trigger: tuple[int, int]
) -> Place | None:
    """Choose the place of an act among the places of its sentence.

    The nearest place that "in", "at", "near", … governs, or that stands as the act's object ("shelled Saraqib"),
    or in front of it ("the Saraqib strike"). A capital without such a sign is a government, no place; a small
    place may stand without one. Of neighbours in one province ("in Nayrab, Idlib province") the most exact.

    Args:
        text: The article's text, into which all offsets count.
        places: Places of the article, as `find_places` gives them.
        sentence: Start and end of the act's sentence.
        trigger: Start and end of the words of the act.

    Returns:
        None where no place of the sentence is said to be the act's.
    """
    inside = [place for place in places if sentence[0] <= place.start and place.end <= sentence[1]]
    governed = _mark_governed(text, inside, sentence[0])
    scored = []
    for place in inside:
        score = _score(text, place, place.start in governed, trigger)
        if score is not None:
            scored.append((score, place.start, place))
    if not scored:
        return None
    best = min(scored)[2]
    return _most_exact(text, best, inside)


def _fits(caps: tuple[bool, ...], words: Sequence[Word]) -> bool:
    return all(not need or word.text[0].isupper() for need, word in zip(caps, words, strict=True))


def _find_hits(text: str, words: Sequence[Word], gazetteer: Gazetteer) -> list[_Hit]:
    hits, at = [], 0
    while at < len(words):
        if words[at].key not in gazetteer.trie:
            at += 1
            continue
        last, bearers = gazetteer.find(words, at)
        if bearers and not _inside_name(text, words, at, last, bearers[0][0].kind in _BIG):
            hits.append(_Hit(at, last, bearers))
        at = max(last, at + 1)
    return hits


def _inside_name(text: str, words: Sequence[Word], first: int, last: int, big: bool) -> bool:
    """Whether the words are part of a longer name: George Washington, the Moscow Times, Sochi Olympic Park.

    Nobody is called after a village, so what stands in front is looked at for cities only.
    """
    if last < len(words) and text[words[last - 1].end : words[last].start].isspace():
        after = words[last]
        if after.text[0].isupper() and after.key not in _FOLLOWERS and not after.text.isupper():
            return True
    if not big or not first or not text[words[first - 1].end : words[first].start].isspace():
        return False
    before = words[first - 1]
    if not before.text[0].isupper() or before.text.isupper() or before.key in _OPENERS:
        return False
    return not _is_nation(before)


def _is_nation(word: Word) -> bool:
    return word.key in load_places().nations or word.key.endswith(("ian", "ish", "ese", "ani", "ean"))


def _weigh_context(words: Sequence[Word], hits: Sequence[_Hit], gazetteer: Gazetteer) -> Counter[str]:
    """How often a text speaks of each country, and of each province ("SYR Idlib")."""
    weights: Counter[str] = Counter()
    for word in words:
        if (nation := gazetteer.nations.get(word.key)) and word.text[0].isupper():
            weights[nation] += 1
    for hit in hits:
        if row := hit.certain:
            weights[row.country] += 1
            weights[f"{row.country} {row.admin1}"] += 1
    return weights


def _decide(words: Sequence[Word], hit: _Hit, context: Counter[str]) -> Row | None:
    """Whom an ambiguous name means, or None."""
    ranked = sorted(
        hit.bearers,
        key=lambda b: (-context[b[0].country], -context[f"{b[0].country} {b[0].admin1}"], b[1]),
    )
    row, weak = ranked[0]
    if len(ranked) > 1:
        known = [(context[r.country], context[f"{r.country} {r.admin1}"], not w) for r, w in ranked[:2]]
        if known[0] == known[1]:
            return None
    sign = hit.first and words[hit.first - 1].key in _WITHIN
    named = hit.last < len(words) and words[hit.last].key in _AREA_NOUNS
    return row if not weak or sign or named or context[row.country] else None


def _place_of(text: str, words: Sequence[Word], hit: _Hit, row: Row, gazetteer: Gazetteer) -> Place:
    """The place a hit names, widened to the province where the words around it say so."""
    first, last = words[hit.first], words[hit.last - 1]
    province = gazetteer.provinces.get(row.admin1) if row.kind == "city" and row.name == row.admin1 else None
    start, end = first.start, last.end
    if province:
        before = words[hit.first - 1] if hit.first else None
        after = words[hit.last] if hit.last < len(words) else None
        beside = bool(after and text[end : after.start].isspace() and after.key in _PROVINCE_NOUNS)
        ahead = bool(before and before.key in _DIRECTIONS and text[before.end : start].strip() == "")
        if after and beside:
            end = after.end
        if before and ahead:
            start = before.start
        row = province if beside or ahead else row
    return Place(row.name, row.country, row.latitude, row.longitude, start, end)


def _mark_governed(text: str, places: Sequence[Place], sentence_start: int) -> set[int]:
    """Starts of the places that a preposition of place governs, also through "and" ("in Saraqib and Nayrab")."""
    governed: set[int] = set()
    previous: Place | None = None
    for place in sorted(places, key=lambda p: p.start):
        row = load_places().by_name.get((place.name, place.country))
        joined = previous is not None and re.fullmatch(
            r"\s*(?:,|,?\s*(?:and|or|as well as))\s*(?:the\s+)?(?:(?:city|town|village)\s+of\s+)?",
            text[previous.end : place.start],
        )
        if (joined and previous and previous.start in governed) or _is_governed(text, place, row, sentence_start):
            governed.add(place.start)
        previous = place
    return governed


def _is_governed(text: str, place: Place, row: Row | None, sentence_start: int) -> bool:
    head = text[max(sentence_start, place.start - 80) : place.start]
    if head.rstrip()[-1:] in ",;:.(" and head.strip():
        return False
    for word in reversed(split_words(head)):
        if word.key in _WITHIN:
            return True
        if word.key in _MOVING and word.key != "of":
            return row is None or row.kind not in _BIG
        if word.key in _BETWEEN or (word.text[0].isupper() and _is_nation(word)):
            continue
        return False
    return False


def _score(text: str, place: Place, governed: bool, trigger: tuple[int, int]) -> float | None:
    """How far a place is from an act, in words and penalties; None where it is not its place."""
    behind = place.start >= trigger[1]
    gap = text[trigger[1] : place.start] if behind else text[place.end : trigger[0]]
    if place.start < trigger[1] and place.end > trigger[0]:
        return None
    distance = len(split_words(gap))
    if distance > _FAR:
        return None
    row = load_places().by_name.get((place.name, place.country))
    beside = all(word.key in _BETWEEN for word in split_words(gap)) and not re.search(r"[,;:.]", gap)
    capital = row is not None and row.kind == "capital"
    if not governed and not (beside and not capital):
        if row is None or row.kind in _BIG or row.kind in _WIDE:
            return None
        distance += _FREE
    return distance + (0 if behind else _BEFORE) + (_BARRIER if _NEW_CLAUSE.search(gap) else 0)


def _most_exact(text: str, best: Place, inside: Sequence[Place]) -> Place:
    """Of places that follow one another in one province, the most exact."""
    rows = load_places().by_name
    row = rows.get((best.name, best.country))
    if row is None:
        return best
    near = [best]
    for other in inside:
        theirs = rows.get((other.name, other.country))
        gap = text[min(best.end, other.end) : max(best.start, other.start)]
        same = theirs is not None and (theirs.country, theirs.admin1) == (row.country, row.admin1)
        if (
            same
            and len(gap) <= _NEIGHBOUR_CHARS
            and re.fullmatch(r"\s*,?\s*(?:(?:in|of|near|the|s|['’])\s*)*(?:[\w-]+\s*){0,2}", gap)
        ):
            near.append(other)
    return min(near, key=lambda p: (KINDS.index(rows[p.name, p.country].kind), p.start))
