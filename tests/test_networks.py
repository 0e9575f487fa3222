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
from timeline.views.network_figures import draw_network, edge_width, find_fewest, node_size, write_network
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


def _written(graph, positions=None, **options):
    drawn = json.loads(write_network(graph, positions or lay_out(graph), LIGHT, **options))
    names = [node[0] for node in drawn["nodes"]]
    edges = {(names[s], names[t], sign): rest for s, t, sign, *rest in drawn["edges"]}
    return {node[0]: node[1:] for node in drawn["nodes"]}, edges


def test_an_edge_is_written_with_a_bow_for_its_sign_a_width_and_what_it_counts():
    graph, _ = limit_graph(build_graph(DYADS))

    nodes, edges = _written(graph)

    assert set(edges) == set(graph.edges(keys=True))
    bow, width, opacity, events, score = edges["ARV", "BEL", "conflict"]
    assert bow != edges["BEL", "ARV", "cooperation"][0]
    assert (round(width, 1), opacity, events) == (round(edge_width(events, find_fewest(graph)), 1), 0.72, 6)
    assert score < 0
    acts = sum(d["events"] for _, _, d in graph.out_edges("ARV", data=True))
    assert nodes["ARV"][4] == acts


def test_the_most_active_come_first_and_are_largest():
    nodes, _ = _written(build_graph(DYADS))

    sizes = [node[3] for node in nodes.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 46


def test_actors_keep_their_places_when_others_are_filtered_away():
    graph = build_graph(DYADS)
    part = graph.edge_subgraph([("ARV", "COR", "cooperation")]).copy()

    whole, _ = _written(graph)
    some, _ = _written(part, lay_out(graph))

    assert set(some) == {"ARV", "COR"}
    assert all(some[i][1:3] == whole[i][1:3] for i in some)


def test_actors_of_a_group_share_a_colour_and_say_its_name():
    nodes, _ = _written(build_graph(DYADS), groups={"ARV": "west", "BEL": "west", "COR": "east"})

    assert nodes["ARV"][6:] == nodes["BEL"][6:]
    assert nodes["ARV"][7] == "west"
    assert nodes["ARV"][6] != nodes["COR"][6]


def test_marks_that_steer_writing_are_dropped_from_names():
    nodes, _ = _written(build_graph(make_dyads(("\u202egro", "B", 4, 1))))

    assert nodes["\u202egro"][0] == "gro"


def test_the_twin_for_files_has_the_same_places_and_few_traces():
    graph, _ = limit_graph(build_graph(DYADS))
    on_screen, edges = _written(graph)
    figure = draw_network(graph, lay_out(graph), LIGHT, title="Net")

    nodes = next(t for t in figure.data if t.mode == "markers+text")
    for i, x, y in zip(nodes.customdata, nodes.x, nodes.y, strict=True):
        assert on_screen[i][1:3] == [pytest.approx(x / ASPECT, abs=1e-4), pytest.approx(y, abs=1e-4)]
    assert len(figure.data) <= 2 * len(edges) + 1
    assert draw_network(nx.MultiDiGraph(), {}, LIGHT).layout.annotations[0].text.startswith("No actor acts")


def test_actors_unknown_to_the_layout_go_to_the_rim():
    graph = build_graph(make_dyads(("A", "B", 1, 1)))

    places = place_missing({"A": (0.3, 0.3)}, graph)

    assert places["A"] == (0.3, 0.3)
    assert 0 <= places["B"][0] <= ASPECT


def test_sizes_are_bounded():
    assert node_size(0, 10) == 10
    assert node_size(10, 10) == 46
    assert edge_width(0, 1) == pytest.approx(0.6)
    assert edge_width(1e9, 1) == 8


def test_widths_tell_edges_apart_however_many_events_they_have():
    """The thinnest edge of a network is as thin among millions of events as among a few."""
    few, many = (
        _written(build_graph(make_dyads(("A", "B", 1, times), ("B", "C", 1, 9 * times))))[1] for times in (1, 10_000)
    )

    assert [edge[1] for edge in few.values()] == [edge[1] for edge in many.values()]
    assert few["A", "B", "cooperation"][1] < few["B", "C", "cooperation"][1] / 2
