"""The one-file report in a browser without a network: it draws, filters, links its views, and obeys the keyboard."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from story_samples import MARCH, NOBODY_KNOWS, PROVENANCE, SINCE, make_reported
from view_projects import make_lines, make_project

from e2e.conftest import settle
from e2e.test_accessibility import RUN, axe
from timeline import queries
from timeline.queries.filters import EVERYTHING
from timeline.records import Actor
from timeline.views.networks import build_graph, lay_out
from timeline.views.report import write_report_file
from timeline.views.stories import gather

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser
__all__ = ["axe"]  # a fixture


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report of some two hundred invented events."""
    folder = tmp_path_factory.mktemp("report")
    tables = queries.open_tables(make_project(folder / "p", make_lines(200)))
    ids = queries.select_events(tables, EVERYTHING, limit=1000)["event_id"]
    places = lay_out(build_graph(queries.count_dyads(tables, EVERYTHING, 4000)))
    file = folder / "report.html"
    file.write_bytes(write_report_file([gather(queries.read_evidence(tables, i)) for i in ids], places, PROVENANCE))
    return file


@pytest.fixture
def open_report(browser):
    """Opens a file offline: open_report(file, **options of the context); fails on any error or request."""
    problems, contexts = [], []

    def open_file(file, **options):
        context = browser.new_context(offline=True, **({"viewport": {"width": 1440, "height": 1000}} | options))
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: problems.append(str(error)))
        tab.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("request", lambda asked: None if asked.url.startswith("file:") else problems.append(asked.url))
        tab.goto(file.as_uri())
        return tab

    yield open_file
    for context in contexts:
        context.close()
    assert not problems


def _count(tab):
    return int(tab.locator("#count").inner_text().split()[0])


def test_the_downloaded_report_draws_offline(browser, server, page, tmp_path, open_report):
    page.goto(f"{server}/export")
    page.wait_for_selector("h1")
    settle(page)
    with page.expect_download(timeout=60_000) as download:
        page.locator(".st-key-get_html button >> visible=true").first.click()
    file = tmp_path / "report.html"
    download.value.save_as(file)

    tab = open_report(file)

    assert tab.locator("#timeline .ev").count() == _count(tab) > 50
    assert tab.locator("#network .node").count() == 8
    assert tab.locator("#overview rect").count() > 20


def test_filters_narrow_every_view(report, open_report):
    tab = open_report(report)
    everything = _count(tab)

    tab.select_option("#add-actor", label=tab.locator("#add-actor option", has_text="Gharb Relief").inner_text())
    some = _count(tab)
    assert 0 < some < everything
    assert tab.locator("#timeline .ev").count() == some
    assert all("Gharb Relief" in tab.locator("#list article h3").nth(n).inner_text() for n in range(5))

    tab.get_by_role("button", name="cooperation").click()
    fewer = _count(tab)
    assert fewer < some
    tab.fill("#words", "zzz")
    expect(tab.locator("#count")).to_contain_text(f"0 of {everything}")
    assert "No event matches" in tab.locator("#timeline").inner_text()
    tab.fill("#words", "")
    expect(tab.locator("#count")).to_contain_text(f"{fewer} of {everything}")
    tab.fill("#from", "2019-06-01")
    tab.fill("#to", "2019-12-31")
    tab.locator("#to").dispatch_event("change")
    days = tab.evaluate("[...document.querySelectorAll('#list .when b')].map(e => e.textContent)")
    assert 0 < len(days)
    assert all("2019" in day for day in days)
    assert tab.locator("#chips .chip").count() == 3

    tab.click("#clear")
    assert _count(tab) == everything


def test_several_actors_can_be_asked_for_among_themselves(report, open_report):
    tab = open_report(report)
    for name in ("Arvonia", "Belmark"):
        tab.select_option("#add-actor", label=tab.locator("#add-actor option", has_text=f"{name} (").inner_text())
    any_of_them = _count(tab)

    tab.select_option("#between", label="only among them")

    assert 0 < _count(tab) < any_of_them
    heads = tab.locator("#list article h3").all_inner_texts()
    assert all("Arvonia" in head and "Belmark" in head for head in heads)


def test_a_pick_is_seen_in_every_view_and_escape_takes_it_back(report, open_report):
    tab = open_report(report)

    tab.locator("#network .edge").last.dispatch_event("click")
    pair = re.match(r"(.+) → (.+), (\w+): (\d+) event", tab.locator("#picked").inner_text().replace("\u200e", ""))
    number = int(pair[4])
    assert tab.locator("#timeline .ev.on").count() == number
    assert tab.locator("#network .node.on").count() >= 2
    assert min(number, 40) == tab.locator("#list article").count()
    assert all(pair[1] in head for head in tab.locator("#list article h3").all_inner_texts())
    tab.keyboard.press("Escape")
    assert tab.locator(".on").count() == 0

    event = tab.locator("#timeline .ev").nth(40).get_attribute("data-event")
    tab.locator(f"#timeline .ev[data-event='{event}']").dispatch_event("click")
    card = tab.locator(f"#e-{event}")
    assert card.get_attribute("class").endswith(" on")
    assert card.locator(".who").first.inner_text().startswith(("According to", "As told by"))
    assert tab.evaluate(
        "id => { const c = document.getElementById(id).getBoundingClientRect();"
        " return c.top > 60 && c.top < innerHeight }", f"e-{event}",
    )  # fmt: skip


