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

from spacy.tokens import Doc, Span, Token

from timeline.coding.governing import (
    Dated,
    agrees,
    choose,
    clip,
    is_report_of_earlier,
    join_ranges,
    shift,
    since_of,
    since_then,
    stands_alone,
    tie,
)
from timeline.coding.grammar import is_passive
from timeline.coding.offsets import find_offsets, shift_span
from timeline.coding.passages import Topic, find_topic, is_lined, is_on_topic, tells
from timeline.coding.same_acts import NamedActs, named_acts, same_act
from timeline.coding.tense import REPORTING, Time, clause_of, is_definite, is_old, time_of, told_by
from timeline.records import Basis, DateSpan, EventDate, Precision, TimeExpression, TimexType

_CARRY_SENTENCES = 2
_COARSE = frozenset({Precision.WEEK, Precision.MONTH})  # where an act told again may have its day from elsewhere
_SINCE_WORDS = 12  # how far after "since" its date may stand
_HISTORY_DATES, _HISTORY_DAYS, _HISTORY_SHARE = 5, 366, 0.85


@dataclass(frozen=True, slots=True)
class Dating:
    """The dates of one article, worked out once; `at` answers for any span of its text."""

    doc: Doc
    published: dt.date | None
    timexes: tuple[TimeExpression, ...]
    narrative: bool
    _sentences: tuple[tuple[Dated, ...], ...]
    _starts: tuple[int, ...]
    _named: NamedActs
    _topic: Topic | None
    _lined: bool

    def at(self, start: int, end: int) -> EventDate:
        """Date the act whose words are [start, end), characters of the article.

        Returns:
            The date with its basis; basis `none` where neither the text nor a publication date tells.
        """
        head = self._head(start, end)
        if head is None:
            return self._fallback(None)
        here = self._sentences[self._sentence_index(head)]
        since = self._since(head, here) or self._since_then(head)
        if since is not None:
            return since
        best = choose(head, here, self.published)
        if best is not None and is_report_of_earlier(head, best[0]):
            return self._again(head) or self._resumed(head) or self._reported_by(best[0])
        beside = self._beside(head, best)
        if beside is not None:
            return beside
        if best is not None:
            dated, basis = best
            again = self._again(head) if basis is Basis.SENTENCE else self._again(head, within=dated.span)
            return again or self._dated(head, dated, basis)
        return self._joined(head) or self._elsewhere(head) or self._shared(head) or self._fallback(head)

    def _joined(self, head: Token) -> EventDate | None:
        """ "Three were killed and ten wounded on Monday": one blow, dated once, behind its last verb."""
        for other in head.children:
            if other.dep_ == "conj" and other.i > head.i and is_passive(head) and is_passive(other):
                best = choose(other, self._sentences[self._sentence_index(other)], self.published)
                if best is not None and best[1] is Basis.STATED:
                    return self._dated(head, best[0], Basis.SENTENCE)
        return None

    def _beside(self, head: Token, own: tuple[Dated, Basis] | None) -> EventDate | None:
        """The date that another act of the sentence lends: "resigned two days after the search"."""
        for offset in find_offsets(head):
            other, number = offset.other(head)
            keeps = {head} if head.pos_ == "NOUN" else {head, clause_of(head)} - {other}
            if own is not None and own[1] is Basis.STATED and own[0].governor in keeps:
                continue
            best = choose(other, self._sentences[self._sentence_index(other)], self.published)
            if best is not None and other.pos_ == "NOUN" and other not in (best[0].governor, best[0].noun):
                best = None  # "today, a week before an election"
            known = self._dated(other, *best) if best is not None else self._elsewhere(other)
            now = {Time.PAST, Time.PERFECT} if number < 0 else {Time.PRESENT}  # "this is the eve of the visit"
            if known is None and time_of(other) in now:
                known = self._fallback(other)
            span = shift_span(DateSpan(known.start, known.end, known.precision), number, offset.unit) if known else None
            if known is not None and span is not None and agrees(time_of(head), span, self.published):
                note = f"{offset.number} {offset.unit}(s) {'after' if number > 0 else 'before'} “{other.text}”"
                return EventDate(span.start, span.end, span.precision, Basis.SENTENCE, known.timex, note)
        return None

    def _elsewhere(self, head: Token) -> EventDate | None:
        """The date of an act that its own sentence does not date."""
        return self._again(head) or self._resumed(head) or self._carried(head) or self._topical(head)

    def _shared(self, head: Token) -> EventDate | None:
        """The date that the verb of its clause has from elsewhere: "it had signed a contract to buy ten jets"."""
        if time_of(head) is not Time.OPEN:
            return None
        clause = clause_of(head if head.pos_ == "NOUN" else head.head)
        return None if clause == head else self._elsewhere(clause)

    def _head(self, start: int, end: int) -> Token | None:
        tokens = self.doc.char_span(start, max(end, start + 1), alignment_mode="expand") if len(self.doc) else None
        return tokens.root if tokens is not None and len(tokens) else None

    def _sentence(self, index: int) -> Span:
        ends = (*self._starts[index + 1 : index + 2], len(self.doc))
        return self.doc[self._starts[index] : ends[0]]

    def _sentence_index(self, token: Token) -> int:
        return max(bisect_right(self._starts, token.i) - 1, 0)

    def _dated(self, head: Token, dated: Dated, basis: Basis) -> EventDate:
        span = dated.span
        if span.start is None:
            note = f"“{dated.timex.text}”: before publication, and no nearer"
            return EventDate(None, span.end, Precision.UNKNOWN, Basis.STATED, dated.timex, note)
        span = clip(span, Time.PAST if head.tag_ == "VBN" else time_of(head), self.published)
        note = f"“{dated.timex.text}”" + (" in the same sentence" if basis is Basis.SENTENCE else "")
        return EventDate(span.start, span.end, span.precision, basis, dated.timex, note)

    def _reported_by(self, dated: Dated) -> EventDate:
        """What "said on Monday that they had left" tells: it was by Monday."""
        note = f"by “{dated.timex.text}”, when it was reported"
        return EventDate(None, dated.span.end, Precision.UNKNOWN, Basis.SENTENCE, dated.timex, note)

    def _since(self, head: Token, here: Iterable[Dated]) -> EventDate | None:
        """What "has been going on since June" or adds up "since the war began in 2011": from then to publication."""
        mark = since_of(head)
        if mark is None or self.published is None:
            return None
        for one in here:
            start = one.span.start
            if mark.i < one.root.i <= mark.i + _SINCE_WORDS and start is not None and start <= self.published:
                note = f"since “{one.timex.text}”, up to publication"
                return EventDate(start, self.published, Precision.APPROXIMATE, Basis.STATED, one.timex, note)
        return None

    def _since_then(self, head: Token) -> EventDate | None:
        """What has happened "since" or "since then": from the last date named before it to publication."""
        mark = since_then(head)
        if mark is None or self.published is None:
            return None
        here = self._sentence_index(mark)
        near = [one for index in (here - 1, here) if index >= 0 for one in self._sentences[index]]
        before = [one for one in near if one.root.i < mark.i and one.timex.type is TimexType.DATE and one.span.start]
        start = before[-1].span.start if before else None
        if start is None or not start < self.published:
            return None
        note = f"since “{before[-1].timex.text}”, up to publication"
        return EventDate(start, self.published, Precision.APPROXIMATE, Basis.CARRIED, before[-1].timex, note)

    def _again(self, head: Token, within: DateSpan | None = None) -> EventDate | None:
        """The date of an act that the article has dated elsewhere and here only names again: "the invasion".

        Where this sentence has a date of its own, the other one must be the nearer one: a day `within` its month.
        """
        time = time_of(head)
        again = is_old(head) or time is Time.PERFECT
        dated = same_act(head, self._named, shared=within is not None) if again else None
        if dated is None or not agrees(Time.PAST if time is Time.PERFECT else time, dated.span, self.published):
            return None
        if within is not None and not (within.precision in _COARSE and _lies_in(dated.span, within)):
            return None
        span, note = dated.span, f"“{dated.timex.text}”, where the article names the same act"
        return EventDate(span.start, span.end, span.precision, Basis.CARRIED, dated.timex, note)

    def _resumed(self, head: Token) -> EventDate | None:
        """The date of "a call" from a later sentence that resumes it as "the call" and has a date.

        "They spoke in a call. The ministry said on Thursday that during the call …"
        """
        if head.pos_ == "VERB":  # "they discussed it in a call"
            nouns = [noun for prep in head.children if prep.lower_ in {"during", "in", "at"} for noun in prep.children]
            return next((date for noun in nouns if noun.pos_ == "NOUN" and (date := self._resumed(noun))), None)
        if head.pos_ != "NOUN" or not any(child.lower_ in {"a", "an"} for child in head.children):
            return None
        here = self._sentence_index(head)
        for index in range(here + 1, min(here + 1 + _CARRY_SENTENCES, len(self._starts))):
            for token in self._sentence(index):
                if token.lemma_ == head.lemma_ and token.pos_ == "NOUN" and is_definite(token):
                    best = choose(token, self._sentences[index], self.published)
                    if best is not None:
                        span, timex = best[0].span, best[0].timex
                        note = f"“{timex.text}”, where a later sentence resumes it"
                        return EventDate(span.start, span.end, span.precision, Basis.CARRIED, timex, note)
        return None

    def _carried(self, head: Token) -> EventDate | None:
        """The date that an earlier sentence of the paragraph set for its own act, where this one tells on.

        Only main clauses in the past tell on; what somebody says is said on the day of publication. A history,
        which was not written when it happened, tells on through the whole text.
        """
        here = self._sentence_index(head)
        if not (self.narrative or (time_of(head) is Time.PAST and tells(head))):
            return None
        for index in range(here - 1, max(here - _CARRY_SENTENCES, 0) - 1 if not self.narrative else -1, -1):
            if not self.narrative and self._breaks_between(index, index + 1):
                return None
            root = told_by(self._sentence(index).root)
            best = choose(root, self._sentences[index], self.published)
            if best is not None and clause_of(best[0].governor).dep_ == "advcl" and not self.narrative:
                return None  # "when they chose X in May, Y protested. The board …"
            if best is not None and root.lemma_.lower() not in REPORTING:
                dated, span = best[0], best[0].span
                if span.start is None or not (self.narrative or self._continues(head, span)):
                    return None
                note = f"“{dated.timex.text}”, in an earlier sentence"
                return EventDate(span.start, span.end, span.precision, Basis.CARRIED, dated.timex, note)
        return None

    def _continues(self, head: Token, span: DateSpan) -> bool:
        """Whether an act may stand at a date that was set before it: an exact day that its tense allows."""
        return span.precision is Precision.DAY and agrees(time_of(head), span, self.published)

    def _breaks_between(self, first: int, second: int) -> bool:
        """Whether a paragraph ends between two sentences."""
        gap = self.doc[self._starts[first] : self._starts[second]].text_with_ws
        return "\n" in gap[-3:] and not self._lined

    def _topical(self, head: Token) -> EventDate | None:
        """The day of what the article is about, for acts that belong to it."""
        if self._topic is None or self.narrative or not is_on_topic(head, self._topic):
            return None
        span, timex = self._topic.dated.span, self._topic.dated.timex
        note = f"“{timex.text}”, the day of what the article opens with"
        return EventDate(span.start, span.end, span.precision, Basis.CARRIED, timex, note)

    def _fallback(self, head: Token | None) -> EventDate:
        """The publication date, or the open span that the tense allows around it."""
        day = None if self.narrative else self.published
        if day is None:
            return EventDate(None, None, Precision.UNKNOWN, Basis.NONE, None, self._unplaced(head))
        time = time_of(head) if head is not None else Time.PAST
        if time is Time.AHEAD:
            note = "still to come when the article was published"
            return EventDate(shift(day, 1), None, Precision.UNKNOWN, Basis.PUBLISHED, None, note)
        if time is Time.BEFORE:
            note = "further back than the report; the text does not say when"
            return EventDate(None, shift(day, -1), Precision.UNKNOWN, Basis.PUBLISHED, None, note)
        return EventDate(
            day, day, Precision.DAY, Basis.PUBLISHED, None, "the day of publication; the text gives no date"
        )

    def _unplaced(self, head: Token | None) -> str:
        """Why nothing could be placed: the note of the sentence's own expression, if it has one."""
        sentence = self._sentence(self._sentence_index(head)) if head is not None else None
        notes = [timex.note for timex in self.timexes if timex.note and sentence is not None
                 and sentence.start_char <= timex.start < sentence.end_char]  # fmt: skip
        if notes:
            return notes[0]
        if self.narrative:
            return "the text tells of a time long before its publication, and the passage names no date"
        return "the article has no publication date and the passage names none"


