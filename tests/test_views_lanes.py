"""Where events are placed on the lanes."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from view_samples import make_actors, make_event, make_events, make_many_events

from timeline.errors import MissingColumnError
from timeline.views.lanes import OTHER, UNNAMED, choose_lanes, fold_sides, list_folds, place_events


def test_actors_without_a_lane_share_one_and_events_that_name_nobody_another():
    events = make_events(make_event("a"), make_event("b", sources=("COR",)), make_event("c", sources=(), targets=()))

    lanes = choose_lanes(make_actors("ARV", "BEL"), events)

    assert [lane.actor_id for lane in lanes] == ["ARV", "BEL", OTHER, UNNAMED]
    assert [lane.row for lane in lanes] == [0, 1, 2, 3]


def test_a_side_that_is_not_named_takes_no_lane():
    events = make_events(make_event(sources=(), targets=("ARV",)))

    lanes = choose_lanes(make_actors("ARV"), events)
    (stroke,) = place_events(events, lanes)

    assert [lane.actor_id for lane in lanes] == ["ARV"]
    assert (stroke.source_rows, stroke.target_rows) == ((), (0,))


def test_no_lanes_without_events():
    assert choose_lanes(make_actors(), make_events()) == ()


def test_lanes_can_be_ordered_by_name_and_by_country():
    actors = make_actors("COR", "BEL", "ARV")

    by_name = choose_lanes(actors, make_events(make_event()), "name")

    assert [lane.label for lane in by_name] == ["Arvonia", "Belmark", "Corran Union"]


def test_events_of_the_same_day_and_lane_get_different_offsets():
    events = make_events(*(make_event(f"e{i}") for i in range(5)))

    strokes = place_events(events, choose_lanes(make_actors(), events))

    assert len({stroke.offset for stroke in strokes}) == 5


def test_offsets_stay_inside_the_lane():
    events = make_many_events(400)

    strokes = place_events(events, choose_lanes(make_actors(), events))

    assert max(abs(stroke.offset) for stroke in strokes) < 0.5


def test_undated_events_come_last_and_have_no_place_in_time():
    events = make_events(make_event("b", start=None), make_event("a"))

    strokes = place_events(events, choose_lanes(make_actors(), events))

    assert [(stroke.event_id, stroke.middle is None) for stroke in strokes] == [("a", False), ("b", True)]


def test_a_month_is_a_span_that_the_event_lies_in():
    month = make_event(start=dt.date(2020, 3, 1), end=dt.date(2020, 3, 31), precision="month")

    (stroke,) = place_events(make_events(month), choose_lanes(make_actors(), make_events(month)))

    assert not stroke.exact
    assert stroke.middle == dt.datetime(2020, 3, 16, 12)


def test_an_open_end_is_taken_as_the_day_that_is_known():
    row = make_event()
    row["end"] = pd.NaT

    (stroke,) = place_events(make_events(row), choose_lanes(make_actors(), make_events(row)))

    assert (stroke.first, stroke.last, stroke.exact) == (dt.date(2020, 3, 5), dt.date(2020, 3, 5), False)


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnError, match="events: missing quad_class"):
        choose_lanes(make_actors(), make_events(make_event()).drop(columns=["quad_class"]))


def test_folding_joins_actors_of_one_country():
    events = make_events(make_event(sources=("dun-army", "BEL"), targets=("ARV",)))
    actors = pd.DataFrame(
        {
            "actor_id": ["dun-army", "BEL", "ARV"],
            "name": ["Dunmore Army", "Belmark", "Arvonia"],
            "organ_id": ["dun-army", "BEL", "ARV"],
            "country_id": ["BEL", "BEL", "ARV"],
        }
    )

    folded = fold_sides(events, list_folds(actors, "country"))

    assert (folded["source_ids"][0], folded["source_names"][0]) == (["BEL"], ["Belmark"])
    assert fold_sides(events, list_folds(actors, "organ"))["source_ids"][0] == ["dun-army", "BEL"]
