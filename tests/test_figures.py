"""The timeline figure and the density strip: what is drawn of the data."""

from __future__ import annotations

import base64
import datetime as dt
import json

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from view_samples import draw_counts, draw_timeline, make_actors, make_event, make_events, make_many_events

from timeline.views.density import (
    Core,
    choose_width,
    count_days,
    find_core,
    read_brush,
    say_density,
    tabulate_density,
    write_density,
)
from timeline.views.figures import choose_detail, describe_for_hover, sketch_timeline
from timeline.views.lanes import choose_lanes
from timeline.views.palette import DARK, LIGHT, fade_colour
from timeline.views.plotting import Sketch, draw_sketch, write_json


def _all_traces(figure):
    """The traces of events; the lanes' handles left out."""
    return [trace.to_plotly_json() for trace in figure.data if trace.xaxis != "x3"]


def _traces(figure, **wanted):
    return [t for t in _all_traces(figure) if all(t.get(name) == value for name, value in wanted.items())]


def _days(trace):
    """Days of the month of a trace's moments, gaps left out."""
    return [pd.Timestamp(x, unit="ms").day for x in trace["x"] if x == x]


def test_an_event_is_a_marker_at_its_source_and_a_head_at_its_target():
    figure = draw_timeline(make_events(make_event("e1")), make_actors("ARV", "BEL"), LIGHT)

    (marker,) = _traces(figure, name="Verbal conflict")
    (head,) = [t for t in _traces(figure, mode="markers") if t.get("name") is None]
    _, stroke = _traces(figure, mode="lines")  # the first leads to its name

    assert list(marker["customdata"]) == ["e1"]
    assert (list(marker["y"]), list(head["y"])) == ([0], [1])
    assert list(head["marker"]["symbol"]) == ["triangle-down"]
    assert (list(stroke["y"])[:2], stroke["line"]["dash"]) == ([0, 1], "dash")


def test_a_meeting_has_a_marker_on_both_lanes_and_no_head():
    meeting = make_event(event_type="CONSULT", sources=("ARV", "BEL"), targets=("ARV", "BEL"))

    figure = draw_timeline(make_events(meeting), make_actors("ARV", "BEL"), LIGHT)

    (marker,) = _traces(figure, mode="markers")
    assert list(marker["y"]) == [0, 1]
    assert marker["marker"]["symbol"] == "circle-open"


def test_a_lane_can_be_chosen_by_its_handle_and_only_actors_have_one():
    events = make_events(make_event("a"), make_event("b", sources=("COR",)))

    figure = draw_timeline(events, make_actors("ARV", "BEL"), LIGHT)
    exported = draw_timeline(events, make_actors("ARV", "BEL"), LIGHT, title="for a slide")

    (handles,) = [t for t in figure.data if t.xaxis == "x3"]
    assert list(handles.customdata) == ["lane:ARV", "lane:BEL"]
    assert list(handles.y) == [0, 1]
    assert figure.layout.xaxis3.domain[1] <= figure.layout.xaxis.domain[0]
    assert not [t for t in exported.data if t.xaxis == "x3"]


def test_events_can_stand_on_the_day_of_their_first_report():
    late = make_event("late", published=pd.Timestamp("2020-03-09"))
    same = make_event("same", published=pd.Timestamp("2020-03-05"))
    unknown = make_event("unknown")
    events = make_events(late, same, unknown)

    figure = draw_timeline(events, make_actors("ARV", "BEL"), LIGHT, by="published")

    markers = [t for t in _all_traces(figure) if t.get("name")]
    days = {i: d for t in markers if t["xaxis"] == "x" for i, d in zip(t["customdata"], _days(t), strict=True)}
    assert days == {"late": 9, "same": 5}
    (lag,) = [t for t in _traces(figure, mode="lines") if t["line"].get("width") == 1.4 and "dash" not in t["line"]]
    assert _days(lag) == [5, 9]
    assert [list(t["customdata"]) for t in markers if t["xaxis"] == "x2"] == [["unknown"]]
    assert "first reported 9 Mar 2020" in describe_for_hover(events.iloc[0].to_dict())
    assert "first reported" not in describe_for_hover(events.iloc[1].to_dict())


