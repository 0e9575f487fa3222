"""The event table: derived from the record, filled by imports, always whole."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake
from store_samples import ACTORS, FakeCoder, article, coded_project, each_alone

from timeline.errors import StoreError
from timeline.ontology import EVENT_TYPES
from timeline.queries import (
    EVERYTHING,
    EventFilter,
    count_dyads,
    count_events,
    count_lanes,
    open_tables,
    rank_actors,
    select_events,
)
from timeline.queries.matching import match_actor_months
from timeline.records import Basis, Precision, Realis
from timeline.store import events as store_events
from timeline.store import extras, locks, sorting
from timeline.store.articles import Versions, add_articles, remove_articles
from timeline.store.codes import BASIS_CODES, EVENT_TYPE_CODES, PRECISION_CODES, REALIS_CODES, event_key, name_event
from timeline.store.codings import save_coded
from timeline.store.dictionaries import list_actors, register_actors
from timeline.store.events import append_events, compact, derive_events, is_current
from timeline.store.health import check_project
from timeline.store.project import DERIVED, EVENTS, Project, open_project
from timeline.store.rows import EVENT_SCHEMA
from timeline.store.schema import _NARROW_PROJECTION, _statements
from timeline.store.snapshot import Snapshot, derived_file, list_files, read_snapshot


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    opened = open_project(tmp_path / "project", create=True)
    yield opened
    opened.close()


def imported(first: int, number: int, day: dt.date = dt.date(2019, 1, 1)) -> pa.Table:
    """Rows as an import makes them, actors 1 and 2."""
    rows = [
        {
            "event_id": first + n, "start": day + dt.timedelta(days=n % 50), "end": day + dt.timedelta(days=n % 50),
            "event_type": 16, "quad_class": 4, "goldstein": -9.0, "realis": 0, "reports": 1, "publishers": 0,
            "contested": False, "source": 1, "target": 2,
        }
        for n in range(number)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=EVENT_SCHEMA).drop_columns(["several", "origin"])


def test_codes_cover_the_ontology_and_keep_their_order() -> None:
    """The order is part of the file format: a new member goes to the end of its list."""
    assert set(EVENT_TYPE_CODES) == set(EVENT_TYPES)
    assert set(REALIS_CODES) == set(Realis)
    assert set(PRECISION_CODES) == set(Precision)
    assert set(BASIS_CODES) == set(Basis)
    assert EVENT_TYPE_CODES[:3] == ("STATEMENT", "AGREE", "CONSULT")
    assert EVENT_TYPE_CODES[16] == "ASSAULT"


@pytest.mark.parametrize("key", [0, 1, -1, 2**63 - 1, -(2**63), 12_345])
def test_event_ids_and_keys(key: int) -> None:
    """64 bits, signed in the table, hexadecimal outside."""
    assert event_key(name_event(key)) == key
    assert len(name_event(key)) == 16


def test_deriving_is_done_once(project: Project) -> None:
    """The same codings give the same snapshot, and no new files."""
    coded_project(project, 3)
    first = read_snapshot(project)

    assert is_current(project)
    assert derive_events(project, each_alone) == first
    assert first is not None
    assert first.events == 3
    assert derive_events(project, each_alone, force=True).batch != first.batch


def test_other_merging_derives_again(project: Project) -> None:
    """What merged the codings is part of what the table is derived from."""
    coded_project(project, 3)
    before = read_snapshot(project)

    assert derive_events(project) != before
    assert derive_events(project) == read_snapshot(project)


def test_the_table_is_a_delta_table(project: Project) -> None:
    """Anything that reads Delta reads the events, without us: newest first."""
    coded_project(project, 3)

    files = DeltaTable((project.path / EVENTS).as_uri()).file_uris()
    table = duckdb.sql(f"SELECT origin, start FROM read_parquet({files})").fetchall()
    assert table == [("record", dt.date(2020, 3, day)) for day in (3, 2, 1)]


def test_no_articles_no_events(project: Project) -> None:
    """Removing the last article leaves an empty table, not an error."""
    coded_project(project, 2)
    tables = open_tables(project)
    remove_articles(project, ["article-0000", "article-0001"])
    assert not is_current(project)
    snapshot = derive_events(project, each_alone)

    assert (snapshot.events, list_files(project, snapshot)) == (0, ())
    assert count_events(tables, EVERYTHING) == 0
    coded_project(project, 2)
    assert count_events(tables, EVERYTHING) == 2


def test_events_of_a_removed_article_show_no_text_until_derived(project: Project) -> None:
    """The table is a moment behind the record, and queries bear it."""
    coded_project(project, 2)
    tables = open_tables(project)
    remove_articles(project, ["article-0000"])

    assert sorted(bool(text) for text in select_events(tables, EVERYTHING)["sentence"]) == [False, True]


def test_imported_rows_stay_when_events_are_derived(project: Project) -> None:
    """The derived part of the table is replaced, the imported part is not."""
    register_actors(project, ACTORS)
    assert append_events(project, imported(1, 100), "file 1")
    coded_project(project, 3)
    tables = open_tables(project)

    assert count_events(tables, EVERYTHING) == 103
    assert derive_events(project, each_alone, force=True).events == 103
    assert count_events(tables, EventFilter(end=dt.date(2019, 12, 31))) == 100


def test_importing_a_batch_twice_is_importing_it_once(project: Project) -> None:
    """The batch id decides."""
    register_actors(project, ACTORS)

    assert append_events(project, imported(1, 10), "file 1")
    assert not append_events(project, imported(1, 10), "file 1")
    assert append_events(project, imported(11, 10), "file 2")
    assert count_events(open_tables(project), EVERYTHING) == 20


def test_compacting_changes_files_not_answers(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small files become one sorted one; projection and rollups are there again."""
    monkeypatch.setattr(extras, "EXTRAS_FROM", 50)
    register_actors(project, ACTORS)
    coded_project(project, 3)
    for n in range(5):
        append_events(project, imported(100 * n, 40, dt.date(2019, 1 + n, 1)), f"file {n}")
    tables = open_tables(project)
    before = read_snapshot(project)
    answers = [str(query(tables, EVERYTHING)) for query in (count_events, rank_actors, count_dyads)]
    snapshot = compact(project)

    assert before is not None
    assert snapshot is not None
    assert (len(list_files(project, before)), len(list_files(project, snapshot))) == (6, 2)
    assert (before.by_actor, bool(snapshot.by_actor)) == ("", True)
    assert [str(query(tables, EVERYTHING)) for query in (count_events, rank_actors, count_dyads)] == answers
    assert len(select_events(tables, EVERYTHING, 300)) == 203


