"""Files, pages, feeds and tables in; articles out.

`read_articles` is the way in. Heavy libraries load when a file needs them.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping

from timeline.reading.drafts import Problem, Report
from timeline.records import Article

__all__ = ["Problem", "read_articles"]


def read_articles(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    published: dt.date | None = None,
    title: str | None = None,
    publisher: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_problem: Report | None = None,
    allow_urls: bool = False,
    allow_private_addresses: bool = False,
) -> Iterator[Article]:
    """Read articles one by one, in the order of `paths` and, in folders and archives, of names.

    Reads .txt, .md, .html, .pdf, .json, .jsonl, .csv, .tsv, RSS and Atom, each also as .gz or in a .zip; folders,
    patterns ("news/*.html"), and standard input as "-". Tables and JSON Lines of any size take constant memory.

    Args:
        paths: Files, folders, patterns, "-", or with `allow_urls` http(s) addresses of single pages or feeds.
        published: The publication date of everything read; it overrides dates that are found.
        title: The title of everything read.
        publisher: The outlet of everything read.
        columns: Names of table columns or JSON fields by what they hold: text, published, title, publisher, url,
            id. Those not named are guessed by name, except `id`: only an id column that you name is used, since
            numbers of two files clash. A path such as "source.name" reaches into JSON objects.
        on_problem: Called with each `Problem`; reading then goes on. Without it, problems are logged as warnings.
        allow_urls: Whether addresses may be fetched.
        allow_private_addresses: Whether they may lie in the own network.

    Yields:
        Articles with text in paragraphs separated by blank lines. `published` is None, and title, publisher and
        url are "", where nothing says what they are. Ids are equal for equal text or address.

    Raises:
        UnreadableInputError: `columns` names a field that articles do not have. Nothing else: a file that cannot
            be read is a problem, not an error.
    """
    from timeline.reading.articles import make_options, read_all

    options = make_options(
        columns,
        published=published,
        title=title,
        publisher=publisher,
        allow_urls=allow_urls,
        allow_private_addresses=allow_private_addresses,
    )
    several = [paths] if isinstance(paths, str | os.PathLike) else paths
    return read_all(several, options, on_problem)