def test_a_vague_date_is_a_capped_whisker_and_an_exact_stay_a_bar():
    vague = make_event("v", start=dt.date(2020, 3, 1), end=dt.date(2020, 3, 31), precision="month")
    exact = make_event("x", start=dt.date(2020, 3, 1), end=dt.date(2020, 3, 4))

    figure = draw_timeline(make_events(vague, exact), make_actors("ARV", "BEL"), LIGHT)

    (whisker,) = _traces(figure, mode="lines+markers")
    bars = [t for t in _traces(figure, mode="lines") if t["line"]["width"] == 9]
    assert _days(whisker) == [1, 31]
    assert _days(bars[0]) == [1, 4]


def test_undated_events_have_a_tray_of_their_own_axis():
    figure = draw_timeline(make_events(make_event("a"), make_event("b", start=None)), make_actors("ARV", "BEL"), LIGHT)

    tray = [t for t in _traces(figure, xaxis="x2") if t.get("name")]
    assert [list(t["customdata"]) for t in tray] == [["b"]]
    assert list(figure.layout.xaxis2.range) == [-0.08, 1.08]
    assert figure.layout.xaxis.range[0].year == 2020


def test_what_did_not_happen_is_faded_and_what_many_report_is_larger():
    events = make_events(make_event("a", realis="denied"), make_event("b", reports=4))

    (marker,) = _traces(draw_timeline(events, make_actors(), LIGHT), name="Verbal conflict")

    looks = zip(marker["marker"]["color"], marker["marker"]["size"], strict=True)
    by_id = dict(zip(marker["customdata"], looks, strict=True))
    assert by_id == {"a": (fade_colour(LIGHT.conflict, 0.45), 9.0), "b": (LIGHT.conflict, 15.0)}


def test_text_of_articles_is_escaped_in_the_hover_box():
    row = make_event(sentence='<img src=x onerror=alert(1)> $x$ "said"', source_names=["<b>Evil</b>"])

    words = describe_for_hover(make_events(row).iloc[0])

    assert "<img" not in words
    assert "&lt;b&gt;Evil&lt;/b&gt;" in words
    assert "stated in the event" in words
    assert '"said"' in words  # Plotly would show &quot; as it is


def test_detail_falls_with_the_number_of_events():
    assert [choose_detail(n) for n in (1, 600, 601, 10_000, 10_001)] == [
        "lanes",
        "lanes",
        "markers",
        "markers",
        "counts",
    ]
    many = _all_traces(draw_timeline(make_many_events(1600), make_actors(), LIGHT))
    assert {t["type"] for t in many} == {"scattergl"}
    assert sum(len(t["x"]) for t in many) == 1600
    assert all(abs(x) > 1e12 for t in many if t["xaxis"] == "x" for x in t["x"])


def test_without_events_the_figure_says_so():
    figure = draw_timeline(make_events(), make_actors(), LIGHT)

    assert figure.layout.annotations[0].text == "No events match these filters"


def test_the_same_events_give_the_same_figure_whatever_their_order():
    events = make_many_events(60)
    shuffled = events.sample(frac=1, random_state=3).reset_index(drop=True)

    first, second = (draw_timeline(e, make_actors(), DARK).to_json() for e in (events, shuffled))

    assert first == second


def test_years_at_the_ends_of_the_calendar_are_drawn():
    events = make_events(make_event("a", start=dt.date(1, 1, 1)), make_event("b", start=dt.date(9999, 12, 31)))

    figure = draw_timeline(events, make_actors(), LIGHT)

    assert [x.year for x in figure.layout.xaxis.range] == [1, 9999]


