"""Events, network and charts to files: `export`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.cli.output import FAILED, OK, PARTLY, count, note, warn
from timeline.cli.parsing import Commands, add_command, choose_project, positive
from timeline.cli.selection import UnknownActorError, add_filter_options, make_filter

if TYPE_CHECKING:
    from timeline.dashboard.exporting import Job
    from timeline.views.networks import Positions

TABLES, GRAPHS, CHARTS = ("csv", "xlsx", "jsonl"), ("graphml", "gexf"), ("png", "svg", "pdf")
FORMATS = (*TABLES, *GRAPHS, "html", *CHARTS)


def add_commands(commands: Commands) -> None:
    """Define `export`."""
    parser = add_command(
        commands,
        "export",
        "write events, network or charts to a file",
        "  timeline export csv events.csv --from 2020-03-01 --to 2020-03-06\n"
        "  timeline export html report.html --actor RUS --actor TUR --role between\n"
        "  timeline export png timeline.png\n"
        "  timeline export svg network.svg --chart network --level country\n"
        "  timeline export jsonl - | wc -l",
        "csv, xlsx, jsonl: a row for each event; graphml, gexf: the network of actors; html: one file with\n"
        "timeline, network and evidence, for any browser; png, svg, pdf: a chart. Every file says which events it\n"
        "holds, from what data and when.",
    )
    parser.add_argument("format", choices=FORMATS, metavar="FORMAT", help=f"one of {', '.join(FORMATS)}")
    parser.add_argument("out", metavar="OUT", help="the file to write, - for standard output")
    parser.add_argument("--chart", choices=("timeline", "network"), default="timeline", help="which chart")
    parser.add_argument("--dark", action="store_true", help="charts for a dark page")
    parser.add_argument("--lanes", type=positive, default=12, metavar="N", help="actors in the timeline (default: 12)")
    parser.add_argument("--nodes", type=positive, default=40, metavar="N", help="actors in the network (default: 40)")
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
    palette = choose_palette("dark" if options.dark else "light")
    job = exporting.Job(tables, wanted, project.path.name, palette, lanes=options.lanes, network_actors=options.nodes)
    content = _write(job, options)
    _save(content, options.out)
    most = exporting.MOST_REPORTED if options.format == "html" else exporting.MOST_ROWS
    cut = total > most and options.format not in CHARTS
    if options.out != "-":
        note(f"{count(min(total, most), 'event')} to {options.out} ({len(content):,} bytes)")
    if cut:
        warn(f"only the newest {most:,} of {total:,} events are in it; narrow them down, for example with --from")
    tables.close()
    project.close()
    return PARTLY if cut else OK


def _write(job: Job, options: argparse.Namespace) -> bytes:
    from timeline.dashboard import exporting

    if options.format in TABLES:
        return exporting.write_table(job, options.format)
    if options.format in GRAPHS:
        return exporting.write_graph(job, options.format)
    positions = _lay_out(job)
    if options.format == "html":
        return exporting.write_report(job, positions)
    return exporting.write_chart(job, options.chart, options.format, positions)


def _lay_out(job: Job) -> Positions:
    """Places of the project's actors, as on the dashboard: those of the whole, so that a filter moves nobody."""
    from timeline.queries import EventFilter, count_dyads
    from timeline.views.networks import build_graph, lay_out, limit_graph

    dyads = count_dyads(job.tables, EventFilter(level=job.filter.level), 4000)
    whole, _ = limit_graph(build_graph(dyads), 400, 4000)
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
