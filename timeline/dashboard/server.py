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
# M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD in glibc's malloc.h.
_ARENAS, _MAPPED, _TRIMMED = -8, -3, -1
_LARGE, _SPARE = 5 << 20, 24 << 20  # bytes; what is counted at a time takes less than `_LARGE`


@asynccontextmanager
async def prepare(app: Any) -> AsyncIterator[None]:
    """The server's life: what is wanted first is begun when it starts."""
    share_memory()
    threading.Thread(target=begin, name="prepare", daemon=True).start()
    yield


def share_memory() -> None:
    """Let all threads take memory out of one pool, and what is large from the system, where the C library is glibc.

    Each reader has a thread of their own, and each pool keeps what was freed there. Left to itself the C library takes
    masks of ten million events out of its pools too, once it has seen some: a server of so many held up to 670 MB
    after thirty filters, 480 so where `timeline serve` started it with one pool.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        library = ctypes.CDLL(None)
        for option, value in ((_ARENAS, 1), (_MAPPED, _LARGE), (_TRIMMED, _SPARE)):
            library.mallopt(option, value)


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

    with kept(), contextlib.suppress(TimelineError, OSError):  # the page meets it too, and says so
        queries.count_events(data.tables(), queries.EVERYTHING)
