"""When an act happened: the time expression that governs it, or the best that the article offers instead.

In order: an expression in the act's own clause, one elsewhere in its sentence, one that an earlier sentence
of the passage set and nothing has changed since, the publication date. What is still to come gets an open
span after publication, what lies further back than the report an open span before it; no day is invented.
The `basis` and the `note` of the result say which of these it was.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from spacy.tokens import Doc, Span, Token

from timeline.records import Basis, DateSpan, EventDate, Precision, TimeExpression, TimexType

_CLAUSES = frozenset({"ROOT", "conj", "ccomp", "advcl", "relcl", "acl", "parataxis", "pcomp", "csubj", "csubjpass", "xcomp"})
_REPORTING = frozenset({
    "say", "tell", "report", "announce", "state", "add", "claim", "declare", "confirm", "note", "warn", "write", "think",
    "believe", "estimate", "argue", "insist", "suggest", "acknowledge", "admit", "deny", "explain", "reveal", "predict",
    "expect", "hope", "quote", "comment", "indicate", "tweet", "conclude", "show", "find", "learn", "know",
})  # fmt: skip
_FUTURE_AUXILIARIES = frozenset({"will", "'ll", "wo", "shall", "’ll"})
_FUTURE_HEADS = frozenset({
    "plan", "intend", "hope", "want", "expect", "agree", "promise", "vow", "pledge", "prepare", "threaten", "schedule",
    "aim", "seek", "propose", "decide", "due", "set", "likely", "ready", "urge", "call", "ask", "demand", "order",
})  # fmt: skip


class _Time(Enum):
    """The time that the verb's own form gives an act, seen from publication."""

    PAST = "past"
    BEFORE = "before"  # past perfect
    AHEAD = "ahead"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class _Dated:
    """A time expression tied to the parse: its first and last token, and the word it modifies."""

    timex: TimeExpression
    span: DateSpan
    root: Token
    governor: Token


@dataclass(frozen=True, slots=True)
class Dating:
    """The dates of one article, worked out once; `at` answers for any span of its text."""

    doc: Doc
    published: dt.date | None
    timexes: tuple[TimeExpression, ...]
    _sentences: tuple[tuple[_Dated, ...], ...]
    _starts: tuple[int, ...]

    def at(self, start: int, end: int) -> EventDate:
        """Date the act whose words are [start, end), characters of the article.

        Returns:
            The date with its basis; basis `none` where neither the text nor a publication date tells.
        """
        head = self._head(start, end)
        if head is None:
            return self._fallback(None)
        here = self._sentences[self._sentence_index(head)]
        best = _choose(head, here)
        if best is not None:
            dated, basis = best
            return self._dated(head, dated, basis)
        return self._carried(head) or self._fallback(head)

    def _head(self, start: int, end: int) -> Token | None:
        tokens = self.doc.char_span(start, max(end, start + 1), alignment_mode="expand") if self.doc.text else None
        return tokens.root if tokens is not None and len(tokens) else None

    def _sentence_index(self, token: Token) -> int:
        return max(bisect_right(self._starts, token.i) - 1, 0)

    def _dated(self, head: Token, dated: _Dated, basis: Basis) -> EventDate:
        span = dated.span
        note = f"“{dated.timex.text}”" + (" in the same sentence" if basis is Basis.SENTENCE else "")
        return EventDate(span.start, span.end, span.precision, basis, dated.timex, note)

    def _carried(self, head: Token) -> EventDate | None:
        return None

    def _fallback(self, head: Token | None) -> EventDate:
        """The publication date, or the open span that the tense allows around it."""
        day = self.published
        if day is None:
            return EventDate(None, None, Precision.UNKNOWN, Basis.NONE, None, self._unplaced(head))
        time = time_of(head) if head is not None else _Time.PAST
        if time is _Time.AHEAD:
            note = "still to come when the article was published"
            return EventDate(day + dt.timedelta(1), None, Precision.UNKNOWN, Basis.PUBLISHED, None, note)
        return EventDate(day, day, Precision.DAY, Basis.PUBLISHED, None, "the day of publication; the text gives no date")

    def _unplaced(self, head: Token | None) -> str:
        """Why nothing could be placed: the note of the sentence's own expression, if it has one."""
        notes = [timex.note for timex in self.timexes if timex.note and head is not None
                 and head.sent.start_char <= timex.start < head.sent.end_char]  # fmt: skip
        return notes[0] if notes else "the article has no publication date and the passage names none"


