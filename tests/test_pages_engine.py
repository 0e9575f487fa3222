"""The pages on tables that lie on an engine: the same numbers, no text, and what a query costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import page_driver
import pytest
from engine_samples import need
from page_driver import start_anew
from store_samples import coded_project
from streamlit.testing.v1 import AppTest

from timeline.dashboard import data, place
from timeline.errors import UnconfirmedQueryError
from timeline.queries import EVERYTHING, open_tables
from timeline.store.project import open_project

need("duckdb")
from timeline.queries.remote.engines import DuckEngine  # noqa: E402
from timeline.queries.remote.writing import write_tables  # noqa: E402

APP = Path(__file__).parents[1] / "timeline" / "dashboard" / "main.py"


@pytest.fixture
def star(tmp_path: Path) -> Path:
    """A project's tables in a DuckDB file; the project is beside it."""
    project = coded_project(open_project(tmp_path / "project", create=True), 9)
    tables = open_tables(project)
    write_tables(tables, EVERYTHING, f"duckdb://{tmp_path}/events.duckdb")
    tables.close()
    project.close()
    return tmp_path


def opened(monkeypatch: Any, variable: str, value: str, **query: str) -> AppTest:
    for name in (place.VARIABLE, place.ENGINE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    place._empty_folder.cache_clear()
    start_anew()
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, text in query.items():
        app.query_params[name] = text
    return app.run()


def drawn(app: AppTest) -> list[Any]:
    """Where the marks of the timeline stand; what they say holds the sentence where there is one."""
    _, figure = page_driver.drawn(app)
    return [[trace.get(name) for name in ("type", "mode", "x", "y", "customdata")]
            for trace in figure["data"]]  # fmt: skip


def told(app: AppTest) -> list[str]:
    kinds = (app.caption, app.markdown, app.info, app.warning, app.error, app.text)
    return [element.value for kind in kinds for element in kind]


def test_explore_shows_the_numbers_of_the_project(monkeypatch, star):
    """Counts, timeline, network and lists are those of the same events in a project."""
    query = {"actors": "ALD", "from": "2020-03-03", "level": "country", "quads": "4"}
    here = opened(monkeypatch, place.VARIABLE, str(star / "project"), **query)
    there = opened(monkeypatch, place.ENGINE_VARIABLE, f"duckdb://{star}/events.duckdb", **query)

    assert not there.exception
    assert not there.error
    (total,) = (text.split(" · ")[0] for text in told(here) if " of 9 events" in text)
    (remote,) = (text for text in told(there) if " of 9 events" in text)
    assert total in remote
    assert "tables without text at duckdb" in remote
    assert drawn(here) == drawn(there)
    assert page_driver.drawn(here, "network")[1] == page_driver.drawn(there, "network")[1]
    buttons = [[b.label for b in app.button if b.key.startswith("open_")] for app in (here, there)]
    assert buttons[0] == buttons[1]


def test_every_page_runs(monkeypatch, star):
    """No page needs what an engine does not hold; articles are not added to it."""
    app = opened(monkeypatch, place.ENGINE_VARIABLE, f"duckdb://{star}/events.duckdb")
    for page in ("places", "review", "export", "about", "articles"):
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception, page
        assert not app.error, page

    assert any("They hold no articles" in text for text in told(app))
    assert not app.text_area


def test_the_evidence_says_why_there_is_no_sentence(monkeypatch, star):
    """An event opened: its row, and the address of its article."""
    app = opened(monkeypatch, place.ENGINE_VARIABLE, f"duckdb://{star}/events.duckdb")
    next(b for b in app.button if b.key.startswith("open_")).click().run()

    assert not app.exception
    assert any(text.startswith("Read from duckdb://") and "there is no sentence" in text for text in told(app))
    (row,) = [frame.value for frame in app.dataframe if "in the table" in frame.value]
    assert "ALD" in set(row["in the table"])
    assert not any(b.key.startswith("correct") for b in app.button)


def test_words_of_a_link_are_dropped_and_it_says_so(monkeypatch, star):
    """A link with words, made on a project, opens without them."""
    app = opened(monkeypatch, place.ENGINE_VARIABLE, f"duckdb://{star}/events.duckdb", text="attacked")

    assert not app.exception
    assert any("the words of the filter were dropped" in text for text in told(app))
    assert any("9 of 9 events" in text for text in told(app))
    assert not [field for field in app.text_input if field.key == "f_text"]


def test_an_engine_that_is_gone_is_an_error_in_words(monkeypatch, star):
    """No traceback for a file that was moved away."""
    app = opened(monkeypatch, place.ENGINE_VARIABLE, f"duckdb://{star}/gone.duckdb")

    assert not app.exception
    assert "there is no such file" in app.error[0].value.replace("\\", "")


def test_a_query_that_costs_waits_for_a_click(monkeypatch, star):
    """The bytes of the next query are shown; nothing is read before they are agreed to."""
    left, read = [0], []

    def ask(self: Any, sql: str, honest: Any = DuckEngine.read) -> Any:
        if left[0] < 3_000_000:
            raise UnconfirmedQueryError("3 MB", 3_000_000)
        left[0] -= 3_000_000
        read.append(sql)
        return honest(self, sql)

    def allow(self: Any, number: int) -> None:
        left[0] += number

    monkeypatch.setattr(DuckEngine, "read", ask)
    monkeypatch.setattr(DuckEngine, "allow", allow)
    app = opened(monkeypatch, place.ENGINE_VARIABLE, f"duckdb://{star}/events.duckdb")
    assert not app.exception
    assert any("**3 MB**" in text for text in told(app))
    assert not read

    app.button(key="allow_query").click().run()
    assert len(read) == 1
    assert any("**3 MB**" in text for text in told(app))

    app.button(key="allow_more").click().run()
    assert not app.exception
    assert any("9 of 9 events" in text for text in told(app))


def test_what_may_be_read_unasked_comes_from_the_command_line(monkeypatch):
    """`--allow-bytes` reaches the server through its environment."""
    monkeypatch.setenv(place.ALLOWED_VARIABLE, "5000000000")
    assert place.allowed_bytes() == 5_000_000_000
    monkeypatch.setenv(place.ALLOWED_VARIABLE, "lots")
    assert place.allowed_bytes() == 0


def test_files_are_named_after_the_engine(monkeypatch, star):
    """Without the password, and with nothing that a file name may not hold."""
    monkeypatch.setenv(place.ENGINE_VARIABLE, "postgresql://reader:geheim@host:5432/news?schema=a")

    assert place.engine_name() == "postgresql://host:5432/news?schema=a"
    assert data.project_name() == "postgresql-host-5432-news-schema-a"
