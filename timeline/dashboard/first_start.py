"""The first start: the bundled sample is coded by the worker, and the page says so until there is all to show.

Imports little: the worker must be under way, and the reader told, before the libraries of the pages are loaded.
"""

from __future__ import annotations

import importlib
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from timeline.coding.resources import fingerprint_coder
from timeline.dashboard import place, worker
from timeline.dashboard.first_paint import fetch_charts
from timeline.dashboard.work import Work, follow_work, run_in_background
from timeline.errors import TimelineError
from timeline.garbage import kept
from timeline.records import digest
from timeline.store.articles import State, select_ids
from timeline.store.notes import read_note, save_note
from timeline.store.project import open_project

_WORDS_FIRST_SECONDS = 0.7  # for the browser to show that something is going on
_SWITCH_SECONDS = 0.0005
_NOTE = "sample"  # in the project: what coded the sample to the end


@dataclass(frozen=True, slots=True)
class SampleWork:
    """The sample being coded; `first` if that was never done to the end before."""

    work: Work
    first: bool


def is_ready(page: str) -> bool:
    """Whether a page that shows events may be drawn; if not, how far the coding has come is shown in its place.

    Drawing half a sample again and again would only make a reader wait longer for the whole.

    Args:
        page: The page's module; its libraries are loaded meanwhile.
    """
    fetch_charts()
    try:
        sample = start_sample()
    except TimelineError:
        return True  # the page meets it too, and says so
    if sample is None or sample.work.finished or not sample.first:
        return True
    st.title("Reading the sample articles", anchor=False)
    st.markdown("The bundled articles on the Idlib crisis are being coded on this machine. This happens once.")
    load_ahead(page, after_seconds=_WORDS_FIRST_SECONDS)
    follow_work(sample.work)
    return False


def start_sample() -> SampleWork | None:
    """Code the bundled sample, once per server; None where it is coded already or not wanted.

    Raises:
        TimelineError: Its project cannot be opened.
    """
    if not (place.shows_sample() and place.SAMPLE.is_dir()):
        return None
    return _start_sample(str(place.project_folder()), str(place.SAMPLE))


@st.cache_resource(show_spinner=False)
def _start_sample(folder: str, sample: str) -> SampleWork | None:
    paths = list_sample(Path(sample))
    wanted = digest(fingerprint_coder(), *(path.read_text("utf-8") for path in paths))
    project = open_project(folder, create=True)
    found = read_note(project, _NOTE)
    waiting = select_ids(project, (State.UNCODED,), changed=True)
    project.close()
    if found == wanted and not waiting:
        return None

    def run(work: Work) -> None:
        worker.run_job(worker.Job(folder, tuple(map(str, paths))), work)
        save_note(open_project(folder), _NOTE, wanted)

    return SampleWork(run_in_background(run, "code-sample"), first=not found)


def list_sample(folder: Path) -> list[Path]:
    """The sample's articles: their names begin with a day; what is about them does not."""
    return sorted(folder.glob("[0-9]*.md"))


@st.cache_resource(show_spinner=False)
def load_ahead(page: str, after_seconds: float = 0.0) -> None:
    """Import a page's module and its libraries in a thread, once per server."""

    def load() -> None:
        # Importing keeps the interpreter to itself; files and words for the browser would wait for it at every turn.
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            with kept():
                importlib.import_module(page)
        finally:
            sys.setswitchinterval(usual)

    timer = threading.Timer(after_seconds, load)
    timer.daemon = True
    timer.start()
