"""Placing expressions on the calendar: from what words mean and where the reading stands to a TIMEX3 value.

Nothing is guessed: without a publication date, or without a date in the text to count from, a relative
expression gets the value that its own words allow ("XXXX-WXX-4" for Thursday) and a note that says why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from timeline.coding.timex import calendars
from timeline.coding.timex.anchors import Anchors
from timeline.coding.timex.calendars import Point
from timeline.coding.timex.expressions import (
    Ambiguous,
    CalendarDate,
    Era,
    Expression,
    Holiday,
    Period,
    QuarterOf,
    Reference,
    Repeated,
    Shifted,
    Span,
    TimeOfDay,
    Weekday,
    Weekend,
    WeekOf,
)
from timeline.coding.timex.holidays import place_holiday
from timeline.coding.timex.quantities import read_duration
from timeline.coding.timex.tenses import Tense
from timeline.coding.timex.years import explicit_year, infer_year
from timeline.records import DateSpan, Precision, TimexType

UNPUBLISHED = "cannot be placed without a publication date"
NO_RUNNING = "cannot be placed: the text names no date before it to count from"
_UNDERSPECIFIED = {
    "D": "XXXX-XX-XX",
    "W": "XXXX-WXX",
    "M": "XXXX-XX",
    "Q": "XXXX-QX",
    "Y": "XXXX",
    "E": "XXX",
    "C": "XX",
}
_NEAR_DAYS = 14  # of two readings of 04/05/2019, one so near to publication is meant
_FARTHEST = 9000  # units a length may reach from publication


@dataclass(frozen=True, slots=True)
class Resolution:
    """`point` is what later expressions may count from; `note` is said after the expression's own words."""

    value: str
    type: TimexType = TimexType.DATE
    point: Point | None = None
    part: str = ""
    note: str = ""
    span: DateSpan | None = None


def resolve(meaning: Expression, anchors: Anchors) -> Resolution:
    """The value of an expression, given where the reading stands."""
    if isinstance(meaning, Span):
        return _span(meaning, anchors)
    if isinstance(meaning, Repeated):
        return Resolution(meaning.value, TimexType.SET)
    if isinstance(meaning, Reference):
        return Resolution(meaning.value)
    return _RESOLVERS[type(meaning)](meaning, anchors)


def _span(length: Span, anchors: Anchors) -> Resolution:
    if length.within is None:
        return Resolution(length.value, TimexType.DURATION, span=_reach(length, anchors))
    placed = resolve(length.within, anchors)
    days = calendars.days_of(placed.value, approximate=True)
    return Resolution(length.value, TimexType.DURATION, placed.point, placed.part, placed.note, days)


