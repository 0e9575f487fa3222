"""Errors that this package raises on purpose; everything else is a bug."""

from __future__ import annotations

from collections.abc import Iterable


class TimelineError(Exception):
    """Base of every error whose message is written for the user."""


class UnreadableInputError(TimelineError, ValueError):
    """A file, page or table that cannot be read as articles; the message names it and says why."""


class LexiconError(TimelineError, ValueError):
    """One or more mistakes in lexicon files; `problems` lists each as `file:line: what`."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class MissingColumnError(TimelineError, KeyError):
    """A table lacks a column that a function needs; the message names it and those it has."""

    def __str__(self) -> str:  # KeyError would print the message's repr
        return str(self.args[0]) if self.args else ""


class StoreError(TimelineError):
    """The project folder cannot be opened, read or written; the message says what to do."""


class NewerStoreError(StoreError):
    """The project folder was written by a newer version of this package."""


class MissingEventError(StoreError):
    """There is no such event, or no longer: merging again gives new ids to events that changed."""


class EngineError(TimelineError):
    """Tables on an engine cannot be opened or asked; the message says what to do."""


class UnconfirmedQueryError(EngineError):
    """A query costs more than its user has agreed to; `bytes` is what it would read."""

    def __init__(self, message: str, read: int) -> None:
        self.bytes = read
        super().__init__(message)
