"""How right the coder is on labels of the user's own: `evaluate`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, cast

from timeline.cli import running
from timeline.cli.output import OK, PARTLY, count, note, plain, say, say_json, say_table
from timeline.cli.parsing import Commands, add_command, add_json_option, positive, whole
from timeline.cli.progress import ProgressLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.evaluation import Evaluation, Task
    from timeline.evaluation.task import CoderLike, Row

TASK_NAMES = ("timex", "event-dates", "relations", "endtoend", "actors", "realis")
_FORMATS = """\
gold: JSON Lines, one object a line, each with an `id`; offsets are characters of `text`, the end excluded.
  timex        {"id", "text", "published", "timexes": [{"start", "end", "type", "value"}]}
  event-dates  {"id", "text", "published", "events": [{"id", "start", "end", "date": "2020-03-05" or "2020-03"}]}
  relations    {"id", "text", "source": {"start", "end"}, "target": {"start", "end"}, "root": "CONSULT"}
  endtoend     {"id", "text", "published", "quad": 1, "spans": [{"role": "S" or "T" or "R" for both, "start", "end"}]}
  actors       {"id", "text": "Syrian army", "on": null or a day, "country": "SYR", "sector": "MIL"}
  realis       {"id", "text", "published", "events": [{"id", "start", "end", "realis": "planned"}]}
A row may name its `set`; each set then gets figures of its own. PRED holds predictions to score instead of
those of our coder: {"id"} with timexes, dates [{"event", "start", "end"}], event_type and quad, codings
[{"quad", "sources", "targets"}], found, country and sector, or realis [{"event", "realis"}]."""


def add_commands(commands: Commands) -> None:
    """Define `evaluate`."""
    parser = add_command(
        commands,
        "evaluate",
        "measure the coder on texts that you have labelled",
        "  timeline evaluate actors my_actors.jsonl\n  timeline evaluate timex my_dates.jsonl --errors 50\n"
        "  timeline evaluate endtoend gold.jsonl other_coder.jsonl --json",
        _FORMATS,
    )
    parser.add_argument("task", choices=TASK_NAMES, metavar="TASK", help=f"one of {', '.join(TASK_NAMES)}")
    parser.add_argument("gold", type=Path, metavar="GOLD", help="the labels, JSON Lines")
    parser.add_argument(
        "predictions", type=Path, nargs="?", metavar="PRED", help="answers of another coder, JSON Lines"
    )
    parser.add_argument("--limit", type=positive, metavar="N", help="the first N rows only")
    parser.add_argument("--errors", type=whole, default=20, metavar="N", help="how many mistakes to list (default: 20)")
    parser.add_argument("--lexicon", type=Path, action="append", default=[], metavar="FILE", help="actors of your own")
    parser.add_argument("-q", "--quiet", action="store_true", help="show no progress")
    add_json_option(parser)
    parser.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    from timeline.evaluation import TASKS, evaluate, read_rows

    task = TASKS[options.task]
    gold = read_rows(options.gold, task.needs)[: options.limit]
    failed: list[tuple[str, str]] = []
    predictions: Mapping[str, Row]
    if options.predictions:
        predictions = {row["id"]: row for row in read_rows(options.predictions)}
    else:
        predictions, failed = _predict(task, gold, options)
    evaluation = evaluate(task, gold, predictions)
    if options.json:
        failures = [{"id": name, "reason": reason} for name, reason in failed]
        say_json({**evaluation.to_plain(options.errors), "gold": str(options.gold), "failed": failures})
    else:
        _tell(evaluation, options)
    for name, reason in failed:
        note(f"failed at {name}: {plain(reason, 200)}")
    return PARTLY if failed else OK


def _predict(
    task: Task, gold: list[dict[str, object]], options: argparse.Namespace
) -> tuple[dict[str, Row], list[tuple[str, str]]]:
    from timeline.evaluation import predict_all

    coder = cast("CoderLike", running.load_coder(options.lexicon))
    with ProgressLine(f"answering {task.name}", quiet=options.quiet) as line:
        return predict_all(task, gold, coder, line.show)


def _tell(evaluation: Evaluation, options: argparse.Namespace) -> None:
    say(
        f"{evaluation.task} on {options.gold}: {count(evaluation.rows, 'row')}, {evaluation.predicted:,} with an answer"
    )
    say(_say_headline(evaluation))
    say()
    say_table([[name, _say_share(value), n] for name, (value, n) in evaluation.figures.items() if n], ("", "%", "n"))
    for name, one in evaluation.sets.items():
        say(f"\n{plain(name)}: {_say_headline(one)}")
    _tell_confusion(evaluation)
    shown = evaluation.mistakes[: options.errors]
    if shown:
        say(f"\nmistakes ({len(shown):,} of {len(evaluation.mistakes):,})")
    for mistake in shown:
        say(f"  {plain(mistake.id)}: wanted {plain(mistake.wanted)}; got {plain(mistake.given)}")
        say(f"    {plain(mistake.sentence)}")


def _say_headline(evaluation: Evaluation) -> str:
    value, n = evaluation.figures[evaluation.headline]
    low, high = _say_share(evaluation.low), _say_share(evaluation.high)
    return f"{evaluation.headline} {_say_share(value)} (95% interval {low} to {high}, n {n:,})"


def _tell_confusion(evaluation: Evaluation) -> None:
    """Rows are what was wanted, columns what was given."""
    cells = {(wanted, given): number for wanted, given, number in evaluation.confusion}
    if not cells:
        return
    rows, columns = (sorted({pair[side] for pair in cells}) for side in (0, 1))
    say("\nwanted (rows) against given (columns)")
    say_table([[wanted, *(cells.get((wanted, given), 0) for given in columns)] for wanted in rows], ("", *columns))


def _say_share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"
