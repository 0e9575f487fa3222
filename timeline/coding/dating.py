"""When an act happened: the time expression that governs it, or the best that the article offers instead.

In order: an expression in the act's own clause, one elsewhere in its sentence, one that an earlier sentence
of the passage set and nothing has changed since, the publication date. What is still to come gets an open
span after publication, what lies further back than the report an open span before it; no day is invented.
The `basis` and the `note` of the result say which of these it was.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from spacy.tokens import Doc, Span, Token

from timeline.records import Basis, DateSpan, EventDate, Precision, TimeExpression, TimexType

_CLAUSES = frozenset(
    {"ROOT", "conj", "ccomp", "advcl", "relcl", "acl", "parataxis", "pcomp", "csubj", "csubjpass", "xcomp"}
)
_REPORTING = frozenset({
    "say", "tell", "report", "announce", "state", "add", "claim", "declare", "confirm", "note", "warn", "write",
    "think", "believe", "estimate", "argue", "insist", "suggest", "acknowledge", "admit", "deny", "explain", "reveal",
    "predict", "expect", "hope", "quote", "comment", "indicate", "tweet", "conclude", "show", "find", "learn", "know",
})  # fmt: skip
_LIGHT = frozenset(
    {"make", "take", "give", "have", "come", "begin", "start", "continue", "hold", "become", "day", "time"}
)
_ENDINGS = re.compile(
    r"(?:isation|ization|ation|ition|ssion|sion|tion|ion|ment|ing|ure|al|er|or|ance|ence|ed|es|de|te|s|e)$"
)
_STEM_MIN = 4
_CARRY_SENTENCES = 2
_VAGUE = 10  # any exact date of the sentence comes before "recently"
_SINCE_WORDS = 12  # how far after "since" its date may stand
_HISTORY_DATES, _HISTORY_DAYS, _HISTORY_SHARE = 5, 366, 0.85
_FUTURE_AUXILIARIES = frozenset({"will", "'ll", "wo", "shall", "’ll"})
_FUTURE_HEADS = frozenset({
    "plan", "intend", "expect", "vow", "pledge", "promise", "prepare", "threaten", "schedule", "due", "set", "likely",
    "go", "slate",
})  # fmt: skip


class _Time(Enum):
    """The time that the verb's own form gives an act, seen from publication."""

    PAST = "past"
    PERFECT = "perfect"  # has done: a past that English does not date
    BEFORE = "before"  # had done
    PRESENT = "present"
    AHEAD = "ahead"
    OPEN = "open"  # infinitives, participles, nouns


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
        if stem not in self._named or not _is_old(head):
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
                if token.lemma_ == head.lemma_ and token.pos_ == "NOUN" and _is_definite(token):
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
        tells = time_of(head) is _Time.PAST and _leads(head) and head.lemma_.lower() not in _REPORTING
        if not (tells or self.narrative):
            return None
        for index in range(here - 1, max(here - _CARRY_SENTENCES, 0) - 1 if not self.narrative else -1, -1):
            if not self.narrative and self._breaks_between(index, index + 1):
                return None
            root = _told_by(self.doc[self._starts[index]].sent.root)
            best = _choose(root, self._sentences[index], self.published)
            if best is not None and root.lemma_.lower() not in _REPORTING:
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
        time = time_of(head) if head is not None else _Time.PAST
        if time is _Time.AHEAD:
            note = "still to come when the article was published"
            return EventDate(day + dt.timedelta(1), None, Precision.UNKNOWN, Basis.PUBLISHED, None, note)
        if time is _Time.BEFORE:
            note = "further back than the report; the text does not say when"
            return EventDate(None, day - dt.timedelta(1), Precision.UNKNOWN, Basis.PUBLISHED, None, note)
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


def clause_of(token: Token) -> Token:
    """The head of the clause that a word stands in: its verb, or the root."""
    while token.head != token and not (token.dep_ in _CLAUSES and token.pos_ in {"VERB", "AUX"}):
        token = token.head
    return token


