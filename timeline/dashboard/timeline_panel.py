"""The timeline panel: actor lanes, their choice and order, and what a click on them selects."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from timeline.dashboard import data, panels, tables
from timeline.dashboard.chosen import Marks
from timeline.dashboard.data import LaneChoice
from timeline.dashboard.density_panel import choose_dates
from timeline.dashboard.locales import count_noun, say_number
from timeline.dashboard.look import current
from timeline.dashboard.plots import show_marks, show_plot
from timeline.dashboard.selection import select_actor, select_event
from timeline.dashboard.state import (
    current_filter,
    escape_markdown,
    seed_widget,
    set_selection,
)
from timeline.queries.filters import EventFilter
from timeline.views.figures import LANES_LIMIT, MARKERS_LIMIT, choose_detail
from timeline.views.highlight import count_marked, draw_marks, write_highlight
from timeline.views.markup import write_legend
from timeline.views.plotting import LANE_PREFIX, Sketch

_KEY, _PLOT = "timeline", "timeline_plot"
_ORDERS = {"activity": "by activity", "country": "by country", "name": "by name", "hand": "by hand"}
_MARKS = "Filled: deeds; hollow: words. Faded: not told as having happened. Larger: more reports."
_LEGENDS = {
    "lanes": f"Strokes run from source to target; a short one from above has no named source. {_MARKS} Whiskers: the "
    "days a vague date allows; bars: the days an event lasts.",
    "markers": f"Each mark stands on the lane of its source, or of its target where no source is named. {_MARKS}",
    "counts": "An event counts once on the lane of each of its actors, in the bin of its first day. Undated events "
    "and actors without a lane are left out.",
}
_REPORTED = " Each event stands on the day of its first report; a line leads back to the day it happened."


def show_timeline(f: EventFilter, total: int, marks: Marks) -> None:
    """Draw the panel."""
    lanes = _read_lanes(f)
    if panels.show_head("Timeline", "timeline_view", "Who acts on whom, when: one lane per actor", _choose_lanes):
        tables.show_events(f, total, marks)
        return
    detail = choose_detail(total)
    with st.container():  # a place of its own: what comes and goes would have the chart below made anew
        _say_detail(replace(f, start=lanes.window[0], end=lanes.window[1]), total)
        if detail != "counts":
            st.html(write_legend(data.palette()))
    drawing = data.timeline_drawing(f, lanes)
    with st.container(key=_PLOT):
        show_plot(
            _KEY, drawing, partial(_take, detail),
            words=f"Timeline of {count_noun(total, 'event')} on actor lanes; the table view lists the same events",
            revision=f"{lanes.window} {lanes.by}",
        )  # fmt: skip
    st.caption(_LEGENDS[detail] + (_REPORTED if lanes.by == "published" and detail == "lanes" else ""))
    _show_marks(drawing.figure, marks, detail)


def _say_detail(f: EventFilter, total: int) -> None:
    if total > MARKERS_LIMIT:
        st.caption(
            f"{count_noun(total, 'event')} are counted per {data.choose_lane_bins(f)}, on the lanes of their actors; "
            f"click a lane for its events. Below {say_number(MARKERS_LIMIT)} each gets a mark of its own: choose a "
            "period or an actor."
        )
    elif total > LANES_LIMIT:
        st.caption(
            f"{count_noun(total, 'event')} are drawn as markers; below {say_number(LANES_LIMIT)} they get strokes from "
            "source to target, whiskers for vague dates and bars for durations."
        )


def _show_marks(figure: Sketch, marks: Marks, detail: str) -> None:
    """The selection's events stand out on the figure, which is not drawn anew for it."""
    shapes = [] if detail == "lanes" else draw_marks(figure, marks.events, marks.actors, data.palette())
    show_marks(_KEY, shapes, dims=detail == "markers" and bool(shapes))
    if detail != "lanes":
        return
    style = write_highlight(figure, marks.events, data.palette(), f"st-key-{_PLOT}")
    if style:
        st.html(style)
    hidden = len(marks.events) - count_marked(figure, marks.events)
    if hidden:
        st.caption(f"{count_noun(hidden, 'selected event')} outside the filter, or without a lane.")


# --- lanes -----------------------------------------------------------------------------------------------------


def _read_lanes(f: EventFilter) -> LaneChoice:
    order = current("lane_order")
    hand = tuple(current("lane_hand") or ()) if order == "hand" else ()
    number, by = current("lanes"), choose_dates()
    return LaneChoice(number, "activity" if order == "hand" else order, hand, by, data.choose_window(f, by))


def _choose_lanes() -> None:
    with st.popover("Lanes", icon=":material/view_list:", key="lane_options"):
        order = st.segmented_control(
            "Order", list(_ORDERS), key=seed_widget("lane_order", "activity"), format_func=_ORDERS.__getitem__,
            required=True, help="By hand: lanes for the actors you choose, in the order you choose them",
        )  # fmt: skip
        if order == "hand":
            _choose_by_hand()
            return
        st.slider(
            "Number of lanes", 4, 30, key=seed_widget("lanes", 12),
            help="The most active actors under the present filter get a lane each",
        )  # fmt: skip


def _choose_by_hand() -> None:
    names = data.name_actors(current_filter().level)
    chosen = [i for i in st.session_state[seed_widget("lane_hand", list(names)[:6])] if i in names]
    st.session_state["lane_hand"] = chosen
    st.multiselect(
        "Actors with a lane, from the top", list(names), key="lane_hand", format_func=names.__getitem__,
        help="These lanes stay whatever is filtered; all other actors share one below",
    )  # fmt: skip
    for number, actor_id in enumerate(chosen[1:], start=1):
        st.button(
            escape_markdown(names[actor_id]), key=f"lane_up_{actor_id}", type="tertiary",
            icon=":material/arrow_upward:", on_click=_move_up, args=(number,), help="Move this lane up",
        )  # fmt: skip


def _move_up(number: int) -> None:
    hand = list(st.session_state["lane_hand"])
    hand[number - 1 : number + 1] = [hand[number], hand[number - 1]]
    st.session_state["lane_hand"] = hand


# --- clicks ----------------------------------------------------------------------------------------------------


def _take(detail: str, value: str) -> None:
    """The event clicked becomes the selection, or the actor of the lane."""
    lane = value.startswith(LANE_PREFIX) or detail == "counts"
    set_selection(select_actor(value.removeprefix(LANE_PREFIX)) if lane else select_event(value))
