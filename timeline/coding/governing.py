"""Which time expression of a sentence governs an act.

An expression is tied to the word it modifies in the parse. It dates an act the more surely the closer that word
stands to it: the act itself, its clause, a clause that shares its time, the sentence. The form of the act's verb
rules expressions out: nobody "has sent last year".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from timeline.coding.grammar import is_infinitive, joined_verbs
from timeline.coding.tense import (
    INTENDING,
    REPORTING,
    SPEAKING,
    Time,
    clause_of,
    governs,
    sentence_start,
    shares,
    time_of,
)
from timeline.records import Basis, DateSpan, Precision, TimeExpression, TimexType

_EFFECTS = frozenset({
    "kill", "wound", "injure", "hit", "strike", "destroy", "damage", "target", "leave", "claim", "cause", "hurt",
    "maim", "wreck", "level", "trigger", "spark", "prompt", "set", "lead", "shake", "halt", "interrupt", "end",
    "displace", "die", "capture", "arrest", "detain", "take", "seize",
})  # fmt: skip
_PASTS = frozenset({Time.PAST, Time.BEFORE})
_TAKES_PART = frozenset(
    {"win", "lose", "contest", "enter", "attend", "boycott", "host", "join", "play", "miss", "hold"}
)
_SHOWING = frozenset({"show", "say", "find", "reveal", "suggest", "indicate", "conclude", "put", "warn", "urge"})
_BACKGROUND = frozenset({"over", "after", "following", "despite"})
_PUT_OFF = frozenset({"postpone", "delay", "reschedule", "adjourn", "defer"})
_SETTING = frozenset({"announce", "plan", "schedule", "set", "call", "slate", "expect"})
_KEEPING = frozenset({"ban", "bar", "stop", "prevent", "block", "keep", "prohibit", "forbid", "deter", "hinder"})
_MOVED = frozenset({"nsubjpass", "dobj"})
_LINE = 40  # characters beside a date in which a line of its own shows itself
_RANGES = {("between", "and"), *(("from", to) for to in ("to", "until", "till", "through"))}
_WEEKDAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
_INSIDE = frozenset({"poss", "compound", "nmod", "amod", "nummod"})  # an expression inside a noun phrase
_AMOUNTS = frozenset({"%", "percent", "cent", "percentage", "points", "point", "million", "billion", "down", "up"})
_RECORD_WORDS = 8  # how far before "since" the record may stand
_VAGUE = 10  # any exact date of the sentence comes before "recently", and before "now" in "will now leave on Monday"


@dataclass(frozen=True, slots=True)
class Dated:
    """A time expression tied to the parse: its first and last token, and the word it modifies."""

    timex: TimeExpression
    span: DateSpan
    root: Token
    governor: Token
    noun: Token | None  # the noun that it follows: "his capture on 26 March"


def shift(day: dt.date, days: int) -> dt.date | None:
    """A day some days away; None beyond the calendar's first and last."""
    ordinal = day.toordinal() + days
    return dt.date.fromordinal(ordinal) if 1 <= ordinal <= dt.date.max.toordinal() else None


def tie(doc: Doc, timex: TimeExpression, published: dt.date | None) -> Dated | None:
    tokens = doc.char_span(timex.start, timex.end, alignment_mode="expand")
    if tokens is None or not len(tokens):
        return None
    span = timex.span or _now(timex, published) or _vague_past(timex, tokens, published)
    if span is None:
        return None
    governor = _governor(tokens)
    if tokens.root.head.lower_ not in {"for", "until", "till"}:  # "announced for Friday", "delayed until Friday"
        span = _right_weekday(timex, span, time_of(clause_of(governor)), published)
    if not agrees(time_of(governor), span, published):
        governor = _nearest_act(tokens, span, published) or governor
    return Dated(timex, span, tokens.root, governor, _noun_before(tokens))


def join_ranges(text: str, dated: Sequence[Dated]) -> list[Dated]:
    """Expressions in the order of the text, with "between 2003 and 2007" and "from Monday to Thursday" made one."""
    joined: list[Dated] = []
    for one in dated:
        last = joined[-1] if joined else None
        if last is not None and _is_range(text, last, one):
            timex = replace(last.timex, end=one.timex.end, text=text[last.timex.start : one.timex.end])
            joined[-1] = replace(last, timex=timex, span=replace(last.span, end=one.span.end))
        else:
            joined.append(one)
    return joined


def _is_range(text: str, first: Dated, last: Dated) -> bool:
    between = text[first.timex.end : last.timex.start].strip().lower()
    opened = text[: first.timex.start].rstrip().rpartition(" ")[2].lower()
    start, end = first.span.start, last.span.end
    return (opened, between) in _RANGES and start is not None and end is not None and start <= end


