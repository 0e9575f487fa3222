"""The words for dates, actors and attribution."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from timeline.queries.filters import EventFilter
from timeline.views.provenance import list_conditions, name_file, say_filter
from timeline.views.wording import clean_text, list_names, say_attribution, say_event, say_span, say_told, shorten

MADE = dt.datetime(2020, 3, 6, 14, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        (dt.date(2020, 3, 5), dt.date(2020, 3, 5), "day", "5 Mar 2020"),
        (pd.Timestamp("2020-03-05"), pd.Timestamp("2020-03-05"), "day", "5 Mar 2020"),
        (dt.date(2020, 3, 1), dt.date(2020, 3, 31), "month", "Mar 2020"),
        (dt.date(2020, 2, 1), dt.date(2020, 2, 29), "month", "Feb 2020"),
        (dt.date(2020, 3, 1), dt.date(2020, 3, 10), "approximate", "about 1–10 Mar 2020"),
        (dt.date(2020, 2, 27), dt.date(2020, 3, 5), "day", "27 Feb – 5 Mar 2020"),
        (dt.date(2018, 12, 30), dt.date(2019, 1, 2), "day", "30 Dec 2018 – 2 Jan 2019"),
        (dt.date(2019, 1, 1), dt.date(2019, 12, 31), "year", "2019"),
        (dt.date(2010, 1, 1), dt.date(2019, 12, 31), "decade", "2010–2019"),
        (dt.date(2020, 3, 5), None, "day", "since 5 Mar 2020"),
        (pd.NaT, dt.date(2020, 3, 5), "day", "until 5 Mar 2020"),
        (None, None, "unknown", "undated"),
        (dt.date(9999, 12, 1), dt.date(9999, 12, 31), "month", "Dec 9999"),
        (dt.date(1, 1, 1), dt.date(1, 1, 1), "day", "1 Jan 1"),
    ],
)
def test_a_date_is_said_no_more_exactly_than_it_is_known(start, end, precision, expected):
    assert say_span(start, end, precision) == expected


def test_names_written_from_right_to_left_do_not_turn_the_arrow_around():
    said = say_event("ACCUSE", ["جبهة النهر"], ["Belmark"])

    assert said == "\u200eجبهة النهر\u200e → Belmark · Accuse"
    assert clean_text(said) == said


def test_a_meeting_has_no_direction():
    assert say_event("CONSULT", ["Arvonia", "Belmark"], ["Belmark", "Arvonia"]) == "Arvonia ↔ Belmark · Consult"
    assert say_event("ACCUSE", ["Arvonia"], []) == "Arvonia → not named · Accuse"


def test_long_lists_of_names_are_counted():
    assert list_names(["A", "B", "C", "D"], 3) == "A, B and 2 more"
    assert list_names([], 3) == "not named"


def test_every_event_is_attributed():
    assert say_attribution((), "Arvon Gazette") == "as told by Arvon Gazette"
    assert (
        say_attribution(("the ministry", "Falk"), "Wire")
        == "according to Falk, quoted by the ministry, as told by Wire"
    )
    assert say_attribution(()) == "in the article's own voice"


def test_cleaning_keeps_every_character_in_its_place():
    """Offsets count characters, so cleaning replaces and never drops."""
    nasty = "a\x00b\ud800c\u202ed\ufffee\n\tf جبهة"

    cleaned = clean_text(nasty)

    assert len(cleaned) == len(nasty)
    assert cleaned == "a b\ufffdc d\ufffde\n\tf جبهة"
    cleaned.encode("utf-8")


@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x7f", "\x9f"])
def test_a_control_character_goes_from_plain_ascii_too(control):
    assert clean_text(f"plain{control}words") == "plain words"


def test_shortening_cuts_at_a_word():
    assert shorten("one two  three four", 12) == "one two…"
    assert shorten("short", 12) == "short"


def test_a_filter_is_said_in_words():
    f = EventFilter(actors=("ARV",), role="source", start=dt.date(2020, 2, 1), quad_classes=(4,), undated=False)

    assert say_filter(f, ("Arvonia",)) == (
        "actors: Arvonia as source; from 1 Feb 2020; without undated events; material conflict"
    )
    assert say_filter(EventFilter()) == "all events"
    assert [field for field, _ in list_conditions(f)] == ["actors", "dates", "undated", "quad_classes"]


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("events-Idlib", "events-Idlib-20200306-1405.csv"),
        ("../../etc/passwd", "etc-passwd-20200306-1405.csv"),
        ("a\x00b|c:d*?", "a-b-c-d-20200306-1405.csv"),
        ("CON", "CON-file-20200306-1405.csv"),
        ("جبهة", "جبهة-20200306-1405.csv"),
        ("...", "export-20200306-1405.csv"),
        ("x" * 300, "x" * 60 + "-20200306-1405.csv"),
    ],
)
def test_file_names_are_safe_everywhere(stem, expected):
    assert name_file(stem, "csv", MADE) == expected


@pytest.mark.parametrize(
    ("realis", "word"),
    [("actual", ""), ("planned", "planned"), ("called_for", "called for"), ("historical", "background")],
)
def test_only_what_is_not_told_as_done_is_said_to_be_so(realis, word):
    assert say_told(realis) == word
