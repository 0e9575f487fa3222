"""The one selection of a session: an event, an actor, an edge between two actors, or a place.

Selected by id or name, never by row: a row number survives a change of filter and would then show the wrong evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from timeline.views.palette import Sign

_ID = re.compile(r"[^\x00-\x1f\x7f,~]{1,120}")
_NAME = re.compile(r"[^\x00-\x1f\x7f~]{1,120}")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected; the empty selection is `Selection()`.

    Attributes:
        actor: An actor's id, or "".
        edge: Source id, target id and sign of an edge, or ().
        place: Name and country code of a place, or ().
        event: An event's id, or "". With one of the others set, it was opened from among their events.
    """

    actor: str = ""
    edge: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    event: str = ""

    def __bool__(self) -> bool:
        return bool(self.actor or self.edge or self.place or self.event)

    @property
    def actors(self) -> tuple[str, ...]:
        """The ids of the actors selected: none, one or two."""
        return self.edge[:2] if self.edge else ((self.actor,) if self.actor else ())

    def open_event(self, event_id: str) -> Selection:
        """The same selection with one of its events opened."""
        return replace(self, event=event_id)

    def close_event(self) -> Selection:
        """The selection that the event was opened from; empty if it stood alone."""
        return replace(self, event="")


NOTHING = Selection()


def select_event(event_id: str) -> Selection:
    return Selection(event=event_id)


def select_actor(actor_id: str) -> Selection:
    return Selection(actor=actor_id)


def select_edge(source: str, target: str, sign: str) -> Selection:
    return Selection(edge=(source, target, sign))


def select_place(name: str, country: str) -> Selection:
    return Selection(place=(name, country))


def write_query(selection: Selection) -> dict[str, str]:
    """The selection as URL parameters; nothing for the empty one."""
    query = {
        "event": selection.event,
        "actor": selection.actor,
        "edge": "~".join(selection.edge),
        "place": "~".join(selection.place),
    }
    return {name: value for name, value in query.items() if value}


def read_query(query: Mapping[str, str]) -> tuple[Selection, tuple[str, ...]]:
    """The selection that URL parameters describe, and a sentence for each one dropped as invalid.

    Of several among edge, actor and place only the first in this order is taken.
    """
    dropped = []
    event, actor = query.get("event", ""), query.get("actor", "")
    if event and not _ID.fullmatch(event):
        dropped.append("event: not an event id, ignored")
        event = ""
    if actor and not _ID.fullmatch(actor):
        dropped.append("actor: not an actor id, ignored")
        actor = ""
    edge = tuple(query.get("edge", "").split("~")) if query.get("edge") else ()
    if edge and (len(edge) != 3 or edge[2] not in tuple(Sign) or not all(_ID.fullmatch(part) for part in edge)):
        dropped.append("edge: not of the form source~target~conflict, ignored")
        edge = ()
    place = tuple(query.get("place", "").split("~")) if query.get("place") else ()
    if place and (len(place) != 2 or not _NAME.fullmatch(place[0]) or (place[1] and not _ID.fullmatch(place[1]))):
        dropped.append("place: not of the form name~country, ignored")
        place = ()
    if edge:
        return Selection(edge=edge, event=event), tuple(dropped)
    if actor:
        return Selection(actor=actor, event=event), tuple(dropped)
    return Selection(place=place, event=event), tuple(dropped)
