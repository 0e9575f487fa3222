"""What changed in the network between two periods: edges that are new, gone, or turned from one sign to the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from enum import StrEnum

import networkx as nx
import pandas as pd

from timeline.views.palette import Sign
from timeline.views.wording import count_noun


class Change(StrEnum):
    """How an ordered pair of actors differs between two periods, in order of interest."""

    FLIPPED = "turned"
    NEW = "new"
    GONE = "gone"
    KEPT = "stayed"


GLYPHS = {Change.FLIPPED: "⇄", Change.NEW: "+", Change.GONE: "−", Change.KEPT: ""}
COLUMNS = ["source_id", "target_id", "source", "target", "change", "before", "after", "events_before", "events_after"]


def compare_graphs(before: nx.MultiDiGraph, after: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Compare two networks of `build_graph` pair by pair, in order of who acts on whom.

    A pair's sign in a period is that of its more frequent kind of act, neutral where cooperation and conflict are
    equal. A pair has turned if it was cooperation and is conflict, or the other way round.

    Returns:
        One edge for each ordered pair of different actors with events in either period, keyed by its sign after, or
        before where it is gone, with `sign`, `change`, `events` (after, or before), `goldstein`, `before`, `after`
        (signs, "" for none), `events_before`, `events_after`. Nodes have `name` and `events` of both periods.
    """
    graph = nx.MultiDiGraph()
    pairs = sorted({(s, t) for g in (before, after) for s, t in g.edges() if s != t})
    for source, target in pairs:
        old, new = _weigh(before, source, target), _weigh(after, source, target)
        for node in (source, target):
            if node not in graph:
                graph.add_node(node, name=(after if node in after else before).nodes[node]["name"], events=0.0)
            graph.nodes[node]["events"] += old[1] + new[1]
        sign, events, goldstein = new if new[1] else old
        graph.add_edge(
            source, target, key=sign, sign=sign, change=_name_change(old[0], new[0]).value, events=events,
            goldstein=goldstein, before=old[0], after=new[0], events_before=old[1], events_after=new[1],
        )  # fmt: skip
    return graph


def _weigh(graph: nx.MultiDiGraph, source: str, target: str) -> tuple[str, float, float]:
    """Sign, number and mean score of a pair's events in a period; ("", 0, 0) without any."""
    edges = list((graph.get_edge_data(source, target) or {}).values())
    total = sum(edge["events"] for edge in edges)
    if not total:
        return "", 0.0, 0.0
    by_sign = {edge["sign"]: edge["events"] for edge in edges}
    helping, harming = by_sign.get(Sign.COOPERATION, 0.0), by_sign.get(Sign.CONFLICT, 0.0)
    sign = Sign.NEUTRAL if helping == harming else (Sign.COOPERATION if helping > harming else Sign.CONFLICT)
    return sign.value, total, sum(edge["goldstein"] * edge["events"] for edge in edges) / total


def _name_change(old: str, new: str) -> Change:
    if not old:
        return Change.NEW
    if not new:
        return Change.GONE
    return Change.FLIPPED if {old, new} == {Sign.COOPERATION, Sign.CONFLICT} else Change.KEPT


def count_turned(graph: nx.MultiDiGraph) -> int:
    """How many pairs of a comparison turned from cooperation to conflict or back."""
    return sum(change == Change.FLIPPED for _, _, change in graph.edges(data="change"))


def select_changes(graph: nx.MultiDiGraph, kinds: Collection[Change]) -> nx.MultiDiGraph:
    """The part of a comparison with these kinds of change only; actors without such a pair are left out."""
    wanted = {kind.value for kind in kinds}
    return graph.edge_subgraph([e for e in graph.edges(keys=True) if graph.edges[e]["change"] in wanted]).copy()


def tabulate_changes(graph: nx.MultiDiGraph) -> pd.DataFrame:
    """The pairs of `compare_graphs` as a table `COLUMNS`: those that turned first, then new, gone, stayed."""
    rows = [
        (s, t, graph.nodes[s]["name"], graph.nodes[t]["name"], *(d[name] for name in COLUMNS[4:]))
        for s, t, d in graph.edges(data=True)
    ]
    rank = {change.value: number for number, change in enumerate(Change)}
    rows.sort(key=lambda row: (rank[row[4]], -(row[7] + row[8]), row[0], row[1]))
    return pd.DataFrame(rows, columns=COLUMNS)


def say_changes(graph: nx.MultiDiGraph) -> str:
    """How many pairs are new, gone, turned or stayed, with the glyphs that mark them."""
    counts = Counter(d["change"] for _, _, d in graph.edges(data=True))
    parts = [
        f"{counts[change.value]} {change.value}{f' ({GLYPHS[change]})' if GLYPHS[change] else ''}" for change in Change
    ]
    return f"{count_noun(graph.number_of_edges(), 'pair')}: {', '.join(parts)}."
