"""Relations: who does what to whom, on sentences with invented actors."""

from __future__ import annotations

import re
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from timeline.coding.frames import load_frames
from timeline.coding.parsing import load_model
from timeline.coding.relations import Relation, classify_by_frames, code_relations
from timeline.ontology import EVENT_TYPES
from timeline.records import Actor, Mention

CASES = Path(__file__).parent / "cases"
_BRACKETED = re.compile(r"\[([^\]]*)\]")


def read_cases(name: str) -> list[Any]:
    cases = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return [
        pytest.param(
            case,
            id=case["id"],
            marks=[pytest.mark.xfail(strict=True, reason=case["gap"])] if "gap" in case else [],
        )
        for case in cases
    ]


def mark_up(marked: str) -> tuple[str, list[Mention]]:
    """The text without its brackets, and a mention for each pair."""
    text, mentions = "", []
    for index, part in enumerate(_BRACKETED.split(marked)):
        if index % 2:
            actor = Actor(part.lower().replace(" ", "-"), part)
            mentions.append(Mention(len(text), len(text) + len(part), part, actor, "test"))
        text += part
    return text, mentions


@cache
def relations_of(marked: str) -> tuple[Relation, ...]:
    text, mentions = mark_up(marked)
    return code_relations(load_model()(text), mentions, load_frames())


def written(relation: Relation) -> str:
    sides = (" + ".join(m.text for m in side) or "-" for side in (relation.sources, relation.targets))
    return f"{relation.event_type} {' > '.join(sides)}"


@pytest.mark.parametrize("case", read_cases("relations.yaml"))
def test_relations_as_expected(case: dict[str, Any]) -> None:
    """The codings of a sentence are exactly those the case lists."""
    found = relations_of(case["text"])
    stated = any(line.startswith("STATEMENT") for line in case["expect"])
    kept = [relation for relation in found if stated or relation.event_type != "STATEMENT"]

    assert sorted(case["expect"]) == sorted(written(relation) for relation in kept)
    if "root" in case:
        assert case["root"] == (kept[0].cameo_root or EVENT_TYPES[kept[0].event_type].cameo_root)
    if "text_target" in case:
        assert case["text_target"] == kept[0].text_target


@pytest.mark.parametrize("case", read_cases("relations_not.yaml"))
def test_not_coded(case: dict[str, Any]) -> None:
    """A case's forbidden types and targets are absent."""
    found = relations_of(case["text"])
    banned = set(case.get("never", set(EVENT_TYPES) - {"STATEMENT"}))

    assert [written(relation) for relation in found if relation.event_type in banned] == []
    assert case.get("not_target") not in {m.text for relation in found for m in relation.targets}


def test_case_ids_are_unique() -> None:
    """A case is known by its id."""
    ids = [param.id for name in ("relations.yaml", "relations_not.yaml") for param in read_cases(name)]

    assert len(ids) == len(set(ids))


def test_evidence_is_exact() -> None:
    """Trigger, sentence and mentions are the characters they claim, with odd letters before them."""
    marked = "Ünïcödé — “quote”.  [Ruritania] attacked [Borduria] 🙂 again."
    text, _ = mark_up(marked)
    (relation,) = relations_of(marked)

    assert text[relation.trigger_start : relation.trigger_end] == "attacked"
    assert text[relation.start : relation.end].startswith("Ruritania")
    assert all(m.text == text[m.start : m.end] for m in (*relation.sources, *relation.targets))


def test_phrase_acted_on_is_resolved() -> None:
    """A target that is no mention is looked up by its words."""
    text, mentions = mark_up("[Ruritania] imposed a curfew on Strelsau.")
    doc = load_model()(text)
    capital = Actor("strelsau", "Strelsau")
    (relation,) = code_relations(doc, mentions, load_frames(), lambda words: capital if words == "Strelsau" else None)

    assert ("COERCE", capital) == (relation.event_type, relation.targets[0].actor)


def test_phrase_about_an_actor_is_not_the_actor() -> None:
    """The head of a phrase says whether it is somebody: soldiers are, their positions are not."""
    text, mentions = mark_up("[Ruritania] shelled the militant positions.")
    rebels = Actor("REB", "rebels")
    (relation,) = code_relations(
        load_model()(text), mentions, load_frames(), lambda words: rebels if "militant" in words else None
    )

    assert [None] == [mention.actor for mention in relation.targets]


@pytest.mark.parametrize(
    ("marked", "settled"),
    [
        ("[Ruritania] does not recognise [Borduria].", True),
        ("[Ruritania] stopped bombing [Borduria].", True),
        ("[Ruritania] cancelled its visit to [Borduria].", False),
        ("[Ruritania] did not attack [Borduria].", False),
        ("[Ruritania] will meet [Borduria].", False),
    ],
)
def test_negation_in_the_type_is_settled(marked: str, settled: bool) -> None:
    """A refusal that a negation makes is a fact; a denied attack stays denied."""
    (relation,) = relations_of(marked)

    assert settled == relation.settled


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…", "!!!", "\x00\x01", "Ruritania", "attacked attacked attacked"])
def test_odd_texts_do_not_break(text: str) -> None:
    """Garbage yields nothing and raises nothing."""
    assert code_relations(load_model()(text), [], load_frames()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Ruritania attacked " + " and ".join(["Borduria"] * 1500) + ".",
        " ".join(["Ruritania said that"] * 700) + " Borduria attacked Syldavia.",
        "Ruritania " + " and ".join(["attacked"] * 700) + " Borduria.",
        "Ruritania " + "wants to " * 700 + "attack Borduria.",
    ],
    ids=["names", "clauses", "verbs", "infinitives"],
)
def test_deep_nesting_does_not_break(text: str) -> None:
    """Chains as long as a page neither overflow the stack nor take long."""
    doc = load_model()(text)
    mentions = [Mention(t.idx, t.idx + len(t), t.text, None) for t in doc if t.pos_ == "PROPN"]
    began = time.process_time()
    found = code_relations(doc, mentions, load_frames())

    assert all(text[relation.trigger_start : relation.trigger_end] for relation in found)
    assert time.process_time() - began < 5


def test_same_input_same_output() -> None:
    """Codings come in the same order each time."""
    marked = "[Ruritania] accused [Borduria] of arming [rebels] and recalled its ambassador from [Borduria]."
    text, mentions = mark_up(marked)
    runs = {code_relations(load_model()(text), mentions, load_frames()) for _ in range(3)}

    assert len(runs) == 1


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Ruritania] bombed [Borduria].", "ASSAULT"),
        ("[Ruritania], at a conference in the capital, condemned [Borduria].", "ACCUSE"),
        ("[Ruritania] and [Borduria] destroyed a rebel base.", "COOPERATE"),
        ("[Ruritania] was praised by [Borduria].", "SUPPORT"),
    ],
)
def test_classify_between_spans(marked: str, expected: str) -> None:
    """The act between two given spans comes first."""
    text, (source, target) = mark_up(marked)
    found = classify_by_frames(
        load_model()(text), (source.start, source.end), (target.start, target.end), load_frames()
    )

    assert expected == found[0][0]
    assert all(0 < score <= 1 for _, score, _ in found)


def test_classify_without_target() -> None:
    """One span alone is enough."""
    text, (source,) = mark_up("[Ruritania] declared a state of emergency.")

    assert classify_by_frames(load_model()(text), (source.start, source.end), None, load_frames())[0][0] == "COERCE"


def test_classify_nothing() -> None:
    """No frame, no answer."""
    assert classify_by_frames(load_model()("The weather is fine."), (0, 11), None, load_frames()) == []
