"""First level: dates by the calendar, from 5 March 2020 to the 19th century, and holidays."""

from __future__ import annotations

import re

from timeline.coding.timex.calendars import is_day
from timeline.coding.timex.expressions import Ambiguous, CalendarDate, Era, Holiday, Period, Shifted, TimeOfDay
from timeline.coding.timex.grammar import direction_of, is_running, ordinal_of, unit_of, year_of
from timeline.coding.timex.holidays import normalise_holiday
from timeline.coding.timex.patterns import Built, Found, Reading, RuleSet
from timeline.coding.timex.quantities import read_number, read_year_words
from timeline.coding.timex.vocabulary import DECADE_WORDS, MONTHS, SEASONS

CALENDAR_RULES = RuleSet()
_rule = CALENDAR_RULES.rule
_BEFORE_YEAR = frozenset(
    {"IN", "SINCE", "BY", "FROM", "TO", "AND", "OF", "PREP", "SEASON", "PART", "HYPHEN", "DASH", "MONTH"}
)

_TERROR = frozenset({"attack", "attacks", "terror", "terrorist", "terrorists", "hijackers", "hijackings"})
_AFTER_DAY = frozenset({"END", "COMMA", "BREAK", "AND", "OPEN", "TO"})
_VERBS = frozenset({"was", "were", "had", "he", "she", "they", "it", "when", "but", "with"})
_SEASONAL = frozenset({
    "offensive", "offensives", "campaign", "campaigns", "session", "games", "olympics", "break", "recess", "holidays",
    "season", "harvest",
})  # fmt: skip  # "the" is theirs: "the summer offensive"
_STREETS = frozenset({
    "street", "square", "avenue", "boulevard", "bridge", "university", "stadium", "brigade", "brigades", "movement",
    "hospital", "neighbourhood", "neighborhood", "highway", "battalion", "martyrs",
})  # fmt: skip  # named after a day: "April 7th Street"


@_rule("iso-date", "(?P<iso>ISO)")
def _iso(found: Found) -> Built:
    text = found.text("iso")
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    if not (year and 1 <= month <= 12 and is_day(year, month, day)):
        return None
    date = CalendarDate(year, month, day)
    clock = re.match(r"[ t]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)", text[10:])
    return Reading(TimeOfDay(clock[1], date), "TIME") if clock else Reading(date)


@_rule("slash-date", "(?P<date>SLASH)")
def _slash(found: Found) -> Built:
    """Month or day first is decided by numbers over 12, else left to the resolver."""
    first, second, third = (int(part) for part in re.split(r"[/.-]", found.text("date")))
    if first > 999:
        return _checked(first, second, third)
    year = third if third > 99 else 2000 + third if third < 70 else 1900 + third
    if first > 12 or second > 12 or first == second:
        return _checked(year, second, first) if first > 12 else _checked(year, first, second)
    return Reading(Ambiguous(first, second, year)) if first and second and year else None


def _checked(year: int, month: int, day: int) -> Built:
    valid = year > 0 and 1 <= month <= 12 and is_day(year, month, day)
    return Reading(CalendarDate(year, month, day)) if valid else None


@_rule(
    "month-day",
    "(?P<shift>LAST | THIS | NEXT)? (?P<month>MONTH) HYPHEN? THE? (?P<n>NUM | ORDINAL)"
    " (?:(?:COMMA | OF | HYPHEN)? (?P<year>YEAR) | COMMA? (?P<year2>NUM | FOUR) (?P<bc>BC))?",
    "THE? (?P<n>NUM | ORDINAL) HYPHEN? (?:UNIT? OF)? THE? (?P<month>MONTH)"
    " (?:(?:COMMA | OF | HYPHEN)? (?P<year>YEAR) | HYPHEN? (?P<short>SHORT_YEAR)"
    " | COMMA? (?P<year2>NUM | FOUR) (?P<bc>BC))?",
)
def _month_day(found: Found) -> Built:
    day, year = ordinal_of(found), year_of(found, "year", "year2", "short")
    month = MONTHS[found.text("month").rstrip(".")]
    if day is None or not is_day(year if year and year > 0 else 2000, month, day):
        return None
    after, words = found.after(), found.text().split()
    if not year and after is not None and after.text in _STREETS:
        return None
    before = found.before()
    named = found.text("n")[:1].isdigit() or (before is not None and before.code == "ON")
    if (
        not named
        and words[-2:-1] == ["the"]
        and after is not None
        and after.text.isalpha()
        and after.code in {"OTHER", "NUM"}
    ):
        return None  # "in October the second ship was lost"
    date = CalendarDate(year, month, day, short_year=found.has("short"), shift=direction_of(found))
    return Reading(date, "DATE" if year else "MONTH_DAY")


