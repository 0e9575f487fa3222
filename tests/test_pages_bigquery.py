"""The pages on an engine that bills: what a reader is asked, step by step, and that nothing runs unasked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_samples import need
from page_driver import start_anew
from streamlit.testing.v1 import AppTest

from timeline.dashboard import place
from timeline.store.project import Project

need("duckdb")
import duckdb  # noqa: E402
from gdelt_samples import ADDRESS, DATASET, FIRST, LAST, ROWS, FakeClient, fill  # noqa: E402

from timeline.queries import remote  # noqa: E402
from timeline.queries.remote.bigquery import BigQueryEngine, open_dataset  # noqa: E402
from timeline.queries.remote.engines import DuckEngine, read_address  # noqa: E402

APP = Path(__file__).parents[1] / "timeline" / "dashboard" / "main.py"
WEIGHT = "5 MB"
NOTHING_READ = "nothing has been read for it yet"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeClient]:
    """BigQuery in place of the one that the address names."""
    (tmp_path / "rows.csv").write_text("\n".join(ROWS))
    with duckdb.connect(str(tmp_path / "gdelt.duckdb")) as connection:
        fill(connection, tmp_path / "rows.csv")
    engine = DuckEngine(read_address(f"duckdb://{tmp_path}/gdelt.duckdb", ("duckdb",)))
    made = FakeClient(engine)

    def open_engine(url: str, project: Project) -> Any:
        return open_dataset(BigQueryEngine(ADDRESS, DATASET, made, dict), DATASET, (FIRST, LAST), project)

    monkeypatch.setattr(remote, "open_engine", open_engine)
    monkeypatch.setenv(place.ENGINE_VARIABLE, ADDRESS)
    for name in (place.VARIABLE, place.ALLOWED_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    place._empty_folder.cache_clear()
    start_anew()
    yield made
    start_anew()
    engine.close()


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, text in query.items():
        app.query_params[name] = text
    return app.run()


def asked(app: AppTest) -> bool:
    return any(NOTHING_READ in warning.value for warning in app.warning)


def agree(app: AppTest, most: int = 60) -> int:
    """Agree to one query after the other until nothing is asked any more; how often that was."""
    for number in range(most):
        if not asked(app):
            return number
        next(button for button in app.button if str(button.key).endswith("_query")).click().run()
        assert not app.exception
    raise AssertionError("the questions do not end")


def told(app: AppTest) -> str:
    kinds = (app.caption, app.markdown, app.info, app.warning, app.error, app.text)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def test_the_page_comes_where_each_query_is_agreed_to_alone(client: FakeClient) -> None:
    """Every query is asked for once, none runs unasked, and the filter of the link is still there at the end."""
    app = opened(actors="TUR", level="country")
    assert asked(app)
    assert not client.run

    times = agree(app)

    assert times == len(client.run) == len(set(client.run))
    assert f"of {len(ROWS)} events" in told(app)
    assert app.session_state["filter"].actors == ("TUR",)


def test_a_refusal_reads_nothing(client: FakeClient) -> None:
    """Whoever does not agree and looks elsewhere, or looks again, has paid for nothing."""
    app = opened()
    for page in ("places", "review", "export", "explore"):
        app.switch_page(f"screens/{page}.py").run()
        assert asked(app), page
        assert not app.exception

    assert client.dry
    assert not client.run


def test_the_evidence_of_an_event_is_asked_for(client: FakeClient) -> None:
    """An event whose row was not paid for is not told to be gone; once it was, it is not paid for again."""
    app = opened()
    agree(app)
    next(button for button in app.button if button.key.startswith("open_")).click().run()
    assert asked(app)
    assert "no longer in the project" not in told(app)
    assert [button.key for button in app.button if button.label == f"Read {WEIGHT}"] == ["evidence_query"]
    assert app.query_params["event"]

    agree(app)
    before = len(client.run)
    app.run()

    assert "there is no sentence" in told(app)
    assert len(client.run) == before


def test_the_steps_of_the_network_are_asked_for(client: FakeClient) -> None:
    """They run again by themselves, with no page around that could ask: the question stands where the network was."""
    app = opened(mode="play")
    agree(app)
    client.weight = 10**12
    steps = app.select_slider(key="network_step")
    steps.set_value(steps.options[-1]).run()

    assert not app.exception
    assert "**1 TB**" in told(app)
    client.weight = 10**6
    while [button for button in app.button if button.key == "steps_query"]:
        app.button(key="steps_query").click().run()
    assert steps.options[-1] in told(app)


def test_a_file_is_asked_for(client: FakeClient) -> None:
    """A download cannot ask; so each file is prepared, and asks where it does not get on."""
    app = opened()
    agree(app)
    app.switch_page("screens/export.py").run()
    agree(app)
    assert not app.get("download_button")

    client.weight = 10**12
    prepare(app, ".csv")
    assert "**1 TB**" in told(app)
    client.weight = 10**6
    for _ in range(5):
        for button in [button for button in app.button if button.label.startswith("Read ")]:
            button.click().run()
            prepare(app, ".csv")

    assert len(app.get("download_button")) == 1


def prepare(app: AppTest, label: str) -> None:
    """Begin a file and wait for its end, good or bad."""
    next(button for button in app.button if button.label == f"Prepare {label}").click().run()
    deadline = time.monotonic() + 60
    while not all(made.work.finished for made in app.session_state["prepared_files"].values()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    app.run()


def test_a_query_that_cannot_be_weighed_is_not_run(client: FakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a weight there is no agreeing to it; BigQuery's words are told in a line."""

    def fail(sql: str, job_config: dict[str, Any]) -> Any:
        raise PermissionError("403 Access Denied: Project billing: User does not have bigquery.jobs.create")

    monkeypatch.setattr(client, "query", fail)
    app = opened()

    assert not app.exception
    assert "cannot weigh a query: 403 Access Denied" in told(app)
    assert not asked(app)
