"""Characters and paragraphs: text as it arrives into paragraphs that read as such.

Offsets of everything found later refer to the text made here, so this is the only place that moves characters.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

MAX_ARTICLE_CHARS = 10_000_000

_PARAGRAPH = "\n\n"
# Invisible characters that only carry layout or hide things; ZWJ and ZWNJ stay, Persian is spelt with them.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"\S+")
_MAX_WORD = 500
_SPACES = re.compile(r"[^\S\n]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})\b[^<>]*>")
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|img|script|style|table|td|tr|blockquote|figure|iframe|html|body)\b[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_BLOCK_TAGS = frozenset(
    """
    p br div ul ol li h1 h2 h3 h4 h5 h6 table tr td th blockquote figure figcaption section article header footer
    aside main pre hr body html title
    """.split()  # noqa: SIM905
)
_HIDDEN_TAGS = frozenset(("script", "style", "noscript", "template", "iframe", "object", "svg", "head", "form"))
_WRAP_WIDTH = 100  # lines of hard-wrapped text are not longer; a paragraph on one line usually is
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")


def tidy_characters(text: str) -> str:
    """Put characters right: NFC, plain spaces and line ends, nothing invisible, no control codes or lone surrogates."""
    text = _SURROGATE.sub("\ufffd", text) if _SURROGATE.search(text) else text
    text = _LINE_BREAK.sub("\n", text)
    text = _INVISIBLE.sub("", _CONTROL.sub("", text))
    text = _SPACES.sub(" ", text)
    return text if text.isascii() else _WORD.sub(_compose, text)


def strip_markup(text: str) -> str:
    """Plain text of a field that may hold HTML: tags and scripts go, blocks become lines, entities characters.

    Text without markup or entities comes back unchanged, so that "a < b" survives. Nothing is executed.
    """
    if _MARKUP.search(text):
        text = _drop_tags(_drop_comments(text))
    return html.unescape(text) if _ENTITY.search(text) else text


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs of a text: blocks between blank lines, and lines; the lines of hard-wrapped text are joined."""
    text = tidy_characters(text)
    blocks = [[line.strip() for line in block.split("\n") if line.strip()] for block in re.split(r"\n[ \n]*\n", text)]
    lines = [line for block in blocks for line in block]
    width = max(map(len, lines), default=0)
    wrapped = width <= _WRAP_WIDTH and _is_wrapped(blocks, width)
    return tuple(part for block in blocks for part in (_join_wrapped(block, width) if wrapped else block) if part)


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """One text with a blank line between paragraphs."""
    return _PARAGRAPH.join(paragraphs)


def _compose(word: re.Match[str]) -> str:
    """NFC word by word: its sorting of marks takes quadratic time, so endless stacks of them stay as they are."""
    return word[0] if len(word[0]) > _MAX_WORD or word[0].isascii() else unicodedata.normalize("NFC", word[0])


def _is_wrapped(blocks: list[list[str]], width: int) -> bool:
    """Whether line ends are accidents: most lines that have a next one are nearly full and end in mid-sentence."""
    inner = [line for block in blocks for line in block[:-1] if line]
    open_ended = [line for line in inner if len(line) > 0.6 * width and not _SENTENCE_END.search(line)]
    return len(inner) > 0 and width >= 30 and len(open_ended) >= 0.6 * len(inner)


def _join_wrapped(block: list[str], width: int) -> list[str]:
    joined: list[str] = []
    previous = ""
    for line in block:
        if joined and len(previous) > 0.5 * width:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        previous = line
    return joined


def _drop_comments(text: str) -> str:
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        parts.append(text[at:start])
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join(parts)
        at = end + 3
    return "".join([*parts, text[at:]])


def _drop_tags(text: str) -> str:
    """Remove tags in one pass; what stands between <script> and </script>, <style> and </style>, … goes too."""
    parts, at, hidden = [], 0, ""
    for match in _TAG.finditer(text):
        closing, name = match[1], match[2].lower()
        if not hidden:
            parts.append(text[at : match.start()])
            if name in _BLOCK_TAGS:
                parts.append("\n")
        if name in _HIDDEN_TAGS and not closing and not hidden and not match[0].endswith("/>"):
            hidden = name
        elif closing and name == hidden:
            hidden = ""
        at = match.end()
    if not hidden:
        parts.append(text[at:])
    return "".join(parts)
