"""What an imported event was in its file: the row as it stood there, its line, and the address of its article.

One Parquet file for each batch holds the rows' original columns; the record knows which keys are in which file.
Keys go up with the lines of the file, so a row is found by reading one row group.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as papq

from timeline.errors import StoreError
from timeline.store.project import Project

ORIGINALS = "originals"
KEY, LINE, URL = "\x00key", "\x00line", "\x00url"  # no column of a text file is named so


@dataclass(frozen=True, slots=True)
class Original:
    """A row as its file has it. `url` is "" where it names no article; `cells` leaves empty cells out."""

    file: str
    format: str
    line: int
    url: str
    cells: Mapping[str, str]


def read_original(project: Project, key: int) -> Original | None:
    """The newest row kept of an imported event, None if there is none: it comes from an article.

    Raises:
        StoreError: The file that holds it is missing or damaged.
    """
    with project.read() as db:
        found = db.execute(
            "SELECT o.batch, i.file, i.format FROM originals o JOIN imports i ON i.id = o.import"
            " WHERE ? BETWEEN o.first AND o.last ORDER BY o.turn DESC, o.batch",
            (key,),
        ).fetchall()
    for batch, file, kind in found:
        try:
            rows = papq.read_table(original_file(project, batch), filters=[(KEY, "=", key)]).to_pylist()
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{project.path / ORIGINALS}: original rows cannot be read ({error})") from error
        if rows:
            row = rows[0]
            cells = {name: text for name, text in row.items() if name not in (KEY, LINE, URL) and text}
            return Original(file, kind, row[LINE], row[URL] or "", cells)
    return None


def read_original_addresses(project: Project, keys: Collection[int]) -> dict[int, str]:
    """The addresses that the newest original rows of these events name; a batch at a time, in constant memory.

    Raises:
        StoreError: A file that holds them is missing or damaged.
    """
    if not keys:
        return {}
    wanted, low, high = pa.array(sorted(keys), pa.int64()), min(keys), max(keys)
    with project.read() as db:
        found = db.execute(
            "SELECT batch FROM originals WHERE first <= ? AND last >= ? ORDER BY turn, batch", (high, low)
        ).fetchall()
    addresses: dict[int, str] = {}
    for (batch,) in found:
        try:
            with papq.ParquetFile(original_file(project, batch)) as file:
                for rows in file.iter_batches(columns=[KEY, URL]):
                    kept = rows.filter(pc.is_in(rows[KEY], value_set=wanted))
                    addresses.update(zip(kept[KEY].to_pylist(), kept[URL].to_pylist(), strict=True))
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{project.path / ORIGINALS}: original rows cannot be read ({error})") from error
    return {key: url for key, url in addresses.items() if url}


def original_file(project: Project, batch: str) -> Path:
    """Where the original rows of a batch lie."""
    return project.path / ORIGINALS / f"{batch}.parquet"
