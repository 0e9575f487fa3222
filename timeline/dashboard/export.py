"""Export: what the filters let through, as tables, networks, charts and one report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from timeline.dashboard import data, exporting, frame
from timeline.dashboard.exporting import MOST_REPORTED, MOST_ROWS, Job
from timeline.dashboard.sidebar import show_conditions, show_filters
from timeline.dashboard.state import escape_markdown
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.views.images import FORMATS, has_browser
from timeline.views.palette import DARK, LIGHT
from timeline.views.provenance import CAVEAT, list_conditions, name_file, say_filter
from timeline.views.wording import count_noun

_TABLES = (
    ("csv", "CSV", "text/csv", "For any spreadsheet or script; comment lines on top say where it comes from"),
    (
        "xlsx",
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Sheet Events, and a sheet About",
    ),
    (
        "jsonl",
        "JSON Lines",
        "application/x-ndjson",
        "One object per line, texts verbatim; the first says where it comes from",
    ),
)
_GRAPHS = (
    ("graphml", "GraphML", "application/graphml+xml", "For yEd, Cytoscape, igraph, networkx"),
    (
        "gexf",
        "GEXF",
        "application/gexf+xml",
        "For Gephi, with its time line: each edge exists on the days of its events",
    ),
)


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
        f"**{count_noun(total, 'event')}** of {data.count_events(EVERYTHING):,}: "
        f"{escape_markdown(say_filter(f, words))}. "
        "Change what is exported with the filters in the sidebar."
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
    made = dt.datetime.now(dt.UTC)
    dark = st.session_state.get("export_theme") == "dark"
    job = Job(
        data.tables(), f, data.project_name(), DARK if dark else LIGHT,
        st.session_state.get("lanes", 12), st.session_state.get("lane_order") or "activity",
        st.session_state.get("network_actors", 40),
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left:
        _show_data(job, total, made)
    with right:
        _show_charts(job, made)
    with st.container(border=True):
        st.markdown(
            "**Every file says** which filter, how many events, which data and coder version, and when it was made."
        )
        st.caption(
            f"Data version {data.batch()[:12]} · coder {escape_markdown(exporting.name_coders(data.tables()))}. "
            f"{CAVEAT}"
        )


def _show_data(job: Job, total: int, made: dt.datetime) -> None:
    _show_group("Events as a table", _note_rows(total))
    tables = [(k, label, mime, words, partial(exporting.write_table, job, k)) for k, label, mime, words in _TABLES]
    _show_buttons("events", made, tables)
    _show_group("The network", "Directed; one edge per source, target and sign, with the number of events.")
    graphs = [(k, label, mime, words, partial(exporting.write_graph, job, k)) for k, label, mime, words in _GRAPHS]
    _show_buttons("network", made, graphs)
    words = "One HTML file: interactive timeline and network, filters, evidence, sources. Works offline."
    _show_group("Report", words + _note_report(total))
    write = partial(exporting.write_report, job, data.network_positions(job.filter.level))
    _show_buttons("report", made, [("html", "HTML report", "text/html", "Opens in any browser", write)])


def _show_charts(job: Job, made: dt.datetime) -> None:
    _show_group("Charts as images", _note_images())
    st.segmented_control(
        "Colours", ["light", "dark"], default="light", key="export_theme", required=True,
        help="For paper and slides light is best",
    )  # fmt: skip
    positions = data.network_positions(job.filter.level)
    for chart in ("timeline", "network"):
        st.markdown(f"{chart.capitalize()}")
        rows = [
            (
                k,
                k.upper(),
                mime,
                f"The {chart} as {k.upper()}",
                partial(exporting.write_chart, job, chart, k, positions),
            )
            for k, mime in FORMATS.items()
        ]
        _show_buttons(chart, made, rows)


def _show_group(title: str, words: str) -> None:
    st.subheader(title, anchor=False)
    st.caption(words)


def _show_buttons(stem: str, made: dt.datetime, rows: Sequence[tuple[str, str, str, str, Callable[[], bytes]]]) -> None:
    project = data.project_name()
    with st.container(horizontal=True, gap="small"):
        for kind, label, mime, words, write in rows:
            st.download_button(
                label, data=write, file_name=name_file(f"{stem}-{project}", kind, made), mime=mime,
                key=f"get_{stem}_{kind}",
                icon=":material/download:", on_click="ignore", help=words,
            )  # fmt: skip


def _note_rows(total: int) -> str:
    words = "One row per event: when, who, what, whom, how sure, and the sentence."
    return f"{words} The newest {MOST_ROWS:,} of {total:,}." if total > MOST_ROWS else words


def _note_report(total: int) -> str:
    return f" The newest {MOST_REPORTED:,} of {total:,} events." if total > MOST_REPORTED else ""


def _note_images() -> str:
    if has_browser():
        return (
            "As drawn on the Explore page, with a caption that says where it comes from. "
            "The first image takes a few seconds."
        )
    return (
        "Drawn in plainer dress, since no Chromium is installed on this machine; install it (apt-get install "
        "chromium) for images "
        "just as on the Explore page. Each has a caption that says where it comes from."
    )
