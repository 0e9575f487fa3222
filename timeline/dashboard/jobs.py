"""Reading and coding for the dashboard, in a process of its own: jobs in, reports out, a JSON object a line.

In the server's process coding would share one interpreter with every page and take three times as long. The
process is started by `worker`, keeps its coder from job to job, and ends with the server, since it then reads
the end of its input. What it has finished is on disk: whoever is killed, the next job goes on from there.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import queue
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any

from timeline import pipeline
from timeline.dashboard.worker import END, Job
from timeline.errors import TimelineError
from timeline.garbage import kept
from timeline.reading import Problem, read_articles
from timeline.records import Article
from timeline.store.project import open_project
from timeline.views.wording import count_noun

if TYPE_CHECKING:
    from timeline.pipeline import CoderLike

Tell = Callable[[dict[str, Any]], None]


def run_job(job: Job, load_coder: Callable[[], CoderLike], tell: Tell, should_stop: Callable[[], bool]) -> None:
    """Do a job.

    Args:
        job: What to do.
        load_coder: Called once there is something to code with it.
        tell: Told how it goes, by the names of `work.Work`: done and total, problems, summary.
        should_stop: Asked before each article; True ends the job in good order.
    """
    problems: list[Problem] = []
    project = open_project(job.folder, create=True)
    try:
        added = pipeline.add_articles(project, _read(job, problems.append))
        said = [_say_problem(problem) for problem in problems]
        tell({"problems": said, "total": len(added.new)})
        coder = load_coder()

        def watch(progress: pipeline.Progress) -> None:
            tell({"done": progress.done, "total": progress.total})

        runs = [
            pipeline.code_pending(project, coder, progress=watch, should_stop=should_stop),
            pipeline.recode(project, coder, progress=watch, should_stop=should_stop),
        ]
    finally:
        project.close()
    said += [message for run in runs for _, message in run.failed]
    known = f"; {count_noun(len(added.known), 'article')} already there" if added.known else ""
    coded = count_noun(sum(run.coded for run in runs), "article")
    tell({"problems": said, "summary": f"{count_noun(len(added.new), 'article')} added{known}; {coded} coded."})


def _read(job: Job, report: Callable[[Problem], None]) -> Iterator[Article]:
    published = dt.date.fromisoformat(job.published) if job.published else None
    for article in read_articles(
        job.paths,
        published=published,
        title=job.title or None,
        publisher=job.publisher or None,
        on_problem=report,
    ):
        yield replace(article, url=job.url) if job.url else article


def _say_problem(problem: Problem) -> str:
    """A problem without the path of the temporary folder."""
    return re.sub(r"\S*timeline-(?:upload|paste)-[^/\\\s]+[/\\]\d*-?", "", str(problem))


# --- the process -------------------------------------------------------------------------------------------------


@cache
def load_coder() -> CoderLike:
    """This process's coder, loaded when first needed."""
    with kept():
        from timeline.coding.coder import Coder

        return Coder()


def serve(load_coder: Callable[[], CoderLike] = load_coder) -> None:
    """Do the jobs that come on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's; it ends, and so does our input
    output = _claim_output()
    leave_out()
    jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
    alone = threading.Event()

    def listen() -> None:
        for line in sys.stdin:
            jobs.put(Job(**json.loads(line)))
        alone.set()
        jobs.put(None)

    def tell(report: dict[str, Any]) -> None:
        try:
            output.write(json.dumps(report).encode("ascii") + b"\n")
        except OSError:  # nobody reads any more
            alone.set()

    threading.Thread(target=listen, name="jobs", daemon=True).start()
    while (job := jobs.get()) is not None:
        try:
            run_job(job, load_coder, tell, alone.is_set)
        except (TimelineError, OSError) as error:
            tell({"error": str(error)})
        except Exception as error:  # noqa: BLE001 - a bug must end in a message, not in a page that waits for ever
            tell({"error": f"{type(error).__name__}: {error}"})
        tell(END)


def leave_out() -> None:
    """Keep out of this process what others would load into it for nothing, a fifth of the time to the first article.

    pyarrow loads pandas to ask whether a list is one of its own; spaCy its command line, with all that downloads
    models, for one function that nobody calls here.
    """
    command_line = ModuleType("spacy.cli.info")
    command_line.__dict__["info"] = None
    sys.modules.setdefault(command_line.__name__, command_line)
    sys.meta_path.insert(0, _NoPandas())


class _NoPandas(MetaPathFinder):
    """Says that pandas is not installed, which pyarrow takes for an answer."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is left out of the process that codes", name=fullname)


def _claim_output() -> Any:
    """Standard output for the reports alone, unbuffered; whatever else is printed goes to standard error."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return output


if __name__ == "__main__":
    serve()
