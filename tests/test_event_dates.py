"""Dates of acts in whole articles: the share of our own labels that is right, on each half of the corpus."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from timeline.coding.dating import build_dating
from timeline.coding.parsing import parse
from timeline.coding.timex import recognise_timexes
from timeline.records import Basis, EventDate, Precision

CORPUS = Path(__file__).parent / "corpus" / "event_dates.yaml"
FLOORS = {"tune": 0.87, "held": 0.88}
_MARK = re.compile(r"\[([^|\[\]]+)\|([^\]]+)\]")


def read_marks(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The plain text, and for each mark its start, end and date."""
    text, marks, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        marks.append((len(text), len(text) + len(match[1]), match[2]))
        text, last = text + match[1], match.end()
    return text + marked[last:], marks


def days_of(wanted: str) -> tuple[dt.date, dt.date]:
    """First and last day of "2008", "2008-Q3", "2008-10", "2008-10-06"."""
    if len(wanted) == 10:
        return dt.date.fromisoformat(wanted), dt.date.fromisoformat(wanted)
    year, rest = int(wanted[:4]), wanted[5:]
    if rest.startswith("Q"):
        first, last = 3 * int(rest[1]) - 2, 3 * int(rest[1])
    else:
        first, last = (int(rest), int(rest)) if rest else (1, 12)
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def is_right(found: EventDate, wanted: str, published: dt.date) -> bool:
    """The answer lies in the days that the text allows, is open where they are, and no more exact than they are."""
    bounds = {">": f"{published}/", "<": f"/{published}"}.get(wanted, wanted)
    first, last = bounds.split("/") if "/" in bounds else (bounds, bounds)
    low, high = days_of(first)[0] if first else None, days_of(last)[1] if last else None
    if low is None:
        return found.start is None and found.end is not None and high is not None and found.end <= high
    if high is None:
        return found.start is not None and found.start >= low
    if found.start is None or found.end is None:
        return False
    return low <= found.start <= found.end <= high and (low == high or found.start < found.end)


@pytest.mark.parametrize("half", FLOORS)
def test_share_of_right_dates(half: str) -> None:
    """Wrong are above all dates that only knowledge of the world gives, and dates of nouns."""
    right, total = 0, 0
    for row in yaml.safe_load(CORPUS.read_text(encoding="utf-8")):
        text, marks = read_marks(row["text"]) if row["half"] == half else ("", [])
        dating = build_dating(parse(text), recognise_timexes(text, row["published"]), row["published"])
        right += sum(is_right(dating.at(start, end), wanted, row["published"]) for start, end, wanted in marks)
        total += len(marks)

    assert total > 200
    assert right / total >= FLOORS[half]


@pytest.mark.parametrize(
    ("start", "end", "wanted", "right"),
    [
        ("2008-10-06", "2008-10-06", "2008-10-06", True),
        ("2008-10-05", "2008-10-06", "2008-10-06", False),  # too wide
        ("2008-10-01", "2008-10-31", "2008", True),
        ("2008-10-06", "2008-10-06", "2008", False),  # more exact than the text
        ("2008-07-01", "2008-09-30", "2008-Q3", True),
        (None, "2008-10-05", "<", True),
        ("2008-10-05", "2008-10-05", "<", False),  # a day invented
        ("2008-10-07", None, ">", True),
        (None, None, ">", False),
    ],
)
def test_judgement(start: str | None, end: str | None, wanted: str, right: bool) -> None:
    days = [day and dt.date.fromisoformat(day) for day in (start, end)]
    found = EventDate(days[0] or None, days[1] or None, Precision.UNKNOWN, Basis.NONE)

    assert is_right(found, wanted, dt.date(2008, 10, 6)) is right
