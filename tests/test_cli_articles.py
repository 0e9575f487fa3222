"""`add`, `date`, `remove`, `code`, `recode`, `status`, `articles` on an invented press."""

from __future__ import annotations

import io
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from cli_samples import Shell, shell
from store_samples import FakeCoded, FakeCoder

from timeline.cli import running
from timeline.records import Article
from timeline.store import open_project

__all__ = ["shell"]


def test_add_reads_stores_and_codes(shell: Shell) -> None:
    """One command from files to events; the undated are named with what to do."""
    out = shell.run("add", shell.write_press())

    assert "3 articles added\n3 articles coded: " in out
    assert "events in project now; look at them with: timeline serve" in out
    assert "warning: 1 article without a publication date" in shell.err
    assert "timeline date ID DATE" in shell.err


def test_adding_again_changes_nothing_and_loads_no_coder(shell: Shell) -> None:
    """Known articles are counted; nothing is coded twice."""
    shell.run("add", shell.write_press())
    before = shell.run_json("events", "--json")
    out = shell.run("add", "press")

    assert out == "0 articles added, 3 were there already\n"
    assert len(shell.coders) == 1
    assert shell.run_json("events", "--json") == before


def test_an_article_given_twice_is_one(shell: Shell) -> None:
    """Within one run it is said so."""
    shell.write("a.txt", "Aldoria attacked Borvenia.")
    shell.write("b.txt", "Aldoria   attacked Borvenia.")

    assert shell.run("add", "a.txt", "b.txt").startswith("1 article added, 1 were given more than once\n")


def test_add_as_json(shell: Shell) -> None:
    """A script gets ids, problems and counts, and nothing else on standard output."""
    shell.write("empty.txt", "")
    found = shell.run_json("add", shell.write_press(), "empty.txt", "--json", code=1)

    assert (found["read"], len(found["new"]), found["coded"], found["events"]) == (3, 3, 3, 3)
    assert [item["path"] for item in found["skipped"]] == ["empty.txt"]
    assert found["undated"] == [{"id": found["new"][2], "title": ""}]


def test_bad_inputs_are_skipped_named_and_counted(shell: Shell) -> None:
    """The good ones are added; exit code 1."""
    shell.write("good.txt", "Aldoria attacked Borvenia.")
    shell.write("bad.json", "{not json")
    out = shell.run("add", "bad.json", "missing.txt", "good.txt", code=1)

    assert out.startswith("1 article added\n")
    assert "skipped bad.json: " in shell.err
    assert "skipped missing.txt: no such file" in shell.err
    assert "2 inputs skipped, named above" in shell.err


def test_nothing_readable_makes_no_project(shell: Shell) -> None:
    """Exit code 2, and no folder is left behind."""
    shell.run("add", "missing.txt", code=2)

    assert "nothing was added" in shell.err
    assert list(shell.folder.iterdir()) == []


def test_add_takes_what_the_user_knows(shell: Shell) -> None:
    """Date, outlet and title by option; columns of a table by name."""
    shell.write("t.csv", "wording,when\nAldoria attacked Borvenia on the river.,2020-02-01\n")
    shell.run(
        "add",
        "t.csv",
        "--column",
        "text=wording",
        "--column",
        "published=when",
        "--publisher",
        "Aldor Post",
        "--title",
        "T",
    )
    (article,) = shell.run_json("articles", "--json")

    assert (article["published"], article["publisher"], article["title"]) == ("2020-02-01", "Aldor Post", "T")


def test_add_reads_standard_input(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is what is piped in."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Aldoria attacked Borvenia.")))
    shell.run("add", "-", "--published", "2020-03-06")

    assert [article["published"] for article in shell.run_json("articles", "--json")] == ["2020-03-06"]


def test_add_without_coding_then_code(shell: Shell) -> None:
    """`--no-code` leaves the work to `code`, which then finds nothing more to do."""
    shell.run("add", shell.write_press(), "--no-code")
    assert shell.run_json("status", "--json")["articles"]["uncoded"] == 3
    assert shell.run("code").startswith("3 articles coded")
    assert shell.run("code").startswith("every article is coded already")
    assert shell.run_json("code", "--json")["coded"] == 0


def test_a_failing_article_is_named_and_tried_again(shell: Shell) -> None:
    """Exit code 1; `recode` takes up failures."""
    shell.write("bad.txt", "This poison of an article cannot be read.")
    shell.run("add", "bad.txt", shell.write_press(), code=1)
    assert "1 article could not be coded" in shell.err
    assert "RuntimeError: cannot read this" in shell.err
    assert "`timeline recode` tries them again" in shell.err

    found = shell.run_json("recode", "--json", code=1)
    assert (found["coded"], len(found["failed"])) == (0, 1)


def test_several_processes_code_the_same(shell: Shell) -> None:
    """`--processes` changes nothing but the time."""
    shell.run("add", shell.write_press(4))
    one = shell.run_json("events", "--json")
    shell.run("add", "press", "--project", "other", "--processes", "2")

    assert shell.run_json("events", "--json", "--project", "other") == one


