"""Keeping the original columns of imported rows, see store.originals."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as papq
from numpy.typing import NDArray

from timeline.store.imports.batches import Batch
from timeline.store.imports.mapping import Mapped, Mapper
from timeline.store.originals import KEY, LINE, URL, original_file
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