def test_small_files_are_put_together_while_importing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each append looks at all files, so thousands of small imports must not leave thousands; answers stay."""
    monkeypatch.setattr(store_events, "MANY_SMALL", 3)
    register_actors(project, ACTORS)
    coded_project(project, 3)
    tables = open_tables(project)
    files = []
    for n in range(9):
        append_events(project, imported(100 * n, 5), f"file {n}")
        files.append(len(list_files(project, read_snapshot(project))))  # type: ignore[arg-type]
        assert count_events(tables, EVERYTHING) == 3 + 5 * (n + 1)

    assert max(files) <= 4
    assert not append_events(project, imported(0, 5), "file 0")
    assert check_project(project) == ()


@pytest.mark.parametrize("part_rows", [1, 7, 40])
def test_compacting_in_parts_gives_what_one_sort_gives(
    project: Project, monkeypatch: pytest.MonkeyPatch, part_rows: int
) -> None:
    """However few rows are sorted at a time, the table has the same rows, and what is made of it is the same."""
    monkeypatch.setattr(extras, "EXTRAS_FROM", 0)
    register_actors(project, ACTORS)
    append_events(project, scattered(90), "one")
    append_events(project, imported(200, 30, dt.date(2019, 2, 1)), "two")
    whole = compact(project)
    monkeypatch.setattr(sorting, "PART_ROWS", part_rows)
    asked: list[int] = []
    stream = sorting.stream
    monkeypatch.setattr(extras, "stream", lambda *given: asked.append(len(given[2])) or stream(*given))
    parted = compact(project)

    assert whole is not None and parted is not None
    assert len(asked) == 3  # the table, the projection by actor and the busy pairs
    assert min(asked) > 1
    assert read_rows(project, parted) == read_rows(project, whole)
    assert all(file.is_file() for file in derived_file(project, "x").parent.iterdir())


def scattered(number: int) -> pa.Table:
    """Rows on days without order, some of them undated or with a list, of many pairs of actors."""
    rows = imported(0, number)
    days = [None if n % 9 == 0 else dt.date(2019, 1, 1) + dt.timedelta(days=n * 7 % 90) for n in range(number)]
    changed = {
        "start": pa.array(days, pa.date32()),
        "end": pa.array(days, pa.date32()),
        "source": pa.array([None if n % 11 == 0 else 1 + n % 4 for n in range(number)], pa.int32()),
        "target": pa.array([None if n % 13 == 0 else 1 + n % 3 for n in range(number)], pa.int32()),
        "more_targets": pa.array([[4] if n % 10 == 0 else None for n in range(number)], pa.list_(pa.int32())),
    }
    for name, values in changed.items():
        rows = rows.set_column(rows.column_names.index(name), name, values)
    return rows


def read_rows(project: Project, snapshot: Snapshot) -> list[list[dict[str, object]]]:
    """Every row of the table by id, and of what is made of it, file by file, in order."""
    events = [row for file in list_files(project, snapshot) for row in pq.ParquetFile(file).read().to_pylist()]
    made = [pq.ParquetFile(derived_file(project, name)).read().to_pylist() for name in snapshot.extras]
    return [sorted(events, key=lambda row: row["event_id"]), *made]


@pytest.mark.parametrize("most", [0, 1, 2, 300])
def test_pairs_are_the_same_from_the_projection_and_from_memory(
    project: Project, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """The projection of busy pairs answers only where all the top actors are among the busy ones, held or read."""
    register_actors(project, ACTORS)
    append_events(project, mixed(scattered(150)), "one")
    filters = [
        EventFilter(min_confidence=0.25),
        EventFilter(quad_classes=(4,), event_types=("ASSAULT", "AID")),
        EventFilter(start=dt.date(2019, 1, 20), realis=("actual",)),
        EventFilter(end=dt.date(2019, 2, 20), undated=False),
        EventFilter(contested=True, event_types=("AID",)),
    ]
    tables, serving = open_tables(project), open_tables(project)
    plain = [count_dyads(tables, f).to_csv() for f in filters]
    monkeypatch.setattr(extras, "EXTRAS_FROM", 0)
    monkeypatch.setattr(extras, "BUSY", most)
    snapshot = compact(project)
    serving.hold()
    with serving.session() as session:
        held = session.loaded.held

    assert snapshot is not None and snapshot.busy_pairs
    assert held
    assert min(len(count_dyads(tables, f)) for f in filters) > 2
    assert [count_dyads(tables, f).to_csv() for f in filters] == plain
    assert [count_dyads(serving, f).to_csv() for f in filters] == plain


@pytest.mark.parametrize("level", ["actor", "country"])
def test_lanes_are_the_same_from_the_rollup_by_month(
    project: Project, monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    """Whole months of every event, or of a quad class, are counted without reading events; others are read."""
    register_actors(project, ACTORS)
    append_events(project, mixed(scattered(150)), "one")
    whole = EventFilter(level=level)
    filters = [
        whole,
        replace(whole, quad_classes=(4,)),
        replace(whole, start=dt.date(2019, 1, 1), end=dt.date(2019, 2, 28)),
        replace(whole, start=dt.date(2019, 2, 1), undated=False, quad_classes=(2, 4)),
        replace(whole, start=dt.date(2019, 1, 2)),
        replace(whole, realis=("actual",)),
        replace(whole, actors=(ACTORS[0].id,)),
    ]
    tables = open_tables(project)
    lanes = [*list(rank_actors(tables, whole, 3)["actor_id"])[::-1], "nobody"]
    asked = [(f, width) for f in filters for width in ("month", "year")]
    plain = [count_lanes(tables, f, lanes, width).to_csv() for f, width in asked]
    monkeypatch.setattr(extras, "EXTRAS_FROM", 0)
    compact(project)

    with tables.session() as session:
        assert [bool(match_actor_months(session, f, level)) for f in filters] == [True] * 4 + [False] * 3
    assert [count_lanes(tables, f, lanes, width).to_csv() for f, width in asked] == plain
    assert plain[0].count("\n") > 5


def mixed(rows: pa.Table) -> pa.Table:
    """The rows with acts, realis and confidence of different kinds, some of the last two unknown."""
    number = len(rows)
    aid = [n % 3 == 0 for n in range(number)]
    changed = {
        "event_type": pa.array([EVENT_TYPE_CODES.index("AID" if a else "ASSAULT") for a in aid], pa.int8()),
        "quad_class": pa.array([2 if a else 4 for a in aid], pa.int8()),
        "goldstein": pa.array([10.0 if a else -9.0 for a in aid], pa.float32()),
        "realis": pa.array([None if n % 7 == 0 else n % 2 for n in range(number)], pa.int8()),
        "confidence": pa.array([None if n % 8 == 0 else n % 5 / 4 for n in range(number)], pa.float32()),
        "reports": pa.array([1 + n % 4 for n in range(number)], pa.int32()),
        "contested": pa.array([n % 2 == 0 for n in range(number)]),
    }
    for name, values in changed.items():
        rows = rows.set_column(rows.column_names.index(name), name, values)
    return rows


def test_what_queries_leave_out_is_known_after_each_batch(project: Project) -> None:
    """The longest span, open ends and rows with lists are those of all batches, not of the last."""
    rows = imported(0, 3)
    longer = rows.set_column(2, "end", pa.array([dt.date(2019, 1, 9)] * 3))
    listed = imported(6, 2).set_column(
        rows.column_names.index("more_targets"), "more_targets", pa.array([[3], None], pa.list_(pa.int32()))
    )
    seen = []
    for number, batch in enumerate((rows, longer.set_column(0, "event_id", pa.array([3, 4, 5])), listed)):
        append_events(project, batch, str(number))
        snapshot = read_snapshot(project)
        assert snapshot is not None
        seen.append((snapshot.events, snapshot.longest, snapshot.closed, snapshot.several))

    assert seen == [(3, 1, True, 0), (6, 9, False, 0), (8, 9, False, 1)]
    whole = compact(project)
    assert whole is not None
    assert (whole.events, whole.longest, whole.closed, whole.several) == seen[-1]


def test_the_projection_of_an_earlier_release_is_not_read(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its columns were others: after the migration queries do without it, and compacting makes the new one."""
    monkeypatch.setattr(extras, "EXTRAS_FROM", 0)
    register_actors(project, ACTORS)
    append_events(project, imported(0, 20), "one")
    compact(project)
    answer = select_events(open_tables(project), EventFilter(actors=(ACTORS[0].id,)), 5).to_csv()
    with project.write() as db:
        for statement in _statements(_NARROW_PROJECTION):
            db.execute(statement)
    project.close()
    reopened = open_project(tmp_path / "project")
    snapshot = read_snapshot(reopened)

    assert snapshot is not None
    assert (snapshot.by_actor, bool(snapshot.spans)) == ("", True)
    assert select_events(open_tables(reopened), EventFilter(actors=(ACTORS[0].id,)), 5).to_csv() == answer
    again = compact(reopened)
    assert again is not None and again.by_actor


