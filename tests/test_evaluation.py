"""The measures on hand-made rows whose figures can be worked out by hand, and `timeline evaluate`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cli_samples import Shell, shell

from timeline.cli import running
from timeline.coding.coder import Coder
from timeline.errors import UnreadableInputError
from timeline.evaluation import TASKS, Evaluation, evaluate, predict_all, read_rows
from timeline.evaluation.dates import judge
from timeline.evaluation.figures import bootstrap, harmonic, macro_f1, precision_recall, share
from timeline.evaluation.task import LONGEST_SENTENCE, quote
from timeline.evaluation.timexes import align

__all__ = ["shell"]


def run(task: str, gold: list[dict[str, Any]], predictions: list[dict[str, Any]]) -> Evaluation:
    return evaluate(TASKS[task], gold, {row["id"]: row for row in predictions})


def value(evaluation: Evaluation, name: str) -> float | None:
    return evaluation.figures[name][0]


def timex(start: int, end: int, given: str = "2020-03-05", kind: str = "DATE") -> dict[str, Any]:
    return {"start": start, "end": end, "type": kind, "value": given}


def span(text: str, words: str, **more: object) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), **more}


# --- figures ---------------------------------------------------------------------------------------------------


def test_shares_and_f1() -> None:
    """Nothing of nothing is unknown, not 0; F1 of an unknown is 0."""
    assert (share(1, 4), share(0, 0)) == ((0.25, 4), (None, 0))
    assert harmonic(0.5, 1.0) == pytest.approx(2 / 3)
    assert harmonic(None, 1.0) == 0.0
    assert precision_recall("x", 2, 4, 3, met=1) == {"x_p": (0.5, 4), "x_r": (1 / 3, 3), "x_f1": (0.4, 3)}


def test_macro_f1_is_over_the_labels_of_the_gold() -> None:
    """A label that only the answers have lowers precision elsewhere, but is no label of its own."""
    counts = Counter(
        {("t", "a", "a"): 3, ("t", "a", "b"): 1, ("t", "b", "b"): 1, ("t", "b", "c"): 1, ("u", "a", "a"): 9}
    )

    value, n = macro_f1("t", counts)
    assert n == 6
    assert value == pytest.approx(((2 * 3 / (4 + 3)) + (2 * 1 / (2 + 2))) / 2)


def test_bootstrap_interval() -> None:
    """Certain counts have no width; mixed ones have, around the figure; always the same."""

    def right(counts: Counter[Any]) -> float | None:
        return share(counts["right"], counts["n"])[0]

    sure = [Counter(right=1, n=1)] * 50
    mixed = [Counter(right=i % 2, n=1) for i in range(100)]
    low, high = bootstrap(mixed, right)

    assert bootstrap(sure, right) == (1.0, 1.0)
    assert bootstrap([], right) == (None, None)
    assert low is not None and high is not None and 0.38 < low < 0.45 < 0.55 < high < 0.62
    assert bootstrap(mixed, right) == (low, high)


# --- tasks -----------------------------------------------------------------------------------------------------


def test_timexes_are_aligned_one_to_one() -> None:
    """Equal spans first, then the longest overlap; each is used once."""
    gold = [timex(0, 10), timex(12, 20)]
    given = [timex(0, 14), timex(12, 20), timex(8, 10)]

    assert [(gold.index(a), given.index(b)) for a, b in align(gold, given)] == [(1, 1), (0, 0)]


def test_timex_figures() -> None:
    """Relaxed, strict, value, type and right day, worked out by hand."""
    gold = [{"id": "a", "text": "x" * 50, "timexes": [timex(0, 5), timex(10, 15, "P3D", "DURATION"), timex(20, 25)]}]
    answers = [{"id": "a", "timexes": [timex(0, 5), timex(10, 16, "P3D", "DATE"), timex(30, 35), timex(40, 41)]}]
    found = run("timex", gold, answers)

    assert value(found, "relaxed_p") == 2 / 4
    assert value(found, "relaxed_r") == 2 / 3
    assert value(found, "strict_p") == 1 / 4
    assert value(found, "value_p") == 2 / 4
    assert value(found, "type_f1") == pytest.approx(harmonic(1 / 4, 1 / 3))
    assert (value(found, "right_day_p"), value(found, "right_day_r")) == (1 / 3, 1 / 2)
    assert ("DURATION", "DATE", 1) in found.confusion
    assert ("DATE", "(missed)", 1) in found.confusion
    assert [mistake.given for mistake in found.mistakes] == ["(missed)", "DATE 2020-03-05", "DATE 2020-03-05"]


@pytest.mark.parametrize(("event", "start", "end", "right"), [
    ({"date": "2020-03-05"}, "2020-03-05", "2020-03-05", True),
    ({"date": "2020-03"}, "2020-03-05", "2020-03-09", True),
    ({"date": "2020-03"}, "2020-03-05", "2020-04-01", False),
    ({"date": "2020-03"}, "2020-03-05", None, False),
    ({"date": "2020"}, None, None, False),
    ({"anchor": "2020-03-05"}, "2020-03-05", "2020-03-05", True),
    ({"anchor": "2020-03-05"}, "2020-03-01", "2020-03-31", False),
])  # fmt: skip
def test_dates_that_count_in_accuracy(event: dict[str, str], start: str | None, end: str | None, right: bool) -> None:
    """All of the answer must lie in the gold; an anchor of a day wants just that day."""
    assert judge(event, (start, end))["accuracy"] is right


@pytest.mark.parametrize(("anchor", "start", "end", "right"), [
    ("after2020-03-01", "2020-03-02", None, True),
    ("after2020-03-01", "2020-03-01", "2020-03-02", False),
    ("before2020-03-01", None, "2020-02-28", True),
    ("before2020-03-01", "2020-02-01", None, False),
    ("after2020-03-01before2020-03-05", "2020-03-02", "2020-03-04", True),
    ("after2020-03-01before2020-03-05", None, None, False),
])  # fmt: skip
def test_anchors_that_count_in_allowed_only(anchor: str, start: str | None, end: str | None, right: bool) -> None:
    """The interval must keep off the days excluded; no answer is none."""
    assert judge({"anchor": anchor}, (start, end)) == {"allowed": right}


def test_anchors_of_several_days_do_not_count() -> None:
    """EventTime's begin and end points are another task."""
    assert judge({"anchor": "beginPoint=2020-03-01endPoint=2020-03-05"}, ("2020-03-01", "2020-03-05")) == {}


