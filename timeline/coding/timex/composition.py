"""Third level: expressions joined to longer ones, and words that only count beside an expression."""

from __future__ import annotations

from dataclasses import replace

from timeline.coding.timex.expressions import (
    CalendarDate,
    Expression,
    Holiday,
    Item,
    Period,
    Reference,
    Shifted,
    Span,
    TimeOfDay,
    Weekday,
    WeekOf,
)
from timeline.coding.timex.grammar import meaning_of, modifier_of, ordinal_of
from timeline.coding.timex.patterns import Built, Found, Reading, RuleSet
from timeline.coding.timex.quantities import read_duration
from timeline.coding.timex.vocabulary import FUTURE, PAST, UNITS

COMPOSITION_RULES = RuleSet()
_rule = COMPOSITION_RULES.rule
_MODS = {
    "nearly": "LESS_THAN",
    "almost": "LESS_THAN",
    "about": "APPROX",
    "more": "MORE_THAN",
    "over": "MORE_THAN",
    "less": "LESS_THAN",
    "fewer": "LESS_THAN",
    "under": "LESS_THAN",
    "least": "EQUAL_OR_MORE",
    "up": "EQUAL_OR_LESS",
}
_PARTS = frozenset({"MO", "AF", "EV", "NI"})
_HALVES = {"H1": "START", "H2": "END"}
_WAYS = frozenset({"before", "previously", "after", "afterwards"})


def _length(meaning: Expression | None) -> tuple[str, int | None] | None:
    """Unit and amount of a length that one may count back by."""
    length = read_duration(meaning.value) if isinstance(meaning, Span) else None
    most = 10**11 if length and length[0] == "Y" else 10**5
    return None if length is None or (length[1] or 0) > most else length


# Shifts made of durations


@_rule(
    "ago",
    "(?P<length>DURATION | BARE_UNITS) (?:OR SO_WORD)? AGO",
)
def _ago(found: Found) -> Built:
    length = _length(meaning_of(found, "length"))
    if length is None:
        return None
    unit, amount = length
    if amount is None and not unit.startswith("T"):
        return Reading(Reference(PAST), "DATE")
    comparing = unit == "Y" and amount == 1
    return Reading(Shifted(unit, None if amount is None else -amount, comparing=comparing), "REL_AGO")


@_rule(
    "earlier-later",
    "(?P<length>DURATION | BARE_UNITS) (?P<way>EARLIER | LATER)",
    "(?P<length>DURATION | BARE_UNITS) (?P<way>PREP | PREVIOUSLY)",
    "(?P<length>DURATION | BARE_UNITS) FROM (?P<now>REF_ONLY | REL_DAY)",
)
def _earlier_later(found: Found) -> Built:
    length = _length(meaning_of(found, "length"))
    if length is None:
        return None
    after = found.after()
    if after is not None and after.code == "THAN":
        return None  # "three days later than planned" compares
    unit, amount = length
    way = found.text("way")
    if found.has("now"):  # "two weeks from now"
        if found.text("now") not in {"now", "today"}:
            return None
        return Reading(Shifted(unit, amount) if amount else Reference(FUTURE), "REL_AGO")
    if way not in {"earlier", "later"} and (way not in _WAYS or not _ends(after)):
        return None  # "two years before the war" is a length and an event
    sign = 1 if way in {"later", "after", "afterwards"} else -1
    comparing = unit == "Y" and amount == 1 and sign < 0
    if amount is None and not unit.startswith("T"):
        return Reading(Reference(FUTURE if sign > 0 else PAST), "DATE")
    return Reading(
        Shifted(unit, None if amount is None else sign * amount, running=True, comparing=comparing), "REL_AGO"
    )


@_rule(
    "ago-on", "(?P<ago>REL_AGO | REL | REL_DAY | REL_YEAR) COMMA? (?:ON)? (?P<day>WD)", "(?P<day>WD) (?P<ago>REL_AGO)"
)
def _ago_on(found: Found) -> Built:
    """ "a year ago Tuesday", "two weeks ago Friday", "last week Thursday"."""
    ago, day = meaning_of(found, "ago"), meaning_of(found, "day")
    if not (isinstance(ago, Shifted) and isinstance(day, Weekday) and ago.unit in {"W", "Y"} and ago.amount):
        return None
    return Reading(Shifted(ago.unit, ago.amount, running=ago.running, part=f"-{day.day}"))


