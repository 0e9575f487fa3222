"""The predicate table: sense classes of verbs, nouns and adjectives, and the event types a class suggests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from spacy.tokens import Token

from timeline.coding.resources import read_yaml
from timeline.ontology import EVENT_TYPES

_PARTS = {"verbs": "v", "nouns": "n", "adjectives": "a"}
_PART_OF_POS = {"VERB": "v", "AUX": "v", "NOUN": "n", "PROPN": "n", "ADJ": "a", "ADV": "a"}
_MODIFIERS = frozenset({"compound", "amod", "nmod"})
_PARTICLES = frozenset({"prt", "prep", "agent"})


@dataclass(frozen=True, slots=True)
class Predicates:
    """Sense classes by (part of speech, lemma), and type weights by class."""

    classes: dict[tuple[str, str], tuple[str, ...]]
    types: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)

    def classes_of(self, token: Token) -> tuple[str, ...]:
        """The classes of the longest unit the token heads: verb + particle, modifier + noun, or the word alone."""
        part = _PART_OF_POS.get(token.pos_)
        if part is None:
            return ()
        for unit in self._units(token, part):
            found = self.classes.get((part, unit))
            if found is not None:
                return found
        return self._from_other_part(token, part)

    def types_of(self, token: Token) -> dict[str, float]:
        """Type weights of the token's classes, the highest of each type."""
        weights: dict[str, float] = {}
        for name in self.classes_of(token):
            for event_type, weight in self.types.get(name, ()):
                weights[event_type] = max(weight, weights.get(event_type, 0.0))
        return weights

    def _units(self, token: Token, part: str) -> Iterable[str]:
        lemma = token.lemma_.lower()
        if part == "v":
            for child in token.children:
                if child.dep_ in _PARTICLES:
                    yield f"{lemma}_{child.lower_}"
        elif part == "n":
            for child in token.children:
                if child.dep_ in _MODIFIERS:
                    yield f"{child.lemma_.lower()}_{lemma}"
        yield lemma
        if token.lower_ != lemma:
            yield token.lower_

    def _from_other_part(self, token: Token, part: str) -> tuple[str, ...]:
        """Taggers confuse "strikes" and "backing" as verb and noun; the other reading is better than none."""
        lemma = token.lemma_.lower()
        for other in "vna".replace(part, ""):
            found = self.classes.get((other, lemma))
            if found is not None:
                return found
        return ()


@cache
def load_predicates() -> Predicates:
    """Read the table that ships with the package."""
    return read_predicates(read_yaml("classifier/predicates.yaml"))


def read_predicates(raw: dict[str, Any]) -> Predicates:
    """Turn the YAML table into look-ups.

    Raises:
        ValueError: A class names a type that is no event type, or has a key that is not understood.
    """
    classes: dict[tuple[str, str], tuple[str, ...]] = {}
    types: dict[str, tuple[tuple[str, float], ...]] = {}
    for name, entry in raw.items():
        unknown = set(entry) - set(_PARTS) - {"types"} | set(entry.get("types", {})) - set(EVENT_TYPES)
        if unknown:
            raise ValueError(f"predicates.yaml: class {name}: unknown {', '.join(sorted(unknown))}")
        types[name] = tuple(sorted(entry.get("types", {}).items()))
        for key, part in _PARTS.items():
            for word in dict.fromkeys(str(entry.get(key, "")).split()):
                classes[part, word] = (*classes.get((part, word), ()), name)
    return Predicates(classes, types)
