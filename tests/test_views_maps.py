"""The map of located events: counts by place, outlines, marks."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from view_projects import code_line, make_lines, make_project
from view_samples import draw_map

from timeline.queries import EVERYTHING, EventFilter, count_places, open_tables, select_events, select_events_at
from timeline.views.maps import crop_lines, frame_places, say_map, tabulate_places
from timeline.views.palette import LIGHT


def _counts(*rows):
    columns = ["place_key", "place", "country", "latitude", "longitude", "quad_class", "events"]
    return pd.DataFrame(list(rows), columns=columns)


def test_places_count_the_located_events_and_list_them(tmp_path):
    make_project(tmp_path / "p", make_lines(60)).close()
    tables = open_tables(tmp_path / "p")
    full = select_events(tables, EVERYTHING, 1000)
    at = full[full["place"] == "Rivermouth"]

    counts = count_places(tables, EVERYTHING)

    assert counts["events"].sum() == len(at) > 0
    found = select_events_at(tables, EVERYTHING, int(counts["place_key"].iloc[0]), 1000)
    assert list(found["event_id"]) == list(at["event_id"])
    f = EventFilter(actors=("ARV",))
    assert count_places(tables, f)["events"].sum() == len(select_events(tables, f, 1000).dropna(subset=["place"]))


def test_events_without_a_place_are_on_no_map(tmp_path):
    make_project(tmp_path / "p", [code_line(("Arvonia", "ACCUSE", "Belmark", dt.date(2020, 3, 5)))]).close()

    places = tabulate_places(count_places(open_tables(tmp_path / "p"), EVERYTHING))

    assert places.empty
    assert "known place" in draw_map(places, LIGHT).layout.annotations[0].text
    assert say_map(places) == "No located events."


def test_a_place_is_one_row_with_the_kind_of_most_of_its_events():
    counts = _counts((1, "Rivermouth", "BEL", 35.9, 36.6, 2, 2), (1, "Rivermouth", "BEL", 35.9, 36.6, 4, 5),
                     (2, "Hillfort", "ARV", 36.2, 37.1, 1, 9))  # fmt: skip

    places = tabulate_places(counts)

    assert list(places["place"]) == ["Hillfort", "Rivermouth"]
    assert places.loc[1, ["cooperation", "neutral", "conflict", "events", "sign"]].tolist() == [2, 0, 5, 7, "conflict"]
    assert say_map(places) == "16 events at 2 places; most at Hillfort: 9, of which 0 conflict."


def test_marks_carry_their_place_and_names_are_escaped():
    figure = draw_map(tabulate_places(_counts((7, "<b>x", "BEL", 35.9, 36.6, 4, 5))), LIGHT)

    (marks,) = [t for t in figure.data if t.mode == "markers+text"]
    assert list(marks.customdata) == [7]
    assert (list(marks.x), list(marks.y)) == ([36.6], [35.9])
    assert "<b>x" not in marks.text[0]
    assert "&lt;b&gt;x" in marks.hovertext[0]


def test_the_map_opens_on_where_most_events_are():
    """One event far away does not shrink the region where nineteen of twenty happened."""
    counts = _counts(
        (1, "a", "A", 35.9, 36.6, 4, 59), (2, "b", "A", 36.9, 37.6, 4, 60), (3, "c", "B", -33.0, 151.0, 4, 1)
    )

    west, south, east, north = frame_places(tabulate_places(counts))

    assert west < 36.6 < 37.6 < east < 42
    assert 32 < south < 35.9 < 36.9 < north


def test_the_frame_stays_on_the_earth():
    places = _counts((1, "a", "A", 89.9, -179.9, 4, 5), (2, "b", "B", -89.9, 179.9, 4, 5))

    assert frame_places(places) == (-180.0, -90.0, 180.0, 90.0)


def test_places_near_the_edge_of_what_is_seen_are_taken_in_whole_and_named():
    """Two busy towns side by side make a flat frame; the drawing shows more: one to the north, one on the edge."""
    counts = _counts(
        (1, "West", "A", 40.0, 20.0, 4, 90), (2, "East", "A", 40.5, 40.0, 4, 90), (3, "North", "A", 47.5, 30.0, 4, 1),
        (4, "Edge", "A", 41.0, 17.4, 4, 1),
    )  # fmt: skip
    places = tabulate_places(counts)

    west, south, east, north = frame_places(places)
    (marks,) = [t for t in draw_map(places, LIGHT).data if t.mode == "markers+text"]

    assert set(marks.text) == {"West", "East", "North", "Edge"}
    assert west < 17.4 - (east - west) * 0.04
    assert north > 47.5 + (north - south) * 0.04


def test_no_outline_runs_across_the_map_where_the_date_line_is_crossed():
    lines = crop_lines("coasts", (-180.0, -90.0, 180.0, 90.0))

    assert np.nanmax(np.abs(np.diff(lines[:, 0]))) <= 180


def test_names_of_places_that_lie_together_do_not_overlap():
    counts = _counts(*((i, f"Village {i}", "A", 35.9, 36.6 + i / 1000, 4, 5) for i in range(9)))

    (marks,) = [t for t in draw_map(tabulate_places(counts), LIGHT).data if t.mode == "markers+text"]

    assert 0 < sum(bool(words) for words in marks.text) < 9


def test_outlines_near_a_place_are_those_of_its_coast_and_borders():
    """Around the Gulf of Iskenderun there is a coast, and the border of Syria and Turkey."""
    box = (34.0, 34.0, 40.0, 39.0)

    coast, border = crop_lines("coasts", box), crop_lines("borders", box)

    assert np.nanmin(np.hypot(coast[:, 0] - 36.16, coast[:, 1] - 36.59)) < 0.15
    assert np.nanmin(np.hypot(border[:, 0] - 38.0, border[:, 1] - 36.83)) < 0.25


def test_a_map_of_the_whole_earth_stays_small_enough_to_send():
    places = tabulate_places(_counts((1, "a", "A", 60.0, -170.0, 4, 5), (2, "b", "B", -50.0, 170.0, 4, 5)))

    assert len(draw_map(places, LIGHT).to_json()) < 500_000


def test_the_atlas_says_where_it_comes_from():
    places = tabulate_places(_counts((1, "a", "A", 35.9, 36.6, 4, 5)))

    assert "Natural Earth" in draw_map(places, LIGHT).layout.annotations[0].text
