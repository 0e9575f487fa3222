"""Event tables of others into the project: `import`."""

from __future__ import annotations

import argparse
import glob
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.cli import running
from timeline.cli.interruption import Interruption
from timeline.cli.output import FAILED, INTERRUPTED, OK, PARTLY, count, note, plain, say, say_json, warn
from timeline.cli.parsing import Commands, add_command, add_json_option, choose_project
from timeline.cli.progress import ProgressLine
from timeline.cli.running import count_stored_events, register_actors, tell_stop

if TYPE_CHECKING:
    from timeline.pipeline import AddedCoded
    from timeline.store import Project
    from timeline.store.imports import Imported

_FORMATS = ("auto", "timeline", "gdelt", "polecat", "acled", "ucdp", "icews", "phoenix")  # as store.imports.NAMES


def add_commands(commands: Commands) -> None:
    """Define `import`."""
    parser = add_command(
        commands,
        "import",
        "import event tables (GDELT, ICEWS, ACLED, UCDP, POLECAT, Phoenix, our own) and coded articles",
        "  timeline import 20200306.export.CSV.zip\n"
        "  timeline import 'gdelt/*.zip' acled.csv\n"
        "  timeline import events.tab --format icews\n"
        "  timeline import coded/ s3://bucket/coded/",
        "Reads the files as they are published, plain, .gz or .zip, in constant memory, and keeps the original\n"
        "columns. What is there already is not added again, so the same command goes on where it was interrupted.\n"
        "A row that ACLED has changed since it was imported takes the place of the older one.\n"
        "Rows that cannot be read go to a quarantine file, with line and reason. There is no text, so no sentences:\n"
        "the evidence is the row and the address of its article. What `timeline code --parquet` wrote comes with its\n"
        "articles and sentences.",
    )
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="FILE",
        help="file, pattern, or folder of Parquet files; its address, if code wrote it there",
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="auto",
        metavar="FORMAT",
        help=f"one of {', '.join(_FORMATS)} (default: auto, by header or shape); TERRIER is phoenix",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="show no progress")
    add_json_option(parser)
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    from timeline.store import open_project

    addresses, problems = _list_addresses([path for path in options.paths if "://" in path])
    coded, tables = _sort_out([file for path in options.paths if "://" not in path for file in _expand(path)])
    project = open_project(choose_project(options), create=True)
    with Interruption("Stopping when the rows in hand are stored; Ctrl-C again stops at once.") as stop:
        articles, wrong = _import_coded(project, [*map(str, coded), *addresses], options, stop)
        done, more = _import_files(project, tables, options, stop)
    problems += [*wrong, *more]
    events = count_stored_events(project)
    if options.json:
        say_json(
            {
                "project": str(project.path),
                "events": events,
                "tables": [_as_plain(one) for one in done],
                "coded": articles and {"new": articles.new, "coded": articles.coded, "known": articles.known},
                "problems": problems,
            }
        )
    else:
        if articles:
            _tell_coded(articles)
        for one in done:
            _tell(one)
        if done or articles:
            say(f"{count(events, 'event')} in {choose_project(options)} now; look at them with: timeline serve")
    project.close()
    if stop.asked:
        tell_stop("run the same command again")
        return INTERRUPTED
    if not done and not articles:
        return FAILED
    failed = articles is not None and bool(articles.failed)
    return PARTLY if problems or failed or any(one.rejected for one in done) else OK


def _sort_out(files: list[Path]) -> tuple[list[Path], list[Path]]:
    """Files of coded articles, and event tables."""
    from timeline.store.coded_files import is_coded_file

    coded = [file for file in files if file.suffix == ".parquet" and is_coded_file(file)]
    return coded, [file for file in files if file not in set(coded)]


def _list_addresses(addresses: list[str]) -> tuple[list[str], list[str]]:
    """The Parquet files behind addresses, and what is wrong with these."""
    from timeline.errors import TimelineError

    found: list[str] = []
    problems: list[str] = []
    for address in addresses:
        try:
            if address.startswith(("http://", "https://")):
                raise TimelineError(f"{address}: is not fetched; save it as a file and import that")
            from timeline.cluster import list_addresses

            found += list_addresses(address, ".parquet")
        except TimelineError as error:
            problems.append(str(error))
            warn(plain(str(error)))
    return found, problems


