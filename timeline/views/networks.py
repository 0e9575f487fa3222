"""The actor network: who acts on whom, how often and in which spirit, and where each actor is drawn.

Graphs are networkx `MultiDiGraph`s with at most one edge per direction and sign, keyed by the sign.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline.views.lanes import require_columns
from timeline.views.palette import SIGN_OF_QUAD, Sign

DYAD_COLUMNS = ("source_id", "target_id", "source_name", "target_name", "quad_class", "events", "goldstein")
_BY_IDS = itemgetter(0, 1, 4)  # source, target, quad class
MAX_ACTORS = 200
MAX_EDGES = 1000
ASPECT = 1.3  # width of the drawing by its height
_NAMED = 40  # the most active actors, whose names are drawn
Positions = Mapping[str, tuple[float, float]]
_Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a limited network leaves out, to be said beside it."""

    actors: int = 0
    edges: int = 0
    self_loops: int = 0
    isolates: int = 0  # actors whose events name nobody on the other side


def build_graph(dyads: pd.DataFrame) -> nx.MultiDiGraph:
    """Build the network out of counted dyads.

    Args:
        dyads: One row per source, target and quad class (`DYAD_COLUMNS`).

    Returns:
        Nodes with `name` and `events` (sum over their edges); edges keyed by sign with `sign`, `events`,
        `goldstein` (mean, weighted by events) and `quads` (events per quad class). Nodes and edges are in
        order of id, so that equal tables give equal graphs.
    """
    require_columns(dyads, DYAD_COLUMNS, "dyads")
    rows = zip(*(dyads[name].tolist() for name in DYAD_COLUMNS), strict=True)
    nodes: dict[str, dict[str, Any]] = {}
    edges: dict[tuple[str, str, str], dict[str, Any]] = {}
    for source, target, source_name, target_name, quad, events, goldstein in sorted(rows, key=_BY_IDS):
        for actor_id, name in {source: source_name, target: target_name}.items():
            nodes.setdefault(actor_id, {"name": str(name), "events": 0.0})["events"] += events
        sign = SIGN_OF_QUAD[int(quad)].value
        empty = {"sign": sign, "events": 0.0, "goldstein": 0.0, "quads": {}}
        _add_to_edge(edges.setdefault((source, target, sign), empty), int(quad), float(events), float(goldstein))
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(nodes.items())
    graph.add_edges_from((*edge, data) for edge, data in edges.items())
    return graph


def _add_to_edge(edge: dict[str, Any], quad: int, events: float, goldstein: float) -> None:
    total = edge["events"] + events
    edge["goldstein"] = (edge["goldstein"] * edge["events"] + goldstein * events) / total if total else 0.0
    edge["quads"][quad] = edge["quads"].get(quad, 0.0) + events
    edge["events"] = total


def limit_graph(
    graph: nx.MultiDiGraph, max_actors: int = MAX_ACTORS, max_edges: int = MAX_EDGES
) -> tuple[nx.MultiDiGraph, Hidden]:
    """Keep the most active actors and, among them, the heaviest edges; leave out acts of an actor on itself.

    Returns:
        A new graph, and how much was left out of it. Actors without a remaining edge are left out too.
    """
    loops = nx.number_of_selfloops(graph)
    ranked = sorted(graph.nodes, key=lambda n: (-graph.nodes[n]["events"], n))
    kept = set(ranked[:max_actors])
    found = [e for e in graph.edges(keys=True, data=True) if e[0] != e[1] and e[0] in kept and e[1] in kept]
    found.sort(key=lambda e: (-e[3]["events"], e[:3]))
    edges = sorted(found[:max_edges], key=lambda e: e[:3])
    ends = {end for edge in edges for end in edge[:2]}
    limited = nx.MultiDiGraph()
    limited.add_nodes_from((node, dict(data)) for node, data in graph.nodes(data=True) if node in ends)
    limited.add_edges_from((*edge[:3], dict(edge[3])) for edge in edges)
    hidden = Hidden(
        actors=graph.number_of_nodes() - limited.number_of_nodes(),
        edges=graph.number_of_edges() - loops - limited.number_of_edges(),
        self_loops=loops,
    )
    return limited, hidden


