"""What only a browser can show: the way of an analyst from opening the page to files in hand."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from e2e.conftest import serve, settle

pytestmark = pytest.mark.browser


def _query(tab):
    return {name: values[0] for name, values in parse_qs(urlsplit(tab.url).query).items()}


def _open(tab, server, path=""):
    tab.goto(f"{server}/{path}")
    tab.wait_for_selector("h1")
    settle(tab)


def _events(tab):
    """The number of events under the present filter, as the page says it."""
    words = tab.locator("[data-testid='stCaptionContainer']", has_text=" of ").first.inner_text()
    return int(re.match(r"([\d,]+) of", words)[1].replace(",", ""))


def _choose_actor(tab, name):
    box = tab.locator(".st-key-f_actors input")
    box.click()
    box.fill(name)
    tab.get_by_role("option", name=name).first.click()
    tab.keyboard.press("Escape")
    tab.wait_for_url("**actors=**")
    settle(tab)


def _middle_of(path):
    """The point of the screen on the middle of an SVG path."""
    return path.evaluate(
        "e => {const p = e.getPointAtLength(e.getTotalLength() / 2), m = e.getScreenCTM();"
        " return [p.x * m.a + p.y * m.c + m.e, p.x * m.b + p.y * m.d + m.f]}"
    )


def test_from_the_first_page_to_files_in_hand(page, server):
    """Open, filter by actor, brush, click an edge, read the evidence, download PNG and CSV."""
    _open(page, server)
    all_events = _events(page)

    _choose_actor(page, "Arvonia")
    assert _query(page) == {"actors": "ARV"}
    assert 0 < _events(page) < all_events

    strip = page.locator(".timeline-strip svg")
    box = strip.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.55, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.98, box["y"] + 34, steps=12)
    page.mouse.up()
    page.wait_for_url("**from=**")
    settle(page)
    period = _query(page)
    assert period["from"] < period["to"]
    brush = page.locator(".timeline-strip .brush").bounding_box()
    assert abs(brush["x"] - box["x"] - box["width"] * 0.55) < 12  # the brush stays, on whole days

    edges = page.locator(".timeline-network path.line")
    edges.first.wait_for(state="attached")
    edges.first.scroll_into_view_if_needed()
    page.wait_for_timeout(600)
    for number in range(edges.count()):
        page.mouse.click(*_middle_of(edges.nth(number)))
        page.wait_for_timeout(900)
        if "edge=" in page.url:
            break
    settle(page)
    source, target, _ = _query(page)["edge"].split("~")
    assert "ARV" in (source, target)

    page.locator(".st-key-evidence [class*='st-key-open_'] button").first.click()
    report = page.locator(".ev-report").first
    report.wait_for()
    settle(page)
    assert re.match(r"(According to|As told by) ", report.locator(".ev-who").inner_text())
    assert report.locator("mark.ev-action").inner_text().endswith("action")
    assert report.locator("a").get_attribute("href").startswith("https://news.example/")
    assert "noopener noreferrer" in report.locator("a").get_attribute("rel")

    page.get_by_role("link", name="Export").click()
    page.wait_for_selector("h1:has-text('Export')")
    settle(page)
    assert _query(page)["actors"] == "ARV"
    with page.expect_download() as download:
        page.locator(".st-key-get_csv button >> visible=true").first.click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    comments = [line for line in text.splitlines() if line.startswith("# ")]
    rows = list(csv.DictReader(io.StringIO(text.split("\r\n", len(comments))[-1])))
    assert "# Filter: actors: Arvonia; " in text
    assert rows
    assert all("Arvonia" in row["source_names"] + row["target_names"] for row in rows)
    with page.expect_download(timeout=60_000) as download:
        page.locator(".st-key-get_png button >> visible=true").first.click()
    assert download.value.suggested_filename.endswith(".png")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_click_on_an_event_shows_it_and_back_undoes_it(page, server):
    """And the chart's own tools: a picture is taken here, nothing is sent elsewhere."""
    _open(page, server)
    points = page.locator(".js-plotly-plot .scatterlayer .trace path.point")
    points.first.wait_for(state="attached")
    page.locator(".js-plotly-plot").first.hover()
    with page.expect_download(timeout=30_000) as download:
        page.locator(".modebar-btn[data-title='Download as PNG']").first.click()
    assert download.value.suggested_filename == "timeline.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    assert page.locator(".modebar-btn[data-title*='hare']").count() == 0
    page.wait_for_timeout(500)
    boxes = [points.nth(number).bounding_box() for number in range(points.count())]
    handles = min(box["x"] for box in boxes if box)  # arrows of lanes, which take an actor
    for box in boxes[::-7]:
        if box and box["width"] > 6 and box["y"] > 0 and box["x"] > handles + 10:
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.wait_for_timeout(150)
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.wait_for_timeout(1200)
            if "event=" in page.url:
                break
    settle(page)
    assert re.fullmatch(r"[0-9a-f]{16}", _query(page)["event"])
    assert page.locator(".ev-title").count() == 1

    page.go_back()
    page.wait_for_timeout(800)
    settle(page)
    assert _query(page) == {}
    assert page.locator(".ev-title").count() == 0