def test_event_date_figures_with_the_publication_day_beside() -> None:
    """A missing answer is wrong; the baseline is what the publication day would reach."""
    text = "They met on Thursday. They will meet again."
    gold = [{
        "id": "a", "text": text, "published": "2020-03-06",
        "events": [span(text, "met", id="1", date="2020-03-05"), span(text, "meet", id="2", date="2020-03-06"),
                   span(text, "again", id="3", date="2020-03")],
    }]  # fmt: skip
    answers = [{"id": "a", "dates": [{"event": "1", "start": "2020-03-05", "end": "2020-03-05", "basis": "stated"}]}]
    found = run("event-dates", gold, answers)

    assert value(found, "accuracy") == pytest.approx(1 / 3)
    assert value(found, "published_accuracy") == pytest.approx(2 / 3)
    assert value(found, "answered") == pytest.approx(1 / 3)
    assert found.confusion == (("right", "stated", 1), ("wrong", "none", 2))
    assert found.mistakes[0].sentence == "They will [meet] again."


def relation(number: int, root: str, quad: int) -> dict[str, Any]:
    text = "Aldoria does something to Borvenia."
    return {"id": str(number), "text": text, "source": span(text, "Aldoria"), "target": span(text, "Borvenia"),
            "root": root, "quad": quad}  # fmt: skip


