"""First level: days, weeks, months and years counted from publication or from the last date of the text."""

from __future__ import annotations

from fractions import Fraction

from timeline.coding.timex.expressions import Period, Reference, Repeated, Shifted, Span, TimeOfDay, Weekday, Weekend
from timeline.coding.timex.grammar import direction_of, is_running, ordinal_of, unit_of
from timeline.coding.timex.patterns import Built, Found, Reading, RuleSet
from timeline.coding.timex.quantities import format_duration
from timeline.coding.timex.vocabulary import (
    DAY_PARTS,
    FUTURE,
    MONTHS,
    PAST,
    PLURAL_DAY_PARTS,
    PRESENT,
    REFERENCES,
    REPEATS,
    SEASONS,
    UNITS,
    WEEKDAYS,
)

RELATIVE_RULES = RuleSet()
_rule = RELATIVE_RULES.rule
_AFTER_PLURAL = frozenset({
    "are", "were", "is", "was", "have", "had", "will", "would", "they", "he", "she", "it", "we", "you", "i", "when",
    "because", "but", "with", "for", "as", "if", "where", "only", "except", "who", "which", "while", "starting",
})  # fmt: skip
_LEADS = frozenset({"AT", "BY", "IN", "FROM", "SINCE", "PREP", "APPROX"})
_AMOUNTS = frozenset(
    {"percent", "%", "million", "billion", "people", "cents", "dollars", "euros", "pounds", "tons", "tonnes", "barrels"}
)
_MODALS = frozenset({"will", "ll", "would", "could", "can", "may", "might"})
_MOMENT_OF = frozenset({"of", "when", "that", "he", "she", "it", "they", "we", "i", "the", "his", "her", "their"})
_GOES_ON = frozenset({"but", "because", "as", "is", "are", "not", "no", ")", '"', "”"})
_OFFSETS = {"yesterday": -1, "today": 0, "tomorrow": 1}


@_rule("weekday", "(?P<shift>SHIFTER)? (?P<day>WEEKDAY)")
def _weekday(found: Found) -> Built:
    day, words = WEEKDAYS[found.text("day").rstrip(".")], found.text("shift")
    if found.text("day") in {"sun", "sat", "mon", "fri", "wed"} and words in {"", "that"}:
        return Reading(Weekday(day), "SHORT_WD")
    shift = None if words in {"", "that"} else direction_of(found)
    return Reading(Weekday(day, shift, is_running(found) and words != "that"), "WD")


@_rule("today", "(?P<day>TODAY)")
def _today(found: Found) -> Built:
    return Reading(Shifted("D", _OFFSETS[found.text("day")]), "REL_DAY")


@_rule("tonight", "TONIGHT")
def _tonight(found: Found) -> Built:
    return Reading(TimeOfDay("NI", Shifted("D", 0)), "TIME")


@_rule("day-before-yesterday", "THE? (?P<unit>UNIT) (?P<side>PREP) (?P<day>TODAY)")
def _day_before_yesterday(found: Found) -> Built:
    offset = {("before", "yesterday"): -2, ("after", "tomorrow"): 2}.get((found.text("side"), found.text("day")))
    return Reading(Shifted("D", offset), "REL_DAY") if offset and unit_of(found) == "D" else None


@_rule("weekend", "(?P<shift>SHIFTER | THE) (?P<word>WEEKEND)")
def _weekend(found: Found) -> Built:
    return Reading(Weekend(None if found.text("shift") in {"the", "that"} else direction_of(found)))


@_rule("shifted-unit", "(?P<shift>SHIFTER) (?:FISCAL | FULL)? (?P<unit>UNIT)")
def _shifted_unit(found: Found) -> Built:
    unit, words = unit_of(found), found.text("shift").split()
    if unit[:1] in {"T", "N", "S", "L", ""}:
        return None
    if words[-1] in {"past", "coming"} or words == ["the", "last"]:
        return Reading(Span(format_duration(Fraction(1), unit), 1 if words[-1] == "coming" else -1), "DURATION")
    code = {"D": "REL_DAY", "Y": "REL_YEAR"}.get(unit, "REL")
    here = words == ["this"] and unit == "D"  # "this day" in a narrative is the day it has reached
    return Reading(Shifted(unit, direction_of(found), running=is_running(found) or here), code)


