"""`timeline import`: what it prints, and its exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from import_samples import acled_table, gdelt_row

from timeline.cli import importing, main
from timeline.store import open_project
from timeline.store.imports import NAMES


def call(tmp_path: Path, *arguments: str) -> int:
    return main(["import", "--project", str(tmp_path / "project"), *arguments])


def test_a_file_is_imported_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Format, count, and that a second time adds nothing."""
    file = tmp_path / "table.csv"
    file.write_text("\n".join(gdelt_row(n) for n in range(3)))

    assert call(tmp_path, str(file)) == 0
    assert "(gdelt): 3 events imported" in capsys.readouterr().out
    assert call(tmp_path, str(tmp_path / "*.csv")) == 0
    assert "nothing was added" in capsys.readouterr().out


def test_rows_put_aside_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, and the file that holds them."""
    file = tmp_path / "table.csv"
    file.write_text(gdelt_row(1) + "\n" + gdelt_row(2, SQLDATE="never"))

    assert call(tmp_path, str(file), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["events"], told["tables"][0]["rejected"]) == (1, 1)
    assert "never" in Path(told["tables"][0]["quarantine"]).read_text()


def test_status_tells_what_was_imported_and_put_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tables, rows, the day, and how many rows lie in quarantine, for people and for scripts."""
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("\n".join(gdelt_row(n) for n in range(3)))
    second.write_text("\n".join([gdelt_row(2), gdelt_row(7), gdelt_row(8, SQLDATE="never")]))
    assert call(tmp_path, str(first), str(second)) == 1
    capsys.readouterr()

    assert main(["status", "--project", str(tmp_path / "project"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["imports"]
    assert (told["files"], told["unfinished"], told["events"], told["known"]) == (2, 0, 4, 1)
    assert told["quarantine"] == {"files": 1, "rows": 1}
    assert [(one["file"], one["events"]) for one in told["latest"]] == [(str(second), 1), (str(first), 3)]

    assert main(["status", "--project", str(tmp_path / "project")]) == 0
    out = capsys.readouterr().out
    assert "2 imported tables with 4 events (1 row known before); the latest:" in out
    assert "1 row in 1 file could not be read" in out
    assert told["latest"][0]["begun"][:10] in out


def test_rows_replaced_by_newer_ones_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the import and by the status; not where there are none, nor when the file is given again."""
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(acled_table((1, 100, "Zorblax Front"), (2, 100, "Zorblax Front")))
    new.write_text(acled_table((1, 200, "Vellmark Militia"), (2, 100, "Zorblax Front"), (3, 200, "Zorblax Front")))
    assert call(tmp_path, str(old)) == 0
    assert "replaced by" not in capsys.readouterr().out
    assert call(tmp_path, str(new)) == 0
    assert "1 event imported, 1 row replaced by newer ones, 1 were there already" in capsys.readouterr().out
    assert call(tmp_path, str(new)) == 0
    assert "replaced by" not in capsys.readouterr().out
    assert call(tmp_path, str(new), "--json") == 0
    assert [one["changed"] for one in json.loads(capsys.readouterr().out)["tables"]] == [1]

    assert main(["status", "--project", str(tmp_path / "project")]) == 0
    out = capsys.readouterr().out
    assert "2 imported tables with 3 events (1 row known before, 1 row replaced by newer ones); the latest:" in out


def test_status_says_nothing_of_imports_before_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_project(tmp_path / "project", create=True).close()

    assert main(["status", "--project", str(tmp_path / "project")]) == 0
    assert "imported" not in capsys.readouterr().out


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, without a traceback; alone it fails the command."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(gdelt_row(1))
    bad.write_text("Dear diary, today I made no tables.\n")

    assert call(tmp_path, str(bad), str(good)) == 1
    assert "bad.csv: no format of event tables that is known" in capsys.readouterr().err
    assert call(tmp_path, str(bad), str(tmp_path / "missing")) == 2
    captured = capsys.readouterr()
    assert "there is no such file" in captured.err
    assert "Traceback" not in captured.err


def test_the_message_says_what_a_table_of_ones_own_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Columns named as it says, and no others, are enough."""
    file = tmp_path / "mine.csv"
    file.write_text("when,who,whom\n2020-02-28,RUS,TUR\n")
    assert call(tmp_path, str(file)) == 2
    named = re.search(r"Name the columns (.+?), and any table", capsys.readouterr().err)
    assert named is not None

    columns = re.split(r", | and ", named[1])
    row = {"event_id": "1", "event_type": "ACCUSE", "source_ids": "RUS", "target_ids": "TUR"}
    file.write_text(f"{','.join(columns)}\n{','.join(row.get(name, '2020-02-28') for name in columns)}\n")
    assert call(tmp_path, str(file)) == 0
    assert "1 event imported" in capsys.readouterr().out


def test_the_formats_offered_are_those_known() -> None:
    """The command lists them itself, so that its help loads nothing heavy."""
    assert importing._FORMATS == ("auto", *NAMES)
