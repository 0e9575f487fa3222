"""Where the names of a network's actors stand, so that the most active ones are always there to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

ALWAYS = 25  # the most active actors are named come what may
AT_MOST = 40
_WIDTH_PX, _HEIGHT_PX = 560.0, 430.0  # of a drawing on a common screen
_MARGIN_PX = 50.0  # around a network, where names may stand too
_CHARACTER_PX, _LINE_PX = 6.6, 15.0
_FAR = 1e4
_SIDES = ("bottom", "top", "right", "left")
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_Floats = NDArray[np.float64]
Places = Mapping[str, tuple[float, float]]


def place_labels(
    ranked: Sequence[str],
    places: Places,
    sizes: Mapping[str, float],
    names: Mapping[str, str],
    *,
    always: int = ALWAYS,
    margin_px: float = _MARGIN_PX,
) -> dict[str, str]:
    """Choose on which side of its node each name stands.

    Args:
        ranked: Actors, most active first.
        places: Where they are, 0 to 1 in both directions, y downwards.
        sizes: Diameters in pixels.
        names: What is written.
        always: How many are named even where there is no room.
        margin_px: How far a name may reach beyond the outermost nodes' places before it is cut off.

    Returns:
        "bottom", "top", "right" or "left" by actor. The first `always` are all there, each where it covers least;
        of the next ones up to `AT_MOST` only those with a free side.
    """
    nodes = {n: (places[n][0] * _WIDTH_PX, places[n][1] * _HEIGHT_PX) for n in ranked}
    discs = [(x - sizes[n] / 2, y - sizes[n] / 2, x + sizes[n] / 2, y + sizes[n] / 2) for n, (x, y) in nodes.items()]
    # Boxes that a name should not cover: those of other names, as far as they are placed, then the nodes.
    taken = np.array([_NOWHERE] * AT_MOST + discs + _outside(margin_px))
    # Covering a node is half as bad, being cut off at the edge worse than anything.
    weights = np.array([1.0] * AT_MOST + [0.5] * len(discs) + [9.0] * 4)
    chosen: dict[str, str] = {}
    for rank, node in enumerate(ranked[:AT_MOST]):
        boxes = _boxes(nodes[node], sizes[node], len(names[node]) * _CHARACTER_PX)
        cost = _overlaps(boxes, taken) @ weights
        side = int(cost.argmin())
        if rank < always or cost[side] == 0:
            chosen[node] = _SIDES[side]
            taken[rank] = boxes[side]
    return chosen


def _outside(margin_px: float) -> list[tuple[float, float, float, float]]:
    """The boxes around the drawing, where nothing is seen."""
    right, bottom = _WIDTH_PX + margin_px, _HEIGHT_PX + margin_px
    return [
        (-_FAR, -_FAR, -margin_px, _FAR),
        (right, -_FAR, _FAR, _FAR),
        (-_FAR, -_FAR, _FAR, -margin_px),
        (-_FAR, bottom, _FAR, _FAR),
    ]


def _boxes(at: tuple[float, float], size: float, width: float) -> _Floats:
    """Where the name would stand on each of `_SIDES`: left, top, right and bottom of its box."""
    x, y, r = at[0], at[1], size / 2 + 4
    half = _LINE_PX / 2
    return np.array(
        [
            (x - width / 2, y + r, x + width / 2, y + r + _LINE_PX),
            (x - width / 2, y - r - _LINE_PX, x + width / 2, y - r),
            (x + r, y - half, x + r + width, y + half),
            (x - r - width, y - half, x - r, y + half),
        ]
    )


def _overlaps(boxes: _Floats, others: _Floats) -> _Floats:
    """The area that each box shares with each of the others."""
    ends = np.minimum(boxes[:, None, 2:], others[None, :, 2:]) - np.maximum(boxes[:, None, :2], others[None, :, :2])
    return np.asarray(np.prod(np.maximum(ends, 0.0), axis=2))
