"""How sure a coding is."""

from __future__ import annotations

import pytest
from test_relations import mark_up

from timeline.coding.frames import load_frames
from timeline.coding.parsing import load_model
from timeline.coding.relations import Relation, code_relations


def coded(marked: str) -> dict[str, Relation]:
    text, mentions = mark_up(marked)
    return {relation.event_type: relation for relation in code_relations(load_model()(text), mentions, load_frames())}


def test_main_act_is_surer_than_one_told_in_passing() -> None:
    """A relative clause lowers the confidence of its act."""
    found = coded("[Ruritania], which invaded [Borduria] last year, condemned [Syldavia].")

    assert found["ASSAULT"].confidence < found["ACCUSE"].confidence


def test_phrase_is_a_lesser_target() -> None:
    """Whoever acts on somebody known is surer than who acts on a thing."""
    known = coded("[Ruritania] condemned [Borduria].")["ACCUSE"]
    phrase = coded("[Ruritania] condemned the barbarian hordes.")["ACCUSE"]

    assert phrase.confidence < known.confidence


@pytest.mark.parametrize(
    "marked",
    [
        "[Ruritania] attacked [Borduria].",
        "[Ruritania] met [Borduria].",
        "[Ruritania] declared a state of emergency.",
        "[Ruritania] said that [Borduria] had lied.",
    ],
)
def test_confidence_is_a_share(marked: str) -> None:
    """Never certain, never impossible."""
    assert all(0 < relation.confidence < 1 for relation in coded(marked).values())
