"""One test for each promise of the Explore and Places pages, in a browser, on the bundled sample."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from e2e.conftest import serve, settle

pytestmark = pytest.mark.browser
_MARK = ".st-key-timeline_plot .subplot.xy path.point"
_LABELS = (
    "() => Object.fromEntries([...document.querySelectorAll('.timeline-network .name')]"
    ".map(t => [t.textContent, Math.round(t.getBoundingClientRect().x)]))"
)

_TOUCHING = (  # names, and signs of change, of which one lies over the other
    "() => {const found = [...document.querySelectorAll('.timeline-network text')].map(t => {"
    "const b = t.getBBox(); return [t.textContent, b.x, b.y + 2, b.x + b.width, b.y + b.height - 2, t.classList[0]]});"
    " return found.flatMap((a, i) => found.slice(i + 1).filter(b => [a[5], b[5]].includes('name') &&"
    " a[1] < b[3] && b[1] < a[3] && a[2] < b[4] && b[2] < a[4]).map(b => [a[0], b[0]]))}"
)


@pytest.fixture(scope="module")
def sample(browser, tmp_path_factory):
    """The address of a server on the sample, once its first start has coded it and said what it does meanwhile."""
    pytest.importorskip("timeline.coding.coder")
    with serve(None, XDG_DATA_HOME=str(tmp_path_factory.mktemp("home"))) as address:
        context = browser.new_context()
        tab = context.new_page()
        tab.goto(address)
        tab.wait_for_selector("text=Reading the sample articles", timeout=60_000)
        tab.wait_for_selector("[data-testid='stProgress']", timeout=60_000)
        tab.wait_for_selector("h1:has-text('Explore')", timeout=300_000)
        settle(tab)
        context.close()
        yield address


@pytest.fixture
def tab(browser, sample):
    """A fresh tab on the sample."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def _open(tab, sample, path="", wait=_MARK):
    tab.goto(f"{sample}/{path}")
    tab.wait_for_selector("h1")
    settle(tab)
    tab.wait_for_selector(wait, state="attached")
    settle(tab)


def _query(tab):
    return {name: values[0] for name, values in parse_qs(urlsplit(tab.url).query).items()}


def _click(tab, selector):
    """Click in the middle of a mark of a chart, which Plotly notices only after a hover."""
    box = tab.locator(selector).first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y, steps=3)
    tab.wait_for_timeout(250)
    tab.mouse.click(x, y)


def _strong(tab):
    """How many marks of events stand out, of how many."""
    opacities = tab.locator(_MARK).evaluate_all("marks => marks.map(m => getComputedStyle(m).opacity)")
    return sum(float(o) > 0.9 for o in opacities), len(opacities)


def _choose(tab, key, words):
    tab.locator(f".st-key-{key}").get_by_text(words, exact=True).click()
    tab.wait_for_timeout(300)
    settle(tab)


def test_one_selection_is_followed_everywhere_cleared_in_one_click_and_undone_by_back(tab, sample):
    _open(tab, sample)
    tab.locator(".st-key-guide_close button").click()
    settle(tab)
    everything = _strong(tab)
    _click(tab, ".st-key-timeline_plot .subplot.x3y path.point")
    tab.wait_for_url("**actor=**")
    settle(tab)

    strong, total = _strong(tab)
    assert 0 < strong < total == everything[0]
    assert tab.locator(".st-key-evidence [class*='st-key-open_'] button").count() > 0
    tab.get_by_role("link", name="Places").click()
    tab.wait_for_selector("h1:has-text('Places')")
    tab.wait_for_selector(".st-key-places_plot path.point", state="attached")
    settle(tab)
    places = tab.locator(".st-key-places_plot path.point").evaluate_all(
        "marks => marks.map(m => Number(getComputedStyle(m).opacity))"
    )
    assert 0 < sum(o > 0.5 for o in places) < len(places)

    tab.locator(".st-key-evidence_clear button").first.click()
    tab.wait_for_function("!location.search.includes('actor')")
    settle(tab)
    tab.go_back()
    tab.wait_for_url("**actor=**")
    settle(tab)
    assert tab.locator(".st-key-evidence_clear").first.is_visible()


