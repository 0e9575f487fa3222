"""Counts out of memory against the same counts of the files."""

from __future__ import annotations

import datetime as dt
import functools
import unittest.mock
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import ACTORS, PUBLISHERS
from test_store_events import imported, mixed, scattered

from timeline.queries import (
    EVERYTHING,
    EventFilter,
    Tables,
    count_dyads,
    count_events,
    count_lanes,
    count_per_bin,
    count_places,
    open_tables,
    rank_actors,
    select_events,
    select_events_at,
    select_points,
)
from timeline.queries import tables as queries_tables
from timeline.queries.held import choosing, columns, pages, pairs, sums
from timeline.records import Place
from timeline.store import extras
from timeline.store.dictionaries import enter_places, enter_publishers, register_actors
from timeline.store.events import append_events, compact
from timeline.store.project import Project, open_project

IDS = tuple(actor.id for actor in ACTORS)
FILTERS = [
    EVERYTHING,
    EventFilter(min_confidence=0.5),
    EventFilter(min_confidence=0.3, start=dt.date(2019, 1, 20), end=dt.date(2019, 2, 20)),
    EventFilter(start=dt.date(2019, 1, 20), undated=False, realis=("actual",)),
    EventFilter(end=dt.date(2019, 2, 20), quad_classes=(4,)),
    EventFilter(end=dt.date(2018, 2, 20)),
    EventFilter(start=dt.date(2030, 1, 1), undated=False),
    EventFilter(start=dt.date(2019, 3, 1), end=dt.date(2019, 2, 1)),
    EventFilter(actors=IDS[:1], contested=True),
    EventFilter(actors=IDS[:1], role="source"),
    EventFilter(actors=IDS[:2], role="target", event_types=("AID",)),
    EventFilter(actors=IDS[:3], role="between"),
    EventFilter(actors=("nobody",)),
    EventFilter(actors=("ALD",), level="country"),
    EventFilter(publishers=PUBLISHERS[:1]),
    EventFilter(publishers=("unheard of",)),
]
PAGES = [("newest", 0, 0), ("newest", 9, 5), ("oldest", 3, 77), ("oldest", 400, 0), ("reports", 5, 2)]


NEVER = 1 << 30


def forget(tables: Tables) -> None:
    """Leave no rows chosen."""
    with tables.session() as session:
        session.loaded.answers.pop("chosen", None)


def ask_all(tables: Tables, f: EventFilter) -> list[str]:
    """What a page asks of a filter's events, as text."""
    lanes = [*IDS[:3], "nobody"]
    return [
        str(count_events(tables, f)),
        *(count_per_bin(tables, f, width, by).to_csv() for width in ("day", "month") for by in ("event", "published")),
        *(rank_actors(tables, f, 50, level).to_csv() for level in ("country", "actor")),
        *(
            count_lanes(tables, f, lanes, width, by).to_csv()
            for width in ("day", "week", "month")
            for by in ("event", "published")
        ),
        *(count_dyads(tables, f, 3, level).to_csv() for level in ("actor", "organ")),
        count_places(tables, f).to_csv(),
        *(select_events(tables, f, limit, offset, order).to_csv() for order, limit, offset in PAGES),
        *(select_events_at(tables, f, place, 9).to_csv() for place in (1, 7)),
        *(select_points(tables, f, lanes, limit, by).to_csv() for limit, by in ((20, "event"), (400, "published"))),
    ]


def told(rows: pa.Table) -> pa.Table:
    """The rows with publishers, some of them two, places and manners of dating, where these are known."""
    number = len(rows)
    days = [None if n % 6 == 0 else dt.date(2019, 2, 1) + dt.timedelta(days=n * 3 % 60) for n in range(number)]
    changed = {
        "published": pa.array(days, pa.date32()),
        "publisher": pa.array([None if n % 5 == 0 else 1 + n % 3 for n in range(number)], pa.int32()),
        "more_publishers": pa.array([[3] if n % 12 == 1 else None for n in range(number)], pa.list_(pa.int32())),
        "precision": pa.array([n % 3 or None for n in range(number)], pa.int8()),
        "basis": pa.array([n % 4 or None for n in range(number)], pa.int8()),
        "place": pa.array([None if n % 4 == 0 else 1 + n % 2 for n in range(number)], pa.int32()),
    }
    for name, values in changed.items():
        rows = rows.set_column(rows.column_names.index(name), name, values)
    return rows


