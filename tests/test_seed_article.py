"""The article this project began with: a web page of March 2020 on Idlib, with what must be read in it.

The text is not ours, so it is not in the repository; the tests are skipped where it is not beside the checkout.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from timeline import Article, CodedArticle, Coder, Coding, read_articles
from timeline.records import Basis

SEED = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "seed_article.txt"
pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not SEED.exists(), reason="needs shared/corpora/seed_article.txt beside the checkout"),
]


@cache
def code_seed(published: dt.date | None) -> CodedArticle:
    (article,) = read_articles([SEED], published=published)
    return Coder().code(article)


def find(event_type: str, source: str | None, target: str | None, *words: str) -> list[Coding]:
    """Codings of a type with these countries or actor ids on their sides (None: nobody) and words in their sentence."""
    coded = code_seed(dt.date(2020, 3, 6))
    return [
        coding
        for coding in coded.codings
        if coding.event_type == event_type
        and has(coding.sources, source)
        and has(coding.targets, target)
        and all(word in coded.article.text[coding.start : coding.end] for word in words)
    ]


def has(mentions: tuple, wanted: str | None) -> bool:
    if wanted is None:
        return not any(mention.actor for mention in mentions)
    return any(mention.actor and wanted in (mention.actor.country, mention.actor.id) for mention in mentions)


def test_reading() -> None:
    """Title and text without the page's remains."""
    article: Article = code_seed(dt.date(2020, 3, 6)).article

    assert article.title.startswith("Putin: Situation in Idleb Becoming Very Tense")
    assert not any(rest in article.text for rest in ("Helpful keywords", "Search", "has not verified"))


def test_meeting_in_moscow() -> None:
    """Putin and Erdogan meet on the Thursday, stated in the clause."""
    (coding,) = find("CONSULT", "vladimir-putin", "recep-tayyip-erdogan", "Moscow")

    assert (dt.date(2020, 3, 5), dt.date(2020, 3, 5)) == (coding.date.start, coding.date.end)
    assert Basis.STATED is coding.date.basis
    assert coding.place is not None
    assert "Moscow" == coding.place.name


def test_phone_call_is_dated_by_the_kremlin() -> None:
    """The call with Charles Michel is dated through the Kremlin's statement on it."""
    codings = find("CONSULT", "vladimir-putin", "charles-michel", "phone call")

    assert dt.date(2020, 3, 5) in {coding.date.start for coding in codings}


def test_support_for_syria() -> None:
    """Peskov's words on Tuesday: Russia supports Syria."""
    codings = find("SUPPORT", "RUS", "SYR", "Peskov")

    assert codings
    assert {dt.date(2020, 3, 3)} == {coding.date.start for coding in codings}
    assert all(coding.attribution.speakers for coding in codings)


def test_defence_ministry_accuses_turkey() -> None:
    """That Turkey violates the agreement is an accusation; that it arms groups is a claim of the ministry."""
    (aid,) = find("AID", "TUR", "SYR-REB", "continues to support and arm")

    assert find("ACCUSE", "rus-defence-ministry", "TUR", "violates")
    assert ["rus-defence-ministry"] == [speaker.actor.id for speaker in aid.attribution.speakers if speaker.actor]


def test_dead_soldiers_are_background() -> None:
    """The Turkish soldiers were killed by nobody named."""
    (coding,) = find("ASSAULT", None, "tur-armed-forces", "who were killed")

    assert coding.place is not None
    assert coding.place.name.startswith("Idlib")


def test_call_for_dialogue() -> None:
    """Putin asks for dialogue with Turkey."""
    assert find("REQUEST", "vladimir-putin", "TUR") or find("STATEMENT", "vladimir-putin", "TUR")


def test_outlets_do_not_act() -> None:
    """SANA and The Syrian Observer are no actors."""
    sides = [m for coding in code_seed(dt.date(2020, 3, 6)).codings for m in (*coding.sources, *coding.targets)]

    assert not any(word in mention.text for mention in sides for word in ("SANA", "Observer"))


def test_without_a_publication_date() -> None:
    """Weekdays stay undated and say why."""
    coded = code_seed(None)
    weekdays = [timex for timex in coded.timexes if timex.text in ("Thursday", "Tuesday")]

    assert weekdays
    assert all(timex.span is None and "publication date" in timex.note for timex in weekdays)
    assert all(coding.date.start is None and coding.date.note for coding in coded.codings)
