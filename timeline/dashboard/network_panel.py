"""The network panel: the whole period, its steps played one after the other, or two periods compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from timeline.dashboard import data, network_data, panels, tables
from timeline.dashboard.chosen import Marks
from timeline.dashboard.locales import count_noun, date_format
from timeline.dashboard.look import current
from timeline.dashboard.network_chart import show_chart
from timeline.dashboard.selection import Selection
from timeline.dashboard.state import (
    current_selection,
    escape_markdown,
    seed_widget,
    set_selection,
)
from timeline.errors import EngineError, UnconfirmedQueryError
from timeline.queries.filters import EventFilter
from timeline.views.changes import GLYPHS, Change, count_turned, say_changes, select_changes
from timeline.views.groups import write_group_legend
from timeline.views.networks import Hidden, limit_graph

if TYPE_CHECKING:
    import networkx as nx

_MODES = {"whole": "Whole period", "play": "Over time", "compare": "Two periods"}
_GROUPS = {"": "plain", "country": "by country", "community": "by community"}
_SIGNS = (
    "Solid: cooperation; dashed: conflict; dotted: neutral. Drag to move, Ctrl and scroll to zoom, double-click for "
    "the whole; hover for a name that has no room."
)
_STEP_SECONDS = 1.4


def begin_network(f: EventFilter) -> None:
    """Have what the panel will draw worked out while the charts above it are drawn."""
    if current("network_mode") == "whole":
        most, ego, _ = _limits()
        data.begin_network(f, most, most * 5, ego)


def show_network(f: EventFilter, marks: Marks) -> None:
    """Draw the panel."""
    as_table = panels.show_head(
        "Network", "network_view", "Who acts on whom, how often, helping or harming", _choose_actors
    )
    mode = st.segmented_control(
        "Network of", list(_MODES), key=seed_widget("network_mode", "whole"), format_func=_MODES.__getitem__,
        required=True, label_visibility="collapsed",
        help="Over time: step or play through weeks, months or years. Two periods: which pairs are new, gone, or "
        "turned from cooperation to conflict or back. Actors keep their places in all of them.",
    )  # fmt: skip
    if mode == "play":
        playing = bool(st.session_state.get("network_playing"))
        st.fragment(_show_steps_or_ask, run_every=_STEP_SECONDS if playing else None)(f, marks, as_table)
    elif mode == "compare":
        _show_comparison(f, marks, as_table)
    else:
        _show_whole(f, marks, as_table)


def _choose_actors() -> None:
    with st.popover("Actors", icon=":material/hub:", key="network_options"):
        st.slider(
            "Actors drawn at most", 10, 200, step=10, key=seed_widget("network_actors", 40),
            help="The most active ones, and the heaviest edges among them",
        )  # fmt: skip
        st.segmented_control(
            "Colour", list(_GROUPS), key=seed_widget("network_groups", ""), format_func=_GROUPS.__getitem__,
            required=True,
            help="Community: who deals much with each other in the whole project, as allies or as enemies",
        )  # fmt: skip
        st.toggle(
            "Only the selected actor and its partners", key=seed_widget("network_ego", False),
            help="Select an actor in the network, in its table or in the evidence first",
        )  # fmt: skip


def _limits() -> tuple[int, str, str]:
    """Actors drawn at most, the actor in the middle, and the grouping."""
    ego = current_selection().actor if current("network_ego") else ""
    return current("network_actors"), ego, current("network_groups")


# --- the whole period ------------------------------------------------------------------------------------------


def _show_whole(f: EventFilter, marks: Marks, as_table: bool) -> None:
    most, ego, groups = _limits()
    graph, hidden = data.network(f, most, most * 5, ego)
    if not graph.number_of_edges():
        _say_nothing("In these events no named actor acts on another. Widen the filter to see a network.")
    elif as_table:
        tables.show_network(graph)
    else:
        _draw(f, graph, data.network_drawing(f, most, most * 5, ego, groups), groups, marks)
        st.caption(_say_network(graph, hidden))


def _say_nothing(words: str) -> None:
    st.info(words, icon=":material/hub:")


def _draw(f: EventFilter, graph: nx.MultiDiGraph, drawing: str, groups: str, marks: Marks) -> None:
    if groups:
        st.html(write_group_legend(data.group_network(f.level, graph, groups), data.palette()))
    show_chart(
        drawing,
        actors=sorted(marks.actors & set(graph.nodes)),
        edges=sorted(edge for edge in marks.edges if graph.has_edge(*edge)),
        on_pick=_take,
        words=f"Network of {count_noun(graph.number_of_nodes(), 'actor')} and "
        f"{count_noun(graph.number_of_edges(), 'edge')}; the table view lists them",
    )


def _say_network(graph: nx.MultiDiGraph, hidden: Hidden) -> str:
    left_out = [
        count_noun(hidden.actors, "actor") if hidden.actors else "",
        count_noun(hidden.edges, "edge") if hidden.edges else "",
        f"{count_noun(hidden.self_loops, 'edge')} of actors on themselves" if hidden.self_loops else "",
        f"{count_noun(hidden.isolates, 'actor')} whose events name nobody on the other side" if hidden.isolates else "",
    ]
    note = ", ".join(part for part in left_out if part)
    drawn = f"{count_noun(graph.number_of_nodes(), 'actor')}, {count_noun(graph.number_of_edges(), 'edge')}. {_SIGNS}"
    return drawn + (f" Not drawn: {note}." if note else "")


def _take(selection: Selection) -> None:
    """The actor or edge clicked becomes the selection."""
    set_selection(selection)
    st.session_state["network_taken"] = True


# --- over time -------------------------------------------------------------------------------------------------


def _show_steps_or_ask(f: EventFilter, marks: Marks, as_table: bool) -> None:
    """The steps, or what keeps an engine from giving them: while it reruns by itself no page is there to say so."""
    try:
        _show_steps(f, marks, as_table)
    except UnconfirmedQueryError as error:
        from timeline.dashboard.confirming import ask_for_bytes  # needs an engine's drivers

        _pause()
        ask_for_bytes(error, "steps")
    except EngineError as error:
        _pause()
        st.error(escape_markdown(str(error)), icon=":material/cloud_off:")


def _show_steps(f: EventFilter, marks: Marks, as_table: bool) -> None:
    """The network of one step of the period, in a fragment, which reruns by itself while playing."""
    if st.session_state.pop("network_taken", False):
        st.rerun()  # evidence and timeline follow
    frames = network_data.list_frames(f)
    if not frames:
        _say_nothing("No event under these filters has a date, so there is nothing to play.")
        return
    labels = [frame.label for frame in frames]
    _advance(labels)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        playing = bool(st.session_state.get("network_playing"))
        st.button(
            "Pause" if playing else "Play", key="network_play",
            icon=":material/pause:" if playing else ":material/play_arrow:",
            on_click=_toggle_playing, args=(labels,),
        )  # fmt: skip
        label = st.select_slider(
            "Step", labels, key=seed_widget("network_step", labels[0]), on_change=_pause, width="stretch",
            help="With the keyboard: the arrow keys move one step",
        )  # fmt: skip
        since = st.toggle(
            "From the start",
            key=seed_widget("network_since", False),
            help="All events up to this step, not its own only",
        )
    frame = frames[labels.index(label)]
    shown = network_data.within(f, (frames[0].start if since else frame.start, frame.end))
    most, _, groups = _limits()
    graph, hidden = data.network(shown, most, most * 5)
    words = f"{'Up to ' if since else ''}{label}: {count_noun(data.count_events(shown), 'event')}"
    if as_table:
        st.caption(f"{words}.")
        tables.show_network(graph)
    else:
        _draw(f, graph, network_data.draw_frame(f, shown, most, groups), groups, marks)
        st.caption(f"{words}; {_say_network(graph, hidden)} Sizes are those of the whole period.")


def _advance(labels: Sequence[str]) -> None:
    """One step on while playing; at the end the play ends."""
    step = current("network_step")
    if step not in labels:
        st.session_state["network_step"] = labels[0]
    elif st.session_state.get("network_playing"):
        if st.session_state.pop("network_started", False):
            return
        if step == labels[-1]:
            _pause()
            st.rerun()
        st.session_state["network_step"] = labels[labels.index(step) + 1]


def _toggle_playing(labels: Sequence[str]) -> None:
    playing = not st.session_state.get("network_playing")
    st.session_state["network_playing"] = st.session_state["network_started"] = playing
    if playing and st.session_state.get("network_step") == labels[-1]:
        st.session_state["network_step"] = labels[0]
    st.session_state["network_taken"] = True  # only a run of the whole page changes how often this one reruns


def _pause() -> None:
    if st.session_state.get("network_playing"):
        st.session_state["network_playing"] = False
        st.session_state["network_taken"] = True


# --- two periods -----------------------------------------------------------------------------------------------


def _show_comparison(f: EventFilter, marks: Marks, as_table: bool) -> None:
    periods = _choose_periods(f)
    if periods is None:
        return
    most, _, groups = _limits()
    whole = network_data.comparison(f, *periods)
    if not whole.number_of_edges():
        _say_nothing("In neither period does a named actor act on another. Choose longer periods.")
        return
    if as_table:
        tables.show_changes(whole)
        st.caption(say_changes(whole))
        return
    kinds = st.pills(
        "Pairs drawn", list(Change), selection_mode="multi",
        format_func=lambda c: panels.label_sign(f"{GLYPHS[c]} {c.value}".strip()),
        key=seed_widget("compare_kinds", [c for c in Change if c is not Change.KEPT]), label_visibility="collapsed",
        help="Turned: cooperation before and conflict after, or the other way round, by most of the acts",
    )  # fmt: skip
    graph, hidden = limit_graph(select_changes(whole, kinds or list(Change)), most, most * 5)
    if not graph.number_of_edges():
        _say_nothing("No pair changed in this way between the two periods.")
        return
    _draw(f, graph, network_data.draw_comparison(f, graph, groups), groups, marks)
    left_out = f" Not drawn: {count_noun(hidden.edges, 'pair')} of less active actors." if hidden.edges else ""
    turned = _say_turned_states(f, whole, periods)
    st.caption(
        f"{say_changes(whole)} {turned}One edge a pair, coloured and dashed by the kind of most of its acts in the "
        f"later period, or in the earlier one where it is gone. {_SIGNS}{left_out}"
    )


def _say_turned_states(f: EventFilter, whole: nx.MultiDiGraph, periods: tuple[network_data.Period, ...]) -> str:
    """That more pairs have turned when states are counted, where it is so; persons of one state turn one by one."""
    states = count_turned(network_data.comparison(replace(f, level="country"), *periods))
    if f.level == "country" or states <= count_turned(whole):
        return ""
    return f"Counted by states, {count_noun(states, 'pair')} turned: see Count actors in the sidebar. "


def _choose_periods(f: EventFilter) -> tuple[network_data.Period, network_data.Period] | None:
    halves = network_data.split_period(f)
    low, high = data.date_range()
    if halves is None or low is None or high is None:
        _say_nothing("The events under these filters lie on one day or have no date; there are no two periods.")
        return None
    if st.session_state.get("compare_of") != (f.start, f.end, low, high):
        given = current("compare_before"), current("compare_after")  # by the link, on a session's first look
        fits = "compare_of" not in st.session_state and all(p and low <= p[0] and p[-1] <= high for p in given)
        st.session_state["compare_of"] = (f.start, f.end, low, high)
        st.session_state["compare_before"], st.session_state["compare_after"] = given if fits else halves
    chosen = []
    first_day, last_day = panels.calendar_range(f.start, f.end)
    with st.container(horizontal=True):
        for label, key in (("Earlier period", "compare_before"), ("Later period", "compare_after")):
            chosen.append(
                st.date_input(
                    label, key=key, min_value=first_day, max_value=last_day, format=date_format(), width="stretch"
                )
            )
    first, second = (_as_period(days) for days in chosen)
    if first is None or second is None:
        _say_nothing("Choose a first and a last day for both periods.")
        return None
    return first, second


def _as_period(days: Any) -> network_data.Period | None:
    if isinstance(days, tuple) and len(days) == 2 and all(isinstance(day, dt.date) for day in days):
        return days[0], days[1]
    return None
