"""Our Plotly figures as SVG without a browser: the way to image files where no Chromium is installed.

Draws what our figures use and nothing else: scatter traces with lines, markers and text, rectangles below the
plot, paper annotations, names with leaders, one y axis, date and linear x axes, a legend on top.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import plotly.graph_objects as go

_DASHES = {"solid": "", "dash": "6 4", "dot": "1.5 3"}
_FONT = "font-family=\"'Source Sans','Segoe UI',Helvetica,Arial,sans-serif\""
_LEGEND_STEP_PX = 150
_DAY_MS = 86_400_000.0
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Maps data to pixels: one function per axis."""

    x: dict[str, Callable[[Any], float]]
    y: Callable[[Any], float]


def render_figure(figure: go.Figure, width: int, height: int) -> str:
    """Write a figure as an SVG document of `width` by `height` pixels."""
    layout = figure.layout.to_plotly_json()
    spec = {"layout": layout, "data": [trace.to_plotly_json() for trace in figure.data]}
    frame = _make_frame(spec, width, height)
    parts = [
        *_draw_shapes(layout, frame, width),
        *_draw_axes(layout, frame, width, height),
        *(piece for trace in spec["data"] for piece in _draw_trace(trace, frame)),
        *_draw_legend(spec, width),
        *_draw_labels(layout, frame),
        *_draw_words(layout, width, height),
    ]
    colour = layout.get("font", {}).get("color", "#1b2733")
    ground = layout.get("paper_bgcolor", "#ffffff")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'{_FONT} font-size="13" fill="{colour}"><rect width="{width}" height="{height}" '
        f'fill="{ground}"/>{"".join(parts)}</svg>'
    )


