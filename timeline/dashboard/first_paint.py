"""What spares the browser work until all is drawn: placeholders that keep still, charts whose code comes early.

Without a graphics card each frame of what moves or fades is painted by the processor, and a page has some twenty
placeholders: they took longer than the charts they stand for.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import streamlit as st

from timeline.dashboard.plotly_js import ADDRESS, FETCH

_STILL = """<style>
[data-testid="stSkeleton"] {animation: none}
[data-testid="stProgress"] * {transition: none}
[data-testid="stElementContainer"][data-stale="true"] {transition: opacity 0s 1s}
.st-key-first_paint {display: none}
</style>"""
_CHARTS = ("ArrowVegaLiteChart",)
_FETCH = """<script>
$plotly
(async () => {
  await fetchPlotly($address).catch(() => {});
  const own = document.querySelector('script[src*="/static/js/"]')?.src;
  if (own) for (const name of $names) {
    await import(new URL(name, own)).catch(() => {});
    await new Promise(done => setTimeout(done, 150));  // for what else is to be shown, such as progress
  }
})();
</script>"""


def keep_still() -> None:
    """Have what waits keep still, and what is out of date turn pale at once after a second; begins a run."""
    st.html(_STILL)


def fetch_charts() -> None:
    """Have the browser read the code of the charts while it has nothing else to do; it would when the first comes."""
    with st.container(key="first_paint"):
        st.html(_write_fetch(), unsafe_allow_javascript=True)


@cache
def _write_fetch() -> str:
    script = _FETCH.replace("$names", json.dumps(list_scripts())).replace("$address", json.dumps(ADDRESS))
    return script.replace("$plotly", FETCH)


@cache
def list_scripts() -> list[str]:
    """The files that hold Streamlit's own charts; their names change with its release, none found costs time only."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    return sorted(path.name for name in _CHARTS for path in folder.glob(f"{name}.*.js"))
