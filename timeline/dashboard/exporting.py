"""Every kind of file that the Export page and `timeline export` write: the filter's events, at the filter's level.

The functions take all they need as arguments: a file is made in a thread without a session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import networkx as nx
import pandas as pd
import plotly.graph_objects as go

from timeline import queries
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.store.articles import list_articles
from timeline.views import brief, calendars, exports, graph_exports, images, maps, report, storylines
from timeline.views.figures import MARKERS_LIMIT, sketch_timeline
from timeline.views.groups import OTHERS, group_by_community, group_by_country
from timeline.views.lanes import fold_sides, list_folds
from timeline.views.limited import build_limited
from timeline.views.network_figures import draw_network
from timeline.views.networks import Positions
from timeline.views.palette import LIGHT, Palette
from timeline.views.plotting import draw_sketch
from timeline.views.provenance import Provenance, say_filter
from timeline.views.stories import ReportedEvent, Story, gather, tell
from timeline.views.wording import say_day

MOST_ROWS = 200_000
MOST_TOLD = 5_000
MOST_REPORTED = 1_000
_RANKED = 2_000  # events among which the brief looks for key events, the most reported ones
_NEWEST = "newest"
_PAIRS = 4000  # dyads fetched for the network, as on the Explore page
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        name: As `timeline export` takes it.
        label: As the page shows it.
        group: "data", "network", "document" or "picture".
        extension: Of the file's name.
        mime: Its media type.
        purpose: What it is good for, in one sentence.
        most: How many events it holds at most, the newest ones; 0 where that is no limit: it shows them in sum.
        seconds: What a thousand events cost, roughly, to know when to show progress.
    """

    name: str
    label: str
    group: str
    extension: str
    mime: str
    purpose: str
    most: int = MOST_ROWS
    seconds: float = 0.3


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ALL = (
    Format("csv", "CSV", "data", "csv", "text/csv", "Any spreadsheet or script. Lines on top say what it holds."),
    Format("xlsx", "Excel", "data", "xlsx", _XLSX, "A sheet of events to sort and filter, and a sheet about them.",
           seconds=1.5),
    Format("jsonl", "JSON Lines", "data", "jsonl", "application/x-ndjson", "Scripts: one object a line, as is."),
    Format("parquet", "Parquet", "data", "parquet", "application/vnd.apache.parquet",
           "pandas, R, DuckDB, Spark: typed columns, small."),
    Format("gexf", "GEXF", "network", "gexf", "application/gexf+xml",
           "Gephi, with its time line: edges exist on the days of their events."),
    Format("graphml", "GraphML", "network", "graphml", "application/graphml+xml", "yEd, igraph, networkx."),
    Format("cyjs", "Cytoscape JSON", "network", "cyjs", "application/json", "Cytoscape and Cytoscape.js, places kept."),
    Format("html", "HTML report", "document", "html", "text/html",
           "Hand over the whole as one file: timeline, network, filters and evidence, in any browser, offline.",
           MOST_REPORTED, 3.0),
    Format("md", "Brief", "document", "md", "text/markdown",
           "Markdown text: key events, their dates, who says so, sources quoted in footnotes.", 0, 0.01),
    Format("ics", "Calendar", "document", "ics", "text/calendar",
           "Any calendar program: an all-day entry for each dated event.", MOST_TOLD, 3.0),
    Format("timelinejs", "TimelineJS", "document", "json", "application/json",
           "Knight Lab's TimelineJS, to embed in a web page.", MOST_TOLD, 3.0),
    Format("markwhen", "markwhen", "document", "mw", "text/plain",
           "A timeline as plain text, for markwhen and for eyes.", MOST_TOLD, 3.0),
    Format("png", "PNG", "picture", "png", "image/png", "Slides and text documents.", 0),
    Format("svg", "SVG", "picture", "svg", "image/svg+xml", "Sharp at any size; can be edited.", 0),
    Format("pdf", "PDF", "picture", "pdf", "application/pdf", "Print.", 0),
)  # fmt: skip
FORMATS = {kind.name: kind for kind in _ALL}
CHARTS = ("timeline", "network", "map")


