"""The actor-lane timeline as Plotly figures, at three levels of detail.

Up to `LANES_LIMIT` events each is a stroke from source to target, with bars for durations and whiskers for dates that
are only known roughly. Up to `MARKERS_LIMIT` each is a WebGL marker. Above, lanes show counts. Figures depend on the
data and the palette only, never on the selection: Plotly charts lose their zoom when their figure changes.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from timeline.ontology import QUAD_CLASSES
from timeline.views.key_labels import PLOT_WIDTH_PX, Label, Spot, bottom_of, choose_labels, height_of
from timeline.views.lanes import SLOT_STEP, Stroke, choose_lanes, date_by_report, list_rows, place_events
from timeline.views.palette import (
    DASH_OF_SIGN,
    QUAD_ORDER,
    Palette,
    Sign,
    fade_colour,
)
from timeline.views.plotting import (
    EDGE_PX,
    LANE_HEIGHT_PX,
    LANES_TOP,
    Sketch,
    as_array,
    draw_handles,
    escape_text,
    milliseconds,
    pad_period,
    size_markers,
    sketch_empty,
    style_marker,
    write_layout,
    write_trace,
)
from timeline.views.wording import BASIS_WORDS, REALIS_WORDS, as_date, count_noun, say_day, say_event, say_span, shorten

LANES_LIMIT = 600  # more strokes are a hedge: none of them can be followed
MARKERS_LIMIT = 10_000
_SHIFT_MS = 2.2 * 3_600_000  # a neighbour's sideways shift within its own day
_STUB = 0.42  # of a lane
_UNSELECTED = {"marker": {"opacity": 1}}  # the selection is marked by a style sheet, see `highlight`
Point = tuple[object, object]
_Part = tuple[str, Sequence[tuple[Stroke, float]]]  # an axis, and the strokes that stand on it with their x
_Row = Mapping[Hashable, Any]
Traces = list[dict[str, Any]]  # plain: Plotly's own objects check each property as it is set, which takes longer


def choose_detail(number_of_events: int) -> str:
    """The level of detail for so many events: "lanes", "markers" or "counts"."""
    if number_of_events <= LANES_LIMIT:
        return "lanes"
    return "markers" if number_of_events <= MARKERS_LIMIT else "counts"


def sketch_timeline(
    events: pd.DataFrame,
    actors: pd.DataFrame,
    palette: Palette,
    *,
    window: tuple[dt.date | None, dt.date | None] = (None, None),
    order: str = "activity",
    title: str = "",
    by: str = "event",
) -> Sketch:
    """Draw events on actor lanes, with strokes up to `LANES_LIMIT` events and plain markers above.

    Args:
        events: One row per event (`lanes.EVENT_COLUMNS`), any order.
        actors: The actors with a lane of their own, most active first.
        palette: Colours of the theme.
        window: First and last day of the axis; None takes the data's own.
        order: Order of lanes, see `choose_lanes`.
        title: Drawn above the figure; for exports, which have no lane handles.
        by: "event" places events on the days they happened, "published" on the day of their first report, with a
            line from the days they happened.

    Returns:
        A figure whose clickable markers carry the event id as `customdata`, and the handle of a lane its actor's,
        see `plotting.draw_handles`; without events an empty one that says so.
    """
    lanes = choose_lanes(actors, events, order)
    if not lanes:
        return sketch_empty("No events match these filters", palette)
    placed = events if by == "event" else date_by_report(events)
    strokes = place_events(placed, lanes)
    period = _axis_period(strokes, window if by == "event" else (None, None))
    labels: tuple[Label, ...] = ()
    traces: Traces = [] if title else [draw_handles(lanes, palette)]
    parts = tuple(_split(strokes))
    if choose_detail(len(events)) == "lanes":
        rows = list_rows(events)
        labels = _choose_labels(parts, rows, period)
        _add_leaders(traces, labels, parts, palette)
        _add_connectors(traces, parts, palette)
        if by == "event":
            _add_extents(traces, strokes, palette)
        else:
            _add_lags(traces, parts, events, palette)
        _add_heads(traces, parts, palette)
        _add_markers(traces, parts, rows, palette)
    else:
        _add_webgl_markers(traces, parts, events, palette)
    has_tray = any(stroke.first is None for stroke in strokes)
    layout = write_layout(
        lanes,
        palette,
        has_tray=has_tray,
        has_handles=not title,
        title=title,
        period=period,
        band_px=max(height_of(labels), _reach_above(strokes)),
    )
    layout["annotations"] = _write_labels(labels, parts, palette)
    return Sketch(traces, layout)


def describe_for_hover(row: Mapping[Hashable, Any]) -> str:
    """What a chart shows about an event on hover, in Plotly's small HTML; every text is escaped."""
    when = say_span(row["start"], row["end"], str(row["precision"]))
    basis = BASIS_WORDS.get(str(row["basis"]), "")
    lines = [
        f"<b>{escape_text(say_event(row['event_type'], list(row['source_names']), list(row['target_names'])))}</b>",
        " · ".join(filter(None, (when, basis))) if when != "undated" else "undated",
        " · ".join(filter(None, (QUAD_CLASSES[int(row["quad_class"])], REALIS_WORDS.get(str(row["realis"]))))),
    ]
    first = as_date(row.get("published"))
    if first is not None and first != as_date(row["start"]):
        lines.append(f"first reported {say_day(first)}")
    reports = int(row["reports"])
    if reports > 1:
        lines.append(f"{count_noun(reports, 'report')}{' · reports disagree' if row.get('contested') else ''}")
    lines.extend(f"<i>{escape_text(part)}</i>" for part in wrap_text(shorten(str(row["sentence"]), 150), 62))
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