_PLOT = ".st-key-timeline_plot .js-plotly-plot"
_TICKS = ".st-key-timeline_plot .xtick text"
_NODES = (  # middle and diameter of each actor's node in the drawing
    "() => [...document.querySelectorAll('.timeline-network .node')]"
    ".map(e => ['cx', 'cy', 'r'].map(name => Number(e.getAttribute(name)))).map(([x, y, r]) => [x, y, 2 * r])"
)


def _places(tab):
    return sorted([round(x / 3), round(y / 3)] for x, y, _ in tab.evaluate(_NODES))


def _ticks(tab):
    return sorted(tab.locator(_TICKS).all_text_contents())


def _becomes_other(tab, read, before):
    """What is read once it is no longer as before."""
    for _ in range(200):
        now = read(tab)
        if now and now != before:
            return now
        tab.wait_for_timeout(50)
    raise AssertionError(f"still {before}")


def test_zoom_survives_what_does_not_concern_it(tab, sample):
    """Both charts zoomed in, with the newcomer's guide still open: clicks, filters and other pages change nothing."""
    _open(tab, sample)
    everything = _ticks(tab)
    tab.evaluate(f"document.querySelector('{_PLOT}').dataset.drawn = 'once'")
    box = tab.locator(".st-key-timeline_plot .subplot.xy").bounding_box()
    tab.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 62, steps=4)
    tab.mouse.up()
    ticks = _becomes_other(tab, _ticks, everything)
    network = tab.locator(".timeline-network svg")
    network.scroll_into_view_if_needed()
    network.locator(".node").last.wait_for(state="attached")
    whole, box = _places(tab), network.bounding_box()
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=2)
    tab.keyboard.down("Control")
    tab.mouse.wheel(0, -480)
    tab.keyboard.up("Control")
    zoomed = _becomes_other(tab, _places, whole)
    tab.mouse.move(box["x"] + 90, box["y"] + box["height"] - 60)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 140, box["y"] + box["height"] - 90, steps=4)
    tab.mouse.up()
    places = _becomes_other(tab, _places, zoomed)

    x, y, _ = next(n for n in tab.evaluate(_NODES) if 60 < n[0] < box["width"] - 60 and 60 < n[1] < 480 and n[2] > 20)
    tab.mouse.move(box["x"] + x - 3, box["y"] + y, steps=3)
    tab.mouse.click(box["x"] + x, box["y"] + y)
    tab.wait_for_url("**actor=**")
    settle(tab)
    assert (_ticks(tab), _places(tab)) == (ticks, places)
    tab.locator(".st-key-f_quads").get_by_text("Verbal conflict").click()
    tab.wait_for_url("**quads=3**")
    settle(tab)
    assert _ticks(tab) == ticks
    assert tab.locator(_PLOT).get_attribute("data-drawn") == "once"
    shown = {tuple(place) for place in _places(tab)}  # some are of actors that only now are among the most active
    kept = shown & {(x + i, y + j) for x, y in places for i in (-1, 0, 1) for j in (-1, 0, 1)}
    assert len(kept) > len(shown) / 2

    tab.get_by_role("link", name="Places").click()
    tab.wait_for_selector(".st-key-places_plot path.point", state="attached")
    tab.get_by_role("link", name="Explore").click()
    tab.wait_for_selector(_MARK, state="attached")
    assert _ticks(tab) == ticks
    tab.locator(_PLOT).focus()
    tab.keyboard.press("ArrowLeft")
    assert _becomes_other(tab, _ticks, ticks) != everything
    tab.keyboard.press("0")
    _becomes_other(tab, lambda tab: _ticks(tab) == everything, False)


