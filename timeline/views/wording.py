"""The words the views use for events: who did what to whom, when, and how we know.

Plain text only: whoever puts it into HTML or a chart escapes it there.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from timeline.ontology import EVENT_TYPES

UNKNOWN_ACTOR = "not named"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

BASIS_WORDS = {
    "corrected": "corrected by a reader",
    "stated": "stated in the event's own clause",
    "sentence": "taken from the same sentence",
    "carried": "carried from an earlier sentence",
    "published": "the publication date, for want of better",
    "none": "no date can be given",
}
REALIS_WORDS = {
    "actual": "presented as having happened",
    "planned": "announced or planned",
    "called_for": "called for",
    "hypothetical": "hypothetical",
    "denied": "denied or negated",
    "historical": "historical background",
}
_TOLD_WORDS = {
    "planned": "planned",
    "called_for": "called for",
    "hypothetical": "hypothetical",
    "denied": "denied",
    "historical": "background",
}
DOUBT_WORDS = {
    "remark": "a statement that concerns nobody else",
    "talk": "from a transcript or interview",
    "comment": "from comment, a letter or a personal account",
    "not_done": "not told as done",
    "passing": "told in passing",
    "no_source": "who did it is not known",
    "no_target": "nobody known is acted on",
    "referring": "one side is named only by “he”, “they” or the like",
    "unplaced": "one side has no country",
    "guessed": "whose forces or people they are is taken from the article as a whole",
}
REVIEW_WORDS = {
    "": "All events",
    "reviewed": "Reviewed or corrected",
    "corrected": "Corrected",
    "open": "Not reviewed",
}


def as_date(value: object) -> dt.date | None:
    """A calendar day out of a date, a timestamp or nothing; NaT is None."""
    if type(value) is dt.date:
        return value
    if value is None or value != value:  # noqa: PLR0124 - NaT alone is unlike itself, and pandas is slow to import
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def say_day(day: dt.date) -> str:
    """A day without ambiguity between readers of the world: `5 Mar 2020`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_span(start: object, end: object, precision: str = "day") -> str:
    """The date of an event no more exactly than it is known.

    Args:
        start: First day, or None, NaT for open.
        end: Last day, or None, NaT for open.
        precision: A member of `Precision`; `approximate` is marked with "about".

    Returns:
        "5 Mar 2020", "March 2020" as "Mar 2020", "1-10 Mar 2020", "since …", "until …" or "undated".
    """
    first, last = as_date(start), as_date(end)
    about = "about " if precision == "approximate" else ""
    if first is None and last is None:
        return "undated"
    if first is None or last is None:
        return f"{about}since {say_day(first)}" if first else f"{about}until {say_day(last)}"  # type: ignore[arg-type]
    if first == last:
        return about + say_day(first)
    if _is_whole_year(first, last):
        return about + (str(first.year) if first.year == last.year else f"{first.year}–{last.year}")
    if _is_whole_month(first, last):
        return f"{about}{MONTHS[first.month - 1]} {first.year}"
    return about + _say_range(first, last)


def _is_whole_year(first: dt.date, last: dt.date) -> bool:
    return (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)


def _is_whole_month(first: dt.date, last: dt.date) -> bool:
    ends_month = (last.month, last.day) == (12, 31) or (last + dt.timedelta(days=1)).day == 1
    return first.day == 1 and ends_month and (first.year, first.month) == (last.year, last.month)


def _say_range(first: dt.date, last: dt.date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{say_day(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} – {say_day(last)}"
    return f"{say_day(first)} – {say_day(last)}"


def list_names(names: Iterable[str], limit: int = 3) -> str:
    """Names in a row, at most `limit` of them: `A, B and 2 more`; "not named" for none."""
    found = [name for name in names if name]
    if not found:
        return UNKNOWN_ACTOR
    if len(found) > limit:
        return f"{', '.join(found[: limit - 1])} and {len(found) - limit + 1} more"
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


def is_mutual(sources: Sequence[str], targets: Sequence[str]) -> bool:
    """Whether all take part alike, as in a meeting: the same actors on both sides."""
    return bool(sources) and set(sources) == set(targets)


def label_type(event_type: str) -> str:
    """An event type in words: `Consult`; an unknown code is shown as it is."""
    known = EVENT_TYPES.get(event_type)
    return known.label.capitalize() if known else event_type


def say_told(realis: str) -> str:
    """A word for an act that is not told as having happened, such as `planned` or `denied`; "" for one that is."""
    return _TOLD_WORDS.get(realis, "")


def say_event(event_type: str, sources: Sequence[str], targets: Sequence[str]) -> str:
    """Who did what to whom on one line: `Russia → Turkey · Accuse`, or `Russia ↔ Turkey · Consult`."""
    act, left, right = label_type(event_type), list(map(keep_order, sources)), list(map(keep_order, targets))
    if is_mutual(sources, targets):
        separator = " ↔ " if len(sources) == 2 else ", "
        return f"{separator.join(left)} · {act}"
    return f"{list_names(left)} → {list_names(right)} · {act}"


@lru_cache(4096)  # a chart says each name many times
def keep_order(name: str) -> str:
    """A name that does not turn the line around it: one written from right to left gets a left-to-right mark on
    either side, or else the source of an arrow would stand at its head.
    """
    turns = any(unicodedata.bidirectional(character) in ("R", "AL") for character in name)
    return f"\u200e{name}\u200e" if turns else name


def count_noun(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 event`, `1,204 events`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def shorten(text: str, limit: int) -> str:
    """Text on one line of at most `limit` characters, cut at a word, without control characters."""
    clean = " ".join(clean_text(text).split())
    if len(clean) <= limit:
        return clean
    cut = clean[: limit - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > limit // 2 else cut).rstrip(" ,;:") + "…"


def clean_text(text: str) -> str:
    """Text without what no page, sheet or XML file can hold; every character keeps its place.

    Control characters become spaces, lone surrogates and non-characters U+FFFD. Marks that steer writing
    direction are dropped to spaces too: they could make a sentence read differently from what it says.
    """
    return "".join(map(_clean_character, text)) if _needs_cleaning(text) else text


_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _needs_cleaning(text: str) -> bool:
    return not (text.isascii() and text.isprintable())


def _clean_character(character: str) -> str:
    if character in "\n\t":
        return character
    if character in _STEERING or unicodedata.category(character) == "Cc":
        return " "
    code = ord(character)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE else character


def say_attribution(speakers: Sequence[str], publisher: str = "") -> str:
    """Who says so: `according to the Kremlin, as reported by Anadolu`; outermost speaker last.

    An article's own voice is attributed to its publisher, so that no event reads as plain fact.
    """
    voices = [keep_order(name) for name in speakers if name]
    publisher = keep_order(publisher)
    if not voices:
        return f"as told by {publisher}" if publisher else "in the article's own voice"
    chain = ", quoted by ".join(reversed(voices))
    return f"according to {chain}" + (f", as told by {publisher}" if publisher else "")