@dataclass(frozen=True, slots=True)
class Job:
    """What is exported: the tables, the filter, the project's name, and how the charts look.

    `place` gives the actors their places where a file shows them.

    Attributes:
        chart: The one that pictures show, of `CHARTS`.
        lanes: Actors with a lane in the timeline at most, the most active ones.
        order: Order of the lanes.
        hand: Actors chosen for the lanes by hand, from the top; empty for the most active ones.
        by: "event" where events stand on the days they happened, "published" for that of their first report.
        window: First and last day of the timeline's axis; None takes the filter's.
        network_actors: Actors in the network at most.
        ego: Id of an actor that is drawn with its partners only, "" for everybody.
        groups: What nodes are coloured by: "country", "community" or "" for one colour.
    """

    tables: queries.AnyTables
    filter: EventFilter
    project: str
    place: Callable[[], Positions]
    palette: Palette = LIGHT
    chart: str = "timeline"
    lanes: int = 12
    order: str = "activity"
    hand: tuple[str, ...] = ()
    by: str = "event"
    window: tuple[dt.date | None, dt.date | None] = (None, None)
    network_actors: int = 40
    ego: str = ""
    groups: str = ""


def _ignore(done: int, total: int) -> None:
    """Progress that nobody watches."""


def write_file(job: Job, name: str, progress: Progress = _ignore) -> bytes:
    """The file of a format of `FORMATS`.

    Args:
        job: What to export.
        name: The format.
        progress: Told how many events are read, and of how many, where reading them is the slow part.
    """
    writers: dict[str, Callable[[], bytes]] = {
        "csv": partial(_write_table, job, exports.write_csv),
        "xlsx": partial(_write_table, job, exports.write_xlsx),
        "jsonl": partial(_write_table, job, exports.write_jsonl),
        "parquet": partial(_write_table, job, exports.write_parquet),
        "graphml": partial(_write_table, job, graph_exports.write_graphml),
        "gexf": partial(_write_placed, job, graph_exports.write_gexf),
        "cyjs": partial(_write_placed, job, graph_exports.write_cyjs),
        "html": partial(_write_report, job, progress),
        "md": partial(_write_brief, job, progress),
        "ics": partial(_write_stories, job, calendars.write_ics, progress),
        "timelinejs": partial(_write_stories, job, storylines.write_timelinejs, progress),
        "markwhen": partial(_write_stories, job, storylines.write_markwhen, progress),
    }
    return writers[name]() if name in writers else _write_chart(job, name)


def _write_table(job: Job, write: Callable[[pd.DataFrame, Provenance], bytes]) -> bytes:
    events = _events(job)
    return write(_add_addresses(job, events), describe(job, len(events)))


def _write_placed(job: Job, write: Callable[[pd.DataFrame, Provenance, Positions], bytes]) -> bytes:
    events = _events(job)
    return write(events, describe(job, len(events)), job.place())


def _write_chart(job: Job, kind: str) -> bytes:
    draw = {"timeline": _timeline, "network": _network, "map": _map}[job.chart]
    figure, number = draw(job)
    return images.write_image(figure, kind, job.palette, describe(job, number))


def _write_report(job: Job, progress: Progress) -> bytes:
    items = _gather(job, list(_events(job, MOST_REPORTED)["event_id"]), progress)
    return report.write_report_file(items, job.place(), describe(job, len(items)), title=f"Events: {job.project}")


def _write_stories(job: Job, write: Callable[[Sequence[Story], Provenance], bytes], progress: Progress) -> bytes:
    events = _events(job, MOST_TOLD)
    stories = [tell(item) for item in _gather(job, list(events["event_id"])[::-1], progress)]
    return write(stories, describe(job, len(stories)))


def _write_brief(job: Job, progress: Progress) -> bytes:
    ranked = _events(job, _RANKED, "reports")
    chosen = brief.choose_key_events(ranked)
    stories = [tell(item) for item in _gather(job, chosen, progress)]
    events = _events(job)
    return brief.write_brief(stories, events, describe(job, len(events)))


def _gather(job: Job, event_ids: Sequence[str], progress: Progress) -> list[ReportedEvent]:
    folds = _folds(job)
    found = []
    for number, event_id in enumerate(event_ids):
        progress(number, len(event_ids))
        found.append(gather(queries.read_evidence(job.tables, event_id), folds))
    return found


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


