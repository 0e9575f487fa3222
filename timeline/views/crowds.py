"""The timeline of more events than strokes can show: a marker for each, or counts of lanes over time.

The figures are written from arrays, without a record for each event: thousands of them are drawn in milliseconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline.ontology import QUAD_CLASSES
from timeline.views.lanes import OTHER, SLOT_STEP, UNNAMED, Lane, list_lanes, require_columns
from timeline.views.palette import QUAD_ORDER, Palette, fade_colour
from timeline.views.plotting import (
    Sketch,
    draw_handles,
    escape_text,
    pad_period,
    size_markers,
    sketch_empty,
    style_marker,
    write_layout,
    write_trace,
)

POINT_COLUMNS = ("event_id", "start", "end", "quad_class", "reports", "actual", "row")
_SLOTS = np.array([0, 1, -1, 2, -2, 3, -3, 4, -4])
_DAY_MS = 86_400_000
_STEPS: dict[str, Any] = {
    "day": np.timedelta64(1, "D"), "week": np.timedelta64(7, "D"),
    "month": np.timedelta64(1, "M"), "year": np.timedelta64(1, "Y"),
}  # fmt: skip
_HOVER_FORMATS = {"day": "%-d %b %Y", "week": "week from %-d %b %Y", "month": "%b %Y", "year": "%Y"}
_Floats = NDArray[np.float64]


def sketch_points(
    points: pd.DataFrame,
    actors: pd.DataFrame,
    palette: Palette,
    *,
    window: tuple[dt.date | None, dt.date | None] = (None, None),
    order: str = "activity",
    by: str = "event",
) -> Sketch:
    """Draw each event as one WebGL marker on its lane, at the middle of its days.

    Args:
        points: One row per event (`POINT_COLUMNS`), in order of time; `row` counts the actors in the order of
            `sort_actors`, then one for all others, then one for nobody named.
        actors: The actors with a lane, most active first.
        palette: Colours of the theme.
        window: First and last day of the axis; None takes the data's own.
        order: Order of lanes, see `sort_actors`.
        by: "published" where `start` and `end` are the day of the first report; the window is then not of the axis.

    Returns:
        A figure whose markers carry the event id as `customdata`, and lane handles their actor's; without events an
        empty one that says so.
    """
    require_columns(points, POINT_COLUMNS, "points")
    if points.empty:
        return sketch_empty("No events match these filters", palette)
    top = points["row"].to_numpy()
    lanes = list_lanes(actors, order, other=bool((top == len(actors)).any()), unnamed=bool((top > len(actors)).any()))
    row_of = {lane.actor_id: lane.row for lane in lanes}
    rows = top.copy()
    rows[top == len(actors)] = row_of.get(OTHER, 0)
    rows[top > len(actors)] = row_of.get(UNNAMED, 0)
    x, dated = _moments(points)
    y = rows + _slots(rows, x, dated) * SLOT_STEP
    quads = points["quad_class"].to_numpy()
    ids = points["event_id"].to_numpy().astype(np.str_)  # text of one width is copied and written faster
    columns = {
        "x": x, "y": y.astype(np.float32), "ids": ids,
        "sizes": (size_markers(points["reports"].to_numpy()) - 3).astype(np.uint8),
        "actual": points["actual"].to_numpy().astype(np.int8),
    }  # fmt: skip
    traces = [draw_handles(lanes, palette)] + [
        _draw_quad(quad, {name: column[chosen] for name, column in columns.items()}, axis, style_marker(quad, palette))
        for axis, part in (("x", dated), ("x2", ~dated))
        for quad in QUAD_ORDER
        if (chosen := part & (quads == quad)).any()
    ]
    period = _period(points[dated], window if by == "event" else (None, None)) if dated.any() else None
    layout = write_layout(lanes, palette, has_tray=not dated.all(), has_handles=True, period=period)
    return Sketch(traces, layout)


def _moments(points: pd.DataFrame) -> tuple[_Floats, NDArray[np.bool_]]:
    """The middle of each event's days in milliseconds since 1970, or its place in the tray; and which are dated."""
    start = points["start"].fillna(points["end"])
    end = points["end"].fillna(points["start"])
    dated = start.notna().to_numpy()
    days = [column.to_numpy().astype("datetime64[D]").astype(np.float64) for column in (start, end)]
    x = ((days[0] + days[1]) / 2 + 0.5) * _DAY_MS
    undated = int((~dated).sum())
    x[~dated] = (np.arange(undated) + 1) / (undated + 1)
    return x, dated


