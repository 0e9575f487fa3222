"""A network drawn as far zoomed in as its reader was, and what tells from a drawn one how far that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from timeline.views.network_figures import FRAME_PX, SCALE, NetworkSpec
from timeline.views.networks import ASPECT


@dataclass(frozen=True, slots=True)
class View:
    """How many times a network is enlarged, and which point of the drawing is in the middle."""

    zoom: float
    x: float
    y: float


def zoom_network(spec: NetworkSpec, view: View | None) -> NetworkSpec:
    """The same network drawn at a view; None shows it whole."""
    if view is None:
        return spec
    (series,) = spec.option["series"]
    zoomed = series | {"zoom": view.zoom, "center": [view.x, view.y]}
    return replace(spec, option=spec.option | {"series": [zoomed]})


def describe_frame(spec: NetworkSpec) -> Mapping[str, Any]:
    """What tells the view from the drawing: two actors far apart, the frame in pixels, the size of what it holds.

    Empty where fewer than two actors stand apart.
    """
    nodes = spec.option["series"][0]["data"][: len(spec.nodes)]
    if len(nodes) < 2:
        return {}
    first = min(nodes, key=lambda node: node["x"] + node["y"])
    second = max(nodes, key=lambda node: math.dist((node["x"], node["y"]), (first["x"], first["y"])))
    if (first["x"], first["y"]) == (second["x"], second["y"]):
        return {}
    actors = [
        {"opacity": f"{node['itemStyle']['opacity']:g}", "x": node["x"], "y": node["y"]} for node in (first, second)
    ]
    return {"actors": actors, "frame": FRAME_PX, "size": {"width": ASPECT * SCALE, "height": SCALE}}
