"""Work that outlasts a rerun: followed by a thread of the server, watched by every session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from timeline.dashboard import place
from timeline.errors import TimelineError, UnconfirmedQueryError


@dataclass(slots=True)
class Work:
    """How far a piece of work has come; its thread writes, sessions read.

    `problems` are sentences on what was skipped; `error` says why the work stopped, "" if it did not; `refused` is the
    query of an engine that it stopped at, which its user may allow.
    """

    done: int = 0
    total: int = 0
    finished: bool = False
    error: str = ""
    refused: UnconfirmedQueryError | None = None
    problems: tuple[str, ...] = ()
    summary: str = ""

    def advance(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def take(self, report: Mapping[str, Any]) -> None:
        """Take over what the process that does the work tells of it, by the names of our fields."""
        for name, value in report.items():
            setattr(self, name, tuple(value) if isinstance(value, list) else value)


def run_in_background(job: Callable[[Work], None], name: str) -> Work:
    """Run a job in a thread of the server; the returned record tells how it goes."""
    work = Work()

    def run() -> None:
        try:
            job(work)
        except UnconfirmedQueryError as error:
            work.error, work.refused = str(error), error
        except (TimelineError, OSError) as error:
            work.error = str(error)
        except Exception as error:  # noqa: BLE001 - a bug must end in a message, not in a page that waits for ever
            work.error = f"{type(error).__name__}: {error}"
        finally:
            work.finished = True

    threading.Thread(target=run, name=name, daemon=True).start()
    return work


@st.cache_resource(show_spinner=False)
def _latest(folder: str) -> dict[str, Work]:
    """The latest piece of work on a project, shared by all sessions."""
    return {}


def keep_work(work: Work) -> None:
    """Show this work to every session until the next."""
    _latest(str(place.project_folder()))["work"] = work


def current_work() -> Work | None:
    """The latest piece of work on the project, running or done."""
    return _latest(str(place.project_folder())).get("work")


def follow_work(work: Work) -> None:
    """Show how far a piece of work has come until it ends, then run the page again."""

    @st.fragment(run_every=0.5)
    def follow() -> None:
        if work.finished:
            st.rerun()
        share = min(work.done / work.total, 1.0) if work.total else 0.0
        st.progress(share, text=f"Coding: {work.done} of {work.total} articles" if work.total else "Reading …")

    follow()