def lasting(rows: pa.Table) -> pa.Table:
    """The rows with some days from start to end, and some with an open end."""
    starts = rows["start"].to_pylist()
    ends = [day and n % 7 and day + dt.timedelta(days=n % 4) for n, day in enumerate(starts)]
    changed = {"start": [n % 11 and day for n, day in enumerate(starts)], "end": ends}
    for name, days in changed.items():
        values = pa.array([day or None for day in days], pa.date32())
        rows = rows.set_column(rows.column_names.index(name), name, values)
    return rows


def fill(folder: Path, rows: pa.Table) -> Project:
    """A project with these rows and what their keys stand for."""
    made = open_project(folder, create=True)
    register_actors(made, ACTORS)
    with made.write() as db:
        enter_publishers(db, PUBLISHERS)
        enter_places(db, [Place("Marrow Ford", "BOR", 1, 2), Place("Ald", "ALD", 3, 4)])
    append_events(made, rows, "one")
    compact(made)
    return made


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(extras, "EXTRAS_FROM", 0)
    return fill(tmp_path / "project", told(mixed(scattered(300))))


@pytest.mark.parametrize(
    ("spans", "extras_from"), [(False, 0), (True, 0), (False, 1000)], ids=["days", "spans", "small"]
)
def test_memory_and_files_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, spans: bool, extras_from: int
) -> None:
    """Whether events last for days, rows are told by number, marked or left out, however many at a time, and with or
    without the projections of a large table."""
    monkeypatch.setattr(extras, "EXTRAS_FROM", extras_from)
    monkeypatch.setattr(queries_tables, "_INDEXED", extras_from)
    rows = told(mixed(scattered(300)))
    project = fill(tmp_path / "project", lasting(rows) if spans else rows)
    reading, holding = open_tables(project), open_tables(project)
    holding.hold()
    with holding.session() as session:
        assert session.loaded.held
        assert session.snapshot.closed == (not spans)
    filters = FILTERS[:4] if spans else FILTERS
    expected = [ask_all(reading, f) for f in filters]

    assert len({answers[0] for answers in expected}) > len(filters) // 2
    rest, marked, numbered = (1 << 18, 8, 1), (7, NEVER, NEVER), (7, 0, NEVER)
    for how, some in ((rest, slice(None)), (marked, slice(0, None, 2)), (numbered, slice(1, None, 2))):
        for name, value in zip(("_PIECE", "_FEW", "_LITTLE"), how, strict=True):
            monkeypatch.setattr(choosing, name, value)
        forget(holding)
        assert [ask_all(holding, f) for f in filters[some]] == expected[some]


some_of = functools.partial(st.lists, max_size=2, unique=True)
days = st.dates(dt.date(2018, 12, 20), dt.date(2019, 4, 10))
leaving_little = st.builds(
    EventFilter,
    start=st.none() | days,
    end=st.none() | days,
    undated=st.booleans(),
    quad_classes=st.lists(st.sampled_from([2, 4]), max_size=1).map(tuple),
    realis=some_of(st.sampled_from(["actual", "planned"])).map(tuple),
    publishers=some_of(st.sampled_from(PUBLISHERS[:3])).map(tuple),
    actors=some_of(st.sampled_from(IDS)).map(tuple),
    min_confidence=st.sampled_from([0.0, 0.25, 0.5]),
)


@pytest.mark.parametrize("busy", [2, 255], ids=["some are busy", "all are busy"])
@settings(max_examples=12, deadline=None)
@given(f=leaving_little, n=st.integers(1, 12))
def test_what_is_left_out_is_taken_away(held_with: dict[int, Tables], busy: int, f: EventFilter, n: int) -> None:
    """Whatever a filter leaves out: all less that gives the counts, sums and days that the files give."""
    reading, holding = held_with[0], held_with[busy]
    with unittest.mock.patch.multiple(choosing, _LITTLE=1, _FEW=NEVER), holding.session() as session:
        chosen = choosing.choose(session, f)
        assert chosen is not None
        assert len(chosen.plain) == 0 or len(chosen) + len(chosen.rest or ()) == 300
        counted = [ask_pairs(holding, f, n, level) for level in ("actor", "organ", "country")]

    assert counted == [ask_pairs(reading, f, n, level) for level in ("actor", "organ", "country")]


def ask_pairs(tables: Tables, f: EventFilter, n: int, level: str) -> tuple[str, str]:
    return count_dyads(tables, f, n, level).to_csv(), rank_actors(tables, f, 9, level).to_csv()


