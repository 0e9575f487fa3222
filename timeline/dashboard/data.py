"""What the pages ask of the project: its queries, cached by the state of its events.

Tables, figures and layouts are kept by filter and shared between sessions: handed out as they are, never to be
changed. Nothing here outlives a change of the data: every key holds the batch of the event table.
"""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from timeline import queries
from timeline.coding.lexicon import load_lexicon
from timeline.dashboard.keeping import keep
from timeline.dashboard.look import current
from timeline.dashboard.place import allowed_bytes, engine_address, engine_name, project_folder
from timeline.dashboard.plots import Drawing, write_drawing
from timeline.queries.actors import TOP_ACTORS
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.records import Actor
from timeline.store.articles import count_articles
from timeline.store.codings import Report
from timeline.store.project import Project, open_project
from timeline.views import accounts, density, maps, standpoints
from timeline.views.accounts import Account
from timeline.views.crowds import sketch_counts, sketch_points
from timeline.views.density import choose_width
from timeline.views.figures import LANES_LIMIT, MARKERS_LIMIT, choose_detail, sketch_timeline
from timeline.views.groups import OTHERS, group_by_community, group_by_country
from timeline.views.lanes import fold_sides, list_folds, list_lanes, sort_actors
from timeline.views.limited import build_limited
from timeline.views.network_figures import write_network
from timeline.views.networks import Hidden, Positions, lay_out
from timeline.views.palette import Palette, choose_palette
from timeline.views.plotting import Sketch

if TYPE_CHECKING:
    import networkx as nx

    from timeline.queries.tables import AnyTables

_MOST_ACTORS = 400  # offered in the sidebar
_PAIRS = 4000  # dyads fetched for the network; the drawing takes the heaviest
_CACHED = 128
_BATCH = "state_batch"
_beside = ThreadPoolExecutor(1, "beside")
_Page = tuple[int, int, str]  # limit, offset, order
_Days = tuple[dt.date | None, dt.date | None]  # first and last, None where it is open
_Most = tuple[int, int, str]  # actors and edges at most, the actor in the middle


@dataclass(frozen=True, slots=True)
class LaneChoice:
    """Which lanes the timeline has: the `number` most active actors in an `order`, or those chosen by hand.

    `by` is "event" where events stand on the days they happened, "published" on that of their first report. `window`
    is what the axis shows, see `choose_window`.
    """

    number: int = 12
    order: str = "activity"
    hand: tuple[str, ...] = ()
    by: str = "event"
    window: _Days = (None, None)


@keep(4)
def _open_project(folder: str) -> Project:
    made = open_project(folder, create=True)
    return Project(made.path, read_only=True) if engine_address() else made


@keep(4)
def _open_tables(folder: str) -> AnyTables:
    address = engine_address()
    if not address:
        return queries.open_tables(_open_project(folder), hold=True)
    from timeline.queries.remote import open_engine

    tables = open_engine(address, _open_project(folder))
    tables.allow(allowed_bytes())
    return tables


def project() -> Project:
    """The project this server shows."""
    return _open_project(str(project_folder()))


def tables() -> AnyTables:
    """Its event table."""
    return _open_tables(str(project_folder()))


def allow_bytes(number: int) -> None:
    """Let the engine read that much more; nothing where there is none."""
    if isinstance(found := tables(), queries.Tables):
        return
    found.allow(number)


def is_metered() -> bool:
    """Whether what is read costs money."""
    return not isinstance(found := tables(), queries.Tables) and found.engine.metered


def batch() -> str:
    """Names the present state of the events; part of every cache key. The same for the whole of a page's run."""
    return st.session_state.get(_BATCH) or tables().batch


def look_anew() -> None:
    """See the events as they are now; called at the beginning of a page's run."""
    st.session_state[_BATCH] = tables().batch


def palette() -> Palette:
    """The colours of the reader's theme."""
    return choose_palette(st.context.theme.type)


