"""Files for the Export page: each is made when its button is pressed, outside the page's run.

The functions take all they need as arguments: a download is made in a thread without a session.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from timeline import queries
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.store.articles import list_articles
from timeline.views import exports, graph_exports, images, report
from timeline.views.figures import MARKERS_LIMIT, draw_timeline
from timeline.views.lanes import fold_sides, list_folds
from timeline.views.network_figures import draw_network
from timeline.views.networks import Positions, build_graph, limit_graph
from timeline.views.palette import Palette
from timeline.views.provenance import Provenance, say_filter

MOST_ROWS = 200_000
MOST_REPORTED = 1_000


@dataclass(frozen=True, slots=True)
class Job:
    """What is exported: the tables, the filter, the project's name and the colours of the charts."""

    tables: queries.Tables
    filter: EventFilter
    project: str
    palette: Palette
    lanes: int = 12
    order: str = "activity"
    network_actors: int = 40


def write_table(job: Job, kind: str) -> bytes:
    """The events as "csv", "xlsx" or "jsonl"."""
    events = _events(job)
    write = {"csv": exports.write_csv, "xlsx": exports.write_xlsx, "jsonl": exports.write_jsonl}[kind]
    return write(events, describe(job, len(events)))


def write_graph(job: Job, kind: str) -> bytes:
    """The network as "graphml" or "gexf"."""
    events = _events(job)
    write = {"graphml": graph_exports.write_graphml, "gexf": graph_exports.write_gexf}[kind]
    return write(events, describe(job, len(events)))


def write_chart(job: Job, chart: str, kind: str, positions: Positions) -> bytes:
    """The chart "timeline" or "network" as "png", "svg" or "pdf"."""
    figure, number = _timeline(job) if chart == "timeline" else _network(job, positions)
    return images.write_image(figure, kind, job.palette, describe(job, number))


def write_report(job: Job, positions: Positions) -> bytes:
    """The one-file report of the newest `MOST_REPORTED` events."""
    events = queries.select_events(job.tables, job.filter, limit=MOST_REPORTED)
    items = []
    for event_id in events["event_id"]:
        evidence = queries.read_evidence(job.tables, event_id)
        items.append(report.ReportedEvent(evidence.event, tuple((r.coding, r.article) for r in evidence.reports)))
    return report.write_report_file(items, positions, describe(job, len(items)), title=f"Events: {job.project}")


def describe(job: Job, number: int) -> Provenance:
    """What a file of `number` events says about itself, as of now."""
    names = queries.name_actors(job.tables, job.filter.actors)
    return Provenance(
        filter=job.filter,
        events=number,
        total=queries.count_events(job.tables, EVERYTHING),
        fingerprint=job.tables.batch,
        coder=name_coders(job.tables),
        made=dt.datetime.now(dt.UTC),
        project=job.project,
        actor_names=tuple(names.get(i, i) for i in job.filter.actors),
    )


def name_coders(tables: queries.Tables) -> str:
    """Versions of coder and lexicon that read the articles, most recent first; "none" where nothing was coded."""
    found = {
        (row.coded_at, f"{row.coder} (lexicon {row.lexicon[:12]})")
        for row in list_articles(tables.project)
        if row.coder
    }
    return ", ".join(dict.fromkeys(name for _, name in sorted(found, reverse=True))) or "none"


def _events(job: Job) -> pd.DataFrame:
    return queries.select_events(job.tables, job.filter, limit=MOST_ROWS)


def _timeline(job: Job) -> tuple[go.Figure, int]:
    f = job.filter
    events = queries.select_events(job.tables, f, limit=MARKERS_LIMIT)
    if f.level != "actor":
        events = fold_sides(events, list_folds(queries.list_actors(job.tables), f.level))
    actors = queries.rank_actors(job.tables, f, job.lanes, level=f.level)
    title = f"Who acts on whom, when — {_say_scope(job)}"
    figure = draw_timeline(events, actors, job.palette, window=(f.start, f.end), order=job.order, title=title)
    return figure, len(events)


def _network(job: Job, positions: Positions) -> tuple[go.Figure, int]:
    f = job.filter
    dyads = queries.count_dyads(job.tables, f, 4000, level=f.level)
    graph, _ = limit_graph(build_graph(dyads), job.network_actors, job.network_actors * 5)
    title = f"Who acts on whom, how often — {_say_scope(job)}"
    return draw_network(graph, positions, job.palette, title), queries.count_events(job.tables, f)


def _say_scope(job: Job) -> str:
    names = queries.name_actors(job.tables, job.filter.actors)
    words = say_filter(job.filter, tuple(names.get(i, i) for i in job.filter.actors))
    return words if len(words) < 90 else words[:88] + "…"
