"""Publication dates: every clue to when an article appeared, and which of them to believe.

A clue is a full day with the place it was found. The strongest basis wins; a file's time stamp and today's
date are never clues, and a day that cannot be read for certain ("03/05/2020", "5 March") is no day at all.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

MIN_YEAR, MAX_YEAR = 1700, 2100  # outside these a "date" is a serial number or a slip


class ClueBasis(StrEnum):
    """Where a publication date was found, strongest first."""

    OPTION = "option"  # the user said so
    METADATA = "metadata"  # JSON-LD, meta, microdata, a column, front matter, a header line, a feed's date
    PUBLISHED_LINE = "published line"  # "Published on …", "Posted …"
    PAGE_DATE = "page date"  # a <time> element or a date beside the byline
    HEAD = "head of the text"  # a date in words or figures that stands before the text
    URL = "url"  # /2020/03/05/
    DATELINE = "dateline"  # "MOSCOW, March 5 (Reuters) —"
    UPDATED = "updated"  # "Updated …", dateModified: not before the first publication, for want of better


_STRENGTH = {basis: place for place, basis in enumerate(ClueBasis)}


@dataclass(frozen=True, slots=True)
class PublishedClue:
    """A day on which the article may have appeared, and where that was found."""

    date: dt.date
    basis: ClueBasis


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day without its year ("March 5") or a month without its day (/2020/03/)."""

    month: int
    day: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class HeadDate:
    """A date that stands before the text; `end` is where the text proper begins, `clue` None if no certain day."""

    clue: PublishedClue | None
    end: int


_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905
_MONTH = r"(?P<month{0}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"  # noqa: E501
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Tues|Thur|Thurs)\b\.?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
_DAY_FIRST = (
    rf"(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s\-/]{{0,3}}{_MONTH.format(1)}[\s,\-/]{{0,3}}(?P<year1>\d{{4}})"
)
_MONTH_FIRST = rf"{_MONTH.format(2)}\s{{0,3}}(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?[\s,]{{0,3}}(?P<year2>\d{{4}})"
_YEAR_FIRST = r"(?P<year3>\d{4})(?P<mark3>[-/.])(?P<month3>\d{1,2})(?P=mark3)(?P<day3>\d{1,2})"
_YEAR_LAST = r"(?P<one4>\d{1,2})(?P<mark4>[-/.])(?P<two4>\d{1,2})(?P=mark4)(?P<year4>\d{4})"
_FULL_DATE = re.compile(
    rf"(?<![\w.])(?:{_WEEKDAY},?\s{{0,3}})?(?:{_DAY_FIRST}|{_MONTH_FIRST}|{_YEAR_FIRST}|{_YEAR_LAST})(?![\d])",
    re.IGNORECASE,
)
_CLOCK = r"(?:[T\s,|@–—-]{0,4}(?:at\s)?\d{1,2}[:.h]?\d{2}(?::\d{2})?(?:[.,]\d+)?\s?(?:[ap]\.?m\.?)?(?:\s?(?:Z|GMT|UTC|EST|EDT|CET|BST|MSK)?(?:[+-]\d{1,2}(?::?\d{2})?)?)\b)?"  # noqa: E501
_PUBLISHED_WORDS = r"(?:first\s+)?(?:published|posted|issued|released|date\s+of\s+publication|publication\s+date|date)"
_UPDATED_WORDS = r"(?:last\s+)?(?:updated|modified|edited|revised|update)"
_LABEL = rf"(?:(?P<published>{_PUBLISHED_WORDS})|(?P<updated>{_UPDATED_WORDS}))(?:\s+(?:on|at|date|in))?\s*[:\-–—|]?\s*"
_LABELLED = re.compile(rf"(?<!\w){_LABEL}(?:on\s+)?(?=[\w])", re.IGNORECASE)
_AGENCY = re.compile(
    r"\s*(?:AFP|AP|Reuters|REUTERS|Agencies|Xinhua|TASS|Anadolu|AA|DPA|dpa|EFE|UPI|ANI)\s?[,|–—-]{0,2}\s+(?=\w)"
)
_HEAD_END = re.compile(rf"{_CLOCK}\s{{0,3}}(?:[|•·–—-]{{1,2}}\s{{0,3}}|\.\s)?", re.IGNORECASE)

