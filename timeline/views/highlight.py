"""The selection on charts that are already drawn, as a style sheet.

A Plotly chart that is drawn anew loses its zoom, so the selection must not be part of the figure: styles point at the
marks instead, by subplot, place of their trace in it and place within the trace (Plotly keeps the order of the data).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from timeline.views.palette import Palette
from timeline.views.plotting import LANE_PREFIX, Sketch

_MOST_HALOS = 40  # a glow around hundreds of marks is slow to paint, and no longer needed


def write_highlight(figure: Sketch, chosen: Collection[str], palette: Palette, scope: str) -> str:
    """A style sheet that makes the marks of the chosen stand out and all others step back.

    Args:
        figure: A figure of SVG traces, as drawn; WebGL traces cannot be styled and are passed over.
        chosen: What the marks stand for: values of `customdata`, as text.
        palette: Colours of the theme.
        scope: A class of an element around the chart and no other one.

    Returns:
        A `<style>` element; "" where no mark is of the chosen.
    """
    marks = [
        f".{scope} .subplot.{subplot} .scatterlayer>g:nth-child({layer}) .points path:nth-child({place})"
        for subplot, layer, place, _ in _find(figure, set(chosen))
    ]
    if not marks:
        return ""
    others = ", ".join(
        f".{scope} .subplot:not(.x3y) {part}" for part in (".lines path", ".points path", ".textpoint text")
    )
    front = "opacity:1!important"
    if len(marks) <= _MOST_HALOS:
        front += f";filter:drop-shadow(0 0 2px {palette.text}) drop-shadow(0 0 5px {palette.accent})"
    return f"<style>{others} {{opacity:.14!important}} {', '.join(marks)} {{{front}}}</style>"


def draw_marks(
    figure: Sketch, events: Collection[str], actors: Collection[str], palette: Palette
) -> list[dict[str, Any]]:
    """Shapes that mark the chosen on a timeline of many events, whose marks are painted where no style reaches them.

    Args:
        figure: From `crowds`.
        events: Ids of events: each gets a ring where each has a mark.
        actors: Ids of actors: where lanes hold counts, all other lanes are veiled.
        palette: Colours of the theme.
    """
    if not events:
        return []
    if any(trace["type"] == "heatmap" for trace in figure.traces):
        return _draw_veils(figure, set(actors), palette)
    return [
        ring
        for trace in figure.traces
        if trace["type"] == "scattergl"
        for ring in _draw_rings(trace, set(events), palette)
    ]


def _draw_rings(trace: Any, wanted: set[str], palette: Palette) -> Iterator[dict[str, Any]]:
    for place in np.flatnonzero(np.isin(np.asarray(trace["customdata"], dtype=np.str_), list(wanted))):
        radius = float(trace["marker"]["size"][place]) / 2 + 2
        yield {
            "type": "circle", "xref": trace["xaxis"], "yref": "y", "xsizemode": "pixel", "ysizemode": "pixel",
            "xanchor": float(trace["x"][place]), "yanchor": float(trace["y"][place]),
            "x0": -radius, "x1": radius, "y0": -radius, "y1": radius,
            "fillcolor": trace["marker"]["colorscale"][1][1], "line": {"color": palette.text, "width": 1.5},
        }  # fmt: skip


def _draw_veils(figure: Sketch, actors: set[str], palette: Palette) -> list[dict[str, Any]]:
    handles = next(trace for trace in figure.traces if trace.get("xaxis") == "x3")
    chosen = {
        int(row)
        for row, actor in zip(handles["y"], handles["customdata"], strict=True)
        if str(actor).removeprefix(LANE_PREFIX) in actors
    }
    return [
        {"type": "rect", "xref": "x domain", "yref": "y", "x0": 0, "x1": 1, "y0": row - 0.5, "y1": row + 0.5,
         "fillcolor": palette.background, "opacity": 0.7, "line": {"width": 0}}
        for row in figure.layout["yaxis"]["tickvals"] if int(row) not in chosen
    ]  # fmt: skip


def count_marked(figure: Sketch, chosen: Collection[str]) -> int:
    """How many of the chosen have a mark that can be styled."""
    return len({value for *_, value in _find(figure, set(chosen))})


def _find(figure: Sketch, wanted: set[str]) -> Iterator[tuple[str, int, int, str]]:
    """Subplot, place of the trace in it and place of the mark, both from 1, and what it stands for."""
    layers: Counter[str] = Counter()
    for trace in figure.traces:
        if trace["type"] != "scatter":
            continue
        subplot = f"{trace.get('xaxis', 'x')}{trace.get('yaxis', 'y')}"
        layers[subplot] += 1
        for place, value in enumerate(trace.get("customdata", ()), start=1):
            if str(value) in wanted:
                yield subplot, layers[subplot], place, str(value)
