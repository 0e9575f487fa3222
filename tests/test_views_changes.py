"""What changed between two networks, and how it is told."""

from __future__ import annotations

from view_samples import make_dyads

from timeline.views.changes import Change, compare_graphs, say_changes, select_changes, tabulate_changes
from timeline.views.network_figures import choose_sides, curve_edge, node_size, write_echarts
from timeline.views.networks import ASPECT, build_graph, lay_out
from timeline.views.node_labels import find_covered
from timeline.views.palette import LIGHT

BEFORE = build_graph(make_dyads(("ARV", "BEL", 4, 3), ("ARV", "COR", 1, 2), ("BEL", "COR", 2, 1), ("ARV", "ARV", 4, 9)))
AFTER = build_graph(make_dyads(("ARV", "BEL", 1, 2), ("ARV", "BEL", 4, 1), ("ARV", "COR", 1, 5), ("COR", "BEL", 0, 1)))


def test_pairs_are_turned_new_gone_or_stay():
    table = tabulate_changes(compare_graphs(BEFORE, AFTER))

    rows = [tuple(row) for row in table[["source", "target", "change", "before", "after"]].itertuples(index=False)]
    assert rows == [
        ("Arvonia", "Belmark", "turned", "conflict", "cooperation"),
        ("Corran Union", "Belmark", "new", "", "neutral"),
        ("Belmark", "Corran Union", "gone", "cooperation", ""),
        ("Arvonia", "Corran Union", "stayed", "cooperation", "cooperation"),
    ]
    assert list(table["events_before"]) == [3, 0, 1, 2]
    assert list(table["events_after"]) == [3, 1, 0, 5]


def test_a_pair_with_as_much_help_as_harm_has_not_turned():
    even = build_graph(make_dyads(("ARV", "BEL", 1, 2), ("ARV", "BEL", 4, 2)))

    (change,) = (
        tabulate_changes(compare_graphs(BEFORE, even)).query("source == 'Arvonia' and target == 'Belmark'").change
    )

    assert change == Change.KEPT


def test_comparing_backwards_swaps_new_and_gone():
    forth, back = compare_graphs(BEFORE, AFTER), compare_graphs(AFTER, BEFORE)

    def pairs(graph, change):
        return {(s, t) for s, t, d in graph.edges(data=True) if d["change"] == change}

    assert pairs(forth, Change.NEW) == pairs(back, Change.GONE)
    assert pairs(forth, Change.FLIPPED) == pairs(back, Change.FLIPPED)


def test_only_the_kinds_asked_for_are_kept():
    some = select_changes(compare_graphs(BEFORE, AFTER), [Change.NEW])

    assert [tuple(edge) for edge in some.edges()] == [("COR", "BEL")]
    assert set(some.nodes) == {"COR", "BEL"}


def test_no_sign_of_change_lies_over_a_name():
    """Of forty actors in a crowd many are named, and the signs of their edges leave the names free."""
    names = [f"ACTOR{i}" for i in range(40)]
    pairs = [(names[i], names[(i * 7 + k) % 40], 1, 1) for i in range(40) for k in (1, 3, 5)]
    graph = compare_graphs(build_graph(make_dyads()), build_graph(make_dyads(*pairs)))
    places = lay_out(graph)
    spec = write_echarts(graph, places, LIGHT)
    (series,) = spec.option["series"]
    top = max(d["events"] for _, d in graph.nodes(data=True))
    sides = choose_sides(graph, places, top)

    signed = [edge for edge, link in zip(spec.edges, series["links"], strict=True) if "label" in link]
    middles = [curve_edge(places[s], places[t], 0.10, 2)[1] for s, t, _ in signed]
    covered = find_covered(
        [(x / ASPECT, y) for x, y in middles], sides, {n: (x / ASPECT, y) for n, (x, y) in places.items()},
        {n: node_size(graph.nodes[n]["events"], top) for n in names}, {n: graph.nodes[n]["name"] for n in names},
    )  # fmt: skip

    assert 0 < len(signed) < len(spec.edges)
    assert not covered.any()


def test_changes_are_told_with_their_glyphs():
    assert say_changes(compare_graphs(BEFORE, AFTER)) == "4 pairs: 1 turned (⇄), 1 new (+), 1 gone (−), 1 stayed."
    assert say_changes(compare_graphs(build_graph(make_dyads()), build_graph(make_dyads()))).startswith("0 pairs")