@_rule("unit-of", "(?P<core>(?P<shift>LAST | THIS | NEXT) (?P<units>UNITS)) OTHER")
def _unit_of(found: Found) -> Built:
    """ "last months loss": the possessive of texts that have lost their apostrophes, not "the last months"."""
    before, unit = found.before(), UNITS.get(found.text("units").removesuffix("s"), "")
    if unit not in {"W", "M", "Y"} or not found.all()[-1].text.isalpha() or found.all()[-1].text in _AFTER_PLURAL:
        return None
    if before is not None and before.code in {"THE", "HIS", "THESE", "THOSE", "POSS"}:
        return None
    return Reading(Shifted(unit, direction_of(found)), "REL_YEAR" if unit == "Y" else "REL", group="core")


@_rule(
    "current-unit", "THE? (?P<ref>REF) FISCAL? (?P<unit>UNIT)", "THE (?P<latest>LATEST) FISCAL? (?P<unit>UNIT | PERIOD)"
)
def _current_unit(found: Found) -> Built:
    if found.has("latest"):
        return Reading(Period("Q" if found.text("unit") == "period" else unit_of(found)))
    unit = unit_of(found)
    if found.text("ref") != "current" or unit[:1] in {"T", "N", "S", "D", ""}:
        return None
    return Reading(Shifted(unit, 0), "REL_YEAR" if unit == "Y" else "REL")


@_rule("the-unit", "THE (?P<fiscal>FISCAL)? (?P<unit>UNIT)")
def _the_unit(found: Found) -> Built:
    unit, after = unit_of(found), found.after()
    if unit in {"D", "W", "M", "E", "C"}:  # only beside other words: "the end of the month"
        return Reading(Period(unit), "THE_MONTH")
    if unit not in {"Q", "Y"} or (after is not None and after.code == "HYPHEN"):
        return None
    if after is not None and after.code == "ENDED" and unit == "Y":
        return Reading(Span("P1Y"), "DURATION")
    return Reading(Period(unit), "THE_YEAR" if unit == "Y" else "DATE")


@_rule(
    "year-earlier",
    "THE? COMPARABLE? UNIT HYPHEN? (?:AGO | EARLIER) (?P<n>ORDINAL)? (?P<unit>UNIT | PERIOD)",
    "(?:THE | ART)? (?P<core>UNIT HYPHEN (?:AGO | EARLIER))",
)
def _year_earlier(found: Found) -> Built:
    if not any(item.text == "year" for item in found.all()[:3]):
        return None
    if found.has("core"):
        return Reading(Period("Q", -1), group="core")
    unit = unit_of(found) if found.has("unit") and found.text("unit") != "period" else ""
    if unit not in {"", "Q", "M", "Y"}:
        return None
    return Reading(Period(unit or "Q", -1, ordinal_of(found) or 0))


@_rule(
    "same-period",
    "THE (?:COMPARABLE | (?P<same>SAME))? (?P<unit>UNIT | PERIOD)"
    " (?:LAST (?P<year>UNIT) | ART (?P<year2>UNIT) (?:AGO | EARLIER))",
    "LAST (?P<year>UNIT) POSS_MARK POSS COMPARABLE? (?P<unit>UNIT | PERIOD)",
)
def _same_period(found: Found) -> Built:
    """ "the same quarter last year", "the corresponding period a year earlier", "last year's quarter"."""
    if unit_of(found, "year") != "Y" and unit_of(found, "year2") != "Y":
        return None
    if unit_of(found) == "M" and found.all()[2].code == "UNIT":  # "the same month last year"
        return Reading(Shifted("M", -12, running=True), "REL")
    if unit_of(found) != "Q" and (found.text("unit") != "period" or found.has("same")):
        return None  # "the same period last year" is any stretch of it, and only the year is told
    return Reading(Shifted("Y", -1, comparing=True))


