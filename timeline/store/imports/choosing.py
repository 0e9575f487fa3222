"""Which rows are kept: those of events that are not in the table, and newer ones of events that are."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from timeline.store.imports.mapping import Mapped
from timeline.store.imports.originals import read_kept_moments
from timeline.store.project import Project
from timeline.store.snapshot import READ, list_files, quote_files, read_snapshot, reading_table


@dataclass(frozen=True, slots=True)
class Chosen:
    """Indices into mapped rows, going up: of events not in the table, and of those that replace a row of theirs."""

    new: NDArray[np.int64]
    newer: NDArray[np.int64]

    @property
    def kept(self) -> NDArray[np.int64]:
        """All of them in the order of the file."""
        return np.sort(np.concatenate([self.new, self.newer]))


def choose_rows(project: Project, offered: Sequence[Mapped]) -> list[Chosen]:
    """Of each batch the rows to keep, one of each event in all batches.

    An event that is there needs a row that was changed later than the one kept of it. Of several rows it is the one
    changed last, else the first. A row that does not say when it was changed replaces none and is not replaced.
    """
    batches = [one.rows["event_id"].to_numpy() for one in offered]
    every, moments = np.concatenate(batches), np.concatenate([one.updated for one in offered])
    keys, first = np.unique(every, return_index=True)
    latest = _find_latest(every, moments) if moments.max(initial=-1) >= 0 else first
    known = np.isin(keys, find_events(project, keys))
    new = np.where(moments[first] < 0, first, latest)[~known]
    newer = _find_newer(project, offered, every, moments, latest[known])
    bounds = np.cumsum([0, *map(len, batches)])
    return [Chosen(_within(new, *some), _within(newer, *some)) for some in itertools.pairwise(bounds)]


def find_events(project: Project, keys: NDArray[np.int64], origins: tuple[str, ...] = READ) -> NDArray[np.int64]:
    """Those of some keys that are in the event table, in partitions whose names begin so; in no order."""
    snapshot = read_snapshot(project)
    files = list_files(project, snapshot, origins) if snapshot else ()
    if not len(keys) or not files:
        return np.array([], dtype=np.int64)
    with (
        reading_table(project),
        contextlib.closing(duckdb.connect(config={"autoinstall_known_extensions": False})) as connection,
    ):
        connection.execute("SET threads = 1; SET memory_limit = '500MB'")
        connection.register("offered", pa.table({"event_id": pa.array(keys)}))
        known = connection.execute(
            f"SELECT event_id FROM read_parquet({quote_files(files)}) WHERE event_id BETWEEN ? AND ?"
            " AND event_id IN (SELECT event_id FROM offered)",
            [int(keys.min()), int(keys.max())],
        ).fetchnumpy()["event_id"]
    return np.asarray(known, dtype=np.int64)


def _find_latest(keys: NDArray[np.int64], moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index of the row of each key, in the order of keys, that was changed last, the first of several."""
    latest_first = np.argsort(-moments, kind="stable")
    return np.asarray(latest_first[np.unique(keys[latest_first], return_index=True)[1]])


def _find_newer(
    project: Project,
    offered: Sequence[Mapped],
    keys: NDArray[np.int64],
    moments: NDArray[np.int64],
    known: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Which of the rows of events in the table were changed later than the rows kept of these."""
    dated = known[moments[known] >= 0]
    if not len(dated):
        return dated
    kept = np.full(len(dated), -1, dtype=np.int64)
    for each in {one.format.name: one.format for one in offered if one.format.updated}.values():
        kept = np.maximum(kept, read_kept_moments(project, each, keys[dated]))
    return dated[(kept >= 0) & (kept < moments[dated])]


def _within(rows: NDArray[np.int64], low: int, high: int) -> NDArray[np.int64]:
    """The rows from `low` on and before `high`, going up and counted from there."""
    return np.sort(rows[(rows >= low) & (rows < high)]) - low