@_rule(
    "the-day-before",
    "THE (?P<unit>UNIT) (?P<way>PREP | FOLLOWING)",
    "(?:THE_MONTH | THE_YEAR) (?P<way>PREP | FOLLOWING)",
    "(?P<time>DAY_PART) (?P<way>PREP)",
)
def _the_day_before(found: Found) -> Built:
    """ "the day before", "the year after": counted from the last date, where no event follows."""
    words, way, time = found.text().split(), found.text("way"), meaning_of(found, "time")
    if isinstance(time, TimeOfDay) and words[0] == "the" and way in {"before", "after"} and _ends(found.after()):
        return Reading(TimeOfDay(time.value, Shifted("D", -1 if way == "before" else 1, running=True)), "TIME")
    unit = UNITS.get(words[1], "")
    if way not in {"before", "after", "following"} or not _ends(found.after()) or unit not in {"D", "W", "M", "Y"}:
        return None
    return Reading(Shifted(unit, -1 if way == "before" else 1, running=True), "REL_YEAR" if unit == "Y" else "REL_DAY")


def _ends(after: Item | None) -> bool:
    return after is None or after.code in {"END", "COMMA", "BREAK", "AND", "OR"} or after.text in {"(", ")", '"', "”"}


# Parts of dates


@_rule(
    "part-of-date",
    "(?:THE)? (?P<mod>PART) (?:HYPHEN | IN | OF)? (?:THE)? (?P<date>ANY_DATE | THE_MONTH)",
    "(?:THE)? (?P<mod>PART) TERM? (?:HYPHEN | IN)? (?P<date>TIME | DAY_PART)",
    "(?P<date>THE_YEAR | THE_MONTH | REL_YEAR) POSS_MARK POSS (?P<mod>PART)",
)
def _part_of_date(found: Found) -> Built:
    item, mod = found.one("date"), modifier_of(found)
    words = found.text().split()
    part = found.text("mod")
    joined = f"{part} of " in f"{found.text()} " or words[-1] == part
    if item is None or item.meaning is None or (part not in {"early", "late", "mid", "earliest"}) != joined:
        return None
    if item.meaning == Period("D"):
        return None  # "at the end of the day" says "after all" more often than "in the evening"
    if (
        item.code == "DAY_PART"
        and isinstance(item.meaning, TimeOfDay)
        and item.meaning.date is None
        and words[0] != "the"
    ):
        return Reading(item.meaning, "DAY_PART", mod)
    return Reading(item.meaning, "DATE" if item.code in {"BARE_YEAR", "THE_YEAR", "THE_MONTH"} else item.code, mod)


@_rule(
    "half-of",
    "(?P<half>DATE) OF (?P<date>DATE | REL_YEAR | THE_YEAR | THE_MONTH)",
    "THE? (?P<which>LAST | LATTER) HALF OF (?P<date>DATE | REL_YEAR | THE_YEAR | THE_MONTH)",
    "(?P<length>DURATION) OF (?P<date>REL_YEAR | THE_YEAR)",
)
def _half_of(found: Found) -> Built:
    """ "the first half of the 18th century", "the latter half of May"."""
    half, date = meaning_of(found, "half"), meaning_of(found, "date")
    if found.has("length"):  # "the last quarter of last year"
        fourth = found.text("length").removeprefix("the ") == "last quarter"
        return Reading(CalendarDate(part="Q4", in_year=date)) if fourth and isinstance(date, Shifted) else None
    if not found.has("which") and not (isinstance(half, CalendarDate) and half.part in _HALVES and not half.year):
        return None
    part = half.part if isinstance(half, CalendarDate) else "H2"
    if date is None or (isinstance(date, CalendarDate) and date.day):
        return None
    if date == Period("Y"):
        date = Shifted("Y", 0)
    if isinstance(date, Shifted) and date.unit == "Y" and not date.part:
        return Reading(CalendarDate(part=part, in_year=date))
    return Reading(date, "DATE", _HALVES[part])


