"""Sentences whose verb the parser takes for a participle, or whose participle for the verb, are read anew."""

from __future__ import annotations

import pytest

from timeline.coding.parsing import parse


def _clause(text: str) -> tuple[str, list[str], list[str]]:
    """The root of a sentence, its subjects and its objects."""
    (sentence,) = parse(text).sents
    children = list(sentence.root.children)
    subjects, objects = ([child.text for child in children if child.dep_ == kind] for kind in ("nsubj", "dobj"))
    return sentence.root.text, subjects, objects


@pytest.mark.parametrize(
    ("text", "subject", "verb", "thing"),
    [
        ("Protesters in Bergheim hurled stones at riot police.", "Protesters", "hurled", "stones"),
        ("Army units from Chad pursued Norlund fighters across the border.", "units", "pursued", "fighters"),
        ("Airstrikes by the Norlund-led coalition killed at least 21 civilians in the north on Monday.",
         "Airstrikes", "killed", "civilians"),
        ("Mortar rounds fired from rebel-held districts killed four people.", "rounds", "killed", "people"),
        ("Barrel bombs dropped by army helicopters also hit the mosque in Jisr.", "bombs", "hit", "mosque"),
    ],
)  # fmt: skip
def test_the_verb_gets_its_subject_and_its_object(text: str, subject: str, verb: str, thing: str) -> None:
    assert _clause(text) == (verb, [subject], [thing])


@pytest.mark.parametrize(
    "text",
    [
        "Two soldiers killed in the northern town of Sarmin on Monday.",
        "6 Killed 12 Wounded in Shelling of the Sheikh Maqsood Quarter.",
        "A town besieged by the army for three years.",
        "Hundreds of deserted streets in the eastern part of the city.",
    ],
)
def test_what_has_no_verb_gets_none(text: str) -> None:
    assert _clause(text)[1:] == ([], [])


def test_other_sentences_of_a_text_stay_as_they_are() -> None:
    plain, odd = "The army left the town.", "Protesters in Bergheim hurled stones at riot police."
    first, second, third = parse(f"{plain} {odd} {plain}").sents
    assert [(token.tag_, token.dep_, token.head.i - first.start) for token in first] == [
        (token.tag_, token.dep_, token.head.i - third.start) for token in third
    ]
    assert (second.root.text, second.root.pos_, second.root.lemma_) == ("hurled", "VERB", "hurl")
