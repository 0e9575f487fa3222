"""Importing a newer state of an event table: rows changed since replace those kept, whatever comes between."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from import_samples import acled_table, events_of, gdelt_row, run
from store_samples import coded_project, each_alone

from timeline.errors import StoreError
from timeline.queries import EventFilter, count_events, open_tables, read_evidence
from timeline.store import Project, extras, open_project
from timeline.store.backup import back_up, restore
from timeline.store.events import append_events
from timeline.store.health import Remedy, check_project
from timeline.store.imports import finish_import, import_file, import_files, list_imports
from timeline.store.imports.mapping import read_moments
from timeline.store.originals import KEY, LINE, ORIGINALS, URL, original_file, read_original, read_original_addresses
from timeline.store.project import RECORD
from timeline.store.repair import rebuild_events, repair_project
from timeline.store.schema import MIGRATIONS
from timeline.store.snapshot import NEWER, list_files, read_snapshot

OLD = acled_table((1, 100, "Zorblax Front"), (2, 100, "Zorblax Front"), (3, 100, "Zorblax Front"))
# The second row is changed, the third as it was, the fourth new.
NEW = acled_table((2, 200, "Vellmark Militia"), (3, 100, "Zorblax Front"), (4, 200, "Zorblax Front"))
BEFORE = {1: "zorblax-front", 2: "zorblax-front", 3: "zorblax-front"}
AFTER = {1: "zorblax-front", 2: "vellmark-militia", 3: "zorblax-front", 4: "zorblax-front"}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    opened = open_project(tmp_path / "project", create=True)
    yield opened
    opened.close()


def write(tmp_path: Path, text: str, name: str) -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write(tmp_path, OLD, "old.csv")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return write(tmp_path, NEW, "new.csv")


def told(project: Project) -> dict[int, str]:
    """Who is fought in each event, by the number in its id, which is one more than its day; each event stands once."""
    found = [(int(str(e["start"])[8:10]) - 1, str(e["target_ids"][0])) for e in events_of(project)]  # type: ignore[index]
    assert len(found) == len(dict(found))
    return {number: actor.removeprefix("x-") for number, actor in sorted(found)}


def list_waiting(project: Project) -> tuple[str, ...]:
    """The files with rows that have not replaced any yet."""
    snapshot = read_snapshot(project)
    assert snapshot is not None
    return list_files(project, snapshot, (NEWER,))


def read_cell(project: Project, number: int, column: str) -> str:
    """A cell of the row that the evidence of an event shows."""
    day = f"2020-03-{number + 1:02}"
    (event,) = [event for event in events_of(project) if str(event["start"])[:10] == day]
    original = read_evidence(open_tables(project), str(event["event_id"])).original
    assert original is not None
    return original.cells[column]


@pytest.mark.parametrize("extras_from", [1, extras.EXTRAS_FROM])
def test_a_row_changed_since_replaces_the_one_kept(
    project: Project, old: Path, new: Path, monkeypatch: pytest.MonkeyPatch, extras_from: int
) -> None:
    """Queries and evidence tell the new row; others of the file are new, or known as they are."""
    monkeypatch.setattr(extras, "EXTRAS_FROM", extras_from)
    first, second = run(project, old), run(project, new)
    tables = open_tables(project)
    actors = ("x-zorblax-front", "x-vellmark-militia")
    counted = [count_events(tables, EventFilter(actors=(actor,))) for actor in actors]

    assert (first.events, first.changed, first.known) == (3, 0, 0)
    assert (second.events, second.changed, second.known) == (1, 1, 1)
    assert told(project) == AFTER
    assert counted == [3, 1]
    assert [read_cell(project, number, "timestamp") for number in AFTER] == ["100", "200", "100", "200"]
    assert [(one.events, one.changed, one.known) for one in list_imports(project)] == [(3, 0, 0), (1, 1, 1)]
    assert list_waiting(project) == ()
    assert check_project(project) == ()


def test_an_id_keeps_its_event(project: Project, old: Path, new: Path) -> None:
    """A link to the event still leads to it."""
    run(project, old)
    before = {str(event["event_id"]) for event in events_of(project)}
    run(project, new)

    assert before < {str(event["event_id"]) for event in events_of(project)}


def test_the_same_again_and_an_older_state_add_nothing(project: Project, old: Path, new: Path, tmp_path: Path) -> None:
    """Also in another file, so that it is not known by its bytes."""
    run(project, new)
    done = run(project, old)
    again = run(project, write(tmp_path, NEW + "\n", "again.csv"))

    assert (done.events, done.changed, done.known) == (1, 0, 2)
    assert (again.events, again.changed, again.known) == (0, 0, 3)
    assert told(project) == AFTER
    assert read_cell(project, 2, "actor2") == "Vellmark Militia"


@pytest.mark.parametrize(("kept", "offered"), [("", 200), (100, ""), ("", ""), (100, "soon"), (100, 100)])
def test_a_row_that_is_not_said_to_be_newer_is_known(
    project: Project, tmp_path: Path, kept: int | str, offered: int | str
) -> None:
    """Where either says no moment, or both the same, the one that is there stays."""
    run(project, write(tmp_path, acled_table((1, kept, "Zorblax Front"), (2, 50, "Zorblax Front")), "one.csv"))
    done = run(project, write(tmp_path, acled_table((1, offered, "Vellmark Militia")), "two.csv"))

    assert (done.events, done.changed, done.known) == (0, 0, 1)
    assert told(project)[1] == "zorblax-front"


def test_a_table_without_the_column_changes_nothing(project: Project, old: Path, tmp_path: Path) -> None:
    """Exports may leave it out."""
    run(project, old)
    head, *rows = NEW.splitlines()
    short = "\n".join(line.rsplit(",", 1)[0] for line in (head, *rows))
    done = run(project, write(tmp_path, short, "short.csv"))

    assert (done.events, done.changed, done.known) == (1, 0, 2)
    assert told(project) == BEFORE | {4: "zorblax-front"}


def test_moments_in_all_spellings() -> None:
    """Whole seconds, as text or as the decimal numbers that tables with gaps make of them; others are none."""
    cells = ["1583366400", " 7 ", "1583366400.0", "8.", "", "soon", "-5", "1e9", "2020-03-05", None]

    assert read_moments(pa.array(cells)).tolist() == [1583366400, 7, 1583366400, 8, -1, -1, -1, -1, -1, -1]


def test_of_an_event_twice_in_a_file_the_newest_row_counts(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one batch and over several."""
    table = acled_table((1, 200, "Vellmark Militia"), (1, 100, "Zorblax Front"), (2, 100, "A"), (2, 200, "B"))
    done = run(project, write(tmp_path, table, "one.csv"))
    monkeypatch.setattr("timeline.store.imports.batches.BATCH_BYTES", 1)
    monkeypatch.setattr("timeline.store.imports.batches.BLOCK_BYTES", 200)
    more = [(2, 400, "D"), (2, 300, "C"), *((number, 100, "Zorblax Front") for number in range(3, 9)), (2, 500, "E")]
    many = run(project, write(tmp_path, acled_table(*more), "two.csv"))

    assert (done.events, done.changed, done.known) == (2, 0, 2)
    assert (many.events, many.changed, many.known) == (6, 2, 1)
    assert (told(project)[1], told(project)[2]) == ("vellmark-militia", "e")
    assert read_cell(project, 2, "actor2") == "E"
    assert check_project(project) == ()


