"""The actor-lane timeline as Plotly figures, at three levels of detail.

Up to `LANES_LIMIT` events each is a stroke from source to target, with bars for durations and whiskers for dates that
are only known roughly. Up to `MARKERS_LIMIT` each is a WebGL marker. Above, lanes show counts. Figures depend on the
data and the palette only, never on the selection: Plotly charts lose their zoom when their figure changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from timeline.ontology import QUAD_CLASSES
from timeline.views.key_labels import PLOT_WIDTH_PX, Spot, choose_labels
from timeline.views.lanes import Lane, Stroke, choose_lanes, place_events
from timeline.views.palette import (
    DASH_OF_SIGN,
    QUAD_ORDER,
    SIGN_OF_QUAD,
    SYMBOL_OF_QUAD,
    Palette,
    Sign,
    fade_colour,
)
from timeline.views.wording import BASIS_WORDS, REALIS_WORDS, count_noun, say_event, say_span, shorten

LANES_LIMIT = 1500
MARKERS_LIMIT = 10_000
LANE_HEIGHT_PX = 38
_FONT = "'Source Sans', 'Source Sans 3', 'Segoe UI', Helvetica, Arial, sans-serif"
_SHIFT_HOURS = 2.2  # a neighbour's sideways shift within its own day
_TRAY = (0.945, 1.0)
_STUB = 0.42  # of a lane
_EPOCH, _MILLISECOND = dt.datetime(1970, 1, 1), dt.timedelta(milliseconds=1)
_NAMELESS: Mapping[Hashable, Any] = {}
Point = tuple[object, object]
Traces = list[dict[str, Any]]  # plain: Plotly's own objects check each property as it is set, which takes longer


def choose_detail(number_of_events: int) -> str:
    """The level of detail for so many events: "lanes", "markers" or "counts"."""
    if number_of_events <= LANES_LIMIT:
        return "lanes"
    return "markers" if number_of_events <= MARKERS_LIMIT else "counts"


def draw_timeline(
    events: pd.DataFrame,
    actors: pd.DataFrame,
    palette: Palette,
    *,
    window: tuple[dt.date | None, dt.date | None] = (None, None),
    order: str = "activity",
    title: str = "",
) -> go.Figure:
    """Draw events on actor lanes, with strokes up to `LANES_LIMIT` events and plain markers above.

    Args:
        events: One row per event (`lanes.EVENT_COLUMNS`), any order.
        actors: The actors with a lane of their own, most active first.
        palette: Colours of the theme.
        window: First and last day of the axis; None takes the data's own.
        order: Order of lanes, see `choose_lanes`.
        title: Drawn above the figure; for exports.

    Returns:
        A figure whose clickable markers carry the event id as `customdata`; without events an empty one that says so.
    """
    lanes = choose_lanes(actors, events, order)
    if not lanes:
        return draw_empty("No events match these filters", palette)
    strokes = place_events(events, lanes)
    traces: Traces = []
    if choose_detail(len(events)) == "lanes":
        _add_connectors(traces, strokes, palette)
        _add_extents(traces, strokes, palette)
        _add_heads(traces, strokes, palette)
        _add_markers(traces, strokes, events, palette)
        _add_labels(traces, strokes, events, palette, _axis_period(strokes, window))
    else:
        _add_webgl_markers(traces, strokes, events, palette)
    has_tray = any(stroke.first is None for stroke in strokes)
    layout = write_layout(lanes, palette, has_tray=has_tray, title=title, period=_axis_period(strokes, window))
    return go.Figure(data=traces, layout=layout)


def draw_empty(message: str, palette: Palette) -> go.Figure:
    """A figure without data that says why."""
    figure = go.Figure()
    figure.add_annotation(text=escape(message), showarrow=False, font={"size": 15, "color": palette.muted})
    figure.update_layout(
        height=220, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", margin={"l": 0, "r": 0, "t": 0, "b": 0}
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure


def describe_for_hover(row: Mapping[Hashable, Any]) -> str:
    """What a chart shows about an event on hover, in Plotly's small HTML; every text is escaped."""
    when = say_span(row["start"], row["end"], str(row["precision"]))
    basis = BASIS_WORDS.get(str(row["basis"]), "")
    lines = [
        f"<b>{escape(say_event(row['event_type'], list(row['source_names']), list(row['target_names'])))}</b>",
        " · ".join(filter(None, (when, basis))) if when != "undated" else "undated",
        " · ".join(filter(None, (QUAD_CLASSES[int(row["quad_class"])], REALIS_WORDS.get(str(row["realis"]))))),
    ]
    reports = int(row["reports"])
    if reports > 1:
        lines.append(f"{count_noun(reports, 'report')}{' · reports disagree' if row.get('contested') else ''}")
    lines.extend(f"<i>{escape(part)}</i>" for part in wrap_text(shorten(str(row["sentence"]), 150), 62))
    return "<br>".join(lines)


