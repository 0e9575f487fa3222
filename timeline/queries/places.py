"""Where events happened: counts by place."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline.queries.filters import EventFilter
from timeline.queries.frames import make_frame
from timeline.queries.held.choosing import choose
from timeline.queries.held.counting import count_at_places
from timeline.queries.matching import match_events
from timeline.queries.tables import Session, Tables, also_remote

PLACE_COLUMNS = {
    "place_key": "int64", "place": "str", "country": "str", "latitude": "float64", "longitude": "float64",
    "quad_class": "int64", "events": "int64",
}  # fmt: skip
_KNOWN_COLUMNS = dict(list(PLACE_COLUMNS.items())[:5])


@also_remote
def count_places(tables: Tables, f: EventFilter) -> pd.DataFrame:
    """Count the located events of each place by quad class.

    Returns:
        Columns `PLACE_COLUMNS`, by place and quad class; `place_key` names the place for `select_events_at` until
        the project changes. Events without a place are left out.
    """
    with tables.session() as session:
        found = _count(session, f)
        places = session.loaded.places
        keys = np.array([key for key in np.unique(found[:, 0]).tolist() if key in places], dtype=np.int64)
    found = found[np.isin(found[:, 0], keys)]
    known = make_frame([(key, *places[key]) for key in keys.tolist()], _KNOWN_COLUMNS)
    table = known.take(np.searchsorted(keys, found[:, 0])).reset_index(drop=True)
    return table.assign(quad_class=found[:, 1], events=found[:, 2])


def _count(session: Session, f: EventFilter) -> NDArray[np.int64]:
    """Key of place, quad class, events: one row each, in order."""
    choice = choose(session, f)
    if choice is not None:
        return count_at_places(choice)
    match = match_events(session, f, wide=True).also("place IS NOT NULL")
    found = session.rows(
        f"SELECT place, quad_class, count(*) FROM ({match.select('place, quad_class')})"
        " GROUP BY place, quad_class ORDER BY place, quad_class",
        match.values,
    )
    return np.array(found, dtype=np.int64).reshape(-1, 3)
