"""Time expressions: TempEval-3 (UzZaman et al. 2013).

Value and type F1 count an aligned pair with the right value or type; right_day only looks at values that are
calendar days. Gold of type TIMEX2 has no types and is left out of type F1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from timeline.evaluation.figures import Counts, Figures, precision_recall
from timeline.evaluation.task import CoderLike, Mistake, Row, Task, as_article, overlap, quote

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def predict(coder: CoderLike, row: Row) -> Row:
    found = coder.code(as_article(row)).timexes
    return {"timexes": [{"start": t.start, "end": t.end, "type": str(t.type), "value": t.value} for t in found]}


def count(gold: Row, prediction: Row | None) -> Counts:
    wanted, given = gold["timexes"], _given(prediction)
    typed = all(timex["type"] != "TIMEX2" for timex in wanted)
    pairs = align(wanted, given)
    return Counter(
        gold=len(wanted),
        given=len(given),
        typed_gold=len(wanted) if typed else 0,
        typed_given=len(given) if typed else 0,
        gold_days=sum(bool(_day(timex)) for timex in wanted),
        given_days=sum(bool(_day(timex)) for timex in given),
        relaxed=len(pairs),
        strict=sum((a["start"], a["end"]) == (b["start"], b["end"]) for a, b in pairs),
        value=sum(a["value"] == b["value"] for a, b in pairs),
        type=sum(typed and a["type"] == b["type"] for a, b in pairs),
        days=sum(bool(_day(a)) and _day(a) == _day(b) for a, b in pairs),
    )


def figures(counts: Counts) -> Figures:
    found: Figures = {}
    for name in ("relaxed", "strict", "value"):
        found |= precision_recall(name, counts[name], counts["given"], counts["gold"])
    typed = precision_recall("type", counts["type"], counts["typed_given"], counts["typed_gold"])
    days = precision_recall("right_day", counts["days"], counts["given_days"], counts["gold_days"])
    return {**found, "type_f1": typed["type_f1"], **days}


def align(gold: Sequence[Row], given: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Pairs of expressions that overlap, one to one: equal spans first, then by shared characters."""
    candidates = []
    for i, one in enumerate(gold):
        for j, two in enumerate(given):
            shared = overlap(one, two)
            if shared > 0:
                equal = (one["start"], one["end"]) == (two["start"], two["end"])
                candidates.append((not equal, -shared, i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in sorted(candidates):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return [(gold[i], given[j]) for i, j in pairs.items()]


def label_pairs(gold: Row, prediction: Row | None) -> Iterator[tuple[str, str]]:
    wanted, given = gold["timexes"], _given(prediction)
    pairs = align(wanted, given)
    yield from ((one["type"], two["type"]) for one, two in pairs)
    yield from ((timex["type"], "(missed)") for timex in wanted if not any(timex is one for one, _ in pairs))
    yield from (("(none)", timex["type"]) for timex in given if not any(timex is two for _, two in pairs))


def list_mistakes(gold: Row, prediction: Row | None) -> Iterator[Mistake]:
    given = _given(prediction)
    pairs = align(gold["timexes"], given)
    for timex in gold["timexes"]:
        got = next((two for one, two in pairs if one is timex), None)
        if got is None or got["value"] != timex["value"]:
            yield Mistake(gold["id"], _say(timex), _say(got) if got else "(missed)", quote(gold["text"], timex))
    for timex in given:
        if not any(timex is two for _, two in pairs):
            yield Mistake(gold["id"], "(none)", _say(timex), quote(gold["text"], timex))


def _given(prediction: Row | None) -> Sequence[Row]:
    given: Sequence[Row] = prediction["timexes"] if prediction else []
    return given


def _day(timex: Row) -> str:
    found = _DAY.match(timex["value"] or "")
    return found[0] if found else ""


def _say(timex: Row) -> str:
    return f"{timex['type']} {timex['value'] or '(no value)'}"


TASK = Task("timex", "value_f1", ("text", "timexes"), predict, count, figures, label_pairs, list_mistakes)
