"""Rows of imports that could not be read, in a file for each import: one JSON object a line.

An object has the batch, the file, the line, the reason and the row.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from timeline.store.imports.batches import Rejected
from timeline.store.project import Project

QUARANTINE = "quarantine"


def quarantine_file(project: Project, name: str) -> Path:
    """Where the rows of an import lie that were put aside; there is no such file before the first."""
    return project.path / QUARANTINE / f"{name}.jsonl"


def keep_batches(aside: Path, batches: Collection[int]) -> None:
    """Drop what a killed run wrote for a batch that it did not finish, and the file if nothing is left in it."""
    if not aside.exists():
        return
    part = aside.with_suffix(".part")
    with aside.open(encoding="utf-8") as old, part.open("w", encoding="utf-8") as new:
        for line in old:
            with contextlib.suppress(ValueError):  # the last line may be cut short
                if json.loads(line)["batch"] in batches:
                    new.write(line)
    part.replace(aside)
    if not aside.stat().st_size:
        aside.unlink()


def put_aside(aside: Path, table: str, batch: int, rejected: Sequence[Rejected]) -> None:
    """Write the rejected rows of a batch to disk; `table` is the name of the file they stand in."""
    if not rejected:
        return
    aside.parent.mkdir(exist_ok=True)
    with aside.open("a", encoding="utf-8") as file:
        for one in rejected:
            row = {"batch": batch, "file": table, "line": one.line, "reason": one.reason, "row": one.row}
            file.write(json.dumps(row) + "\n")
        file.flush()
        os.fsync(file.fileno())
