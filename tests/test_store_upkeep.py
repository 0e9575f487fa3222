"""Finding damage in a project, mending it, backing up and restoring."""

from __future__ import annotations

import json
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from import_samples import events_of, gdelt_row, run
from store_samples import FakeCoder, article, coded_project, each_alone

from timeline.errors import StoreError
from timeline.pipeline import add_articles, code_pending
from timeline.store import backup, extras, health
from timeline.store.articles import State, count_articles
from timeline.store.backup import MANIFEST, back_up, restore
from timeline.store.codes import event_key
from timeline.store.events import append_batches
from timeline.store.health import Remedy, check_project
from timeline.store.originals import ORIGINALS, read_original
from timeline.store.project import EVENTS, RECORD, Project, open_project
from timeline.store.repair import compact_project, rebuild_events, repair_project
from timeline.store.search import find_events
from timeline.store.snapshot import derived_file, list_files, read_snapshot


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Six articles coded and forty rows imported, with projection and rollups."""
    monkeypatch.setattr(extras, "EXTRAS_FROM", 1)
    opened = coded_project(open_project(tmp_path / "project", create=True))
    table = tmp_path / "gdelt.csv"
    table.write_text("\n".join(gdelt_row(n) for n in range(40)))
    run(opened, table)
    yield opened
    opened.close()


def told(project: Project) -> list[str]:
    """All events as text: unknown coordinates are unlike themselves."""
    return [str(row) for row in events_of(project)]


def repaired(project: Project) -> tuple[set[Remedy], bool]:
    """What was wrong, and whether all is well after repairing."""
    faults = check_project(project)
    assert repair_project(project, faults, each_alone) == ()
    return {fault.remedy for fault in faults}, not check_project(project)


def test_a_whole_project_has_no_fault(project: Project) -> None:
    """Also an empty one."""
    assert () == check_project(project)


def test_an_empty_project_has_no_fault(tmp_path: Path) -> None:
    assert () == check_project(open_project(tmp_path / "empty", create=True))


@pytest.mark.parametrize("part", ["event file", "delta log", "whole table", "rollup", "cut file"])
def test_a_damaged_table_is_named_and_made_again(project: Project, part: str) -> None:
    """Record and original rows are enough: every event comes back as it was, with its row."""
    before = told(project)
    snapshot = read_snapshot(project)
    assert snapshot
    files = [Path(name) for name in list_files(project, snapshot)]
    if part == "event file":
        files[0].write_bytes(b"PAR1 nothing PAR1")
    elif part == "cut file":
        files[0].write_bytes(files[0].read_bytes()[:-200])
    elif part == "rollup":
        derived_file(project, snapshot.spans).unlink()
    else:
        folder = project.path / EVENTS / ("_delta_log" if part == "delta log" else "")
        for file in sorted(folder.rglob("*"), reverse=True):
            file.unlink() if file.is_file() else file.rmdir()

    assert ({Remedy.REBUILD}, True) == repaired(project)
    assert before == told(project)
    imported = next(row for row in events_of(project) if row["event_type"] == "ACCUSE")
    original = read_original(project, event_key(str(imported["event_id"])))
    assert original
    assert original.cells["EventCode"] == "111"


def test_a_flipped_byte_in_a_file_of_events_is_noticed(project: Project) -> None:
    """Not only what is missing."""
    snapshot = read_snapshot(project)
    assert snapshot
    file = max((Path(name) for name in list_files(project, snapshot)), key=lambda one: one.stat().st_size)
    content = bytearray(file.read_bytes())
    content[60] ^= 0xFF
    file.write_bytes(bytes(content))

    assert {Remedy.REBUILD} == {fault.remedy for fault in check_project(project)}


def test_events_that_stand_twice_are_counted_with_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More keys than fit into the memory set go to disk; a path with a quotation mark is a path."""
    monkeypatch.setattr(health, "_COUNTING_MEMORY", "32MB")
    project = open_project(tmp_path / "it's", create=True)
    keys = np.concatenate([np.arange(2_000_000, dtype=np.int64) * 7919, np.zeros(3, dtype=np.int64)])
    file = project.path / "keys.parquet"
    papq.write_table(pa.table({"event_id": keys}), file)

    assert health._count_keys(project, [str(file)]) == (2_000_003, 2_000_000)
    assert health._count_keys(project, []) == (0, 0)


