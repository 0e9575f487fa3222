"""What the browser is told before anything is drawn."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest
from starlette.requests import Request
from starlette.routing import Match
from streamlit import delta_generator, env_util
from streamlit.testing.v1 import AppTest

from timeline.dashboard.panels import label_sign
from timeline.dashboard.plotly_js import ADDRESS, ROUTES, send_plotly
from timeline.ontology import QUAD_CLASSES
from timeline.views.palette import label_quad


def test_the_first_page_loads_no_library_that_it_does_not_draw_with():
    """Each of these takes longer than all of ours together, while a reader waits."""
    code = "import sys, timeline.dashboard.explore; print(*{'spacy', 'altair', 'sklearn'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""


def test_no_choice_makes_streamlit_read_its_emoji():
    """It looks at what stands before the first space, and reads them all if that is not plain ASCII."""
    for label in map(label_quad, QUAD_CLASSES):
        assert not label.isascii()
        assert label_sign(label).split(" ", 1)[0].isascii()


def test_the_first_element_does_not_have_the_files_of_all_modules_looked_up(monkeypatch):
    """Streamlit would, once per server, to find out whether it runs in a shell."""
    asked = []
    monkeypatch.setattr(delta_generator, "_use_warning_has_been_displayed", False)
    monkeypatch.setattr(env_util, "is_repl", lambda: bool(asked.append("is_repl")))

    app = AppTest.from_string("from timeline.dashboard.first_paint import keep_still; keep_still()").run()

    assert not app.exception
    assert asked == []


@pytest.mark.parametrize("under", ["/", "/news/desk/"])
def test_plotly_js_is_sent_by_our_own_server_and_kept_by_the_browser(under):
    """Whatever path the server answers under; packed for whom it says it can unpack."""
    scope = {"type": "http", "method": "GET", "path": f"{under}{ADDRESS}"}
    (route,) = ROUTES
    assert route.matches(scope)[0] == Match.FULL
    assert route.matches(scope | {"path": f"{under}export"})[0] == Match.NONE

    packed = send_plotly(Request(scope | {"headers": [(b"accept-encoding", b"gzip, br")]}))
    plain = send_plotly(Request(scope | {"headers": []}))

    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert b"plotly.js v" in plain.body[:200]
    assert "immutable" in plain.headers["cache-control"]
    assert len(packed.body) < 2_000_000
