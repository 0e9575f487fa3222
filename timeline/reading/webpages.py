"""Web pages: the article's body (trafilatura, then our own fallbacks) with what the page says about itself."""

from __future__ import annotations

import re
from typing import Any

from timeline.errors import UnreadableInputError
from timeline.reading.decoding import decode_bytes
from timeline.reading.drafts import Draft
from timeline.reading.layout import strip_markup
from timeline.reading.page_metadata import read_metadata

MAX_PAGE_BYTES = 20 << 20
_MAX_CELLS = 3  # of a table that are kept as text; more, and the page itself is laid out by tables
MAX_PAGE_TAGS = 100_000  # the longest news pages have a tenth
MAX_PAGE_DEPTH = 250  # nested elements; deeper pages are broken or hostile, and their tags are simply dropped
_MIN_BODY_CHARS = 200  # less is a teaser; a longer articleBody or the page's paragraphs are then tried


def read_page(data: bytes, origin: str = "", url: str = "", charset: str = "") -> Draft:
    """One page of HTML. `charset` is what the server said.

    Raises:
        UnreadableInputError: The page holds no text, or has more than MAX_PAGE_TAGS elements.
    """
    source = decode_bytes(data, charset).replace("\0", "")
    if source.count("<") > MAX_PAGE_TAGS:
        raise UnreadableInputError(f"the page has more than {MAX_PAGE_TAGS:,} elements; it is no article")
    tree = _parse(source)
    if tree is None:
        raise UnreadableInputError("the page is empty")
    page = read_metadata(tree, source, url)
    body = _find_body(source, tree, page.body)
    if not body.strip():
        raise UnreadableInputError("no article text found in the page")
    return Draft(
        text=body,
        origin=origin,
        title=page.title,
        publisher=page.publisher,
        url=page.url,
        clues=page.clues,
        titled=bool(page.title),
    )


def _parse(source: str) -> Any:
    from lxml import etree, html  # type: ignore[import-untyped]

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    return tree


def _find_body(source: str, tree: Any, stated: str) -> str:
    deep = _depth(source) > MAX_PAGE_DEPTH
    body = "" if deep else _extract(source)
    if body.count(" | ") + body.count("\n|") > _MAX_CELLS:  # a page laid out by tables, whose cells became one line
        body = _paragraphs(tree)
    stated = strip_markup(stated)
    if len(stated) > max(len(body) * 1.2, _MIN_BODY_CHARS):
        return stated
    if len(body) >= _MIN_BODY_CHARS:
        return body
    own = strip_markup(source) if deep else _paragraphs(tree)
    return own if len(own) > 1.5 * len(body) else body


def _extract(source: str) -> str:
    import trafilatura

    try:
        text = trafilatura.extract(source, include_comments=False, include_tables=True, fast=False)
    except (ValueError, RecursionError, MemoryError, AttributeError, TypeError, IndexError):
        return ""  # its heuristics fail on odd trees; the fallbacks do not
    return text or ""


def _paragraphs(tree: Any) -> str:
    """The text of <p> elements outside menus and the like; of the body as a whole if there are none."""
    nodes = tree.xpath("//article//p | //main//p") or tree.xpath(
        "//p[not(ancestor::nav or ancestor::footer or ancestor::aside)]"
    )
    found = [" ".join(node.text_content().split()) for node in nodes]
    if any(found):
        return "\n\n".join(paragraph for paragraph in found if paragraph)
    from lxml import etree

    bodies = tree.xpath("//body")
    return strip_markup(etree.tostring(bodies[0], encoding="unicode", method="html")) if bodies else ""


def _depth(source: str) -> int:
    """An upper estimate of how deep elements nest, in one pass."""
    depth = deepest = 0
    for match in re.finditer(
        r"<(/?)(div|span|table|tr|td|ul|ol|li|b|i|em|font|blockquote|section|a|center|dl|dd)\b", source, re.I
    ):
        depth = max(depth + (-1 if match[1] else 1), 0)
        deepest = max(deepest, depth)
    return deepest
