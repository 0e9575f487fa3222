"""The network drawn twice from the same places: as ECharts option for the screen, as Plotly figure for files.

ECharts reports clicks on nodes and on edges; Plotly exports. Text in the option that ECharts renders as HTML
(tooltips) is escaped here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import networkx as nx
import plotly.graph_objects as go

from timeline.views.changes import GLYPHS, Change
from timeline.views.groups import colour_groups
from timeline.views.networks import ASPECT, Positions, place_missing
from timeline.views.node_labels import SIDES, find_covered, place_labels, shift_name
from timeline.views.palette import DASH_OF_SIGN, Palette, Sign, fade_colour
from timeline.views.plotting import FONT, draw_sketch, escape_text, sketch_empty
from timeline.views.wording import count_noun, shorten

_ECHARTS_DASH = {Sign.COOPERATION: "solid", Sign.CONFLICT: "dashed", Sign.NEUTRAL: "dotted"}
# How far an edge bows, by sign: opposite directions bow to opposite sides, so at most two edges share a bow.
_BOW = {Sign.COOPERATION: 0.10, Sign.NEUTRAL: 0.18, Sign.CONFLICT: 0.26}
PLOTLY_SIDES = {
    "bottom": "bottom center", "top": "top center", "right": "middle right", "left": "middle left",
    **{side: side for side in SIDES if " " in side},
}  # fmt: skip
_OPACITIES = {Change.FLIPPED: 1.0, Change.NEW: 0.9, Change.GONE: 0.5, Change.KEPT: 0.22}
_EDGE_OPACITY = 0.72
SCALE = 1000  # of a layout's unit, in the drawing's own coordinates
FRAME_PX = {"left": 56, "right": 56, "top": 22, "bottom": 40}  # around the network, for names


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """An ECharts option, and which actor and edge each of its indices stands for.

    Each edge and node has an opacity of its own, unlike all others from the third digit on: in the drawing a style
    sheet finds them by it, see `highlight`.
    """

    option: dict[str, Any]
    nodes: tuple[str, ...]
    edges: tuple[tuple[str, str, str], ...]

    @property
    def edge_opacities(self) -> tuple[float, ...]:
        """The opacity of each edge, in their order."""
        return tuple(link["lineStyle"]["opacity"] for link in self.option["series"][0]["links"])

    @property
    def node_opacities(self) -> tuple[float, ...]:
        """The opacity of each node, in their order."""
        return tuple(node["itemStyle"]["opacity"] for node in self.option["series"][0]["data"][: len(self.nodes)])


def write_echarts(
    graph: nx.MultiDiGraph,
    positions: Positions,
    palette: Palette,
    groups: Mapping[str, str] | None = None,
    top: float | None = None,
) -> NetworkSpec:
    """Write the network as an ECharts option with fixed places.

    Two invisible corner nodes hold the frame, so that an actor stays where it is when others are filtered away.

    Args:
        graph: From `build_graph` or `limit_graph`.
        positions: From `lay_out` over the whole network.
        palette: Colours of the theme.
        groups: The group of each actor, for its colour; None for one colour.
        top: Events of the largest node; None takes the graph's own. One for all keeps sizes alike over periods.
    """
    nodes = tuple(sorted(graph.nodes))
    edges = tuple(sorted(graph.edges(keys=True)))
    places = place_missing(positions, graph)
    top = top or max((graph.nodes[n]["events"] for n in nodes), default=1.0)
    sides = choose_sides(graph, places, top)
    covered = _find_covered_signs(graph, places, top, sides)
    colours = colour_groups(groups, palette) if groups else {}
    data = []
    for number, n in enumerate(nodes, start=len(edges) + 1):
        label = _write_label(sides.get(n, ""), node_size(graph.nodes[n]["events"], top))
        colour = colours.get(groups.get(n, ""), palette.node) if groups else palette.node
        style = {"color": colour, "borderColor": palette.background, "borderWidth": 1.5, "opacity": _number(1, number)}
        written = _echarts_node(graph, n, places[n], top, groups.get(n, "") if groups else "")
        data.append(written | {"itemStyle": style, "label": label})
    corners = [
        {"id": f"~corner{i}", "name": "", "x": x, "y": y, "symbolSize": 0, "label": {"show": False},
        "tooltip": {"show": False}}
        for i, (x, y) in enumerate(((0.0, 0.0), (ASPECT * SCALE, float(SCALE))))
    ]  # fmt: skip
    series = {
        "type": "graph", "layout": "none", "preserveAspect": True, "roam": True, "selectedMode": "single",
        "animation": False,
        "scaleLimit": {"min": 0.5, "max": 6}, **FRAME_PX,
        "data": [*data, *corners],
        "links": [
            _echarts_link(graph, edge, palette, number, edge not in covered)
            for number, edge in enumerate(edges, start=1)
        ],
        "edgeSymbol": ["none", "arrow"], "edgeSymbolSize": [0, 8],
        "label": {"show": True, "position": "bottom", "distance": 4, "color": palette.text, "fontSize": 12,
                  "textBorderColor": palette.background, "textBorderWidth": 3},
        "emphasis": {"focus": "adjacency", "lineStyle": {"opacity": 1}},
        "blur": {"itemStyle": {"opacity": 0.25}, "lineStyle": {"opacity": 0.08}, "label": {"opacity": 0.25}},
        "select": {"itemStyle": {"borderColor": palette.accent, "borderWidth": 4}, "lineStyle": {"opacity": 1,
        "shadowBlur": 8,
                   "shadowColor": palette.accent}, "label": {"fontWeight": "bold"}},
    }  # fmt: skip
    tooltip = {"confine": True, "backgroundColor": palette.surface, "borderColor": palette.grid,
               "textStyle": {"color": palette.text, "fontSize": 13}}  # fmt: skip
    return NetworkSpec({"tooltip": tooltip, "series": [series]}, nodes, edges)


def _write_label(side: str, size: float) -> dict[str, Any]:
    if not side:
        return {"show": False}
    position, right, down = shift_name(side, size)
    return {"show": True, "position": position, **({"offset": [round(right, 1), round(down, 1)]} if down else {})}


def choose_sides(graph: nx.MultiDiGraph, places: Positions, top: float) -> dict[str, str]:
    """Which actors are named, and on which side of their node; the most active ones always are."""
    ranked = sorted(graph.nodes, key=lambda n: (-graph.nodes[n]["events"], n))
    return place_labels(
        ranked,
        {n: (places[n][0] / ASPECT, places[n][1]) for n in ranked},
        {n: node_size(graph.nodes[n]["events"], top) for n in ranked},
        {n: shorten(graph.nodes[n]["name"], 30) for n in ranked},
    )


def _find_covered_signs(
    graph: nx.MultiDiGraph, places: Positions, top: float, sides: Mapping[str, str]
) -> set[tuple[str, str, str]]:
    """The edges whose sign of change, in their middle, would lie over an actor's name; the name is worth more."""
    edges = [edge for edge in graph.edges(keys=True) if "change" in graph.edges[edge]]
    middles = [curve_edge(places[s], places[t], _BOW[Sign(key)], 2)[1] for s, t, key in edges]
    covered = find_covered(
        [(x / ASPECT, y) for x, y in middles], sides, {n: (places[n][0] / ASPECT, places[n][1]) for n in sides},
        {n: node_size(graph.nodes[n]["events"], top) for n in sides},
        {n: shorten(graph.nodes[n]["name"], 30) for n in sides},
    )  # fmt: skip
    return {edge for edge, under in zip(edges, covered, strict=True) if under}


