"""Actor phrases: is the country right, is the sector, are both.

Codes of international bodies (IGO, UNO, EUR) match one another; the sectors UNK and none are one. `sector_any` also
takes the gold's `sector_2`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from timeline.evaluation.figures import Counts, Figures, share
from timeline.evaluation.task import CoderLike, Mistake, Row, Task

_INTERNATIONAL = frozenset({"IGO", "UNO", "EUR"})
_NO_SECTOR = frozenset({"", "UNK", "JNK"})
_FIELDS = ("country", "sector")


def predict(coder: CoderLike, row: Row) -> Row:
    on = row.get("on")
    actor = coder.resolve(row["text"], on=dt.date.fromisoformat(on) if on else None)
    if actor is None:
        return {"found": False}
    return {"found": True, "actor": actor.id, "country": actor.country, "sector": actor.sector}


def count(gold: Row, prediction: Row | None) -> Counts:
    right = {name: _is_right(name, gold, prediction) for name in _FIELDS if name in gold}
    counts: Counts = Counter(phrases=1, found=int(_found(prediction)))
    for name, ok in right.items():
        counts.update({name: int(ok), f"n_{name}": 1})
    if "sector" in right:
        second = prediction is not None and "sector_2" in gold and prediction.get("sector") == gold["sector_2"]
        counts["sector_any"] = int(right["sector"] or second)
    if len(right) == len(_FIELDS):
        counts.update(both=int(all(right.values())), n_both=1)
    return counts


def figures(counts: Counts) -> Figures:
    found = {name: share(counts[name], counts[f"n_{name}"]) for name in ("both", *_FIELDS)}
    found["sector_any"] = share(counts["sector_any"], counts["n_sector"])
    return {**found, "found": share(counts["found"], counts["phrases"])}


def label_pairs(gold: Row, prediction: Row | None) -> Iterator[tuple[str, str]]:
    if "sector" in gold:
        given = (prediction or {}).get("sector") or "–" if _found(prediction) else "(not found)"
        yield gold["sector"] or "–", given


def list_mistakes(gold: Row, prediction: Row | None) -> Iterator[Mistake]:
    if all(_is_right(name, gold, prediction) for name in _FIELDS if name in gold):
        return
    wanted = ", ".join(gold[name] or f"no {name}" for name in _FIELDS if name in gold)
    given = "(not found)"
    if prediction is not None and _found(prediction):
        given = ", ".join(prediction.get(name) or f"no {name}" for name in _FIELDS)
    yield Mistake(gold["id"], wanted, given, gold["text"])


def _found(prediction: Row | None) -> bool:
    return bool(prediction and prediction.get("found"))


def _is_right(name: str, gold: Row, prediction: Row | None) -> bool:
    if prediction is None or not _found(prediction):
        return False
    wanted, given = gold[name], prediction.get(name) or ""
    if name == "sector" and wanted in _NO_SECTOR:
        return given in _NO_SECTOR
    if name == "country" and wanted in _INTERNATIONAL:
        return given[:3] in _INTERNATIONAL
    return bool(wanted == given)


TASK = Task("actors", "both", ("text",), predict, count, figures, label_pairs, list_mistakes)
