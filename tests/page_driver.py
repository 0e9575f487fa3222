"""What the tests of pages share: a project opened in AppTest, what its charts were told, and clicks on them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from view_projects import make_lines, make_project

from timeline.dashboard import keeping, place

APP = Path(__file__).parents[1] / "timeline" / "dashboard" / "main.py"
SCREENS = Path("screens")
LINE = ("Arvonia", "ACCUSE", "Belmark", dt.date(2020, 3, 5))


def start_anew():
    """Forget what a server keeps, as a new one would."""
    st.cache_data.clear()
    st.cache_resource.clear()
    keeping.forget_all()


def open_page(monkeypatch, folder, coded, page="", query=None):
    make_project(folder, coded).close()
    monkeypatch.setenv(place.VARIABLE, str(folder))
    start_anew()
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
        return open_page(monkeypatch, tmp_path / "project", make_lines(60) if coded is None else coded, page, query)

    return open_app


def html(app):
    return "\n".join(element.value for element in app.html)


def selection(app):
    return app.session_state["selection"]


def current_filter(app):
    return app.session_state["filter"]


def only_event(app):
    return next(b.key for b in app.button if b.key and b.key.startswith("open_")).removeprefix("open_")


def drawn(app, name="timeline"):
    """The figure of a chart as the browser is told to draw it."""
    (chart,) = [c for c in app.get("bidi_component") if c.proto.bytes and json.loads(c.proto.bytes)["name"] == name]
    given = json.loads(chart.proto.bytes)
    return chart.proto, given[{"network": "network", "density": "strip"}.get(name, "figure")]


def edges(app):
    """The edges of the network drawn, as source, target and sign."""
    _, network = drawn(app, "network")
    ids = [node[0] for node in network["nodes"]]
    return [(ids[source], ids[target], sign) for source, target, sign, *_ in network["edges"]]


def pick(app, value, name="timeline", event="pick"):
    """Have a chart report a click on a mark, or another event, as the browser does."""
    proto, _ = drawn(app, name)
    states = app._tree.get_widget_states()
    told = json.dumps([{"event": event, "value": value}])
    states.widgets.append(WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{proto.id}__events", json_trigger_value=told))
    app._run(states)
    assert not app.exception
