"""Inputs to articles: chooses the reader, cleans the text, settles title and date. See `timeline.reading`."""

from __future__ import annotations

import functools
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from timeline.errors import TimelineError, UnreadableInputError
from timeline.reading.boilerplate import is_boilerplate, looks_like_headline, remove_boilerplate, same_words
from timeline.reading.decoding import decode_bytes, is_binary
from timeline.reading.drafts import Draft, Problem, ReadOptions, Report
from timeline.reading.inputs import READ_ERRORS, Input, iterate_inputs, read_limited
from timeline.reading.language import detect_language
from timeline.reading.layout import MAX_ARTICLE_CHARS, join_paragraphs, split_paragraphs, strip_markup, tidy_characters
from timeline.reading.published import (
    ClueBasis,
    PublishedClue,
    choose_published,
    complete_dateline,
    find_dateline,
    find_head_date,
    find_labelled_day,
    find_url_day,
    find_url_month,
)
from timeline.records import Article, identify_article

MAX_TEXT_BYTES = 64 << 20  # of one text file, which is one article
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,20})://")
_HEAD_PARAGRAPHS = 6  # in which date lines and datelines are looked for
_HEADLINE_CHARS = 300

logger = logging.getLogger("timeline.reading")


def read_all(
    paths: Iterable[str | os.PathLike[str]], options: ReadOptions, on_problem: Report | None
) -> Iterator[Article]:
    """Articles of every path in order; whatever cannot be read is told to `on_problem`, or else to the log."""
    report = on_problem or _log_problem
    for path in paths:
        for draft in _read_path(os.fspath(path), options, report):
            try:
                article = finish_article(draft, options)
            except TimelineError as error:
                report(Problem(draft.origin, str(error)))
            else:
                yield article


def finish_article(draft: Draft, options: ReadOptions) -> Article:
    """The article of a draft: paragraphs without boilerplate, its title, its date, its id and its language.

    Raises:
        UnreadableInputError: Nothing is left, or the text is longer than MAX_ARTICLE_CHARS.
    """
    if len(draft.text) > MAX_ARTICLE_CHARS:
        raise UnreadableInputError(f"the text is longer than {MAX_ARTICLE_CHARS:,} characters; split it into articles")
    paragraphs = split_paragraphs(strip_markup(draft.text))
    title = options.title if options.title is not None else _clean_title(draft.title)
    if not title and not draft.titled:
        title, paragraphs = _take_headline(paragraphs)
    url = _clean_url(draft.url)
    clues = collect_clues(replace(draft, url=url), paragraphs, title, options)
    text = join_paragraphs(remove_boilerplate(paragraphs, title))
    if not text:
        raise UnreadableInputError("no text is left when page furniture is taken away" if paragraphs else "no text")
    published = choose_published(clues)
    publisher = options.publisher if options.publisher is not None else _clean_title(draft.publisher)
    return Article(
        id=draft.id or identify_article(text, url if _is_page_address(url) else ""),
        text=text,
        published=published.date if published else None,
        title=title,
        publisher=publisher,
        url=url,
        language=detect_language(text),
    )


def collect_clues(
    draft: Draft, paragraphs: tuple[str, ...], title: str = "", options: ReadOptions | None = None
) -> tuple[PublishedClue, ...]:
    """Every clue to the publication date, in no order; `choose_published` picks the strongest."""
    clues = list(draft.clues)
    if options and options.published:
        clues.append(PublishedClue(options.published, ClueBasis.OPTION))
    head = _head_without_title(paragraphs, title)
    for paragraph in head:
        found = find_head_date(paragraph)
        if found and found.clue:
            clues.append(found.clue)
        elif labelled := find_labelled_day(paragraph) if len(paragraph) <= 200 else None:
            clues.append(labelled)
    if in_url := find_url_day(draft.url):
        clues.append(in_url)
    for paragraph in head:
        if dateline := find_dateline(paragraph):
            if completed := complete_dateline(dateline, clues, find_url_month(draft.url)):
                clues.append(completed)
            break
    return tuple(clues)


def _read_path(path: str, options: ReadOptions, report: Report) -> Iterator[Draft]:
    """Drafts behind one path; a path that leads to nothing at all is a problem too."""
    scheme = _SCHEME.match(path)
    read = functools.partial(_read_url, path) if scheme else functools.partial(_read_files, path)
    yield from _guarded(path, functools.partial(read, options), report)


def _guarded(name: str, read: Callable[[Report], Iterator[Draft]], report: Report) -> Iterator[Draft]:
    """Drafts of one input; the error that ends it is reported, as is its giving neither drafts nor problems."""
    silent = True

    def tell(problem: Problem) -> None:
        nonlocal silent
        silent = False
        report(problem)

    try:
        for draft in read(tell):
            silent = False
            yield draft
    except (TimelineError, RecursionError, MemoryError, *READ_ERRORS) as error:
        tell(Problem(name, str(error) or type(error).__name__))
    if silent:
        report(Problem(name, "holds no articles"))


def _read_files(path: str, options: ReadOptions, report: Report) -> Iterator[Draft]:
    for found in iterate_inputs(path, report):
        yield from _guarded(found.name, functools.partial(_read_input, found, options), report)


def _read_url(url: str, options: ReadOptions, report: Report) -> Iterator[Draft]:
    scheme = url.partition(":")[0].lower()
    if scheme not in ("http", "https"):
        raise UnreadableInputError(f"{scheme}: addresses are not read; only http and https are")
    if not options.allow_urls:
        raise UnreadableInputError("reading from the web is not allowed here; save the page as a file")
    from timeline.reading.web import fetch

    fetched = fetch(url, allow_private=options.allow_private_addresses)
    kind = _sniff(fetched.data, fetched.content_type)
    yield from _read_data(fetched.data, kind, url, options, report, url=fetched.url, charset=fetched.charset)


