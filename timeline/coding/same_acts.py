"""The same act told again: "was abducted in May", "his capture", "the kidnapping".

Articles date an act once and name it again without its date, often in other words. A verb and its noun share a stem;
words of one kind of act name the same one only where somebody or something takes part in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    """An act and the exact day that the text itself gives it."""

    act: Token
    dated: Dated


def named_acts(dated: Iterable[Dated]) -> tuple[NamedAct, ...]:
    """The acts that expressions of the text put on exact days, in their order."""
    return tuple(
        NamedAct(act, one)
        for one in dated
        if one.timex.type is not TimexType.DURATION and one.span.precision is Precision.DAY and one.span.start
        for act in _acts_dated(one)
        if act.pos_ in {"VERB", "NOUN", "PROPN"} and stem_of(act)
    )


def _acts_dated(one: Dated) -> list[Token]:
    """The words whose act an expression dates: what it modifies, and the object of a light verb ("made its flight")."""
    acts = [one.governor]
    if one.governor.lemma_.lower() in LIGHT:
        acts += [child for child in one.governor.children if child.dep_ in {"dobj", "nsubjpass"}]
    return acts if one.noun is None or one.noun in acts else [*acts, one.noun]


def same_act(head: Token, named: Iterable[NamedAct], shared: bool = False) -> Dated | None:
    """The date of the nearest act that a word names again; of its own stem before other words.

    With `shared`, somebody or something must take part in both acts where the stem is the same too.
    """
    stem, kinds = stem_of(head), _KIND_OF.get(head.lemma_.lower(), frozenset())
    if not stem:
        return None
    same, others = list[NamedAct](), list[NamedAct]()
    for one in named:
        if stem_of(one.act) == stem and not (shared and not _share(head, one.act)):
            same.append(one)
        elif kinds & _KIND_OF.get(one.act.lemma_.lower(), frozenset()) and _share(head, one.act):
            others.append(one)
    nearest = min(same or others, key=lambda one: abs(one.dated.root.i - head.i), default=None)
    return nearest.dated if nearest else None


def _share(first: Token, second: Token) -> bool:
    """Whether somebody or something takes part in both acts."""
    return not set(_taking_part(first)).isdisjoint(_taking_part(second))


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
