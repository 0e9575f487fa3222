"""A filter as an expression: the events it lets through, each once."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np

from timeline.errors import EngineError
from timeline.queries.filters import EventFilter
from timeline.queries.remote.tables import RemoteSession


def match_events(session: RemoteSession, f: EventFilter) -> Any:
    """The rows of `events` that the filter lets through.

    Raises:
        EngineError: The filter asks for words: an engine's tables hold no text.
    """
    events = session.star.events
    conditions = [*_on_row(events, f), *_on_actors(session, f), *_on_publishers(session, f)]
    if f.text.strip():
        raise EngineError("tables on an engine hold no sentences, so there are no words to look for; clear the words")
    return events.filter(*conditions) if conditions else events


def fold_keys(session: RemoteSession, ids: tuple[str, ...]) -> list[Any]:
    """The keys of these actors, unknown ones left out."""
    known = session.loaded.actor_keys
    return [known[name] for name in dict.fromkeys(ids) if name in known]


def first_day(events: Any) -> Any:
    """The first day that is known of an event."""
    return ibis.coalesce(events.start_day, events.end_day)


def last_day(events: Any) -> Any:
    """The last day that is known of an event."""
    return ibis.coalesce(events.end_day, events.start_day)


def _on_row(events: Any, f: EventFilter) -> list[Any]:
    conditions = []
    if f.event_types:
        conditions.append(events.event_type.isin(f.event_types))
    if f.quad_classes:
        conditions.append(events.quad_class.isin(f.quad_classes))
    if f.realis:
        conditions.append(events.realis.isin(f.realis))
    if f.end is not None:
        conditions.append((events.start_day <= f.end) | events.start_day.isnull())
    if f.start is not None:
        conditions.append((events.end_day >= f.start) | events.end_day.isnull())
    if not f.undated:
        conditions.append(events.start_day.notnull() | events.end_day.notnull())
    if f.min_confidence > 0:
        # Four bytes in the project's own table: 0.7 there is a little less than 0.7 here.
        conditions.append(events.confidence >= float(np.float32(f.min_confidence)))
    if f.contested:
        conditions.append(events.contested)
    if f.review in ("reviewed", "corrected"):  # readers review in the project; elsewhere everything is open
        conditions.append(ibis.literal(False))
    return conditions


def _on_publishers(session: RemoteSession, f: EventFilter) -> list[Any]:
    if not f.publishers:
        return []
    names, outlets = session.loaded, session.star.outlets
    if not outlets.publisher.type().is_string():
        keys: list[Any] = [names.publisher_keys[name] for name in f.publishers if name in names.publisher_keys]
    else:
        keys = list(f.publishers)
    if not keys:
        return [ibis.literal(False)]
    return [session.star.events.event_id.isin(outlets.filter(outlets.publisher.isin(keys)).event_id)]


def _on_actors(session: RemoteSession, f: EventFilter) -> list[Any]:
    """The actors stand where the filter wants them."""
    if not f.actors:
        return []
    keys = fold_keys(session, f.actors)
    if not keys:
        return [ibis.literal(False)]
    everyone = session.star.sides(f.level)
    wanted = everyone.filter(everyone.who.isin(keys))
    if f.role == "between" and len(f.actors) > 1:
        sources = wanted.filter(wanted.side == "source").select("event_id", "who")
        targets = wanted.filter(wanted.side == "target").select(event="event_id", whom="who")
        wanted = sources.join(targets, [sources.event_id == targets.event, sources.who != targets.whom])
    elif f.role in ("source", "target"):
        wanted = wanted.filter(wanted.side == f.role)
    return [session.star.events.event_id.isin(wanted.event_id)]
