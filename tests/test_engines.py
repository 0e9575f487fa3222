"""The same queries on DuckDB, PostgreSQL and Spark give what they give on the project itself."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
from engine_samples import ENGINES, need, running_postgres
from store_samples import ACTORS, PUBLISHERS, RandomCoder, article
from test_queries import merge_pairs

from timeline import queries
from timeline.errors import EngineError, StoreError
from timeline.pipeline import code_pending
from timeline.queries import EVERYTHING, EventFilter, Tables, open_tables
from timeline.queries.tables import AnyTables
from timeline.store.articles import add_articles
from timeline.store.dictionaries import register_actors
from timeline.store.project import open_project

LANES = ("ALD", "BOR", "river-front")
FILTERS = {
    "everything": EVERYTHING,
    "period": EventFilter(start=dt.date(2020, 1, 20), end=dt.date(2020, 3, 10)),
    "dated-in-period": EventFilter(start=dt.date(2020, 2, 1), end=dt.date(2020, 2, 29), undated=False),
    "kinds": EventFilter(event_types=("ASSAULT", "AID", "STATEMENT"), quad_classes=(0, 4), realis=("actual", "denied")),
    "sure-and-contested": EventFilter(min_confidence=0.7, contested=True),
    "publishers": EventFilter(publishers=(PUBLISHERS[0], "unheard of")),
    "actor": EventFilter(actors=("ald-general",)),
    "source": EventFilter(actors=("ALD", "bor-premier"), role="source"),
    "target-state": EventFilter(actors=("ALD",), role="target", level="country"),
    "between-states": EventFilter(actors=("ALD", "BOR"), role="between", level="country"),
    "between-organs": EventFilter(actors=("ald-army", "BOR", "river-front"), role="between", level="organ"),
    "nobody": EventFilter(actors=("nobody",)),
}
QUERIES: dict[str, Callable[[AnyTables, EventFilter], Any]] = {
    "count_events": queries.count_events,
    "select_events": lambda t, f: queries.select_events(t, f, 25, 5).drop(columns="sentence"),
    "select_points": lambda t, f: queries.select_points(t, f, LANES, 60),
    "count_lanes": lambda t, f: queries.count_lanes(t, f, LANES, "week"),
    "count_per_bin": lambda t, f: queries.count_per_bin(t, f, "month"),
    "rank_actors": lambda t, f: queries.rank_actors(t, f, 5),
    "count_dyads": lambda t, f: queries.count_dyads(t, f, 9),
    "count_places": queries.count_places,
}
MORE: dict[str, Callable[[AnyTables], Any]] = {
    "oldest": lambda t: queries.select_events(t, EVERYTHING, 10, 0, "oldest").drop(columns="sentence"),
    "reports": lambda t: queries.select_events(t, EVERYTHING, 10, 3, "reports").drop(columns="sentence"),
    "by-report": lambda t: queries.count_per_bin(t, FILTERS["period"], "day", "published"),
    "points-by-report": lambda t: queries.select_points(t, FILTERS["period"], LANES, 40, "published"),
    "lanes-by-report": lambda t: queries.count_lanes(t, EVERYTHING, LANES, "year", "published"),
    "folded": lambda t: queries.count_dyads(t, FILTERS["period"], 50, "country"),
    "ranked": lambda t: queries.rank_actors(t, FILTERS["kinds"], 5, "organ"),
    "place": lambda t: queries.select_events_at(t, EVERYTHING, 1, 9).drop(columns="sentence"),
    "values": queries.list_values,
    "actors": queries.list_actors,
    "addresses": lambda t: queries.list_addresses(t, list(queries.select_events(t, EVERYTHING, 20)["event_id"])),
    "names": lambda t: queries.name_actors(t, ("ALD", "nobody")),
}


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    """A project with events of every shape, some of several articles, some contested."""
    project = open_project(tmp_path_factory.mktemp("world"), create=True)
    add_articles(project, [article(n, f"abcdefghij {n % 7} words of article {n}.") for n in range(80)])
    register_actors(project, ACTORS)
    code_pending(project, RandomCoder(), merge=merge_pairs)
    tables = open_tables(project)
    yield tables
    tables.close()
    project.close()


@pytest.fixture(scope="module", params=ENGINES)
def remote(
    request: pytest.FixtureRequest, local: Tables, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AnyTables]:
    """The same events on an engine."""
    need(request.param)
    from timeline.queries.remote import open_engine
    from timeline.queries.remote.writing import write_tables

    folder = tmp_path_factory.mktemp(request.param)
    server = running_postgres() if request.param == "postgresql" else None
    addresses = {
        "duckdb": (f"duckdb://{folder}/events.duckdb",) * 2,
        "spark": (str(folder / "star"), f"spark://local/?parquet={folder}/star"),
        "postgresql": (f"{server.__enter__()}?schema=crisis events",) * 2 if server else ("", ""),
    }
    out, address = addresses[request.param]
    empty = open_project(folder / "empty", create=True)
    try:
        write_tables(local, EVERYTHING, out)
        tables = open_engine(address, empty)
        yield tables
        tables.close()
    finally:
        empty.close()
        if server:
            server.__exit__(None, None, None)


def same(expected: Any, actual: Any) -> None:
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(expected, actual, check_exact=False, rtol=1e-9)
    else:
        assert expected == actual


@pytest.mark.parametrize("name", FILTERS)
def test_every_query_gives_the_same(local: Tables, remote: AnyTables, name: str) -> None:
    """Numbers, names, days, order and types, whatever the filter.

    Spark takes long for each query: there each filter meets a sixth of the queries, and each query of the filters.
    """
    few = 6 if remote.engine.dialect == "pyspark" else 1
    asked = [query for number, query in enumerate(QUERIES.values()) if (number - list(FILTERS).index(name)) % few == 0]

    assert asked
    for query in asked:
        same(query(local, FILTERS[name]), query(remote, FILTERS[name]))


@pytest.mark.parametrize("name", MORE)
def test_other_arguments_give_the_same(local: Tables, remote: AnyTables, name: str) -> None:
    """Orders, levels, bins and days of report; the values of filters."""
    same(MORE[name](local), MORE[name](remote))


def test_the_evidence_is_the_row(local: Tables, remote: AnyTables) -> None:
    """The event as it is, the address of its article, and why there is no sentence."""
    (event_id,) = queries.select_events(local, EventFilter(event_types=("ASSAULT",)), 1)["event_id"]
    here, there = queries.read_evidence(local, event_id), queries.read_evidence(remote, event_id)

    assert (here.event.sources, here.event.targets, here.event.date.start, here.event.realis) == (
        there.event.sources, there.event.targets, there.event.date.start, there.event.realis
    )  # fmt: skip
    assert there.reports == ()
    assert there.original.url in {report.article.url for report in here.reports}
    assert there.note.startswith("Read from ")
    assert "there is no sentence" in there.note
    with pytest.raises(StoreError, match="no event 0123456789abcdef"):
        queries.read_evidence(remote, "0123456789abcdef")


def test_words_are_refused(remote: AnyTables) -> None:
    """Tables without sentences must not pass every event, nor none, for want of words."""
    with pytest.raises(EngineError, match="no sentences"):
        queries.count_events(remote, EventFilter(text="attack"))


def test_each_query_has_a_namesake_with_the_same_arguments() -> None:
    """One meaning, two ways to run: whoever adds an argument adds it to both."""
    need("duckdb")
    from timeline.queries import remote

    for name in set(remote.__all__) - {"RemoteTables", "open_engine"}:
        here, there = inspect.signature(getattr(queries, name)), inspect.signature(getattr(remote, name))
        assert list(here.parameters) == list(there.parameters), name
        assert [p.default for p in here.parameters.values()] == [p.default for p in there.parameters.values()], name
