"""Garbage collection held off where nearly everything that is made is there to stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile: looking through all that is being loaded takes up to a fifth of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@contextmanager
def kept() -> Iterator[None]:
    """Likewise, and what is there in the end is never looked through again.

    For processes that last: Streamlit collects after every run of a script, and the libraries of a page alone
    hold it up for a tenth of a second each time.
    """
    with uncollected():
        yield
        gc.freeze()
