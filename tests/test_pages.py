"""The pages, run by AppTest: each on a project of events, on an empty one, with odd links, and filters."""

from __future__ import annotations

import datetime as dt
import json
import time

import page_driver
import pytest
from page_driver import LINE, SCREENS, current_filter, drawn, only_event, pick, selection
from view_projects import code_line

from timeline.dashboard import export
from timeline.dashboard.selection import NOTHING, select_actor
from timeline.queries.filters import EventFilter
from timeline.views.density import count_days

opened = page_driver.opened


# --- every page, whatever the project ----------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "places", "articles", "review", "export", "about"])
def test_every_page_runs_on_events(opened, page):
    app = opened(page=page)

    assert app.title[0].value == (page or "explore").capitalize()
    assert not app.error


@pytest.mark.parametrize("page", ["", "places", "export"])
def test_an_empty_project_says_what_to_do(opened, page):
    app = opened([], page)

    assert app.title[0].value == "No events yet"
    assert app.page_link[0].value == "Add articles"


def test_an_empty_project_can_be_added_to(opened):
    app = opened([], "articles")

    assert app.title[0].value == "Articles"
    assert app.expander(key="adding")


def test_one_event_is_shown(opened):
    app = opened([code_line(LINE)])

    assert "1 of 1 event" in app.caption[0].value
    assert app.button(key=f"open_{only_event(app)}").label.startswith("**5 Mar 2020**")


def test_one_undated_event_is_shown(opened):
    app = opened([code_line(("Arvonia", "ACCUSE", "Belmark", None))])

    assert "no dated events" in app.caption[0].value


# --- links -------------------------------------------------------------------------------------------------------


def test_a_link_reopens_its_view(opened):
    app = opened(query={"actors": "ARV", "role": "source", "from": "2019-06-01", "quads": "4", "actor": "ARV"})

    assert current_filter(app) == EventFilter(
        actors=("ARV",), role="source", start=dt.date(2019, 6, 1), quad_classes=(4,)
    )
    assert app.multiselect(key="f_actors").value == ["ARV"]
    assert app.date_input(key="f_start").value == dt.date(2019, 6, 1)
    assert selection(app) == select_actor("ARV")
    assert not app.warning


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"from": "soon"}, "is no day like"),
        ({"quads": "9"}, "unknown"),
        ({"nonsense": "1"}, "no such parameter"),
        ({"edge": "A~B"}, "not of the form"),
        ({"place": "A~B~C"}, "not of the form"),
        ({"event": "\x01"}, "not an event id"),
        ({"role": "<script>"}, "unknown"),
    ],
)
def test_junk_in_a_link_is_ignored_with_a_notice(opened, query, said):
    app = opened(query=query)

    assert said in app.warning[0].value.replace("\\", "")
    assert current_filter(app) == EventFilter()
    assert selection(app) == NOTHING


def test_an_event_that_is_gone_is_said_to_be_gone(opened):
    app = opened(query={"event": "00000000000000ff"})

    assert "no longer in the project" in app.info[0].value


def test_an_actor_the_project_does_not_know_gives_no_events_and_no_error(opened):
    app = opened(query={"actors": "NOBODY"})

    assert "No events match" in app.info[0].value
    assert app.multiselect(key="f_actors").value == ["NOBODY"]


# --- filters -----------------------------------------------------------------------------------------------------


def test_a_widget_changes_the_filter_and_the_address(opened):
    app = opened()

    app.multiselect(key="f_actors").set_value(["ARV"]).run()

    assert not app.exception
    assert current_filter(app).actors == ("ARV",)
    assert app.query_params == {"actors": "ARV"}
    assert app.button(key="drop_actors").label == "actors\\: Arvonia"


def test_the_address_changed_by_the_browser_changes_the_filter(opened):
    app = opened()
    app.multiselect(key="f_actors").set_value(["ARV"]).run()

    del app.query_params["actors"]
    app.run()

    assert current_filter(app) == EventFilter()
    assert app.multiselect(key="f_actors").value == []


def test_a_condition_is_taken_off_by_its_button(opened):
    app = opened(query={"actors": "ARV", "quads": "4"})

    app.button(key="drop_actors").click().run()

    assert current_filter(app) == EventFilter(quad_classes=(4,))
    assert app.multiselect(key="f_actors").value == []


def test_all_filters_are_cleared_at_once(opened):
    app = opened(query={"actors": "ARV", "quads": "4", "confidence": "0.5", "realis": "planned", "contested": "1"})

    app.button(key="clear_filters").click().run()

    assert current_filter(app) == EventFilter()
    assert app.query_params == {}


def test_a_brush_sets_the_period(opened):
    app = opened()

    pick(app, [count_days(dt.date(2020, 1, day)) for day in (5, 20)], "density", "period")

    assert (current_filter(app).start, current_filter(app).end) == (dt.date(2020, 1, 5), dt.date(2020, 1, 20))
    assert app.date_input(key="f_start").value == dt.date(2020, 1, 5)
    assert app.query_params == {"from": "2020-01-05", "to": "2020-01-20"}
    proto, _ = drawn(app, "density")
    assert json.loads(proto.bytes)["window"] == [count_days(dt.date(2020, 1, day)) for day in (5, 20)]
    pick(app, [], "density", "period")
    assert current_filter(app) == EventFilter()


def test_filters_hold_across_pages(opened):
    app = opened(query={"actors": "ARV"})

    app.switch_page(str(SCREENS / "export.py")).run()

    assert current_filter(app).actors == ("ARV",)
    assert "Arvonia" in app.markdown[1].value or any("Arvonia" in m.value for m in app.markdown)


def test_a_prepared_picture_is_of_the_chart_that_is_chosen(opened, monkeypatch):
    """A file that takes a while is offered for what it was made of, not for the next chart."""
    monkeypatch.setattr(export, "_SLOW_SECONDS", -1.0)
    app = opened(page="export")
    next(button for button in app.button if button.label == "Prepare .svg").click().run()
    while not all(made.work.finished for made in app.session_state["prepared_files"].values()):
        time.sleep(0.01)
    app.run()
    assert len(app.get("download_button")) == 1

    app.segmented_control(key="export_chart").set_value("network").run()

    assert not app.get("download_button")


def test_actors_chosen_go_when_they_are_counted_otherwise(opened):
    app = opened(query={"actors": "falk"})

    app.segmented_control(key="f_level").set_value("country").run()

    assert current_filter(app) == EventFilter(level="country")


def test_the_whole_page_works_for_states(opened):
    app = opened(query={"level": "country", "actor": "ARV"})

    assert not app.exception
    assert any(b.key.startswith("open_") for b in app.button)
