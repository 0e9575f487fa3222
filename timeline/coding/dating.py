"""When an act happened: the time expression that governs it, or the best that the article offers instead.

In order: an expression in the act's own clause, one elsewhere in its sentence, one that an earlier sentence
of the passage set and nothing has changed since, the publication date. What is still to come gets an open
span after publication, what lies further back than the report an open span before it; no day is invented.
The `basis` and the `note` of the result say which of these it was.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from timeline.coding.tense import (
    LIGHT,
    REPORTING,
    Time,
    clause_of,
    governs,
    is_definite,
    is_old,
    leads,
    shares,
    stem_of,
    time_of,
    told_by,
)
from timeline.records import Basis, DateSpan, EventDate, Precision, TimeExpression, TimexType

_CARRY_SENTENCES = 2
_EFFECTS = frozenset({
    "kill", "wound", "injure", "hit", "strike", "destroy", "damage", "target", "leave", "claim", "cause", "hurt",
    "maim", "wreck", "level", "displace", "die", "capture", "arrest", "detain", "take", "seize",
})  # fmt: skip
_VAGUE = 10  # any exact date of the sentence comes before "recently"
_SINCE_WORDS = 12  # how far after "since" its date may stand
_HISTORY_DATES, _HISTORY_DAYS, _HISTORY_SHARE = 5, 366, 0.85


@dataclass(frozen=True, slots=True)
class _Dated:
    """A time expression tied to the parse: its first and last token, and the word it modifies."""

    timex: TimeExpression
    span: DateSpan
    root: Token
    governor: Token
    noun: Token | None  # the noun that it follows: "his capture on 26 March"


@dataclass(frozen=True, slots=True)
class Dating:
    """The dates of one article, worked out once; `at` answers for any span of its text."""

    doc: Doc
    published: dt.date | None
    timexes: tuple[TimeExpression, ...]
    narrative: bool
    _sentences: tuple[tuple[_Dated, ...], ...]
    _starts: tuple[int, ...]
    _named: Mapping[str, tuple[_Dated, ...]]

    def at(self, start: int, end: int) -> EventDate:
        """Date the act whose words are [start, end), characters of the article.

        Returns:
            The date with its basis; basis `none` where neither the text nor a publication date tells.
        """
        head = self._head(start, end)
        if head is None:
            return self._fallback(None)
        here = self._sentences[self._sentence_index(head)]
        since = self._since(head, here)
        if since is not None:
            return since
        best = _choose(head, here, self.published)
        if best is not None and _is_report_of_earlier(head, best[0]):
            return self._again(head) or self._resumed(head) or self._reported_by(best[0])
        if best is not None:
            dated, basis = best
            return self._dated(head, dated, basis)
        return self._again(head) or self._resumed(head) or self._carried(head) or self._fallback(head)

    def _head(self, start: int, end: int) -> Token | None:
        tokens = self.doc.char_span(start, max(end, start + 1), alignment_mode="expand") if len(self.doc) else None
        return tokens.root if tokens is not None and len(tokens) else None

    def _sentence_index(self, token: Token) -> int:
        return max(bisect_right(self._starts, token.i) - 1, 0)

    def _dated(self, head: Token, dated: _Dated, basis: Basis) -> EventDate:
        span = dated.span
        if span.start is None:
            note = f"“{dated.timex.text}”: before publication, and no nearer"
            return EventDate(None, span.end, Precision.UNKNOWN, Basis.STATED, dated.timex, note)
        span = _clip(span, Time.PAST if head.tag_ == "VBN" else time_of(head), self.published)
        note = f"“{dated.timex.text}”" + (" in the same sentence" if basis is Basis.SENTENCE else "")
        return EventDate(span.start, span.end, span.precision, basis, dated.timex, note)

    def _reported_by(self, dated: _Dated) -> EventDate:
        """What "said on Monday that they had left" tells: it was by Monday."""
        note = f"by “{dated.timex.text}”, when it was reported"
        return EventDate(None, dated.span.end, Precision.UNKNOWN, Basis.SENTENCE, dated.timex, note)

    def _since(self, head: Token, here: Iterable[_Dated]) -> EventDate | None:
        """What "has been going on since June" or adds up "since the war began in 2011": from then to publication."""
        mark = _since_of(head)
        if mark is None or self.published is None:
            return None
        for one in here:
            start = one.span.start
            if mark.i < one.root.i <= mark.i + _SINCE_WORDS and start is not None and start <= self.published:
                note = f"since “{one.timex.text}”, up to publication"
                return EventDate(start, self.published, Precision.APPROXIMATE, Basis.STATED, one.timex, note)
        return None

    def _again(self, head: Token) -> EventDate | None:
        """The date of an act that the article has dated elsewhere and here only names again: "the invasion"."""
        stem = stem_of(head)
        if stem not in self._named or not is_old(head):
            return None
        dated = min(self._named[stem], key=lambda one: abs(one.root.i - head.i))
        if not _agrees(time_of(head), dated.span, self.published):
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
            for token in self.doc[self._starts[index]].sent:
                if token.lemma_ == head.lemma_ and token.pos_ == "NOUN" and is_definite(token):
                    best = _choose(token, self._sentences[index], self.published)
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
        tells = time_of(head) is Time.PAST and leads(head) and head.lemma_.lower() not in REPORTING
        if not (tells or self.narrative):
            return None
        for index in range(here - 1, max(here - _CARRY_SENTENCES, 0) - 1 if not self.narrative else -1, -1):
            if not self.narrative and self._breaks_between(index, index + 1):
                return None
            root = told_by(self.doc[self._starts[index]].sent.root)
            best = _choose(root, self._sentences[index], self.published)
            if best is not None and root.lemma_.lower() not in REPORTING:
                dated, span = best[0], best[0].span
                if span.start is None or not (self.narrative or self._continues(head, span)):
                    return None
                note = f"“{dated.timex.text}”, in an earlier sentence"
                return EventDate(span.start, span.end, span.precision, Basis.CARRIED, dated.timex, note)
        return None

    def _continues(self, head: Token, span: DateSpan) -> bool:
        """Whether an act may stand at a date that was set before it: an exact day that its tense allows."""
        return span.precision is Precision.DAY and _agrees(time_of(head), span, self.published)

    def _breaks_between(self, first: int, second: int) -> bool:
        """Whether a paragraph ends between two sentences."""
        gap = self.doc[self._starts[first] : self._starts[second]].text_with_ws
        return "\n" in gap[-3:]

    def _fallback(self, head: Token | None) -> EventDate:
        """The publication date, or the open span that the tense allows around it."""
        day = None if self.narrative else self.published
        if day is None:
            return EventDate(None, None, Precision.UNKNOWN, Basis.NONE, None, self._unplaced(head))
        time = time_of(head) if head is not None else Time.PAST
        if time is Time.AHEAD:
            note = "still to come when the article was published"
            return EventDate(_shift(day, 1), None, Precision.UNKNOWN, Basis.PUBLISHED, None, note)
        if time is Time.BEFORE:
            note = "further back than the report; the text does not say when"
            return EventDate(None, _shift(day, -1), Precision.UNKNOWN, Basis.PUBLISHED, None, note)
        return EventDate(
            day, day, Precision.DAY, Basis.PUBLISHED, None, "the day of publication; the text gives no date"
        )

    def _unplaced(self, head: Token | None) -> str:
        """Why nothing could be placed: the note of the sentence's own expression, if it has one."""
        notes = [timex.note for timex in self.timexes if timex.note and head is not None
                 and head.sent.start_char <= timex.start < head.sent.end_char]  # fmt: skip
        if notes:
            return notes[0]
        if self.narrative:
            return "the text tells of a time long before its publication, and the passage names no date"
        return "the article has no publication date and the passage names none"


