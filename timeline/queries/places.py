"""Where events happened: counts by place."""

from __future__ import annotations

import pandas as pd

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
        rows = [(key, *places[key], quad, number) for key, quad, number in found if key in places]
    return make_frame(rows, PLACE_COLUMNS)


def _count(session: Session, f: EventFilter) -> list[tuple[int, ...]]:
    """(key of place, quad class, events), in order."""
    choice = choose(session, f)
    if choice is not None:
        return [tuple(row) for row in count_at_places(choice).tolist()]
    match = match_events(session, f, wide=True).also("place IS NOT NULL")
    return session.rows(
        f"SELECT place, quad_class, count(*) FROM ({match.select('place, quad_class')})"
        " GROUP BY place, quad_class ORDER BY place, quad_class",
        match.values,
    )
