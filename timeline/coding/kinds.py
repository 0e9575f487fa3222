"""What kind of text a passage is: a report, talk written down with its speakers' names, or comment by an "I".

Codings of talk and comment are wrong far more often than those of reports: verbs are used figuratively there, and acts
are weighed, not told. The cues are cheap: speaker labels ("SMITH: …", "Q: …"), the share of the author's "I", "we" and
"you" outside quotations, and what a title, an address or a footnote says of itself ("Letters", "Dear Editor").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timeline.records import Article

_REACH = 600  # characters on either side that tell who speaks in a passage
_OWN_LEAST = 3
_CHARS_PER_OWN = 300  # one in fifty words or more
_LABELS_LEAST = 3
_TURN_CHARS = 3_000  # nobody speaks longer without being named again
_OWN = re.compile(r"\b(?:I|my|me|myself|[Ww]e|[Oo]ur|us|ourselves|[Yy]ou|[Yy]our)\b")
_QUOTED = re.compile(r"\"(?:[^\"\n]|\n(?!\n)){1,800}\"|“[^”]{1,800}”|«[^»]{1,800}»|``.{1,800}?''")
_CAPITALS = r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]*){0,3}(?:, [A-Z][^:\n]{2,60})?(?: ?\([^)\n:]{1,40}\))?"
_NAMED = r"(?:[A-Z][\w.'’-]{0,20} ){0,3}[A-Z][\w'’-]{1,20}"
_LABEL = re.compile(
    rf"(?:^|\n|(?<=[.!?…\"”’)\]]) )[ \t]*({_CAPITALS}|Q|A) ?:(?=\s)|(?:^|\n)[ \t]*({_NAMED}|Q|A) ?:(?=[ \t]\S)"
)
_NOBODY = frozenset({"q", "a", "question", "answer", "unidentified male", "unidentified female"})
_TITLED = re.compile(
    r"^\W*(?:opinions?|comments?|commentary|letters?(?: to the editor)?|editorial|op-?ed|viewpoint|column|blog)\b"
    r" *[:|–—-]",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    r"/(?:opinions?|comment(?:isfree|ary)?|letters?|editorials?|op-?eds?|columns?|columnists?|blogs?)/", re.IGNORECASE
)
_CONFESSED = re.compile(
    r"(?:opinions|views) expressed (?:in this|here|above|are)|\bDear (?:Editor|Sir)\b|\bTo the Editor\b", re.IGNORECASE
)


class Kind(StrEnum):
    """The kind of text that a passage belongs to."""

    REPORT = "report"
    TALK = "talk"  # a transcript or an interview
    COMMENT = "comment"  # opinion, letters, posts, first-person accounts


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says: characters from the label's `start`, `said` to `end`. `named` is False for "Q"."""

    start: int
    said: int
    end: int
    named: bool


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of an article's passages. `own` are the places where the author speaks of himself or to us."""

    opinion: bool = False
    turns: tuple[Turn, ...] = ()
    own: tuple[int, ...] = ()
    length: int = 0

    def at(self, place: int) -> Kind:
        """The kind of the passage around a character."""
        if self.turn_at(place) is not None:
            return Kind.TALK
        return Kind.COMMENT if self.opinion or self._is_own(place) else Kind.REPORT

    def turn_at(self, place: int) -> Turn | None:
        """Whose turn it is at a character, label included."""
        before = bisect_left(self.turns, place + 1, key=lambda turn: turn.start) - 1
        turn = self.turns[before] if before >= 0 else None
        return turn if turn is not None and place < turn.end else None

    def _is_own(self, place: int) -> bool:
        first, last = max(0, place - _REACH), min(self.length, place + _REACH)
        found = bisect_left(self.own, last) - bisect_left(self.own, first)
        return found >= _OWN_LEAST and found * _CHARS_PER_OWN >= last - first


def read_kinds(article: Article) -> Kinds:
    """Read the cues of an article's text, title and address."""
    text = article.text
    opinion = bool(_TITLED.search(article.title) or _ADDRESSED.search(article.url) or _CONFESSED.search(text))
    own = tuple(found.start() for found in _OWN.finditer(_QUOTED.sub(_blank, text)))
    return Kinds(opinion, _find_turns(text), own, len(text))


def _blank(quotation: re.Match[str]) -> str:
    return " " * len(quotation.group())


def _find_turns(text: str) -> tuple[Turn, ...]:
    """The turns of a conversation: () where labels are few or none comes twice, as "WASHINGTON:" does not."""
    labels = [(found, found.lastindex or 1) for found in _LABEL.finditer(text)]
    names = [found.group(group).lower() for found, group in labels]
    if len(names) < _LABELS_LEAST or len(set(names)) == len(names):
        return ()
    starts = [found.start(group) for found, group in labels]
    ends = [min(end, start + _TURN_CHARS) for start, end in pairwise([*starts, len(text)])]
    return tuple(
        Turn(start, found.end(group), end, name not in _NOBODY)
        for (found, group), name, start, end in zip(labels, names, starts, ends, strict=True)
    )
