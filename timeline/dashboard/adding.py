"""Articles from uploads and pasted text into the project, coded in the background."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from timeline import pipeline
from timeline.dashboard.work import Work, run_in_background
from timeline.reading import Problem, read_articles
from timeline.records import Article
from timeline.store.project import open_project
from timeline.views.wording import clean_text, count_noun

if TYPE_CHECKING:
    from timeline.pipeline import CoderLike

# Two runs at once would share one coder and gain nothing.
_ONE_AT_A_TIME = threading.Lock()


@cache
def _load_coder() -> CoderLike:
    from timeline.coding.coder import Coder  # loads the language model: seconds, so only when something is coded

    return Coder()


def get_coder() -> CoderLike:
    """The server's coder, loaded on first use."""
    return _load_coder()


def code_files(folder: Path, paths: Sequence[Path], work: Work) -> None:
    """Read files into a project and code what is new or stale; `work` tells how it goes."""
    _add_and_code(folder, lambda report: read_articles(paths, on_problem=report), work)


def add_uploads(folder: Path, uploads: Iterable[tuple[str, bytes]]) -> Work:
    """Start reading and coding uploaded files; returns at once.

    Args:
        folder: The project.
        uploads: Names and contents; only a name's ending is trusted.
    """
    place = Path(tempfile.mkdtemp(prefix="timeline-upload-"))
    paths = [_save_upload(place, number, name, content) for number, (name, content) in enumerate(uploads)]

    def job(work: Work) -> None:
        try:
            code_files(folder, paths, work)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    return run_in_background(job, "code-uploads")


def add_text(
    folder: Path, text: str, *, published: dt.date | None, title: str = "", publisher: str = "", url: str = ""
) -> Work:
    """Start reading and coding pasted text; what is left empty is looked for in the text."""
    place = Path(tempfile.mkdtemp(prefix="timeline-paste-"))
    path = place / "pasted.txt"
    path.write_text(clean_text(text), "utf-8")

    def read(report: Callable[[Problem], None]) -> Iterable[Article]:
        for article in read_articles(
            [path], published=published, title=title or None, publisher=publisher or None, on_problem=report
        ):
            yield replace(article, url=url or article.url)

    def job(work: Work) -> None:
        try:
            _add_and_code(folder, read, work)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    return run_in_background(job, "code-text")


def code_again(folder: Path) -> Work:
    """Start coding what is new or stale in a project, for example after a date was set."""
    return run_in_background(lambda work: _add_and_code(folder, lambda _: (), work), "code-again")


def _add_and_code(folder: Path, read: Callable[[Callable[[Problem], None]], Iterable[Article]], work: Work) -> None:
    problems: list[Problem] = []
    with _ONE_AT_A_TIME:
        project = open_project(folder, create=True)
        added = pipeline.add_articles(project, read(problems.append))
        work.problems = tuple(_say_problem(problem) for problem in problems)
        coder = get_coder()

        def watch(progress: pipeline.Progress) -> None:
            work.advance(progress.done, progress.total)

        first = pipeline.code_pending(project, coder, progress=watch)
        second = pipeline.recode(project, coder, progress=watch)
        project.close()
    work.problems += tuple(message for _, message in (*first.failed, *second.failed))
    known = f"; {count_noun(len(added.known), 'article')} already there" if added.known else ""
    coded = first.coded + second.coded
    work.summary = f"{count_noun(len(added.new), 'article')} added{known}; {count_noun(coded, 'article')} coded."


def _say_problem(problem: Problem) -> str:
    """A problem without the path of the temporary folder."""
    return re.sub(r"\S*timeline-(?:upload|paste)-[^/\\\s]+[/\\]\d*-?", "", str(problem))


def _save_upload(place: Path, number: int, name: str, content: bytes) -> Path:
    """Save an upload under a name of our own with its ending, so that its name can do no harm."""
    clean = re.sub(r"[^\w.-]", "_", PurePath(name.replace("\\", "/")).name)[-80:].lstrip(".") or "file.txt"
    path = place / f"{number:03d}-{clean}"
    path.write_bytes(content)
    return path
