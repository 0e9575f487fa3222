"""Arithmetic on TIMEX3 values: shifting a point by units, and the days that a value allows.

A point is (year, month or None, day or None); a year before Christ is negative, and there is no year 0.
`datetime` knows the years 1-9999; values outside have no span.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from timeline.records import DateSpan, Precision

Point = tuple[int, int | None, int | None]
SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11)}
_VALUE = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?"
    r"|W(?P<week>[0-9]{2})(?P<weekend>-WE)?|(?P<season>SP|SU|FA|WI)|Q(?P<quarter>[1-4])|H(?P<half>[12])))?(?:T.*)?"
)


def format_year(year: int) -> str:
    return f"{year:04d}" if year > 0 else f"BC{-year:04d}"


def format_point(point: Point) -> str:
    year, month, day = point
    value = format_year(year)
    if month:
        value += f"-{month:02d}" + (f"-{day:02d}" if day else "")
    return value


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day; years outside 1-9999 are judged by a leap year."""
    days = calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else (29 if month == 2 else 31)
    return 1 <= month <= 12 and 1 <= day <= days


def add_years(year: int, amount: int) -> int:
    """A year shifted; there is no year 0 between 1 BC and AD 1."""
    shifted = year + amount
    return shifted if (shifted > 0) == (year > 0) and shifted else shifted + (1 if amount > 0 else -1)


def shift_month(point: Point, months: int) -> Point:
    year, month, _ = point
    years, index = divmod((month or 1) - 1 + months, 12)
    return (add_years(year, years) if years else year, index + 1, None)


def shift_day(point: Point, days: int) -> dt.date | None:
    """None where the point is no full day, or the result leaves the years 1-9999."""
    year, month, day = point
    if not (month and day and 1 <= year <= 9999):
        return None
    try:
        return dt.date(year, month, day) + dt.timedelta(days)
    except (OverflowError, ValueError):
        return None


def format_week(day: dt.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def quarter_of(month: int) -> int:
    return (month + 2) // 3


def season_of(month: int) -> str:
    return "WI" if month in {12, 1, 2} else next(s for s, (a, b) in SEASON_MONTHS.items() if a <= month <= b)


def first_month(part: str) -> int | None:
    """The first month of a season or quarter; None for a winter, a half and a week."""
    if part in SEASON_MONTHS:
        return SEASON_MONTHS[part][0]
    return 3 * int(part[1]) - 2 if part[:1] == "Q" and part[1:].isdigit() else None


def point_of(day: dt.date) -> Point:
    return (day.year, day.month, day.day)


def days_of(value: str, approximate: bool = False) -> DateSpan | None:
    """The closed interval of days that a DATE or TIME value allows; None where it names none.

    A winter with a year may be the one that begins in it or the one that ends in it, so both are allowed.
    """
    if re.fullmatch(r"[0-9]{2,3}X{0,2}", value):
        return _years_span(value.rstrip("X"))
    match = _VALUE.fullmatch(value)
    if not match or not 1 <= int(match["year"]) < 9999:
        return None
    try:
        start, end, precision = _bounds(match)
    except ValueError:
        return None
    return DateSpan(start, end, Precision.APPROXIMATE if approximate else precision)


def _bounds(match: re.Match[str]) -> tuple[dt.date, dt.date, Precision]:
    year = int(match["year"])
    if match["day"]:
        day = dt.date(year, int(match["month"]), int(match["day"]))
        return day, day, Precision.DAY
    if match["month"]:
        return *_months(year, int(match["month"]), int(match["month"])), Precision.MONTH
    if match["week"]:
        monday = dt.date.fromisocalendar(year, int(match["week"]), 1)
        first = monday + dt.timedelta(5) if match["weekend"] else monday
        return first, monday + dt.timedelta(6), Precision.WEEK
    if match["season"]:
        if match["season"] == "WI":
            return dt.date(year, 1, 1), _months(year + 1, 2, 2)[1], Precision.SEASON
        return *_months(year, *SEASON_MONTHS[match["season"]]), Precision.SEASON
    if match["quarter"]:
        return *_months(year, 3 * int(match["quarter"]) - 2, 3 * int(match["quarter"])), Precision.QUARTER
    if match["half"]:
        return *_months(year, 6 * int(match["half"]) - 5, 6 * int(match["half"])), Precision.APPROXIMATE
    return dt.date(year, 1, 1), dt.date(year, 12, 31), Precision.YEAR


def _months(year: int, first: int, last: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _years_span(digits: str) -> DateSpan | None:
    """The years of a decade ("198") or a century ("18" is 1800-1899)."""
    width = 10 ** (4 - len(digits))
    first = int(digits) * width
    if not 1 <= first <= 9998 - width:
        return None
    precision = Precision.DECADE if width == 10 else Precision.APPROXIMATE
    return DateSpan(dt.date(first, 1, 1), dt.date(first + width - 1, 12, 31), precision)