def test_several_states_at_once_in_small_files(project: Project, tmp_path: Path) -> None:
    """Files stored together tell what they tell one after the other; a row without moment is not replaced."""
    tables = {
        "a": acled_table((1, 100, "A"), (2, "", "A"), (3, 300, "A")),
        "b": acled_table((1, 300, "B"), (2, 300, "B"), (3, 200, "B")),
        "c": acled_table((1, 200, "C"), (4, 200, "C"), (3, "", "C")),
    }
    for name, table in tables.items():
        write(tmp_path, table, f"{name}.csv")
    done = list(import_files(project, [tmp_path / f"{name}.csv" for name in tables]))
    finish_import(project)

    assert told(project) == {1: "b", 2: "a", 3: "a", 4: "c"}
    assert [sum(counts) for counts in ((one.events, one.changed, one.known) for one in done)] == [3, 3, 3]
    assert sum(one.events for one in done) == 4
    assert read_cell(project, 1, "timestamp") == "300"
    assert check_project(project) == ()


def test_several_states_at_once(project: Project, tmp_path: Path) -> None:
    """One command reads all files, then finishes: the last change counts, in whatever order they come."""
    for moment in (100, 300, 200, 400):
        import_file(project, write(tmp_path, acled_table((1, moment, f"Actor {moment}")), f"{moment}.csv"))
    assert told(project) == {1: "actor-100"}
    finish_import(project)

    assert told(project) == {1: "actor-400"}
    assert read_cell(project, 1, "actor2") == "Actor 400"
    assert [(one.events, one.changed, one.known) for one in list_imports(project)] == [
        (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 0),
    ]  # fmt: skip
    assert check_project(project) == ()