def test_relation_figures() -> None:
    """Types, quads and sides; an unanswered row is wrong in all three."""
    gold = [relation(1, "AID", 2), relation(2, "ACCUSE", 3), relation(3, "ASSAULT", 4)]
    answers = [{"id": "1", "event_type": "AID", "quad": 2}, {"id": "2", "event_type": "ASSAULT", "quad": 4}]
    found = run("relations", gold, answers)

    assert value(found, "root_accuracy") == pytest.approx(1 / 3)
    assert value(found, "root_macro_f1") == pytest.approx(1 / 3)
    assert value(found, "quad_accuracy") == pytest.approx(1 / 3)
    assert value(found, "binary_macro_f1") == pytest.approx((1 + 2 / 3) / 2)
    assert value(found, "answered") == pytest.approx(2 / 3)
    assert found.mistakes[0].sentence == "[Aldoria] does something to [Borvenia]."


@pytest.mark.parametrize(("root", "quad", "right"), [("YIELD", 2, 1.0), ("RETREAT", 2, 1.0), ("CONCEDE", 1, 0.0)])
def test_retreats_are_yields_where_the_gold_says_so(root: str, quad: int, right: float) -> None:
    """PLV merges CONCEDE and RETREAT; a gold that tells them apart keeps them apart."""
    found = run("relations", [relation(1, root, quad)], [{"id": "1", "event_type": "RETREAT", "quad": 2}])

    assert value(found, "root_accuracy") == right


def reading(number: int, quad: int) -> dict[str, Any]:
    text = "Aldoria, Borvenia and Cardon did what they did."
    spans = [span(text, "Aldoria", role="S"), span(text, "Borvenia", role="T")] if quad else []
    return {"id": str(number), "text": text, "quad": quad, "spans": spans}


def coded(quad: int, source: tuple[int, int], target: tuple[int, int]) -> dict[str, Any]:
    return {"quad": quad, "sources": [{"start": source[0], "end": source[1]}],
            "targets": [{"start": target[0], "end": target[1]}]}  # fmt: skip


def test_endtoend_figures() -> None:
    """Right in full, right in quad only, wrong, quiet and loud where there is nothing."""
    aldoria, borvenia, cardon, all_of_it = (0, 7), (9, 17), (22, 28), (0, 17)
    gold = [reading(1, 1), reading(2, 4), reading(3, 4), reading(4, 0), reading(5, 0)]
    answers = [
        {"id": "1", "codings": [coded(1, aldoria, borvenia), coded(1, aldoria, borvenia), coded(3, aldoria, cardon)]},
        {"id": "2", "codings": [coded(4, borvenia, aldoria)]},
        {"id": "3", "codings": [coded(4, all_of_it, borvenia)]},
        {"id": "4", "codings": [coded(0, aldoria, borvenia)]},
        {"id": "5", "codings": [coded(2, aldoria, cardon)]},
    ]
    found = run("endtoend", gold, answers)

    assert (value(found, "full_p"), value(found, "full_r")) == (1 / 5, 1 / 3)
    assert (value(found, "quad_p"), value(found, "quad_r")) == (3 / 5, 1.0)
    assert (value(found, "full_sentence_p"), value(found, "quad_sentence_p")) == (1 / 4, 3 / 4)
    assert value(found, "quiet_on_negatives") == 0.5
    assert ("(nothing)", "quad 2", 1) in found.confusion
    assert [mistake.id for mistake in found.mistakes] == ["2", "3", "5"]


def test_endtoend_actor_on_both_sides() -> None:
    """Role R is source and target."""
    text = "Aldoria and Borvenia met."
    gold = {
        "id": "1",
        "text": text,
        "quad": 1,
        "spans": [span(text, "Aldoria", role="R"), span(text, "Borvenia", role="R")],
    }

    assert value(run("endtoend", [gold], [{"id": "1", "codings": [coded(1, (0, 7), (12, 20))]}]), "full_f1") == 1.0


