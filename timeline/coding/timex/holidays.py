"""Holidays whose day follows from the year alone, and their names as a pattern.

Feasts of the lunar calendars (Ramadan, Eid, Lunar New Year) are left out: their day depends on sightings or on
the country, and a guessed day is worse than none. So is "Election Day", which depends on the country.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType

_FIXED: Mapping[str, tuple[int, int]] = MappingProxyType({
    "new year day": (1, 1), "new year": (1, 1), "epiphany": (1, 6), "valentine day": (2, 14), "valentines day": (2, 14),
    "international women day": (3, 8), "st. patrick day": (3, 17), "st patrick day": (3, 17), "april fools day": (4, 1),
    "april fool day": (4, 1), "may day": (5, 1), "independence day": (7, 4), "fourth of july": (7, 4),
    "bastille day": (7, 14), "assumption day": (8, 15), "halloween": (10, 31), "all saints day": (11, 1),
    "veterans day": (11, 11), "armistice day": (11, 11), "remembrance day": (11, 11), "christmas": (12, 25),
    "christmas day": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26), "new year eve": (12, 31),
})  # fmt: skip
_FROM_EASTER: Mapping[str, int] = MappingProxyType({
    "ash wednesday": -46, "palm sunday": -7, "maundy thursday": -3, "good friday": -2, "holy saturday": -1,
    "easter": 0, "easter sunday": 0, "easter day": 0, "easter monday": 1, "ascension day": 39, "pentecost": 49,
    "whit sunday": 49, "whit monday": 50,
})  # fmt: skip


def _nth_weekday(month: int, weekday: int, nth: int) -> Callable[[int], dt.date]:
    """The day of the nth such weekday (1 Monday) of a month; nth -1 is the last."""

    def place(year: int) -> dt.date:
        if nth > 0:
            first = dt.date(year, month, 1)
            return first + dt.timedelta((weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
        last = dt.date(year, month + 1, 1) - dt.timedelta(1)
        return last - dt.timedelta((last.isoweekday() - weekday) % 7)

    return place


_FLOATING: Mapping[str, Callable[[int], dt.date]] = MappingProxyType({
    "martin luther king day": _nth_weekday(1, 1, 3), "martin luther king jr. day": _nth_weekday(1, 1, 3),
    "presidents day": _nth_weekday(2, 1, 3), "mother day": _nth_weekday(5, 7, 2), "mothers day": _nth_weekday(5, 7, 2),
    "memorial day": _nth_weekday(5, 1, -1), "father day": _nth_weekday(6, 7, 3), "fathers day": _nth_weekday(6, 7, 3),
    "labor day": _nth_weekday(9, 1, 1), "columbus day": _nth_weekday(10, 1, 2),
    "thanksgiving": _nth_weekday(11, 4, 4), "thanksgiving day": _nth_weekday(11, 4, 4),
})  # fmt: skip

_NAMES = sorted({*_FIXED, *_FROM_EASTER, *_FLOATING}, key=len, reverse=True)


def _pattern(name: str) -> str:
    """A name as it is written: capitals, "New Year's Day", "Mother's Day", "Veterans' Day"."""
    words = [word if word == "of" else word.title() for word in name.split()]
    possessive = len(words) > 1 and words[-1] in {"Day", "Eve"}
    head = [word.replace(".", r"\.") for word in words]
    if possessive:
        head[-2] += "(?:['’]s?)?" if name != "may day" else ""
        head[-1] += r"\b"
    elif name == "new year":
        head[-1] += r"(?!['’]s\ ?(?:Day|Eve)|\ (?:Day|Eve))"
    return r"\ ".join(head) + r"(?!\w)"


HOLIDAY_PATTERN = "|".join(_pattern(name) for name in _NAMES)


def normalise_holiday(words: str) -> str:
    """The name under which `place_holiday` knows a holiday as written in a text."""
    plain = words.lower().replace("’", "'").replace("'s", "").replace("'", "")
    return " ".join(plain.split())


def place_holiday(name: str, year: int) -> dt.date | None:
    """The day of a holiday in a year (1583-9998), None outside or for an unknown name."""
    if not 1583 <= year <= 9998:
        return None
    if name in _FIXED:
        return dt.date(year, *_FIXED[name])
    if name in _FROM_EASTER:
        return _easter(year) + dt.timedelta(_FROM_EASTER[name])
    return _FLOATING[name](year) if name in _FLOATING else None


def _easter(year: int) -> dt.date:
    """Western Easter by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap_centuries, century_rest = divmod(century, 4)
    moon = (19 * golden + century - leap_centuries - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * century_rest + 2 * (rest // 4) - moon - rest % 4) % 7
    correction = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * correction + 114, 31)
    return dt.date(year, month, day + 1)
