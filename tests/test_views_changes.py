"""What changed between two networks, and how it is told."""

from __future__ import annotations

import json

from view_samples import make_dyads

from timeline.views.changes import Change, compare_graphs, say_changes, select_changes, tabulate_changes
from timeline.views.network_figures import write_network
from timeline.views.networks import build_graph, lay_out
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


def test_a_drawn_change_tells_both_periods_and_its_glyph():
    graph = compare_graphs(BEFORE, AFTER)

    drawn = json.loads(write_network(graph, lay_out(graph), LIGHT))

    names = [node[0] for node in drawn["nodes"]]
    told = {(names[s], names[t], sign): rest[-4:] for s, t, sign, *rest in drawn["edges"]}
    assert told["ARV", "BEL", "cooperation"] == ["turned", ["conflict", 3], ["cooperation", 3], "⇄"]
    assert told["COR", "BEL", "neutral"] == ["new", ["", 0], ["neutral", 1], "+"]


def test_changes_are_told_with_their_glyphs():
    assert say_changes(compare_graphs(BEFORE, AFTER)) == "4 pairs: 1 turned (⇄), 1 new (+), 1 gone (−), 1 stayed."
    assert say_changes(compare_graphs(build_graph(make_dyads()), build_graph(make_dyads()))).startswith("0 pairs")
