"""Who takes part, and who acts on whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from timeline.queries.filters import EVERYTHING, LEVELS, EventFilter
from timeline.queries.frames import fill_column, make_frame, take_texts
from timeline.queries.held.choosing import choose
from timeline.queries.held.counting import count_pairs, count_sides
from timeline.queries.matching import (
    SOURCES,
    TARGETS,
    is_busy,
    match_actor_kinds,
    match_actor_months,
    match_events,
)
from timeline.queries.tables import AnyTables, Loaded, Session, Tables, also_remote, answer_once, fold_keys

_PIECE = 1_000_000  # rows counted at a time
Ranked: TypeAlias = tuple[Any, int, int, int]  # key, events, as source, as target
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


@also_remote
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
    level = check_level(level or f.level)
    with tables.session() as session:
        ranked = _rank(session, f, max(0, n), level)
        rows = []
        for key, events, as_source, as_target in ranked:
            actor = session.loaded.actors[key].actor
            rows.append((actor.id, actor.name, actor.country, actor.sector, events, as_source, as_target))
    return make_frame(rows, ACTOR_COLUMNS)


@also_remote
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
    level = check_level(level or f.level)
    with tables.session() as session:
        if f != EVERYTHING:
            return _count_dyads(session, f, max(0, n), level)
        # The whole network places the nodes of every other; it is kept as long as the snapshot.
        name = f"dyads {level} {n}"
        return answer_once(session.loaded.answers, name, lambda: _count_dyads(session, f, max(0, n), level)).copy()


def list_actors(tables: AnyTables) -> pd.DataFrame:
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


def name_actors(tables: AnyTables, ids: tuple[str, ...]) -> dict[str, str]:
    """Display names by actor id; an id the project does not know is absent."""
    with tables.session() as session:
        known = session.loaded.actor_keys
        return {name: session.loaded.actors[known[name]].actor.name for name in ids if name in known}


def keep_ranking(
    answers: dict[str, Any], f: EventFilter, n: int, level: str, ask: Callable[[int], list[Ranked]]
) -> list[Ranked]:
    """The most active actors, ties by key; `ask` gives so many of them.

    The last ranking is kept: a page asks for the lanes of its timeline and for the actors of its network in turn.
    """
    kept = answers.get("ranked")
    if kept and kept[:2] == (f, level) and kept[2] >= n:
        return list(kept[3][:n])
    most = max(n, TOP_ACTORS)
    ranked = ask(most)
    if not f.text.strip():  # the index of words is not part of the snapshot
        answers["ranked"] = (f, level, most, ranked)
    return ranked[:n]


_NARROW = 'quad_class, goldstein, reports, contested, "start", "end"'
# Grouping goes by slots 0 to 199, so that DuckDB counts in an array.
_PLAIN_PAIRS = """
    SELECT s.slot AS source, t.slot AS target, {narrow} FROM ({rows}) e
    JOIN top s ON s.key = e.source JOIN top t ON t.key = e.target
"""
# DISTINCT keeps an event from counting twice for a folded pair.
_LISTED_PAIRS = """
    SELECT DISTINCT ON (event_id, s.slot, t.slot) s.slot AS source, t.slot AS target, {narrow} FROM (
        SELECT event_id, {narrow}, a, len(sources) = 1 AND len(targets) = 1 AS alone, unnest(targets) AS b
        FROM (SELECT *, unnest(sources) AS a FROM ({rows}))
    ) m JOIN top s ON s.key = m.a JOIN top t ON t.key = m.b WHERE m.a <> m.b OR alone
"""
_GROUPED = """
    SELECT source, target, quad_class, count(*) AS events, avg(goldstein)::DOUBLE AS goldstein,
        sum(reports)::BIGINT AS reports, count(*) FILTER (contested) AS contested,
        min(coalesce("start", "end")) AS first, max(coalesce("end", "start")) AS last
    FROM ({pairs}) GROUP BY source, target, quad_class
"""
_DYADS = """
    WITH grouped AS ({grouped}), ranked AS (
        SELECT source, target, sum(events) AS total FROM grouped GROUP BY source, target
        ORDER BY total DESC, source, target LIMIT $n
    )
    SELECT grouped.* FROM grouped JOIN ranked USING (source, target)
    ORDER BY total DESC, source, target, quad_class
