"""Untrusted text in the report and in TimelineJS: in a browser nothing of it runs, and all of it is shown."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from attack_strings import ATTACKS, URLS
from story_samples import PROVENANCE, make_reported

from timeline.records import Actor, Place
from timeline.views.provenance import Provenance
from timeline.views.report import write_report_file
from timeline.views.stories import tell
from timeline.views.storylines import write_timelinejs
from timeline.views.wording import clean_text

pytestmark = pytest.mark.browser
KNIGHT = Path(__file__).parents[1] / "readers" / "node_modules" / "@knight-lab" / "timelinejs" / "dist"


def _items():
    for n, text in enumerate(ATTACKS.values()):
        yield make_reported(
            f"{n:016x}", sentence=f"{text} .", title=text, publisher=text, speaker=text, url=URLS[n % len(URLS)],
            source=Actor(f"s{n}{text}", text), target=Actor(f"t{n}", text), place=Place(text, "BEL", 1.0, 2.0),
        )  # fmt: skip


def _provenance():
    words = " ".join(text for text in ATTACKS.values() if len(text) < 500)
    return Provenance(PROVENANCE.filter, 1, 1, words, words, PROVENANCE.made, words, (words,))


@pytest.fixture
def watched(browser):
    """A tab without network that notes dialogs, errors and requests; `said` holds them."""
    context = browser.new_context(offline=True, viewport={"width": 1440, "height": 1000})
    tab = context.new_page()
    said = []
    tab.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
    tab.on("pageerror", lambda error: said.append(f"error {error}"))
    tab.on("request", lambda asked: None if asked.url.startswith("file:") else said.append(f"request {asked.url}"))
    yield tab, said
    context.close()


def test_nothing_runs_in_the_report_and_everything_is_shown(watched, tmp_path):
    tab, said = watched
    file = tmp_path / "report.html"
    title = " ".join(text for text in ATTACKS.values() if len(text) < 500)
    file.write_bytes(write_report_file(list(_items()), {}, _provenance(), title))

    tab.goto(file.as_uri())
    tab.select_option("#lanes", "40")
    tab.select_option("#nodes", "9999")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    for selector in ("#timeline .ev", "#network .node", "#timeline .lane-name", "#list h3 button"):
        for n in range(0, tab.locator(selector).count(), 5):
            tab.locator(selector).nth(n).dispatch_event("pointermove", {"clientX": 300, "clientY": 300})
            tab.locator(selector).nth(n).dispatch_event("click")
    tab.keyboard.press("Escape")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert tab.evaluate("window.hacked") is None
    assert said == []
    assert tab.locator("#list article").count() == len(ATTACKS)
    assert tab.locator("main script, main img, main svg animate, main iframe, main a[href^='javascript']").count() == 0
    links = tab.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    assert all(link.startswith(("#", "https://")) for link in links)
    quotes = [" ".join(words.split()) for words in tab.locator("#list blockquote").all_text_contents()]
    missing = [
        name for name, text in ATTACKS.items() if not any(" ".join(clean_text(text).split()) in q for q in quotes)
    ]
    assert missing == []


def test_even_injected_markup_would_not_run(watched, tmp_path):
    """The policy holds if a mistake of ours let markup through: no inline handler, no script, no image from afar."""
    tab, said = watched
    file = tmp_path / "report.html"
    page = write_report_file([make_reported()], {}, PROVENANCE).decode()
    broken = "<img src=https://evil.example/x onerror=window.hacked=1><script>window.hacked=1</script>"
    file.write_text(page.replace("<main>", f"<main>{broken}"), encoding="utf-8")

    tab.goto(file.as_uri())
    tab.wait_for_timeout(300)

    assert tab.evaluate("window.hacked") is None
    assert tab.locator("#list article").count() == 1
    assert not [line for line in said if line.startswith("dialog")]


def test_timelinejs_shows_our_dates_and_runs_nothing(watched, tmp_path):
    """Knight Lab's own program draws the file: slides, dates in our words, and no script of the text's."""
    if not KNIGHT.is_dir():
        if os.environ.get("CI_REQUIRE_NODE"):
            pytest.fail("tests/readers/node_modules is missing")
        pytest.skip("needs its program: npm ci --prefix tests/readers")
    tab, said = watched
    stories = [tell(item) for item in _items()]
    data = json.loads(write_timelinejs(stories, _provenance()))
    (tmp_path / "data.js").write_text(f"window.data = {json.dumps(data)};", encoding="utf-8")
    page = (
        f"<meta charset=utf-8><link rel=stylesheet href='{(KNIGHT / 'css' / 'timeline.css').as_uri()}'>"
        "<div id=t style='width:1000px;height:600px'></div>"
        f"<script src='{(KNIGHT / 'js' / 'timeline.js').as_uri()}'></script><script src=data.js></script>"
        "<script>line = new TL.Timeline('t', window.data, {script_path: '', font: null, language: 'en'})</script>"
    )
    (tmp_path / "page.html").write_text(page, encoding="utf-8")

    tab.goto((tmp_path / "page.html").as_uri())
    tab.wait_for_selector(".tl-timemarker", state="attached", timeout=20_000)
    tab.wait_for_timeout(500)

    assert tab.locator(".tl-timemarker").count() == len(ATTACKS)
    assert tab.evaluate("line.config.events.length") == len(ATTACKS)
    assert tab.evaluate("window.hacked") is None
    assert not [line for line in said if not line.startswith("request")]
    assert "5 Mar 2020" in tab.locator(".tl-headline-date").all_text_contents()
