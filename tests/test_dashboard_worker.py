"""The process that codes for the dashboard, with a coder of invented events; and the first start that uses it."""

from __future__ import annotations

import datetime as dt
import gc
import json
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from page_driver import start_anew
from store_samples import FakeCoder
from streamlit.testing.v1 import AppTest

from timeline.dashboard import data, first_start, place, server, worker
from timeline.dashboard.jobs import run_job
from timeline.dashboard.work import Work
from timeline.dashboard.worker import Job
from timeline.errors import TimelineError
from timeline.queries import open_tables
from timeline.store.articles import list_articles
from timeline.store.project import open_project

HERE = Path(__file__).parent
PROCESS = """
import os, sys, time
sys.path[:0] = sys.argv[1:]
from store_samples import FakeCoder
from timeline.dashboard.jobs import serve

class Coder(FakeCoder):
    def code(self, article):
        print("words that are no report")
        if "doom" in article.text:
            os._exit(9)
        if "wait" in article.text:
            time.sleep(0.8)
        return super().code(article)

def load():
    if os.environ.get("NO_MODEL"):
        raise RuntimeError("no model")
    return Coder()

serve(load)
"""


@pytest.fixture(autouse=True)
def process(monkeypatch):
    """The worker's process, with the invented coder; ended after the test."""
    monkeypatch.setattr(worker, "_COMMAND", (sys.executable, "-c", PROCESS, str(HERE.parent), str(HERE)))
    monkeypatch.setattr(worker, "_process", [])
    yield
    for started in worker._process:
        started.stdin.close()
        started.wait(20)


def _write(folder, *texts):
    folder.mkdir(exist_ok=True)
    paths = []
    for number, text in enumerate(texts):
        path = folder / f"2020-03-0{number + 1}-story.md"
        path.write_text(text + "\n", "utf-8")
        paths.append(str(path))
    return tuple(paths)


def _run(folder, paths, **fields):
    work = Work()
    worker.run_job(Job(str(folder), paths, **fields), work)
    return work


def test_a_job_is_read_coded_and_told_of(tmp_path):
    """What the coder prints is not taken for a report."""
    paths = _write(tmp_path / "in", "Aldoria attacked Borvenia at the river.", "River Front attacked Aldoria.")

    work = _run(tmp_path / "project", (*paths, str(tmp_path / "absent.txt")), publisher="Aldor Post")

    assert (work.done, work.total) == (2, 2)
    assert work.summary == "2 articles added; 2 articles coded."
    assert len(work.problems) == 1
    assert "absent.txt" in work.problems[0]
    rows = list_articles(open_project(tmp_path / "project"))
    assert {(row.state, row.publisher) for row in rows} == {("coded", "Aldor Post")}


def test_the_process_and_its_coder_are_kept_for_the_next_job(tmp_path):
    _run(tmp_path / "project", _write(tmp_path / "in", "Aldoria attacked Borvenia."))
    (first,) = worker._process

    work = _run(
        tmp_path / "project", _write(tmp_path / "in", "Aldoria attacked Borvenia.", "Borvenia attacked Aldoria.")
    )

    assert worker._process == [first]
    assert work.summary == "1 article added; 1 article already there; 1 article coded."


def test_a_process_that_dies_is_told_of_and_replaced(tmp_path):
    """What it had finished is kept."""
    fatal = _write(tmp_path / "in", "Aldoria attacked Borvenia.", "Borvenia attacked Aldoria, doom.")
    with pytest.raises(TimelineError, match="ended unexpectedly"):
        _run(tmp_path / "project", fatal)

    work = _run(tmp_path / "other", _write(tmp_path / "in2", "Aldoria attacked Borvenia."))

    assert work.summary == "1 article added; 1 article coded."
    states = {row.state for row in list_articles(open_project(tmp_path / "project"))}
    assert states == {"coded", "uncoded"}


