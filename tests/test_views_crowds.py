"""The timeline of many events: points and counts as queried, and as drawn."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from view_projects import code_line, make_lines, make_project
from view_samples import draw_points, draw_timeline, make_actors, make_event, make_events

from timeline.queries import (
    EVERYTHING,
    EventFilter,
    count_events,
    count_lanes,
    open_tables,
    select_events,
    select_points,
)
from timeline.views.lanes import list_lanes
from timeline.views.palette import LIGHT
from timeline.views.plotting import LANE_HEIGHT_PX

LANES = ("ARV", "BEL", "falk")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("points") / "project"
    make_project(folder, make_lines(120)).close()
    return open_tables(folder)


def _expected_row(sources, targets):
    """The topmost lane of the sources, else of the targets."""
    side = list(sources) or list(targets)
    return min((LANES.index(i) if i in LANES else 3 for i in side), default=4)


@pytest.mark.parametrize(
    "f",
    [EVERYTHING, EventFilter(actors=("ARV",)), EventFilter(publishers=("Belmark Radio",)), EventFilter(undated=False)],
    ids=["everything", "actor", "publisher", "dated"],
)
def test_points_are_the_events_on_their_lanes(tables, f):
    """Points hold what the full rows of the same filter hold."""
    full = select_events(tables, f, 1000).set_index("event_id")

    points = select_points(tables, f, LANES).set_index("event_id")

    assert len(points) == len(full) == count_events(tables, f)
    for event_id, point in points.iterrows():
        row = full.loc[event_id]
        assert point["row"] == _expected_row(row["source_ids"], row["target_ids"])
        assert (point["quad_class"], point["reports"]) == (row["quad_class"], row["reports"])
        assert point["actual"] == (row["realis"] == "actual")
        assert (point["start"] == row["start"]) or (pd.isna(point["start"]) and pd.isna(row["start"]))


def test_points_are_the_newest_in_order_of_time_with_the_undated_last(tables):
    newest = select_events(tables, EVERYTHING, 20)

    points = select_points(tables, EVERYTHING, LANES, 20)

    assert set(points["event_id"]) == set(newest["event_id"])
    assert points["start"].is_monotonic_increasing
    everything = select_points(tables, EVERYTHING, LANES)
    assert everything["start"].isna().to_numpy().nonzero()[0].min() >= everything["start"].notna().sum()


def test_persons_fold_into_their_state_on_its_lane(tables):
    f = replace(EVERYTHING, level="country")

    rows = select_points(tables, f, ("ARV", "BEL"))["row"]

    full = select_events(tables, EVERYTHING, 1000)
    of_arvonia = sum(bool({"ARV", "falk"} & set(sources)) for sources in full["source_ids"])
    assert (rows == 0).sum() == of_arvonia


@pytest.mark.parametrize("f", [EVERYTHING, EventFilter(actors=("ARV", "falk"))], ids=["everything", "actors"])
def test_an_event_counts_once_on_each_of_its_lanes(tables, f):
    full = select_events(tables, f, 1000).dropna(subset=["start"])
    expected = Counter(
        (actor, row.start.replace(day=1))
        for row in full.itertuples()
        for actor in {*row.source_ids, *row.target_ids} & set(LANES)
    )

    counts = count_lanes(tables, f, LANES, "month")

    assert dict(expected) == {(r.actor_id, r.bin): r.events for r in counts.itertuples()}


def test_an_empty_project_has_no_points_and_no_counts(tmp_path):
    make_project(tmp_path / "p", []).close()
    empty = open_tables(tmp_path / "p")

    assert select_points(empty, EVERYTHING, LANES).empty
    assert count_lanes(empty, EVERYTHING, LANES).empty


def _points(*rows):
    columns = ["event_id", "start", "end", "quad_class", "reports", "actual", "row"]
    table = pd.DataFrame(list(rows), columns=columns)
    return table.astype({"start": "datetime64[s]", "end": "datetime64[s]"})


def test_each_point_is_a_marker_on_its_lane_whatever_their_order():
    day = pd.Timestamp("2020-03-05")
    points = _points(("a", day, day, 4, 1, True, 0), ("b", day, day, 4, 8, False, 1), ("c", None, None, 1, 1, True, 2))

    figure = draw_points(points, make_actors("COR", "ARV"), LIGHT, order="name")

    by_id = {t.customdata[i]: (t, i) for t in figure.data if t.xaxis != "x3" for i in range(len(t.customdata))}
    lanes = list_lanes(make_actors("COR", "ARV"), "name", other=True)
    assert [lane.label for lane in lanes] == ["Arvonia", "Corran Union", "Other actors"]
    rows = {name: round(t.y[i]) for name, (t, i) in by_id.items()}
    assert rows == {"a": 0, "b": 1, "c": 2}
    assert (by_id["a"][0].xaxis, by_id["c"][0].xaxis) == ("x", "x2")
    assert pd.Timestamp(by_id["a"][0].x[0], unit="ms") == pd.Timestamp("2020-03-05 12:00")
    assert {name: t.marker.color[i] for name, (t, i) in by_id.items()} == {"a": 1, "b": 0, "c": 1}
    assert by_id["b"][0].marker.colorscale[0][1] != by_id["b"][0].marker.colorscale[1][1]
    assert by_id["b"][0].marker.size[by_id["b"][1]] > by_id["a"][0].marker.size[by_id["a"][1]]


def test_neighbours_on_a_lane_stand_apart_and_the_distant_on_its_middle():
    days = [dt.date(2020, 3, 5)] * 3 + [dt.date(2021, 3, 5)]
    points = _points(*((str(i), day, day, 4, 1, True, 0) for i, day in enumerate(days)))

    _handles, trace = draw_points(points, make_actors("ARV"), LIGHT).data

    assert len(np.unique(trace.y[:3])) == 3
    assert trace.y[3] == 0
    assert np.abs(trace.y).max() < 0.5


def test_one_event_without_days_is_drawn_in_the_tray(tmp_path):
    make_project(tmp_path / "p", [code_line(("Arvonia", "ACCUSE", "Belmark", None))]).close()
    points = select_points(open_tables(tmp_path / "p"), EVERYTHING, ("ARV", "BEL"))

    _handles, trace = draw_points(points, make_actors("ARV", "BEL"), LIGHT).data

    assert (trace.xaxis, list(trace.x), list(trace.y)) == ("x2", [0.5], [0])


def test_without_points_the_figure_says_so():
    assert "No events" in draw_points(_points(), make_actors("ARV"), LIGHT).layout.annotations[0].text


def measure_overhang(figure):
    """Pixels of a lane, and by how many the largest mark reaches beyond the lower and the upper edge of the plot."""
    low, high = figure.layout.yaxis.range
    plot = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    per_lane = plot / (low - high)
    marks = [
        (y, size * 0.65 + 1)  # a diamond's arm, the longest, and its line
        for trace in figure.data
        if trace.customdata is not None and trace.xaxis != "x3"
        for y, size in np.broadcast(trace.y, trace.marker.size)
    ]
    return per_lane, *(max(arm - per_lane * abs(y - end) for y, arm in marks) for end in (low, high))


@pytest.mark.parametrize("number", [40, 700], ids=["strokes", "markers"])
def test_marks_of_the_outer_lanes_are_drawn_whole(number):
    """Neighbours stand up to two fifths of a lane above and below its middle, and a mark is half as high as a lane."""
    rows = [
        make_event(
            f"e{n}", start=dt.date(2020, 3, 5), reports=64, sources=("ARV", "BEL")[n % 2 : n % 2 + 1], targets=()
        )
        for n in range(number)
    ]
    events, actors = make_events(*rows), make_actors("ARV", "BEL")
    points = events.assign(row=[n % 2 for n in range(number)], actual=True)
    figure = draw_timeline(events, actors, LIGHT) if number < 600 else draw_points(points, actors, LIGHT)

    per_lane, *overhangs = measure_overhang(figure)

    assert max(overhangs) <= 0
    assert per_lane == pytest.approx(LANE_HEIGHT_PX)


def test_a_mark_above_the_topmost_lane_is_drawn_whole():
    """Where no source is named, marks stand above the lane of the target."""
    rows = [make_event(f"e{n}", start=dt.date(2020, 3, 5), reports=64, sources=(), targets=("ARV",)) for n in range(9)]

    assert max(measure_overhang(draw_timeline(make_events(*rows), make_actors("ARV"), LIGHT))[1:]) <= 0
