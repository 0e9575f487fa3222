"""Tables of articles: CSV, TSV, JSON and JSON Lines, row by row; columns named by the user or guessed by name."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice, zip_longest
from typing import IO, Any

from timeline.errors import MissingColumnError, UnreadableInputError
from timeline.reading.decoding import decode_bytes, iterate_lines
from timeline.reading.drafts import Draft, Problem, Report
from timeline.reading.published import ClueBasis, PublishedClue, parse_day

MAX_JSON_BYTES = 256 << 20  # of one JSON document, which must fit in memory; JSON Lines have no limit
MAX_FIELD_CHARS = 10_000_000
MAX_ROW_PROBLEMS = 20  # told one by one for each file; the others are counted

# Best first. Names are compared in lower case without spaces and punctuation.
COLUMN_GUESSES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "fulltext", "articletext", "articlebody", "maintext", "contenttext", "contenthtml",
        "bodytext", "article", "story", "document", "newstext", "rawtext", "plaintext", "html", "description",
        "summary",
    ),
    "published": (
        "published", "publishedat", "datepublished", "publisheddate", "publicationdate", "pubdate", "publishdate",
        "datepublish", "publishedon", "dateofpublication", "date", "datetime", "articledate", "day", "timestamp", "dct",
        "created", "createdat",
    ),
    "title": ("title", "headline", "heading", "articletitle", "headlinemain", "head", "name"),
    "publisher": (
        "publisher", "outlet", "publishername", "sourcename", "source", "newspaper", "publication", "sitename", "site",
        "medium", "media", "sourcedomain", "domain", "website",
    ),
    "url": (
        "url", "link", "permalink", "sourceurl", "articleurl", "weburl", "canonicalurl", "externalurl", "href", "uri",
    ),
    "id": (),  # only when named by the user: identifiers of two files may clash, see `read_articles`
}  # fmt: skip
_LIST_KEYS = (
    "articles",
    "items",
    "results",
    "data",
    "docs",
    "documents",
    "rows",
    "records",
    "entries",
    "news",
    "stories",
)
_INNER_KEYS = ("name", "title", "value", "main", "text", "#text", "_text", "rendered", "url", "href")
_MAX_INNER = 3

Row = Mapping[str, Any]


def read_csv(
    stream: IO[bytes], origin: str, columns: Mapping[str, str], report: Report, delimiter: str = ""
) -> Iterator[Draft]:
    """Articles of a table with a header row; the delimiter is found in the header if not given.

    Raises:
        MissingColumnError: The user named a column that is not there, or no column looks like text.
        UnreadableInputError: The file is no table.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_FIELD_CHARS))
    lines = iterate_lines(stream)
    header_line = next(lines, "")
    while header_line and not header_line.strip():
        header_line = next(lines, "")
    if not header_line:
        raise UnreadableInputError("the table is empty")
    delimiter = delimiter or max(",;\t|", key=header_line.count)
    rows = csv.reader(chain([header_line], lines), delimiter=delimiter)
    header = [name.strip() for name in _next_row(rows)]
    names = _match_columns(header, columns)
    yield from _read_rows(_csv_rows(rows, header), origin, names, report)


def read_json_lines(stream: IO[bytes], origin: str, columns: Mapping[str, str], report: Report) -> Iterator[Draft]:
    """Articles of a file with one JSON object a line."""
    yield from _read_rows(_json_rows(iterate_lines(stream, newline="\n")), origin, columns, report)


def read_json(data: bytes, origin: str, columns: Mapping[str, str], report: Report) -> Iterator[Draft]:
    """Articles of a JSON document: one object, a list, or an object that holds a list (`articles`, `items`, …).

    Raises:
        UnreadableInputError: It is not JSON, is nested too deeply, or holds no articles.
    """
    text = decode_bytes(data)
    try:
        document = json.loads(text)
    except RecursionError:
        raise UnreadableInputError("JSON nested too deeply") from None
    except ValueError as error:
        if not re.match(r"\s*\{[^\n]*\}\s*\n\s*\{", text):  # JSON Lines under another name
            raise UnreadableInputError(f"not valid JSON: {error}") from error
        yield from _read_rows(_json_rows(text.splitlines()), origin, columns, report)
        return
    yield from _read_rows(enumerate(_find_rows(document), 1), origin, columns, report, word="item")


def _next_row(rows: Iterator[list[str]]) -> list[str]:
    try:
        return next(rows)
    except (csv.Error, StopIteration) as error:
        raise UnreadableInputError(f"the table has no readable header: {error}") from error


def _csv_rows(rows: Any, header: list[str]) -> Iterator[tuple[int, Row | str]]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield rows.line_num, f"not readable as a table row: {error}"
            continue
        if any(row):
            yield rows.line_num, dict(zip_longest(header, row[: len(header)], fillvalue=""))


