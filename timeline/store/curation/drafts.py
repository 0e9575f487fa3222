"""Corrections written from what a reader sees and does; `log.add_correction` gives them their moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from timeline.records import Actor, Article, Coding, EventDate, Mention, Precision, Realis, digest
from timeline.store.curation.corrections import (
    FIELDS,
    Address,
    Correction,
    Kind,
    address_of,
    gather_values,
    read_values,
    write_actor,
    write_address,
)
from timeline.store.serial import to_plain

Told = Sequence[tuple[Coding, str]]
"""Codings with their sentences, as an event's reports give them."""


def write_date(precision: str, first: dt.date | None, last: dt.date | None = None) -> dict[str, Any]:
    """A date as corrections have it, from a precision and a day in it.

    Args:
        precision: A member of `Precision`.
        first: The day; for week, month, season, quarter, year and decade any day in it; for approximate the first.
            None is unknown, and for approximate open.
        last: The last day, for approximate only; None is open.
    """
    span: tuple[dt.date | None, dt.date | None] = (first, first)
    if precision == Precision.UNKNOWN or (first is None and last is None):
        span, precision = (None, None), Precision.UNKNOWN
    elif precision == Precision.APPROXIMATE:
        span = (first, last)
    elif first is not None and precision != Precision.DAY:
        span = _widen(Precision(precision), first)
    return {"start": to_plain(span[0]), "end": to_plain(span[1]), "precision": str(precision)}


def _widen(precision: Precision, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the week (from Monday), month, season (meteorological), quarter, year or decade."""
    if precision is Precision.WEEK:
        monday = day - dt.timedelta(days=day.weekday())
        return monday, monday + dt.timedelta(days=6)
    if precision is Precision.SEASON:
        first = dt.date(day.year - (day.month < 3), (day.month // 3 * 3 - 1) % 12 + 1, 1)
        return first, _before(_months_on(first, 3))
    months = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12, Precision.DECADE: 120}[precision]
    year = day.year // 10 * 10 if precision is Precision.DECADE else day.year
    first = dt.date(max(year, 1), (day.month - 1) // months * months + 1 if months < 12 else 1, 1)
    return first, _before(_months_on(first, months))


def _months_on(first: dt.date, number: int) -> dt.date:
    months = first.year * 12 + first.month - 1 + number
    return dt.date(months // 12, months % 12 + 1, 1)


def _before(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=1)


def draft_fields(
    told: Told, after: Mapping[str, Any], who: str, reason: str = "", *, reviewed: bool = False
) -> Correction:
    """Set fields of an event; with `reviewed` also say that all the rest is right. No fields: that all is right.

    Args:
        told: The event's codings.
        after: Values by field, see `corrections.read_values`.
        who: The reader.
        reason: Why.
        reviewed: Whether the reader checked the other fields too.
    """
    names = FIELDS if reviewed else tuple(after)
    marked = {**after, "reviewed": True} if reviewed else dict(after)
    return Correction("", who, Kind.CORRECT, _addresses(told), "", _gather(told, names), marked, reason)


def draft_delete(told: Told, who: str, reason: str = "") -> Correction:
    """Say that these codings tell of no event."""
    return Correction("", who, Kind.DELETE, _addresses(told), "", _gather(told, FIELDS), {}, reason)


def draft_merge(told: Told, who: str, reason: str = "") -> Correction:
    """Say that these codings, of two or more events, tell of one happening."""
    return Correction("", who, Kind.MERGE, _addresses(told), "", {}, {}, reason)


def draft_split(out: Told, rest: Told, who: str, reason: str = "") -> Correction:
    """Say that some codings of an event tell of another happening than the rest of it."""
    others = {"codings": [write_address(address) for address in _addresses(rest)]}
    return Correction("", who, Kind.SPLIT, _addresses(out), "", others, {}, reason)


def draft_add(
    article: Article,
    sentence: tuple[int, int],
    trigger: tuple[int, int],
    event_type: str,
    *,
    sides: tuple[Sequence[Mention], Sequence[Mention]],
    date: EventDate,
    who: str,
    reason: str = "",
    realis: Realis = Realis.ACTUAL,
) -> Correction:
    """Add an act that the coder missed.

    Args:
        article: Where it is told.
        sentence: Characters [start, end) of the sentence.
        trigger: Those of the words that name the act, empty at the sentence's start where none do.
        event_type: A PLOVER type.
        sides: Who acts, and who is acted on; actors without words in the text have the offsets -1.
        date: When.
        who: The reader.
        reason: Why.
        realis: Whether it is told as having happened.
    """
    names = [",".join(m.actor.id if m.actor else m.text for m in side) for side in sides]
    place = [str(number) for number in (*sentence, *trigger)]
    coding = Coding(
        article.id, *sentence, *trigger, event_type, tuple(sides[0]), tuple(sides[1]), realis, date,
        rule="added by a reader", confidence=1.0,
        kept_id=digest("added", article.id, *place, event_type, *names, who),
    )  # fmt: skip
    address = address_of(coding, article.text[slice(*sentence)])
    return Correction("", who, Kind.ADD, (address,), "", {}, to_plain(coding), reason)


def draft_check(article_id: str, told: Told, who: str, reason: str = "") -> Correction:
    """Say that every act of an article was looked at, and that these, as they are now, are all there are."""
    addresses = [write_address(address) for address in _addresses(told)]
    values = [read_values(coding) for coding, _ in told]
    return Correction("", who, Kind.CHECK, (), article_id, {}, {"codings": addresses, "values": values}, reason)


def draft_name(
    words: str, actor: Actor, who: str, reason: str = "", before: Mapping[str, Any] | None = None
) -> Correction:
    """Say whom words name wherever they stand; `before` is the actor that a reader had given them, if any."""
    return Correction("", who, Kind.NAME, (), " ".join(words.split()), dict(before or {}), write_actor(actor), reason)


def _addresses(told: Told) -> tuple[Address, ...]:
    return tuple(address_of(coding, sentence) for coding, sentence in told)


def _gather(told: Told, names: Iterable[str]) -> dict[str, list[Any]]:
    return gather_values((coding for coding, _ in told), names)