def _shift(day: dt.date, days: int) -> dt.date | None:
    """A day some days away; None beyond the calendar's first and last."""
    ordinal = day.toordinal() + days
    return dt.date.fromordinal(ordinal) if 1 <= ordinal <= dt.date.max.toordinal() else None


def build_dating(doc: Doc, timexes: Sequence[TimeExpression], published: dt.date | None) -> Dating:
    """Tie an article's time expressions to its parse; `doc.text` must be the article's text."""
    sentences = list(doc.sents)
    starts = tuple(sentence.start for sentence in sentences)
    held: list[list[_Dated]] = [[] for _ in sentences]
    for timex in timexes:
        dated = _tie(doc, timex, published)
        if dated is not None:
            held[max(bisect_right(starts, dated.root.i) - 1, 0)].append(dated)
    named = _named_acts(dated for sentence in held for dated in sentence)
    narrative = is_history(timexes, published)
    return Dating(doc, published, tuple(timexes), narrative, tuple(map(tuple, held)) or ((),), starts or (0,), named)


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


def _tie(doc: Doc, timex: TimeExpression, published: dt.date | None) -> _Dated | None:
    tokens = doc.char_span(timex.start, timex.end, alignment_mode="expand")
    if tokens is None or not len(tokens):
        return None
    span = timex.span or _vague_past(timex, tokens, published)
    if span is None:
        return None
    governor = _governor(tokens)
    if not _agrees(time_of(governor), span, published):
        governor = _nearest_act(tokens, span, published) or governor
    return _Dated(timex, span, tokens.root, governor, _noun_before(tokens))


