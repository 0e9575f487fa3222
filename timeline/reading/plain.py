"""Plain text and Markdown: front matter, header lines, headings and markup."""

from __future__ import annotations

import re

from timeline.reading.drafts import Draft
from timeline.reading.published import ClueBasis, PublishedClue, parse_day

_FRONT_MATTER_LINES = 100
_HEADER_LINES = 15
_KEYS = {
    **dict.fromkeys(("title", "headline"), "title"),
    **dict.fromkeys(("publisher", "source", "outlet", "newspaper", "site", "publication", "website"), "publisher"),
    **dict.fromkeys(("url", "link", "address", "permalink", "canonical_url"), "url"),
    **dict.fromkeys(
        ("published", "date", "publication date", "published on", "date published", "pubdate"), "published"
    ),
    **dict.fromkeys(("published_at", "date_published", "publication_date", "pub_date", "published_date"), "published"),
    **dict.fromkeys(("updated", "last updated", "modified", "lastmod"), "updated"),
    **dict.fromkeys(("author", "authors", "byline", "language", "lang", "standpoint", "section", "category", "id"), ""),
}
_HEADER = re.compile(r"(?P<key>[A-Za-z][A-Za-z _-]{1,24}?)\s{0,3}:(?:\s+|$)(?P<value>.*)$")
_QUOTED = re.compile(r"""(["'])(.*)\1\s*(?:#.*)?$""")

_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,1000}\)")
_REFERENCE = re.compile(r"^\s{0,3}\[[^\]\n]{1,100}\]:\s+\S+.*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,1000}\)")
_LINE_START = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,3}[.)][ \t]+(?=\S))", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,80}$|^[ \t]*(?:```|~~~).*$|^={3,200}$", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,500}?)(?<=\S)\1(?![\w*])")
_HEADING = re.compile(r"^[ \t]{0,3}#[ \t]+(.{1,300}?)[ \t#]*$", re.MULTILINE)


def read_plain(text: str, origin: str = "") -> Draft:
    """A text file: header lines ("Title: …", "Date: …") or front matter if it has them, then the article."""
    fields, body = _split_fields(text)
    return _make_draft(fields, body, origin)


def read_markdown(text: str, origin: str = "") -> Draft:
    """A Markdown file: front matter or header lines, the first `#` heading as title, marks removed."""
    fields, body = _split_fields(text)
    heading = _HEADING.search(body[:2000])
    if heading and not body[: heading.start()].strip():
        body = body[heading.end() :]
        fields.setdefault("title", strip_marks(heading[1]).strip())
    return _make_draft(fields, strip_marks(body), origin)


def strip_marks(text: str) -> str:
    """Markdown to plain text: links keep their words, images and rules go, emphasis and list marks too."""
    text = _REFERENCE.sub("", _IMAGE.sub("", text))
    text = _RULE.sub("", _LINK.sub(r"\1", text))
    return _EMPHASIS.sub(r"\2", _LINE_START.sub("", text))


def _split_fields(text: str) -> tuple[dict[str, str], str]:
    text = text.lstrip("\ufeff\r\n")
    lines = text.split("\n", _FRONT_MATTER_LINES + 1)
    if lines[0].strip() == "---":
        for number, line in enumerate(lines[1 : _FRONT_MATTER_LINES + 1], 1):
            if line.strip() in ("---", "..."):
                return _read_front_matter(lines[1:number]), "\n".join(lines[number + 1 :])
    return _read_header(text)


def _read_front_matter(lines: list[str]) -> dict[str, str]:
    """`key: value` lines; more forgiving than YAML, which rejects "title: Putin: talks needed"."""
    fields: dict[str, str] = {}
    key = ""
    for line in lines:
        match = _HEADER.match(line)
        if match:
            key = _KEYS.get(match["key"].strip().lower().replace("-", "_"), "")
            if key and key not in fields:
                fields[key] = _unquote(match["value"])
        elif key and line[:1] in " \t" and line.strip():
            fields[key] = f"{fields[key]} {line.strip()}".strip()
    return {key: value for key, value in fields.items() if value}


def _unquote(value: str) -> str:
    value = value.strip()
    if value in (">", "|", ">-", "|-", "~", "null"):
        return ""
    match = _QUOTED.match(value)
    return match[2].replace('\\"', '"').replace("''", "'") if match else value


def _read_header(text: str) -> tuple[dict[str, str], str]:
    """Known `Key: value` lines at the top of a file, up to the first line that is none."""
    fields: dict[str, str] = {}
    at = 0
    for line in text.split("\n", _HEADER_LINES)[:_HEADER_LINES]:
        match = _HEADER.match(line.strip())
        name = match["key"].strip().lower() if match else ""
        if match and name in _KEYS:
            if _KEYS[name]:
                fields.setdefault(_KEYS[name], match["value"].strip())
        elif line.strip() or not fields:
            break
        at += len(line) + 1
    return fields, text[at:]


def _make_draft(fields: dict[str, str], body: str, origin: str) -> Draft:
    clues = [
        PublishedClue(day, basis)
        for key, basis in (("published", ClueBasis.METADATA), ("updated", ClueBasis.UPDATED))
        if (day := parse_day(fields.get(key)))
    ]
    return Draft(
        text=body,
        origin=origin,
        title=fields.get("title", ""),
        publisher=fields.get("publisher", ""),
        url=fields.get("url", ""),
        clues=tuple(clues),
        titled=bool(fields.get("title")),
    )