@_rule("hours-of", "THE? (?P<part>PART) BARE_UNITS OF (?P<date>WD | MONTH_DAY | DATE | REL_DAY | TIME)")
def _hours_of(found: Found) -> Built:
    """ "in the early hours of Sunday", "in the small hours of Monday morning"."""
    date = meaning_of(found, "date")
    value = {"early": "MO", "small": "MO", "wee": "MO", "late": "NI"}.get(found.text("part"))
    after = found.after()
    if after is not None and after.code in {"DAY_PART", "NIGHT"}:
        return None  # "Monday" of "Monday morning"
    if date is None or value is None or " hours of " not in found.text():
        return None
    if isinstance(date, TimeOfDay):
        return Reading(date, "TIME", modifier_of(found, "part")) if ":" not in date.value else None
    return Reading(TimeOfDay(value, date), "TIME", modifier_of(found, "part")) if _names_day(date) else None


@_rule("earlier-in", "(?P<way>EARLIER | LATER | SOMETIME) (?:IN | ON)? (?:THE)? (?P<date>ANY_DATE | TIME | THE_MONTH)")
def _earlier_in(found: Found) -> Built:
    item = found.one("date")
    if item is None or item.meaning is None or (item.code == "BARE_YEAR" and "in" not in found.text().split()):
        return None
    mod = {"earlier": "BEFORE", "later": "AFTER"}.get(found.text("way"), "")
    code = "DATE" if item.code in {"BARE_YEAR", "THE_YEAR", "THE_MONTH"} else item.code
    return Reading(item.meaning, code, mod)


@_rule("length-of-date", "(?P<length>DURATION) OF (?P<date>DATE | MONTH_DAY | REL)")
def _length_of_date(found: Found) -> Built:
    """ "the last week of August": a length within the date; "the first nine months of 1997" is annotated as two."""
    length, item = meaning_of(found, "length"), found.one("date")
    words = found.text("length").split()
    if not isinstance(length, Span) or item is None or item.meaning is None or words[0] != "the":
        return None
    if words[1] not in {"first", "last", "final", "opening", "closing"} and not words[1].endswith(("nd", "rd", "th")):
        return None
    return Reading(Span(length.value, within=item.meaning), "DURATION")


@_rule("week-of", "(?:THE_MONTH | UNIT) OF (?P<date>MONTH_DAY | DATE | WD)", "(?P<date>DATE) UNIT")
def _week_of(found: Found) -> Built:
    date = meaning_of(found, "date")
    dated = isinstance(date, Weekday | Holiday) or (isinstance(date, CalendarDate) and date.day is not None)
    words = found.text().split()
    named = words[-1] == "week" and isinstance(date, Holiday)  # "Easter week"
    return Reading(WeekOf(date)) if date is not None and dated and (named or "week" in words[:2]) else None


# Times on dates


@_rule(
    "time-date",
    "(?P<time>CLOCK_TIME | DAY_PART | NIGHT) COMMA? (?P<link>OF)? (?P<date>WD | MONTH_DAY | DATE | REL_DAY)",
    "(?P<time>DAY_PART) (?P<hours>BARE_UNITS) (?P<link>OF) (?P<date>WD | MONTH_DAY | DATE | REL_DAY)",
    "(?P<time>CLOCK_TIME) IN (?P<time2>DAY_PART)",
    "(?P<time>CLOCK_TIME) (?P<whole>TIME)",
)
def _time_date(found: Found) -> Built:
    time, date = meaning_of(found, "time"), meaning_of(found, "date")
    if not isinstance(time, TimeOfDay):
        return None
    if found.has("time2"):
        return Reading(_in_part(time, meaning_of(found, "time2")), "CLOCK_TIME")
    whole, after = meaning_of(found, "whole"), found.after()
    if isinstance(whole, TimeOfDay):  # "3 o'clock Monday afternoon"
        named = whole.date is not None and whole.value in _PARTS
        return Reading(replace(_in_part(time, whole), date=whole.date), "TIME") if named else None
    part = (found.one("time") or found.all()[0]).code
    if part == "CLOCK_TIME" and after is not None and after.code in {"DAY_PART", "NIGHT"}:
        return None  # "9 a.m. Monday" of "9 a.m. Monday morning"
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


