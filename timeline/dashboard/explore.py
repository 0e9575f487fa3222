"""Explore: density strip, actor-lane timeline, network and the evidence, all of one filter and one selection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from timeline.dashboard import data, frame, tables
from timeline.dashboard.evidence_panel import show_evidence, show_open_article
from timeline.dashboard.selection import select_actor, select_edge, select_event
from timeline.dashboard.sidebar import show_conditions, show_filters
from timeline.dashboard.state import (
    chart_key,
    current_filter,
    current_selection,
    seed_widget,
    set_filter,
    set_selection,
)
from timeline.queries.filters import EventFilter
from timeline.views.density import read_brush, say_density
from timeline.views.figures import LANES_LIMIT, MARKERS_LIMIT, choose_detail
from timeline.views.groups import write_group_legend
from timeline.views.markup import write_legend
from timeline.views.network_figures import read_click
from timeline.views.provenance import list_conditions
from timeline.views.wording import count_noun, say_day

_DENSITY_BY = {"event": "event dates", "published": "first reports"}
_GROUPS = {"": "plain", "country": "by country", "community": "by community"}
_LANE_ORDERS = {"activity": "by activity", "country": "by country", "name": "by name"}


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
        _show_density(f)
        left, right = st.columns([63, 37], gap="medium")
        with left, st.container(key="charts"):
            _show_timeline(f, total)
            _show_network(f)
        with right, st.container(key="evidence"):
            show_evidence()
        show_open_article()
    frame.end()


def _show_head(f: EventFilter, total: int) -> None:
    articles = sum(data.count_all_articles().values())
    low, high = data.date_range()
    period = f"{say_day(low)} – {say_day(high)}" if low and high else "no dated events"
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        with st.container(width="content", gap=None):
            st.title("Explore", anchor=False)
            st.caption(
                f"{total:,} of {count_noun(data.count_events(EventFilter()), 'event')} · "
                f"{count_noun(articles, 'article')} · {period}"
            )
        frame.show_link_button()
    names = data.name_actors(f.level)
    show_conditions(list_conditions(f, tuple(names.get(i, i) for i in f.actors)))


def _show_nothing(f: EventFilter) -> None:
    st.info(
        "No events match these filters. Take a condition off above, or clear all filters in the sidebar.",
        icon=":material/filter_alt_off:",
    )


# --- density ---------------------------------------------------------------------------------------------------


def _show_density(f: EventFilter) -> None:
    by = st.session_state.get("density_by") or "event"
    table, width = data.tabulate_density(f, by)
    if table.empty and by == "event":
        return
    hint = "drag to choose a period" if by == "event" else "by the day of the first report"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Events per {width}** :gray[— cooperation up, conflict down; {hint}]", width="content")
        st.segmented_control(
            "Count events on the day they", list(_DENSITY_BY), key=seed_widget("density_by", "event"),
            format_func=_DENSITY_BY.__getitem__, required=True, label_visibility="collapsed",
            help="When events happened by the dates in the text, or when they were first reported. Where the two "
            "differ, the news looks back or ahead. A period is chosen by event date.",
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


# --- timeline --------------------------------------------------------------------------------------------------


def _show_timeline(f: EventFilter, total: int) -> None:
    lanes, order = st.session_state.get("lanes", 12), st.session_state.get("lane_order") or "activity"
    as_table = _show_panel_head(
        "Timeline", "timeline_view", "Who acts on whom, when: one lane per actor", _choose_lanes
    )
    if as_table:
        tables.show_events(f, total)
        return
    if total > MARKERS_LIMIT:
        st.caption(
            f"{total:,} events are counted per {data.choose_lane_bins(f)}, on the lanes of their actors; click a lane "
            f"for its events. Below {MARKERS_LIMIT:,} each gets a mark of its own: choose a period or an actor."
        )
    elif total > LANES_LIMIT:
        st.caption(
            f"{total:,} events are drawn as markers; below {LANES_LIMIT:,} they get their strokes from source to "
            "target."
        )
    detail = choose_detail(total)
    if detail != "counts":
        st.html(write_legend(data.palette()))
    key = chart_key("timeline")
    st.session_state["timeline_detail"] = detail
    st.plotly_chart(
        data.timeline_figure(f, lanes, order), key=key, on_select=_take_event, selection_mode="points",
        theme=None, config={"displaylogo": False, "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"]},
        alt=f"Timeline of {count_noun(total, 'event')} on {lanes} actor lanes; the table view lists the same events",
    )  # fmt: skip
    st.caption(_LEGENDS[detail])


_MARKS = "Filled: deeds; hollow: words. Faded: not told as having happened. Larger: more reports."
_LEGENDS = {
    "lanes": f"Strokes run from source to target; a short one from above has no named source. {_MARKS} Whiskers: the "
    "days a vague date allows.",
    "markers": f"Each mark stands on the lane of its source, or of its target where no source is named. {_MARKS}",
    "counts": "An event counts once on the lane of each of its actors, in the bin of its first day. Undated events "
    "and actors without a lane are left out.",
}


def _choose_lanes() -> None:
    with st.popover("Lanes", icon=":material/view_list:", key="lane_options"):
        st.slider(
            "Number of lanes",
            4,
            30,
            key=seed_widget("lanes", 12),
            help="The most active actors under the present filter get a lane each",
        )
        st.segmented_control(
            "Order",
            list(_LANE_ORDERS),
            key=seed_widget("lane_order", "activity"),
            format_func=_LANE_ORDERS.__getitem__,
            required=True,
        )


def _choose_actors() -> None:
    with st.popover("Actors", icon=":material/hub:", key="network_options"):
        st.slider(
            "Actors drawn at most",
            10,
            200,
            step=10,
            key=seed_widget("network_actors", 40),
            help="The most active ones, and the heaviest edges among them",
        )
        st.segmented_control(
            "Colour",
            list(_GROUPS),
            key=seed_widget("network_groups", ""),
            format_func=_GROUPS.__getitem__,
            required=True,
            help="Community: who deals much with each other in the whole project, as allies or as enemies",
        )
        st.toggle(
            "Only the selected actor and its partners",
            key=seed_widget("network_ego", False),
            help="Select an actor in the network, in its table or in the evidence first",
        )


def _show_panel_head(title: str, key: str, words: str, options: Callable[[], None]) -> bool:
    """A panel's title, its options and its switch between chart and table; True for the table."""
    # Left-aligned: the charts' own toolbars come up at the right.
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(title, anchor=False, help=words, width="content")
        choice = st.segmented_control(
            f"{title} as", ["Chart", "Table"], key=seed_widget(key, "Chart"), label_visibility="collapsed",
            required=True,
            help="The table holds what the chart shows, and can be used with the keyboard",
        )  # fmt: skip
        options()
    return choice == "Table"


