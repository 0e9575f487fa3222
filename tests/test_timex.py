"""Time expressions: what is found, where it lies on the calendar, and that nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.coding.timex import recognise_timexes
from timeline.coding.timex.calendars import add_years, days_of
from timeline.coding.timex.holidays import place_holiday
from timeline.coding.timex.vocabulary import CLASSES
from timeline.records import DateSpan, Precision, TimeExpression

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "timex.yaml").read_text(encoding="utf-8"))
NEWS = yaml.safe_load((Path(__file__).parent / "cases" / "timex_news.yaml").read_text(encoding="utf-8"))
MARKED = re.compile(r"\[([^\[\]|]+)\|([A-Z]+)\|([^\[\]|]*)\]")
FRIDAY = dt.date(2020, 3, 6)


def only(text: str, published: dt.date | None = FRIDAY) -> TimeExpression:
    found = recognise_timexes(text, published)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, object]) -> None:
    found = recognise_timexes(str(case["text"]), case["published"])  # type: ignore[arg-type]

    assert [[timex.text, str(timex.type), timex.value] for timex in found] == case["expect"]


def news_case(number: int, case: dict[str, str]) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=case["gap"])] if "gap" in case else []
    return pytest.param(case, marks=marks, id=f"{case['set']}-{number}")


@pytest.mark.parametrize("case", [news_case(number, case) for number, case in enumerate(NEWS)])
def test_news(case: dict[str, object]) -> None:
    """Sentences as papers print them: all that is marked is found, where it stands, and nothing else."""
    marked = str(case["text"])
    found = recognise_timexes(MARKED.sub(r"\1", marked), case["published"])  # type: ignore[arg-type]

    assert MARKED.findall(marked) == [(timex.text, str(timex.type), timex.value) for timex in found]


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for case in CASES]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("words", "start", "end", "precision"),
    [
        ("on 27 February 2020", "2020-02-27", "2020-02-27", Precision.DAY),
        ("last week", "2020-02-24", "2020-03-01", Precision.WEEK),
        ("the weekend", "2020-02-29", "2020-03-01", Precision.WEEK),
        ("February 2020", "2020-02-01", "2020-02-29", Precision.MONTH),
        ("early 2019", "2019-01-01", "2019-12-31", Precision.YEAR),
        ("the spring of 2019", "2019-03-01", "2019-05-31", Precision.SEASON),
        ("the winter of 2018", "2018-01-01", "2019-02-28", Precision.SEASON),
        ("the fourth quarter of 2019", "2019-10-01", "2019-12-31", Precision.QUARTER),
        ("the 1990s", "1990-01-01", "1999-12-31", Precision.DECADE),
        ("around 2015", "2015-01-01", "2015-12-31", Precision.APPROXIMATE),
        ("the past three months", "2019-12-06", "2020-03-06", Precision.APPROXIMATE),
        ("the next two weeks", "2020-03-06", "2020-03-20", Precision.APPROXIMATE),
    ],
)
def test_span_is_no_more_exact_than_the_words(words: str, start: str, end: str, precision: Precision) -> None:
    """The span holds every day that the words allow."""
    expected = DateSpan(dt.date.fromisoformat(start), dt.date.fromisoformat(end), precision)

    assert only(f"It was seen {words}.").span == expected


@pytest.mark.parametrize(("words", "mod"), [("early May 2019", "START"), ("mid-2019", "MID"), ("late 2019", "END")])
def test_modifier_is_kept(words: str, mod: str) -> None:
    assert only(f"It was seen in {words}.").mod == mod


@pytest.mark.parametrize("words", ["Thursday", "yesterday", "last month", "two weeks ago", "the weekend", "Dec. 20"])
def test_without_publication_date_nothing_relative_is_placed(words: str) -> None:
    """The note says why, in words for the reader."""
    timex = only(f"They left {words}.", None)

    assert timex.span is None
    assert "publication date" in timex.note
    assert timex.text in timex.note


def test_ambiguous_date_names_both_readings() -> None:
    timex = only("Heard on 04/05/2019.", None)

    assert timex.span == DateSpan(dt.date(2019, 1, 1), dt.date(2019, 12, 31), Precision.YEAR)
    assert "5 April or 4 May" in timex.note or "4 May or 5 April" in timex.note


def test_offsets_survive_letters_that_grow_in_lower_case() -> None:
    """ "İ" has two characters in lower case."""
    text = "İİİ İzmir, 5 March 2020."
    timex = only(text)

    assert text[timex.start : timex.end] == timex.text == "5 March 2020"


def test_blank_line_parts_expressions() -> None:
    found = recognise_timexes("Seen on 5\n\nMarch 2020 was cold.", FRIDAY)

    assert [timex.text for timex in found] == ["March 2020"]


@pytest.mark.parametrize(
    "value", ["", "PRESENT_REF", "XXXX-10", "BC0490", "0000", "9999", "2020-13", "2020-W60", "P3M"]
)
def test_values_without_days(value: str) -> None:
    assert days_of(value) is None


def test_there_is_no_year_zero() -> None:
    assert add_years(-1, 1) == 1
    assert add_years(1, -1) == -1
    assert add_years(-490, 1) == -489


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("easter", 2020, "2020-04-12"),
        ("easter", 1961, "1961-04-02"),
        ("thanksgiving", 2019, "2019-11-28"),
        ("memorial day", 2021, "2021-05-31"),
        ("labor day", 2020, "2020-09-07"),
    ],
)
def test_moving_holidays(name: str, year: int, day: str) -> None:
    assert place_holiday(name, year) == dt.date.fromisoformat(day)


WORDS = st.sampled_from([
    *sorted(CLASSES), "1990", "31", "2020-02-30", "99:99", "12/31/1999", "'98", "1980s", "3rd", "B.C.", "İ", "\ud800",
    ".", ",", "-", "–", "\n\n", "$", "1/0", "9999", "0000", "Christmas", "Q3",
])  # fmt: skip
ANY_TEXT = st.one_of(
    st.lists(WORDS, max_size=14).map(" ".join),
    st.lists(WORDS, max_size=10).map("".join),
    st.text(st.characters(), max_size=60),
)
DAYS = st.one_of(st.none(), st.sampled_from([dt.date.min, dt.date.max, FRIDAY]), st.dates())


@given(ANY_TEXT, DAYS)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_with_true_offsets(text: str, published: dt.date | None) -> None:
    """Whatever comes in: no crash, words as in the text, in order, none overlapping, spans the right way round."""
    end = 0
    for timex in recognise_timexes(text, published):
        assert text[timex.start : timex.end] == timex.text
        assert end <= timex.start < timex.end
        end = timex.end
        if timex.span and timex.span.start and timex.span.end:
            assert timex.span.start <= timex.span.end


@given(ANY_TEXT)
@settings(max_examples=100, deadline=None)
def test_same_text_same_answer(text: str) -> None:
    assert recognise_timexes(text, FRIDAY) == recognise_timexes(text, FRIDAY)


@pytest.mark.parametrize("piece", ["5 ", "two and a half ", "last ", "-", "1", "May ", "19/", "'", "early the end of "])
def test_long_runs_do_not_hang(piece: str) -> None:
    """Forty thousand repetitions end within seconds; time that grew with the square would take many minutes."""
    start = time.process_time()
    recognise_timexes(piece * 40_000, FRIDAY)

    assert time.process_time() - start < 30


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ANY_DAY = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


def days_between(span: DateSpan | None, published: dt.date) -> tuple[int, int]:
    assert span is not None
    assert span.start is not None
    assert span.end is not None
    return (span.start - published).days, (span.end - published).days


@given(
    ANY_DAY,
    st.sampled_from(range(7)),
    st.sampled_from(["on {}", "early {}", "late on {}", "on {} night", "{} morning"]),
)
@settings(max_examples=150, deadline=None)
def test_past_weekday_is_that_day_of_the_last_seven(published: dt.date, weekday: int, words: str) -> None:
    """The day of publication itself counts; a part of the day does not move it."""
    span = only(f"They left {words.format(WEEKDAYS[weekday])}.", published).span
    first, last = days_between(span, published)

    assert -6 <= first == last <= 0
    assert (published + dt.timedelta(first)).weekday() == weekday


@given(ANY_DAY, st.sampled_from(range(7)))
@settings(max_examples=60, deadline=None)
def test_coming_weekday_is_that_day_of_the_next_six(published: dt.date, weekday: int) -> None:
    span = only(f"They will leave on {WEEKDAYS[weekday]}.", published).span
    first, last = days_between(span, published)

    assert 0 <= first == last <= 6
    assert (published + dt.timedelta(first)).weekday() == weekday


@pytest.mark.parametrize(
    ("words", "low", "high", "length"),
    [
        ("today", 0, 0, 1),
        ("yesterday", -1, -1, 1),
        ("last night", -1, -1, 1),
        ("overnight", -1, 0, 2),
        ("this morning", 0, 0, 1),
        ("this week", -6, 6, 7),
        ("last week", -13, -1, 7),
        ("this month", -30, 30, None),
        ("last month", -61, -1, None),
        ("this year", -365, 365, None),
        ("two days ago", -2, -2, 1),
    ],
)
@given(published=ANY_DAY)
@settings(max_examples=40, deadline=None)
def test_span_counted_from_publication(words: str, low: int, high: int, length: int | None, published: dt.date) -> None:
    """Neither earlier nor later than the words allow, and "this" holds the day of publication."""
    first, last = days_between(only(f"They left {words}.", published).span, published)

    assert low <= first <= last <= high
    assert length in {None, last - first + 1}
    assert not words.startswith("this") or first <= 0 <= last


@given(ANY_DAY, st.sampled_from(["recently", "in recent weeks", "for years", "years ago", "soon", "now"]))
@settings(max_examples=60, deadline=None)
def test_vague_words_never_name_a_day(published: dt.date, words: str) -> None:
    for timex in recognise_timexes(f"They will leave {words}, they left {words}.", published):
        assert timex.span is None


@given(st.integers(1000, 2100), st.sampled_from(["soldiers", "people", "tonnes of grain", "Veloran rebels"]))
@settings(max_examples=60, deadline=None)
def test_what_is_counted_is_no_year(number: int, noun: str) -> None:
    """Exact numbers of our time before an adjective are left out: "2014 Veloran airstrikes" may be of that year."""
    spoken = number // 100 * 100 if noun.startswith("Veloran") else number

    assert recognise_timexes(f"Nearly {spoken} {noun} and up to {spoken} {noun} left.", FRIDAY) == ()
    assert recognise_timexes(f"They lost more than {spoken} {noun}.", FRIDAY) == ()
