"""An event as the documents tell it: in words, with its date no more exact than known and the sentences behind it.

Calendar, TimelineJS, markwhen and the brief are different dress of the same story.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from timeline.ontology import EVENT_TYPES
from timeline.queries.events import EventEvidence
from timeline.records import Actor, Article, Coding, Event, EventDate, Place, Precision
from timeline.views.evidence import name_speakers
from timeline.views.markup import safe_link
from timeline.views.wording import (
    BASIS_WORDS,
    REALIS_WORDS,
    clean_text,
    label_type,
    say_attribution,
    say_event,
    say_span,
    shorten,
)

_LONGEST_QUOTE = 1200
_MONTHLY = (Precision.MONTH, Precision.SEASON, Precision.QUARTER, Precision.APPROXIMATE)
_YEARLY = (Precision.YEAR, Precision.DECADE)
Folds = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """An event with its reports: each coding and the article it stands in.

    An imported event has none; `note` then says what there is instead, and `link` is its article's address or "".
    """

    event: Event
    reports: tuple[tuple[Coding, Article], ...]
    note: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What one article says of an event: its words, who says so in them, and where they stand.

    All is plain text without control characters; `link` is a plain web address or "".
    """

    words: str
    who: str
    publisher: str
    title: str
    published: dt.date | None
    link: str


@dataclass(frozen=True, slots=True)
class Story:
    """An event in words.

    Attributes:
        id: The event's.
        title: Who did what to whom.
        first: First day, None for unknown or open.
        last: Last day, None for unknown or open.
        precision: How exact the days are.
        when: The date in words, no more exact than known.
        basis: Where the date comes from, in words.
        warning: That the act is not presented as having happened, "" where it is.
        differences: Fields in which the reports disagree.
        checked: That a reader corrected or reviewed it, "" where none did.
        kind: The event type in words.
        quad_class: 0 to 4.
        place: Where, None if unknown.
        quotes: One for each report, earliest published first.
        note: Why there are no quotes.
        link: Address of the article of an event without quotes, "" if unknown.
    """

    id: str
    title: str
    first: dt.date | None
    last: dt.date | None
    precision: Precision
    when: str
    basis: str
    warning: str
    differences: tuple[str, ...]
    checked: str
    kind: str
    quad_class: int
    place: Place | None
    quotes: tuple[Quote, ...]
    note: str = ""
    link: str = ""

    @property
    def dated(self) -> bool:
        """Whether at least one end of its date is known."""
        return self.first is not None or self.last is not None


def gather(evidence: EventEvidence, folds: Folds | None = None) -> ReportedEvent:
    """An event with its reports as the documents need it, its actors folded as in the view."""
    event = fold_event(evidence.event, folds) if folds else evidence.event
    link = evidence.original.url if evidence.original else ""
    return ReportedEvent(
        event, tuple((r.coding, r.article) for r in evidence.reports), evidence.note, safe_link(link) or ""
    )


def fold_event(event: Event, folds: Folds) -> Event:
    """The event with each actor replaced by what it folds into, each once per side; unknown ones stay."""

    def fold(side: Sequence[Actor]) -> tuple[Actor, ...]:
        found: dict[str, Actor] = {}
        for actor in side:
            into, name = folds.get(actor.id, (actor.id, actor.name))
            found.setdefault(into, actor if into == actor.id else Actor(into, name, actor.country))
        return tuple(found.values())

    return replace(event, sources=fold(event.sources), targets=fold(event.targets))


def tell(item: ReportedEvent) -> Story:
    """Tell an event in words."""
    event = item.event
    kind = EVENT_TYPES[event.event_type]
    words = next((f"“{c.text_target}”" for c in event.codings if c.text_target), "")
    targets = [a.name for a in event.targets] or ([words] if words else [])
    return Story(
        id=event.id,
        title=_line(say_event(event.event_type, [a.name for a in event.sources], targets)),
        first=event.date.start,
        last=event.date.end,
        precision=Precision(event.date.precision),
        when=say_span(event.date.start, event.date.end, event.date.precision),
        basis=BASIS_WORDS[event.date.basis] if item.reports else _line(event.date.note),
        warning=REALIS_WORDS[event.realis] if event.realis != "actual" else "",
        differences=event.differences,
        checked=say_checked(event),
        kind=label_type(event.event_type),
        quad_class=kind.quad_class,
        place=event.place,
        quotes=tuple(quote(coding, article) for coding, article in item.reports),
        note=item.note,
        link=item.link,
    )


def say_checked(event: Event) -> str:
    """What a reader did to an event by hand, "" for nothing."""
    done = [f"corrected by a reader ({', '.join(event.corrected)})"] if event.corrected else []
    return "; ".join(done + (["reviewed"] if event.reviewed else []))


def quote(coding: Coding, article: Article) -> Quote:
    """What an article says in the sentence of a coding."""
    who = say_attribution([_line(name) for name in name_speakers(coding)], _line(article.publisher))
    return Quote(
        words=shorten(article.text[coding.start : coding.end], _LONGEST_QUOTE),
        who=who,
        publisher=_line(article.publisher),
        title=_line(article.title),
        published=article.published,
        link=safe_link(article.url) or "",
    )


def date_parts(date: EventDate | Story) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last day as (year,), (year, month) or (year, month, day): no more exact than known.

    The two are equal where one date says it all; empty for undated. An open end is taken as the end that is known.

    >>> date_parts(EventDate(dt.date(2020, 3, 1), dt.date(2020, 3, 31), Precision.MONTH, Basis.STATED))
    ((2020, 3), (2020, 3))
    """
    first, last = (date.first, date.last) if isinstance(date, Story) else (date.start, date.end)
    if first is None and last is None:
        return (), ()
    known = [day for day in (first, last) if day is not None]
    size = 1 if date.precision in _YEARLY else 2 if date.precision in _MONTHLY else 3
    low, high = ((day.year, day.month, day.day)[:size] for day in (known[0], known[-1]))
    return low, high


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())
