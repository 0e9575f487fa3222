"""Where the reader has zoomed to in the network: told by the browser, kept through changes of the filter.

A network that is drawn anew shows everything again. So the browser says where it stands, and the next drawing, and only
that one, begins there: one drawn for the zoom's own sake would flicker under the reader's hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import streamlit as st

from timeline.coding.resources import find_resource
from timeline.views.zooms import View

_KEPT, _DRAWN = "zoom_kept", "zoom_drawn"

_watch = st.components.v2.component(
    "network_zoom", js=find_resource("zoom.js").read_text(encoding="utf-8"), isolate_styles=False
)


def choose_zoom(drawn: object) -> View | None:
    """The zoom to draw with: the reader's own where it is drawn for something new, or else the last one's.

    Args:
        drawn: What the network shows; while it stays, so does the zoom of the drawing.
    """
    before = st.session_state.get(_DRAWN)
    if before is None or before[0] != drawn:
        before = st.session_state[_DRAWN] = drawn, st.session_state.get(_KEPT)
    zoom: View | None = before[1]
    return zoom


@st.fragment
def watch_zoom(scope: str, frame: Mapping[str, Any]) -> None:
    """Have the browser tell where the network stands; a fragment, so that no panel is run for it.

    Args:
        scope: A class of an element around the network and no other chart.
        frame: What tells its view from the drawing, see `zooms.describe_frame`.
    """
    _watch(data={"scope": scope, **frame}, key="zoom_network", height=1, on_zoom_change=_take)


def _take() -> None:
    st.session_state[_KEPT] = read_view((st.session_state.get("zoom_network") or {}).get("zoom"))


def read_view(value: object) -> View | None:
    """Enlargement and middle of the network, or None for what is no view."""
    if not isinstance(value, list | tuple) or len(value) != 3:
        return None
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in value):
        return None
    zoom, x, y = value
    return View(float(zoom), float(x), float(y)) if 0.1 < zoom < 50 else None