@_rule("year-end", "(?P<unit>UNIT) (?:POSS_MARK POSS)? HYPHEN? (?P<end>PART)")
def _year_end(found: Found) -> Built:
    if found.text("end") != "end" or unit_of(found) not in {"Y", "M"}:
        return None
    return Reading(Period(unit_of(found)), "DATE", "END")


# Times of the day


@_rule("day-part", "(?P<shift>SHIFTER | THE | ART)? (?P<part>PART_OF_DAY)")
def _day_part(found: Found) -> Built:
    part, words = DAY_PARTS[found.text("part")], found.text("shift")
    night = found.text("part") == "night"
    if words == "this":
        return Reading(TimeOfDay(part, Shifted("D", 0)), "TIME")
    if words in {"last", "this past"}:
        return Reading(TimeOfDay(part, Shifted("D", -1)), "TIME")
    if words in {"the next", "the following", "the previous", "the preceding", "that", "that same", "the same"}:
        return Reading(TimeOfDay(part, Shifted("D", direction_of(found) or 0, running=True)), "TIME")
    if words == "overnight" or found.text("part") == "overnight":
        return Reading(TimeOfDay("NI", Shifted("D", 0)), "TIME")
    return Reading(TimeOfDay(part), "NIGHT" if night and not words else "DAY_PART")


@_rule(
    "clock",
    "(?P<clock>CLOCK) HYPHEN? (?P<half>MERIDIEM)? (?P<hrs>UNITS)? (?P<zone>ZONE)?",
    "(?P<clock>NUM | FOUR | YEAR) (?P<half>MERIDIEM) (?P<zone>ZONE)?",
    "(?P<clock>NUM) OCLOCK",
    "(?P<clock>FOUR | YEAR) (?:(?P<zone>ZONE) | (?P<hrs>UNITS))",
)
def _clock(found: Found) -> Built:
    hrs = found.text("hrs")
    four = found.has("hrs") or found.has("zone") or found.has("half")
    value = _read_clock(found.text("clock"), found.text("half"), four)
    if value is None or hrs not in {"", "hours", "hrs"}:
        return None
    return Reading(TimeOfDay(value), "CLOCK_TIME")


def _read_clock(text: str, half: str, four: bool) -> str | None:
    """ "10:30", "10.30", "1030 hours", "715 pm", "7 pm"."""
    text = text.replace(".", ":")
    if ":" not in text:
        written = four and text.isdigit() and (len(text) == 4 or (len(text) == 3 and half))
        text = f"{text[:-2]}:{text[-2:]}" if written else f"{text}:00"
    pieces = text.split(":")
    if not all(piece.isdigit() for piece in pieces) or len(pieces[1]) != 2:
        return None
    hour, minute = int(pieces[0]), int(pieces[1])
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"{hour:02d}:{minute:02d}" if hour <= 24 and minute < 60 else None


@_rule("clock-at", "AT APPROX? (?P<core>YEAR | FOUR)")
def _clock_at(found: Found) -> Built:
    """ "at 1330", not "at 2015 prices"."""
    value, after = _read_clock(found.text("core"), "", four=True), found.after()
    if after is not None and (after.code in {"ZONE", "MERIDIEM", "UNITS"} or after.text.endswith("s")):
        return None
    return None if value is None else Reading(TimeOfDay(value), "CLOCK_TIME", group="core")


@_rule("noon", "(?P<n>NUM)? (?P<word>NOON)")
def _noon(found: Found) -> Built:
    if found.has("n") and found.text("n") not in {"12", "twelve"}:
        return None
    return Reading(TimeOfDay("24:00" if found.text("word") == "midnight" else "12:00"), "CLOCK_TIME")


# What comes back


@_rule("repeat", "(?P<word>REPEAT)")
def _repeat(found: Found) -> Built:
    word, after = found.text("word"), found.after()
    if word == "everyday" or (word == "quarterly" and after is not None and after.code == "OTHER"):
        return None  # what is paid or reported, not when
    return Reading(Repeated(REPEATS[word]), "SET")


