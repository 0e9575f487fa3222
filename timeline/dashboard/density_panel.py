"""The density strip: how many events when, with a brush for the period, and the choice of what a date is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from timeline.dashboard import data, tables
from timeline.dashboard.locales import count_noun
from timeline.dashboard.look import current
from timeline.dashboard.state import current_filter, seed_widget, set_filter
from timeline.dashboard.strip_chart import show_strip
from timeline.queries.filters import EventFilter
from timeline.views.density import say_density
from timeline.views.wording import say_day

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
        rows = st.popover("Table", icon=":material/table:", key="density_table", on_change="rerun")
        if rows.open:  # else it would be written out anew with each change of the filter
            rows.dataframe(table, hide_index=True, height=300, key="density_rows", column_config=tables.DENSITY_COLUMNS)
    _say_core(f, by)
    if table.empty:
        st.info("No article in these events has a publication date. Count by event date instead.")
        return
    words = say_density(table, width)
    if by == "published":
        words = words.replace("Events", "Events first reported", 1)
    show_strip(
        data.density_drawing(f, by), (f.start, f.end) if by == "event" else None, on_brush=_take_brush, words=words
    )


def _say_core(f: EventFilter, by: str) -> None:
    """What the strip and the timeline leave out to show the rest better, and how to see it."""
    core, shown = data.core_period() if by == "event" else None, data.shown_core(f, by)
    if core is None or ((f.start or f.end) and not shown):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.toggle(
            "Show the whole period", key=seed_widget("whole_period", False),
            help="A few events far from all others would press the rest into the edge of the strip and the timeline",
        )  # fmt: skip
        if shown:
            st.caption(
                f"Drawn from {say_day(core.start)} to {say_day(core.end)}; {count_noun(core.outside, 'event')} of the "
                "project lie outside, and are listed in the timeline's table.", width="content",
            )  # fmt: skip


def choose_dates() -> str:
    """What a date is on the strip and the timeline: "event" or "published"."""
    return str(current("density_by"))


def _take_brush(period: tuple[dt.date | None, dt.date | None]) -> None:
    """The period brushed becomes the filter's."""
    set_filter(replace(current_filter(), start=period[0], end=period[1]))
