"""The bundled sample: what the coder finds in it against the crisis's key dates.

`python tests/test_sample.py` prints the key dates that are missed.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from timeline import Coder, key_dates, read_articles
from timeline.coding.coder import CodedArticle
from timeline.coding.merging import merge_codings
from timeline.records import Event

SAMPLE = Path(__file__).parent.parent / "data" / "sample"


@dataclass(frozen=True, slots=True)
class KeyDate:
    day: dt.date
    event_type: str
    sources: frozenset[str]
    targets: frozenset[str]
    what: str


def read_key_dates() -> list[KeyDate]:
    with (SAMPLE.parent / "key_dates.csv").open(encoding="utf-8", newline="") as rows:
        return [
            KeyDate(
                dt.date.fromisoformat(row["date"]),
                row["event_type"],
                frozenset(row["sources"].split("|")) - {""},
                frozenset(row["targets"].split("|")) - {""},
                row["what"],
            )
            for row in csv.DictReader(rows)
        ]


@cache
def code_sample() -> tuple[CodedArticle, ...]:
    return tuple(Coder().code_many(read_articles([SAMPLE])))


@cache
def merge_sample() -> tuple[Event, ...]:
    sentences = {
        coding.id: coded.article.text[coding.start : coding.end] for coded in code_sample() for coding in coded.codings
    }
    return merge_codings([coding for coded in code_sample() for coding in coded.codings], sentences)


def yields(event: Event, key: KeyDate) -> bool:
    """Whether an event is of the key date's day and type, with its states on their sides.

    A mutual act may be told from one side: "Putin received Erdogan".
    """
    sources = {actor.country for actor in event.sources}
    targets = {actor.country for actor in event.targets}
    return (
        event.date.start == event.date.end == key.day
        and event.event_type == key.event_type
        and (
            (key.sources <= sources and key.targets <= targets)
            or (key.sources == key.targets and key.sources <= sources | targets)
        )
    )


def missed() -> list[KeyDate]:
    return [key for key in read_key_dates() if not any(yields(event, key) for event in merge_sample())]


def test_sample_is_large_and_complete() -> None:
    """At least 45 articles, each with title, date and publisher, from five standpoints."""
    articles = list(read_articles([SAMPLE]))

    assert len(articles) >= 45
    assert all(article.title and article.published and article.publisher for article in articles)
    assert len({article.publisher for article in articles}) == 5


def test_key_dates_are_found() -> None:
    """At least four of five key dates of the crisis come out with day, type and states right."""
    keys = read_key_dates()

    assert len(keys) >= 20
    assert len(missed()) <= 0.2 * len(keys)


def test_five_march_is_among_the_key_dates() -> None:
    """The days that the sample itself singles out hold the two best known ones."""
    days = [day for day, _ in key_dates(list(code_sample()), 10)]

    assert {dt.date(2020, 2, 27), dt.date(2020, 3, 5)} <= set(days)


def test_balyun_is_one_contested_event() -> None:
    """The air strike of 27 February 2020 is one event with several publishers."""
    publishers = {coded.article.id: coded.article.publisher for coded in code_sample()}
    widest = max(
        len({publishers[coding.article_id] for coding in event.codings})
        for event in merge_sample()
        if event.date.start == dt.date(2020, 2, 27) and event.event_type == "ASSAULT"
    )

    assert widest >= 3


if __name__ == "__main__":
    found = len(read_key_dates()) - len(missed())
    print(f"{found} of {len(read_key_dates())} key dates found; {len(merge_sample())} events")
    if "--missed" in sys.argv:
        for key in missed():
            print(key.day, key.event_type, sorted(key.sources), sorted(key.targets), key.what)
