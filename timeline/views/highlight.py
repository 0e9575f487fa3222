"""The selection on charts that are already drawn, as a style sheet.

A Plotly chart that is drawn anew loses its zoom, so the selection must not be part of the figure: styles point at the
marks instead, by subplot, place of their trace in it and place within the trace (Plotly keeps the order of the data).
A network's option must not change either, for the same reason; its marks are told apart by their opacities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from timeline.views.network_figures import NetworkSpec
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


def write_network_highlight(
    spec: NetworkSpec, actors: Collection[str], edges: Collection[tuple[str, ...]], palette: Palette, scope: str
) -> str:
    """The same for a network drawn as SVG: marked actors get a ring, and what is not marked steps back.

    Args:
        spec: The network as drawn; its marks are found by their opacities.
        actors: Ids of the actors to be marked.
        edges: The edges to be marked, as (source, target, sign).
        palette: Colours of the theme.
        scope: A class of an element around the chart and no other one.

    Returns:
        A `<style>` element; "" where nothing marked is drawn.
    """
    rings = [_by_opacity("fill", o, scope) for n, o in zip(spec.nodes, spec.node_opacities, strict=True) if n in actors]
    wanted = [o for edge, o in zip(spec.edges, spec.edge_opacities, strict=True) if edge in edges]
    lines = [_by_opacity(part, opacity, scope) for opacity in wanted for part in ("stroke", "fill")]  # and its arrow
    if not rings and not lines:
        return ""
    ring = f"stroke:{palette.accent};stroke-width:4px;stroke-opacity:1;vector-effect:non-scaling-stroke"
    rules = [f".{scope} svg path {{opacity:.22}}"]
    rules += [f"{', '.join(rings)} {{opacity:1;{ring}}}"] if rings else []
    rules += [f"{', '.join(lines)} {{opacity:1;stroke-opacity:1;fill-opacity:1}}"] if lines else []
    return f"<style>{' '.join(rules)}</style>"


def _by_opacity(part: str, opacity: float, scope: str) -> str:
    return f'.{scope} svg path[{part}-opacity="{opacity:g}"]'


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
