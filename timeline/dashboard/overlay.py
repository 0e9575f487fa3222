"""The selection on the timeline of many events: drawn above the chart, which is not drawn anew for it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from timeline.coding.resources import find_resource
from timeline.dashboard import data
from timeline.dashboard.chosen import Marks
from timeline.views.plotting import LANE_PREFIX

_mark = st.components.v2.component(
    "timeline_marks", js=find_resource("marks.js").read_text(encoding="utf-8"), isolate_styles=False
)


def show_overlay(figure: go.Figure, marks: Marks, scope: str) -> None:
    """Mark the selection on the chart within `scope`; always called, so that marks go with the selection."""
    palette = data.palette()
    given: dict[str, Any] = {
        "scope": scope, "ids": sorted(marks.events), "lanes": find_lanes(figure, marks.actors),
        "stroke": palette.text, "ground": palette.background,
    }  # fmt: skip
    _mark(data=given, key="timeline_marks", height=1)


def find_lanes(figure: go.Figure, actors: Collection[str]) -> list[int]:
    """The rows of these actors' lanes in a figure of lanes, from the top."""
    handles = next((t for t in figure.data if t.xaxis == "x3"), None)
    if handles is None:
        return []
    return [
        int(row)
        for row, actor in zip(handles.y, handles.customdata, strict=True)
        if str(actor).removeprefix(LANE_PREFIX) in actors
    ]
