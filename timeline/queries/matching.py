"""A filter as SQL: which rows to read, and from which copy of the events.

Only keys and codes looked up here, and constants, stand in the text of a query; what the user typed is bound.
With actors in the filter the projection sorted by actor is read, where there is one: a few row groups instead
of all. It holds an event once for each of its actors, so matching must see to it that none counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from timeline.queries.filters import EventFilter
from timeline.queries.tables import Loaded, Session
from timeline.store.codes import EVENT_TYPE_CODES, REALIS_CODES
from timeline.store.search import find_events

Groups = tuple[tuple[int, ...], ...]

_SIMPLE = "more_sources IS NULL AND more_targets IS NULL"
_SOURCES = "list_concat([source], more_sources)"
_TARGETS = "list_concat([target], more_targets)"


@dataclass(frozen=True, slots=True)
class Match:
    """The rows that a filter lets through: `FROM table WHERE condition`, with the values to bind.

    `weight` is the SQL of how many events a set of rows stands for: a count, or a sum over a rollup.
    """

    table: str
    condition: str
    values: tuple[object, ...] = ()
    weight: str = "count(*)"

    @property
    def rows(self) -> str:
        """What follows SELECT …"""
        return f"FROM {self.table} WHERE {self.condition}"

    def also(self, condition: str, *values: object) -> Match:
        """The same with one more condition."""
        return replace(self, condition=f"{self.condition} AND {condition}", values=(*self.values, *values))


def match_events(session: Session, f: EventFilter) -> Match:
    """The rows of events that the filter lets through, each event once."""
    match = _match_plain(session, f)
    if not f.actors:
        return match
    groups = find_groups(session.loaded, f.actors, f.level)
    if not any(groups):
        return match.also("false")
    if session.snapshot.by_actor:
        return replace(match, table="by_actor").also(_once_by_actor(groups, f.role))
    return match.also(_has_role(groups, f.role))


def match_spans(session: Session, f: EventFilter) -> Match:
    """As `match_events`, for counts by span, type, quad class and realis alone: from the rollup if possible."""
    if not session.snapshot.spans or f.actors or f.publishers or f.text.strip() or f.min_confidence > 0:
        return match_events(session, f)
    return replace(_match_plain(session, f), table="spans", weight="coalesce(sum(n), 0)::BIGINT")


def find_groups(loaded: Loaded, ids: Sequence[str], level: str) -> Groups:
    """For each id, the keys of the actors that are it or fold into it at the level; none for an unknown id."""
    if level == "actor":
        return tuple((loaded.actor_keys[name],) if name in loaded.actor_keys else () for name in ids)
    members: dict[int, list[int]] = {loaded.actor_keys[name]: [] for name in ids if name in loaded.actor_keys}
    for key in loaded.actors:
        members.get(fold(loaded, key, level), []).append(key)
    return tuple(tuple(members.get(loaded.actor_keys.get(name, -1), ())) for name in ids)


def fold(loaded: Loaded, key: int, level: str) -> int:
    """The key of the actor that stands for this one at the level."""
    entry = loaded.actors[key]
    return {"actor": entry.key, "organ": entry.organ, "country": entry.state}[level]


def _match_plain(session: Session, f: EventFilter) -> Match:
    """Every condition but that on actors."""
    match = Match("events", "true")
    if f.end is not None:
        match = match.also('("start" <= ? OR "start" IS NULL)', f.end)
    if f.start is not None:
        match = match.also('("end" >= ? OR "end" IS NULL)', f.start)
    if not f.undated:
        match = match.also('("start" IS NOT NULL OR "end" IS NOT NULL)')
    if f.event_types:
        match = match.also(_among("event_type", [EVENT_TYPE_CODES.index(name) for name in f.event_types]))
    if f.quad_classes:
        match = match.also(_among("quad_class", f.quad_classes))
    if f.realis:
        match = match.also(_among("realis", [REALIS_CODES.index(name) for name in f.realis]))
    if f.min_confidence > 0:
        match = match.also("confidence >= ?::FLOAT", f.min_confidence)
    if f.contested:
        match = match.also("contested")
    if f.publishers:
        known = session.loaded.publisher_keys
        match = match.also(_has("publisher", "more_publishers", [known[n] for n in f.publishers if n in known]))
    if f.text.strip():
        found = pa.table({"event_id": pa.array(find_events(session.project, f.text), pa.int64())})
        session.offer("found", found)
        match = match.also("event_id IN (SELECT event_id FROM found)")
    return match


def _among(column: str, numbers: Sequence[int]) -> str:
    """`column IN (…)`; the numbers are ours (keys and codes), `int` makes sure of it."""
    return f"{column} IN ({', '.join(str(int(number)) for number in numbers)})" if numbers else "false"


def _has(first: str, more: str, keys: Sequence[int]) -> str:
    """One of the keys stands in the plain column or in the list column beside it."""
    if not keys:
        return "false"
    return f"({_among(first, keys)} OR ({more} IS NOT NULL AND list_has_any({more}, {_listed(keys)})))"


def _listed(keys: Sequence[int]) -> str:
    return f"[{', '.join(str(int(key)) for key in keys)}]::INTEGER[]"


def _has_role(groups: Groups, role: str) -> str:
    """The actors stand where the filter wants them; for rows of `events`."""
    keys = _union(groups)
    source, target = _has("source", "more_sources", keys), _has("target", "more_targets", keys)
    if role == "source":
        return source
    if role == "target":
        return target
    if role == "between" and len(groups) > 1:
        sides = (
            f"({_has('source', 'more_sources', group)} AND {_has('target', 'more_targets', _without(keys, group))})"
            for group in groups
        )
        return f"({' OR '.join(sides)})"
    return f"({source} OR {target})"


def _once_by_actor(groups: Groups, role: str) -> str:
    """The same for rows of `by_actor`, true for one of the rows that an event has there."""
    keys = _union(groups)
    everyone = f"list_concat({_SOURCES}, {_TARGETS})"
    if role == "between" and len(groups) > 1:
        simple = f"role IN (1, 3) AND {_has_role(groups, role)}"
        several = f"{_has_role(groups, role)} AND actor = {_least(everyone, keys)}"
    elif role == "source":
        simple = "role IN (1, 3)"
        several = f"role IN (1, 3) AND actor = {_least(_SOURCES, keys)}"
    elif role == "target":
        simple = "role IN (2, 3)"
        several = f"role IN (2, 3) AND actor = {_least(_TARGETS, keys)}"
    else:
        simple = "true" if len(keys) == 1 else f"NOT (role = 2 AND source IS NOT NULL AND {_among('source', keys)})"
        several = f"actor = {_least(everyone, keys)}"
    return f"{_among('actor', keys)} AND (({_SIMPLE} AND {simple}) OR (NOT ({_SIMPLE}) AND {several}))"


def _least(actors: str, keys: Sequence[int]) -> str:
    """The smallest wanted key among an event's actors: that one's row stands for the event."""
    return f"list_min(list_intersect({actors}, {_listed(keys)}))"


def _union(groups: Groups) -> tuple[int, ...]:
    return tuple(sorted({key for group in groups for key in group}))


def _without(keys: Sequence[int], group: Sequence[int]) -> tuple[int, ...]:
    return tuple(key for key in keys if key not in set(group))
