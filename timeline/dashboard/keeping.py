"""Answers kept for all sessions of a server, by what was asked.

As Streamlit's own caches, which take half a millisecond to name what is asked, some forty times for each page, and
write tables out and read them in again. What is kept is shared and never to be changed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")
_all: list[OrderedDict[Hashable, Future[Any]]] = []
_lock = threading.Lock()


def keep(most: int) -> Callable[[Callable[_Asked, _Answer]], Callable[_Asked, _Answer]]:
    """Keep a function's answers, the last `most` asked for; what two ask for at once is worked out once.

    Its arguments are hashable and given by position. An error is not kept.
    """

    def decorate(function: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
        kept: OrderedDict[Hashable, Future[_Answer]] = OrderedDict()
        _all.append(kept)

        @wraps(function)
        def answer(*asked: _Asked.args, **named: _Asked.kwargs) -> _Answer:
            with _lock:
                found = kept.get(asked)
                own = found or kept.setdefault(asked, Future())
                kept.move_to_end(asked)
                while len(kept) > most:
                    kept.popitem(last=False)
            if found is not None and found.exception() is None:
                return found.result()
            try:
                result = function(*asked, **named)
            except BaseException as error:
                with _lock:
                    kept.pop(asked, None)
                if found is None:
                    own.set_exception(error)
                raise
            if found is None:
                own.set_result(result)
            return result

        return answer

    return decorate


def forget_all() -> None:
    """Forget every answer kept, as a new server would."""
    with _lock:
        for kept in _all:
            kept.clear()