def count_events(f: EventFilter) -> int:
    return _count_events(str(project_folder()), batch(), f)


@keep(_CACHED)
def _count_events(folder: str, batch: str, f: EventFilter) -> int:
    return queries.count_events(_open_tables(folder), f)


def select_events(f: EventFilter, limit: int = 50, offset: int = 0, order: str = "newest") -> pd.DataFrame:
    """A page of the filter's events, their actors folded to its level."""
    return _select_events(str(project_folder()), batch(), f, (limit, offset, order))


@keep(_CACHED)
def _select_events(folder: str, batch: str, f: EventFilter, page: _Page) -> pd.DataFrame:
    limit, offset, order = page
    events = queries.select_events(_open_tables(folder), f, limit=limit, offset=offset, order=order)
    return events if f.level == "actor" else fold_sides(events, _folds(folder, batch, f.level))


def rank_actors(f: EventFilter, number: int) -> pd.DataFrame:
    return _rank_actors(str(project_folder()), batch(), f, number)


@keep(_CACHED)
def _rank_actors(folder: str, batch: str, f: EventFilter, number: int) -> pd.DataFrame:
    return queries.rank_actors(_open_tables(folder), f, number, level=f.level)


@keep(4)
def _folds(folder: str, batch: str, level: str) -> dict[str, tuple[str, str]]:
    return list_folds(queries.list_actors(_open_tables(folder)), level)


def actor_folds(level: str) -> dict[str, tuple[str, str]]:
    """What each actor of the project folds into at a level: id and name; shared, not to be changed."""
    return _folds(str(project_folder()), batch(), level)


@keep(4)
def _known_actors(folder: str, batch: str) -> dict[str, Actor]:
    with _open_tables(folder).session() as session:
        return {entry.actor.id: entry.actor for entry in session.loaded.actors.values()}


def known_actors() -> dict[str, Actor]:
    """Every actor of the project and of its lexicon by id; shared, not to be changed."""
    return _known_actors(str(project_folder()), batch())


def name_actors(level: str) -> dict[str, str]:
    """Names of the project's actors by id, most active first, at a level of folding; shared, not to be changed."""
    return _name_actors(str(project_folder()), batch(), level)


@keep(4)
def _name_actors(folder: str, batch: str, level: str) -> dict[str, str]:
    table = _rank_actors(folder, batch, EventFilter(level=level), _MOST_ACTORS)
    return dict(zip(table["actor_id"].tolist(), table["name"].tolist(), strict=True))


def list_publishers() -> list[str]:
    return list(values().publishers)


def date_range() -> tuple[dt.date | None, dt.date | None]:
    """First and last day of any event, None without dated events."""
    found = values()
    return found.start, found.end


def values() -> queries.Values:
    """The values that occur in the project."""
    return _values(str(project_folder()), batch())


@keep(4)
def _values(folder: str, batch: str) -> queries.Values:
    return queries.list_values(_open_tables(folder))


def read_evidence(event_id: str) -> queries.EventEvidence:
    """An event and its reports; raises MissingEventError where there is no such event any more."""
    return queries.read_evidence(tables(), event_id)


def summarise_accounts(
    event_ids: tuple[str, ...], pair: tuple[str, str], level: str, by: str = "publisher"
) -> tuple[Account, ...]:
    """What each publisher, or `by` "standpoint", tells of these events of a pair; its second may be "" for whomever."""
    return _summarise_accounts(str(project_folder()), batch(), event_ids, (*pair, level, by))


def name_standpoint(report: Report) -> str:
    """The country or bloc that a report speaks for."""
    states = _states(str(project_folder()), batch())
    return standpoints.find_standpoint(report, states, _country_of)


@keep(4)
def _states(folder: str, batch: str) -> dict[str, str]:
    return standpoints.list_states(_known_actors(folder, batch))


@cache
def _country_of(publisher: str) -> str:
    return standpoints.find_country(publisher, load_lexicon())


