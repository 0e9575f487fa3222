"""The network drawn twice from the same places: as numbers for our script on the screen, as Plotly figure for files.

The script reports clicks on nodes and on edges and knows how wide a name is in the reader's letters; Plotly exports.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import networkx as nx
import plotly.graph_objects as go

from timeline.views.changes import GLYPHS, Change
from timeline.views.groups import colour_groups
from timeline.views.networks import ASPECT, Positions, place_missing
from timeline.views.node_labels import SIDES, place_labels
from timeline.views.palette import DASH_OF_SIGN, Palette, Sign, fade_colour
from timeline.views.plotting import FONT, draw_sketch, escape_text, sketch_empty
from timeline.views.wording import clean_text, shorten

# How far an edge bows, by sign: opposite directions bow to opposite sides, so at most two edges share a bow.
_BOW = {Sign.COOPERATION: 0.10, Sign.NEUTRAL: 0.18, Sign.CONFLICT: 0.26}
PLOTLY_SIDES = {
    "bottom": "bottom center", "top": "top center", "right": "middle right", "left": "middle left",
    **{side: side for side in SIDES if " " in side},
}  # fmt: skip
_OPACITIES = {Change.FLIPPED: 1.0, Change.NEW: 0.9, Change.GONE: 0.5, Change.KEPT: 0.22}
_EDGE_OPACITY = 0.72


def write_network(
    graph: nx.MultiDiGraph,
    positions: Positions,
    palette: Palette,
    groups: Mapping[str, str] | None = None,
    top: float | None = None,
) -> str:
    """Write the network as the numbers that `network.js` draws it from.

    Args:
        graph: From `build_graph` or `limit_graph`.
        positions: From `lay_out` over the whole network.
        palette: Colours of the theme.
        groups: The group of each actor, for its colour; None for one colour.
        top: Events of the largest node; None takes the graph's own. One for all keeps sizes alike over periods.

    Returns:
        JSON: `nodes`, most active first, `edges` in order of ids, and `colours`; their fields as in the script.
    """
    ranked = rank_nodes(graph)
    numbers = {node: number for number, node in enumerate(ranked)}
    places = place_missing(positions, graph)
    top = top or max((graph.nodes[n]["events"] for n in ranked), default=1.0)
    colours = colour_groups(groups, palette) if groups else {}
    acts, receives = dict.fromkeys(ranked, 0.0), dict.fromkeys(ranked, 0.0)
    edges, fewest = [], find_fewest(graph)
    for source, target, key, edge in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        acts[source] += edge["events"]
        receives[target] += edge["events"]
        edges.append([numbers[source], numbers[target], key, *_write_edge(edge, Sign(key), fewest)])
    nodes = []
    for node in ranked:
        group = groups.get(node, "") if groups else ""
        name, events, (x, y) = graph.nodes[node]["name"], graph.nodes[node]["events"], places[node]
        size = round(node_size(events, top), 1)
        nodes.append([
            node, " ".join(clean_text(name).split()), round(x / ASPECT, 4), round(y, 4), size, round(acts[node], 1),
            round(receives[node], 1), colours.get(group, ""), clean_text(group),
        ])  # fmt: skip
    shown = {
        name: getattr(palette, name)
        for name in ("node", "text", "background", "surface", "grid", "accent", "cooperation", "conflict", "neutral")
    }
    drawing = {"nodes": nodes, "edges": edges, "colours": shown}
    return json.dumps(drawing, separators=(",", ":"))


def _write_edge(edge: Mapping[str, Any], sign: Sign, fewest: float) -> list[Any]:
    """Bow, width, opacity, events and mean score; of a comparison also the change, both periods and its glyph."""
    change = edge.get("change")
    events = edge["events"]
    line = [_BOW[sign], round(edge_width(events, fewest), 1), _OPACITIES[Change(change)] if change else _EDGE_OPACITY]
    written = [*line, round(events, 1), round(edge["goldstein"], 2)]
    if not change:
        return written
    periods = ([edge[when], round(edge[f"events_{when}"], 1)] for when in ("before", "after"))
    return [*written, change, *periods, GLYPHS[Change(change)]]


def rank_nodes(graph: nx.MultiDiGraph) -> list[str]:
    """The actors of a network, most active first, ties by id."""
    return sorted(graph.nodes, key=lambda n: (-graph.nodes[n]["events"], n))


def choose_sides(graph: nx.MultiDiGraph, places: Positions, top: float) -> dict[str, str]:
    """Which actors are named, and on which side of their node; the most active ones always are."""
    ranked = rank_nodes(graph)
    return place_labels(
        ranked,
        {n: (places[n][0] / ASPECT, places[n][1]) for n in ranked},
        {n: node_size(graph.nodes[n]["events"], top) for n in ranked},
        {n: shorten(graph.nodes[n]["name"], 30) for n in ranked},
    )


def node_size(events: float, top: float) -> float:
    """Diameter in pixels, 10 to 46: area grows with the number of events."""
    return 10 + 36 * math.sqrt(max(events, 0) / top) if top > 0 else 10.0


def edge_width(events: float, fewest: float) -> float:
    """Width in pixels, 1 to 8: about one more with each doubling of events from the fewest that an edge drawn has."""
    return min(8.0, 0.6 + 1.1 * math.log2(1 + max(events, 0) / fewest))


def find_fewest(graph: nx.MultiDiGraph) -> float:
    """The events of the edge with the fewest, at least 1."""
    return max(1.0, min((events for *_, events in graph.edges(data="events")), default=1.0))


# --- the Plotly twin ------------------------------------------------------------------------------------------


def draw_network(
    graph: nx.MultiDiGraph,
    positions: Positions,
    palette: Palette,
    title: str = "",
    groups: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw the network as a Plotly figure, from the same places as `write_network`; for files.

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
    fewest = find_fewest(graph)
    for source, target, key in sorted(graph.edges(keys=True)):
        if source != target:
            width = round(edge_width(graph.edges[source, target, key]["events"], fewest))
            groups.setdefault((key, width), []).append((source, target))
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
