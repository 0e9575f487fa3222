"""The event table: derived from the record or filled by imports, under a Delta log.

`events/` can be read by anything that reads Delta (Spark, Polars, pandas); its newest version is the current
one unless a writer was killed between writing and saying so, which the next writer sets right. Until an import is
finished, rows whose `origin` is neither record nor import wait to replace others, and are to be left out.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import ColumnProperties, CommitProperties, DeltaTable, WriterProperties, write_deltalake

from timeline.errors import StoreError
from timeline.records import Coding, Event, digest
from timeline.store import extras
from timeline.store.codes import event_key
from timeline.store.codings import read_outlets
from timeline.store.curation.folding import Curated, regroup
from timeline.store.curation.log import read_curated
from timeline.store.dictionaries import enter_actors, enter_places, enter_publishers
from timeline.store.locks import exclusive
from timeline.store.project import DERIVED, EVENTS, Project, explain
from timeline.store.rows import Keys, complete, table_of_events
from timeline.store.seals import forget_seals, seal_files, write_seals
from timeline.store.serial import clean, to_json
from timeline.store.snapshot import (
    NEWER,
    Snapshot,
    derived_file,
    list_files,
    read_generation,
    read_snapshot,
    without_extras,
    write_snapshot,
)
from timeline.store.sorting import ROW_GROUP

Merge = Callable[[Iterable[Coding], dict[str, str]], tuple[Event, ...]]

KEEP_HOURS = 1  # how long files that readers may still hold are kept
MANY_SMALL, SMALL_BYTES = 64, 8 << 20  # so many files below so many bytes are put together
_LOCK = "events.lock"
_LIBRARIES = {"deltalake", "_internal", "duckdb", "_duckdb"}
_WRITER = WriterProperties(
    compression="ZSTD",
    compression_level=9,
    max_row_group_size=ROW_GROUP,
    # Ids of imports follow the days they are sorted by: differences take a third of the numbers.
    column_properties={"event_id": ColumnProperties(dictionary_enabled=False, encoding="DELTA_BINARY_PACKED")},
)


def derive_events(project: Project, merge: Merge | None = None, *, force: bool = False) -> Snapshot:
    """Merge all codings to events and make them the event table, atomically; imported rows stay.

    Nothing is written if the table is up to date. Articles may be coded meanwhile; what they add is in the
    next derivation. Deriving takes as long as merging; readers see the table before until it is done.

    Args:
        project: The project.
        merge: Codings and their sentences (by coding id) to events; by default `merge_codings`.
        force: Derive also if nothing changed, for example after the merging has.

    Raises:
        StoreError: The folder cannot be written; the table is as it was.
    """
    chosen = merge or _default_merge()
    derived_by = f"{chosen.__module__}.{getattr(chosen, '__qualname__', repr(chosen))}"
    with _writing(project) as before:
        with project.read():  # one state of the record for all that follows
            generation = read_generation(project)
            if before and not force and (before.generation, before.derived_by) == (generation, derived_by):
                return before
            curated = read_curated(project)
            outlets = read_outlets(project)
        events = regroup(chosen(curated.codings, dict(curated.sentences)), curated)
        rows = table_of_events(events, _enter_names(project, events, outlets))
        batch = digest("derive", str(generation), derived_by, str(time.time_ns()))
        version = _replace(project, rows, "origin = 'record'", batch, fresh=before is None)
        others = _count_imported(project, version)
        snapshot = Snapshot(version, batch, generation, derived_by, len(rows) + others)
        snapshot = extras.write_extras(project, snapshot)
        _commit_events(project, events, curated, snapshot)
        _clean_up(project, snapshot)
        return snapshot


def append_events(project: Project, rows: pa.Table, batch: str) -> bool:
    """Add one batch of imported rows, see `append_batches`; False if it is there already."""
    return bool(append_batches(project, {batch: rows}))


def append_batches(
    project: Project,
    batches: Mapping[str, pa.Table],
    newer: Mapping[str, pa.Table] | None = None,
    enter: Callable[[sqlite3.Connection, tuple[str, ...]], object] = lambda *_: None,
) -> tuple[str, ...]:
    """Add imported rows to the event table, all in one commit.

    Args:
        project: The project.
        batches: Rows by a name, for example file and line range; what has the same name is added once. Columns of
            `EVENT_SCHEMA` without `several` and `origin`; keys from the project's dictionaries, event type and quad
            class never NULL.
        newer: By the same names, rows of imported events that are in the table, to take the place of theirs.
        enter: Called with the names of the batches added, in the transaction from which on they count.

    Returns:
        The names of the batches added; those missing are there already.

    After the last batch, call `compact`: until then queries run without projection and rollups, and newer rows wait
    unseen. To replace rows at each commit would write nearly the whole table each time.
    """
    with _writing(project) as before:
        with project.read() as db:
            known = "SELECT 1 FROM batches WHERE id = ?"
            new = tuple(name for name in batches if not db.execute(known, (name,)).fetchone())
        if not new:
            return ()
        full = complete(pa.concat_tables(batches[name] for name in new))
        waiting = _label_newer(before, [newer[name] for name in new if name in newer] if newer else [])
        added = pa.concat_tables([full, *waiting])
        version = _write(project, added, " ".join(new), mode="append", fresh=before is None)
        batch = digest("append", *new)
        empty = Snapshot(version, batch, -1, "", 0, closed=True)
        snapshot = without_extras(replace(before or empty, version=version, batch=batch))
        snapshot = extras.measure_more(snapshot, full)
        files = list_files(project, snapshot)
        beside = list_files(project, snapshot, (NEWER,)) if waiting else ()
        seals = _seal(project, snapshot, (*files, *beside))
        with project.write() as db:
            counts = [(name, len(batches[name])) for name in new]
            db.executemany("INSERT INTO batches VALUES (?, datetime('now'), ?)", counts)
            enter(db, new)
            write_snapshot(db, snapshot)
            write_seals(db, seals)
        if sum(Path(file).stat().st_size < SMALL_BYTES for file in files) > MANY_SMALL:
            _merge_small(project, snapshot)
    return new


def compact(project: Project) -> Snapshot | None:
    """Sort the imported rows, write them as few large files, and rebuild projection and rollups.

    Newer rows that wait take the place of those they replace.
    """
    with _writing(project) as before:
        if before is None:
            return None
        batch = digest("compact", before.batch, str(time.time_ns()))
        version = before.version
        if _count_imported(project, before.version):
            with extras.sorted_import(project, before) as reader:
                version = _replace(project, reader, "origin <> 'record'", batch, fresh=False)
        snapshot = extras.write_extras(project, replace(before, version=version, batch=batch))
        seals = _seal(project, snapshot)
        with project.write() as db:
            write_snapshot(db, snapshot)
            write_seals(db, seals)
        _clean_up(project, snapshot)
        return snapshot


def forget_events(project: Project) -> None:
    """Have the event table count as never written, imported rows included; the next derivation begins it anew."""
    # Not `_writing`: it looks at the table, which may be damaged.
    with exclusive(project.path / _LOCK), project.write() as db:
        db.execute("DELETE FROM meta WHERE key IN ('snapshot', 'compacted')")
        for table in ("merged", "reports", "batches"):
            db.execute(f"DELETE FROM {table}")


def is_current(project: Project) -> bool:
    """Whether the event table holds all that is coded."""
    with project.read():
        snapshot = read_snapshot(project)
        return snapshot is not None and snapshot.generation == read_generation(project)


@contextlib.contextmanager
def _writing(project: Project) -> Iterator[Snapshot | None]:
    """Take the table's lock, undo what a killed writer left, and explain what goes wrong."""
    if project.read_only:
        raise StoreError(
            f"{project.path}: the folder cannot be written to; copy it elsewhere or change its permissions"
        )
    try:
        with exclusive(project.path / _LOCK):
            before = read_snapshot(project)
            _settle(project, before)
            yield before
    except StoreError:
        raise
    except Exception as error:
        # deltalake and DuckDB raise kinds of their own for a full disk, some of them bare Exceptions.
        if isinstance(error, OSError) or type(error).__module__.split(".")[0] in _LIBRARIES:
            raise StoreError(explain(error, project.path, "write the events of")) from error
        raise


