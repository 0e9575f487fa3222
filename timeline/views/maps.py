"""A map of located events on embedded outlines; no tile server, nothing fetched.

Outlines are Natural Earth's of 1:50 million (public domain), by way of the package world-atlas (ISC), kept as
quantised lines: `coasts` belong to one country, `borders` to two. They show lines as drawn there and take no side.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline.views.lanes import require_columns
from timeline.views.network_figures import PLOTLY_SIDES
from timeline.views.node_labels import place_labels
from timeline.views.palette import SIGN_OF_QUAD, Palette, Sign
from timeline.views.plotting import FONT, Sketch, escape_text, sketch_empty
from timeline.views.wording import clean_text, count_noun

COLUMNS = ("place_key", "place", "country", "latitude", "longitude", "quad_class", "events")
HEIGHT_PX = 620
_SHAPE = 1.12  # width of the drawing by its height, on a common screen
_EDGE = 0.05  # of the drawing: nearer to its edge a mark or its name would be cut
_SYMBOLS = {Sign.COOPERATION: "circle", Sign.CONFLICT: "diamond", Sign.NEUTRAL: "square"}
_SOURCE = "Outlines: Natural Earth"
Box = tuple[float, float, float, float]  # west, south, east, north
_Lines = NDArray[np.float64]


def tabulate_places(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per place, most events first: counts by sign, `events`, and `sign`, that of most of them.

    Args:
        counts: From `count_places`.
    """
    require_columns(counts, COLUMNS, "counts")
    signs = [sign.value for sign in (Sign.COOPERATION, Sign.NEUTRAL, Sign.CONFLICT)]
    where = ["place_key", "place", "country", "latitude", "longitude"]
    if counts.empty:
        return pd.DataFrame(columns=[*where, *signs, "events", "sign"])
    located = counts.dropna(subset=where)
    sign_of = np.array([signs.index(SIGN_OF_QUAD[quad].value) for quad in sorted(SIGN_OF_QUAD)])
    _, first, row = np.unique(located["place_key"], return_index=True, return_inverse=True)
    numbers = np.zeros((len(first), len(signs)), dtype=np.int64)
    np.add.at(numbers, (row, sign_of[located["quad_class"]]), located["events"])
    table = located[where].iloc[first].reset_index(drop=True)
    table[signs] = numbers
    table = table.assign(events=numbers.sum(axis=1), sign=np.array(signs, dtype=object)[numbers.argmax(axis=1)])
    return table.sort_values(["events", "place"], ascending=[False, True], ignore_index=True)


def sketch_map(places: pd.DataFrame, palette: Palette) -> Sketch:
    """Draw places as marks on a map around them, area by events, colour and shape by the kind of most of them.

    Args:
        places: From `tabulate_places`.
        palette: Colours of the theme.

    Returns:
        A figure whose marks carry the place's key as `customdata`; without places an empty one that says so.
    """
    if places.empty:
        return sketch_empty("No event under these filters has a known place", palette)
    box = frame_places(places)
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False, "x": lines[:, 0],
         "y": lines[:, 1], "line": {"color": palette.muted, "width": width, "dash": dash}}
        for name, width, dash in (("coasts", 1.1, "solid"), ("borders", 0.9, "dot"))
        if len(lines := crop_lines(name, box).astype(np.float32))  # to some metres, in half the bytes
    ]  # fmt: skip
    sides = _choose_sides(places, box)
    for sign in Sign:
        part = places[places["sign"] == sign.value]
        if len(part):
            traces.append(_draw_places(part, sign, sides, float(places["events"].max()), palette))
    return Sketch(traces, _write_layout(box, palette))