def _choose(head: Token, dated: Iterable[_Dated], published: dt.date | None) -> tuple[_Dated, Basis] | None:
    """The expression of the sentence that governs the act, with its basis; None if none does."""
    time = time_of(head)
    ranked = []
    for one in dated:
        rank = _rank(head, one)
        if rank is None or not _agrees(time, one.span, published) or not _can_last(time, rank, one):
            continue
        if one.span.start is None:
            rank += _VAGUE
        ranked.append((rank, abs(one.root.i - head.i), one.root.i, one))
    if not ranked:
        return None
    rank, *_, best = min(ranked, key=lambda entry: entry[:3])
    return best, Basis.STATED if rank % _VAGUE < 2 else Basis.SENTENCE


def _can_last(time: _Time, rank: int, one: _Dated) -> bool:
    """Whether a length of time dates the act: "has fallen in the past three months", "were hit in recent weeks"."""
    if one.span.start is None:
        return rank < 2 and time in ({_Time.PERFECT} if _is_bare(one.timex) else {_Time.PAST, _Time.PERFECT})
    return one.timex.type is not TimexType.DURATION or (rank < 2 and time in {_Time.PAST, _Time.PERFECT})


def _is_bare(timex: TimeExpression) -> bool:
    """ "for years", "hours later": a length that does not say when it ended."""
    words = timex.text.lower().split()
    return timex.type is TimexType.DURATION and not {"recent", "last", "past"} & set(words)


def _agrees(time: _Time, span: DateSpan, published: dt.date | None) -> bool:
    """Whether the form of a verb allows a date: nobody "has sent last year" or "voted next year"."""
    start, end = span.start, span.end
    if published is None or start is None or end is None:
        return True
    if time in {_Time.PAST, _Time.BEFORE}:
        return start <= published
    if time is _Time.PERFECT:
        return start <= published <= end
    if time is _Time.AHEAD:
        return end >= published
    return True


def _leads(head: Token) -> bool:
    """Whether an act is what its sentence tells, or reports that somebody tells."""
    above = head.head
    reported = head.dep_ == "ccomp" and above.dep_ == "ROOT" and above.lemma_.lower() in _REPORTING
    return head.dep_ in {"ROOT", "conj"} or reported


def _told_by(root: Token) -> Token:
    """The act that a sentence tells: what is reported where it reports."""
    if root.lemma_.lower() not in _REPORTING:
        return root
    return next((child for child in root.children if child.dep_ == "ccomp" and child.pos_ in {"VERB", "AUX"}), root)


def _is_report_of_earlier(head: Token, dated: _Dated) -> bool:
    """Whether a date is that of saying what "had" happened before."""
    clause = clause_of(dated.governor)
    apart = clause != head and clause != clause_of(head)
    return apart and time_of(head) is _Time.BEFORE and clause.lemma_.lower() in _REPORTING


def _since_of(head: Token) -> Token | None:
    """The "since" that says from when an act in the perfect has been going on."""
    if time_of(head) is not _Time.PERFECT:
        return None
    for child in head.children:
        if child.lower_ == "since" and child.i > head.i:
            return child
        if child.dep_ == "advcl":
            for mark in child.children:
                if mark.lower_ == "since" and mark.dep_ in {"mark", "advmod", "prep"}:
                    return mark
    return None


def _rank(head: Token, one: _Dated) -> int | None:
    """How closely an expression belongs to an act: 0 modifies it, 1 same clause, 2 related clause, 3 same sentence."""
    governor = one.governor
    if head in (governor, one.noun):
        return 0
    if one.root.dep_ in {"poss", "compound", "nmod", "amod", "nummod"}:  # "Thursday's attack" dates the attack alone
        return None
    clause, own = clause_of(governor), clause_of(head)
    if clause == head:
        return 0
    if clause == own:
        return 1
    if _shares(own, clause):
        return 2
    return 3 if _governs(clause, own) else None


