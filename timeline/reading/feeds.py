"""RSS and Atom files: one article an entry, from its full content or its summary."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

from timeline.errors import UnreadableInputError
from timeline.reading.decoding import decode_bytes
from timeline.reading.drafts import Draft, Problem, Report
from timeline.reading.page_metadata import clean_line
from timeline.reading.published import ClueBasis, PublishedClue, parse_day

MAX_FEED_BYTES = 20 << 20
MAX_FEED_TAGS = 200_000  # about ten thousand entries
_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|RDF)\b", re.IGNORECASE)
_ENTITIES = re.compile(r"<!(?:ENTITY|DOCTYPE[^<>\[]{0,500}\[)", re.IGNORECASE)


def read_feed(data: bytes, origin: str, report: Report, charset: str = "") -> Iterator[Draft]:
    """Articles of a feed, in its order.

    Raises:
        UnreadableInputError: It is neither RSS nor Atom, declares entities of its own, or has more
            than MAX_FEED_TAGS elements.
    """
    import feedparser

    text = decode_bytes(data, charset)
    if _ENTITIES.search(text):
        raise UnreadableInputError("the XML declares entities of its own, which a feed has no need of; refused")
    if text.count("<") > MAX_FEED_TAGS:
        raise UnreadableInputError(f"the feed has more than {MAX_FEED_TAGS:,} elements; split it")
    if not is_feed(text):
        raise UnreadableInputError("the XML is neither RSS nor Atom")
    text = re.sub(r"^\s*<\?xml[^<>]{0,200}\?>", "", text)
    feed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")), response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    if not feed.entries and feed.bozo:
        raise UnreadableInputError(f"the feed cannot be read: {feed.get('bozo_exception')}")
    publisher = clean_line(str(feed.feed.get("title", "")))
    for number, entry in enumerate(feed.entries, 1):
        draft = _read_entry(entry, f"{origin} (entry {number})", publisher)
        if draft.text.strip():
            yield draft
        else:
            report(Problem(draft.origin, "the entry has no text"))


def is_feed(text: str) -> bool:
    """Whether the beginning of a text is that of RSS or Atom."""
    return bool(_ROOT.search(text[:2000]))


def _read_entry(entry: Any, origin: str, publisher: str) -> Draft:
    contents = [str(part.get("value", "")) for part in entry.get("content", ())]
    text = max([*contents, str(entry.get("summary", ""))], key=len)
    source = entry.get("source") or {}
    link = str(entry.get("link", ""))
    return Draft(
        text=text,
        origin=origin,
        title=str(entry.get("title", "")),
        publisher=clean_line(str(source.get("title", ""))) or publisher,
        url=link if link.startswith(("http://", "https://")) else "",
        clues=tuple(_find_clues(entry)),
    )


def _find_clues(entry: Any) -> Iterator[PublishedClue]:
    """The day as written, in the feed's own time zone; feedparser's UTC reading where ours finds none."""
    for field, basis in (
        ("published", ClueBasis.METADATA),
        ("created", ClueBasis.METADATA),
        ("updated", ClueBasis.UPDATED),
    ):
        if not (written := dict.get(entry, field)):  # entry.get would give "published" for a missing "updated"
            continue
        parsed = dict.get(entry, f"{field}_parsed")
        day = parse_day(str(written)) or (dt.date(*parsed[:3]) if parsed else None)
        if day and parse_day(day):
            yield PublishedClue(day, basis)