def _number(value: Any) -> float:
    """A date as milliseconds since 1970, as in our figures; a number as itself; texts are ISO dates."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1970, 1, 1)) / dt.timedelta(milliseconds=1)
    return (value.toordinal() - _EPOCH_ORDINAL) * _DAY_MS if isinstance(value, dt.date) else float(value)


def _plot_box(layout: dict[str, Any], width: int, height: int) -> tuple[float, float, float, float]:
    margin = layout.get("margin", {})
    labels = layout.get("yaxis", {}).get("ticktext") or ()
    left = max(float(margin.get("l", 8)), max((7.2 * len(unescape(str(t))) + 18 for t in labels), default=0.0))
    return left, float(margin.get("t", 40)), width - float(margin.get("r", 8)), height - float(margin.get("b", 40))


def _make_frame(spec: dict[str, Any], width: int, height: int) -> _Frame:
    layout = spec["layout"]
    left, top, right, bottom = _plot_box(layout, width, height)
    low, high = (float(v) for v in layout.get("yaxis", {}).get("range") or (0, 1))
    axes = {name: layout[key] for name, key in (("x", "xaxis"), ("x2", "xaxis2")) if key in layout}
    scales = {}
    for name, axis in axes.items():
        first, last = (_number(v) for v in axis.get("range") or _data_range(spec["data"], name))
        start, stop = axis.get("domain") or (0, 1)
        scales[name] = _scale(first, last, left + start * (right - left), left + stop * (right - left))
    return _Frame(scales, _scale(low, high, bottom, top))


def _data_range(data: Sequence[dict[str, Any]], axis: str) -> tuple[Any, Any]:
    values = [_number(v) for t in data if t.get("xaxis", "x") == axis for v in t.get("x", ()) if not _is_gap(v)]
    return (min(values), max(values)) if values else (0.0, 1.0)


def _scale(low: float, high: float, start: float, stop: float) -> Callable[[Any], float]:
    span = (high - low) or 1.0
    return lambda value: start + (_number(value) - low) / span * (stop - start)


def _draw_shapes(layout: dict[str, Any], frame: _Frame, width: int) -> Iterator[str]:
    left, _, right, _ = _plot_box(layout, width, 0)
    for shape in layout.get("shapes", ()):
        top, bottom = sorted((frame.y(shape["y0"]), frame.y(shape["y1"])))
        size = f'width="{right - left:.1f}" height="{bottom - top:.1f}"'
        yield f'<rect x="{left:.1f}" y="{top:.1f}" {size} fill="{shape["fillcolor"]}"/>'


def _draw_axes(layout: dict[str, Any], frame: _Frame, width: int, height: int) -> Iterator[str]:
    left, top, _, bottom = _plot_box(layout, width, height)
    axis = layout.get("yaxis", {})
    for value, words in zip(axis.get("tickvals") or (), axis.get("ticktext") or (), strict=False):
        said = escape(unescape(str(words)))
        yield f'<text x="{left - 8:.1f}" y="{frame.y(value) + 4:.1f}" text-anchor="end">{said}</text>'
    dates = layout.get("xaxis", {})
    muted = dates.get("tickfont", {}).get("color", "#777777")
    if dates.get("type") == "date" and "x" in frame.x and dates.get("range"):
        for day, words in _date_ticks(*(_number(v) / _DAY_MS + _EPOCH_ORDINAL for v in dates["range"])):
            x = frame.x["x"](day)
            stroke = dates.get("gridcolor", "#dddddd")
            yield f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" stroke="{stroke}" fill="none"/>'
            yield f'<text x="{x:.1f}" y="{bottom + 18:.1f}" text-anchor="middle" fill="{muted}">{words}</text>'
    if "x2" in frame.x:
        at = f'x="{frame.x["x2"](0.5):.1f}" y="{bottom + 36:.1f}" text-anchor="middle"'
        yield f'<text {at} font-size="11" fill="{muted}">undated</text>'


def _date_ticks(first: float, last: float) -> Iterator[tuple[dt.date, str]]:
    """At most ten ticks: days for short periods, first days of months for longer ones."""
    days = last - first
    if days <= 60:
        step = max(1, math.ceil(days / 9))
        for ordinal in range(math.ceil(first), int(last) + 1, step):
            yield dt.date.fromordinal(ordinal), f"{dt.date.fromordinal(ordinal):%Y-%m-%d}"
        return
    step = max(1, math.ceil(days / 30.4 / 9))
    day = dt.date.fromordinal(math.ceil(first)).replace(day=1)
    for months in range(step, int(days / 28) + 2, step):
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        if year > 9999 or dt.date(year, month + 1, 1).toordinal() > last:
            return
        yield dt.date(year, month + 1, 1), f"{year:04d}-{month + 1:02d}"


def _draw_trace(trace: dict[str, Any], frame: _Frame) -> Iterator[str]:
    axis = trace.get("xaxis", "x")
    if axis not in frame.x or not trace.get("type", "scatter").startswith("scatter"):
        return
    pairs = zip(trace.get("x", ()), trace.get("y", ()), strict=True)
    points = [None if _is_gap(x) or _is_gap(y) else (frame.x[axis](x), frame.y(y)) for x, y in pairs]
    mode = trace.get("mode", "lines")
    if "lines" in mode:
        yield _draw_line(points, trace.get("line", {}))
    if "markers" in mode:
        yield from _draw_markers(points, trace.get("marker", {}))
    if mode == "text":
        yield from _draw_names(points, trace)
    elif "text" in mode:
        size = trace["marker"]["size"]
        for i, (point, words) in enumerate(zip(points, trace["text"], strict=True)):
            if point and words:
                x, y, anchor = _place_name(point, float(_at(size, i)) / 2, _at(trace["textposition"], i))
                said = escape(unescape(words))
                yield f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12">{said}</text>'


def _place_name(point: tuple[float, float], radius: float, side: str) -> tuple[float, float, str]:
    """Where a name beside a marker begins, and its anchor."""
    x, y = point
    return {
        "top center": (x, y - radius - 5, "middle"),
        "middle right": (x + radius + 4, y + 4, "start"),
        "middle left": (x - radius - 4, y + 4, "end"),
    }.get(side, (x, y + radius + 13, "middle"))


def _draw_names(points: Sequence[tuple[float, float] | None], trace: dict[str, Any]) -> Iterator[str]:
    """Texts at the right or left of their points."""
    anchor = "start" if trace["textposition"].endswith("right") else "end"
    fill = trace["textfont"]["color"]
    for point, words in zip(points, trace["text"], strict=True):
        if point:
            said = escape(unescape(words))
            at = f'x="{point[0]:.1f}" y="{point[1] + 4:.1f}" text-anchor="{anchor}"'
            yield f'<text {at} font-size="11" fill="{fill}" xml:space="preserve">{said}</text>'


def _is_gap(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _draw_line(points: Iterable[tuple[float, float] | None], line: dict[str, Any]) -> str:
    pieces, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        pieces.append(f"{pen}{point[0]:.1f} {point[1]:.1f}")
        pen = "L"
    dash = _DASHES.get(line.get("dash", "solid"), "")
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    stroke = _paint("stroke", line.get("color", "#777777"))
    return f'<path d="{"".join(pieces)}" fill="none" {stroke} stroke-width="{line.get("width", 1)}"{dashes}/>'


def _draw_markers(points: Sequence[tuple[float, float] | None], marker: dict[str, Any]) -> Iterator[str]:
    for i, point in enumerate(points):
        if point is not None:
            yield draw_symbol(
                str(_at(marker.get("symbol", "circle"), i)), point, float(_at(marker.get("size", 8), i)),
                str(_at(marker.get("color", "#777777"), i)), opacity=float(_at(marker.get("opacity", 1), i)),
                angle=float(_at(marker.get("angle", 0), i)),
            )  # fmt: skip


def _at(value: Any, index: int) -> Any:
    return value if isinstance(value, (str, int, float)) else value[index]


def draw_symbol(
    symbol: str, at: tuple[float, float], size: float, colour: str, *, opacity: float = 1.0, angle: float = 0.0
) -> str:
    """One marker as an SVG element: circle, square, diamond, triangle or bar, filled or `-open`."""
    x, y, r = at[0], at[1], size / 2
    hollow = symbol.endswith("-open")
    paint = f'fill="none" {_paint("stroke", colour)} stroke-width="2"' if hollow else _paint("fill", colour)
    faded = f' opacity="{opacity:g}"' if opacity < 1 else ""
    base = symbol.removesuffix("-open")
    if base == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" {paint}{faded}/>'
    if base == "square":
        return f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{size:.1f}" height="{size:.1f}" {paint}{faded}/>'
    if base == "line-ns":
        return f'<path d="M{x:.1f} {y - r:.1f}V{y + r:.1f}" {_paint("stroke", colour)} fill="none"{faded}/>'
    corners = {
        "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
        "triangle-down": ((-1, -0.7), (1, -0.7), (0, 1)),
    }.get(base, ((-1, 0.7), (1, 0.7), (0, -1)))
    turn = math.radians(angle)
    spots = ((u * math.cos(turn) - v * math.sin(turn), u * math.sin(turn) + v * math.cos(turn)) for u, v in corners)
    listed = " ".join(f"{x + u * r:.1f},{y + v * r:.1f}" for u, v in spots)
    return f'<polygon points="{listed}" {paint}{faded}/>'


def _paint(attribute: str, colour: str) -> str:
    """A colour as SVG 1.1 takes it: `rgba()` split in colour and opacity."""
    if not colour.startswith("rgba("):
        return f'{attribute}="{colour}"'
    red, green, blue, opacity = colour[5:-1].split(",")
    return f'{attribute}="rgb({red},{green},{blue})" {attribute}-opacity="{opacity}"'


def _draw_legend(spec: dict[str, Any], width: int) -> Iterator[str]:
    shown = [t for t in spec["data"] if t.get("name") and t.get("showlegend", True)]
    top = float(spec["layout"].get("margin", {}).get("t", 40)) - 14
    for i, trace in enumerate(shown):
        x = 24.0 + i * _LEGEND_STEP_PX
        if x + _LEGEND_STEP_PX > width:
            return
        if "markers" in trace.get("mode", ""):
            yield draw_symbol(trace["marker"]["symbol"], (x, top), 10, str(trace["marker"]["color"]))
        else:
            yield _draw_line([(x - 10, top), (x + 10, top)], trace["line"] | {"width": 2})
        yield f'<text x="{x + 15:.1f}" y="{top + 4:.1f}" font-size="12">{escape(unescape(str(trace["name"])))}</text>'


def _draw_labels(layout: dict[str, Any], frame: _Frame) -> Iterator[str]:
    """Names that belong to a point of the plot, each with a leader to it."""
    anchors = {"left": "start", "center": "middle", "right": "end"}
    for note in layout.get("annotations", ()):
        if note.get("xref") != "x":
            continue
        x, y = frame.x["x"](note["x"]), frame.y(note["y"])
        left, top = x + note["ax"], y + note["ay"]
        yield _draw_line([(left, top), (x, y)], {"color": note["arrowcolor"], "width": note["arrowwidth"]})
        yield (
            f'<text x="{left:.1f}" y="{top - 3:.1f}" font-size="{note["font"]["size"]}" fill="{note["font"]["color"]}" '
            f'text-anchor="{anchors[note["xanchor"]]}">{escape(unescape(note["text"]))}</text>'
        )


def _draw_words(layout: dict[str, Any], width: int, height: int) -> Iterator[str]:
    title = (layout.get("title") or {}).get("text")
    if title:
        yield f'<text x="24" y="26" font-size="16" font-weight="600">{escape(unescape(title))}</text>'
    _, _, _, bottom = _plot_box(layout, width, height)
    for note in layout.get("annotations", ()):
        if note.get("xref") == "x":
            continue
        for i, line in enumerate(str(note["text"]).split("<br>")):
            y = bottom - float(note.get("yshift", 0)) + 12 + 15 * i
            font = note.get("font", {})
            colour, size = font.get("color", "#777777"), font.get("size", 11)
            yield f'<text x="24" y="{y:.1f}" font-size="{size}" fill="{colour}">{escape(unescape(line))}</text>'