def _take_event() -> None:
    """The event clicked becomes the selection, or the actor of the lane; a click on nothing leaves it."""
    state = st.session_state.get(chart_key("timeline")) or {}
    points = (state.get("selection") or {}).get("points") or []
    found = next((p["customdata"] for p in points if p.get("customdata")), None)
    event_id = found[0] if isinstance(found, (list, tuple)) else found
    if event_id:
        counts = st.session_state.get("timeline_detail") == "counts"
        set_selection(select_actor(str(event_id)) if counts else select_event(str(event_id)), origin="timeline")


# --- network ---------------------------------------------------------------------------------------------------


def _show_network(f: EventFilter) -> None:
    most = st.session_state.get("network_actors", 40)
    edges = most * 5
    ego = current_selection().actor if st.session_state.get("network_ego") else ""
    groups = st.session_state.get("network_groups") or ""
    graph, hidden = data.network(f, most, edges, ego)
    as_table = _show_panel_head(
        "Network", "network_view", "Who acts on whom, how often, helping or harming", _choose_actors
    )
    if not graph.number_of_edges():
        st.info(
            "In these events no named actor acts on another. Widen the filter to see a network.", icon=":material/hub:"
        )
        return
    if as_table:
        tables.show_network(graph)
        return
    if groups:
        st.html(write_group_legend(data.group_network(f.level, graph, groups), data.palette()))
    spec = data.network_spec(f, most, edges, ego, groups)
    signature = abs(hash((spec.nodes, spec.edges, groups))) % 10**8
    key = f"{chart_key('network')}_{signature}"
    st.session_state["network_shown"] = (key, spec.nodes, spec.edges)
    st.echarts_chart(
        spec.option, key=key, on_select=_take_node_or_edge, theme=None, height=540,
        renderer="svg" if graph.number_of_edges() <= 400 else "canvas",
        alt=f"Network of {count_noun(graph.number_of_nodes(), 'actor')} and "
        f"{count_noun(graph.number_of_edges(), 'edge')}; the table view lists them",
    )  # fmt: skip
    st.caption(_say_network(graph.number_of_nodes(), graph.number_of_edges(), hidden))


def _say_network(actors: int, edges: int, hidden: Any) -> str:
    left_out = [
        count_noun(hidden.actors, "actor") if hidden.actors else "",
        count_noun(hidden.edges, "edge") if hidden.edges else "",
        f"{count_noun(hidden.self_loops, 'edge')} of actors on themselves" if hidden.self_loops else "",
    ]
    note = ", ".join(part for part in left_out if part)
    signs = "Solid: cooperation; dashed: conflict; dotted: neutral."
    drawn = f"{count_noun(actors, 'actor')}, {count_noun(edges, 'edge')}. {signs}"
    return drawn + (f" Not drawn: {note}." if note else "")


def _take_node_or_edge() -> None:
    """The actor or edge clicked becomes the selection."""
    key, nodes, edges = st.session_state.get("network_shown", ("", (), ()))
    found = read_click(st.session_state.get(key), nodes, edges)
    if isinstance(found, tuple):
        set_selection(select_edge(*found), origin="network")
    elif found:
        set_selection(select_actor(str(found)), origin="network")
