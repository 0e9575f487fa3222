"""Readers of cells that several formats share: days, numbers, places, addresses."""

from __future__ import annotations

import datetime as dt
import math
import re

from timeline.records import Place, Precision
from timeline.store.imports.mapping import UNKNOWN_SPAN, Lookup, Span, UnreadableValueError

_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\d{6})?(?:\.0)?$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_SLASHED = re.compile(r"^(\d{4})/(\d{1,2})/(\d{1,2})$")
_DOTTED = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_WORDED = re.compile(r"^(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOTHING = frozenset({"", "-", "\\n", "n/a", "na", "nan", "none", "null"})  # in columns of numbers and days
_THOUSAND = 1000
_HOST = re.compile(r"^https?://(?:[^/?#@]*@)?(?:www\.)?([^/?#:\s]+)", re.IGNORECASE)


def read_day(text: str) -> dt.date | None:
    """A day in any of the ways published files write it; None if the cell is empty, or says so ("None", "NULL").

    With dots the day stands first ("5.3.2020"), as spreadsheets in many languages write it. Days whose order of day and
    month is open ("3/4/2020") are refused.
    """
    if text.casefold() in _NOTHING:
        return None
    for form in (_COMPACT, _ISO, _SLASHED):
        if found := form.match(text):
            return _make_day(text, *map(int, found.groups()))
    if found := _DOTTED.match(text):
        return _make_day(text, int(found[3]), int(found[2]), int(found[1]))
    if (found := _WORDED.match(text)) and found[2].lower() in _MONTHS:
        return _make_day(text, int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    raise UnreadableValueError(f"{text[:40]!r} is no day")


def read_single_day(_: Lookup, cells: tuple[str, ...]) -> Span:
    """One day as the span of an event."""
    day = read_day(cells[0])
    return Span(day, day) if day else UNKNOWN_SPAN


def read_published(_: Lookup, cells: tuple[str, ...]) -> dt.date | None:
    """A day of publication."""
    return read_day(cells[0])


def read_number(text: str, what: str, most: float = math.inf) -> float | None:
    """A number of at most that size either way; None if the cell is empty, or says so ("None", "NULL").

    A comma is the decimal mark where no thousands can be meant: so spreadsheets in many languages write "35,93".
    """
    if text.casefold() in _NOTHING:
        return None
    if most < _THOUSAND and "." not in text:
        text = text.replace(",", ".", 1)
    try:
        number = float(text)
    except ValueError:
        raise UnreadableValueError(f"{what} {text[:40]!r} is no number") from None
    if not math.isfinite(number) or abs(number) > most:
        raise UnreadableValueError(f"{what} {text[:40]!r} is out of range")
    return number


def read_score(_: Lookup, cells: tuple[str, ...]) -> float | None:
    """A score on Goldstein's scale, -10 to 10."""
    return read_number(cells[0], "Goldstein score", 10)


def read_count(_: Lookup, cells: tuple[str, ...]) -> int | None:
    """A number of reports, at least one."""
    number = read_number(cells[0], "number of articles", 2**31 - 1)
    return None if number is None or number < 1 else int(number)


def make_place(name: str, country: str | None, latitude: str, longitude: str) -> Place | None:
    """A place with coordinates, None without a name or without them."""
    north, east = read_number(latitude, "latitude", 90), read_number(longitude, "longitude", 180)
    if north is None or east is None or not name:
        return None
    return Place(name, country or "", north, east)


def read_host(text: str) -> str:
    """The outlet of an address: its host without www; "" where it is no web address."""
    found = _HOST.match(text)
    return found[1].lower() if found else ""


def read_outlet(_: Lookup, cells: tuple[str, ...]) -> tuple[str, ...]:
    """The outlet of an address as publishers."""
    host = read_host(cells[0])
    return (host,) if host else ()


def read_names(_: Lookup, cells: tuple[str, ...]) -> tuple[str, ...]:
    """Publishers separated by semicolons."""
    return tuple(dict.fromkeys(name.strip() for name in cells[0].split(";") if name.strip()))


def read_cameo(tools: Lookup, cells: tuple[str, ...]) -> str:
    """The PLOVER type of a CAMEO code or name; a second cell holds the root code."""
    code = tools.walk.find_code(cells[0], cells[1] if len(cells) > 1 else "")
    if code is None:
        raise UnreadableValueError(f"{cells[0][:60]!r} is no CAMEO code" if cells[0] else "no event code")
    return tools.walk.events[code]


def span_of_month(day: dt.date) -> Span:
    """The month a day is in."""
    first = day.replace(day=1)
    last = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1) - dt.timedelta(days=1) if day.year < 9999 else day
    return Span(first, last, Precision.MONTH)


def _make_day(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise UnreadableValueError(f"{text[:40]!r} is no day: {error}") from None