def test_compacting_nothing(project: Project) -> None:
    """An empty project has nothing to compact."""
    assert compact(project) is None


@pytest.mark.parametrize("crash", ["_commit_events", "_clean_up"])
def test_a_write_that_was_cut_off_is_set_right(project: Project, monkeypatch: pytest.MonkeyPatch, crash: str) -> None:
    """A Delta version that the record does not acknowledge is never seen, and the next writer undoes it."""
    coded_project(project, 2)
    tables = open_tables(project)
    add_articles(project, [article(7)])
    save_coded(project, FakeCoder().code(article(7)), Versions("a", "b"))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store_events, crash, die)
        with pytest.raises(KeyboardInterrupt):
            derive_events(project, each_alone)

    assert count_events(tables, EVERYTHING) == (3 if crash == "_clean_up" else 2)
    append_events(project, imported(1, 10), "file 1")
    assert count_events(tables, EVERYTHING) == (13 if crash == "_clean_up" else 12)
    assert derive_events(project, each_alone).events == 13
    assert count_events(tables, EVERYTHING) == 13


def test_a_first_write_that_was_cut_off(project: Project) -> None:
    """A table without a pointer is nobody's."""
    write_deltalake(project.path / EVENTS, pa.table({"unrelated": [1]}))
    coded_project(project, 2)

    assert count_events(open_tables(project), EVERYTHING) == 2


