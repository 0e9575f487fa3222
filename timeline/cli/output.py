"""What commands print: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import IO

OK, PARTLY, FAILED, INTERRUPTED = 0, 1, 2, 130
MOST_NAMED = 10  # of a long list of names

_UNSAFE = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_STEERING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def say(text: str = "") -> None:
    """Print a line of the result."""
    print(text)


def warn(text: str) -> None:
    """Print a line for the user on standard error."""
    print(f"timeline: {text}", file=sys.stderr)


def note(text: str) -> None:
    """Print a line on standard error as it is."""
    print(text, file=sys.stderr)


def say_json(value: object) -> None:
    """Print a value as JSON, indented."""
    print(dump_json(value, indent=2))


def dump_json(value: object, indent: int | None = None) -> str:
    """JSON that can be written as UTF-8: letters as they are, unless a lone surrogate forces escapes."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False, indent=indent)
    return text


def plain(text: str, width: int = 0) -> str:
    """Text of articles for a terminal: on one line, without what could steer it; cut to `width` if that is given."""
    spaced = " ".join("".join(" " if _is_unsafe(letter) else letter for letter in text).split())
    return spaced if not width or len(spaced) <= width else spaced[: max(width - 1, 0)].rstrip() + "…"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 article", "1,200 articles"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def say_table(rows: Iterable[Sequence[object]], head: Sequence[str] = (), indent: str = "") -> None:
    """Print rows in columns; numbers to the right. The last column is not padded."""
    cells = [[str(cell) for cell in row] for row in ([head] if head else [])]
    body = [list(row) for row in rows]
    cells += [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in body]
    if not cells:
        return
    right = [all(isinstance(row[i], int | float) for row in body) and bool(body) for i in range(len(cells[0]))]
    widths = [max(map(_columns, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = [_pad(cell, width, side) for cell, width, side in zip(row, widths, right, strict=True)]
        say((indent + "  ".join(padded)).rstrip())


def name_some(names: Sequence[str]) -> list[str]:
    """The first of many names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return [*names[:MOST_NAMED], *([f"… and {more:,} more"] if more > 0 else [])]


def make_printable(*streams: IO[str]) -> None:
    """Let streams print what their encoding cannot hold as escapes, rather than fail."""
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _is_unsafe(letter: str) -> bool:
    return (not letter.isascii() and letter in _STEERING) or unicodedata.category(letter) in _UNSAFE


def _columns(text: str) -> int:
    """The width of a text in a terminal: wide letters take two columns, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - _columns(text))
    return space + text if right else text + space
