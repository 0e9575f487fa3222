"""The period that the browser tells of the timeline's zoom."""

from __future__ import annotations

import pytest

from timeline.dashboard.zooming import read_period


def test_a_period_is_read_as_plotly_writes_it():
    told = ["2019-03-01 10:03:25.6815", "2019-06-30"]

    assert read_period(told) == ("2019-03-01 10:03:25", "2019-06-30 00:00:00")


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(None, id="not zoomed"),
        pytest.param("2019-03-01", id="one day"),
        pytest.param(["2019-03-01"], id="one end"),
        pytest.param(["2019-06-30", "2019-03-01"], id="backwards"),
        pytest.param(["2019-03-01", "2019-03-01"], id="nothing"),
        pytest.param(["javascript:", "2019-03-01"], id="no day"),
        pytest.param([{"a": 1}, 5], id="no text"),
        pytest.param(["2019-13-41", "2019-06-30"], id="no such day"),
    ],
)
def test_anything_else_is_no_zoom(told):
    assert read_period(told) is None
