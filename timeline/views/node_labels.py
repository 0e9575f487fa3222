"""Where the names of a network's actors stand, so that the most active ones are always there to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

ALWAYS = 25  # the most active actors are named come what may
AT_MOST = 40
_WIDTH_PX, _HEIGHT_PX = 560.0, 430.0  # of a drawing on a common screen
_MARGIN_PX = 50.0  # around a network, where names may stand too
_LINE_PX = 15.0
_APART_PX = 4.0  # between a name and another's node, or it would be taken for that one's; no more than from its own
_FAR = 1e4
SIDES = ("bottom", "top", "right", "left", "bottom right", "bottom left", "top right", "top left")
_DIAGONAL = 0.7  # of the radius, where a name begins that stands askew of its node
_ROUNDS = 4  # of moving names that others, placed later, came too near to
_NARROW_PX = dict.fromkeys("ijlI.,:;'|!", 3.0) | dict.fromkeys("ft -()/", 3.8) | {"r": 4.3}
_WIDE_PX = dict.fromkeys("mMW", 10.2) | {"w": 8.8}
_CHARACTER_PX, _CAPITAL_PX = 6.6, 8.3
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
        One of `SIDES` by actor. The first `always` are all there, each where it covers least; of the next ones up to
        `AT_MOST` only those with a free side.
    """
    nodes = {n: (places[n][0] * _WIDTH_PX, places[n][1] * _HEIGHT_PX) for n in ranked}
    discs = [_around(at, sizes[n] / 2 + apart) for n, at in nodes.items() for apart in (0, _APART_PX)]
    # Boxes that a name should not cover: those of other names, as far as they are placed, then the nodes.
    taken = np.array([_NOWHERE] * AT_MOST + discs + _outside(margin_px))
    # Being cut off at the edge is worse than anything.
    weights = np.array([1.0] * AT_MOST + [0.7, 0.3] * len(nodes) + [9.0] * 4)
    boxes = [_boxes(nodes[node], sizes[node], measure_name(names[node])) for node in ranked[:AT_MOST]]
    chosen: dict[int, int] = {}
    for turn in range(_ROUNDS):
        before = dict(chosen)
        for rank, own in enumerate(boxes):
            taken[rank] = _NOWHERE
            cost = _cost(own, rank, taken, weights)
            side = int(cost.argmin())
            chosen.pop(rank, None)
            if rank < always or cost[side] == 0:
                chosen[rank] = side
                taken[rank] = own[side]
        if turn and chosen == before:
            break
    for rank in range(len(boxes)):
        if rank not in chosen:
            _make_room(rank, boxes, chosen, taken, weights)
    return {ranked[rank]: SIDES[side] for rank, side in sorted(chosen.items())}


def _make_room(rank: int, boxes: Sequence[_Floats], chosen: dict[int, int], taken: _Floats, weights: _Floats) -> None:
    """Find a free side for one more name by moving those in its way, if they have another free side."""
    for side, own in enumerate(boxes[rank]):
        shared = _overlaps(own[None, :], taken)[0]
        shared[_own_discs(rank)] = 0.0
        if shared[AT_MOST:].any():
            continue
        tried, moved = taken.copy(), dict(chosen)
        tried[rank], moved[rank] = own, side
        for other in np.flatnonzero(shared[:AT_MOST]).tolist():
            tried[other] = _NOWHERE
            cost = _cost(boxes[other], other, tried, weights)
            moved[other] = int(cost.argmin())
            if cost[moved[other]] > 0:
                break
            tried[other] = boxes[other][moved[other]]
        else:
            taken[:] = tried
            chosen.update(moved)
            return


def _cost(own: _Floats, rank: int, taken: _Floats, weights: _Floats) -> _Floats:
    """What a name covers on each side; its own node, which it stands against, does not count."""
    covered = _overlaps(own, taken)
    covered[:, _own_discs(rank)] = 0.0
    return np.asarray(covered @ weights)


def _own_discs(rank: int) -> slice:
    return slice(AT_MOST + 2 * rank, AT_MOST + 2 * rank + 2)


def measure_name(name: str) -> float:
    """About how many pixels wide a name is in the drawing's letters."""
    return sum(_NARROW_PX.get(c) or _WIDE_PX.get(c) or (_CAPITAL_PX if c.isupper() else _CHARACTER_PX) for c in name)


def _outside(margin_px: float) -> list[tuple[float, float, float, float]]:
    """The boxes around the drawing, where nothing is seen."""
    right, bottom = _WIDTH_PX + margin_px, _HEIGHT_PX + margin_px
    return [
        (-_FAR, -_FAR, -margin_px, _FAR),
        (right, -_FAR, _FAR, _FAR),
        (-_FAR, -_FAR, _FAR, -margin_px),
        (-_FAR, bottom, _FAR, _FAR),
    ]


def _around(at: tuple[float, float], r: float) -> tuple[float, float, float, float]:
    return at[0] - r, at[1] - r, at[0] + r, at[1] + r


def _boxes(at: tuple[float, float], size: float, width: float) -> _Floats:
    """Where the name would stand on each of `SIDES`: left, top, right and bottom of its box."""
    x, y, r = at[0], at[1], size / 2 + 4
    half, askew = _LINE_PX / 2, r * _DIAGONAL
    return np.array(
        [
            (x - width / 2, y + r, x + width / 2, y + r + _LINE_PX),
            (x - width / 2, y - r - _LINE_PX, x + width / 2, y - r),
            (x + r, y - half, x + r + width, y + half),
            (x - r - width, y - half, x - r, y + half),
            (x + askew, y + askew, x + askew + width, y + askew + _LINE_PX),
            (x - askew - width, y + askew, x - askew, y + askew + _LINE_PX),
            (x + askew, y - askew - _LINE_PX, x + askew + width, y - askew),
            (x - askew - width, y - askew - _LINE_PX, x - askew, y - askew),
        ]
    )


def _overlaps(boxes: _Floats, others: _Floats) -> _Floats:
    """The area that each box shares with each of the others."""
    ends = np.minimum(boxes[:, None, 2:], others[None, :, 2:]) - np.maximum(boxes[:, None, :2], others[None, :, :2])
    return np.asarray(np.prod(np.maximum(ends, 0.0), axis=2))
