"""What the server does before a reader comes: it has the sample coded, or the first page loaded and the tables open.

A script is run only once a browser is there; by then a second or two have passed in which nothing was done.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from timeline.dashboard.first_start import load_ahead, start_sample
from timeline.dashboard.place import engine_address
from timeline.errors import TimelineError
from timeline.garbage import kept

SCRIPT = Path(__file__).with_name("main.py")
_FIRST_PAGE = "timeline.dashboard.explore"
_ARENAS = -8  # M_ARENA_MAX in glibc's malloc.h


@asynccontextmanager
async def prepare(app: Any) -> AsyncIterator[None]:
    """The server's life: what is wanted first is begun when it starts."""
    share_memory()
    threading.Thread(target=begin, name="prepare", daemon=True).start()
    yield


def share_memory() -> None:
    """Let all threads take memory out of one pool, where the C library is glibc.

    Each reader has a thread of their own. With a pool for each, which keeps what was freed there, a server of ten
    million events held up to 670 MB after twenty filters, 440 with one; it takes no more time.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENAS, 1)


def begin() -> None:
    """Start coding the sample if that was never done; otherwise load the first page.

    Not both: a page that is loaded takes a processor from the coding, whose progress is all there is to show.
    """
    try:
        with kept():
            sample = start_sample()
    except (TimelineError, OSError):
        sample = None  # the page meets it too, and says so
    if sample is None or not sample.first:
        load_ahead(_FIRST_PAGE)
        open_ahead()


def open_ahead() -> None:
    """Open the project's event table and begin to hold it in memory; an engine's is left alone until it is asked."""
    if engine_address():
        return
    from timeline import queries  # a second to load, which the coding of a first start is not kept waiting for
    from timeline.dashboard import data

    with contextlib.suppress(TimelineError, OSError):  # the page meets it too, and says so
        queries.count_events(data.tables(), queries.EVERYTHING)
