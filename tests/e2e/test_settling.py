"""What the other browser tests stand on: that a page has come to rest before anything in it is clicked."""

from __future__ import annotations

import pytest

from e2e.conftest import serve, settle

pytestmark = pytest.mark.browser
# Called when the code of tables is asked for; the answer waits for so many frames.
RELEASE = """() => {
  let left = 90;
  const next = () => left-- ? requestAnimationFrame(next) : console.log('drawn');
  next();
}"""
APP = "import streamlit as st; st.title('Late'); st.table([{'column': 'cell'}]); st.button('Below')"


def test_a_page_whose_tables_are_drawn_late_is_waited_for(page, tmp_path):
    """The script has ended by then; a table that is drawn between press and release takes a button from the mouse."""
    app = tmp_path / "late.py"
    app.write_text(APP, encoding="utf-8")
    held = []

    def hold(route):
        held.append(route)
        page.evaluate(RELEASE)

    page.route("**/Table.*.js", hold)
    page.on("console", lambda message: [route.continue_() for route in held] if message.text == "drawn" else None)
    with serve(None, app) as address:
        page.goto(address)
        page.wait_for_selector("h1")
        settle(page)

        assert held
        assert page.locator("[data-testid=stTable] td").count() == 1