def _slots(rows: NDArray[np.int64], x: _Floats, dated: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Offsets that keep neighbours of one lane apart: each takes the next of nine slots, anew after a gap."""
    span = float(x[dated].max() - x[dated].min()) if dated.any() else 0.0
    cell = np.where(dated, x // max(_DAY_MS, span / 100), -1e9)
    order = np.lexsort((np.arange(len(rows)), cell, rows))
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = (np.diff(rows[order]) != 0) | (np.diff(cell[order]) != 0)
    firsts = np.flatnonzero(begins)
    counted = np.empty(len(rows), dtype=np.int64)
    counted[order] = np.arange(len(rows)) - firsts[np.cumsum(begins) - 1]
    return np.asarray(_SLOTS[counted % len(_SLOTS)])


def _draw_quad(quad: int, columns: Mapping[str, NDArray[Any]], axis: str, style: dict[str, Any]) -> dict[str, Any]:
    """The trace of events of one quad class, on the dated axis or in the tray."""
    # Faded by colour and not by opacity, which Plotly resets in all marks when one is clicked.
    marker = style | {
        "size": columns["sizes"],
        "opacity": 1,
        "color": columns["actual"],
        "colorscale": [[0, fade_colour(style["color"], 0.45)], [1, style["color"]]],
        "cmin": 0,
        "cmax": 1,
        "showscale": False,
    }
    when = "%{x|%d %b %Y}" if axis == "x" else "undated"
    return write_trace(
        type="scattergl", x=columns["x"], y=columns["y"], customdata=columns["ids"], mode="markers", xaxis=axis,
        name=QUAD_CLASSES[quad], legendgroup=str(quad), marker=marker,
        selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}},
        hovertemplate=f"{QUAD_CLASSES[quad]} · {when}<br>click for the evidence<extra></extra>",
    )  # fmt: skip


def _period(points: pd.DataFrame, window: tuple[dt.date | None, dt.date | None]) -> tuple[dt.datetime, dt.datetime]:
    low = points["start"].fillna(points["end"]).min().date()
    high = points["end"].fillna(points["start"]).max().date()
    return pad_period(window[0] or low, window[1] or high)


def sketch_counts(
    counts: pd.DataFrame, lanes: Sequence[Lane], palette: Palette, unit: str = "month", title: str = ""
) -> Sketch:
    """Draw a heat map of events per lane and time bin, for more events than can be told apart.

    Args:
        counts: `actor_id`, `bin` (first day of the bin), `events`; one row per pair.
        lanes: The rows; counts of other actors are left out.
        palette: Colours of the theme.
        unit: What a bin is: day, week, month or year.
        title: Drawn above the figure; for exports.

    Returns:
        A figure with clickable transparent markers whose `customdata` is the actor's id.
    """
    require_columns(counts, ("actor_id", "bin", "events"), "counts")
    if counts.empty or not lanes:
        return sketch_empty("No events match these filters", palette)
    bins = counts["bin"].to_numpy()
    filled = _fill_bins(bins, unit)
    places = np.searchsorted(filled, bins)
    table = _tabulate(counts, lanes, places, len(filled))
    moments = filled.astype("datetime64[ms]").astype(np.float64)
    some = moments[np.unique(places)]
    # By the root, or one busy month would pale all others; the bar beside it says which colour is how many.
    scale = [[step * step, fade_colour(palette.accent, 0.08 + 0.92 * step)] for step in (0, 0.25, 0.5, 0.75, 1)]
    hover = f"<b>%{{customdata}}</b><br>%{{x|{_HOVER_FORMATS[unit]}}}: %{{z:,.0f}} events<extra></extra>"
    rows = [lane.row for lane in lanes]
    names = [[escape_text(lane.label)] * len(filled) for lane in lanes]
    heat = {
        "type": "heatmap", "x": moments, "y": rows, "z": table, "customdata": names,
        "colorscale": scale, "hovertemplate": hover, "xgap": 1, "ygap": 3,
        "colorbar": {"title": {"text": f"per {escape_text(unit)}", "font": {"size": 12}}, "thickness": 10,
                     "outlinewidth": 0},
    }  # fmt: skip
    clickable = write_trace(
        type="scattergl", x=np.tile(some, len(lanes)), y=np.repeat(rows, len(some)),
        customdata=[lane.actor_id for lane in lanes for _ in some], mode="markers",
        marker={"size": 16, "opacity": 0.01, "color": palette.accent}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    handles = [] if title else [draw_handles(lanes, palette)]
    layout = write_layout(lanes, palette, has_handles=not title, title=title, edge_px=0)
    return Sketch([heat, clickable, *handles], layout)


def _fill_bins(bins: NDArray[np.datetime64], unit: str) -> NDArray[np.datetime64]:
    """All bins from the first to the last: a cell is drawn as wide as the next one is far."""
    step = _STEPS[unit]
    kind = f"datetime64[{np.datetime_data(step.dtype)[0]}]"
    return np.arange(bins.min().astype(kind), bins.max().astype(kind) + step, step).astype(bins.dtype)


def _tabulate(counts: pd.DataFrame, lanes: Sequence[Lane], bins: NDArray[np.int64], size: int) -> _Floats:
    """Events by lane and bin, out of `size` bins, gaps where there are none; `bins` is the place of each count's."""
    place_of = {lane.actor_id: place for place, lane in enumerate(lanes)}
    places = np.array([place_of.get(actor, -1) for actor in counts["actor_id"].tolist()])
    table = np.zeros((len(lanes), size))
    known = places >= 0
    np.add.at(table, (places[known], bins[known]), counts["events"].to_numpy()[known])
    return np.where(table > 0, table, np.nan)
