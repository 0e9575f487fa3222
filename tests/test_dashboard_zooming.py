"""Where the reader has zoomed to is kept for the next drawing, and only for it."""

from __future__ import annotations

import datetime as dt

import pytest
import streamlit as st
from view_samples import make_actors, make_dyads, make_event, make_events

from timeline.dashboard import zooming
from timeline.dashboard.zooming import choose_zoom, read_period, read_view
from timeline.views.figures import draw_timeline
from timeline.views.network_figures import write_echarts
from timeline.views.networks import build_graph, lay_out
from timeline.views.palette import LIGHT
from timeline.views.zooms import View, describe_frame, zoom_network, zoom_timeline

MARCH = (dt.datetime(2020, 3, 1), dt.datetime(2020, 3, 31, 12, 30))


def test_what_plotly_tells_is_read_as_a_period():
    assert read_period(["2020-03-01", "2020-03-31 12:30:00.0000"]) == MARCH


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        ["2020-03-01"],
        ["later", "2020-03-01"],
        ["2020-03-31", "2020-03-01"],
        "2020-03-01",
        [1, 2],
        ["2020-03-01", "2020-03-01"],
        [{"a": 1}, 5],
        ["2019-13-41", "2019-06-30"],
        ["2020-03-01T00:00Z", "2020-03-01"],
    ],
)
def test_what_is_no_period_is_none(value):
    assert read_period(value) is None


@pytest.mark.parametrize("value", [None, [2, 10], [2, 10, "x"], [0, 10, 10], [2, float("nan"), 1], {"zoom": 2}])
def test_what_is_no_view_is_none(value):
    assert read_view([2, 10, 20.5]) == View(2.0, 10.0, 20.5)
    assert read_view(value) is None


def test_a_chart_takes_the_readers_zoom_only_when_it_is_drawn_for_something_new(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    assert choose_zoom("timeline", "all", keep="2020") is None
    zooming._keep("timeline", MARCH)

    assert choose_zoom("timeline", "all", keep="2020") is None
    assert choose_zoom("timeline", "one actor", keep="2020") == MARCH
    assert choose_zoom("timeline", "one actor", keep="2020") == MARCH
    assert choose_zoom("timeline", "one actor", keep="2019") is None
    assert choose_zoom("timeline", "all", keep="2019") is None


def test_a_timeline_is_drawn_at_a_period_and_itself_left_alone():
    figure = draw_timeline(make_events(make_event()), make_actors("ARV", "BEL"), LIGHT)
    before = figure.to_json()

    zoomed = zoom_timeline(figure, MARCH)

    assert list(zoomed.layout.xaxis.range) == ["2020-03-01 00:00:00", "2020-03-31 12:30:00"]
    assert len(zoomed.data) == len(figure.data)
    assert zoom_timeline(figure, None) is figure
    assert figure.to_json() == before


def test_a_network_is_drawn_at_a_view_that_two_actors_far_apart_tell():
    graph = build_graph(make_dyads(("ARV", "BEL", 4, 3), ("BEL", "COR", 2, 1)))
    spec = write_echarts(graph, lay_out(graph), LIGHT)

    (series,) = zoom_network(spec, View(2.0, 10.0, 20.0)).option["series"]
    first, second = describe_frame(spec)["actors"]

    assert (series["zoom"], series["center"]) == (2.0, [10.0, 20.0])
    assert "zoom" not in spec.option["series"][0]
    assert first["opacity"] != second["opacity"]
    assert (first["x"], first["y"]) != (second["x"], second["y"])
    lone = build_graph(make_dyads(("ARV", "ARV", 4, 3)))
    assert describe_frame(write_echarts(lone, lay_out(lone), LIGHT)) == {}
