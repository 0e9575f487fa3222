"""Which acts are news: not what only tells of others, a firm's own affairs, the author's comment, nobody's doings.

The field counts what political actors do, and deeds whose doer is unknown where somebody named suffers them. An act of
nobody on nobody is an event only where it is a deed with a place: "a bomb destroyed a bridge in Idlib".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timeline.coding.dropped import Why
from timeline.ontology import EVENT_TYPES

if TYPE_CHECKING:
    from spacy.tokens import Token

    from timeline.records import Mention

_POLITICAL = frozenset({"GOV", "MIL", "LEG", "JUD", "SPY", "REB", "PRM", "OPP", "PTY", "IGO"})
_STRIKING = frozenset({"PROTEST", "THREATEN", "REJECT", "CONCEDE", "AGREE"})
_FIRMS = frozenset({"BUS", "MNC", "JRN"})
_PRIVATE = frozenset({"BUS", "MNC", "MED", "EDU", "JRN"})
_TELLERS = frozenset({"JRN", "NGO", "SOC", "CVL", "MED", "EDU", "UNK", "REF", "LAB", "BUS"})
_INFORMANTS = frozenset(
    {
        "source",
        "sources",
        "witness",
        "witnesses",
        "observer",
        "observers",
        "correspondent",
        "reporter",
        "analyst",
        "analysts",
    }
)
_ARTICLE_AND_NOUN = 2
_SPOKESMEN = frozenset({"spokesman", "spokeswoman", "spokesperson", "spokesmen", "spokespersons"})
_MATERIAL = frozenset({2, 4})
_ASIDE = frozenset({"relcl", "acl", "advcl"})
_WITNESSING = frozenset(
    {"see", "hear", "watch", "witness", "know", "learn", "remember", "find"}
)  # "we saw troops fan out" reports
_OURS = frozenset({"i", "we", "you", "us", "me", "let"})


@dataclass(frozen=True, slots=True)
class Sides:
    """Who does what to whom: all that decides whether an act is news."""

    event_type: str
    sources: tuple[Mention, ...]
    targets: tuple[Mention, ...]


def why_no_news(sides: Sides) -> Why | None:
    """Why an act of these sides is no news, whatever the sentence; None where it is."""
    sources, targets = sides.sources, sides.targets
    if sides.event_type == "STATEMENT" and not any(map(_is_heard, sources)):
        return Why.REMARK  # what monitors, activists and unnamed sources say is attribution, not an act
    if is_remark(sides) and not any(map(_is_political, sources)):
        return Why.REMARK
    known = any(mention.actor for mention in targets)
    if sides.event_type == "CONSULT" and not known and not any(map(_is_political, sources)):
        return Why.REMARK  # guests who discuss, a broker who negotiates
    labour = sides.event_type in _STRIKING and not any(map(_is_firm, sources))
    if sources and all(map(_is_private, sources)) and not labour and not known:
        return Why.REMARK  # a company's own affairs, a doctor's advice; but teachers strike
    return None


def why_not_told(sides: Sides, trigger: Token, *, placed: bool, authored: bool, reported: bool = True) -> Why | None:
    """Why an act is none as its sentence tells it; None where it is one.

    Args:
        sides: The act.
        trigger: The word that names it.
        placed: Whether the sentence says where.
        authored: Whether the author says so himself.
        reported: Whether he writes a report, and no comment.
    """
    known = [any(mention.actor for mention in side) for side in (sides.sources, sides.targets)]
    if not any(known):
        deed = EVENT_TYPES[sides.event_type].quad_class in _MATERIAL
        aside = any(above.dep_ in _ASIDE for above in (trigger, *trigger.ancestors))
        if not (deed and placed and sides.targets and not aside):
            return Why.NOBODY
    if authored and not (reported and all(known)) and _is_ours(trigger):
        return Why.COMMENT
    return None


def _is_ours(trigger: Token) -> bool:
    """ "We must stop buying oil from dictators": the author speaks of himself, of us or to us."""
    clauses = [clause for clause in (trigger, *trigger.ancestors) if clause.lemma_ not in _WITNESSING]
    if any(child.lower_ in ("'s", "us") for clause in clauses if clause.lower_ == "let" for child in clause.subtree):
        return True
    return any(
        child.lower_ in _OURS and child.text != "US" and child.dep_ in ("nsubj", "nsubjpass")
        for clause in clauses
        if clause.pos_ in ("VERB", "AUX")
        for child in clause.children
    )


def is_remark(sides: Sides) -> bool:
    """Whether a statement concerns nobody else than its speakers."""
    return sides.event_type == "STATEMENT" and not _concerns_another(sides.sources, sides.targets)


def is_audience(mention: Mention) -> bool:
    """Whom one talks to in public, or nobody that we know."""
    return mention.actor is None or mention.actor.sector == "JRN"


def _is_political(mention: Mention) -> bool:
    """Whether a speaker's words are news although they concern nobody else: states, their organs, who fights."""
    actor = mention.actor
    return (
        actor is not None and actor.known and (actor.sector in _POLITICAL or (not actor.sector and bool(actor.country)))
    )


def _is_heard(mention: Mention) -> bool:
    """Whether a speaker's words may be an act of his: not those of who only tells what happened."""
    actor = mention.actor
    words = mention.text.lower().split()
    if actor is None or words[-1] in _INFORMANTS or any(word.endswith("-based") for word in words):
        return False  # "the head of the Britain-based group" monitors
    if words[-1] in _SPOKESMEN and len(words) <= _ARTICLE_AND_NOUN and not actor.country:
        return False  # whom "a spokesman" speaks for is not said
    return actor.sector not in _TELLERS


def _is_private(mention: Mention) -> bool:
    return mention.actor is not None and mention.actor.sector in _PRIVATE


def _is_firm(mention: Mention) -> bool:
    return mention.actor is not None and mention.actor.sector in _FIRMS


def _concerns_another(sources: Sequence[Mention], targets: Sequence[Mention]) -> bool:
    """Whether a target is somebody else than the speakers and whom they speak for."""
    own = {key for mention in sources for key in _allegiance(mention)}
    return any(not own & _allegiance(mention) for mention in targets)


def _allegiance(mention: Mention) -> set[str]:
    actor = mention.actor
    return {key for key in (actor.id, actor.country, actor.part_of) if key} if actor else {mention.text}
