"""Looking after a project: `verify`, `compact`, `backup`, `restore`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.cli.output import FAILED, OK, PARTLY, count, note, plain, say, say_json
from timeline.cli.parsing import Commands, add_command, add_json_option, choose_project
from timeline.cli.progress import ProgressLine

if TYPE_CHECKING:
    from timeline.store.health import Fault

_REMEDIES = {
    "restore": "the record itself is damaged: timeline restore BACKUP into a new folder",
    "recode": "timeline verify --repair, then timeline code",
    "rebuild": "timeline verify --repair makes it again; nothing is lost",
    "index": "timeline verify --repair makes it again; nothing is lost",
    "import": "timeline verify --repair, then import that file again",
}


def add_commands(commands: Commands) -> None:
    """Define `verify`, `compact`, `backup` and `restore`."""
    parser = add_command(
        commands,
        "verify",
        "read all of the project and name what is damaged",
        "  timeline verify\n  timeline verify --repair\n  timeline verify --json",
        "With --repair all that is derived is made again where it is damaged; articles and corrections are never\n"
        "touched. Exit code 1: something was damaged.",
    )
    parser.add_argument("--repair", action="store_true", help="mend what can be mended without a backup")
    _add_quiet(parser)
    add_json_option(parser)
    parser.set_defaults(run=_verify)

    parser = add_command(
        commands,
        "compact",
        "write the event table and the record as small as they get",
        "  timeline compact",
        "Sorts imported events into few large files, which makes queries faster, and gives free space back.",
    )
    _add_quiet(parser)
    add_json_option(parser)
    parser.set_defaults(run=_compact)

    parser = add_command(
        commands,
        "backup",
        "write the project to one file, also while it is in use",
        "  timeline backup idlib-2020-03-06.zip",
        "Holds articles, codings, corrections and the original rows of imports. Events are made again on restoring.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to write; one that is there is replaced")
    add_json_option(parser)
    parser.set_defaults(run=_backup)

    parser = add_command(
        commands,
        "restore",
        "make a project of a backup",
        "  timeline restore idlib-2020-03-06.zip --project idlib",
        "The folder must be new or empty.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what `timeline backup` wrote")
    _add_quiet(parser)
    add_json_option(parser)
    parser.set_defaults(run=_restore)


def _add_quiet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-q", "--quiet", action="store_true", help="show no progress")


def _verify(options: argparse.Namespace) -> int:
    from timeline.store.health import check_project
    from timeline.store.project import open_project
    from timeline.store.repair import repair_project

    project = open_project(choose_project(options))
    with ProgressLine("reading", quiet=options.quiet) as line:
        faults = check_project(project, lambda done, total, part: line.show(done, total, 0, part))
    left = faults
    if options.repair and faults:
        with ProgressLine("making again", quiet=options.quiet) as line:
            left = repair_project(project, faults, None, line.show)
    project.close()
    if options.json:
        say_json(
            {
                "project": str(project.path),
                "faults": [_as_plain(fault) for fault in faults],
                "repaired": len(faults) - len(left),
            }
        )
    else:
        _tell(faults, left, repaired=options.repair)
    return PARTLY if faults else OK


def _tell(faults: tuple[Fault, ...], left: tuple[Fault, ...], *, repaired: bool) -> None:
    if not faults:
        say("all is well: record, search index, codings, original rows and event table were read whole")
        return
    for fault in faults:
        say(plain(f"{fault.part}: {fault.subject}: {fault.message}"))
    if repaired and not left:
        say(f"{count(len(faults), 'fault')} repaired")
        articles = sum(fault.remedy == "recode" for fault in faults)
        if articles:
            say(f"{count(articles, 'article')} to code again: timeline code")
        if any(fault.remedy == "import" for fault in faults):
            say("rows are missing until the files named above are imported again")
        return
    for remedy in dict.fromkeys(fault.remedy for fault in left):
        note(f"To do: {_REMEDIES[remedy]}")


def _as_plain(fault: Fault) -> dict[str, str]:
    return {
        "part": fault.part,
        "subject": fault.subject,
        "message": fault.message,
        "remedy": str(fault.remedy),
    }


def _compact(options: argparse.Namespace) -> int:
    from timeline.store.project import open_project
    from timeline.store.repair import compact_project

    project = open_project(choose_project(options))
    before = _measure(project.path)
    with ProgressLine("compacting", quiet=options.quiet) as line:
        compact_project(project, line.show)
    after = _measure(project.path)
    project.close()
    if options.json:
        say_json({"project": str(project.path), "bytes_before": before, "bytes_after": after})
    else:
        say(f"{before / 1e6:,.1f} MB before, {after / 1e6:,.1f} MB after")
        note("Files that somebody may still be reading are deleted by the first compaction an hour from now.")
    return OK


def _measure(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _backup(options: argparse.Namespace) -> int:
    from timeline.store.backup import back_up
    from timeline.store.project import open_project

    project = open_project(choose_project(options))
    made = back_up(project, options.file.expanduser().absolute())
    project.close()
    if options.json:
        say_json(
            {
                "file": str(options.file),
                "bytes": made.bytes,
                "articles": made.articles,
                "codings": made.codings,
                "corrections": made.corrections,
                "imported": made.imported,
            }
        )
        return OK
    parts = [count(made.articles, "article"), count(made.codings, "coding"), count(made.corrections, "correction")]
    if made.imported:
        parts.append(count(made.imported, "imported row"))
    say(f"{options.file}: {made.bytes / 1e6:,.1f} MB with {', '.join(parts)}")
    return OK


def _restore(options: argparse.Namespace) -> int:
    from timeline.cli.running import count_stored_events
    from timeline.store.backup import restore

    folder = choose_project(options)
    if not options.file.is_file():
        note(f"timeline: {options.file}: there is no such file")
        return FAILED
    with ProgressLine("making events again", quiet=options.quiet) as line:
        project = restore(options.file, folder.absolute(), None, line.show)
    events = count_stored_events(project)
    project.close()
    if options.json:
        say_json({"project": str(project.path), "events": events})
    else:
        say(f"{folder}: restored, {count(events, 'event')}")
    return OK
