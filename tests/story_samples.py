"""Invented events with reports, for the tests of documents."""

from __future__ import annotations

import datetime as dt

from timeline.queries.filters import EventFilter
from timeline.records import (
    Actor,
    Article,
    Attribution,
    Basis,
    Coding,
    Event,
    EventDate,
    Mention,
    Place,
    Precision,
    Realis,
    identify_article,
)
from timeline.views.provenance import Provenance
from timeline.views.stories import ReportedEvent

ARVONIA, BELMARK = Actor("ARV", "Arvonia", "ARV"), Actor("BEL", "Belmark", "BEL")
PROVENANCE = Provenance(
    filter=EventFilter(actors=("ARV",), role="source"), events=2, total=9, fingerprint="abc123",
    coder="0.1 (lexicon 7)",
    made=dt.datetime(2020, 3, 6, 14, 5, tzinfo=dt.UTC), project="Riverland", actor_names=("Arvonia",),
)  # fmt: skip
MARCH = EventDate(dt.date(2020, 3, 1), dt.date(2020, 3, 31), Precision.MONTH, Basis.SENTENCE)
DAY = EventDate(dt.date(2020, 3, 5), dt.date(2020, 3, 5), Precision.DAY, Basis.STATED)
NOBODY_KNOWS = EventDate(None, None, Precision.UNKNOWN, Basis.NONE)
SINCE = EventDate(dt.date(2020, 3, 2), None, Precision.UNKNOWN, Basis.STATED)


def make_reported(
    event_id: str = "00000000000000a1",
    date: EventDate = DAY,
    sentence: str = "Arvonia accused Belmark, its neighbour; of lies.",
    title: str = "Row at the river",
    publisher: str = "Arvon Gazette",
    url: str = "https://news.example/1",
    speaker: str = "",
    source: Actor = ARVONIA,
    target: Actor = BELMARK,
    event_type: str = "ACCUSE",
    realis: Realis = Realis.ACTUAL,
    place: Place | None = None,
    reports: int = 1,
    **changes: object,
) -> ReportedEvent:
    """An event told by as many articles as `reports`, all with the same words and title."""
    told = []
    for number in range(reports):
        address = url + (f"?{number}" if number else "")
        article = Article(
            identify_article(sentence, address + title), sentence, dt.date(2020, 3, 6), title, publisher, address, "en"
        )
        said = Attribution((Mention(0, 1, speaker, None),)) if speaker else Attribution()
        coding = Coding(
            article.id, 0, len(sentence), 0, 1, event_type, (Mention(0, 1, source.name, source),),
            (Mention(0, 1, target.name, target),), realis, date, place, said, rule="frame", confidence=0.8,
        )  # fmt: skip
        told.append((coding, article))
    event = Event(event_id, tuple(c for c, _ in told), event_type, (source,), (target,), date, realis, place)
    values = {name: changes.get(name, getattr(event, name)) for name in event.__slots__}
    return ReportedEvent(Event(**values), tuple(told))
