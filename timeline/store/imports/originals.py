"""Keeping the original columns of imported rows, see store.originals."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as papq
from numpy.typing import NDArray

from timeline.errors import StoreError
from timeline.store.imports.batches import Batch
from timeline.store.imports.mapping import Format, Mapped, Mapper, plain_column, read_moments
from timeline.store.originals import KEY, LINE, ORIGINALS, URL, original_file
from timeline.store.project import Project

_GROUP = 30_000


def write_originals(project: Project, batch: Batch, mapped: Mapped, chosen: NDArray[np.int64], name: str) -> None:
    """Keep the original columns of the chosen rows (indices into the mapped ones), all at once."""
    file = original_file(project, name)
    file.parent.mkdir(exist_ok=True)
    rows = mapped.taken[chosen]
    keys = mapped.rows["event_id"].to_numpy()[chosen]
    texts = {URL: mapped.urls.take(pa.array(chosen)), **batch.columns}
    if len(rows) < len(batch.lines):  # taking all rows would copy them for nothing
        texts = {column: texts[column].take(pa.array(rows)) if column != URL else texts[URL] for column in texts}
    columns = {column: values for column, values in texts.items() if column == URL or _says_something(values)}
    table = pa.table({KEY: pa.array(keys), LINE: pa.array(batch.lines[rows]), **columns})
    part = file.with_suffix(".part")
    plain = [KEY, LINE]
    try:
        papq.write_table(
            table,
            part,
            compression="zstd",
            compression_level=1,
            row_group_size=_GROUP,
            use_dictionary=[column for column in table.column_names if column not in plain],
            write_statistics=plain,
        )
        with part.open("rb+") as handle:
            os.fsync(handle.fileno())
    except OSError:
        part.unlink(missing_ok=True)  # on a full disk it is in the way
        raise
    part.replace(file)


def name_batch(name: str, number: int) -> str:
    """The id under which a batch of an import is entered."""
    return f"import-{name}-{number}"


def read_kept_moments(project: Project, chosen: Format, keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """When the newest row kept of each of these events was last changed, -1 where none says so.

    A batch at a time, in constant memory; those that a killed run left unfinished do not count.

    Args:
        project: The project.
        chosen: A format whose rows say when they were changed; rows of others do not count.
        keys: Of events, each once, in any order.

    Raises:
        StoreError: A file that holds them is missing or damaged.
    """
    order = np.argsort(keys)
    ordered, moments = keys[order], np.full(len(keys), -1, dtype=np.int64)
    with project.read() as db:
        rows = db.execute(
            "SELECT o.batch, o.import, o.number FROM originals o JOIN imports i ON i.id = o.import"
            " WHERE i.format = ? AND o.first <= ? AND o.last >= ?",
            (chosen.name, int(ordered[-1]), int(ordered[0])),
        )
        done = "SELECT 1 FROM batches WHERE id = ?"
        found = [row[0] for row in rows.fetchall() if db.execute(done, (name_batch(row[1], row[2]),)).fetchone()]
    for batch in found:
        try:
            with papq.ParquetFile(original_file(project, batch)) as file:
                names = [name for name in file.schema_arrow.names if plain_column(name) == chosen.updated]
                for part in file.iter_batches(columns=[KEY, *names[:1]]) if names else ():
                    held = part[KEY].to_numpy()
                    places = np.minimum(np.searchsorted(ordered, held), len(ordered) - 1)
                    wanted = ordered[places] == held
                    np.maximum.at(moments, order[places[wanted]], read_moments(part[names[0]])[wanted])
        except (OSError, pa.ArrowException) as error:
            raise StoreError(
                f"{project.path / ORIGINALS}: original rows cannot be read ({error}); `timeline verify` names what is"
                " damaged, and `timeline verify --repair` drops it"
            ) from error
    return moments


def map_originals(mapper: Mapper, file: Path) -> pa.Table:
    """The rows of the event table that a file of original rows was kept for, with the keys they had.

    Raises:
        OSError, pyarrow.ArrowException: The file is missing or damaged.
        ValueError: A row that was read once cannot be read any more.
    """
    table = papq.read_table(file, partitioning=None)
    columns = {name: _one_chunk(table[name]) for name in table.column_names if name not in (KEY, LINE, URL)}
    lines = table[LINE].to_numpy()
    mapped = mapper.map(Batch(0, columns, lines, lines, ()))
    if mapped.rejected:
        first = mapped.rejected[0]
        raise ValueError(f"line {first.line}: {first.reason}")
    place = mapped.rows.column_names.index("event_id")
    return mapped.rows.set_column(place, "event_id", table[KEY])


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _says_something(column: pa.Array) -> bool:
    return bool(pa.compute.max(pa.compute.binary_length(column)).as_py())