def _split(strokes: Sequence[Stroke]) -> Iterator[_Part]:
    """Strokes with their x, once for the dated axis, in milliseconds since 1970, and once for the tray; empty parts are
    left out.

    Neighbours of one day stand a little apart within it; undated events are side by side in the tray, 0 to 1 from left
    to right.
    """
    dated = [
        (s, float(milliseconds(middle)) + _SHIFT_MS * s.offset / SLOT_STEP)  # type: ignore[arg-type]
        for s in strokes
        if (middle := s.middle) is not None
    ]
    undated = [s for s in strokes if s.first is None]
    if dated:
        yield "x", dated
    if undated:
        yield "x2", [(s, number / (len(undated) + 1)) for number, s in enumerate(undated, start=1)]


def _dated(parts: Sequence[_Part]) -> Sequence[tuple[Stroke, float]]:
    """The strokes of the dated axis, with their moments."""
    return next((part for axis, part in parts if axis == "x"), ())


def _add_connectors(traces: Traces, parts: Sequence[_Part], palette: Palette) -> None:
    for axis, part in parts:
        for sign in Sign:
            of_sign = [(s, x) for s, x in part if s.sign == sign]
            segments = [
                ((x, rows[0] + s.offset), (x, rows[-1] + s.offset)) for s, x in of_sign if len(rows := s.rows) > 1
            ]
            # From a source that is not named a short stroke comes in from above.
            segments += [
                ((x, row + s.offset - _STUB), (x, row + s.offset))
                for s, x in of_sign
                if not s.source_rows
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


def _add_lags(traces: Traces, parts: Sequence[_Part], events: pd.DataFrame, palette: Palette) -> None:
    """Thin lines from the day of an event to that of its first report: how far the news looks back, or ahead."""
    happened = [as_date(a) or as_date(b) for a, b in zip(events["start"], events["end"], strict=True)]
    for sign in Sign:
        lines = [
            ((dt.datetime.combine(day, dt.time(12)), y), (x, y))
            for s, x in _dated(parts)
            if s.sign == sign and s.first is not None and (day := happened[s.index]) and abs((s.first - day).days) > 1
            for y in _marker_heights(s)
        ]
        _add_segments(traces, lines, {"color": fade_colour(palette.of_sign(sign), 0.5), "width": 1.4}, "x")


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
        x=as_array(xs), y=as_array(ys), mode="lines+markers" if caps else "lines", line=line, marker=marker,
        xaxis=axis, yaxis="y",
        hoverinfo="skip", showlegend=False,
    ))  # fmt: skip


def _add_heads(traces: Traces, parts: Sequence[_Part], palette: Palette) -> None:
    """An arrow head at each target that is not a source too, pointing away from the source."""
    for axis, part in parts:
        heads = [
            (x, row + s.offset, s, "triangle-up" if s.source_rows and row < s.source_rows[0] else "triangle-down")
            for s, x in part
            for row in s.target_rows
            if row not in s.source_rows
        ]
        if heads:
            traces.append(write_trace(
                x=as_array(h[0] for h in heads), y=as_array(h[1] for h in heads),
                customdata=np.array([h[2].event_id for h in heads]),
                mode="markers", xaxis=axis, yaxis="y", hoverinfo="skip", showlegend=False,
                marker={"symbol": np.array([h[3] for h in heads]), "size": 8, "opacity": 1,
                        "color": np.array([palette.of_sign(h[2].sign) for h in heads]), "line": {"width": 0}},
                unselected=_UNSELECTED, selected=_UNSELECTED,
            ))  # fmt: skip


def _marker_heights(stroke: Stroke) -> list[float]:
    """Where an event's markers go: on its sources' lanes, or above the target's where no source is named."""
    if stroke.source_rows:
        return [row + stroke.offset for row in stroke.source_rows]
    return [row + stroke.offset - _STUB for row in stroke.target_rows]


def _reach_above(strokes: Sequence[Stroke]) -> int:
    """Pixels that marks need above the lanes: where no source is named, they stand above the target's."""
    is_above = any(0 in stroke.target_rows and not stroke.source_rows for stroke in strokes)
    return EDGE_PX + math.ceil(_STUB * LANE_HEIGHT_PX) if is_above else 0


