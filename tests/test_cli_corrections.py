"""`corrections list|export|import|report`."""

from __future__ import annotations

import json

import pytest
from cli_samples import Shell, shell
from curation_samples import SEVENTH, SIXTH, all_told, day

from timeline import pipeline
from timeline.store.curation.drafts import draft_delete, draft_fields
from timeline.store.project import Project, open_project

__all__ = ["shell"]


@pytest.fixture
def corrected(shell: Shell) -> Shell:
    """Two projects of the same three articles; in `project` ann set the dates and confirmed the rest."""
    shell.run("add", shell.write_press())
    shell.run("--project", "theirs", "add", "press")
    project = open_project("project")
    pipeline.correct(project, draft(project, SEVENTH, "ann", reviewed=True))
    return shell


def draft(project: Project, date: object, who: str, **options: bool):
    return draft_fields(all_told(project)["ASSAULT"], {"date": day(date)}, who, "the 7th, says the court", **options)


def test_the_list_says_what_was_set_by_whom_and_why(corrected: Shell) -> None:
    out = corrected.run("corrections", "list")

    assert "ann" in out
    assert "date → 7 Mar 2020 · “Aldoria attacked Borvenia.”" in out
    assert "the 7th, says the court" in out
    assert "1 correction" in corrected.err


def test_a_file_goes_to_a_colleague_and_back_without_doubling(corrected: Shell) -> None:
    corrected.run("corrections", "export", "ann.jsonl")
    first = corrected.run("--project", "theirs", "corrections", "import", "ann.jsonl")
    second = corrected.run("--project", "theirs", "corrections", "import", "ann.jsonl")

    assert first == "1 correction added, 0 already there\n"
    assert second == "0 corrections added, 1 already there\n"
    mine, theirs = (corrected.run("--project", name, "events", "--json") for name in ("project", "theirs"))
    assert mine == theirs
    assert {event["start"] for event in json.loads(mine)} == {"2020-03-07"}


def test_conflicts_are_named_on_import(corrected: Shell) -> None:
    theirs = open_project("theirs")
    pipeline.correct(theirs, draft(theirs, SIXTH, "bob"))
    corrected.run("--project", "theirs", "corrections", "export", "bob.jsonl")
    out = corrected.run("corrections", "import", "bob.jsonl")

    assert "conflicts, where the later correction holds:" in out
    assert "date: ann date → 7 Mar 2020" in out
    conflicts = corrected.run_json("corrections", "list", "--conflicts", "--json")
    assert {(c["earlier"]["who"], c["later"]["who"]) for c in conflicts} == {("ann", "bob")}


def test_orphans_are_listed_with_the_reason(corrected: Shell) -> None:
    project = open_project("project")
    with project.read() as db:
        ids = [row[0] for row in db.execute("SELECT id FROM articles")]
    pipeline.remove(project, ids)

    (found,) = corrected.run_json("corrections", "list", "--orphans", "--json")
    assert found["orphaned"] == "its article is not in this project"


def test_the_report_gives_shares_with_intervals(corrected: Shell) -> None:
    """Three codings confirmed, whose dates were wrong or unknown; then one deleted."""
    project = open_project("project")
    pipeline.correct(project, draft_delete(all_told(project)["ASSAULT"][:1], "ann"))
    out = corrected.run("corrections", "report")
    figures = corrected.run_json("corrections", "report", "--json")

    assert "is an event (precision)" in out
    assert "2 of 3" in out
    assert figures["precision"]["right"] == 2
    assert figures["fields"]["date"] == {
        "right": 0,
        "of": 2,
        "share": 0.0,
        "interval": figures["fields"]["date"]["interval"],
    }
    assert figures["fields"]["type"]["share"] == 1.0


def test_a_report_of_nothing_says_what_to_do(shell: Shell) -> None:
    shell.run("add", shell.write_press())
    assert "Nothing is reviewed yet" in shell.run("corrections", "report")


BAD = {"nothing but junk": ("{\nno\n", 2), "a file of another kind": ('{"a": 1}\n', 2)}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_is_none_is_refused(shell: Shell, case: str) -> None:
    text, code = BAD[case]
    shell.run("add", shell.write_press())
    shell.run("corrections", "import", shell.write("bad.jsonl", text), code=code)
    assert "line 1" in shell.err


def test_one_bad_line_leaves_the_rest(corrected: Shell) -> None:
    corrected.run("corrections", "export", "ann.jsonl")
    text = (corrected.folder / "ann.jsonl").read_text("utf-8")
    out = corrected.run(
        "--project", "theirs", "corrections", "import", corrected.write("more.jsonl", text + "{\n"), code=1
    )
    assert out == "1 correction added, 0 already there\n"