def test_figures_stay_small_enough_to_send():
    assert len(draw_timeline(make_many_events(1500), make_actors(), LIGHT).to_json()) < 900_000


def test_plotly_finds_nothing_wrong_with_what_is_drawn():
    """Figures are made without Plotly's own check, which takes long."""
    lanes = draw_timeline(make_many_events(40), make_actors(), LIGHT)
    markers = draw_timeline(make_many_events(1600), make_actors(), DARK)
    counts = draw_counts(
        pd.DataFrame({"actor_id": ["ARV"], "bin": pd.to_datetime(["2020-02-01"]), "events": [3.0]}),
        choose_lanes(make_actors("ARV"), make_events(make_event())), LIGHT,
    )  # fmt: skip

    for figure in (lanes, markers, counts):
        written = figure.to_dict()
        assert sorted(go.Figure(written).to_dict()) == sorted(written)
    with pytest.raises(ValueError, match="nonsense"):
        go.Figure({"data": [{"type": "scatter", "nonsense": 1}]})


@pytest.mark.parametrize(
    ("unit", "first", "last", "bins"),
    [
        ("day", "2020-02-28", "2020-03-02", 4),
        ("week", "2020-01-06", "2020-01-27", 4),
        ("month", "2019-11-01", "2020-02-01", 4),
        ("year", "2017-01-01", "2020-01-01", 4),
    ],
)
def test_time_without_events_stays_empty_in_the_heat_map(unit, first, last, bins):
    """Plotly would draw the cells beside a gap so wide that they fill it."""
    counts = pd.DataFrame({"actor_id": ["ARV", "ARV"], "bin": pd.to_datetime([first, last]), "events": [3.0, 5.0]})

    heat, *_ = draw_counts(counts, choose_lanes(make_actors("ARV"), make_events(make_event())), LIGHT, unit).data

    assert len(heat.x) == bins
    assert [heat.z[0][0], heat.z[0][-1]] == [3.0, 5.0]
    assert np.isnan(np.array(heat.z, dtype=float)[0, 1:-1]).all()


def test_counts_are_drawn_as_a_heat_map_that_can_be_clicked():
    events = make_events(make_event())
    lanes = choose_lanes(make_actors("ARV", "BEL"), events)
    bins = pd.to_datetime(["2020-02-01", "2020-03-01"])
    counts = pd.DataFrame({"actor_id": ["ARV", "BEL"], "bin": bins, "events": [3.0, 4.0]})

    heat, points, _handles = draw_counts(counts, lanes, LIGHT).data

    assert heat.z[0][0] == 3.0
    assert heat.z[1][1] == 4.0
    assert list(points.customdata) == ["ARV", "ARV", "BEL", "BEL"]


def _counts(*rows):
    table = pd.DataFrame(rows, columns=["bin", "quad_class", "events"])
    return table.assign(bin=pd.to_datetime(table["bin"]))


def test_the_strip_is_written_as_days_and_counts_by_sign():
    table = tabulate_density(
        _counts(("2020-03-01", 1, 2.0), ("2020-03-01", 2, 1.0), ("2020-03-01", 0, 4.0), ("2020-04-01", 4, 1 / 3))
    )

    drawn = json.loads(write_density(table, LIGHT, "month"))

    assert (drawn["unit"], drawn["bins"]) == ("month", [18322, 18353])
    assert [drawn[sign] for sign in ("cooperation", "neutral", "conflict")] == [[3.0, 0.0], [4.0, 0.0], [0.0, 0.3]]
    assert drawn["colours"]["conflict"] == LIGHT.conflict
    assert table["events"].tolist() == [7.0, pytest.approx(1 / 3)]
    assert say_density(tabulate_density(_counts()), "month") == "No dated events."


