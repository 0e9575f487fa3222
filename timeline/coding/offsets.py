"""Acts dated by other acts: "resigned the day after police searched his home", "on the eve of the visit".

Either act may have the date, and lends it to the other. Days and hours carry a day exactly, weeks by some days
more or less, months and years only name the month or year.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from timeline.coding.governing import shift
from timeline.coding.tense import REPORTING, clause_of
from timeline.records import DateSpan, Precision

_UNIT_DAYS = {"minute": 0, "hour": 0, "day": 1, "week": 7}
_UNIT_MONTHS = {"month": 1, "year": 12}
_HALF_DAY = 12  # hours
_WEEK_SLACK = 3  # days by which "two weeks after" may be off
_NUMBERS = {
    "a": 1, "an": 1, "the": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offset:
    """`later` took place `number` units after `earlier`; both are words of one sentence."""

    earlier: Token
    later: Token
    number: int
    unit: str

    def other(self, head: Token) -> tuple[Token, int]:
        """The act beside `head`, and the signed number of units from it to `head`."""
        return (self.earlier, self.number) if head == self.later else (self.later, -self.number)


def find_offsets(head: Token) -> Iterator[Offset]:
    """The offsets that an act takes part in."""
    eve = _read_eve(head)
    if eve is not None:
        yield eve
    below = [mark for child in head.children if child.dep_ == "advcl" for mark in child.children]
    beside = [head.head] if head.dep_ == "pobj" else []
    for mark in (*head.children, *below, *beside):
        found = _read_offset(mark) if mark.lower_ in {"after", "before"} else None
        if found is not None and head in (found.earlier, found.later):
            yield found


def _read_eve(head: Token) -> Offset | None:
    """What "the eve of the visit" says of the visit."""
    eve = head.head.head
    if head.dep_ != "pobj" or head.head.lower_ != "of" or eve.lower_ != "eve":
        return None
    told = clause_of(eve)
    return None if told in (head, eve) else Offset(told, head, 1, "day")


def _read_offset(mark: Token) -> Offset | None:
    """What "the day after" says of the two acts around it."""
    if mark.i < 2 or mark.is_sent_start:
        return None
    unit, amount = mark.nbor(-1).lemma_.lower(), mark.nbor(-2).lower_
    number = _NUMBERS.get(amount) or (int(amount) if amount.isdecimal() and len(amount) <= 3 else None)
    if unit in {"minute", "hour"}:
        number = number or 1
    if number is None or unit not in _UNIT_DAYS.keys() | _UNIT_MONTHS.keys():
        return None
    if mark.i > 2 and mark.nbor(-3).lower_ == "for":  # "extended it for six months after X had vetoed it"
        return None
    if mark.dep_ == "mark":
        named, told = mark.head, mark.head.head
        if named.i < told.i and told.lemma_.lower() in REPORTING:  # "they fled, days after he fell, he said"
            told = next((child for child in told.children if child.dep_ == "ccomp" and child.i < mark.i), told)
    else:
        named = next((child for child in mark.children if child.dep_ in {"pobj", "pcomp"}), mark)
        told = clause_of(mark.head)
    if named in (mark, told):
        return None
    told = clause_of(told)
    return Offset(named, told, number, unit) if mark.lower_ == "after" else Offset(told, named, number, unit)


def shift_span(span: DateSpan, number: int, unit: str) -> DateSpan | None:
    """The days that lie a number of units from a span; None where the span is open or wider than the unit."""
    if span.start is None or span.end is None:
        return None
    if unit in _UNIT_MONTHS:
        return _shift_months(span, number, unit)
    if unit == "hour" and abs(number) >= _HALF_DAY:  # "40 hours after" is a day or two later
        low, high = sorted((number // 24, -(-number // 24)))
        return DateSpan(shift(span.start, low), shift(span.end, high), Precision.APPROXIMATE)
    days = number * _UNIT_DAYS[unit]
    slack = _WEEK_SLACK if unit == "week" and span.precision is Precision.DAY else 0
    start, end = shift(span.start, days - slack), shift(span.end, days + slack)
    return DateSpan(start, end, Precision.APPROXIMATE if slack else span.precision)


def _shift_months(span: DateSpan, number: int, unit: str) -> DateSpan | None:
    """The month or the calendar year that lies so far off."""
    start, end = span.start, span.end
    if start is None or end is None or (end - start).days > (31 if unit == "month" else 366):
        return None
    months = start.year * 12 + start.month - 1 + number * _UNIT_MONTHS[unit]
    year, month = months // 12, months % 12 + 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    if unit == "year":
        return DateSpan(dt.date(year, 1, 1), dt.date(year, 12, 31), Precision.YEAR)
    last = calendar.monthrange(year, month)[1]
    return DateSpan(dt.date(year, month, 1), dt.date(year, month, last), Precision.MONTH)
