"""Invented articles, actors and codings for the tests of the store, the pipeline and the queries."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from timeline.ontology import EVENT_TYPES
from timeline.pipeline import code_pending
from timeline.records import (
    UNDATED,
    Actor,
    Article,
    Basis,
    Coding,
    Event,
    EventDate,
    Mention,
    Place,
    Precision,
    Realis,
    TimeExpression,
    TimexType,
    digest,
)
from timeline.store.articles import add_articles
from timeline.store.project import Project

ACTORS = (
    Actor("ALD", "Aldoria", "ALD"),
    Actor("BOR", "Borvenia", "BOR"),
    Actor("ald-army", "Aldorian army", "ALD", "MIL", "ALD"),
    Actor("ald-general", "General Ostrel", "ALD", "MIL", "ald-army"),
    Actor("bor-premier", "Premier Vantoun", "BOR", "GOV", "BOR"),
    Actor("river-front", "River Front", None, "REB"),
)
PUBLISHERS = ("Aldor Post", "Borven Times", "Nowhere, Inc.", "")
PLACES = (Place("Quellin", "ALD", 10.5, 20.25), Place("Marrow Ford", "BOR", -3.0, 4.0))


@dataclass(frozen=True, slots=True)
class FakeCoded:
    article: Article
    codings: tuple[Coding, ...] = ()
    timexes: tuple[TimeExpression, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(slots=True)
class FakeCoder:
    """Codes "X attacked Y" in the first sentence; fails on the word "poison"."""

    version: str = "coder-1"
    lexicon_version: str = "lexicon-1"
    seen: list[str] = field(default_factory=list)

    def code(self, article: Article) -> FakeCoded:
        self.seen.append(article.id)
        if "poison" in article.text:
            raise RuntimeError("cannot read this")
        trigger = article.text.find("attacked")
        if trigger < 0:
            return FakeCoded(article)
        end = article.text.find(".", trigger) + 1 or len(article.text)
        names = article.text[:end].rstrip(".").split(" attacked ")
        source, target = (mention(article.text, name) for name in names[:2])
        date = on(article.published) if article.published else UNDATED
        coding = Coding(
            article.id, 0, end, trigger, trigger + 8, "ASSAULT", (source,), (target,), date=date, confidence=0.75
        )
        return FakeCoded(article, (coding,), (), (source, target))


def mention(text: str, name: str) -> Mention:
    start = text.index(name)
    actor = next((actor for actor in ACTORS if actor.name == name), Actor(name.lower(), name, known=False))
    return Mention(start, start + len(name), name, actor, "alias")


def on(start: dt.date | None, end: dt.date | None = None) -> EventDate:
    return EventDate(start, end or start, Precision.DAY, Basis.STATED)


def article(number: int, text: str = "", published: dt.date | None = dt.date(2020, 3, 6)) -> Article:
    return Article(
        id=f"article-{number:04}",
        text=text or f"Aldoria attacked Borvenia. Report number {number} of that day in other words {number * 7}.",
        published=published,
        title=f"Title {number}",
        publisher=PUBLISHERS[number % len(PUBLISHERS)],
        url=f"https://example.org/{number}",
    )


def each_alone(codings: Iterable[Coding], sentences: dict[str, str] | None = None) -> tuple[Event, ...]:
    """Merging that merges nothing: an event for each coding."""
    return tuple(
        Event(
            id=digest(coding.id),
            codings=(coding,),
            event_type=coding.event_type,
            sources=tuple(m.actor for m in coding.sources if m.actor),
            targets=tuple(m.actor for m in coding.targets if m.actor),
            date=coding.date,
            realis=coding.realis,
            place=coding.place,
        )
        for coding in codings
    )


def coded_project(project: Project, number: int = 6) -> Project:
    """The project with that many coded articles, an event each."""
    add_articles(project, [article(n, published=dt.date(2020, 3, 1) + dt.timedelta(days=n)) for n in range(number)])
    code_pending(project, FakeCoder(), merge=each_alone)
    return project


@dataclass(slots=True)
class RandomCoder:
    """Gives each article a few codings drawn from its own id, of every shape that codings have."""

    version: str = "random"
    lexicon_version: str = "random"

    def code(self, article: Article) -> FakeCoded:
        draw = random.Random(article.id)
        codings = {coding.id: coding for coding in (self._draw(draw, article, n) for n in range(draw.randrange(4)))}
        return FakeCoded(article, tuple(codings.values()))

    def _draw(self, draw: random.Random, article: Article, number: int) -> Coding:
        people = [Mention(i, i + 1, article.text[i], actor) for i, actor in enumerate(ACTORS)]
        meeting = tuple(draw.sample(people, 3))
        sides = draw.choice([
            ((people[0],), (people[1],)),
            (tuple(draw.sample(people, 1)), tuple(draw.sample(people, 1))),
            (tuple(draw.sample(people, 2)), tuple(draw.sample(people, 2))),
            (meeting, meeting),
            ((), tuple(draw.sample(people, 1))),
            (tuple(draw.sample(people, 1)), ()),
        ])  # fmt: skip
        return Coding(
            article.id, 0, 20, number, number + 1, draw.choice(list(EVENT_TYPES)), *sides,
            realis=draw.choice(list(Realis)), date=self._draw_date(draw), place=draw.choice((None, *PLACES)),
            confidence=draw.choice((0.1, 0.5, 0.7, 0.8, 1.0)),
        )  # fmt: skip

    def _draw_date(self, draw: random.Random) -> EventDate:
        day = dt.date(2020, 1, 1) + dt.timedelta(days=draw.randrange(120))
        later = day + dt.timedelta(days=draw.choice((1, 6, 30, 365, 9_000)))
        return draw.choice([
            on(day), on(day), on(day, later), UNDATED,
            EventDate(None, day, Precision.APPROXIMATE, Basis.SENTENCE),
            EventDate(day, None, Precision.APPROXIMATE, Basis.CARRIED),
        ])  # fmt: skip


def timex(text: str) -> TimeExpression:
    return TimeExpression(0, len(text), text, TimexType.DATE, "2020-03-05")