def test_events_of_articles_and_of_other_tables_stay(project: Project, old: Path, new: Path, tmp_path: Path) -> None:
    """Also when articles are coded while newer rows wait."""
    run(project, write(tmp_path, gdelt_row(7), "gdelt.csv"))
    import_file(project, old)
    import_file(project, new)
    coded_project(project, 2)
    waiting = [str(event["target_ids"]) for event in events_of(project)]
    finish_import(project)
    settled = [str(event["target_ids"]) for event in events_of(project)]

    assert (len(waiting), len(settled)) == (7, 7)
    assert (sum("vellmark" in side for side in waiting), sum("vellmark" in side for side in settled)) == (0, 1)
    assert check_project(project) == ()


KILLED = """
import os, signal, sys
from pathlib import Path
from timeline.store import events, open_project
from timeline.store.imports import finish_import, import_file
project = open_project(sys.argv[1])
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "before the batch counts":
    events.write_snapshot = die
import_file(project, Path(sys.argv[2]))
if sys.argv[3] == "before they replace any":
    die()
events.write_snapshot = die
finish_import(project)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("moment", ["before the batch counts", "before they replace any", "before their table counts"])
def test_killed_and_run_again(project: Project, old: Path, new: Path, moment: str) -> None:
    """The table is the old one or the new one, each event once; the same command brings the new one."""
    run(project, old)
    command = [sys.executable, "-c", KILLED, str(project.path), str(new), moment]
    killed = subprocess.run(command, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert told(project) == (BEFORE if moment == "before the batch counts" else BEFORE | {4: "zorblax-front"})
    assert check_project(project) == ()

    done = run(project, new)
    assert (done.events, done.changed, done.known) == (1, 1, 1)
    assert told(project) == AFTER
    assert read_cell(project, 2, "timestamp") == "200"
    assert check_project(project) == ()


def test_what_another_run_left_unfinished_does_not_count(project: Project, old: Path, tmp_path: Path) -> None:
    """An original row whose batch was never entered makes no other row old."""
    run(project, old)
    with project.write() as db:
        db.execute("INSERT INTO imports VALUES ('gone', 'gone.csv', '', 'acled', '2020', NULL)")
        db.execute("INSERT INTO originals SELECT 'f00d', 'gone', 0, first, last, 1, 0, 0, 0, 9 FROM originals")
    (kept,) = (project.path / ORIGINALS).glob("*.parquet")
    rows = papq.read_table(kept)
    place = rows.column_names.index("timestamp")
    papq.write_table(rows.set_column(place, "timestamp", pa.array(["900"] * 3)), original_file(project, "f00d"))

    assert run(project, write(tmp_path, acled_table((1, 200, "Vellmark Militia")), "b.csv")).changed == 1


def test_the_address_is_that_of_the_newest_row(project: Project) -> None:
    """An older one is no substitute where it has none; files are named by chance, so their order says nothing."""
    (project.path / ORIGINALS).mkdir()
    with project.write() as db:
        db.execute("INSERT INTO imports VALUES ('one', 'one.csv', '', 'gdelt', '2020', '2020')")
        for turn, batch, addresses in ((1, "b", ["old", "old", "old"]), (2, "a", ["new", ""])):
            db.execute("INSERT INTO originals VALUES (?, 'one', ?, 1, 3, 3, 0, 0, 0, ?)", (batch, turn, turn))
            rows = {KEY: range(1, len(addresses) + 1), LINE: [1] * len(addresses), URL: addresses}
            papq.write_table(pa.table(rows), original_file(project, batch))
    originals = [read_original(project, key) for key in (1, 2, 3)]

    assert read_original_addresses(project, [1, 2, 3]) == {1: "new", 3: "old"}
    assert [one and one.url for one in originals] == ["new", "", "old"]


# --- repair --------------------------------------------------------------------------------------------------------


def test_the_table_made_again_has_the_newest_rows(project: Project, old: Path, new: Path, tmp_path: Path) -> None:
    """Also where a file begun first brought the last change."""
    late = write(tmp_path, acled_table((3, 300, "Vellmark Militia")), "late.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("timeline.store.imports.gathering.append_batches", lambda *_: ())
        import_file(project, late)  # begun, and nothing entered
    with project.write() as db:
        db.execute("UPDATE imports SET finished = NULL")
    run(project, old)
    run(project, new)
    assert run(project, late).changed == 1
    before, kept = told(project), [(one.file, one.events, one.changed) for one in list_imports(project)]
    rebuild_events(project, each_alone)

    assert before == told(project) == AFTER | {3: "vellmark-militia"}
    assert kept == [(one.file, one.events, one.changed) for one in list_imports(project)]
    assert read_cell(project, 3, "timestamp") == "300"
    assert check_project(project) == ()


@pytest.mark.parametrize("lost", ["old.csv", "new.csv"])
def test_lost_original_rows_come_back_with_their_file(
    project: Project, old: Path, new: Path, tmp_path: Path, lost: str
) -> None:
    """The table is made of the other file's rows until then; the counts of both agree with it."""
    run(project, old)
    run(project, new)
    with project.read() as db:
        query = "SELECT o.batch FROM originals o JOIN imports i ON i.id = o.import WHERE i.file = ?"
        (batch,) = db.execute(query, (str(tmp_path / lost),)).fetchone()
    original_file(project, batch).write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(StoreError, match="verify --repair"):
        import_file(project, write(tmp_path, acled_table((2, 300, "C")), "third.csv"))
    faults = check_project(project)
    assert [(fault.remedy, lost in fault.message) for fault in faults] == [(Remedy.IMPORT, True)]
    assert repair_project(project, faults, each_alone) == ()
    left = AFTER if lost == "old.csv" else BEFORE
    assert told(project) == {number: left[number] for number in left if number not in ((1, 3) if "old" in lost else ())}
    assert sum(one.events for one in list_imports(project)) == len(told(project))
    assert check_project(project) == ()

    run(project, tmp_path / lost)
    assert told(project) == AFTER
    assert read_cell(project, 2, "timestamp") == "200"
    assert sum(one.events for one in list_imports(project)) == len(AFTER)
    assert check_project(project) == ()