def stands_alone(text: str, timex: TimeExpression) -> bool:
    """Whether a date has a line of its own: the article's date, which modifies no word."""
    before, after = text[max(timex.start - _LINE, 0) : timex.start], text[timex.end : timex.end + _LINE]
    alone = not before.rpartition("\n")[2].strip() and not after.partition("\n")[0].strip(" .,")
    return timex.type is TimexType.DATE and alone


def _now(timex: TimeExpression, published: dt.date | None) -> DateSpan | None:
    """The day of "now" and "currently"."""
    return DateSpan(published, published) if published and timex.value == "PRESENT_REF" else None


def _right_weekday(timex: TimeExpression, span: DateSpan, time: Time, published: dt.date | None) -> DateSpan:
    """A bare "Friday" on the side of publication where the verb lies: "will be named on Friday"."""
    if published is None or span.start is None or span.end is None or timex.text.lower() not in _WEEKDAYS:
        return span
    ahead = (span.end - published).days
    days = 7 if time is Time.AHEAD and -7 < ahead < 0 else -7 if time in _PASTS and 0 < ahead < 7 else 0
    return replace(span, start=shift(span.start, days), end=shift(span.end, days))


def _vague_past(timex: TimeExpression, tokens: Span, published: dt.date | None) -> DateSpan | None:
    """The open span of "recently", "in recent weeks", "the last few days", "for years": no day can be told."""
    long = tokens.start > 0 and tokens.doc[tokens.start - 1].lower_ == "for"
    recent = timex.type is TimexType.DURATION and timex.value.startswith("PX") and (long or not _is_bare(timex))
    if published is None or not (timex.value == "PAST_REF" or recent):
        return None
    return DateSpan(None, published, Precision.UNKNOWN)


def _governor(tokens: Span) -> Token:
    """The word that the expression modifies, prepositions skipped."""
    said = _said_before(tokens)
    if said is not None:
        return said
    token = tokens.root.head
    while (token.pos_ == "ADP" or token.dep_ == "prep") and token.head != token:  # "since" may pass for a conjunction
        token = token.head
    above = token.head
    if token.tag_ == "VBG" and token.dep_ == "advcl" and above.i < tokens.start <= tokens.end <= token.i:
        return above  # "seized the road on Monday besieging the town": a participle opens its own clause
    if token.lemma_ == "give" and any(token.doc[i].lower_ in {"until", "till"} for i in range(token.i, tokens.start)):
        return next((child for child in token.children if is_infinitive(child)), token)  # a deadline
    if token.dep_ == "pcomp" and above.lower_ == "from" and above.head.lemma_ in _KEEPING:
        return above.head  # "stopped them from crossing on Monday": they never crossed
    return token


def _said_before(tokens: Span) -> Token | None:
    """The verb of saying right before an expression, whatever the parser made of it: "said on Monday they had left"."""
    if tokens.root.dep_ in _INSIDE:
        return None
    before = [tokens.doc[i] for i in range(tokens.start - 1, max(tokens.start - 3, sentence_start(tokens[0])) - 1, -1)]
    if before and before[0].lower_ in {"on", "in", "late", "early"}:
        before = before[1:]
    return before[0] if before and before[0].pos_ == "VERB" and before[0].lemma_.lower() in SPEAKING else None


def _nearest_act(tokens: Span, span: DateSpan, published: dt.date | None) -> Token | None:
    """The verb before the expression whose form allows its date; the parser chose one that does not."""
    for index in range(tokens.start - 1, sentence_start(tokens[0]) - 1, -1):
        token = tokens.doc[index]
        if token.pos_ == "VERB" and agrees(time_of(token), span, published):
            return token
    return None


def _noun_before(tokens: Span) -> Token | None:
    """The noun that the expression follows, perhaps with a preposition between."""
    index = tokens.start - 1
    if index > 0 and tokens.doc[index].pos_ in {"ADP", "DET"}:
        index -= 1
    token = tokens.doc[index] if index >= sentence_start(tokens[0]) else None
    while token is not None and token.pos_ == "PROPN" and token.dep_ in {"compound", "pobj"}:
        above = token.head
        if above.lower_ == "of" and above.head.i < above.i:  # "the invasion of Veloria on 2 August"
            above = above.head
        if above.pos_ not in {"NOUN", "PROPN"}:
            break
        token = above
    return token if token is not None and token.pos_ == "NOUN" else None


def choose(head: Token, dated: Iterable[Dated], published: dt.date | None) -> tuple[Dated, Basis] | None:
    """The expression of the sentence that governs the act, with its basis; None if none does."""
    time = time_of(head)
    ranked = []
    for one in dated:
        rank = _rank(head, one)
        if rank is None or not _can_date(head, time, rank, one, published):
            continue
        if one.span.start is None or (time is Time.AHEAD and one.timex.value == "PRESENT_REF"):
            rank += _VAGUE
        ranked.append((rank, abs(one.root.i - head.i), one.root.i, one))
    if not ranked:
        return None
    rank, *_, best = min(ranked, key=lambda entry: entry[:3])
    return best, Basis.STATED if rank % _VAGUE < 2 else Basis.SENTENCE