def name_coders(tables: queries.AnyTables) -> str:
    """Versions of coder and lexicon that read the articles, most recent first; "none" where nothing was coded."""
    found = {
        (row.coded_at, f"{row.coder} (lexicon {row.lexicon[:12]})")
        for row in list_articles(tables.project)
        if row.coder
    }
    return ", ".join(dict.fromkeys(name for _, name in sorted(found, reverse=True))) or "none"


def _events(job: Job, most: int = MOST_ROWS, order: str = _NEWEST) -> pd.DataFrame:
    """The filter's events, their actors folded to its level: what the dashboard's table shows."""
    events = queries.select_events(job.tables, job.filter, limit=most, order=order)
    return fold_sides(events, folds) if (folds := _folds(job)) else events


def _folds(job: Job) -> dict[str, tuple[str, str]]:
    level = job.filter.level
    return {} if level == EVERYTHING.level else list_folds(queries.list_actors(job.tables), level)


def _add_addresses(job: Job, events: pd.DataFrame) -> pd.DataFrame:
    """The events with the address of the article that their sentence, or the imported row, comes from."""
    found = queries.list_addresses(job.tables, list(events["event_id"]))
    return events.assign(url=[found.get(event_id, "") for event_id in events["event_id"]])


def _timeline(job: Job) -> tuple[go.Figure, int]:
    f = job.filter
    events = _events(job, MARKERS_LIMIT)
    actors, order = _lane_actors(job)
    first, last = window = (job.window[0] or f.start, job.window[1] or f.end)
    title = f"Who acts on whom, when — {_say_scope(job)}" + (", by first report" if job.by == "published" else "")
    if window != (f.start, f.end) and first and last:
        title += f", drawn from {say_day(first)} to {say_day(last)}"
    sketch = sketch_timeline(events, actors, job.palette, window=window, order=order, title=title, by=job.by)
    return draw_sketch(sketch), len(events)


def _lane_actors(job: Job) -> tuple[pd.DataFrame, str]:
    """The actors that get a lane, and how they are ordered; those chosen by hand keep theirs without any event."""
    if not job.hand:
        return queries.rank_actors(job.tables, job.filter, job.lanes, level=job.filter.level), job.order
    known = queries.list_actors(job.tables).set_index("actor_id")
    kept = [actor_id for actor_id in job.hand if actor_id in known.index]
    return known.loc[kept, ["name", "country"]].reset_index(), "hand"


def _network(job: Job) -> tuple[go.Figure, int]:
    f = job.filter
    dyads = queries.count_dyads(job.tables, f, _PAIRS, level=f.level)
    graph, _ = build_limited(dyads, job.network_actors, job.network_actors * 5, job.ego)
    title = f"Who acts on whom, how often — {_say_scope(job)}"
    figure = draw_network(graph, job.place(), job.palette, title, _group(job, graph))
    return figure, queries.count_events(job.tables, f)


def _group(job: Job, graph: nx.MultiDiGraph) -> dict[str, str]:
    """The group of each actor, as on the Explore page: communities are those of the whole project."""
    if job.groups == "country":
        actors = queries.list_actors(job.tables)
        return group_by_country(graph, dict(zip(actors["actor_id"], actors["country"], strict=True)))
    if job.groups == "community":
        everything = EventFilter(level=job.filter.level)
        dyads = queries.count_dyads(job.tables, everything, _PAIRS, level=everything.level)
        whole, _ = build_limited(dyads, 400, 4000)
        found = group_by_community(whole)
        return {node: found.get(node, OTHERS) for node in graph.nodes}
    return {}


def _map(job: Job) -> tuple[go.Figure, int]:
    places = maps.tabulate_places(queries.count_places(job.tables, job.filter))
    figure = draw_sketch(maps.sketch_map(places, job.palette))
    title = {"text": escape(f"Where — {_say_scope(job)}"), "x": 0, "xref": "paper", "font": {"size": 16},
             "yref": "container", "y": 0.975, "yanchor": "top"}  # fmt: skip
    figure.update_layout(title=title, height=800, margin={"t": 84, "l": 40})
    return figure, int(places["events"].sum()) if len(places) else 0


def _say_scope(job: Job) -> str:
    names = queries.name_actors(job.tables, job.filter.actors)
    words = say_filter(job.filter, tuple(names.get(i, i) for i in job.filter.actors))
    return words if len(words) < 90 else words[:88] + "…"
