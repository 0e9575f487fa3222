"""Shares, F1 and their intervals, from counts that add up over rows.

A figure is (value from 0 to 1 or None, n): None where nothing can be said. Counts of confusions have the keys
(name, gold label, predicted label).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

Counts = Counter[Any]
Figure = tuple[float | None, int]
Figures = dict[str, Figure]

RESAMPLES, SEED = 1000, 20200305
_LOW, _HIGH = 0.025, 0.975


def share(part: float, whole: float) -> Figure:
    """`part` of `whole`; None of nothing."""
    return (part / whole if whole else None), int(whole)


def harmonic(precision: float | None, recall: float | None) -> float:
    """F1; 0 where either is 0 or unknown."""
    return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


def precision_recall(name: str, right: int, given: int, wanted: int, met: int | None = None) -> Figures:
    """The figures name_p, name_r and name_f1.

    Args:
        name: Their stem.
        right: Answers that are right.
        given: Answers.
        wanted: Gold items.
        met: Gold items that some answer meets, where several answers may meet one; by default `right`.
    """
    precision, recall = share(right, given), share(right if met is None else met, wanted)
    return {f"{name}_p": precision, f"{name}_r": recall, f"{name}_f1": (harmonic(precision[0], recall[0]), wanted)}


def macro_f1(name: str, counts: Counts) -> Figure:
    """The mean F1 over the labels that occur in the gold, and the number of rows."""
    pairs = [(key[1], key[2], n) for key, n in counts.items() if isinstance(key, tuple) and key[0] == name and n]
    labels = {gold for gold, _, _ in pairs}
    scores = []
    for label in labels:
        wanted = sum(n for gold, _, n in pairs if gold == label)
        given = sum(n for _, got, n in pairs if got == label)
        right = sum(n for gold, got, n in pairs if gold == got == label)
        scores.append(2 * right / (wanted + given))
    return share(sum(scores), len(scores))[0], sum(n for *_, n in pairs)


def add_up(units: Iterable[Counts]) -> Counts:
    """The sum of counts, zeros dropped."""
    total: Counts = Counter()
    for unit in units:
        total.update(unit)
    return total


def bootstrap(units: Sequence[Counts], figure: Callable[[Counts], float | None]) -> tuple[float | None, float | None]:
    """The 95% percentile interval of a figure, drawing units with replacement (Efron 1979); same in, same out."""
    if not units:
        return None, None
    keys = list(add_up(units))
    table = np.array([[unit[key] for key in keys] for unit in units], dtype=np.int64)
    draw = np.random.default_rng(SEED)
    weights = draw.multinomial(len(units), [1 / len(units)] * len(units), size=RESAMPLES)
    values = []
    for drawn in weights @ table:
        value = figure(Counter(dict(zip(keys, map(int, drawn), strict=True))))
        if value is not None:
            values.append(value)
    values.sort()
    return (values[int(_LOW * len(values))], values[int(_HIGH * len(values))]) if values else (None, None)
