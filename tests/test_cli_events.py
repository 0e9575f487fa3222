"""`events`, `export` and `serve`."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from cli_samples import Shell, shell

from timeline.cli import exporting, listing, selection, serving
from timeline.cli.evaluating import TASK_NAMES
from timeline.evaluation import TASKS
from timeline.queries.filters import LEVELS, ROLES
from timeline.reading.tables import COLUMN_GUESSES
from timeline.store import State

__all__ = ["shell"]


@pytest.fixture
def filled(shell: Shell) -> Shell:
    """A shell with three events: two dated, one not."""
    shell.run("add", shell.write_press())
    return shell


def test_lists_that_are_written_twice_agree() -> None:
    """The parser repeats some values, since importing them would be slow; they must not drift apart."""
    from timeline.cli.parsing import COLUMN_FIELDS

    assert selection.ROLES == ROLES
    assert selection.LEVELS == LEVELS
    assert tuple(State) == listing.STATES
    assert tuple(TASKS) == TASK_NAMES
    assert set(COLUMN_FIELDS) == set(COLUMN_GUESSES)


def test_events_for_people(filled: Shell) -> None:
    """A table with who, what, whom, when."""
    out = filled.run("events")

    assert out.splitlines()[0].split() == ["date", "who", "does", "to", "whom", "reports", "sentence"]
    assert "2020-03-20  Aldoria  ASSAULT  Borvenia" in out
    assert "undated" in out


@pytest.mark.parametrize(("options", "number"), [
    ([], 3),
    (["--actor", "ALD"], 3),
    (["--actor", "aldoria", "--role", "source"], 3),
    (["--actor", "Aldoria", "--role", "target"], 0),
    (["--actor", "ald", "--actor", "BOR", "--role", "between"], 3),
    (["--from", "2020-03-20"], 2),
    (["--from", "2020-03-20", "--no-undated"], 1),
    (["--to", "2020-03-01", "--no-undated"], 1),
    (["--type", "assault"], 3),
    (["--type", "AID", "--type", "AGREE"], 0),
    (["--quad", "1", "--quad", "4"], 3),
    (["--realis", "denied"], 0),
    (["--publisher", "Nobody"], 0),
    (["--text", "attacked"], 3),
    (["--text", "retreated"], 0),
    (["--min-confidence", "0.9"], 0),
    (["--contested"], 0),
    (["--limit", "2"], 2),
    (["--limit", "2", "--offset", "2"], 1),
])  # fmt: skip
def test_options_filter_events(filled: Shell, options: list[str], number: int) -> None:
    """Each option is the field of the filter that it names."""
    assert len(filled.run_json("events", "--json", *options)) == number


def test_order_of_events(filled: Shell) -> None:
    """Newest or oldest first, undated last."""
    days = [
        [row["start"] for row in filled.run_json("events", "--json", "--order", order)]
        for order in ("newest", "oldest")
    ]

    assert days == [["2020-03-20", "2020-03-01", None], ["2020-03-01", "2020-03-20", None]]


def test_formats_of_events_agree(filled: Shell) -> None:
    """JSON, JSON Lines and CSV hold the same rows."""
    rows = filled.run_json("events", "--json")
    lines = [json.loads(line) for line in filled.run("events", "--format", "jsonl").splitlines()]
    table = list(csv.DictReader(io.StringIO(filled.run("events", "--format", "csv"))))

    assert lines == rows
    assert [row["event_id"] for row in table] == [row["event_id"] for row in rows]
    assert table[0]["source_names"] == "Aldoria"


def test_unknown_actor_is_told_with_similar_names(filled: Shell) -> None:
    """Exit code 2, and what might be meant."""
    filled.run("events", "--actor", "Aldorja", code=2)

    assert "no actor 'Aldorja' in this project; did you mean ALD" in filled.err


def test_no_event_matches(filled: Shell) -> None:
    """An empty list is no failure; an empty export is, since its file would mislead."""
    assert filled.run("events", "--type", "AID") == ""
    assert "0 of 0 events" in filled.err
    filled.run("export", "csv", "out.csv", "--type", "AID", code=2)
    assert not Path("out.csv").exists()


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_every_format_is_written(filled: Shell, form: str) -> None:
    """A file that its readers can open, and no half-written one beside it."""
    filled.run("export", form, f"out.{form}")

    data = Path(f"out.{form}").read_bytes()
    if form in ("graphml", "gexf", "svg"):
        assert ElementTree.fromstring(data) is not None
    elif form == "xlsx":
        assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    else:
        starts = {
            "csv": b"\xef\xbb\xbf# event-timeline",
            "jsonl": b'{"provenance"',
            "html": b"<!",
            "png": b"\x89PNG",
            "pdf": b"%PDF",
            "parquet": b"PAR1",
            "cyjs": b"{",
            "timelinejs": b"{",
            "md": b"# ",
            "ics": b"BEGIN:VCALENDAR\r\n",
            "markwhen": b"---\ntitle: ",
        }
        assert data.startswith(starts[form])
    assert "3 events to out." in filled.err
    assert not Path(f"out.{form}.part").exists()


def test_export_of_the_network_chart_and_to_standard_output(filled: Shell) -> None:
    """`--chart network` draws the other chart; `-` goes into a pipe."""
    filled.run("export", "svg", "net.svg", "--chart", "network", "--level", "country", "--dark")
    done = subprocess.run(
        [sys.executable, "-m", "timeline", "export", "jsonl", "-", "--from", "2020-03-20", "--no-undated"],
        capture_output=True, check=True,
    )  # fmt: skip
    head, *rows = [json.loads(line) for line in done.stdout.splitlines()]

    assert b"Aldoria" in Path("net.svg").read_bytes()
    assert head["provenance"]["events"] == "1 of 3"
    assert [row["start"] for row in rows] == ["2020-03-20"]


def test_export_into_a_missing_folder(filled: Shell) -> None:
    """A message, not a traceback."""
    filled.run("export", "csv", "nowhere/out.csv", code=2)

    assert "nowhere" in filled.err


def test_serve_runs_the_entry_inside_the_package() -> None:
    """The script lies in the package, so an installed wheel has it; and it is the dashboard."""
    options = argparse.Namespace(port=8600, address="localhost", no_browser=True)
    command = serving.build_command(options)

    assert command[1:4] == ["-m", "streamlit", "run"]
    assert "dashboard.server import SCRIPT" in Path(command[4]).read_text("utf-8")
    assert command[command.index("--server.port") + 1] == "8600"


@pytest.mark.parametrize(("said", "expected"), [(None, "1"), ("4", "4")], ids=["by itself", "as the user wants"])
def test_serve_starts_with_one_pool_of_memory(
    filled: Shell, monkeypatch: pytest.MonkeyPatch, said: str | None, expected: str
) -> None:
    """The server's threads have pools of their own before it can ask for one; what the user has set stays."""
    started: list[dict[str, str]] = []
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    if said:
        monkeypatch.setenv("MALLOC_ARENA_MAX", said)
    monkeypatch.setattr(serving.subprocess, "Popen", lambda command, env: started.append(env))
    monkeypatch.setattr(serving, "wait_for", lambda server: 0)
    filled.run("serve", "--no-browser")

    assert [environment["MALLOC_ARENA_MAX"] for environment in started] == [expected]


