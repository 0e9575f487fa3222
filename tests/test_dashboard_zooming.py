"""Where the reader has zoomed to in the network is kept for the next drawing, and only for it."""

from __future__ import annotations

import pytest
import streamlit as st
from view_samples import make_dyads

from timeline.dashboard import zooming
from timeline.dashboard.zooming import choose_zoom, read_view
from timeline.views.network_figures import write_echarts
from timeline.views.networks import build_graph, lay_out
from timeline.views.palette import LIGHT
from timeline.views.zooms import View, describe_frame, zoom_network


@pytest.mark.parametrize("value", [None, [2, 10], [2, 10, "x"], [0, 10, 10], [2, float("nan"), 1], {"zoom": 2}])
def test_what_is_no_view_is_none(value):
    assert read_view([2, 10, 20.5]) == View(2.0, 10.0, 20.5)
    assert read_view(value) is None


def test_a_network_takes_the_readers_zoom_only_when_it_is_drawn_for_something_new(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    assert choose_zoom("all") is None
    st.session_state["zoom_network"] = {"zoom": [2, 10, 20.5]}
    zooming._take()

    assert choose_zoom("all") is None
    assert choose_zoom("one actor") == View(2.0, 10.0, 20.5)
    st.session_state["zoom_network"] = {"zoom": None}
    zooming._take()
    assert choose_zoom("one actor") == View(2.0, 10.0, 20.5)
    assert choose_zoom("all") is None


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
