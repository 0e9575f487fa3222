"""The table equal of each chart, a page of 50 rows at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx as nx
import pandas as pd
import streamlit as st

from timeline.dashboard import data
from timeline.dashboard.chosen import Marks, find_events_of
from timeline.dashboard.selection import select_actor, select_edge, select_event
from timeline.dashboard.state import current_selection, seed_widget, set_selection
from timeline.queries.filters import EventFilter
from timeline.views.changes import tabulate_changes
from timeline.views.networks import measure_actors, say_balance, tabulate_edges
from timeline.views.wording import BASIS_WORDS, REALIS_WORDS, clean_text, label_type, list_names, say_span

PAGE = 50
_ORDERS = {"newest": "newest first", "oldest": "oldest first", "reports": "most reported first"}
DENSITY_COLUMNS = {
    "bin": st.column_config.DateColumn("from", format="localized"),
    **{
        name: st.column_config.NumberColumn(name, format="localized", step=0.1)
        for name in ("cooperation", "neutral", "conflict", "events")
    },
}


def show_events(f: EventFilter, total: int, marks: Marks) -> None:
    """The filter's events, those of the selection alone if it has any; choosing a row selects the event."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.selectbox("Order", list(_ORDERS), key="table_order", format_func=_ORDERS.__getitem__, width=220)
        context = current_selection().close_event()
        alone = bool(context) and st.toggle(
            "Only the selection",
            key=seed_widget("table_alone", True),
            help="Events of the selected actor, edge or place",
        )
    slot = st.container()
    found = sort_events(find_events_of(context, f), order) if alone else None
    pages = max(1, -(-(total if found is None else len(found)) // PAGE))
    page = st.pagination(pages, key=f"events_page_{pages}") if pages > 1 else 1
    first = (page - 1) * PAGE
    events = data.select_events(f, PAGE, first, order) if found is None else found.iloc[first : first + PAGE]
    ids = tuple(str(i) for i in events["event_id"])
    key = f"events_table_{abs(hash(ids)) % 10**8}"
    st.session_state["events_shown"] = (key, ids)
    chosen = [number for number, event_id in enumerate(ids) if event_id == current_selection().event]
    slot.dataframe(
        tabulate_events(events).assign(**_mark_rows(ids, marks, alone)), hide_index=True, key=key, on_select=_take_row,
        selection_mode="single-row", height=420, selection_default={"selection": {"rows": chosen}},
        column_config={"sentence": st.column_config.TextColumn(width="medium")},
        alt="The events, one per row; select a row to read its evidence",
    )  # fmt: skip


def sort_events(events: pd.DataFrame, order: str) -> pd.DataFrame:
    """Events in one of the table's orders, as `queries.select_events` would give them; undated last."""
    columns = {"newest": ["start"], "oldest": ["start"], "reports": ["reports", "start"]}[order]
    return events.sort_values(columns, ascending=order == "oldest", na_position="last", kind="stable")


def _mark_rows(ids: Sequence[str], marks: Marks, alone: bool) -> dict[str, list[str]]:
    """A column that marks the selection's events, where others stand among them."""
    if alone or not marks.events.intersection(ids):
        return {}
    return {"selected": ["●" if event_id in marks.events else "" for event_id in ids]}


def tabulate_events(events: pd.DataFrame) -> pd.DataFrame:
    """Events in a reader's words: when, source, act, target, how told, reports, sentence."""
    rows = [
        {
            "when": say_span(e["start"], e["end"], str(e["precision"])),
            "source": clean_text(list_names(e["source_names"])),
            "act": label_type(str(e["event_type"])),
            "target": clean_text(list_names(e["target_names"])),
            "told as": REALIS_WORDS.get(str(e["realis"]), ""),
            "date from": BASIS_WORDS.get(str(e["basis"]), str(e["basis"])),
            "reports": int(e["reports"]),
            "confidence": round(float(e["confidence"]), 2),
            "sentence": clean_text(str(e["sentence"] or "")),
        }
        for e in events.to_dict("records")
    ]
    columns = ["when", "source", "act", "target", "sentence", "told as", "reports", "date from", "confidence"]
    return pd.DataFrame(rows, columns=columns)


def _take_row() -> None:
    key, ids = st.session_state.get("events_shown", ("", ()))
    row = _chosen_row(key)
    if row is not None and row < len(ids):
        context = current_selection().close_event()
        set_selection(context.open_event(ids[row]) if context else select_event(ids[row]))


def _chosen_row(key: str) -> int | None:
    rows = ((st.session_state.get(key) or {}).get("selection") or {}).get("rows") or []
    return rows[0] if rows else None


_number = st.column_config.NumberColumn
_MEASURES = {
    "name": st.column_config.TextColumn("actor"),
    "events": _number(format="localized", help="Weighted degree: events on its edges in the network shown"),
    "acts": _number(format="localized", help="Events on edges that start at it (weighted out-degree)"),
    "receives": _number(format="localized", help="Events on edges that end at it (weighted in-degree)"),
    "partners": _number(help="Degree: actors it shares an edge with"),
    "betweenness": _number(
        format="%.3f", help="Share of shortest paths between other actors that run through it, 0 to 1 (Freeman 1977)"
    ),
    "reciprocity": _number(format="percent", help="Share of those it acts on that act on it too; empty if on none"),
    "balance": _number(
        format="percent",
        help="Share of its triads of signed pairs that are balanced: a friend's friend is a friend, a foe's foe too "
        "(Cartwright and Harary 1956). A pair's sign is that of its more frequent kind of act. Empty without triads",
    ),
    "conflict_share": _number("conflict", format="percent", help="Share of conflict among its events"),
}
_EDGES = {
    "events": _number(format="localized"),
    "goldstein": _number(format="%+.1f", help="Mean score of its acts, -10 (harm) to +10 (help)"),
}
_CHANGES = {
    "before": st.column_config.TextColumn("earlier", help="Kind of most of its acts in the earlier period"),
    "after": st.column_config.TextColumn("later", help="Kind of most of its acts in the later period"),
    "events_before": _number("events, earlier", format="localized"),
    "events_after": _number("events, later", format="localized"),
}


def show_network(graph: nx.MultiDiGraph) -> None:
    """Actors with their measures, and the edges; choosing a row selects the actor or the edge."""
    actors, edges = measure_actors(graph), tabulate_edges(graph)
    first, second = st.tabs([f"Actors ({len(actors)})", f"Edges ({len(edges)})"], key="network_tables")
    with first:
        _show_chooser("actors", actors.drop(columns=["actor_id"]), list(actors["actor_id"]), _MEASURES)
        st.caption(f"Of the network shown: {say_balance(graph)} Each column's head explains its measure.")
    with second:
        ids = list(zip(edges["source_id"], edges["target_id"], edges["sign"], strict=True))
        _show_chooser("edges", edges.drop(columns=["source_id", "target_id"]), ids, _EDGES)


def show_changes(graph: nx.MultiDiGraph) -> None:
    """Pairs compared between two periods; choosing a row selects the edge."""
    changes = tabulate_changes(graph)
    signs = changes["after"].where(changes["after"] != "", changes["before"])
    ids = list(zip(changes["source_id"], changes["target_id"], signs, strict=True))
    _show_chooser("changes", changes.drop(columns=["source_id", "target_id"]), ids, _CHANGES)


def _show_chooser(name: str, table: pd.DataFrame, ids: Sequence[Any], columns: dict[str, Any]) -> None:
    pages = max(1, -(-len(table) // PAGE))
    slot = st.container()
    page = st.pagination(pages, key=f"{name}_page_{pages}") if pages > 1 else 1
    part = slice((page - 1) * PAGE, page * PAGE)
    shown = tuple(ids[part])
    key = f"{name}_table_{abs(hash(shown)) % 10**8}"
    st.session_state[f"{name}_shown"] = (key, shown)
    slot.dataframe(
        table.iloc[part], hide_index=True, key=key, on_select=_take_actor_or_edge, selection_mode="single-row",
        height=380, column_config=columns,
        alt=f"The network's {name}, one per row; select a row to read its evidence",
    )  # fmt: skip


def _take_actor_or_edge() -> None:
    for name in ("actors", "edges", "changes"):
        key, ids = st.session_state.get(f"{name}_shown", ("", ()))
        row = _chosen_row(key)
        if row is not None and row < len(ids) and st.session_state.get(f"{name}_taken") != (key, row):
            st.session_state[f"{name}_taken"] = (key, row)
            set_selection(select_actor(str(ids[row])) if name == "actors" else select_edge(*ids[row]))
            return
