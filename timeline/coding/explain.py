"""Why a sentence gave what it gave: what was found in it, and what became of each word that could name an act.

The very stages that code are run again and asked; nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from timeline.coding.dropped import Why
from timeline.coding.predicates import head_forms, part_of_speech
from timeline.coding.relations import Relation, read_relations
from timeline.coding.sentences import Sentence, read_sentence
from timeline.records import Coding, Mention, Place, TimeExpression

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from timeline.coding.frames import Frame, Frames
    from timeline.coding.roles import Participants

_MOST_FRAMES = 3
_Spanned = TypeVar("_Spanned", Mention, TimeExpression, Place)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that could name an act: characters `start` to `end`, and what became of it.

    `event_type` is that of the frame that fits, "" where none does or it names no act; `frames` are the rules of the
    frame that fits, or of some that do not.
    """

    start: int
    end: int
    text: str
    why: Why
    event_type: str = ""
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in an article, each sorted by place."""

    mentions: tuple[Mention, ...]
    timexes: tuple[TimeExpression, ...]
    places: tuple[Place, ...]
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence: characters `start` to `end`, what was found in it, and what was made of it."""

    start: int
    end: int
    mentions: tuple[Mention, ...]
    timexes: tuple[TimeExpression, ...]
    places: tuple[Place, ...]
    candidates: tuple[Candidate, ...]
    codings: tuple[Coding, ...]


def explain_sentence(
    span: Span, people: Participants, frames: Frames, found: Found, as_coding: Callable[[Relation], Coding | Why]
) -> Explanation:
    """Run the stages on one sentence and ask what became of each word.

    Args:
        span: The sentence.
        people: The mentions of its article by token.
        frames: The frame lexicon.
        found: What recognition found in the article, and its relations.
        as_coding: The coder's last step, from a relation to a coding, or to why it lets the relation go.
    """
    sentence = read_sentence(span, people, frames)
    named = people.in_range(span.start, span.end)
    relations = read_relations(sentence) if named else []  # as `code_relations` does: it reads no other sentences
    sure = [relation for relation in found.relations if span.start <= relation.trigger_i < span.end]
    for relation in relations:
        if all(relation.trigger_i != kept.trigger_i for kept in sure):
            sentence.drop(span.doc[relation.trigger_i], Why.DOUBTFUL)
    codings = []
    for relation in sure:
        coding = as_coding(relation)
        if isinstance(coding, Why):
            sentence.drop(span.doc[relation.trigger_i], coding)
        else:
            codings.append(coding)
    start, end = span.start_char, span.end_char
    triggers = {coding.trigger_start for coding in codings}
    if not named:
        for i in sentence.matches:
            sentence.drop(span.doc[i], Why.NO_ACTOR)
    candidates = [made for token in span if (made := _explain_word(token, sentence, triggers)) is not None]
    return Explanation(
        start,
        end,
        _inside(found.mentions, start, end),
        _inside(found.timexes, start, end),
        _inside(found.places, start, end),
        tuple(candidates),
        tuple(codings),
    )


def _explain_word(token: Token, sentence: Sentence, triggers: set[int]) -> Candidate | None:
    """What became of a word; None for one that names no act in any sentence."""
    pos = part_of_speech(token)
    senses = _list_senses(token, pos, sentence.frames) if pos else []
    match = sentence.match(token)
    if match is None and (token.pos_ == "AUX" or not (senses or token.pos_ == "VERB")):
        return None
    if token.pos_ == "PROPN" and sentence.people.at(token) is not None and token.idx not in triggers:
        return None  # the Defence of a ministry's name
    rules = (match.frame.rule,) if match else tuple(frame.rule for frame in senses[:_MOST_FRAMES])
    event_type = match.frame.event_type if match else ""
    why = _say_why(token, sentence, triggers, bool(senses))
    return Candidate(token.idx, token.idx + len(token), token.text, why, event_type, rules)


def _say_why(token: Token, sentence: Sentence, triggers: set[int], known: bool) -> Why:
    if token.idx in triggers:
        return Why.CODED
    if token.i in sentence.dropped:
        return sentence.dropped[token.i]
    if sentence.match(token) is not None:
        return Why.TOLD_ONCE
    return Why.MISFIT if known else Why.NO_FRAME


def _list_senses(token: Token, pos: str, frames: Frames) -> list[Frame]:
    return [frame for head in head_forms(token) for frame in frames.senses(pos, head)]


def _inside(found: Iterable[_Spanned], start: int, end: int) -> tuple[_Spanned, ...]:
    return tuple(one for one in found if one.start < end and start < one.end)