def _json_rows(lines: Iterable[str]) -> Iterator[tuple[int, Row | str]]:
    for number, line in enumerate(lines, 1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            row = json.loads(line.lstrip("\ufeff"))
        except RecursionError:
            yield number, "JSON nested too deeply"
        except ValueError as error:
            yield number, f"not valid JSON: {error}"
        else:
            yield (
                number,
                {"text": row} if isinstance(row, str) else row if isinstance(row, dict) else "not a JSON object",
            )


def _find_rows(document: object) -> list[Row | str]:
    """The rows of a JSON document; a list inside it if the object itself has no text."""
    if isinstance(document, dict):
        lists = [document[key] for key in _LIST_KEYS if isinstance(document.get(key), list)]
        hits = document.get("hits") or document.get("response") or document.get("feed")
        if isinstance(hits, dict):
            lists += [hits[key] for key in ("hits", *_LIST_KEYS) if isinstance(hits.get(key), list)]
        document = lists[0] if lists else [document]
    if not isinstance(document, list):
        raise UnreadableInputError("the JSON holds no articles: a list of objects is needed, or an object with a list")
    rows: list[Row | str] = []
    for item in document:
        inner = item.get("_source") if isinstance(item, dict) else None
        row = inner if isinstance(inner, dict) else item
        rows.append(row if isinstance(row, dict) else {"text": row} if isinstance(row, str) else "not a JSON object")
    return rows


def _read_rows(
    rows: Iterable[tuple[int, Row | str]], origin: str, columns: Mapping[str, str], report: Report, word: str = "line"
) -> Iterator[Draft]:
    """Turn rows into drafts; rows that cannot be read are reported and skipped."""
    skipped = 0
    for number, row in rows:
        place = f"{origin}:{number}" if word == "line" else f"{origin} ({word} {number})"
        reason = row if isinstance(row, str) else ""
        if not isinstance(row, str):
            try:
                draft = _read_row(row, place, columns)
            except MissingColumnError as error:
                reason = str(error)
            else:
                yield draft
        if reason:
            skipped += 1
            if skipped <= MAX_ROW_PROBLEMS:
                report(Problem(place, reason))
    if skipped > MAX_ROW_PROBLEMS:
        report(Problem(origin, f"{skipped - MAX_ROW_PROBLEMS} more rows could not be read"))


def _read_row(row: Row, origin: str, columns: Mapping[str, str]) -> Draft:
    names = _match_columns(tuple(row), columns)
    values = {field: _as_text(_look_up(row, name)) for field, name in names.items()}
    if not values["text"].strip():
        raise MissingColumnError(f"no text in column {names['text']!r}")
    day = parse_day(_look_up(row, names["published"])) if "published" in names else None
    return Draft(
        text=values["text"][:MAX_FIELD_CHARS],
        origin=origin,
        title=values.get("title", ""),
        publisher=values.get("publisher", ""),
        url=values.get("url", ""),
        id=values.get("id", ""),
        clues=(PublishedClue(day, ClueBasis.METADATA),) if day else (),
    )


def _match_columns(present: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Field to column name. A name that the user gave must be there; the others are guessed.

    Raises:
        MissingColumnError: The message names the missing column, those present, and the option to use.
    """
    names = list(present)
    plain = {re.sub(r"[\W_]+", "", name).lower(): name for name in reversed(names)}
    taken = set(columns.values())
    matched: dict[str, str] = {}
    for field, guesses in COLUMN_GUESSES.items():
        if field in columns:
            if columns[field].split(".")[0] not in {*names, *(name.split(".")[0] for name in names)}:
                raise MissingColumnError(f"no column {columns[field]!r} for {field}; there are {_listed(names)}")
            matched[field] = columns[field]
        elif found := next((plain[guess] for guess in guesses if guess in plain and plain[guess] not in taken), ""):
            matched[field] = found
            taken.add(found)
    if "text" not in matched:
        raise MissingColumnError(f"no column looks like the text; name it with text=COLUMN; there are {_listed(names)}")
    return matched


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in islice(names, 12))
    return f"{shown}, …" if len(names) > 12 else shown or "none"


def _look_up(row: Row, name: str) -> object:
    """A value by name, or by path ("source.name") where a field holds an object."""
    if name in row:
        return row[name]
    value: object = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _as_text(value: object, depth: int = 0) -> str:
    """Text of a JSON value: of a list its parts as lines, of an object its name, nothing of what is empty."""
    if value is None or isinstance(value, bool) or depth > _MAX_INNER:
        return ""
    if isinstance(value, list):
        return "\n".join(part for item in value[:10_000] if (part := _as_text(item, depth + 1)))
    if isinstance(value, dict):
        return next((text for key in _INNER_KEYS if (text := _as_text(value.get(key), depth + 1))), "")
    return str(value)