@keep(_CACHED)
def _summarise_accounts(
    folder: str, batch: str, event_ids: tuple[str, ...], asked: tuple[str, str, str, str]
) -> tuple[Account, ...]:
    found = [queries.read_evidence(_open_tables(folder), event_id) for event_id in event_ids]
    source, target, level, by = asked
    teller_of = name_standpoint if by == "standpoint" else accounts.name_publisher
    return accounts.summarise_accounts(found, source, target, _folds(folder, batch, level), teller_of)


def name_known_actors(ids: tuple[str, ...]) -> dict[str, str]:
    """Display names of any actors of the project."""
    return queries.name_actors(tables(), ids)


def count_all_articles() -> dict[str, int]:
    """Number of articles by state; asked each time, since coding changes it without a new batch."""
    return {str(state): number for state, number in count_articles(project()).items()}


# --- charts ----------------------------------------------------------------------------------------------------


def core_period() -> density.Core | None:
    """The period that holds nearly all events of the project, where a few others would hide how they lie in it."""
    return _core_period(str(project_folder()), batch(), choose_width(*date_range()))


@keep(4)
def _core_period(folder: str, batch: str, width: str) -> density.Core | None:
    return density.find_core(_density_table(folder, batch, EVERYTHING, (width, "event")), width)


def shown_core(f: EventFilter, by: str = "event") -> density.Core | None:
    """The core period, where the charts of time show no more than that.

    They show all where the reader wants the whole, where the filter's own days reach beyond the core, and where it
    holds none of the filter's events.
    """
    core = core_period() if by == "event" and not current("whole_period") else None
    if core is None or not core.start <= (f.start or core.start) <= (f.end or core.end) <= core.end:
        return None
    within = replace(f, start=core.start, end=core.end)
    table = _density_table(str(project_folder()), batch(), within, _bins(core.start, core.end))
    return None if table.empty else core


def choose_window(f: EventFilter, by: str = "event") -> _Days:
    """First and last day of the timeline's axis: the filter's, or else the core's; None takes the data's own."""
    core = shown_core(f, by)
    return (f.start or core.start, f.end or core.end) if core else (f.start, f.end)


def _bins(start: dt.date | None, end: dt.date | None, by: str = "event") -> tuple[str, str]:
    low, high = date_range()
    return choose_width(start or low, end or high), by


def tabulate_density(f: EventFilter, by: str = "event") -> tuple[pd.DataFrame, str]:
    """Events per bin and sign under a filter, whatever its dates, and the bins' width.

    Args:
        f: Which events.
        by: "event" for the days they happened on, "published" for those they were first reported on.
    """
    shown, bins = _spread(f, by)
    return _density_table(str(project_folder()), batch(), shown, bins), bins[0]


def _spread(f: EventFilter, by: str) -> tuple[EventFilter, tuple[str, str]]:
    """The events that the strip counts, whatever the filter's own dates, and how."""
    core = shown_core(f, by)
    start, end = (core.start, core.end) if core else (None, None)
    return replace(f, start=start, end=end), _bins(start, end, by)


@keep(_CACHED)
def _density_table(folder: str, batch: str, f: EventFilter, bins: tuple[str, str]) -> pd.DataFrame:
    return density.tabulate_density(queries.count_per_bin(_open_tables(folder), f, *bins))


def density_drawing(f: EventFilter, by: str = "event") -> str:
    """The density strip as numbers for its script; its table is not empty."""
    return _density_drawing(str(project_folder()), batch(), *_spread(f, by), palette().name)


@keep(_CACHED)
def _density_drawing(folder: str, batch: str, f: EventFilter, bins: tuple[str, str], theme: str) -> str:
    return density.write_density(_density_table(folder, batch, f, bins), choose_palette(theme), bins[0])


