"""The days that matter most in a corpus, each with sentences that show why.

A day matters by how many articles speak of it. Three things count more than one more mention in the same
article: that another article mentions it, that it is still mentioned when the news has moved on, the more
the later, and that reports appear on the day after. A mention counts in full where its sentence names what
the corpus is about, the names that stand in most of its articles: articles on a person tell of others too.
Where few days are wanted of a long time, a day beside a chosen one counts half, so that one story does not
take the place of another. (Days by mentions, with a few rules, is the strongest simple method of Gholipour
Ghalandari and Ifrim 2020, "Examining the State-of-the-Art in News Timeline Summarization".)
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from timeline.records import Article, Basis, Coding, DateSpan, Precision, Realis, TimeExpression

_LATER_DAYS = (7, 30, 180)  # a mention after each of these is a look back, and counts one more
_DAY_AFTER = 0.5  # weight of an article published the day after
_ONLY_PUBLISHED = 0.01  # weight of an article published on a day: decides only among days that nothing else tells apart
_ACT = 0.25  # weight of an act coded on the day, at full confidence
_BESIDE = 0.5  # what is left of the weight of a day beside a chosen one, in a sparse timeline
_SPARSE_DAYS = 20  # a timeline is sparse that has less than one day in so many
_ASIDE = 0.25  # weight of a mention in a sentence that names nothing of what the corpus is about
_NAMES, _NAMES_SHARE = 5, 0.5  # what a corpus is about: the commonest names, each in half of its articles or more
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][^\W\d_]+")  # a capital within a sentence
_NO_NAMES = frozenset({*calendar.month_name, *calendar.day_name, "Mr", "Mrs", "Ms", "Dr", "The"})
_PERSON = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er)\b")
_PERSON_REACH = 200  # characters before a sentence in which its "he" or "she" may be named
_BIRTH = re.compile(r"\bborn(?: \w+){0,4}[\s,]*$|\(b(?:orn|\.)?\s*$", re.IGNORECASE)
_BIRTH_REACH = 40  # characters before a date in which "born" is looked for
_PER_DAY = 2
_LONGEST = 600  # characters of a sentence
_BOUND = re.compile(r"[.!?][\"'”’)]*\s+|\n+")


class Coded(Protocol):
    """What is needed of a coded article."""

    @property
    def article(self) -> Article: ...
    @property
    def timexes(self) -> tuple[TimeExpression, ...]: ...
    @property
    def codings(self) -> tuple[Coding, ...]: ...


@dataclass(frozen=True, slots=True)
class _Mention:
    """A sentence that speaks of a day; sorted by how well it tells of it."""

    rank: tuple[int, int, int, str]
    day: dt.date
    text: str


def key_dates(coded_articles: Iterable[Coded], n: int) -> list[tuple[dt.date, list[str]]]:
    """Choose the n days that matter most in a corpus.

    Only days that the text names or dates exactly count, and publication days where it names none.

    Args:
        coded_articles: Coded articles of one topic, person or place, in any order.
        n: How many days are wanted; fewer come back where the corpus speaks of fewer.

    Returns:
        Up to n pairs of a day and one or two sentences that tell of it, by day; empty for an empty corpus.
    """
    articles = sorted(coded_articles, key=lambda coded: coded.article.id)
    weights = weigh_days(articles)
    chosen = sorted(_choose(weights, max(n, 0), _reach(articles)))
    told = _tell(articles, frozenset(chosen))
    return [(day, told.get(day, [])) for day in chosen]


def _reach(articles: Sequence[Coded]) -> int:
    """The days from the first to the last publication."""
    published = [coded.article.published for coded in articles if coded.article.published is not None]
    return (max(published) - min(published)).days if published else 0


def _choose(weights: dict[dt.date, float], n: int, reach_days: int) -> list[dt.date]:
    """The n heaviest days; of days side by side in a sparse timeline the heavier one before the others."""
    ranked = sorted(weights, key=lambda day: (-weights[day], day))
    if n * _SPARSE_DAYS >= reach_days:
        return ranked[:n]
    left, chosen = dict(weights), list[dt.date]()
    while left and len(chosen) < n:
        best = min(left, key=lambda day: (-left[day], day))
        chosen.append(best)
        del left[best]
        for beside in left.keys() & _neighbours(best):
            left[beside] *= _BESIDE
    return chosen


def _neighbours(day: dt.date) -> set[dt.date]:
    ordinals = (day.toordinal() - 1, day.toordinal() + 1)
    return {dt.date.fromordinal(one) for one in ordinals if 1 <= one <= dt.date.max.toordinal()}


def weigh_days(articles: Sequence[Coded]) -> dict[dt.date, float]:
    """How much each day matters; the sum does not depend on the order of the articles."""
    weights: defaultdict[dt.date, float] = defaultdict(float)
    names = common_names(coded.article.text for coded in articles)
    about = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names))
    for coded in articles:
        published = coded.article.published
        for day, mentions in _mentioned_days(coded, about).items():
            weights[day] += math.log2(1 + mentions)
            if published is not None:
                weights[day] += min(mentions, 1) * sum((published - day).days > later for later in _LATER_DAYS)
        for day, confidence in _dated_acts(coded).items():
            weights[day] += _ACT * math.log2(1 + confidence)
        if published is not None:
            weights[published] += _ONLY_PUBLISHED
            if published > dt.date.min:
                weights[published - dt.timedelta(1)] += _DAY_AFTER
    return {day: round(weight, 9) for day, weight in weights.items()}


def common_names(texts: Iterable[str]) -> list[str]:
    """The names that stand in at least half of the texts, the commonest first; none where the texts share none."""
    found = [frozenset(_NAME.findall(text)) - _NO_NAMES for text in texts]
    counts = sorted(Counter(name for names in found for name in names).items(), key=lambda entry: (-entry[1], entry[0]))
    return [name for name, count in counts[:_NAMES] if count >= _NAMES_SHARE * len(found)]


def _mentioned_days(coded: Coded, about: re.Pattern[str]) -> dict[dt.date, float]:
    """The days that an article names, each with how often; what stands aside from the topic counts less."""
    text, mentions = coded.article.text, defaultdict[dt.date, float](float)
    for timex in coded.timexes:
        day = _single_day(timex.span)
        if day is not None and not _is_birth(text, timex):
            mentions[day] += 1 if _is_about(text, timex, about) else _ASIDE
    return mentions


def _is_about(text: str, timex: TimeExpression, about: re.Pattern[str]) -> bool:
    """Whether the sentence of a date names what the corpus is about, or says "he" or "she" close behind it."""
    start, end = sentence_bounds(text, timex.start, timex.end)
    if _PERSON.search(text, start, end):
        start = max(start - _PERSON_REACH, 0)
    return about.search(text, start, end) is not None


def _is_birth(text: str, timex: TimeExpression) -> bool:
    """Whether a date is a day of birth, which articles repeat without telling of it."""
    return _BIRTH.search(text[max(timex.start - _BIRTH_REACH, 0) : timex.start]) is not None


def _single_day(span: DateSpan | None) -> dt.date | None:
    if span is None or span.start is None or span.start != span.end:
        return None
    return span.start


def _dated_acts(coded: Coded) -> dict[dt.date, float]:
    """The confidence of the acts that the text itself puts on a day."""
    acts: defaultdict[dt.date, float] = defaultdict(float)
    for coding in coded.codings:
        if _is_dated(coding) and coding.date.start is not None:
            acts[coding.date.start] += coding.confidence
    return acts


def _is_dated(coding: Coding) -> bool:
    date = coding.date
    stated = date.basis in {Basis.STATED, Basis.SENTENCE} and date.precision is Precision.DAY
    return stated and coding.realis in {Realis.ACTUAL, Realis.HISTORICAL}


# Sentences


def _tell(articles: Sequence[Coded], days: frozenset[dt.date]) -> dict[dt.date, list[str]]:
    """The sentences that tell best of each day, no two the same."""
    told: dict[dt.date, list[str]] = {}
    for mention in sorted((m for coded in articles for m in _sentences_on(coded, days)), key=lambda m: m.rank):
        kept = told.setdefault(mention.day, [])
        if len(kept) < _PER_DAY and mention.text not in kept:
            kept.append(mention.text)
    return told


def _sentences_on(coded: Coded, days: frozenset[dt.date]) -> Iterable[_Mention]:
    """Sentences with an act dated on a day come first, then those near the day and near the top of the article."""
    text, published = coded.article.text, coded.article.published
    acts = {(coding.date.start, coding.start): coding for coding in coded.codings if _is_dated(coding)}
    for (day, start), coding in acts.items():
        if day in days and day is not None:
            yield _Mention((0, _gap(published, day), start, coded.article.id), day, _tidy(text[start : coding.end]))
    for timex in coded.timexes:
        day = _single_day(timex.span)
        if day is not None and day in days:
            start, end = sentence_bounds(text, timex.start, timex.end)
            yield _Mention((1, _gap(published, day), start, coded.article.id), day, _tidy(text[start:end]))
    for day in {published, published - dt.timedelta(1)} & days if published and published > dt.date.min else ():
        start, end = sentence_bounds(text, 0, 0)
        if end > start:
            yield _Mention((2, _gap(published, day), start, coded.article.id), day, _tidy(text[start:end]))


def _gap(published: dt.date | None, day: dt.date) -> int:
    """Days between the act and the report; a report before the act is the worst witness, an undated one the next."""
    if published is None:
        return 100_000
    return (published - day).days if published >= day else 1_000_000


def sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around [start, end), by its punctuation; at most 600 characters to either side are looked at."""
    first = max(start - _LONGEST, 0)
    before = [match.end() for match in _BOUND.finditer(text, first, start)]
    after = _BOUND.search(text, end, end + _LONGEST)
    return before[-1] if before else first, after.end() if after else min(len(text), end + _LONGEST)


def _tidy(text: str) -> str:
    return " ".join(text.split())[: 2 * _LONGEST]
