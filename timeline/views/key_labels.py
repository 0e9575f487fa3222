"""Names of key events in a band above the lanes: as many as fit, each with a leader down to its mark.

Beside its mark a name would cover others, above all in the busiest weeks, which are those that matter. In the band the
most important event is placed first; a name may stand a little aside, its leader then runs aslant. Two leaders never
cross and none runs through a name. Places are in pixels from the mark, so that all stays together when zoomed.

Room is reckoned for a plot `PLOT_WIDTH_PX` wide, the narrowest on a common screen; on a wider one, or zoomed in, there
is only more of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

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
_TOUCH_PX = 3
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


class _Place(NamedTuple):
    """A name as it stands; `leader` is the x of its leader at the bottom of each row up to its own.

    A tuple, since more than a thousand are looked at for each chart.
    """

    x: float
    row: int
    left: float
    right: float
    leader: tuple[float, ...]
    aside: float
    anchor: str


def choose_labels(spots: Sequence[Spot]) -> tuple[Label, ...]:
    """Name the most important events wherever there is room.

    Most important: reported most, told as having happened, with both sides named, on the highest lane, furthest from
    neutral.
    """
    ranked = sorted(spots, key=_rank)[:MOST_TRIED]
    texts = [name_event(spot.event) for spot in ranked]
    names = [(spot.x, measure_name(text) * _SIZE) for spot, text in zip(ranked, texts, strict=True)]
    together = next(filter(None, (_place_all(names[:number], []) for number in range(MOST_TOGETHER, 0, -1))), [])
    placed = dict(enumerate(together))
    for number, name in enumerate(names):
        if number not in placed and (found := next(_find_places(*name, list(placed.values())), None)):
            placed[number] = found
    used = sorted({place.row for place in placed.values()})
    return tuple(
        Label(ranked[i], texts[i], used.index(at.row), at.aside, at.anchor, at.left, at.right)
        for i, at in placed.items()
    )


def _place_all(names: Sequence[tuple[float, float]], before: list[_Place]) -> list[_Place]:
    """Places for all of these, beside those `before`; nothing if one finds none, wherever the others go."""
    if not names:
        return before
    for place in _find_places(*names[0], before, distances=(0,)):
        if found := _place_all(names[1:], [*before, place]):
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


@cache
def _list_offers(inward: tuple[str, ...], distances: tuple[int, ...]) -> list[tuple[int, int, str, float, list[float]]]:
    """Where names may stand, best first: row, aside, anchor, the part of the width that is left of the leader's end,
    and how far aside the leader is at the bottom of each row.

    Near its mark, high, and towards the middle of the plot. High, since the leader alone takes room in the rows below,
    where those that come later find theirs.
    """
    parts = {"left": 0.0, "center": 0.5, "right": 1.0}
    return [
        (row, aside, anchor, parts[anchor], [aside * bottom_of(at) / bottom_of(row) for at in range(row + 1)])
        for distance in distances
        for row in reversed(range(ROWS))
        for anchor in inward
        for aside in dict.fromkeys((-distance, distance))
    ]


def _find_places(
    x: float, width: float, others: Sequence[_Place], distances: tuple[int, ...] = _ASIDE_PX
) -> Iterator[_Place]:
    """Where a name of a width stands free beside these, above a mark; best first."""
    inward = ("right", "center", "left") if x > PLOT_WIDTH_PX / 2 else ("left", "center", "right")
    for row, aside, anchor, part, offsets in _list_offers(inward, distances):
        left = x + aside - part * width
        if left >= 0 and left + width <= PLOT_WIDTH_PX:
            place = _Place(x, row, left, left + width, tuple([x + offset for offset in offsets]), aside, anchor)
            if not any(_meet(place, other) for other in others):
                yield place


def _meet(one: _Place, other: _Place) -> bool:
    """Whether names overlap, leaders cross or touch, or one runs through a name."""
    if one.row < other.row:
        one, other = other, one
    x, row, left, right, leader, *_ = one
    other_x, lower, other_left, other_right, other_leader, *_ = other
    if row == lower:
        if left < other_right + _APART_PX and other_left < right + _APART_PX:
            return True
    else:
        low, high = sorted(leader[lower : lower + 2])
        if low < other_right + _TOUCH_PX and high > other_left - _TOUCH_PX:
            return True
    above, below = leader[lower] - other_leader[lower], x - other_x
    return above * below < 0 or (abs(above) < _TOUCH_PX and abs(below) >= _TOUCH_PX)
