"""Articles into the project, their dates, and out again: `add`, `date`, `remove`."""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.cli import intake, running
from timeline.cli.interruption import Interruption
from timeline.cli.output import FAILED, INTERRUPTED, OK, PARTLY, count, name_some, note, say, say_json, warn
from timeline.cli.parsing import (
    Commands,
    add_coding_options,
    add_command,
    add_json_option,
    add_reading_options,
    choose_project,
    day,
)
from timeline.cli.progress import ProgressLine

if TYPE_CHECKING:
    from timeline.records import Article
    from timeline.store import Added, Project

_SHORTEST_PREFIX = 4


def add_commands(commands: Commands) -> None:
    """Define `add`, `date` and `remove`."""
    parser = add_command(
        commands,
        "add",
        "read articles into the project and code them",
        "  timeline add news/ 'more/*.html' archive.zip\n"
        "  timeline add table.csv --column text=body --column published=day\n"
        "  timeline add page.html --published 2020-03-06\n"
        "  timeline add --allow-urls https://example.org/article.html\n"
        "  cat article.txt | timeline add - --publisher 'Example Post'",
        "Reads .txt .md .html .pdf .json .jsonl .csv .tsv, RSS and Atom, each also as .gz or in a .zip, folders\n"
        "of these, patterns, and standard input as -. What is there already is not added again, so the same\n"
        "command goes on where it was interrupted.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, pattern, address, or - ")
    parser.add_argument("--no-code", action="store_true", help="only read and store; `timeline code` codes later")
    add_reading_options(parser)
    add_coding_options(parser)
    add_json_option(parser)
    parser.set_defaults(run=_add)

    parser = add_command(
        commands,
        "date",
        "set the publication date of articles and code them anew",
        "  timeline date 3f2a9c01 2020-03-06\n  timeline date 3f2a9c01 77b0e4d2 2020-03-06\n"
        "  timeline date 3f2a9c01 none",
    )
    parser.add_argument("ids", nargs="+", metavar="ID", help="article id, or the first letters of one")
    parser.add_argument("date", metavar="DATE", type=_day_or_none, help="a day such as 2020-03-06, or none to clear it")
    parser.add_argument("--no-code", action="store_true", help="do not code them anew now")
    add_coding_options(parser)
    parser.set_defaults(run=_date)

    parser = add_command(
        commands,
        "remove",
        "remove articles and what was coded from them",
        "  timeline remove 3f2a9c01 77b0e4d2",
    )
    parser.add_argument("ids", nargs="+", metavar="ID", help="article id, or the first letters of one")
    parser.set_defaults(run=_remove)


def _add(options: argparse.Namespace) -> int:
    from timeline import pipeline
    from timeline.store import open_project

    folder, met = choose_project(options), intake.Intake()
    with Interruption() as stop:
        articles = intake.read_paths(options.paths, options, met, stop)
        first = next(articles, None)
        if first is None:
            warn("nothing was added: no article could be read")
            return FAILED
        project = open_project(folder, create=True)
        with ProgressLine("reading", quiet=options.quiet) as line:
            found: Iterator[Article] = chain([first], articles)
            added = pipeline.add_articles(project, found, lambda p: line.show(p.done, 0, 0, p.title))
        _log_skipped(project, met)
        ran = running.Ran(None, 0.0, 0) if options.no_code else running.code_pending(project, options, stop)
        project.close()
    undated = {name: met.undated[name] for name in added.new if name in met.undated}
    if options.json:
        say_json(_as_plain(folder, met, added, undated, ran))
    else:
        _tell(folder, met, added, ran)
        chosen = "" if options.project is None else f" --project {shlex.quote(str(options.project))}"
        advice = f"Set it: timeline{chosen} date ID DATE   or add them with --published DATE"
        intake.warn_undated(undated, advice)
        running.tell_failures(ran)
    if stop.asked:
        running.tell_stop("run the same command again")
        return INTERRUPTED
    return PARTLY if met.skipped else ran.exit_code


def _log_skipped(project: Project, met: intake.Intake) -> None:
    from timeline.store import log_problem

    for problem in met.skipped:
        log_problem(project, "read", problem.path, problem.reason)


def _tell(folder: Path, met: intake.Intake, added: Added, ran: running.Ran) -> None:
    new = set(added.new)
    twice = sum(name in new for name in added.known)
    parts = [f"{count(len(added.new), 'article')} added"]
    if len(added.known) > twice:
        parts.append(f"{len(added.known) - twice:,} were there already")
    if twice:
        parts.append(f"{twice:,} were given more than once")
    if added.dated:
        parts.append(f"{len(added.dated):,} of the known got a date")
    say(", ".join(parts))
    for line in running.describe(ran):
        say(line)
    if ran.run:
        say(f"{count(ran.events, 'event')} in {folder} now; look at them with: timeline serve")
    if met.skipped:
        note(f"{count(len(met.skipped), 'input')} skipped, named above")


def _as_plain(
    folder: Path, met: intake.Intake, added: Added, undated: dict[str, str], ran: running.Ran
) -> dict[str, object]:
    return {
        "project": str(folder),
        "read": met.read,
        "new": list(added.new),
        "known": list(added.known),
        "dated": list(added.dated),
        "undated": [{"id": name, "title": title} for name, title in undated.items()],
        "skipped": [{"path": problem.path, "reason": problem.reason} for problem in met.skipped],
        **ran.to_plain(),
    }


def _date(options: argparse.Namespace) -> int:
    from timeline.store import open_project, set_published

    project = open_project(choose_project(options))
    ids, unknown = find_articles(project, options.ids)
    for name in ids:
        changed = set_published(project, name, options.date, who="command line")
        say(f"{name}: {options.date or 'no date'}{'' if changed else ' already'}")
    if not ids:
        return FAILED
    code = PARTLY if unknown else OK
    if not options.no_code:
        with Interruption() as stop:
            ran = running.code_pending(project, options, stop)
        for line in running.describe(ran):
            say(line)
        running.tell_failures(ran)
        if stop.asked:
            running.tell_stop("timeline code")
        code = max(code, ran.exit_code)
    project.close()
    return code


def _remove(options: argparse.Namespace) -> int:
    from timeline import pipeline
    from timeline.store import open_project

    project = open_project(choose_project(options))
    ids, unknown = find_articles(project, options.ids)
    if not ids:
        return FAILED
    removed = pipeline.remove(project, ids)
    say(f"{count(removed, 'article')} removed; {count(running.count_stored_events(project), 'event')} left")
    project.close()
    return PARTLY if unknown else OK


def find_articles(project: Project, given: list[str]) -> tuple[list[str], list[str]]:
    """Full ids for ids and their first letters, and those given that fit none or several; these are printed."""
    from timeline.store.articles import State, select_ids

    known = [name for name, _ in select_ids(project, tuple(State))]
    everything = set(known)
    ids: dict[str, None] = {}
    unknown: list[str] = []
    for name in given:
        fitting = [name] if name in everything else [full for full in known if full.startswith(name)]
        if len(fitting) == 1 and (fitting == [name] or len(name) >= _SHORTEST_PREFIX):
            ids[fitting[0]] = None
            continue
        unknown.append(name)
        several = f"fits several: {', '.join(name_some(fitting))}" if len(fitting) > 1 else "there is no such article"
        warn(f"{name}: {several}" + ("" if fitting else "; `timeline articles` lists them"))
    return list(ids), unknown


def _day_or_none(text: str) -> dt.date | None:
    return None if text.strip().lower() == "none" else day(text)