def wrap_text(text: str, width: int) -> list[str]:
    """Break text at words into lines of about `width` characters; longer words stay whole."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


# --- where things are drawn -------------------------------------------------------------------------------------


def _when(stroke: Stroke) -> object:
    """The marker's place in time; neighbours stand a little apart within the day. None for undated events."""
    middle = stroke.middle
    return None if middle is None else middle + dt.timedelta(hours=_SHIFT_HOURS * stroke.offset / 0.105)


def _tray_positions(strokes: Iterable[Stroke]) -> dict[str, float]:
    """Undated events side by side in their tray, 0 to 1 from left to right."""
    undated = [stroke.event_id for stroke in strokes if stroke.first is None]
    return {event_id: (i + 1) / (len(undated) + 1) for i, event_id in enumerate(undated)}


def _split(strokes: Sequence[Stroke]) -> Iterator[tuple[str, list[tuple[Stroke, object]]]]:
    """Strokes with their x, once for the dated axis and once for the tray; empty parts are left out."""
    tray = _tray_positions(strokes)
    dated = [(s, _when(s)) for s in strokes if s.first is not None]
    undated: list[tuple[Stroke, object]] = [(s, tray[s.event_id]) for s in strokes if s.first is None]
    for axis, part in (("x", dated), ("x2", undated)):
        if part:
            yield axis, part


def _add_connectors(traces: Traces, strokes: Sequence[Stroke], palette: Palette) -> None:
    for axis, part in _split(strokes):
        for sign in Sign:
            segments = [
                ((x, s.rows[0] + s.offset), (x, s.rows[-1] + s.offset))
                for s, x in part
                if s.sign == sign and len(s.rows) > 1
            ]
            # From a source that is not named a short stroke comes in from above.
            segments += [
                ((x, row + s.offset - _STUB), (x, row + s.offset))
                for s, x in part
                if s.sign == sign and not s.source_rows
                for row in s.target_rows
            ]
            line = {"color": fade_colour(palette.of_sign(sign), 0.75), "width": 1.4, "dash": DASH_OF_SIGN[sign]}
            _add_segments(traces, segments, line, axis)


def _add_extents(traces: Traces, strokes: Sequence[Stroke], palette: Palette) -> None:
    """Bars over the days an exact event fills; capped whiskers over those a vague one lies somewhere in."""
    long = [s for s in strokes if s.first is not None and s.last is not None and s.last > s.first]
    for sign in Sign:
        colour = palette.of_sign(sign)
        bars = [pair for s in long if s.exact and s.sign == sign for pair in _extent(s)]
        whiskers = [pair for s in long if not s.exact and s.sign == sign for pair in _extent(s)]
        _add_segments(traces, bars, {"color": fade_colour(colour, 0.35), "width": 9}, "x")
        _add_segments(traces, whiskers, {"color": fade_colour(colour, 0.55), "width": 1.6}, "x", caps=True)


