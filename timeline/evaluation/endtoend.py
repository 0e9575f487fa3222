"""Who acts on whom and how, from the bare sentence; one reading for each.

A coding counts if it has a quad class of 1 to 4 and both actors; codings alike in these count once. It is right for
`quad` if the quad class agrees, for `full` if both actors do too: a mention agrees if it touches a gold span of its
role and none that has the other role alone, since a mention as long as the sentence would touch all. Precision is
over codings, recall over sentences; …_sentence_… takes one answer for each sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from timeline.evaluation.figures import Counts, Figures, precision_recall, share
from timeline.evaluation.task import CoderLike, Mistake, Row, Task, as_article, overlap, quote

_BOTH = "R"


def predict(coder: CoderLike, row: Row) -> Row:
    codings = coder.code(as_article(row)).codings
    return {
        "codings": [
            {
                "quad": coding.quad_class,
                "event_type": coding.event_type,
                "sources": [{"start": mention.start, "end": mention.end} for mention in coding.sources],
                "targets": [{"start": mention.start, "end": mention.end} for mention in coding.targets],
            }
            for coding in codings
        ]
    }


def count(gold: Row, prediction: Row | None) -> Counts:
    codings = distinct(prediction)
    common: Counts = Counter(codings=len(codings), coded=int(bool(codings)))
    if not _has_reading(gold):
        return common + Counter(negatives=1, quiet=int(not codings))
    quad = [coding for coding in codings if coding["quad"] == gold["quad"]]
    full = [coding for coding in quad if has_actors(coding, gold)]
    right = Counter(quad=len(quad), full=len(full), quad_met=int(bool(quad)), full_met=int(bool(full)))
    return common + right + Counter(positives=1)


def figures(counts: Counts) -> Figures:
    found: Figures = {}
    for name in ("full", "quad"):
        met = counts[f"{name}_met"]
        found |= precision_recall(name, counts[name], counts["codings"], counts["positives"], met)
        found |= precision_recall(f"{name}_sentence", met, counts["coded"], counts["positives"])
    return {**found, "quiet_on_negatives": share(counts["quiet"], counts["negatives"])}


def distinct(prediction: Row | None) -> list[Row]:
    """The codings that count, each once."""
    found: dict[object, Row] = {}
    for coding in prediction["codings"] if prediction else ():
        if coding["quad"] and coding["sources"] and coding["targets"]:
            found[coding["quad"], _spans(coding["sources"]), _spans(coding["targets"])] = coding
    return list(found.values())


def has_actors(coding: Row, gold: Row) -> bool:
    """Whether both sides of a coding agree with the gold's."""
    return _agrees(coding["sources"], gold["spans"], "S", "T") and _agrees(coding["targets"], gold["spans"], "T", "S")


def label_pairs(gold: Row, prediction: Row | None) -> Iterator[tuple[str, str]]:
    """The gold's quad class with the best answer's: the right one if it is among them, else the first."""
    wanted = gold["quad"] if _has_reading(gold) else 0
    quads = [coding["quad"] for coding in distinct(prediction)]
    given = wanted if wanted in quads else quads[0] if quads else 0
    yield _say_quad(wanted), _say_quad(given)


def list_mistakes(gold: Row, prediction: Row | None) -> Iterator[Mistake]:
    codings = distinct(prediction)
    wanted = _has_reading(gold)
    if wanted and any(coding["quad"] == gold["quad"] and has_actors(coding, gold) for coding in codings):
        return
    if not wanted and not codings:
        return
    given = "; ".join(_say_coding(coding, gold["text"]) for coding in codings[:3]) or "(nothing)"
    spans = gold["spans"] if wanted else []
    said = ", ".join(f"{span['role']} {gold['text'][span['start'] : span['end']]!r}" for span in spans)
    yield Mistake(gold["id"], f"quad {gold['quad']}: {said}" if wanted else "(nothing)", given, quote(gold["text"]))


def _has_reading(gold: Row) -> bool:
    roles = {span["role"] for span in gold["spans"]}
    return bool(gold["quad"]) and bool(roles & {"S", _BOTH}) and bool(roles & {"T", _BOTH})


def _agrees(mentions: Sequence[Row], spans: Sequence[Row], role: str, other: str) -> bool:
    for mention in mentions:
        touched = {span["role"] for span in spans if overlap(mention, span) > 0}
        if touched & {role, _BOTH} and other not in touched:
            return True
    return False


def _spans(mentions: Sequence[Row]) -> frozenset[tuple[int, int]]:
    return frozenset((mention["start"], mention["end"]) for mention in mentions)


def _say_quad(quad: int) -> str:
    return f"quad {quad}" if quad else "(nothing)"


def _say_coding(coding: Row, text: str) -> str:
    sides = (
        ", ".join(text[mention["start"] : mention["end"]] for mention in coding[side])
        for side in ("sources", "targets")
    )
    return f"quad {coding['quad']}: " + " → ".join(sides)


TASK = Task("endtoend", "full_f1", ("text", "quad", "spans"), predict, count, figures, label_pairs, list_mistakes)
