"""Names of key events in the band above the lanes: which fit, and where."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from itertools import combinations

import numpy as np
import pytest
from view_samples import draw_timeline, make_actors, make_event, make_events, make_many_events

from timeline.views.key_labels import PLOT_WIDTH_PX, ROW_PX, Spot, bottom_of, choose_labels, height_of, name_event
from timeline.views.palette import LIGHT
from timeline.views.plotting import LANE_HEIGHT_PX
from timeline.views.svg import render_figure


def _spot(x, y=0.0, **changes):
    return Spot(x, y, make_event(**{"event_id": f"e{x}-{y}"} | changes))


def test_the_most_reported_events_are_named_where_marks_are_densest():
    """Forty marks within 40 px at the edge of the plot, as in the busiest weeks."""
    crowd = [_spot(PLOT_WIDTH_PX - 40.0 + i, y=float(i % 7), reports=3 if i in (8, 20, 31) else 1) for i in range(40)]

    labels = choose_labels(crowd)

    assert {label.spot.x for label in labels} >= {PLOT_WIDTH_PX - 40.0 + i for i in (8, 20, 31)}


def test_what_is_not_told_as_having_happened_or_names_one_side_comes_later():
    spots = [_spot(300.0, realis="planned"), _spot(302.0, sources=()), _spot(304.0), _spot(306.0, event_type="ASSAULT")]

    assert [label.spot.x for label in choose_labels(spots)][:3] == [306.0, 304.0, 302.0]


@pytest.mark.parametrize("seed", range(6))
def test_no_name_covers_another_and_no_leader_crosses_one(seed):
    rng = np.random.default_rng(seed)
    spots = [_spot(float(x), reports=int(n)) for x, n in rng.uniform((0, 1), (490, 9), (80, 2))]

    labels = choose_labels(spots)

    assert len(labels) >= 3
    assert all(label.left >= 0 and label.right <= PLOT_WIDTH_PX for label in labels)
    for one, other in combinations(labels, 2):
        if one.row == other.row:
            assert one.right < other.left or other.right < one.left
        shared = np.linspace(0, bottom_of(min(one.row, other.row)), 30)
        apart = [one.at(h) - other.at(h) for h in shared]
        assert min(apart) * max(apart) >= 0, "leaders cross"
    for leader in labels:
        for name in labels:
            if name.row < leader.row:
                heights = np.linspace(bottom_of(name.row), bottom_of(name.row) + ROW_PX, 20)
                assert not any(name.left < leader.at(h) < name.right for h in heights)


def test_the_band_is_as_high_as_its_rows_and_absent_without_names():
    labels = choose_labels([_spot(300.0)])

    assert [label.row for label in labels] == [0]
    assert height_of(labels) == bottom_of(1)
    assert height_of(choose_labels([])) == 0
    figure = draw_timeline(make_events(make_event(), make_event("u", start=None)), make_actors("ARV", "BEL"), LIGHT)
    assert figure.layout.yaxis.range[1] == -0.5 - bottom_of(1) / LANE_HEIGHT_PX


def test_names_say_who_does_what_to_whom():
    meeting = make_event(event_type="CONSULT", sources=("ARV", "BEL"), targets=("ARV", "BEL"))
    crowd = make_event(sources=("ARV", "BEL", "COR"), targets=("ARV", "BEL", "COR"))

    assert name_event(make_event()) == "Arvonia → Belmark · Accuse"
    assert name_event(meeting) == "Arvonia ↔ Belmark · Consult"
    assert name_event(crowd).endswith(" +1 · Accuse")
    assert name_event(make_event(targets=())) == "Arvonia · Accuse"
    assert name_event(make_event(sources=())) == "Accuse → Belmark"


def test_leaders_end_at_the_marks_that_are_named():
    figure = draw_timeline(make_many_events(30), make_actors(), LIGHT)

    names = figure.layout.annotations
    ends = [(x, y) for x, y in zip(figure.data[1].x, figure.data[1].y, strict=True) if not np.isnan(x)]
    marks = {
        (x, y)
        for trace in figure.data[2:]
        if trace.customdata is not None
        for x, y in zip(trace.x, trace.y, strict=True)
    }
    assert len(names) >= 3
    assert [name.x for name in names] == [x for x, _ in ends[::2]]
    assert set(ends[1::2]) <= marks


def test_names_are_escaped_on_the_figure():
    event = make_event(target_names=["<b>Evil</b>"], start=dt.date(2020, 3, 5))

    (name,) = draw_timeline(make_events(event), make_actors(), LIGHT).layout.annotations

    assert "&lt;b&gt;Evil" in name.text


def test_a_file_made_without_a_browser_shows_them_too():
    figure = draw_timeline(make_events(make_event()), make_actors("ARV", "BEL"), LIGHT, title="for a slide")

    svg = ET.fromstring(render_figure(figure, 1200, 500))

    (name,) = [e for e in svg.iter("{http://www.w3.org/2000/svg}text") if e.text == "Arvonia → Belmark · Accuse"]
    leader = f"M{name.get('x')} {float(name.get('y')) + 3:.1f}"
    assert any(path.get("d", "").startswith(leader) for path in svg.iter("{http://www.w3.org/2000/svg}path"))
