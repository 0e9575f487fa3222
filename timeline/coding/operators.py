"""What the words above a predicate do to it: "will", "refused to", "stopped", "failed to", "considers", "not".

PLOVER (Halterman et al. 2023) codes announced cooperation as AGREE, announced force as THREATEN, an announced
refusal as REJECT, and the end of an act as its undoing. `read_operators` finds the words, `apply_operators` draws
the consequence. Realis is another stage's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timeline.coding.grammar import is_headline_plan, is_infinitive, is_passive
from timeline.ontology import EVENT_TYPES

if TYPE_CHECKING:
    from spacy.tokens import Token

    from timeline.coding.frames import Frames

UNDOINGS = {
    "ASSAULT": "RETREAT", "COERCE": "RETREAT", "SANCTION": "RETREAT", "MOBILIZE": "RETREAT", "PROTEST": "CONCEDE",
    "CONSULT": "REJECT", "AGREE": "REJECT", "SUPPORT": "REJECT", "AID": "SANCTION", "COOPERATE": "SANCTION",
    "REQUEST": "CONCEDE", "ACCUSE": "CONCEDE", "THREATEN": "CONCEDE", "REJECT": "AGREE", "RETREAT": "REJECT",
    "CONCEDE": "REJECT",
}  # fmt: skip
_MODALS = {
    "will": "future", "shall": "future", "'ll": "future", "’ll": "future", "wo": "future", "must": "duty",
    "should": "duty", "ought": "duty", "may": "possible", "might": "possible", "could": "possible", "can": "able",
    "ca": "able", "would": "conditional",
}  # fmt: skip
# "did not agree", "does not recognise", "did not give permission": not to yield or to side with is to refuse.
_REFUSABLE = frozenset({"AGREE", "SUPPORT", "CONCEDE"})
_LINKS = frozenset({"xcomp", "pcomp", "ccomp", "acl", "advcl", "dobj", "pobj", "prep", "oprd"})
_HEARSAY = frozenset({"think", "consider", "believe", "say", "report", "allege", "know", "suspect"})
_AIMS = frozenset({"goal", "aim", "objective", "purpose", "mission", "task", "job", "priority", "point", "duty"})
_KINDS = ("ending", "failing", "wishing", "trying", "future", "raising")
_MAX_CLIMB = 5


@dataclass(frozen=True, slots=True)
class Operators:
    """The operators over a predicate, as names; `speaker` is the reporting verb whose clause it stands in."""

    names: frozenset[str] = field(default_factory=frozenset)
    negated: bool = False
    speaker: Token | None = None

    def __contains__(self, name: str) -> bool:
        return name in self.names


def read_operators(token: Token, frames: Frames) -> Operators:
    """Climb from a predicate over what governs it."""
    names: set[str] = set()
    negated = False
    speaker = None
    current, steps = token, 0
    while steps < _MAX_CLIMB:
        steps += 1
        names |= _own_modals(current)
        negated ^= is_negated(current)
        head = current.head
        if is_headline_plan(current) or (head == current and is_infinitive(current)):
            names.add("future")  # "X to reopen border"
            break
        if head == current or current.dep_ not in (*_LINKS, "conj"):
            break
        if current.dep_ == "conj":
            if _has_own_subject(current) or head.pos_ not in ("VERB", "AUX") or "future" in names:
                break
            if current.tag_ in ("VBD", "VBZ", "VBP"):
                break
            current = head
            continue
        if current.dep_ == "ccomp" and _is_saying(head, frames) and _has_own_subject(current):
            speaker = head
            break
        kind = _kind_of(current, head, frames)
        if kind == "stop":
            break
        names.add(kind)
        current = head
    if "conditional" in names and speaker is not None:
        names = (names - {"conditional"}) | {"future"}
    return Operators(frozenset(names), negated, speaker)


def _own_modals(token: Token) -> set[str]:
    names = {_MODALS[child.lower_] for child in token.children if child.dep_ == "aux" and child.lower_ in _MODALS}
    if any(child.dep_ == "mark" and child.lower_ in ("if", "unless") for child in token.children):
        names.add("if")
    return names


def is_negated(token: Token) -> bool:
    return any(
        child.dep_ == "neg" or (child.dep_ == "advmod" and child.lower_ in ("never", "no")) for child in token.children
    )


def _has_own_subject(token: Token) -> bool:
    return any(child.dep_ in ("nsubj", "nsubjpass", "csubj") for child in token.children)


def _is_saying(token: Token, frames: Frames) -> bool:
    return token.lemma_.lower() in frames.operators["saying"]


def _kind_of(token: Token, head: Token, frames: Frames) -> str:
    """The operator that a governor is for what hangs on it; "stop" where the climb ends."""
    lemma = head.lemma_.lower()
    infinitive = any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children)
    if token.dep_ == "advcl" or (token.dep_ == "acl" and infinitive):
        return "purpose" if infinitive else "stop"
    if token.dep_ in ("prep", "pobj", "dobj"):
        return "stop"
    if lemma == "be" and infinitive:
        return "purpose" if any(c.dep_ == "nsubj" and c.lemma_ in _AIMS for c in head.children) else "future"
    if lemma == "go" and infinitive and head.tag_ == "VBG":
        return "future"
    if infinitive and lemma in frames.operators["future"]:
        return "future"
    if token.tag_ == "VBG" and lemma in frames.operators["ending"]:
        return "ending"
    if infinitive and lemma in _HEARSAY and is_passive(head):
        return "raising"  # "is thought to have seized"
    for kind in ("failing", "wishing", "trying"):
        if lemma in frames.operators[kind]:
            return kind
    if lemma in frames.operators["raising"]:
        return "raising"
    return "stop"


def apply_operators(event_type: str, operators: Operators) -> str:
    """The event type under its operators, "" where nothing is left to code."""
    if "ending" in operators:
        event_type = UNDOINGS.get(event_type, "")
    if not event_type:
        return ""
    quad = EVENT_TYPES[event_type].quad_class
    if "failing" in operators:
        return "REJECT" if quad in (1, 2) else ""
    if "wishing" in operators:
        return "STATEMENT"
    if operators.negated:
        return _negate(event_type, quad, operators)
    if "future" in operators:
        return {1: "AGREE", 2: "AGREE", 4: "THREATEN"}.get(quad, event_type)
    return event_type


def is_settled(before: str, after: str, operators: Operators) -> bool:
    """Whether a negation, an ending or a failure has gone into the event type, and denies the act no more."""
    return before != after and (operators.negated or "ending" in operators or "failing" in operators)


def _negate(event_type: str, quad: int, operators: Operators) -> str:
    if "future" in operators or "conditional" in operators or "able" in operators:
        return {1: "REJECT", 2: "REJECT", 4: "AGREE"}.get(quad, event_type)
    return "REJECT" if event_type in _REFUSABLE else event_type
