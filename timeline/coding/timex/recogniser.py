"""Time expressions of a text, placed on the calendar: the whole path from characters to TIMEX3 values.

    text → tokens → expressions (grammar, three levels) → values and spans (resolver, left to right)

Follows TIMEX3 (Pustejovsky et al. 2005, ISO 24617-1) as TempEval-3 annotated it (UzZaman et al. 2013).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from timeline.coding.timex.anchors import Anchors, is_narrative, look_ahead, moves_on
from timeline.coding.timex.bare_years import is_year
from timeline.coding.timex.calendar_rules import CALENDAR_RULES
from timeline.coding.timex.calendars import days_of, point_of, shift_day
from timeline.coding.timex.composition import COMPOSITION_RULES
from timeline.coding.timex.duration_rules import DURATION_RULES
from timeline.coding.timex.expressions import CalendarDate, Item, Shifted, TimeOfDay
from timeline.coding.timex.grammar import ALPHABET, MACROS
from timeline.coding.timex.patterns import Grammar
from timeline.coding.timex.ranges import RANGE_RULES, SHARED_YEAR_RULES
from timeline.coding.timex.relative_rules import RELATIVE_RULES
from timeline.coding.timex.resolver import Resolution, resolve
from timeline.coding.timex.tenses import Tense, find_tense
from timeline.coding.timex.tokens import tokenise
from timeline.coding.timex.vocabulary import MONTHS
from timeline.records import DateSpan, Precision, TimeExpression, TimexType

_FIRST = Grammar(ALPHABET, MACROS, [*CALENDAR_RULES, *RELATIVE_RULES, *DURATION_RULES])
_SECOND = Grammar(ALPHABET, MACROS, [*RANGE_RULES, *SHARED_YEAR_RULES])
_THIRD = Grammar(ALPHABET, MACROS, [*COMPOSITION_RULES, *SHARED_YEAR_RULES])
_EDGES = frozenset({"at", "before", "after", "until", "till", "since", "from", "around", "towards", "toward"})
_MOMENTS = frozenset({"dawn", "daybreak", "sunrise", "dusk", "nightfall", "sunset"})
OVERNIGHT = TimeOfDay("NI", Shifted("D", 0))


def recognise_timexes(text: str, published: dt.date | None) -> tuple[TimeExpression, ...]:
    """Find the time expressions of a text and place them.

    Args:
        text: Any text; offsets of the result are characters of it.
        published: The day the text was published, from which "yesterday" counts; None if unknown.

    Returns:
        Expressions in order, none overlapping; empty for a text without any. `value` is underspecified
        ("XXXX-WXX-4") or "" and `span` None where the words and the anchors do not allow more.
    """
    items = parse(text)
    narrative = is_narrative(items, published)
    anchors = Anchors(published, narrative, month_first=_month_first(items))
    found = []
    ahead = look_ahead(items) if narrative else [None] * len(items)
    for position, item in enumerate(items):
        if item.meaning is None or not _stands(items, position, anchors):
            continue
        tense, generic = find_tense(items, position), item.text in {"night", "daytime", "nighttime"}
        here = replace(anchors, tense=tense, ahead=ahead[position], generic=generic)
        resolution = resolve(item.meaning, here)
        if moves_on(items, position, resolution.point, anchors):
            aside = resolution.part and _follows_after(items, position)
            anchors = anchors.seen(resolution.point, "" if aside else resolution.part)
        elif resolution.point is not None:
            anchors = replace(anchors, aside=resolution.point)
        anchors = anchors.without_quarter(item.meaning)
        found.append(_express(text, item, resolution))
    return tuple(found)


def parse(text: str) -> list[Item]:
    """The items of a text after all levels of the grammar: expressions and the tokens between them."""
    items = [Item(t.start, t.end, t.text, t.code) for t in tokenise(text)]
    reduced = _SECOND.reduce(_FIRST.reduce(items))
    for _ in range(3):  # compositions of compositions: "about 10 days ago", "early on Friday, March 5, last year"
        again = _THIRD.reduce(reduced)
        if again == reduced:
            break
        reduced = again
    return reduced


def _express(text: str, item: Item, resolution: Resolution) -> TimeExpression:
    words = text[item.start : item.end]
    span = resolution.span
    if resolution.type in {TimexType.DATE, TimexType.TIME}:
        span = days_of(resolution.value, item.mod == "APPROX")
    if span is not None and item.meaning == OVERNIGHT and item.text.endswith("overnight"):
        span = _night_before(span)
    note = f"“{words}” {resolution.note}" if resolution.note else ""
    return TimeExpression(
        item.start, item.end, words, resolution.type, resolution.value, span, item.mod, item.rule, note
    )


def _night_before(span: DateSpan) -> DateSpan:
    """ "overnight" in the news of a day is the night that ends on it."""
    start = shift_day(point_of(span.start), -1) if span.start is not None else None
    return DateSpan(start or span.start, span.end, Precision.APPROXIMATE)


def _month_first(items: Sequence[Item]) -> bool | None:
    """How this text writes 03/05/2020, where another of its dates shows it."""
    shown = set()
    for item in items:
        if item.rule == "slash-date" and isinstance(item.meaning, CalendarDate) and item.text[:4].isdigit() is False:
            first = int(item.text.replace("-", "/").replace(".", "/").split("/")[0])
            if item.meaning.day != item.meaning.month:
                shown.add(first == item.meaning.month)
    return shown.pop() if len(shown) == 1 else None


def _follows_after(items: Sequence[Item], position: int) -> bool:
    """ "after a flat second quarter": named only to be left behind."""
    return any(item.text in {"after", "following"} for item in items[max(0, position - 3) : position])


def _stands(items: Sequence[Item], position: int, anchors: Anchors) -> bool:
    """Whether an expression that is doubtful by itself counts as one here."""
    item = items[position]
    if item.code == "BARE_YEAR":
        return is_year(items, position, anchors.narrative)
    if item.code in {"SHORT_WD", "THE_MONTH"}:
        return False
    if item.rule == "quarter" and item.text.endswith("half") and items[position + 1 : position + 2]:
        return items[position + 1].code != "OF"  # "the second half of the match"
    if item.code == "DAY_OF_MONTH":
        return anchors.last is not None and anchors.last[1] is not None
    if item.code in {"THIS_TIME", "NIGHT", "FUTURE"}:
        return anchors.narrative
    if item.code in {"FORMER", "AGE"}:
        return anchors.narrative and not (item.code == "AGE" and "-" in item.text)
    if item.code == "SOON":
        return find_tense(items, position) is Tense.FUTURE
    if item.code == "DAY_PART" and isinstance(item.meaning, TimeOfDay):
        before = items[position - 1].text if position else ""
        edge = before in _EDGES and item.text in _MOMENTS  # "at dawn", "by nightfall"
        return edge or before == "by" or item.text.startswith(("the ", "that ")) or anchors.narrative
    return True


__all__ = ["MONTHS", "parse", "recognise_timexes"]
