"""What the figures of the timeline share: axes, lanes, markers, and how moments become numbers for Plotly."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from timeline.views.lanes import Lane
from timeline.views.palette import SIGN_OF_QUAD, SYMBOL_OF_QUAD, Palette
from timeline.views.wording import shorten

FONT = "'Source Sans', 'Source Sans 3', 'Segoe UI', Helvetica, Arial, sans-serif"
LANE_HEIGHT_PX = 38
LANES_TOP = -0.5  # upper edge of the first lane
EDGE_PX = 13  # that the largest mark of a lane reaches beyond it
_TRAY = (0.945, 1.0)
_GUTTER = (0.0, 0.022)  # for the lanes' handles
LANE_PREFIX = "lane:"  # of a handle's customdata, before the actor's id
_EPOCH, _MILLISECOND = dt.datetime(1970, 1, 1), dt.timedelta(milliseconds=1)


def escape_text(text: str) -> str:
    """Text as a figure shows it: Plotly reads a few tags and entities, of which quotation marks are none."""
    return escape(text, quote=False)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A figure before Plotly knows it: its traces and its layout as plain values, numpy's arrays among them."""

    traces: Sequence[dict[str, Any]]
    layout: dict[str, Any]


def sketch_empty(message: str, palette: Palette) -> Sketch:
    """A figure without data that says why."""
    words = {"text": escape_text(message), "showarrow": False, "font": {"size": 15, "color": palette.muted}}
    return Sketch([], {
        "height": 220, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "annotations": [words],
        "xaxis": {"visible": False}, "yaxis": {"visible": False},
    })  # fmt: skip


def draw_sketch(sketch: Sketch) -> go.Figure:
    """The figure itself, for files. What we write is known to be right; only the tests have Plotly check it."""
    return go.Figure(data=list(sketch.traces), layout=sketch.layout, _validate=False)


def write_json(sketch: Sketch) -> str:
    """A figure as the JSON that plotly.js draws; numbers as bytes, which it reads without a detour."""
    return json.dumps({"data": sketch.traces, "layout": sketch.layout}, default=_encode, separators=(",", ":"))


def _encode(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, np.generic):
        return value.item()
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf":
        return value.tolist()
    if value.dtype.itemsize == 8 and value.dtype.kind in "iu":  # plotly.js reads whole numbers of four bytes at most
        value = value.astype(np.float64)
    kept = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
    encoded = {"dtype": kept.dtype.str[1:], "bdata": base64.b64encode(kept.tobytes()).decode()}
    return encoded | ({"shape": ", ".join(map(str, kept.shape))} if kept.ndim > 1 else {})


def write_trace(**values: Any) -> dict[str, Any]:
    """A trace of these values; None is left out."""
    given = {name: value for name, value in values.items() if value is not None}
    return {"type": "scatter", "xaxis": "x", "yaxis": "y"} | given


def as_array(values: Iterable[object]) -> NDArray[np.float64]:
    """Values as numbers, which Plotly takes without checking each and sends as bytes; None is a gap.

    Moments become milliseconds since 1970, which date axes read, and which take a third of the bytes of ISO text.
    """
    return np.array([np.nan if v is None else milliseconds(v) for v in values], dtype=np.float64)


def milliseconds(value: object) -> object:
    return (value - _EPOCH) / _MILLISECOND if isinstance(value, dt.datetime) else value


def style_marker(quad: int, palette: Palette) -> dict[str, Any]:
    return {
        "symbol": SYMBOL_OF_QUAD[quad],
        "color": palette.of_sign(SIGN_OF_QUAD[quad]),
        "line": {"width": 2 if SYMBOL_OF_QUAD[quad].endswith("open") else 0},
    }


def size_markers(reports: NDArray[np.int64]) -> NDArray[np.float64]:
    """Pixels: 9 for one report, 3 more with each doubling, at most 21."""
    return np.minimum(21.0, 9.0 + 3.0 * np.floor(np.log2(np.maximum(reports, 1))))


