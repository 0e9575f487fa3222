"""Places: a map of the located events, and the events of the place chosen."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from timeline.dashboard import data, frame
from timeline.dashboard.evidence_panel import show_event_button, show_evidence, show_open_article
from timeline.dashboard.selection import NOTHING
from timeline.dashboard.sidebar import show_conditions, show_filters
from timeline.dashboard.state import current_selection, escape_markdown, seed_widget
from timeline.queries.filters import EventFilter
from timeline.views.maps import say_map
from timeline.views.provenance import list_conditions
from timeline.views.wording import count_noun

_PAGE = 10


def show() -> None:
    """Draw the page."""
    if not frame.begin("Places"):
        return
    f = show_filters()
    places = data.tabulate_places(f)
    located, total = int(places["events"].sum()), data.count_events(f)
    st.title("Places", anchor=False)
    st.caption(f"{located:,} of {count_noun(total, 'event')} under the present filter name a place we know.")
    names = data.name_known_actors(f.actors)
    show_conditions(list_conditions(f, tuple(names.get(i, i) for i in f.actors)))
    if places.empty:
        st.info("No event under these filters has a known place. Take a condition off to see more.")
    else:
        left, right = st.columns([63, 37], gap="medium")
        with left, st.container(key="charts"):
            _show_map(f, places)
        with right, st.container(key="evidence"):
            _show_events(f, places)
            if current_selection():
                show_evidence()
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
    st.plotly_chart(
        data.places_figure(f), key="places_map", on_select=_take_place, selection_mode="points", theme=None,
        config={"displaylogo": False, "scrollZoom": True, "modeBarButtonsToRemove": ["lasso2d", "select2d"]},
        alt=say_map(places),
    )  # fmt: skip
    st.caption(
        "Larger: more events. Colour and shape: the kind of most of them. The map opens on nine tenths of "
        "the events; drag to move, scroll to zoom, double-click to see all. Names appear where there is room. Borders "
        "are drawn as in Natural Earth and take no side in any dispute."
    )


def _take_place() -> None:
    state = st.session_state.get("places_map") or {}
    points = (state.get("selection") or {}).get("points") or []
    found = next((p["customdata"] for p in points if p.get("customdata") is not None), None)
    key = found[0] if isinstance(found, (list, tuple)) else found
    if key is not None:
        st.session_state["place_chosen"] = int(key)


def _take_row() -> None:
    rows = ((st.session_state.get("places_table") or {}).get("selection") or {}).get("rows") or []
    keys = st.session_state.get("places_shown", ())
    if rows and rows[0] < len(keys):
        st.session_state["place_chosen"] = keys[rows[0]]


def _show_events(f: EventFilter, places: pd.DataFrame) -> None:
    """The events of the place chosen; of the busiest one until one is chosen."""
    chosen = st.session_state.get("place_chosen")
    rows = places[places["place_key"] == chosen]
    row = (places if rows.empty else rows).iloc[0]
    st.subheader(str(row["place"]), anchor=False)
    number = int(row["events"])
    st.caption(f"{count_noun(number, 'event')} here, newest first. Country: {escape_markdown(str(row['country']))}.")
    events = data.select_events_at(f, int(row["place_key"]))
    pages = -(-len(events) // _PAGE)
    slot = st.container()
    page = st.pagination(pages, key=f"place_page_{row['place_key']}_{pages}", max_visible_pages=5) if pages > 1 else 1
    with slot:
        for event in events.iloc[(page - 1) * _PAGE : page * _PAGE].to_dict("records"):
            show_event_button(event, NOTHING)