def _days_of(stroke: Stroke) -> tuple[dt.datetime, dt.datetime]:
    assert stroke.first is not None
    assert stroke.last is not None
    return dt.datetime.combine(stroke.first, dt.time()), dt.datetime.combine(stroke.last, dt.time(23, 59))


def _extent(stroke: Stroke) -> Iterator[tuple[Point, Point]]:
    start, end = _days_of(stroke)
    for row in stroke.source_rows or stroke.target_rows:
        yield (start, row + stroke.offset), (end, row + stroke.offset)


def _add_segments(
    traces: Traces,
    segments: Sequence[tuple[Point, Point]],
    line: dict[str, object],
    axis: str,
    caps: bool = False,
) -> None:
    """One trace for all segments: a trace per segment would be slow."""
    if not segments:
        return
    xs = [x for (x0, _), (x1, _) in segments for x in (x0, x1, None)]
    ys = [y for (_, y0), (_, y1) in segments for y in (y0, y1, None)]
    marker = {"symbol": "line-ns-open", "size": 8, "color": line["color"]} if caps else None
    traces.append(write_trace(
        x=_as_array(xs), y=_as_array(ys), mode="lines+markers" if caps else "lines", line=line, marker=marker,
        xaxis=axis, yaxis="y",
        hoverinfo="skip", showlegend=False,
    ))  # fmt: skip


def _add_heads(traces: Traces, strokes: Sequence[Stroke], palette: Palette) -> None:
    """An arrow head at each target that is not a source too, pointing away from the source."""
    for axis, part in _split(strokes):
        heads = [
            (x, row + s.offset, s, "triangle-up" if s.source_rows and row < s.source_rows[0] else "triangle-down")
            for s, x in part
            for row in s.target_rows
            if row not in s.source_rows
        ]
        if heads:
            traces.append(write_trace(
                x=_as_array(h[0] for h in heads), y=_as_array(h[1] for h in heads),
                customdata=np.array([h[2].event_id for h in heads]),
                mode="markers", xaxis=axis, yaxis="y", hoverinfo="skip", showlegend=False,
                marker={"symbol": np.array([h[3] for h in heads]), "size": 8, "opacity": 1,
                        "color": np.array([palette.of_sign(h[2].sign) for h in heads]), "line": {"width": 0}},
                unselected={"marker": {"opacity": 0.5}},
            ))  # fmt: skip


def _marker_heights(stroke: Stroke) -> list[float]:
    """Where an event's markers go: on its sources' lanes, or above the target's where no source is named."""
    if stroke.source_rows:
        return [row + stroke.offset for row in stroke.source_rows]
    return [row + stroke.offset - _STUB for row in stroke.target_rows]


def _add_markers(traces: Traces, strokes: Sequence[Stroke], events: pd.DataFrame, palette: Palette) -> None:
    shown: set[int] = set()
    quads = [int(q) for q in events["quad_class"]]
    rows = events.to_dict("records")
    for axis, part in _split(strokes):
        for quad in QUAD_ORDER:
            spots = [(s, x, y) for s, x in part if quads[s.index] == quad for y in _marker_heights(s)]
            if not spots:
                continue
            traces.append(write_trace(
                x=_as_array(x for _, x, _ in spots), y=_as_array(y for _, _, y in spots),
                customdata=np.array([s.event_id for s, _, _ in spots]),
                text=np.array([describe_for_hover(rows[s.index]) for s, _, _ in spots]),
                hovertemplate="%{text}<extra></extra>", mode="markers", xaxis=axis, yaxis="y",
                name=QUAD_CLASSES[quad], legendgroup=str(quad), showlegend=quad not in shown,
                marker=style_marker(quad, palette) | {
                    "size": size_markers(np.array([int(rows[s.index]["reports"]) for s, _, _ in spots])),
                    "opacity": _as_array(
                        1.0 if rows[s.index]["realis"] in ("actual", None) else 0.45 for s, _, _ in spots
                    ),
                },
                unselected={"marker": {"opacity": 0.35}}, selected={"marker": {"opacity": 1}},
            ))  # fmt: skip
            shown.add(quad)


