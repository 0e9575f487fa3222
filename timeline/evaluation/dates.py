"""Dates of events: EventTime (Reimers et al. 2016) and SemEval-2015 task 4 (Minard et al. 2015).

An event with a `date` (day, month, year) is dated right if the whole answer lies in it; one with a day as
`anchor`, if the answer is that day. Anchors after… and before… count in `allowed` only; anchors of several days
(beginPoint…) do not count. published_… is what "the day of publication, always" would reach.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from timeline.evaluation.figures import Counts, Figures, share
from timeline.evaluation.task import CoderLike, Mistake, Row, Task, as_article, quote

_NAMES = ("accuracy", "exact_day", "allowed", "at_precision", "day_precise")
_ANCHOR_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_AFTER, _BEFORE = re.compile(r"after(\d{4}-\d\d-\d\d)"), re.compile(r"before(\d{4}-\d\d-\d\d)$")
_Days = tuple[str | None, str | None]


def predict(coder: CoderLike, row: Row) -> Row:
    coded = coder.code(as_article(row))
    dates = []
    for event in row["events"]:
        date = coded.date_at(event["start"], event["end"])
        dates.append(
            {
                "event": event["id"],
                "start": date.start.isoformat() if date and date.start else None,
                "end": date.end.isoformat() if date and date.end else None,
                "basis": str(date.basis) if date else "none",
            }
        )
    return {"dates": dates}


def count(gold: Row, prediction: Row | None) -> Counts:
    answers, published = _answers(prediction), gold.get("published") or gold.get("dct")
    counts: Counts = Counter()
    for event in gold["events"]:
        given = _days(answers.get(event["id"]))
        counts.update(events=1, answered=int(given != (None, None)))
        for prefix, days in (("", given), ("published_", (published, published))):
            for name, right in judge(event, days).items():
                counts[prefix + name] += right
                counts[f"n_{prefix}{name}"] += 1
    return counts


def figures(counts: Counts) -> Figures:
    names = [prefix + name for prefix in ("", "published_") for name in _NAMES]
    found = {name: share(counts[name], counts[f"n_{name}"]) for name in names}
    return {**found, "answered": share(counts["answered"], counts["events"])}


def judge(event: Row, days: _Days) -> dict[str, bool]:
    """The figures in which an event takes part, and whether the days are right for each. One end may be open."""
    start, end = days[0] or "0000", days[1] or "9999"
    known = days != (None, None)
    if "date" in event:
        inside = known and start.startswith(event["date"]) and end.startswith(event["date"])
        day_precise = {"day_precise": inside} if len(event["date"]) == len("2020-03-05") else {}
        return {"at_precision": inside, "accuracy": inside, **day_precise}
    anchor = event["anchor"]
    if _ANCHOR_DAY.fullmatch(anchor):
        return dict.fromkeys(("exact_day", "allowed", "accuracy"), start == end == anchor)
    after, before = _AFTER.match(anchor), _BEFORE.search(anchor)
    if anchor.startswith("beginPoint") or not (after or before):
        return {}
    late, early = not after or after[1] < start, not before or end < before[1]
    return {"allowed": known and late and early}


def label_pairs(gold: Row, prediction: Row | None) -> Iterator[tuple[str, str]]:
    """Right or wrong, by what the answer rests on."""
    answers = _answers(prediction)
    for event in gold["events"]:
        answer = answers.get(event["id"])
        right = judge(event, _days(answer)).get("accuracy")
        if right is not None:
            yield "right" if right else "wrong", str((answer or {}).get("basis") or "none")


def list_mistakes(gold: Row, prediction: Row | None) -> Iterator[Mistake]:
    answers = _answers(prediction)
    for event in gold["events"]:
        answer = answers.get(event["id"])
        if judge(event, _days(answer)).get("accuracy") is False:
            wanted = event.get("date") or event["anchor"]
            yield Mistake(f"{gold['id']} {event['id']}", wanted, _say(answer), quote(gold["text"], event))


def _answers(prediction: Row | None) -> Mapping[str, Row]:
    return {date["event"]: date for date in prediction["dates"]} if prediction else {}


def _days(answer: Row | None) -> _Days:
    return (answer.get("start") or None, answer.get("end") or None) if answer else (None, None)


def _say(answer: Row | None) -> str:
    start, end = _days(answer)
    if not (start or end):
        return "(no date)"
    days = start if start == end else f"{start or '…'} to {end or '…'}"
    return f"{days} ({(answer or {}).get('basis', 'given')})"


TASK = Task("event-dates", "accuracy", ("text", "events"), predict, count, figures, label_pairs, list_mistakes)
