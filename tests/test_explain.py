"""Why a sentence gave what it gave: the reason for each word, and the same codings as coding gives."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from timeline.coding.coder import Coder
from timeline.coding.dropped import Why
from timeline.coding.explain import Explanation
from timeline.records import Article

LEXICON = Path(__file__).parent / "invented_actors.yaml"
PUBLISHED = dt.date(2018, 4, 5)


@cache
def coder() -> Coder:
    return Coder([LEXICON])


def explain(text: str) -> Explanation:
    (found,) = coder().explain(Article("a", text, PUBLISHED), 0, len(text))
    return found


def reasons(text: str) -> dict[str, Why]:
    return {candidate.text: candidate.why for candidate in explain(text).candidates}


REASONS = {
    "an act": ("Zubrovia attacked Norlund on Monday.", "attacked", Why.CODED),
    "a verb without a frame": ("The bird chirped to Norlund.", "chirped", Why.NO_FRAME),
    "a verb whose frames want something else": ("Zubrovia will respond.", "respond", Why.MISFIT),
    "a charge": ("Zubrovia accused Quessel of bombing a school in Norlund.", "bombing", Why.CONTENT),
    "a topic": ("Concern about clashes between Zubrovia and Norlund grew.", "clashes", Why.TOPIC),
    "a purpose": ("Zubrovia sent troops to attack Norlund.", "attack", Why.PURPOSE),
    "a condition": ("Zubrovia vowed to retaliate if Norlund attacked its troops.", "attacked", Why.CONDITION),
    "a storm": ("The storm destroyed the bridge in Norlund.", "destroyed", Why.MISHAP),
    "nobody known": ("The visitors attacked the bridge.", "attacked", Why.NO_ACTOR),
    "a noun with one side": ("The attack shocked Norlund.", "attack", Why.ONE_SIDE),
    "what an actor is": ("Rebels backed by Zubrovia attacked Norlund.", "backed", Why.DESCRIPTION),
}


@pytest.mark.parametrize("case", REASONS)
def test_each_word_says_what_became_of_it(case: str) -> None:
    text, word, why = REASONS[case]
    assert reasons(text)[word] == why


def test_what_was_found_in_a_silent_sentence_is_shown() -> None:
    found = explain("Norlund was quiet on Monday.")

    assert [mention.text for mention in found.mentions] == ["Norlund"]
    assert [timex.text for timex in found.timexes] == ["Monday"]
    assert found.codings == ()


def test_the_frame_that_fits_is_named_with_its_act() -> None:
    (attack,) = [c for c in explain("Zubrovia attacked Norlund on Monday.").candidates if c.text == "attacked"]
    assert (attack.event_type, attack.frames) == ("ASSAULT", ("attack T",))


def test_a_word_of_a_name_is_no_candidate() -> None:
    """ "Defence" in the name of a ministry could name an act elsewhere."""
    assert "War" not in reasons("The Zubrovian War Ministry denied the attack.")
    assert "Ministry" not in reasons("The Zubrovian War Ministry denied the attack.")


def test_only_sentences_that_are_asked_for_are_explained() -> None:
    text = "Zubrovia attacked Norlund. Quessel protested. Norlund said nothing."
    found = coder().explain(Article("a", text, PUBLISHED), 30, 31)
    assert [text[e.start : e.end].strip() for e in found] == ["Quessel protested."]


def test_an_article_in_another_language_is_not_explained() -> None:
    assert coder().explain(Article("a", "Zubrovia greift an.", PUBLISHED, language="de"), 0, 5) == ()


def test_explaining_gives_the_codings_that_coding_gives() -> None:
    """On the whole sample: the explanation is of the real run, not of another."""
    from timeline.reading import read_articles

    sample = sorted((Path(__file__).parents[1] / "data" / "sample").glob("[0-9]*.md"))[:20]
    for article in read_articles(sample):
        explained = coder().explain(article, 0, len(article.text))
        assert [c for e in explained for c in e.codings] == list(coder().code(article).codings)
        for coding in (c for e in explained for c in e.codings):
            whys = {k.why for e in explained for k in e.candidates if k.start == coding.trigger_start}
            assert whys == {Why.CODED}
