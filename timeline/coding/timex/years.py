"""Which year a date is in: "'98", "in December", "March 5", "last summer"."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.coding.timex.anchors import Anchors
from timeline.coding.timex.calendars import Point, add_years, first_month, is_day
from timeline.coding.timex.expressions import CalendarDate
from timeline.coding.timex.tenses import Tense

# how much farther a date may lie than it looks, if it is ahead, if it is past
_TENSE_WEIGHTS = {Tense.SINCE: (1e6, 1.0), Tense.PAST: (3.0, 1.0), Tense.FUTURE: (1.0, 3.0), Tense.UNKNOWN: (1.6, 1.0)}
_PAST_MONTH = (12.0, 1.0)  # "in January the firm named a chief"; days are more often paid or due later
_FUTURE_MONTH = (1.0, 12.0)  # "will fly in December", said in March
_SEASON = (1.0, 1.0)
_REPORTED = (4.0, 1.0)  # quarters are reported on when they are over


def explicit_year(date: CalendarDate, anchors: Anchors) -> int | None:
    """The year that is written, with its century and its era."""
    year = date.year
    if year is None or not date.short_year:
        if year and anchors.bc and 0 < year < 1000:
            return -year
        return year
    now = anchors.now
    if now is None:
        return (2000 if year < 50 else 1900) + year
    candidates = (now[0] // 100 * 100 + shift + year for shift in (-100, 0, 100))
    return min(candidates, key=lambda one: abs(one - now[0]) if one <= now[0] + 10 else 999)


def infer_year(date: CalendarDate, anchors: Anchors) -> int | None:
    """The year of a date written without one; None where there is nothing to count from."""
    now = anchors.now
    if now is None:
        return None
    month = date.month or first_month(date.part) or {"WI": 12, "H1": 1, "H2": 7}.get(date.part, 1)
    if anchors.narrative and anchors.last:
        return _narrative_year(month, date, now, anchors.ahead)
    if date.shift == 0:
        return now[0]
    near = (now[0] - 2, now[0] - 1, now[0], now[0] + 1)
    leap = [year for year in near if not date.day or is_day(year, month, date.day)]  # 29 February has few years
    starts = [(year, _ordinal(year, month, date.day)) for year in leap or near]
    today = _ordinal(now[0], now[1] or 1, now[2])
    return _choose_year(starts, today, date, anchors)


def _narrative_year(month: int, date: CalendarDate, now: Point, ahead: Point | None) -> int:
    """The year in which the story goes on with the fewest months forward, and fewer back.

    Both the last date and the next one that names its year are counted from: after October comes January of the
    next year, and before "8 August 1918" comes July 1918.
    """
    year, last_month, _ = now
    if date.shift is not None and date.shift != 0 and last_month:
        return year + (date.shift if (month - last_month) * date.shift <= 0 else 0)
    if ahead is None or date.part or not 0 <= ahead[0] - year <= _AHEAD_YEARS:
        if last_month and last_month >= 10 and month <= 3 and date.part != "WI":
            return add_years(year, 1)
        return year
    best, least = year, None
    for candidate in dict.fromkeys((year, year + 1, year - 1, ahead[0], ahead[0] - 1)):
        cost = _step(year, last_month, candidate, month) + _step(candidate, month, ahead[0], ahead[1])
        if candidate and is_day(candidate, month, date.day or 1) and (least is None or cost < least):
            best, least = candidate, cost
    return best


def _step(year: int, month: int | None, to_year: int, to_month: int | None) -> float:
    """How far a story moves from one month to another; a bare year is all of its months."""
    if month is None or to_month is None:
        return _YEAR_STEP * abs(to_year - year)
    months = 12 * (to_year - year) + to_month - month
    return months if months >= 0 else -_BACK * months


_BACK = 2.0
_YEAR_STEP = 12.0
_AHEAD_YEARS = 3


def _ordinal(year: int, month: int, day: int | None) -> int:
    return year * 372 + month * 31 + (day or 1)


def _choose_year(starts: Iterable[tuple[int, int]], today: int, date: CalendarDate, anchors: Anchors) -> int:
    """The nearest such date; one against the tense, or against "last" and "next", must be much nearer."""
    length = 0 if date.day else 30 if date.month else 92
    best, least = 0, None
    for year, start in starts:
        before, after = today - start - length, start - today  # days since it was over, days until it begins
        if (date.shift == -1 and before < (length if date.month and not date.day else 0)) or (
            date.shift == 1 and after <= 0
        ):
            continue
        ahead, past = _weights(date, anchors.tense)
        distance = ahead * after if after > 0 else past * max(before, 0)
        if least is None or distance < least:
            best, least = year, distance
    return best


def _weights(date: CalendarDate, tense: Tense) -> tuple[float, float]:
    if date.part.startswith("Q") and tense is not Tense.FUTURE:
        return _REPORTED
    if date.part and tense is Tense.UNKNOWN:
        return _SEASON
    if date.month and not date.day and tense in {Tense.PAST, Tense.FUTURE}:
        return _PAST_MONTH if tense is Tense.PAST else _FUTURE_MONTH
    return _TENSE_WEIGHTS[tense]
