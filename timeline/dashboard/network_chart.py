"""The network in an element of our own that stays: the reader's zoom survives filters, and names stand where they fit.

Streamlit's own chart is sent ten times as much, makes each network anew, and cannot be told what is selected without
that. The script is `network.js`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from timeline.coding.resources import find_resource
from timeline.dashboard.selection import NOTHING, Selection, read_query

_KEY = "network"
_STYLE = """
.timeline-network {position: relative; height: 500px; touch-action: pan-y}
.timeline-network:focus-visible {outline: 2px solid var(--st-primary-color); outline-offset: 2px}
.timeline-network svg {display: block; user-select: none}
.timeline-network text {font-size: 12px; fill: var(--network-ink); paint-order: stroke; pointer-events: none;
  stroke: var(--network-background); stroke-width: 3px; stroke-linejoin: round}
.timeline-network .sign {font-size: 14px; font-weight: 700; text-anchor: middle; stroke-width: 4px}
.timeline-network.some :is(.edge, .node) {opacity: .22}
.timeline-network.under .name:not(.lit) {opacity: .3}
.timeline-network.some .lit {opacity: 1}
.timeline-network .ring {stroke: var(--network-accent); stroke-width: 4px}
.timeline-network .tip {position: absolute; z-index: 9; max-width: 22rem; padding: .35rem .6rem; font-size: 13px;
  line-height: 1.45; pointer-events: none; overflow-wrap: anywhere; border-radius: 4px; color: var(--network-ink);
  background: var(--network-surface); border: 1px solid var(--network-grid)}
"""
_chart = st.components.v2.component(
    "network", css=_STYLE, js=find_resource("network.js").read_text(encoding="utf-8"), isolate_styles=False
)


def show_chart(
    drawing: str,
    *,
    actors: Sequence[str],
    edges: Sequence[tuple[str, ...]],
    on_pick: Callable[[Selection], None],
    words: str,
) -> None:
    """Draw a network; the one drawn before becomes it.

    Args:
        drawing: From `write_network`.
        actors: Ids of the actors that are selected.
        edges: The edges that are, as source, target and sign.
        on_pick: Called with the actor or edge clicked.
        words: What the chart shows, for readers who do not see it.
    """

    def take() -> None:
        selection = read_pick((st.session_state.get(_KEY) or {}).get("pick"))
        if selection:
            on_pick(selection)

    said = f"{words}. With the keyboard: arrows move, plus and minus zoom, 0 shows everything."
    given = {"name": _KEY, "words": said, "marks": {"actors": actors, "edges": edges}}
    text = f'{json.dumps(given)[:-1]}, "network": {drawing}}}'
    with st.container(key="network_plot"):
        _chart(data=text.encode(), key=_KEY, height=500, on_pick_change=take)


def read_pick(value: Any) -> Selection:
    """The actor or edge that the browser says was clicked; nothing where it says neither."""
    if isinstance(value, str):
        return read_query({"actor": value})[0]
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return read_query({"edge": "~".join(value)})[0]
    return NOTHING
