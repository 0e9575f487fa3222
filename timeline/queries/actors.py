"""Who takes part, and who acts on whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from timeline.queries.filters import LEVELS, EventFilter
from timeline.queries.frames import make_frame
from timeline.queries.matching import Match, fold, match_events
from timeline.queries.tables import Loaded, Session, Tables

TOP_ACTORS = 200  # pairs are drawn among this many; with all actors the number of pairs has no bound
ACTOR_COLUMNS = {
    "actor_id": "str", "name": "str", "country": "object", "sector": "object",
    "events": "int64", "as_source": "int64", "as_target": "int64",
}  # fmt: skip
DYAD_COLUMNS = {
    "source_id": "str", "target_id": "str", "source_name": "str", "target_name": "str", "quad_class": "int64",
    "events": "int64", "goldstein": "float64", "reports": "int64", "contested": "int64", "first": "day", "last": "day",
}  # fmt: skip
FOLD_COLUMNS = {
    "actor_id": "str", "name": "str", "country": "object", "sector": "object",
    "organ_id": "str", "country_id": "str", "known": "bool",
}  # fmt: skip


def rank_actors(tables: Tables, f: EventFilter, n: int = 50, level: str | None = None) -> pd.DataFrame:
    """The actors with most events, most active first.

    Args:
        tables: The project's tables.
        f: Which events.
        n: Rows at most.
        level: "actor" as mentioned; "organ" or "country" counts each with what it folds into, an event with
            several actors of one country once. By default that of the filter.

    Returns:
        Columns `actor_id`, `name`, `country`, `sector` (None unknown), `events`, `as_source`, `as_target`;
        an event in which an actor is on both sides (a meeting) adds to both, and 1 to `events`.
    """
    level = _check(level or f.level)
    with tables.session() as session:
        ranked = _rank(session, f, max(0, n), level)
        rows = []
        for key, events, as_source, as_target in ranked:
            actor = session.loaded.actors[key].actor
            rows.append((actor.id, actor.name, actor.country, actor.sector, events, as_source, as_target))
    return make_frame(rows, ACTOR_COLUMNS)


def count_dyads(tables: Tables, f: EventFilter, n: int = 1000, level: str | None = None) -> pd.DataFrame:
    """Count the events of each ordered pair by quad class, for the `n` pairs with most events.

    Pairs are drawn among the `TOP_ACTORS` most active actors of the filter, at its level unless another is
    given. A meeting of three gives six pairs. An actor is paired with itself only where the event has it alone
    on both sides, or, at a higher level, where two different actors fold into it. Events without an actor on
    either side give no pair.

    Returns:
        Columns `DYAD_COLUMNS`: `goldstein` is the mean, `reports` the sum, `contested` the number of contested
        events, `first` and `last` (datetime64) the first and last known day. Most frequent pair first, then by
        quad class.
    """
    level = _check(level or f.level)
    with tables.session() as session:
        top = {key: slot for slot, (key, *_) in enumerate(_rank(session, f, TOP_ACTORS, level))}
        session.offer("top", _slots(session.loaded, top, level))
        match = match_events(session, f)
        found = session.rows(_DYADS.format(rows=match.rows, narrow=_NARROW), (*match.values, *match.values, max(0, n)))
        actors = [session.loaded.actors[key].actor for key in top]
    rows = []
    for source, target, *counts in found:
        rows.append((actors[source].id, actors[target].id, actors[source].name, actors[target].name, *counts))
    return make_frame(rows, DYAD_COLUMNS)


def list_actors(tables: Tables) -> pd.DataFrame:
    """Every actor known to the project: `actor_id`, `name`, `country`, `sector`, `organ_id`, `country_id`, `known`.

    `organ_id` and `country_id` are the ids of the actors it folds into at these levels, its own if into none.
    """
    with tables.session() as session:
        actors = session.loaded.actors
        rows = [
            (
                entry.actor.id, entry.actor.name, entry.actor.country, entry.actor.sector,
                actors[entry.organ].actor.id, actors[entry.state].actor.id, entry.actor.known,
            )
            for entry in actors.values()
        ]  # fmt: skip
    return make_frame(rows, FOLD_COLUMNS)


def name_actors(tables: Tables, ids: tuple[str, ...]) -> dict[str, str]:
    """Display names by actor id; an id the project does not know is absent."""
    with tables.session() as session:
        known = session.loaded.actor_keys
        return {name: session.loaded.actors[known[name]].actor.name for name in ids if name in known}


# Grouping goes by slots 0..199, so that DuckDB counts in an array. Events with more than two actors are few
# and take the long way round; DISTINCT keeps one event from counting twice for a folded pair.
_NARROW = 'quad_class, goldstein, reports, contested, "start", "end"'
_DYADS = """
    WITH pairs AS (
        SELECT s.slot AS source, t.slot AS target, {narrow}
        FROM (SELECT source, target, {narrow} {rows} AND more_sources IS NULL AND more_targets IS NULL) e
        JOIN top s ON s.key = e.source JOIN top t ON t.key = e.target
        UNION ALL
        SELECT DISTINCT ON (event_id, s.slot, t.slot) s.slot AS source, t.slot AS target, {narrow}
        FROM (
            SELECT event_id, {narrow}, a, unnest(targets) AS b FROM (
                SELECT event_id, {narrow}, unnest(list_concat([source], more_sources)) AS a,
                    list_concat([target], more_targets) AS targets
                {rows} AND (more_sources IS NOT NULL OR more_targets IS NOT NULL)
            )
        ) m JOIN top s ON s.key = m.a JOIN top t ON t.key = m.b WHERE m.a <> m.b
    ), grouped AS (
        SELECT source, target, quad_class, count(*) AS events, avg(goldstein)::DOUBLE AS goldstein,
            sum(reports)::BIGINT AS reports, count(*) FILTER (contested) AS contested,
            min(coalesce("start", "end")) AS first, max(coalesce("end", "start")) AS last
        FROM pairs GROUP BY source, target, quad_class
    ), ranked AS (
        SELECT source, target, sum(events) AS total FROM grouped GROUP BY source, target
        ORDER BY total DESC, source, target LIMIT ?
    )
    SELECT grouped.* FROM grouped JOIN ranked USING (source, target)
    ORDER BY total DESC, source, target, quad_class