_URL_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:17|18|19|20)\d\d)(?P<mark>[/\-_.])(?P<month>\d{1,2}|[a-z]{3})(?P=mark)(?P<day>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<solid>(?:19|20)\d\d[01]\d[0-3]\d)(?!\d)",
    re.IGNORECASE,
)
_URL_MONTH = re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>[01]?\d)(?=/)")

_PLACE = r"(?:[A-Z][\w.’'-]{1,30}(?:[ /][\w.’'-]{1,30}){0,4}(?:,\s[A-Z][\w.’' -]{1,30})?)"
_DATELINE = re.compile(
    rf"(?:{_PLACE}[,;.]?\s{{1,3}})?(?:{_WEEKDAY},?\s)?"
    rf"(?:{_MONTH.format('a')}\s(?P<daya>\d{{1,2}})|(?P<dayb>\d{{1,2}})\s{_MONTH.format('b')})(?!\d)"
    r"(?:,?\s(?P<year>\d{4}))?[,.]?\s{0,3}(?P<agency>\([^()\n]{2,40}\))?\s{0,3}(?:[-–—]{1,2}|:)\s"
)
_HEAD_CHARS = 400  # a date line or dateline that starts later is a date in the story


def make_day(year: int, month: int, day: int) -> dt.date | None:
    """The day, or None where there is no such day or its year is not one of a newspaper."""
    if not MIN_YEAR <= year <= MAX_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_day(value: object) -> dt.date | None:
    """Read one value of a field that holds a date: ISO, in words, in figures, or a Unix time stamp.

    The day is the one written, in whatever time zone. None where the value is no full day, or where day and
    month could be swapped ("03/05/2020").
    """
    if isinstance(value, dt.datetime):
        return make_day(value.year, value.month, value.day)
    if isinstance(value, dt.date):
        return make_day(value.year, value.month, value.day)
    text = str(value).strip()[:200] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if re.fullmatch(r"\d{8}(\d{6})?", text):
        return make_day(int(text[:4]), int(text[4:6]), int(text[6:8]))
    if re.fullmatch(r"\d{10}(\.\d+)?|\d{13}", text):
        seconds = float(text) / (1000 if len(text) == 13 else 1)
        return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).date()
    match = _FULL_DATE.search(text)
    return _day_of(match) if match else None