def timeline_drawing(f: EventFilter, lanes: LaneChoice) -> Drawing:
    """The timeline of the filter's events, in the detail that their number allows; shared, not to be changed."""
    return _timeline_drawing(str(project_folder()), batch(), f, lanes, palette().name)


@keep(24)
def _timeline_drawing(folder: str, batch: str, f: EventFilter, lanes: LaneChoice, theme: str) -> Drawing:
    return write_drawing(_sketch_timeline(folder, batch, f, lanes, theme))


def _sketch_timeline(folder: str, batch: str, f: EventFilter, lanes: LaneChoice, theme: str) -> Sketch:
    detail = choose_detail(_count_events(folder, batch, f))
    actors, order = _lane_actors(folder, batch, f, lanes)
    colours, window = choose_palette(theme), lanes.window
    if detail == "lanes":
        events = _select_events(folder, batch, f, (LANES_LIMIT, 0, "newest"))
        return sketch_timeline(events, actors, colours, window=window, order=order, by=lanes.by)
    ordered = tuple(sort_actors(actors, order)["actor_id"])
    if detail == "markers":
        points = queries.select_points(_open_tables(folder), f, ordered, MARKERS_LIMIT, lanes.by)
        return sketch_points(points, actors, colours, window=window, order=order, by=lanes.by)
    within = replace(f, start=window[0], end=window[1])
    width = choose_lane_bins(within)
    counts = queries.count_lanes(_open_tables(folder), within, ordered, width, lanes.by)
    return sketch_counts(counts, list_lanes(actors, order), colours, width)


def _lane_actors(folder: str, batch: str, f: EventFilter, lanes: LaneChoice) -> tuple[pd.DataFrame, str]:
    """The actors that get a lane and how to order them; those chosen by hand keep theirs without any event."""
    if not lanes.hand:  # the network asks for as many: one query for both
        return _rank_actors(folder, batch, f, TOP_ACTORS).head(lanes.number), lanes.order
    known = queries.list_actors(_open_tables(folder)).set_index("actor_id")
    kept = [actor_id for actor_id in lanes.hand if actor_id in known.index]
    return known.loc[kept, ["name", "country"]].reset_index(), "hand"


def choose_lane_bins(f: EventFilter) -> str:
    """What a cell of the counts on lanes is, for a filter's period: day, week, month or year."""
    return _bins(f.start, f.end)[0]


def tabulate_places(f: EventFilter) -> pd.DataFrame:
    """The places of the filter's events, most events first; shared, not to be changed."""
    return _places(str(project_folder()), batch(), f)


@keep(24)
def _places(folder: str, batch: str, f: EventFilter) -> pd.DataFrame:
    return maps.tabulate_places(queries.count_places(_open_tables(folder), f))


def place_keys() -> dict[tuple[str, float], int]:
    """The keys of the project's places by name and latitude; shared, not to be changed."""
    return _place_keys(str(project_folder()), batch())


@keep(4)
def _place_keys(folder: str, batch: str) -> dict[tuple[str, float], int]:
    known = _places(folder, batch, EVERYTHING)
    return dict(zip(zip(known["place"], known["latitude"], strict=True), known["place_key"].tolist(), strict=True))


def places_drawing(f: EventFilter) -> Drawing:
    """The map of the filter's events; shared, not to be changed."""
    return _places_drawing(str(project_folder()), batch(), f, palette().name)


@keep(24)
def _places_drawing(folder: str, batch: str, f: EventFilter, theme: str) -> Drawing:
    return write_drawing(maps.sketch_map(_places(folder, batch, f), choose_palette(theme)))


def select_events_at(f: EventFilter, place_key: int) -> pd.DataFrame:
    """The newest events of a place under the filter, their actors folded to its level."""
    return _select_events_at(str(project_folder()), batch(), f, place_key)


@keep(_CACHED)
def _select_events_at(folder: str, batch: str, f: EventFilter, place_key: int) -> pd.DataFrame:
    events = queries.select_events_at(_open_tables(folder), f, place_key)
    return events if f.level == "actor" else fold_sides(events, _folds(folder, batch, f.level))