@_rule("september-11", "(?P<core>(?P<month>MONTH) (?P<n>NUM)) OTHER", "THE? (?P<core>NUM)")
def _september_11(found: Found) -> Built:
    """ "the September 11 attacks", "9/11": the day in 2001 that needs no year."""
    if found.has("month"):
        named = MONTHS[found.text("month").rstrip(".")] == 9 and found.text("n") == "11"
        return Reading(CalendarDate(2001, 9, 11), group="core") if named and found.all()[-1].text in _TERROR else None
    after = found.after()
    fraction = after is not None and after.code in {"UNIT", "UNITS", "BIG"}
    return None if found.text("core") != "9/11" or fraction else Reading(CalendarDate(2001, 9, 11), group="core")


@_rule("day-of-month", "(?:ON | BY | SINCE | FROM | PREP | BETWEEN) (?P<core>THE (?P<n>ORD))")
def _day_of_month(found: Found) -> Built:
    """ "relieved on the 5th": a day of the month that the text has reached."""
    after, text = found.after(), found.text("n")
    if not text[:1].isdigit() or not 1 <= int(text[:-2]) <= 31:
        return None
    if after is not None and after.code not in _AFTER_DAY and after.text not in _VERBS:
        return None  # "on the 5th floor", "the 19th century"
    return Reading(CalendarDate(day=int(text[:-2])), "DAY_OF_MONTH", group="core")


@_rule(
    "month-year",
    "(?P<month>MONTH) (?:COMMA | OF | HYPHEN)?"
    " (?:(?P<year>YEAR) | (?P<short>SHORT_YEAR) | (?P<words>NUM NUM (?:HYPHEN? NUM)?))",
    "(?P<month>MONTH) (?:COMMA | OF)? (?P<year>NUM | YEAR | FOUR) (?P<bc>BC)",
)
def _month_year(found: Found) -> Built:
    year = read_year_words(found.all("words")) if found.has("words") else year_of(found, "year", "short")
    month = MONTHS[found.text("month").rstrip(".")]
    return Reading(CalendarDate(year, month, short_year=found.has("short"))) if year else None


@_rule("month", "(?P<shift>SHIFTER)? (?P<month>MONTH)")
def _month(found: Found) -> Built:
    word, after = found.text("month"), found.after()
    if after is not None and after.code == "ORD":  # declined as a day: "April 7th Street"
        return None
    if word in {"mar", "jan", "dec", "jun"}:  # a name rather than a month when it stands alone
        return None
    shift = None if found.text("shift") == "that" else direction_of(found)
    return Reading(CalendarDate(month=MONTHS[word.rstrip(".")], shift=shift))


@_rule(
    "year",
    "APPROX? (?P<year>YEAR | FOUR | NUM) (?P<bc>BC)",
    "(?P<ad>AD) (?P<year>NUM | YEAR | FOUR)",
    "(?P<year>YEAR) AD",
    "THE (?P<unit>UNIT | UNITS) (?P<year>YEAR)",
    "(?P<bare>(?P<year>YEAR))",
)
def _year(found: Found) -> Built:
    year = year_of(found)
    if not year or (found.has("unit") and unit_of(found) != "Y"):
        return None
    return Reading(CalendarDate(year), "BARE_YEAR" if found.has("bare") else "DATE")


@_rule("year-period", "THE (?P<year>YEAR) (?P<unit>UNIT | PERIOD)")
def _year_period(found: Found) -> Built:
    """ "the 1988 period" of a report on a quarter is that quarter."""
    year = year_of(found)
    if not year or (found.text("unit") != "period" and unit_of(found) != "Q"):
        return None
    return Reading(Period("P", year))


@_rule("short-year", "(?P<year>SHORT_YEAR)")
def _short_year(found: Found) -> Built:
    before = found.before()
    if before is None or before.code not in _BEFORE_YEAR:
        return None
    return Reading(CalendarDate(year_of(found), short_year=True))


@_rule("year-words", "(?P<words>NUM NUM (?:HYPHEN? NUM)?)", "THE UNIT (?P<thousand>NUM BIG (?:AND? NUM)?)")
def _year_words(found: Found) -> Built:
    if found.has("thousand"):
        number = read_number(found.all("thousand"))
        return Reading(CalendarDate(int(number))) if number and 1000 <= number <= 2999 else None
    year, before = read_year_words(found.all("words")), found.before()
    dated = (before is not None and before.code in _BEFORE_YEAR) or (year and 1920 <= year < 2000)
    return Reading(CalendarDate(year)) if year and dated else None