def _vague_past(timex: TimeExpression, tokens: Span, published: dt.date | None) -> DateSpan | None:
    """The open span of "recently", "in recent weeks", "the last few days", "for years": no day can be told."""
    long = tokens.start > 0 and tokens.doc[tokens.start - 1].lower_ == "for"
    recent = timex.type is TimexType.DURATION and timex.value.startswith("PX") and (long or not _is_bare(timex))
    if published is None or not (timex.value == "PAST_REF" or recent):
        return None
    return DateSpan(None, published, Precision.UNKNOWN)


def _governor(tokens: Span) -> Token:
    """The word that the expression modifies, prepositions skipped."""
    token = tokens.root.head
    while token.pos_ == "ADP" and token.head != token:
        token = token.head
    above = token.head
    if token.tag_ == "VBG" and token.dep_ == "advcl" and above.i < tokens.start <= tokens.end <= token.i:
        return above  # "seized the road on Monday besieging the town": a participle opens its own clause
    return token


def _nearest_act(tokens: Span, span: DateSpan, published: dt.date | None) -> Token | None:
    """The verb before the expression whose form allows its date; the parser chose one that does not."""
    sentence = tokens.root.sent
    for index in range(tokens.start - 1, sentence.start - 1, -1):
        token = tokens.doc[index]
        if token.pos_ == "VERB" and _agrees(time_of(token), span, published):
            return token
    return None


def _noun_before(tokens: Span) -> Token | None:
    """The noun that the expression follows, perhaps with a preposition between."""
    index = tokens.start - 1
    if index > 0 and tokens.doc[index].pos_ in {"ADP", "DET"}:
        index -= 1
    token = tokens.doc[index] if index >= tokens.root.sent.start else None
    while token is not None and token.pos_ == "PROPN" and token.dep_ in {"compound", "pobj"}:
        above = token.head
        if above.lower_ == "of" and above.head.i < above.i:  # "the invasion of Veloria on 2 August"
            above = above.head
        if above.pos_ not in {"NOUN", "PROPN"}:
            break
        token = above
    return token if token is not None and token.pos_ == "NOUN" else None


def _choose(head: Token, dated: Iterable[_Dated], published: dt.date | None) -> tuple[_Dated, Basis] | None:
    """The expression of the sentence that governs the act, with its basis; None if none does."""
    time = time_of(head)
    ranked = []
    for one in dated:
        rank = _rank(head, one)
        if (time is Time.PAST or head.pos_ == "NOUN") and _says_since(one):
            continue
        if rank is None or not _agrees(time, one.span, published) or not _can_last(time, rank, one, published):
            continue
        if one.span.start is None:
            rank += _VAGUE
        ranked.append((rank, abs(one.root.i - head.i), one.root.i, one))
    if not ranked:
        return None
    rank, *_, best = min(ranked, key=lambda entry: entry[:3])
    return best, Basis.STATED if rank % _VAGUE < 2 else Basis.SENTENCE


def _says_since(one: _Dated) -> bool:
    """ "in power since 1963" dates no other act of the sentence to 1963."""
    first = one.root.left_edge.i
    return first > 0 and one.root.doc[first - 1].lower_ == "since"


def _clip(span: DateSpan, time: Time, published: dt.date | None) -> DateSpan:
    """What "attacked this week" allows ends at publication, what "will attack this week" begins there."""
    if published is None or span.start is None or span.end is None or not span.start <= published <= span.end:
        return span
    if time in {Time.PAST, Time.PERFECT, Time.BEFORE}:
        return replace(span, end=published)
    return replace(span, start=published) if time is Time.AHEAD else span


