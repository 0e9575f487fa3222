"""Explore: density strip, actor-lane timeline, network and the evidence, all of one filter and one selection."""

from __future__ import annotations

import streamlit as st

from timeline.dashboard import data, frame
from timeline.dashboard.chosen import list_marks
from timeline.dashboard.density_panel import show_density
from timeline.dashboard.evidence_panel import show_evidence, show_open_article
from timeline.dashboard.guide import show_guide
from timeline.dashboard.locales import count_noun, say_number
from timeline.dashboard.network_panel import begin_network, show_network
from timeline.dashboard.place import engine_name
from timeline.dashboard.sidebar import show_conditions, show_filters
from timeline.dashboard.state import current_selection, escape_markdown
from timeline.dashboard.timeline_panel import show_timeline
from timeline.queries.filters import EventFilter
from timeline.views.provenance import list_conditions
from timeline.views.wording import say_day


def show() -> None:
    """Draw the page."""
    if not frame.begin("Explore"):
        return
    f = show_filters()
    total = data.count_events(f)
    _show_head(f, total)
    if not total:
        _show_nothing(f)
    else:
        begin_network(f)
        with st.container():  # a place of its own: what comes and goes would have all charts below drawn anew
            show_guide()
        marks = list_marks(current_selection(), f)
        show_density(f)
        left, right = st.columns([63, 37], gap="medium")
        with left, st.container(key="charts"):
            show_timeline(f, total, marks)
            show_network(f, marks)
        with right, st.container(key="evidence"):
            show_evidence()
        show_open_article()
    frame.end()


def _show_head(f: EventFilter, total: int) -> None:
    articles = count_noun(sum(data.count_all_articles().values()), "article")
    origin = f"tables without text at {escape_markdown(engine_name())}" if engine_name() else articles
    low, high = data.date_range()
    period = f"{say_day(low)} – {say_day(high)}" if low and high else "no dated events"
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        with st.container(width="content", gap=None):
            st.title("Explore", anchor=False)
            st.caption(
                f"{say_number(total)} of {count_noun(data.count_events(EventFilter()), 'event')} · {origin} · {period}"
            )
        frame.show_link_button()
    names = data.name_actors(f.level)
    show_conditions(list_conditions(f, tuple(names.get(i, i) for i in f.actors)))


def _show_nothing(f: EventFilter) -> None:
    st.info(
        "No events match these filters. Take a condition off above, or clear all filters in the sidebar.",
        icon=":material/filter_alt_off:",
    )
