"""Queries against a plain reading of their definitions in Python, on the same events."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import ACTORS, PUBLISHERS, FakeCoder, RandomCoder, article, each_alone

from timeline.errors import StoreError
from timeline.ontology import EVENT_TYPES
from timeline.pipeline import code_pending
from timeline.queries import (
    EVERYTHING,
    EventFilter,
    Tables,
    count_dyads,
    count_events,
    count_lanes,
    count_per_bin,
    count_places,
    count_published_per_day,
    list_actors,
    list_values,
    name_actors,
    open_tables,
    rank_actors,
    read_evidence,
    select_events,
    tabulate_articles,
)
from timeline.queries.filters import LEVELS, ROLES
from timeline.records import Coding, Event, Precision, Realis
from timeline.store import extras
from timeline.store.articles import add_articles
from timeline.store.codings import read_codings, read_outlets
from timeline.store.dictionaries import register_actors
from timeline.store.events import derive_events
from timeline.store.project import Project, open_project

WORLD = {
    "ald-army": ("ald-army", "ALD"),
    "ald-general": ("ald-army", "ALD"),
    "bor-premier": ("bor-premier", "BOR"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the plain definitions need of an event."""

    event: Event
    publishers: frozenset[str]
    sentence: str


@pytest.fixture(scope="module", params=["plain", "with projection and rollups", "held in memory"])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Tables, list[Known]]]:
    """The same random events, as a small project keeps them, as a large one does, and as a server holds them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extras, "EXTRAS_FROM", 10**9 if request.param == "plain" else 0)
        patch.setattr(extras, "MOST_ROWS", 40)
        project = open_project(tmp_path_factory.mktemp("world"), create=True)
        add_articles(
            project, [article(n, f"abcdefghij {n % 7} alpha{n % 3} beta words of article {n}.") for n in range(150)]
        )
        register_actors(project, ACTORS)
        code_pending(project, RandomCoder(), merge=merge_pairs)
        tables = open_tables(project)
        if request.param == "held in memory":
            tables.hold()
            with tables.session() as session:
                assert session.loaded.held
        yield tables, known_events(project)
        tables.close()
        project.close()


def merge_pairs(codings: list[Coding], sentences: dict[str, str]) -> tuple[Event, ...]:
    """Merge every third coding with the next: events of several articles, some of them contested."""
    events = []
    listed = list(codings)
    for index, single in enumerate(each_alone(listed)):
        pair = (listed[index], *listed[index + 1 : index + 2])
        if index % 3 == 0:
            events.append(replace(single, codings=pair, differences=("date",) if index % 2 else ()))
        elif index % 3 == 2:
            events.append(single)
    return tuple(events)


def known_events(project: Project) -> list[Known]:
    read = list(read_codings(project))
    outlets = read_outlets(project)
    sentences = {coding.id: sentence for coding, sentence in read}
    return [
        Known(
            event,
            frozenset(outlets[coding.article_id][0] for coding in event.codings) - {""},
            " / ".join(sentences[coding.id] for coding in event.codings),
        )
        for event in merge_pairs([coding for coding, _ in read], sentences)
    ]


def folded(actor_id: str, level: str) -> str:
    organ, state = WORLD.get(actor_id, (actor_id, actor_id))
    return {"actor": actor_id, "organ": organ, "country": state}[level]


def sides(event: Event, level: str) -> tuple[set[str], set[str]]:
    return {folded(a.id, level) for a in event.sources}, {folded(a.id, level) for a in event.targets}


def passes(known: Known, f: EventFilter) -> bool:
    """The definition of a filter, line by line."""
    event = known.event
    start, end = event.date.start, event.date.end
    dated = bool(start or end)
    sources, targets = sides(event, f.level)
    wanted = set(f.actors)
    role = "any" if f.role == "between" and len(f.actors) < 2 else f.role
    return all((
        f.undated or dated,
        not (f.start and end and end < f.start),
        not (f.end and start and start > f.end),
        not f.event_types or event.event_type in f.event_types,
        not f.quad_classes or EVENT_TYPES[event.event_type].quad_class in f.quad_classes,
        not f.realis or event.realis in f.realis,
        max(coding.confidence for coding in event.codings) >= f.min_confidence,
        not f.publishers or bool(known.publishers & set(f.publishers)),
        not f.contested or bool(event.differences),
        all(word in known.sentence for word in f.text.split()),
        not wanted
        or (role == "any" and bool(wanted & (sources | targets)))
        or (role == "source" and bool(wanted & sources))
        or (role == "target" and bool(wanted & targets))
        or (role == "between" and any(s != t for s in wanted & sources for t in wanted & targets)),
    ))  # fmt: skip


IDS = st.sampled_from([actor.id for actor in ACTORS] + ["nobody"])
DAYS = st.none() | st.dates(dt.date(2019, 12, 1), dt.date(2020, 6, 1))
FILTERS = st.builds(
    EventFilter,
    actors=st.lists(IDS, max_size=3, unique=True).map(tuple),
    role=st.sampled_from(ROLES),
    start=DAYS,
    end=DAYS,
    undated=st.booleans(),
    event_types=st.lists(st.sampled_from(list(EVENT_TYPES)), max_size=6, unique=True).map(tuple),
    quad_classes=st.lists(st.integers(0, 4), max_size=3, unique=True).map(tuple),
    realis=st.lists(st.sampled_from([str(r) for r in Realis]), max_size=3, unique=True).map(tuple),
    publishers=st.lists(st.sampled_from([*PUBLISHERS[:3], "unheard of"]), max_size=2, unique=True).map(tuple),
    text=st.sampled_from(["", "", "", "alpha1", "alpha1 beta", "nowhere"]),
    min_confidence=st.sampled_from([0.0, 0.0, 0.5, 0.7, 0.75, 1.0]),
    level=st.sampled_from(LEVELS),
    contested=st.sampled_from([False, False, False, True]),
)
# Few conditions at once, so that something is left to count.
SPARSE = st.builds(
    lambda f, names: EventFilter(**{name: getattr(f, name) for name in (*names, "level", "role", "undated")}),
    FILTERS,
    st.lists(st.sampled_from(EventFilter.__slots__), max_size=2),
)
PROPERTY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@PROPERTY
@given(f=SPARSE | FILTERS)
def test_count_and_selection_are_those_of_the_definition(world: tuple[Tables, list[Known]], f: EventFilter) -> None:
    """A filter lets through what its definition does, each event once."""
    tables, known = world
    expected = sorted(k.event.id for k in known if passes(k, f))

    assert count_events(tables, f) == len(expected)
    assert sorted(select_events(tables, f, limit=10_000)["event_id"]) == expected


@PROPERTY
@given(f=SPARSE, level=st.sampled_from(LEVELS))
def test_ranking_is_that_of_the_definition(world: tuple[Tables, list[Known]], f: EventFilter, level: str) -> None:
    """An event counts once for an actor, and once on each side it stands on."""
    tables, known = world
    events: Counter[str] = Counter()
    as_source: Counter[str] = Counter()
    as_target: Counter[str] = Counter()
    for k in known:
        if passes(k, f):
            sources, targets = sides(k.event, level)
            events.update(sources | targets)
            as_source.update(sources)
            as_target.update(targets)

    ranked = rank_actors(tables, f, 100, level)

    found = {row.actor_id: (row.events, row.as_source, row.as_target) for row in ranked.itertuples()}
    assert found == {name: (number, as_source[name], as_target[name]) for name, number in events.items()}
    assert list(ranked["events"]) == sorted(ranked["events"], reverse=True)


@PROPERTY
@given(f=SPARSE, level=st.sampled_from(LEVELS))
def test_dyads_are_those_of_the_definition(world: tuple[Tables, list[Known]], f: EventFilter, level: str) -> None:
    """Ordered pairs of different participants; folding counts an event once for a pair."""
    tables, known = world
    expected: defaultdict[tuple[str, str, int], list[Event]] = defaultdict(list)
    for event in (k.event for k in known if passes(k, f)):
        alone = len(event.sources) == len(event.targets) == 1
        pairs = {
            (folded(s.id, level), folded(t.id, level))
            for s, t in itertools.product(event.sources, event.targets)
            if s.id != t.id or alone
        }
        for pair in pairs:
            expected[*pair, EVENT_TYPES[event.event_type].quad_class].append(event)

    found = count_dyads(tables, f, level=level)

    assert {(row.source_id, row.target_id, row.quad_class): row.events for row in found.itertuples()} == {
        key: len(events) for key, events in expected.items()
    }
    for row in found.itertuples():
        events = expected[row.source_id, row.target_id, row.quad_class]
        days = [day for event in events for day in (event.date.start, event.date.end) if day]
        scores = [EVENT_TYPES[event.event_type].goldstein for event in events]
        assert row.goldstein == pytest.approx(sum(scores) / len(scores))
        assert row.contested == sum(bool(event.differences) for event in events)
        assert row.reports == sum(len({c.article_id for c in event.codings}) for event in events)
        assert (row.first, row.last) == (
            (pd.Timestamp(min(days)), pd.Timestamp(max(days))) if days else (pd.NaT, pd.NaT)
        ) or not days


@PROPERTY
@given(f=SPARSE, width=st.sampled_from(["day", "week", "month", "year"]))
def test_bins_are_those_of_the_definition(world: tuple[Tables, list[Known]], f: EventFilter, width: str) -> None:
    """1/n on each of the n days of a span, within the filter's interval."""
    tables, known = world
    expected: Counter[tuple[pd.Timestamp, int]] = Counter()
    for event in (k.event for k in known if passes(k, f)):
        start, end = event.date.start or event.date.end, event.date.end or event.date.start
        if start is None or end is None or (end - start).days >= 3_660:
            continue
        length = (end - start).days + 1
        for day in (start + dt.timedelta(days=n) for n in range(length)):
            if (f.start is None or day >= f.start) and (f.end is None or day <= f.end):
                expected[first_day(day, width), EVENT_TYPES[event.event_type].quad_class] += 1 / length

    found = count_per_bin(tables, f, width)

    assert {(row.bin, row.quad_class): row.events for row in found.itertuples()} == pytest.approx(dict(expected))
    assert found[["bin", "quad_class"]].apply(tuple, axis=1).is_monotonic_increasing or found.empty
    assert [str(kind) for kind in found.dtypes] == ["datetime64[s]", "int64", "float64"]


