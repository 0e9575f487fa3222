"""What relative expressions are counted from: the publication date, or the last date of the text.

News counts from its publication date. A history does not: bare months belong to the year it has reached, and
"the next day" follows the last day it named. Which of the two a text is, its own dates tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from timeline.coding.timex.calendars import Point, point_of
from timeline.coding.timex.expressions import (
    CalendarDate,
    Expression,
    Item,
    Reference,
    Shifted,
    Span,
    TimeOfDay,
    Weekday,
)
from timeline.coding.timex.tenses import PUNCTUATION, Tense, find_tense
from timeline.coding.timex.vocabulary import PRESENT

_REPORTED = frozenset({"P6M", "P9M"})  # the stretches that companies report on beside quarters


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where the reading of a text stands. `last` is the last date named, with the parts that are known."""

    published: dt.date | None
    narrative: bool = False
    last: Point | None = None
    past: Point | None = None  # the last date named that was not after publication
    aside: Point | None = None  # a date named after it that did not move the story
    ahead: Point | None = None  # the next month that the text names with its year
    quarter: tuple[int, str] | None = None  # the last quarter named, (1989, "Q3")
    bc: bool = False
    month_first: bool | None = None
    tense: Tense = Tense.UNKNOWN
    generic: bool = False  # "at night", "in daytime": on no one day

    @property
    def now(self) -> Point | None:
        """What "last year" counts from."""
        if self.narrative and self.last:
            return self.last
        return point_of(self.published) if self.published else None

    def seen(self, point: Point | None, part: str = "") -> Anchors:
        """The anchors after a date was read."""
        if point is None:
            return self
        quarter = (point[0], part) if part and (self.quarter is None or self._is_over(point)) else self.quarter
        if self.last and point == (self.last[0], None, None):
            point = self.last  # "in 1941", said again, does not forget the month
        past = self.past if self._is_ahead(point) else point
        return replace(self, last=point, past=past, aside=None, quarter=quarter, bc=point[0] < 0)

    @property
    def running(self) -> Point | None:
        """What "the same day" counts from: the last date, but what has happened follows no date that is to come."""
        if self.last is None or (self.tense is Tense.PAST and self.past and self._is_ahead(self.last)):
            return self.past
        return self.last

    def _is_ahead(self, point: Point) -> bool:
        day, today = point, self.published
        return today is not None and (day[0], day[1] or 0, day[2] or 0) > (today.year, today.month, today.day)

    def without_quarter(self, meaning: Expression) -> Anchors:
        """The anchors after "in the first nine months" or a half: a year earlier, that was no quarter."""
        months = isinstance(meaning, Span) and meaning.value in _REPORTED and not meaning.toward
        half = isinstance(meaning, CalendarDate) and meaning.part.startswith("H")
        return replace(self, quarter=None) if self.quarter and (months or half) else self

    def _is_over(self, point: Point) -> bool:
        """Whether a quarter was over by publication; one that is forecast is not what a report compares."""
        if self.published is None or point[1] is None:
            return True
        return (point[0], point[1] + 2) < (self.published.year, self.published.month)


_DATED_MIN, _YEARS_MIN = 2, 4  # dates with a month, or bare years, that make a history
_DEICTIC_SHARE = 6  # past dates to each word that counts from publication


def is_narrative(items: Sequence[Item], published: dt.date | None) -> bool:
    """Whether a text tells of the past as a history does.

    Its dates name their year, most of them lie at least a year before publication, and words that count from
    publication ("yesterday", "Thursday", "now") are few beside them.
    """
    years, dated, deictic = [], 0, 0
    for item in items:
        meaning = item.meaning.date if isinstance(item.meaning, TimeOfDay) else item.meaning
        if isinstance(meaning, CalendarDate) and meaning.year is not None and not meaning.short_year:
            years.append(meaning.year)
            dated += meaning.month is not None and (published is None or meaning.year < published.year)
        elif _is_deictic(meaning):
            deictic += 1
    past = [year for year in years if published is None or year < published.year]
    enough = len(past) >= _YEARS_MIN or dated >= _DATED_MIN
    return enough and len(past) >= _DEICTIC_SHARE * deictic and 2 * len(past) > len(years)


def look_ahead(items: Sequence[Item]) -> list[Point | None]:
    """For each item the next date after it that names year and month, within reach."""
    found: list[Point | None] = []
    point, distance = None, 0
    for item in reversed(items):
        found.append(point if distance <= _REACH else None)
        meaning = item.meaning.date if isinstance(item.meaning, TimeOfDay) else item.meaning
        distance += 1
        if isinstance(meaning, CalendarDate) and meaning.year and meaning.month and not meaning.short_year:
            point, distance = (meaning.year, meaning.month, meaning.day), 0
    return found[::-1]


_REACH = 200  # words


def _is_deictic(meaning: Expression | None) -> bool:
    if isinstance(meaning, Reference):
        return meaning.value == PRESENT
    return isinstance(meaning, Weekday) or (isinstance(meaning, Shifted) and not meaning.running)


_NEAR_YEARS = 3


def moves_on(items: Sequence[Item], position: int, point: Point | None, anchors: Anchors) -> bool:
    """Whether later expressions count from this date: a narrative also looks aside, back and ahead.

    "(1914)", "since 1931", a date that is planned, and a far year named in mid-sentence leave it where it was.
    """
    if point is None or anchors.last is None or not anchors.narrative:
        return point is not None
    if find_tense(items, position) is Tense.FUTURE:
        return False
    if point[1] is not None:
        return True
    before = [item.text for item in items[max(0, position - 2) : position]]
    if before[-1:] in (["("], ["since"], ["until"], ["till"]):
        return False
    opens = len(before) < 2 or any(not word or PUNCTUATION.fullmatch(word) for word in before)
    back = _NEAR_YEARS if before[-1:] == ["in"] else 0
    return opens or -back <= point[0] - anchors.last[0] <= _NEAR_YEARS