def pad_period(low: dt.date, high: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Both ends of a time axis from the first day to the last, with a little room at either side."""
    pad = dt.timedelta(days=max(1.0, (high - low).days * 0.02))
    return _shift(low, -pad), _shift(high, pad + dt.timedelta(days=1))


def _shift(day: dt.date, by: dt.timedelta) -> dt.datetime:
    """A day moved by a time, held within the calendar of years 1 to 9999."""
    moment = dt.datetime.combine(day, dt.time())
    try:
        return moment + by
    except OverflowError:
        return moment


def draw_handles(lanes: Sequence[Lane], palette: Palette) -> dict[str, Any]:
    """A mark at the head of each actor's lane, to choose the actor by; its customdata is `LANE_PREFIX` and the id."""
    actors = [lane for lane in lanes if not lane.actor_id.startswith("~")]
    return write_trace(
        x=[0.5] * len(actors), y=[lane.row for lane in actors], xaxis="x3", mode="markers",
        customdata=[f"{LANE_PREFIX}{lane.actor_id}" for lane in actors], showlegend=False,
        text=[escape_text(shorten(lane.label, 60)) for lane in actors],
        hovertemplate="<b>%{text}</b><br>click for all its events<extra></extra>",
        marker={"symbol": "triangle-right", "size": 11, "color": palette.muted, "opacity": 1},
        unselected={"marker": {"opacity": 1}},
    )  # fmt: skip


def write_layout(
    lanes: Sequence[Lane],
    palette: Palette,
    *,
    has_tray: bool = False,
    has_handles: bool = False,
    title: str = "",
    period: tuple[dt.datetime, dt.datetime] | None = None,
    band_px: int = 0,
    edge_px: int = EDGE_PX,
) -> dict[str, Any]:
    """The layout of a figure of lanes.

    Args:
        lanes: The rows.
        palette: Colours of the theme.
        has_tray: Whether a second axis at the right takes undated events.
        has_handles: Whether a third one at the left takes the lanes' handles.
        title: Drawn above the figure, with a legend; for exports.
        period: Both ends of the time axis; None takes the data's own.
        band_px: Height of a band above the lanes for the names of key events, or for marks that stand there.
        edge_px: Room beyond the outer lanes, so that the plot's edge cuts no mark in two.
    """
    above_px = max(band_px, edge_px)
    top = 74 if title else 10
    layout: dict[str, Any] = {
        "showlegend": bool(title),  # on the page the legend stands above the chart, where it can wrap
        "height": len(lanes) * LANE_HEIGHT_PX + above_px + edge_px + top + 52,
        "margin": {"l": 8, "r": 8, "t": top, "b": 52},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": palette.text},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": palette.surface, "bordercolor": palette.grid, "align": "left",
                       "font": {"family": FONT, "size": 13, "color": palette.text}},
        "dragmode": "zoom", "clickmode": "event+select",
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 12},
                   "itemsizing": "constant"},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": palette.muted, "activecolor": palette.accent},
        "shapes": [
            {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": lane.row - 0.5, "y1": lane.row + 0.5,
             "fillcolor": palette.surface, "line": {"width": 0}, "layer": "below"}
            for lane in lanes if lane.row % 2 == 0
        ],
        **_write_axes(lanes, palette, has_tray, has_handles),
    }  # fmt: skip
    layout["yaxis"]["range"] = [len(lanes) - 0.5 + edge_px / LANE_HEIGHT_PX, LANES_TOP - above_px / LANE_HEIGHT_PX]
    if title:
        layout["title"] = {"text": escape_text(title), "x": 0, "xref": "paper", "font": {"size": 16}}
    if period is not None:
        layout["xaxis"]["range"] = list(period)
    return layout


def _write_axes(lanes: Sequence[Lane], palette: Palette, has_tray: bool, has_handles: bool) -> dict[str, Any]:
    muted = {"color": palette.muted}
    lane_axis: dict[str, Any] = {
        "tickvals": [lane.row for lane in lanes], "ticktext": [escape_text(shorten(lane.label, 26)) for lane in lanes],
        "fixedrange": True, "showgrid": False, "zeroline": False,
        "automargin": True, "tickfont": {"size": 13}, "ticks": "",
    }  # fmt: skip
    dates = {
        "type": "date", "anchor": "y",
        "domain": [_GUTTER[1] if has_handles else 0, _TRAY[0] - 0.012 if has_tray else 1.0],
        "gridcolor": palette.grid, "zeroline": False, "tickfont": muted,
        "tickformatstops": _TICK_FORMATS, "showline": False, "ticks": "outside", "tickcolor": palette.grid,
    }  # fmt: skip
    axes = {"yaxis": lane_axis, "xaxis": dates}
    if has_handles:
        lane_axis["anchor"] = "x3"
        axes["xaxis3"] = {"domain": list(_GUTTER), "anchor": "y", "range": [0, 1], "fixedrange": True, "visible": False}
    if not has_tray:
        return axes
    tray = {
        "domain": list(_TRAY), "anchor": "y", "range": [-0.08, 1.08], "fixedrange": True, "showgrid": False,
        "zeroline": False, "tickvals": [0.5], "ticktext": ["undated"], "tickfont": muted | {"size": 11},
        "showline": True, "linecolor": palette.grid, "mirror": True, "ticklabelstandoff": 22,
    }  # fmt: skip
    return axes | {"xaxis2": tray}


_TICK_FORMATS = [
    {"dtickrange": [None, 604_800_000], "value": "%-d %b\n%Y"},
    {"dtickrange": [604_800_000, "M1"], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", "M12"], "value": "%b\n%Y"},
    {"dtickrange": ["M12", None], "value": "%Y"},
]
