"""The map, run by AppTest."""

from __future__ import annotations

import page_driver
from page_driver import LINE, SCREENS, html, only_event, pick, selection
from view_projects import code_line

from timeline.dashboard.selection import Selection, select_place

opened = page_driver.opened


def test_places_offers_the_busiest_and_lists_the_events_of_the_one_chosen(opened):
    app = opened(page="places")
    (place,) = [b for b in app.button if b.key and b.key.startswith("open_place_")]

    place.click().run()

    assert not app.exception
    assert selection(app) == select_place("Rivermouth", "BEL")
    assert app.query_params == {"place": "Rivermouth~BEL"}
    assert "Rivermouth, BEL" in " ".join(m.value for m in app.markdown)
    event = only_event(app)
    app.button(key=f"open_{event}").click().run()
    assert selection(app) == Selection(place=("Rivermouth", "BEL"), event=event)
    assert "ev-title" in html(app)


def test_a_click_on_the_map_selects_the_place_on_every_page(opened):
    app = opened(page="places")
    key = next(b.key for b in app.button if b.key.startswith("open_place_")).removeprefix("open_place_")

    pick(app, int(key), "places_map")

    assert selection(app) == select_place("Rivermouth", "BEL")
    app.switch_page(str(SCREENS / "explore.py")).run()
    assert selection(app) == select_place("Rivermouth", "BEL")
    assert ".st-key-timeline_plot" in html(app)


def test_a_place_nobody_knows_has_no_events(opened):
    app = opened(query={"place": "Nowhere~XXX"})

    assert "No event of this selection" in app.info[0].value


def test_places_without_located_events_say_so(opened):
    app = opened([code_line(LINE)], page="places")

    assert "known place" in app.info[0].value
