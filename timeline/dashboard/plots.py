"""Plotly charts in an element of our own that stays: zoom, place and page survive a change of the figure.

Streamlit's own chart is made anew for each figure, which takes the browser longer and forgets the zoom.
The script is `plot.js`; plotly.js itself is sent by the server out of the installed package, once for each reader.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from timeline.coding.resources import find_resource
from timeline.dashboard.plotly_js import ADDRESS, FETCH
from timeline.views.plotting import Sketch, write_json

_STYLE = """
.js-plotly-plot:focus-visible {outline: 2px solid var(--st-primary-color); outline-offset: 2px}
.timeline-dimmed canvas {opacity: .25}
"""
_plot = st.components.v2.component(
    "plot", css=_STYLE, js=FETCH + find_resource("plot.js").read_text(encoding="utf-8"), isolate_styles=False
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure, and the JSON that the browser draws it from; written once, however often it is shown."""

    figure: Sketch
    text: str


def write_drawing(figure: Sketch) -> Drawing:
    return Drawing(figure, write_json(figure))


def show_plot(
    name: str,
    drawing: Drawing,
    on_pick: Callable[[str], None],
    *,
    words: str,
    revision: str = "",
    scroll_zoom: bool = False,
) -> None:
    """Draw a figure; all that was drawn under its name before becomes it.

    Args:
        name: Of the chart, and key of its widget.
        drawing: The figure.
        on_pick: Called with the `customdata` of a mark that was clicked, as text.
        words: What the chart shows, for readers who do not see it.
        revision: What the reader's zoom belongs to; once it is another, all is shown again.
        scroll_zoom: Whether the wheel zooms.
    """

    def take() -> None:
        value = (st.session_state.get(name) or {}).get("pick")
        if value is not None:
            on_pick(str(value))

    config = {
        "displaylogo": False,
        "scrollZoom": scroll_zoom,
        "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d", "resetScale2d", "toImage"],
        "showSendToCloud": False,  # what is read here is nobody else's
        "plotlyServerURL": "",
    }
    said = f"{words}. With the keyboard: arrows move, plus and minus zoom, 0 shows everything."
    given = {"name": name, "config": config, "words": said, "revision": revision, "script": ADDRESS}
    text = f'{json.dumps(given)[:-1]}, "figure": {drawing.text}}}'
    _plot(data=text.encode(), key=name, height=int(drawing.figure.layout["height"]), on_pick_change=take)


def show_marks(name: str, shapes: Sequence[Mapping[str, Any]], dims: bool = False) -> None:
    """Draw shapes above a chart, which is not drawn anew for it; always called, so that they go with the selection.

    Args:
        name: Of the chart.
        shapes: Plotly's shapes.
        dims: Whether all else steps back.
    """
    _plot(data={"name": name, "shapes": list(shapes), "dim": dims}, key=f"{name}_marks", height=1)