def _settle(project: Project, snapshot: Snapshot | None) -> None:
    """Put the Delta table back to the state the record acknowledges."""
    folder = project.path / EVENTS
    if snapshot is None:
        if folder.exists():
            shutil.rmtree(folder)
        return
    if not DeltaTable.is_deltatable(_table(project)):
        return
    table = DeltaTable(_table(project))
    if table.version() != snapshot.version:
        table.restore(snapshot.version)


def _label_newer(before: Snapshot | None, newer: Iterable[pa.Table]) -> list[pa.Table]:
    """Newer rows for a partition behind those that wait already; they have something to replace only after a first."""
    return [complete(rows, f"{NEWER}{before.version:012}") for rows in newer if len(rows)] if before else []


def _replace(project: Project, rows: Any, predicate: str, batch: str, *, fresh: bool) -> int:
    return _write(project, rows, batch, mode="overwrite", fresh=fresh, predicate=predicate)


def _write(project: Project, rows: Any, batch: str, *, mode: Any, fresh: bool, predicate: str | None = None) -> int:
    """One Delta commit; returns the version it made."""
    folder = _table(project)
    table = DeltaTable(folder) if DeltaTable.is_deltatable(folder) else None
    fresh = fresh or table is None
    write_deltalake(
        table or folder,
        rows,
        mode="overwrite" if fresh else mode,
        predicate=None if fresh else predicate,
        partition_by=["origin"],
        writer_properties=_WRITER,
        commit_properties=CommitProperties(custom_metadata={"batch": batch}),
    )
    return int((table or DeltaTable(folder)).version())  # the writer brings the table it was given up to date


