"""Verbs written with a hyphen ("re-opened", "co-hosted", "test-fired"): one word each.

The model's tokenizer splits them, and what it then parses is no clause: in "they re-opened talks" it sees the verb
"re". Kept whole they are words that it has never seen, so it is told to read them as a verb it knows (its NORM): the
verb behind the prefix, or for compounds one that is used alike.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from timeline.coding.lemmas import list_verbs

COMPONENT = "hyphenated_verbs"
_PREFIXED = re.compile(r"(re|co|de|pre|counter|cross)-([a-z]+)")
_IRREGULAR = {
    "took": "take", "taken": "take", "built": "build", "sent": "send", "drew": "draw", "drawn": "draw", "won": "win",
    "fought": "fight", "wrote": "write", "written": "write", "made": "make", "led": "lead", "ran": "run", "met": "meet",
    "gave": "give", "given": "give", "thought": "think", "sold": "sell", "laid": "lay",
}  # fmt: skip
_READ_AS = {
    "test-fire": "launch", "test-launch": "launch", "flight-test": "launch", "carpet-bomb": "bomb", "fire-bomb": "bomb",
    "dive-bomb": "bomb", "air-drop": "launch", "air-lift": "transport", "strong-arm": "press", "spear-head": "launch",
    "green-light": "accept", "rubber-stamp": "accept", "fast-track": "accept", "court-martial": "punish",
    "black-list": "punish", "cold-shoulder": "reject", "stone-wall": "reject", "double-cross": "attack",
    "force-feed": "attack", "pistol-whip": "attack", "gate-crash": "attack", "ring-fence": "protect",
}  # fmt: skip
_DOUBLING = frozenset({"air-drop", "pistol-whip"})


def _inflect(verb: str) -> tuple[str, ...]:
    stem = verb + verb[-1] if verb in _DOUBLING else verb.removesuffix("e")
    return verb, verb + ("es" if verb.endswith(("ch", "sh", "ss")) else "s"), stem + "ed", stem + "ing"


_COMPOUNDS = {
    form: (read_as, verb)
    for verb, twin in _READ_AS.items()
    for form, read_as in zip(_inflect(verb), _inflect(twin), strict=True)
} | {
    "green-lit": ("accepted", "green-light"),
    "court-martialled": ("punished", "court-martial"),
    "court-martialling": ("punishing", "court-martial"),
}


def read_hyphenated(word: str, verbs: Collection[str]) -> tuple[str, str] | None:
    """What a word is to be read as and its lemma, if it is such a verb: of "re-opened" "opened" and "reopen".

    Args:
        word: Any word.
        verbs: Lemmas of all verbs that the model knows.
    """
    lower = word.lower()
    if lower in _COMPOUNDS:
        return _COMPOUNDS[lower]
    prefixed = _PREFIXED.fullmatch(lower)
    if prefixed is None:
        return None
    prefix, rest = prefixed.groups()
    base = _find_base(rest, verbs)
    if base is not None:
        return rest, prefix + base if prefix + base in verbs else f"{prefix}-{base}"
    whole = _find_base(prefix + rest, verbs)  # "pre-empted"
    return (prefix + rest, whole) if whole else None


def _find_base(form: str, verbs: Collection[str]) -> str | None:
    """The verb of a past or a gerund; nouns too end like the other forms ("co-founders")."""
    if form in _IRREGULAR:
        return _IRREGULAR[form]
    if not form.endswith(("ed", "ing")):
        return None
    stem = form.removesuffix("ed") if form.endswith("ed") else form.removesuffix("ing")
    bases = (stem + "e", stem, stem[:-1] if stem[-2:-1] == stem[-1:] else "", stem[:-1] + "y")
    return next((base for base in bases if len(base) > 2 and base in verbs), None)


class HyphenatedVerbs:
    """A pipe that tells the model what to read these verbs as, and their lemmas; the tokenizer keeps them whole."""

    def __init__(self, nlp: Language) -> None:
        self._verbs = list_verbs(nlp)
        tokenizer: Any = nlp.tokenizer
        tokenizer.infix_finditer = partial(_find_infixes, tokenizer.infix_finditer, self._verbs)

    def __call__(self, doc: Doc) -> Doc:
        """Set NORM and lemma, which later pipes leave as they are."""
        if "-" not in doc.text:
            return doc
        for token in doc:
            read = read_hyphenated(token.text, self._verbs) if "-" in token.text else None
            if read is not None:
                token.norm_, token.lemma_ = read
        return doc


def _find_infixes(split: Any, verbs: Collection[str], text: str) -> Iterable[re.Match[str]]:
    found: Iterable[re.Match[str]] = () if "-" in text and read_hyphenated(text, verbs) else split(text)
    return found


@Language.factory(COMPONENT)
def make_component(nlp: Language, name: str) -> HyphenatedVerbs:
    """The pipe, for `nlp.add_pipe`; it changes the tokenizer too."""
    return HyphenatedVerbs(nlp)