"""


def _check(level: str) -> str:
    if level not in LEVELS:
        raise ValueError(f"unknown level {level!r}; use one of {', '.join(LEVELS)}")
    return level


def _rank(session: Session, f: EventFilter, n: int, level: str) -> list[tuple[int, int, int, int]]:
    """(key, events, as source, as target) of the most active actors, ties by key."""
    if level == "actor" and session.snapshot.actor_months and _in_months(session, f):
        return _rank_months(session, f, n)
    match = match_events(session, f)
    if level == "actor":
        sides = _ROLES
    else:
        session.offer("folds", _folds(session.loaded, level))
        sides = _FOLDED_ROLES
    found = session.rows(
        f"SELECT actor, sum(events)::BIGINT AS e, sum(as_source)::BIGINT, sum(as_target)::BIGINT"
        f" FROM ({sides.format(rows=match.rows)}) GROUP BY actor ORDER BY e DESC, actor LIMIT {n}",
        match.values * sides.count("{rows}"),
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]


# An event counts once for an actor: its target's row brings no event where the source is the same.
_ROLES = """
    SELECT source AS actor, count(*) AS events, count(*) AS as_source, 0 AS as_target
    {rows} AND more_sources IS NULL AND more_targets IS NULL AND source IS NOT NULL GROUP BY source
    UNION ALL
    SELECT target, count(*) FILTER (source IS DISTINCT FROM target), 0, count(*)
    {rows} AND more_sources IS NULL AND more_targets IS NULL AND target IS NOT NULL GROUP BY target
    UNION ALL
    SELECT actor, 1, list_contains(sources, actor)::INTEGER, list_contains(targets, actor)::INTEGER FROM (
        SELECT sources, targets, unnest(list_distinct(list_concat(sources, targets))) AS actor FROM (
            SELECT list_concat([source], more_sources) AS sources, list_concat([target], more_targets) AS targets
            {rows} AND (more_sources IS NOT NULL OR more_targets IS NOT NULL)
        )
    ) WHERE actor IS NOT NULL
