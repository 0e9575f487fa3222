"""Codings of whole texts: both sides as actors, and realis (cases/codings.yaml)."""

from __future__ import annotations

import datetime as dt
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
    """The codings are those a case lists; with `some` at least those, with `never` none of these; all told `by`."""
    codings = code_text(case["text"])
    written = sorted(_write(coding) for coding in codings if coding.event_type != "STATEMENT")

    assert not set(case.get("never", ())) & set(written)
    if "expect" in case:
        expected = sorted(case["expect"])
        assert expected == ([line for line in written if line in expected] if case.get("some") else written)
    for coding in codings if "by" in case else ():
        assert case["by"] == [speaker.text for speaker in coding.attribution.speakers]


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


@pytest.mark.parametrize(("published", "formed"), [(dt.date(2003, 3, 1), False), (dt.date(2016, 3, 1), True)])
def test_blocs_act_only_once_they_are_formed(published: dt.date, formed: bool) -> None:
    """ "The U.S.-led coalition" of 2003 is not the one against ISIS."""
    text = "The U.S.-led coalition attacked Zubrovia."
    (coding,) = invented_coder().code(Article("one", text, published)).codings

    assert formed == (coding.sources[0].actor.id == "global-coalition-against-daesh")


def test_dates_of_joined_passives_are_shared() -> None:
    """One blow is dated once, behind its last verb."""
    (coding,) = code_text("Three soldiers were killed and ten were wounded on Monday in Zubrovia.")

    assert dt.date(2018, 4, 2) == coding.date.start
