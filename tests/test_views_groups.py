"""Groups, names and measures of the network."""

from __future__ import annotations

import math
from itertools import combinations

import networkx as nx
from view_samples import make_dyads

from timeline.views.groups import OTHERS, colour_groups, group_by_community, group_by_country, write_group_legend
from timeline.views.networks import build_graph, count_triads, measure_actors, say_balance, sign_pairs
from timeline.views.node_labels import ALWAYS, AT_MOST, place_labels
from timeline.views.palette import LIGHT


def _camps():
    """Two camps of three, each at peace within, with one quarrel between them."""
    rows = [(s, t, 2, 9) for camp in ("ABC", "XYZ") for s, t in combinations(camp, 2)]
    return build_graph(make_dyads(*rows, ("A", "X", 4, 1)))


def test_communities_are_who_deals_with_each_other_and_are_named_after_the_most_active():
    groups = group_by_community(_camps())

    assert {n: g for n, g in groups.items() if n in "ABC"} == dict.fromkeys("ABC", "around A")
    assert {n: g for n, g in groups.items() if n in "XYZ"} == dict.fromkeys("XYZ", "around X")


def test_countries_beyond_the_colours_are_others():
    graph = build_graph(make_dyads(*((f"a{i}", f"b{i}", 1, 20 - i) for i in range(12))))
    countries = {node: f"C{node[1:]}" for node in graph.nodes}

    groups = group_by_country(graph, countries | {"a0": None})

    assert groups["a0"] == OTHERS
    assert groups["a1"] == "C1"
    assert groups["a11"] == OTHERS
    colours = colour_groups(groups, LIGHT)
    assert len(set(colours.values())) == len(colours) == 8


def test_the_legend_names_groups_and_escapes_them():
    html = write_group_legend({"a": "<b>", "b": "<b>"}, LIGHT)

    assert "&lt;b&gt; (2)" in html


def test_no_groups_without_actors():
    assert group_by_community(nx.MultiDiGraph()) == {}
    assert group_by_country(nx.MultiDiGraph(), {}) == {}


def test_a_triad_is_balanced_if_the_product_of_its_signs_is_positive():
    friends = [("A", "B", 2, 3), ("B", "C", 2, 3), ("C", "A", 2, 3)]
    one_quarrel = [*friends[:2], ("C", "A", 4, 3)]
    common_enemy = [friends[0], ("B", "C", 4, 3), ("C", "A", 4, 3)]

    found = [count_triads(build_graph(make_dyads(*rows)))["A"] for rows in (friends, one_quarrel, common_enemy)]

    assert found == [(1, 1), (0, 1), (1, 1)]


def test_a_pair_as_often_at_peace_as_at_war_has_no_sign():
    graph = build_graph(make_dyads(("A", "B", 2, 3), ("B", "A", 4, 3), ("A", "C", 0, 5), ("A", "A", 4, 2)))

    assert sign_pairs(graph) == {}


def test_reciprocity_counts_partners_that_answer():
    table = measure_actors(
        build_graph(make_dyads(("A", "B", 4, 1), ("A", "C", 4, 1), ("B", "A", 2, 1), ("A", "A", 4, 9)))
    )
    table = table.set_index("actor_id")

    assert table.loc["A", "reciprocity"] == 0.5
    assert table.loc["B", "reciprocity"] == 1.0
    assert math.isnan(table.loc["C", "reciprocity"])
    assert math.isnan(table.loc["C", "balance"])
    assert "67% of directed pairs" in say_balance(
        build_graph(make_dyads(("A", "B", 4, 1), ("A", "C", 4, 1), ("B", "A", 2, 1)))
    )


def test_the_most_active_are_named_even_where_it_is_crowded():
    ranked = [f"n{i}" for i in range(60)]
    places = dict.fromkeys(ranked, (0.5, 0.5))

    named = place_labels(ranked, places, dict.fromkeys(ranked, 20.0), dict.fromkeys(ranked, "A long enough name"))

    assert list(named) == ranked[:ALWAYS]


def test_a_name_in_the_way_makes_room_for_a_less_active_actor():
    """Below `late` alone is room, and the name of `early` reaches into it, which has other free sides."""
    blocks = [(310, 230), (250, 230), (310, 214), (250, 214), (280, 198), (310, 200), (250, 200)]
    pixels = {"early": (340, 222), **{f"block{i}": at for i, at in enumerate(blocks)}, "late": (280, 215)}
    places = {n: (x / 560, y / 430) for n, (x, y) in pixels.items()}
    sizes = {n: 2.0 if n.startswith("block") else 10.0 for n in pixels}
    names = dict.fromkeys(pixels, "") | {"early": "A much longer name", "late": "Name"}

    alone = place_labels(["early"], places, sizes, names)
    named = place_labels(list(pixels), places, sizes, names, always=0)

    assert alone["early"] == "bottom"
    assert named["late"] == "bottom" != named["early"]


def test_two_at_one_place_do_not_cost_the_first_its_name():
    places = {"first": (0.5, 0.5), "second": (0.5, 0.5)}

    named = place_labels(list(places), places, dict.fromkeys(places, 20.0), {"first": "Name", "second": ""}, always=0)

    assert named["first"] == "bottom"


def test_names_take_a_side_that_is_free():
    places = {"a": (0.5, 0.5), "below": (0.5, 0.56), "far": (0.1, 0.1)}

    named = place_labels(list(places), places, dict.fromkeys(places, 20.0), dict.fromkeys(places, "Name"))

    assert named["a"] == "top"
    assert named["far"] == "bottom"
    assert len(place_labels([str(i) for i in range(99)], {str(i): (i / 9 % 1, i / 99) for i in range(99)},
                            {str(i): 1.0 for i in range(99)}, {str(i): "" for i in range(99)})) == AT_MOST  # fmt: skip