def test_an_event_that_stands_twice_is_named_and_mended(project: Project, old: Path) -> None:
    """Once in the table is what the record knows of."""
    run(project, old)
    snapshot = read_snapshot(project)
    assert snapshot is not None
    (file,) = list_files(project, snapshot)
    append_events(project, papq.ParquetFile(file).read().slice(1, 1).drop_columns(["several"]), "twice")
    faults = check_project(project)

    assert [(fault.part, fault.message, fault.remedy) for fault in faults] == [
        ("event table", "events that stand in it more than once: 1", Remedy.REBUILD)
    ]
    assert repair_project(project, faults, each_alone) == ()
    assert told(project) == BEFORE
    assert check_project(project) == ()


def test_an_import_after_a_repair_that_was_cut_off_doubles_nothing(
    project: Project, old: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows that the repair had not come to are offered again by another file, and kept a second time."""
    run(project, old)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("timeline.store.repair.append_batches", killed)
        rebuild_events(project, each_alone)
    assert run(project, new).events == 3
    faults = check_project(project)
    assert [fault.remedy for fault in faults] == [Remedy.REBUILD]
    assert repair_project(project, faults, each_alone) == ()

    assert told(project) == AFTER
    assert sum(one.events for one in list_imports(project)) == len(AFTER)
    assert check_project(project) == ()


def test_damage_in_rows_that_wait_is_named(project: Project, old: Path, new: Path) -> None:
    """Made again from the original rows, they wait no longer."""
    run(project, old)
    import_file(project, new)
    (waiting,) = list_waiting(project)
    Path(waiting).write_bytes(b"PAR1 nothing PAR1")
    faults = check_project(project)

    assert [fault.remedy for fault in faults] == [Remedy.REBUILD]
    assert repair_project(project, faults, each_alone) == ()
    assert told(project) == AFTER


def test_a_backup_holds_newer_rows(project: Project, old: Path, new: Path, tmp_path: Path) -> None:
    """Also those of a batch without a single new event, and those that still wait."""
    run(project, old)
    run(project, new)
    import_file(project, write(tmp_path, acled_table((1, 300, "Vellmark Militia")), "last.csv"))
    made = back_up(project, tmp_path / "backup.zip")
    again = restore(tmp_path / "backup.zip", tmp_path / "again", each_alone)

    assert made.imported == 4
    assert told(again) == AFTER | {1: "vellmark-militia"}
    assert read_cell(again, 1, "timestamp") == "300"
    assert check_project(again) == ()


def test_rows_kept_by_an_earlier_release_are_replaced_too(project: Project, old: Path, new: Path) -> None:
    """What it kept is enough: the moments are among the original columns."""
    run(project, old)
    project.close()
    with sqlite3.connect(project.path / RECORD) as db:
        db.execute("ALTER TABLE originals DROP COLUMN changed")
        db.execute("ALTER TABLE originals DROP COLUMN turn")
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
    db.close()
    later = open_project(project.path)
    assert [(one.events, one.changed) for one in list_imports(later)] == [(3, 0)]

    assert run(later, new).changed == 1
    assert told(later) == AFTER
    rebuild_events(later, each_alone)
    assert told(later) == AFTER
    assert check_project(later) == ()