@_rule("how-often", "(?:ONCE | (?P<n>CARDINAL) TIMES) (?:ART | EACH) (?P<unit>UNIT)")
def _how_often(found: Found) -> Built:
    """ "twice a year", "three times a week"."""
    unit = unit_of(found)
    return Reading(Repeated(format_duration(Fraction(1), unit)), "SET") if unit and unit not in {"N", "S"} else None


@_rule("rate", "ART (?P<unit>UNIT)")
def _rate(found: Found) -> Built:
    """ "$33 million a year", "9,000 cars a month", "24 hours a day": how much, each time."""
    what, after, start = found.before(), found.after(), found.match.start()
    if what is None or found.text().startswith("another") or unit_of(found) in {"", "N", "S", "Q", "TS"}:
        return None
    number = start > 1 and found.items[start - 2].text[:1].isdigit()
    plural = what.code == "OTHER" and len(what.text) > 3 and what.text.endswith("s")
    if not (what.code in {"BIG", "UNITS"} or what.text in _AMOUNTS or (number and plural)):
        return None
    if after is not None and after.code in {"AGO", "EARLIER", "LATER", "HYPHEN", "AND", "OLD", "HALF", "PREP", "OR"}:
        return None
    return Reading(Repeated(format_duration(Fraction(1), unit_of(found))), "SET")


@_rule("every-few", "EACH (?:VAGUE | (?P<n>NUM) (?:TO | OR) NUM) (?P<unit>UNITS)")
def _every_few(found: Found) -> Built:
    amount = ordinal_of(found) if found.has("n") else None
    return Reading(Repeated(format_duration(None if amount is None else Fraction(amount), unit_of(found))), "SET")


@_rule(
    "every",
    "EACH (?:(?P<other>OTHER_WORD) | (?P<n>NUM | ORDINAL))?"
    " (?P<unit>UNIT | UNITS | WEEKDAY | MONTH | SEASON | PART_OF_DAY)",
)
def _every(found: Found) -> Built:
    word = found.text("unit")
    if word in WEEKDAYS:
        return Reading(Repeated(f"XXXX-WXX-{WEEKDAYS[word]}"), "SET")
    if word in MONTHS:
        return Reading(Repeated(f"XXXX-{MONTHS[word]:02d}"), "SET")
    if word in SEASONS:
        return Reading(Repeated(f"XXXX-{SEASONS[word]}"), "SET")
    if word in DAY_PARTS and word != "night":
        return Reading(Repeated(f"XXXX-XX-XXT{DAY_PARTS[word]}"), "SET")
    count = Fraction(ordinal_of(found) or 1) if found.has("n") else Fraction(2 if found.has("other") else 1)
    return Reading(Repeated(format_duration(count, unit_of(found))), "SET")


@_rule("weekday-of", "(?P<core>WEEKDAYS)", "(?P<core>(?P<day>WEEKDAY) (?P<part>PARTS_OF_DAY))")
def _weekday_of(found: Found) -> Built:
    """ "Tuesdays attack": the possessive of texts that have lost their apostrophes, not "on Tuesdays"."""
    before, after = found.before(), found.after()
    if after is None or after.code != "OTHER" or not after.text.isalpha() or after.text in _AFTER_PLURAL:
        return None
    if before is not None and before.code in {"ON", "EACH", "AND", "OR", "LEAST", "VAGUE", "COMMA"}:
        return None
    word = found.text("day") or found.text("core")
    day = Weekday(WEEKDAYS[word] if word in WEEKDAYS else WEEKDAYS[word.removesuffix("s")])
    if found.has("part"):
        return Reading(TimeOfDay(PLURAL_DAY_PARTS[found.text("part")], day), "TIME", group="core")
    return Reading(day, "WD", group="core")


@_rule("weekdays", "(?P<day>WEEKDAYS)", "(?P<day>WEEKDAY) (?P<part>PARTS_OF_DAY)")
def _weekdays(found: Found) -> Built:
    day = WEEKDAYS[
        found.text("day").rstrip(".").removesuffix("s") if found.text("day") not in WEEKDAYS else found.text("day")
    ]
    part = f"T{PLURAL_DAY_PARTS[found.text('part')]}" if found.has("part") else ""
    return Reading(Repeated(f"XXXX-WXX-{day}{part}"), "SET")


