"""The part of a network that is drawn, straight out of counted dyads.

Thousands of pairs are ranked as arrays: as records of a graph that is then cut they take longer than the whole page.
"""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline.views.lanes import require_columns
from timeline.views.networks import DYAD_COLUMNS, MAX_ACTORS, MAX_EDGES, Hidden, build_graph
from timeline.views.palette import SIGN_OF_QUAD, Sign

_SIGNS = sorted(Sign)
_SIGN_OF_QUAD = np.array([_SIGNS.index(SIGN_OF_QUAD[quad]) for quad in sorted(SIGN_OF_QUAD)])
_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Edges:
    """Edges in order of source, target and sign, as numbers of actors; `of_row` says which one a dyad belongs to."""

    source: _Ints
    target: _Ints
    events: _Floats
    of_row: _Ints


def build_limited(
    dyads: pd.DataFrame, max_actors: int = MAX_ACTORS, max_edges: int = MAX_EDGES, ego: str = ""
) -> tuple[nx.MultiDiGraph, Hidden]:
    """The same as `limit_graph` of `build_graph`, where wanted of one actor's surroundings only.

    Args:
        dyads: One row per source, target and quad class (`DYAD_COLUMNS`).
        max_actors: Actors kept at most, the most active ones.
        max_edges: Edges kept at most among them, the heaviest.
        ego: Id of an actor that is kept with its partners and all edges among them; "" for everybody.

    Returns:
        The graph, its actors with the events of all their edges, and how much was left out of it; empty if the
        ego is in no pair.
    """
    require_columns(dyads, DYAD_COLUMNS, "dyads")
    codes, ids = pd.factorize(pd.concat([dyads["source_id"], dyads["target_id"]]), sort=True)
    events = dyads["events"].to_numpy(dtype=np.float64)
    edges = _join(codes[: len(dyads)], codes[len(dyads) :], dyads["quad_class"].to_numpy(dtype=np.int64), events)
    loop = edges.source == edges.target
    active = _sum(edges.source, edges.events, len(ids)) + _sum(edges.target[~loop], edges.events[~loop], len(ids))
    near = _find_near(edges, ids == ego) if ego else np.ones(len(ids), dtype=bool)
    among = near[edges.source] & near[edges.target]
    kept = _keep(near, active, max_actors)
    fitting = np.flatnonzero(kept[edges.source] & kept[edges.target] & ~loop)
    heaviest = fitting[np.argsort(-edges.events[fitting], kind="stable")[:max_edges]]
    graph = build_graph(dyads[np.isin(edges.of_row, heaviest)])
    nx.set_node_attributes(graph, {i: float(active[place]) for place, i in enumerate(ids) if i in graph}, "events")
    return graph, Hidden(
        actors=int(near.sum()) - graph.number_of_nodes(),
        edges=int((among & ~loop).sum()) - graph.number_of_edges(),
        self_loops=int((among & loop).sum()),
    )


def _join(source: _Ints, target: _Ints, quads: _Ints, events: _Floats) -> _Edges:
    """The edges that dyads make together: quad classes of one sign share one."""
    size = int(max(source.max(initial=0), target.max(initial=0))) + 1
    number = (source * size + target) * len(_SIGNS) + _SIGN_OF_QUAD[quads]
    numbers, of_row = np.unique(number, return_inverse=True)
    pairs = numbers // len(_SIGNS)
    return _Edges(pairs // size, pairs % size, _sum(of_row, events, len(numbers)), of_row)


def _sum(places: _Ints, amounts: _Floats, size: int) -> _Floats:
    return np.bincount(places, amounts, size).astype(np.float64)


def _find_near(edges: _Edges, ego: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """An actor and its partners."""
    near = ego.copy()
    near[edges.target[ego[edges.source]]] = True
    near[edges.source[ego[edges.target]]] = True
    return near


def _keep(near: NDArray[np.bool_], active: _Floats, most: int) -> NDArray[np.bool_]:
    """The most active of those near, ties by id."""
    kept = np.zeros(len(near), dtype=bool)
    ranked = np.flatnonzero(near)
    kept[ranked[np.argsort(-active[ranked], kind="stable")[:most]]] = True
    return kept
