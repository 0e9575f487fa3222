"""The records that travel between stages: frozen, plain, and each with the evidence it rests on.

Offsets are characters of `Article.text`, start included and end excluded. Days are closed intervals.
Unknown is None or a member of an enumeration, never 0, "" or a default that looks like an answer.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from timeline.ontology import EVENT_TYPES


class Precision(StrEnum):
    """How exact the words of a date are."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    QUARTER = "quarter"
    YEAR = "year"
    DECADE = "decade"
    APPROXIMATE = "approximate"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """Where the date of an event comes from, best first."""

    CORRECTED = "corrected"  # a reader set it by hand
    STATED = "stated"  # a time expression in the event's own clause
    SENTENCE = "sentence"  # one elsewhere in the sentence
    CARRIED = "carried"  # one in an earlier sentence of the same passage
    PUBLISHED = "published"  # the article's publication date, for want of better
    NONE = "none"


class Realis(StrEnum):
    """Whether the text presents the act as having happened (PLOVER's contexts, in our terms)."""

    ACTUAL = "actual"
    PLANNED = "planned"
    CALLED_FOR = "called_for"
    HYPOTHETICAL = "hypothetical"
    DENIED = "denied"
    HISTORICAL = "historical"


class TimexType(StrEnum):
    """TIMEX3 types (Pustejovsky et al. 2005)."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as its readers hand it on.

    `id` is stable for the same text or address, see `identify_article`. `published` is the document
    creation time; None means that nobody knows it. `language` is an ISO 639-1 code, "" if not detected.
    """

    id: str
    text: str
    published: dt.date | None = None
    title: str = ""
    publisher: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A closed interval of days; None is an open end. Never more exact than its words."""

    start: dt.date | None
    end: dt.date | None
    precision: Precision = Precision.DAY


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A TIMEX3 expression. `value` is "" and `span` None where it cannot be resolved; `note` then says why.

    `mod` is TIMEX3's modifier (START, MID, END, APPROX, BEFORE, AFTER, …) or "".
    """

    start: int
    end: int
    text: str
    type: TimexType
    value: str
    span: DateSpan | None = None
    mod: str = ""
    rule: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EventDate:
    """When an event happened, as exactly as the text says, and why we think so.

    `timex` is the expression it rests on, None for the bases published and none. `note` explains in
    words a reader can check, for example "Thursday" cannot be placed without a publication date.
    """

    start: dt.date | None
    end: dt.date | None
    precision: Precision
    basis: Basis
    timex: TimeExpression | None = None
    note: str = ""


UNDATED = EventDate(None, None, Precision.UNKNOWN, Basis.NONE)


@dataclass(frozen=True, slots=True)
class Actor:
    """A lexicon entry, or an actor proposed from the text (`known` False).

    `country` is ISO 3166 alpha-3, or IGO, EUR, UNO, NGO, … where PLOVER has no state; `sector` is a PLOVER
    sector code. None is unknown. `part_of` is the id of the organ or state it folds into; `kind` is the
    lexicon's: state, organ, person, armed_group, …
    """

    id: str
    name: str
    country: str | None = None
    sector: str | None = None
    part_of: str | None = None
    known: bool = True
    kind: str | None = None

    @property
    def is_bare_sector(self) -> bool:
        """Whether nothing is known of it but its sector: "rebels", "soldiers"."""
        return self.id == self.sector


@dataclass(frozen=True, slots=True)
class Mention:
    """Words in the text that name an actor. `actor` is None where the words name none we can place.

    `rule` says how the words were tied to the actor: alias, agent-noun, pronoun, surname, office, …
    """

    start: int
    end: int
    text: str
    actor: Actor | None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A named place with coordinates (degrees, WGS 84) and the words that name it."""

    name: str
    country: str
    latitude: float
    longitude: float
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says so. `speakers` are nested, outermost first; empty means the article's own voice.

    `start` and `end` bound the reporting words ("said", "according to …"), -1 where there are none.
    `quoted` is True where the act stands inside quotation marks.
    """

    speakers: tuple[Mention, ...] = ()
    start: int = -1
    end: int = -1
    quoted: bool = False


NARRATED = Attribution()


@dataclass(frozen=True, slots=True)
class Coding:
    """One sentence's reading of one act: who did what to whom, when, where, and who says so.

    `start` and `end` bound the sentence. A meeting of three has its participants both as sources and as
    targets. `text_target` keeps the words acted on where they are no actor ("condemned the attack").
    `corrected` names the fields that a reader set by hand, "added" where the whole coding was; `kept_id` is then the
    id it had before, so that a corrected coding stays the same one. `doubts` names what lowers the confidence, see
    coding/doubts.py.
    """

    article_id: str
    start: int
    end: int
    trigger_start: int
    trigger_end: int
    event_type: str
    sources: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    realis: Realis = Realis.ACTUAL
    date: EventDate = UNDATED
    place: Place | None = None
    attribution: Attribution = NARRATED
    text_target: str = ""
    rule: str = ""
    confidence: float = 0.5
    finer_root: str = ""
    corrected: tuple[str, ...] = ()
    kept_id: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Stable for the same article, trigger, act and actors, and under corrections."""
        if self.kept_id:
            return self.kept_id
        actors = [",".join(sorted(f"{m.start}-{m.end}" for m in side)) for side in (self.sources, self.targets)]
        return digest(self.article_id, str(self.trigger_start), self.event_type, *actors)

    @property
    def quad_class(self) -> int:
        return EVENT_TYPES[self.event_type].quad_class

    @property
    def cameo_root(self) -> str:
        return self.finer_root or EVENT_TYPES[self.event_type].cameo_root

    @property
    def goldstein(self) -> float:
        return EVENT_TYPES[self.event_type].goldstein


@dataclass(frozen=True, slots=True)
class Event:
    """Codings of one happening, from one or many articles. `codings` is sorted by id.

    `differences` names the fields in which the reports disagree: date, actors, act. `corrected` names the fields
    that a reader set by hand; `reviewed` says that a reader checked all of its codings as they now are.
    """

    id: str
    codings: tuple[Coding, ...]
    event_type: str
    sources: tuple[Actor, ...]
    targets: tuple[Actor, ...]
    date: EventDate
    realis: Realis
    place: Place | None = None
    differences: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    reviewed: bool = False


def identify_article(text: str, url: str = "") -> str:
    """The id of an article: a hash of its normalised address, or of its text where it has none."""
    if url:
        return digest(re.sub(r"^https?://(www\.)?|[?#](utm_|fbclid|ref=).*$|/+$", "", url.strip()))
    return digest(" ".join(text.split()))


def digest(*parts: str) -> str:
    """16 hexadecimal digits of a hash of the parts; lone surrogates do not break it."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=8).hexdigest()
