"""Whether acts are told as actual, planned, called for, hypothetical, denied or historical.

The answer is that of the coding whose trigger touches the act's words, else that of the words themselves, coded or
not; `coded` is the share of acts that have a coding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from timeline.evaluation.figures import Counts, Figures, macro_f1, share
from timeline.evaluation.task import CoderLike, Mistake, Row, Task, as_article, overlap, quote


def predict(coder: CoderLike, row: Row) -> Row:
    from timeline.coding.parsing import parse
    from timeline.coding.realis import find_realis

    codings = coder.code(as_article(row)).codings
    answers, doc = [], None
    for event in row["events"]:
        coding = next(
            (c for c in codings if overlap(event, {"start": c.trigger_start, "end": c.trigger_end}) > 0), None
        )
        if coding is not None:
            realis = coding.realis
        else:
            doc = doc or parse(row["text"])
            token = next((token for token in doc if token.idx + len(token) > event["start"]), None)
            realis = find_realis(doc, token.i) if token is not None else ""
        answers.append({"event": event["id"], "realis": str(realis), "coded": coding is not None})
    return {"realis": answers}


def count(gold: Row, prediction: Row | None) -> Counts:
    answers = _answers(prediction)
    counts: Counts = Counter()
    for event in gold["events"]:
        answer = answers.get(event["id"], {})
        given = answer.get("realis")
        counts.update({("realis", event["realis"], given): 1, "events": 1})
        counts.update(right=int(given == event["realis"]), coded=int(bool(answer.get("coded", True) and given)))
    return counts


def figures(counts: Counts) -> Figures:
    events = counts["events"]
    return {
        "accuracy": share(counts["right"], events),
        "macro_f1": macro_f1("realis", counts),
        "coded": share(counts["coded"], events),
    }


def label_pairs(gold: Row, prediction: Row | None) -> Iterator[tuple[str, str]]:
    answers = _answers(prediction)
    for event in gold["events"]:
        yield event["realis"], answers.get(event["id"], {}).get("realis") or "(none)"


def list_mistakes(gold: Row, prediction: Row | None) -> Iterator[Mistake]:
    answers = _answers(prediction)
    for event in gold["events"]:
        given = answers.get(event["id"], {}).get("realis") or "(none)"
        if given != event["realis"]:
            yield Mistake(f"{gold['id']} {event['id']}", event["realis"], given, quote(gold["text"], event))


def _answers(prediction: Row | None) -> Mapping[str, Row]:
    return {answer["event"]: answer for answer in prediction["realis"]} if prediction else {}


TASK = Task("realis", "accuracy", ("text", "events"), predict, count, figures, label_pairs, list_mistakes)
