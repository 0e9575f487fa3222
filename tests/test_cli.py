"""The command line as a whole: help, usage errors, exit codes, what is imported when."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from cli_samples import Shell, shell

from timeline import __version__
from timeline.cli import command, main
from timeline.cli.output import count, plain
from timeline.cli.progress import ProgressLine

__all__ = ["shell"]
COMMANDS = (
    "add",
    "import",
    "date",
    "remove",
    "code",
    "recode",
    "status",
    "articles",
    "events",
    "export",
    "serve",
    "lexicon",
    "evaluate",
)
HEAVY = (
    "spacy", "pandas", "numpy", "streamlit", "duckdb", "deltalake", "pyarrow", "plotly", "networkx", "yaml", "lxml",
    "sqlite3",
)  # fmt: skip


@pytest.mark.parametrize("arguments", [[], *([name] for name in COMMANDS), ["lexicon", "check"], ["lexicon", "why"]])
def test_every_help_has_examples(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Help ends well and shows how the command is used."""
    assert main([*arguments, "--help"]) == 0

    out = capsys.readouterr().out
    assert "examples:\n  timeline " in out
    assert all(len(line) <= 125 for line in out.splitlines())


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """A newcomer finds all there is."""
    main(["--help"])

    out = capsys.readouterr().out
    assert [name for name in COMMANDS if f"\n    {name} " not in out] == []


def test_nothing_heavy_is_imported_before_a_command_runs() -> None:
    """Help is there at once: parsing needs neither the model nor tables nor charts."""
    code = (
        "import sys; from timeline.cli import main, command; main(['--version']); command.build_parser();"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [f"timeline {__version__}", "[]"]


def test_module_runs_as_a_command() -> None:
    """`python -m timeline` hands the exit code on."""
    done = subprocess.run([sys.executable, "-m", "timeline", "nonsense"], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "invalid choice: 'nonsense'" in done.stderr


@pytest.mark.parametrize(("arguments", "message"), [
    ([], "the following arguments are required: COMMAND"),
    (["add"], "required: PATH"),
    (["add", "x", "--published", "31.2.2020"], "is no day; write it like 2020-03-06"),
    (["add", "x", "--column", "body"], "is not FIELD=NAME"),
    (["add", "x", "--column", "author=by"], "is not FIELD=NAME"),
    (["add", "x", "--processes", "0"], "is no whole number from 1"),
    (["events", "--min-confidence", "nan"], "is no number from 0 to 1"),
    (["events", "--type", "WAR"], "invalid choice: 'WAR'"),
    (["events", "--quad", "7"], "invalid choice: 7"),
    (["export", "docx", "out"], "invalid choice: 'docx'"),
    (["date", "abcd", "yesterday"], "is no day"),
    (["evaluate", "poetry", "gold"], "invalid choice: 'poetry'"),
])  # fmt: skip
def test_wrong_usage_is_explained(shell: Shell, arguments: list[str], message: str) -> None:
    """Exit code 2, and the message says what is wrong."""
    shell.run(*arguments, code=2)

    assert message in shell.err


@pytest.mark.parametrize(
    "arguments",
    [["status"], ["events"], ["code"], ["recode"], ["articles"], ["export", "csv", "x"], ["remove", "abcd"]],
)
def test_commands_without_a_project_say_so_and_make_none(shell: Shell, arguments: list[str]) -> None:
    """Only `add` starts a project."""
    shell.run(*arguments, code=2)

    assert "no project here" in shell.err
    assert list(shell.folder.iterdir()) == []


def test_project_is_named_by_option_environment_or_default(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option wins, before or after the command; then the variable; then ./project."""
    shell.write("a.txt", "Aldoria attacked Borvenia.")
    shell.run("add", "a.txt")
    monkeypatch.setenv("TIMELINE_PROJECT", "named")
    shell.run("add", "a.txt")
    shell.run("--project", "before", "add", "a.txt")
    shell.run("add", "a.txt", "--project", "after")

    assert sorted(path.name for path in shell.folder.iterdir() if path.is_dir()) == [
        "after",
        "before",
        "named",
        "project",
    ]


def test_a_bug_ends_in_a_message(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error nobody foresaw gives no traceback, unless one is asked for."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("timeline.cli.listing._read_status", broken)
    shell.write("a.txt", "Aldoria attacked Borvenia.")
    shell.run("add", "a.txt")
    shell.run("status", code=2)

    assert "ZeroDivisionError: by nought" in shell.err
    monkeypatch.setenv(command.DEBUG, "1")
    with pytest.raises(ZeroDivisionError):
        main(["status"])


def test_closed_pipe_is_no_error(shell: Shell) -> None:
    """`timeline articles | head` ends quietly."""
    shell.write_press(30)
    shell.run("add", "press", "--no-code")
    command_line = f"{sys.executable} -m timeline articles --json | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command_line}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "[\n", "")


def test_output_survives_a_narrow_encoding(shell: Shell) -> None:
    """Letters that the terminal lacks become escapes; nothing fails."""
    shell.write("a.txt", "Überfall bei Łódź\n\nAldoria attacked Borvenia again today, as it has said before it would.")
    shell.run("add", "a.txt", "--no-code", "--title", "Łódź")
    done = subprocess.run(
        [sys.executable, "-m", "timeline", "articles"], capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip

    assert done.returncode == 0
    assert rb"\u0141\xf3d\u017a" in done.stdout


def test_plain_text_cannot_steer_a_terminal() -> None:
    """Escape sequences, line ends and direction marks of articles do not reach the terminal."""
    assert plain("a\x1b[31mb\nc\u202ed\x00e") == "a [31mb c d e"
    assert plain("abcdef", 4) == "abc…"


def test_counts_read_well() -> None:
    """One is singular; thousands are grouped."""
    assert [count(1, "day"), count(0, "day"), count(1200, "day"), count(2, "city", "cities")] == [
        "1 day", "0 days", "1,200 days", "2 cities",
    ]  # fmt: skip


def test_progress_is_silent_for_a_second_then_speaks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short work shows nothing; long work tells how far it is and how long it will take."""
    clock = [100.0]
    monkeypatch.setattr("timeline.cli.progress.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with ProgressLine("coding") as line:
        clock[0] += 0.9
        line.show(1, 10, 100)
        assert capsys.readouterr().err == ""
        clock[0] += 1.1
        line.show(5, 10, 1000, "A title\x1b")
        shown = capsys.readouterr().err

    assert "coding ████████████░░░░░░░░░░░░ 5 of 10 500 words/s 0:02 left A title" in shown
    assert capsys.readouterr().err.endswith("\r")


def test_progress_off_a_terminal_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log gets whole lines, seldom."""
    clock = [0.0]
    monkeypatch.setattr("timeline.cli.progress.time.monotonic", lambda: clock[0])
    with ProgressLine("reading") as line:
        for done in range(1, 41):
            clock[0] = float(done)
            line.show(done)

    assert capsys.readouterr().err == "reading  15\nreading  30\n"
