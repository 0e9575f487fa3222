"""The density strip: how many events when, with a brush for the period, and the choice of what a date is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from timeline.dashboard import data, tables
from timeline.dashboard.look import current
from timeline.dashboard.state import current_filter, seed_widget, set_filter
from timeline.queries.filters import EventFilter
from timeline.views.density import read_brush, say_density

_DATES = {"event": "when it happened", "published": "when it was reported"}


def show_density(f: EventFilter) -> None:
    """Draw the strip."""
    by = choose_dates()
    table, width = data.tabulate_density(f, by)
    if table.empty and by == "event":
        return
    hint = "drag to choose a period" if by == "event" else "by the day of the first report"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Events per {width}** :gray[— cooperation up, conflict down; {hint}]", width="content")
        st.segmented_control(
            "Events stand on the day", list(_DATES), key=seed_widget("density_by", "event"),
            format_func=_DATES.__getitem__, required=True, label_visibility="collapsed",
            help="For this strip and the timeline: the day an event happened by the dates in the text, or the day it "
            "was first reported. Where the two differ, the news looks back or ahead. A period is chosen by event date.",
        )  # fmt: skip
        with st.popover("Table", icon=":material/table:", key="density_table"):
            st.dataframe(table, hide_index=True, height=300, key="density_rows", column_config=tables.DENSITY_COLUMNS)
    if table.empty:
        st.info("No article in these events has a publication date. Count by event date instead.")
        return
    if by == "published":
        st.vega_lite_chart(
            spec=data.density_spec(f, (None, None), by), key="density_published", theme=None, height=118,
            alt=say_density(table, width).replace("Events", "Events first reported", 1),
        )  # fmt: skip
        return
    key, start = _density_round(f)
    st.vega_lite_chart(
        spec=data.density_spec(f, start), key=key, on_select=_take_brush, selection_mode=["period"], theme=None,
        height=118, alt=say_density(table, width),
    )  # fmt: skip


def choose_dates() -> str:
    """What a date is on the strip and the timeline: "event" or "published"."""
    return str(current("density_by"))


def _density_round(f: EventFilter) -> tuple[str, Any]:
    """The strip's key and the period its brush starts at; both change only if the period was set elsewhere."""
    window = (f.start, f.end)
    if st.session_state.get("density_window", "unset") != window:
        st.session_state["density_window"] = window
        st.session_state["density_start"] = window
        st.session_state["density_round"] = st.session_state.get("density_round", 0) + 1
    return f"density_{st.session_state['density_round']}", st.session_state["density_start"]


def _take_brush() -> None:
    """The period brushed becomes the filter's."""
    state = st.session_state.get(f"density_{st.session_state.get('density_round', 0)}")
    period = read_brush(state) or (None, None)
    st.session_state["density_window"] = period
    set_filter(replace(current_filter(), start=period[0], end=period[1]))