def test_a_lost_table_is_named_and_can_be_derived_again(project: Project) -> None:
    """Somebody tidied up the folder: the record is all that is needed."""
    coded_project(project, 2)
    for file in sorted((project.path / EVENTS).rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()

    with pytest.raises(StoreError, match="can be rebuilt"):
        count_events(open_tables(project), EVERYTHING)
    derive_events(project, each_alone, force=True)
    assert count_events(open_tables(project), EVERYTHING) == 2


def test_a_full_disk_while_deriving(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The events from before stay; the message says what to do."""
    coded_project(project, 2)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store_events, "write_deltalake", full)
        with pytest.raises(StoreError, match="the disk is full"):
            derive_events(project, each_alone, force=True)
    assert count_events(open_tables(project), EVERYTHING) == 2


def test_a_disk_too_full_for_the_lock(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not said that another process writes."""

    class Full:
        def execute(self, _: str) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        def close(self) -> None:
            pass

    coded_project(project, 2)
    with monkeypatch.context() as patch:
        patch.setattr("timeline.store.locks.sqlite3.connect", lambda *_, **__: Full())
        with pytest.raises(StoreError, match="the disk is full"):
            derive_events(project, each_alone, force=True)
    assert count_events(open_tables(project), EVERYTHING) == 2


def test_old_files_are_kept_for_readers_then_deleted(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour after they are superseded; here at once."""
    monkeypatch.setattr(extras, "EXTRAS_FROM", 0)
    coded_project(project, 2)
    old = read_snapshot(project)
    derive_events(project, each_alone, force=True)
    assert old is not None
    files = [*list_files(project, old), derived_file(project, old.by_actor)]
    assert all(Path(file).exists() for file in files)

    left = project.path / DERIVED / "parts-1" / "part=0"  # by a writer that was killed while it sorted
    left.mkdir(parents=True)
    (left / "rows.parquet").touch()
    monkeypatch.setattr(store_events, "KEEP_HOURS", 0)
    derive_events(project, each_alone, force=True)
    assert not left.parent.exists()
    assert not any(Path(file).exists() for file in files)
    assert len(list((project.path / DERIVED).glob("*.parquet"))) == 7


def test_writers_of_the_table_take_turns(project: Project) -> None:
    """The lock is one for all processes; who waits too long says so; a freed lock can be taken."""
    lock = project.path / "events.lock"
    with (
        locks.exclusive(lock),
        pytest.raises(StoreError, match="may still be writing"),
        locks.exclusive(lock, patience=0.05),
    ):
        pass
    with locks.exclusive(lock, patience=0.05):
        assert lock.exists()


def test_many_threads_derive_and_read(project: Project) -> None:
    """Readers see whole states only: as many events as articles coded by then, never fewer than before."""
    coded_project(project, 1)
    tables = open_tables(project)
    seen: list[int] = []

    def write(number: int) -> None:
        add_articles(project, [article(100 + number)])
        save_coded(project, FakeCoder().code(article(100 + number)), Versions("a", "b"))
        derive_events(project, each_alone)

    def read(_: int) -> None:
        total = count_events(tables, EVERYTHING)
        assert len(select_events(tables, EVERYTHING, 100)) >= total
        seen.append(total)

    with ThreadPoolExecutor(6) as pool:
        writing = [pool.submit(write, n) for n in range(12)]
        reading = [pool.submit(read, n) for n in range(40)]
        for future in (*writing, *reading):
            future.result()

    assert count_events(tables, EVERYTHING) == 13
    assert min(seen) >= 1


def test_names_of_actors_follow_the_newest_description(project: Project) -> None:
    """A renamed actor keeps its key; one only heard of is filled in when met."""
    register_actors(project, [ACTORS[2]])
    assert [(entry.actor.id, entry.actor.name) for entry in list_actors(project)] == [
        ("ald-army", "Aldorian army"),
        ("ALD", "ALD"),
    ]
    register_actors(project, [replace(ACTORS[2], name="Army of Aldoria"), ACTORS[0]])

    entries = list_actors(project)
    assert [(entry.key, entry.actor.name) for entry in entries] == [(1, "Army of Aldoria"), (2, "Aldoria")]
    assert (entries[0].organ, entries[0].state) == (1, 2)


def test_folding_is_that_of_the_time_of_deriving(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Projection and rollups were folded then; a new lexicon must not make queries disagree with one another."""
    monkeypatch.setattr(extras, "EXTRAS_FROM", 0)
    register_actors(project, ACTORS)
    coded_project(project, 3)
    country = EventFilter(actors=("BOR",), level="country")
    register_actors(project, [replace(ACTORS[0], part_of="BOR")])
    tables = open_tables(project)

    assert count_events(tables, country) == 3
    assert set(rank_actors(tables, EVERYTHING, level="country")["actor_id"]) == {"ALD", "BOR"}
    assert set(rank_actors(tables, EventFilter(min_confidence=0.1), level="country")["actor_id"]) == {"ALD", "BOR"}
    derive_events(project, each_alone, force=True)
    assert set(rank_actors(tables, EVERYTHING, level="country")["actor_id"]) == {"BOR"}


def test_actors_in_a_circle(project: Project) -> None:
    """A lexicon's mistake must not hang the store."""
    first = replace(ACTORS[5], id="one", part_of="two")
    register_actors(project, [first, replace(first, id="two", part_of="one")])

    assert [entry.actor.id for entry in list_actors(project)] == ["one", "two"]


def test_a_lexicon_is_registered_once_per_version(project: Project) -> None:
    """Registering fifteen hundred actors on every run would be waste."""
    register_actors(project, ACTORS, "v1")
    register_actors(project, [replace(ACTORS[0], name="Renamed")], "v1")
    assert list_actors(project)[0].actor.name == "Aldoria"
    register_actors(project, [replace(ACTORS[0], name="Renamed")], "v2")
    assert list_actors(project)[0].actor.name == "Renamed"