def test_a_job_that_fails_does_not_end_the_process(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_MODEL", "1")
    with pytest.raises(TimelineError, match="RuntimeError: no model"):
        _run(tmp_path / "project", ())

    assert worker._process[0].poll() is None


def test_the_process_ends_with_the_server(tmp_path):
    """In good order: the article in hand is finished, the others wait for the next start."""
    project = tmp_path / "project"
    process = worker._ready_process()
    paths = _write(tmp_path / "in", *(f"Aldoria attacked Borvenia, wait {i}." for i in range(5)))
    process.stdin.write(json.dumps({"folder": str(project), "paths": paths}) + "\n")
    process.stdin.flush()
    while '"done": 1' not in process.stdout.readline():
        pass

    process.stdin.close()

    assert process.wait(20) == 0
    states = [row.state for row in list_articles(open_project(project))]
    assert 1 <= states.count("coded") < 5


def test_the_process_ends_in_silence_when_nobody_reads_its_reports(tmp_path):
    process = subprocess.Popen(
        worker._COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    paths = _write(tmp_path / "in", "Aldoria attacked Borvenia.")
    process.stdin.write(json.dumps({"folder": str(tmp_path / "project"), "paths": paths}) + "\n")
    process.stdin.close()

    assert (process.wait(60), process.stderr.read()) == (0, "")


def test_a_job_reports_its_length_before_the_coder_is_loaded(tmp_path):
    told = []

    def load():
        told.append("loaded")
        return FakeCoder()

    paths = _write(tmp_path / "in", "Aldoria attacked Borvenia.")
    run_job(Job(str(tmp_path / "project"), paths), load, told.append, lambda: False)

    assert told.index({"problems": [], "total": 1}) < told.index("loaded") < told.index({"done": 1, "total": 1})


def test_a_real_process_finds_the_package_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(worker, "_process", [])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    paths = _write(tmp_path / "in", "Russia and Turkey agreed a ceasefire in Idlib on Thursday.")

    work = _run(tmp_path / "project", paths, published="2020-03-06")

    assert work.summary == "1 article added; 1 article coded."
    assert list_articles(open_project(tmp_path / "project"))[0].codings == 1


# --- the first start ---------------------------------------------------------------------------------------------


def test_the_process_loads_neither_pandas_nor_what_downloads_models():
    """pyarrow still takes lists, and spaCy still loads."""
    code = (
        "import sys; from timeline.dashboard.jobs import leave_out; leave_out(); import pyarrow, spacy;"
        "print(pyarrow.array([1])[0], *{'pandas', 'spacy.cli'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "1"


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """A sample of two articles and a fresh place for it; `restart()` forgets what the server knew."""
    folder = tmp_path / "sample"
    _write(folder, "Aldoria attacked Borvenia, wait.", "River Front attacked Aldoria, wait.")
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(place, "SAMPLE", folder)
    place._sample_folder.cache_clear()
    start_anew()
    yield folder
    place._sample_folder.cache_clear()
    start_anew()


def _finish(found, error=""):
    deadline = time.monotonic() + 60
    while not found.work.finished and time.monotonic() < deadline:
        time.sleep(0.02)
    assert found.work.finished
    assert error in found.work.error if error else not found.work.error


def test_the_first_start_shows_progress_and_then_the_events(sample):
    app = AppTest.from_file(str(HERE.parent / "timeline" / "dashboard" / "main.py"), default_timeout=30).run()
    assert [title.value for title in app.title] == ["Reading the sample articles"]

    _finish(first_start.start_sample())
    app.run()

    assert not app.exception
    assert [title.value for title in app.title] == ["Explore"]
    assert app.caption[0].value.startswith("2 of 2 events")


def test_the_server_has_the_sample_coded_before_a_reader_comes(sample, monkeypatch):
    """At the next start there is nothing to code, and it loads the first page and opens the tables instead."""
    loaded = []
    monkeypatch.setattr(server, "load_ahead", loaded.append)
    monkeypatch.setattr(data, "_open_tables", lambda folder: loaded.append(folder) or open_tables(folder))

    server.begin()

    while not worker._process:
        time.sleep(0.02)
    _finish(first_start.start_sample())
    assert loaded == []
    start_anew()
    server.begin()
    assert loaded == ["timeline.dashboard.explore", str(place.project_folder())]


def test_tables_opened_ahead_are_not_looked_through_for_garbage(sample, monkeypatch):
    """Streamlit collects after each run: the actors of a large project would take it as long as a page's libraries."""
    collecting = []
    monkeypatch.setattr(data, "_open_tables", lambda folder: collecting.append(gc.isenabled()) or open_tables(folder))

    server.open_ahead()

    assert collecting == [False]
    assert gc.isenabled()


def test_other_pages_can_be_read_while_the_sample_is_coded(sample):
    app = AppTest.from_file(str(HERE.parent / "timeline" / "dashboard" / "main.py"), default_timeout=30).run()
    app.switch_page("screens/about.py").run()

    assert not app.exception
    assert [title.value for title in app.title] == ["About"]
    _finish(first_start.start_sample())


def test_the_second_start_has_nothing_to_do(sample):
    _finish(first_start.start_sample())
    start_anew()

    assert first_start.start_sample() is None


def test_a_first_start_that_was_cut_short_goes_on(sample):
    cut = first_start.start_sample()
    while not worker._process:
        time.sleep(0.02)
    worker._process[0].kill()
    _finish(cut, error="ended unexpectedly")
    start_anew()

    found = first_start.start_sample()

    assert found.first
    _finish(found)
    assert {row.state for row in list_articles(open_project(place.project_folder()))} == {"coded"}


def test_a_sample_that_changed_is_coded_again_behind_the_events(sample):
    _finish(first_start.start_sample())
    (sample / "2020-03-03-story.md").write_text("Borvenia attacked River Front, wait.\n")
    start_anew()

    app = AppTest.from_file(str(HERE.parent / "timeline" / "dashboard" / "main.py"), default_timeout=30).run()

    assert not first_start.start_sample().first
    assert [title.value for title in app.title] == ["Explore"]
    _finish(first_start.start_sample())


def test_a_date_left_to_be_coded_is_coded_at_the_next_start(sample):
    from timeline.store.articles import set_published

    _finish(first_start.start_sample())
    project = open_project(place.project_folder())
    set_published(project, list_articles(project)[0].id, dt.date(2020, 5, 4))
    start_anew()

    _finish(first_start.start_sample())
    start_anew()

    assert first_start.start_sample() is None


@pytest.mark.parametrize("problem", [None, OSError, AttributeError], ids=["any system", "no library", "another one"])
def test_memory_is_shared_where_the_system_can(
    problem: type[Exception] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One pool is asked for all threads, and none for what is large.

    A C library that is not glibc has no such call, which is no reason to fail.
    """
    asked: list[tuple[int, int]] = []

    def load(name: None) -> object:
        if problem:
            raise problem
        return SimpleNamespace(mallopt=lambda *option: asked.append(option))

    monkeypatch.setattr(server.ctypes, "CDLL", load)
    server.share_memory()

    assert asked == ([] if problem else [(-8, 1), (-3, 5 << 20), (-1, 24 << 20)])
