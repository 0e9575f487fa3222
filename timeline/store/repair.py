"""Mending a project: what is derived is made again, from the codings and from the original rows of imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from timeline.errors import StoreError
from timeline.store.events import Merge, append_batches, compact, derive_events, forget_events
from timeline.store.health import Fault, Remedy, rebuild_index
from timeline.store.imports.choosing import find_events
from timeline.store.imports.formats import FORMATS
from timeline.store.imports.mapping import Mapper
from timeline.store.imports.originals import map_originals, name_batch
from timeline.store.imports.run import finish_import
from timeline.store.originals import original_file
from timeline.store.project import Project

ProgressCallback = Callable[[int, int], None]


def repair_project(
    project: Project,
    faults: Iterable[Fault],
    merge: Merge | None = None,
    progress: ProgressCallback | None = None,
) -> tuple[Fault, ...]:
    """Mend what can be mended without a backup.

    Articles whose codings cannot be read are marked to be coded again; original rows that are lost are forgotten
    with their events, so that importing their file again brings them back.

    Args:
        project: The project; other writers wait meanwhile.
        faults: What `check_project` found.
        merge: Codings to events, see `derive_events`.
        progress: Called with the batches of original rows done, and all of them.

    Returns:
        The faults that are left: the record itself is damaged.
    """
    listed = tuple(faults)
    if any(fault.remedy is Remedy.RESTORE for fault in listed):
        return listed
    with project.write() as db:
        for fault in listed:
            if fault.remedy is Remedy.INDEX:
                rebuild_index(db, fault.subject)
            elif fault.remedy is Remedy.RECODE:
                _forget_reading(db, fault.subject)
            elif fault.remedy is Remedy.IMPORT:
                _forget_batch(db, fault.subject)
    if any(fault.remedy is not Remedy.INDEX for fault in listed):
        rebuild_events(project, merge, progress)
    return ()


def rebuild_events(project: Project, merge: Merge | None = None, progress: ProgressCallback | None = None) -> None:
    """Throw the event table away and make it again. A run that is killed is finished by running it again.

    Batches are entered in their turns, so that of the rows kept of an event the newest is what it is made of.
    """
    forget_events(project)
    derive_events(project, merge, force=True)
    with project.read() as db:
        rows = db.execute(
            "SELECT i.id, i.format, i.digest, o.batch, o.number FROM originals o JOIN imports i ON i.id = o.import"
            " WHERE o.events + o.changed > 0 ORDER BY o.turn, i.begun, i.id, o.number"
        ).fetchall()
    mappers: dict[str, Mapper] = {}
    for done, (name, format_name, file_digest, batch, number) in enumerate(rows):
        if progress:
            progress(done, len(rows))
        if name not in mappers:
            mappers = {name: Mapper(project, _format(format_name), file_digest)}
        _append_again(project, _map(project, mappers[name], batch), batch, name_batch(name, number))
    finish_import(project)


def compact_project(project: Project, progress: ProgressCallback | None = None) -> None:
    """Sort imported events into few large files, and give the record's free space back.

    Raises:
        StoreError: Another process has been writing for over a minute, or the disk is full.
    """
    steps: tuple[Callable[[], object], ...] = (lambda: compact(project), project.vacuum)
    for done, step in enumerate(steps):
        if progress:
            progress(done, len(steps))
        step()


def _append_again(project: Project, rows: pa.Table, batch: str, name: str) -> None:
    """Enter a batch's rows; those of events that are there replace theirs. Its counts change if one before it is lost.

    So no event ever stands twice, whatever was imported after a repair was cut off.
    """
    keys = rows["event_id"].to_numpy()
    there = np.isin(keys, find_events(project, keys, ("import",)))
    counts = (int((~there).sum()), int(there.sum()), batch)
    append_batches(
        project,
        {name: rows.filter(pa.array(~there))},
        {name: rows.filter(pa.array(there))},
        lambda db, _: db.execute("UPDATE originals SET events = ?, changed = ? WHERE batch = ?", counts),
    )


def _map(project: Project, mapper: Mapper, batch: str) -> pa.Table:
    file = original_file(project, batch)
    try:
        return map_originals(mapper, file)
    except (OSError, pa.ArrowException, ValueError) as error:
        raise StoreError(
            f"{file}: original rows cannot be read ({error}); `timeline verify --repair` drops them"
        ) from error


def _format(name: str) -> Any:
    known = {one.name: one for one in FORMATS}
    if name not in known:
        raise StoreError(f"format {name!r} of an import is not known to this release; upgrade and try again")
    return known[name]


def _forget_reading(db: Any, article_id: str) -> None:
    """Take away what was coded from an article, so that it is coded again."""
    key = "(SELECT key FROM articles WHERE id = ?)"
    db.execute(f"DELETE FROM codings WHERE article = {key}", (article_id,))
    db.execute(f"DELETE FROM readings WHERE article = {key}", (article_id,))
    db.execute("UPDATE articles SET state = 'uncoded', changed = 0, run = NULL WHERE id = ?", (article_id,))
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")


def _forget_batch(db: Any, batch: str) -> None:
    """Have a batch of an import count as never imported."""
    name, number = db.execute("SELECT import, number FROM originals WHERE batch = ?", (batch,)).fetchone()
    db.execute("DELETE FROM batches WHERE id = ?", (name_batch(name, number),))
    db.execute("DELETE FROM originals WHERE batch = ?", (batch,))
    db.execute("UPDATE imports SET finished = NULL WHERE id = ?", (name,))
