"""Calendar, TimelineJS, markwhen and brief: each read by a program that is not ours."""

from __future__ import annotations

import datetime as dt
import json

import icalendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from story_samples import DAY, MARCH, NOBODY_KNOWS, PROVENANCE, SINCE, make_reported
from view_samples import make_event, make_events, make_many_events

from timeline.records import Actor, Basis, EventDate, Place, Precision, Realis
from timeline.views.brief import choose_key_events, write_brief
from timeline.views.calendars import LINE_OCTETS, fold_line, write_ics
from timeline.views.stories import date_parts, fold_event, tell
from timeline.views.storylines import write_markwhen, write_timelinejs

ARABIC = Actor("nahr", "جبهة النهر", "BEL", "REB")


def _stories(*items):
    return [tell(item) for item in items]


# --- the story itself --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        ((2020, 3, 5), (2020, 3, 5), Precision.DAY, ((2020, 3, 5), (2020, 3, 5))),
        ((2020, 3, 2), (2020, 3, 8), Precision.WEEK, ((2020, 3, 2), (2020, 3, 8))),
        ((2020, 3, 1), (2020, 3, 31), Precision.MONTH, ((2020, 3), (2020, 3))),
        ((2020, 3, 1), (2020, 5, 31), Precision.SEASON, ((2020, 3), (2020, 5))),
        ((2020, 3, 1), (2020, 3, 10), Precision.APPROXIMATE, ((2020, 3), (2020, 3))),
        ((2020, 1, 1), (2020, 12, 31), Precision.YEAR, ((2020,), (2020,))),
        ((2010, 1, 1), (2019, 12, 31), Precision.DECADE, ((2010,), (2019,))),
        ((2020, 3, 5), None, Precision.UNKNOWN, ((2020, 3, 5), (2020, 3, 5))),
        (None, None, Precision.UNKNOWN, ((), ())),
    ],
)
def test_a_date_is_given_no_more_exactly_than_known(start, end, precision, expected):
    days = [dt.date(*day) if day else None for day in (start, end)]

    assert date_parts(EventDate(*days, precision, Basis.STATED)) == expected


def test_actors_are_folded_as_in_the_view():
    item = make_reported(source=Actor("falk", "President Falk", "ARV", "GOV"), target=Actor("FAL", "Falden", "FAL"))

    folded = fold_event(item.event, {"falk": ("ARV", "Arvonia"), "FAL": ("FAL", "Falden")})

    assert [(a.id, a.name) for a in (*folded.sources, *folded.targets)] == [("ARV", "Arvonia"), ("FAL", "Falden")]


# --- calendar ----------------------------------------------------------------------------------------------------


def test_the_calendar_reads_back_with_icalendar():
    place = Place("Rivermouth", "BEL", 35.9, 36.6)
    stories = _stories(
        make_reported(place=place, speaker="President Falk", reports=7),
        make_reported("b2", MARCH, realis=Realis.PLANNED, source=ARABIC),
        make_reported("c3", NOBODY_KNOWS),
        make_reported("d4", SINCE),
    )

    calendar = icalendar.Calendar.from_ical(write_ics(stories, PROVENANCE))

    exact, vague, since = calendar.walk("VEVENT")
    assert exact["UID"] == "00000000000000a1@event-timeline"
    assert (exact["DTSTART"].dt, exact["DTEND"].dt) == (dt.date(2020, 3, 5), dt.date(2020, 3, 6))
    assert exact["SUMMARY"] == "Arvonia → Belmark · Accuse"
    assert "Date: " not in exact["DESCRIPTION"]
    assert "“Arvonia accused Belmark, its neighbour; of lies.”" in exact["DESCRIPTION"]
    assert "According to President Falk, as told by Arvon Gazette" in exact["DESCRIPTION"]
    assert "https://news.example/1\n" in exact["DESCRIPTION"]
    assert "and 2 more reports" in exact["DESCRIPTION"]
    assert (exact["URL"], exact["LOCATION"]) == ("https://news.example/1", "Rivermouth")
    assert exact["GEO"].to_ical() == "35.9;36.6"
    assert exact["CATEGORIES"].cats == ["Accuse", "Verbal conflict"]
    assert (vague["DTSTART"].dt, vague["DTEND"].dt) == (dt.date(2020, 3, 1), dt.date(2020, 4, 1))
    assert vague["SUMMARY"].replace("\u200e", "") == "جبهة النهر → Belmark · Accuse (announced or planned; Mar 2020)"
    assert vague["STATUS"] == "TENTATIVE"
    assert since["SUMMARY"].endswith("(since 2 Mar 2020)")
    assert since["DTEND"].dt - since["DTSTART"].dt == dt.timedelta(days=1)
    assert calendar["X-TIMELINE-UNDATED-LEFT-OUT"] == "1"
    assert calendar["X-TIMELINE-FILTER"] == "actors: Arvonia as source"
    assert calendar["X-TIMELINE-DATA-VERSION"] == "abc123"
    assert not calendar.errors
    assert not any(event.errors for event in calendar.walk())


