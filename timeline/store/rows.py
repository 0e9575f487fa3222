"""Events as rows of the event table (Arrow), and the table's schema.

One row per event: the first actor of each side and the first publisher in plain integer columns, further ones
in list columns that are NULL for nearly all rows. So a two-actor event costs two integers, and a meeting of
three is still one row. Rows with a list stand apart, after the others, so that queries read the lists of no other
row. Names, sentences and evidence are not in the table; they are looked up for what is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from timeline.ontology import EVENT_TYPES
from timeline.records import Event
from timeline.store.codes import BASIS_CODES, EVENT_TYPE_CODES, PRECISION_CODES, REALIS_CODES, event_key
from timeline.store.dictionaries import place_row
from timeline.store.serial import clean

EVENT_SCHEMA = pa.schema(
    [
        ("event_id", pa.int64()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("published", pa.date32()),  # of the earliest report
        ("precision", pa.int8()),
        ("basis", pa.int8()),
        ("event_type", pa.int8()),
        ("quad_class", pa.int8()),
        ("goldstein", pa.float32()),
        ("realis", pa.int8()),
        ("confidence", pa.float32()),
        ("reports", pa.int32()),
        ("publishers", pa.int32()),
        ("contested", pa.bool_()),
        ("publisher", pa.int32()),
        ("more_publishers", pa.list_(pa.int32())),
        ("source", pa.int32()),
        ("more_sources", pa.list_(pa.int32())),
        ("target", pa.int32()),
        ("more_targets", pa.list_(pa.int32())),
        ("place", pa.int32()),
        ("several", pa.bool_()),  # one of the three lists is not NULL; such rows stand last in the files
        ("origin", pa.string()),  # the Delta partition: record, import, or one that waits, see store.snapshot
    ]
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Dictionary keys by actor id, publisher name and place row; `outlets` by article id."""

    actors: Mapping[str, int]
    publishers: Mapping[str, int]
    places: Mapping[tuple[str, str, float, float], int]
    outlets: Mapping[str, tuple[str, dt.date | None]]


def table_of_events(events: Iterable[Event], keys: Keys) -> pa.Table:
    """One row per event: those without lists first, then newest first (no start last), then by event id."""
    rows = [_row(event, keys) for event in events]
    rows.sort(key=lambda row: (row["start"] is not None, row["start"] or dt.date.min, row["event_id"]), reverse=True)
    rows.sort(key=lambda row: bool(row["several"]))
    return pa.Table.from_pylist(rows, schema=EVENT_SCHEMA)


def complete(rows: pa.Table, partition: str = "import") -> pa.Table:
    """Imported rows with the columns that follow from others: `several` and `origin`, in the table's order."""
    lists = [pc.is_valid(rows[name]) for name in ("more_publishers", "more_sources", "more_targets")]
    several = pc.or_(pc.or_(lists[0], lists[1]), lists[2])
    origin = pa.repeat(pa.scalar(partition, pa.string()), len(rows))
    full = rows.append_column("several", several).append_column("origin", origin)
    return full.select(EVENT_SCHEMA.names).cast(EVENT_SCHEMA)


def _row(event: Event, keys: Keys) -> dict[str, Any]:
    articles = sorted({coding.article_id for coding in event.codings})
    outlets = [keys.outlets.get(clean(article), ("", None)) for article in articles]
    days = [day for _, day in outlets if day]
    publishers = sorted({keys.publishers[name] for name, _ in outlets if name})
    sources = [keys.actors[actor.id] for actor in event.sources]
    targets = [keys.actors[actor.id] for actor in event.targets]
    kind = EVENT_TYPES[event.event_type]
    several = max(len(set(keys)) for keys in (publishers, sources, targets)) > 1
    return {
        "event_id": event_key(event.id),
        "start": event.date.start,
        "end": event.date.end,
        "published": min(days, default=None),
        "precision": PRECISION_CODES.index(event.date.precision),
        "basis": BASIS_CODES.index(event.date.basis),
        "event_type": EVENT_TYPE_CODES.index(event.event_type),
        "quad_class": kind.quad_class,
        "goldstein": kind.goldstein,
        "realis": REALIS_CODES.index(event.realis),
        "confidence": max((coding.confidence for coding in event.codings), default=None),
        "reports": len(articles),
        "publishers": len(publishers),
        "contested": bool(event.differences),
        **_first_and_more("publisher", "more_publishers", publishers),
        **_first_and_more("source", "more_sources", sources),
        **_first_and_more("target", "more_targets", targets),
        "place": keys.places[place_row(event.place)] if event.place else None,
        "several": several,
        "origin": "record",
    }


def _first_and_more(first: str, more: str, keys: Sequence[int]) -> dict[str, Any]:
    unique = list(dict.fromkeys(keys))
    return {first: unique[0] if unique else None, more: unique[1:] or None}