def first_day(day: dt.date, width: str) -> pd.Timestamp:
    if width == "week":
        return pd.Timestamp(day - dt.timedelta(days=day.weekday()))
    return pd.Timestamp(day.replace(**{"day": {}, "month": {"day": 1}, "year": {"month": 1, "day": 1}}[width]))


@PROPERTY
@given(f=SPARSE, width=st.sampled_from(["day", "month"]))
def test_lanes_and_first_reports_are_those_of_the_definition(
    world: tuple[Tables, list[Known]], f: EventFilter, width: str
) -> None:
    """A dated event counts once on each of its lanes; by first report all of them count on the day of the articles."""
    tables, known = world
    let_through = [k.event for k in known if passes(k, f)]
    lanes = sorted({actor.id for actor in ACTORS})[:3]
    expected: Counter[tuple[str, pd.Timestamp]] = Counter()
    for event in let_through:
        day = event.date.start or event.date.end
        if day:
            expected.update((lane, first_day(day, width)) for lane in set(lanes) & set.union(*sides(event, f.level)))

    found = count_lanes(tables, f, lanes, width)

    assert {(row.actor_id, row.bin): row.events for row in found.itertuples()} == dict(expected)
    assert count_per_bin(tables, f, by="published")["events"].sum() == len(let_through)