def _can_date(head: Token, time: Time, rank: int, one: Dated, published: dt.date | None) -> bool:
    """Whether an expression so close to an act may say when it took place."""
    if not agrees(time, one.span, published) or not _can_last(time, rank, one, published):
        return False
    if (time in {Time.PAST, Time.PRESENT, Time.OPEN} or head.pos_ == "NOUN") and _says_since(head, one):
        return False
    if time is Time.PAST and (_is_compared(head, one) or _is_accounted(head, one)):
        return False
    return time is not Time.PRESENT or _can_be_present(head, one.span, published)


def _can_be_present(head: Token, span: DateSpan, published: dt.date | None) -> bool:
    """Whether a present tense lies there: "plays on Monday", not "plans to play on Monday" or "which makes"."""
    if published is None:
        return True
    if span.start is not None and span.start > published:
        return head.lemma_.lower() not in REPORTING | INTENDING
    under_way = head.tag_ == "VBG" or head.dep_ == "relcl"  # "the truce agreed on Monday is holding"
    return not under_way or span.end is None or span.end >= published


def _is_accounted(head: Token, one: Dated) -> bool:
    """ "reported a loss for the third quarter" names the time that the account covers."""
    return one.root.head.lower_ == "for" and one.span.start != one.span.end and head.lemma_.lower() in REPORTING


def _says_since(head: Token, one: Dated) -> bool:
    """ "in power since 1963" or "since the truce of 5 March" dates no act outside that phrase."""
    first = one.root.left_edge.i
    if first > 0 and one.root.doc[first - 1].lower_ == "since":
        return not _is_when(head, one)
    word = one.noun or one.root
    while word.pos_ in {"NOUN", "PROPN", "ADP"} and word.head != word:
        word = word.head
        if word.lower_ == "since" and word.dep_ == "prep":
            return not word.is_ancestor(head)
    return False


def _is_compared(head: Token, one: Dated) -> bool:
    """ "fell 6% from May" names the month that it is compared with."""
    prep = one.root.head
    amount = one.root.doc[prep.i - 1] if prep.lower_ == "from" and prep.i > 0 else None
    return amount is not None and prep.head == head and amount.lower_ in _AMOUNTS


def clip(span: DateSpan, time: Time, published: dt.date | None) -> DateSpan:
    """What "attacked this week" allows ends at publication, what "will attack this week" begins there."""
    if published is None or span.start is None or span.end is None or not span.start <= published <= span.end:
        return span
    if time in {Time.PAST, Time.PERFECT, Time.BEFORE}:
        return replace(span, end=published)
    return replace(span, start=published) if time is Time.AHEAD else span


def _can_last(time: Time, rank: int, one: Dated, published: dt.date | None) -> bool:
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


def agrees(time: Time, span: DateSpan, published: dt.date | None) -> bool:
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


def is_report_of_earlier(head: Token, dated: Dated) -> bool:
    """Whether a date is that of saying what "had" happened before."""
    clause = clause_of(dated.governor)
    apart = clause != head and clause != clause_of(head)
    return apart and time_of(head) is Time.BEFORE and clause.lemma_.lower() in REPORTING


def since_of(head: Token) -> Token | None:
    """The "since" that says from when an act has been going on or has added up."""
    time = time_of(head)
    if time not in {Time.PERFECT, Time.PRESENT, Time.PAST} and head.pos_ != "NOUN":
        return None
    mark = _since_below(head, time)
    return None if mark is None or (time is not Time.PERFECT and _ranks_before(mark)) else mark


def since_then(head: Token) -> Token | None:
    """The "since" without a date of its own, "since then", of what "has" happened."""
    if time_of(head) is not Time.PERFECT:
        return None
    for child in head.children:
        below = [word for word in child.children if word.dep_ in {"pobj", "pcomp"}]
        if (
            child.lower_ == "since"
            and child.dep_ in {"advmod", "prep"}
            and all(word.lower_ == "then" for word in below)
        ):
            return child
    return None


def _ranks_before(mark: Token) -> bool:
    """Whether "since" says for how long something is a record: "closed at its lowest level since 1985"."""
    before = mark.doc[max(sentence_start(mark), mark.i - _RECORD_WORDS) : mark.i]
    return any(token.tag_ in {"JJS", "RBS"} or token.lower_ in {"first", "last"} for token in before)