def find_url_day(url: str) -> PublishedClue | None:
    """The day in an address, such as /2020/03/05/ or -2020-03-05."""
    for match in _URL_DAY.finditer(url[:2000]):
        if solid := match["solid"]:
            day = make_day(int(solid[:4]), int(solid[4:6]), int(solid[6:]))
        else:
            month = match["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
            day = make_day(int(match["year"]), number, int(match["day"]))
        if day:
            return PublishedClue(day, ClueBasis.URL)
    return None


def find_url_month(url: str) -> PartialDate | None:
    """The month in an address that names no day (/2020/03/)."""
    match = _URL_MONTH.search(url[:2000])
    if match and 1 <= int(match["month"]) <= 12:
        return PartialDate(month=int(match["month"]), year=int(match["year"]))
    return None


def find_head_date(text: str) -> HeadDate | None:
    """A date before the text: "Wed 05 Apr 2017 …", "Published on 5 March 2020", "Last updated: 5.3.2020 10:15".

    A sentence that begins with a date ("5 March 2020 was …", "On 5 March …") is not a date line.
    """
    head = text[:_HEAD_CHARS]
    agency = _AGENCY.match(head)
    start = agency.end() if agency else len(head) - len(head.lstrip())
    label = _LABELLED.match(head, start)
    match = _FULL_DATE.match(head, label.end() if label else start)
    if not match:
        return None
    tail = _HEAD_END.match(head, match.end())
    end = tail.end() if tail else match.end()
    rest = text[end : end + 1]
    glued = not label and not text[match.end() : end].strip() and rest == text[match.end() : match.end() + 1]
    by = re.match(r"by [A-Z]", text[end : end + 4])
    if rest and ((rest.islower() and not by) or rest in ",;:)" or (glued and rest.isdigit())):
        return None
    day = _day_of(match)
    return HeadDate(PublishedClue(day, _label_basis(label)) if day else None, end)


def find_labelled_day(line: str) -> PublishedClue | None:
    """The day in a line such as "By X | Published: 5 March 2020 | Updated: 6 March 2020"; published before updated."""
    clues = []
    for label in _LABELLED.finditer(line[:_HEAD_CHARS]):
        match = _FULL_DATE.match(line, label.end())
        if match and (day := _day_of(match)):
            clues.append(PublishedClue(day, _label_basis(label)))
    return choose_published(clues)


def find_dateline(text: str) -> PartialDate | None:
    """The date of a dateline ("MOSCOW, March 5 (Reuters) —") at the start of the text; year None if not given."""
    match = _DATELINE.match(text[:_HEAD_CHARS].lstrip())
    if not match:
        return None
    named = match["montha"] or match["monthb"]
    day = int(match["daya"] or match["dayb"])
    year = int(match["year"]) if match["year"] else None
    month = _MONTHS[named[:3].lower()]
    return PartialDate(month, day, year) if make_day(year or 2000, month, day) else None


def complete_dateline(
    dateline: PartialDate, clues: Sequence[PublishedClue], url_month: PartialDate | None = None
) -> PublishedClue | None:
    """Give a dateline its year, from itself, a month in the address, or the other clues; None if nobody knows it."""
    if dateline.day is None:
        return None
    if dateline.year:
        years = [dateline.year]
    elif best := choose_published(clues):
        years = [best.date.year, best.date.year - 1, best.date.year + 1]
        days = [day for year in years if (day := make_day(year, dateline.month, dateline.day))]
        near = [day for day in days if abs((day - best.date).days) <= 60]
        return PublishedClue(near[0], ClueBasis.DATELINE) if near else None
    elif url_month and url_month.year and url_month.month == dateline.month:
        years = [url_month.year]
    else:
        return None
    day = make_day(years[0], dateline.month, dateline.day)
    return PublishedClue(day, ClueBasis.DATELINE) if day else None


def choose_published(clues: Iterable[PublishedClue]) -> PublishedClue | None:
    """The clue with the strongest basis; of equals the first. None where there are none."""
    return min(clues, key=lambda clue: _STRENGTH[clue.basis], default=None)


def _label_basis(label: re.Match[str] | None) -> ClueBasis:
    if label is None:
        return ClueBasis.HEAD
    return ClueBasis.PUBLISHED_LINE if label["published"] else ClueBasis.UPDATED


def _day_of(match: re.Match[str]) -> dt.date | None:
    """The day of a match of _FULL_DATE; None for no such day, or one that may be day-month or month-day."""
    found = match.groupdict()
    for which in "12":
        if found[f"month{which}"]:
            month = _MONTHS[found[f"month{which}"][:3].lower()]
            return make_day(int(found[f"year{which}"]), month, int(found[f"day{which}"]))
    if found["year3"]:
        return make_day(int(found["year3"]), int(found["month3"]), int(found["day3"]))
    one, two, year = int(found["one4"]), int(found["two4"]), int(found["year4"])
    if found["mark4"] == "." or one > 12 or one == two:  # with full stops the day comes first, everywhere
        return make_day(year, two, one)
    return make_day(year, one, two) if two > 12 else None
