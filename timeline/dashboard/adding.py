"""Articles from uploads and pasted text into the project; each returns at once, with the work to follow."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePath

from timeline.dashboard import worker
from timeline.dashboard.work import Work, run_in_background
from timeline.views.wording import clean_text


def add_uploads(folder: Path, uploads: Iterable[tuple[str, bytes]]) -> Work:
    """Start reading and coding uploaded files.

    Args:
        folder: The project.
        uploads: Names and contents; only a name's ending is trusted.
    """
    place = Path(tempfile.mkdtemp(prefix="timeline-upload-"))
    paths = [str(_save_upload(place, number, name, content)) for number, (name, content) in enumerate(uploads)]
    return _start(worker.Job(str(folder), tuple(paths)), "code-uploads", place)


def add_text(
    folder: Path, text: str, *, published: dt.date | None, title: str = "", publisher: str = "", url: str = ""
) -> Work:
    """Start reading and coding pasted text; what is left empty is looked for in the text."""
    place = Path(tempfile.mkdtemp(prefix="timeline-paste-"))
    path = place / "pasted.txt"
    path.write_text(clean_text(text), "utf-8")
    job = worker.Job(str(folder), (str(path),), published.isoformat() if published else "", title, publisher, url)
    return _start(job, "code-text", place)


def code_again(folder: Path) -> Work:
    """Start coding what is new or stale in a project, for example after a date was set."""
    return _start(worker.Job(str(folder)), "code-again")


def _start(job: worker.Job, name: str, place: Path | None = None) -> Work:
    """Start a job; its temporary folder goes when it is done."""

    def run(work: Work) -> None:
        try:
            worker.run_job(job, work)
        finally:
            if place:
                shutil.rmtree(place, ignore_errors=True)

    return run_in_background(run, name)


def _save_upload(place: Path, number: int, name: str, content: bytes) -> Path:
    """Save an upload under a name of our own with its ending, so that its name can do no harm."""
    clean = re.sub(r"[^\w.-]", "_", PurePath(name.replace("\\", "/")).name)[-80:].lstrip(".") or "file.txt"
    path = place / f"{number:03d}-{clean}"
    path.write_bytes(content)
    return path