def _reach(length: Span, anchors: Anchors) -> DateSpan | None:
    """The days that "the past three months" or "the next two weeks" cover, counted from publication."""
    today = anchors.published
    if today is None or not length.toward or anchors.narrative:
        return None
    unit, amount = read_duration(length.value) or ("", None)
    if amount is None or unit not in {"D", "W", "M", "Y", "TH"} or amount > _FARTHEST:
        return None
    if unit in {"M", "Y"}:
        year, month, _ = calendars.shift_month(
            calendars.point_of(today), length.toward * amount * (12 if unit == "Y" else 1)
        )
        day = min(today.day, 28)
        other = calendars.shift_day((year, month, day), 0)
    else:
        days = -(-amount // 24) if unit == "TH" else amount * (7 if unit == "W" else 1)
        other = _add(today, length.toward * days)
    return DateSpan(min(today, other), max(today, other), Precision.APPROXIMATE) if other else None


def _missing(anchors: Anchors) -> str:
    return NO_RUNNING if anchors.published else UNPUBLISHED


def _on_day(day: dt.date | None, value: str = "", note: str = "") -> Resolution:
    if day is None:
        return Resolution(value, note=note)
    return Resolution(day.isoformat(), point=calendars.point_of(day))


# Calendar dates


def _calendar(date: CalendarDate, anchors: Anchors) -> Resolution:
    if date.day and not date.month:
        return _day_of_month(date.day, anchors)
    year = _year_of(date, anchors)
    if year is None:
        return Resolution(_dated(None, date), note=UNPUBLISHED)
    if date.day and date.month and not calendars.is_day(year, date.month, date.day):
        return Resolution(_dated(None, date), note=f"is no day of {calendars.format_year(year)}")
    month = date.month or (calendars.first_month(date.part) if date.part.startswith("Q") else None)
    part = date.part if date.part.startswith("Q") else ""
    return Resolution(_dated(year, date), point=(year, month, date.day), part=part)


def _day_of_month(day: int, anchors: Anchors) -> Resolution:
    """ "on the 5th" of the month last named, else of the month of publication."""
    year, month, _ = anchors.last or anchors.now or (None, None, None)
    if year is None or month is None or not calendars.is_day(year, month, day):
        return Resolution(f"XXXX-XX-{day:02d}", note=_missing(anchors))
    point = (year, month, day)
    return Resolution(calendars.format_point(point), point=point)


def _year_of(date: CalendarDate, anchors: Anchors) -> int | None:
    if date.year is not None:
        return explicit_year(date, anchors)
    if date.in_year is not None:
        point = resolve(date.in_year, anchors).point
        return point[0] if point else None
    return infer_year(date, anchors)


def _dated(year: int | None, date: CalendarDate) -> str:
    head = "XXXX" if year is None else calendars.format_year(year)
    if date.part:
        return f"{head}-{date.part}"
    return head + (f"-{date.month:02d}" if date.month else "") + (f"-{date.day:02d}" if date.day else "")


def _ambiguous(date: Ambiguous, anchors: Anchors) -> Resolution:
    """Month or day first: by the other dates of the text, else by nearness to publication, else not at all."""
    readings = [CalendarDate(date.year, date.first, date.second), CalendarDate(date.year, date.second, date.first)]
    if anchors.month_first is not None:
        return _calendar(readings[0 if anchors.month_first else 1], anchors)
    days = [dt.date(date.year, one.month or 1, one.day or 1) for one in readings]
    if anchors.published:
        near = [i for i, day in enumerate(days) if 0 <= (anchors.published - day).days <= _NEAR_DAYS]
        if len(near) == 1:
            return _calendar(readings[near[0]], anchors)
    words = " or ".join(f"{day.day} {day:%B}" for day in sorted(days))
    return Resolution(f"{date.year:04d}", point=(date.year, None, None), note=f"may be {words}")


def _era(era: Era, anchors: Anchors) -> Resolution:
    value = era.value
    if era.century_open:
        now = anchors.now
        if now is None:
            value += 190
        else:
            century = now[0] // 100 * 10
            value = century + value if century + value <= now[0] // 10 else century - 10 + value
    digits = f"{value:0{era.digits}d}"
    if era.bc:
        return Resolution(f"BC{value:0{era.digits}d}")
    return Resolution(digits, point=(value * 10, None, None) if era.digits == 3 and value else None)


# Days and longer units from an anchor


def _weekday(weekday: Weekday, anchors: Anchors) -> Resolution:
    """The day itself if published on it, else the past one; the coming one where the text looks ahead."""
    now = anchors.now
    today = calendars.shift_day(anchors.last if weekday.running and anchors.last else now, 0) if now else None
    if today is None:
        return Resolution(f"XXXX-WXX-{weekday.day}", note=_missing(anchors))
    back = (today.isoweekday() - weekday.day) % 7
    if weekday.shift == 1:
        offset = 7 - back
    elif weekday.shift == -1:
        offset = -(back or 7) - (7 if back == 1 else 0)  # the day before is never "last Thursday"
    elif anchors.tense is Tense.FUTURE and (back or weekday.shift == 0):
        offset = (7 - back) % 7
    else:
        offset = -back
    return _on_day(_add(today, offset))


def _add(day: dt.date, days: int) -> dt.date | None:
    return calendars.shift_day(calendars.point_of(day), days)


def _shifted(shifted: Shifted, anchors: Anchors) -> Resolution:
    unit, amount = shifted.unit, shifted.amount
    if not unit:
        return Resolution("", note="names a time that the text leaves open")
    now = (anchors.running or anchors.now) if shifted.running else anchors.now
    if shifted.running and amount == 0 and anchors.aside:
        now = anchors.aside  # "stalemated by 1940; in August of that year"
    if anchors.narrative and not shifted.running and unit == "D" and amount == 0 and not shifted.part:
        return Resolution("PRESENT_REF")
    if now is None:
        return Resolution(_UNDERSPECIFIED.get(unit, ""), note=_missing(anchors))
    if amount is None:
        return _vaguely_shifted(unit, now)
    if unit.startswith("T"):
        return _on_day(calendars.shift_day(now, 0)) if amount == 0 else Resolution("", note="names no day")
    if unit in {"D", "N", "W", "F"}:
        return _shifted_days(shifted, now, amount)
    return _shifted_months(shifted, now, amount, anchors)


def _vaguely_shifted(unit: str, now: Point) -> Resolution:
    """ "a few weeks later": no nearer than the year."""
    return Resolution(_UNDERSPECIFIED.get(unit, ""), note="gives no number to count by")


def _shifted_days(shifted: Shifted, now: Point, amount: int) -> Resolution:
    weeks = shifted.unit in {"W", "F"}
    days = amount * {"W": 7, "F": 14}.get(shifted.unit, 1)
    if now[2] is None and not weeks and amount == 0 and now[1]:
        return Resolution(calendars.format_point(now) + "-XX")
    day = calendars.shift_day(now, days)
    if day is None:
        unknown = f"{calendars.format_year(now[0])}-" + ("WXX" if weeks else "XX-XX")
        return Resolution(unknown, note="cannot be placed: the date before it is no single day")
    if not weeks:
        return _on_day(day)
    if shifted.part:  # "two weeks ago Friday"
        return _on_day(_add(day, int(shifted.part[1:]) - day.isoweekday()))
    return Resolution(calendars.format_week(day), point=calendars.point_of(day))


def _shifted_months(shifted: Shifted, now: Point, amount: int, anchors: Anchors) -> Resolution:
    unit, year = shifted.unit, now[0]
    if unit == "M":
        if now[1] is None:
            return Resolution("XXXX-XX", note="cannot be placed: the date before it has no month")
        point = calendars.shift_month(now, amount)
        return Resolution(calendars.format_point(point), point=point)
    if unit == "Q" and shifted.running and not amount and anchors.quarter and not anchors.narrative:
        return _quarter(Period("Q"), anchors, now)  # "that quarter" is the one last named, not that of the last day
    if unit == "Q":
        first = calendars.shift_month((year, 3 * calendars.quarter_of(now[1] or 1) - 2, None), 3 * amount)
        quarter = f"Q{calendars.quarter_of(first[1] or 1)}"
        return Resolution(f"{calendars.format_year(first[0])}-{quarter}", point=first, part=quarter)
    years = amount * {"E": 10, "C": 100, "L": 1000}.get(unit, 1)
    if abs(years) > _FARTHEST:
        return Resolution(_prehistoric(-years), note="reaches beyond the calendar")
    moved = calendars.add_years(year, years) if years else year
    if shifted.part.startswith("-"):  # "a year ago Tuesday": the weekday nearest to that day
        day = calendars.shift_day((moved, now[1], min(now[2] or 1, 28)), 0)
        return _on_day(_add(day, (int(shifted.part[1:]) - day.isoweekday() + 3) % 7 - 3) if day else None)
    if shifted.part:
        return Resolution(
            f"{calendars.format_year(moved)}-{shifted.part}", point=(moved, calendars.first_month(shifted.part), None)
        )
    if unit == "Y" and shifted.comparing and anchors.quarter and not anchors.narrative:
        past_year, quarter = anchors.quarter
        return Resolution(f"{calendars.format_year(calendars.add_years(past_year, amount))}-{quarter}")
    if unit in {"E", "C"} and (shifted.running or abs(amount) <= 1):
        era = abs(moved) // (10 if unit == "E" else 100)
        return Resolution(("BC" if moved < 0 else "") + f"{era:0{3 if unit == 'E' else 2}d}")
    return Resolution(calendars.format_year(moved), point=(moved, None, None))


def _prehistoric(years: int) -> str:
    """Thousands and millions of years ago, as TIDES (Ferro et al. 2005) writes them: KA20, MA65."""
    if years < 0:
        return ""
    return f"KA{years / 1000:.10g}" if years < 10**6 else f"MA{years / 10**6:.10g}"


def _weekend(weekend: Weekend, anchors: Anchors) -> Resolution:
    """The weekend of the publication week for "this weekend"; the past one for "the weekend", unless ahead."""
    now = anchors.now
    today = calendars.shift_day(now, 0) if now else None
    if today is None:
        return Resolution("XXXX-WXX-WE", note=_missing(anchors))
    shift = weekend.shift
    if shift is None:
        shift = 0 if today.isoweekday() >= 6 or anchors.tense is Tense.FUTURE else -1
    elif shift == 0 and today.isoweekday() < 3 and anchors.tense is Tense.PAST:
        shift = -1
    day = _add(today, 7 * shift)
    if day is None:
        return Resolution("XXXX-WXX-WE")
    return Resolution(f"{calendars.format_week(day)}-WE", point=calendars.point_of(day))


def _period(period: Period, anchors: Anchors) -> Resolution:
    """ "the quarter", "the year", "the year-earlier quarter": the one the text was speaking of."""
    now = anchors.now
    if now is None:
        return Resolution(_UNDERSPECIFIED.get(period.unit, ""), note=_missing(anchors))
    last = anchors.last if anchors.narrative else None
    if period.unit == "Q":
        return _quarter(period, anchors, now)
    base = last or now
    if period.unit == "P":
        quarter = f"-{anchors.quarter[1]}" if anchors.quarter else ""
        return Resolution(calendars.format_year(period.years) + quarter)
    year = calendars.add_years(base[0], period.years) if period.years else base[0]
    if period.unit == "D" and not anchors.narrative and anchors.last and anchors.last[2]:
        return _shifted(Shifted("D", 0, running=True), anchors)
    if period.unit in {"D", "W", "M", "E", "C"}:
        return _shifted(Shifted(period.unit, 0, running=anchors.narrative), anchors)
    return Resolution(calendars.format_year(year), point=None)


def _quarter(period: Period, anchors: Anchors, now: Point) -> Resolution:
    """Reports speak of the quarter last named, else of the last one that was complete."""
    if anchors.quarter:
        year, part = anchors.quarter
    else:
        first = calendars.shift_month((now[0], 3 * calendars.quarter_of(now[1] or 1) - 2, None), -3)
        year, part = first[0], f"Q{calendars.quarter_of(first[1] or 1)}"
    if period.ordinal:
        part = f"Q{period.ordinal}"
    moved = calendars.add_years(year, period.years) if period.years else year
    return Resolution(f"{calendars.format_year(moved)}-{part}")


def _holiday(holiday: Holiday, anchors: Anchors) -> Resolution:
    if holiday.year is not None:
        return _on_day(place_holiday(holiday.name, holiday.year))
    if holiday.in_year is not None:
        point = resolve(holiday.in_year, anchors).point
        return _on_day(place_holiday(holiday.name, point[0]) if point else None, note=_missing(anchors))
    now = anchors.now
    sample = place_holiday(holiday.name, now[0]) if now and now[0] > 0 else None
    if sample is None:
        return Resolution("", note=_missing(anchors))
    year = infer_year(CalendarDate(month=sample.month, day=sample.day, shift=holiday.shift), anchors)
    return _on_day(place_holiday(holiday.name, year) if year else None)


# Times and weeks


def _time(time: TimeOfDay, anchors: Anchors) -> Resolution:
    """A time without a date is on the last day named in a narrative, on the day of publication in news."""
    if time.date is None:
        if anchors.generic:
            return Resolution(f"XXXX-XX-XXT{time.value}", TimexType.TIME)
        now = anchors.now
        if anchors.last and anchors.last[2] and not anchors.narrative:
            now = anchors.last
        if now is None:
            return Resolution(f"XXXX-XX-XXT{time.value}", TimexType.TIME, note=_missing(anchors))
        value = calendars.format_point(now)
        value += "" if now[2] else "-XX" if now[1] else "-XX-XX"
        return Resolution(f"{value}T{time.value}", TimexType.TIME)
    placed = resolve(time.date, anchors)
    value = placed.value if placed.value != "PRESENT_REF" else "XXXX-XX-XX"
    return replace(placed, value=f"{value}T{time.value}" if value else "", type=TimexType.TIME)


def _week_of(week: WeekOf, anchors: Anchors) -> Resolution:
    placed = resolve(week.date, anchors)
    day = calendars.shift_day(placed.point, 0) if placed.point else None
    if day is None:
        return Resolution("XXXX-WXX", note=placed.note)
    return Resolution(calendars.format_week(day), point=placed.point)


def _quarter_of(quarter: QuarterOf, anchors: Anchors) -> Resolution:
    placed = resolve(quarter.date, anchors)
    if placed.point is None or placed.point[1] is None:
        return Resolution("XXXX-QX", note=placed.note)
    part = f"Q{calendars.quarter_of(placed.point[1])}"
    return Resolution(f"{calendars.format_year(placed.point[0])}-{part}", point=placed.point, part=part)


_RESOLVERS: Mapping[type[Expression], Callable[[Any, Anchors], Resolution]] = {
    Ambiguous: _ambiguous,
    CalendarDate: _calendar,
    Era: _era,
    Holiday: _holiday,
    Period: _period,
    QuarterOf: _quarter_of,
    Shifted: _shifted,
    TimeOfDay: _time,
    Weekday: _weekday,
    Weekend: _weekend,
    WeekOf: _week_of,
}
