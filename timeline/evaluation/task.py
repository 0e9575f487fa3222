"""What a task is, what a mistake is, and what an evaluation finds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from timeline.evaluation.figures import Counts, Figures
from timeline.records import Actor, Article

Row = Mapping[str, Any]
LONGEST_SENTENCE = 400
_BREAK = re.compile(r"\n+|(?<=[.!?…])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])")


class CoderLike(Protocol):
    """What an evaluation asks of the coder."""

    def code(self, article: Article) -> Any: ...
    def classify(
        self, text: str, source: tuple[int, int] | None = None, target: tuple[int, int] | None = None
    ) -> Any: ...
    def resolve(self, phrase: str, on: dt.date | None = None) -> Actor | None: ...


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong answer: what was wanted, what was given, and the sentence, with the words meant in [brackets]."""

    id: str
    wanted: str
    given: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of measurement.

    Attributes:
        name: As the command line calls it.
        headline: The figure that matters most.
        needs: Fields that every gold row must have.
        predict: The coder's answer to a gold row.
        count: A gold row and its prediction (None if there is none) to counts.
        figures: Summed counts to figures.
        pairs: (wanted, given) labels for the confusion table.
        mistakes: The wrong answers of a row.
        prepare: Changes predictions in view of the whole gold, for example to its set of labels.
    """

    name: str
    headline: str
    needs: tuple[str, ...]
    predict: Callable[[CoderLike, Row], Row]
    count: Callable[[Row, Row | None], Counts]
    figures: Callable[[Counts], Figures]
    pairs: Callable[[Row, Row | None], Iterable[tuple[str, str]]]
    mistakes: Callable[[Row, Row | None], Iterable[Mistake]]
    prepare: Callable[[Iterable[Row], Mapping[str, Row]], Mapping[str, Row]] | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of a gold file: `low` and `high` bound the headline's 95% interval; `sets` has those of each set."""

    task: str
    rows: int
    predicted: int
    headline: str
    low: float | None
    high: float | None
    figures: Figures
    confusion: tuple[tuple[str, str, int], ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    sets: Mapping[str, Evaluation] = field(default_factory=dict)

    def to_plain(self, mistakes: int = 0) -> dict[str, Any]:
        """Percentages, as scripts want them, with the first `mistakes` mistakes."""
        value, n = self.figures[self.headline]
        return {
            "task": self.task,
            "rows": self.rows,
            "predicted": self.predicted,
            "headline": {
                "figure": self.headline,
                "value": percent(value),
                "low": percent(self.low),
                "high": percent(self.high),
                "n": n,
            },
            "figures": {
                name: {"value": percent(v), "n": number} for name, (v, number) in self.figures.items() if number
            },
            "confusion": [{"wanted": w, "given": g, "n": number} for w, g, number in self.confusion],
            "mistakes": [
                {"id": m.id, "wanted": m.wanted, "given": m.given, "sentence": m.sentence}
                for m in self.mistakes[:mistakes]
            ],
            **({"sets": {name: one.to_plain() for name, one in self.sets.items()}} if self.sets else {}),
        }


def percent(value: float | None) -> float | None:
    """A share as a percentage with one decimal."""
    return None if value is None else round(100 * value, 1)


def as_article(row: Row) -> Article:
    """The article of a gold row."""
    published = row.get("published") or row.get("dct")
    return Article(row["id"], row["text"], dt.date.fromisoformat(published) if published else None)


def overlap(one: Row, two: Row) -> int:
    """Characters that two spans share; 0 or less if none."""
    shared: int = min(one["end"], two["end"]) - max(one["start"], two["start"])
    return shared


def quote(text: str, *spans: Row | None) -> str:
    """The sentence of the first span on one line, each span in it in [brackets]; without spans the text, cut."""
    marked = sorted({(span["start"], span["end"]) for span in spans if span})
    start, end = _sentence(text, *marked[0]) if marked else (0, len(text))
    inside = [(a, b) for a, b in marked if start <= a <= b <= end]
    letters = []
    at = start
    for a, b in inside:
        if a >= at:
            letters += [text[at:a], "[", text[a:b], "]"]
            at = b
    words = " ".join("".join([*letters, text[at:end]]).split())
    return words if len(words) <= LONGEST_SENTENCE else words[: LONGEST_SENTENCE - 1] + "…"


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Rough bounds of the sentence around a span: good enough to read it."""
    before = max(
        (found.end() for found in _BREAK.finditer(text, max(0, start - 600), start)), default=max(0, start - 600)
    )
    after = _BREAK.search(text, end, end + 600)
    return before, after.start() if after else min(len(text), end + 600)