@PROPERTY
@given(f=SPARSE)
def test_places_are_those_of_the_definition(world: tuple[Tables, list[Known]], f: EventFilter) -> None:
    """A located event counts at its place."""
    tables, known = world
    expected = Counter(k.event.place.name for k in known if passes(k, f) and k.event.place)

    found = count_places(tables, f)

    assert found.groupby("place")["events"].sum().to_dict() == dict(expected)


@pytest.mark.parametrize("review", ["reviewed", "corrected", "open"])
def test_what_was_reviewed_is_told_by_ids(world: tuple[Tables, list[Known]], review: str) -> None:
    """Copies of the events without ids cannot tell; no event here was reviewed."""
    tables, known = world
    f = EventFilter(review=review)
    expected = len(known) if review == "open" else 0

    assert count_events(tables, f) == expected
    assert count_dyads(tables, f).empty == (not expected)
    assert rank_actors(tables, f).empty == (not expected)


@pytest.mark.parametrize("order", ["newest", "oldest", "reports"])
def test_pages_follow_each_other(world: tuple[Tables, list[Known]], order: str) -> None:
    """Page after page gives every event once, in the order of the whole list."""
    tables, known = world
    whole = select_events(tables, EVERYTHING, 10_000, 0, order)
    pages = [select_events(tables, EVERYTHING, 7, offset, order) for offset in range(0, len(known) + 7, 7)]

    assert list(pd.concat(pages)["event_id"]) == list(whole["event_id"])
    assert len(whole) == len(known)
    dated = whole["start"].dropna()
    if order == "newest":
        assert dated.is_monotonic_decreasing
    if order == "oldest":
        assert dated.is_monotonic_increasing
    if order == "reports":
        assert whole["reports"].is_monotonic_decreasing
    else:
        assert whole["start"].isna().is_monotonic_increasing


