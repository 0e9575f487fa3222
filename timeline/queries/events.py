"""The events themselves, a page at a time, and the evidence behind one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from timeline.errors import MissingEventError
from timeline.ontology import EVENT_TYPES
from timeline.queries.filters import EventFilter
from timeline.queries.frames import make_frame
from timeline.queries.held.choosing import choose_days
from timeline.queries.held.pages import at_place, read_rows
from timeline.queries.matching import Match, match_events, match_most_reported
from timeline.queries.tables import Loaded, Session, Tables, also_remote
from timeline.records import Actor, Basis, Event, EventDate, Place, Precision, Realis
from timeline.store.codes import BASIS_CODES, EVENT_TYPE_CODES, PRECISION_CODES, REALIS_CODES, event_key, name_event
from timeline.store.codings import Report, find_event, read_addresses, read_marks, read_reports, read_sentences
from timeline.store.originals import Original, read_original, read_original_addresses

ORDERS = {
    "newest": '"start" DESC NULLS LAST, event_id DESC',
    "oldest": '"start" ASC NULLS LAST, event_id ASC',
    "reports": 'reports DESC, "start" DESC NULLS LAST, event_id DESC',
}
COLUMNS = {
    "event_id": "str", "start": "day", "end": "day", "published": "day", "precision": "str", "basis": "str",
    "event_type": "object", "quad_class": "int64", "goldstein": "float64", "realis": "object",
    "confidence": "float64", "source_ids": "object", "source_names": "object", "target_ids": "object",
    "target_names": "object", "reports": "int64", "publishers": "int64", "publisher_names": "object",
    "contested": "bool", "corrected": "bool", "reviewed": "bool",
    "place": "object", "latitude": "float64", "longitude": "float64", "sentence": "str",
}  # fmt: skip
_FIRST_LOOK_DAYS = 31
_MOST_DAYS = 100  # beyond, comparing with each costs more than it saves
# What the projection by actor lacks.
_WIDE = ("precision", "basis", "confidence", "publishers", "publisher", "more_publishers", "place")
_RAW = (
    "event_id", "start", "end", "published", "precision", "basis", "event_type", "quad_class", "goldstein", "realis",
    "confidence", "reports", "publishers", "contested", "publisher", "more_publishers", "source", "more_sources",
    "target", "more_targets", "place",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventEvidence:
    """An event and each report of it.

    A report holds the coding (with the character spans of its sentence, trigger, actors and reporting words,
    the date with its basis and note, realis, rule, confidence), the article, the sentence, and which versions
    read it. Imported events have no reports and no sentence: their evidence is `original`, the row they were
    made of, with the address of its article where the file names one. It is None for events read in articles, and
    for imported ones whose original rows were not kept.
    """

    event: Event
    reports: tuple[Report, ...]
    original: Original | None = None

    @property
    def note(self) -> str:
        """For a reader, why there is no sentence and what there is instead; "" where there are reports."""
        if self.reports:
            return ""
        if self.original is None:
            return "Imported without text: there is no sentence, and its original row was not kept."
        address = f"its article: {self.original.url}" if self.original.url else "the row names no article"
        if not self.original.line:
            return f"Read from {self.original.file}: there is no sentence. The evidence is the event's row; {address}."
        where = f"line {self.original.line:,} of {self.original.file} ({self.original.format})"
        return f"Imported without text: there is no sentence. The evidence is {where}; {address}."


@also_remote
def select_events(
    tables: Tables, f: EventFilter, limit: int = 50, offset: int = 0, order: str = "newest"
) -> pd.DataFrame:
    """A page of events.

    Args:
        tables: The project's tables.
        f: Which events.
        limit: Rows at most.
        offset: Rows to skip.
        order: "newest" or "oldest" by first day, "reports" by number of reports; undated and open starts last.

    Returns:
        Columns `COLUMNS`: days as datetime64 (NaT unknown or open), the columns of ids and names hold lists,
        `place`, `event_type` and `realis` are None and numbers NaN where unknown; `sentence` is "" for
        imported events, and so is `basis` where their data set does not tell it. `corrected` says that a reader
        set something by hand, `reviewed` that one checked it as it is.
    """
    check_order(order)
    with tables.session() as session:
        choice = choose_days(session, f)
        if choice is not None:
            return _page_frame(session, read_rows(choice, max(0, limit), max(0, offset), order))
        most = match_most_reported(session, f) if order == "reports" else None
        if most:
            rows = _ordered(session, most, max(0, limit), max(0, offset), order)
            if len(rows) == limit:  # nothing outside has as many reports
                return _page_frame(session, rows)
        return _page_frame(session, _page(session, match_events(session, f), max(0, limit), max(0, offset), order))


@also_remote
def select_events_at(tables: Tables, f: EventFilter, place_key: int, limit: int = 200) -> pd.DataFrame:
    """The newest events of a place, as `select_events` gives them; see `count_places`."""
    with tables.session() as session:
        choice = choose_days(session, f)
        if choice is not None:
            return _page_frame(session, read_rows(at_place(choice, place_key), max(0, limit), 0, "newest"))
        match = match_events(session, f, wide=True).also("place = $place", place=int(place_key))
        return _page_frame(session, _page(session, match, max(0, limit), 0, "newest"))


def check_order(order: str) -> None:
    """Raise ValueError where there is no such order."""
    if order not in ORDERS:
        raise ValueError(f"unknown order {order!r}; use one of {', '.join(ORDERS)}")


def _page_frame(session: Session, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    keys = [row["event_id"] for row in rows]
    sentences, marks = read_sentences(session.project, keys), read_marks(session.project, keys)
    readable = [
        _readable(row, session.loaded, sentences)
        | dict(zip(("corrected", "reviewed"), marks[row["event_id"]], strict=True))
        for row in rows
    ]
    return make_frame([[row[name] for name in COLUMNS] for row in readable], COLUMNS)


@also_remote
def read_evidence(tables: Tables, event_id: str) -> EventEvidence:
    """The event with this id and every report of it, earliest published first.

    Raises:
        MissingEventError: There is no such event, or no longer.
        StoreError: The row that an imported event was made of cannot be read.
    """
    key = event_key(event_id)
    with tables.session() as session:
        reports = read_reports(session.project, key)
        event = find_event(session.project, key)
        if event is None:
            row = _row(session, key)
            if row is None:
                raise MissingEventError(f"no event {event_id}; the events were derived anew since, reload the view")
            event = _as_event(row, session.loaded)
    return EventEvidence(event, reports, None if reports else read_original(tables.project, key))


@also_remote
def list_addresses(tables: Tables, event_ids: Sequence[str]) -> dict[str, str]:
    """By event id, the address of the article that the sentence or the imported row comes from, where there is one."""
    keys = {event_key(event_id): event_id for event_id in event_ids}
    found = read_addresses(tables.project, keys)
    found |= read_original_addresses(tables.project, [key for key in keys if key not in found])
    return {keys[key]: address for key, address in found.items()}


def _page(session: Session, match: Match, limit: int, offset: int, order: str) -> list[dict[str, Any]]:
    """The rows of a page."""
    if order == "oldest" and session.snapshot.spans:
        # The files are sorted newest first: look at the oldest month, then further, until the page is full.
        first, last = session.rows('SELECT min("start"), max("start") FROM spans')[0]
        reach = _FIRST_LOOK_DAYS
        while first is not None and reach < (last - first).days:
            early = match.also('"start" <= $reach', reach=first + dt.timedelta(days=reach))
            found = _ordered(session, early, limit, offset, order)
            if len(found) == limit:
                return found
            reach *= 8
    return _ordered(session, match, limit, offset, order)


def _ordered(session: Session, match: Match, limit: int, offset: int, order: str) -> list[dict[str, Any]]:
    """The page of one query; each of its parts stops early by itself, and DuckDB fetches wide columns last."""
    if match.table != "by_actor":
        rows = _list_rows(session, match, _columns(session), limit=limit, offset=offset, order=order)
        return [dict(zip(_RAW, row, strict=True)) for row in rows]
    names = [name for name in _RAW if name not in _WIDE]
    found = _list_rows(session, match, _columns(session, names), limit=limit, offset=offset, order=order)
    beside = _match_rows([(row[0], row[1]) for row in found])
    query = beside.select(f"event_id, {_columns(session, _WIDE)}")
    wide = {key: dict(zip(_WIDE, values, strict=True)) for key, *values in session.rows(query, beside.values)}
    return [dict(zip(names, row, strict=True)) | wide[row[0]] for row in found]


def _list_rows(
    session: Session, match: Match, names: str, *, limit: int, offset: int, order: str
) -> list[tuple[Any, ...]]:
    parts = (f"({part.format(names)} ORDER BY {ORDERS[order]} LIMIT {limit + offset})" for part in match.parts)
    query = f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY {ORDERS[order]} LIMIT {limit} OFFSET {offset}"
    return session.rows(query, match.values)


def _match_rows(found: Sequence[tuple[Any, ...]]) -> Match:
    """The events found in the projection by actor, in the table; their days say which parts of it to read."""
    if not found:
        return Match("events", "false")
    match = Match("events", f"event_id IN ({', '.join(str(int(key)) for key, _ in found)})")
    days = {day for _, day in found}
    if None in days:
        return match
    if len(days) > _MOST_DAYS:
        return match.also('"start" BETWEEN $least AND $greatest', least=min(days), greatest=max(days))
    listed = ", ".join(f"DATE '{day.isoformat()}'" for day in sorted(days))
    return match.also(f'"start" IN ({listed})')


def _row(session: Session, key: int) -> dict[str, Any] | None:
    """The full row of an event."""
    found = session.rows(f"SELECT {_columns(session)} FROM events WHERE event_id = $key", {"key": key})
    return dict(zip(_RAW, found[0], strict=True)) if found else None


def _columns(session: Session, names: Sequence[str] = _RAW) -> str:
    """The columns of a full row; the lists are not read where no row has one."""
    lists = session.snapshot.several > 0
    return ", ".join(f'"{name}"' if lists or not name.startswith("more_") else f"NULL AS {name}" for name in names)


def _readable(row: Mapping[str, Any], loaded: Loaded, sentences: Mapping[int, str]) -> dict[str, Any]:
    place = loaded.places.get(row["place"])
    outlets = [loaded.publishers[key] for key in _keys(row, "publisher", "more_publishers")]
    sources = [loaded.actors[key].actor for key in _keys(row, "source", "more_sources")]
    targets = [loaded.actors[key].actor for key in _keys(row, "target", "more_targets")]
    return {
        **{name: row[name] for name in ("start", "end", "published", "quad_class", "goldstein", "reports")},
        "event_id": name_event(row["event_id"]),
        "precision": _decoded(PRECISION_CODES, row["precision"]) or Precision.UNKNOWN.value,
        # Other data sets give a date without saying what it rests on.
        "basis": _decoded(BASIS_CODES, row["basis"]) or ("" if row["start"] or row["end"] else Basis.NONE.value),
        "event_type": _decoded(EVENT_TYPE_CODES, row["event_type"]),
        "realis": _decoded(REALIS_CODES, row["realis"]),
        # The table keeps four bytes; seven digits are what they hold.
        "confidence": None if row["confidence"] is None else round(row["confidence"], 6),
        "source_ids": [actor.id for actor in sources],
        "source_names": [actor.name for actor in sources],
        "target_ids": [actor.id for actor in targets],
        "target_names": [actor.name for actor in targets],
        "publishers": row["publishers"],
        "publisher_names": outlets,
        "contested": bool(row["contested"]),
        "place": place[0] if place else None,
        "latitude": place[2] if place else None,
        "longitude": place[3] if place else None,
        "sentence": sentences.get(row["event_id"], ""),
    }


def _as_event(row: Mapping[str, Any], loaded: Loaded) -> Event:
    """The record of an imported event, which only the table holds."""

    def actors(first: str, more: str) -> tuple[Actor, ...]:
        return tuple(loaded.actors[key].actor for key in _keys(row, first, more))

    date = EventDate(
        row["start"],
        row["end"],
        Precision(_decoded(PRECISION_CODES, row["precision"]) or Precision.UNKNOWN),
        Basis(_decoded(BASIS_CODES, row["basis"]) or Basis.NONE),
        note="" if row["basis"] is not None else "as the imported table gives it",
    )
    place = loaded.places.get(row["place"])
    return Event(
        id=name_event(row["event_id"]),
        codings=(),
        event_type=_decoded(EVENT_TYPE_CODES, row["event_type"]) or next(iter(EVENT_TYPES)),
        sources=actors("source", "more_sources"),
        targets=actors("target", "more_targets"),
        date=date,
        realis=Realis(_decoded(REALIS_CODES, row["realis"]) or Realis.ACTUAL),
        place=Place(*place) if place else None,
    )


def _keys(row: Mapping[str, Any], first: str, more: str) -> list[int]:
    return [key for key in (row[first], *(row[more] or ())) if key is not None]


def _decoded(codes: tuple[str, ...], code: int | None) -> str | None:
    return None if code is None else codes[code]