@_rule("fiscal-year", "THE? FISCAL (?P<unit>UNIT)? (?P<year>YEAR | SHORT_YEAR)", "(?P<year>FISCAL_CODE)")
def _fiscal(found: Found) -> Built:
    year = year_of(found)
    return Reading(CalendarDate(year, short_year=year is not None and year < 100))


@_rule("decade", "THE? (?P<decade>DECADE) (?P<bc>BC)?", "THE (?P<part>PART) HYPHEN? (?P<decade>DECADE)")
def _decade(found: Found) -> Built:
    text = found.text("decade")
    digits = re.sub(r"[^0-9]", "", text)
    written = "'" in text or "’" in text or len(digits) > 2
    if not written and found.all()[0].code != "THE":
        return None
    if len(digits) == 4 or found.has("bc"):
        return Reading(Era(int(digits) // 10, 3, bc=found.has("bc"))) if digits else None
    return Reading(Era((int(digits) if digits else DECADE_WORDS[text]) // 10, 3, century_open=True))


@_rule("century", "THE? (?P<n>ORDINAL) HYPHEN? (?P<unit>UNIT) (?P<bc>BC)?")
def _century(found: Found) -> Built:
    n = ordinal_of(found)
    if unit_of(found) != "C" or n is None or not 1 <= n <= 30:
        return None
    return Reading(Era(n - 1, 2, bc=found.has("bc")))


@_rule(
    "season",
    "(?P<shift>SHIFTER | THE)? (?P<core>(?P<season>SEASON) (?:(?:COMMA | OF)? (?:(?P<year>YEAR) | (?P<short>SHORT_YEAR)"
    " | (?P<words>NUM NUM (?:HYPHEN? NUM)?)) | OF? (?P<ancient>NUM | FOUR) (?P<bc>BC))?)",
    "(?P<year>YEAR) (?P<season>SEASON)",
)
def _season(found: Found) -> Built:
    part, words = SEASONS[found.text("season")], found.text("shift")
    if found.has("words"):
        year = read_year_words(found.all("words"))
        return Reading(CalendarDate(year, part=part)) if year else None
    year = year_of(found, "year", "short", "ancient")
    if year is None and is_running(found) and words not in {"that", "that same", "the same"}:
        return Reading(Shifted("S", direction_of(found), running=True, part=part))
    shift = None if words in {"", "the", "that", "that same", "the same"} else direction_of(found)
    after = found.after()
    of_noun = words == "the" and after is not None and after.text in _SEASONAL
    return Reading(
        CalendarDate(year, part=part, shift=shift, short_year=found.has("short")), group="core" if of_noun else ""
    )


@_rule(
    "quarter",
    "THE? (?P<core>FISCAL? HYPHEN? (?P<n>ORDINAL) (?:HYPHEN | FISCAL)? (?P<unit>UNIT | HALF)"
    " (?:(?:OF | COMMA | IN)? (?:FISCAL | THE)? (?P<year>YEAR))?)",
    "THE (?P<year>YEAR) FISCAL? (?P<n>ORDINAL) HYPHEN? (?P<unit>UNIT | HALF)",
    "THE? (?P<n>LAST | LATTER) (?P<unit>HALF | UNIT) OF FISCAL? (?P<year>YEAR)",
    "(?P<q>QUARTER_CODE) (?:OF? (?P<year>YEAR))?",
)
def _quarter(found: Found) -> Built:
    if found.has("q"):
        return Reading(CalendarDate(year_of(found), part="".join(sorted(found.text("q").upper(), reverse=True))))
    unit = "H" if found.text("unit") == "half" else unit_of(found)
    last = found.text("n") in {"last", "latter"}
    n = (2 if unit == "H" else 4) if last else ordinal_of(found)
    bare_half = unit == "H" and not found.has("year") and found.all()[0].code != "THE"
    if n is None or bare_half or not ((unit == "Q" and 1 <= n <= 4) or (unit == "H" and 1 <= n <= 2)):
        return None
    before_unit = [item.text for item in found.all("core")]
    adjective = found.text("unit") in before_unit and before_unit[before_unit.index(found.text("unit")) - 1] == "-"
    return Reading(CalendarDate(year_of(found), part=f"{unit}{n}"), group="core" if adjective else "")


@_rule("holiday", "(?P<shift>SHIFTER)? (?P<name>HOLIDAY) (?:COMMA? (?P<year>YEAR))?")
def _holiday(found: Found) -> Built:
    shift = None if found.text("shift") == "that" else direction_of(found)
    return Reading(Holiday(normalise_holiday(found.text("name")), year_of(found), shift))