def _draw_places(part: pd.DataFrame, sign: Sign, sides: dict[str, str], top: float, palette: Palette) -> dict[str, Any]:
    rows = part.to_dict("records")
    hover = [
        f"<b>{escape_text(clean_text(str(r['place'])))}</b>, {escape_text(str(r['country']))}<br>"
        f"{count_noun(int(r['events']), 'event')}: {r['cooperation']} cooperation, {r['neutral']} neutral, "
        f"{r['conflict']} conflict<br>click for the events"
        for r in rows
    ]
    keys = [str(r["place_key"]) for r in rows]
    names = [
        escape_text(clean_text(str(r["place"]))) if key in sides else "" for r, key in zip(rows, keys, strict=True)
    ]
    return {
        "type": "scatter", "mode": "markers+text", "x": part["longitude"].to_numpy(),
        "y": part["latitude"].to_numpy(), "customdata": part["place_key"].to_numpy(), "text": names,
        "textposition": [PLOTLY_SIDES[sides.get(key, "top")] for key in keys],
        "textfont": {"size": 11, "color": palette.text}, "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>", "name": f"mostly {sign.value}",
        "marker": {"symbol": _SYMBOLS[sign], "color": palette.of_sign(sign), "opacity": 0.82,
                   "size": size_places(part["events"].to_numpy(), top),
                   "line": {"color": palette.background, "width": 1}},
        "unselected": {"marker": {"opacity": 0.82}, "textfont": {"color": palette.text}},
    }  # fmt: skip


def size_places(events: NDArray[np.int64], top: float) -> NDArray[np.float64]:
    """Diameters in pixels, 8 to 32: area grows with the number of events."""
    return np.asarray(8 + 24 * np.sqrt(events / top))


def _choose_sides(places: pd.DataFrame, box: Box) -> dict[str, str]:
    """Which places are named, and where, so that no names overlap on the part of the earth shown at first."""
    west, south, east, north = box
    x = (places["longitude"].to_numpy() - west) / (east - west)
    y = (north - places["latitude"].to_numpy()) / (north - south)
    keys = [str(key) for key in places["place_key"]]
    sizes = size_places(places["events"].to_numpy(), float(places["events"].max()))
    return place_labels(
        keys, dict(zip(keys, zip(x.tolist(), y.tolist(), strict=True), strict=True)),
        dict(zip(keys, sizes.tolist(), strict=True)), dict(zip(keys, places["place"], strict=True)),
        always=0, margin_px=0,
    )  # fmt: skip


def frame_places(places: pd.DataFrame) -> Box:
    """The part of the earth to open on: where nine tenths of the events are, at least four degrees wide and high.

    It has the shape of the drawing, so that names are placed on all that will be seen; a place that its edge would
    cut is taken in whole.
    """
    box = _widen(_find_middle(places))
    for _ in range(2):  # what is taken in may bring others to an edge
        box = _widen(_take_in(box, places))
    return box


def _take_in(box: Box, places: pd.DataFrame) -> Box:
    """A box moved out to where no place lies on its edge, or so near to it that its name would be cut."""
    west, south, east, north = box
    x, y = (places[axis].to_numpy(dtype=np.float64) for axis in ("longitude", "latitude"))
    dx, dy = (east - west) * _EDGE, (north - south) * _EDGE
    seen = (x > west - dx) & (x < east + dx) & (y > south - dy) & (y < north + dy)
    x, y = x[seen], y[seen]
    if not len(x):
        return box
    return (
        max(-180.0, min(west, x.min() - dx)), max(-90.0, min(south, y.min() - dy)),
        min(180.0, max(east, x.max() + dx)), min(90.0, max(north, y.max() + dy)),
    )  # fmt: skip


def _widen(box: Box) -> Box:
    """A box made as wide or as high as the drawing's shape asks for, about its middle."""
    west, south, east, north = box
    shape = _SHAPE / max(0.2, math.cos(math.radians((south + north) / 2)))  # degrees wide by degrees high
    wide, high = max(east - west, (north - south) * shape), max(north - south, (east - west) / shape)
    x, y = (west + east) / 2, (south + north) / 2
    return (
        max(-180.0, x - wide / 2), max(-90.0, y - high / 2), min(180.0, x + wide / 2), min(90.0, y + high / 2)
    )  # fmt: skip


