"""The words of English time expressions and the class each belongs to.

A class is the alphabet in which the grammar is written (see `patterns`). A word has one class; words that
are only sometimes about time ("may", "march", "second", "fall") are decided in `tokens` by what surrounds them.
"""

from __future__ import annotations

from types import MappingProxyType

MONTHS = MappingProxyType({
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5,
    "june": 6, "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
    "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
})  # fmt: skip

WEEKDAYS = MappingProxyType({
    "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7,
    "mon": 1, "tue": 2, "tues": 2, "wed": 3, "weds": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5, "sat": 6, "sun": 7,
})  # fmt: skip

SEASONS = MappingProxyType({
    "spring": "SP", "springtime": "SP", "summer": "SU", "summertime": "SU", "autumn": "FA", "fall": "FA",
    "winter": "WI", "wintertime": "WI", "spring's": "SP",
})  # fmt: skip

# TIMEX3 letters; those under a day are written after a T
UNITS = MappingProxyType({
    "second": "TS", "minute": "TM", "hour": "TH", "day": "D", "weekday": "D", "night": "N", "week": "W",
    "fortnight": "F", "month": "M", "quarter": "Q", "year": "Y", "decade": "E", "century": "C", "millennium": "L",
    "min": "TM", "hr": "TH", "sec": "TS", "wk": "W", "yr": "Y", "season": "S",
})  # fmt: skip
PLURAL_UNITS = MappingProxyType(
    {f"{word}s": letter for word, letter in UNITS.items() if word not in {"century", "millennium", "season"}}
    | {"centuries": "C", "millennia": "L", "seasons": "S"}
)

DAY_PARTS = MappingProxyType({
    "morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "daytime": "DT", "nighttime": "NI",
    "dawn": "MO", "daybreak": "MO", "sunrise": "MO", "dusk": "EV", "nightfall": "EV", "sunset": "EV",
    "overnight": "NI", "midmorning": "MO", "midafternoon": "AF", "lunchtime": "MI",
})  # fmt: skip
PLURAL_DAY_PARTS = MappingProxyType({"mornings": "MO", "afternoons": "AF", "evenings": "EV", "nights": "NI"})

NUMBERS = MappingProxyType({
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
})  # fmt: skip
MULTIPLES = MappingProxyType({"hundred": 100, "thousand": 1000, "dozen": 12, "million": 10**6, "billion": 10**9})
ORDINALS = MappingProxyType({
    "first": 1, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
})  # fmt: skip
DECADE_WORDS = MappingProxyType({
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
})  # fmt: skip

# TIMEX3 modifiers
PARTS = MappingProxyType({
    "early": "START", "late": "END", "mid": "MID", "beginning": "START", "start": "START", "middle": "MID",
    "end": "END", "close": "END", "outset": "START", "midst": "MID", "onset": "START", "earliest": "START",
})  # fmt: skip

ZONES = frozenset({
    "gmt", "utc", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "cet", "cest", "eet", "eest", "bst", "msk",
    "ist", "jst", "hkt", "aest",
})  # fmt: skip

PRESENT, PAST, FUTURE = "PRESENT_REF", "PAST_REF", "FUTURE_REF"
# adverbs and adjectives that place something by themselves
REFERENCES = MappingProxyType({
    "now": PRESENT, "currently": PRESENT, "nowadays": PRESENT, "presently": PRESENT, "current": PRESENT,
    "recently": PAST, "recent": PAST, "lately": PAST, "former": PAST,
    "future": FUTURE, "soon": FUTURE, "someday": FUTURE,
})  # fmt: skip

