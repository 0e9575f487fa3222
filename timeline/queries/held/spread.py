"""Parts of the work side by side: numpy looks up, compares and counts without holding other threads back."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Part = TypeVar("_Part")
_Found = TypeVar("_Found")
_PIECE = 1 << 20  # rows; of smaller pieces, threads wait for each other more than they work
_AHEAD = 8  # parts looked at before the first is asked for, at most


def spread(look: Callable[[_Part], _Found], parts: Sequence[_Part]) -> Iterator[_Found]:
    """What a function finds in each part, in order; it runs in threads."""
    if len(parts) < 2:  # to start a thread would take longer
        yield from map(look, parts)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        begun: deque[Future[_Found]] = deque()
        for part in parts:
            begun.append(pool.submit(look, part))
            if len(begun) > _AHEAD:
                yield begun.popleft().result()
        yield from (future.result() for future in begun)


def cut(rows: int) -> list[tuple[int, int]]:
    """So many rows as parts: from which row to below which other."""
    return list(itertools.pairwise([*range(0, rows, _PIECE), rows]))