def test_a_row_holds_what_the_event_holds(world: tuple[Tables, list[Known]]) -> None:
    """Names, days, place and sentence are those of the record."""
    tables, known = world
    rows = {row.event_id: row for row in select_events(tables, EVERYTHING, 10_000).itertuples()}
    for k in known:
        row, event = rows[k.event.id], k.event
        assert row.source_names == [actor.name for actor in event.sources]
        assert row.target_ids == [actor.id for actor in event.targets]
        assert (row.event_type, row.realis, row.precision, row.basis) == (
            event.event_type, str(event.realis), str(event.date.precision), str(event.date.basis)
        )  # fmt: skip
        assert (None if pd.isna(row.start) else row.start.date()) == event.date.start
        assert (None if pd.isna(row.end) else row.end.date()) == event.date.end
        assert set(row.publisher_names) == k.publishers
        assert row.publishers == len(k.publishers)
        assert row.sentence in k.sentence
        assert row.place == (event.place.name if event.place else None)
        assert row.confidence == max(coding.confidence for coding in event.codings)
        assert row.goldstein == EVENT_TYPES[event.event_type].goldstein


def test_evidence_leads_back_to_the_text(world: tuple[Tables, list[Known]]) -> None:
    """Every report of an event, with its article; sentence and spans are those of the text."""
    tables, known = world
    for k in known[:20]:
        found = read_evidence(tables, k.event.id)
        assert {report.coding for report in found.reports} == set(k.event.codings)
        assert found.event.differences == k.event.differences
        assert found.event.codings == tuple(sorted(k.event.codings, key=lambda coding: coding.id))
        for report in found.reports:
            assert report.article.text[report.coding.start : report.coding.end] == report.sentence
            assert report.provenance.coder == "random"


@pytest.mark.parametrize("event_id", ["", "zz", "0123456789abcdef", "../../etc/passwd", "é" * 16])
def test_an_unknown_event_is_an_error_to_read(world: tuple[Tables, list[Known]], event_id: str) -> None:
    """An old link may name an event that is gone."""
    with pytest.raises(StoreError):
        read_evidence(world[0], event_id)


def test_values_are_those_that_occur(world: tuple[Tables, list[Known]]) -> None:
    """The widgets of the filter offer what is there, with numbers."""
    tables, known = world
    values = list_values(tables)
    days = [day for k in known for day in (k.event.date.start, k.event.date.end) if day]

    assert values.events == len(known)
    assert (values.start, values.end) == (min(days), max(days))
    assert values.undated == sum(not (k.event.date.start or k.event.date.end) for k in known)
    assert values.contested == sum(bool(k.event.differences) for k in known)
    assert dict(values.realis) == Counter(str(k.event.realis) for k in known)
    assert dict(values.event_types) == Counter(k.event.event_type for k in known)
    assert dict(values.publishers) == Counter(name for k in known for name in k.publishers)


def test_first_reports_by_day(world: tuple[Tables, list[Known]]) -> None:
    """Events can be counted by when they were first reported; here all on one day."""
    tables, known = world
    found = count_per_bin(tables, EVERYTHING, by="published")

    assert set(found["bin"]) == {pd.Timestamp("2020-03-06")}
    assert found["events"].sum() == len(known)


def test_actors_fold_along_what_they_are_part_of(world: tuple[Tables, list[Known]]) -> None:
    """A general folds into his army, the army into its state; a group with neither stays itself."""
    table = list_actors(world[0]).set_index("actor_id")

    assert {name: (row.organ_id, row.country_id) for name, row in table.iterrows()} == {
        actor.id: WORLD.get(actor.id, (actor.id, actor.id)) for actor in ACTORS
    }
    assert name_actors(world[0], ("ALD", "nobody")) == {"ALD": "Aldoria"}


def test_unknown_words_are_refused(world: tuple[Tables, list[Known]]) -> None:
    """A misspelt width, order or level is the caller's bug, and says what is allowed."""
    tables, _ = world
    with pytest.raises(ValueError, match="use one of day, week"):
        count_per_bin(tables, EVERYTHING, "fortnight")
    with pytest.raises(ValueError, match="use one of newest"):
        select_events(tables, EVERYTHING, order="best")
    with pytest.raises(ValueError, match="use one of actor"):
        rank_actors(tables, EVERYTHING, level="galaxy")


