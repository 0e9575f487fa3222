"""Names of key events on the timeline: as many as fit without covering a mark, a stroke or each other.

Room is reckoned for a plot `PLOT_WIDTH_PX` wide, the narrowest on a common screen; on a wider one, or zoomed in, there
is only more of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline.views.wording import label_type, list_names, shorten

PLOT_WIDTH_PX = 620
MOST_TRIED = 200
_CHARACTER_PX = 6.4  # of 11 px type, on average
_LONGEST = 30
_GAP_PX = 14.0  # from the middle of a mark to its name
_HALF_LINE = 0.2  # of a lane's height


@dataclass(frozen=True, slots=True)
class Spot:
    """A mark on the timeline: its moment in pixels from the left, its height in lanes, and its event.

    Without an event it only takes room.
    """

    x: float
    y: float
    event: Mapping[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Label:
    """A name placed at a spot: `side` is where it stands from its mark, "right" or "left"."""

    spot: Spot
    text: str
    side: str


def choose_labels(spots: Sequence[Spot], strokes: Sequence[tuple[float, float, float]]) -> tuple[Label, ...]:
    """Name the events reported most, in turn, wherever there is room; each event once.

    Args:
        spots: Every mark that must stay visible; those of undated events left out.
        strokes: Every vertical stroke: x in pixels, its upper and its lower end in lanes.

    Returns:
        The labels that fit, most reported event first.
    """
    marks = np.array([(s.x, s.y) for s in spots], dtype=np.float64).reshape(-1, 2)
    lines = np.array(strokes, dtype=np.float64).reshape(-1, 3)
    ranked = sorted((spot for spot in spots if spot.event), key=_rank)
    taken: list[tuple[float, float, float]] = []
    named: set[str] = set()
    labels = []
    for spot in ranked[:MOST_TRIED]:
        if str(spot.event["event_id"]) in named:
            continue
        text = name_event(spot.event)
        for side, left, right in _boxes(spot, text):
            if _is_free((left, right, spot.y), marks, lines, taken):
                taken.append((left, right, spot.y))
                named.add(str(spot.event["event_id"]))
                labels.append(Label(spot, text, side))
                break
    return tuple(labels)


def _rank(spot: Spot) -> tuple[int, float, float, str]:
    return -int(spot.event["reports"]), spot.x, spot.y, str(spot.event["event_id"])


def name_event(event: Mapping[Hashable, Any]) -> str:
    """An event on its source's lane in few words: the act and the target, or only the act in a meeting."""
    act = label_type(str(event["event_type"]))
    targets = [name for name in event["target_names"] if name not in set(event["source_names"])]
    return shorten(f"{act}: {list_names(targets, 2)}" if targets else act, _LONGEST)


def _boxes(spot: Spot, text: str) -> Iterator[tuple[str, float, float]]:
    width = len(text) * _CHARACTER_PX
    if spot.x + _GAP_PX + width <= PLOT_WIDTH_PX:
        yield "right", spot.x + _GAP_PX, spot.x + _GAP_PX + width
    if spot.x - _GAP_PX - width >= 0:
        yield "left", spot.x - _GAP_PX - width, spot.x - _GAP_PX


def _is_free(
    box: tuple[float, float, float],
    marks: NDArray[np.float64],
    lines: NDArray[np.float64],
    taken: Sequence[tuple[float, float, float]],
) -> bool:
    left, right, y = box
    if y - _HALF_LINE < -0.5:  # cut off by the upper edge
        return False
    near = (marks[:, 0] > left - 8) & (marks[:, 0] < right + 8) & (np.abs(marks[:, 1] - y) < 2 * _HALF_LINE)
    crossing = (
        (lines[:, 0] > left - 3) & (lines[:, 0] < right + 3)
        & (lines[:, 1] < y + _HALF_LINE) & (lines[:, 2] > y - _HALF_LINE)
    )  # fmt: skip
    if near.any() or crossing.any():
        return False
    return not any(a - 6 < right and left < b + 6 and abs(c - y) < 2 * _HALF_LINE for a, b, c in taken)
