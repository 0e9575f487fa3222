"""Names of key events in a band above the lanes: as many as fit, each with a leader down to its mark.

Beside its mark a name would cover others, above all in the busiest weeks, which are those that matter. In the band the
most important event is placed first; a name may stand a little aside, its leader then runs aslant. Two leaders never
cross and none runs through a name. Places are in pixels from the mark, so that all stays together when zoomed.

Room is reckoned for a plot `PLOT_WIDTH_PX` wide, the narrowest on a common screen; on a wider one, or zoomed in, there
is only more of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from timeline.ontology import EVENT_TYPES
from timeline.views.node_labels import measure_name
from timeline.views.wording import is_mutual, keep_order, label_type, shorten

PLOT_WIDTH_PX = 490
ROWS = 3
ROW_PX = 16
FAN_PX = 12  # between the lowest row and the lanes, where leaders run aslant
MOST_TRIED = 40
MOST_TOGETHER = 3  # are placed so that all have room; the others one after the other
_SIZE = 0.82  # of the letters here, to those that `measure_name` knows
_LONGEST = 20  # letters of an actor's name
_APART_PX = 8.0
_ASIDE_PX = (0, 24, 70)


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """An event's topmost mark: its moment in pixels from the left, and its height in lanes."""

    x: float
    y: float
    event: Mapping[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Label:
    """A name placed in the band.

    Attributes:
        spot: The event's mark.
        text: What is written.
        row: Counted from the lanes upwards.
        aside: How many pixels right of the mark the leader leaves the name; negative for left.
        anchor: Which end of the name the leader leaves: "left", "right" or "center".
        left: Left end of the name.
        right: Right end.
    """

    spot: Spot
    text: str
    row: int
    aside: float
    anchor: str
    left: float
    right: float

    def at(self, height: float) -> float:
        """Where the leader is at a height above the lanes, in pixels; below the row's bottom."""
        return self.spot.x + self.aside * min(1.0, height / bottom_of(self.row))


def bottom_of(row: int) -> int:
    """Pixels from the lanes up to the bottom of a row."""
    return FAN_PX + row * ROW_PX


def choose_labels(spots: Sequence[Spot]) -> tuple[Label, ...]:
    """Name the most important events wherever there is room.

    Most important: reported most, told as having happened, with both sides named, on the highest lane, furthest from
    neutral.
    """
    ranked = sorted(spots, key=_rank)[:MOST_TRIED]
    labels = next(filter(None, (_place_all(ranked[:number], []) for number in range(MOST_TOGETHER, 0, -1))), [])
    placed = {label.spot for label in labels}
    for spot in ranked:
        found = None if spot in placed else next((each for each in _places(spot) if _is_free(each, labels)), None)
        labels += [found] if found else []
    used = sorted({label.row for label in labels})
    return tuple(replace(label, row=used.index(label.row)) for label in labels)


def _place_all(spots: Sequence[Spot], before: list[Label]) -> list[Label]:
    """Places for all of these, beside those `before`; nothing if one finds none, wherever the others go."""
    if not spots:
        return before
    for label in _places(spots[0], (0,)):
        if _is_free(label, before) and (found := _place_all(spots[1:], [*before, label])):
            return found
    return []


def height_of(labels: Sequence[Label]) -> int:
    """Pixels that the band takes; none without labels."""
    return bottom_of(max(label.row for label in labels) + 1) if labels else 0


def name_event(event: Mapping[Hashable, Any]) -> str:
    """Who does what to whom in few words; a meeting names those who meet."""
    sources, targets = list(event["source_names"]), list(event["target_names"])
    act = label_type(str(event["event_type"]))
    if is_mutual(sources, targets):
        return f"{_name_side(sources, 2)} · {act}"
    if not sources or not targets:
        return f"{_name_side(sources, 1)} · {act}" if sources else f"{act} → {_name_side(targets, 1)}"
    return f"{_name_side(sources, 1)} → {_name_side(targets, 1)} · {act}"


def _name_side(names: Sequence[str], most: int) -> str:
    shown = [keep_order(shorten(name, _LONGEST)) for name in names[:most]]
    more = len(names) - most
    return " ↔ ".join(shown) + (f" +{more}" if more > 0 else "")


def _rank(spot: Spot) -> tuple[int, bool, bool, int, float, float, str]:
    event = spot.event
    known = EVENT_TYPES.get(str(event["event_type"]))
    both = bool(len(event["source_names"])) and bool(len(event["target_names"]))
    strength = abs(known.goldstein) if known else 0.0
    actual = event["realis"] in ("actual", None)
    return -int(event["reports"]), not actual, not both, round(spot.y), -strength, spot.x, str(event["event_id"])


def _places(spot: Spot, asides: Sequence[int] = _ASIDE_PX) -> Iterator[Label]:
    """Where a name may stand, best first: near its mark, high, and towards the middle of the plot.

    High, since the leader alone takes room in the rows below, where those that come later find theirs.
    """
    text = name_event(spot.event)
    width = measure_name(text) * _SIZE
    inward = ("right", "center", "left") if spot.x > PLOT_WIDTH_PX / 2 else ("left", "center", "right")
    for aside in asides:
        for row in reversed(range(ROWS)):
            for anchor in inward:
                for shift in {-aside, aside}:
                    left = spot.x + shift - {"left": 0.0, "center": width / 2, "right": width}[anchor]
                    if left >= 0 and left + width <= PLOT_WIDTH_PX:
                        yield Label(spot, text, row, shift, anchor, left, left + width)


def _is_free(label: Label, others: Sequence[Label]) -> bool:
    return not any(_meet(label, other) or _crosses(label, other) or _crosses(other, label) for other in others)


def _meet(one: Label, other: Label) -> bool:
    """Whether names overlap, or leaders cross or touch."""
    if one.row == other.row and one.left < other.right + _APART_PX and other.left < one.right + _APART_PX:
        return True
    height = bottom_of(min(one.row, other.row))
    above, below = one.at(height) - other.at(height), one.spot.x - other.spot.x
    return above * below < 0 or (abs(above) < 3 and abs(below) >= 3)


def _crosses(leader: Label, name: Label) -> bool:
    """Whether a leader runs through a name in a row below its own."""
    if name.row >= leader.row:
        return False
    ends = leader.at(bottom_of(name.row)), leader.at(bottom_of(name.row + 1))
    return min(ends) < name.right + 3 and max(ends) > name.left - 3
