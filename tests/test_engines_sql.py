"""The SQL of engines that no test can start, as it was when somebody last read it.

tests/snapshots/engines/<dialect>.sql holds every query once. After a change that is meant:
`UPDATE_SNAPSHOTS=1 python -m pytest tests/test_engines_sql.py`, then read the difference.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_samples import need

from timeline import queries
from timeline.queries import EVERYTHING, EventFilter

need("duckdb")
import ibis  # noqa: E402
import sqlglot  # noqa: E402

from timeline.queries.remote import tables as remote_tables  # noqa: E402
from timeline.queries.remote.engines import _plan_whole  # noqa: E402
from timeline.queries.remote.star import make_star  # noqa: E402
from timeline.queries.remote.tables import RemoteTables, make_names  # noqa: E402
from timeline.records import Actor  # noqa: E402
from timeline.store.dictionaries import ActorEntry  # noqa: E402

SNAPSHOTS = Path(__file__).parent / "snapshots" / "engines"
DAY = dt.date(2020, 3, 1)
WHOLE = EventFilter(
    actors=("ALD", "BOR"), role="between", level="country", start=DAY, end=DAY, undated=False, event_types=("AID",),
    quad_classes=(2,), realis=("actual",), publishers=("Aldor Post",), min_confidence=0.5, contested=True,
)  # fmt: skip
ASKED: dict[str, Callable[[Any], Any]] = {
    "count_events, every condition": lambda t: queries.count_events(t, WHOLE),
    "count_events, source": lambda t: queries.count_events(t, EventFilter(actors=("ALD",), role="source")),
    "select_events": lambda t: queries.select_events(t, EVERYTHING, 50, 100),
    "select_events, oldest": lambda t: queries.select_events(t, EVERYTHING, 50, 0, "oldest"),
    "select_events, reports": lambda t: queries.select_events(t, EVERYTHING, 50, 0, "reports"),
    "select_events_at": lambda t: queries.select_events_at(t, EVERYTHING, 7),
    "select_points": lambda t: queries.select_points(t, EVERYTHING, ("ALD", "BOR")),
    "count_lanes": lambda t: queries.count_lanes(t, EVERYTHING, ("ALD", "BOR")),
    "count_per_bin": lambda t: queries.count_per_bin(t, EVERYTHING),
    "count_per_bin, published": lambda t: queries.count_per_bin(t, EVERYTHING, by="published"),
    "rank_actors": lambda t: queries.rank_actors(t, EventFilter(level="country")),
    "count_dyads": lambda t: queries.count_dyads(t, EVERYTHING),
    "count_places": lambda t: queries.count_places(t, EVERYTHING),
    "list_values": queries.list_values,
    "read_evidence": lambda t: queries.read_evidence(t, "00000000000000ff"),
}
EVENT = {
    "event_id": 255, "start_day": DAY, "end_day": DAY, "published": DAY, "date_precision": "day", "date_basis": None,
    "event_type": "AID", "quad_class": 2, "goldstein": 10.0, "realis": "actual", "confidence": 1.0, "reports": 1,
    "publishers": 1, "contested": False, "corrected": False, "reviewed": False, "sources": 1, "targets": 1,
    "place": 7, "place_name": "Quellin", "place_country": "ALD", "latitude": 1.0, "longitude": 2.0, "url": None,
}  # fmt: skip
# A row that does for every query: those that ask again with what they got go on to ask.
ROW = EVENT | {
    "events": 1, "who": 1, "as_source": 1, "as_target": 0, "source": 1, "target": 1, "first": DAY, "last": DAY,
    "day": DAY, "side": "source", "listed": 0, "actor": 1, "publisher": 1, "name": "x", "country": "ALD", "undated": 0,
}  # fmt: skip


def asked_of(dialect: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The SQL of each query, in the order in which it is asked."""
    heard: list[str] = []

    def read_rows(engine: Any, wanted: Any) -> list[dict[str, Any]]:
        heard.append(str(ibis.to_sql(wanted, dialect=dialect)))
        return [dict(ROW)]

    entries = {n: ActorEntry(n, Actor(name, name, name), n, n) for n, name in ((1, "ALD"), (2, "BOR"))}
    names = make_names(entries, {1: "Aldor Post"})
    monkeypatch.setattr(remote_tables, "read_rows", read_rows)
    engine = type("Engine", (), {"address": "engine://", "metered": True})()
    found = {}
    for name, ask in ASKED.items():
        heard.clear()
        names.answers.clear()
        ask(RemoteTables(engine, make_star(), None, lambda engine, star: names))  # type: ignore[arg-type]
        found[name] = list(heard)
    return found


@pytest.mark.parametrize("dialect", ["bigquery", "clickhouse", "trino"])
def test_sql_is_as_it_was_read(dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compared as syntax, so that a new release may lay it out in another way."""
    file = SNAPSHOTS / f"{dialect}.sql"
    asked = asked_of(dialect, monkeypatch)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.parent.mkdir(parents=True, exist_ok=True)
        parts = (f"-- {name}\n" + "".join(f"{sql};\n" for sql in several) for name, several in asked.items())
        file.write_text("\n".join(parts), encoding="utf-8")
    kept = {}
    for part in file.read_text(encoding="utf-8").split("-- ")[1:]:
        name, _, sql = part.partition("\n")
        kept[name] = sqlglot.parse(sql, dialect=dialect)

    assert list(kept) == list(asked)
    for name, several in asked.items():
        assert [one for one in kept[name] if one] == [sqlglot.parse_one(sql, dialect=dialect) for sql in several], name


def test_tables_stand_in_their_dataset() -> None:
    """A star in another project's dataset is named in full."""
    star = make_star("events", "press")

    assert "FROM `press`.`events`.`outlets`" in ibis.to_sql(star.outlets.limit(1), dialect="bigquery")
    assert "`press`.`events`.`actors`" in ibis.to_sql(star.sides("country"), dialect="bigquery")


def test_postgresql_plans_named_parts_with_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part written out on its own has no statistics: whatever joins it looks up row by row."""
    asked = [sql for several in asked_of("postgres", monkeypatch).values() for sql in several]
    named = [sql for sql in asked if "WITH " in sql]

    assert named
    for sql in asked:
        parts = list(sqlglot.parse_one(_plan_whole(sql), dialect="postgres").find_all(sqlglot.exp.CTE))
        assert len(parts) == len(list(sqlglot.parse_one(sql, dialect="postgres").find_all(sqlglot.exp.CTE)))
        assert all(part.args["materialized"] is False for part in parts)
