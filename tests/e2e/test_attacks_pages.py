"""Untrusted text on every page of the dashboard: in a browser nothing of it runs or calls out, and it shows as text."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from attack_project import TEXTS, make_attacked

from e2e.conftest import serve, settle
from timeline.queries import EVERYTHING, open_tables, select_events
from timeline.views.wording import shorten

pytestmark = pytest.mark.browser
LABELS = """
import streamlit as st
from attack_project import TEXTS
from timeline.dashboard.state import escape_cells, escape_markdown
from timeline.queries import EVERYTHING, open_tables, select_events
from timeline.views.wording import shorten

for name, words in TEXTS.items():
    text = escape_markdown(shorten(words, 300))
    with st.container(key=f"all-{name}"):
        st.markdown(f"**Title** {text}")
        st.caption(text)
        st.warning(text, icon=":material/warning:")
        st.button(text, key=f"button-{name}")
        st.expander(text)
        st.table(escape_cells([{"cell": shorten(words, 300)}]))
        st.html(f"<i class=whole>{len(words)}</i>")
st.header("Done", anchor=False)
"""
# What is said in a box that hovers is kept, since it is gone with the next movement.
WATCH = """
window.hovered = new Set();
new MutationObserver(() => {
  const boxes = '.hoverlayer .hovertext, .timeline-network .tip';
  for (const box of document.querySelectorAll(boxes)) window.hovered.add(box.textContent);
}).observe(document, {childList: true, subtree: true, characterData: true});
"""
# Of scripts only our own may stand there, which fetches the code of the charts.
FORBIDDEN = (
    "[data-testid=stMain] script:not(.st-key-first_paint script), [data-testid=stMain] iframe, "
    "[data-testid=stApp] a[href^='java' i], [data-testid=stApp] a[href^='data' i], "
    "[data-testid=stApp] a[href^='vbscript' i], [onerror], [onload], "
    "[onmouseover], [onbegin], img[src='x'], img[src*='evil'], svg animate, .katex, img[alt='Streamlit logo'], "
    "[data-testid=stApp] a:not([href^='/']):not([href^='http']):not([href^='#']):not([href^='mailto:'])"
)


@pytest.fixture(scope="module")
def attacked(chromium, tmp_path_factory):
    """The address of a dashboard on the project that is attacks throughout, and the ids of some events of it."""
    project = make_attacked(tmp_path_factory.mktemp("attacked"))
    with contextlib.closing(open_tables(project)) as tables:
        events = select_events(tables, EVERYTHING, 500).to_dict("records")
    project.close()
    wanted = ("markdown-link", "streamlit")
    ids = [str(e["event_id"]) for e in events for name in wanted if TEXTS[name] in list(e["source_names"])]
    with serve(project.path) as address:
        yield address, ids


@pytest.fixture
def watched(browser):
    """A tab that may ask nobody but this machine; what it does that it must not is in `said`."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    tab = context.new_page()
    said = []

    def ask(route):
        own = re.match(r"(http|ws)://127\.0\.0\.1:\d+/|data:|blob:", route.request.url)
        if not own:
            said.append(f"request {route.request.url}")
        route.continue_() if own else route.abort()

    context.route("**/*", ask)
    context.add_init_script(WATCH)
    tab.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
    tab.on("pageerror", lambda error: said.append(f"error {error}"))
    yield tab, said
    context.close()


def _open(tab, address, path=""):
    tab.goto(f"{address}/{path}")
    tab.wait_for_selector("h1")
    settle(tab)


def _check(tab, said):
    """Nothing ran, nobody was called, nothing stands in the page that could; what the page says, on one line."""
    assert tab.evaluate("window.hacked") is None
    assert said == []
    assert tab.evaluate("s => [...document.querySelectorAll(s)].map(e => e.outerHTML.slice(0, 300))", FORBIDDEN) == []
    assert tab.locator("[data-testid=stException]").count() == 0
    return _plain(tab.locator("body").text_content() + " ".join(tab.evaluate("[...window.hovered]")))


def _plain(words):
    return " ".join(words.replace("\u2060", "").replace("\u200e", "").split())


def _missing(said, length=40):
    """The attacks whose first characters are not to be read in what was said."""
    return [name for name, words in TEXTS.items() if _plain(shorten(words, 300))[:length].strip() not in said]


