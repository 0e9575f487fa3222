"""Small tables of invented events for the tests of the views; every actor here is made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from timeline.ontology import EVENT_TYPES
from timeline.views.crowds import sketch_counts, sketch_points
from timeline.views.figures import sketch_timeline
from timeline.views.maps import sketch_map
from timeline.views.plotting import Sketch, draw_sketch

NAMES = {
    "ARV": "Arvonia",
    "BEL": "Belmark",
    "COR": "Corran Union",
    "dun-army": "Dunmore Army",
    "est-front": "Estral Front",
    "fal-ministry": "Ministry of Foreign Affairs of Falden",
}


def make_event(event_id: str = "e1", **changes: object) -> dict[str, object]:
    """One row as `select_events` returns it: Arvonia accuses Belmark on 5 March 2020, unless changed."""
    sources = changes.pop("sources", ("ARV",))
    targets = changes.pop("targets", ("BEL",))
    start = changes.pop("start", dt.date(2020, 3, 5))
    event_type = str(changes.pop("event_type", "ACCUSE"))
    row: dict[str, object] = {
        "event_id": event_id,
        "start": pd.Timestamp(start) if start else pd.NaT,
        "end": pd.Timestamp(changes.pop("end", start)) if start else pd.NaT,
        "published": pd.NaT,
        "precision": "day" if start else "unknown",
        "basis": "stated" if start else "none",
        "event_type": event_type,
        "quad_class": EVENT_TYPES[event_type].quad_class,
        "goldstein": EVENT_TYPES[event_type].goldstein,
        "realis": "actual",
        "confidence": 0.8,
        "source_ids": list(sources),
        "source_names": [NAMES.get(i, i) for i in sources],
        "target_ids": list(targets),
        "target_names": [NAMES.get(i, i) for i in targets],
        "reports": 1,
        "publishers": 1,
        "contested": False,
        "place": None,
        "latitude": float("nan"),
        "longitude": float("nan"),
        "sentence": "Arvonia accused Belmark of breaking the truce.",
    }
    return row | changes


def make_events(*rows: dict[str, object]) -> pd.DataFrame:
    """A table of rows from `make_event`; without rows an empty one with the same columns."""
    table = pd.DataFrame(list(rows), columns=list(make_event()))
    return table.astype({"start": "datetime64[us]", "end": "datetime64[us]", "published": "datetime64[us]"})


def make_actors(*actor_ids: str) -> pd.DataFrame:
    """Actors as `rank_actors` returns them, the first the most active."""
    ids = actor_ids or tuple(NAMES)
    rows = [(i, NAMES.get(i, i), i[:3].upper(), "GOV", 10 - n, 5, 5) for n, i in enumerate(ids)]
    return pd.DataFrame(rows, columns=["actor_id", "name", "country", "sector", "events", "as_source", "as_target"])


def make_dyads(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    """Dyads as `count_dyads` returns them, out of (source, target, quad class, events)."""
    table = [
        (s, t, NAMES.get(s, s), NAMES.get(t, t), q, n, {1: 2.5, 2: 7, 3: -2, 4: -7}.get(q, 0.0)) for s, t, q, n in rows
    ]
    columns = ["source_id", "target_id", "source_name", "target_name", "quad_class", "events", "goldstein"]
    return pd.DataFrame(table, columns=columns)


def make_many_events(number: int, seed: int = 7) -> pd.DataFrame:
    """A random table of events over 18 months, the same for the same seed."""
    chance = random.Random(seed)
    ids, types = list(NAMES), list(EVENT_TYPES)
    rows = []
    for i in range(number):
        source, target = chance.sample(ids, 2)
        day = dt.date(2018, 9, 1) + dt.timedelta(days=chance.randrange(560))
        kind = chance.choice(types)
        row = make_event(f"{i:016x}", sources=(source,), targets=(target,), start=day, event_type=kind)
        if chance.random() < 0.15:
            row |= {
                "precision": "month",
                "start": pd.Timestamp(day.replace(day=1)),
                "end": pd.Timestamp(day.replace(day=28)),
            }
        elif chance.random() < 0.05:
            row |= {"start": pd.NaT, "end": pd.NaT, "precision": "unknown", "basis": "none"}
        elif kind == "CONSULT":
            row |= {"target_ids": row["source_ids"] + [target], "source_ids": row["source_ids"] + [target]}
            row |= {"target_names": [NAMES[source], NAMES[target]], "source_names": [NAMES[source], NAMES[target]]}
        row |= {"reports": chance.choice([1, 1, 1, 2, 3, 6]), "realis": chance.choice(["actual"] * 5 + ["planned"])}
        rows.append(row)
    return make_events(*rows)


def _drawn(sketch: Callable[..., Sketch]) -> Callable[..., go.Figure]:
    return lambda *given, **options: draw_sketch(sketch(*given, **options))


draw_timeline, draw_points, draw_counts, draw_map = map(
    _drawn, (sketch_timeline, sketch_points, sketch_counts, sketch_map)
)
