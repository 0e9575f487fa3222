"""Second level: dates of several parts that belong together, and ranges, in which one end lends the other its parts."""

from __future__ import annotations

import re
from dataclasses import replace

from timeline.coding.timex.calendars import is_day
from timeline.coding.timex.expressions import CalendarDate, Era, Holiday, Period, QuarterOf, Shifted
from timeline.coding.timex.grammar import meaning_of, ordinal_of
from timeline.coding.timex.patterns import Built, Found, Reading, RuleSet
from timeline.coding.timex.vocabulary import DECADE_WORDS

RANGE_RULES = RuleSet()
SHARED_YEAR_RULES = RuleSet()  # once more after composition: "the spring and early summer of 1943"
_rule = RANGE_RULES.rule


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


@_rule("quarter-ended", "(?P<quarter>DATE) (?:THAT)? (?P<ended>ENDED) (?:ON)? (?P<date>MONTH_DAY | DATE)")
def _quarter_ended(found: Found) -> Built:
    """ "the quarter ended Sept. 30"."""
    quarter, date = meaning_of(found, "quarter"), meaning_of(found, "date")
    if not isinstance(quarter, Period) or quarter.unit != "Q" or not isinstance(date, CalendarDate) or not date.month:
        return None
    item = found.one("date")
    code = item.code if item else "DATE"
    return (Reading(QuarterOf(date), group="quarter"), Reading(date, code, group="date"))


# Ranges


@_rule(
    "day-range",
    "(?P<first>MONTH_DAY) (?P<link>TO | AND | HYPHEN | DASH | OR | PREP | COMMA)"
    " (?P<second>(?P<n>NUM | ORDINAL) (?:COMMA? (?P<year>BARE_YEAR | YEAR))?)",
)
def _day_range(found: Found) -> Built:
    """ "March 3 to 5, 2020": the second day takes the month of the first, and both the year."""
    first, day = meaning_of(found, "first"), ordinal_of(found)
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
    "(?P<first>NUM | ORDINAL | THE ORDINAL | DAY_OF_MONTH) (?P<link>TO | AND | HYPHEN | DASH | PREP)"
    " (?P<second>MONTH_DAY | DATE)",
)
def _range_day(found: Found) -> Built:
    """ "between 5 and 7 March 2020"."""
    first, second = meaning_of(found, "first"), meaning_of(found, "second")
    day = first.day if isinstance(first, CalendarDate) else ordinal_of(found, "first")
    if not isinstance(second, CalendarDate) or second.day is None or second.month is None or day is None:
        return None
    item = found.one("second")
    day_first = item is not None and re.match(r"(?:the )?[0-9]", item.text) is not None
    if not 0 < day < second.day or not day_first or found.text("link") in {"after", "before", "during", "within"}:
        return None
    return (Reading(replace(second, day=day), "DATE", group="first"), Reading(second, "DATE", group="second"))


@_rule(
    "year-range",
    "(?P<first>BARE_YEAR | DATE) (?P<link>HYPHEN | DASH | SLASH_MARK)"
    " (?P<second>NUM | SHORT_YEAR | BARE_YEAR | DATE) (?P<bc>BC)?",
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


@_rule("decades", "(?P<first>DATE) (?:AND | OR | TO | HYPHEN | DASH) (?:THE)? (?P<second>DECADE)")
def _decades(found: Found) -> Built:
    """ "the 1960s and 70s": the second decade is in the century of the first."""
    first, text = meaning_of(found, "first"), found.text("second")
    digits = re.sub(r"[^0-9]", "", text)
    if not isinstance(first, Era) or first.digits != 3 or first.bc or len(digits) > 2:
        return None
    decade = (int(digits) if digits else DECADE_WORDS[text]) // 10
    second = replace(first, value=first.value // 10 * 10 + decade)
    return (Reading(first, "DATE", group="first"), Reading(second, "DATE", group="second"))


@SHARED_YEAR_RULES.rule(
    "shared-year", "(?P<first>MONTH_DAY | DATE) (?:TO | AND | HYPHEN | DASH | OR | PREP) (?P<second>DATE)"
)
def _shared_year(found: Found) -> Built:
    """ "between March and June 1950", "from 3 April to 5 May 1918": the first takes the year of the second."""
    first, second = meaning_of(found, "first"), meaning_of(found, "second")
    if not isinstance(first, CalendarDate) or not isinstance(second, CalendarDate) or first.shift is not None:
        return None
    if first.year is not None or not _same_kind(first, second):
        return None
    if second.in_year is not None and first.in_year is None:
        return (Reading(replace(first, in_year=second.in_year), group="first"), Reading(second, group="second"))
    if second.year is None:
        return None
    year = second.year - (1 if first.month and second.month and first.month > second.month else 0)
    return (Reading(replace(first, year=year), "DATE", group="first"), Reading(second, "DATE", group="second"))


def _same_kind(first: CalendarDate, second: CalendarDate) -> bool:
    return bool(first.month) == bool(second.month) and bool(first.part) == bool(second.part)


@_rule("ancient-range", "(?P<first>NUM | FOUR) (?:HYPHEN | DASH | TO | AND) (?P<second>DATE)")
def _ancient_range(found: Found) -> Built:
    """ "499-493 BC": the era of the second is that of the first."""
    first, second = found.text("first"), meaning_of(found, "second")
    if not isinstance(second, CalendarDate) or second.month or (second.year or 0) >= 0 or not first.isdigit():
        return None
    year = -int(first)
    if not year < (second.year or 0) < 0:
        return None
    return (Reading(CalendarDate(year), group="first"), Reading(second, group="second"))
