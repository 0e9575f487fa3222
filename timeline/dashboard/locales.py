"""Numbers and date fields as the reader's browser has them; files keep ISO dates and plain numbers.

Days in sentences stay `5 Mar 2020`: the interface is English, and so no reader takes the month for the day.
"""

from __future__ import annotations

import re
from functools import cache

import streamlit as st
from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

_PLAIN = Locale("en")


def say_number(number: float) -> str:
    """A whole number with the reader's separators: `1,204`, `1.204`, `1 204`."""
    return format_decimal(number, format="#,##0", locale=_reader())


def count_noun(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, as `wording.count_noun` writes it for files."""
    return f"{say_number(number)} {noun if number == 1 else plural or noun + 's'}"


def date_format() -> str:
    """How date fields are written for this reader, as Streamlit names it; ISO for one whose locale is not known."""
    locale = _reader()
    return "YYYY-MM-DD" if locale is _PLAIN else _date_format(locale)


def _reader() -> Locale:
    return _parse(st.context.locale or "")


@cache
def _parse(name: str) -> Locale:
    try:
        return Locale.parse(name, sep="-") if name else _PLAIN
    except (UnknownLocaleError, ValueError):
        return _PLAIN


def _date_format(locale: Locale) -> str:
    """The order and separator of the locale's short date, among those that Streamlit's fields have."""
    pattern = re.sub(r"[^dMy/.-]", "", locale.date_formats["short"].pattern)
    separator = next((c for c in pattern if c in "/.-"), "-")
    order = "".join(dict.fromkeys(c for c in pattern if c.isalpha()))
    parts = {"dMy": ("DD", "MM", "YYYY"), "Mdy": ("MM", "DD", "YYYY")}.get(order, ("YYYY", "MM", "DD"))
    return separator.join(parts)
