"""axe-core finds no serious or critical violation on any page, in either theme; and the keyboard reaches what it must.

axe-core comes from npm (`npm ci` in tests/e2e/axe). Without it the tests are skipped; with CI_REQUIRE_BROWSER=1 they
fail instead.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from e2e.conftest import settle

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
# What fades in is looked at once it is there; a transition may never end, where nothing is painted.
RUN = (
    "async options => {const fading = document.getAnimations().filter(a => a instanceof CSSTransition);"
    " await Promise.race([Promise.all(fading.map(a => a.finished.catch(() => null))),"
    " new Promise(done => setTimeout(done, 2000))]);"
    " return (await axe.run(document, {resultTypes: ['violations'], ...options})).violations"
    ".filter(v => ['serious', 'critical'].includes(v.impact))"
    ".map(v => `${v.id}: ${v.nodes.length} times, first ${v.nodes[0].html.slice(0, 120)}"
    " ${v.nodes[0].failureSummary}`)}"
)
VIEWS = {
    "explore": "",
    "a selection": "?actor=ARV",
    "filters": "?actors=ARV&quads=4&from=2019-01-01&contested=1",
    "nothing found": "?actors=NOBODY",
    "places": "places",
    "a place": "places?place=Rivermouth~BEL",
    "articles": "articles",
    "export": "export",
    "review": "review",
    "about": "about",
}
# The dark theme differs by its colours alone, which these pages hold between them.
THEMES = {
    "light": (list(VIEWS), {}),
    "dark": (["explore", "nothing found", "a place", "articles", "review"], {"runOnly": ["color-contrast"]}),
}


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        hint = "axe-core is not installed: run npm ci in tests/e2e/axe"
        if os.environ.get("CI_REQUIRE_BROWSER") == "1":
            pytest.fail(hint)
        pytest.skip(hint)
    return AXE.read_text(encoding="utf-8")


def _open(tab, address):
    tab.goto(address)
    tab.wait_for_selector("h1")
    settle(tab)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_serious_on_any_page(browser, server, axe, theme):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme)
    tab = context.new_page()
    views, options = THEMES[theme]
    found = {}
    for name in views:
        _open(tab, f"{server}/{VIEWS[name]}")
        tab.evaluate(axe)
        found[name] = tab.evaluate(RUN, options)
    _open(tab, server)
    for view in ("timeline", "network"):
        tab.locator(f".st-key-{view}_view").get_by_text("Table").click()
    tab.wait_for_selector(".st-key-timeline_plot, .timeline-network", state="detached")
    settle(tab)
    tab.evaluate(axe)
    found["charts as tables"] = tab.evaluate(RUN, options)
    context.close()

    problems = [f"{name}: {what}" for name, whats in found.items() for what in whats]
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_serious_in_the_forms_of_correction(browser, server, axe):
    """In the light theme alone: its colours have the least contrast, and a form takes seconds to open."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    tab = context.new_page()
    found = {}
    _open(tab, server)
    tab.locator(".st-key-evidence [class*='st-key-open_'] button").first.click()
    for form in ("correct", "merge", "delete"):
        tab.locator(f".st-key-curate_{form} button >> visible=true").first.click()
        tab.wait_for_selector(f".st-key-{form}_save, .st-key-{form}_close")
        tab.mouse.move(0, 0)  # the button's help fades, and what fades has any contrast
        tab.wait_for_selector("[data-testid=stTooltipContent]", state="detached")
        settle(tab)
        tab.evaluate(axe)
        found[f"the form to {form}"] = tab.evaluate(RUN, {})
    context.close()

    assert not any(found.values()), found


def test_every_chart_has_a_text_and_a_table_that_the_keyboard_reaches(page, server):
    _open(page, server)
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.wait_for_selector(".timeline-strip .brush", state="attached")
    page.wait_for_selector(".timeline-network .node")
    charts = page.locator(".js-plotly-plot, .timeline-strip, .timeline-network")
    texts = [charts.nth(n).evaluate(NAME) for n in range(charts.count())]
    assert len(texts) == 3
    assert all(len(text) > 30 for text in texts)

    page.locator(".st-key-timeline_view").get_by_text("Chart").focus()
    reached = False
    for _ in range(6):
        page.keyboard.press("Tab")
        reached = reached or page.evaluate("document.activeElement.innerText").strip() == "Table"
        if reached:
            break
    if not reached:  # a group of radio buttons is one stop, arrows go within
        page.locator(".st-key-timeline_view [role='radio'][aria-checked='true']").focus()
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(".st-key-timeline_plot", state="detached")
    settle(page)
    assert page.locator("[data-testid='stDataFrame']").count() >= 1


NAME = (
    "e => [e, ...e.querySelectorAll('*')].map(n => n.getAttribute('aria-label') || n.getAttribute('alt') || '')"
    ".reduce((a, b) => a.length > b.length ? a : b, '')"
)
