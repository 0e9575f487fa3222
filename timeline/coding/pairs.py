"""What the frames say about two given spans: features for the classifier, and an answer where nothing else is.

Source and target are taken as the only actors of the text. A frame that has one of them as source and the other as
target speaks for its act with full force; one that has them the other way round, only one of them, or merely stands
on the path between them in the parse, with less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.coding.operators import apply_operators, read_operators
from timeline.coding.readings import read_predicates
from timeline.coding.roles import Participants
from timeline.coding.sentences import Reading, Sentence, read_sentence
from timeline.records import Mention

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from timeline.coding.frames import Frames

Chars = tuple[int, int]
Hit = tuple[str, float, str]

_BOTH, _JOINT, _AIMED, _ONE, _SWAPPED, _PATH, _NEAR = 1.0, 0.7, 0.55, 0.45, 0.4, 0.3, 0.1


def classify_by_frames(doc: Doc, source_span: Chars | None, target_span: Chars | None, frames: Frames) -> list[Hit]:
    """The acts that the frames see between two spans, best first.

    Args:
        doc: The parsed text.
        source_span: Character offsets of the source, None where it is not named.
        target_span: Those of the target.
        frames: The frame lexicon.

    Returns:
        (event type, score from 0 to 1, rule) for each type found, the best rule of each; empty if none is found.
    """
    source, target = _mention(doc, source_span), _mention(doc, target_span)
    people = Participants(doc, [mention for mention in (source, target) if mention is not None])
    hits: list[Hit] = []
    for span in _sentences(doc, source_span, target_span):
        sentence = read_sentence(span, people, frames)
        for reading in read_predicates(sentence):
            hits.append((reading.event_type, _agreement(reading, source, target) * reading.confidence, reading.rule))
            if source in reading.sources and target in reading.sources and target not in reading.targets:
                hits.append(("COOPERATE", _JOINT * reading.confidence, f"together: {reading.rule}"))
        hits += _path_hits(sentence, _head(doc, source_span), _head(doc, target_span))
    return _best_of_each(hits)


def _mention(doc: Doc, span: Chars | None) -> Mention | None:
    return Mention(*span, doc.text[slice(*span)], None, "given") if span else None


def _sentences(doc: Doc, *spans: Chars | None) -> list[Span]:
    """The sentences that hold one of the spans."""
    starts = [span[0] for span in spans if span]
    return [sent for sent in doc.sents if any(sent.start_char <= start < sent.end_char for start in starts)]


def _head(doc: Doc, span: Chars | None) -> Token | None:
    words = doc.char_span(*span, alignment_mode="expand") if span else None
    return words.root if words is not None and len(words) else None


def _agreement(reading: Reading, source: Mention | None, target: Mention | None) -> float:
    right = (source in reading.sources) + (target in reading.targets)
    if right == 2 or (right == 1 and (source is None or target is None)):
        return _BOTH
    if right == 1:
        return _ONE + (0.25 if reading.sources and not reading.targets and source in reading.sources else 0.0)
    return _SWAPPED


def _path_hits(sentence: Sentence, source: Token | None, target: Token | None) -> list[Hit]:
    """Frames on or beside the path between the spans' heads, read with their operators."""
    path = _path(source, target) if source and target else _ancestors(source or target)
    hits = []
    for match in sentence.matches.values():
        head = match.clause.head
        weight = _PATH if head in path else _NEAR if head.head in path else 0.0
        if target is not None and target in match.tokens("T"):
            weight = max(weight, _AIMED)
        if match.frame.event_type and weight:
            event_type = apply_operators(match.frame.event_type, read_operators(head, sentence.frames))
            if event_type:
                hits.append((event_type, weight * match.frame.confidence, f"path: {match.frame.rule}"))
    return hits


def _ancestors(token: Token | None) -> list[Token]:
    return [token, *token.ancestors] if token is not None else []


def _path(one: Token, other: Token) -> list[Token]:
    up, down = _ancestors(one), _ancestors(other)
    shared = {token.i for token in up} & {token.i for token in down}
    joint = next((token for token in up if token.i in shared), None)
    ends = [token for side in (up, down) for token in side if token.i not in shared]
    return [*ends, joint] if joint is not None else ends


def _best_of_each(hits: list[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in hits:
        if hit[0] not in best or hit[1] > best[hit[0]][1]:
            best[hit[0]] = hit
    return sorted(
        ((name, round(score, 3), rule) for name, score, rule in best.values()), key=lambda hit: (-hit[1], hit[0])
    )