def test_a_repair_that_was_cut_off_is_noticed_and_finished(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the record's own events were there, before the imported ones."""
    before = told(project)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("timeline.store.repair.append_batches", killed)
        rebuild_events(project, each_alone)

    assert ({Remedy.REBUILD}, True) == repaired(project)
    assert before == told(project)


def test_an_import_that_goes_on_is_no_damage(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Original rows are written before their events, and count together with them."""
    seen: list[object] = []

    def look(*given: object) -> None:
        seen.append(check_project(project))
        append_batches(*given)  # type: ignore[arg-type]
        seen.append(check_project(project))

    monkeypatch.setattr("timeline.store.imports.gathering.append_batches", look)
    table = tmp_path / "more.csv"
    table.write_text("\n".join(gdelt_row(n) for n in range(30, 60)))

    assert run(project, table).events == 20
    assert seen == [(), ()]


def test_a_coding_that_cannot_be_read_sends_its_article_back(project: Project) -> None:
    """The text is there, so it is coded again; the others are left alone."""
    with project.write() as db:
        db.execute("UPDATE codings SET body = '{' WHERE article = (SELECT min(article) FROM codings)")

    faults = check_project(project)
    assert [("article", Remedy.RECODE)] == [(fault.part, fault.remedy) for fault in faults]
    repair_project(project, faults, each_alone)
    assert count_articles(project)[State.UNCODED] == 1
    code_pending(project, FakeCoder(), merge=each_alone)
    assert () == check_project(project)
    assert len(events_of(project)) == 46


def test_a_search_index_without_its_words_is_filled_again(project: Project) -> None:
    """Search finds nothing, until it is repaired."""
    with project.write() as db:
        db.execute("INSERT INTO sentence_index (sentence_index) VALUES ('delete-all')")
    assert len(find_events(project, "Aldoria")) == 0

    assert ({Remedy.INDEX}, True) == repaired(project)
    assert len(find_events(project, "Aldoria")) == 6


def test_lost_original_rows_take_their_events_along_until_imported_again(project: Project, tmp_path: Path) -> None:
    """No mark without its evidence; the file it names brings them back."""
    (lost,) = (project.path / ORIGINALS).glob("*.parquet")
    lost.unlink()

    faults = check_project(project)
    assert [Remedy.IMPORT] == [fault.remedy for fault in faults]
    assert "gdelt.csv" in faults[0].message
    repair_project(project, faults, each_alone)
    assert len(events_of(project)) == 6
    assert run(project, tmp_path / "gdelt.csv").events == 40
    assert () == check_project(project)


def test_a_damaged_record_needs_a_backup(project: Project, tmp_path: Path) -> None:
    """It is named and left as it is."""
    project.close()
    file = project.path / RECORD
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 30_000] = b"\xff" * 30_000
    file.write_bytes(bytes(content))

    faults = check_project(project)
    assert {Remedy.RESTORE} <= {fault.remedy for fault in faults}
    assert faults == repair_project(project, faults, each_alone)
    assert file.read_bytes() == bytes(content)


# --- backup --------------------------------------------------------------------------------------------------------


def test_what_was_backed_up_comes_back(project: Project, tmp_path: Path) -> None:
    """Articles, codings, events, imported rows."""
    made = back_up(project, tmp_path / "backup.zip")
    again = restore(tmp_path / "backup.zip", tmp_path / "again", each_alone)

    assert astuple(made)[1:] == (6, 6, 0, 40)
    assert told(project) == told(again)
    assert () == check_project(again)
    assert ["again", "backup.zip", "gdelt.csv", "project"] == sorted(file.name for file in tmp_path.iterdir())


def test_a_backup_while_others_write_is_one_state(project: Project, tmp_path: Path) -> None:
    """Every backup taken during the writing restores to a whole project."""
    done = threading.Event()

    def write() -> None:
        for number in range(100, 112):
            add_articles(project, [article(number)])
            code_pending(project, FakeCoder(), merge=each_alone)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    number = 0
    while not done.is_set() or not number:
        back_up(project, tmp_path / f"{number}.zip")
        number += 1
    writer.join()
    back_up(project, tmp_path / "last.zip")

    for name in ("0", "last"):
        again = restore(tmp_path / f"{name}.zip", tmp_path / name, each_alone)
        assert () == check_project(again)
    assert len(events_of(again)) == 58


def test_what_a_backup_tells_is_what_is_in_it(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts are those of the copy, whatever is added while it is made."""
    real = backup._copy_record

    def copy(source: Project, target: Path) -> None:
        add_articles(source, [article(100)])
        real(source, target)
        add_articles(source, [article(101)])

    monkeypatch.setattr(backup, "_copy_record", copy)
    made = back_up(project, tmp_path / "backup.zip")
    again = restore(tmp_path / "backup.zip", tmp_path / "again", each_alone)

    assert made.articles == sum(count_articles(again).values()) == 7


def test_restoring_into_what_is_there_is_refused(project: Project, tmp_path: Path) -> None:
    """Nothing is ever overwritten."""
    back_up(project, tmp_path / "backup.zip")

    with pytest.raises(StoreError, match="is not empty"):
        restore(tmp_path / "backup.zip", project.path, each_alone)


def test_a_damaged_record_replaces_no_good_backup(project: Project, tmp_path: Path) -> None:
    """SQLite copies some damage without a word; nobody must learn that when restoring."""
    file, record = tmp_path / "backup.zip", project.path / RECORD
    back_up(project, file)
    whole = file.read_bytes()
    project.close()
    with sqlite3.connect(record) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'text_index_data'").fetchone()
    db.close()
    content = bytearray(record.read_bytes())
    end = page * 4096
    content[end - 400 : end] = bytes(400)  # rows without number and content
    record.write_bytes(content)

    with pytest.raises(StoreError, match="is damaged"):
        back_up(open_project(project.path), file)
    assert file.read_bytes() == whole
    assert [one.name for one in tmp_path.iterdir() if "backup" in one.name] == ["backup.zip"]


def test_a_read_only_project_is_backed_up(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite may make no file beside the record either."""
    project.close()
    real = sqlite3.connect

    def connect(name: object, **more: Any) -> sqlite3.Connection:
        if "mode=ro" in str(name) and "immutable" not in str(name):
            raise sqlite3.OperationalError("unable to open database file")
        return real(name, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(sqlite3, "connect", connect)

    assert back_up(Project(project.path, read_only=True), tmp_path / "backup.zip").articles == 6


def test_a_backup_by_who_may_not_write_holds_what_was_written_last(project: Project, tmp_path: Path) -> None:
    """The owner is at work: the latest articles are in the log beside the record."""
    add_articles(project, [article(100)])

    assert back_up(Project(project.path, read_only=True), tmp_path / "backup.zip").articles == 7


def test_a_backup_of_a_damaged_file_is_refused(project: Project, tmp_path: Path) -> None:
    """Cut short, one byte changed, something else, or with a name that leads out of the folder."""
    file = tmp_path / "backup.zip"
    back_up(project, file)
    whole = file.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 0xFF
    for content in (whole[:-100], bytes(changed), b"no zip at all"):
        file.write_bytes(content)
        with pytest.raises(StoreError, match=r"damaged|no backup"):
            restore(file, tmp_path / "again", each_alone)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(MANIFEST, json.dumps({"store": 1}))
        archive.writestr(RECORD, "")
        archive.writestr("../outside.jsonl", "x")
    with pytest.raises(StoreError, match="no backup does"):
        restore(file, tmp_path / "again", each_alone)
    assert not (tmp_path / "again").exists()
    assert not (tmp_path / "outside.jsonl").exists()


def test_a_backup_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    """With what to do."""
    with zipfile.ZipFile(tmp_path / "backup.zip", "w") as archive:
        archive.writestr(MANIFEST, json.dumps({"store": 999}))

    with pytest.raises(StoreError, match="pip install --upgrade"):
        restore(tmp_path / "backup.zip", tmp_path / "again", each_alone)


def test_compacting_keeps_everything(project: Project) -> None:
    """The same events from smaller files."""
    before = told(project)
    compact_project(project)

    assert before == told(project)
    assert () == check_project(project)
