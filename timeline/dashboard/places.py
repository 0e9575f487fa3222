"""Places: a map of the located events, and the events of the place chosen."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from timeline.dashboard import data, frame
from timeline.dashboard.chosen import list_marks
from timeline.dashboard.evidence_panel import show_evidence, show_open_article
from timeline.dashboard.locales import count_noun, say_number
from timeline.dashboard.plots import show_plot
from timeline.dashboard.selection import select_place
from timeline.dashboard.sidebar import show_conditions, show_filters
from timeline.dashboard.state import current_selection, escape_markdown, seed_widget, set_selection
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.views.highlight import write_highlight
from timeline.views.maps import say_map
from timeline.views.provenance import list_conditions


def show() -> None:
    """Draw the page."""
    if not frame.begin("Places"):
        return
    f = show_filters()
    places = data.tabulate_places(f)
    located, total = int(places["events"].sum()), data.count_events(f)
    st.title("Places", anchor=False)
    st.caption(f"{say_number(located)} of {count_noun(total, 'event')} under the present filter name a place we know.")
    names = data.name_known_actors(f.actors)
    show_conditions(list_conditions(f, tuple(names.get(i, i) for i in f.actors)))
    if places.empty:
        st.info("No event under these filters has a known place. Take a condition off to see more.")
    else:
        left, right = st.columns([63, 37], gap="medium")
        with left, st.container(key="charts"):
            _show_map(f, places)
        with right, st.container(key="evidence"):
            if current_selection():
                show_evidence()
            else:
                _show_busiest(places)
        show_open_article()
    frame.end()


def _show_map(f: EventFilter, places: pd.DataFrame) -> None:
    st.segmented_control(
        "Places as", ["Chart", "Table"], key=seed_widget("places_view", "Chart"), label_visibility="collapsed",
        required=True, help="The table holds what the map shows, and can be used with the keyboard",
    )  # fmt: skip
    if st.session_state["places_view"] == "Table":
        shown = places.drop(columns=["place_key", "sign"])
        st.session_state["places_shown"] = tuple(int(key) for key in places["place_key"])
        st.dataframe(
            shown, hide_index=True, key="places_table", on_select=_take_row, selection_mode="single-row", height=560,
            alt="Places with their number of events; select a row to list the events",
        )  # fmt: skip
        return
    drawing = data.places_drawing(f)
    with st.container(key="places_plot"):
        show_plot("places_map", drawing, _take_place, words=say_map(places).rstrip("."), scroll_zoom=True)
    st.caption(
        "Larger: more events. Colour and shape: the kind of most of them. The map opens on nine tenths of "
        "the events; drag to move, scroll to zoom, double-click to see all. Names appear where there is room. Borders "
        "are drawn as in Natural Earth and take no side in any dispute."
    )
    marked = list_marks(current_selection(), f).places
    style = write_highlight(drawing.figure, marked, data.palette(), "st-key-places_plot")
    if style:
        st.html(style)


def _take_place(value: str) -> None:
    """The place clicked becomes the selection."""
    if value.isdecimal():
        _select(int(value))


def _take_row() -> None:
    rows = ((st.session_state.get("places_table") or {}).get("selection") or {}).get("rows") or []
    keys = st.session_state.get("places_shown", ())
    if rows and rows[0] < len(keys):
        _select(keys[rows[0]])


def _select(key: int) -> None:
    places = data.tabulate_places(EVERYTHING)
    rows = places[places["place_key"] == key]
    if len(rows):
        set_selection(select_place(str(rows["place"].iloc[0]), str(rows["country"].iloc[0] or "")))


def _show_busiest(places: pd.DataFrame) -> None:
    """What there is to choose where nothing is selected."""
    st.subheader("Evidence", anchor=False)
    st.caption("Click a place to list its events and read the sentences behind them. Or begin with the busiest:")
    for row in places.head(8).to_dict("records"):
        st.button(
            f"**{escape_markdown(str(row['place']))}** · {count_noun(int(row['events']), 'event')}",
            key=f"open_place_{row['place_key']}", width="stretch", on_click=_select, args=(int(row["place_key"]),),
        )  # fmt: skip
