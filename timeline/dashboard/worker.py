"""The server's side of the process that codes: started for the first job, kept for the next, replaced if it dies."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.errors import TimelineError

if TYPE_CHECKING:
    from timeline.dashboard.work import Work

# Our package may lie beside `app.py`: Streamlit puts that folder on the server's path, nobody on the new process's.
_ROOT = str(Path(__file__).resolve().parents[2])
_COMMAND = (
    sys.executable, "-c",
    "import sys; sys.path.insert(0, sys.argv[1]); from timeline.dashboard.jobs import serve; serve()", _ROOT,
)  # fmt: skip
_ONE_AT_A_TIME = threading.Lock()
END: dict[str, Any] = {"end": True}  # told last of every job
_process: list[subprocess.Popen[str]] = []


@dataclass(frozen=True, slots=True)
class Job:
    """What to read into which project; then what is new or stale in it is coded. Fits into a line of JSON.

    Attributes:
        folder: The project.
        paths: Files to read; none for coding only.
        published: ISO day for articles that name none, "" for unknown. Likewise `title`, `publisher` and `url`.
    """

    folder: str
    paths: tuple[str, ...] = ()
    published: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""


def run_job(job: Job, work: Work) -> None:
    """Have a job done; returns when it has ended, after any job before it. `work` tells how it goes.

    Raises:
        TimelineError: The job could not be done, or its process ended.
    """
    with _ONE_AT_A_TIME:
        process = _ready_process()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(asdict(job)) + "\n")
            process.stdin.flush()
        except OSError:
            pass  # it died meanwhile: its output has ended too
        for line in process.stdout:
            report = json.loads(line) if line.endswith("\n") else {}  # the last words of one that was killed
            if report == END:
                break
            work.take(report)
        else:
            raise TimelineError(
                f"The process that codes ended unexpectedly (exit code {process.wait()}), perhaps for want of memory. "
                "What it had finished is kept; add the articles again to go on."
            )
    if work.error:
        raise TimelineError(work.error)


def _ready_process() -> subprocess.Popen[str]:
    if not _process or _process[0].poll() is not None:
        started = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")  # noqa: S603
        _process[:] = [started]
    return _process[0]
