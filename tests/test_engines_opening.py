"""Opening engines and writing their tables: what goes wrong is said in a sentence, and nothing is half written."""

from __future__ import annotations

import datetime as dt
import importlib
from pathlib import Path
from typing import Any

import pytest
from engine_samples import give_up, need, running_postgres
from store_samples import coded_project

from timeline import queries
from timeline.cli import main
from timeline.dashboard import place
from timeline.errors import EngineError
from timeline.queries import EVERYTHING, EventFilter, open_tables
from timeline.store.project import open_project

need("duckdb")
import duckdb  # noqa: E402
import pyarrow.parquet as papq  # noqa: E402

from timeline.cli import serving  # noqa: E402
from timeline.cli.parsing import size  # noqa: E402
from timeline.queries.remote import open_engine, writing  # noqa: E402
from timeline.queries.remote import tables as remote_tables  # noqa: E402
from timeline.queries.remote.engines import load_driver, read_address  # noqa: E402
from timeline.queries.remote.opening import SCHEMES  # noqa: E402
from timeline.queries.remote.star import SCHEMAS  # noqa: E402


@pytest.fixture
def project(tmp_path: Path) -> Any:
    return coded_project(open_project(tmp_path / "project", create=True))


@pytest.fixture
def empty(tmp_path: Path) -> Any:
    return open_project(tmp_path / "empty", create=True)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://host/db", "no engine is reached by 'mysql'"),
        ("postgresql", "no engine is reached by 'postgresql'"),
        ("", "an address begins with duckdb://"),
        ("postgresql://host:port/db", "cannot be read"),
        ("postgresql://host/db?schema", "cannot be read"),
        ("duckdb:///nowhere/events.duckdb", "there is no such file"),
        ("parquet:///nowhere", "no Parquet files of events, participants, outlets, actors, publishers"),
    ],
)
def test_addresses_that_lead_nowhere(empty: Any, url: str, words: str) -> None:
    """Said before anything is tried."""
    with pytest.raises(EngineError, match=words):
        open_engine(url, empty)


def test_a_password_is_never_shown() -> None:
    """The address in titles and messages is without user and password."""
    address = read_address("postgresql://reader:geheim@host:5432/news?schema=a", SCHEMES)

    assert address.shown == "postgresql://host:5432/news?schema=a"


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extras are named as pip takes them."""

    def fail(name: str) -> Any:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(EngineError, match=r"needs adbc_driver_postgresql: pip install 'event-timeline\[postgresql\]'"):
        load_driver("adbc_driver_postgresql.dbapi", "postgresql")


def test_a_server_that_is_not_there(empty: Any) -> None:
    """PostgreSQL on a port where nobody listens."""
    need("postgresql")
    with pytest.raises(EngineError, match=r"postgresql://127\.0\.0\.1:9/db: cannot connect"):
        open_engine("postgresql://reader:geheim@127.0.0.1:9/db", empty)


def test_missing_tables_and_columns_are_named(tmp_path: Path, project: Any, empty: Any) -> None:
    """All of them at once."""
    file = f"duckdb://{tmp_path}/events.duckdb"
    writing.write_tables(open_tables(project), EVERYTHING, file)
    with duckdb.connect(str(tmp_path / "events.duckdb")) as connection:
        connection.execute("DROP TABLE outlets; ALTER TABLE events DROP COLUMN goldstein")
        connection.execute("ALTER TABLE events DROP COLUMN url")

    with pytest.raises(EngineError, match="missing goldstein, url in the table events; the table outlets"):
        open_engine(file, empty)


def test_later_loads_are_seen_in_time(
    tmp_path: Path, project: Any, empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch, by which pages cache, stays for a quarter of an hour and then changes."""
    writing.write_tables(open_tables(project), EVERYTHING, str(tmp_path / "star"))
    tables = open_engine(f"parquet://{tmp_path}/star", empty)
    now = [1000.0]
    monkeypatch.setattr(remote_tables.time, "monotonic", lambda: now[0])
    first = tables.batch
    now[0] += remote_tables.REFRESH_SECONDS - 1
    assert first == tables.batch
    now[0] += 2

    assert first != tables.batch


