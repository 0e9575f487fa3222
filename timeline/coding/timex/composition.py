"""Second level: expressions joined to longer ones, and words that only count beside an expression."""

from __future__ import annotations

import re
from dataclasses import replace

from timeline.coding.timex.calendars import is_day
from timeline.coding.timex.expressions import (
    CalendarDate,
    Expression,
    Holiday,
    Reference,
    Shifted,
    Span,
    TimeOfDay,
    Weekday,
    WeekOf,
)
from timeline.coding.timex.grammar import modifier_of, ordinal_of, unit_of
from timeline.coding.timex.patterns import Built, Found, Reading, RuleSet
from timeline.coding.timex.vocabulary import FUTURE, PAST

COMPOSITION_RULES = RuleSet()
_rule = COMPOSITION_RULES.rule
_DURATION = re.compile(r"P(?P<time>T)?(?P<n>[0-9.]+|X)(?P<unit>[A-Z])(?P<more>[0-9].*)?")
_MODS = {"nearly": "LESS_THAN", "almost": "LESS_THAN", "about": "APPROX", "more": "MORE_THAN", "over": "MORE_THAN",
         "less": "LESS_THAN", "fewer": "LESS_THAN", "least": "EQUAL_OR_MORE", "up": "EQUAL_OR_LESS", "under": "LESS_THAN"}  # fmt: skip


def meaning_of(found: Found, group: str) -> Expression | None:
    item = found.one(group)
    return item.meaning if item else None


def _length(meaning: Expression | None) -> tuple[str, int | None] | None:
    """The unit and whole amount of a duration; the amount is None for a vague one."""
    match = _DURATION.fullmatch(meaning.value) if isinstance(meaning, Span) else None
    if match is None or match["more"]:
        return None
    unit = f"T{match['unit']}" if match["time"] else match["unit"]
    if match["n"] == "X":
        return unit, None
    if "." in match["n"]:
        return (
            ("M", round(12 * float(match["n"])))
            if unit == "Y" and float(match["n"]) < 9999
            else (unit, round(float(match["n"])))
        )
    return unit, int(match["n"])


# Shifts made of durations


@_rule(
    "ago",
    "(?P<length>DURATION | BARE_UNITS) (?:OR SO_WORD)? AGO",
)
def _ago(found: Found) -> Built:
    length = _length(meaning_of(found, "length"))
    if length is None or (length[1] is not None and length[1] > 100_000):
        return None
    unit, amount = length
    if amount is None and unit in {"Y", "E", "C", "M"}:
        return Reading(Reference(PAST), "DATE")
    return Reading(Shifted(unit, None if amount is None else -amount), "REL_AGO")


@_rule(
    "earlier-later",
    "(?P<length>DURATION | BARE_UNITS) (?P<way>EARLIER | LATER)",
)
def _earlier_later(found: Found) -> Built:
    length = _length(meaning_of(found, "length"))
    if length is None or (length[1] is not None and length[1] > 100_000):
        return None
    unit, amount = length
    sign = 1 if found.text("way") == "later" else -1
    if amount is None and unit in {"Y", "E", "C"}:
        return Reading(Reference(FUTURE if sign > 0 else PAST), "DATE")
    return Reading(Shifted(unit, None if amount is None else sign * amount, running=True), "REL_AGO")


@_rule(
    "ago-on", "(?P<ago>REL_AGO | REL | REL_DAY | REL_YEAR) COMMA? (?:ON)? (?P<day>WD)", "(?P<day>WD) (?P<ago>REL_AGO)"
)
def _ago_on(found: Found) -> Built:
    """ "a year ago Tuesday", "two weeks ago Friday", "last week Thursday"."""
    ago, day = meaning_of(found, "ago"), meaning_of(found, "day")
    if not (isinstance(ago, Shifted) and isinstance(day, Weekday) and ago.unit in {"W", "Y"} and ago.amount):
        return None
    return Reading(Shifted(ago.unit, ago.amount, running=ago.running, part=f"-{day.day}"))


