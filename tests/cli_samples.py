"""What the tests of the command line share: an invented press and a coder that reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from store_samples import FakeCoder

from timeline.cli import main, running


@dataclass(slots=True)
class Shell:
    """Runs commands in a folder of its own; `coders` are those that commands have loaded."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    coders: list[FakeCoder] = field(default_factory=list)
    err: str = ""

    def run(self, *arguments: str, code: int = 0) -> str:
        """What the command prints; its exit code must be `code`."""
        got = main([*arguments])
        out, self.err = self.capsys.readouterr()
        assert got == code, f"exit code {got}\n{out}\n{self.err}"
        assert "Traceback" not in self.err
        return out

    def run_json(self, *arguments: str, code: int = 0) -> Any:
        """The JSON that the command prints, and nothing else stands beside it."""
        return json.loads(self.run(*arguments, code=code))

    def write(self, name: str, text: str) -> str:
        """A file in the folder; returns its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    def write_press(self, number: int = 3) -> str:
        """A folder of articles, each with one event; the first two are dated."""
        for n in range(number):
            head = f"Published on {1 + 19 * n} March 2020\n\n" if n < 2 else ""
            body = f"Aldoria attacked Borvenia. Report number {n} tells of the attack in words of its own, {n * 7}."
            self.write(f"press/{n}.txt", head + body)
        return "press"


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in an empty folder, with a coder that takes no time to load."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TIMELINE_PROJECT", raising=False)
    made = Shell(tmp_path, capsys)

    def load(lexicons: object = ()) -> FakeCoder:
        made.coders.append(FakeCoder())
        return made.coders[-1]

    monkeypatch.setattr(running, "load_coder", load)
    return made