def lay_out(graph: nx.MultiDiGraph, seed: int = 1) -> dict[str, tuple[float, float]]:
    """Place all actors once, so that none moves when filters change.

    ForceAtlas2 (Jacomy et al. 2014) in its LinLog form, which pulls communities together and does not clump
    hubs; then a pass that pushes overlapping nodes apart. The same graph and seed give the same places.

    Returns:
        x from 0 to `ASPECT`, y from 0 to 1, y downwards; sorted by id. Empty for an empty graph.
    """
    nodes = sorted(graph.nodes)
    if not nodes:
        return {}
    if len(nodes) == 1:
        return {nodes[0]: (ASPECT / 2, 0.5)}
    simple = nx.Graph()
    simple.add_nodes_from(nodes)
    for source, target, data in sorted(graph.edges(data=True), key=lambda e: (e[0], e[1])):
        if source != target:
            before = simple.get_edge_data(source, target, {"weight": 0.0})["weight"]
            simple.add_edge(source, target, weight=before + data["events"])
    for _, _, data in simple.edges(data=True):
        data["weight"] = 1 + math.log2(1 + data["weight"])
    start = nx.circular_layout(simple)
    with np.errstate(divide="ignore", invalid="ignore"):  # a node's distance to itself, which networkx then discards
        raw = nx.forceatlas2_layout(
            simple, pos=start, max_iter=200 if len(nodes) <= 400 else 60, weight="weight", linlog=True,
            strong_gravity=False, scaling_ratio=2.0, gravity=1.5, distributed_action=False, seed=seed,
        )  # fmt: skip
    points = np.array([raw[n] for n in nodes], dtype=float)
    room = _room(graph, nodes)
    drawn = limit_graph(graph, _NAMED, 5 * _NAMED)[0]
    core = np.array([n in drawn or not drawn for n in nodes])
    spread = _frame(_spread(_fit(points), room), core)
    return {n: (round(float(x), 4), round(float(y), 4)) for n, (x, y) in zip(nodes, spread, strict=True)}


def _fit(points: _Points) -> _Points:
    """Turn the longest direction level, then stretch to the drawing's box; outliers are pulled in by rank."""
    centred = np.nan_to_num(points - points.mean(axis=0))
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    if axes.shape == (2, 2):
        axes = axes * np.sign(axes.sum(axis=1, keepdims=True) + 1e-12)
        centred = centred @ axes.T
    box = np.array([ASPECT, 1.0])
    scaled = np.empty_like(centred)
    for axis in (0, 1):
        values = centred[:, axis]
        low, high = values.min(), values.max()
        linear = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
        ranks = values.argsort(kind="stable").argsort(kind="stable") / max(1, len(values) - 1)
        scaled[:, axis] = (0.5 * linear + 0.5 * ranks) * box[axis]
    return np.asarray(scaled)


def _frame(points: _Points, core: NDArray[np.bool_]) -> _Points:
    """Stretch to the drawing's box so that what is drawn at first fills it; the few outside go to its rim."""
    low, high = points[core].min(axis=0), points[core].max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    share = np.where(high > low, (points - low) / span, 0.5)
    return np.asarray(np.clip(share, 0.0, 1.0) * np.array([ASPECT, 1.0]))


def _room(graph: nx.MultiDiGraph, nodes: list[str]) -> _Points:
    """How much room each node needs: much for the most active ones, which get a name, little for the others."""
    ranked = sorted(nodes, key=lambda n: (-graph.nodes[n]["events"], n))
    wide = min(0.17, 0.78 / math.sqrt(min(len(nodes), _NAMED)))
    room = {n: wide if rank < _NAMED else 0.035 for rank, n in enumerate(ranked)}
    return np.array([room[n] for n in nodes])


def _spread(points: _Points, room: _Points, rounds: int = 120) -> _Points:
    """Push apart nodes closer than their room, sideways half as far again since names are wide."""
    stretch = np.array([1.4, 1.0])
    placed: _Points = points / stretch + np.random.default_rng(0).normal(0, 1e-6, points.shape)
    wanted = (room[:, None] + room[None, :]) / 2
    wanted_squared = np.square(wanted)
    np.fill_diagonal(wanted_squared, -1.0)  # nobody is too close to itself
    for _ in range(rounds):
        apart = [np.subtract.outer(axis, axis) for axis in placed.T]
        near, other = np.nonzero(apart[0] ** 2 + apart[1] ** 2 < wanted_squared)
        if not len(near):
            break
        delta = placed[near] - placed[other]
        distance = np.hypot(*delta.T)
        push = (wanted[near, other] - distance) / (2 * distance)
        placed = placed + np.stack([np.bincount(near, push * part, len(placed)) for part in delta.T], axis=1)
    return np.asarray(placed * stretch)


def place_missing(positions: Positions, graph: nx.MultiDiGraph) -> dict[str, tuple[float, float]]:
    """Positions for every actor of a graph; those that the layout does not know go to the rim, in order of id."""
    missing = [n for n in sorted(graph.nodes) if n not in positions]
    placed = {n: positions[n] for n in graph.nodes if n in positions}
    for i, node in enumerate(missing):
        angle = 2 * math.pi * i / len(missing)
        placed[node] = (ASPECT / 2 * (1 + math.cos(angle)), 0.5 * (1 + math.sin(angle)))
    return placed


