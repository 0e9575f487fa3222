"""`verify`, `compact`, `backup`, `restore`: what they print, and their exit codes."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path
from typing import Any

import pytest
from cli_samples import Shell, shell

__all__ = ["shell"]


def test_a_whole_project_is_well(shell: Shell) -> None:
    """Exit code 0 and a line that says what was read."""
    shell.run("add", shell.write_press())

    assert "all is well" in shell.run("verify")
    assert shell.run_json("verify", "--json")["faults"] == []


def test_damage_is_named_then_repaired(shell: Shell) -> None:
    """Exit code 1 both times, 0 after."""
    shell.run("add", shell.write_press())
    for file in (shell.folder / "project" / "events").rglob("*.parquet"):
        file.write_bytes(b"nothing")

    told = shell.run("status", code=1)
    assert "3 articles" in told
    assert "damaged:" in told
    for command in (("status", "--json"), ("events",), ("compact",)):
        told = shell.run(*command, code=1 if "status" in command else 2) + shell.err
        assert "the event table cannot be read" in told
        assert "`timeline verify --repair` makes it again" in told
    out = shell.run("verify", code=1)
    assert "event table" in out
    assert "verify --repair" in shell.err
    assert "1 fault repaired" in shell.run("verify", "--repair", code=1)
    assert "all is well" in shell.run("verify")
    assert len(shell.run_json("events", "--json")) == 3


def test_backup_and_restore(shell: Shell) -> None:
    """There and back, into another folder."""
    shell.run("add", shell.write_press())

    assert "3 articles, 3 codings" in shell.run("backup", "saved.zip")
    assert "restored, 3 events" in shell.run("restore", "saved.zip", "--project", "again")
    assert len(shell.run_json("events", "--json", "--project", "again")) == 3
    shell.run("restore", "saved.zip", "--project", "again", code=2)
    assert "is not empty" in shell.err
    shell.run("restore", "missing.zip", "--project", "other", code=2)
    assert "there is no such file" in shell.err


def test_compact(shell: Shell) -> None:
    """Sizes before and after."""
    shell.run("add", shell.write_press())

    assert "MB after" in shell.run("compact")


def test_what_cannot_be_written_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that was asked for, why it cannot be written, and what to do; nothing is left."""
    shell.run("add", shell.write_press())
    shell.run("backup", "saved.zip")

    def refuse(path: Any = None, *_: Any, **named: Any) -> Any:
        raise OSError(errno.EROFS, "Read-only file system", str(path or named.get("dir")))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refuse)
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        shell.run("export", "csv", "events.csv", code=2)
    assert shell.err == "timeline: events.csv: Read-only file system; choose another place, or change its permissions\n"
    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    for command in (("backup", "new.zip"), ("restore", "saved.zip", "--project", "new")):
        shell.run(*command, code=2)
        assert f"{shell.folder / command[-1]}: the folder cannot be written to" in shell.err


def test_the_project_may_be_named_last(shell: Shell) -> None:
    """Also behind the action of a command."""
    shell.run("add", shell.write_press(), "--project", "mine")

    shell.run("corrections", "export", "out.jsonl", "--project", "mine")
    assert shell.run("--project", "mine", "corrections", "list") == shell.run(
        "corrections", "list", "--project", "mine"
    )
