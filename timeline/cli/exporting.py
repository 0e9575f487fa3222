"""Events, network, charts and documents to files: `export`."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.cli.output import FAILED, OK, PARTLY, count, note, warn
from timeline.cli.parsing import Commands, add_command, choose_project, positive
from timeline.cli.selection import UnknownActorError, add_filter_options, make_filter
from timeline.errors import EngineError

if TYPE_CHECKING:
    from timeline.queries import EventFilter, Tables
    from timeline.views.networks import Positions

# As `dashboard.exporting.FORMATS`, which is slow to import; a test holds them together.
FORMATS = (
    "csv", "xlsx", "jsonl", "parquet", "gexf", "graphml", "cyjs", "html", "md", "ics", "timelinejs", "markwhen", "png",
    "svg", "pdf",
)  # fmt: skip
TABLES = "tables"
CHARTS = ("timeline", "network", "map")


def add_commands(commands: Commands) -> None:
    """Define `export`."""
    parser = add_command(
        commands,
        "export",
        "write events, network, charts or a report to a file",
        "  timeline export csv events.csv --from 2020-03-01 --to 2020-03-06\n"
        "  timeline export html report.html --actor RUS --actor TUR --role between\n"
        "  timeline export md brief.md --quad 4\n"
        "  timeline export ics events.ics --actor TUR\n"
        "  timeline export svg network.svg --chart network --level country\n"
        "  timeline export jsonl - | wc -l\n"
        "  timeline export tables events/\n"
        "  timeline export tables 'postgresql://writer@localhost/news?schema=events'",
        "Data, a row for each event: csv, xlsx, jsonl, parquet.\n"
        "Network of actors: gexf (for Gephi, with its time line), graphml, cyjs (Cytoscape).\n"
        "Documents: html (one file with timeline, network and evidence, for any browser), md (a brief of the key\n"
        "events with footnotes), ics (calendar), timelinejs (JSON), markwhen (text).\n"
        "Pictures of a chart: png, svg, pdf.\n"
        "Tables for an engine, which `timeline serve --engine` shows: tables, to a new folder (Parquet, for Spark and\n"
        "warehouses to load), duckdb://FILE or postgresql://user@host/database?schema=name (replaced there).\n"
        "Every file says which events it holds, from what data and when.",
    )
    formats = (*FORMATS, TABLES)
    parser.add_argument("format", choices=formats, metavar="FORMAT", help=f"one of {', '.join(formats)}")
    parser.add_argument("out", metavar="OUT", help="the file to write, - for standard output; for tables see above")
    charts = parser.add_argument_group("pictures")
    charts.add_argument("--chart", choices=CHARTS, default="timeline", help="which chart")
    charts.add_argument("--dark", action="store_true", help="for a dark page")
    charts.add_argument("--lanes", type=positive, default=12, metavar="N", help="actors in the timeline (default: 12)")
    charts.add_argument("--nodes", type=positive, default=40, metavar="N", help="actors in the network (default: 40)")
    add_filter_options(parser)
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    from timeline.dashboard import exporting
    from timeline.queries import count_events, open_tables
    from timeline.store import open_project
    from timeline.views.palette import choose_palette

    project = open_project(choose_project(options))
    tables = open_tables(project)
    try:
        wanted = make_filter(tables, options)
    except UnknownActorError as error:
        warn(str(error))
        return FAILED
    total = count_events(tables, wanted)
    if not total:
        warn("no event matches; nothing was written")
        return FAILED
    if options.format == TABLES:
        _export_tables(tables, wanted, options.out, total)
        return OK
    job = exporting.Job(
        tables, wanted, project.path.name, partial(_lay_out, tables, wanted.level),
        choose_palette("dark" if options.dark else "light"), options.chart, options.lanes,
        network_actors=options.nodes,
    )  # fmt: skip
    content = exporting.write_file(job, options.format)
    _save(content, options.out)
    kind = exporting.FORMATS[options.format]
    cut = 0 < kind.most < total
    if options.out != "-":
        note(f"{count(kind.most if cut else total, 'event')} to {options.out} ({len(content):,} bytes)")
    if cut:
        warn(f"only the newest {kind.most:,} of {total:,} events are in it; narrow them down, for example with --from")
    tables.close()
    project.close()
    return PARTLY if cut else OK


def _export_tables(tables: Tables, wanted: EventFilter, out: str, total: int) -> None:
    """Write the tables of an engine."""
    if importlib.util.find_spec("ibis") is None:
        raise EngineError("tables for an engine need ibis: pip install 'event-timeline[engines]'")
    from timeline.queries.remote.writing import write_tables

    write_tables(tables, wanted, out)
    shown = out.rpartition("@")[2] if "://" in out else out
    note(f"{count(total, 'event')} to {shown}: look at them with timeline serve --engine")


def _lay_out(tables: Tables, level: str) -> Positions:
    """Places of the project's actors, as on the dashboard: those of the whole, so that a filter moves nobody."""
    from timeline.queries import EventFilter, count_dyads
    from timeline.views.limited import build_limited
    from timeline.views.networks import lay_out

    whole, _ = build_limited(count_dyads(tables, EventFilter(level=level), 4000), 400, 4000)
    return lay_out(whole)


def _save(content: bytes, out: str) -> None:
    """Write a file all at once: a reader sees the old one or the new one."""
    if out == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    target = Path(out).expanduser()
    part = target.with_name(target.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
