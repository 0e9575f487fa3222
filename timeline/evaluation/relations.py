"""What a given source does to a given target: the PLV benchmark's measures (Hu et al. 2024).

Macro-F1 over event types, quad classes and the two sides (cooperation 1-2, conflict 3-4). Where the gold knows
YIELD, as PLV does, CONCEDE and RETREAT are taken as it, in quad 2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from timeline.evaluation.figures import Counts, Figures, macro_f1, share
from timeline.evaluation.task import CoderLike, Mistake, Row, Task, quote
from timeline.ontology import EVENT_TYPES

_YIELD = "YIELD"
_MERGED = frozenset({"CONCEDE", "RETREAT"})


def predict(coder: CoderLike, row: Row) -> Row:
    source, target = ((row[role]["start"], row[role]["end"]) if row[role] else None for role in ("source", "target"))
    found = coder.classify(row["text"], source=source, target=target)
    if found is None:
        return {"event_type": None, "quad": 0}
    return {"event_type": found.event_type, "quad": found.quad_class, "confidence": found.confidence}


def merge_yields(gold: Iterable[Row], predictions: Mapping[str, Row]) -> Mapping[str, Row]:
    """The predictions in the gold's set of labels."""
    if not any(row["root"] == _YIELD for row in gold):
        return predictions
    return {
        key: {**row, "event_type": _YIELD, "quad": 2} if row.get("event_type") in _MERGED else row
        for key, row in predictions.items()
    }


def count(gold: Row, prediction: Row | None) -> Counts:
    root, quad = _answer(prediction)
    wanted = _quad(gold)
    counts: Counts = Counter(
        {
            ("root", gold["root"], root): 1,
            ("quad", wanted, quad): 1,
            "rows": 1,
            "root_right": int(root == gold["root"]),
            "quad_right": int(quad == wanted),
            "answered": int(root is not None),
        }
    )
    if wanted:
        counts["binary", wanted > 2, quad > 2 if quad else None] = 1
    return counts


def figures(counts: Counts) -> Figures:
    rows = counts["rows"]
    return {
        "root_macro_f1": macro_f1("root", counts),
        "root_accuracy": share(counts["root_right"], rows),
        "quad_macro_f1": macro_f1("quad", counts),
        "quad_accuracy": share(counts["quad_right"], rows),
        "binary_macro_f1": macro_f1("binary", counts),
        "answered": share(counts["answered"], rows),
    }


def label_pairs(gold: Row, prediction: Row | None) -> Iterator[tuple[str, str]]:
    yield gold["root"], _answer(prediction)[0] or "(none)"


def list_mistakes(gold: Row, prediction: Row | None) -> Iterator[Mistake]:
    root, _ = _answer(prediction)
    if root != gold["root"]:
        yield Mistake(gold["id"], gold["root"], root or "(none)", quote(gold["text"], gold["source"], gold["target"]))


def _quad(gold: Row) -> int:
    if gold.get("quad") is not None:
        return int(gold["quad"])
    return EVENT_TYPES[gold["root"]].quad_class if gold["root"] in EVENT_TYPES else 2


def _answer(prediction: Row | None) -> tuple[str | None, int]:
    root = prediction.get("event_type") if prediction else None
    return (root, int(prediction.get("quad") or 0)) if root and prediction else (None, 0)


TASK = Task(
    "relations", "root_macro_f1", ("text", "source", "target", "root"), predict, count, figures, label_pairs,
    list_mistakes, merge_yields,
)  # fmt: skip
