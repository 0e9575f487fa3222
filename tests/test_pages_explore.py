"""The Explore page, run by AppTest: one selection for all panels, lanes, and the network over time."""

from __future__ import annotations

import base64
import datetime as dt
import json
import struct
from dataclasses import replace

import page_driver
import pytest
from page_driver import LINE, SCREENS, drawn, edges, html, pick, selection
from view_projects import code_line

from timeline.dashboard import data
from timeline.dashboard.selection import NOTHING, select_actor, select_event
from timeline.queries.filters import EVERYTHING

opened = page_driver.opened


# --- one selection, everywhere -----------------------------------------------------------------------------------

THREE = [
    code_line(LINE),
    code_line(("Belmark", "AID", "Corran Union", dt.date(2020, 4, 6))),
    code_line(("Estral Front", "ASSAULT", "Belmark", dt.date(2020, 5, 6))),
]


def test_a_click_on_a_lane_selects_its_actor(opened):
    app = opened(THREE)

    pick(app, "lane:BEL")

    assert selection(app) == select_actor("BEL")


def test_charts_follow_a_selection_made_elsewhere_without_being_drawn_anew(opened):
    app = opened(THREE)
    before, _ = drawn(app)
    _, network = drawn(app, "network")
    assert ".st-key-timeline_plot" not in html(app)

    next(b for b in app.button if b.key.startswith("open_")).click().run()

    assert drawn(app)[0] == before
    assert ".st-key-timeline_plot .subplot.xy .scatterlayer>g:nth-child(" in html(app)
    proto, same = drawn(app, "network")
    assert same == network
    marks = json.loads(proto.bytes)["marks"]
    assert len(marks["actors"]) == 2
    assert len(marks["edges"]) == 1


def test_a_few_events_far_away_do_not_press_the_rest_into_a_corner(opened):
    old = ("Arvonia", "ASSAULT", "Belmark", dt.date(1982, 3, 6))
    recent = [dt.date(2020, 1, 5) + dt.timedelta(days=12 * number) for number in range(30)]
    app = opened([code_line(old), *(code_line((*LINE[:3], day)) for day in recent)])

    def years():
        low, high = drawn(app)[1]["layout"]["xaxis"]["range"]
        return str(low)[:4], str(high)[:4]

    assert years() == ("2019", "2021"), "with a margin"
    assert len(drawn(app, "density")[1]["bins"]) > 1, "the strip shows when in 2020"
    assert any("1 event of the project lie" in c.value for c in app.caption)

    app.toggle(key="whole_period").set_value(True).run()
    assert years() == ("1981", "2021")

    app.toggle(key="whole_period").set_value(False).run()
    app.date_input(key="f_start").set_value(dt.date(1982, 1, 1)).run()
    assert years()[0] == "1981", "a period that the reader chose is shown"
    assert not app.exception