"""
_FOLDED_ROLES = """
    SELECT s.stands AS actor, count(*) AS events, count(*) AS as_source, 0 AS as_target
    FROM (SELECT source {rows} AND more_sources IS NULL AND more_targets IS NULL) e
    JOIN folds s ON s.key = e.source GROUP BY s.stands
    UNION ALL
    SELECT t.stands, count(*) FILTER (s.stands IS DISTINCT FROM t.stands), 0, count(*)
    FROM (SELECT source, target {rows} AND more_sources IS NULL AND more_targets IS NULL) e
    JOIN folds t ON t.key = e.target LEFT JOIN folds s ON s.key = e.source GROUP BY t.stands
    UNION ALL
    SELECT stands, 1, max(as_source), max(as_target) FROM (
        SELECT event_id, unnest(list_concat([source], more_sources)) AS key, 1 AS as_source, 0 AS as_target
        FROM (SELECT * {rows} AND (more_sources IS NOT NULL OR more_targets IS NOT NULL)) several
        UNION ALL
        SELECT event_id, unnest(list_concat([target], more_targets)), 0, 1
        FROM (SELECT * {rows} AND (more_sources IS NOT NULL OR more_targets IS NOT NULL)) several
    ) JOIN folds USING (key) GROUP BY event_id, stands
"""


def _in_months(session: Session, f: EventFilter) -> bool:
    """Whether whole months and quad classes say all that the filter does."""
    plain = EventFilter(
        start=f.start, end=f.end, undated=f.undated, quad_classes=f.quad_classes, role=f.role, level=f.level
    )
    if f != plain:
        return False
    if f.start is None and f.end is None:
        return f.undated
    aligned = (f.start is None or f.start.day == 1) and (f.end is None or _ends_month(f.end))
    return aligned and session.snapshot.longest <= 1


def _ends_month(day: dt.date) -> bool:
    return day == dt.date.max or (day + dt.timedelta(days=1)).day == 1


def _rank_months(session: Session, f: EventFilter, n: int) -> list[tuple[int, int, int, int]]:
    match = Match("actor_months", "true")
    empty = " OR month IS NULL" if f.undated else ""
    if f.start is not None:
        match = match.also(f"(month >= ?{empty})", f.start)
    if f.end is not None:
        match = match.also(f"(month <= ?{empty})", f.end)
    if f.quad_classes:
        match = match.also(f"quad_class IN ({', '.join(str(int(quad)) for quad in f.quad_classes)})")
    found = session.rows(
        f"SELECT actor, sum(n)::BIGINT AS e, sum(as_source)::BIGINT, sum(as_target)::BIGINT {match.rows}"
        f" GROUP BY actor ORDER BY e DESC, actor LIMIT {n}",
        match.values,
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]


def _slots(loaded: Loaded, top: Mapping[int, int], level: str) -> pa.Table:
    """Every actor that folds into one of the top actors, with that one's slot."""
    pairs = [(key, top[into]) for key in loaded.actors if (into := fold(loaded, key, level)) in top]
    return pa.table(
        {
            "key": pa.array([key for key, _ in pairs], pa.int32()),
            "slot": pa.array([slot for _, slot in pairs], pa.int32()),
        }
    )


def _folds(loaded: Loaded, level: str) -> pa.Table:
    return pa.table(
        {
            "key": pa.array(loaded.actors, pa.int32()),
            "stands": pa.array([fold(loaded, key, level) for key in loaded.actors], pa.int32()),
        }
    )
