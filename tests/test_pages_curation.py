"""Correcting, reviewing and explaining in the pages, run by AppTest."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from curation_samples import FIFTH, MET, SEVENTH, SHELLED, SIXTH, all_told, day
from page_driver import APP, SCREENS, start_anew
from streamlit.testing.v1 import AppTest
from view_projects import code_line, make_project

from timeline.dashboard import place
from timeline.queries import EVERYTHING, open_tables, select_events
from timeline.records import Actor
from timeline.store.curation.corrections import Kind
from timeline.store.curation.drafts import draft_fields, write_date
from timeline.store.curation.exchange import write_lines
from timeline.store.curation.log import add_correction, read_curated, read_log
from timeline.store.events import derive_events
from timeline.store.project import open_project

LINES = [code_line(SHELLED), code_line(SHELLED, "Belmark Radio"), code_line(MET)]


class Desk:
    """The dashboard on a project of a shelling told twice, and a meeting."""

    def __init__(self, folder, page: str = "", lines=LINES) -> None:
        self.folder = folder
        make_project(folder, lines).close()
        self.app = AppTest.from_file(str(APP), default_timeout=30)
        self.page = page

    def open(self, event_type: str) -> AppTest:
        self.app.query_params["event"] = self.events().loc[event_type, "event_id"]
        self.app.run()
        assert not self.app.exception
        return self.app

    def project(self):
        return open_project(self.folder)

    def events(self):
        return select_events(open_tables(self.project()), EVERYTHING).set_index("event_type")

    def log(self):
        return read_log(self.project())


@pytest.fixture
def desk(monkeypatch, tmp_path):
    monkeypatch.setenv(place.VARIABLE, str(tmp_path / "project"))
    start_anew()
    return Desk(tmp_path / "project")


def press(app, key):
    """Click the button whose key begins so."""
    button = next(b for b in app.button if str(b.key).startswith(key))
    button.click().run()
    assert not app.exception
    return app


def field(elements, key):
    return next(e for e in elements if str(e.key).startswith(key))


def said(app):
    """The words on the page, without the backslashes that keep them from being Markdown."""
    words = (element.value for kind in (app.markdown, app.caption, app.warning) for element in kind)
    return "\n".join(words).replace("\\", "")


def test_a_wrong_date_is_corrected_undone_and_corrected_again(desk):
    """The event keeps its place in the panel; the line about it has the way back."""
    app = press(desk.open("ASSAULT"), "curate_correct")
    field(app.date_input, "start_").set_value(SEVENTH)
    field(app.text_input, "reason_").set_value("the court says so")
    field(app.text_input, "reader_").set_value("ann")
    press(app, "correct_save")

    (made,) = desk.log()
    assert (made.who, made.reason, made.after["date"]) == ("ann", "the court says so", day(SEVENTH))
    assert desk.events().loc["ASSAULT", "start"].date() == SEVENTH
    assert bool(desk.events().loc["ASSAULT", "reviewed"])
    assert app.session_state["selection"].event == desk.events().loc["ASSAULT", "event_id"]
    assert "Corrected: date → 7 Mar 2020" in said(app)

    press(app, "curation_back")
    assert desk.events().loc["ASSAULT", "start"].date() == FIFTH
    press(app, "curation_back")
    assert desk.events().loc["ASSAULT", "start"].date() == SEVENTH


def test_actors_may_be_chosen_or_typed(desk):
    app = press(desk.open("ASSAULT"), "curate_correct")
    field(app.multiselect, "sources_").set_value(["BEL", "The River Watch"])
    field(app.selectbox, "realis_").set_value("denied")
    press(app, "correct_save")

    row = desk.events().loc["ASSAULT"]
    assert (sorted(row["source_names"]), row["realis"]) == (["Belmark", "The River Watch"], "denied")


def test_saving_a_form_without_a_change_confirms(desk):
    app = press(press(desk.open("ASSAULT"), "curate_correct"), "correct_save")
    assert [c.after for c in desk.log()] == [{"reviewed": True}]
    assert next(b for b in app.button if b.key == "curate_confirm").disabled


def test_an_event_that_changed_meanwhile_is_shown_with_both_states(desk):
    """Another tab was faster: nothing is lost, the reader chooses."""
    app = press(desk.open("ASSAULT"), "curate_correct")
    other = desk.project()
    add_correction(other, draft_fields(all_told(other)["ASSAULT"], {"date": day(SIXTH)}, "bob"))
    derive_events(other)
    field(app.date_input, "start_").set_value(SEVENTH)
    press(app, "correct_save")

    assert "changed meanwhile by bob: date" in said(app)
    rows = next(d.value for d in app.dataframe if "yours" in d.value.columns)
    assert rows.iloc[0].tolist() == ["date", "5 Mar 2020", "6 Mar 2020", "7 Mar 2020"]
    assert [c.who for c in desk.log()] == ["bob"]

    press(app, "curation_force")
    assert desk.events().loc["ASSAULT", "start"].date() == SEVENTH
    assert len(desk.log()) == 2


def test_keeping_what_is_there_saves_nothing(desk):
    app = press(desk.open("ASSAULT"), "curate_correct")
    other = desk.project()
    add_correction(other, draft_fields(all_told(other)["ASSAULT"], {"date": day(SIXTH)}, "bob"))
    field(app.date_input, "start_").set_value(SEVENTH)
    press(press(app, "correct_save"), "curation_keep")

    assert [c.who for c in desk.log()] == ["bob"]
    assert not [b for b in app.button if b.key == "curation_keep"]


def test_no_event_is_deleted_with_its_reason_and_comes_back(desk):
    app = press(desk.open("CONSULT"), "curate_delete")
    field(app.text_input, "reason_").set_value("a headline")
    press(app, "delete_save")

    assert "CONSULT" not in desk.events().index
    assert not app.session_state["selection"]
    press(app, "curation_back")
    assert "CONSULT" in desk.events().index


def test_events_are_merged_and_a_report_taken_out(desk):
    app = press(desk.open("ASSAULT"), "curate_merge")
    field(app.multiselect, "merge_").set_value([desk.events().loc["CONSULT", "event_id"]])
    press(app, "merge_save")
    assert list(desk.events()["reports"]) == [3]
    assert app.session_state["selection"].event == desk.events()["event_id"].iloc[0]

    press(app, "split_")
    assert sorted(desk.events()["reports"]) == [1, 2]


def test_the_history_of_an_event_is_shown(desk):
    project = desk.project()
    add_correction(project, draft_fields(all_told(project)["ASSAULT"], {"realis": "denied"}, "bob", "they deny it"))
    derive_events(project)
    app = desk.open("ASSAULT")

    assert [e.label for e in app.expander if "History" in e.label] == ["History · 1 correction"]
    assert "bob: realis → denied or negated — they deny it" in said(app)


def test_what_the_coder_had_read_stays_in_view(desk):
    project = desk.project()
    add_correction(project, draft_fields(all_told(project)["ASSAULT"], {"date": day(SEVENTH)}, "bob"))
    derive_events(project)
    html = "\n".join(element.value for element in desk.open("ASSAULT").html)

    assert "<dt>Coder read date</dt><dd dir='auto'>5 Mar 2020</dd>" in html
    assert "corrected by a reader (bob)" in html


def test_in_a_large_project_the_events_follow_in_the_background(desk, monkeypatch):
    """The correction is on disk at once; the page does not wait for the events."""
    from timeline.dashboard import curation

    begun = threading.Event()
    monkeypatch.setattr(curation, "_AT_ONCE", 0)
    monkeypatch.setattr(curation, "_derive_again", lambda project: (begun.wait(20), derive_events(project)))
    app = press(desk.open("CONSULT"), "curate_delete")
    press(app, "delete_save")
    assert [c.kind for c in desk.log()] == [Kind.DELETE]
    assert "CONSULT" in desk.events().index
    assert "being brought up to date" in said(app)

    begun.set()
    deadline = time.monotonic() + 20
    while "CONSULT" in desk.events().index and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "CONSULT" not in desk.events().index


def test_the_articles_page_shows_acts_as_corrected(desk):
    project = desk.project()
    add_correction(project, draft_fields(all_told(project)["CONSULT"], {"type": "AGREE"}, "bob"))
    desk.app.run()
    desk.app.switch_page(str(SCREENS / "articles.py")).run()
    tables = [d.value for d in desk.app.dataframe if "when" in d.value.columns]

    assert not desk.app.exception
    assert any("Agree" in row for table in tables for row in table.iloc[:, 0])


# --- the article's window ----------------------------------------------------------------------------------------


def reopen(app, line):
    """A browser runs the window alone; AppTest runs the page, which must be asked for the window each time."""
    app.session_state["open_article"] = line.article.id


def test_an_article_is_checked_whole(desk):
    app = press(desk.open("CONSULT"), "read_")
    reopen(app, LINES[2])
    press(app, "article_check")

    (made,) = desk.log()
    assert (made.kind, made.subject) == (Kind.CHECK, LINES[2].article.id)
    assert bool(desk.events().loc["CONSULT", "reviewed"])
    assert not app.exception


def test_a_silent_sentence_is_explained_and_its_act_added(desk):
    """The real coder reads the sentences; what it missed is added with its words."""
    app = press(desk.open("CONSULT"), "read_")
    reopen(app, LINES[2])
    field(app.segmented_control, "article_view").set_value("sentences").run(timeout=60)
    chooser = field(app.selectbox, "article_sentence")
    last = len(chooser.options) - 1
    assert "nothing" in chooser.options[last]
    reopen(app, LINES[2])
    chooser.set_value(last).run(timeout=60)
    reopen(app, LINES[2])
    field(app.selectbox, "type_add_").set_value("PROTEST")
    field(app.multiselect, "sources_add_").set_value(["ARV"])
    press(app, "add_save")

    row = desk.events().loc["PROTEST"]
    assert (row["source_names"], row["sentence"].strip()) == (["Arvonia"], "The weather was <b>fine</b>.")
    assert [c.kind for c in desk.log()] == [Kind.ADD]


# --- review ------------------------------------------------------------------------------------------------------


def open_review(desk):
    desk.app.run()
    desk.app.switch_page(str(SCREENS / "review.py")).run()
    assert not desk.app.exception
    return desk.app


def test_the_review_counts_what_was_reviewed(desk):
    project = desk.project()
    add_correction(project, draft_fields(all_told(project)["ASSAULT"], {"date": day(SEVENTH)}, "ann", reviewed=True))
    app = open_review(desk)
    rows = {row[0]: row[3] for row in app.table[0].value.itertuples(index=False)}

    assert (rows["is an event (precision)"], rows["· date"], rows["· kind of act"]) == ("2 of 2", "0 of 2", "2 of 2")


def test_nothing_reviewed_says_how_to_begin(desk):
    assert "Nothing is reviewed yet" in open_review(desk).info[0].value


def test_words_are_named_once(monkeypatch, tmp_path):
    """An unknown name becomes a known actor in every act that has it; coding again is left to the background."""
    from timeline.dashboard import review

    asked = []
    monkeypatch.setattr(review, "code_again", asked.append)
    monkeypatch.setattr(review, "keep_work", lambda work: None)
    monkeypatch.setenv(place.VARIABLE, str(tmp_path / "project"))
    start_anew()
    unknown = Actor("night guard", "Night Guard", known=False)
    first = code_line(SHELLED)
    side = (first.codings[0].sources[0],)
    desk = Desk(tmp_path / "project", lines=[code_line(SHELLED, sources=tuple(_renamed(m, unknown) for m in side))])
    app = open_review(desk)
    field(app.selectbox, "naming_words").set_value("Night Guard")
    field(app.selectbox, "naming_sector").set_value("REB")
    field(app.text_input, "naming_country").set_value("bel")
    press(app, "naming_save")

    (coding,) = read_curated(desk.project()).codings
    assert coding.sources[0].actor == Actor("night-guard", "Night Guard", "BEL", "REB", kind="armed_group")
    assert asked


def _renamed(mention, actor):
    from dataclasses import replace

    return replace(mention, actor=actor)


def test_the_log_and_its_file(desk):
    project = desk.project()
    add_correction(project, draft_fields(all_told(project)["ASSAULT"], {"date": day(SEVENTH)}, "ann"))
    app = open_review(desk)
    log = next(d.value for d in app.dataframe if "what" in d.value.columns)

    assert log.iloc[0]["what"].startswith("date → 7 Mar 2020")
    assert len(list(write_lines(desk.log()))) == 2
    [download] = app.get("download_button")
    assert download.proto.ignore_rerun  # else the run that a click starts may put away the file that it asked for


@pytest.mark.parametrize(
    ("precision", "day_in_it", "span"),
    [
        ("day", dt.date(2020, 2, 29), ("2020-02-29", "2020-02-29")),
        ("week", dt.date(2020, 3, 1), ("2020-02-24", "2020-03-01")),
        ("month", dt.date(2020, 2, 29), ("2020-02-01", "2020-02-29")),
        ("season", dt.date(2020, 1, 5), ("2019-12-01", "2020-02-29")),
        ("quarter", dt.date(2020, 12, 31), ("2020-10-01", "2020-12-31")),
        ("year", dt.date(2020, 7, 1), ("2020-01-01", "2020-12-31")),
        ("decade", dt.date(1999, 1, 1), ("1990-01-01", "1999-12-31")),
    ],
)
def test_a_day_tells_its_week_month_or_year(precision, day_in_it, span):
    found = write_date(precision, day_in_it)
    assert (found["start"], found["end"], found["precision"]) == (*span, precision)


def test_no_day_is_an_unknown_date_and_an_open_end_stays_open():
    assert write_date("day", None) == {"start": None, "end": None, "precision": "unknown"}
    assert write_date("approximate", FIFTH)["end"] is None


# --- what was checked --------------------------------------------------------------------------------------------


def test_the_sidebar_filters_by_what_readers_checked(desk):
    app = press(desk.open("ASSAULT"), "curate_confirm")
    app.session_state["more_filters"] = True
    app.run()
    counts = {}
    for name in ("reviewed", "corrected", "open", ""):
        app.selectbox(key="f_review").set_value(name).run()
        counts[name] = app.session_state["filter"].review, _count_shown(app)

    assert counts == {"reviewed": ("reviewed", 1), "corrected": ("corrected", 0), "open": ("open", 1), "": ("", 2)}


def _count_shown(app):
    return int(app.caption[0].value.split(" of ")[0])


def test_any_place_of_the_gazetteer_can_be_set(desk):
    app = press(desk.open("ASSAULT"), "curate_correct")
    places = next(box for box in app.selectbox if box.label == "Place")
    assert places.options.index("no place") < places.options.index("Saraqib")

    places.set_value("Saraqib")
    press(app, "correct_save")

    assert not app.exception
    assert desk.events().loc["ASSAULT", "place"] == "Saraqib"
