"""Verbs written with a hyphen: kept whole, read as verbs, with their lemmas."""

from __future__ import annotations

import pytest

from timeline.coding.hyphens import read_hyphenated
from timeline.coding.lemmas import list_verbs
from timeline.coding.parsing import load_model, parse


@pytest.mark.parametrize(
    ("word", "read_as", "lemma"),
    [
        ("re-opened", "opened", "reopen"),
        ("Re-imposed", "imposed", "reimpose"),
        ("co-hosting", "hosting", "co-host"),
        ("re-took", "took", "retake"),
        ("co-operated", "operated", "cooperate"),
        ("pre-empted", "preempted", "preempt"),
        ("test-fires", "launches", "test-fire"),
        ("air-dropping", "launching", "air-drop"),
        ("carpet-bombed", "bombed", "carpet-bomb"),
    ],
)
def test_a_verb_is_read_as_one_that_the_model_knows(word: str, read_as: str, lemma: str) -> None:
    assert read_hyphenated(word, list_verbs(load_model())) == (read_as, lemma)


@pytest.mark.parametrize(
    "word",
    ["co-founders", "re-election", "pre-war", "counter-attack", "cross-border", "ex-minister", "re-", "co-ed", "-"],
)
def test_nouns_and_adjectives_are_split_as_ever(word: str) -> None:
    assert read_hyphenated(word, list_verbs(load_model())) is None
    assert "".join(token.text_with_ws for token in parse(f"The {word} came.")) == f"The {word} came."


@pytest.mark.parametrize("verb", ["re-opened", "co-hosted", "test-fired", "counter-attacked", "green-lit"])
def test_the_verb_is_the_root_of_its_clause(verb: str) -> None:
    doc = parse(f"South Korea {verb} the talks on Friday.")
    root = next(token for token in doc if token.dep_ == "ROOT")

    assert (root.text, root.pos_) == (verb, "VERB")
    assert [child.text for child in root.children if child.dep_ == "nsubj"] == ["Korea"]