# Parts of dates


@_rule(
    "part-of-date",
    "(?:THE)? (?P<mod>PART) (?:HYPHEN | IN | OF)? (?:THE)? (?P<date>ANY_DATE)",
    "(?:THE)? (?P<mod>PART) TERM? (?:HYPHEN | IN)? (?P<date>TIME | DAY_PART)",
    "(?P<date>THE_YEAR | REL_YEAR) POSS_MARK POSS (?P<mod>PART)",
)
def _part_of_date(found: Found) -> Built:
    item, mod = found.one("date"), modifier_of(found)
    words = found.text().split()
    part = found.text("mod")
    joined = any(word == "of" for word in words)
    if item is None or item.meaning is None or (part not in {"early", "late", "mid", "earliest"}) != joined:
        return None
    if (
        item.code == "DAY_PART"
        and isinstance(item.meaning, TimeOfDay)
        and item.meaning.date is None
        and words[0] != "the"
    ):
        return Reading(item.meaning, "DAY_PART", mod)
    return Reading(item.meaning, "DATE" if item.code in {"BARE_YEAR", "THE_YEAR"} else item.code, mod)


@_rule("earlier-in", "(?P<way>EARLIER | LATER | SOMETIME) (?:IN | ON)? (?:THE)? (?P<date>ANY_DATE | TIME)")
def _earlier_in(found: Found) -> Built:
    item = found.one("date")
    if item is None or item.meaning is None or (item.code == "BARE_YEAR" and "in" not in found.text().split()):
        return None
    mod = {"earlier": "BEFORE", "later": "AFTER"}.get(found.text("way"), "")
    code = "DATE" if item.code in {"BARE_YEAR", "THE_YEAR"} else item.code
    return Reading(item.meaning, code, mod)


@_rule("week-of", "THE? (?P<unit>UNIT) OF (?P<date>MONTH_DAY | DATE | WD)")
def _week_of(found: Found) -> Built:
    date = meaning_of(found, "date")
    dated = isinstance(date, Weekday | Holiday) or (isinstance(date, CalendarDate) and date.day is not None)
    return Reading(WeekOf(date)) if date is not None and dated and unit_of(found) == "W" else None


@_rule(
    "weekday-date",
    "(?P<wd>WD | SHORT_WD) (?:COMMA)? (?:THE)? (?P<date>MONTH_DAY | DATE)",
    "(?P<date>MONTH_DAY) COMMA (?P<wd>WD)",
)
def _weekday_date(found: Found) -> Built:
    date = meaning_of(found, "date")
    if not (isinstance(date, CalendarDate) and date.day is not None):
        return None
    return Reading(date, "DATE" if date.year else "MONTH_DAY")


@_rule(
    "date-of-year",
    "(?P<date>MONTH_DAY | DATE) (?:COMMA | OF)? (?P<year>REL_YEAR)",
    "(?P<year>REL_YEAR) POSS_MARK POSS (?P<date>DATE)",
)
def _date_of_year(found: Found) -> Built:
    """ "July last year", "January 18 of the same year", "this year's third quarter"."""
    date, year = meaning_of(found, "date"), meaning_of(found, "year")
    if not isinstance(date, CalendarDate | Holiday) or date.year is not None or not isinstance(year, Shifted):
        return None
    return Reading(replace(date, in_year=year))


# Ranges


