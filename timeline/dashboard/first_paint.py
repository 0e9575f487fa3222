"""What spares the browser work until all is drawn: placeholders that keep still, charts whose code comes early.

Without a graphics card each frame of what moves or fades is painted by the processor, and a page has some twenty
placeholders: they took longer than the charts they stand for.
"""

from __future__ import annotations

import json

import streamlit as st
from streamlit import delta_generator

from timeline.dashboard.plotly_js import ADDRESS, FETCH

_STILL = """<style>
[data-testid="stSkeleton"] {animation: none}
[data-testid="stProgress"] * {transition: none}
[data-testid="stElementContainer"][data-stale="true"] {transition: opacity 0s 1s}
.st-key-first_paint {display: none}
</style>"""
_FETCH = """<script>
$plotly
fetchPlotly($address).catch(() => {});
</script>"""


def keep_still() -> None:
    """Have what waits keep still, and what is out of date turn pale at once after a second; begins a run."""
    # Else Streamlit asks, at its first element, whether it runs in a shell and should warn of it. For that it looks up
    # the files of all loaded modules: a sixth of a second of the first page after each start.
    delta_generator._use_warning_has_been_displayed = True
    st.html(_STILL)


def fetch_charts() -> None:
    """Have the browser read the code of the charts while it has nothing else to do; it would when the first comes."""
    with st.container(key="first_paint"):
        script = _FETCH.replace("$address", json.dumps(ADDRESS)).replace("$plotly", FETCH)
        st.html(script, unsafe_allow_javascript=True)
