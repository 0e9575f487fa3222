"""What an imported event was in its file: the row as it stood there, its line, and the address of its article.

One Parquet file for each batch holds the rows' original columns; the record knows which keys are in which file.
Keys go up with the lines of the file, so a row is found by reading one row group.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as papq

from timeline.errors import StoreError
from timeline.store.imports.batches import Batch
from timeline.store.imports.mapping import Mapped
from timeline.store.project import Project

ORIGINALS = "originals"
_GROUP = 30_000
_KEY, _LINE, _URL = "\x00key", "\x00line", "\x00url"  # no column of a text file is named so


@dataclass(frozen=True, slots=True)
class Original:
    """A row as its file has it. `url` is "" where it names no article; `cells` leaves empty cells out."""

    file: str
    format: str
    line: int
    url: str
    cells: Mapping[str, str]


def write_originals(project: Project, batch: Batch, mapped: Mapped, chosen: Sequence[int], name: str) -> None:
    """Keep the original columns of the chosen rows (indices into the mapped ones), all at once."""
    folder = project.path / ORIGINALS
    folder.mkdir(exist_ok=True)
    picked = pa.array(chosen, pa.int64())
    rows = pa.array(mapped.taken).take(picked)
    columns = {name_: column.take(rows) for name_, column in batch.columns.items()}
    table = pa.table(
        {
            _KEY: mapped.rows["event_id"].combine_chunks().take(picked),
            _LINE: pa.array(batch.lines).take(rows),
            _URL: mapped.urls.take(picked),
            **{column: values for column, values in columns.items() if _says_something(values)},
        }
    )
    file = _file(project, name)
    part = file.with_suffix(".part")
    plain = [_KEY, _LINE]
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
    part.replace(file)


def read_original(project: Project, key: int) -> Original | None:
    """The row an imported event was made of, None if there is none: it comes from an article.

    Raises:
        StoreError: The file that holds it is missing or damaged.
    """
    with project.read() as db:
        found = db.execute(
            "SELECT o.batch, i.file, i.format FROM originals o JOIN imports i ON i.id = o.import"
            " WHERE ? BETWEEN o.first AND o.last",
            (key,),
        ).fetchall()
    for batch, file, kind in found:
        try:
            rows = papq.read_table(_file(project, batch), filters=[(_KEY, "=", key)]).to_pylist()
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{project.path / ORIGINALS}: original rows cannot be read ({error})") from error
        if rows:
            row = rows[0]
            cells = {name: text for name, text in row.items() if name not in (_KEY, _LINE, _URL) and text}
            return Original(file, kind, row[_LINE], row[_URL] or "", cells)
    return None


def _says_something(column: pa.Array) -> bool:
    return bool(pa.compute.max(pa.compute.binary_length(column)).as_py())


def _file(project: Project, name: str) -> Path:
    return project.path / ORIGINALS / f"{name}.parquet"