def network(f: EventFilter, max_actors: int, max_edges: int, ego: str = "") -> tuple[nx.MultiDiGraph, Hidden]:
    """The network of the filter's events, limited to what can be drawn; shared, not to be changed.

    Args:
        f: Which events.
        max_actors: Actors at most, the most active ones.
        max_edges: Edges at most, the heaviest.
        ego: Id of an actor that is drawn with its partners only, "" for everybody.
    """
    return _network(str(project_folder()), batch(), f, (max_actors, max_edges, ego))


def begin_network(f: EventFilter, max_actors: int, max_edges: int, ego: str = "") -> None:
    """Have the same network worked out beside the charts that are drawn before it.

    An error shows when it is asked for. An engine is asked one thing after the other.
    """
    if not engine_address():
        _beside.submit(_network, str(project_folder()), batch(), f, (max_actors, max_edges, ego))


@keep(24)
def _network(folder: str, batch: str, f: EventFilter, most: _Most) -> tuple[nx.MultiDiGraph, Hidden]:
    active = _rank_actors(folder, batch, f, TOP_ACTORS)["actor_id"]  # first, since the timeline waits for it too
    dyads = queries.count_dyads(_open_tables(folder), f, _PAIRS, level=f.level)
    limited, hidden = build_limited(dyads, *most)
    if most[2]:
        return limited, hidden
    paired = {*dyads["source_id"].unique(), *dyads["target_id"].unique()}
    return limited, replace(hidden, isolates=sum(actor_id not in paired for actor_id in active))


def network_positions(level: str) -> Positions:
    """Where each actor of the whole project stands, so that filters move nobody."""
    return _network_positions(str(project_folder()), batch(), level)


@keep(6)
def _network_positions(folder: str, batch: str, level: str) -> Positions:
    whole, _ = _network(folder, batch, EventFilter(level=level), (400, 4000, ""))
    return lay_out(whole)


def network_drawing(f: EventFilter, max_actors: int, max_edges: int, ego: str = "", groups: str = "") -> str:
    """The network as numbers for its script. `groups` is as in `group_network`."""
    most = (max_actors, max_edges, ego)
    return _network_drawing(str(project_folder()), batch(), f, most, (groups, palette().name))


@keep(24)
def _network_drawing(folder: str, batch: str, f: EventFilter, most: _Most, look: tuple[str, str]) -> str:
    graph, _ = _network(folder, batch, f, most)
    grouped = group_network(f.level, graph, look[0])
    return write_network(graph, _network_positions(folder, batch, f.level), choose_palette(look[1]), grouped)


def group_network(level: str, graph: nx.MultiDiGraph, groups: str) -> dict[str, str]:
    """The group of each actor of a network, by "country" or by "community" of the whole project; {} for ""."""
    folder, state = str(project_folder()), batch()
    if groups == "country":
        return group_by_country(graph, _countries(folder, state))
    if groups == "community":
        found = _communities(folder, state, level)
        return {node: found.get(node, OTHERS) for node in graph.nodes}
    return {}


@keep(4)
def _countries(folder: str, batch: str) -> dict[str, str | None]:
    actors = queries.list_actors(_open_tables(folder))
    return dict(zip(actors["actor_id"], actors["country"], strict=True))


@keep(6)
def _communities(folder: str, batch: str, level: str) -> dict[str, str]:
    """Communities of the whole network, so that filters change nobody's colour."""
    whole, _ = _network(folder, batch, EventFilter(level=level), (400, 4000, ""))
    return group_by_community(whole)


def is_empty() -> bool:
    """Whether the project has no events at all."""
    return count_events(EVERYTHING) == 0


def project_name() -> str:
    """The folder's or the engine's name, for titles and file names."""
    return re.sub(r"[^\w.]+", "-", engine_name()).strip("-") or Path(project().path).name
