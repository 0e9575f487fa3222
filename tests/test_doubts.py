"""What speaks against a coding: each reason is named and lowers the confidence."""

from __future__ import annotations

import pytest
from mention_cases import code_text

from timeline.coding.doubts import WEIGHTS, Doubt, weigh_doubts
from timeline.records import Coding
from timeline.store.serial import from_json, to_json
from timeline.views.evidence import say_confidence
from timeline.views.wording import DOUBT_WORDS


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("Norlund attacked Zubrovia.", ()),
        ("Norlund will attack Zubrovia.", ("not_done",)),
        ("A Zubrovian soldier was killed.", ("no_source",)),
        ("Norlund condemned the attack.", ("no_target",)),
        ("Dragan Velk arrived. He condemned Zubrovia.", ("referring",)),
        ("Zubrovia was hit. Rebels killed Zubrovian soldiers in Zubrovia.", ("guessed",)),
        ("Rebels attacked Norlund and Zubrovia.", ("unplaced",)),
        ("Dragan Velk, who attacked Zubrovia, was asleep.", ("passing",)),
        ("Dragan Velk said that it was raining.", ("remark",)),
    ],
)
def test_reasons_for_doubt(text: str, doubts: tuple[str, ...]) -> None:
    """Each reason is found where it holds, and only there."""
    assert code_text(text)[-1].doubts == doubts


def test_every_doubt_lowers_the_confidence_and_has_words() -> None:
    """No reason without words for the reader; `passing` is weighed with the frame."""
    lowered = {doubt for doubt in Doubt if weigh_doubts(0.9, (doubt,), "ASSAULT") < 0.9}

    assert set(DOUBT_WORDS) == set(Doubt) == set(WEIGHTS)
    assert lowered == set(Doubt) - {Doubt.PASSING}


def test_words_of_nobody_are_less_sure_than_deeds_of_nobody() -> None:
    """Bombs may fall from nobody's plane, but somebody speaks."""
    assert weigh_doubts(0.9, (Doubt.NO_SOURCE,), "ACCUSE") < weigh_doubts(0.9, (Doubt.NO_SOURCE,), "ASSAULT")


def test_doubts_are_kept_and_shown() -> None:
    """The project file keeps them; the evidence panel gives them in words."""
    (coding,) = code_text("Norlund condemned the attack.")

    assert from_json(Coding, to_json(coding)) == coding
    assert say_confidence(coding) == f"{coding.confidence:.0%}: nobody known is acted on"
