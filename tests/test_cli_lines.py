"""`timeline code --jsonl`: the lines, their order, and what survives interruption."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cli_samples import Shell, shell
from store_samples import FakeCoded, FakeCoder

from timeline.cli import running
from timeline.cli.lines import as_plain
from timeline.coding.coder import Coder
from timeline.records import Article

__all__ = ["shell"]


def lines_of(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def test_a_line_for_each_article_in_order(shell: Shell) -> None:
    """Codings with offsets that hold; no project is made."""
    shell.run("code", "--jsonl", shell.write_press(), "out.jsonl")
    lines = lines_of("out.jsonl")

    assert [line["published"] for line in lines] == ["2020-03-01", "2020-03-20", None]
    for line in lines:
        (coding,) = line["codings"]
        text = line["text"]
        assert text[coding["trigger"]["start"] : coding["trigger"]["end"]] == coding["trigger"]["text"] == "attacked"
        assert [text[m["start"] : m["end"]] for m in coding["sources"] + coding["targets"]] == ["Aldoria", "Borvenia"]
        assert coding["sources"][0]["actor"]["country"] == "ALD"
        assert (coding["event_type"], coding["quad_class"], coding["cameo_root"]) == ("ASSAULT", 4, "18")
        assert (line["schema"], line["coder"], line["lexicon"]) == (1, "coder-1", "lexicon-1")
    assert sorted(path.name for path in shell.folder.iterdir()) == ["out.jsonl", "press"]


def test_standard_output_and_processes_give_the_same_lines(shell: Shell) -> None:
    """However it is run, the bytes are the same."""
    shell.run("code", "--jsonl", shell.write_press(5), "out.jsonl")

    assert shell.run("code", "--jsonl", "press", "-") == Path("out.jsonl").read_text("utf-8")
    assert shell.run("code", "--jsonl", "press", "-", "--processes", "2") == Path("out.jsonl").read_text("utf-8")


def test_failures_and_skipped_inputs_are_named(shell: Shell) -> None:
    """The others are written; exit code 1."""
    shell.write("bad.txt", "This poison of an article cannot be read.")
    shell.run("code", "--jsonl", shell.write_press(2), "bad.txt", "missing.txt", "out.jsonl", code=1)

    assert len(lines_of("out.jsonl")) == 2
    assert "skipped missing.txt" in shell.err
    assert "RuntimeError: cannot read this" in shell.err


@pytest.mark.parametrize("arguments", [[], ["press"], ["missing.txt", "out.jsonl"]])
def test_nothing_to_do_is_exit_code_2(shell: Shell, arguments: list[str]) -> None:
    """Too few paths, or none that can be read; no file is made."""
    shell.write_press()
    shell.run("code", "--jsonl", *arguments, code=2)

    assert not Path("out.jsonl").exists()


@dataclass(slots=True)
class Interrupted(FakeCoder):
    """Presses Ctrl-C while it codes its second article."""

    def code(self, article: Article) -> FakeCoded:
        if len(self.seen) == 1:
            os.kill(os.getpid(), signal.SIGINT)
        return FakeCoder.code(self, article)


def test_the_same_command_goes_on_after_ctrl_c(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written is not coded again, and the file ends as if nothing had happened."""
    shell.run("code", "--jsonl", shell.write_press(4), "whole.jsonl")
    monkeypatch.setattr(running, "load_coder", lambda _: Interrupted())
    shell.run("code", "--jsonl", "press", "out.jsonl", code=130)
    assert not Path("out.jsonl").exists()
    kept = len(lines_of("out.jsonl.part"))
    assert kept == 2

    second = FakeCoder()
    monkeypatch.setattr(running, "load_coder", lambda _: second)
    shell.run("code", "--jsonl", "press", "out.jsonl")
    assert len(second.seen) == 4 - kept
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()
    assert not Path("out.jsonl.part").exists()


@pytest.mark.parametrize("damage", ["torn", "other version", "garbage", "other date"])
def test_an_unfinished_file_is_trusted_only_as_far_as_it_fits(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """A torn line, lines of another coder, of another date or of nothing at all are written anew."""
    shell.run("code", "--jsonl", shell.write_press(4), "whole.jsonl")
    first, second, *_ = Path("whole.jsonl").read_text("utf-8").splitlines(keepends=True)
    after = {
        "torn": second[:50],
        "other version": second.replace("coder-1", "coder-0"),
        "garbage": "[]\n",
        "other date": second.replace("2020-03-20", "2020-03-01"),
    }[damage]
    Path("out.jsonl.part").write_text(first + after, "utf-8")
    coder = FakeCoder()
    monkeypatch.setattr(running, "load_coder", lambda _: coder)
    shell.run("code", "--jsonl", "press", "out.jsonl")

    assert len(coder.seen) == 3
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()


def test_lone_surrogates_survive_as_escapes(shell: Shell) -> None:
    """The file stays valid UTF-8 and JSON, and offsets stay right."""
    shell.write("a.jsonl", json.dumps({"text": "Aldoria attacked Borvenia. Odd \ud800 sign in it, and é."}) + "\n")
    shell.run("code", "--jsonl", "a.jsonl", "out.jsonl")
    (line,) = lines_of("out.jsonl")

    assert line["text"][8:16] == "attacked"


def test_real_coder_end_to_end() -> None:
    """Every field of the schema from a real reading, offsets checked."""
    text = (
        "MOSCOW, March 5 — Russian President Vladimir Putin met Turkish President Recep Tayyip Erdogan on Thursday. "
        "Germany urged Syria to release two journalists, the ministry said."
    )
    import datetime as dt

    coder = Coder()
    coded = coder.code(Article("a", text, dt.date(2020, 3, 6), "Title", "Aldor Post"))
    line = json.loads(json.dumps(as_plain(coded, coder.version, coder.lexicon_version)))

    assert line["codings"][0]["event_type"] == "CONSULT"
    consult = line["codings"][0]
    assert {mention["actor"]["country"] for mention in consult["sources"]} == {"RUS", "TUR"}
    assert (consult["date"]["from"], consult["date"]["to"], consult["date"]["basis"]) == (
        "2020-03-05",
        "2020-03-05",
        "stated",
    )
    stamp = consult["date"]["timex"]
    assert text[stamp["start"] : stamp["end"]] in ("Thursday", "on Thursday")
    for span in [*line["timexes"], *line["mentions"], *(c["trigger"] for c in line["codings"])]:
        assert text[span["start"] : span["end"]] == span["text"]
