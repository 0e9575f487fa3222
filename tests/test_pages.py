"""The pages, run by AppTest: each on a project of events, on an empty one, and with odd links."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from view_projects import code_line, make_lines, make_project

from timeline.dashboard import place
from timeline.dashboard.selection import NOTHING, Selection, select_actor, select_edge, select_event, select_place
from timeline.dashboard.state import escape_cells, escape_markdown
from timeline.queries.filters import EventFilter
from timeline.views.density import count_days

APP = Path(__file__).parents[1] / "timeline" / "dashboard" / "main.py"
SCREENS = Path("screens")
LINE = ("Arvonia", "ACCUSE", "Belmark", dt.date(2020, 3, 5))


def _open(monkeypatch, folder, coded, page="", query=None):
    make_project(folder, coded).close()
    monkeypatch.setenv(place.VARIABLE, str(folder))
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_file(str(APP), default_timeout=30)
    for name, value in (query or {}).items():
        app.query_params[name] = value
    app.run()
    if page:
        app.switch_page(str(SCREENS / f"{page}.py")).run()
    assert not app.exception
    return app


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """Opens the app on a project: opened(coded, page, query)."""

    def open_app(coded=None, page="", query=None):
        return _open(monkeypatch, tmp_path / "project", make_lines(60) if coded is None else coded, page, query)

    return open_app


def _html(app):
    return "\n".join(element.value for element in app.html)


def _selection(app):
    return app.session_state["selection"]


def _filter(app):
    return app.session_state["filter"]


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
    assert app.button(key=f"open_{_only_event(app)}").label.startswith("**5 Mar 2020**")


def _only_event(app):
    return next(b.key for b in app.button if b.key and b.key.startswith("open_")).removeprefix("open_")


def test_one_undated_event_is_shown(opened):
    app = opened([code_line(("Arvonia", "ACCUSE", "Belmark", None))])

    assert "no dated events" in app.caption[0].value


# --- links -------------------------------------------------------------------------------------------------------


def test_a_link_reopens_its_view(opened):
    app = opened(query={"actors": "ARV", "role": "source", "from": "2019-06-01", "quads": "4", "actor": "ARV"})

    assert _filter(app) == EventFilter(actors=("ARV",), role="source", start=dt.date(2019, 6, 1), quad_classes=(4,))
    assert app.multiselect(key="f_actors").value == ["ARV"]
    assert app.date_input(key="f_start").value == dt.date(2019, 6, 1)
    assert _selection(app) == select_actor("ARV")
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
    assert _filter(app) == EventFilter()
    assert _selection(app) == NOTHING


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
    assert _filter(app).actors == ("ARV",)
    assert app.query_params == {"actors": "ARV"}
    assert app.button(key="drop_actors").label == "actors\\: Arvonia"


def test_the_address_changed_by_the_browser_changes_the_filter(opened):
    app = opened()
    app.multiselect(key="f_actors").set_value(["ARV"]).run()

    del app.query_params["actors"]
    app.run()

    assert _filter(app) == EventFilter()
    assert app.multiselect(key="f_actors").value == []


def test_a_condition_is_taken_off_by_its_button(opened):
    app = opened(query={"actors": "ARV", "quads": "4"})

    app.button(key="drop_actors").click().run()

    assert _filter(app) == EventFilter(quad_classes=(4,))
    assert app.multiselect(key="f_actors").value == []


def test_all_filters_are_cleared_at_once(opened):
    app = opened(query={"actors": "ARV", "quads": "4", "confidence": "0.5", "realis": "planned", "contested": "1"})

    app.button(key="clear_filters").click().run()

    assert _filter(app) == EventFilter()
    assert app.query_params == {}


def test_a_brush_sets_the_period(opened):
    app = opened()

    _pick(app, [count_days(dt.date(2020, 1, day)) for day in (5, 20)], "density", "period")

    assert (_filter(app).start, _filter(app).end) == (dt.date(2020, 1, 5), dt.date(2020, 1, 20))
    assert app.date_input(key="f_start").value == dt.date(2020, 1, 5)
    assert app.query_params == {"from": "2020-01-05", "to": "2020-01-20"}
    proto, _ = _drawn(app, "density")
    assert json.loads(proto.bytes)["window"] == [count_days(dt.date(2020, 1, day)) for day in (5, 20)]
    _pick(app, [], "density", "period")
    assert _filter(app) == EventFilter()


def test_filters_hold_across_pages(opened):
    app = opened(query={"actors": "ARV"})

    app.switch_page(str(SCREENS / "export.py")).run()

    assert _filter(app).actors == ("ARV",)
    assert "Arvonia" in app.markdown[1].value or any("Arvonia" in m.value for m in app.markdown)


def test_actors_chosen_go_when_they_are_counted_otherwise(opened):
    app = opened(query={"actors": "falk"})

    app.segmented_control(key="f_level").set_value("country").run()

    assert _filter(app) == EventFilter(level="country")


def test_the_whole_page_works_for_states(opened):
    app = opened(query={"level": "country", "actor": "ARV"})

    assert not app.exception
    assert any(b.key.startswith("open_") for b in app.button)


# --- selection ---------------------------------------------------------------------------------------------------


def _drawn(app, name="timeline"):
    """The figure of a chart as the browser is told to draw it."""
    (chart,) = [c for c in app.get("bidi_component") if c.proto.bytes and json.loads(c.proto.bytes)["name"] == name]
    given = json.loads(chart.proto.bytes)
    return chart.proto, given[{"network": "network", "density": "strip"}.get(name, "figure")]


def _edges(app):
    """The edges of the network drawn, as source, target and sign."""
    _, network = _drawn(app, "network")
    ids = [node[0] for node in network["nodes"]]
    return [(ids[source], ids[target], sign) for source, target, sign, *_ in network["edges"]]


def _pick(app, value, name="timeline", event="pick"):
    """Have a chart report a click on a mark, or another event, as the browser does."""
    proto, _ = _drawn(app, name)
    states = app._tree.get_widget_states()
    told = json.dumps([{"event": event, "value": value}])
    states.widgets.append(WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{proto.id}__events", json_trigger_value=told))
    app._run(states)
    assert not app.exception


def test_a_click_on_an_event_shows_its_evidence(opened):
    app = opened([code_line(LINE, speaker="President Falk")])
    event_id = _only_event(app)

    _pick(app, event_id)

    assert _selection(app) == select_event(event_id)
    assert app.query_params == {"event": event_id}
    html = _html(app)
    assert "According to President Falk, as told by Arvon Gazette" in html
    assert 'title="source: Arvonia"' in html
    assert "where 5 &lt; 6 &amp; costs are $5" in html
    assert "&lt;b&gt;fine&lt;/b&gt;" in html


def test_a_click_on_an_edge_lists_its_events_and_one_opens(opened):
    app = opened([code_line(LINE), code_line(("Belmark", "AID", "Arvonia", dt.date(2020, 3, 6)))])
    edge = ("ARV", "BEL", "conflict")
    assert edge in _edges(app)

    _pick(app, edge, "network")

    assert _selection(app) == select_edge("ARV", "BEL", "conflict")
    opens = [b for b in app.button if b.key.startswith("open_")]
    assert [b.label for b in opens] == ["**5 Mar 2020** · Arvonia → Belmark · Accuse"]
    opens[0].click().run()
    assert _selection(app) == Selection(edge=("ARV", "BEL", "conflict"), event=opens[0].key.removeprefix("open_"))
    app.button(key="evidence_back").click().run()
    assert _selection(app) == select_edge("ARV", "BEL", "conflict")


def test_a_click_on_an_actor_lists_its_events(opened):
    app = opened([code_line(LINE), code_line(("Belmark", "AID", "Corran Union", dt.date(2020, 3, 6)))])

    _pick(app, "ARV", "network")

    assert _selection(app) == select_actor("ARV")
    assert [b.label for b in app.button if b.key.startswith("open_")] == ["**5 Mar 2020** · Arvonia → Belmark · Accuse"]


def test_the_selection_is_cleared_by_one_click(opened):
    app = opened(query={"actor": "ARV"})

    app.button(key="evidence_clear").click().run()

    assert _selection(app) == NOTHING
    assert app.query_params == {}


def test_a_filter_does_not_change_what_is_selected(opened):
    app = opened([code_line(LINE), code_line(("Belmark", "AID", "Corran Union", dt.date(2019, 3, 6)))])
    event_id = next(b.key for b in app.button if b.key.startswith("open_")).removeprefix("open_")
    app.button(key=f"open_{event_id}").click().run()
    before = [line for line in _html(app).splitlines() if "ev-title" in line and "<style>" not in line]

    app.multiselect(key="f_actors").set_value(["ARV"]).run()

    assert _selection(app) == select_event(event_id)
    assert [line for line in _html(app).splitlines() if "ev-title" in line and "<style>" not in line] == before


def test_tables_hold_what_the_charts_show(opened):
    app = opened([code_line(LINE)])

    app.segmented_control(key="timeline_view").set_value("Table").run()
    app.segmented_control(key="network_view").set_value("Table").run()

    assert not app.exception
    frames = [list(frame.value.columns) for frame in app.dataframe]
    assert ["when", "source", "act", "target", "sentence", "told as", "reports", "date from", "confidence"] in frames
    assert any("betweenness" in columns for columns in frames)
    assert any("goldstein" in columns for columns in frames)


# --- text that tries to be more ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["$x^2$ **b** :red[r] `c` [l](javascript:x) <b> :smile:", "a\\b_c_d~e~", "1. item # head"]
)
def test_labels_show_text_as_it_is(text):
    escaped = escape_markdown(text)

    assert escaped.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == text
    assert not any(escaped[i] in "*_`$[<:" and escaped[i - 1] != "\\" for i in range(1, len(escaped)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":material/delete:", "\\:\u2060material/delete\\:"),
        (":material_delete:", "\\:\u2060material\\_delete\\:"),
        (":streamlit:", "\\:\u2060streamlit\\:"),
        ("a -> b", "a \\-\u2060\\> b"),
        ("<->", "\\<\u2060\\-\\>"),
        ("a->b -- c--", "a\\-\\>b \\-\u2060\\- c\\-\\-"),
        ("a\n\n    b\n\tc", "a\n\nb\nc"),
    ],
)
def test_what_is_put_in_after_the_markdown_is_parted(text, expected):
    """Icons and arrows by a character that is not seen; code blocks by taking the spaces before a line."""
    assert escape_markdown(text) == expected


def test_cells_of_tables_are_escaped():
    """`st.table` reads its cells as Markdown, and would load an image."""
    assert escape_cells([{"who": "![x](https://evil.example/p)", "when": "5 Mar"}]) == [
        {"who": "\\!\\[x\\]\\(https\\://evil\\.example/p\\)", "when": "5 Mar"}
    ]


# --- articles and exports ----------------------------------------------------------------------------------------


def test_articles_show_what_was_coded(opened):
    app = opened([code_line(LINE)], "articles")

    assert "1 article in this project" in app.caption[0].value
    assert "1 act coded" in "".join(m.value for m in app.markdown)
    assert 'title="source: Arvonia; “Arvonia” names Arvonia (rule alias)"' in _html(app)


def test_articles_without_a_date_are_pointed_out(opened):
    app = opened([code_line(("Arvonia", "ACCUSE", "Belmark", None))], "articles")

    assert "1 article without a publication date" in app.info[0].value


def test_a_date_can_be_set_and_the_article_is_coded_again(opened, monkeypatch, tmp_path):
    from timeline.store.articles import list_articles
    from timeline.store.project import open_project

    coder = _FakeCoder()
    _code_here(monkeypatch, coder)
    app = opened([code_line(("Arvonia", "ACCUSE", "Belmark", None))], "articles")
    (widget,) = [d for d in app.date_input if d.key and d.key.startswith("published_")]

    widget.set_value(dt.date(2020, 3, 6)).run()
    next(b for b in app.button if b.key.startswith("save_")).click().run()
    _wait_for_work(app)

    (row,) = list_articles(open_project(tmp_path / "project"))
    assert row.published == dt.date(2020, 3, 6)
    assert coder.coded == [row.id]


def test_pasted_text_is_read_and_coded(opened, monkeypatch, tmp_path):
    from timeline.store.articles import list_articles
    from timeline.store.project import open_project

    _code_here(monkeypatch, _FakeCoder())
    app = opened([], "articles")

    app.text_area(key="paste_text").set_value("Arvonia accused Belmark on Thursday of breaking the truce at the river.")
    app.text_input(key="paste_publisher").set_value("Arvon Gazette")
    app.date_input(key="paste_published").set_value(dt.date(2020, 3, 6))
    app.button(key="paste_send").click().run()
    _wait_for_work(app)

    (row,) = list_articles(open_project(tmp_path / "project"))
    assert (row.publisher, row.published) == ("Arvon Gazette", dt.date(2020, 3, 6))
    assert "1 article added" in app.success[0].value


def test_an_uploaded_file_cannot_name_its_place(tmp_path):
    from timeline.dashboard.adding import _save_upload

    for name in ("../../evil.txt", "C:\\x\\evil.txt", "\x00.txt", "." * 300, "a/b/جبهة.html.gz"):
        assert _save_upload(tmp_path, 1, name, b"x").parent == tmp_path


class _FakeCoder:
    """Codes nothing, and remembers what it was given."""

    version, lexicon_version = "fake-2", "fake-2"

    def __init__(self):
        self.coded = []

    def code(self, article):
        from view_projects import FakeCoded

        self.coded.append(article.id)
        return FakeCoded(article, (), (), ())


def _code_here(monkeypatch, coder):
    """Jobs are done in this process, with a coder that does nothing."""
    from timeline.dashboard import jobs, worker

    def run_job(job, work):
        jobs.run_job(job, lambda: coder, work.take, lambda: False)

    monkeypatch.setattr(worker, "run_job", run_job)


def _wait_for_work(app):
    from timeline.dashboard.work import current_work

    for _ in range(200):
        work = current_work()
        if work and work.finished:
            assert not work.error
            app.run()
            assert not app.exception
            return
        time.sleep(0.05)
    raise AssertionError("the work did not end")


def test_every_export_has_a_button_with_a_safe_name(opened):
    from timeline.dashboard.exporting import FORMATS

    app = opened(page="export")

    names = [button.proto.id for button in app.get("download_button")]
    assert len(names) == len(FORMATS)


def test_a_slow_file_is_prepared_and_then_offered(opened, monkeypatch):
    from timeline.dashboard import export
    from timeline.dashboard.exporting import FORMATS

    monkeypatch.setattr(export, "_SLOW_SECONDS", 0.0)
    app = opened(page="export")
    assert len(app.get("download_button")) == len([kind for kind in FORMATS.values() if not kind.seconds])

    next(b for b in app.button if b.label == "Prepare .ics").click().run()
    for _ in range(200):
        app.run()
        if any("Get .ics" in str(button.proto) for button in app.get("download_button")):
            break
        time.sleep(0.05)

    assert not app.exception
    assert len([b for b in app.button if b.label.startswith("Prepare")]) == len(FORMATS) - 1
    assert sum("Get .ics" in str(button.proto) for button in app.get("download_button")) == 1


def test_the_sample_goes_where_it_can_be_written(monkeypatch, tmp_path):
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    place._sample_folder.cache_clear()

    assert place.project_folder() == tmp_path / "data" / "event-timeline" / "idlib-sample"
    assert place.shows_sample()

    monkeypatch.setenv("XDG_DATA_HOME", "/proc/nowhere")
    place._sample_folder.cache_clear()
    folder = place.project_folder()
    place._sample_folder.cache_clear()
    assert folder.is_dir()
    assert "/proc" not in str(folder)


# --- as told by --------------------------------------------------------------------------------------------------


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

    html = _html(app)
    assert html.count('scope="col"') == 2
    assert "according to President Falk" in html


def test_a_pair_is_compared_between_publishers_with_what_only_one_reports(opened):
    app = opened(_told_by_two(), query={"edge": "ARV~estral~conflict"})

    app.segmented_control(key="evidence_view").set_value("told").run()

    assert not app.exception
    assert "Its words for Estral Front" in _html(app)
    labels = [e.label for e in app.expander]
    assert any("Only Belmark Radio reports · 1" in label for label in labels)
    assert not any("Only Arvon" in label for label in labels)


def test_the_strip_counts_by_first_reports_too(opened):
    app = opened()

    app.segmented_control(key="density_by").set_value("published").run()

    assert not app.exception
    assert any("first report" in m.value for m in app.markdown)


# --- places ------------------------------------------------------------------------------------------------------


def test_places_offers_the_busiest_and_lists_the_events_of_the_one_chosen(opened):
    app = opened(page="places")
    (place,) = [b for b in app.button if b.key and b.key.startswith("open_place_")]

    place.click().run()

    assert not app.exception
    assert _selection(app) == select_place("Rivermouth", "BEL")
    assert app.query_params == {"place": "Rivermouth~BEL"}
    assert "Rivermouth, BEL" in " ".join(m.value for m in app.markdown)
    event = _only_event(app)
    app.button(key=f"open_{event}").click().run()
    assert _selection(app) == Selection(place=("Rivermouth", "BEL"), event=event)
    assert "ev-title" in _html(app)


def test_a_click_on_the_map_selects_the_place_on_every_page(opened):
    app = opened(page="places")
    key = next(b.key for b in app.button if b.key.startswith("open_place_")).removeprefix("open_place_")

    _pick(app, int(key), "places_map")

    assert _selection(app) == select_place("Rivermouth", "BEL")
    app.switch_page(str(SCREENS / "explore.py")).run()
    assert _selection(app) == select_place("Rivermouth", "BEL")
    assert ".st-key-timeline_plot" in _html(app)


def test_a_place_nobody_knows_has_no_events(opened):
    app = opened(query={"place": "Nowhere~XXX"})

    assert "No event of this selection" in app.info[0].value


def test_places_without_located_events_say_so(opened):
    app = opened([code_line(LINE)], page="places")

    assert "known place" in app.info[0].value


def test_the_network_shows_the_selected_actor_and_its_partners_in_colours(opened):
    app = opened(query={"actor": "gharb"})
    everybody = {node[0] for node in _drawn(app, "network")[1]["nodes"]}

    app.session_state["network_ego"] = True
    app.session_state["network_groups"] = "community"
    app.run()

    assert not app.exception
    shown = {node[0] for node in _drawn(app, "network")[1]["nodes"]}
    assert "gharb" in shown
    assert set(shown) <= set(everybody)
    assert "around" in _html(app)
