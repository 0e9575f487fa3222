"""Records to JSON and back."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import records
from timeline.records import Actor, Article, Coding, Event, EventDate, Mention, Realis
from timeline.store.serial import clean, from_json, many_from_json, to_json

# Any characters, lone surrogates and NUL among them.
TEXT = st.text(st.characters(), max_size=20)
DAYS = st.none() | st.dates()
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ACTORS = st.builds(Actor, TEXT, TEXT, st.none() | TEXT, st.none() | TEXT, st.none() | TEXT, st.booleans())
MENTIONS = st.builds(Mention, st.integers(), st.integers(), TEXT, st.none() | ACTORS, TEXT)
SPANS = st.builds(records.DateSpan, DAYS, DAYS, st.sampled_from(records.Precision))
TIMEXES = st.builds(
    records.TimeExpression, st.integers(), st.integers(), TEXT, st.sampled_from(records.TimexType), TEXT,
    st.none() | SPANS, TEXT, TEXT, TEXT,
)  # fmt: skip
DATES = st.builds(
    EventDate, DAYS, DAYS, st.sampled_from(records.Precision), st.sampled_from(records.Basis), st.none() | TIMEXES, TEXT
)
SIDES = st.lists(MENTIONS, max_size=3).map(tuple)
PLACES = st.none() | st.builds(records.Place, TEXT, TEXT, NUMBERS, NUMBERS, st.integers(), st.integers())
CODINGS = st.builds(
    Coding, TEXT, st.integers(), st.integers(), st.integers(), st.integers(), st.just("ASSAULT"), SIDES, SIDES,
    st.sampled_from(Realis), DATES, PLACES,
    st.builds(records.Attribution, SIDES, st.integers(), st.integers(), st.booleans()), TEXT, TEXT, NUMBERS,
)  # fmt: skip
EVENTS = st.builds(
    Event, TEXT, st.lists(CODINGS, max_size=2).map(tuple), st.just("AID"), st.lists(ACTORS, max_size=2).map(tuple),
    st.lists(ACTORS, max_size=2).map(tuple), DATES, st.sampled_from(Realis), PLACES,
    st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip
ARTICLES = st.builds(Article, TEXT, TEXT, DAYS, TEXT, TEXT, TEXT, TEXT)


@given(CODINGS | EVENTS | ARTICLES | TIMEXES)
def test_what_is_written_reads_back_the_same(record: object) -> None:
    """Every record survives, whatever its text holds."""
    assert from_json(type(record), to_json(record)) == record


@given(st.lists(MENTIONS, max_size=4).map(tuple))
def test_tuples_of_records_read_back_the_same(mentions: tuple[Mention, ...]) -> None:
    """Mentions and time expressions of an article are kept as one list."""
    assert many_from_json(Mention, to_json(mentions)) == mentions


@given(CODINGS)
def test_the_json_is_ascii(coding: Coding) -> None:
    """SQLite and files take it without a thought for encodings."""
    assert to_json(coding).isascii()


def test_fields_at_their_default_are_left_out() -> None:
    """So a record from before a field existed reads back with the field's default."""
    assert json.loads(to_json(Actor("a", "Aldoria"))) == {"id": "a", "name": "Aldoria"}


def test_fields_of_a_newer_version_are_passed_over() -> None:
    """A colleague's newer release may have added one."""
    assert from_json(Actor, '{"id": "a", "name": "Aldoria", "mood": "grim"}') == Actor("a", "Aldoria")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "expected an object"),
        ('{"id": "a"}', "name"),
        ('{"id": 3, "name": "b"}', "expected str"),
        ('{"id": "a", "name": "b", "known": "yes"}', "expected bool"),
        ("{", "Expecting"),
    ],
)
def test_damaged_json_says_what_is_wrong(text: str, words: str) -> None:
    """A damaged row names the field, it does not become a record with wrong types."""
    with pytest.raises(ValueError, match=words):
        from_json(Actor, text)


@given(st.text(st.characters()))
def test_cleaning_keeps_every_offset(text: str) -> None:
    """The searchable copy of a text has the length of the text, and can be encoded."""
    assert len(clean(text)) == len(text)
    assert clean(text).encode("utf-8").decode("utf-8") == clean(text)


def test_cleaning_touches_only_lone_surrogates() -> None:
    """A pair given as two code points is two lone ones in Python."""
    assert clean("a\ud83d\ude00b\udfff😀") == "a\ufffd\ufffdb\ufffd😀"


def test_dates_keep_to_iso() -> None:
    """The first and the last year that Python knows."""
    span = records.DateSpan(dt.date(1, 1, 1), dt.date(9999, 12, 31))

    assert json.loads(to_json(span)) == {"start": "0001-01-01", "end": "9999-12-31"}
