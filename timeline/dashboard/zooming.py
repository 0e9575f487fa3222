"""The timeline's zoom, kept when its events change: Streamlit makes the chart anew then, and its zoom would be lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable

import plotly.graph_objects as go
import streamlit as st

from timeline.coding.resources import find_resource

_KEY = "timeline_zoom"
_TOLD, _DRAWN = "zoom_told", "zoom_drawn"
_Period = tuple[str, str]
_listen = st.components.v2.component(
    _KEY, js=find_resource("zoom.js").read_text(encoding="utf-8"), isolate_styles=False
)


def keep_zoom(figure: go.Figure, drawn: Hashable, period: Hashable) -> go.Figure:
    """The figure as zoomed by the reader, who zoomed the one before it; itself where nobody did.

    A zoom is taken up only by a figure of other events: the one on the screen has it already, and would be made anew.

    Args:
        figure: Drawn for the whole of the filter's period; not changed.
        drawn: What the figure depends on.
        period: What the zoom depends on; for another period the zoom is forgotten.
    """
    before, zoom = st.session_state.get(_DRAWN, (None, None))
    if before != drawn:
        told, of = st.session_state.get(_TOLD, (None, None))
        zoom = told if of == period else None
        st.session_state[_DRAWN] = (drawn, zoom)
    if zoom is None or not figure.layout.xaxis.range:
        return figure
    zoomed = go.Figure(figure)
    zoomed.update_layout(xaxis_range=list(zoom))
    return zoomed


@st.fragment
def follow_zoom(scope: str, period: Hashable) -> None:
    """Hear of the zoom on the chart within `scope`; only this is run again when it changes."""
    found = _listen(data={"scope": scope}, key=_KEY, height=1, on_period_change=_take)
    st.session_state[_TOLD] = (read_period(found.get("period")), period)


def _take() -> None:
    """What is told is read where the component is drawn."""


def read_period(told: object) -> _Period | None:
    """A period as the browser tells it; None where it is none."""
    if not isinstance(told, list) or len(told) != 2:
        return None
    try:
        low, high = (dt.datetime.fromisoformat(str(end)[:19]) for end in told)
    except ValueError:
        return None
    return (str(low), str(high)) if low < high else None
