"""How sure a coding is, and what speaks against it, in words that a reader can check.

The frames and the classifier say how sure the act is (scoring.py). What else makes codings wrong more often is named
here: each reason lowers the log odds by its weight. The weights are round numbers set by hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from timeline.coding.context import CONTEXT
from timeline.coding.kinds import Kind
from timeline.coding.resumed import RESUMED
from timeline.coding.worth import Sides, is_remark
from timeline.ontology import EVENT_TYPES
from timeline.records import Realis

if TYPE_CHECKING:
    from timeline.records import Mention

_LOWEST, _HIGHEST = 0.03, 0.97
_VERBAL = frozenset({1, 3})
_ALONE = frozenset({"STATEMENT", "PROTEST", "MOBILIZE", "RETREAT"})  # acts that need nobody acted on
_REFERRING = frozenset({"pronoun", "cataphora", "short-form", "possessive", RESUMED})
_DONE = frozenset({Realis.ACTUAL, Realis.HISTORICAL})


class Doubt(StrEnum):
    """A reason why a coding is less sure than its words alone would make it."""

    REMARK = "remark"
    TALK = "talk"
    COMMENT = "comment"
    NOT_DONE = "not_done"
    PASSING = "passing"
    NO_SOURCE = "no_source"
    NO_TARGET = "no_target"
    REFERRING = "referring"
    UNPLACED = "unplaced"
    GUESSED = "guessed"


WEIGHTS = {
    Doubt.REMARK: 0.8,
    Doubt.TALK: 1.5,
    Doubt.COMMENT: 1.5,
    Doubt.NOT_DONE: 1.0,
    Doubt.PASSING: 0.0,  # weighed with the frame, see scoring.py
    Doubt.NO_SOURCE: 0.6,
    Doubt.NO_TARGET: 0.8,
    Doubt.REFERRING: 0.6,
    Doubt.UNPLACED: 0.7,
    Doubt.GUESSED: 0.4,
}
_SPOKEN_BY_NOBODY = 0.8  # more for words without a speaker: deeds may be nobody's


def find_doubts(sides: Sides, realis: Realis, kind: Kind, *, passing: bool) -> tuple[Doubt, ...]:
    """What speaks against a coding, in the order of `Doubt`.

    Args:
        sides: Who does what to whom.
        realis: How the act is told.
        kind: The kind of text it stands in.
        passing: Whether it is told in a subordinate clause.
    """
    everyone = (*sides.sources, *sides.targets)
    signs = {
        Doubt.REMARK: is_remark(sides),
        Doubt.TALK: kind is Kind.TALK,
        Doubt.COMMENT: kind is Kind.COMMENT,
        Doubt.NOT_DONE: realis not in _DONE,
        Doubt.PASSING: passing,
        Doubt.NO_SOURCE: not _is_known(sides.sources),
        Doubt.NO_TARGET: sides.event_type not in _ALONE and not _is_known(sides.targets),
        Doubt.REFERRING: any(side and all(map(_refers, side)) for side in (sides.sources, sides.targets)),
        Doubt.UNPLACED: any(map(_is_anywhere, everyone)),
        Doubt.GUESSED: any(mention.rule == CONTEXT for mention in everyone),
    }
    return tuple(doubt for doubt, found in signs.items() if found)


def weigh_doubts(confidence: float, doubts: Sequence[Doubt], event_type: str) -> float:
    """The confidence that is left, from 0 to 1, rounded to three places."""
    bounded = min(max(confidence, _LOWEST), _HIGHEST)
    odds = math.log(bounded / (1 - bounded)) - sum(WEIGHTS[doubt] for doubt in doubts)
    if Doubt.NO_SOURCE in doubts and EVENT_TYPES[event_type].quad_class in _VERBAL:
        odds -= _SPOKEN_BY_NOBODY
    return round(min(max(1 / (1 + math.exp(-odds)), _LOWEST), _HIGHEST), 3)


def _is_known(side: Sequence[Mention]) -> bool:
    return any(mention.actor is not None for mention in side)


def _refers(mention: Mention) -> bool:
    return mention.rule in _REFERRING


def _is_anywhere(mention: Mention) -> bool:
    """Soldiers, rebels or ministers of no country: whose, only the article may know."""
    actor = mention.actor
    return actor is not None and actor.kind is None and actor.country is None
