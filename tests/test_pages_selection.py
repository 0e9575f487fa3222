"""The selection, run by AppTest: clicks on charts and lists, and the evidence that follows."""

from __future__ import annotations

import datetime as dt

import page_driver
from page_driver import LINE, drawn, edges, html, only_event, pick, selection
from view_projects import code_line

from timeline.dashboard.selection import NOTHING, Selection, select_actor, select_edge, select_event

opened = page_driver.opened


def test_a_click_on_an_event_shows_its_evidence(opened):
    app = opened([code_line(LINE, speaker="President Falk")])
    event_id = only_event(app)

    pick(app, event_id)

    assert selection(app) == select_event(event_id)
    assert app.query_params == {"event": event_id}
    written = html(app)
    assert "According to President Falk, as told by Arvon Gazette" in written
    assert 'title="source: Arvonia"' in written
    assert "where 5 &lt; 6 &amp; costs are $5" in written
    assert "&lt;b&gt;fine&lt;/b&gt;" in written


def test_a_click_on_an_edge_lists_its_events_and_one_opens(opened):
    app = opened([code_line(LINE), code_line(("Belmark", "AID", "Arvonia", dt.date(2020, 3, 6)))])
    edge = ("ARV", "BEL", "conflict")
    assert edge in edges(app)

    pick(app, edge, "network")

    assert selection(app) == select_edge("ARV", "BEL", "conflict")
    opens = [b for b in app.button if b.key.startswith("open_")]
    assert [b.label for b in opens] == ["**5 Mar 2020** · Arvonia → Belmark · Accuse"]
    opens[0].click().run()
    assert selection(app) == Selection(edge=("ARV", "BEL", "conflict"), event=opens[0].key.removeprefix("open_"))
    app.button(key="evidence_back").click().run()
    assert selection(app) == select_edge("ARV", "BEL", "conflict")


def test_a_click_on_an_actor_lists_its_events(opened):
    app = opened([code_line(LINE), code_line(("Belmark", "AID", "Corran Union", dt.date(2020, 3, 6)))])

    pick(app, "ARV", "network")

    assert selection(app) == select_actor("ARV")
    assert [b.label for b in app.button if b.key.startswith("open_")] == ["**5 Mar 2020** · Arvonia → Belmark · Accuse"]


def test_the_selection_is_cleared_by_one_click(opened):
    app = opened(query={"actor": "ARV"})

    app.button(key="evidence_clear").click().run()

    assert selection(app) == NOTHING
    assert app.query_params == {}


def test_a_filter_does_not_change_what_is_selected(opened):
    app = opened([code_line(LINE), code_line(("Belmark", "AID", "Corran Union", dt.date(2019, 3, 6)))])
    event_id = next(b.key for b in app.button if b.key.startswith("open_")).removeprefix("open_")
    app.button(key=f"open_{event_id}").click().run()
    before = [line for line in html(app).splitlines() if "ev-title" in line and "<style>" not in line]

    app.multiselect(key="f_actors").set_value(["ARV"]).run()

    assert selection(app) == select_event(event_id)
    assert [line for line in html(app).splitlines() if "ev-title" in line and "<style>" not in line] == before


def test_tables_hold_what_the_charts_show(opened):
    app = opened([code_line(LINE)])

    app.segmented_control(key="timeline_view").set_value("Table").run()
    app.segmented_control(key="network_view").set_value("Table").run()

    assert not app.exception
    frames = [list(frame.value.columns) for frame in app.dataframe]
    assert ["when", "source", "act", "target", "sentence", "told as", "reports", "date from", "confidence"] in frames
    assert any("betweenness" in columns for columns in frames)
    assert any("goldstein" in columns for columns in frames)


def _told_by_two():
    line = ("Arvonia", "ASSAULT", "Estral Front", dt.date(2020, 3, 5))
    return [
        code_line(line, "Arvon Gazette", "President Falk"),
        code_line(line, "Belmark Radio"),
        code_line(("Arvonia", "ASSAULT", "Estral Front", dt.date(2020, 5, 9)), "Belmark Radio"),
    ]


def test_an_event_is_compared_between_its_publishers(opened):
    app = opened(_told_by_two(), query={"edge": "ARV~estral~conflict"})
    app.session_state["evidence_view"] = "told"
    event = [b for b in app.button if b.key and b.key.startswith("open_")][-1]

    event.click().run()

    written = html(app)
    assert written.count('scope="col"') == 2
    assert "according to President Falk" in written


def test_a_pair_is_compared_between_publishers_with_what_only_one_reports(opened):
    app = opened(_told_by_two(), query={"edge": "ARV~estral~conflict"})

    app.segmented_control(key="evidence_view").set_value("told").run()

    assert not app.exception
    assert "Its words for Estral Front" in html(app)
    labels = [e.label for e in app.expander]
    assert any("Only Belmark Radio reports · 1" in label for label in labels)
    assert not any("Only Arvon" in label for label in labels)


def test_the_strip_counts_by_first_reports_too(opened):
    app = opened()

    app.segmented_control(key="density_by").set_value("published").run()

    assert not app.exception
    assert any("first report" in m.value for m in app.markdown)


def test_the_network_shows_the_selected_actor_and_its_partners_in_colours(opened):
    app = opened(query={"actor": "gharb"})
    everybody = {node[0] for node in drawn(app, "network")[1]["nodes"]}

    app.session_state["network_ego"] = True
    app.session_state["network_groups"] = "community"
    app.run()

    assert not app.exception
    shown = {node[0] for node in drawn(app, "network")[1]["nodes"]}
    assert "gharb" in shown
    assert set(shown) <= set(everybody)
    assert "around" in html(app)