def test_the_package_has_the_settings_of_the_checkout() -> None:
    """`timeline serve` looks like `streamlit run app.py`; whoever changes one file copies it over the other."""
    packaged = serving.find_entry().parent / ".streamlit" / "config.toml"
    checkout = Path(__file__).parents[1] / ".streamlit" / "config.toml"

    assert packaged.read_text("utf-8") == checkout.read_text("utf-8")


def test_serve_opens_the_project_and_ends_with_ctrl_c(filled: Shell) -> None:
    """The server answers, knows the project, and goes when asked; exit code 130, and a word of what was kept."""
    port = "8677"
    server = subprocess.Popen(
        [sys.executable, "-m", "timeline", "serve", "--port", port, "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, env={**os.environ},
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        answer = b""
        while not answer and time.monotonic() < deadline and server.poll() is None:
            try:
                answer = urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=5).read()
            except OSError:
                time.sleep(0.3)
        assert answer == b"ok"
    finally:
        os.killpg(server.pid, signal.SIGINT)
        told = server.communicate(timeout=30)[1].decode()

    assert server.returncode == 130
    assert "the same command starts it again" in told


def test_the_server_ends_with_sigterm() -> None:
    """Whoever started `serve` knows its process alone: the server goes with it; exit code 143."""
    server = "import time; print('up', flush=True); time.sleep(60)"
    script = (
        "import subprocess, sys; from timeline.cli.serving import wait_for;"
        f"server = subprocess.Popen([sys.executable, '-c', {server!r}]); print(server.pid, flush=True);"
        "sys.exit(wait_for(server))"
    )
    serving_process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert serving_process.stdout is not None
    pid = next(int(line) for line in iter(serving_process.stdout.readline, "") if line.strip() != "up")
    time.sleep(1)  # until it waits
    serving_process.terminate()

    assert serving_process.wait(timeout=30) == 143
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_serve_names_a_broken_project(shell: Shell) -> None:
    """Before a server is started."""
    shell.write("file", "x")
    shell.run("serve", "--project", "file", code=2)

    assert "is a file; a project is a folder" in shell.err