# word -> class; the tables above fill in the rest
CLASSES = MappingProxyType(
    dict.fromkeys(MONTHS, "MONTH")
    | dict.fromkeys(WEEKDAYS, "WEEKDAY")
    | {f"{word}s": "WEEKDAYS" for word in WEEKDAYS if word.endswith("day")}
    | dict.fromkeys(SEASONS, "SEASON")
    | {"summers": "SEASONS", "winters": "SEASONS", "autumns": "SEASONS"}
    | dict.fromkeys(UNITS, "UNIT")
    | dict.fromkeys(PLURAL_UNITS, "UNITS")
    | dict.fromkeys(DAY_PARTS, "PART_OF_DAY")
    | dict.fromkeys(PLURAL_DAY_PARTS, "PARTS_OF_DAY")
    | dict.fromkeys(NUMBERS, "NUM")
    | dict.fromkeys(MULTIPLES, "BIG")
    | dict.fromkeys(ORDINALS, "ORD")
    | dict.fromkeys(DECADE_WORDS, "DECADE")
    | dict.fromkeys(PARTS, "PART")
    | dict.fromkeys(ZONES, "ZONE")
    | dict.fromkeys(REFERENCES, "REF")
    | dict.fromkeys(("last", "past"), "LAST")
    | dict.fromkeys(("previous", "preceding", "prior"), "PREVIOUS")
    | {"next": "NEXT"}
    | dict.fromkeys(("following", "subsequent", "ensuing"), "FOLLOWING")
    | dict.fromkeys(("coming", "upcoming"), "COMING")
    | {"this": "THIS", "that": "THAT", "same": "SAME", "these": "THESE", "those": "THOSE", "the": "THE"}
    | dict.fromkeys(("a", "an", "another"), "ART")
    | {"of": "OF", "and": "AND", "or": "OR", "to": "TO", "in": "IN", "on": "ON", "at": "AT", "from": "FROM"}
    | {"by": "BY", "between": "BETWEEN", "than": "THAN", "since": "SINCE"}
    | dict.fromkeys(("until", "till", "during", "through", "throughout", "within", "after", "before"), "PREP")
    | dict.fromkeys(("hourlong", "daylong", "weeklong", "monthlong", "yearlong"), "LONG")
    | {"moment": "MOMENT"}
    | {"ago": "AGO", "earlier": "EARLIER", "later": "LATER"}
    | dict.fromkeys(("each", "every", "per"), "EACH")
    | dict.fromkeys(("few", "several", "many", "couple", "numerous"), "VAGUE")
    | {"half": "HALF", "halves": "HALF"}
    | dict.fromkeys(("about", "around", "nearly", "almost", "roughly", "approximately", "some", "circa"), "APPROX")
    | {"over": "OVER", "under": "OVER", "more": "MORE", "less": "MORE", "fewer": "MORE", "up": "UP", "least": "LEAST"}
    | {"most": "LEAST", "just": "JUST", "only": "JUST"}
    | dict.fromkeys(("additional", "trading", "working", "business", "consecutive", "straight", "extra"), "ADJ")
    | dict.fromkeys(("long", "short", "successive", "solid", "calendar", "whole", "entire", "further"), "ADJ")
    | {"fiscal": "FISCAL", "financial": "FISCAL", "year-ago": "YEAR_AGO", "term": "TERM", "old": "OLD", "olds": "OLD"}
    | {"latest": "LATEST", "period": "PERIOD", "time": "TIME_WORD", "rest": "REST", "week-end": "WEEKEND"}
    | {"weekend": "WEEKEND", "weekends": "WEEKENDS", "bc": "BC", "bce": "BC", "ad": "AD", "ce": "AD"}
    | {"today": "TODAY", "yesterday": "TODAY", "tomorrow": "TODAY", "tonight": "TONIGHT"}
    | {"noon": "NOON", "midday": "NOON", "midnight": "NOON", "am": "MERIDIEM", "pm": "MERIDIEM"}
    | {"daily": "REPEAT", "weekly": "REPEAT", "monthly": "REPEAT", "quarterly": "REPEAT", "yearly": "REPEAT"}
    | {"annually": "REPEAT", "hourly": "REPEAT", "nightly": "REPEAT", "everyday": "REPEAT"}
    | {"right": "RIGHT", "near": "NEAR", "distant": "NEAR", "foreseeable": "NEAR"}
    | {"month-end": "PERIOD_END", "hours": "UNITS", "hrs": "UNITS", "o'clock": "OCLOCK", "days": "UNITS"}
    | dict.fromkeys(("comparable", "corresponding"), "COMPARABLE")
    | {"full": "FULL", "other": "OTHER_WORD", "its": "HIS", "his": "HIS", "her": "HIS", "their": "HIS", "our": "HIS"}
    | {"so": "SO_WORD", "no": "NUM_NO", "not": "NUM_NO", "sometime": "SOMETIME", "latter": "LATTER"}
    | {
        "ended": "ENDED",
        "ending": "ENDED",
        "day": "UNIT",
        "then": "THEN",
        "previously": "PREVIOUSLY",
        "afterwards": "PREVIOUSLY",
        "once": "ONCE",
        "twice": "ONCE",
        "times": "TIMES",
        "s": "POSS",
    }
)

LONG = MappingProxyType({
    "hourlong": "PT1H", "daylong": "P1D", "weeklong": "P1W", "monthlong": "P1M", "yearlong": "P1Y",
})  # fmt: skip

REPEATS = MappingProxyType({
    "daily": "P1D", "everyday": "P1D", "nightly": "P1D", "weekly": "P1W", "monthly": "P1M", "quarterly": "P3M",
    "yearly": "P1Y", "annually": "P1Y", "hourly": "PT1H",
})  # fmt: skip
