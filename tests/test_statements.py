"""Whose words are an act of theirs, and whom they concern."""

from __future__ import annotations

from functools import cache

import pytest

from timeline import Article, Coder
from timeline.records import Coding

_coder = cache(Coder)


def statements(text: str) -> list[Coding]:
    codings = _coder().code(Article(id="one", text=text)).codings
    return [coding for coding in codings if coding.event_type == "STATEMENT"]


@pytest.mark.parametrize(
    "text",
    [
        "The Syrian Observatory for Human Rights said seven civilians were among the dead.",
        "An activist told reporters that the Syrian army was near.",
        "A military source said the Syrian army was near.",
        "Witnesses said that the police had gone.",
        "A nurse told the police that the ward was full.",
        "The head of the Britain-based group said that the Syrian army was near.",
        "A spokesman said the bank might sell its shares in Kenya.",
    ],
)
def test_those_who_only_tell_make_no_statement(text: str) -> None:
    """Monitors, activists, unnamed sources and witnesses are attribution, not actors."""
    assert statements(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Peskov told reporters that the Kremlin had no comment.",
        "Kremlin spokesman Dmitry Peskov said that he was in Moscow.",
        "A Russian spokesman said that dozens were late.",
        "The Kremlin said that dozens were late.",
    ],
)
def test_nobody_is_told_in_public(text: str) -> None:
    """Reporters, the speaker himself and people without a name are no targets of a statement."""
    assert [coding.targets for coding in statements(text)] == [()]


def test_statement_about_another() -> None:
    """A government's words about another state concern that state."""
    (coding,) = statements("The Kremlin said that Ukraine was a large country.")

    assert ["UKR"] == [mention.actor.country for mention in coding.targets if mention.actor]


def test_teachers_strike_but_firms_mind_their_own_affairs() -> None:
    """A strike needs no target; what a company agrees to by itself is nobody else's business."""
    strike = _coder().code(Article(id="one", text="Teachers in Kenya went on strike on Monday.")).codings
    firm = _coder().code(Article(id="one", text="The company agreed to cut costs on Monday.")).codings

    assert ["PROTEST"] == [coding.event_type for coding in strike]
    assert firm == ()
