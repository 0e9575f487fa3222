"""Metadata of a news page: JSON-LD, meta elements, microdata, <time> elements, the heading and the address.

Own reader, because general extractors keep site names in titles (" | CBC News") and may fall back to today's
or a copyright date. Each date is a clue with its basis; `choose_published` decides.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from timeline.reading.published import ClueBasis, PublishedClue, find_labelled_day, parse_day

_MAX_NODES = 5_000  # of JSON-LD
_MAX_DATED = 50  # elements that may hold the date; on article pages it is among the first
_ARTICLE_TYPES = re.compile(
    r"(?:Article|NewsArticle|Report|Reportage\w*|BlogPosting|LiveBlogPosting|\w+NewsArticle|SocialMediaPosting)$"
)
_PUBLISHED_METAS = tuple(
    """
    article:published_time og:article:published_time og:published_time article:published article.published
    datepublished dc.date.issued dcterms.issued dcterms.created dc.date.created dc.date dcterms.date dc:date
    pubdate publishdate publish-date publish_date published publication_date publication-date parsely-pub-date
    sailthru.date citation_publication_date citation_date originalpublicationdate cxenseparse:recs:publishtime
    bt:pubdate article_date_original date
    """.split()  # noqa: SIM905
)
_UPDATED_METAS = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "lastmod",
    "last-modified",
)
_SITE_METAS = (
    "og:site_name",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "application-name",
    "citation_journal_title",
)
_TITLE_METAS = ("og:title", "twitter:title", "dc.title", "citation_title", "parsely-title")
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|dateline|published|publish(?:ed)?[-_]?(?:date|time|on)?|pub[-_]?date|posted(?:[-_]on)?|post[-_]?date|entry-date|timestamp|article[-_]?(?:date|time|info|meta)|byline|meta-?info|created)(?:$|[\s_-])",
    re.I,
)
_ASIDE = frozenset(("aside", "nav", "footer"))
_ASIDE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:related|recommend|sidebar|side-bar|trending|most-?read|popular|comments?(?:$|[\s_-])|footer|widget-area|promo|teaser)",
    re.I,
)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://\S{1,2000}) -->")
_SEPARATOR = re.compile(r"\s+[|•·»:–—-]+\s+|\s*\|\s*")
_SITE_WORDS = re.compile(
    r"\b(?:news|times|post|agency|observer|herald|tribune|daily|today|world|online|press|journal|gazette|guardian|"
    r"telegraph|mail|mirror|monitor|chronicle|television|tv|radio|network|media|magazine|review|report|reuters|bbc|cnn|"
    r"home|official site|\w+\.(?:com|org|net|info|co|tv|[a-z]{2}))\b",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says about itself; "" and no clues where it says nothing."""

    title: str = ""
    publisher: str = ""
    url: str = ""
    body: str = ""  # JSON-LD's articleBody
    clues: tuple[PublishedClue, ...] = ()


def read_metadata(tree: Any, source: str, url: str = "") -> PageMetadata:
    """Metadata of a parsed page (lxml). `source` is its HTML, `url` the address it came from, if known."""
    article = _find_article(tree)
    metas = _collect_metas(tree)
    address = _find_url(tree, metas, article, source, url)
    site = _name_of(article.get("publisher"), tree) or next((metas[key] for key in _SITE_METAS if key in metas), "")
    host = _host(address)
    publisher = clean_line(site) or host
    return PageMetadata(
        title=_find_title(tree, metas, article, publisher, host),
        publisher=publisher,
        url=address,
        body=article["articleBody"] if isinstance(article.get("articleBody"), str) else "",
        clues=tuple(_find_clues(tree, metas, article)),
    )


def clean_line(text: str) -> str:
    """One line of text, spaces single."""
    return " ".join(text.split())[:500]


def strip_site(title: str, publisher: str = "", host: str = "", heading: str = "") -> str:
    """A page title without the name of its site, before or after: "Talks fail | CBC News" is "Talks fail".

    A part goes if it is the heading's complement, the publisher, the host, or after "|" or a dash a name that reads
    like an outlet's; a title whose own words hold a dash keeps them.
    """
    title = clean_line(title)
    heading = clean_line(heading)
    shown = title.rstrip("… .") if title.endswith(("…", "...")) else ""  # cut short, as search engines want it
    if (
        heading
        and len(heading.split()) >= 3
        and (_squeeze(heading) in _squeeze(title) or (shown and heading.startswith(shown)))
    ):
        return heading
    while True:
        marks = list(_SEPARATOR.finditer(title))
        if not marks:
            return title
        last, first = marks[-1], marks[0]
        if ":" not in first[0] and _squeeze(title[: first.start()]) in {_squeeze(publisher), _squeeze(host)} - {""}:
            title = title[first.end() :].strip()
        elif _is_site(title[last.end() :], last[0], publisher, host):
            title = title[: last.start()].strip()
        else:
            return title