def _read_input(found: Input, options: ReadOptions, report: Report) -> Iterator[Draft]:
    from timeline.reading import tables

    suffix = found.suffix or _sniff(found.stream.peek(4096))
    if suffix in (".jsonl", ".ndjson"):
        yield from tables.read_json_lines(found.stream, found.name, options.columns, report)
    elif suffix in (".csv", ".tsv"):
        delimiter = "\t" if suffix == ".tsv" else ""
        yield from tables.read_csv(found.stream, found.name, options.columns, report, delimiter)
    else:
        yield from _read_data(read_limited(found.stream, _limit(suffix)), suffix, found.name, options, report)


def _limit(suffix: str) -> int:
    from timeline.reading import feeds, pdf, tables, webpages

    limits = {".pdf": pdf.MAX_PDF_BYTES, ".json": tables.MAX_JSON_BYTES}
    limits |= dict.fromkeys((".html", ".htm", ".xhtml"), webpages.MAX_PAGE_BYTES)
    limits |= dict.fromkeys((".xml", ".rss", ".atom"), feeds.MAX_FEED_BYTES)
    return limits.get(suffix, MAX_TEXT_BYTES)


def _read_data(
    data: bytes, suffix: str, name: str, options: ReadOptions, report: Report, *, url: str = "", charset: str = ""
) -> Iterator[Draft]:
    """Drafts of a file that is in memory, by its suffix."""
    from timeline.reading import feeds, pdf, plain, tables, webpages

    if not data.strip():
        raise UnreadableInputError("the file is empty")
    if suffix == ".pdf":
        yield pdf.read_pdf(data, name)
        return
    if is_binary(data):
        raise UnreadableInputError("not a text file, nor any other kind that can be read")
    if suffix == ".json":
        yield from tables.read_json(data, name, options.columns, report)
    elif suffix in (".xml", ".rss", ".atom"):
        yield from feeds.read_feed(data, name, report, charset)
    elif suffix in (".html", ".htm", ".xhtml"):
        yield webpages.read_page(data, name, url, charset)
    else:
        read = plain.read_markdown if suffix in (".md", ".markdown") else plain.read_plain
        draft = read(decode_bytes(data, charset), name)
        yield replace(draft, url=draft.url or url)


def _sniff(head: bytes, content_type: str = "") -> str:
    """The suffix for content of unknown kind, by what it begins with, then by what the server called it."""
    start = decode_bytes(head[:4096]).lstrip("\ufeff \t\r\n")[:2000]
    if head.startswith(b"%PDF"):
        return ".pdf"
    if re.match(
        r"(?:<\?xml[^<>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype html|html|head|body)\b", start, re.I | re.S
    ):
        return ".html"
    if start.startswith("<?xml") or re.match(r"<(?:rss|feed|rdf:RDF)\b", start):
        return ".xml"
    if re.match(r"\[\s*[{\"]|\{\s*(?:\"|\n)", start):
        return ".jsonl" if re.match(r"\{[^\n]*\}\s*\n\s*\{", start) else ".json"
    named = {
        "text/html": ".html",
        "application/xhtml+xml": ".html",
        "application/json": ".json",
        "text/markdown": ".md",
    }
    return named.get(content_type, ".html" if re.match(r"<[a-z]", start, re.I) else ".txt")


def _clean_title(title: str) -> str:
    return " ".join(tidy_characters(strip_markup(title)).split())[:_HEADLINE_CHARS]


def _clean_url(url: str) -> str:
    """The address if it is one of the web, else ""."""
    url = tidy_characters(url).strip()
    return url if re.match(r"https?://[^\s/]", url, re.IGNORECASE) and len(url) <= 2000 and " " not in url else ""


def _is_page_address(url: str) -> bool:
    """Whether an address can identify an article: the front page of a site cannot."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.path.strip("/") or parts.query)


def _take_headline(paragraphs: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The first paragraph as the title, if it looks like one and prose follows it."""
    for place, paragraph in enumerate(paragraphs[:_HEAD_PARAGRAPHS]):
        found = find_head_date(paragraph)
        if is_boilerplate(paragraph) or (found and not paragraph[found.end :].strip()):
            continue
        rest = paragraphs[place + 1 :]
        prose = [other for other in rest if not same_words(other, paragraph) and not looks_like_headline(other)]
        if looks_like_headline(paragraph) and any(len(other.split()) >= 8 for other in prose):
            return paragraph[:_HEADLINE_CHARS], (*paragraphs[:place], *rest)
        break
    return "", paragraphs


def _head_without_title(paragraphs: tuple[str, ...], title: str) -> list[str]:
    """The first paragraphs, a repeated title cut from their front, so that a date behind it is found."""
    from timeline.reading.boilerplate import find_title_end

    head = [paragraph for paragraph in paragraphs[:_HEAD_PARAGRAPHS] if not same_words(paragraph, title)]
    return [paragraph[find_title_end(paragraph, title) :] for paragraph in head]


def _log_problem(problem: Problem) -> None:
    logger.warning("skipped %s: %s", problem.path, problem.reason)


def make_options(columns: Mapping[str, str] | None, **given: object) -> ReadOptions:
    """Settings from the arguments of `read_articles`, checked.

    Raises:
        UnreadableInputError: `columns` names a field that articles do not have.
    """
    from timeline.reading.tables import COLUMN_GUESSES

    if unknown := set(columns or ()) - set(COLUMN_GUESSES):
        allowed = ", ".join(COLUMN_GUESSES)
        raise UnreadableInputError(f"columns: unknown field {sorted(unknown)[0]!r}; use one of {allowed}")
    return ReadOptions(columns=dict(columns or {}), **given)  # type: ignore[arg-type]