@_rule(
    "day-range",
    "(?P<first>MONTH_DAY) (?P<link>TO | AND | HYPHEN | DASH | OR | PREP | COMMA) (?P<second>NUM | ORDINAL) (?:COMMA? (?P<year>BARE_YEAR | YEAR))?",
)
def _day_range(found: Found) -> Built:
    """ "March 3 to 5, 2020": the second day takes the month of the first, and both the year."""
    first, day = meaning_of(found, "first"), ordinal_of(found, "second")
    year_item, after = found.one("year"), found.after()
    loose = found.text("link") in {",", "or", "after", "before", "during", "within"}
    if not isinstance(first, CalendarDate) or first.month is None or first.day is None or loose:
        return None
    if day is None or not first.day < day or not is_day(2000, first.month, day):
        return None
    if (
        year_item is None
        and after is not None
        and (after.code in {"OTHER", "UNIT", "UNITS", "BIG"} and after.text.isalpha() and found.text("link") == "and")
    ):
        return None
    year = int(year_item.text) if year_item else None
    second = replace(first, day=day, year=year)
    readings = [Reading(replace(first, year=year), "DATE", group="first"), Reading(second, "DATE", group="second")]
    return tuple(readings)


@_rule(
    "range-day",
    "(?P<first>NUM | ORDINAL | THE ORDINAL) (?P<link>TO | AND | HYPHEN | DASH | PREP) (?P<second>MONTH_DAY | DATE)",
)
def _range_day(found: Found) -> Built:
    """ "between 5 and 7 March 2020"."""
    day, second = ordinal_of(found, "first"), meaning_of(found, "second")
    if not isinstance(second, CalendarDate) or second.day is None or second.month is None or day is None:
        return None
    item = found.one("second")
    day_first = item is not None and re.match(r"(?:the )?[0-9]", item.text) is not None
    if not 0 < day < second.day or not day_first or found.text("link") in {"after", "before", "during", "within"}:
        return None
    return (Reading(replace(second, day=day), "DATE", group="first"), Reading(second, "DATE", group="second"))


@_rule(
    "year-range",
    "(?P<first>BARE_YEAR | DATE) (?P<link>HYPHEN | DASH | SLASH_MARK) (?P<second>NUM | SHORT_YEAR | BARE_YEAR | DATE) (?P<bc>BC)?",
)
def _year_range(found: Found) -> Built:
    """ "1914-18", "1939/40", "490-480 BC"."""
    first, item = meaning_of(found, "first"), found.one("second")
    if (
        not isinstance(first, CalendarDate)
        or first.year is None
        or first.month
        or first.day
        or first.part
        or item is None
    ):
        return None
    if (
        isinstance(item.meaning, CalendarDate)
        and item.meaning.year
        and not item.meaning.month
        and not item.meaning.part
    ):
        end: int | None = item.meaning.year
    else:
        digits = item.text.lstrip("'’‘`")
        end = first.year // 100 * 100 + int(digits) if digits.isdigit() and len(digits) == 2 else None
    if end is None or not 0 < end - first.year < 1000:
        return None
    return (
        Reading(CalendarDate(first.year), "DATE", group="first"),
        Reading(CalendarDate(end), "DATE", group="second"),
    )


@_rule("shared-year", "(?P<first>MONTH_DAY | DATE) (?:TO | AND | HYPHEN | DASH | OR | PREP) (?P<second>DATE)")
def _shared_year(found: Found) -> Built:
    """ "between March and June 1950", "from 3 April to 5 May 1918": the first takes the year of the second."""
    first, second = meaning_of(found, "first"), meaning_of(found, "second")
    if not isinstance(first, CalendarDate) or not isinstance(second, CalendarDate) or first.shift is not None:
        return None
    if first.year is not None or second.year is None or not _same_kind(first, second):
        return None
    year = second.year - (1 if first.month and second.month and first.month > second.month else 0)
    return (Reading(replace(first, year=year), "DATE", group="first"), Reading(second, "DATE", group="second"))


def _same_kind(first: CalendarDate, second: CalendarDate) -> bool:
    return bool(first.month) == bool(second.month) and bool(first.part) == bool(second.part)


# Times on dates


