"""Who a pronoun stands for.

A subject outranks an object, the same sentence the one before; a pronoun in front of the main subject looks ahead.
"its" and "their" look no further than their clause and sentence, save an "Its" that opens a sentence; "it" is never
resolved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from spacy.tokens import Token

from timeline.coding.grammar import joined_subject
from timeline.coding.roles import SHARED
from timeline.records import Actor, Mention

REACH = 3  # sentences that a pronoun or short form looks back
SILENT = frozenset({"outlet", "place"})  # rules of mentions that no pronoun takes up
MALE = frozenset({"he", "him", "his", "himself"})
FEMALE = frozenset({"she", "her", "hers", "herself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
NEUTER = frozenset({"its"})
PRONOUNS = MALE | FEMALE | PLURAL | NEUTER
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_CLAUSES = frozenset({"ROOT", "ccomp", "advcl", "xcomp", "acl", "relcl", "conj", "pcomp", "parataxis"})
_FRONTED = frozenset({"prep", "advcl"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention with what the rules ask of it."""

    mention: Mention
    first: int
    end: int
    head: Token
    sentence: int
    kind: str  # of the lexicon, "person" for a proposed name or a single post, else ""
    gender: str | None
    plural: bool

    @property
    def actor(self) -> Actor:
        assert self.mention.actor is not None
        return self.mention.actor

    @property
    def subject(self) -> bool:
        head = self.head
        while head.dep_ == "conj":
            head = head.head
        return head.dep_ in _SUBJECTS


@dataclass(frozen=True, slots=True)
class Past:
    """What has been read: `seen` in order, the sentence of each token, and by head token all named mentions to come."""

    seen: Sequence[Seen]
    sentence_of: Sequence[int]
    ahead: Mapping[int, Seen]


def find_antecedents(token: Token, past: Past) -> list[Seen]:
    """Who a pronoun stands for: one, several where it takes up a coordination, none where it is open."""
    lower = token.lower_
    if lower in NEUTER:
        subject = _body_before(past, token) if token.is_sent_start else _clause_subject(past, token)
        return [subject] if subject and subject.kind != "person" and not subject.plural else []
    if lower in PLURAL:
        return _plural_antecedents(past, token)
    gender = "f" if lower in FEMALE else "m"
    if ahead := _main_subject_ahead(past, token, gender):
        return [ahead]
    found = _person_before(past, token, gender)
    return [found] if found else []


def _fits_person(seen: Seen, gender: str) -> bool:
    return (
        seen.kind == "person" and not seen.plural and seen.gender in (None, gender) and seen.mention.rule not in SILENT
    )


def _main_subject_ahead(past: Past, token: Token, gender: str) -> Seen | None:
    """ "During his visit, X said …": the pronoun stands in a phrase in front of the main subject."""
    subject = next((child for child in token.sent.root.children if child.dep_ in _SUBJECTS), None)
    if subject is None or subject.i <= token.i:
        return None
    top = token
    while top.head.i not in (top.i, token.sent.root.i):
        top = top.head
    if top.dep_ not in _FRONTED or top.i > subject.i:
        return None
    ahead = past.ahead.get(subject.i)
    return ahead if ahead and _fits_person(ahead, gender) else None


def _person_before(past: Past, token: Token, gender: str) -> Seen | None:
    barred = (
        _clause_subject(past, token)
        if token.lower_ == "him" or (token.lower_ == "her" and token.dep_ != "poss")
        else None
    )
    here = past.sentence_of[token.i]
    for distance in range(REACH + 1):
        fitting = [
            s
            for s in past.seen
            if s.sentence == here - distance
            and _fits_person(s, gender)
            and (barred is None or s.actor.id != barred.actor.id)
        ]
        if fitting:
            subjects = [seen for seen in fitting if seen.subject]
            return subjects[-1] if subjects and distance == 0 else (subjects or fitting)[0 if distance else -1]
    return None


def _plural_antecedents(past: Past, token: Token) -> list[Seen]:
    here = past.sentence_of[token.i]
    acted_on = token.lower_ == "them" and token.dep_ == "dobj"
    barred = _clause_subject(past, token) if acted_on else None  # nobody does it to himself
    for distance in range(1 if token.lower_ == "their" else 2):
        inside = [
            s
            for s in past.seen
            if s.sentence == here - distance and s.subject and s.mention.rule not in SILENT and s is not barred
        ]
        plurals = [seen for seen in inside if seen.plural or seen.kind in ("armed_group",)]
        joined = [s for s in inside if s.head.dep_ == "conj" or any(c.dep_ == "conj" for c in s.head.children)]
        if len(joined) > 1:
            first = joined[-1].head
            while first.dep_ == "conj":
                first = first.head
            group = [s for s in joined if s.head is first or first in s.head.ancestors or s.head.i == first.i]
            if len(group) > 1 and not (plurals and plurals[-1].first > group[-1].first):
                return group
        if plurals:
            return _listed_with(plurals[-1], past)
    return []


def _listed_with(one: Seen, past: Past) -> list[Seen]:
    """All whom one plural noun is said of: "the leaders of X, Y and Z" are three."""
    if one.mention.rule != SHARED:
        return [one]
    behind = [s for s in past.seen if s.sentence == one.sentence and s.first >= one.first]
    return list(takewhile(lambda seen: seen.mention.rule == SHARED, behind))


def _body_before(past: Past, token: Token) -> Seen | None:
    """The one body that the sentence before is about: "X refused. Its envoy left"."""
    before = past.sentence_of[token.i] - 1
    subjects = [s for s in past.seen if s.sentence == before and s.subject and s.mention.rule not in SILENT]
    bodies = {seen.actor.id: seen for seen in subjects if seen.kind != "person"}
    return next(iter(bodies.values())) if len(bodies) == 1 == len({s.actor.id for s in subjects}) else None


def _clause_subject(past: Past, token: Token) -> Seen | None:
    """The subject of the clause that a pronoun stands in, if it is an actor named before it."""
    verb = token.head
    while verb.head.i != verb.i and verb.dep_ not in _CLAUSES:
        verb = verb.head
    for _ in range(3):
        subject = next((child for child in verb.children if child.dep_ in _SUBJECTS), joined_subject(verb))
        if subject is not None:
            return (
                next((s for s in reversed(past.seen) if s.first <= subject.i < s.end), None)
                if subject.i < token.i
                else None
            )
        if verb.dep_ not in ("xcomp", "conj", "advcl", "pcomp") or verb.head.i == verb.i:
            return None
        verb = verb.head
    return None