def _add_labels(
    traces: Traces,
    strokes: Sequence[Stroke],
    events: pd.DataFrame,
    palette: Palette,
    period: tuple[dt.datetime, dt.datetime] | None,
) -> None:
    """The names of key events, beside their marks where there is room."""
    if period is None:
        return
    rows = events.to_dict("records")
    low, high = (float(_milliseconds(end)) for end in period)  # type: ignore[arg-type]
    scale = PLOT_WIDTH_PX / (high - low)
    moments = {s.event_id: float(_milliseconds(_when(s))) for s in strokes if s.first}  # type: ignore[arg-type]
    spots, lines = [], []
    for stroke in (s for s in strokes if s.first is not None):
        x = (moments[stroke.event_id] - low) * scale
        heights = [*_marker_heights(stroke), *(row + stroke.offset for row in stroke.target_rows)]
        spots += [Spot(x, y, rows[stroke.index]) for y in dict.fromkeys(heights)]
        lines.append((x, min(heights), max(heights)))
        if not stroke.exact or stroke.last != stroke.first:
            # A bar or whisker takes room as a row of marks would; nothing is named by them.
            first, last = ((float(_milliseconds(day)) - low) * scale for day in _days_of(stroke))  # type: ignore[arg-type]
            spots += [Spot(float(e), heights[0], _NAMELESS) for e in np.arange(max(first, -9), min(last, 2e3), 9)]
    labels = choose_labels(spots, lines)
    for side in ("right", "left"):
        chosen = [label for label in labels if label.side == side]
        if chosen:
            gap = "\u2002\u2002"  # the mark's own room
            traces.append(write_trace(
                x=np.array([moments[str(label.spot.event["event_id"])] for label in chosen]),
                y=np.array([label.spot.y for label in chosen]),
                text=[f"{gap}{escape(c.text)}" if side == "right" else f"{escape(c.text)}{gap}" for c in chosen],
                mode="text", textposition=f"middle {side}", textfont={"size": 11, "color": palette.text},
                hoverinfo="skip", showlegend=False, cliponaxis=True,
            ))  # fmt: skip


def _add_webgl_markers(traces: Traces, strokes: Sequence[Stroke], events: pd.DataFrame, palette: Palette) -> None:
    shown: set[int] = set()
    quads = [int(q) for q in events["quad_class"]]
    for axis, part in _split(strokes):
        for quad in QUAD_ORDER:
            spots = [(s, x) for s, x in part if quads[s.index] == quad and s.rows]
            if not spots:
                continue
            traces.append(write_trace(
                type="scattergl",
                x=_as_array(x for _, x in spots),
                y=_as_array((s.source_rows or s.target_rows)[0] + s.offset for s, _ in spots),
                customdata=np.array([s.event_id for s, _ in spots]), mode="markers", xaxis=axis, yaxis="y",
                name=QUAD_CLASSES[quad], legendgroup=str(quad), showlegend=quad not in shown,
                hovertemplate=f"{QUAD_CLASSES[quad]} · %{{x|%d %b %Y}}<br>click for the evidence<extra></extra>",
                marker=style_marker(quad, palette) | {"size": 6},
                unselected={"marker": {"opacity": 0.35}},
            ))  # fmt: skip
            shown.add(quad)


def write_trace(**values: Any) -> dict[str, Any]:
    return {"type": "scatter", "xaxis": "x", "yaxis": "y"} | values


def _as_array(values: Iterable[object]) -> NDArray[np.float64]:
    """Values as numbers, which Plotly takes without checking each and sends as bytes; None is a gap.

    Moments become milliseconds since 1970, which date axes read, and which take a third of the bytes of ISO text.
    """
    return np.array([np.nan if v is None else _milliseconds(v) for v in values], dtype=np.float64)


def _milliseconds(value: object) -> object:
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