def test_nobody_moves_when_filters_change(page, server):
    """An actor's label stands where it stood, whatever is filtered away."""
    _open(page, server)
    label = page.locator(".timeline-network text", has_text="Belmark").first
    label.wait_for(state="attached")
    place = (
        "e => {const b = e.getBoundingClientRect(), c = e.closest('svg').getBoundingClientRect();"
        " return [b.x - c.x, b.y - c.y]}"
    )
    before = label.evaluate(place)

    page.get_by_role("button", name="◆ Material conflict").click()
    page.wait_for_url("**quads=4")
    settle(page)

    after = page.locator(".timeline-network text", has_text="Belmark").first.evaluate(place)
    # The label hangs below its node, whose size follows the events shown; the node itself stays.
    assert abs(before[0] - after[0]) < 3
    assert abs(before[1] - after[1]) < 20


def test_a_selection_marks_the_network_in_place(page, server):
    """What is selected keeps its place and its strength; the rest steps back."""
    _open(page, server)
    plot = page.locator(".timeline-network")
    plot.locator(".node").last.wait_for(state="attached")
    where = "all => all.map(e => e.getAttribute('d') ?? e.getAttribute('cx'))"
    before = plot.locator("path, circle").evaluate_all(where)

    page.locator(".st-key-evidence [class*='st-key-open_'] button").first.click()
    page.wait_for_url("**event=**")
    settle(page)

    assert plot.locator("path, circle").evaluate_all(where) == before
    shown = plot.locator(".edge, .node").evaluate_all("all => all.map(e => getComputedStyle(e).opacity)")
    assert {"0.22", "1"} <= set(shown)


@pytest.mark.parametrize(("width", "theme"), [(1024, "light"), (1440, "dark")])
def test_no_page_is_wider_than_the_screen(browser, server, width, theme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    tab = context.new_page()
    for path in ("", "articles", "review", "export", "about"):
        _open(tab, server, path)
        wide = tab.evaluate(
            "() => [...document.querySelectorAll('[data-testid=stMain] *')]"
            ".filter(e => e.getBoundingClientRect().right > innerWidth + 1 &&"
            " getComputedStyle(e).visibility !== 'hidden' && !e.closest('[data-testid=stDataFrame]')"
            " && !e.closest('svg')).length"
        )
        assert wide == 0, f"{path or 'explore'} at {width} px"
    context.close()


def test_the_sample_is_coded_on_first_start_with_progress(browser, chromium, tmp_path):
    """A fresh user folder: the page comes at once, says what it does, and then shows the events."""
    pytest.importorskip("timeline.coding.coder")
    with serve(None, XDG_DATA_HOME=str(tmp_path)) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        tab = context.new_page()
        tab.goto(address)
        tab.wait_for_selector("text=Reading the sample articles", timeout=30_000)
        tab.wait_for_selector("[data-testid='stProgress']", timeout=30_000)
        tab.wait_for_selector("h1:has-text('Explore')", timeout=180_000)
        settle(tab)
        assert _events(tab) > 20
        context.close()
