"""Filters and the tables they select; the one place that views ask for data."""

from timeline.queries.actors import count_dyads, list_actors, name_actors, rank_actors
from timeline.queries.counts import count_events, count_per_bin, count_published_per_day
from timeline.queries.events import EventEvidence, list_addresses, read_evidence, select_events, select_events_at
from timeline.queries.filters import EVERYTHING, EventFilter, from_query, to_query
from timeline.queries.places import count_places
from timeline.queries.points import count_lanes, select_points
from timeline.queries.tables import AnyTables, Tables, open_tables
from timeline.queries.values import Values, list_values, tabulate_articles

__all__ = [
    "EVERYTHING",
    "AnyTables",
    "EventEvidence",
    "EventFilter",
    "Tables",
    "Values",
    "count_dyads",
    "count_events",
    "count_lanes",
    "count_per_bin",
    "count_places",
    "count_published_per_day",
    "from_query",
    "list_actors",
    "list_addresses",
    "list_values",
    "name_actors",
    "open_tables",
    "rank_actors",
    "read_evidence",
    "select_events",
    "select_events_at",
    "select_points",
    "tabulate_articles",
    "to_query",
]
