"""The selection on charts that are already drawn, as a style sheet.

A Plotly chart that is drawn anew loses its zoom, so the selection must not be part of the figure: styles point at the
marks instead, by subplot, place of their trace in it and place within the trace (Plotly keeps the order of the data).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

import plotly.graph_objects as go

from timeline.views.palette import Palette

_MOST_HALOS = 40  # a glow around hundreds of marks is slow to paint, and no longer needed


def write_highlight(figure: go.Figure, chosen: Collection[str], palette: Palette, scope: str) -> str:
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


def count_marked(figure: go.Figure, chosen: Collection[str]) -> int:
    """How many of the chosen have a mark that can be styled."""
    return len({value for *_, value in _find(figure, set(chosen))})


def _find(figure: go.Figure, wanted: set[str]) -> Iterator[tuple[str, int, int, str]]:
    """Subplot, place of the trace in it and place of the mark, both from 1, and what it stands for."""
    layers: Counter[str] = Counter()
    for trace in figure.data:
        if trace.type != "scatter":
            continue
        subplot = f"{trace.xaxis or 'x'}{trace.yaxis or 'y'}"
        layers[subplot] += 1
        for place, value in enumerate(trace.customdata if trace.customdata is not None else (), start=1):
            if str(value) in wanted:
                yield subplot, layers[subplot], place, str(value)