def test_a_period_may_end_after_the_last_event(opened):
    app = opened(THREE)

    app.date_input(key="f_end").set_value(dt.date(2020, 12, 31)).run()

    assert not app.exception
    field = app.date_input(key="f_end")
    assert (field.value, field.min, field.max) == (dt.date(2020, 12, 31), dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    assert app.query_params["to"] in ("2020-12-31", ["2020-12-31"])


def test_what_is_folded_up_is_drawn_when_it_is_opened(opened):
    app = opened(THREE)
    assert "f_contested" not in {toggle.key for toggle in app.toggle}
    assert not app.dataframe

    app.session_state["more_filters"] = app.session_state["density_table"] = True
    app.run()

    assert app.toggle(key="f_contested").value is False
    assert app.dataframe[0].value["events"].sum() == len(THREE)


def test_a_filter_that_holds_is_drawn_though_folded_up_and_outlives_its_widget(opened):
    app = opened(THREE, query={"confidence": "0.1"})
    assert app.slider(key="f_confidence").value == 0.1
    app.session_state["more_filters"] = False

    app.toggle(key="f_undated").set_value(False).run()

    assert app.session_state["filter"].min_confidence == 0.1
    assert app.slider(key="f_confidence").value == 0.1
    app.slider(key="f_confidence").set_value(0.0).run()
    app.toggle(key="f_undated").set_value(True).run()
    assert app.session_state["filter"] == EVERYTHING
    assert "f_confidence" not in {slider.key for slider in app.slider}


def test_a_mark_clicked_again_after_clearing_is_selected_again(opened):
    app = opened(THREE)
    event_id = next(b.key for b in app.button if b.key.startswith("open_")).removeprefix("open_")
    pick(app, event_id)
    app.button(key="evidence_clear").click().run()
    assert selection(app) == NOTHING

    pick(app, event_id)

    assert selection(app) == select_event(event_id)


def _events_table(app):
    return next(f.value for f in app.dataframe if "sentence" in f.value.columns)


def test_the_table_lists_the_selection_alone_or_marks_it_among_all(opened):
    app = opened(THREE, query={"actor": "ARV"})
    app.segmented_control(key="timeline_view").set_value("Table").run()
    assert len(_events_table(app)) == 1

    app.toggle(key="table_alone").set_value(False).run()

    assert not app.exception
    assert sorted(_events_table(app)["selected"]) == ["", "", "●"]


def test_a_pair_is_compared_both_ways_when_asked(opened):
    back = code_line(("Belmark", "AID", "Arvonia", dt.date(2020, 3, 9)))
    app = opened([*THREE, back], query={"edge": "ARV~BEL~conflict"})
    assert len([b for b in app.button if b.key.startswith("open_")]) == 1

    app.segmented_control(key="evidence_scope").set_value("pair").run()

    assert len([b for b in app.button if b.key.startswith("open_")]) == 2


# --- timeline and network over time ------------------------------------------------------------------------------


def test_lanes_are_chosen_and_ordered_by_hand(opened):
    app = opened(THREE)
    app.segmented_control(key="lane_order").set_value("hand").run()
    app.multiselect(key="lane_hand").set_value(["corran", "ARV"]).run()
    assert _lane_names(app) == ["Corran Union", "Arvonia", "Other actors"]

    app.button(key="lane_up_ARV").click().run()

    assert _lane_names(app) == ["Arvonia", "Corran Union", "Other actors"]


def _lane_names(app):
    return drawn(app)[1]["layout"]["yaxis"]["ticktext"]


def test_the_timeline_stands_on_the_day_of_the_report_when_asked(opened):
    app = opened([code_line(LINE)])
    assert _first_day(app) == dt.date(2020, 3, 5)

    app.segmented_control(key="density_by").set_value("published").run()

    assert not app.exception
    assert _first_day(app) == dt.date(2020, 3, 6)


def _first_day(app):
    (trace,) = [t for t in drawn(app)[1]["data"] if t.get("name") == "Verbal conflict"]
    (moment,) = struct.unpack("<d", base64.b64decode(trace["x"]["bdata"]))
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(moment // 86_400_000))


def test_the_network_is_worked_out_once_for_a_filter_beside_the_charts(opened, monkeypatch):
    app = opened(THREE)
    asked = []
    count = data.queries.count_dyads
    monkeypatch.setattr(
        data.queries, "count_dyads", lambda *given, **how: asked.append(given[1]) or count(*given, **how)
    )
    filtered = replace(EVERYTHING, start=dt.date(2020, 4, 1))
    app.session_state["filter"] = filtered
    app.session_state["state_touched"] = True
    app.run()

    assert asked == [filtered]
    assert len(edges(app)) == 2


def test_the_network_is_stepped_through_and_played(opened):
    app = opened(THREE)
    app.segmented_control(key="network_mode").set_value("play").run()
    slider = app.select_slider(key="network_step")
    assert slider.options[0].startswith("week from")
    assert len(edges(app)) == 1

    slider.set_value(slider.options[-1]).run()
    assert edges(app) == [("estral", "BEL", "conflict")]
    app.toggle(key="network_since").set_value(True).run()
    assert len(edges(app)) == 3

    app.button(key="network_play").click().run()
    assert app.button(key="network_play").label == "Pause"
    assert app.session_state["network_step"] == slider.options[0]
    app.run()
    assert app.session_state["network_step"] == slider.options[1]


def test_two_periods_are_compared_in_a_chart_and_in_a_table(opened):
    turned = [
        code_line(LINE),
        code_line(("Arvonia", "AID", "Belmark", dt.date(2020, 4, 6))),
        code_line(("Estral Front", "ASSAULT", "Belmark", dt.date(2020, 4, 7))),
    ]
    app = opened(turned)
    app.segmented_control(key="network_mode").set_value("compare").run()
    app.date_input(key="compare_before").set_value((dt.date(2020, 3, 5), dt.date(2020, 3, 31))).run()
    app.date_input(key="compare_after").set_value((dt.date(2020, 4, 1), dt.date(2020, 4, 7))).run()
    assert not app.exception
    assert any("1 turned (⇄), 1 new (+), 0 gone (−), 0 stayed" in c.value for c in app.caption)

    app.segmented_control(key="network_view").set_value("Table").run()

    (table,) = [f.value for f in app.dataframe if "change" in f.value.columns]
    assert list(table["change"]) == ["turned", "new"]
    assert list(table["before"]) == ["conflict", ""]


def test_that_more_pairs_turned_by_states_is_said(opened):
    """A president helps and his state attacks: as named two pairs, by states one that has turned."""
    app = opened([
        code_line(("President Falk", "AID", "Belmark", dt.date(2020, 3, 5))),
        code_line(("Arvonia", "ASSAULT", "Belmark", dt.date(2020, 4, 6))),
    ])  # fmt: skip
    app.segmented_control(key="network_mode").set_value("compare").run()
    said = [c.value for c in app.caption if "One edge a pair" in c.value]
    assert "0 turned" in said[0]
    assert "Counted by states, 1 pair turned" in said[0]

    app.segmented_control(key="f_level").set_value("country").run()

    said = [c.value for c in app.caption if "One edge a pair" in c.value]
    assert "1 turned" in said[0]
    assert "Counted by states" not in said[0]


def test_actors_without_an_edge_are_said_to_be_left_out(opened):
    app = opened([*THREE, code_line(("Gharb Relief", "STATEMENT", "Gharb Relief", dt.date(2020, 4, 6)))])

    assert any("of actors on themselves" in c.value for c in app.caption)


# --- the link ----------------------------------------------------------------------------------------------------


def test_a_link_reopens_lanes_and_network_as_they_were_set(opened):
    """What was chosen stands in the address as plain text, and a new session that opens it looks the same."""
    app = opened(THREE)
    app.segmented_control(key="lane_order").set_value("hand").run()
    app.multiselect(key="lane_hand").set_value(["corran", "ARV"]).run()
    app.segmented_control(key="network_mode").set_value("compare").run()
    app.date_input(key="compare_before").set_value((dt.date(2020, 3, 5), dt.date(2020, 4, 1))).run()
    link = dict(app.query_params)
    assert link["hand"] == "corran~ARV"
    assert link["before"] == "2020-03-05~2020-04-01"

    again = opened(THREE, query=link)

    assert not again.exception
    assert _lane_names(again) == ["Corran Union", "Arvonia", "Other actors"]
    assert again.date_input(key="compare_before").value == (dt.date(2020, 3, 5), dt.date(2020, 4, 1))
    assert not again.warning


def test_settings_survive_a_look_at_another_page(opened):
    app = opened(THREE)
    app.slider(key="lanes").set_value(5).run()
    app.switch_page(str(SCREENS / "about.py")).run()
    assert app.query_params["lanes"] == "5"

    app.switch_page(str(SCREENS / "explore.py")).run()

    assert app.slider(key="lanes").value == 5


@pytest.mark.parametrize(
    "query", [{"lanes": "900"}, {"mode": "dance"}, {"mode": "compare", "before": "2020-05-01~2020-04-01"}]
)
def test_a_setting_that_cannot_be_is_ignored_with_a_notice(opened, query):
    app = opened(THREE, query=query)

    assert not app.exception
    assert "is not a setting it has" in app.warning[0].value