def measure_actors(graph: nx.MultiDiGraph) -> pd.DataFrame:
    """Measure each actor's part in the network; edges of an actor on itself count as events only.

    Returns:
        One row per actor, most events first: `actor_id`, `name`, `events` (on its edges), `acts`, `receives`,
        `partners` (degree: actors it shares an edge with), `betweenness` (share of shortest undirected paths
        through it, 0 to 1; Freeman 1977), `reciprocity` (share of partners it acts on that act on it too, NaN
        where it acts on none), `balance` (share of its signed triads that are balanced, NaN without any; Cartwright
        and Harary 1956), `conflict_share` (of its events, 0 to 1).
    """
    columns = [
        "actor_id", "name", "events", "acts", "receives", "partners", "betweenness", "reciprocity", "balance",
        "conflict_share",
    ]  # fmt: skip
    simple = nx.Graph(graph.to_undirected())
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    sample = 100 if len(simple) > 300 else None  # exact betweenness grows with nodes times edges
    between = nx.betweenness_centrality(simple, k=sample, seed=1) if len(simple) else {}
    triads = count_triads(graph)
    rows = [_measure_actor(graph, simple, actor_id, between[actor_id], triads[actor_id]) for actor_id in graph.nodes]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["events", "actor_id"], ascending=[False, True], ignore_index=True)


def _measure_actor(
    graph: nx.MultiDiGraph, simple: nx.Graph, actor_id: str, between: float, triads: tuple[int, int]
) -> tuple[object, ...]:
    acts = [data for _, _, data in graph.out_edges(actor_id, data=True)]
    suffers = [data for _, _, data in graph.in_edges(actor_id, data=True)]
    total = sum(d["events"] for d in (*acts, *suffers))
    conflict = sum(d["events"] for d in (*acts, *suffers) if d["sign"] == Sign.CONFLICT)
    towards, from_ = ({*graph.successors(actor_id)} - {actor_id}, {*graph.predecessors(actor_id)} - {actor_id})
    return (
        actor_id,
        graph.nodes[actor_id]["name"],
        graph.nodes[actor_id]["events"],
        sum(d["events"] for d in acts),
        sum(d["events"] for d in suffers),
        simple.degree(actor_id),
        round(between, 4),
        round(len(towards & from_) / len(towards), 3) if towards else math.nan,
        round(triads[0] / triads[1], 3) if triads[1] else math.nan,
        round(conflict / total, 3) if total else 0.0,
    )


def count_triads(graph: nx.MultiDiGraph) -> dict[str, tuple[int, int]]:
    """How many signed triads each actor is in: balanced ones, and all.

    The sign of two actors is that of the more frequent kind of act between them, in whichever direction; none
    where cooperation and conflict are equal. A triad of three signs is balanced if their product is positive.
    """
    signs = sign_pairs(graph)
    near: dict[str, set[str]] = {node: set() for node in graph.nodes}
    for pair in signs:
        first, second = sorted(pair)
        near[first].add(second)
        near[second].add(first)
    found = {node: [0, 0] for node in graph.nodes}
    for pair, sign in signs.items():
        first, second = sorted(pair)
        for third in near[first] & near[second]:
            if third > second:
                balanced = sign * signs[frozenset((first, third))] * signs[frozenset((second, third))] > 0
                for node in (first, second, third):
                    found[node][0] += balanced
                    found[node][1] += 1
    return {node: (balanced, triads) for node, (balanced, triads) in found.items()}


def sign_pairs(graph: nx.MultiDiGraph) -> dict[frozenset[str], int]:
    """+1 for pairs with more cooperation than conflict between them, -1 for the opposite; others are left out."""
    sums: dict[frozenset[str], float] = {}
    for source, target, data in graph.edges(data=True):
        if source != target and data["sign"] != Sign.NEUTRAL:
            step = data["events"] if data["sign"] == Sign.COOPERATION else -data["events"]
            sums[frozenset((source, target))] = sums.get(frozenset((source, target)), 0.0) + step
    return {pair: 1 if total > 0 else -1 for pair, total in sums.items() if total}


def say_balance(graph: nx.MultiDiGraph) -> str:
    """The whole network's reciprocity and balance in one sentence."""
    directed = {(s, t) for s, t in graph.edges() if s != t}
    mutual = sum((t, s) in directed for s, t in directed)
    triads = count_triads(graph).values()
    balanced, total = sum(b for b, _ in triads) // 3, sum(t for _, t in triads) // 3
    words = f"{mutual / len(directed):.0%} of directed pairs act both ways" if directed else "no pairs"
    return f"{words}; {balanced:,} of {total:,} signed triads are balanced."


def tabulate_edges(graph: nx.MultiDiGraph) -> pd.DataFrame:
    """The edges as a table, heaviest first: `source_id`, `target_id`, names, `sign`, `events`, `goldstein`."""
    rows = [
        (s, t, graph.nodes[s]["name"], graph.nodes[t]["name"], d["sign"], d["events"], round(d["goldstein"], 2))
        for s, t, d in graph.edges(data=True)
    ]
    table = pd.DataFrame(rows, columns=["source_id", "target_id", "source", "target", "sign", "events", "goldstein"])
    return table.sort_values(["events", "source_id", "target_id"], ascending=[False, True, True], ignore_index=True)
