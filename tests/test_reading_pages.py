"""Web pages: body and metadata of saved page styles, and pages that are broken or hostile."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from timeline.errors import UnreadableInputError
from timeline.reading import read_articles, webpages
from timeline.reading.page_metadata import strip_site
from timeline.reading.published import ClueBasis, choose_published
from timeline.reading.webpages import read_page

PAGES = Path(__file__).parent / "pages"
BODY = "<p>" + "The army of Sudria left the town of Tarn on Saturday, its ministry said. " * 4 + "</p>"


@pytest.mark.parametrize(
    ("name", "title", "publisher", "url", "published", "basis"),
    [
        (
            "json_ld.html",
            "Norland and Sudria sign a truce in Eastmere",
            "Northern Wire",
            "https://www.northernwire.example/world/norland-sudria-truce",
            dt.date(2020, 3, 5),
            ClueBasis.METADATA,
        ),
        (
            "meta.html",
            "Sudria expels three diplomats of Norland",
            "The Daily Meridian",
            "https://meridian.example/2020/02/27/expelled",
            dt.date(2020, 2, 27),
            ClueBasis.METADATA,
        ),
        ("microdata.html", "Grain convoy reaches besieged Tarn", "", "", dt.date(2019, 5, 14), ClueBasis.METADATA),
        ("table_layout.html", "Parliament rejects troop bill", "", "", dt.date(2018, 10, 11), ClueBasis.PUBLISHED_LINE),
        ("time_element.html", "Two soldiers die in Tarn blast", "", "", dt.date(2017, 8, 3), ClueBasis.PAGE_DATE),
        (
            "saved_dateline.html",
            "Orrin bridge reopens",
            "news.coastpaper.example",
            "https://news.coastpaper.example/2016/09/orrin-bridge-reopens/",
            None,  # its dateline has no year: the address gives it later, see the next test
            None,
        ),
        ("undated.html", "Hill Brigade splits over truce", "", "", None, None),
    ],
)
def test_metadata_of_page_styles(
    name: str, title: str, publisher: str, url: str, published: dt.date | None, basis: ClueBasis | None
) -> None:
    draft = read_page((PAGES / name).read_bytes())
    clue = choose_published(draft.clues)

    assert (draft.title, draft.publisher, draft.url) == (title, publisher, url)
    assert (clue.date if clue else None, clue.basis if clue else None) == (published, basis)


@pytest.mark.parametrize(
    ("name", "paragraphs", "first", "last", "published"),
    [
        ("json_ld.html", 4, "EASTMERE, March 5", "two presidents signed.", dt.date(2020, 3, 5)),
        ("meta.html", 4, "Sudria has expelled", "as early as next week.", dt.date(2020, 2, 27)),
        ("microdata.html", 3, "A convoy of nineteen", "last for three weeks.", dt.date(2019, 5, 14)),
        ("table_layout.html", 3, "The parliament of Westria", "on its own soil.", dt.date(2018, 10, 11)),
        ("time_element.html", 3, "Two soldiers of Sudria", "Council of Relief.", dt.date(2017, 8, 3)),
        ("saved_dateline.html", 3, "TARN, Norland, Sept. 12", "nothing to repair.", dt.date(2016, 9, 12)),
        ("undated.html", 3, "The Hill Brigade has split", "spreading rumours.", None),
    ],
)
def test_articles_of_page_styles(name: str, paragraphs: int, first: str, last: str, published: dt.date | None) -> None:
    """Body in paragraphs and nothing else of the page: menus, shares, related links, comments, footers."""
    [article] = read_articles(PAGES / name)
    parts = article.text.split("\n\n")

    assert (len(parts), article.published, article.language) == (paragraphs, published, "en")
    assert parts[0].startswith(first)
    assert parts[-1].endswith(last)
    assert "\n" not in "".join(parts)


def test_old_charsets_of_pages_are_read() -> None:
    [article] = read_articles(PAGES / "table_layout.html")

    assert "valley of Orrin — a defeat for Chancellor Renée Almqvist" in article.text
    assert "“We will respect the vote,”" in article.text


@pytest.mark.parametrize(
    ("title", "publisher", "host", "heading", "expected"),
    [
        ("Talks fail | CBC News", "", "", "", "Talks fail"),
        ("Talks fail in Tarn - Valley News", "", "", "", "Talks fail in Tarn"),
        ("Talks fail — Orrin Observer", "Orrin Observer", "", "", "Talks fail"),
        ("Orrin Observer: Talks fail", "Orrin Observer", "", "", "Orrin Observer: Talks fail"),
        ("Orrin Observer | Talks fail", "Orrin Observer", "", "", "Talks fail"),
        ("Talks fail - example.com", "", "example.com", "", "Talks fail"),
        ("Talks fail | World | Valley Radio", "", "", "", "Talks fail"),
        ("Talks on Tarn - a history", "", "", "", "Talks on Tarn - a history"),
        ("Norland – Sudria talks fail", "", "", "", "Norland – Sudria talks fail"),
        ("Minister: talks must go on", "", "", "", "Minister: talks must go on"),
        ("Talks fail - what now? - Valley", "", "", "Talks fail - what now?", "Talks fail - what now?"),
        ("Norland | Norland Times", "Norland Times", "", "", "Norland"),
        ("Norland and Sudria sign a…", "", "", "Norland and Sudria sign a truce", "Norland and Sudria sign a truce"),
        ("", "", "", "", ""),
    ],
)
def test_site_names_leave_titles(title: str, publisher: str, host: str, heading: str, expected: str) -> None:
    assert strip_site(title, publisher, host, heading) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('{"@type": "NewsArticle", "datePublished": "2020-03-05"}', dt.date(2020, 3, 5)),
        ('[{"@type": ["Thing", "ReportageNewsArticle"], "datePublished": "2020-03-05"}]', dt.date(2020, 3, 5)),
        (
            '{"@type": "WebPage", "mainEntity": {"@type": "Article", "datePublished": "2020-03-05"}}',
            dt.date(2020, 3, 5),
        ),
        ('//<![CDATA[\n{"@type": "Article", "datePublished": "2020-03-05"}\n//]]>', dt.date(2020, 3, 5)),
        ('{"@type": "ItemList", "itemListElement": [{"@type": "Article", "datePublished": "2020-03-05"}]}', None),
        ('{"@type": "WebPage", "datePublished": "2020-03-05"}', dt.date(2020, 3, 5)),
        ('{"@type": "Organization", "foundingDate": "2020-03-05"}', None),
        ('{"@type": "Article", "datePublished": 17}', None),
        ("{broken", None),
        ('{"a":' * 5000, None),
        ("[" * 50_000, None),
        ("", None),
    ],
)
def test_json_ld_in_its_shapes(script: str, expected: dt.date | None) -> None:
    page = f'<html><head><script type="application/ld+json">{script}</script></head><body>{BODY}</body></html>'
    clue = choose_published(read_page(page.encode()).clues)

    assert (clue.date if clue else None) == expected


def test_dates_of_asides_comments_and_footers_are_not_the_articles() -> None:
    date = '<p class="date">5 March 2020</p>'
    page = f"""<html><body><article>{BODY}</article><aside><time datetime="2020-03-05">x</time></aside>
        <div class="related">{date}</div><div class="comments">{date}</div><footer>{date}</footer></body></html>"""

    assert read_page(page.encode()).clues == ()


def test_scripts_and_addresses_of_other_schemes_are_not_read() -> None:
    head = '<link rel="canonical" href="javascript:alert(1)"><script>var x = "SECRET"</script>'
    page = f"<html><head>{head}</head><body>{BODY}</body></html>"
    draft = read_page(page.encode())

    assert draft.url == ""
    assert "SECRET" not in draft.text


def test_the_stated_body_serves_where_the_page_shows_a_teaser() -> None:
    body = "Norland closed the strait on Monday. " * 20
    stated = f'{{"@type": "Article", "articleBody": "{body}"}}'
    page = f'<script type="application/ld+json">{stated}</script><p>Norland closed …</p>'

    assert read_page(page.encode()).text.strip() == body.strip()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html><body></body></html>", "no article text"),
        (b"   ", "the page is empty"),
        (b"<html><head><title>x</title></head></html>", "no article text"),
        (b"<p>" * (webpages.MAX_PAGE_TAGS + 1), "more than 100,000 elements"),
    ],
)
def test_pages_without_an_article_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableInputError, match=message):
        read_page(data)


def test_elements_nested_without_end_lose_only_their_tags() -> None:
    page = b"<html><body>" + b"<div>" * 20_000 + BODY.encode() + b"</body></html>"

    assert "left the town of Tarn" in read_page(page).text
