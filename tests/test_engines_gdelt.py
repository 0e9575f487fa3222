"""GDELT's public table as the star: the same rows give what an import of them gives, and never without a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from engine_samples import need
from import_samples import run

from timeline import queries
from timeline.errors import EngineError, UnconfirmedQueryError
from timeline.queries import EVERYTHING, EventFilter, open_tables
from timeline.store import open_project

need("duckdb")
import duckdb  # noqa: E402
import ibis  # noqa: E402
from gdelt_samples import ADDRESS, DATASET, FIRST, LAST, LATER, ROWS, FakeClient, fill  # noqa: E402

from timeline.queries.remote import tables as remote_tables  # noqa: E402
from timeline.queries.remote.bigquery import BigQueryEngine, open_bigquery, open_dataset, read_window, say_bytes  # noqa: E402
from timeline.queries.remote.engines import Address, DuckEngine, read_address  # noqa: E402
from timeline.queries.remote.gdelt import GDELT_TABLE, NEEDED, load_gdelt_names, make_gdelt_star  # noqa: E402
from timeline.queries.remote.tables import RemoteTables  # noqa: E402


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, RemoteTables]]:
    """The rows imported, and the same rows in a table like GDELT's."""
    folder = tmp_path_factory.mktemp("gdelt")
    (folder / "rows.csv").write_text("\n".join(ROWS))
    project = open_project(folder / "project", create=True)
    run(project, folder / "rows.csv")
    local = open_tables(project)
    (folder / "all.csv").write_text("\n".join([*ROWS, LATER]))
    with duckdb.connect(str(folder / "gdelt.duckdb")) as connection:
        fill(connection, folder / "all.csv")
    engine = DuckEngine(read_address(f"duckdb://{folder}/gdelt.duckdb", ("duckdb",)))
    empty = open_project(folder / "empty", create=True)
    yield local, RemoteTables(engine, make_gdelt_star(FIRST, LAST), empty, load_gdelt_names)
    engine.close()
    local.close()


@pytest.mark.parametrize(
    "f",
    [EventFilter(actors=("TUR",), level="country"), EventFilter(publishers=("example.org",)),
     EventFilter(actors=("RUS", "SYR"), role="between", level="country")],
    ids=["state", "publisher", "between"],
)  # fmt: skip
def test_filters_count_as_on_an_import(both: tuple[Any, RemoteTables], f: EventFilter) -> None:
    """Only what was added in the period, and of that what the filter says."""
    local, remote = both

    assert queries.count_events(local, f) == queries.count_events(remote, f) > 0


def test_the_mapping_is_that_of_an_import(both: tuple[Any, RemoteTables]) -> None:
    """Ids, days, acts, scores, actors with what they fold into, outlets and places."""
    expected, found = (queries.select_events(t, EVERYTHING).drop(columns=["latitude", "longitude"]) for t in both)
    states = EventFilter(level="country")
    keys = ["source_id", "target_id", "quad_class"]
    ranked = [queries.rank_actors(t, states).sort_values("actor_id", ignore_index=True) for t in both]
    dyads = [queries.count_dyads(t, states).sort_values(keys, ignore_index=True) for t in both]

    assert len(expected) == len(ROWS)
    pd.testing.assert_frame_equal(expected, found, check_exact=False)
    pd.testing.assert_frame_equal(*ranked)
    pd.testing.assert_frame_equal(*dyads, check_exact=False)


def test_places_and_values_are_those_of_an_import(both: tuple[Any, RemoteTables]) -> None:
    """Places by name, country and coordinates; outlets by their host."""
    places = [queries.count_places(t, EVERYTHING).drop(columns="place_key") for t in both]
    values = [queries.list_values(t) for t in both]

    pd.testing.assert_frame_equal(*places, check_exact=False)
    assert values[0] == values[1]
    (key, *_) = queries.count_places(both[1], EVERYTHING)["place_key"]
    assert len(queries.select_events_at(both[1], EVERYTHING, int(key))) == places[1]["events"].sum()


def test_the_evidence_is_the_row_and_its_address(both: tuple[Any, RemoteTables]) -> None:
    """Every row of GDELT names its article."""
    (event_id, *_) = queries.select_events(both[1], EVERYTHING, order="oldest")["event_id"]
    found = queries.read_evidence(both[1], event_id)

    assert found.original.url == "https://www.example.org/news/3"
    assert found.event.sources[0].sector == "REB"


@pytest.mark.parametrize(
    "options",
    [{}, {"from": "2020-03-06"}, {"to": "2020-03-06"}, {"from": "6 March", "to": "2020-03-07"},
     {"from": "2020-03-07", "to": "2020-03-06"}],
)  # fmt: skip
def test_the_table_is_refused_without_a_period(options: dict[str, str], tmp_path: Path) -> None:
    """Sixty gigabytes are never read because somebody forgot a date."""
    with pytest.raises(EngineError, match=r"period"):
        read_window(options)
    query = "&".join(f"{name}={value}" for name, value in options.items())
    with pytest.raises(EngineError):
        open_bigquery(read_address(f"bigquery://billing/gdelt-bq.gdeltv2?{query}".rstrip("?"), ("bigquery",)), None)  # type: ignore[arg-type]


def opened(both: tuple[Any, RemoteTables]) -> tuple[FakeClient, RemoteTables]:
    client = FakeClient(both[1].engine)  # type: ignore[arg-type]
    engine = BigQueryEngine(ADDRESS, DATASET, client, dict)
    return client, open_dataset(engine, DATASET, (FIRST, LAST), both[1].project)


