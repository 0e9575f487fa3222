"""What an expression means before it is placed on the calendar: small typed forms, one per kind of phrase.

A year before Christ is negative (-490 is 490 BC). None is "not said"; the resolver fills it from the anchors.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date by its calendar parts: "5 March", "the third quarter of 1989", "fiscal 2019", "490 BC"."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str = ""  # SP SU FA WI, Q1-Q4, H1 H2, W10 or QX
    shift: int | None = None  # "last March" -1, "this March" 0, "next March" 1
    short_year: bool = False  # two digits were written
    in_year: Shifted | None = None  # "July last year"


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """03/05/2020: month first or day first."""

    first: int
    second: int
    year: int


@dataclass(frozen=True, slots=True)
class Era:
    """A decade ("198") or a century ("18" for the 19th); `digits` of it are known, the rest is left out."""

    value: int
    digits: int
    century_open: bool = False  # "the nineties": which century is not said
    bc: bool = False


@dataclass(frozen=True, slots=True)
class Weekday:
    """`shift` as in CalendarDate; None where only tense can tell."""

    day: int
    shift: int | None = None
    running: bool = False  # "the following Friday"


@dataclass(frozen=True, slots=True)
class Shifted:
    """So many units from an anchor: "yesterday", "last week", "two years ago", "three days later", "that month".

    `amount` None is a vague number. `running` counts from the last date of the text, not from publication.
    """

    unit: str
    amount: int | None
    running: bool = False
    part: str = ""
    comparing: bool = False  # "a year ago" in a report on a quarter is that quarter of last year


@dataclass(frozen=True, slots=True)
class Holiday:
    name: str
    year: int | None = None
    shift: int | None = None
    in_year: Shifted | None = None


@dataclass(frozen=True, slots=True)
class Weekend:
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """ "the quarter", "the year", "the month": the one being talked about."""

    unit: str
    years: int = 0  # "the year-earlier quarter": -1; for unit P, "the 1988 period", the year itself
    ordinal: int = 0  # "the year-ago third quarter"


@dataclass(frozen=True, slots=True)
class Span:
    """A DURATION by its value. `toward` is -1 for "the past three months", 1 for "the next three months".

    `within` is the date that a length is part of: "the last week of August".
    """

    value: str
    toward: int = 0
    within: Expression | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A SET by its value."""

    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """PRESENT_REF, PAST_REF or FUTURE_REF."""

    value: str


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A clock time or a part of the day, alone or on a date. `value` is what follows the T."""

    value: str
    date: Expression | None = None


@dataclass(frozen=True, slots=True)
class WeekOf:
    """ "the week of March 6"."""

    date: Expression


@dataclass(frozen=True, slots=True)
class QuarterOf:
    """ "the quarter ended Sept. 30": the one that the date lies in."""

    date: Expression


Expression = (
    CalendarDate | Ambiguous | Era | Weekday | Shifted | Holiday | Weekend | Period | Span | Repeated | Reference
    | TimeOfDay | WeekOf | QuarterOf
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A token, or several that were read as one expression. `code` is a class of the grammar."""

    start: int
    end: int
    text: str
    code: str
    meaning: Expression | None = None
    mod: str = ""
    rule: str = ""
