"""The pages on a project of imported events alone: no text, no sentence, and it says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from import_samples import events_of, gdelt_row, run
from page_driver import start_anew
from streamlit.testing.v1 import AppTest

from timeline.dashboard import place
from timeline.store import open_project

APP = Path(__file__).parents[1] / "timeline" / "dashboard" / "main.py"


def _open(monkeypatch, folder, page="", **query):
    file = folder.parent / "table.csv"
    file.write_text("\n".join(gdelt_row(n, SQLDATE=f"202003{n:02}") for n in range(1, 25)))
    project = open_project(folder, create=True)
    run(project, file)
    event = events_of(project)[0]["event_id"]
    project.close()
    monkeypatch.setenv(place.VARIABLE, str(folder))
    start_anew()
    app = AppTest.from_file(str(APP), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = event if value == "first" else value
    app.run()
    if page:
        app.switch_page(f"screens/{page}.py").run()
    return app


@pytest.mark.parametrize("page", ["", "articles", "export", "about"])
def test_every_page_runs(monkeypatch, tmp_path, page):
    """A project without a single article is no error anywhere."""
    app = _open(monkeypatch, tmp_path / "project", page)

    assert not app.exception
    assert not app.error


def test_the_evidence_is_the_row_and_its_address(monkeypatch, tmp_path):
    """An imported event opened: no sentence, and what there is instead."""
    app = _open(monkeypatch, tmp_path / "project", event="first")

    assert not app.exception
    (note,) = [element.value for element in app.text if "Imported" in element.value]
    assert "there is no sentence" in note
    assert "https://www.example.org/news/1" in note
    rows = [frame.value for frame in app.dataframe if "in the file" in frame.value]
    assert "TURGOV" in set(rows[0]["in the file"])


def test_evidence_that_cannot_be_read_is_not_told_to_be_gone(monkeypatch, tmp_path):
    """The file with the original rows is lost: the event is still there, and the message names what is not."""
    folder = tmp_path / "project"
    app = _open(monkeypatch, folder, event="first")
    for file in (folder / "originals").iterdir():
        file.unlink()
    app.run()

    assert not app.exception
    assert any("original rows cannot be read" in error.value for error in app.error)
    assert not any("no longer in the project" in info.value for info in app.info)
