"""What the readers hand on: text and metadata as found, before cleaning; and the settings they share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from timeline.reading.published import PublishedClue


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as found. `origin` names where, for messages; without `titled` the first line may be the title."""

    text: str
    origin: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    id: str = ""
    clues: tuple[PublishedClue, ...] = ()
    titled: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, and why; `path` names the file, and the line or member in it."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


Report = Callable[[Problem], None]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user said about the input. A value given here is stronger than any found."""

    published: dt.date | None = None
    title: str | None = None
    publisher: str | None = None
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    allow_urls: bool = False
    allow_private_addresses: bool = False
