"""The actor network as GraphML, as Cytoscape JSON, and as dynamic GEXF that opens in Gephi with its time line."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Hashable, Iterable, Sequence
from itertools import product
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import networkx as nx
import pandas as pd

from timeline.views.lanes import EVENT_COLUMNS, require_columns
from timeline.views.networks import Positions
from timeline.views.palette import LIGHT, SIGN_OF_QUAD, Sign
from timeline.views.provenance import Provenance
from timeline.views.wording import as_date, clean_text

GEXF, VIZ = "http://gexf.net/1.3", "http://gexf.net/1.3/viz"
_SCALE = 1000.0  # of the layout, in the units of Gephi and Cytoscape
Days = Sequence[tuple[dt.date, dt.date]]


def graph_of_events(events: pd.DataFrame) -> nx.MultiDiGraph:
    """The network of some events, with the days of each edge.

    Args:
        events: One row per event (`EVENT_COLUMNS`).

    Returns:
        Nodes with `name`, `events` and `days`; one edge per source, target and sign with `events`, `reports`,
        `event_ids` and `days`: (first, last) of each dated event, an open end taken as the end that is known. An
        actor's acts on itself are no edge.
    """
    require_columns(events, EVENT_COLUMNS, "events")
    graph = nx.MultiDiGraph()
    for row in events.sort_values("event_id", kind="stable").to_dict("records"):
        names = {**dict(zip(row["source_ids"], row["source_names"], strict=True)),
                 **dict(zip(row["target_ids"], row["target_names"], strict=True))}  # fmt: skip
        for actor_id, name in sorted(names.items()):
            if actor_id not in graph:
                graph.add_node(actor_id, name=clean_text(str(name)), events=0, days=[])
            _count(graph.nodes[actor_id], row)
        sign = SIGN_OF_QUAD[int(row["quad_class"])].value
        for source, target in sorted(set(product(row["source_ids"], row["target_ids"]))):
            if source != target:
                _count_on_edge(graph, source, target, sign, row)
    return graph


def _count_on_edge(graph: nx.MultiDiGraph, source: str, target: str, sign: str, row: dict[Hashable, Any]) -> None:
    if not graph.has_edge(source, target, key=sign):
        graph.add_edge(source, target, key=sign, events=0, reports=0, event_ids=[], days=[])
    edge = graph.edges[source, target, sign]
    edge["reports"] += int(str(row["reports"]))
    edge["event_ids"].append(str(row["event_id"]))
    _count(edge, row)


def _count(holder: dict[str, Any], row: dict[Hashable, Any]) -> None:
    first, last = as_date(row["start"]), as_date(row["end"])
    holder["events"] += 1
    if first or last:
        holder["days"].append((first or last, last or first))


def write_graphml(events: pd.DataFrame, provenance: Provenance) -> bytes:
    """The network of some events as GraphML; edges have `weight`, `sign`, first and last day as ISO text."""
    graph = nx.MultiDiGraph(**provenance.named())
    found = graph_of_events(events)
    for actor_id, data in sorted(found.nodes(data=True)):
        graph.add_node(clean_text(actor_id), label=data["name"], events=data["events"])
    for number, (source, target, key, data) in enumerate(_list_edges(found)):
        graph.add_edge(
            clean_text(source), clean_text(target), key=str(number), sign=key, weight=data["events"],
            reports=data["reports"], event_ids=" ".join(data["event_ids"]), **_bounds(data["days"]),
        )  # fmt: skip
    buffer = io.BytesIO()
    nx.write_graphml_xml(graph, buffer, named_key_ids=True)
    return buffer.getvalue()


def write_cyjs(events: pd.DataFrame, provenance: Provenance, positions: Positions | None = None) -> bytes:
    """The network of some events as Cytoscape JSON, for Cytoscape and Cytoscape.js.

    Args:
        events: `EVENT_COLUMNS`.
        provenance: Goes into the network's data.
        positions: Places of the actors; where one is missing, none is written and Cytoscape lays them out.
    """
    found = graph_of_events(events)
    placed = positions if positions and all(node in positions for node in found) else None
    nodes = []
    for actor_id, data in sorted(found.nodes(data=True)):
        node: dict[str, Any] = {
            "data": {
                "id": clean_text(actor_id), "name": data["name"], "events": data["events"], **_bounds(data["days"]),
            }
        }  # fmt: skip
        if placed:
            x, y = placed[actor_id]
            node["position"] = {"x": round(x * _SCALE, 1), "y": round(y * _SCALE, 1)}
        nodes.append(node)
    edges = [
        {
            "data": {
                "id": f"e{number}", "source": clean_text(source), "target": clean_text(target), "interaction": key,
                "sign": key, "weight": data["events"], "reports": data["reports"],
                "event_ids": " ".join(data["event_ids"]), "colour": LIGHT.of_sign(Sign(key)), **_bounds(data["days"]),
            }
        }
        for number, (source, target, key, data) in enumerate(_list_edges(found))
    ]  # fmt: skip
    name = f"Events: {clean_text(provenance.project)}" if provenance.project else "Events"
    network = {
        "format_version": "1.0",
        "generated_by": "event-timeline",
        "target_cytoscapejs_version": "~3.0",
        "data": {"name": name, "shared_name": name, **provenance.named()},
        "elements": {"nodes": nodes, "edges": edges},
    }
    return json.dumps(network, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8")


def write_gexf(events: pd.DataFrame, provenance: Provenance, positions: Positions | None = None) -> bytes:
    """The network of some events as dynamic GEXF 1.3: actors and edges exist on the days of their events.

    Undated events count in the weight but have no days; what has no dated event at all is always there. Edges of one
    pair with different signs are of different `kind`, so that Gephi does not make one of them.

    Args:
        events: `EVENT_COLUMNS`.
        provenance: Goes into the description.
        positions: Places of the actors, from `lay_out`; those without one have none.
    """
    found = graph_of_events(events)
    root = Element("gexf", {"xmlns": GEXF, "xmlns:viz": VIZ, "version": "1.3"})
    meta = SubElement(root, "meta", {"lastmodifieddate": provenance.made.date().isoformat()})
    SubElement(meta, "creator").text = "event-timeline"
    SubElement(meta, "description").text = "\n".join(f"{label}: {value}" for label, value in provenance.lines())
    graph = SubElement(
        root, "graph", {"defaultedgetype": "directed", "mode": "dynamic", "timeformat": "date",
                        "timerepresentation": "interval", **_bounds(_all_days(found))},
    )  # fmt: skip
    _declare(graph, "node", {"events": "integer"})
    _declare(graph, "edge", {"sign": "string", "reports": "integer", "event_ids": "string"})
    _add_nodes(graph, found, positions or {})
    _add_edges(graph, found)
    indent(root)
    buffer = io.BytesIO()
    ElementTree(root).write(buffer, "utf-8", xml_declaration=True)
    return buffer.getvalue() + b"\n"


def _declare(graph: Element, kind: str, types: dict[str, str]) -> None:
    attributes = SubElement(graph, "attributes", {"class": kind, "mode": "static"})
    for name, xml_type in types.items():
        SubElement(attributes, "attribute", {"id": name, "title": name, "type": xml_type})


def _add_nodes(graph: Element, found: nx.MultiDiGraph, positions: Positions) -> None:
    nodes = SubElement(graph, "nodes", {"count": str(found.number_of_nodes())})
    for actor_id, data in sorted(found.nodes(data=True)):
        node = SubElement(nodes, "node", {"id": clean_text(actor_id), "label": data["name"]})
        _set_values(node, {"events": data["events"]})
        _add_spells(node, data["days"])
        SubElement(node, "viz:size", {"value": f"{4 + 2 * data['events'] ** 0.5:.2f}"})
        if actor_id in positions:
            x, y = positions[actor_id]
            # up is positive in Gephi, down in our drawings
            SubElement(node, "viz:position", {"x": f"{x * _SCALE:.1f}", "y": f"{-y * _SCALE:.1f}", "z": "0.0"})


def _add_edges(graph: Element, found: nx.MultiDiGraph) -> None:
    edges = SubElement(graph, "edges", {"count": str(found.number_of_edges())})
    for number, (source, target, key, data) in enumerate(_list_edges(found)):
        edge = SubElement(
            edges, "edge", {"id": f"e{number}", "source": clean_text(source), "target": clean_text(target),
                            "label": key, "kind": key, "weight": str(float(data["events"]))},
        )  # fmt: skip
        _set_values(edge, {"sign": key, "reports": data["reports"], "event_ids": " ".join(data["event_ids"])})
        _add_spells(edge, data["days"])
        SubElement(edge, "viz:color", {name: str(value) for name, value in _colour(key).items()})


def _set_values(parent: Element, values: dict[str, object]) -> None:
    held = SubElement(parent, "attvalues")
    for name, value in values.items():
        SubElement(held, "attvalue", {"for": name, "value": str(value)})


def _add_spells(parent: Element, days: Days) -> None:
    joined = join_days(days)
    if joined:
        held = SubElement(parent, "spells")
        for first, last in joined:
            SubElement(held, "spell", {"start": first.isoformat(), "end": last.isoformat()})


def join_days(days: Iterable[tuple[dt.date, dt.date]]) -> list[tuple[dt.date, dt.date]]:
    """Overlapping and touching spans joined, in order: spells of one element must not overlap."""
    joined: list[tuple[dt.date, dt.date]] = []
    for first, last in sorted(days):
        if joined and first.toordinal() <= joined[-1][1].toordinal() + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _all_days(found: nx.MultiDiGraph) -> Days:
    return tuple(span for _, data in found.nodes(data=True) for span in data["days"])


def _bounds(days: Days) -> dict[str, str]:
    """First and last day of some spans as ISO text; nothing for none."""
    if not days:
        return {}
    return {"start": min(first for first, _ in days).isoformat(), "end": max(last for _, last in days).isoformat()}


def _list_edges(graph: nx.MultiDiGraph) -> list[tuple[str, str, str, dict[str, Any]]]:
    return sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3])


def _colour(sign: str) -> dict[str, int]:
    colour = LIGHT.of_sign(Sign(sign))
    return {"r": int(colour[1:3], 16), "g": int(colour[3:5], 16), "b": int(colour[5:7], 16)}
