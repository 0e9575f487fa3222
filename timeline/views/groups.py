"""Groups of a network's actors, by country or by community, and their colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape

import networkx as nx

from timeline.views.palette import Palette

OTHERS = "others"
# Okabe and Ito's other hues and two more; blue and vermilion are left to cooperation and conflict.
COLOURS = ("#009e73", "#cc79a7", "#e69f00", "#7b5fc4", "#8c6d31", "#00a2b8", "#b5406a")
Groups = Mapping[str, str]


def group_by_country(graph: nx.MultiDiGraph, countries: Mapping[str, str | None]) -> dict[str, str]:
    """Each actor's country code; "others" for those without one and beyond the most frequent `COLOURS`."""
    return _keep_largest(graph, {node: countries.get(node) or OTHERS for node in sorted(graph.nodes)})


def group_by_community(graph: nx.MultiDiGraph, seed: int = 1) -> dict[str, str]:
    """Each actor's community, named after its most active member.

    Louvain's method (Blondel et al. 2008) over the number of events between two actors, whatever their sign: a
    community is who deals much with each other, as allies or as enemies.
    """
    simple = nx.Graph()
    simple.add_nodes_from(sorted(graph.nodes))
    for source, target, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2]):
        if source != target:
            before = simple.get_edge_data(source, target, {"weight": 0.0})["weight"]
            simple.add_edge(source, target, weight=before + data["events"])
    names: dict[str, str] = {}
    for members in nx.community.louvain_communities(simple, weight="weight", seed=seed) if simple else ():
        leader = min(members, key=lambda n: (-graph.nodes[n]["events"], n))
        label = f"around {graph.nodes[leader]['name']}" if len(members) > 1 else OTHERS
        names |= dict.fromkeys(members, label)
    return _keep_largest(graph, names)


def _keep_largest(graph: nx.MultiDiGraph, groups: Groups) -> dict[str, str]:
    """The groups with most events keep their name, as many as there are colours."""
    weights: Counter[str] = Counter()
    for node, group in groups.items():
        weights[group] += graph.nodes[node]["events"] if group != OTHERS else 0
    ranked = sorted((g for g in weights if g != OTHERS), key=lambda g: (-weights[g], g))[: len(COLOURS)]
    return {node: group if group in ranked else OTHERS for node, group in groups.items()}


def colour_groups(groups: Groups, palette: Palette) -> dict[str, str]:
    """A colour for each group, the largest first; the palette's node colour for the others."""
    sizes = Counter(group for group in groups.values() if group != OTHERS)
    ranked = sorted(sizes, key=lambda g: (-sizes[g], g))
    colours = dict(zip(ranked, COLOURS, strict=False))
    return colours | ({OTHERS: palette.node} if OTHERS in groups.values() else {})


def write_group_legend(groups: Groups, palette: Palette) -> str:
    """The groups with their colours and sizes, as HTML that wraps."""
    sizes = Counter(groups.values())
    entries = [
        f'<span style="margin-right:1.1rem;white-space:nowrap" dir="auto"><span aria-hidden="true" '
        f'style="color:{colour}">⬤</span> {escape(group)} ({sizes[group]})</span>'
        for group, colour in colour_groups(groups, palette).items()
    ]
    return f'<div style="font-size:.85rem;color:{palette.text}">{" ".join(entries)}</div>'
