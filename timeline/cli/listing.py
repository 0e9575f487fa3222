"""What is in the project: `status`, `articles`, `events`."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline import __version__
from timeline.cli.output import FAILED, OK, PARTLY, count, dump_json, note, plain, say, say_json, say_table, warn
from timeline.cli.parsing import Commands, add_command, add_json_option, choose_project, positive, whole
from timeline.cli.selection import UnknownActorError, add_filter_options, make_filter
from timeline.errors import StoreError

if TYPE_CHECKING:
    from timeline.store import ArticleRow, Project
    from timeline.store.imports import KeptImport

STATES = ("uncoded", "coded", "stale", "failed", "not_english")
_STATE_WORDS = {
    "uncoded": "not coded yet",
    "coded": "coded",
    "stale": "stale: date or coder changed since",
    "failed": "failed",
    "not_english": "not English, not coded",
}
_LAST_PROBLEMS = 5
_LAST_IMPORTS = 3


def add_commands(commands: Commands) -> None:
    """Define `status`, `articles` and `events`."""
    parser = add_command(
        commands,
        "status",
        "tell how many articles and events there are, and what is stale",
        "  timeline status\n  timeline status --check\n  timeline status --json | jq .articles.uncoded",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="load coder and lexicon (seconds) to see which articles they would code anew",
    )
    parser.add_argument("--lexicon", type=Path, action="append", default=[], metavar="FILE", help="with --check")
    add_json_option(parser)
    parser.set_defaults(run=_status)

    parser = add_command(
        commands,
        "articles",
        "list the articles with their ids",
        "  timeline articles\n  timeline articles --state failed\n  timeline articles --undated --json",
    )
    parser.add_argument("--state", action="append", default=[], choices=STATES, help="only these; may be repeated")
    parser.add_argument("--undated", action="store_true", help="only those without a publication date")
    parser.add_argument("--text", default="", metavar="WORDS", help="only those that hold all these words")
    parser.add_argument("--limit", type=positive, default=1000, metavar="N", help="how many (default: 1000)")
    add_json_option(parser)
    parser.set_defaults(run=_articles)

    parser = add_command(
        commands,
        "events",
        "list events",
        "  timeline events --actor RUS --actor TUR --role between\n"
        "  timeline events --level country --actor SYR --type ASSAULT --from 2020-02-01 --to 2020-03-06\n"
        "  timeline events --text 'safe zone' --format csv > events.csv\n"
        "  timeline events --order reports --limit 20 --json",
    )
    add_filter_options(parser)
    parser.add_argument("--limit", type=positive, default=50, metavar="N", help="how many (default: 50)")
    parser.add_argument("--offset", type=whole, default=0, metavar="N", help="how many to skip")
    parser.add_argument("--order", choices=("newest", "oldest", "reports"), default="newest")
    parser.add_argument("--format", choices=("table", "json", "jsonl", "csv"), default="table")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="short for --format json")
    parser.set_defaults(run=_events)


def _status(options: argparse.Namespace) -> int:
    from timeline.store import open_project

    project = open_project(choose_project(options))
    status = _read_status(project, options)
    project.close()
    if options.json:
        say_json(status)
    else:
        _tell_status(status)
    return PARTLY if status["damage"] else OK


def _read_status(project: Project, options: argparse.Namespace) -> dict[str, Any]:
    from timeline.queries import list_values, open_tables
    from timeline.store import count_articles, list_articles, list_duplicates, list_problems
    from timeline.store.imports import list_imports
    from timeline.store.snapshot import read_generation, read_snapshot

    tables, snapshot = open_tables(project), read_snapshot(project)
    try:
        values, damage = list_values(tables), ""
    except StoreError as error:  # the rest can be told, and more is asked when something is wrong
        values, damage = None, str(error)
    tables.close()
    rows = list_articles(project)
    versions: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.coder:
            versions[row.coder, row.lexicon] = versions.get((row.coder, row.lexicon), 0) + 1
    current = _current_versions(project, options.lexicon) if options.check else None
    return {
        "project": str(project.path),
        "read_only": project.read_only,
        "articles": {str(state): number for state, number in count_articles(project, current=current).items()},
        "stale_checked": options.check,
        "undated_articles": sum(row.published is None for row in rows),
        "near_duplicates": len(list_duplicates(project)),
        "words": sum(row.words for row in rows),
        "damage": damage,
        "events": values
        and {
            "all": values.events,
            "undated": values.undated,
            "contested": values.contested,
            "from": values.start and values.start.isoformat(),
            "to": values.end and values.end.isoformat(),
            "quad_classes": {str(quad): number for quad, number in values.quad_classes.items()},
        },
        "imports": _sum_up_imports(list_imports(project)),
        "events_up_to_date": snapshot is not None and snapshot.generation == read_generation(project),
        "versions": {
            "timeline": __version__,
            "coded_by": [
                {"coder": coder, "lexicon": lexicon, "articles": number}
                for (coder, lexicon), number in sorted(versions.items())
            ],
            "current": current and {"coder": current.coder, "lexicon": current.lexicon},
        },
        "bytes": _measure(project.path),
        "problems": [
            {"at": at, "stage": stage, "subject": subject, "message": message}
            for at, stage, subject, message in list_problems(project, _LAST_PROBLEMS)
        ],
    }


def _sum_up_imports(imports: tuple[KeptImport, ...]) -> dict[str, Any]:
    """Tables imported and their rows, those put aside among them, and the latest tables by name."""
    return {
        "files": len(imports),
        "unfinished": sum(not one.finished for one in imports),
        "events": sum(one.events for one in imports),
        "changed": sum(one.changed for one in imports),
        "known": sum(one.known for one in imports),
        "quarantine": {
            "files": sum(one.rejected > 0 for one in imports),
            "rows": sum(one.rejected for one in imports),
        },
        "latest": [
            {"file": one.file, "format": one.format, "begun": one.begun, "events": one.events}
            for one in reversed(imports[-_LAST_IMPORTS:])
        ],
    }


def _current_versions(project: Project, lexicons: list[Path]) -> Any:
    from timeline.cli.running import load_coder
    from timeline.pipeline import with_names
    from timeline.store import Versions

    coder = with_names(project, load_coder(lexicons))
    return Versions(coder.version, coder.lexicon_version)


def _measure(folder: Path) -> dict[str, int]:
    sizes = {"record": 0, "events": 0}
    for file in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # a writer may delete one meanwhile
            if file.is_file():
                part = "record" if file.name.startswith("record.sqlite") else "events"
                sizes[part] += file.stat().st_size
    return sizes


def _tell_status(status: dict[str, Any]) -> None:
    articles, events, sizes = status["articles"], status["events"], status["bytes"]
    say(f"{status['project']}{' (read-only)' if status['read_only'] else ''}")
    say(f"\n{count(sum(articles.values()), 'article')}, {count(status['words'], 'word')}")
    say_table([[number, _STATE_WORDS[state]] for state, number in articles.items() if number], indent="  ")
    if status["undated_articles"]:
        say(f"  {status['undated_articles']:,} without a publication date: timeline articles --undated")
    if status["near_duplicates"]:
        say(f"  {count(status['near_duplicates'], 'pair')} of nearly the same text")
    if events:
        _tell_events(events)
    else:
        say(f"\ndamaged: {plain(status['damage'], 400)}")
    if status["imports"]["files"]:
        _tell_imports(status["imports"], Path(status["project"]))
    if not status["events_up_to_date"] and sum(articles.values()):
        say("  behind the articles: timeline code brings them up to date")
    say("\nversions")
    say(f"  timeline {status['versions']['timeline']}")
    for item in status["versions"]["coded_by"]:
        say(f"  {count(item['articles'], 'article')} read by {item['coder']}, lexicon {item['lexicon']}")
    say(f"\nsize: record {_say_bytes(sizes['record'])}, event table {_say_bytes(sizes['events'])}")
    for problem in status["problems"]:
        what = plain(f"{problem['subject']}: {problem['message']}", 160)
        say(f"problem: {problem['at'][:19]} {problem['stage']} {what}")
    if articles["uncoded"]:
        say("\nNext: timeline code")
    elif articles["stale"]:
        say("\nNext: timeline recode")


def _tell_events(events: dict[str, Any]) -> None:
    period = f", {events['from']} to {events['to']}" if events["from"] else ""
    say(f"\n{count(events['all'], 'event')}{period}")
    if events["all"]:
        say_table([[number, f"quad class {quad}"] for quad, number in events["quad_classes"].items()], indent="  ")
        say(f"  {events['undated']:,} undated; reports disagree on {events['contested']:,}")


def _tell_imports(imports: dict[str, Any], folder: Path) -> None:
    from timeline.store.imports.quarantine import QUARANTINE

    rows = [("known before", imports["known"]), ("replaced by newer ones", imports["changed"])]
    told = ", ".join(f"{count(number, 'row')} {what}" for what, number in rows if number)
    of_them = f" ({told})" if told else ""
    say(f"\n{count(imports['files'], 'imported table')} with {count(imports['events'], 'event')}{of_them}; the latest:")
    say_table(
        [[one["begun"][:10], one["format"], one["events"], plain(one["file"], 80)] for one in imports["latest"]],
        indent="  ",
    )
    if imports["unfinished"]:
        say(f"  {imports['unfinished']:,} not read to the end: the same import goes on where it stopped")
    if aside := imports["quarantine"]["rows"]:
        files = count(imports["quarantine"]["files"], "file")
        say(f"  {count(aside, 'row')} in {files} could not be read; lines and reasons in {folder / QUARANTINE}")


def _say_bytes(number: int) -> str:
    return f"{number / 1e6:,.1f} MB" if number >= 100_000 else f"{number / 1e3:,.1f} kB"


def _articles(options: argparse.Namespace) -> int:
    from timeline.store import State, list_articles, open_project

    project = open_project(choose_project(options))
    rows = list_articles(project, states=[State(name) for name in options.state], text=options.text)
    project.close()
    found = [row for row in rows if not (options.undated and row.published)]
    shown = found[: options.limit]
    if options.json:
        say_json([_as_plain_article(row) for row in shown])
        return OK
    head = ("id", "published", "state", "events", "publisher", "title")
    table = [
        [row.id, row.published or "–", row.state, row.events, plain(row.publisher, 20), plain(row.title, 70)]
        for row in shown
    ]
    say_table(table, head) if table else note("no articles")
    if len(found) > len(shown):
        note(f"{len(shown):,} of {len(found):,}; --limit shows more")
    return OK


def _as_plain_article(row: ArticleRow) -> dict[str, Any]:
    names = ("id", "title", "publisher", "url", "language", "words", "codings", "events", "problem")
    published = row.published.isoformat() if row.published else None
    return {**{name: getattr(row, name) for name in names}, "state": str(row.state), "published": published}


def _events(options: argparse.Namespace) -> int:
    from timeline.queries import count_events, open_tables, select_events
    from timeline.store import open_project

    project = open_project(choose_project(options))
    tables = open_tables(project)
    try:
        wanted = make_filter(tables, options)
    except UnknownActorError as error:
        warn(str(error))
        return FAILED
    events = select_events(tables, wanted, options.limit, options.offset, options.order)
    total = count_events(tables, wanted)
    _print_events(_list_rows(events), options.format)
    if options.format == "table" and (total > len(events) or not total):
        note(f"{len(events):,} of {count(total, 'event')}" + ("; --limit and --offset show more" if total else ""))
    tables.close()
    project.close()
    return OK


def _list_rows(events: Any) -> list[dict[str, Any]]:
    from timeline.views.exports import list_rows

    return list(list_rows(events))


def _print_events(rows: list[dict[str, Any]], form: str) -> None:
    if form == "json":
        say_json(rows)
    elif form == "jsonl":
        for row in rows:
            say(dump_json(row))
    elif form == "csv":
        from timeline.views.exports import COLUMNS, guard_formula

        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            joined = ["; ".join(value) if isinstance(value, list) else value for value in row.values()]
            writer.writerow([guard_formula(value) if isinstance(value, str) else value for value in joined])
        sys.stdout.write(buffer.getvalue())
    elif rows:
        say_table([_as_table_row(row) for row in rows], ("date", "who", "does", "to whom", "reports", "sentence"))


def _as_table_row(row: dict[str, Any]) -> list[object]:
    start, end = row["start"], row["end"]
    days = start if start == end else f"{start or ''}…{end or ''}"
    realis = "" if row["realis"] in ("actual", None) else f" ({row['realis']})"
    return [
        days or "undated",
        plain(", ".join(row["source_names"]) or "–", 30),
        f"{row['event_type']}{realis}",
        plain(", ".join(row["target_names"]) or "–", 30),
        row["reports"],
        plain(row["sentence"], 100),
    ]