def _echarts_node(
    graph: nx.MultiDiGraph, node: str, place: tuple[float, float], top: float, group: str
) -> dict[str, Any]:
    name, events = graph.nodes[node]["name"], graph.nodes[node]["events"]
    acts = sum(d["events"] for _, _, d in graph.out_edges(node, data=True))
    receives = sum(d["events"] for _, _, d in graph.in_edges(node, data=True))
    words = (
        f"<b>{escape(name)}</b><br>{f'{escape(group)}<br>' if group else ''}"
        f"acts in {acts:,.0f}, is acted on in {receives:,.0f} events<br>click for the evidence"
    )
    return {
        "id": node, "name": shorten(name, 30), "value": events, "x": place[0] * SCALE, "y": place[1] * SCALE,
        "symbolSize": round(node_size(events, top), 1), "tooltip": {"formatter": _no_template(words)},
    }  # fmt: skip


def _number(opacity: float, number: int) -> float:
    """An opacity that looks the same and tells a mark from all others."""
    return round(opacity - number * 1e-5, 5)


def _echarts_link(
    graph: nx.MultiDiGraph, edge: tuple[str, str, str], palette: Palette, number: int, signed: bool
) -> dict[str, Any]:
    source, target, key = edge
    data, sign = graph.edges[edge], Sign(key)
    change = data.get("change")
    glyph = GLYPHS[Change(change)] if change and signed else ""
    label = {"show": True, "formatter": glyph, "fontSize": 14, "fontWeight": "bold", "rotate": 0,
             "color": palette.of_sign(sign),
             "textBorderColor": palette.background, "textBorderWidth": 4}  # fmt: skip
    return {
        "source": source, "target": target, "value": data["events"],
        "tooltip": {"formatter": _no_template(say_edge(graph, edge))},
        "lineStyle": {"color": palette.of_sign(sign), "type": _ECHARTS_DASH[sign],
                      "opacity": _number(_OPACITIES[Change(change)] if change else _EDGE_OPACITY, number),
                      "width": round(edge_width(data["events"]), 1), "curveness": _BOW[sign]},
        **({"label": label} if glyph else {}),
    }  # fmt: skip