def test_lanes_are_set_by_hand_and_events_stand_on_the_day_of_the_report(tab, sample):
    _open(tab, sample)
    before = tab.locator(".st-key-timeline_plot .ytick text").all_inner_texts()
    places = tab.locator(_MARK).evaluate_all("marks => marks.map(m => m.getAttribute('transform')).sort()")

    _choose(tab, "density_by", "when it was reported")
    tab.wait_for_timeout(800)
    assert tab.locator(_MARK).evaluate_all("marks => marks.map(m => m.getAttribute('transform')).sort()") != places
    tab.locator(".st-key-lane_options button").first.click()
    tab.locator(".st-key-lane_order").get_by_text("by hand").click()
    tab.wait_for_selector(".st-key-lane_hand")
    settle(tab)
    tab.locator("[class*='st-key-lane_up_'] button").first.click()
    settle(tab)
    tab.wait_for_timeout(800)
    lanes = tab.locator(".st-key-timeline_plot .ytick text").all_inner_texts()
    assert len(lanes) < len(before)
    assert lanes[:2] == before[1::-1]


def test_the_network_is_stepped_by_keyboard_with_everybody_in_place_and_compared(tab, sample):
    _open(tab, sample)
    tab.wait_for_selector(".timeline-network .name", state="attached")
    tab.locator(".timeline-network").scroll_into_view_if_needed()
    whole = tab.evaluate(_LABELS)
    assert len(whole) >= 25
    assert tab.evaluate(_TOUCHING) == []

    _choose(tab, "network_mode", "Over time")
    step = tab.locator(".st-key-network_step input[type='range']")
    step.focus()
    said = tab.locator("[data-testid='stCaptionContainer']", has_text="Sizes are those")
    for key, month in (("End", "Mar 2020"), ("ArrowLeft", "Feb 2020")):
        tab.keyboard.press(key)
        said.filter(has_text=month).wait_for()
    settle(tab)
    shown = tab.evaluate(_LABELS)
    # Names may change sides, by no more than their own length; the nodes stay.
    assert len(set(shown) & set(whole)) > 5
    assert all(abs(shown[name] - whole[name]) < 190 for name in set(shown) & set(whole))

    _choose(tab, "network_mode", "Two periods")
    said = tab.locator("[data-testid='stCaptionContainer']", has_text="One edge a pair").inner_text()
    counts = [int(n) for n in re.findall(r"(\d+) (?:turned|new|gone|stayed)", said)]
    assert sum(counts) == int(re.match(r"(\d+) pairs", said)[1])
    assert sum(counts[:3]) > 0
    tab.wait_for_selector(".timeline-network .sign", state="attached")
    assert tab.evaluate(_TOUCHING) == []


def test_publishers_are_compared_where_they_disagree(tab, sample):
    _open(tab, sample, "?contested=1")
    tab.locator(".st-key-evidence [class*='st-key-open_'] button").first.click()
    tab.wait_for_selector(".ev-title")
    settle(tab)
    _choose(tab, "evidence_view", "As told by")

    table = tab.locator(".ev-side table").first
    assert table.locator("th[scope='col']").count() >= 2
    assert table.locator(".ev-differs").count() >= 2
    assert table.locator("th[scope='row']", has_text="Who says so").count() == 1


def test_a_place_is_chosen_on_the_map_and_its_events_are_listed(tab, sample):
    _open(tab, sample, "places", wait=".st-key-places_plot path.point")
    _click(tab, ".st-key-places_plot path.point")
    tab.wait_for_url("**place=**")
    settle(tab)

    name, country = _query(tab)["place"].split("~")
    assert tab.locator(".st-key-evidence").get_by_text(f"{name}, {country}").count() == 1
    assert tab.locator(".st-key-evidence [class*='st-key-open_'] button").count() > 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_zoom_of_two_hundred_percent_leaves_everything_readable(browser, sample, theme):
    context = browser.new_context(viewport={"width": 720, "height": 500}, color_scheme=theme, device_scale_factor=2)
    page = context.new_page()
    for path, wait in (("?actor=RUS", _MARK), ("places", ".st-key-places_plot path.point")):
        _open(page, sample, path, wait=wait)
        wide = page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth")
        assert wide <= 1
        assert page.title()
    context.close()
