"""Names of key events: which fit, and where."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from view_samples import make_actors, make_event, make_events, make_many_events

from timeline.views.figures import draw_timeline
from timeline.views.key_labels import PLOT_WIDTH_PX, Spot, choose_labels, name_event
from timeline.views.palette import LIGHT


def _spot(x, y=0.0, **changes):
    return Spot(x, y, make_event(**{"event_id": f"e{x}-{y}"} | changes))


def test_the_most_reported_event_is_named_first_and_neighbours_give_way():
    """Two marks 100 px apart have no room for two names to the right; the second goes to the left or is dropped."""
    labels = choose_labels([_spot(300.0), _spot(330.0, reports=5), _spot(360.0)], [])

    assert labels[0].text == "Accuse: Belmark"
    assert [label.spot.x for label in labels] == [300.0, 360.0]
    assert [label.side for label in labels] == ["left", "right"]


def test_names_stay_on_the_plot():
    (label,) = choose_labels([_spot(PLOT_WIDTH_PX - 5.0)], [])

    assert label.side == "left"


def test_no_name_crosses_a_stroke():
    strokes = [(320.0, -1.0, 1.0), (270.0, -1.0, 1.0)]

    assert choose_labels([_spot(300.0)], strokes) == ()
    assert len(choose_labels([_spot(300.0, y=4.0)], strokes)) == 1


def test_an_event_on_two_lanes_is_named_once():
    both = [_spot(300.0, 0.0, event_id="one"), _spot(300.0, 3.0, event_id="one")]

    assert len(choose_labels(both, [])) == 1


def test_no_two_names_overlap_however_many_events():
    events = make_many_events(30)

    labelled = [t for t in draw_timeline(events, make_actors(), LIGHT).data if t.mode == "text"]

    period = draw_timeline(events, make_actors(), LIGHT).layout.xaxis.range
    low, high = (pd.Timestamp(t).timestamp() * 1000 for t in period)
    boxes = []
    for trace in labelled:
        for x, y, text in zip(trace.x, trace.y, trace.text, strict=True):
            at, width = (x - low) / (high - low) * PLOT_WIDTH_PX, 6.4 * len(text.strip("\u2002"))
            left = at + 14 if trace.textposition == "middle right" else at - 14 - width
            boxes.append((left, left + width, y))
    assert boxes
    assert not [
        (a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a[0] < b[1] and b[0] < a[1] and abs(a[2] - b[2]) < 0.3
    ]


def test_a_meeting_is_named_by_its_act_alone():
    meeting = make_event(event_type="CONSULT", sources=("ARV", "BEL"), targets=("ARV", "BEL"))

    assert name_event(meeting) == "Consult"


def test_names_are_escaped_on_the_figure():
    event = make_event(target_names=["<b>Evil</b>"], start=dt.date(2020, 3, 5))

    texts = [t.text for t in draw_timeline(make_events(event), make_actors(), LIGHT).data if t.mode == "text"]

    assert "&lt;b&gt;Evil" in str(texts)
