"""A short guide for a newcomer, shown until it is put away; whoever opens a link has a view to look at instead."""

from __future__ import annotations

import streamlit as st

from timeline.dashboard.selection import NOTHING
from timeline.dashboard.state import current_filter, current_selection
from timeline.queries.filters import EVERYTHING

_GONE = "guide_gone"
_STEPS = (
    (":material/ads_click:", "**Click** a mark, a lane's arrow, a node or an edge: all panels follow."),
    (":material/swipe_right:", "**Drag over the strip** for a period; **filter** at the left. Back undoes."),
    (":material/compare_arrows:", "**Compare** publishers in *As told by*, and the network in *Two periods*."),
    (":material/share:", "**Take it along**: *Copy link* reopens this view, *Export* makes figures and files."),
)  # fmt: skip


def show_guide() -> None:
    """Draw the guide for a session that has neither put it away nor begun to filter or select."""
    if st.session_state.get(_GONE):
        return
    if current_filter() != EVERYTHING or current_selection() != NOTHING:
        st.session_state[_GONE] = True  # it would jump in and out
        return
    with st.container(border=True, key="guide", gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(
                "**New here?** Events are claims read in articles: who did what to whom, when, and who says so."
            )
            st.button("Got it", key="guide_close", icon=":material/check:", type="tertiary", on_click=_close)
        for column, (icon, words) in zip(st.columns(len(_STEPS), gap="medium"), _STEPS, strict=True):
            column.caption(f"{icon} {words}")


def _close() -> None:
    st.session_state[_GONE] = True
