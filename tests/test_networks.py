"""The actor network: graph, layout, measures and drawings."""

from __future__ import annotations

import itertools
import json
import math

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from view_samples import make_dyads

from timeline.views.limited import build_limited
from timeline.views.network_figures import draw_network, edge_width, node_size, read_click, write_echarts
from timeline.views.networks import (
    ASPECT,
    Hidden,
    build_graph,
    lay_out,
    limit_graph,
    measure_actors,
    place_missing,
    tabulate_edges,
)
from timeline.views.palette import LIGHT

DYADS = make_dyads(
    ("ARV", "BEL", 4, 5), ("ARV", "BEL", 3, 1), ("BEL", "ARV", 1, 2), ("ARV", "COR", 2, 3), ("ARV", "ARV", 4, 1)
)


def test_quad_classes_of_one_sign_share_an_edge():
    graph = build_graph(DYADS)

    edge = graph.edges["ARV", "BEL", "conflict"]
    assert edge["events"] == 6
    assert edge["quads"] == {3: 1, 4: 5}
    assert edge["goldstein"] == pytest.approx((5 * -7 + 1 * -2) / 6)
    assert graph.number_of_edges() == 4


def test_acts_on_oneself_and_what_does_not_fit_are_counted_not_drawn():
    limited, hidden = limit_graph(build_graph(DYADS), max_actors=3, max_edges=2)

    assert hidden == Hidden(actors=0, edges=1, self_loops=1)
    assert sorted(limited.edges(keys=True)) == [("ARV", "BEL", "conflict"), ("ARV", "COR", "cooperation")]


_PAIR = st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF"), st.sampled_from([0, 1, 2, 3, 4]))
_COUNTS = st.dictionaries(_PAIR, st.integers(1, 9), max_size=25)


@settings(deadline=None, max_examples=60)
@given(_COUNTS, st.integers(1, 7), st.integers(1, 12))
def test_a_limited_network_is_the_whole_one_cut(counts, max_actors, max_edges):
    """The short cut over arrays keeps the same actors and edges, with the same figures."""
    dyads = make_dyads(*((*pair, number) for pair, number in counts.items()))

    found, left_out = build_limited(dyads, max_actors, max_edges)

    expected, hidden = limit_graph(build_graph(dyads), max_actors, max_edges)
    assert dict(found.nodes(data=True)) == dict(expected.nodes(data=True))
    assert dict(found.edges) == dict(expected.edges)
    assert left_out == hidden


def test_an_ego_network_holds_the_partners_and_their_edges():
    dyads = make_dyads(("A", "B", 1, 1), ("B", "C", 1, 1), ("C", "A", 1, 1), ("C", "D", 1, 5))

    graph, hidden = build_limited(dyads, ego="B")

    assert sorted(graph.edges()) == [("A", "B"), ("B", "C"), ("C", "A")]
    assert graph.nodes["C"]["events"] == 7
    assert hidden == Hidden()
    assert len(build_limited(dyads, ego="nobody")[0]) == 0


def _ring(size: int) -> nx.MultiDiGraph:
    return build_graph(make_dyads(*((f"n{i:03d}", f"n{(i + 1) % size:03d}", 1, 1 + i % 5) for i in range(size))))


@pytest.mark.parametrize("size", [2, 3, 30, 120])
def test_places_lie_in_the_frame_apart_from_each_other_and_repeat(size):
    places = lay_out(_ring(size))

    assert list(places) == sorted(places)
    assert all(0 <= x <= ASPECT and 0 <= y <= 1 for x, y in places.values())
    assert min(math.dist(a, b) for a, b in itertools.combinations(places.values(), 2)) > 0.01
    assert lay_out(_ring(size)) == places


def test_layouts_of_nothing_and_of_one():
    assert lay_out(nx.MultiDiGraph()) == {}
    assert lay_out(build_graph(make_dyads(("A", "A", 4, 1)))) == {"A": (ASPECT / 2, 0.5)}


def test_two_separate_parts_are_both_placed():
    places = lay_out(build_graph(make_dyads(("A", "B", 1, 1), ("C", "D", 4, 1))))

    assert sorted(places) == ["A", "B", "C", "D"]
    assert all(math.isfinite(v) for place in places.values() for v in place)


