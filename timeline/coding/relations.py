"""Who does what to whom: relations read off the parse with the frame lexicon.

A sentence's predicates are matched to frames (readings.py); here the readings of a sentence are set against each
other, so that one act is coded once, and written down with their evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timeline.coding.dropped import Why
from timeline.coding.pairs import classify_by_frames
from timeline.coding.parties import settle_parties
from timeline.coding.readings import read_predicates
from timeline.coding.resumed import lend_doers
from timeline.coding.roles import Participants, Resolve
from timeline.coding.scoring import score_relations
from timeline.coding.sentences import Reading, Sentence, read_sentence
from timeline.coding.timex.vocabulary import MONTHS, WEEKDAYS
from timeline.ontology import EVENT_TYPES

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from timeline.coding.frames import Frames
    from timeline.records import Mention

_DESCRIBING = frozenset({"relcl", "acl"})

__all__ = ["Relation", "classify_by_frames", "code_relations", "read_relations"]


@dataclass(frozen=True, slots=True)
class Relation:
    """One act as one sentence tells it.

    `trigger_i` is the token that names the act, `trigger_start` and `trigger_end` its characters; `start` and `end`
    bound the sentence. `text_target` keeps the words acted on where no actor is named. `cameo_root` is "" where the
    event type's own root holds. `settled` says that a negation or an ending is already in the event type: "does not
    recognise" is REJECT, and that refusal is a fact.
    """

    trigger_i: int
    trigger_start: int
    trigger_end: int
    start: int
    end: int
    event_type: str
    sources: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    text_target: str = ""
    rule: str = ""
    confidence: float = 0.5
    cameo_root: str = ""
    settled: bool = False


def code_relations(
    doc: Doc, mentions: Sequence[Mention], frames: Frames, resolve: Resolve | None = None
) -> tuple[Relation, ...]:
    """The relations of a parsed document, in text order. A sentence that names no actor yields none.

    Args:
        doc: The parsed article.
        mentions: Its actors.
        frames: The frame lexicon.
        resolve: Finds the actor of a phrase that is no mention but is acted on ("aid for X"); without it such
            a phrase becomes a mention without an actor.
    """
    people = Participants(doc, mentions, resolve)
    found: list[Relation] = []
    for span in doc.sents:
        if people.in_range(span.start, span.end):
            found += read_relations(read_sentence(span, people, frames))
    return score_relations(doc, lend_doers(doc, found))


def read_relations(sentence: Sentence) -> list[Relation]:
    """The relations of one sentence, their confidence not yet weighed."""
    readings = settle_parties(read_predicates(sentence))
    kept = _select(_merge_outcomes(_join_blows(readings)))
    for reading in readings:
        if all(reading.trigger.i != other.trigger.i for other in kept):
            sentence.drop(reading.trigger, Why.TOLD_ONCE)
    return [_write_down(reading, sentence.span) for reading in kept]


def _select(readings: list[Reading]) -> list[Reading]:
    """One coding an act: of equal type and actors the surest; statements only where nothing else is said."""
    best: dict[tuple[object, ...], Reading] = {}
    for reading in readings:
        key = _identity(reading)
        if key not in best or best[key].confidence < reading.confidence:
            best[key] = reading
    best = {key: reading for key, reading in best.items() if not _is_lesser(reading, best.values())}
    best = {key: reading for key, reading in best.items() if not _is_in_passing(reading, best.values())}
    best = {key: reading for key, reading in best.items() if reading.sources or _quad(reading)}
    best = {key: reading for key, reading in best.items() if not _is_aim(reading, best.values())}
    kept = sorted(best.values(), key=lambda reading: (reading.trigger.i, reading.event_type))
    if any(map(_quad, kept)):
        kept = [reading for reading in kept if _quad(reading)]
    return [reading for reading in kept if _quad(reading) or reading.targets or len(kept) == 1]


def _identity(reading: Reading) -> tuple[object, ...]:
    """What makes two readings one act: type and sides; where both sides are known by name, whoever they are.

    Of assaults there may be several: each goes by its own words.
    """
    named = all(m.actor is not None and m.actor.known for m in (*reading.sources, *reading.targets))
    if reading.event_type == "ASSAULT" or not named or not (reading.sources and reading.targets):
        return reading.event_type, reading.sources, reading.targets
    sides = (tuple(m.actor.id for m in side if m.actor) for side in (reading.sources, reading.targets))
    return reading.event_type, *sides


def _is_lesser(reading: Reading, others: Iterable[Reading]) -> bool:
    """Whether another reading tells the same act of the same source and knows to whom."""
    return not reading.targets and any(
        other.targets and other.event_type == reading.event_type and set(reading.sources) <= set(other.sources)
        for other in others
        if not _are_days_apart(reading.trigger, other.trigger)
    )


def _is_in_passing(reading: Reading, others: Iterable[Reading]) -> bool:
    """Whether an act describes a noun ("the girls it had abducted") and is half known where another is told in full."""
    if (reading.sources and reading.targets) or not _describes(reading.trigger):
        return False
    return any(other.sources and other.targets and not _describes(other.trigger) for other in others)


def _is_aim(reading: Reading, others: Iterable[Reading]) -> bool:
    """ "Fired rockets that hit the town": one attack, and whom it hit is told by the other word."""
    return reading.event_type == "MOBILIZE" and any(
        _is_fired_for(reading, other) for other in others if other.event_type == "ASSAULT"
    )


def _is_fired_for(reading: Reading, attack: Reading) -> bool:
    if not reading.sources:  # "rockets fired from X hit the town"
        return reading.trigger.dep_ == "acl" and reading.trigger.head.head == attack.trigger
    aimed = any(mention.actor for mention in reading.targets)
    return not aimed and attack.sources == reading.sources and reading.trigger in attack.trigger.ancestors


def _describes(trigger: Token) -> bool:
    return trigger.dep_ in _DESCRIBING or any(above.dep_ in _DESCRIBING for above in trigger.ancestors)


def _join_blows(readings: list[Reading]) -> list[Reading]:
    """ "An air strike by X hit Y" is one assault: the noun knows whose, the verb on whom."""
    joined = list(readings)
    for noun in readings:
        verb = next((one for one in joined if _is_dealt_by(one, noun)), None)
        if verb is not None and verb.targets:
            joined[joined.index(verb)] = replace(verb, sources=verb.sources or noun.sources)
            joined.remove(noun)
    return joined


def _is_dealt_by(verb: Reading, noun: Reading) -> bool:
    subject = noun.trigger.dep_ == "nsubj" and noun.trigger.head == verb.trigger
    return subject and verb.event_type == noun.event_type == "ASSAULT"


def _merge_outcomes(readings: list[Reading]) -> list[Reading]:
    """ "stormed the post, killing five guards" is one assault with its outcome: one coding with all targets."""
    kept: list[Reading] = []
    for reading in readings:
        main = next((one for one in kept if _tells_outcome(reading, one)), None)
        if main is None:
            kept.append(reading)
        else:
            targets = tuple(dict.fromkeys((*main.targets, *reading.targets)))
            kept[kept.index(main)] = replace(main, targets=targets)
    return kept


def _tells_outcome(reading: Reading, main: Reading) -> bool:
    same = reading.event_type == main.event_type and reading.sources == main.sources
    if same and reading.event_type != "ASSAULT":  # "lifted the ban, easing restrictions on X" is one act told twice
        return (
            reading.trigger.dep_ == "advcl" and reading.trigger.tag_ == "VBG" and main.trigger == reading.trigger.head
        )
    return (
        same
        and reading.trigger.dep_ in ("advcl", "conj")
        and main.trigger in (reading.trigger.head, reading.trigger.head.head)
        and not _are_days_apart(reading.trigger, main.trigger)
    ) or (same and _describes_outcome(reading.trigger) and _is_above(main, reading))


def _are_days_apart(one: Token, other: Token) -> bool:
    """ "Took the town on 8 February and … recaptured it on 2 March" are two acts."""
    return all(
        any(below.lower_ in MONTHS or below.lower_ in WEEKDAYS for child in verb.children for below in child.children)
        for verb in (one, other)
    )


def _describes_outcome(trigger: Token) -> bool:
    """ "Shelled a post killing two and wounding six": participles that the parser hangs on the post."""
    first = trigger.head if trigger.dep_ == "conj" else trigger
    return first.dep_ == "acl" and first.tag_ == trigger.tag_ == "VBG"


def _is_above(main: Reading, reading: Reading) -> bool:
    return main.trigger in reading.trigger.ancestors


def _quad(reading: Reading) -> int:
    return EVENT_TYPES[reading.event_type].quad_class


def _write_down(reading: Reading, span: Span) -> Relation:
    trigger = reading.trigger
    return Relation(
        trigger_i=trigger.i,
        trigger_start=trigger.idx,
        trigger_end=trigger.idx + len(trigger),
        start=span.start_char,
        end=span.end_char,
        event_type=reading.event_type,
        sources=reading.sources,
        targets=reading.targets,
        text_target=reading.text_target,
        rule=reading.rule,
        confidence=reading.confidence,
        cameo_root=reading.cameo_root,
        settled=reading.settled,
    )