def _add_markers(traces: Traces, parts: Sequence[_Part], rows: Sequence[_Row], palette: Palette) -> None:
    shown: set[int] = set()
    quads = [int(row["quad_class"]) for row in rows]
    for axis, part in parts:
        for quad in QUAD_ORDER:
            spots = [(s, x, y) for s, x in part if quads[s.index] == quad for y in _marker_heights(s)]
            if not spots:
                continue
            faded = fade_colour(palette.of_quad(quad), 0.45)
            traces.append(write_trace(
                x=as_array(x for _, x, _ in spots), y=as_array(y for _, _, y in spots),
                customdata=np.array([s.event_id for s, _, _ in spots]),
                text=np.array([describe_for_hover(rows[s.index]) for s, _, _ in spots]),
                hovertemplate="%{text}<extra></extra>", mode="markers", xaxis=axis, yaxis="y",
                name=QUAD_CLASSES[quad], legendgroup=str(quad), showlegend=quad not in shown,
                marker=style_marker(quad, palette) | {
                    "size": size_markers(np.array([int(rows[s.index]["reports"]) for s, _, _ in spots])),
                    "opacity": 1,
                    "color": np.array([
                        palette.of_quad(quad) if rows[s.index]["realis"] in ("actual", None) else faded
                        for s, _, _ in spots
                    ]),
                },
                unselected=_UNSELECTED, selected=_UNSELECTED,
            ))  # fmt: skip
            shown.add(quad)


def _choose_labels(
    parts: Sequence[_Part], rows: Sequence[_Row], period: tuple[dt.datetime, dt.datetime] | None
) -> tuple[Label, ...]:
    """The key events that are named above the lanes."""
    if period is None:
        return ()
    low, high = (float(milliseconds(end)) for end in period)  # type: ignore[arg-type]
    scale = PLOT_WIDTH_PX / (high - low)
    return choose_labels(
        [
            Spot((x - low) * scale, min(heights), rows[s.index])
            for s, x in _dated(parts)
            if low <= x <= high and (heights := _marker_heights(s))
        ]
    )


def _write_labels(labels: Sequence[Label], parts: Sequence[_Part], palette: Palette) -> list[dict[str, Any]]:
    """Names as annotations: a leader from each down to the lanes."""
    moments = {s.event_id: x for s, x in _dated(parts)}
    line = {"arrowhead": 0, "arrowwidth": 1, "arrowcolor": fade_colour(palette.muted, 0.7), "standoff": 0}
    return [
        {"text": escape_text(label.text), "font": {"size": 11, "color": palette.text}, "borderpad": 0, **line,
         "x": moments[str(label.spot.event["event_id"])], "y": LANES_TOP, "xref": "x", "yref": "y",
         "ax": label.aside, "ay": -bottom_of(label.row), "xanchor": label.anchor, "yanchor": "bottom"}
        for label in labels
    ]  # fmt: skip


def _add_leaders(traces: Traces, labels: Sequence[Label], parts: Sequence[_Part], palette: Palette) -> None:
    """From the upper edge of the lanes down to the mark that is named; a label's leader ends there."""
    moments = {s.event_id: x for s, x in _dated(parts)}
    places = [(moments[str(label.spot.event["event_id"])], label.spot.y) for label in labels]
    segments = [((x, LANES_TOP), (x, y)) for x, y in places]
    _add_segments(traces, segments, {"color": fade_colour(palette.muted, 0.7), "width": 1}, "x")


def _add_webgl_markers(traces: Traces, parts: Sequence[_Part], events: pd.DataFrame, palette: Palette) -> None:
    shown: set[int] = set()
    quads = [int(q) for q in events["quad_class"]]
    for axis, part in parts:
        for quad in QUAD_ORDER:
            spots = [(s, x) for s, x in part if quads[s.index] == quad and s.rows]
            if not spots:
                continue
            traces.append(write_trace(
                type="scattergl",
                x=as_array(x for _, x in spots),
                y=as_array((s.source_rows or s.target_rows)[0] + s.offset for s, _ in spots),
                customdata=np.array([s.event_id for s, _ in spots]), mode="markers", xaxis=axis, yaxis="y",
                name=QUAD_CLASSES[quad], legendgroup=str(quad), showlegend=quad not in shown,
                hovertemplate=f"{QUAD_CLASSES[quad]} · %{{x|%d %b %Y}}<br>click for the evidence<extra></extra>",
                marker=style_marker(quad, palette) | {"size": 6},
                unselected={"marker": {"opacity": 0.35}},
            ))  # fmt: skip
            shown.add(quad)


def _axis_period(
    strokes: Sequence[Stroke], window: tuple[dt.date | None, dt.date | None]
) -> tuple[dt.datetime, dt.datetime] | None:
    firsts = [s.first for s in strokes if s.first is not None]
    lasts = [s.last for s in strokes if s.last is not None]
    return pad_period(window[0] or min(firsts), window[1] or max(lasts)) if firsts and lasts else None