def _import_coded(
    project: Project, files: list[str], options: argparse.Namespace, stop: Interruption
) -> tuple[AddedCoded | None, list[str]]:
    """What became of articles coded elsewhere, None where there are no such files, and files that are damaged."""
    if not files:
        return None, []
    from timeline.cluster import fetch_file
    from timeline.errors import UnreadableInputError
    from timeline.pipeline import AddedCoded, add_coded
    from timeline.store.coded_files import is_coded_file, read_rows
    from timeline.store.events import derive_events

    done, problems = AddedCoded(), []
    register_actors(project, running.load_coder())
    with ProgressLine("importing", quiet=options.quiet) as line:
        for number, file in enumerate(files):
            if stop():
                break
            line.show(number, len(files), 0, posixpath.basename(file))
            try:
                with fetch_file(file) as local:
                    if not is_coded_file(Path(local)):
                        raise UnreadableInputError(f"{file}: holds no coded articles; copy an event table here first")
                    done += add_coded(project, read_rows(Path(local)))
            except (UnreadableInputError, OSError) as error:  # the second while it is fetched
                line.wipe()
                problems.append(str(error) if isinstance(error, UnreadableInputError) else f"{file}: {error}")
                warn(plain(problems[-1]))
        derive_events(project)
    return done, problems


def _import_files(
    project: Project, files: list[Path], options: argparse.Namespace, stop: Interruption
) -> tuple[list[Imported], list[str]]:
    """What became of each table, and what is wrong with files that could not be read; these are named meanwhile."""
    from timeline.store.imports import finish_import, import_files

    done: list[Imported] = []
    problems: list[str] = []
    with ProgressLine("importing", quiet=options.quiet) as line:
        for one in import_files(
            project,
            [] if stop() else files,
            options.format,
            lambda p: line.show(p.done, p.total, 0, f"{p.rows:,} rows  {p.file}"),
            stop,
        ):
            # Of a damaged file without a row that was read there is nothing to tell but what is wrong with it.
            if not one.problem or one.events or one.changed or one.known or one.rejected:
                done.append(one)
            if one.problem:
                problems.append(one.problem)
                line.wipe()
                warn(plain(one.problem))
    if done or problems:
        finish_import(project)
    return done, problems


def _expand(path: str) -> list[Path]:
    """The files a pattern or a folder stands for, sorted; a name without a match is kept, to be named as missing."""
    if Path(path).is_dir():
        return sorted(Path(path).glob("*.parquet")) or [Path(path)]
    if Path(path).exists() or not glob.has_magic(path):
        return [Path(path)]
    return [Path(found) for found in sorted(glob.glob(path))] or [Path(path)]  # noqa: PTH207 - absolute too


def _tell_coded(done: AddedCoded) -> None:
    parts = [f"{count(done.new, 'article')} added", f"codings of {done.coded:,} saved"]
    if done.known:
        parts.append(f"{done.known:,} were there already")
    say(", ".join(parts))
    if done.failed:
        note(f"  {count(len(done.failed), 'article')} could not be coded; `timeline recode` tries them again")


def _tell(one: Imported) -> None:
    parts = [f"{count(one.events, 'event')} imported"]
    if one.again:
        parts = [f"imported before ({count(one.events, 'event')}); nothing was added"]
    elif one.changed:
        parts.append(f"{count(one.changed, 'row')} replaced by newer ones")
    if one.known:
        parts.append(f"{one.known:,} were there already")
    if one.problem:
        parts.append("before its damage")
    say(f"{plain(one.file)} ({one.format}): {', '.join(parts)}")
    if one.rejected:
        note(f"  {count(one.rejected, 'row')} could not be read; with lines and reasons in {one.quarantine}")


def _as_plain(one: Imported) -> dict[str, object]:
    return {
        "file": one.file,
        "format": one.format,
        "events": one.events,
        "changed": one.changed,
        "known": one.known,
        "rejected": one.rejected,
        "quarantine": str(one.quarantine) if one.quarantine else None,
        "again": one.again,
        "finished": one.finished,
    }