def _find_middle(places: pd.DataFrame) -> Box:
    ends = []
    for axis, limit in (("longitude", 180.0), ("latitude", 90.0)):
        ordered = places.sort_values(axis)
        share = ordered["events"].cumsum().to_numpy() / ordered["events"].sum()
        low, high = (
            float(ordered[axis].iloc[min(int(np.searchsorted(share, s)), len(share) - 1)]) for s in (0.05, 0.95)
        )
        margin = max(0.8, (high - low) * 0.12, (4 - high + low) / 2)
        ends.append((max(-limit, low - margin), min(limit, high + margin)))
    (west, east), (south, north) = ends
    return west, south, east, north


def crop_lines(name: str, box: Box) -> _Lines:
    """The outlines that come near a box, as points with NaN between lines; thinned to what can be seen."""
    west, south, east, north = box
    wide, high = (east - west), (north - south)
    near = [
        line
        for line in _load_lines()[name]
        if (line[:, 0].max() >= west - wide) and (line[:, 0].min() <= east + wide)
        and (line[:, 1].max() >= south - high) and (line[:, 1].min() <= north + high)
    ]  # fmt: skip
    step = max(1, int(wide // 40))  # one point in so many; ends stay, so that lines still meet
    gap = np.full((1, 2), np.nan)
    parts = [piece for line in near for piece in (line[:-1:step], line[-1:], gap)]
    if not parts:
        return np.empty((0, 2))
    found = np.round(np.concatenate(parts), 3)
    across = np.flatnonzero(np.abs(np.diff(found[:, 0])) > 180) + 1  # of the map, where the date line is crossed
    return np.insert(found, across, np.nan, axis=0)


@cache
def _load_lines() -> dict[str, list[_Lines]]:
    packed = files("timeline").joinpath("resources/outlines.json.gz").read_bytes()
    found = json.loads(gzip.decompress(packed))
    scale, shift = np.array(found["transform"]["scale"]), np.array(found["transform"]["translate"])
    return {name: [_unpack(line, scale, shift) for line in found[name]] for name in ("coasts", "borders")}


def _unpack(steps: Sequence[Sequence[int]], scale: _Lines, shift: _Lines) -> _Lines:
    return np.asarray(np.cumsum(np.array(steps), axis=0) * scale + shift)


def _write_layout(box: Box, palette: Palette) -> dict[str, Any]:
    west, south, east, north = box
    # A degree of longitude is drawn as long as it is at the middle latitude.
    ratio = 1 / max(0.2, math.cos(math.radians((south + north) / 2)))
    axis = {"gridcolor": palette.grid, "zeroline": False, "ticksuffix": "°", "tickfont": {"color": palette.muted}}
    return {
        "height": HEIGHT_PX, "margin": {"l": 42, "r": 8, "t": 34, "b": 30},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": palette.text}, "hovermode": "closest",
        "hoverlabel": {"bgcolor": palette.surface, "bordercolor": palette.grid, "align": "left",
                       "font": {"family": FONT, "size": 13, "color": palette.text}},
        "dragmode": "pan", "clickmode": "event+select",
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemsizing": "constant"},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": palette.muted, "activecolor": palette.accent},
        "xaxis": axis | {"range": [west, east]},
        "yaxis": axis | {"range": [south, north], "scaleanchor": "x", "scaleratio": ratio},
        "annotations": [{"text": _SOURCE, "xref": "paper", "yref": "paper", "x": 1, "y": 0, "xanchor": "right",
                         "yanchor": "bottom", "showarrow": False, "font": {"size": 10, "color": palette.muted}}],
    }  # fmt: skip


def say_map(places: pd.DataFrame) -> str:
    """What the map shows, in one sentence; for readers who do not see it."""
    if places.empty:
        return "No located events."
    first = places.iloc[0]
    total = int(places["events"].sum())
    return (
        f"{count_noun(total, 'event')} at {count_noun(len(places), 'place')}; most at {first['place']}: "
        f"{first['events']}, of which {first['conflict']} conflict."
    )