@pytest.mark.parametrize(("gold", "answer", "right"), [
    ({"country": "SYR", "sector": "MIL"}, {"found": True, "country": "SYR", "sector": "MIL"}, 1.0),
    ({"country": "SYR", "sector": "MIL"}, {"found": True, "country": "SYR", "sector": "REB"}, 0.0),
    ({"country": "", "sector": ""}, {"found": True, "country": None, "sector": "UNK"}, 1.0),
    ({"country": "", "sector": ""}, {"found": False}, 0.0),
    ({"country": "EUR", "sector": ""}, {"found": True, "country": "IGO", "sector": None}, 1.0),
])  # fmt: skip
def test_actors_right_in_country_and_sector(gold: dict[str, str], answer: dict[str, Any], right: float) -> None:
    """International codes are one, as are UNK and none; a phrase not found is wrong even where nothing is wanted."""
    found = run("actors", [{"id": "a", "text": "a phrase", **gold}], [{"id": "a", **answer}])

    assert value(found, "both") == right


def test_actors_labelled_in_one_field_only() -> None:
    """Then `both` says nothing; a second sector counts in sector_any."""
    found = run(
        "actors",
        [{"id": "a", "text": "x", "sector": "MIL", "sector_2": "UAF"}],
        [{"id": "a", "found": True, "sector": "UAF"}],
    )

    assert (value(found, "both"), value(found, "sector"), value(found, "sector_any")) == (None, 0.0, 1.0)


def test_realis_figures() -> None:
    """Accuracy and macro-F1; a missing answer is wrong."""
    text = "They will meet. They met."
    gold = [
        {
            "id": "a",
            "text": text,
            "events": [span(text, "meet", id="1", realis="planned"), span(text, "met", id="2", realis="actual")],
        }
    ]
    found = run("realis", gold, [{"id": "a", "realis": [{"event": "1", "realis": "planned"}]}])

    assert (value(found, "accuracy"), value(found, "macro_f1")) == (0.5, 0.5)
    assert found.mistakes[0].sentence == "They [met]."


def test_sets_have_figures_of_their_own() -> None:
    """Only where there are several."""
    gold = [{**relation(1, "AID", 2), "set": "a"}, {**relation(2, "AID", 2), "set": "b"}]
    found = run("relations", gold, [{"id": "1", "event_type": "AID", "quad": 2}])

    assert {name: value(one, "root_accuracy") for name, one in found.sets.items()} == {"a": 1.0, "b": 0.0}
    assert run("relations", gold[:1], []).sets == {}


def test_quotes_are_one_sentence_with_the_words_marked() -> None:
    """On one line, cut where too long."""
    text = "First one. Then\nAldoria met Borvenia at 3.5 degrees! Last one."
    long = "word " * 400

    assert quote(text, span(text, "met")) == "Aldoria [met] Borvenia at 3.5 degrees!"
    assert len(quote(long, span(long, "word"))) <= LONGEST_SENTENCE
    assert quote("", {"start": 0, "end": 0}) == "[]"


@pytest.mark.parametrize(("lines", "message"), [
    ("", "holds no rows"),
    ("[1]\n", "gold.jsonl:1: not a JSON object"),
    ('{"id": "a", "text": ""}\n{nope\n', "gold.jsonl:2: not JSON"),
    ('{"text": ""}\n', "gold.jsonl:1: `id` must be a text"),
    ('{"id": "a", "text": ""}\n\n{"id": "a", "text": ""}\n', "gold.jsonl:3: the id 'a' is used twice"),
    ('{"id": "a"}\n', "gold.jsonl:1: without text"),
    ("\n".join(["{"] * 30), "… and 20 more"),
])  # fmt: skip
def test_bad_gold_is_named_by_line(tmp_path: Path, lines: str, message: str) -> None:
    """Every problem at once, as far as that can be read."""
    path = tmp_path / "gold.jsonl"
    path.write_text(lines, "utf-8")

    with pytest.raises(UnreadableInputError) as caught:
        read_rows(path, ("text",))
    assert message in str(caught.value)


def test_a_row_of_another_task_is_named() -> None:
    """Not a KeyError."""
    with pytest.raises(UnreadableInputError, match="row 'a': not as the task timex wants it"):
        run("timex", [{"id": "a", "text": "x", "timexes": [{"start": 0}]}], [{"id": "a", "timexes": [{}]}])


