"""Export: what the filters let through as data, network, documents and pictures; each says what it is good for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from timeline.dashboard import data, exporting, frame, preparing
from timeline.dashboard.exporting import FORMATS, Format, Job
from timeline.dashboard.locales import count_noun, say_number
from timeline.dashboard.look import current
from timeline.dashboard.sidebar import show_conditions, show_filters
from timeline.dashboard.state import current_selection, escape_markdown, seed_widget
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.views.images import has_browser
from timeline.views.palette import choose_palette
from timeline.views.provenance import CAVEAT, list_conditions, name_file, say_filter

_SLOW_SECONDS = 4.0  # what takes longer is prepared with progress, then fetched
# A row never wraps: the words take what the button leaves.
_STYLE = """<style>
[class*="st-key-export_row_"] {flex-wrap: nowrap}
[class*="st-key-export_row_"] > :first-child {flex: 1 1 0; min-width: 0; width: auto}
[class*="st-key-export_row_"] > :not(:first-child) {flex: none}
</style>"""
_GROUPS = {
    "document": ("Documents", "For people: to hand over, to read, to publish."),
    "data": (
        "Events as data",
        "One row for each event: when, who, what, whom, how sure, the sentence and its address.",
    ),
    "network": ("The network", "Directed; one edge for each source, target and sign, with its number of events."),
}


def show() -> None:
    """Draw the page."""
    if not frame.begin("Export"):
        return
    f = show_filters()
    total = data.count_events(f)
    names = data.name_known_actors(f.actors)
    words = tuple(names.get(i, i) for i in f.actors)
    st.title("Export", anchor=False)
    st.markdown(
        f"**{count_noun(total, 'event')}** of {say_number(data.count_events(EVERYTHING))}: "
        f"{escape_markdown(say_filter(f, words))}. "
        "What you filter is what you get: change it in the sidebar."
    )
    show_conditions(list_conditions(f, words))
    if total:
        _show_files(f, total)
    else:
        st.info(
            "No events match these filters, so there is nothing to export. Take a condition off.",
            icon=":material/filter_alt_off:",
        )
    frame.end()


def _show_files(f: EventFilter, total: int) -> None:
    positions = data.network_positions(f.level)  # here, since the file is written without a session
    job = _look_as_explore(Job(data.tables(), f, data.project_name(), lambda: positions))
    st.html(_STYLE)
    left, right = st.columns(2, gap="medium")
    with left:
        _show_group("document", job, total)
        _show_group("data", job, total)
    with right:
        _show_pictures(job, total)
        _show_group("network", job, total)
        _show_about(job)


def _look_as_explore(job: Job) -> Job:
    """The job with the charts set as they were last on the Explore page."""
    order, by = current("lane_order"), current("density_by")
    return replace(
        job, window=data.choose_window(job.filter, by), lanes=current("lanes"),
        order="activity" if order == "hand" else order,
        hand=tuple(current("lane_hand") or ()) if order == "hand" else (), by=by,
        network_actors=current("network_actors"), groups=current("network_groups"),
        ego=current_selection().actor if current("network_ego") else "",
    )  # fmt: skip


def _show_group(group: str, job: Job, total: int) -> None:
    title, words = _GROUPS[group]
    with st.container(border=True, key=f"exports_{group}"):
        st.subheader(title, anchor=False)
        st.caption(words)
        for kind in FORMATS.values():
            if kind.group == group:
                _show_row(job, kind, total)


def _show_row(job: Job, kind: Format, total: int) -> None:
    """A format's name and purpose, and its button."""
    cut = (
        f" :orange[The newest {say_number(kind.most)} of {count_noun(total, 'event')}.]"
        if 0 < kind.most < total
        else ""
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"export_row_{kind.name}"):
        st.markdown(f"**{kind.label}** — {kind.purpose}{cut}", width="stretch")
        _show_button(job, kind, min(total, kind.most or total))


def _show_button(job: Job, kind: Format, number: int) -> None:
    write: Callable[..., bytes] | None = partial(exporting.write_file, job, kind.name)
    # A download cannot ask what it may read; a file in the making can.
    if kind.seconds * number / 1000 > _SLOW_SECONDS or data.is_metered():
        state = (kind.name, job.tables.batch, replace(job, place=dict))  # each run has a `place` of its own
        write = preparing.show_preparation(state, f".{kind.extension}", partial(exporting.write_file, job, kind.name))
    if write is None:
        return
    stem = {"network": "network", "picture": job.chart}.get(kind.group, "events")
    name = name_file(f"{stem}-{job.project}", kind.extension, dt.datetime.now(dt.UTC))
    st.download_button(
        f"Get .{kind.extension}", data=write, file_name=name, mime=kind.mime, key=f"get_{kind.name}",
        icon=":material/download:", on_click="ignore", help=f"Download {kind.label}", width=preparing.BUTTON_PX,
    )  # fmt: skip


def _show_pictures(job: Job, total: int) -> None:
    """The charts of the Explore page as images."""
    with st.container(border=True, key="exports_picture"):
        st.subheader("Pictures", anchor=False)
        st.caption(_note_images())
        with st.container(horizontal=True, gap="medium"):
            chart = st.segmented_control(
                "Chart", exporting.CHARTS, key=seed_widget("export_chart", "timeline"), required=True,
                format_func=str.capitalize,
            )  # fmt: skip
            theme = st.segmented_control(
                "Colours", ["light", "dark"], key=seed_widget("export_theme", "light"), required=True,
                format_func=str.capitalize, help="For paper and slides light is best",
            )  # fmt: skip
        drawn = replace(job, chart=chart or "timeline", palette=choose_palette(theme))
        for kind in FORMATS.values():
            if kind.group == "picture":
                _show_row(drawn, kind, total)


def _show_about(job: Job) -> None:
    with st.container(border=True, key="exports_about"):
        st.subheader("What every file says about itself", anchor=False)
        st.caption(
            "Which filter, how many events, which data and coder, and when it was made. "
            f"Now: data version {job.tables.batch[:12]} · coder {escape_markdown(exporting.name_coders(job.tables))}."
        )
        st.caption(CAVEAT)
        st.caption("The same from the command line: `timeline export FORMAT FILE`; `timeline export --help` lists all.")


def _note_images() -> str:
    caption = "Each has a caption that says where it comes from."
    if has_browser():
        return f"Drawn as on the Explore page. {caption} The first one takes a few seconds."
    return (
        "Drawn in plainer dress, since no Chromium is installed on the machine that runs the dashboard; with it "
        f"(apt-get install chromium) they look as on the Explore page. {caption}"
    )
