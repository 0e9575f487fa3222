"""Where the reader has zoomed to: told by the browser, kept through changes of the filter that do not concern it.

A chart that is drawn anew shows everything again. So the browser says where it stands, and the next drawing, and only
that one, begins there: a chart drawn for the zoom's own sake would flicker under the reader's hand.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from timeline.coding.resources import find_resource
from timeline.views.zooms import Period, View

_KEPT, _DRAWN = "zoom_kept", "zoom_drawn"

_watch = st.components.v2.component(
    "chart_zoom", js=find_resource("zoom.js").read_text(encoding="utf-8"), isolate_styles=False
)


def choose_zoom(chart: str, drawn: object, keep: object = None) -> Any:
    """The zoom to draw a chart with: the reader's own where it is drawn for something new, or else the last one's.

    Args:
        chart: "timeline" or "network".
        drawn: What the chart shows; while it stays, so does the zoom of the drawing.
        keep: What the zoom belongs to; once it is another, the zoom is forgotten.
    """
    before = st.session_state.setdefault(_DRAWN, {}).get(chart)
    if before is not None and before[1] != keep:
        _keep(chart, None)
    if before is None or before[:2] != (drawn, keep):
        before = drawn, keep, st.session_state.get(_KEPT, {}).get(chart)
        st.session_state[_DRAWN][chart] = before
    return before[2]


@st.fragment
def watch_zoom(chart: str, scope: str, frame: Mapping[str, Any] | None = None) -> None:
    """Have the browser tell where a chart stands; a fragment, so that no panel is run for it.

    Args:
        chart: "timeline" or "network".
        scope: A class of an element around the chart and no other one.
        frame: Of the network, what tells its view from the drawing, see `zooms.describe_frame`.
    """
    given = {"scope": scope, "network": dict(frame) if frame else None}
    _watch(data=given, key=f"zoom_{chart}", height=1, on_zoom_change=partial(_take, chart))


def _take(chart: str) -> None:
    told = (st.session_state.get(f"zoom_{chart}") or {}).get("zoom")
    _keep(chart, read_view(told) if chart == "network" else read_period(told))


def _keep(chart: str, zoom: object) -> None:
    st.session_state[_KEPT] = st.session_state.get(_KEPT, {}) | {chart: zoom}


def read_period(value: object) -> Period | None:
    """Both ends of a time axis as Plotly writes them, or None for what is no period."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    try:
        first, last = (dt.datetime.fromisoformat(str(end)[:19]).replace(tzinfo=None) for end in value)
    except ValueError:
        return None
    return (first, last) if first < last else None


def read_view(value: object) -> View | None:
    """Enlargement and middle of the network, or None for what is no view."""
    if not isinstance(value, list | tuple) or len(value) != 3:
        return None
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in value):
        return None
    zoom, x, y = value
    return View(float(zoom), float(x), float(y)) if 0.1 < zoom < 50 else None
