"""Codings of whole texts: both sides as actors, and realis (cases/codings.yaml)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from mention_cases import PUBLISHED, code_text, invented_coder, read_cases

from timeline import Article
from timeline.coding.dropped import Why
from timeline.records import Coding, Mention, Realis

CASES = read_cases("codings.yaml")


def _write_side(mentions: Iterable[Mention]) -> str:
    return " + ".join(mention.actor.id if mention.actor else "?" for mention in mentions) or "-"


def _write(coding: Coding) -> str:
    realis = "" if coding.realis is Realis.ACTUAL else f", {coding.realis}"
    return f"{coding.event_type} {_write_side(coding.sources)} > {_write_side(coding.targets)}{realis}"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_codings_of_texts(case: dict[str, Any]) -> None:
    """The codings are those a case lists; with `some` at least those, with `never` none of these."""
    codings = code_text(case["text"])
    written = sorted(_write(coding) for coding in codings if coding.event_type != "STATEMENT")

    assert not set(case.get("never", ())) & set(written)
    if "expect" in case:
        expected = sorted(case["expect"])
        assert expected == ([line for line in written if line in expected] if case.get("some") else written)


@pytest.mark.parametrize(
    ("text", "word", "why"),
    [
        ("A bridge was destroyed while Dragan Velk was asleep.", "destroyed", Why.NOBODY),
        ("I think that Zubrovia was attacked.", "attacked", Why.COMMENT),
        ("There was talk of arming the Red Heron Front.", "arming", Why.ONE_SIDE),
    ],
)
def test_reasons_are_told(text: str, word: str, why: Why) -> None:
    """Whoever asks why nothing was coded learns which rule let the word go."""
    (told,) = invented_coder().explain(Article("one", text, PUBLISHED), 0, len(text))

    assert [why] == [one.why for one in told.candidates if text[one.start : one.end] == word]