@pytest.mark.parametrize("attack", ["'; DROP TABLE events; --", '" OR 1', "\0", "\ud800", 'a*b"c', "NEAR(", "*", '"'])
def test_whatever_is_typed_is_only_text(world: tuple[Tables, list[Known]], attack: str) -> None:
    """Filters hold text from a URL; it is bound or looked up, never part of a query."""
    tables, _ = world
    for f in (EventFilter(text=attack), EventFilter(actors=(attack,)), EventFilter(publishers=(attack,))):
        assert count_events(tables, f) == 0
        assert select_events(tables, f).empty


def test_an_empty_project_gives_empty_tables(tmp_path: Path) -> None:
    """Every query works before the first article, with the same columns and types as after."""
    tables = open_tables(open_project(tmp_path, create=True))

    assert count_events(tables, EVERYTHING) == 0
    assert list_values(tables).start is None
    for frame in (
        select_events(tables, EVERYTHING),
        count_per_bin(tables, EVERYTHING),
        count_per_bin(tables, EVERYTHING, by="published"),
        rank_actors(tables, EVERYTHING),
        rank_actors(tables, EVERYTHING, level="country"),
        count_dyads(tables, EVERYTHING),
        tabulate_articles(tables),
        count_published_per_day(tables),
        list_actors(tables),
    ):
        assert frame.empty
    assert str(select_events(tables, EVERYTHING)["start"].dtype) == "datetime64[s]"


def test_new_events_are_seen_without_opening_again(tmp_path: Path) -> None:
    """A server opens the tables once; the next query shows what was coded since."""
    project = open_project(tmp_path, create=True)
    tables = open_tables(project)
    batches = {tables.batch}
    for number in range(6):
        add_articles(project, [article(number)])
        code_pending(project, FakeCoder(), merge=each_alone)
        batches.add(tables.batch)

        assert count_events(tables, EVERYTHING) == number + 1
    assert len(batches) == 7


@pytest.mark.parametrize("name", ['it\'s "odd" é', "50%", "a?b*c", "h#sh & so", "مشروع"])
def test_folders_with_odd_names(tmp_path: Path, name: str) -> None:
    """Paths stand in the text of a view, where nothing can be bound, and as addresses in the Delta library."""
    project = open_project(tmp_path / name, create=True)
    add_articles(project, [article(1)])
    code_pending(project, FakeCoder(), merge=each_alone)

    assert count_events(open_tables(project), EVERYTHING) == 1


def test_the_earliest_and_the_latest_days_there_are(tmp_path: Path) -> None:
    """Years 1 and 9999 are days like others."""
    project = open_project(tmp_path, create=True)
    add_articles(project, [article(1, published=dt.date.min), article(2, published=dt.date.max)])
    code_pending(project, FakeCoder(), merge=each_alone)
    tables = open_tables(project)

    bins = count_per_bin(tables, EventFilter(start=dt.date.min, end=dt.date.max), "year")
    assert [str(day)[:10] for day in bins["bin"]] == ["0001-01-01", "9999-01-01"]
    assert list(select_events(tables, EVERYTHING)["start"].dt.year) == [9999, 1]
    assert list(tabulate_articles(tables)["published"].dt.year) == [9999, 1]


def test_articles_as_a_table(tmp_path: Path) -> None:
    """One row per article with its state and what came of it."""
    project = open_project(tmp_path, create=True)
    add_articles(project, [article(1), article(2, "Nothing happened.", None), article(3, "poison")])
    tables = open_tables(project)
    code_pending(project, FakeCoder(), merge=each_alone)

    table = tabulate_articles(tables).set_index("id")
    assert dict(table["state"]) == {"article-0001": "coded", "article-0002": "coded", "article-0003": "failed"}
    assert dict(table["events"]) == {"article-0001": 1, "article-0002": 0, "article-0003": 0}
    assert table.loc["article-0003", "problem"] == "RuntimeError: cannot read this"
    assert pd.isna(table.loc["article-0002", "published"])
    assert len(tabulate_articles(tables, text="nothing")) == 1


def test_derived_with_the_merging_of_the_coder(tmp_path: Path) -> None:
    """By default reports of one happening become one event with several reports."""
    project = open_project(tmp_path, create=True)
    add_articles(project, [article(n) for n in range(3)])
    code_pending(project, FakeCoder())
    tables = open_tables(project)

    events = select_events(tables, EVERYTHING)
    assert list(events["reports"]) == [3]
    assert events["precision"][0] == Precision.DAY
    assert derive_events(project).batch == tables.batch
