"""Page settings and navigation, run by `main.py`."""

from __future__ import annotations

import streamlit as st

from timeline.dashboard.first_paint import keep_still
from timeline.dashboard.screens import SCREENS
from timeline.errors import EngineError, UnconfirmedQueryError

ICON = SCREENS.parents[1] / "resources" / "icon.png"  # a local file: named icons would be fetched from the network
_SCREENS = SCREENS
_PAGES = (
    ("explore", "Explore", ":material/timeline:", "Timeline, network and evidence of the events, under one filter."),
    ("places", "Places", ":material/map:", "Where events happened, on a map, under the same filter and selection."),
    ("articles", "Articles", ":material/article:", "Add articles, set their dates, and see what was coded from each."),
    (
        "review",
        "Review",
        ":material/fact_check:",
        "How right the coder is on what was reviewed; names to give; corrections and their exchange.",
    ),
    (
        "export",
        "Export",
        ":material/download:",
        "Take events, network and charts away as files, each saying where it comes from.",
    ),
    (
        "about",
        "About",
        ":material/info:",
        "What this is, how events are coded, what the terms mean, what it cannot do.",
    ),
)


def run() -> None:
    """Set up the page and run the one chosen."""
    st.set_page_config(page_title="Event timeline", page_icon=str(ICON), layout="wide", initial_sidebar_state="auto")
    keep_still()
    pages = [
        st.Page(_SCREENS / f"{name}.py", title=title, icon=icon, help=words, default=name == "explore")
        for name, title, icon, words in _PAGES
    ]
    page = st.navigation(pages)
    try:
        page.run()
    except UnconfirmedQueryError as error:
        from timeline.dashboard.confirming import (
            ask_for_bytes,  # loads the queries, which a first start cannot wait for
        )

        ask_for_bytes(error)
    except EngineError as error:
        from timeline.dashboard.state import escape_markdown

        st.error(escape_markdown(str(error)), icon=":material/cloud_off:")