@_rule(
    "time-date",
    "(?P<time>CLOCK_TIME | DAY_PART | NIGHT) COMMA? (?P<link>OF | ON)? (?P<date>WD | MONTH_DAY | DATE | REL_DAY)",
    "(?P<time>CLOCK_TIME) IN (?P<time2>DAY_PART)",
)
def _time_date(found: Found) -> Built:
    time, date = meaning_of(found, "time"), meaning_of(found, "date")
    if not isinstance(time, TimeOfDay):
        return None
    if found.has("time2"):
        return Reading(_in_part(time, meaning_of(found, "time2")), "CLOCK_TIME")
    part = (found.one("time") or found.all()[0]).code
    linked = found.has("link")
    if date is None or not _names_day(date) or (part != "CLOCK_TIME" and not linked and part == "NIGHT"):
        return None
    if part != "CLOCK_TIME" and not linked and not (found.one("time") or found.all()[0]).text[0].isalpha():
        return None
    return Reading(TimeOfDay(time.value, date), "TIME")


def _in_part(time: TimeOfDay, part: Expression | None) -> TimeOfDay:
    """ "4 in the morning", "3:30 in the afternoon"."""
    hour, _, minute = time.value.partition(":")
    later = isinstance(part, TimeOfDay) and part.value in {"AF", "EV", "NI"} and int(hour) < 12
    return TimeOfDay(f"{int(hour) + 12 if later else int(hour):02d}:{minute}", time.date)


@_rule("hour-in-part", "(?P<hour>NUM) IN (?P<part>DAY_PART)")
def _hour_in_part(found: Found) -> Built:
    hour, part = ordinal_of(found, "hour"), found.one("part")
    if hour is None or not 1 <= hour <= 12 or part is None or not part.text.startswith("the "):
        return None
    return Reading(_in_part(TimeOfDay(f"{hour:02d}:00"), part.meaning), "CLOCK_TIME")


@_rule(
    "date-time",
    "(?P<date>WD | MONTH_DAY | DATE | REL_DAY | SHORT_WD) COMMA? (?:AT)? (?P<time>DAY_PART | NIGHT | CLOCK_TIME)",
)
def _date_time(found: Found) -> Built:
    time, date, item = meaning_of(found, "time"), meaning_of(found, "date"), found.one("time")
    if not isinstance(time, TimeOfDay) or date is None or not _names_day(date) or item is None:
        return None
    words = found.text().split()
    separate = "," in words or "at" in words
    if (separate and item.code != "CLOCK_TIME") or (item.code != "CLOCK_TIME" and item.text.startswith(("the ", "a "))):
        return None
    return None if separate else Reading(TimeOfDay(time.value, date), "TIME")


def _names_day(date: Expression) -> bool:
    if isinstance(date, CalendarDate):
        return date.day is not None
    return isinstance(date, Weekday | Holiday) or (isinstance(date, Shifted) and date.unit == "D")


# Words before an expression


@_rule(
    "approximate",
    "(?P<mod>APPROX | OVER | MORE THAN | NUM_NO? MORE THAN | AT LEAST | UP TO | JUST? (?:APPROX | OVER | MORE THAN)) (?P<x>DURATION)",
    "(?P<mod>APPROX | OVER | MORE THAN | JUST? (?:OVER | APPROX)) (?P<x>REL_AGO | CLOCK_TIME | BARE_YEAR | MONTH_DAY)",
    "(?P<mod>APPROX) (?P<x>DATE | TIME)",
)
def _approximate(found: Found) -> Built:
    item = found.one("x")
    if item is None or item.meaning is None:
        return None
    words = [each.text for each in found.all("mod")]
    mod = next((_MODS[word] for word in words if word in _MODS), "APPROX")
    if words == ["some"] and item.code != "DURATION":
        return None
    return Reading(item.meaning, "DATE" if item.code == "BARE_YEAR" else item.code, mod)


@_rule("or-so", "(?P<x>DURATION) OR SO_WORD")
def _or_so(found: Found) -> Built:
    item = found.one("x")
    return Reading(item.meaning, "DURATION", "APPROX") if item and item.meaning else None