@settings(deadline=None)  # a busy machine is no failure
@given(some.text(some.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
@example("x" * 300)
@example("aجبهة" * 60)
def test_lines_are_folded_at_75_octets_and_unfold_to_themselves(text):
    folded = fold_line(f"SUMMARY:{text}")

    assert all(len(line) <= LINE_OCTETS for line in folded.split(b"\r\n"))
    assert folded.replace(b"\r\n ", b"").decode("utf-8") == f"SUMMARY:{text}"


@settings(deadline=None)  # a busy machine is no failure
@given(some.text(max_size=200))
@example("\x7f")
def test_any_sentence_comes_back_from_the_calendar(text):
    sentence = text + "."
    (story,) = _stories(make_reported(sentence=sentence))

    (event,) = icalendar.Calendar.from_ical(write_ics([story], PROVENANCE)).walk("VEVENT")

    assert f"“{story.quotes[0].words}”" in event["DESCRIPTION"]


# --- TimelineJS --------------------------------------------------------------------------------------------------


def test_timelinejs_has_dates_as_exact_as_known_and_escapes_every_word():
    stories = _stories(
        make_reported(sentence="<b>5 < 6</b> & more", title="<i>t</i>", url="javascript:alert(1)"),
        make_reported("b2", MARCH),
        make_reported("c3", NOBODY_KNOWS),
    )

    data = json.loads(write_timelinejs(stories, PROVENANCE))

    exact, month = data["events"]
    assert exact["start_date"] == {"year": 2020, "month": 3, "day": 5}
    assert "end_date" not in exact
    assert (month["start_date"], month["display_date"]) == ({"year": 2020, "month": 3}, "Mar 2020")
    assert "&lt;b&gt;5 &lt; 6&lt;/b&gt; &amp; more" in exact["text"]["text"]
    assert "<a" not in exact["text"]["text"]
    assert '<a href="https://news.example/1"' in month["text"]["text"]
    assert data["event_timeline"]["undated_left_out"] == "1"
    assert data["event_timeline"]["filter"] == "actors: Arvonia as source"


# --- markwhen (read by its own parser in test_exports_readers) ---------------------------------------------------


def test_markwhen_has_the_days_in_order_and_says_what_it_leaves_out():
    text = write_markwhen(
        _stories(make_reported("b2", DAY), make_reported("a1", MARCH), make_reported("c3", NOBODY_KNOWS)), PROVENANCE
    ).decode()

    days = [line.split(":")[0] for line in text.splitlines() if line[:2] == "20"]
    assert days == ["2020-03", "2020-03-05"]
    assert "// Filter: actors: Arvonia as source" in text
    assert "// Left out for want of a date: 1 event\n" in text


# --- brief -------------------------------------------------------------------------------------------------------


def _render(brief):
    return MarkdownIt("commonmark").enable("table").use(footnote_plugin).render(brief.decode("utf-8"))


def test_the_brief_reads_back_with_a_markdown_parser():
    item = make_reported(reports=6, speaker="President Falk", differences=("date",), corrected=("date",))
    events = make_events(make_event("00000000000000a1", reports=6), make_event("b2", start=None))

    page = _render(write_brief(_stories(item), events, PROVENANCE))

    assert page.count('class="footnote-item"') == 4
    assert page.count('class="footnote-ref"') == 4
    assert "<h3>5 Mar 2020</h3>" in page
    assert "<strong>Arvonia → Belmark · Accuse</strong>" in page
    assert "Date: 5 Mar 2020; stated in the event's own clause" in page
    assert "Who says so: according to President Falk, as told by Arvon Gazette; 2 more" in page
    assert "<strong>Reports disagree</strong> on: date" in page
    assert "Corrected by a reader (date)" in page
    assert "“Arvonia accused Belmark, its neighbour; of lies.” — Arvon Gazette, “Row at the river”" in page
    assert '<a href="https://news.example/1">https://news.example/1</a>' in page
    assert "2 events on" not in page
    assert "1 undated" in page
    assert "<td>Arvonia → Belmark</td>" in page
    assert "<li>Filter: actors: Arvonia as source</li>" in page


def test_a_brief_of_nothing_says_so():
    page = _render(write_brief([], make_events(), PROVENANCE))

    assert "No event here has a date." in page
    assert "No event names both sides." in page


def test_key_events_are_those_most_reported_and_at_most_three_a_day():
    events = make_many_events(300)
    many = [make_event(f"{n:016x}", reports=9, publishers=5) for n in range(10)]

    chosen = choose_key_events(make_events(*many, *events.to_dict("records")), 20)

    days = {row["event_id"]: row["start"] for row in events.to_dict("records")}
    assert len(set(chosen)) == len(chosen) == 20
    assert sum(event_id in {row["event_id"] for row in many} for event_id in chosen) == 3
    assert not [i for i in chosen if i in days and days[i] is None]


def test_key_events_do_not_depend_on_the_order_of_rows():
    events = make_many_events(120)

    assert choose_key_events(events) == choose_key_events(events.sample(frac=1, random_state=3))
