"""The selection on drawn charts: which marks the style sheet points at."""

from __future__ import annotations

import re

from view_samples import make_actors, make_event, make_events

from timeline.views.figures import draw_timeline
from timeline.views.highlight import count_marked, write_highlight
from timeline.views.palette import LIGHT

EVENTS = make_events(
    make_event("a"), make_event("b", sources=("BEL",), targets=("ARV",)), make_event("u", start=None), make_event("c")
)


def _pointed(style, figure):
    """The ids of the marks that a style sheet points at."""
    found = set()
    for subplot, layer, place in re.findall(
        r"subplot\.(\w+) \.scatterlayer>g:nth-child\((\d+)\) .*?child\((\d+)\)", style
    ):
        traces = [t for t in figure.data if f"{t.xaxis}{t.yaxis}" == subplot]
        found.add(str(traces[int(layer) - 1].customdata[int(place) - 1]))
    return found


def test_the_style_points_at_every_mark_of_the_chosen_and_no_other():
    figure = draw_timeline(EVENTS, make_actors("ARV", "BEL"), LIGHT)

    style = write_highlight(figure, {"b", "u", "not drawn"}, LIGHT, "scope")

    assert _pointed(style, figure) == {"b", "u"}
    assert count_marked(figure, {"b", "u", "not drawn"}) == 2


def test_nothing_steps_back_where_nothing_is_chosen():
    figure = draw_timeline(EVENTS, make_actors("ARV", "BEL"), LIGHT)

    assert write_highlight(figure, (), LIGHT, "scope") == ""
    assert write_highlight(figure, {"not drawn"}, LIGHT, "scope") == ""
