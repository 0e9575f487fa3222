"""`timeline corrections`: list them, take them to a colleague and back, and see how right the coder was."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.cli.output import FAILED, OK, PARTLY, count, name_some, note, plain, say, say_json, say_table, warn
from timeline.cli.parsing import Commands, Formatter, add_command, add_json_option, add_project_option, choose_project

if TYPE_CHECKING:
    from timeline.queries.review import Review, Share
    from timeline.store.curation.corrections import Correction
    from timeline.store.curation.exchange import Conflict, Imported


def add_commands(commands: Commands) -> None:
    """Define `corrections list`, `export`, `import` and `report`."""
    parser = add_command(
        commands,
        "corrections",
        "list, exchange and evaluate what readers corrected",
        "  timeline corrections list\n  timeline corrections export corrections.jsonl\n"
        "  timeline corrections import from_ann.jsonl\n  timeline corrections report",
        "Corrections are made in the dashboard. They are a log beside the codings: they survive recoding, can be\n"
        "undone, and travel between projects with the same articles.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = _add(actions, "list", "list the corrections, latest first", _list)
    listing.add_argument("--orphans", action="store_true", help="only those that apply to nothing any more, with why")
    listing.add_argument("--conflicts", action="store_true", help="only what two readers set to different values")
    add_json_option(listing, "the corrections")
    export = _add(actions, "export", "write all corrections to a JSON Lines file for a colleague", _export)
    export.add_argument("file", type=Path, metavar="FILE", help="the file to write; - for standard output")
    bring = _add(actions, "import", "add the corrections of a file; the same file again changes nothing", _import)
    bring.add_argument("file", type=Path, metavar="FILE", help="what `corrections export` wrote; - for standard input")
    add_json_option(bring)
    report = _add(actions, "report", "tell how right the coder was on what was reviewed", _report)
    add_json_option(report, "the figures")


def _add(actions: Commands, name: str, words: str, run: Any) -> Any:
    parser = actions.add_parser(
        name, help=words, description=words[:1].upper() + words[1:] + ".", formatter_class=Formatter
    )
    add_project_option(parser)
    parser.set_defaults(run=run)
    return parser


def _list(options: argparse.Namespace) -> int:
    from timeline.store.curation.exchange import find_conflicts
    from timeline.store.curation.folding import find_undone
    from timeline.store.curation.log import read_curated, read_log
    from timeline.store.project import open_project

    project = open_project(choose_project(options))
    log = read_log(project)
    if options.conflicts:
        return _list_conflicts(find_conflicts(project, log), as_json=options.json)
    undone = find_undone(log)
    orphans = {orphan.correction.id: orphan.why for orphan in read_curated(project).orphans}
    shown = [c for c in reversed(log) if not options.orphans or c.id in orphans]
    if options.json:
        say_json([_as_json(c) | {"undone": c.id in undone, "orphaned": orphans.get(c.id)} for c in shown])
        return OK
    say_table([
        [c.at[:16].replace("T", " "), plain(c.who, 20), _say_state(c.id, undone, orphans), plain(_say(c), 100),
         plain(orphans.get(c.id) or c.reason, 60)]
        for c in shown
    ])  # fmt: skip
    note(count(len(shown), "correction"))
    return OK


def _list_conflicts(conflicts: tuple[Conflict, ...], *, as_json: bool) -> int:
    if as_json:
        say_json([_plain_conflict(conflict) for conflict in conflicts])
    else:
        for line in map(_say_conflict, conflicts):
            say(plain(line))
        note(count(len(conflicts), "conflict"))
    return OK


def _export(options: argparse.Namespace) -> int:
    from timeline.store.curation.exchange import write_lines
    from timeline.store.curation.log import read_log
    from timeline.store.project import open_project

    log = read_log(open_project(choose_project(options)))
    text = "".join(f"{line}\n" for line in write_lines(log))
    if str(options.file) == "-":
        sys.stdout.write(text)
    else:
        options.file.write_text(text, "utf-8")
        note(f"{count(len(log), 'correction')} written to {options.file}")
    return OK


def _import(options: argparse.Namespace) -> int:
    from timeline.pipeline import import_corrections
    from timeline.store.project import open_project

    project = open_project(choose_project(options))
    try:
        text = sys.stdin.read() if str(options.file) == "-" else options.file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        warn(f"{options.file}: not UTF-8 text, so not what `corrections export` writes")
        return FAILED
    done = import_corrections(project, text.splitlines())
    if options.json:
        say_json({
            "new": len(done.new), "known": done.known, "problems": list(done.problems),
            "conflicts": [_plain_conflict(conflict) for conflict in done.conflicts],
        })  # fmt: skip
    else:
        _tell_import(done)
    if done.problems and not done.new and not done.known:
        return FAILED
    return PARTLY if done.problems else OK


def _tell_import(done: Imported) -> None:
    say(f"{count(len(done.new), 'correction')} added, {done.known} already there")
    if done.conflicts:
        say(f"{count(len(done.conflicts), 'conflict')}, where the later correction holds:")
        for line in map(_say_conflict, done.conflicts):
            say(f"  {plain(line)}")
    if done.problems:
        warn(f"{count(len(done.problems), 'line')} could not be read:")
        for line in name_some(list(done.problems)):
            note(f"  {plain(line)}")


def _report(options: argparse.Namespace) -> int:
    from timeline.queries.review import review_project
    from timeline.store.project import open_project
    from timeline.views.corrections import FIELD_WORDS

    found = review_project(open_project(choose_project(options)))
    if options.json:
        say_json(_plain_review(found))
        return OK
    if not found.events.of and not found.checked:
        say("Nothing is reviewed yet. In the dashboard, confirm events or check whole articles.")
        return OK
    say_table([
        ["", "share", "95 % interval", "counted"],
        _row("is an event (precision)", found.events),
        _row("right in every field", found.whole),
        *(_row(f"  {FIELD_WORDS[name]} right", share) for name, share in found.fields.items()),
        _row(f"acts found (recall), {count(found.checked, 'article')} checked", found.recall),
        *(_row(f"  {name}", share) for name, share in found.types.items()),
    ])  # fmt: skip
    note("The unit is one act as one article tells it. Recall counts articles that were checked whole.")
    if found.unseen:
        note(f"{count(found.unseen, 'coding')} of checked articles changed since; look at them again.")
    if found.orphans:
        note(f"{count(found.orphans, 'correction')} apply to nothing any more: timeline corrections list --orphans")
    return OK


def _row(name: str, share: Share) -> list[str]:
    value, interval = share.value, share.interval
    if value is None or interval is None:
        return [name, "–", "–", "0"]
    return [name, f"{value:.2f}", f"{interval[0]:.2f} to {interval[1]:.2f}", f"{share.right} of {share.of}"]


def _plain_review(found: Review) -> dict[str, Any]:
    def one(share: Share) -> dict[str, Any]:
        return {"right": share.right, "of": share.of, "share": share.value, "interval": share.interval}

    return {
        "precision": one(found.events), "whole": one(found.whole), "recall": one(found.recall),
        "fields": {name: one(share) for name, share in found.fields.items()},
        "types": {name: one(share) for name, share in found.types.items()},
        "checked_articles": found.checked, "unseen": found.unseen, "corrected": found.corrected,
        "added": found.added, "orphans": found.orphans,
    }  # fmt: skip


def _as_json(correction: Correction) -> dict[str, Any]:
    from timeline.store.curation.corrections import write_plain

    return {"id": correction.id, **write_plain(correction)}


def _plain_conflict(conflict: Conflict) -> dict[str, Any]:
    sides = {"earlier": _as_json(conflict.earlier), "later": _as_json(conflict.later)}
    return {"subject": conflict.subject, "field": conflict.name, **sides}


def _say_conflict(conflict: Conflict) -> str:
    earlier, later = conflict.earlier, conflict.later
    return f"{conflict.name}: {earlier.who} {_say(earlier)}; {later.who} {_say(later)}"


def _say_state(key: str, undone: frozenset[str], orphans: dict[str, str]) -> str:
    return "undone" if key in undone else "orphaned" if key in orphans else ""


def _say(correction: Correction) -> str:
    from timeline.views.corrections import say_correction

    return say_correction(correction)
