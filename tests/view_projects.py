"""Small projects of invented articles and codings, for the tests of pages; no coder needed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from timeline.records import (
    Actor,
    Article,
    Attribution,
    Basis,
    Coding,
    EventDate,
    Mention,
    Place,
    Precision,
    Realis,
    TimeExpression,
    TimexType,
    identify_article,
)
from timeline.store.articles import Versions, add_articles
from timeline.store.codings import save_coded
from timeline.store.events import derive_events
from timeline.store.project import Project, open_project

ACTORS = {
    "Arvonia": Actor("ARV", "Arvonia", "ARV"),
    "Belmark": Actor("BEL", "Belmark", "BEL"),
    "Corran Union": Actor("corran", "Corran Union", "IGO", "IGO"),
    "Dunmore Army": Actor("dun-army", "Dunmore Army", "BEL", "MIL", part_of="BEL"),
    "Estral Front": Actor("estral", "Estral Front", "BEL", "REB"),
    "President Falk": Actor("falk", "President Falk", "ARV", "GOV", part_of="ARV"),
    "Gharb Relief": Actor("gharb", "Gharb Relief", "NGO", "NGO"),
    "جبهة النهر": Actor("nahr", "جبهة النهر", "BEL", "REB"),
}
WORDS = {
    "ACCUSE": "accused", "CONSULT": "met", "ASSAULT": "shelled", "AID": "supplied", "SUPPORT": "praised",
    "REQUEST": "urged", "MOBILIZE": "massed troops against", "RETREAT": "withdrew from", "STATEMENT": "spoke about",
}  # fmt: skip
PUBLISHERS = ("Arvon Gazette", "Belmark Radio", "Corran Wire")


@dataclass(frozen=True)
class FakeCoded:
    """What the store needs of a coded article."""

    article: Article
    timexes: tuple[TimeExpression, ...]
    mentions: tuple[Mention, ...]
    codings: tuple[Coding, ...]


def code_line(
    line: tuple[str, str, str, dt.date | None],
    publisher: str = "Arvon Gazette",
    speaker: str = "",
    url: str = "",
    **changes: object,
) -> FakeCoded:
    """An article of one act: (source, event type, target, day), with its coding."""
    source, event_type, target, day = line
    when = f" on {day:%-d %B %Y}" if day else " one day"
    said = f", {speaker} said" if speaker else ""
    sentence = f"{source} {WORDS[event_type]} {target}{when}{said}."
    text = f"{publisher} reports from the border, where 5 < 6 & costs are $5.\n{sentence}\nThe weather was <b>fine</b>."
    url = url or f"https://news.example/{identify_article(text)}"
    published = day + dt.timedelta(days=1) if day else None
    article = Article(identify_article(text, url), text, published, f"{source} and {target}", publisher, url, "en")
    start = text.index(sentence)
    mentions = (_mention(text, source, start), _mention(text, target, start + len(source)))
    act = text.index(WORDS[event_type], start + len(source))
    both = event_type == "CONSULT"
    attribution = (
        Attribution((_mention(text, speaker, text.index(said)),), text.index(said), text.index(said) + len(said))
        if said
        else Attribution()
    )
    coding = Coding(
        article.id, start, start + len(sentence), act, act + len(WORDS[event_type]), event_type,
        mentions if both else mentions[:1], mentions if both else mentions[1:], Realis.ACTUAL, _date(text,
        when.strip(), day),
        attribution=attribution, rule=f"frame:{event_type.lower()}", confidence=0.8,
    )  # fmt: skip
    values = {name: changes.get(name, getattr(coding, name)) for name in coding.__slots__}
    timexes = (coding.date.timex,) if coding.date.timex else ()
    return FakeCoded(article, timexes, mentions, (Coding(**values),))


def _mention(text: str, name: str, after: int) -> Mention:
    start = text.index(name, after)
    return Mention(start, start + len(name), name, ACTORS.get(name), "alias")


def _date(text: str, words: str, day: dt.date | None) -> EventDate:
    start = text.index(words)
    if day is None:
        timex = TimeExpression(
            start, start + len(words), words, TimexType.DATE, "", note="no day can be told from these words"
        )
        return EventDate(None, None, Precision.UNKNOWN, Basis.NONE, timex, timex.note)
    timex = TimeExpression(start, start + len(words), words, TimexType.DATE, day.isoformat())
    return EventDate(day, day, Precision.DAY, Basis.STATED, timex)


def make_project(folder: Path, coded: Sequence[FakeCoded]) -> Project:
    """A project with these coded articles and their events; an empty one without any."""
    project = open_project(folder, create=True)
    add_articles(project, [c.article for c in coded])
    for item in coded:
        save_coded(project, item, Versions("0.1-test", "lexicon-test"))
    if coded:
        derive_events(project)
    return project


def make_lines(number: int, seed: int = 11) -> list[FakeCoded]:
    """Coded articles of random acts over 18 months; some undated, some vague, some told by several outlets."""
    chance = random.Random(seed)
    names = [name for i, name in enumerate(ACTORS) for _ in range(len(ACTORS) - i)]
    coded: list[FakeCoded] = []
    while len(coded) < number:
        source, target = chance.choice(names), chance.choice(names)
        if source == target:
            continue
        day = dt.date(2018, 9, 17) + dt.timedelta(days=int(549 * chance.random() ** 0.5))
        line = (source, chance.choice(list(WORDS)), target, None if chance.random() < 0.05 else day)
        changes: dict[str, object] = {}
        if chance.random() < 0.15 and line[3]:
            first = day.replace(day=1)
            changes["date"] = EventDate(
                first, first.replace(day=28), Precision.MONTH, Basis.CARRIED, note="only the month is told"
            )
        if chance.random() < 0.2:
            changes["realis"] = chance.choice([Realis.PLANNED, Realis.CALLED_FOR, Realis.DENIED])
        if chance.random() < 0.3:
            changes["place"] = Place("Rivermouth", "BEL", 35.9, 36.6)
        for publisher in chance.sample(PUBLISHERS, chance.choice([1, 1, 1, 2, 3])):
            speaker = chance.choice(["", "", "President Falk", "Corran Union"])
            coded.append(code_line(line, publisher, speaker, **changes))
    return coded
