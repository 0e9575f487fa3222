"""What the browser is told before anything is drawn."""

from __future__ import annotations

import subprocess
import sys

from timeline.dashboard.first_paint import list_scripts


def test_the_charts_code_is_found_in_this_release_of_streamlit():
    """Its files are named by content; without them a first start only takes longer, so nothing else would tell."""
    found = {name.split(".")[0] for name in list_scripts()}

    assert found == {"PlotlyChart", "EChartsChart", "ArrowVegaLiteChart"}


def test_the_first_page_loads_no_library_that_it_does_not_draw_with():
    """Each of these takes longer than all of ours together, while a reader waits."""
    code = "import sys, timeline.dashboard.explore; print(*{'spacy', 'altair', 'sklearn'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
