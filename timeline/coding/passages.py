"""How dates reach beyond their sentence: paragraphs that go on, and the day of what an article is about.

A report that opens with what happened "on Tuesday" goes on telling of Tuesday: later acts without a date of their
own, "the decision", and the present tense of its headline lie there. What somebody says about it does not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from timeline.coding.governing import Dated, choose
from timeline.coding.tense import COMMENTING, REPORTING, Time, is_definite, leads, sentence_start, time_of, told_by
from timeline.records import Precision

_TOPIC_DAYS = 14  # how far before publication the main act of a report may lie
_LINED_SHARE, _LINED_MIN = 0.8, 4
_ENDS = (".", "?", "!", '"', "”", "'", "’")
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_QUOTES = frozenset({'"', "“", "”", "``", "''"})


@dataclass(frozen=True, slots=True)
class Topic:
    """The day of the act that an article opens with, and the first token of the sentence that tells it."""

    dated: Dated
    start: int


def find_topic(
    doc: Doc, starts: Sequence[int], dated: Sequence[Sequence[Dated]], published: dt.date | None
) -> Topic | None:
    """The topic of an article whose first full sentence dates its act to a day of the week before publication."""
    if published is None:
        return None
    for start, end, here in zip(starts, (*starts[1:], len(doc)), dated, strict=False):
        sentence = doc[start:end]
        if not _is_told(sentence):
            continue
        best = choose(told_by(sentence.root), here, published) or choose(sentence.root, here, published)
        if best is None or best[0].span.precision is not Precision.DAY:
            return None
        day = best[0].span.end
        recent = day is not None and 0 < (published - day).days <= _TOPIC_DAYS
        return Topic(best[0], start) if recent else None
    return None


def _is_told(sentence: Span) -> bool:
    """Whether a sentence is one of the text's own, no headline and no dateline."""
    return sentence.text.rstrip().endswith(_ENDS) and any(token.tag_ in _FINITE for token in sentence)


def is_on_topic(head: Token, topic: Topic) -> bool:
    """Whether an act without a date of its own belongs to what the article is about."""
    if head.pos_ == "NOUN":
        return head.tag_ == "NN" and is_definite(head)
    time = time_of(head)
    if head.i < topic.start:  # a headline
        return time is Time.PRESENT and head.dep_ == "ROOT"
    return time is Time.PAST and tells(head) and head.lemma_.lower() not in COMMENTING


def tells(head: Token) -> bool:
    """Whether an act is a step of what a passage tells, not what somebody says and not what failed to happen."""
    return leads(head) and head.lemma_.lower() not in REPORTING and not _is_spoken(head) and not _is_denied(head)


def _is_spoken(head: Token) -> bool:
    """Whether words stand in quotation marks or speak in the first person."""
    before = head.doc[sentence_start(head) : head.i]
    quoted = sum(token.text in _QUOTES for token in before) % 2 == 1
    return quoted or any(child.dep_ == "nsubj" and child.lower_ in {"i", "we"} for child in head.children)


def _is_denied(head: Token) -> bool:
    """Whether an act did not take place: "did not comment", "gave no details"."""
    objects = [child for child in head.children if child.dep_ == "dobj"]
    return any(child.dep_ == "neg" for child in head.children) or any(
        child.lower_ == "no" for noun in objects for child in noun.children
    )


def is_lined(doc: Doc, starts: Sequence[int]) -> bool:
    """Whether nearly every sentence ends its line, so that the end of a line is no end of a passage."""
    gaps = [doc[first:second].text_with_ws[-3:] for first, second in pairwise(starts)]
    return len(gaps) >= _LINED_MIN and sum("\n" in gap for gap in gaps) >= _LINED_SHARE * len(gaps)