# References


@_rule("reference", "(?P<ref>REF)", "(?P<right>RIGHT) (?P<ref>REF)", "MORE (?P<ref>REF)")
def _reference(found: Found) -> Built:
    word, before, after = found.text("ref"), found.before(), found.after()
    if found.has("right") and word != "now":
        return None
    if any(item is not None and item.text == "as" for item in (before, after)):  # "as soon as", "as recently as"
        return None
    code = {"soon": "SOON", "former": "FORMER"}.get(word, "REF_ONLY")
    if word == "future" and (before is None or before.text not in {"in", "the"}):
        code = "FUTURE"  # "future payments" names no time in news; histories have more of it
    return Reading(Reference(REFERENCES[word]), code)


@_rule(
    "the-future",
    "THE (?:NEAR)? (?P<ref>REF)",
    "THE (?P<past>PAST)",
    "THE (?P<present>NEAR_REF)",
    "THE NEAR (?P<term>TERM)",
)
def _the_future(found: Found) -> Built:
    after = found.after()
    if found.has("past"):
        return Reading(Reference(PAST), "REF_ONLY")
    if found.has("present"):
        return Reading(Reference(PRESENT), "REF_ONLY")
    if found.has("term"):
        return Reading(Reference(FUTURE), "REF_ONLY")
    noun = found.text("ref") == "future" and not (
        after and after.code == "OTHER" and after.text.isalpha() and len(after.text) > 3
    )
    return Reading(Reference(FUTURE), "REF_ONLY") if noun else None


@_rule("one-day", "(?P<one>NUM | APPROX) (?P<unit>UNIT)")
def _one_day(found: Found) -> Built:
    """ "will one day return", "some day": nobody knows when."""
    before, after = found.before(), found.after()
    if found.text() == "some day":
        return Reading(Reference(FUTURE), "REF_ONLY")
    modal = before is not None and (before.text in _MODALS or before.text == "to")
    modal = modal or (after is not None and after.text in _MODALS)
    return Reading(Reference(FUTURE), "REF_ONLY") if found.text() == "one day" and modal else None


@_rule("this-moment", "AT (?P<core>(?:THE | THIS) MOMENT)")
def _this_moment(found: Found) -> Built:
    """ "is at the moment closed", not "at the moment of impact"."""
    before, after = found.before(), found.after()
    opens = before is None or before.code in {"END", "BREAK"}
    ends = after is None or after.code in {"END", "COMMA", "BREAK", "AND"} or after.text in _GOES_ON
    follows = after is not None and after.text in _MOMENT_OF
    return Reading(Reference(PRESENT), "REF_ONLY", group="core") if ends or (opens and not follows) else None


@_rule("this-time", "(?P<shift>THIS | THAT | THE SAME) (?P<word>TIME_WORD | PERIOD)")
def _this_time(found: Found) -> Built:
    """ "during this period", "at that time": a stretch of the story that the text leaves open."""
    before = found.before()
    if found.text("word") == "time" and (before is None or before.code not in _LEADS):
        return None  # "lost again, this time to the south"
    return Reading(Shifted("", 0, running=True), "THIS_TIME")


@_rule("present-day", "(?P<word>PRESENT_DAY)")
def _present_day(found: Found) -> Built:
    return Reading(Reference(PRESENT), "REF_ONLY")


@_rule("these-days", "THESE (?P<unit>UNITS)")
def _these_days(found: Found) -> Built:
    return Reading(Reference(PRESENT), "REF_ONLY") if unit_of(found) == "D" else None


@_rule("recent-units", "(?:THE (?:LAST | NEXT) | MORE)? (?P<ref>REF | COMING) (?P<unit>UNITS)")
def _recent_units(found: Found) -> Built:
    unit = unit_of(found)
    if found.text("ref") not in {"recent", "coming"} or unit.startswith("T"):
        return None
    if unit in {"Y", "Q", "E"}:
        return Reading(Reference(PAST if found.text("ref") == "recent" else FUTURE), "REF_ONLY")
    return Reading(Span(format_duration(None, unit)), "DURATION")
