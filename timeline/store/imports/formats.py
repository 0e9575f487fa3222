"""The formats we know, and how the one of a file is found: by its header, or by its shape where it has none."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from timeline.errors import UnreadableInputError
from timeline.store.imports.acled import ACLED
from timeline.store.imports.batches import Layout, count_comments, read_head, read_parquet_header, split_line
from timeline.store.imports.gdelt import GDELT
from timeline.store.imports.icews import ICEWS, ICEWS_TRIPLES
from timeline.store.imports.mapping import Format, UnreadableValueError
from timeline.store.imports.opening import Input
from timeline.store.imports.own import OWN
from timeline.store.imports.phoenix import PHOENIX_DAILY, PHOENIX_HISTORICAL
from timeline.store.imports.polecat import POLECAT
from timeline.store.imports.ucdp import UCDP
from timeline.store.imports.values import read_day

FORMATS: tuple[Format, ...] = (
    OWN,
    GDELT,
    POLECAT,
    ACLED,
    UCDP,
    ICEWS,
    PHOENIX_DAILY,
    PHOENIX_HISTORICAL,
    ICEWS_TRIPLES,
)
NAMES = tuple(dict.fromkeys(one.name.split("-")[0] for one in FORMATS))  # as chosen by the user
DELIMITERS = "\t,;|"
_SHOWN = 12
_PAGE = ("<!doctype html", "<html", "<head", "<?xml")


@dataclass(frozen=True, slots=True)
class Found:
    """The format of a file, and how the text is laid out; `layout` is None for JSON Lines and Parquet."""

    format: Format
    layout: Layout | None
    kind: str  # text, json or parquet


def find_format(source: Input, wanted: str = "auto") -> Found:
    """The format of a file.

    Args:
        source: The file.
        wanted: One of `NAMES`, or "auto" to find out.

    Raises:
        UnreadableInputError: None fits, or more than one, or not the wanted one; the message says what was seen.
    """
    candidates = tuple(one for one in FORMATS if wanted in ("auto", one.name.split("-")[0]))
    if source.is_parquet:
        header = read_parquet_header(source)
        return Found(_one(source, candidates, header, wanted), None, "parquet")
    lines = read_head(source)
    if not any(line.strip() for line in lines):
        raise UnreadableInputError(f"{source.name}: the file holds no rows")
    if lines[0].lstrip().startswith("{"):
        return Found(_find_json(source, lines, candidates, wanted), None, "json")
    return _find_text(source, lines, candidates, wanted)


def _find_json(source: Input, lines: Sequence[str], candidates: Sequence[Format], wanted: str) -> Format:
    """The format of JSON Lines by all names in its first rows, since a row may leave out what is empty."""
    names: dict[str, None] = {}
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):  # the last may be cut short
            row = json.loads(line)
            names.update(dict.fromkeys(row if isinstance(row, dict) else ()))
    return _one(source, candidates, tuple(names), wanted)


def _find_text(source: Input, lines: Sequence[str], candidates: Sequence[Format], wanted: str) -> Found:
    comments = count_comments(lines)
    head = next((line for line in lines[comments:] if line.strip()), "")
    quoted = any('"' in line for line in lines)
    for delimiter in DELIMITERS:
        header = split_line(head, delimiter, quoted=quoted or delimiter != "\t")
        if any(one.fits(header) for one in candidates):
            chosen = _one(source, candidates, header, wanted)
            quotes = delimiter != "\t" or _has_quoted_cell(lines)
            return Found(chosen, Layout(delimiter, quotes, _unique(header), comments + 1), "text")
    for line in lines:  # not the first alone: it may be damaged
        row = tuple(line.split("\t"))
        for one in candidates:
            names = one.headless.get(len(row))
            if names and _is_row(one, names, row):
                return Found(one, Layout("\t", False, names, 0), "text")
    raise UnreadableInputError(_say_unknown(source, head, wanted))


def _one(source: Input, candidates: Sequence[Format], header: Sequence[str], wanted: str) -> Format:
    fitting = [one for one in candidates if one.fits(header)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise UnreadableInputError(_say_unknown(source, "\t".join(header), wanted))
    titles = " or ".join(f"{one.title} ({one.name})" for one in fitting)
    raise UnreadableInputError(f"{source.name}: could be {titles}; say which with --format")


def _is_row(one: Format, names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a first line without header reads as a row: its date is a day, its code is digits."""
    cells = dict(zip((name.casefold() for name in names), row, strict=True))
    try:
        day = read_day((cells.get("sqldate") or cells.get("date") or cells.get("date8") or "").strip())
    except UnreadableValueError:
        return False
    return day is not None and (cells.get("eventcode") or cells.get("code") or "").strip().isdigit()


def _has_quoted_cell(lines: Sequence[str]) -> bool:
    """Whether cells of a tab-separated file are quoted; a stray quotation mark in a text does not count."""
    cells = [cell for line in lines for cell in line.split("\t")]
    quoted = [cell for cell in cells if len(cell) > 1 and cell[0] == cell[-1] == '"']
    return len(quoted) * 4 > len(cells)


def _unique(header: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, none empty and none twice."""
    names: dict[str, None] = {}
    for number, name in enumerate(header, start=1):
        clean = name.strip().lstrip("\ufeff") or f"column {number}"
        names[clean if clean not in names else f"{clean} ({number})"] = None
    return tuple(names)


def _say_unknown(source: Input, head: str, wanted: str) -> str:
    if head.lstrip().casefold().startswith(_PAGE):
        return f"{source.name}: is HTML or XML and no table; perhaps it is the server's answer that it has no such file"
    shown = next((cells for mark in DELIMITERS if len(cells := head.split(mark)) > 1), [head])
    seen = ", ".join(cell.strip()[:30] for cell in shown[:_SHOWN]) + (", …" if len(shown) > _SHOWN else "")
    what = "no format of event tables that is known" if wanted == "auto" else f"not format {wanted!r}"
    known = ", ".join(NAMES)
    own = "Name the columns event_id, event_type, source_ids, target_ids, start and end, and any table can be read."
    return f"{source.name}: {what}. Its first line has {len(shown)} columns: {seen!r}. Known formats: {known}. {own}"