@_rule(
    "time-on-date",
    "(?P<time>CLOCK_TIME | DAY_PART) (?:LOCAL TIME_WORD)? COMMA? ON (?P<date>WD | MONTH_DAY | DATE | REL_DAY)",
    "(?P<time>CLOCK_TIME) (?:LOCAL TIME_WORD)? OPEN (?P<time2>CLOCK_TIME) CLOSE ON?"
    " (?P<date>WD | MONTH_DAY | DATE | REL_DAY)",
    "(?P<date>WD | MONTH_DAY | DATE | REL_DAY) (?:COMMA | AT | OPEN){1,2} (?P<time>CLOCK_TIME)",
)
def _time_on_date(found: Found) -> Built:
    """ "10:00 on March 5", "on March 5 at 10:00": two expressions, and the time is on that date."""
    time, date = meaning_of(found, "time"), meaning_of(found, "date")
    if not isinstance(time, TimeOfDay) or date is None or not _names_day(date):
        return None
    item, again = found.one("date"), meaning_of(found, "time2")
    readings = (
        Reading(TimeOfDay(time.value, date), "TIME", group="time"),
        *([Reading(TimeOfDay(again.value, date), "TIME", group="time2")] if isinstance(again, TimeOfDay) else []),
        Reading(date, item.code if item else "DATE", group="date"),
    )
    return readings if found.match.start("time") < found.match.start("date") else readings[::-1]


@_rule("hour-in-part", "(?P<hour>NUM) IN (?P<part>DAY_PART)")
def _hour_in_part(found: Found) -> Built:
    hour, part = ordinal_of(found, "hour"), found.one("part")
    if hour is None or not 1 <= hour <= 12 or part is None or not part.text.startswith("the "):
        return None
    return Reading(_in_part(TimeOfDay(f"{hour:02d}:00"), part.meaning), "CLOCK_TIME")


@_rule(
    "date-time",
    "(?P<date>WD | MONTH_DAY | DATE | REL_DAY | SHORT_WD) COMMA? (?P<time>DAY_PART | NIGHT | CLOCK_TIME)",
)
def _date_time(found: Found) -> Built:
    time, date, item = meaning_of(found, "time"), meaning_of(found, "date"), found.one("time")
    if not isinstance(time, TimeOfDay) or date is None or not _names_day(date) or item is None:
        return None
    words = found.text().split()
    separate = "," in words or "at" in words
    if (separate and item.code != "CLOCK_TIME") or (item.code != "CLOCK_TIME" and item.text.startswith(("the ", "a "))):
        return None
    return Reading(TimeOfDay(time.value, date), "TIME")


def _names_day(date: Expression) -> bool:
    if isinstance(date, CalendarDate):
        return date.day is not None
    return isinstance(date, Weekday | Holiday) or (isinstance(date, Shifted) and date.unit == "D")


# Words before an expression


@_rule(
    "approximate",
    "(?P<mod>NUM_NO? MORE THAN | AT LEAST | UP TO | JUST? (?:APPROX | OVER | MORE THAN)) (?P<x>DURATION)",
    "(?P<mod>APPROX | OVER | MORE THAN | JUST? (?:OVER | APPROX)) (?P<x>REL_AGO | CLOCK_TIME | BARE_YEAR | MONTH_DAY)",
    "(?P<mod>APPROX) (?P<x>DATE | TIME)",
)
def _approximate(found: Found) -> Built:
    item = found.one("x")
    if item is None or item.meaning is None:
        return None
    words = [each.text for each in found.all("mod")]
    if words[-1] == "over" and not _is_counted(item.text):
        return None  # "over the next two years" is a place in time, not a comparison
    mod = next((_MODS[word] for word in words if word in _MODS), "APPROX")
    if words == ["some"] and item.code != "DURATION":
        return None
    if item.code == "BARE_YEAR" and mod != "APPROX":
        return None  # "more than 1400", "nearly 2000"
    return Reading(item.meaning, item.code, mod)


def _is_counted(text: str) -> bool:
    return text.split(maxsplit=1)[0] not in {"the", "these", "those", "several", "many", "last", "past", "next"}


@_rule("or-so", "(?P<x>DURATION) OR SO_WORD")
def _or_so(found: Found) -> Built:
    item = found.one("x")
    return Reading(item.meaning, "DURATION", "APPROX") if item and item.meaning else None