# --- the coder and the command -----------------------------------------------------------------------------------


def gold_of_our_own() -> dict[str, list[dict[str, Any]]]:
    text = "Norway attacked Sweden on 5 March 2020."
    both = {"source": span(text, "Norway"), "target": span(text, "Sweden")}
    return {
        "timex": [
            {
                "id": "1",
                "text": text,
                "published": None,
                "timexes": [span(text, "5 March 2020", type="DATE", value="2020-03-05")],
            }
        ],
        "event-dates": [
            {"id": "1", "text": text, "published": None, "events": [span(text, "attacked", id="e", date="2020-03-05")]}
        ],
        "relations": [{"id": "1", "text": text, **both, "root": "ASSAULT"}],
        "endtoend": [
            {
                "id": "1",
                "text": text,
                "quad": 4,
                "spans": [span(text, "Norway", role="S"), span(text, "Sweden", role="T")],
            }
        ],
        "actors": [{"id": "1", "text": "Norwegian soldiers", "on": "2020-03-05", "country": "NOR", "sector": "MIL"}],
        "realis": [
            {
                "id": "1",
                "text": text,
                "events": [span(text, "attacked", id="e", realis="actual"), span(text, "on", id="f", realis="actual")],
            }
        ],
    }


@pytest.mark.parametrize("task", TASKS)
def test_the_real_coder_is_right_on_a_plain_sentence(task: str) -> None:
    """Each task asks the coder and judges its answer."""
    gold = gold_of_our_own()[task]
    predictions, failed = predict_all(TASKS[task], gold, Coder())
    found = evaluate(TASKS[task], gold, predictions)

    assert failed == []
    assert value(found, TASKS[task].headline) == 1.0
    assert found.mistakes == ()


class Clumsy:
    """Knows one phrase and fails on another."""

    def resolve(self, phrase: str, on: object = None) -> Any:
        if phrase == "poison":
            raise RuntimeError("cannot read this")
        return None

    code = classify = resolve


def write_gold(shell: Shell) -> str:
    rows = [
        {"id": str(n), "text": text, "country": "ALD", "sector": "MIL"} for n, text in enumerate(["a guard", "poison"])
    ]
    return shell.write("gold.jsonl", "\n".join(map(json.dumps, rows)))


def test_evaluate_command(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures, confusion and mistakes for people and scripts; a failing row is named, exit code 1."""
    monkeypatch.setattr(running, "load_coder", lambda _: Clumsy())
    out = shell.run("evaluate", "actors", write_gold(shell), code=1)
    assert "both 0.0 (95% interval 0.0 to 0.0, n 2)" in out
    assert "0: wanted ALD, MIL; got (not found)" in out
    assert "failed at 1: RuntimeError: cannot read this" in shell.err

    found = shell.run_json("evaluate", "actors", "gold.jsonl", "--json", "--limit", "1", "--errors", "0")
    assert (found["headline"]["value"], found["rows"], found["mistakes"], found["failed"]) == (0.0, 1, [], [])


def test_evaluate_given_predictions_loads_no_coder(shell: Shell) -> None:
    """Answers of another coder are judged alike."""
    shell.write("pred.jsonl", '{"id": "0", "found": true, "country": "ALD", "sector": "MIL"}\n')
    found = shell.run_json("evaluate", "actors", write_gold(shell), "pred.jsonl", "--json")

    assert (found["headline"]["value"], found["predicted"]) == (50.0, 1)
    assert found["confusion"] == [
        {"wanted": "MIL", "given": "(not found)", "n": 1}, {"wanted": "MIL", "given": "MIL", "n": 1},
    ]  # fmt: skip
    assert shell.coders == []


def test_evaluate_missing_gold(shell: Shell) -> None:
    """Exit code 2 with the file's name."""
    shell.run("evaluate", "timex", "missing.jsonl", code=2)

    assert "missing.jsonl: cannot be read" in shell.err
