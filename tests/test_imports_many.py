"""Importing many small files: stored together, told one by one, and as resumable as a large one."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from import_samples import events_of, gdelt_row

from timeline.records import Actor, Place
from timeline.store import Project, open_project
from timeline.store.dictionaries import enter_places, enter_publishers, place_row
from timeline.store.events import append_batches
from timeline.store.health import check_project
from timeline.store.imports import gathering, import_files, list_imports, mapping
from timeline.store.imports.actors import ActorFinder
from timeline.store.imports.batches import Batch
from timeline.store.imports.mapping import Mapped, Mapper
from timeline.store.snapshot import read_snapshot

ROWS = 4


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return open_project(tmp_path / "project", create=True)


def small_file(folder: Path, number: int, **last: str) -> Path:
    """A table of a few rows, with ids of its own; cells of the last one may be others."""
    file = folder / f"small{number:03}.csv"
    rows = [gdelt_row(number * ROWS + n) for n in range(ROWS - 1)]
    rows.append(gdelt_row(number * ROWS + ROWS - 1, **last))
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def commits(project: Project) -> int:
    """How often rows were added to the event table."""
    snapshot = read_snapshot(project)
    return snapshot.version + 1 if snapshot else 0


def test_small_files_share_a_commit(project: Project, tmp_path: Path) -> None:
    """Every file is told in its order, with its own count, whatever it was stored with."""
    files = [small_file(tmp_path, number) for number in range(30)]

    done = list(import_files(project, files))

    assert commits(project) == 1
    assert [Path(one.file) for one in done] == files
    assert {(one.format, one.events, one.known, one.finished, one.again) for one in done} == {
        ("gdelt", ROWS, 0, True, False)
    }
    assert [(one.events, one.finished) for one in list_imports(project)] == [(ROWS, True)] * 30
    assert len(events_of(project)) == 30 * ROWS
    assert check_project(project) == ()


def test_what_is_in_hand_is_bounded(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the number of files and by their size; those that are stored are told before the rest is read."""
    monkeypatch.setattr(gathering, "MOST_BATCHES", 3)
    files = [small_file(tmp_path, number) for number in range(8)]
    told = import_files(project, files)

    first = list(itertools.islice(told, 2))
    assert ([Path(one.file) for one in first], commits(project)) == (files[:2], 1)
    assert ([Path(one.file) for one in told], commits(project)) == (files[2:], 3)

    monkeypatch.setattr(gathering.batches, "BATCH_BYTES", 1)
    list(import_files(project, [small_file(tmp_path, number) for number in range(8, 12)]))

    assert commits(project) == 7


def test_an_event_in_two_files_of_a_commit_is_the_first_ones(project: Project, tmp_path: Path) -> None:
    """The second says that it was there already."""
    first, second = small_file(tmp_path, 0), tmp_path / "other.csv"
    second.write_text("\n".join(gdelt_row(number) for number in (9, 2, 1, 8)), encoding="utf-8")

    done = list(import_files(project, [first, second]))

    assert commits(project) == 1
    assert [(one.events, one.known) for one in done] == [(ROWS, 0), (2, 2)]
    assert len(events_of(project)) == ROWS + 2