# --- how it is dressed ------------------------------------------------------------------------------------------


def _axis_period(
    strokes: Sequence[Stroke], window: tuple[dt.date | None, dt.date | None]
) -> tuple[dt.datetime, dt.datetime] | None:
    firsts = [s.first for s in strokes if s.first is not None]
    lasts = [s.last for s in strokes if s.last is not None]
    return pad_period(window[0] or min(firsts), window[1] or max(lasts)) if firsts and lasts else None


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


def write_layout(
    lanes: Sequence[Lane],
    palette: Palette,
    *,
    has_tray: bool = False,
    title: str = "",
    period: tuple[dt.datetime, dt.datetime] | None = None,
) -> dict[str, Any]:
    """The layout of a figure of lanes.

    Args:
        lanes: The rows.
        palette: Colours of the theme.
        has_tray: Whether a second axis at the right takes undated events.
        title: Drawn above the figure, with a legend; for exports.
        period: Both ends of the time axis; None takes the data's own.
    """
    top = 74 if title else 10
    layout: dict[str, Any] = {
        "showlegend": bool(title),  # on the page the legend stands above the chart, where it can wrap
        "height": len(lanes) * LANE_HEIGHT_PX + top + 52,
        "margin": {"l": 8, "r": 8, "t": top, "b": 52},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": _FONT, "size": 13, "color": palette.text},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": palette.surface, "bordercolor": palette.grid, "align": "left",
                       "font": {"family": _FONT, "size": 13, "color": palette.text}},
        "dragmode": "zoom", "clickmode": "event+select",
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 12},
                   "itemsizing": "constant"},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": palette.muted, "activecolor": palette.accent},
        "shapes": [
            {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": lane.row - 0.5, "y1": lane.row + 0.5,
             "fillcolor": palette.surface, "line": {"width": 0}, "layer": "below"}
            for lane in lanes if lane.row % 2 == 0
        ],
        **_write_axes(lanes, palette, has_tray),
    }  # fmt: skip
    if title:
        layout["title"] = {"text": escape(title), "x": 0, "xref": "paper", "font": {"size": 16}}
    if period is not None:
        layout["xaxis"]["range"] = list(period)
    return layout


def _write_axes(lanes: Sequence[Lane], palette: Palette, has_tray: bool) -> dict[str, Any]:
    muted = {"color": palette.muted}
    lane_axis = {
        "tickvals": [lane.row for lane in lanes], "ticktext": [escape(shorten(lane.label, 26)) for lane in lanes],
        "range": [len(lanes) - 0.5, -0.5], "fixedrange": True, "showgrid": False, "zeroline": False,
        "automargin": True, "tickfont": {"size": 13},
    }  # fmt: skip
    dates = {
        "type": "date", "anchor": "y", "domain": [0, _TRAY[0] - 0.012 if has_tray else 1.0],
        "gridcolor": palette.grid, "zeroline": False, "tickfont": muted,
        "tickformatstops": _TICK_FORMATS, "showline": False, "ticks": "outside", "tickcolor": palette.grid,
    }  # fmt: skip
    if not has_tray:
        return {"yaxis": lane_axis, "xaxis": dates}
    tray = {
        "domain": list(_TRAY), "anchor": "y", "range": [-0.08, 1.08], "fixedrange": True, "showgrid": False,
        "zeroline": False, "tickvals": [0.5], "ticktext": ["undated"], "tickfont": muted | {"size": 11},
        "showline": True, "linecolor": palette.grid, "mirror": True, "ticklabelstandoff": 22,
    }  # fmt: skip
    return {"yaxis": lane_axis, "xaxis": dates, "xaxis2": tray}


_TICK_FORMATS = [
    {"dtickrange": [None, 604_800_000], "value": "%-d %b\n%Y"},
    {"dtickrange": [604_800_000, "M1"], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", "M12"], "value": "%b\n%Y"},
    {"dtickrange": ["M12", None], "value": "%Y"},
]
