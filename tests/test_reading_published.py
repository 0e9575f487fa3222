"""Publication dates: which words are a day, where they may stand, and which clue wins."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.reading.published import (
    ClueBasis,
    PartialDate,
    PublishedClue,
    choose_published,
    complete_dateline,
    find_dateline,
    find_head_date,
    find_labelled_day,
    find_url_day,
    find_url_month,
    parse_day,
)

DAY = dt.date(2020, 3, 5)


@pytest.mark.parametrize(
    "value",
    [
        "2020-03-05",
        "2020-03-05T23:59:00-05:00",
        "2020/03/05 10:00",
        "2020.3.5",
        "20200305",
        "20200305101500",
        "5 March 2020",
        "5th of March, 2020",
        "March 5, 2020",
        "Mar. 5 2020",
        "MARCH 5, 2020 10:15 PM",
        "Thu, 05 Mar 2020 23:30:00 -0500",
        "Thursday, March 5th, 2020",
        "05-Mar-2020",
        "05.03.2020",
        "5.3.2020",
        "1583403300",
        1583403300,
        "1583403300000",
        dt.date(2020, 3, 5),
        dt.datetime(2020, 3, 5, 23, 59),
    ],
)
def test_parse_day_reads_the_day_as_written(value: object) -> None:
    assert parse_day(value) == DAY


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("03/15/2020", dt.date(2020, 3, 15)),
        ("15/03/2020", dt.date(2020, 3, 15)),
        ("23-04-2016", dt.date(2016, 4, 23)),
        ("04/04/2016", dt.date(2016, 4, 4)),
    ],
)
def test_parse_day_reads_figures_that_can_mean_only_one_day(value: str, expected: dt.date) -> None:
    assert parse_day(value) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "nothing"),
        (None, "nothing"),
        (True, "a truth value is no number"),
        ("03/05/2020", "may be 3 May or 5 March"),
        ("2020", "a year is no day"),
        ("2020-03", "a month is no day"),
        ("March 2020", "a month is no day"),
        ("31 February 2020", "no such day"),
        ("2019-02-29", "no leap year"),
        ("0000-00-00", "a database's nothing"),
        ("9999-12-31", "a database's never"),
        ("0001-01-01", "a program's nothing"),
        ("yesterday", "needs a day that nobody knows"),
        ("12345", "a number"),
        ("March 5", "no year"),
        ("version 10.2020.5.1", "a version number"),
        ([2020, 3, 5], "a list"),
        (float("inf"), "no number"),
    ],
)
def test_parse_day_is_none_for_what_is_no_certain_day(value: object, reason: str) -> None:
    assert parse_day(value) is None, reason


@given(st.text())
def test_nothing_here_fails_on_any_text(text: str) -> None:
    found = find_head_date(text)

    assert found is None or 0 < found.end <= len(text)
    parse_day(text), find_url_day(text), find_url_month(text), find_dateline(text), find_labelled_day(text)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d"]))
def test_every_day_is_read_back(day: dt.date, form: str) -> None:
    assert parse_day(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("text", "basis", "rest"),
    [
        ("Thu 05 Mar 2020 Norland shelled Tarn.", ClueBasis.HEAD, "Norland"),
        ("5.3.2020 Norland shelled Tarn.", ClueBasis.HEAD, "Norland"),
        ("Thursday 5 March 2020 10:59 Norland shelled Tarn.", ClueBasis.HEAD, "Norland"),
        ("March 5, 2020", ClueBasis.HEAD, ""),
        ("March 5 2020 2037 UTC+3 A convoy left.", ClueBasis.HEAD, "A convoy"),
        ("AFP, Thursday 5 Mar 2020 Norland shelled Tarn.", ClueBasis.HEAD, "Norland"),
        ("March 5, 2020 by Ada Marlowe", ClueBasis.HEAD, "by Ada"),
        ("Published on 5 March 2020", ClueBasis.PUBLISHED_LINE, ""),
        ("Posted: March 5, 2020 | Norland", ClueBasis.PUBLISHED_LINE, "Norland"),
        ("Date of publication 5 March 2020", ClueBasis.PUBLISHED_LINE, ""),
        ("Last updated at Mar 052020 A convoy left.", ClueBasis.UPDATED, "A convoy"),
        ("Updated: Thursday, March 5, 2020, 10:15 a.m.", ClueBasis.UPDATED, ""),
        ("On 5 March 2020 Norland shelled Tarn.", None, ""),
        ("5 March 2020 was a day of mourning.", None, ""),
        ("5 March 2020, the day of the truce, passed.", None, ""),
        ("March 5 Norland shelled Tarn.", None, ""),
        ("Norland shelled Tarn on 5 March 2020.", None, ""),
        ("31 February 2020 Norland shelled Tarn.", None, "Norland"),
        ("03-05-2020 Norland shelled Tarn.", None, "Norland"),
    ],
)
def test_a_date_before_the_text_is_told_from_a_sentence_that_begins_with_one(
    text: str, basis: ClueBasis | None, rest: str
) -> None:
    found = find_head_date(text)

    assert (found.clue if found else None) == (PublishedClue(DAY, basis) if basis else None)
    assert found is None or text[found.end :].startswith(rest)


def test_published_is_preferred_to_updated_in_one_line() -> None:
    found = find_labelled_day("By A. Marlowe | Updated: 9 March 2020 | Published: 5 March 2020")

    assert found == PublishedClue(DAY, ClueBasis.PUBLISHED_LINE)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/2020/03/05/truce", DAY),
        ("https://x.example/world/2020/mar/05/truce", DAY),
        ("https://x.example/truce-2020-03-05.html", DAY),
        ("https://x.example/20200305-truce", DAY),
        ("https://x.example/a20200305.html", DAY),
        ("https://x.example/2020/13/05/truce", None),
        ("https://x.example/2020/03/truce", None),
        ("https://x.example/news/120200305", None),
        ("https://x.example/1234/56/78/", None),
        ("", None),
    ],
)
def test_a_day_in_an_address(url: str, expected: dt.date | None) -> None:
    found = find_url_day(url)

    assert (found.date if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EASTMERE, March 5 (Reuters) — Norland said", PartialDate(3, 5)),
        ("EASTMERE, March 5 (Reuters) - Norland said", PartialDate(3, 5)),
        ("Tarn, Norland, Sept. 12, 2016 (CP) -- Engineers", PartialDate(9, 12, 2016)),
        ("TARN, 12 September (CP) – Engineers", PartialDate(9, 12)),
        ("March 5 (Xinhua) -- Norland said", PartialDate(3, 5)),
        ("EASTMERE (Reuters) — Norland said", None),
        ("EASTMERE, February 30 (Reuters) — Norland said", None),
        ("Norland said on March 5 that", None),
        ("", None),
    ],
)
def test_datelines(text: str, expected: PartialDate | None) -> None:
    assert find_dateline(text) == expected


def test_a_dateline_takes_its_year_only_from_what_is_known() -> None:
    dateline = PartialDate(12, 31)
    january = PublishedClue(dt.date(2021, 1, 2), ClueBasis.UPDATED)
    july = PublishedClue(dt.date(2021, 7, 2), ClueBasis.UPDATED)

    assert complete_dateline(dateline, []) is None
    assert complete_dateline(dateline, [january]) == PublishedClue(dt.date(2020, 12, 31), ClueBasis.DATELINE)
    assert complete_dateline(dateline, [july]) is None
    assert complete_dateline(dateline, [], PartialDate(12, year=2019)) == PublishedClue(
        dt.date(2019, 12, 31), ClueBasis.DATELINE
    )
    assert complete_dateline(dateline, [], PartialDate(6, year=2019)) is None


def test_the_strongest_clue_wins_and_of_equals_the_first() -> None:
    clues = [PublishedClue(dt.date(2020, 1, number), basis) for number, basis in enumerate(reversed(ClueBasis), 1)]

    assert choose_published(clues) == clues[-1]
    assert choose_published(reversed(clues)) == clues[-1]
    assert clues[-1].basis is ClueBasis.OPTION
    assert choose_published([]) is None
