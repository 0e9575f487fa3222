"""Gold rows read and checked, predictions made, and both compared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from timeline.errors import UnreadableInputError
from timeline.evaluation import actors, dates, endtoend, realis, relations, timexes
from timeline.evaluation.figures import Counts, add_up, bootstrap
from timeline.evaluation.task import CoderLike, Evaluation, Mistake, Row, Task

TASKS: Mapping[str, Task] = MappingProxyType(
    {module.TASK.name: module.TASK for module in (timexes, dates, relations, endtoend, actors, realis)}
)
_MOST_PROBLEMS = 10


def read_rows(path: Path, needs: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file, checked: objects with a unique `id` and the fields in `needs`.

    Raises:
        UnreadableInputError: The file cannot be read, or rows are wrong; the message names lines.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if line.strip():
            row, problem = _read_row(line, needs, seen)
            if problem:
                problems.append(f"{path}:{number}: {problem}")
            else:
                rows.append(row)
    if problems:
        more = [f"… and {len(problems) - _MOST_PROBLEMS} more"] if len(problems) > _MOST_PROBLEMS else []
        raise UnreadableInputError("\n".join([*problems[:_MOST_PROBLEMS], *more]))
    if not rows:
        raise UnreadableInputError(f"{path}: holds no rows")
    return rows


def predict_all(
    task: Task, rows: Sequence[Row], coder: CoderLike, progress: Callable[[int, int], None] | None = None
) -> tuple[dict[str, Row], list[tuple[str, str]]]:
    """The coder's answer to each row by id, and (id, reason) of rows at which it failed."""
    predictions: dict[str, Row] = {}
    failed: list[tuple[str, str]] = []
    for done, row in enumerate(rows, 1):
        try:
            predictions[row["id"]] = task.predict(coder, row)
        except Exception as error:  # noqa: BLE001 - one row must not stop a run
            failed.append((row["id"], f"{type(error).__name__}: {error}"))
        if progress:
            progress(done, len(rows))
    return predictions, failed


def evaluate(task: Task, gold: Sequence[Row], predictions: Mapping[str, Row]) -> Evaluation:
    """Compare predictions (by id) with gold; rows of several sets give figures for each set too.

    Raises:
        UnreadableInputError: A row lacks something that the task needs; the message names it.
    """
    if task.prepare:
        predictions = task.prepare(gold, predictions)
    names = sorted({row["set"] for row in gold if "set" in row})
    sets = {}
    if len(names) > 1:
        sets = {name: _summarise(task, [row for row in gold if row.get("set") == name], predictions) for name in names}
    return _summarise(task, gold, predictions, sets)


def _summarise(
    task: Task, gold: Sequence[Row], predictions: Mapping[str, Row], sets: Mapping[str, Evaluation] | None = None
) -> Evaluation:
    units: list[Counts] = []
    mistakes: list[Mistake] = []
    confusion: Counter[tuple[str, str]] = Counter()
    for row in gold:
        prediction = predictions.get(row["id"])
        try:
            units.append(task.count(row, prediction))
            confusion.update(task.pairs(row, prediction))
            mistakes += task.mistakes(row, prediction)
        except (KeyError, TypeError, AttributeError) as error:
            raise UnreadableInputError(
                f"row {row['id']!r}: not as the task {task.name} wants it ({type(error).__name__}: {error}); "
                "see `timeline evaluate --help`"
            ) from error
    low, high = bootstrap(units, lambda counts: task.figures(counts)[task.headline][0])
    return Evaluation(
        task=task.name,
        rows=len(gold),
        predicted=sum(row["id"] in predictions for row in gold),
        headline=task.headline,
        low=low,
        high=high,
        figures=task.figures(add_up(units)),
        confusion=tuple((*pair, number) for pair, number in sorted(confusion.items())),
        mistakes=tuple(mistakes),
        sets=sets or {},
    )


def _read_row(line: str, needs: Iterable[str], seen: set[str]) -> tuple[dict[str, Any], str]:
    """The row, and what is wrong with it."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {}, f"not JSON: {error}"
    if not isinstance(row, dict):
        return {}, "not a JSON object"
    if not isinstance(row.get("id"), str):
        return {}, "`id` must be a text"
    if row["id"] in seen:
        return {}, f"the id {row['id']!r} is used twice"
    if missing := [name for name in needs if name not in row]:
        return {}, f"without {', '.join(missing)}"
    seen.add(row["id"])
    return row, ""
