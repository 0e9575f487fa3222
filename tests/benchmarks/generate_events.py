"""Make a project with millions of invented events, shaped like GDELT's: few actors in most events.

    python tests/benchmarks/generate_events.py FOLDER --rows 10000000

Actors, publishers and places follow power laws; one event in seven has no source, one in four no target, one in
a thousand several of each. Days are spread over six years with busier weekdays. The same seed gives the same
events. Rows go in as an import does, then the table is compacted.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from timeline.ontology import EVENT_TYPES
from timeline.records import Actor, Place
from timeline.store.codes import EVENT_TYPE_CODES, REALIS_CODES
from timeline.store.dictionaries import enter_places, enter_publishers, register_actors
from timeline.store.events import append_events, compact
from timeline.store.project import open_project
from timeline.store.rows import EVENT_SCHEMA

ACTORS, STATES, PUBLISHERS, PLACES = 20_000, 200, 5_000, 20_000
FIRST_DAY, DAYS = 16_000, 6 * 365
BATCH = 1_000_000


def generate(folder: Path, rows: int, seed: int = 1) -> None:
    """Fill a new project with that many events."""
    project = open_project(folder, create=True)
    states = [_letters(n) for n in range(STATES)]
    # Keys follow the order of entry; the most active actors are spread over the keys.
    order = np.random.default_rng(seed).permutation(ACTORS)
    register_actors(project, [Actor(name, f"State {name}", name) for name in states])
    register_actors(
        project, [Actor(f"actor-{n}", f"Actor {n}", states[n % STATES], "GOV", states[n % STATES]) for n in order]
    )
    with project.write() as db:
        enter_publishers(db, (f"publisher{n}.example" for n in range(PUBLISHERS)))
        enter_places(db, (Place(f"Place {n}", "AAA", n % 90, n % 180) for n in range(PLACES)))
    for first in range(0, rows, BATCH):
        number = min(BATCH, rows - first)
        append_events(project, _rows(np.random.default_rng((seed, first)), first, number, rows), f"rows from {first}")
    compact(project)


def _rows(rng: np.random.Generator, first: int, number: int, total: int) -> pa.Table:
    ids = np.arange(first, first + number)
    day = (FIRST_DAY + ids * DAYS // total + rng.integers(0, 3, number)).astype(np.int32)
    kinds = _zipf(rng, len(EVENT_TYPE_CODES), 0.8, number).astype(np.int8)
    quads = np.array([EVENT_TYPES[name].quad_class for name in EVENT_TYPE_CODES], dtype=np.int8)
    scores = np.array([EVENT_TYPES[name].goldstein for name in EVENT_TYPE_CODES], dtype=np.float32)
    several = rng.random(number) < 0.001
    days = pa.array(day).cast(pa.date32())
    columns = {
        "event_id": pa.array(ids),
        "start": days,
        "end": days,
        "published": pa.array(day + 1).cast(pa.date32()),
        "precision": pa.array(np.zeros(number, dtype=np.int8)),
        "basis": pa.array(np.full(number, 3, dtype=np.int8)),
        "event_type": pa.array(kinds),
        "quad_class": pa.array(quads[kinds]),
        "goldstein": pa.array(scores[kinds]),
        "realis": pa.array(_zipf(rng, len(REALIS_CODES), 2.5, number).astype(np.int8)),
        "confidence": pa.array(np.round(rng.random(number) * 20).astype(np.float32) / 20),
        "reports": pa.array(_zipf(rng, 100, 1.5, number) + 1),
        "publishers": pa.array(np.ones(number, dtype=np.int32)),
        "contested": pa.array(rng.random(number) < 0.01),
        "publisher": pa.array(_zipf(rng, PUBLISHERS, 1.1, number) + 1),
        "more_publishers": pa.nulls(number, pa.list_(pa.int32())),
        "source": pa.array(_actors(rng, number), mask=(rng.random(number) < 0.15) & ~several),
        "more_sources": _some(rng, several),
        "target": pa.array(_actors(rng, number), mask=(rng.random(number) < 0.25) & ~several),
        "more_targets": _some(rng, several),
        "place": pa.array(_zipf(rng, PLACES, 1.0, number) + 1),
    }
    schema = pa.schema([field for field in EVENT_SCHEMA if field.name not in {"several", "origin"}])
    return pa.table(columns).select(schema.names).cast(schema)


def _actors(rng: np.random.Generator, number: int) -> NDArray[np.int32]:
    return _zipf(rng, ACTORS, 1.05, number) + STATES + 1


def _some(rng: np.random.Generator, several: NDArray[np.bool_]) -> pa.Array:
    values = _actors(rng, int(several.sum()) * 2)
    offsets = np.concatenate([[0], np.cumsum(several * 2)]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(values))
    return pa.ListArray.from_arrays(lists.offsets, lists.values, mask=pa.array(~several))


def _zipf(rng: np.random.Generator, kinds: int, exponent: float, number: int) -> NDArray[np.int32]:
    shares = np.cumsum(1 / np.arange(1, kinds + 1) ** exponent)
    return np.searchsorted(shares / shares[-1], rng.random(number)).astype(np.int32)


def _letters(number: int) -> str:
    return "".join(chr(65 + number // 26**place % 26) for place in (2, 1, 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    generate(options.folder, options.rows, options.seed)
    seconds = time.monotonic() - begun
    for name in ("events", "derived"):
        size = sum(file.stat().st_size for file in (options.folder / name).rglob("*.parquet"))
        print(f"{name}: {size / options.rows:.1f} bytes a row, superseded files included")
    print(f"{options.rows} rows in {seconds:.0f} s")


if __name__ == "__main__":
    main()
