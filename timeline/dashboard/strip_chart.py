"""The strip of events over time in an element of our own that stays; what is brushed in it comes back as days.

Streamlit's own chart took a tenth of the time of a changed filter, and forgot its brush. The script is `strip.js`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import streamlit as st

from timeline.coding.resources import find_resource
from timeline.views.density import count_days, read_brush

Period = tuple[dt.date | None, dt.date | None]
_KEY = "density"
_STYLE = """
.timeline-strip {position: relative; height: 118px}
.timeline-strip svg {display: block; user-select: none; touch-action: pan-y}
.timeline-strip text {font-size: 11px; fill: var(--strip-muted); pointer-events: none}
.timeline-strip .brush {fill: var(--strip-accent); fill-opacity: .14; stroke: var(--strip-accent)}
.timeline-strip [hidden] {display: none}
.timeline-strip .tip {position: absolute; top: 4px; z-index: 9; padding: .2rem .5rem; font-size: 13px;
  border-radius: 4px; pointer-events: none; white-space: nowrap;
  color: var(--strip-ink); background: var(--strip-surface);
  border: 1px solid var(--strip-grid)}
"""
_strip = st.components.v2.component(
    "strip", css=_STYLE, js=find_resource("strip.js").read_text(encoding="utf-8"), isolate_styles=False
)


def show_strip(drawing: str, window: Period | None, *, on_brush: Callable[[Period], None], words: str) -> None:
    """Draw the strip; the one drawn before becomes it.

    Args:
        drawing: From `write_density`.
        window: The period that the brush shows, None where there is no brush.
        on_brush: Called with the first and last day of a period that was brushed, both None once it is taken off.
        words: What the chart shows, for readers who do not see it.
    """

    def take() -> None:
        period = read_brush((st.session_state.get(_KEY) or {}).get("period"))
        if period:
            on_brush(period)

    days = [count_days(day) for day in window or (None, None)]
    given = {"name": _KEY, "words": words, "window": days, "brush": window is not None}
    text = f'{json.dumps(given)[:-1]}, "strip": {drawing}}}'
    _strip(data=text.encode(), key=_KEY, height=118, on_period_change=take)