def test_parquet_has_a_folder_for_each_table(tmp_path: Path, project: Any) -> None:
    """The layout that Spark and warehouses load, and only the filter's events in it."""
    f = EventFilter(start=dt.date(2020, 3, 2), end=dt.date(2020, 3, 4))
    out = tmp_path / "star"
    writing.write_tables(open_tables(project), f, str(out))

    assert {path.name for path in out.iterdir()} == set(SCHEMAS)
    events = papq.read_table(out / "events")
    assert events.schema.names == list(SCHEMAS["events"])
    assert [day.day for day in events["start_day"].to_pylist()] == [4, 3, 2]
    assert set(events["url"].to_pylist()) == {f"https://example.org/{number}" for number in (1, 2, 3)}
    assert papq.read_table(out / "participants").num_rows == 6


def test_what_is_there_is_not_overwritten(tmp_path: Path, project: Any) -> None:
    """A folder that holds anything, or a place that cannot be written to, is refused and left as it is."""
    out = tmp_path / "star"
    out.mkdir()
    (out / "mine.txt").write_text("keep")
    with pytest.raises(EngineError, match="is there already"):
        writing.write_tables(open_tables(project), EVERYTHING, str(out))
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(EngineError, match="cannot be written"):
        writing.write_tables(open_tables(project), EVERYTHING, str(tmp_path / "file" / "star"))

    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_a_failed_write_leaves_the_earlier_tables(
    tmp_path: Path, project: Any, empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL's tables are replaced all at once or not at all."""
    need("postgresql")
    tables, some = open_tables(project), EventFilter(end=dt.date(2020, 3, 3), undated=False)
    with running_postgres() as server:
        url = f'{server}?schema=odd "name'
        writing.write_tables(tables, some, url)
        monkeypatch.setattr(writing, "_outlets", lambda match: "SELECT no such column")
        with pytest.raises(Exception, match="column"):
            writing.write_tables(tables, EVERYTHING, url)
        there = open_engine(url, empty)
        before = queries.count_events(there, EVERYTHING)
        monkeypatch.undo()
        writing.write_tables(tables, EVERYTHING, url)
        after = queries.count_events(there, EVERYTHING)
        there.close()

    assert (queries.count_events(tables, some), 6) == (before, after)


def test_the_command_line_writes_and_checks(
    tmp_path: Path, project: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`export tables` writes what `serve --engine` opens; a bad address ends before any server is started."""
    folder = tmp_path / "star"
    assert main(["--project", str(project.path), "export", "tables", str(folder)]) == 0
    serving.check_engine(f"parquet://{folder}")
    monkeypatch.setattr(serving.subprocess, "Popen", lambda *a, **k: give_up("a server was started"))

    assert main(["serve", "--engine", "mysql://host/db"]) == 2
    assert main(["serve", "--engine", f"parquet://{folder}", "--sample"]) == 2
    assert main(["serve", "--engine", ""]) == 2
    assert main(["serve", "--engine", f"spark://local/?parquet={folder}/nowhere"]) == 2
    told = capsys.readouterr().err
    assert "nowhere: no Parquet files of events" in told
    assert "6 events" in told
    assert "no engine is reached by 'mysql'" in told
    assert (place.ENGINE_VARIABLE, place.ALLOWED_VARIABLE) == (serving.ENGINE_VARIABLE, serving.ALLOWED_VARIABLE)


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("500MB", 500_000_000), ("1.5 gb", 1_500_000_000)])
def test_sizes_are_read_as_they_are_written(text: str, number: int) -> None:
    """Powers of ten, as they are billed."""
    assert number == size(text)
