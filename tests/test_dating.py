"""Dates of acts: which expression governs, what tense allows, and that the basis is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.coding.dating import build_dating, date_event, is_history
from timeline.coding.parsing import parse
from timeline.coding.tense import stem_of
from timeline.coding.timex import recognise_timexes
from timeline.records import Basis, EventDate, Precision

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "dating.yaml").read_text(encoding="utf-8"))
FRIDAY = dt.date(2020, 3, 6)


def date_of(text: str, act: str, published: dt.date | None) -> EventDate:
    start = text.index(act)
    return date_event(parse(text), start, start + len(act), recognise_timexes(text, published), published)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, object]) -> None:
    found = date_of(str(case["text"]), str(case["act"]), case["published"])  # type: ignore[arg-type]

    days = [str(day) if day else "" for day in (found.start, found.end)]
    assert [*days, str(found.basis)] == case["expect"]


def test_note_names_the_expression() -> None:
    found = date_of("The envoy arrived on Thursday.", "arrived", FRIDAY)

    assert found.timex is not None
    assert found.timex.text == "Thursday"
    assert "Thursday" in found.note


def test_note_says_why_a_weekday_has_no_day() -> None:
    """Read without a publication date, "Thursday" stays undated."""
    found = date_of("The envoy arrived on Thursday.", "arrived", None)

    assert found.precision is Precision.UNKNOWN
    assert "“Thursday” cannot be placed without a publication date" in found.note


def test_history_is_not_dated_by_its_publication() -> None:
    text = (
        "In March 1922 the army moved. In June 1922 it stopped. In August 1922 it crossed the river. "
        "In October 1922 it rested. In May 1923 it withdrew. The king praised it."
    )
    found = date_of(text, "praised", dt.date(2015, 6, 1))

    assert (found.start, found.end, found.basis) == (dt.date(1923, 5, 1), dt.date(1923, 5, 31), Basis.CARRIED)


def test_news_with_one_look_back_is_no_history() -> None:
    timexes = recognise_timexes("On Monday they met. They had met in 1999, in 2001 and on Tuesday.", FRIDAY)

    assert not is_history(timexes, FRIDAY)


def test_verb_and_noun_share_a_stem() -> None:
    doc = parse("They invaded. The invasion failed. They said so.")

    assert stem_of(doc[1]) == stem_of(doc[4]) != ""
    assert stem_of(doc[8]) == ""


def test_dating_once_answers_as_dating_each_time() -> None:
    text = "The convoy left on Monday. Gunmen killed two. It will return next week."
    timexes, doc = recognise_timexes(text, FRIDAY), parse(text)
    dating = build_dating(doc, timexes, FRIDAY)

    for token in doc:
        start, end = token.idx, token.idx + len(token)
        assert dating.at(start, end) == date_event(doc, start, end, timexes, FRIDAY)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Thursday", "…", "\u202e5 March 2020", "a" * 3000])
def test_odd_texts_and_spans(text: str) -> None:
    """Any span of any text gets an answer; with a publication date never less than that."""
    dating = build_dating(parse(text), recognise_timexes(text, FRIDAY), FRIDAY)

    for start, end in ((0, 0), (0, 1), (0, len(text)), (len(text), len(text) + 5), (10**9, 10**9 + 1)):
        assert dating.at(start, end).basis is not Basis.NONE


@given(
    st.lists(
        st.sampled_from(["He", "said", "will", "had", "left", "on", "Monday", ".", "and", "the", "attack", "5 May"])
    )
)
@settings(max_examples=60, deadline=None)
def test_any_sentence_is_dated_without_a_crash(words: list[str]) -> None:
    text = " ".join(words)
    dating = build_dating(parse(text), recognise_timexes(text, FRIDAY), FRIDAY)

    for start in range(0, len(text), 3):
        found = dating.at(start, start + 2)
        assert found.start is None or found.end is None or found.start <= found.end
