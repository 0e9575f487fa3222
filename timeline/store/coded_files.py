"""Coded articles as Parquet: what is coded elsewhere travels in it, and other programs read it.

One row is one article. Texts are columns of their own; time expressions, mentions and codings are JSON as the
record keeps it, with character offsets into `text`.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as papq

from timeline.errors import UnreadableInputError
from timeline.records import Article, Coding, Mention, TimeExpression
from timeline.store.articles import Versions
from timeline.store.codings import CodedLike, Reading
from timeline.store.serial import clean, from_json, many_from_json, to_json

CODED_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("publisher", pa.string()),
        ("published", pa.date32()),
        ("url", pa.string()),
        ("language", pa.string()),
        ("text", pa.string()),
        ("exact", pa.string()),  # the whole article as JSON where its text holds lone surrogates, else ""
        ("coder", pa.string()),
        ("lexicon", pa.string()),
        ("timexes", pa.string()),
        ("mentions", pa.string()),
        ("codings", pa.string()),
        ("problem", pa.string()),  # why it could not be coded, else ""
    ]
)
_BATCH = 200


@dataclass(frozen=True, slots=True)
class CodedRow:
    """An article coded elsewhere; `problem` says why it could not be, "" if it was."""

    reading: Reading
    versions: Versions
    problem: str = ""


def table_of_rows(rows: Iterable[CodedRow]) -> pa.Table:
    """Coded articles as an Arrow table of `CODED_SCHEMA`."""
    return pa.Table.from_pylist([_to_plain(row) for row in rows], schema=CODED_SCHEMA)


def write_rows(rows: Iterable[CodedRow], file: Path) -> None:
    """Write coded articles to a file and see it on disk."""
    papq.write_table(table_of_rows(rows), file, compression="zstd")
    with file.open("rb") as handle:
        os.fsync(handle.fileno())


def is_coded_file(file: Path) -> bool:
    """Whether a file is Parquet with coded articles."""
    try:
        return set(CODED_SCHEMA.names) <= set(papq.read_schema(file).names)
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        return False


def read_rows(file: Path) -> Iterator[CodedRow]:
    """The coded articles of a file, in little memory.

    Raises:
        UnreadableInputError: It is damaged, or a row is not as `write_rows` writes it; the message names the row.
    """
    number = 0
    try:
        with papq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(batch_size=_BATCH, columns=CODED_SCHEMA.names):
                for row in batch.to_pylist():
                    yield _from_plain(row)
                    number += 1
    except (OSError, pa.ArrowException, ValueError, TypeError) as error:
        raise UnreadableInputError(f"{file}: row {number + 1}: not a coded article ({error})") from error


def row_of(coded: CodedLike, versions: Versions) -> CodedRow:
    """The row of an article that was coded."""
    reading = Reading(coded.article, tuple(coded.timexes), tuple(coded.mentions), tuple(coded.codings))
    return CodedRow(reading, versions)


def row_of_failure(article: Article, versions: Versions, problem: str) -> CodedRow:
    """The row of an article that could not be coded."""
    return CodedRow(Reading(article, (), (), ()), versions, problem)


def _to_plain(row: CodedRow) -> dict[str, object]:
    article = row.reading.article
    texts = {name: clean(getattr(article, name)) for name in ("id", "title", "publisher", "url", "language", "text")}
    exact = "" if all(texts[name] == getattr(article, name) for name in texts) else to_json(article)
    return {
        **texts,
        "published": article.published,
        "exact": exact,
        "coder": row.versions.coder,
        "lexicon": row.versions.lexicon,
        "timexes": to_json(row.reading.timexes),
        "mentions": to_json(row.reading.mentions),
        "codings": to_json(row.reading.codings),
        "problem": clean(row.problem),
    }


def _from_plain(row: dict[str, object]) -> CodedRow:
    published = row["published"]
    if published is not None and not isinstance(published, dt.date):
        raise ValueError(f"`published` is {published!r}, not a day")
    texts = {name: str(row[name] or "") for name in row if name != "published"}
    article = (
        from_json(Article, texts["exact"])
        if texts["exact"]
        else Article(
            texts["id"], texts["text"], published, texts["title"], texts["publisher"], texts["url"], texts["language"]
        )
    )
    reading = Reading(
        article,
        many_from_json(TimeExpression, texts["timexes"]),
        many_from_json(Mention, texts["mentions"]),
        many_from_json(Coding, texts["codings"]),
    )
    return CodedRow(reading, Versions(texts["coder"], texts["lexicon"]), texts["problem"])
