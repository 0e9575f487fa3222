"""The same coder in Spark: `articles.mapInArrow(code_batches, CODED_DDL)`.

Spark starts one Python process for each task slot; each loads the coder once. The result has the columns of coded
files, so what Spark writes as Parquet is what `timeline import` takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa

from timeline.cluster.partitions import code_article, load_coder
from timeline.errors import TimelineError
from timeline.reading.language import detect_language
from timeline.records import Article, identify_article
from timeline.store.articles import Versions
from timeline.store.coded_files import CODED_SCHEMA, CodedRow, row_of_failure, table_of_rows

CODED_DDL = ", ".join(f"{one.name} {'date' if pa.types.is_date(one.type) else 'string'}" for one in CODED_SCHEMA)
_TEXT_FIELDS = ("text", "title", "publisher", "url")


def code_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Code articles that come as Arrow batches; what Spark's `mapInArrow` takes.

    Args:
        batches: Columns `text` and, where known, `id`, `title`, `publisher`, `url`, `language` (strings) and
            `published` (date, or a string like 2020-03-06).

    Raises:
        TimelineError: There is no column `text`.
        ValueError: `published` is neither a date nor text. Text that is no date is the problem of its article.
    """
    for batch in batches:
        if "text" not in batch.schema.names:
            raise TimelineError(f"no column 'text' among {', '.join(batch.schema.names)}")
        rows = [_code(row) for row in batch.to_pylist()]
        yield from table_of_rows(rows).to_batches()


def _code(row: Mapping[str, object]) -> CodedRow:
    given = row.get("published") or None
    if not isinstance(given, str):
        return code_article(_article(row, _as_day(given)))
    try:
        day = dt.date.fromisoformat(given.strip()[:10])
    except ValueError:
        coder = load_coder()
        problem = f"`published` is {given[:40]!r}; it must be a date, or a string like 2020-03-06"
        return row_of_failure(_article(row, None), Versions(coder.version, coder.lexicon_version), problem)
    return code_article(_article(row, day))


def _as_day(given: object) -> dt.date | None:
    if isinstance(given, dt.datetime):
        return given.date()
    if given is None or isinstance(given, dt.date):
        return given
    raise ValueError(f"`published` is {given!r}; it must be a date, or a string like 2020-03-06")


def _article(row: Mapping[str, object], published: dt.date | None) -> Article:
    texts = {name: str(row.get(name) or "") for name in _TEXT_FIELDS}
    name = str(row.get("id") or "") or identify_article(texts["text"], texts["url"])
    language = str(row.get("language") or "") or detect_language(texts["text"])
    return Article(id=name, published=published, language=language, **texts)
