"""The same act told again: "was abducted in May", "his capture", "the kidnapping".

Articles date an act once and name it again without its date, often in other words. A verb and its noun share a stem;
words of one kind of act name the same one only where somebody or something takes part in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from timeline.coding.governing import Dated
from timeline.coding.tense import LIGHT, stem_of
from timeline.records import Precision, TimexType

_KINDS = (
    "invade invasion occupy occupation annex annexation conquer conquest overrun seize seizure takeover incursion",
    "kidnap kidnapping abduct abduction capture seize seizure hostage",
    "kill killing murder slay slaying assassinate assassination death die shoot shooting",
    "attack assault raid strike bombing bomb blast explosion explode airstrike shelling shell ambush",
    "crash accident collision collide derail derailment disaster wreck",
    "earthquake quake tremor",
    "resign resignation quit departure depart",
    "arrest detain detention",
    "election elect vote poll ballot referendum",
    "sign signing agreement agree accord deal pact treaty",
    "meet meeting talk summit confer conference",
    "rule ruling verdict judgment convict conviction sentence decision decide",
    "visit trip tour travel arrive arrival",
    "protest demonstration demonstrate rally march",
    "coup overthrow oust ouster topple",
    "ban embargo sanction",
    "launch debut unveil rollout introduction introduce",
    "buy purchase acquire acquisition takeover order contract",
    "award grant win",
)
_KIND_OF: dict[str, frozenset[int]] = {}
for _number, _words in enumerate(_KINDS):
    for _word in _words.split():
        _KIND_OF[_word] = _KIND_OF.get(_word, frozenset()) | {_number}
_LINKS = frozenset({"prep", "agent", "dative"})
_PERSONS = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she"}
_TIMES = frozenset({"DATE", "TIME"})
_NAME_LETTERS = 4  # "Iraq" and "Iraqi", "Kuwait" and "Kuwaiti"


@dataclass(frozen=True, slots=True)
class NamedAct:
    """An act, who and what takes part in it, and the exact day that the text itself gives it."""

    act: Token
    dated: Dated
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class NamedActs:
    """The dated acts of an article by their stems and by their kinds, each in the order of the text."""

    by_stem: Mapping[str, tuple[NamedAct, ...]]
    by_kind: Mapping[int, tuple[NamedAct, ...]]


def named_acts(dated: Iterable[Dated]) -> NamedActs:
    """The acts that expressions of the text put on exact days."""
    by_stem, by_kind = defaultdict[str, list[NamedAct]](list), defaultdict[int, list[NamedAct]](list)
    for one in dated:
        exact = one.timex.type is not TimexType.DURATION and one.span.precision is Precision.DAY and one.span.start
        for act in _acts_dated(one) if exact else ():
            stem = stem_of(act) if act.pos_ in {"VERB", "NOUN", "PROPN"} else ""
            if stem:
                named = NamedAct(act, one, frozenset(_taking_part(act)))
                by_stem[stem].append(named)
                for kind in _kinds_of(act):
                    by_kind[kind].append(named)
    return NamedActs(
        {stem: tuple(acts) for stem, acts in by_stem.items()}, {kind: tuple(acts) for kind, acts in by_kind.items()}
    )


def _kinds_of(act: Token) -> frozenset[int]:
    return _KIND_OF.get(act.lemma_.lower(), frozenset())


def _acts_dated(one: Dated) -> list[Token]:
    """The words whose act an expression dates: what it modifies, and the object of a light verb ("made its flight")."""
    acts = [one.governor]
    if one.governor.lemma_.lower() in LIGHT:
        acts += [child for child in one.governor.children if child.dep_ in {"dobj", "nsubjpass"}]
    verb = one.governor.head.head
    if one.governor.dep_ == "pobj" and one.root.dep_ == "npadvmod" and verb.pos_ == "VERB":
        acts.append(verb)  # "was shot outside her home last Sunday"
    return acts if one.noun is None or one.noun in acts else [*acts, one.noun]


def same_act(head: Token, named: NamedActs, shared: bool = False) -> Dated | None:
    """The date of the nearest act that a word names again; of its own stem before other words.

    With `shared`, somebody or something must take part in both acts where the stem is the same too.
    """
    stem = stem_of(head)
    same = named.by_stem.get(stem, ())
    others = [one for kind in sorted(_kinds_of(head)) for one in named.by_kind.get(kind, ())] if stem else []
    if not (same or others):
        return None
    parts = frozenset(_taking_part(head))
    found = [one for one in same if not (shared and parts.isdisjoint(one.parts))]
    found = found or [one for one in others if not parts.isdisjoint(one.parts)]
    nearest = min(found, key=lambda one: abs(one.dated.root.i - head.i), default=None)
    return nearest.dated if nearest else None


def _taking_part(act: Token) -> Iterator[str]:
    """Who and what stands beside an act, names cut so that a country and its people are one."""
    beside = [*act.children, *([act.head] if act.dep_ in {"acl", "relcl"} else [])]
    for word in (*beside, *(below for prep in beside if prep.dep_ in _LINKS for below in prep.children)):
        lower = word.lower_
        if word.ent_type_ in _TIMES or word == act:
            continue
        if lower in _PERSONS:
            yield _PERSONS[lower]
        elif word.pos_ == "PROPN" or (word.pos_ == "ADJ" and word.text[:1].isupper()):
            yield lower[:_NAME_LETTERS]
        elif word.pos_ == "NOUN":
            yield word.lemma_.lower()
