"""In a browser: a wrong date is set right with the keyboard, moves on the timeline, and goes back."""

from __future__ import annotations

import datetime as dt

import pytest

from e2e.conftest import serve, settle
from timeline.queries import EVERYTHING, open_tables, select_events
from timeline.store.curation.log import read_log
from timeline.store.project import open_project

pytestmark = pytest.mark.browser

DAY = dt.date(2020, 3, 5)


@pytest.fixture
def desk(chromium, tmp_path):
    """A server of its own, since the project changes: the address and the folder."""
    from view_projects import code_line, make_project

    lines = [
        code_line(("Arvonia", "ASSAULT", "Belmark", DAY)),
        code_line(("Arvonia", "AID", "Belmark", dt.date(2020, 1, 2))),
    ]
    make_project(tmp_path / "project", lines).close()
    with serve(tmp_path / "project") as address:
        yield address, tmp_path / "project"


def _event(folder, event_type):
    events = select_events(open_tables(folder), EVERYTHING).set_index("event_type")
    return events.loc[event_type]


def _marks(tab, event_id):
    """The days on which the timeline draws the marks of an event."""
    tab.locator(".js-plotly-plot .scatterlayer .trace path.point").first.wait_for(state="attached")
    return tab.evaluate(
        "id => [...new Set([...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => plot._fullData.flatMap("
        "trace => [...(trace.customdata || [])].flatMap((one, i) =>"
        " String(one).includes(id) ? [new Date(trace.x[i]).toISOString().slice(0, 10)] : []))))]",
        event_id,
    )


def test_correct_a_wrong_date_see_it_on_the_timeline_and_undo(browser, desk):
    address, folder = desk
    event = _event(folder, "ASSAULT")
    tab = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    tab.goto(f"{address}/?event={event['event_id']}")
    tab.wait_for_selector(".ev-title")
    settle(tab)
    assert _marks(tab, event["event_id"]) == ["2020-03-05"]

    tab.get_by_role("button", name="Correct").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".st-key-curation_form")
    settle(tab)
    tab.locator("[class*='st-key-start_'] [role=spinbutton][aria-label^='day']").first.focus()
    tab.keyboard.type("25")
    tab.get_by_label("Reason").fill("by the court's ruling")
    tab.get_by_label("Your name").last.fill("ann")
    tab.locator(".st-key-correct_save button").focus()
    tab.keyboard.press("Enter")
    outcome = tab.locator(".st-key-curation_outcome")
    outcome.wait_for()
    settle(tab)

    assert "Corrected: date → 25 Mar 2020" in outcome.inner_text()
    assert "25 Mar 2020" in tab.locator(".ev-badge").nth(1).inner_text()
    assert _marks(tab, event["event_id"]) == ["2020-03-25"]
    (made,) = read_log(open_project(folder))
    assert (made.who, made.reason) == ("ann", "by the court's ruling")
    assert f"event={event['event_id']}" in tab.url

    outcome.get_by_role("button", name="Undo").click()
    tab.wait_for_function("document.querySelector('.st-key-curation_outcome')?.innerText.includes('Undone')")
    settle(tab)
    assert _marks(tab, event["event_id"]) == ["2020-03-05"]
    assert _event(folder, "ASSAULT")["start"].date() == DAY
    tab.context.close()


def test_a_mark_explains_itself_when_it_is_reached_with_the_keyboard(browser, desk):
    address, folder = desk
    tab = browser.new_context(viewport={"width": 1024, "height": 1000}).new_page()
    tab.goto(f"{address}/?event={_event(folder, 'ASSAULT')['event_id']}")
    mark = tab.locator(".ev-report mark.ev-date").first
    mark.wait_for()
    settle(tab)
    shown = "e => getComputedStyle(e, '::after').content"
    assert mark.evaluate(shown) == "none"
    mark.focus()

    assert "5 Mar 2020; stated in the event" in mark.evaluate(shown)
    tab.context.close()