def test_nothing_is_read_before_its_bytes_are_agreed_to(both: tuple[Any, RemoteTables]) -> None:
    """A query is weighed, refused with its weight, and runs once that much is allowed; then the next is refused."""
    client, tables = opened(both)
    with pytest.raises(UnconfirmedQueryError, match=r"reads 5 MB") as refused:
        queries.count_events(tables, EVERYTHING)
    assert (5_000_000, []) == (refused.value.bytes, client.run)

    tables.allow(10_000_000)
    outlets = queries.count_events(tables, EventFilter(publishers=("example.org",)))

    assert outlets == 7
    assert len(client.run) == 2  # the actors' names, then the count
    assert client.limits == [105_000_000, 105_000_000]  # what was weighed, and how billing rounds
    with pytest.raises(UnconfirmedQueryError):
        queries.count_events(tables, EVERYTHING)


def test_a_question_of_several_queries_ends_where_each_is_agreed_to_alone(both: tuple[Any, RemoteTables]) -> None:
    """What was read stays: else the first query would take what was allowed for the second, for ever."""
    client, tables = opened(both)
    agreed = 0
    found = None
    while found is None and agreed < 10:
        try:
            found = queries.select_events(tables, EVERYTHING)
        except UnconfirmedQueryError as refused:
            agreed += 1
            tables.allow(refused.bytes)

    assert found is not None
    assert len(found) == len(ROWS)
    assert agreed == len(client.run) == len(set(client.run)) == 4  # names of actors, events, their sides, outlets


def test_every_query_on_gdelt_keeps_to_the_period(
    both: tuple[Any, RemoteTables], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the table stands in a query, its days stand beside it."""
    heard: list[str] = []

    def read_rows(engine: Any, wanted: Any) -> list[dict[str, Any]]:
        heard.append(str(ibis.to_sql(wanted, dialect="bigquery", pretty=False)))
        return [{"events": 0, "who": "TUR:", "as_source": 0, "as_target": 0}] if len(heard) == 1 else []

    with both[1].session() as session:
        names = session.loaded
    monkeypatch.setattr(remote_tables, "read_rows", read_rows)
    star = make_gdelt_star(FIRST, LAST, "gdelt-bq", "gdeltv2")
    tables = RemoteTables(both[1].engine, star, both[1].project, lambda engine, star: names)
    f = EventFilter(actors=("TUR", "SYR"), role="between", level="country", publishers=("example.org",))
    names.answers.clear()
    queries.count_dyads(tables, f)
    queries.count_per_bin(tables, f)
    queries.select_points(tables, f, ("TUR",))
    names.answers.clear()

    assert len(heard) == 5
    for sql in heard:
        assert sql.count(GDELT_TABLE) == sql.count("`_PARTITIONTIME` >= TIMESTAMP('2020-03-06T00:00:00+00:00')") > 0
        assert sql.count(GDELT_TABLE) == sql.count("`_PARTITIONTIME` < TIMESTAMP('2020-03-08T00:00:00+00:00')")
        assert "`gdelt-bq`.`gdeltv2`" in sql
        assert len(sql) < 500_000  # of a megabyte that BigQuery takes


def test_a_period_may_end_whenever() -> None:
    """The last day there is has no next."""
    star = make_gdelt_star(FIRST, dt.date.max)

    assert "9999-12-31" in str(ibis.to_sql(star.events, dialect="bigquery"))


def test_a_day_given_twice_is_refused() -> None:
    """Seven days and a year: nobody knows which of them its reader wants to pay for."""
    with pytest.raises(EngineError, match="gives to more than once"):
        read_address(f"{ADDRESS}&to=2021-03-07", ("bigquery",))


def test_missing_columns_are_named(both: tuple[Any, RemoteTables], monkeypatch: pytest.MonkeyPatch) -> None:
    """If GDELT changes its table, the message says in what."""
    client = FakeClient(both[1].engine)  # type: ignore[arg-type]
    field = [type("Field", (), {"name": column}) for column in NEEDED if column != "SOURCEURL"]
    monkeypatch.setattr(client, "get_table", lambda name: type("Table", (), {"schema": field}))
    engine = BigQueryEngine(ADDRESS, "gdelt-bq.gdeltv2", client, dict)

    with pytest.raises(EngineError, match="missing SOURCEURL in the table events_partitioned"):
        open_dataset(engine, "gdelt-bq.gdeltv2", (FIRST, LAST), both[1].project)


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1_500_000, "1.5 MB"), (63_000_000_000, "63 GB")]
)
def test_bytes_are_said_as_they_are_billed(number: int, words: str) -> None:
    """In powers of ten, to three digits."""
    assert words == say_bytes(number)


def test_an_address_says_who_pays(tmp_path: Path) -> None:
    """Without a billing project or a dataset there is nothing to ask."""
    for url in ("bigquery:///gdelt-bq.gdeltv2?from=2020-03-06&to=2020-03-07", "bigquery://billing/dataset"):
        with pytest.raises(EngineError, match=r"bigquery://billing-project/project\.dataset"):
            open_bigquery(read_address(url, ("bigquery",)), None)  # type: ignore[arg-type]
    assert isinstance(read_address(ADDRESS, ("bigquery",)), Address)
    assert ibis.__version__