@pytest.mark.parametrize(
    ("width", "far", "near", "start", "end"),
    [
        ("year", "1982-01-01", ["2015-01-01", "2016-01-01"], dt.date(2015, 1, 1), dt.date(2016, 12, 31)),
        ("month", "2020-01-01", ["2016-02-01", "2016-03-01"], dt.date(2016, 2, 1), dt.date(2016, 3, 31)),
        ("week", "2020-01-06", ["2020-06-01", "2020-06-08"], dt.date(2020, 6, 1), dt.date(2020, 6, 14)),
        ("day", "2020-01-06", ["2020-02-01"], dt.date(2020, 2, 1), dt.date(2020, 2, 1)),
    ],
)
def test_a_few_events_far_away_are_not_in_the_core(width, far, near, start, end):
    table = tabulate_density(_counts((far, 4, 1.0), *((first, 1, 30.0) for first in near)))

    assert find_core(table, width) == Core(start, end, 1)


def test_events_that_fill_their_time_have_no_core():
    even = _counts(*((f"{year}-01-01", 4, 5.0) for year in range(2000, 2020)))
    with_a_gap = _counts(("1982-01-01", 4, 6.0), ("2016-01-01", 4, 94.0))

    assert find_core(tabulate_density(even), "year") is None
    assert find_core(tabulate_density(with_a_gap), "year") is None, "6% are no few"
    assert find_core(tabulate_density(_counts()), "year") is None


def test_the_strip_says_what_it_shows():
    words = say_density(tabulate_density(_counts(("2020-02-01", 1, 2.0), ("2020-03-01", 4, 7.0))), "month")

    assert words.endswith("most in the month from 1 Mar 2020: 7, of which 7 conflict.")


def test_a_brush_is_read_as_days():
    assert read_brush([18321, 18326]) == (dt.date(2020, 2, 29), dt.date(2020, 3, 5))
    assert read_brush([18326, 18321]) == (dt.date(2020, 2, 29), dt.date(2020, 3, 5))
    assert count_days(dt.date(2020, 3, 5)) == 18326
    assert read_brush([]) == (None, None)
    assert read_brush([-1e30, 1e30]) == (dt.date.min, dt.date.max)


@pytest.mark.parametrize("value", [None, {}, "ab", [1], ["x", 1], [float("nan"), 1], [1, 2, 3]])
def test_what_is_no_brush_is_none(value):
    assert read_brush(value) is None


def test_bins_widen_with_the_period():
    day = dt.date(2020, 1, 1)
    assert [choose_width(day, day + dt.timedelta(days=n)) for n in (30, 500, 5000, 20_000)] == [
        "day",
        "week",
        "month",
        "year",
    ]
    assert choose_width(None, None) == "month"


def test_the_json_for_the_page_is_the_figure_itself():
    """What plotly.js gets says what Plotly's own JSON says; numbers are bytes of a kind that it reads."""
    sketch = sketch_timeline(make_events(make_event("a"), make_event("u", start=None)), make_actors("ARV"), LIGHT)

    written, own = json.loads(write_json(sketch)), json.loads(draw_sketch(sketch).to_json(validate=False))

    moments = [datetime_of(end) for end in written["layout"]["xaxis"].pop("range")]
    assert moments == [datetime_of(end) for end in own["layout"]["xaxis"].pop("range")]
    assert written["data"] == own["data"]
    own["layout"].pop("template", None)
    assert written["layout"] == own["layout"]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [([1, 2], "f8"), (np.array([1, 2], "u1"), "u1"), (np.array([1.5], ">f4"), "f4"), (np.array([[1.0, 2.0]]), "f8")],
)
def test_numbers_are_written_as_bytes_that_the_page_reads(values, dtype):
    array = np.asarray(values)

    (trace,) = json.loads(write_json(Sketch([{"z": array}], {})))["data"]

    assert trace["z"]["dtype"] == dtype
    assert np.frombuffer(base64.b64decode(trace["z"]["bdata"]), dtype).tolist() == array.ravel().tolist()
    assert trace["z"].get("shape") == ("1, 2" if array.ndim == 2 else None)


def datetime_of(text):
    return dt.datetime.fromisoformat(text)
