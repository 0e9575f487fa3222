"""Articles to codings: `code` (in the project, or files to JSON Lines) and `recode`."""

from __future__ import annotations

import argparse

from timeline.cli import intake, running
from timeline.cli.interruption import Interruption
from timeline.cli.output import FAILED, INTERRUPTED, OK, PARTLY, count, name_some, note, plain, say, say_json, warn
from timeline.cli.parsing import (
    Commands,
    add_coding_options,
    add_command,
    add_json_option,
    add_reading_options,
    choose_project,
)


def add_commands(commands: Commands) -> None:
    """Define `code` and `recode`."""
    parser = add_command(
        commands,
        "code",
        "code the project's uncoded articles, or files to JSON Lines or Parquet",
        "  timeline code\n"
        "  timeline code --processes 2\n"
        "  timeline code --jsonl news/ coded.jsonl\n"
        "  timeline code --jsonl article.txt - --published 2020-03-06\n"
        "  timeline code --parquet news/ coded/ --processes 4\n"
        "  timeline code --cluster tcp://scheduler:8786 s3://bucket/news s3://bucket/coded",
        "With --jsonl no project is needed: one line for each article, with its time expressions, mentions and\n"
        "codings and their character offsets. The lines grow in OUT.part, which becomes OUT at the end; after an\n"
        "interruption the same command goes on from there. README: Formats.\n\n"
        "With --parquet or --cluster, IN is coded in partitions of about 1 MB, each to a Parquet file in the folder\n"
        "OUT, which `timeline import OUT` takes; what is there already is skipped. Paths and own lexicons must lie\n"
        "where the cluster's workers see them. A file is one partition: split large ones.",
    )
    parser.add_argument(
        "paths", nargs="*", metavar="IN… OUT", help="with one of these three: what to read, then what to write"
    )
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--jsonl", action="store_true", help="code files to JSON Lines, without a project")
    forms.add_argument("--parquet", action="store_true", help="code files to a folder of Parquet files")
    forms.add_argument("--cluster", metavar="ADDRESS", default="", help="the same on a Dask cluster that is running")
    add_reading_options(parser)
    add_coding_options(parser)
    add_json_option(parser, "a summary (of the project's run)")
    parser.set_defaults(run=_code)

    parser = add_command(
        commands,
        "recode",
        "code again what an older coder or lexicon coded, and what failed",
        "  timeline recode\n  timeline recode --all",
    )
    parser.add_argument("--all", action="store_true", help="code everything again")
    add_coding_options(parser)
    add_json_option(parser)
    parser.set_defaults(run=_recode)


def _code(options: argparse.Namespace) -> int:
    if options.jsonl:
        return _code_lines(options)
    if options.parquet or options.cluster:
        from timeline.cli.partitions import code_partitions

        return code_partitions(options)
    if options.paths:
        warn("code takes paths only with --jsonl, --parquet or --cluster; for the project: timeline add PATH…")
        return FAILED
    return _code_project(options)


def _code_project(options: argparse.Namespace) -> int:
    from timeline.store import open_project

    project = open_project(choose_project(options))
    with Interruption() as stop:
        ran = running.code_pending(project, options, stop)
    project.close()
    return _tell(ran, options, "every article is coded already", "timeline code")


def _recode(options: argparse.Namespace) -> int:
    from timeline.store import open_project

    project = open_project(choose_project(options))
    with Interruption() as stop:
        ran = running.recode(project, options, stop, everything=options.all)
    project.close()
    idle = ran.run is None or not (ran.run.coded or ran.run.failed or ran.run.not_english or ran.run.stopped)
    if idle and not options.json:
        say("nothing is stale: every coded article was coded by this coder and lexicon")
        return OK
    return _tell(ran, options, "nothing is stale", "the same command again")


def _tell(ran: running.Ran, options: argparse.Namespace, idle: str, resume: str) -> int:
    if options.json:
        say_json(ran.to_plain())
    else:
        for line in running.describe(ran) or [idle]:
            say(line)
        say(f"{count(ran.events, 'event')} in the project")
        running.tell_failures(ran)
    if ran.run and ran.run.stopped:
        running.tell_stop(resume)
    return ran.exit_code


def _code_lines(options: argparse.Namespace) -> int:
    from timeline.cli.lines import LineRun, write_lines

    if len(options.paths) < 2:
        warn("code --jsonl needs what to read and the file to write: timeline code --jsonl IN… OUT")
        return FAILED
    *paths, out = options.paths
    met = intake.Intake()
    with Interruption() as stop:
        articles = intake.read_paths(paths, options, met, stop)
        first = next(articles, None)
        if first is None:
            warn("nothing was coded: no article could be read")
            return FAILED
        run: LineRun = write_lines(first, articles, out, options, stop)
    note(run.describe(out))
    intake.warn_undated(met.undated, "Give it: --published DATE, or a column or field with the date")
    if run.failed:
        note(f"{count(len(run.failed), 'article')} could not be coded:")
        for line in name_some([f"{name}: {plain(reason, 200)}" for name, reason in run.failed]):
            note(f"  {line}")
    if stop.asked:
        note("Stopped. To go on: run the same command again")
        return INTERRUPTED
    return PARTLY if met.skipped or run.failed else OK
