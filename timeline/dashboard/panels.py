"""What the panels of the Explore page and the sidebar share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import streamlit as st

from timeline.dashboard import data
from timeline.dashboard.state import seed_widget


def show_head(title: str, key: str, words: str, options: Callable[[], None]) -> bool:
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


def label_sign(label: str) -> str:
    """The label of a choice that begins with a sign such as ◆.

    The space, which nobody sees, keeps Streamlit from reading its four thousand emoji, half a second of work, to learn
    whether the sign is one of them.
    """
    return f" {label}"


def calendar_range(*days: dt.date | None) -> tuple[dt.date, dt.date]:
    """What a field of dates lets one choose: the whole years of the events and of the given days.

    "To the end of March" is a fair wish where the last event is of 19 March.
    """
    known = [day for day in (*data.date_range(), *days) if day]
    if not known:
        return dt.date.min, dt.date.max
    return dt.date(min(known).year, 1, 1), dt.date(max(known).year, 12, 31)