"""


def check_level(level: str) -> str:
    """The level, if it is one; raises ValueError."""
    if level not in LEVELS:
        raise ValueError(f"unknown level {level!r}; use one of {', '.join(LEVELS)}")
    return level


def _count_dyads(session: Session, f: EventFilter, n: int, level: str) -> pd.DataFrame:
    top = {key: slot for slot, (key, *_) in enumerate(_rank(session, f, TOP_ACTORS, level))}
    choice = choose(session, f)
    if choice is not None:
        keys = np.array(list(top), dtype=np.int64)
        found = count_pairs(choice, level, keys, _slot_array(session.loaded, top, level), n)
    else:
        session.offer("top", _slots(session.loaded, top, level))
        grouped, values = _group_pairs(session, f, level, top)
        found = session.columns(_DYADS.format(grouped=grouped), {**values, "n": n})
    actors = [session.loaded.actors[key].actor for key in top]
    ids, names = [actor.id for actor in actors], [actor.name for actor in actors]
    sides = {f"{side}_id": take_texts(ids, found[side]) for side in ("source", "target")} | {
        f"{side}_name": take_texts(names, found[side]) for side in ("source", "target")
    }
    return pd.DataFrame(sides | {name: fill_column(found[name], DYAD_COLUMNS[name]) for name in list(DYAD_COLUMNS)[4:]})


def _group_pairs(
    session: Session, f: EventFilter, level: str, top: Mapping[int, int]
) -> tuple[str, Mapping[str, object]]:
    """A query for the pairs of the top actors by quad class, and what is bound in it."""
    match = match_events(session, f)
    # The projection of busy pairs says the same as the events, with fewer rows to read.
    busy = level == "actor" and is_busy(session, f) and session.loaded.busy.issuperset(top)
    plain = replace(match, table="busy_pairs") if busy else match
    pairs = _PLAIN_PAIRS.format(rows=plain.select_plain(f"source, target, {_NARROW}"), narrow=_NARROW)
    if match.has_lists:
        columns = f"event_id, {SOURCES} AS sources, {TARGETS} AS targets, {_NARROW}"
        pairs += f" UNION ALL {_LISTED_PAIRS.format(rows=match.select_listed(columns), narrow=_NARROW)}"
    return _GROUPED.format(pairs=pairs), match.values


def _rank(session: Session, f: EventFilter, n: int, level: str) -> list[Ranked]:
    return keep_ranking(session.loaded.answers, f, n, level, lambda most: _ask_rank(session, f, most, level))


def _ask_rank(session: Session, f: EventFilter, n: int, level: str) -> list[Ranked]:
    rollup = _from_rollup(session, f, level)
    if rollup is None:
        return _rank_events(session, f, n, level)
    sides, values = rollup
    found = session.rows(
        "SELECT actor, sum(events)::BIGINT AS e, sum(as_source)::BIGINT, sum(as_target)::BIGINT"
        f" FROM ({sides}) GROUP BY actor ORDER BY e DESC, actor LIMIT {n}",
        values,
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]


def _rank_events(session: Session, f: EventFilter, n: int, level: str) -> list[Ranked]:
    """The ranking from the events themselves."""
    choice = choose(session, f)
    folds = fold_keys(session.loaded, level)
    counts = _count_rows(session, f, level, folds) if choice is None else count_sides(choice, folds, level)
    events = counts[0, :-1]  # the last is nobody
    keys = np.flatnonzero(events)
    keys = keys[np.lexsort((keys, -events[keys]))][:n]
    return [(int(key), *(int(number) for number in counts[:, key])) for key in keys]  # type: ignore[misc]


def _count_rows(session: Session, f: EventFilter, level: str, folds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The events of each actor, those with it as source, and as target: one pass over both sides, in arrays by key.

    A plain event counts once for an actor that stands on both sides of it.
    """
    match = match_events(session, f)
    size = len(folds)
    counts = np.zeros((3, size), dtype=np.int64)
    nobody = size - 1
    sides = match.select_plain(f"coalesce(source, {nobody}) AS source, coalesce(target, {nobody}) AS target")
    for piece in session.batches(sides, match.values, _PIECE):
        source, target = (piece[side].to_numpy() for side in ("source", "target"))
        if level != "actor":
            source, target = folds[source], folds[target]
        as_source, as_target = np.bincount(source, minlength=size), np.bincount(target, minlength=size)
        both = np.bincount(target[source == target], minlength=size)
        counts += np.stack([as_source + as_target - both, as_source, as_target])
    if match.has_lists:
        listed = match.select_listed(f"event_id, {SOURCES} AS sources, {TARGETS} AS targets")
        found = session.columns(_LISTED_ROLES.format(rows=listed, level=level), match.values)
        for number, name in enumerate(("events", "as_source", "as_target")):
            counts[number, found["actor"]] += found[name].astype(np.int64)
    return counts


_LISTED_ROLES = """
    SELECT actor, count(*) AS events, sum(as_source)::BIGINT AS as_source, sum(as_target)::BIGINT AS as_target FROM (
        SELECT folds.{level} AS actor, max(as_source) AS as_source, max(as_target) AS as_target FROM (
            SELECT event_id, unnest(sources) AS key, 1 AS as_source, 0 AS as_target FROM ({rows})
            UNION ALL
            SELECT event_id, unnest(targets), 0, 1 FROM ({rows})
        ) JOIN folds USING (key) GROUP BY event_id, folds.{level}
    ) GROUP BY actor
"""


def _from_rollup(session: Session, f: EventFilter, level: str) -> tuple[str, Mapping[str, object]] | None:
    """Counts by actor from a rollup, if one says all that the filter does."""
    match = match_actor_kinds(session, f, level) or match_actor_months(session, f, level)
    return (match.select("actor, n AS events, as_source, as_target"), match.values) if match else None


def _slots(loaded: Loaded, top: Mapping[int, int], level: str) -> pa.Table:
    """Every actor that folds into one of the top actors, with that one's slot."""
    slots = _slot_array(loaded, top, level)
    keys = np.flatnonzero(slots < len(top))
    return pa.table({"key": pa.array(keys, pa.int32()), "slot": pa.array(slots[keys], pa.int32())})


def _slot_array(loaded: Loaded, top: Mapping[int, int], level: str) -> NDArray[np.uint8]:
    """The slot of each key, that of the top actor it folds into; their number for none."""
    folds = fold_keys(loaded, level)
    slots = np.full(len(folds), len(top), dtype=np.uint8)  # holds more than `TOP_ACTORS`
    slots[list(top)] = list(top.values())
    return slots[folds]
