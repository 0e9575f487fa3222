"""Pronouns and short forms."""

from __future__ import annotations

from typing import Any

import pytest
from mention_cases import check as check_case
from mention_cases import find_mentions, read_cases

CASES = read_cases("coreference.yaml")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_coreference(case: dict[str, Any]) -> None:
    """Every case of cases/coreference.yaml."""
    check_case(case)


def test_rules_are_named() -> None:
    """A mention says how its words were tied to the actor."""
    text = "Dragan Velk met Henrik Aaslund. He promised help. The two leaders left. The minister smiled."
    rules = {m.text: m.rule for m in find_mentions(text)}

    assert {"He": "pronoun", "The two leaders": "pair", "The minister": "short-form"}.items() <= rules.items()


def test_reach_is_limited() -> None:
    """A pronoun does not look back over a whole article."""
    filler = "The weather was mild. " * 6
    mentions = find_mentions(f"Dragan Velk spoke. {filler}He left.")

    assert [m.text for m in mentions] == ["Dragan Velk"]