def _since_below(head: Token, time: Time) -> Token | None:
    # "has been trying to leave since May", "have been killed and thousands displaced since May"
    sharing = [child for child in head.children if child.dep_ == "xcomp"] + _sharing_auxiliary(head)
    for child in (*head.children, *(below for verb in sharing for below in verb.children)):
        if child.lower_ == "since" and child.dep_ == "prep":
            return child
        if child.dep_ == "advcl" and time is Time.PERFECT:
            for mark in child.children:
                if mark.lower_ == "since" and mark.dep_ in {"mark", "advmod", "prep"}:
                    return mark
    return None


def _sharing_auxiliary(verb: Token) -> list[Token]:
    """Participles that have their "have been" from the verb they are joined to, with or without a subject."""
    return [
        token for token in joined_verbs(verb)
        if token.tag_ == "VBN" and token.i > verb.i
        and not any(child.dep_ in {"aux", "auxpass"} for child in token.children)
    ]  # fmt: skip


def _rank(head: Token, one: Dated) -> int | None:
    """How closely an expression belongs to an act: 0 modifies it, 1 same clause, 2 related clause, 3 same sentence."""
    governor = one.governor
    if _is_until(one) and head.lemma_.lower() in _PUT_OFF:
        return None  # "delay the vote until Friday" is not on Friday
    if head in (governor, one.noun) or _is_when(head, one) or _is_put_off(head, one):
        return 0
    if head.i < one.root.i and _is_apart(head, one.root):
        return None
    if one.root.dep_ in _INSIDE:  # "Thursday's attack" dates the attack
        return 1 if _works_through(head, governor) else None
    clause, own = clause_of(governor), clause_of(head)
    if clause == head:
        return 0
    if one.noun is not None and one.span.start is not None and head.dep_ == "relcl" and _works_through(head, one.noun):
        return 1
    if _is_background(head):
        return 3 if governs(clause, head) else None
    if clause.dep_ == "acl" and (_works_through(head, clause.head) or _is_shown(head, clause)):
        return 1  # "in a letter sent on Monday, he warned"
    if clause == own:
        return 1
    if shares(own, clause):
        return 2
    joined = own.dep_ == "conj" and own.head == clause
    return 3 if governs(clause, own) and not joined else None


def _is_apart(first: Token, last: Token) -> bool:
    """Whether a semicolon stands between two words, however the parser joined them: a date does not reach back."""
    return any(token.text == ";" for token in first.doc[first.i : last.i])


def _is_until(one: Dated) -> bool:
    return one.root.head.lower_ in {"until", "till"}


def _is_put_off(head: Token, one: Dated) -> bool:
    """Whether an expression is the day that was set for an act: "talks postponed until May 5", "a vote called for"."""
    prep, verb = one.root.head, one.root.head.head
    lemma = verb.lemma_.lower()
    particle = verb.i + 1 < prep.i and verb.nbor().lower_ in {"off", "back"}
    moved = lemma in _PUT_OFF or (particle and lemma in {"put", "push"})
    until = {"until", "till", "to", "for"} if moved else {"for"} if lemma in _SETTING else frozenset[str]()
    theirs = (head.head == verb and head.dep_ in _MOVED) or (verb.dep_ == "acl" and verb.head == head)
    return prep.lower_ in until and theirs


def _is_background(head: Token) -> bool:
    """Whether a noun names what came before the act of its clause: "arrested on Monday over the killing of"."""
    return head.pos_ == "NOUN" and head.dep_ == "pobj" and head.head.lower_ in _BACKGROUND


def _is_shown(head: Token, clause: Token) -> bool:
    """ "a poll published on Sunday showed"."""
    subject = clause.head.dep_ == "nsubj" and clause.head.head == head
    return subject and clause.tag_ in {"VBN", "VBD"} and head.lemma_.lower() in _SHOWING


def _is_when(head: Token, one: Dated) -> bool:
    """Whether an act explains an expression: "since April, when the offensive failed"."""
    return head.dep_ == "relcl" and head.head == one.root and any(child.lower_ == "when" for child in head.children)


def _works_through(head: Token, noun: Token) -> bool:
    """Whether a verb tells what a dated act did: "Thursday's attack killed two", "were killed in Thursday's attack"."""
    effect = head.lemma_.lower() in _EFFECTS
    if head.dep_ == "relcl" and head.head == noun:  # "the attack on Tuesday that killed two"
        return effect
    if noun.dep_ in {"nsubj", "nsubjpass"}:
        return effect and noun.head == head
    if noun.dep_ == "dobj":
        return noun.head == head and head.lemma_.lower() in _TAKES_PART
    if noun.dep_ != "pobj" or noun.head.head != head:
        return False
    return noun.head.lower_ in {"in", "at", "during"} or (effect and noun.head.lower_ == "by")
