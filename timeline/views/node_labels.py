"""Where the names of a network's actors stand, so that the most active ones are always there to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ALWAYS = 25  # the most active actors are named come what may
AT_MOST = 40
_WIDTH_PX, _HEIGHT_PX = 560.0, 430.0  # of a drawing on a common screen
_CHARACTER_PX, _LINE_PX = 6.6, 15.0
Box = tuple[float, float, float, float]
Places = Mapping[str, tuple[float, float]]


def place_labels(
    ranked: Sequence[str], places: Places, sizes: Mapping[str, float], names: Mapping[str, str], always: int = ALWAYS
) -> dict[str, str]:
    """Choose on which side of its node each name stands.

    Args:
        ranked: Actors, most active first.
        places: Where they are, 0 to 1 in both directions, y downwards.
        sizes: Diameters in pixels.
        names: What is written.
        always: How many are named even where there is no room.

    Returns:
        "bottom", "top", "right" or "left" by actor. The first `always` are all there, each where it covers least;
        of the next ones up to `AT_MOST` only those with a free side.
    """
    nodes = {n: (places[n][0] * _WIDTH_PX, places[n][1] * _HEIGHT_PX) for n in ranked}
    discs = [(x - sizes[n] / 2, y - sizes[n] / 2, x + sizes[n] / 2, y + sizes[n] / 2) for n, (x, y) in nodes.items()]
    taken: list[Box] = []
    chosen: dict[str, str] = {}
    for rank, node in enumerate(ranked[:AT_MOST]):
        boxes = _boxes(nodes[node], sizes[node], len(names[node]) * _CHARACTER_PX)
        # Names must not cover each other; covering a node is half as bad.
        cost = {
            side: sum(_overlap(box, other) for other in taken) + sum(_overlap(box, disc) for disc in discs) / 2
            for side, box in boxes.items()
        }
        side = min(cost, key=lambda s: cost[s])
        if rank < always or cost[side] == 0:
            chosen[node] = side
            taken.append(boxes[side])
    return chosen


def _boxes(at: tuple[float, float], size: float, width: float) -> dict[str, Box]:
    x, y, r = at[0], at[1], size / 2 + 4
    half = _LINE_PX / 2
    return {
        "bottom": (x - width / 2, y + r, x + width / 2, y + r + _LINE_PX),
        "top": (x - width / 2, y - r - _LINE_PX, x + width / 2, y - r),
        "right": (x + r, y - half, x + r + width, y + half),
        "left": (x - r - width, y - half, x - r, y + half),
    }


def _overlap(a: Box, b: Box) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
