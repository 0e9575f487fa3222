"""What a correction is: who changed what, when, from what to what, and why; and how it names a coding.

A correction never changes a coding in the record. It is a line of a log that is only ever added to, and codings are
read through the log (see `folding`). It names codings by their place in the article and the sentence's own words,
which a new coder or lexicon leaves as they are.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from timeline.ontology import EVENT_TYPES, SECTORS
from timeline.records import Actor, Coding, Mention, Place, Precision, Realis, digest
from timeline.store.serial import clean, from_plain, to_plain

FIELDS = ("date", "type", "sources", "targets", "realis", "place")
"""What can be corrected of an event."""


class Kind(StrEnum):
    """What a correction does."""

    CORRECT = "correct"  # sets fields, and may say that the rest was checked
    DELETE = "delete"  # no event at all
    MERGE = "merge"  # one happening
    SPLIT = "split"  # another happening than the rest
    ADD = "add"  # an act that the coder missed
    CHECK = "check"  # every act of the article was looked at
    NAME = "name"  # an actor for words that named nobody known
    UNDO = "undo"  # takes back another correction, or another undo
    PUBLISHED = "published"  # the publication date of an article


@dataclass(frozen=True, slots=True)
class Address:
    """Where a coding stands: its article, the words of its sentence and of its act, its id when it was named.

    `start`, `end` bound the sentence, `trigger_start`, `trigger_end` the act, in characters of the article.
    """

    article: str
    start: int
    end: int
    trigger_start: int
    trigger_end: int
    event_type: str
    coding: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the log.

    Attributes:
        at: When, in UTC, as ISO text with milliseconds.
        who: By whom, in their own words.
        kind: What it does.
        addresses: The codings it is about; for SPLIT those taken out.
        subject: What else it is about: an article's id (CHECK, PUBLISHED), words (NAME), the id of a
            correction (UNDO), "" for the rest.
        before: What the reader saw: a list of the values of each field over the codings (CORRECT, DELETE), the
            addresses of the rest (SPLIT), an actor or None (NAME).
        after: What it is set to: one value for each field and `reviewed` (CORRECT), a coding (ADD), the
            addresses of the article's acts with their values (CHECK), an actor (NAME).
        reason: Why, in the reader's words.
    """

    at: str
    who: str
    kind: Kind
    addresses: tuple[Address, ...] = ()
    subject: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    @property
    def id(self) -> str:
        """A hash of the content: the same in every project that the correction travels to."""
        return digest("correction", write_line(self))


def address_of(coding: Coding, sentence: str) -> Address:
    """The address of a coding; `sentence` is its text."""
    return Address(
        clean(coding.article_id), coding.start, coding.end, coding.trigger_start, coding.trigger_end,
        coding.event_type, coding.id, clean(sentence),
    )  # fmt: skip


def read_values(coding: Coding) -> dict[str, Any]:
    """The value of each of `FIELDS` as plain data; actors that are only words have the id ""."""
    date = coding.date
    return {
        "date": {"start": to_plain(date.start), "end": to_plain(date.end), "precision": str(date.precision)},
        "type": coding.event_type,
        "sources": _plain_side(coding.sources),
        "targets": _plain_side(coding.targets),
        "realis": str(coding.realis),
        "place": write_place(coding.place),
    }


def gather_values(codings: Iterable[Coding], fields: Iterable[str] = FIELDS) -> dict[str, list[Any]]:
    """The different values of each field over some codings, in a fixed order."""
    each = [read_values(coding) for coding in codings]
    return {name: _unique(values[name] for values in each) for name in fields}


def same_value(name: str, first: Any, second: Any) -> bool:
    """Whether two values of a field are equal to a reader: an actor is its id, a place its name and point."""
    return bool(_essence(name, first) == _essence(name, second))


def write_place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {name: getattr(place, name) for name in ("name", "country", "latitude", "longitude")}


def write_actor(actor: Actor) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(actor)
    return plain