def test_a_copy_of_a_file_in_hand_adds_nothing(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the same import, finished already, also where the file is in hand with its last batch alone."""
    file, copy = small_file(tmp_path, 0), tmp_path / "copy.csv"
    copy.write_bytes(file.read_bytes())
    for again in (False, True):
        done = list(import_files(project, [file, copy]))

        assert [(one.again, one.events, one.known) for one in done] == [(again, ROWS, 0), (True, ROWS, 0)]

    monkeypatch.setattr(gathering.batches, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(gathering.batches, "BATCH_BYTES", 4000)
    for name in ("long.csv", "long copy.csv"):
        (tmp_path / name).write_text("\n".join(gdelt_row(number) for number in range(100, 120)), encoding="utf-8")
    done = list(import_files(project, [tmp_path / "long.csv", tmp_path / "long copy.csv"]))

    assert [(one.again, one.events, one.known) for one in done] == [(False, 20, 0), (True, 20, 0)]
    assert len(events_of(project)) == ROWS + 20


def test_what_is_no_table_is_told_in_its_place(project: Project, tmp_path: Path) -> None:
    """Those before and after are imported."""
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    files = [small_file(tmp_path, 0), bad, tmp_path / "missing.csv", small_file(tmp_path, 1)]

    done = list(import_files(project, files))

    assert [one.events for one in done] == [ROWS, 0, 0, ROWS]
    assert [bool(one.problem) for one in done] == [False, True, True, False]
    assert [one.format for one in done] == ["gdelt", "", "", "gdelt"]


def test_where_nothing_is_in_hand_a_file_is_told_at_once(project: Project, tmp_path: Path) -> None:
    """One that is missing or was imported before has nothing to wait for."""
    known = small_file(tmp_path, 0)
    list(import_files(project, [known]))
    told = import_files(project, read_one_by_one := iter([tmp_path / "missing.csv", known, small_file(tmp_path, 1)]))

    assert (next(told).problem, next(told).again) == (f"{tmp_path}/missing.csv: there is no such file", True)
    assert len(list(read_one_by_one)) == 1


def test_rows_put_aside_lie_with_their_file(project: Project, tmp_path: Path) -> None:
    """Files of one commit have a quarantine each."""
    files = [small_file(tmp_path, 0, SQLDATE="never"), small_file(tmp_path, 1), small_file(tmp_path, 2, EventCode="x")]

    done = list(import_files(project, files))

    assert [(one.events, one.rejected) for one in done] == [(ROWS - 1, 1), (ROWS, 0), (ROWS - 1, 1)]
    assert [one.quarantine is not None for one in done] == [True, False, True]
    assert [len(one.quarantine.read_text().splitlines()) for one in done if one.quarantine] == [1, 1]


@pytest.mark.parametrize("crash", ["append_batches", "write_seals"])
def test_a_commit_that_was_cut_off_is_made_again(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash: str
) -> None:
    """No file of it counts as imported; the next run has all rows once, and those put aside once."""
    files = [small_file(tmp_path, 0), small_file(tmp_path, 1, SQLDATE="never"), small_file(tmp_path, 2)]

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(gathering, crash, die)
        with pytest.raises(KeyboardInterrupt):
            list(import_files(project, files))
    assert not any(one.finished for one in list_imports(project))
    done = list(import_files(project, files))

    assert [(one.events, one.known, one.rejected, one.again) for one in done] == [
        (ROWS, 0, 0, False),
        (ROWS - 1, 0, 1, False),
        (ROWS, 0, 0, False),
    ]
    assert done[1].quarantine is not None
    assert len(done[1].quarantine.read_text().splitlines()) == 1
    assert len(events_of(project)) == 3 * ROWS - 1
    assert check_project(project) == ()


def test_a_commit_that_was_not_told_is_not_made_again(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the rows were stored, before the files counted as finished: they are read again, and stay."""
    files = [small_file(tmp_path, number) for number in range(3)]

    def die(*given: object) -> None:
        append_batches(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(gathering, "append_batches", die)
        with pytest.raises(KeyboardInterrupt):
            list(import_files(project, files))
    done = list(import_files(project, files))

    assert [(one.events, one.known, one.again) for one in done] == [(ROWS, 0, False)] * 3
    assert all(one.finished for one in list_imports(project))
    assert len(events_of(project)) == 3 * ROWS


def test_a_mistake_of_ours_costs_no_file_before(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that no file should raise ends the run, and leaves what was read before it stored."""
    files = [small_file(tmp_path, number) for number in range(4)]

    def fail(mapper: Mapper, batch: Batch, map_: Any = Mapper.map) -> Mapped:
        if any("/news/8" in url for url in batch.columns["SOURCEURL"].to_pylist()):
            raise ZeroDivisionError
        mapped: Mapped = map_(mapper, batch)
        return mapped

    monkeypatch.setattr(Mapper, "map", fail)
    with pytest.raises(ZeroDivisionError):
        list(import_files(project, files))

    assert [one.finished for one in list_imports(project)] == [True, True, False]
    assert len(events_of(project)) == 2 * ROWS


def test_the_same_files_at_once_in_two_runs(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other run has stored meanwhile is left as it is: its rows do not become rows known before."""
    files = [small_file(tmp_path, number) for number in range(3)]
    runs: list[int] = []

    def map_after_other(mapper: Mapper, batch: Batch, map_: Any = Mapper.map) -> Mapped:
        if not runs:
            runs.append(1)
            runs.append(len(list(import_files(project, files))))
        mapped: Mapped = map_(mapper, batch)
        return mapped

    monkeypatch.setattr(Mapper, "map", map_after_other)
    done = list(import_files(project, files))

    assert runs == [1, 3]
    assert [(one.events, one.known) for one in done] == [(ROWS, 0)] * 3
    assert len(events_of(project)) == 3 * ROWS


def test_stopping_stores_what_is_in_hand(project: Project, tmp_path: Path) -> None:
    """The files read by then are told; the next run goes on behind them."""
    files = [small_file(tmp_path, number) for number in range(5)]
    seen: list[str] = []

    stopped = list(
        import_files(project, files, progress=lambda p: seen.append(p.file), should_stop=lambda: len(seen) == 3)
    )
    rest = list(import_files(project, files))

    assert [one.events for one in stopped] == [ROWS] * 3
    assert [one.again for one in rest] == [one.finished for one in stopped] + [False] * 2
    assert len(events_of(project)) == 5 * ROWS


def test_what_files_have_in_common_is_read_once(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lexicon for the first file, a value in it once, a known actor, publisher or place with one entry."""
    loaded: list[str] = []
    entered: list[int] = []

    def load(finder: ActorFinder, load_: Any = ActorFinder.__init__) -> None:
        loaded.append("lexicon")
        load_(finder)

    def enter(db: Any, actors: Iterable[Actor], enter_: Any = mapping.enter_actors) -> dict[str, int]:
        listed = list(actors)
        entered.append(len(listed))
        return dict(enter_(db, listed))

    monkeypatch.setattr(ActorFinder, "__init__", load)
    monkeypatch.setattr(mapping, "enter_actors", enter)
    list(import_files(project, [small_file(tmp_path, number) for number in range(6)]))

    assert loaded == ["lexicon"]
    assert len(entered) == 1


def test_keys_are_looked_up_for_what_is_asked(project: Project) -> None:
    """Not for the whole dictionary, which grows with every import; names met before keep theirs."""
    near, far = Place("Sarmin", "SYR", 35.9, 36.7), Place("Idlib", "SYR", 35.93, 36.63)
    with project.write() as db:
        publishers = enter_publishers(db, ["one.example", "two.example"])
        places = enter_places(db, [near, far])

        assert enter_publishers(db, ["two.example", "", "two.example"]) == {"two.example": publishers["two.example"]}
        assert enter_places(db, [far]) == {place_row(far): places[place_row(far)]}
        assert enter_publishers(db, []) == enter_places(db, []) == {}


KILLED = """
import sys
from pathlib import Path
from timeline.store import open_project
from timeline.store.imports import finish_import, gathering, import_files
gathering.MOST_BATCHES = 7
project = open_project(sys.argv[1])
for one in import_files(project, sorted(Path(sys.argv[2]).iterdir())):
    print(one.file, one.again, flush=True)
finish_import(project)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_killed_among_many_files_and_run_again(project: Project, tmp_path: Path) -> None:
    """No file that was told is lost, and no row is there twice."""
    folder = tmp_path / "files"
    folder.mkdir()
    files = [small_file(folder, number, **({"SQLDATE": "never"} if number % 5 == 0 else {})) for number in range(60)]
    command = [sys.executable, "-c", KILLED, str(project.path), str(folder)]
    for seen in (1, 16, 30):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        told = [child.stdout.readline().rsplit(" ", 1)[0] for _ in range(seen)]
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()

        assert {one.file for one in list_imports(project) if one.finished} >= set(told)
    subprocess.run(command, check=True, capture_output=True)
    done = list(import_files(project, files))
    ids = [event["event_id"] for event in events_of(project)]

    assert (len(ids), len(set(ids))) == (60 * ROWS - 12, 60 * ROWS - 12)
    assert [(one.again, one.events, one.known, one.rejected) for one in done] == [
        (True, ROWS - 1, 0, 1) if number % 5 == 0 else (True, ROWS, 0, 0) for number in range(60)
    ]
    assert sum(len(one.quarantine.read_text().splitlines()) for one in done if one.quarantine) == 12
    assert check_project(project) == ()