def _governs(clause: Token, own: Token) -> bool:
    """Whether a clause stands above another, so that its date may hold there too; a subordinate one dates only itself.

    "The move, which followed the attack on Monday, surprised nobody" says nothing of the day of the surprise.
    """
    return clause.is_ancestor(own)


def _shares(own: Token, other: Token) -> bool:
    """Whether a clause takes its time from another: controlled by it, or coordinated with it.

    A date in a second conjunct reaches back to the first only where both have the same subject: "was shot and
    killed Thursday", not "they demanded money, but talks broke off Thursday".
    """
    if own.dep_ in {"conj", "xcomp"} and own.head == other:
        return True
    if other.dep_ == "advcl" and other.head == own:  # "when X did this on Monday, Y did that"
        return any(child.lower_ in {"when", "while", "as"} for child in other.children)
    if other.dep_ not in {"conj", "xcomp"} or other.head != own:
        return False
    return not any(child.dep_ in {"nsubj", "nsubjpass"} for child in other.children)


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
    if one.governor.lemma_.lower() in _LIGHT:
        acts += [child for child in one.governor.children if child.dep_ in {"dobj", "nsubjpass"}]
    return acts if one.noun is None or one.noun in acts else [*acts, one.noun]


def stem_of(token: Token) -> str:
    """A stem that a verb and its noun share ("invade", "invasion"); "" for words too common to name an act."""
    word = token.lemma_.lower()
    if word in _REPORTING or word in _LIGHT or not word.isalpha():
        return ""
    stem = _ENDINGS.sub("", word)
    return stem if len(stem) >= _STEM_MIN else ""


def _is_definite(noun: Token) -> bool:
    return any(child.lower_ in {"the", "this", "that"} or child.dep_ == "poss" for child in noun.children)


def _is_old(head: Token) -> bool:
    """Whether words name an act as known: a definite noun, or a verb that tells of it in the past."""
    if head.pos_ in {"NOUN", "PROPN"}:
        marks = {child.lower_ for child in head.children if child.dep_ in {"det", "poss"}}
        return not marks & {"a", "an", "another", "any", "no", "each", "every"} and head.tag_ not in {"NNS", "NNPS"}
    return time_of(head) in {_Time.PAST, _Time.BEFORE, _Time.OPEN}


def time_of(head: Token) -> _Time:
    """The time that the form of the verb gives; of a noun, that of the clause it stands in is not its own."""
    if head.pos_ not in {"VERB", "AUX"}:
        return _Time.OPEN
    auxiliaries = {child.lower_ for child in head.children if child.dep_ in {"aux", "auxpass"}}
    if auxiliaries & _FUTURE_AUXILIARIES:
        return _Time.AHEAD
    if head.tag_ == "VB" and "to" in auxiliaries:
        return _Time.AHEAD if _is_planned(head) else _Time.OPEN
    if auxiliaries & {"would", "could", "might", "may", "should", "can", "must"}:
        return _Time.OPEN
    if "had" in auxiliaries:
        return _Time.BEFORE
    if auxiliaries & {"has", "have", "'ve", "’ve", "'s"} and head.tag_ in {"VBN", "VBD"}:
        return _Time.PERFECT
    if head.tag_ == "VBD" or auxiliaries & {"was", "were", "did"}:
        return _Time.PAST
    if head.tag_ in {"VBZ", "VBP"} or auxiliaries & {"is", "are", "am", "do", "does"}:
        return _Time.PRESENT
    return _Time.OPEN


def _is_planned(head: Token) -> bool:
    """ "plans to …", "said it planned to …"; not "they planned to …", a plan of a past that may be over."""
    plan = head.head
    if head.dep_ != "xcomp" or plan.lemma_.lower() not in _FUTURE_HEADS:
        return False
    if plan.head.lemma_ == "be" and plan.head.tag_ == "VBD":  # "was due to fly"
        return False
    reported = plan.dep_ == "ccomp" and plan.head.lemma_.lower() in _REPORTING
    return reported or time_of(plan) in {_Time.PRESENT, _Time.PERFECT, _Time.OPEN}
