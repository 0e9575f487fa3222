"""Repairs parses in which a date runs into the name behind it: "On 20 January Norlund bombed …".

Without a comma the parser takes date and name for one noun phrase and the verb is left without its subject. The
repair is a rule of English: what stands between "on <date>" and the next finite verb, and begins with a capital or
an article, is that verb's subject.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc, Token

COMPONENT = "fronted_dates"  # its name in the pipeline
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_DATE = re.compile(
    r"\b(?:[Oo]n|[Ii]n|[Bb]y|[Ss]ince|[Dd]uring)\s(?:the )?(?:early |late |mid-?\s?)?"
    rf"(?:{_WEEKDAY},? )?"
    rf"(?:{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?|{_MONTH} {_DAY}(?:,? {_YEAR})?|{_MONTH}(?:,? {_YEAR})?"
    rf"|{_WEEKDAY}|{_YEAR})"
    r"(?=\s(?:[A-Z]|the\s|an?\s))"
)
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NOMINAL = frozenset({"PROPN", "NOUN", "ADJ", "DET", "NUM", "PART", "CCONJ", "PUNCT", "ADV"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_LONGEST = 14  # tokens of a subject


@Language.component(COMPONENT)
def free_fronted_dates(doc: Doc) -> Doc:
    """Give a verb the subject that the parser took for a part of the date in front of it."""
    starts: list[int] = []
    for match in _DATE.finditer(doc.text):
        starts = starts or [token.idx for token in doc]
        first, end = bisect_left(starts, match.start()), bisect_left(starts, match.end())
        subject = _subject_behind(doc, end)
        if first + 1 < end and subject:
            _repair(doc[first], list(doc[first + 1 : end]), subject)
    return doc


def _subject_behind(doc: Doc, start: int) -> Sequence[Token]:
    """The tokens from the end of a date up to a finite verb of the same sentence; none if other things come between."""
    for i in range(start, min(start + _LONGEST, len(doc))):
        token = doc[i]
        if token.is_sent_start and i > start:
            return ()
        if token.tag_ in _FINITE and token.pos_ in ("VERB", "AUX"):
            return list(doc[start:i])
        if token.pos_ not in _NOMINAL or (token.is_punct and token.text != ","):
            return ()
    return ()


def _repair(prep: Token, date: Sequence[Token], subject: Sequence[Token]) -> None:
    verb = _main_verb(subject[-1].nbor(1))
    head = _head_of(subject, verb)
    inside = {token.i for token in subject}
    dated = {prep.i, *(token.i for token in date)}
    tied = [token for token in date if token.head.i in inside] + [token for token in subject if token.head.i in dated]
    if not tied or head is None or any(token.i == verb.i for token in head.subtree):
        return
    if head.dep_ not in _SUBJECTS:
        passive = any(child.dep_ == "auxpass" for child in verb.children)
        _attach(head, verb, "nsubjpass" if passive else "nsubj")
    for token in subject:
        if token.i != head.i and token.head.i in dated:
            _attach(token, head, token.dep_ if token.dep_ in ("conj", "cc", "punct", "det") else "compound")
    _settle_date(prep, date, inside)


def _settle_date(prep: Token, date: Sequence[Token], inside: set[int]) -> None:
    """Hang the date on its preposition, by its month, weekday or year."""
    named = [token for token in date if token.text[0].isupper()] or list(date[-1:])
    top = named[-1]
    if top.head.i != prep.i:
        _attach(top, prep, "pobj")
    for token in date:
        if token.i != top.i and token.head.i in inside | {prep.i}:
            _attach(token, top, "nummod" if token.is_digit else "compound")


def _attach(token: Token, head: Token, dep: str) -> None:
    """Hang a token on a head, unless the head hangs on the token: a ring is no tree, and spaCy fails on it."""
    above = head
    while above.i != token.i:
        if above.head.i == above.i:
            token.head, token.dep_ = head, dep
            return
        above = above.head


def _main_verb(token: Token) -> Token:
    return token.head if token.dep_ in ("aux", "auxpass") and token.head.i > token.i else token


def _head_of(subject: Sequence[Token], verb: Token) -> Token | None:
    """The verb's own subject among the tokens, else the last noun of the first of those joined by "and"."""
    if any(child.dep_ in _SUBJECTS and child.i < subject[0].i for child in verb.children):
        return None
    own = next((token for token in subject if token.dep_ in _SUBJECTS and token.head.i == verb.i), None)
    joint = next((i for i, token in enumerate(subject) if token.dep_ == "cc" or token.text == ","), len(subject))
    nouns = [token for token in subject[:joint] if token.pos_ in ("PROPN", "NOUN")]
    return own or (nouns[-1] if nouns else None)
