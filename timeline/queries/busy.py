"""Counts of the busy pairs from arrays in memory: what a filter lets through is added up run by run.

The events between two of the busiest actors lie sorted by pair and quad class, so that a sum over each of these runs
is one pass (numpy's `reduceat`), a tenth of the time that grouping the same rows by hash takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from timeline.queries.filters import EventFilter
from timeline.store.codes import EVENT_TYPE_CODES, REALIS_CODES

_EPOCH = dt.date(1970, 1, 1)
_UNDATED = -(2**31)  # no day of the calendar
_READ = """
    SELECT source, target, quad_class, event_type, coalesce(realis, -1) AS realis, confidence,
        coalesce("start" - DATE '1970-01-01', {undated})::INTEGER AS day, goldstein, reports, contested
    FROM busy_pairs ORDER BY source, target, quad_class, "start"
"""
_WHOLE = "SELECT count(*) FROM busy_pairs WHERE goldstein IS NULL OR reports IS NULL OR contested IS NULL"


@dataclass(frozen=True, slots=True)
class BusyPairs:
    """The events between two of the busiest actors.

    `starts` is where each run of one source, target and quad class begins, and `sources`, `targets`, `quads` are
    those of the runs; the other arrays have one value for each event. Days count from 1970.
    """

    starts: NDArray[np.int64]
    sources: NDArray[np.int32]
    targets: NDArray[np.int32]
    quads: NDArray[np.int8]
    quad_class: NDArray[np.int8]
    event_type: NDArray[np.int8]
    realis: NDArray[np.int8]
    confidence: NDArray[np.float32]
    day: NDArray[np.int32]
    goldstein: NDArray[np.float32]
    reports: NDArray[np.int32]
    contested: NDArray[np.bool_]


def load_busy(cursor: Any) -> BusyPairs | None:
    """Read the projection of busy pairs of a table in which every dated event is one day.

    None where some row lacks what is added up, and where there are no rows.
    """
    if cursor.execute(_WHOLE).fetchone()[0]:
        return None
    found = cursor.execute(_READ.format(undated=_UNDATED)).fetchnumpy()
    if not len(found["day"]):
        return None
    # A column with NULLs comes masked: an unknown confidence is below every other.
    confidence = np.ma.filled(found.pop("confidence"), -1.0).astype(np.float32)
    kinds: Mapping[str, Any] = {"day": np.int32, "goldstein": np.float32, "reports": np.int32, "contested": np.bool_}
    events = {name: np.asarray(values).astype(kinds.get(name, np.int32)) for name, values in found.items()}
    sources, targets, quads = events.pop("source"), events.pop("target"), events.pop("quad_class")
    changes = (sources[1:] != sources[:-1]) | (targets[1:] != targets[:-1]) | (quads[1:] != quads[:-1])
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1]).astype(np.int64)
    codes: dict[str, Any] = {name: events.pop(name).astype(np.int8) for name in ("event_type", "realis")}
    return BusyPairs(
        starts=starts,
        sources=sources[starts],
        targets=targets[starts],
        quads=quads[starts].astype(np.int8),
        quad_class=quads.astype(np.int8),
        confidence=confidence,
        **codes,
        **events,
    )


def count_busy(pairs: BusyPairs, f: EventFilter, slots: Mapping[int, int]) -> pa.Table:
    """Count the filter's events of each pair and quad class, for pairs of the actors that have a slot.

    Returns:
        Columns `source`, `target` (slots), `quad_class`, `events`, `score` (sum of the Goldstein scores), `reports`,
        `contested`, `first`, `last` (days, None without a dated event); one row per pair and quad class with events.
    """
    kept = _let_through(pairs, f)
    slot = np.full(int(max(pairs.sources.max(), pairs.targets.max(), *slots, 0)) + 1, -1, dtype=np.int32)
    slot[list(slots)] = list(slots.values())
    events = np.add.reduceat(kept, pairs.starts, dtype=np.int64)
    source, target = slot[pairs.sources], slot[pairs.targets]
    runs = np.flatnonzero((events > 0) & (source >= 0) & (target >= 0))

    def add(values: NDArray[Any], kind: Any) -> NDArray[Any]:
        return np.add.reduceat(np.where(kept, values, values.dtype.type(0)), pairs.starts, dtype=kind)[runs]

    dated = kept & (pairs.day != _UNDATED)
    first = np.minimum.reduceat(np.where(dated, pairs.day, np.int32(2**31 - 1)), pairs.starts)[runs]
    last = np.maximum.reduceat(np.where(dated, pairs.day, np.int32(_UNDATED)), pairs.starts)[runs]
    none = last == _UNDATED
    return pa.table(
        {
            "source": pa.array(source[runs]),
            "target": pa.array(target[runs]),
            "quad_class": pa.array(pairs.quads[runs]),
            "events": pa.array(events[runs]),
            "score": pa.array(add(pairs.goldstein, np.float64)),
            "reports": pa.array(add(pairs.reports, np.int64)),
            "contested": pa.array(add(pairs.contested, np.int64)),
            "first": pa.array(first, pa.int32(), mask=none).cast(pa.date32()),
            "last": pa.array(last, pa.int32(), mask=none).cast(pa.date32()),
        }
    )


def _let_through(pairs: BusyPairs, f: EventFilter) -> NDArray[np.bool_]:
    """Whether the filter lets each event through, by all of its conditions that these arrays know."""
    kept = np.ones(len(pairs.day), dtype=np.bool_)
    dated = pairs.day != _UNDATED
    if f.start is not None:
        kept &= (pairs.day >= (f.start - _EPOCH).days) | ~dated
    if f.end is not None:
        kept &= (pairs.day <= (f.end - _EPOCH).days) | ~dated
    if not f.undated:
        kept &= dated
    if f.event_types:
        kept &= _among(pairs.event_type, [EVENT_TYPE_CODES.index(name) for name in f.event_types])
    if f.quad_classes:
        kept &= _among(pairs.quad_class, f.quad_classes)
    if f.realis:
        kept &= _among(pairs.realis, [REALIS_CODES.index(name) for name in f.realis])
    if f.min_confidence > 0:
        kept &= pairs.confidence >= np.float32(f.min_confidence)
    if f.contested:
        kept &= pairs.contested
    return kept


def _among(values: NDArray[np.int8], wanted: Sequence[int]) -> NDArray[np.bool_]:
    known = np.zeros(256, dtype=np.bool_)
    known[list(wanted)] = True
    return known[values.view(np.uint8)]