def test_measures_of_a_chain():
    graph, _ = limit_graph(build_graph(make_dyads(("A", "B", 4, 3), ("B", "C", 1, 1))))

    table = measure_actors(graph).set_index("actor_id")

    assert table.loc["B", ["acts", "receives", "partners", "betweenness", "conflict_share"]].tolist() == [
        1,
        3,
        2,
        1.0,
        0.75,
    ]
    assert list(measure_actors(nx.MultiDiGraph())) == [
        "actor_id", "name", "events", "acts", "receives", "partners", "betweenness", "reciprocity", "balance",
        "conflict_share",
    ]  # fmt: skip


def test_edges_are_listed_heaviest_first():
    assert tabulate_edges(build_graph(DYADS))["events"].tolist() == [6, 3, 2, 1]


def _spec():
    graph, _ = limit_graph(build_graph(DYADS))
    return write_echarts(graph, lay_out(graph), LIGHT), graph


def test_sign_is_told_by_colour_dash_and_curve():
    spec, _ = _spec()
    links = {
        (e[0], e[1], e[2]): link["lineStyle"]
        for e, link in zip(spec.edges, spec.option["series"][0]["links"], strict=True)
    }

    conflict, cooperation = links["ARV", "BEL", "conflict"], links["BEL", "ARV", "cooperation"]
    assert (conflict["color"], conflict["type"]) == (LIGHT.conflict, "dashed")
    assert (cooperation["color"], cooperation["type"]) == (LIGHT.cooperation, "solid")
    assert conflict["curveness"] != cooperation["curveness"]
    json.dumps(spec.option, allow_nan=False)


def test_actors_keep_their_places_when_others_are_filtered_away():
    whole, graph = _spec()
    positions = lay_out(graph)
    part = graph.edge_subgraph([("ARV", "COR", "cooperation")]).copy()

    data = write_echarts(part, positions, LIGHT).option["series"][0]["data"]

    before = {d["id"]: (d["x"], d["y"]) for d in whole.option["series"][0]["data"]}
    assert all(before[d["id"]] == (d["x"], d["y"]) for d in data)
    assert [d["id"] for d in data[-2:]] == ["~corner0", "~corner1"]


def test_names_are_escaped_where_echarts_reads_html():
    graph, _ = limit_graph(build_graph(make_dyads(("<i>x</i>{b}", "B", 4, 1))))

    spec = write_echarts(graph, lay_out(graph), LIGHT)

    series = spec.option["series"][0]
    words = [d["tooltip"]["formatter"] for d in (*series["links"], *series["data"][:-2])]
    assert not any("<i>" in w or "{b}" in w for w in words)


def test_clicks_are_read_by_id_and_stale_ones_dropped():
    spec, _ = _spec()

    def click(kind, index):
        return {"selection": {"selected": [{"data_type": kind, "data_indices": [index]}], "areas": []}}

    assert read_click(click("node", 0), spec.nodes, spec.edges) == "ARV"
    assert read_click(click("edge", 0), spec.nodes, spec.edges) == spec.edges[0]
    assert read_click(click("node", 99), spec.nodes, spec.edges) is None
    assert read_click({"selection": {"selected": []}}, spec.nodes, spec.edges) is None
    assert read_click(None, (), ()) is None


def test_the_twin_for_files_has_the_same_places_and_few_traces():
    spec, graph = _spec()
    figure = draw_network(graph, lay_out(graph), LIGHT, title="Net")

    nodes = next(t for t in figure.data if t.mode == "markers+text")
    on_screen = {d["id"]: (d["x"] / 1000, d["y"] / 1000) for d in spec.option["series"][0]["data"]}
    assert all(on_screen[i] == (x, y) for i, x, y in zip(nodes.customdata, nodes.x, nodes.y, strict=True))
    assert len(figure.data) <= 2 * len(spec.edges) + 1
    assert draw_network(nx.MultiDiGraph(), {}, LIGHT).layout.annotations[0].text.startswith("No actor acts")


def test_actors_unknown_to_the_layout_go_to_the_rim():
    graph = build_graph(make_dyads(("A", "B", 1, 1)))

    places = place_missing({"A": (0.3, 0.3)}, graph)

    assert places["A"] == (0.3, 0.3)
    assert 0 <= places["B"][0] <= ASPECT


def test_sizes_are_bounded():
    assert node_size(0, 10) == 10
    assert node_size(10, 10) == 46
    assert edge_width(0) == pytest.approx(0.6)
    assert edge_width(1e9) == 8