def without_own_marks(spec: NetworkSpec, palette: Palette) -> NetworkSpec:
    """The network that does not mark by itself what was clicked in it, since a style sheet does."""
    (series,) = spec.option["series"]
    plain = {"itemStyle": {"borderColor": palette.background, "borderWidth": 1.5}, "label": {"show": True}}
    return replace(spec, option=spec.option | {"series": [series | {"select": plain}]})


def _no_template(words: str) -> str:
    """Braces would be read as ECharts' own placeholders."""
    return words.replace("{", "&#123;").replace("}", "&#125;")


def say_edge(graph: nx.MultiDiGraph, edge: tuple[str, str, str]) -> str:
    """An edge in words, as escaped HTML, for tooltips."""
    source, target, key = edge
    data = graph.edges[edge]
    names = " → ".join(escape(graph.nodes[n]["name"]) for n in (source, target))
    count = count_noun(round(data["events"]), "event")
    if "change" in data:
        was, now = (
            f"{data[f'events_{when}']:,.0f} {data[when]}" if data[when] else "none" for when in ("before", "after")
        )
        return f"<b>{names}</b><br>{data['change']}: {was} → {now}<br>click for the evidence"
    return f"<b>{names}</b><br>{key}: {count}, mean score {data['goldstein']:+.1f}<br>click for the evidence"


def read_click(state: Mapping[str, Any] | None, nodes: Sequence[str], edges: Sequence[tuple[str, str, str]]) -> object:
    """Which actor id or edge a click chose, out of the chart's state as Streamlit returns it.

    Args:
        state: `{"selection": {"selected": [{"data_type": "node" | "edge", "data_indices": [i]}]}}`.
        nodes: The actors that the drawn chart's node indices stand for.
        edges: The edges likewise.

    Returns:
        An actor id, a (source, target, sign) triple, or None where nothing is chosen or the index is stale.
    """
    selection = (state or {}).get("selection") or {}
    for group in selection.get("selected") or ():
        items: Sequence[object] = edges if group.get("data_type") == "edge" else nodes
        chosen = [i for i in group.get("data_indices") or () if isinstance(i, int) and 0 <= i < len(items)]
        if chosen:
            return items[chosen[-1]]
    return None


def node_size(events: float, top: float) -> float:
    """Diameter in pixels, 10 to 46: area grows with the number of events."""
    return 10 + 36 * math.sqrt(max(events, 0) / top) if top > 0 else 10.0


def edge_width(events: float) -> float:
    """Width in pixels, 1 to 8: one more with each doubling of events."""
    return min(8.0, 0.6 + 1.1 * math.log2(1 + max(events, 0)))


# --- the Plotly twin ------------------------------------------------------------------------------------------