def _hover(tab, marks, most=10):
    """Move the mouse over some of a chart's marks."""
    tab.locator(marks).first.scroll_into_view_if_needed()
    boxes = tab.evaluate("s => [...document.querySelectorAll(s)].map(e => e.getBoundingClientRect().toJSON())", marks)
    inside = [box for box in boxes if 4 < box["width"] < 60 and 0 < box["y"] < 980]
    for box in inside[:: -(-len(inside) // most)]:
        tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        tab.wait_for_timeout(60)


def test_labels_of_every_kind_show_the_text(browser, watched, tmp_path):
    """Markdown, LaTeX, icons, colours, emoji codes, arrows: all of it as it was written."""
    app = tmp_path / "labels.py"
    app.write_text(LABELS, encoding="utf-8")
    tab, said = watched
    with serve(None, app, PYTHONPATH=":".join([str(Path(__file__).parents[n]) for n in (1, 2)])) as address:
        tab.goto(address)
        tab.wait_for_selector("h2:has-text('Done')", timeout=40_000)
        settle(tab)
        for kind in ("td", "[data-testid=stButton]"):  # drawn by parts of Streamlit that are loaded late
            whole = "([s, n]) => [...document.querySelectorAll(s)].filter(e => e.textContent).length === n"
            tab.wait_for_function(whole, arg=[kind, len(TEXTS)], timeout=60_000)
        _check(tab, said)
        shown = tab.evaluate("[...document.querySelectorAll('[class*=st-key-all-]')].map(e => e.textContent)")

    times = [_plain(text).count(_plain(shorten(words, 300))) for text, words in zip(shown, TEXTS.values(), strict=True)]
    assert dict(zip(TEXTS, times, strict=True)) == dict.fromkeys(TEXTS, 6)


def test_explore_shows_it_in_charts_and_lists(attacked, watched):
    """Under the mouse, in lists of evidence, in links, in tables."""
    (address, _), (tab, said) = attacked, watched
    _open(tab, address, "?actor=hub&" + urlencode({"realis": TEXTS["markdown-link"], "evil": TEXTS["image"]}))
    _hover(tab, ".js-plotly-plot .scatterlayer path.point")
    _hover(tab, ".timeline-network .node")
    read = _check(tab, said)
    assert "click for the evidence" in read
    assert "Hub · Assault" in read
    assert "Link parameter realis" in read

    tab.locator(".st-key-evidence [data-testid=stPagination]").get_by_role("button").last.click()
    settle(tab)
    read += _check(tab, said)
    assert len(_missing(read)) < len(TEXTS) - 15

    for chart in ("timeline_view", "network_view"):
        tab.locator(f".st-key-{chart}").get_by_text("Table").click()
        settle(tab)
    _check(tab, said)


def test_an_event_and_its_article_show_it(attacked, watched):
    """The report, the whole article in a window, its table of acts, the history, the form; a row that was imported."""
    (address, ids), (tab, said) = attacked, watched
    assert len(ids) == 4
    for event in ids:
        _open(tab, address, f"?event={event}")
        tab.wait_for_selector(".st-key-evidence .ev-title")
        tab.wait_for_selector(".st-key-curation_history, .st-key-evidence [data-testid=stDataFrame]")
        read = _check(tab, said)
        assert "![x](https://evil.example/p.png)" in read or ":material/delete: :material_delete:" in read
        if not tab.locator(".st-key-curation_history").count():
            assert "there is no sentence" in read
            continue
        tab.locator(".st-key-curation_history summary").click()
        tab.get_by_role("button", name="Correct").click()
        settle(tab)
        _check(tab, said)
        tab.get_by_role("button", name="Read the whole article").click()
        tab.wait_for_selector("[role=dialog] table td")
        _check(tab, said)


@pytest.mark.parametrize("path", ["articles", "review", "places", "export", "about"])
def test_the_other_pages_show_it(attacked, watched, path):
    """Titles, publishers, problems, readers' names and reasons, unknown names, places, the names of files."""
    (address, _), (tab, said) = attacked, watched
    _open(tab, address, path)
    tab.evaluate(
        "document.querySelectorAll('[data-testid=stMain] details:not([open]) > summary').forEach(e => e.click())"
    )
    settle(tab)
    read = _check(tab, said)
    if path == "places":
        _hover(tab, ".js-plotly-plot .scatterlayer path.point")
        assert "click for the events" in _check(tab, said)
    elif path == "review":
        tab.locator(".st-key-naming_words input").click()
        tab.wait_for_selector("[role=option]")
        with tab.expect_download() as download:
            tab.locator(".st-key-corrections_download button >> visible=true").first.click()
        assert download.value.suggested_filename.endswith("-corrections.jsonl")
    assert len(_check(tab, said)) >= len(read) > 200