def build_dating(doc: Doc, timexes: Sequence[TimeExpression], published: dt.date | None) -> Dating:
    """Tie an article's time expressions to its parse; `doc.text` must be the article's text."""
    sentences = list(doc.sents)
    starts = tuple(sentence.start for sentence in sentences)
    held: list[list[_Dated]] = [[] for _ in sentences]
    for timex in timexes:
        dated = _tie(doc, timex)
        if dated is not None:
            held[max(bisect_right(starts, dated.root.i) - 1, 0)].append(dated)
    return Dating(doc, published, tuple(timexes), tuple(map(tuple, held)) or ((),), starts or (0,))


def date_event(
    doc: Doc, start: int, end: int, timexes: Sequence[TimeExpression], published: dt.date | None
) -> EventDate:
    """Date one span; for many spans of an article build a `Dating` once."""
    return build_dating(doc, timexes, published).at(start, end)


def _tie(doc: Doc, timex: TimeExpression) -> _Dated | None:
    if timex.span is None or timex.type not in {TimexType.DATE, TimexType.TIME}:
        return None
    tokens = doc.char_span(timex.start, timex.end, alignment_mode="expand")
    if tokens is None or not len(tokens):
        return None
    return _Dated(timex, timex.span, tokens.root, _governor(tokens))


def _governor(tokens: Span) -> Token:
    """The word that the expression modifies, prepositions skipped."""
    token = tokens.root
    while token.head != token and (token.head.pos_ == "ADP" or token.head.dep_ in {"prep", "pobj", "npadvmod"} and token.head.pos_ != "VERB"):
        token = token.head
    return token.head


def clause_of(token: Token) -> Token:
    """The head of the clause that a word stands in: its verb, or the root."""
    while token.head != token and not (token.dep_ in _CLAUSES and token.pos_ in {"VERB", "AUX"}):
        token = token.head
    return token


def _choose(head: Token, dated: Iterable[_Dated]) -> tuple[_Dated, Basis] | None:
    """The expression of the sentence that governs the act, with its basis; None if none does."""
    ranked = []
    for one in dated:
        rank = _rank(head, one)
        if rank is not None:
            ranked.append((rank, abs(one.root.i - head.i), one.root.i, one))
    if not ranked:
        return None
    rank, *_, best = min(ranked, key=lambda entry: entry[:3])
    return best, Basis.STATED if rank < 2 else Basis.SENTENCE


def _rank(head: Token, one: _Dated) -> int | None:
    """How closely an expression belongs to an act: 0 modifies it, 1 same clause, 2 related clause, None not."""
    governor = one.governor
    if governor == head or (one.root in head.subtree and clause_of(governor) == head):
        return 0
    clause, own = clause_of(governor), clause_of(head)
    if clause == own:
        return 1
    if _shares(own, clause):
        return 2
    return None


def _shares(own: Token, other: Token) -> bool:
    """Whether a clause takes its time from another: coordinated, or controlled by it."""
    if own.dep_ in {"conj", "xcomp"} and own.head == other:
        return True
    if other.dep_ in {"conj", "xcomp"} and other.head == own:
        return True
    return False


def time_of(head: Token) -> _Time:
    """The time that the form of the verb gives."""
    clause = head if head.pos_ in {"VERB", "AUX"} else clause_of(head)
    auxiliaries = [child for child in clause.children if child.dep_ in {"aux", "auxpass"}]
    words = {child.lower_ for child in auxiliaries}
    if words & _FUTURE_AUXILIARIES:
        return _Time.AHEAD
    if clause.dep_ == "xcomp" and clause.tag_ == "VB" and clause.head.lemma_.lower() in _FUTURE_HEADS and "to" in words:
        return _Time.AHEAD
    if any(child.lower_ == "had" for child in auxiliaries):
        return _Time.BEFORE
    if clause.tag_ in {"VBD", "VBN"} or any(child.tag_ == "VBD" for child in auxiliaries):
        return _Time.PAST
    return _Time.PRESENT