def _can_last(time: Time, rank: int, one: _Dated, published: dt.date | None) -> bool:
    """Whether a length of time dates the act: "has fallen in the past three months", "were hit in recent weeks"."""
    if one.span.start is None:
        return rank < 2 and time in ({Time.PERFECT} if _is_bare(one.timex) else {Time.PAST, Time.PERFECT})
    if one.timex.type is not TimexType.DURATION:
        return True
    ahead = published is not None and one.span.end is not None and one.span.end > published
    return rank < 2 and time in ({Time.AHEAD} if ahead else {Time.PAST, Time.PERFECT, Time.OPEN})


def _is_bare(timex: TimeExpression) -> bool:
    """ "for years", "hours later": a length that does not say when it ended."""
    words = timex.text.lower().split()
    return timex.type is TimexType.DURATION and not {"recent", "last", "past"} & set(words)


def _agrees(time: Time, span: DateSpan, published: dt.date | None) -> bool:
    """Whether the form of a verb allows a date: nobody "has sent last year" or "voted next year"."""
    start, end = span.start, span.end
    if published is None or start is None or end is None:
        return True
    if time in {Time.PAST, Time.BEFORE}:
        return start <= published
    if time is Time.PERFECT:
        return start <= published <= end
    if time is Time.AHEAD:
        return end >= published
    return True


def _is_report_of_earlier(head: Token, dated: _Dated) -> bool:
    """Whether a date is that of saying what "had" happened before."""
    clause = clause_of(dated.governor)
    apart = clause != head and clause != clause_of(head)
    return apart and time_of(head) is Time.BEFORE and clause.lemma_.lower() in REPORTING


def _since_of(head: Token) -> Token | None:
    """The "since" that says from when an act has been going on or has added up."""
    time = time_of(head)
    if time not in {Time.PERFECT, Time.PRESENT, Time.PAST} and head.pos_ != "NOUN":
        return None
    controlled = [child for child in head.children if child.dep_ == "xcomp"]  # "has been trying to leave since May"
    for child in (*head.children, *(below for verb in controlled for below in verb.children)):
        if child.lower_ == "since" and child.dep_ == "prep":
            return child
        if child.dep_ == "advcl" and time is Time.PERFECT:
            for mark in child.children:
                if mark.lower_ == "since" and mark.dep_ in {"mark", "advmod", "prep"}:
                    return mark
    return None


def _rank(head: Token, one: _Dated) -> int | None:
    """How closely an expression belongs to an act: 0 modifies it, 1 same clause, 2 related clause, 3 same sentence."""
    governor = one.governor
    if head in (governor, one.noun):
        return 0
    if one.root.dep_ in {"poss", "compound", "nmod", "amod", "nummod"}:  # "Thursday's attack" dates the attack
        return 1 if _works_through(head, governor) else None
    clause, own = clause_of(governor), clause_of(head)
    if clause == head:
        return 0
    if clause == own:
        return 1
    if shares(own, clause):
        return 2
    return 3 if governs(clause, own) else None


def _works_through(head: Token, noun: Token) -> bool:
    """Whether a verb tells what a dated act did: "Thursday's attack killed two", "were killed in Thursday's attack"."""
    if head.lemma_.lower() not in _EFFECTS:
        return False
    if noun.dep_ in {"nsubj", "nsubjpass"}:
        return noun.head == head
    return noun.dep_ == "pobj" and noun.head.lower_ in {"in", "by", "during"} and noun.head.head == head


def _named_acts(dated: Iterable[_Dated]) -> dict[str, tuple[_Dated, ...]]:
    """Acts by their stems, with the exact days that the text itself gives them."""
    named: dict[str, tuple[_Dated, ...]] = {}
    for one in dated:
        if one.timex.type is TimexType.DURATION:
            continue
        for act in _acts_dated(one) if one.span.precision is Precision.DAY and one.span.start else ():
            if act.pos_ in {"VERB", "NOUN", "PROPN"} and stem_of(act):
                named[stem_of(act)] = (*named.get(stem_of(act), ()), one)
    return named


def _acts_dated(one: _Dated) -> list[Token]:
    """The words whose act an expression dates: what it modifies, and the object of a light verb ("made its flight")."""
    acts = [one.governor]
    if one.governor.lemma_.lower() in LIGHT:
        acts += [child for child in one.governor.children if child.dep_ in {"dobj", "nsubjpass"}]
    return acts if one.noun is None or one.noun in acts else [*acts, one.noun]
