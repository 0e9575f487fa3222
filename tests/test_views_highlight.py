"""The selection on drawn charts: which marks the style sheet points at."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
from view_samples import make_actors, make_event, make_events

from timeline.views.crowds import sketch_counts, sketch_points
from timeline.views.figures import sketch_timeline
from timeline.views.highlight import count_marked, draw_marks, write_highlight
from timeline.views.lanes import list_lanes
from timeline.views.palette import LIGHT
from timeline.views.plotting import draw_sketch

EVENTS = make_events(
    make_event("a"), make_event("b", sources=("BEL",), targets=("ARV",)), make_event("u", start=None), make_event("c")
)


def _pointed(style, figure):
    """The ids of the marks that a style sheet points at."""
    found = set()
    for subplot, layer, place in re.findall(
        r"subplot\.(\w+) \.scatterlayer>g:nth-child\((\d+)\) .*?child\((\d+)\)", style
    ):
        traces = [t for t in figure.traces if f"{t['xaxis']}{t['yaxis']}" == subplot]
        found.add(str(traces[int(layer) - 1]["customdata"][int(place) - 1]))
    return found


def test_the_style_points_at_every_mark_of_the_chosen_and_no_other():
    figure = sketch_timeline(EVENTS, make_actors("ARV", "BEL"), LIGHT)

    style = write_highlight(figure, {"b", "u", "not drawn"}, LIGHT, "scope")

    assert _pointed(style, figure) == {"b", "u"}
    assert count_marked(figure, {"b", "u", "not drawn"}) == 2


def test_nothing_steps_back_where_nothing_is_chosen():
    figure = sketch_timeline(EVENTS, make_actors("ARV", "BEL"), LIGHT)

    assert write_highlight(figure, (), LIGHT, "scope") == ""
    assert write_highlight(figure, {"not drawn"}, LIGHT, "scope") == ""


def test_on_a_timeline_of_many_events_the_chosen_get_rings_where_they_stand():
    points = pd.DataFrame({
        "event_id": list("abu"), "start": pd.to_datetime(["2020-03-01", "2020-03-09", None]),
        "end": pd.to_datetime(["2020-03-01", "2020-03-09", None]), "quad_class": [4, 4, 1], "reports": [1, 4, 1],
        "actual": True, "row": [0, 1, 1],
    })  # fmt: skip
    figure = sketch_points(points, make_actors("ARV", "BEL"), LIGHT)

    rings = draw_marks(figure, {"b", "u", "not drawn"}, {"BEL"}, LIGHT)

    noon = dt.datetime(2020, 3, 9, 12, tzinfo=dt.UTC).timestamp() * 1000
    assert [(ring["xref"], ring["xanchor"], ring["yanchor"]) for ring in rings] == [("x", noon, 1.0), ("x2", 0.5, 1.0)]
    assert [ring["x1"] for ring in rings] == [8.0, 5.0]
    assert draw_marks(figure, (), (), LIGHT) == []
    draw_sketch(figure).update_layout(shapes=rings)  # Plotly knows all that is written


def test_on_a_timeline_of_counts_all_lanes_but_the_chosen_are_veiled():
    counts = pd.DataFrame({"actor_id": ["ARV", "BEL"], "bin": pd.to_datetime("2020-03-01"), "events": [3, 4]})
    figure = sketch_counts(counts, list_lanes(make_actors("ARV", "BEL"), "activity", other=True), LIGHT)

    veils = draw_marks(figure, {"a"}, {"BEL"}, LIGHT)

    assert [(veil["y0"], veil["y1"]) for veil in veils] == [(-0.5, 0.5), (1.5, 2.5)]
    draw_sketch(figure).update_layout(shapes=veils)
