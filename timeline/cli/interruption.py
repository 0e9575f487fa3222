"""Ctrl-C: the first asks the work to end in good order, the second ends it at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

from timeline.cli.output import note


class Interruption:
    """Asked whether to stop; in a `with` block, Ctrl-C sets it. Outside the main thread it is never set."""

    def __init__(self, says: str = "Stopping when the articles in hand are done; Ctrl-C again stops at once.") -> None:
        self.asked, self._says = False, says
        self._before: object = None

    def __call__(self) -> bool:
        return self.asked

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)  # type: ignore[arg-type]

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        note(f"\n{self._says}")
