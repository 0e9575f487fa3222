"""The actor network as GraphML, and as dynamic GEXF that opens in Gephi with its time line."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Hashable
from itertools import product
from typing import Any
from xml.etree.ElementTree import SubElement

import networkx as nx
import pandas as pd
from networkx.readwrite.gexf import GEXFWriter

from timeline.views.lanes import EVENT_COLUMNS, require_columns
from timeline.views.palette import LIGHT, SIGN_OF_QUAD, Sign
from timeline.views.provenance import Provenance
from timeline.views.wording import as_date, clean_text


def graph_of_events(events: pd.DataFrame) -> nx.MultiDiGraph:
    """The network of some events, with the days of each edge.

    Args:
        events: One row per event (`EVENT_COLUMNS`).

    Returns:
        Nodes with `name`; one edge per source, target and sign with `events`, `reports`, `event_ids` (joined by
        spaces) and `days`: (first, last) of each dated event. An actor's acts on itself are left out.
    """
    require_columns(events, EVENT_COLUMNS, "events")
    graph = nx.MultiDiGraph()
    for row in events.sort_values("event_id", kind="stable").to_dict("records"):
        names = {**dict(zip(row["source_ids"], row["source_names"], strict=True)),
                 **dict(zip(row["target_ids"], row["target_names"], strict=True))}  # fmt: skip
        for actor_id, name in sorted(names.items()):
            graph.add_node(actor_id, name=clean_text(str(name)))
        sign = SIGN_OF_QUAD[int(row["quad_class"])].value
        for source, target in sorted(set(product(row["source_ids"], row["target_ids"]))):
            if source != target:
                _count_on_edge(graph, source, target, sign, row)
    return graph


def _count_on_edge(graph: nx.MultiDiGraph, source: str, target: str, sign: str, row: dict[Hashable, Any]) -> None:
    if not graph.has_edge(source, target, key=sign):
        graph.add_edge(source, target, key=sign, events=0, reports=0, event_ids="", days=())
    edge = graph.edges[source, target, sign]
    first, last = as_date(row["start"]), as_date(row["end"])
    edge["events"] += 1
    edge["reports"] += int(str(row["reports"]))
    edge["event_ids"] = f"{edge['event_ids']} {row['event_id']}".strip()
    if first or last:
        edge["days"] = (*edge["days"], (first or last, last or first))


def write_graphml(events: pd.DataFrame, provenance: Provenance) -> bytes:
    """The network of some events as GraphML; edges have `weight`, `sign`, first and last day as ISO text."""
    graph = nx.MultiDiGraph(**{label.lower().replace(" ", "_"): value for label, value in provenance.lines()})
    found = graph_of_events(events)
    for actor_id, data in sorted(found.nodes(data=True)):
        graph.add_node(clean_text(actor_id), label=data["name"])
    for number, (source, target, key, data) in enumerate(sorted(found.edges(keys=True, data=True), key=_edge_order)):
        days = [day for span in data["days"] for day in span]
        graph.add_edge(
            clean_text(source), clean_text(target), key=str(number), sign=key, weight=data["events"],
            reports=data["reports"], event_ids=data["event_ids"],
            start=min(days).isoformat() if days else "", end=max(days).isoformat() if days else "",
        )  # fmt: skip
    buffer = io.BytesIO()
    nx.write_graphml_xml(graph, buffer, named_key_ids=True)
    return buffer.getvalue()


def write_gexf(events: pd.DataFrame, provenance: Provenance) -> bytes:
    """The network of some events as dynamic GEXF 1.2: an edge exists on the days of its events.

    Undated events count in the weight but have no days; an edge without any dated event is always there.
    """
    found = graph_of_events(events)
    graph = nx.MultiDiGraph(name=provenance.project or "events", mode="dynamic")
    for actor_id, data in sorted(found.nodes(data=True)):
        graph.add_node(clean_text(actor_id), label=data["name"])
    for source, target, key, data in sorted(found.edges(keys=True, data=True), key=_edge_order):
        spells = _join_days(data["days"])
        dated = {"spells": [(a.isoformat(), b.isoformat()) for a, b in spells]} if spells else {}
        graph.add_edge(
            clean_text(source), clean_text(target), key=key, label=key, weight=data["events"], sign=key,
            reports=data["reports"], event_ids=data["event_ids"], viz={"color": _colour(key)}, **dated,
        )  # fmt: skip
    writer = GEXFWriter(version="1.2draft")
    writer.add_graph(graph)
    _describe(writer, provenance)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _describe(writer: GEXFWriter, provenance: Provenance) -> None:
    """Networkx dates the file by the clock; we state the time of the export and what it holds."""
    meta = writer.xml.find("meta")
    meta.set("lastmodifieddate", provenance.made.date().isoformat())
    meta.find("creator").text = "event-timeline"
    SubElement(meta, "description").text = "\n".join(f"{label}: {value}" for label, value in provenance.lines())


def _join_days(days: tuple[tuple[dt.date, dt.date], ...]) -> list[tuple[dt.date, dt.date]]:
    """Overlapping and touching spans joined, in order: spells of one edge must not overlap."""
    joined: list[tuple[dt.date, dt.date]] = []
    for first, last in sorted(days):
        if joined and first.toordinal() <= joined[-1][1].toordinal() + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _edge_order(edge: tuple[str, str, str, object]) -> tuple[str, str, str]:
    return edge[0], edge[1], edge[2]


def _colour(sign: str) -> dict[str, int]:
    colour = LIGHT.of_sign(Sign(sign))
    return {"r": int(colour[1:3], 16), "g": int(colour[3:5], 16), "b": int(colour[5:7], 16)}
