"""What the browser says was clicked in the network is believed only as far as it is an actor or an edge."""

from __future__ import annotations

import pytest

from timeline.dashboard.network_chart import read_pick
from timeline.dashboard.selection import NOTHING, select_actor, select_edge


def test_a_click_is_an_actor_or_an_edge():
    assert read_pick("ARV") == select_actor("ARV")
    assert read_pick(["ARV", "BEL", "conflict"]) == select_edge("ARV", "BEL", "conflict")


@pytest.mark.parametrize(
    "value",
    [None, 7, "", "a\nb", "x" * 500, [], ["ARV", "BEL"], ["ARV", "BEL", "love"], ["ARV", 1, "conflict"], {"id": "ARV"}],
)
def test_what_is_neither_selects_nothing(value):
    assert read_pick(value) == NOTHING
