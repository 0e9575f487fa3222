"""Mentions of actors in text."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mention_cases import check as check_case
from mention_cases import find_mentions, invented_resolver, read_cases

from timeline.coding.mentions import recognise_mentions
from timeline.coding.parsing import parse

CASES = read_cases("actors_mentions.yaml")
PIECES = (
    "Zubrovian", "army", "Dragan Velk", "the", "and", "Norlund's", ",", "said", "he", "two sides", "\n\n", "(", "of",
    "in", "Vostrok", "killed", "rebels", "\u202e", "\x00", "Ve\u0301lk", "—", "U.S.", "ÇÖLLÜ", "москва", "عربي", "🙂",
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_mentions(case: dict[str, Any]) -> None:
    """Every case of cases/actors_mentions.yaml."""
    check_case(case)


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(st.sampled_from(PIECES), max_size=25))
def test_offsets_hold_and_nothing_overlaps(parts: list[str]) -> None:
    """`text[start:end]` is what a mention claims; mentions are sorted, and overlap only where several share words."""
    text = " ".join(parts)
    mentions = find_mentions(text)

    assert all(text[m.start : m.end] == m.text for m in mentions)
    assert all(a.end <= b.start or (a.start, a.end) == (b.start, b.end) for a, b in pairwise(mentions))


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n\n", "?", "Velk", "a" * 5_000, "(" * 3_000, "<p>Velk</p>", "NORLUND " * 500]
)
def test_odd_texts_are_read(text: str) -> None:
    """Nothing crashes or hangs on texts that are no articles."""
    assert all(text[m.start : m.end] == m.text for m in find_mentions(text))


def test_same_text_same_mentions() -> None:
    """The result depends on the arguments alone."""
    text = "Dragan Velk met Ilse Torp in Havnstad. He thanked her. The two leaders left."

    assert find_mentions(text) == find_mentions(text)


def test_without_publication_date_offices_stay_offices() -> None:
    """Nobody's day of publication, nobody's office holder."""
    mentions = find_mentions("The Zubrovian president arrived.", None)

    assert [m.actor.id for m in mentions if m.actor] == ["ZUB-GOV"]


def test_office_holder_changes_with_the_day() -> None:
    """The holder is that of the day of publication."""
    doc = parse("The Zubrovian foreign minister arrived.")
    found = [recognise_mentions(doc, invented_resolver(), day) for day in (dt.date(2010, 1, 1), dt.date(2018, 1, 1))]

    assert [mentions[0].actor.id for mentions in found if mentions[0].actor] == ["dragan-velk", "mira-kosh"]
