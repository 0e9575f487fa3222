"""What belongs to the selection: its events under the filter, and the actors, edges and places to be marked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from timeline.dashboard import data
from timeline.dashboard.selection import Selection
from timeline.errors import TimelineError
from timeline.ontology import EVENT_TYPES
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.views.palette import SIGN_OF_QUAD

MOST_LISTED = 400
Edges = frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Marks:
    """Ids to be marked on charts: events, actors, edges (source, target, sign) and keys of places as text."""

    events: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    edges: Edges = frozenset()
    places: frozenset[str] = frozenset()


def find_events_of(selection: Selection, f: EventFilter, whole_pair: bool = False) -> pd.DataFrame:
    """The events of the selected actor, edge or place that pass the filter, newest first, at most `MOST_LISTED`.

    Args:
        selection: The selection; an event in it is passed over.
        f: The filter.
        whole_pair: Whether an edge stands for all acts between its two actors, both ways and of any kind.
    """
    if selection.place:
        key = find_place_key(selection.place)
        return data.select_events(f, limit=0) if key is None else data.select_events_at(f, key)
    if not selection.edge:
        return data.select_events(replace(f, actors=selection.actors, role="any"), limit=MOST_LISTED)
    source, target, sign = selection.edge
    events = data.select_events(replace(f, actors=(source, target), role="between"), limit=MOST_LISTED)
    if events.empty or whole_pair:
        return events
    fits = [
        SIGN_OF_QUAD[int(q)] == sign and source in s and target in t
        for q, s, t in zip(events["quad_class"], events["source_ids"], events["target_ids"], strict=True)
    ]
    return events[fits]


def find_place_key(place: tuple[str, ...]) -> int | None:
    """The key of a place by its name and country; of several alike the busiest, None for an unknown one."""
    known = data.tabulate_places(EVERYTHING)
    rows = known[(known["place"] == place[0]) & (known["country"].fillna("") == place[1])]
    return int(rows["place_key"].iloc[0]) if len(rows) else None


def list_marks(selection: Selection, f: EventFilter) -> Marks:
    """What charts mark for a selection; nothing without one, or where its event is gone."""
    if not selection:
        return Marks()
    if selection.event:
        return _marks_of_event(selection.event, f)
    events = find_events_of(selection, f)
    places = _place_keys(events)
    ids = frozenset(str(i) for i in events["event_id"])
    if selection.edge:
        return Marks(ids, frozenset(selection.actors), frozenset([selection.edge]), places)  # type: ignore[list-item]
    edges = frozenset(
        edge
        for q, s, t in zip(events["quad_class"], events["source_ids"], events["target_ids"], strict=True)
        for edge in _edges(list(s), list(t), int(q))
        if not selection.actor or selection.actor in edge[:2]
    )
    return Marks(ids, frozenset(selection.actors), edges, places)


def _marks_of_event(event_id: str, f: EventFilter) -> Marks:
    try:
        event = data.read_evidence(event_id).event
    except TimelineError:
        return Marks()
    folds = data.actor_folds(f.level)
    sources, targets = ([folds.get(a.id, (a.id, ""))[0] for a in side] for side in (event.sources, event.targets))
    place = find_place_key((event.place.name, event.place.country or "")) if event.place else None
    return Marks(
        frozenset([event_id]),
        frozenset([*sources, *targets]),
        frozenset(_edges(sources, targets, EVENT_TYPES[event.event_type].quad_class)),
        frozenset([] if place is None else [str(place)]),
    )


def _edges(sources: list[str], targets: list[str], quad: int) -> list[tuple[str, str, str]]:
    return [(s, t, SIGN_OF_QUAD[quad].value) for s in sources for t in targets if s != t]


def _place_keys(events: pd.DataFrame) -> frozenset[str]:
    keys = data.place_keys()
    found = set(zip(events["place"], events["latitude"], strict=True))
    return frozenset(str(keys[where]) for where in found if where in keys)
