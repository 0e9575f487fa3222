"""Highlighted evidence: right places, and nothing of an article ever becomes markup."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from view_projects import code_line

from timeline.views.evidence import (
    explain_date,
    list_codings,
    list_marks,
    write_article,
    write_report,
    write_source_line,
)
from timeline.views.markup import KINDS, Mark, mark_up, name_host, safe_link, widen_to_context, write_style
from timeline.views.palette import DARK, LIGHT
from timeline.views.report import embed_json
from timeline.views.wording import clean_text

LINE = ("Arvonia", "ACCUSE", "Belmark", dt.date(2020, 3, 5))


class _Tags(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def _parse(html):
    parser = _Tags()
    parser.feed(html)
    return parser


def _words(html):
    return unescape(re.sub(r'<span class="ev-tag">.*?</span>|<[^>]*>', "", html))


def test_marks_may_nest_and_the_strongest_decides():
    html = mark_up("Arvonia accused Belmark.", [Mark(0, 24, "sentence"), Mark(0, 7, "source", "source: Arvonia")])

    assert html.startswith(
        '<mark class="ev-sentence ev-source" title="source: Arvonia" data-why="source: Arvonia" tabindex="0">'
        'Arvonia<span class="ev-tag">source</span>'
    )
    assert _words(html) == "Arvonia accused Belmark."


def test_marks_may_overlap_and_stick_out():
    html = mark_up(
        "abcdef", [Mark(-3, 3, "source"), Mark(2, 99, "target"), Mark(9, 12, "action"), Mark(1, 2, "nonsense")]
    )

    assert _words(html) == "abcdef"
    assert html.count("<mark") == 3


@given(
    st.text(max_size=60),
    st.lists(
        st.tuples(st.integers(-5, 70), st.integers(-5, 70), st.sampled_from(KINDS), st.text(max_size=8)), max_size=6
    ),
    st.integers(-3, 60),
    st.integers(0, 70),
)
def test_the_words_shown_are_the_words_of_the_text(text, spans, start, end):
    html = mark_up(text, [Mark(*span) for span in spans], start, end)

    assert _words(html) == clean_text(text)[max(0, start) : end] if end > max(0, start) else html == ""
    assert set(_parse(html).tags) <= {"mark", "span"}


ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<style>*{display:none}</style>",
    "</mark><iframe src='javascript:alert(1)'>",
    "&lt;script&gt;",
    "$$\\href{javascript:alert(1)}{x}$$ [x](javascript:alert(1)) :red[x]",
    "\u202egnirts desrever\u202c",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_an_article_becomes_markup(attack):
    coded = code_line(LINE, publisher=attack, speaker="President Falk", url="javascript:alert(1)")

    html = write_report(coded.codings[0], coded.article, attack) + write_article(
        coded.article, coded.codings, coded.timexes, coded.mentions
    )

    parsed = _parse(html)
    assert set(parsed.tags) <= {"div", "p", "b", "mark", "span", "dl", "dt", "dd"}
    assert {name for name, _ in parsed.attributes} <= {"class", "title", "dir", "data-why", "tabindex"}
    assert clean_text(attack) in "".join(parsed.words)
    assert "\u202e" not in html


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://news.example/a?b=1", "https://news.example/a?b=1"),
        ("HTTP://News.Example/", "HTTP://News.Example/"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//news.example/a", None),
        ("https://", None),
        ("https://[bad", None),
        ("https://a b", None),
        ('https://a"onload=x', None),
        ("file:///etc/passwd", None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links(url, link):
    assert safe_link(url) == link


def test_a_link_names_its_host():
    assert name_host("https://www.news.example/a") == "news.example"
    coded = code_line(LINE, url="https://www.news.example/a?x=1&y=2")
    assert (
        'href="https://www.news.example/a?x=1&amp;y=2" target="_blank" rel="noopener noreferrer nofollow"'
        in write_source_line(coded.article)
    )


def test_a_report_begins_with_who_says_so_and_explains_its_date():
    coded = code_line(LINE, speaker="President Falk")

    html = write_report(coded.codings[0], coded.article)

    words = _words(html)
    assert words.startswith("According to President Falk, as told by Arvon Gazette")
    assert "“on 5 March 2020”, published 6 Mar 2020 → 5 Mar 2020; stated in the event's own clause" in words
    assert 'ev-action" title="action: accuse' in html
    assert "Arvonia accused Belmark on 5 March 2020" in words


def test_an_undated_act_says_why():
    coded = code_line(("Arvonia", "ACCUSE", "Belmark", None))

    assert explain_date(coded.codings[0].date, None) == (
        "“one day” → undated; no date can be given (no day can be told from these words)"
    )


def test_marks_are_where_the_coding_says():
    coded = code_line(LINE, speaker="President Falk")

    text = coded.article.text
    said = {m.kind: text[m.start : m.end] for m in list_marks(coded.codings[0])}
    assert (said["source"], said["action"], said["target"]) == ("Arvonia", "accused", "Belmark")
    assert (said["speaker"], said["date"]) == ("President Falk", "on 5 March 2020")


def test_codings_are_listed_in_words():
    (row,) = list_codings(code_line(LINE).codings)

    assert row["who → whom · what"] == "Arvonia → Belmark · Accuse"
    assert row["when"] == "5 Mar 2020"


def test_context_is_cut_at_words():
    text = "alpha beta gamma. Arvonia accused Belmark. delta epsilon zeta"
    start, end = text.index("Arvonia"), text.index("Belmark.") + 8

    left, right = widen_to_context(text, start, end, 10)

    assert text[left:right] == "gamma. Arvonia accused Belmark. delta"
    assert widen_to_context(text, start, end) == (0, len(text))


def test_styles_differ_by_theme():
    assert write_style(LIGHT) != write_style(DARK)


def test_json_cannot_end_its_script_element():
    assert embed_json({"a": "</script><!--\u2028&"}) == '{"a":"\\u003c/script\\u003e\\u003c!--\\u2028\\u0026"}'


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_style_sheet_is_well_formed(palette):
    """Each rule opens and closes once; a doubled brace would silence every rule after it."""
    css = write_style(palette).removeprefix("<style>").removesuffix("</style>")

    rules = re.findall(r"[^{}]+\{[^{}]*\}", css)
    assert "".join(rules).strip() == css.strip()
    assert {kind for kind in KINDS if f"mark.ev-{kind}" in css} == set(KINDS)
    assert ".ev-tag {" in css
    assert ".ev-badge {" in css
