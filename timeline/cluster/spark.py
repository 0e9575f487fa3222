"""The same coder in Spark: `articles.mapInArrow(code_batches, CODED_DDL)`.

Spark starts one Python process for each task slot; each loads the coder once. The result has the columns of coded
files, so what Spark writes as Parquet is what `timeline import` takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa

from timeline.cluster.partitions import code_article
from timeline.errors import TimelineError
from timeline.reading.language import detect_language
from timeline.records import Article, identify_article
from timeline.store.coded_files import CODED_SCHEMA, table_of_rows

CODED_DDL = ", ".join(f"{one.name} {'date' if pa.types.is_date(one.type) else 'string'}" for one in CODED_SCHEMA)
_TEXT_FIELDS = ("text", "title", "publisher", "url")


def code_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Code articles that come as Arrow batches; what Spark's `mapInArrow` takes.

    Args:
        batches: Columns `text` and, where known, `id`, `title`, `publisher`, `url`, `language` (strings) and
            `published` (date, or a string like 2020-03-06).

    Raises:
        TimelineError: There is no column `text`.
        ValueError: A date cannot be read.
    """
    for batch in batches:
        if "text" not in batch.schema.names:
            raise TimelineError(f"no column 'text' among {', '.join(batch.schema.names)}")
        rows = [code_article(_article(row)) for row in batch.to_pylist()]
        yield from table_of_rows(rows).to_batches()


def _article(row: Mapping[str, object]) -> Article:
    texts = {name: str(row.get(name) or "") for name in _TEXT_FIELDS}
    given = row.get("published")
    published = dt.date.fromisoformat(given) if isinstance(given, str) and given else given or None
    if isinstance(published, dt.datetime):
        published = published.date()
    if published is not None and not isinstance(published, dt.date):
        raise ValueError(f"`published` is {published!r}; it must be a date, or a string like 2020-03-06")
    name = str(row.get("id") or "") or identify_article(texts["text"], texts["url"])
    language = str(row.get("language") or "") or detect_language(texts["text"])
    return Article(id=name, published=published, language=language, **texts)