def _is_site(part: str, mark: str, publisher: str, host: str) -> bool:
    squeezed = _squeeze(part)
    site = _squeeze(publisher)
    if not squeezed or len(part.split()) > 6:
        return False
    if squeezed == site or (site and len(squeezed) >= 3 and (squeezed in site or site in squeezed)):
        return True
    if host and (squeezed == _squeeze(host) or squeezed == _squeeze(host.split(".")[-2 if "." in host else 0])):
        return True
    if ":" in mark:
        return False
    return "|" in mark or bool(_SITE_WORDS.search(part) and part[:1].isupper() and len(part.split()) <= 4)


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _find_title(tree: Any, metas: dict[str, str], article: dict[str, Any], publisher: str, host: str) -> str:
    headings = [clean_line(node.text_content()) for node in tree.iter("h1") if not _is_aside(node)]
    headings = [heading for heading in headings if heading and _squeeze(heading) != _squeeze(publisher)]
    heading = headings[0] if len(headings) == 1 else ""
    headline = article.get("headline")
    micro = next(
        (clean_line(n.text_content()) for n in tree.xpath("//*[@itemprop='headline']") if n.text_content()), ""
    )
    page_title = next((node.text_content() for node in tree.iter("title")), "")
    candidates = [html.unescape(headline) if isinstance(headline, str) else "", metas.get(_TITLE_METAS[0], ""), micro]
    candidates += [*(metas.get(key, "") for key in _TITLE_METAS[1:]), *headings[:1], page_title]
    for candidate in candidates:
        if title := strip_site(candidate, publisher, host, heading):
            return title
    return ""


def _find_clues(tree: Any, metas: dict[str, str], article: dict[str, Any]) -> Iterator[PublishedClue]:
    micro = [_node_date(node) for node in tree.xpath("//*[contains(@itemprop, 'datePublished')]")[:20]]
    published = [article.get("datePublished"), *(metas.get(key) for key in _PUBLISHED_METAS), *micro]
    published.append(article.get("dateCreated"))
    yield from _clues(published, ClueBasis.METADATA)
    yield from _clues(_visible_dates(tree), ClueBasis.PAGE_DATE)
    for node in _dated_nodes(tree):
        if labelled := find_labelled_day(clean_line(node.text_content())):
            yield labelled
    yield from _clues([article.get("dateModified"), *(metas.get(key) for key in _UPDATED_METAS)], ClueBasis.UPDATED)


def _clues(values: list[Any] | Iterator[Any], basis: ClueBasis) -> Iterator[PublishedClue]:
    for value in values:
        if day := parse_day(value):
            yield PublishedClue(day, basis)


def _visible_dates(tree: Any) -> Iterator[str]:
    """Dates of <time> elements and of elements whose class says date, outside asides; updates left out."""
    times = tree.xpath("//article//time | //main//time") or tree.xpath("//time[not(ancestor::header)]")
    for node in times[:_MAX_DATED]:
        if not _is_aside(node) and "modif" not in _class(node) and "updat" not in _class(node):
            yield _node_date(node)
    for node in _dated_nodes(tree):
        text = clean_line(node.text_content())
        if not re.search(r"updated|modified", text, re.IGNORECASE):
            yield text


def _dated_nodes(tree: Any) -> Iterator[Any]:
    """Elements whose class or id says date, with little text in them; the first few of a page."""
    found = 0
    for node in tree.iter("div", "span", "p", "li", "small", "em", "b", "td"):
        name = _class(node)[:500]
        if name and _DATE_CLASS.search(name) and not _is_aside(node):
            found += 1
            if found > _MAX_DATED:
                return
            if len(node.text_content()) <= 200:
                yield node


def _node_date(node: Any) -> str:
    return node.get("content") or node.get("datetime") or clean_line(node.text_content())[:100]


def _class(node: Any) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}".strip()


def _is_aside(node: Any) -> bool:
    for depth, parent in enumerate(node.iterancestors()):
        if parent.tag in _ASIDE or (parent.tag not in ("body", "html") and _ASIDE_CLASS.search(_class(parent))):
            return True
        if depth > 60:
            return False
    return False


def _collect_metas(tree: Any) -> dict[str, str]:
    """Meta elements by lower-case name; of equal names the first that says something."""
    metas: dict[str, str] = {}
    for node in tree.iter("meta"):
        content = (node.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            if content and (name := node.get(attribute)):
                metas.setdefault(name.strip().lower(), content)
    return metas


def _find_url(tree: Any, metas: dict[str, str], article: dict[str, Any], source: str, url: str) -> str:
    saved = _SAVED_FROM.search(source[:5000])
    base = url or (saved[1] if saved else "")
    canonical = next((node.get("href") or "" for node in tree.iter("link") if node.get("rel") == "canonical"), "")
    entity = article.get("mainEntityOfPage")
    named = [entity.get("@id") if isinstance(entity, dict) else entity, article.get("url")]
    for found in (canonical, metas.get("og:url", ""), *named, base):
        if isinstance(found, str) and found and (address := _absolute(found, base)):
            return address
    return ""


def _absolute(found: str, base: str) -> str:
    try:
        address = urljoin(base, found.strip())
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www|m|amp|en|english)\.", "", host)


def _find_article(tree: Any) -> dict[str, Any]:
    """The JSON-LD object of the article itself: the first of an article type outside lists of others, else the page."""
    page: dict[str, Any] = {}
    for node in _json_ld_nodes(tree):
        kinds = node.get("@type")
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if isinstance(kind, str) and _ARTICLE_TYPES.search(kind):
                return node
            if kind == "WebPage" and not page:
                page = node
    return page


def _json_ld_nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting: list[Any] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            text = re.sub(
                r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", script.text or ""
            )
            try:
                waiting.append(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting = node[:100] + waiting
        elif isinstance(node, dict):
            yield node
            waiting += [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node]


def _name_of(value: Any, tree: Any) -> str:
    """The name of a JSON-LD publisher: a string, an object, a list of them, or a reference to another node."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict) and "name" not in value and "@id" in value:
        value = next(
            (node for node in _json_ld_nodes(tree) if node.get("@id") == value["@id"] and "name" in node), value
        )
    if isinstance(value, dict):
        value = value.get("name", "")
    return value if isinstance(value, str) else ""