def _table(project: Project) -> str:
    return (project.path / EVENTS).as_uri()  # a bare path with ? or # in it would be cut there


def _count_imported(project: Project, version: int) -> int:
    table = DeltaTable(_table(project), version=version)
    adds = pa.table(table.get_add_actions(flatten=True))
    return sum(
        rows
        for rows, origin in zip(adds["num_records"].to_pylist(), adds["partition.origin"].to_pylist(), strict=True)
        if origin == "import"
    )


def _enter_names(project: Project, events: Iterable[Event], outlets: dict[str, Any]) -> Keys:
    """Give every actor, publisher and place of the events a key; keys without use do no harm."""
    listed = list(events)
    with project.write() as db:
        return Keys(
            enter_actors(db, (actor for event in listed for actor in (*event.sources, *event.targets))),
            enter_publishers(db, (publisher for publisher, _ in outlets.values())),
            enter_places(db, (event.place for event in listed if event.place)),
            outlets,
        )


def _commit_events(project: Project, events: Iterable[Event], curated: Curated, snapshot: Snapshot) -> None:
    """Replace the merged events in the record and point at the new table, in one transaction."""
    seals = _seal(project, snapshot)
    with project.write() as db:
        for table in ("merged", "reports", "curated", "marks", "added_index"):
            db.execute(f"DELETE FROM {table}")
        for coding in curated.codings:
            if coding.id in curated.changed:
                row = (coding.id, clean(curated.sentences[coding.id]), to_json(coding), clean(coding.article_id))
                db.execute("INSERT INTO curated SELECT ?1, key, ?2, ?3 FROM articles WHERE id = ?4", row)
        for event in events:
            key = event_key(event.id)
            db.execute("INSERT INTO merged VALUES (?, ?)", (key, to_json(replace(event, codings=()))))
            db.executemany("INSERT INTO reports VALUES (?, ?)", ((key, coding.id) for coding in event.codings))
            if event.corrected or event.reviewed:
                db.execute("INSERT INTO marks VALUES (?, ?, ?)", (key, bool(event.corrected), event.reviewed))
            added = ((clean(curated.sentences[c.id]), key) for c in event.codings if "added" in c.corrected)
            db.executemany("INSERT INTO added_index (sentence, event) VALUES (?, ?)", added)
        write_snapshot(db, snapshot)
        write_seals(db, seals)


def _seal(project: Project, snapshot: Snapshot, files: Iterable[str] | None = None) -> dict[str, str]:
    """Hashes of the files that a snapshot counts on and that are new with it."""
    listed = list_files(project, snapshot) if files is None else files
    return seal_files(project, [*map(Path, listed), *(derived_file(project, name) for name in snapshot.extras)])


def _merge_small(project: Project, before: Snapshot) -> None:
    """Put small files of imported rows together, unsorted: each append looks at all files, so many make it slow."""
    table = DeltaTable(_table(project))
    table.optimize.compact([("origin", "=", "import")], target_size=SMALL_BYTES, writer_properties=_WRITER)
    snapshot = replace(before, version=table.version(), batch=digest("merge", before.batch))
    seals = _seal(project, snapshot)
    with project.write() as db:
        write_snapshot(db, snapshot)
        write_seals(db, seals)
    _clean_up(project, snapshot)


def _clean_up(project: Project, snapshot: Snapshot) -> None:
    """Delete files superseded over an hour ago: no reader holds on to them that long."""
    table = DeltaTable(_table(project))
    table.vacuum(KEEP_HOURS, enforce_retention_duration=False, dry_run=False, keep_versions=[snapshot.version])
    kept = set(snapshot.extras)
    limit = time.time() - KEEP_HOURS * 3600
    for file in (project.path / DERIVED).glob("*"):
        if file.name not in kept and file.stat().st_mtime < limit:
            if file.is_dir():  # what a killed writer had sorted
                shutil.rmtree(file, ignore_errors=True)
            else:
                file.unlink(missing_ok=True)
    with project.write() as db:
        forget_seals(db, project)


def _default_merge() -> Merge:
    from timeline.coding.merging import merge_codings

    return merge_codings