def _lies_in(day: DateSpan, span: DateSpan) -> bool:
    if day.start is None or span.start is None or span.end is None:
        return False
    return span.start <= day.start <= span.end


def build_dating(doc: Doc, timexes: Sequence[TimeExpression], published: dt.date | None) -> Dating:
    """Tie an article's time expressions to its parse; `doc.text` must be the article's text."""
    text, sentences = doc.text, list(doc.sents)
    starts = tuple(sentence.start for sentence in sentences)
    held: list[list[Dated]] = [[] for _ in sentences]
    for timex in timexes:
        dated = None if stands_alone(text, timex) else tie(doc, timex, published)
        if dated is not None:
            held[max(bisect_right(starts, dated.root.i) - 1, 0)].append(dated)
    held = [join_ranges(text, sentence) for sentence in held]
    named = named_acts(dated for sentence in held for dated in sentence)
    narrative = is_history(timexes, published)
    topic, lined = find_topic(doc, starts, held, published), is_lined(doc, starts)
    held_tuple = tuple(map(tuple, held)) or ((),)
    return Dating(doc, published, tuple(timexes), narrative, held_tuple, starts or (0,), named, topic, lined)


def date_event(
    doc: Doc, start: int, end: int, timexes: Sequence[TimeExpression], published: dt.date | None
) -> EventDate:
    """Date one span; for many spans of an article build a `Dating` once."""
    return build_dating(doc, timexes, published).at(start, end)


def is_history(timexes: Iterable[TimeExpression], published: dt.date | None) -> bool:
    """Whether an article tells of times long before its publication: its dates lie there, hardly any near it."""
    ends = [timex.span.end for timex in timexes if timex.span is not None and timex.span.end is not None]
    if published is None:
        return len(ends) >= _HISTORY_DATES
    far = sum((published - end).days > _HISTORY_DAYS for end in ends)
    return far >= _HISTORY_DATES and far >= _HISTORY_SHARE * len(ends)
