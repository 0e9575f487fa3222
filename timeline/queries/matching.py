"""A filter as SQL: which rows to read, and from which copy of the events.

Only keys and codes looked up here, and constants, stand in the text of a query; what the user typed is bound.
With actors in the filter the projection sorted by actor is read, where there is one and its columns are enough: a
few row groups instead of all. It holds an event once for each of its actors, so matching must see to it that none
counts twice.

Rows with several actors or publishers stand at the end of the files. Each kind of row has a condition of its
own, so that the lists are read for those few rows only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from timeline.queries.filters import EVERYTHING, LEVELS, EventFilter
from timeline.queries.tables import Loaded, Session, fold_keys
from timeline.store.codes import EVENT_TYPE_CODES, REALIS_CODES
from timeline.store.codings import find_marked
from timeline.store.search import find_events

Groups = tuple[tuple[int, ...], ...]

SOURCES = "list_concat([source], more_sources)"
TARGETS = "list_concat([target], more_targets)"


@dataclass(frozen=True, slots=True)
class Match:
    """The rows that a filter lets through.

    `common` holds for all of them; `plain` and `listed` are what rows without and with lists must fulfil
    besides, "" for nothing. `values` are bound by name. `weight` is the SQL of how many events a set of rows
    stands for, over the column `unit`: a count, or a sum over a rollup.
    """

    table: str
    common: str = "true"
    plain: str = ""
    listed: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    weight: str = "count(*)"
    unit: str = "1 AS n"
    has_lists: bool = True

    @property
    def parts(self) -> tuple[str, ...]:
        """Queries with `{}` for the columns, which together give all rows: one, or one for each kind of row."""
        if not self.plain and not self.listed:
            return (self.select("{}"),)
        return (self.select_plain("{}"), self.select_listed("{}")) if self.has_lists else (self.select_plain("{}"),)

    def select(self, columns: str) -> str:
        """A query for all rows."""
        if not self.plain and not self.listed:
            return f"SELECT {columns} FROM {self.table} WHERE {self.common}"
        if not self.has_lists:
            return self.select_plain(columns)
        return f"{self.select_plain(columns)} UNION ALL {self.select_listed(columns)}"

    def select_plain(self, columns: str) -> str:
        """A query for the rows without lists."""
        only = "NOT several AND " if self.has_lists else ""
        return f"SELECT {columns} FROM {self.table} WHERE {only}{self.common}{_and(self.plain)}"

    def select_listed(self, columns: str) -> str:
        """A query for the rows with several sources, targets or publishers."""
        return f"SELECT {columns} FROM {self.table} WHERE several AND {self.common}{_and(self.listed)}"

    def also(self, condition: str, **values: object) -> Match:
        """The same with one more condition on all rows."""
        return replace(self, common=f"{self.common} AND {condition}", values={**self.values, **values})

    def either(self, plain: str, listed: str) -> Match:
        """The same with one more condition on rows of each kind."""
        return replace(
            self,
            plain=f"{self.plain} AND {plain}" if self.plain else plain,
            listed=f"{self.listed} AND {listed}" if self.listed else listed,
        )


def match_events(session: Session, f: EventFilter, *, wide: bool = False) -> Match:
    """The rows of events that the filter lets through, each event once.

    With `wide` from the table itself: the projection by actor lacks confidence, publishers and places.
    """
    match = _match_plain(session, f)
    if not f.actors:
        return match
    groups = find_groups(session.loaded, f.actors, f.level)
    if not any(groups):
        return match.also("false")
    if not session.snapshot.by_actor:
        return match.either(_plain_role(groups, f.role), _listed_role(groups, f.role))
    if wide or f.publishers or f.min_confidence > 0:
        # Ids from the projection, the rest from the table: comparing both sides of every row takes longer.
        theirs = match_events(session, EventFilter(actors=f.actors, role=f.role, level=f.level))
        return match.also(f"event_id IN (SELECT event_id FROM ({theirs.select('event_id')}))")
    keys = _union(groups)
    states = sorted({session.loaded.actors[key].state for key in keys})
    match = replace(match, table="by_actor").also(_among("state", states)).also(_among("actor", keys))
    return match.either(*_once_by_actor(groups, f.role))


def is_busy(session: Session, f: EventFilter) -> bool:
    """Whether the projection of busy pairs can answer for the filter."""
    return bool(session.snapshot.busy_pairs) and not (f.actors or f.publishers or f.text.strip() or f.review)


def match_most_reported(session: Session, f: EventFilter) -> Match | None:
    """As `match_events`, among the most reported events alone; None where these are not kept apart."""
    if not session.snapshot.most_reported:
        return None
    match = replace(_match_plain(session, f), table="most_reported")
    if not f.actors:
        return match
    groups = find_groups(session.loaded, f.actors, f.level)
    return match.either(_plain_role(groups, f.role), _listed_role(groups, f.role))


def match_spans(session: Session, f: EventFilter) -> Match:
    """As `match_events`, for counts by span, type, quad class and realis alone: from the rollup if possible."""
    if not session.snapshot.spans or f.actors or f.publishers or f.text.strip() or f.min_confidence > 0 or f.review:
        return match_events(session, f)
    return replace(_match_plain(session, f), table="spans", weight="coalesce(sum(n), 0)::BIGINT", unit="n")


def find_groups(loaded: Loaded, ids: Sequence[str], level: str) -> Groups:
    """For each id, the keys of the actors that are it or fold into it at the level; none for an unknown id."""
    if level == "actor":
        return tuple((loaded.actor_keys[name],) if name in loaded.actor_keys else () for name in ids)
    folds = fold_keys(loaded, level)[:-1]
    return tuple(tuple(np.flatnonzero(folds == loaded.actor_keys.get(name, -1)).tolist()) for name in ids)


def match_kinds(match: Match, f: EventFilter) -> Match:
    """The conditions on type, quad class and realis added to a match."""
    if f.event_types:
        match = match.also(_among("event_type", [EVENT_TYPE_CODES.index(name) for name in f.event_types]))
    if f.quad_classes:
        match = match.also(_among("quad_class", f.quad_classes))
    if f.realis:
        match = match.also(_among("realis", [REALIS_CODES.index(name) for name in f.realis]))
    return match


def match_actor_kinds(session: Session, f: EventFilter, level: str) -> Match | None:
    """The rollup of actors by kind of event, if it says all that the filter does: `n`, `as_source`, `as_target`."""
    if not session.snapshot.actor_kinds or _without_kinds(f) != EVERYTHING:
        return None
    return _at_level(match_kinds(Match("actor_kinds"), f), level)


def match_actor_months(session: Session, f: EventFilter, level: str) -> Match | None:
    """The rollup of actors by month and quad class, if it says all that the filter does."""
    if not session.snapshot.actor_months or f.event_types or f.realis or not _in_months(session, _without_kinds(f)):
        return None
    match = match_kinds(Match("actor_months"), f)
    empty = " OR month IS NULL" if f.undated else ""
    if f.start is not None:
        match = match.also(f"(month >= $first{empty})", first=f.start)
    if f.end is not None:
        match = match.also(f"(month <= $last{empty})", last=f.end)
    return _at_level(match, level)


def _without_kinds(f: EventFilter) -> EventFilter:
    """What else the filter asks; role and level only mean something beside actors."""
    rest = replace(f, event_types=(), quad_classes=(), realis=())
    return rest if f.actors else replace(rest, role="any", level="actor")


def _at_level(match: Match, level: str) -> Match:
    return match.also(f"level = {LEVELS.index(level)}")


def _in_months(session: Session, f: EventFilter) -> bool:
    """Whether the filter is nothing but whole months, and every event lies in one."""
    if f != EventFilter(start=f.start, end=f.end, undated=f.undated) or not session.snapshot.closed:
        return False
    if f.start is None and f.end is None:
        return f.undated
    return (f.start is None or f.start.day == 1) and (f.end is None or _ends_month(f.end))


def _ends_month(day: dt.date) -> bool:
    return day == dt.date.max or (day + dt.timedelta(days=1)).day == 1


def _match_plain(session: Session, f: EventFilter) -> Match:
    """Every condition but that on actors."""
    match = match_kinds(Match("events", has_lists=session.snapshot.several > 0), f)
    if f.end is not None:
        match = match.also('("start" <= $last OR "start" IS NULL)', last=f.end)
    if f.start is not None:
        # Where every span is one day, the first says the same; files are sorted by it, so that parts are passed over.
        last = '"start"' if session.snapshot.closed else '"end"'
        match = match.also(f"({last} >= $first OR {last} IS NULL)", first=f.start)
    if not f.undated:
        match = match.also('("start" IS NOT NULL OR "end" IS NOT NULL)')
    if f.min_confidence > 0:
        match = match.also("confidence >= $sure::FLOAT", sure=f.min_confidence)
    if f.contested:
        match = match.also("contested")
    if f.review:
        marked = find_marked(session.project, corrected=f.review == "corrected")
        session.offer("marked", pa.table({"event_id": pa.array(marked, pa.int64())}))
        match = match.also(f"event_id {'NOT IN' if f.review == 'open' else 'IN'} (SELECT event_id FROM marked)")
    if f.publishers:
        known = session.loaded.publisher_keys
        keys = [known[name] for name in f.publishers if name in known]
        match = match.either(_among("publisher", keys), _has("publisher", "more_publishers", keys))
    if f.text.strip():
        found = pa.table({"event_id": pa.array(find_events(session.project, f.text), pa.int64())})
        session.offer("found", found)
        match = match.also("event_id IN (SELECT event_id FROM found)")
    return match


def _and(condition: str) -> str:
    return f" AND {condition}" if condition else ""


def _among(column: str, numbers: Sequence[int]) -> str:
    """`column IN (…)`; the numbers are ours (keys and codes), `int` makes sure of it."""
    return f"{column} IN ({', '.join(str(int(number)) for number in numbers)})" if numbers else "false"


def _has(first: str, more: str, keys: Sequence[int]) -> str:
    """One of the keys stands in the plain column or in the list column beside it."""
    if not keys:
        return "false"
    return f"({_among(first, keys)} OR coalesce(list_has_any({more}, {_listed(keys)}), false))"


def _listed(keys: Sequence[int]) -> str:
    return f"[{', '.join(str(int(key)) for key in keys)}]::INTEGER[]"


def _plain_role(groups: Groups, role: str) -> str:
    """The actors stand where the filter wants them, in rows of `events` with one actor a side."""
    keys = _union(groups)
    source, target = _among("source", keys), _among("target", keys)
    if role == "between" and len(groups) > 1:
        sides = (f"({_among('source', group)} AND {_among('target', _without(keys, group))})" for group in groups)
        return f"({' OR '.join(sides)})"
    return {"source": source, "target": target}.get(role, f"({source} OR {target})")


def _listed_role(groups: Groups, role: str) -> str:
    """The same for rows with several actors."""
    keys = _union(groups)
    source, target = _has("source", "more_sources", keys), _has("target", "more_targets", keys)
    if role == "between" and len(groups) > 1:
        sides = (
            f"({_has('source', 'more_sources', group)} AND {_has('target', 'more_targets', _without(keys, group))})"
            for group in groups
        )
        return f"({' OR '.join(sides)})"
    return {"source": source, "target": target}.get(role, f"({source} OR {target})")


def _once_by_actor(groups: Groups, role: str) -> tuple[str, str]:
    """The same for rows of `by_actor`, of both kinds: true for one of the rows that an event has there."""
    keys = _union(groups)
    everyone = f"list_concat({SOURCES}, {TARGETS})"
    if role == "between" and len(groups) > 1:
        listed = f"{_listed_role(groups, role)} AND actor = {_least(everyone, keys)}"
        return f"role IN (1, 3) AND {_plain_role(groups, role)}", listed
    if role == "source":
        return "role IN (1, 3)", f"role IN (1, 3) AND actor = {_least(SOURCES, keys)}"
    if role == "target":
        return "role IN (2, 3)", f"role IN (2, 3) AND actor = {_least(TARGETS, keys)}"
    plain = "true" if len(keys) == 1 else f"NOT (role = 2 AND source IS NOT NULL AND {_among('source', keys)})"
    return plain, f"actor = {_least(everyone, keys)}"


def _least(actors: str, keys: Sequence[int]) -> str:
    """The smallest wanted key among an event's actors: that one's row stands for the event."""
    return f"list_min(list_intersect({actors}, {_listed(keys)}))"


def _union(groups: Groups) -> tuple[int, ...]:
    return tuple(sorted({key for group in groups for key in group}))


def _without(keys: Sequence[int], group: Sequence[int]) -> tuple[int, ...]:
    return tuple(key for key in keys if key not in set(group))