def write_line(correction: Correction) -> str:
    """A correction as one line of JSON, keys in order; `read_line` reads it back."""
    return json.dumps(write_plain(correction), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def write_plain(correction: Correction) -> dict[str, Any]:
    """A correction as dicts, lists and strings."""
    return {
        "at": correction.at,
        "who": clean(correction.who),
        "kind": str(correction.kind),
        "addresses": [write_address(address) for address in correction.addresses],
        "subject": clean(correction.subject),
        "before": dict(correction.before),
        "after": dict(correction.after),
        "reason": clean(correction.reason),
    }


def write_address(address: Address) -> dict[str, Any]:
    return {name: getattr(address, name) for name in Address.__slots__}


def read_address(plain: Any) -> Address:
    """The address in plain data; raises ValueError with what is wrong."""
    if not isinstance(plain, dict):
        raise ValueError("an address is no object")
    texts = ("article", "event_type", "coding", "sentence")
    for name in Address.__slots__:
        if type(plain.get(name)) is not (str if name in texts else int):
            raise ValueError(f"address: {name} is missing or of the wrong kind")
    return Address(**{name: plain[name] for name in Address.__slots__})


def read_plain(plain: Any) -> Correction:
    """The correction in plain data, checked.

    Raises:
        ValueError: Something is missing, of the wrong kind, or not possible; the message says what.
    """
    if not isinstance(plain, dict):
        raise ValueError("not an object")
    for name in ("at", "who", "kind", "subject", "reason"):
        if not isinstance(plain.get(name), str):
            raise ValueError(f"{name} is missing or no text")
    if plain["kind"] not in set(Kind):
        raise ValueError(f"unknown kind {plain['kind']!r}; use one of {', '.join(Kind)}")
    if not all(isinstance(plain.get(name), dict) for name in ("before", "after")):
        raise ValueError("before and after must be objects")
    if not isinstance(plain.get("addresses"), list):
        raise ValueError("addresses must be a list")
    found = Correction(
        plain["at"], plain["who"], Kind(plain["kind"]), tuple(read_address(one) for one in plain["addresses"]),
        plain["subject"], plain["before"], plain["after"], plain["reason"],
    )  # fmt: skip
    check(found)
    return found


def check(correction: Correction) -> None:
    """Refuse what no later step could use.

    Raises:
        ValueError: The message says what is wrong and what is allowed.
    """
    needs_codings = correction.kind in (Kind.CORRECT, Kind.DELETE, Kind.MERGE, Kind.SPLIT)
    if needs_codings and not correction.addresses:
        raise ValueError(f"{correction.kind}: names no coding")
    if correction.kind in (Kind.CHECK, Kind.NAME, Kind.UNDO, Kind.PUBLISHED) and not correction.subject.strip():
        raise ValueError(f"{correction.kind}: names no subject")
    if correction.kind is Kind.CORRECT:
        for name, value in correction.after.items():
            if name != "reviewed":
                check_value(name, value)
    elif correction.kind is Kind.ADD:
        read_coding(correction)
    elif correction.kind is Kind.NAME:
        read_actor(correction.after)
    elif correction.kind in (Kind.SPLIT, Kind.CHECK):
        part = correction.before if correction.kind is Kind.SPLIT else correction.after
        if not isinstance(part.get("codings"), list):
            raise ValueError(f"{correction.kind}: lists no codings")
        for address in part["codings"]:
            read_address(address)
        if correction.kind is Kind.CHECK and len(part.get("values") or ()) != len(part["codings"]):
            raise ValueError("check: needs the values of each coding")


def check_value(name: str, value: Any) -> None:
    """Whether a field can have this value; raises ValueError with what is allowed."""
    if name not in FIELDS:
        raise ValueError(f"unknown field {name!r}; use one of {', '.join(FIELDS)}")
    if name == "type" and value not in EVENT_TYPES:
        raise ValueError(f"unknown event type {value!r}; use one of {', '.join(EVENT_TYPES)}")
    if name == "realis" and value not in set(Realis):
        raise ValueError(f"unknown realis {value!r}; use one of {', '.join(Realis)}")
    if name == "date":
        _check_date(value)
    if name == "place" and value is not None:
        from_plain(Place, value)
    if name in ("sources", "targets"):
        if not isinstance(value, list):
            raise ValueError(f"{name}: not a list of actors")
        for actor in value:
            read_actor(actor)


def read_actor(plain: Any) -> Actor:
    """The actor in plain data; raises ValueError where it has no id or name or an unknown sector."""
    actor = from_plain(Actor, dict(plain) if isinstance(plain, Mapping) else plain)
    if not actor.id or not actor.name.strip():
        raise ValueError("an actor needs an id and a name")
    if actor.sector and actor.sector not in SECTORS:
        raise ValueError(f"unknown sector {actor.sector!r}; use one of {', '.join(SECTORS)}")
    return actor


def read_coding(correction: Correction) -> Coding:
    """The coding that an ADD brings; its id is the correction's own."""
    coding = from_plain(Coding, correction.after)
    if coding.event_type not in EVENT_TYPES:
        raise ValueError(f"unknown event type {coding.event_type!r}; use one of {', '.join(EVENT_TYPES)}")
    if not coding.kept_id or not 0 <= coding.start <= coding.trigger_start <= coding.trigger_end <= coding.end:
        raise ValueError("the added coding has no id or does not lie in its sentence")
    return coding


def _check_date(value: Any) -> None:
    if not isinstance(value, Mapping) or value.get("precision") not in set(Precision):
        raise ValueError(f"date: needs start, end and a precision, one of {', '.join(Precision)}")
    days = [_read_day(value.get(end)) for end in ("start", "end")]
    if days[0] and days[1] and days[0] > days[1]:
        raise ValueError(f"date: it ends ({days[1]}) before it starts ({days[0]})")


def _read_day(text: Any) -> str | None:
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(text).isoformat()
    except (TypeError, ValueError):
        day = ""
    if day != text:  # "20200305" would be another spelling of the same value
        raise ValueError(f"date: {text!r} is no day like 2020-03-05")
    return day


def _plain_side(mentions: Iterable[Mention]) -> list[dict[str, Any]]:
    actors = {m.actor.id: write_actor(m.actor) for m in mentions if m.actor}
    words = {m.text: {"id": "", "name": clean(m.text)} for m in mentions if m.actor is None}
    return [plain for _, plain in sorted(actors.items())] + [plain for _, plain in sorted(words.items())]


def _essence(name: str, value: Any) -> Any:
    if name in ("sources", "targets"):
        return sorted((actor["id"] or f"“{actor['name']}”") for actor in value)
    return value


def _unique(values: Iterable[Any]) -> list[Any]:
    return [json.loads(text) for text in sorted({json.dumps(value, sort_keys=True) for value in values})]