def test_the_overview_is_a_brush_and_zoom_keeps_to_it(report, open_report):
    tab = open_report(report)
    everything = _count(tab)
    box = tab.locator("#overview svg").bounding_box()

    tab.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 20)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 20, steps=5)
    tab.mouse.up()
    period = (tab.input_value("#from"), tab.input_value("#to"))
    part = _count(tab)

    assert dt.date.fromisoformat(period[0]) < dt.date.fromisoformat(period[1])
    assert 0 < part < everything
    tab.click("#t-in")
    assert _count(tab) < part
    assert period[0] < tab.input_value("#from") < tab.input_value("#to") < period[1]
    tab.click("#t-all")
    assert _count(tab) == everything
    assert tab.input_value("#from") == ""


def test_actors_stand_still_when_filters_change(report, open_report):
    tab = open_report(report)
    where = (
        "id => { const c = document.querySelector(`#network .node[data-actor='${id}'] circle`);"
        " return [c.getAttribute('cx'), c.getAttribute('cy')] }"
    )
    actor = tab.locator("#network .node").first.get_attribute("data-actor")
    before = tab.evaluate(where, actor)

    tab.get_by_role("button", name="cooperation").click()

    assert tab.evaluate(where, actor) == before


def test_everything_can_be_done_by_keyboard(report, open_report):
    tab = open_report(report)

    tab.focus("#timeline")
    tab.keyboard.press("Home")
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    said = tab.locator("#live").inner_text()
    assert tab.locator("#timeline .ev.cursor").count() == 1
    tab.keyboard.press("Enter")
    assert said.startswith(tab.locator("#list article.on h3").inner_text())

    everything = _count(tab)
    tab.keyboard.press("+")
    assert _count(tab) < everything
    tab.keyboard.press("0")
    tab.focus("#network")
    tab.keyboard.press("ArrowRight")
    actor = tab.locator("#live").inner_text().split(",")[0].strip("\u200e")
    tab.keyboard.press("Enter")
    assert tab.locator("#picked").inner_text().replace("\u200e", "").startswith(f"{actor}: ")


def test_print_holds_every_event(report, open_report):
    tab = open_report(report)
    everything = _count(tab)
    assert tab.locator("#list article").count() < everything

    tab.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert tab.locator("#list article").count() == everything
    reports = tab.evaluate(
        "JSON.parse(document.getElementById('data').textContent).events.flatMap(e => e.reports).length"
    )
    assert tab.locator("#list blockquote").count() == reports


@pytest.mark.parametrize("width", [390, 1024, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_no_wider_than_the_screen(report, open_report, width, theme):
    tab = open_report(report, viewport={"width": width, "height": 900}, color_scheme=theme)

    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    background = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background)[:3])) < 200) == (theme == "dark")


def test_how_exactly_a_date_is_known_is_drawn(tmp_path, open_report):
    items = [make_reported("a1", MARCH), make_reported("b2", SINCE), make_reported("c3", NOBODY_KNOWS),
             make_reported("d4")]  # fmt: skip
    file = tmp_path / "r.html"
    file.write_bytes(write_report_file(items, {}, PROVENANCE))

    tab = open_report(file)

    paths = {
        tab.locator(f"#e-{n} .when b").inner_text(): tab.locator(f"#timeline .ev[data-event='{n}'] path").count()
        for n in range(4)
    }
    assert paths == {
        "Mar 2020": 1,
        "since 2 Mar 2020": 1,
        "5 Mar 2020": 0,
        "undated": 0,
    }
    assert "undated" in tab.locator("#timeline").inner_text()


def test_names_of_any_alphabet_are_shown(tmp_path, open_report):
    names = ["جبهة النهر", "Минобороны России", "Çağrı Gürşen İşçi", "משרד החוץ"]
    items = [
        make_reported(f"{n:02d}", source=Actor(f"x{n}", name), sentence=f"{name} met us.", title=name, publisher=name)
        for n, name in enumerate(names)
    ]
    file = tmp_path / "r.html"
    file.write_bytes(write_report_file(items, {}, PROVENANCE, title=names[0]))

    tab = open_report(file)

    assert tab.title() == names[0]
    for name in names:
        assert tab.locator("#timeline .lane-name", has_text=name).count() == 1
        assert tab.locator("#network .name", has_text=name).count() == 1
        assert tab.locator("#source-list h3", has_text=name).count() == 1


def test_an_arrow_leads_from_left_to_right_between_names_written_from_right_to_left(tmp_path, open_report):
    """Where both names are Arabic, the bare characters would show the target first."""
    file = tmp_path / "r.html"
    item = make_reported(source=Actor("nahr", "جبهة النهر"), target=Actor("jabal", "لواء الجبل"))
    file.write_bytes(write_report_file([item], {}, PROVENANCE))

    tab = open_report(file)

    left = tab.evaluate(
        "() => { const text = document.querySelector('#list h3 button').firstChild, range = document.createRange();"
        " return ['النهر', 'الجبل'].map(word => { const at = text.data.indexOf(word);"
        " range.setStart(text, at); range.setEnd(text, at + word.length); return range.getBoundingClientRect().x }) }"
    )
    assert left[0] < left[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_report(open_report, report, axe, theme):
    tab = open_report(report, color_scheme=theme)
    tab.evaluate(axe)

    assert tab.evaluate(RUN) == []
