"""How far a long command has come, on standard error: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType

from timeline.cli.output import plain

_QUIET_SECONDS = 1.0  # what takes no longer needs no bar
_BAR_PAUSE, _LINE_PAUSE = 0.1, 15.0
_BAR_COLUMNS = 24


class ProgressLine:
    """A line that follows one piece of work; use it in a `with` block, which wipes a bar away at its end."""

    def __init__(self, what: str, *, quiet: bool = False) -> None:
        self._what, self._quiet = what, quiet
        self._tty = sys.stderr.isatty()
        self._started = time.monotonic()
        self._pause = _BAR_PAUSE if self._tty else _LINE_PAUSE
        self._next = self._started + max(_QUIET_SECONDS, 0.0 if self._tty else _LINE_PAUSE)
        self._drawn = False

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()

    def show(self, done: int, total: int = 0, words: int = 0, title: str = "") -> None:
        """Tell how far it is; `total` 0 is unknown, `words` those read so far."""
        now = time.monotonic()
        if self._quiet or now < self._next:
            return
        self._next = now + self._pause
        text = self._describe(done, total, words, now - self._started)
        if self._tty:
            width = shutil.get_terminal_size().columns - 1
            print("\r" + plain(f"{text}  {title}", width).ljust(width), end="", file=sys.stderr, flush=True)
            self._drawn = True
        else:
            print(text, file=sys.stderr, flush=True)

    def wipe(self) -> None:
        """Take the bar off the terminal."""
        if self._drawn:
            print("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r", end="", file=sys.stderr, flush=True)
            self._drawn = False

    def _describe(self, done: int, total: int, words: int, seconds: float) -> str:
        parts = [self._what]
        if total and self._tty:
            full = _BAR_COLUMNS * done // total
            parts.append("█" * full + "░" * (_BAR_COLUMNS - full))
        parts.append(f"{done:,} of {total:,}" if total else f"{done:,}")
        if words and seconds > 0:
            parts.append(f"{words / seconds:,.0f} words/s")
        if total > done > 0:
            parts.append(f"{_say_time(seconds * (total - done) / done)} left")
        return "  ".join(parts)


def _say_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