def test_recode_takes_what_is_stale_or_everything(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer coder makes all stale; `--all` asks no questions."""
    shell.run("add", shell.write_press())
    assert shell.run("recode").startswith("nothing is stale")
    assert shell.run("recode", "--all").startswith("3 articles coded")
    monkeypatch.setattr(running, "load_coder", lambda _: FakeCoder(version="coder-2"))
    assert shell.run_json("status", "--json")["articles"]["stale"] == 0
    assert shell.run_json("status", "--json", "--check")["articles"]["stale"] == 3
    assert shell.run("recode").startswith("3 articles coded")
    assert [item["coder"] for item in shell.run_json("status", "--json")["versions"]["coded_by"]] == ["coder-2"]


def test_date_sets_the_date_and_codes_anew(shell: Shell) -> None:
    """By the first letters of the id; `none` clears it."""
    (name,) = shell.run_json("add", shell.write("a.txt", "Aldoria attacked Borvenia."), "--json")["new"]
    out = shell.run("date", name[:6], "2020-03-06")
    assert out.startswith(f"{name}: 2020-03-06\n1 article coded")
    assert [event["start"] for event in shell.run_json("events", "--json")] == ["2020-03-06"]
    assert shell.run("date", name, "2020-03-06") == f"{name}: 2020-03-06 already\n"

    shell.run("date", name, "none")
    assert [event["start"] for event in shell.run_json("events", "--json")] == [None]


def test_date_of_unknown_articles(shell: Shell) -> None:
    """Some unknown is exit code 1, all unknown 2."""
    (name,) = shell.run_json("add", shell.write("a.txt", "Aldoria attacked Borvenia."), "--json")["new"]
    shell.run("date", "zzzz", "2020-03-06", code=2)
    assert "zzzz: there is no such article; `timeline articles` lists them" in shell.err
    shell.run("date", "zzzz", name, "2020-03-06", code=1)
    assert shell.run_json("articles", "--json")[0]["published"] == "2020-03-06"


def test_remove_takes_articles_and_events_away(shell: Shell) -> None:
    """An id that fits several removes none of them."""
    new = shell.run_json("add", shell.write_press(), "--json")["new"]
    shell.run("remove", new[0][:1], code=2)
    out = shell.run("remove", new[0], new[1])

    assert out == "2 articles removed; 1 event left\n"
    assert [article["id"] for article in shell.run_json("articles", "--json")] == [new[2]]
    shell.run("remove", new[0], code=2)


def test_status_tells_articles_events_versions_and_sizes(shell: Shell) -> None:
    """For people and for scripts."""
    shell.write("empty.txt", "")
    shell.run("add", shell.write_press(), "empty.txt", code=1)
    status = shell.run_json("status", "--json")

    assert (status["articles"]["coded"], status["events"]["all"], status["undated_articles"]) == (3, 3, 1)
    assert status["events"]["quad_classes"] == {"4": 3}
    assert status["versions"]["coded_by"] == [{"coder": "coder-1", "lexicon": "lexicon-1", "articles": 3}]
    assert status["bytes"]["record"] > 1000
    assert status["events_up_to_date"]
    assert [problem["subject"] for problem in status["problems"]] == ["empty.txt"]
    out = shell.run("status")
    assert "3 articles, " in out
    assert "3 events, 2020-03-01 to 2020-03-20" in out
    assert "problem: " in out


def test_articles_are_listed_by_state_date_and_text(shell: Shell) -> None:
    """Each filter narrows the list."""
    shell.write("bad.txt", "This poison of an article cannot be read.")
    shell.run("add", "bad.txt", shell.write_press(), code=1)

    assert len(shell.run_json("articles", "--json")) == 4
    assert [row["state"] for row in shell.run_json("articles", "--state", "failed", "--json")] == ["failed"]
    assert len(shell.run_json("articles", "--undated", "--json")) == 2
    assert len(shell.run_json("articles", "--text", "poison", "--json")) == 1
    assert "id " in shell.run("articles", "--limit", "1")
    assert "1 of 4; --limit shows more" in shell.err


@dataclass(slots=True)
class Interrupted(FakeCoder):
    """Presses Ctrl-C while it codes its second article."""

    def code(self, article: Article) -> FakeCoded:
        if len(self.seen) == 1:
            os.kill(os.getpid(), signal.SIGINT)
        return FakeCoder.code(self, article)


def test_ctrl_c_ends_in_good_order_and_says_how_to_go_on(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 130; the article in hand is finished, its events are there, the same command does the rest."""
    monkeypatch.setattr(running, "load_coder", lambda _: Interrupted())
    shell.run("add", shell.write_press(), code=130)
    assert "To go on: run the same command again" in shell.err
    status = shell.run_json("status", "--json")
    assert (status["articles"]["coded"], status["articles"]["uncoded"], status["events"]["all"]) == (2, 1, 2)

    monkeypatch.setattr(running, "load_coder", lambda _: FakeCoder())
    shell.run("add", "press")
    assert shell.run_json("status", "--json")["events"]["all"] == 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_in_a_command_without_work_to_keep(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 130 without a traceback."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("timeline.cli.listing._read_status", interrupted)
    shell.run("add", shell.write_press())
    shell.run("status", code=130)

    assert "stopped" in shell.err


def test_newer_and_damaged_projects_are_explained(shell: Shell) -> None:
    """The store's messages reach the user, exit code 2."""
    shell.run("add", shell.write_press(), "--no-code")
    open_project("project").close()
    Path("project/record.sqlite").write_bytes(b"no database at all" * 100)
    shell.run("status", code=2)

    assert "is damaged" in shell.err


def test_code_takes_paths_only_with_jsonl(shell: Shell) -> None:
    """A newcomer who means `add` is told so."""
    shell.run("code", "news", code=2)

    assert "timeline add PATH…" in shell.err
