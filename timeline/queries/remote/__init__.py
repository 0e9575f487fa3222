"""The queries of `timeline.queries` on a remote engine, under the same names: ibis expressions over a small star.

Imported only when an engine is asked for: ibis is an extra.
"""

from timeline.queries.remote.actors import count_dyads, rank_actors
from timeline.queries.remote.counts import count_events, count_lanes, count_per_bin, count_places, list_values
from timeline.queries.remote.events import list_addresses, read_evidence, select_events, select_events_at, select_points
from timeline.queries.remote.opening import open_engine
from timeline.queries.remote.tables import RemoteTables

__all__ = [
    "RemoteTables",
    "count_dyads",
    "count_events",
    "count_lanes",
    "count_per_bin",
    "count_places",
    "list_addresses",
    "list_values",
    "open_engine",
    "rank_actors",
    "read_evidence",
    "select_events",
    "select_events_at",
    "select_points",
]
