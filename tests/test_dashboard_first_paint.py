"""What the browser is told before anything is drawn."""

from __future__ import annotations

from timeline.dashboard.first_paint import list_scripts


def test_the_charts_code_is_found_in_this_release_of_streamlit():
    """Its files are named by content; without them a first start only takes longer, so nothing else would tell."""
    found = {name.split(".")[0] for name in list_scripts()}

    assert found == {"PlotlyChart", "EChartsChart", "ArrowVegaLiteChart"}