def draw_network(
    graph: nx.MultiDiGraph,
    positions: Positions,
    palette: Palette,
    title: str = "",
    groups: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw the network as a Plotly figure, from the same places as `write_echarts`; for files.

    Edges are grouped into one trace per sign and width: a trace per edge would be slow.
    """
    if not graph.number_of_edges():
        return draw_sketch(sketch_empty("No actor acts on another in these events", palette))
    places = place_missing(positions, graph)
    figure = go.Figure()
    _add_edges(figure, graph, places, palette)
    _add_nodes(figure, graph, places, palette, groups or {})
    figure.update_layout(
        height=640, margin={"l": 12, "r": 12, "t": 64 if title else 34, "b": 12},
        title={"text": escape_text(title), "x": 0, "xref": "paper", "font": {"size": 16}} if title else None,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 12, "color": palette.text}, hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        legend2={"orientation": "h", "x": 0, "y": 0.0, "yanchor": "top"},
        xaxis={"visible": False, "range": [-0.12, ASPECT + 0.12]},
        yaxis={"visible": False, "range": [1.1, -0.08]},
    )  # fmt: skip
    return figure


def _add_edges(figure: go.Figure, graph: nx.MultiDiGraph, places: Positions, palette: Palette) -> None:
    groups: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for source, target, key in sorted(graph.edges(keys=True)):
        if source != target:
            groups.setdefault((key, round(edge_width(graph.edges[source, target, key]["events"]))), []).append(
                (source, target)
            )
    shown: set[str] = set()
    for (key, width), pairs in sorted(groups.items()):
        sign = Sign(key)
        curves = [curve_edge(places[s], places[t], _BOW[sign]) for s, t in pairs]
        colour = fade_colour(palette.of_sign(sign), 0.72)
        figure.add_scatter(
            x=[x for c in curves for x in (*(p[0] for p in c), None)],
            y=[y for c in curves for y in (*(p[1] for p in c), None)],
            mode="lines", line={"color": colour, "width": max(width, 1), "dash": DASH_OF_SIGN[sign]}, hoverinfo="skip",
            name=key.capitalize(), legendgroup=key, showlegend=key not in shown,
        )  # fmt: skip
        shown.add(key)
        figure.add_scatter(
            x=[c[-3][0] for c in curves], y=[c[-3][1] for c in curves], mode="markers", hoverinfo="skip",
            showlegend=False,
            legendgroup=key, marker={"symbol": "triangle-up", "size": 8 + width / 2, "color": palette.of_sign(sign),
                                     "angle": [_heading(c[-4], c[-3]) for c in curves]},
        )  # fmt: skip


def _add_nodes(
    figure: go.Figure, graph: nx.MultiDiGraph, places: Positions, palette: Palette, groups: Mapping[str, str]
) -> None:
    colours = colour_groups(groups, palette) if groups else {}
    nodes = sorted(graph.nodes)
    top = max(graph.nodes[n]["events"] for n in nodes)
    sides = choose_sides(graph, places, top)
    figure.add_scatter(
        x=[places[n][0] for n in nodes], y=[places[n][1] for n in nodes], customdata=nodes, mode="markers+text",
        text=[escape_text(shorten(graph.nodes[n]["name"], 30)) if n in sides else "" for n in nodes],
        textposition=[PLOTLY_SIDES[sides.get(n, "bottom")] for n in nodes], showlegend=False,
        hovertext=[f"{escape_text(graph.nodes[n]['name'])}: {graph.nodes[n]['events']:,.0f} events" for n in nodes],
        hoverinfo="text",
        marker={"size": [node_size(graph.nodes[n]["events"], top) for n in nodes], "opacity": 1,
                "color": [colours.get(groups.get(n, ""), palette.node) for n in nodes],
                "line": {"color": palette.background, "width": 1.5}},
    )  # fmt: skip
    for group, colour in colours.items():  # in a legend of their own, below
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=escape_text(group), legend="legend2",
            marker={"color": colour, "size": 10, "symbol": "circle"},
        )  # fmt: skip


def curve_edge(
    start: tuple[float, float], end: tuple[float, float], bow: float, steps: int = 14
) -> list[tuple[float, float]]:
    """Points of a quadratic Bézier curve whose middle stands off the straight line by `bow` times half its length."""
    (x0, y0), (x1, y1) = start, end
    cx, cy = (x0 + x1) / 2 + (y1 - y0) * bow, (y0 + y1) / 2 - (x1 - x0) * bow
    ts = [i / steps for i in range(steps + 1)]
    return [
        ((1 - t) ** 2 * x0 + 2 * (1 - t) * t * cx + t * t * x1, (1 - t) ** 2 * y0 + 2 * (1 - t) * t * cy + t * t * y1)
        for t in ts
    ]


def _heading(before: tuple[float, float], at: tuple[float, float]) -> float:
    """Degrees clockwise from up, with y downwards."""
    return math.degrees(math.atan2(at[0] - before[0], before[1] - at[1]))