@pytest.fixture(scope="module")
def held_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Tables]]:
    """The same events read from files, and held with the pairs of so many busy actors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extras, "EXTRAS_FROM", 0)
        patch.setattr(queries_tables, "_INDEXED", 0)
        project = fill(tmp_path_factory.mktemp("held") / "project", told(mixed(scattered(300))))
        found = {0: open_tables(project)}
        for busy in (2, 255):
            patch.setattr(pairs, "MOST_BUSY", busy)
            found[busy] = open_tables(project)
            found[busy].hold()
    yield found
    for tables in found.values():
        tables.close()
    project.close()


def test_days_are_those_of_the_pairs_other_events(held_with: dict[int, Tables]) -> None:
    """Where the events left out are a pair's first or last, or all it has."""
    reading, holding = held_with[0], held_with[255]
    first, last = dt.date(2019, 1, 12), dt.date(2019, 3, 20)
    for f in (EventFilter(start=first, undated=False), EventFilter(end=last), EventFilter(start=first, end=last)):
        with unittest.mock.patch.object(choosing, "_LITTLE", 2):
            found = count_dyads(holding, f)

        assert found.to_csv() == count_dyads(reading, f).to_csv()
        assert f.start is None or found["first"].min().date() >= f.start
        assert f.end is None or found["last"].max().date() <= f.end


@pytest.mark.parametrize("few", [0, NEVER], ids=["by number", "marked"])
@pytest.mark.parametrize("ranked", [0, 80, 160], ids=["none ranked", "one level ranked", "two ranked"])
def test_those_reported_most_are_found_among_the_ranked(project: Project, few: int, ranked: int) -> None:
    """However many rows are ranked beforehand, and however the chosen ones are kept; ties of reports are whole."""
    reading, holding = open_tables(project), open_tables(project)
    holding.hold()
    for f in (EVERYTHING, *FILTERS[1:4], EventFilter(actors=IDS[:1])):
        for limit, offset in ((6, 0), (3, 17), (60, 30)):
            with (
                unittest.mock.patch.object(pages, "_RANKED", ranked),
                unittest.mock.patch.object(choosing, "_FEW", few),
            ):
                found = select_events(holding, f, limit, offset, "reports")

            assert found.to_csv() == select_events(reading, f, limit, offset, "reports").to_csv()


def test_counts_are_kept_in_as_few_bytes_as_they_take() -> None:
    """And none is lost on the way."""
    for most, size in ((127, 1), (128, 2), (40_000, 4)):
        made = sums.PairSums(1)
        made.counts["events"][0] = most
        made.shrink()

        assert made.counts["events"].itemsize == size
        assert made.pick(np.array([0]), np.array([5]), 2).counts["events"].tolist()[4:7] == [0, most, 0]


@pytest.mark.parametrize("ids", [[5, 4, 9], [2**63 - 1, -(2**63), 0], []], ids=["near", "far apart", "none"])
def test_ids_are_those_that_were_kept(ids: list[int]) -> None:
    """As differences where they are small, in full where they would not fit."""
    kept = columns._encode(np.array(ids, dtype=np.int64))

    assert kept.read(np.arange(len(ids))).tolist() == ids


def test_numbers_too_different_for_a_byte_are_kept_as_they_are(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of confidence and scores; all the same is asked of them."""
    reading, holding = open_tables(project), open_tables(project)
    monkeypatch.setattr(columns, "_MOST_CODES", 1)
    holding.hold()
    with holding.session() as session:
        assert session.loaded.held[0].plain.confidence.values is None

    assert [ask_all(holding, f) for f in FILTERS[:4]] == [ask_all(reading, f) for f in FILTERS[:4]]


def test_a_table_too_large_for_the_machine_is_read(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server takes a part of the memory at most."""
    for memory, held in ((300 * 192 - 1, False), (300 * 192, True)):
        monkeypatch.setattr(queries_tables, "_count_memory", lambda memory=memory: memory)
        tables = open_tables(project)
        tables.hold()
        with tables.session() as session:
            assert bool(session.loaded.held) == held


def test_what_was_held_goes_when_a_new_state_is_held(project: Project) -> None:
    """No copy of an older state is kept, and counts are those of the new one."""
    tables = open_tables(project)
    tables.hold()
    f = EventFilter(min_confidence=0.5)
    with tables.session() as session:
        old = session.loaded
    assert old.held and count_events(tables, f) < count_events(tables, EVERYTHING)
    append_events(project, mixed(imported(1000, 40)), "two")
    compact(project)
    tables.hold()

    assert not old.held
    assert "chosen" not in old.answers
    assert count_events(tables, f) == count_events(open_tables(project), f)
