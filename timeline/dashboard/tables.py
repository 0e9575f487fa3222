"""The table equal of each chart, a page of 50 rows at a time."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import pandas as pd
import streamlit as st

from timeline.dashboard import data
from timeline.dashboard.selection import select_actor, select_edge, select_event
from timeline.dashboard.state import set_selection
from timeline.queries.filters import EventFilter
from timeline.views.networks import measure_actors, say_balance, tabulate_edges
from timeline.views.wording import BASIS_WORDS, REALIS_WORDS, clean_text, label_type, list_names, say_span

PAGE = 50
_ORDERS = {"newest": "newest first", "oldest": "oldest first", "reports": "most reported first"}
DENSITY_COLUMNS = {
    "bin": st.column_config.DateColumn("from", format="YYYY-MM-DD"),
    **{
        name: st.column_config.NumberColumn(name, format="%.1f")
        for name in ("cooperation", "neutral", "conflict", "events")
    },
}


def show_events(f: EventFilter, total: int) -> None:
    """The filter's events; choosing a row selects the event."""
    order = st.selectbox("Order", list(_ORDERS), key="table_order", format_func=_ORDERS.__getitem__, width=220)
    slot = st.container()
    pages = max(1, -(-total // PAGE))
    page = st.pagination(pages, key=f"events_page_{pages}") if pages > 1 else 1
    events = data.select_events(f, PAGE, (page - 1) * PAGE, order)
    ids = tuple(str(i) for i in events["event_id"])
    key = f"events_table_{abs(hash(ids)) % 10**8}"
    st.session_state["events_shown"] = (key, ids)
    slot.dataframe(
        tabulate_events(events), hide_index=True, key=key, on_select=_take_row, selection_mode="single-row", height=420,
        column_config={"sentence": st.column_config.TextColumn(width="medium")},
        alt="The events, one per row; select a row to read its evidence",
    )  # fmt: skip


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
        set_selection(select_event(ids[row]))


def _chosen_row(key: str) -> int | None:
    rows = ((st.session_state.get(key) or {}).get("selection") or {}).get("rows") or []
    return rows[0] if rows else None


_MEASURES = (
    "Of the network drawn. Acts and receives: events on its edges. Partners (degree): actors it shares an edge with. "
    "Betweenness: share of shortest paths between other actors that run through it (Freeman 1977). Reciprocity: share "
    "of those it acts on that act on it too. Balance: share of its triads of signed pairs in which a friend's friend "
    "is a friend and a foe's foe too (Cartwright and Harary 1956); a pair's sign is that of its more frequent kind of "
    "act. Conflict share: of its events."
)


def show_network(graph: nx.MultiDiGraph) -> None:
    """Actors with their measures, and the edges; choosing a row selects the actor or the edge."""
    actors, edges = measure_actors(graph), tabulate_edges(graph)
    first, second = st.tabs([f"Actors ({len(actors)})", f"Edges ({len(edges)})"], key="network_tables")
    with first:
        _show_chooser("actors", actors.drop(columns=["actor_id"]), list(actors["actor_id"]))
        st.caption(f"{say_balance(graph)} {_MEASURES}")
    with second:
        ids = list(zip(edges["source_id"], edges["target_id"], edges["sign"], strict=True))
        _show_chooser("edges", edges.drop(columns=["source_id", "target_id"]), ids)


def _show_chooser(name: str, table: pd.DataFrame, ids: Sequence[object]) -> None:
    pages = max(1, -(-len(table) // PAGE))
    slot = st.container()
    page = st.pagination(pages, key=f"{name}_page_{pages}") if pages > 1 else 1
    part = slice((page - 1) * PAGE, page * PAGE)
    shown = tuple(ids[part])
    key = f"{name}_table_{abs(hash(shown)) % 10**8}"
    st.session_state[f"{name}_shown"] = (key, shown)
    slot.dataframe(
        table.iloc[part], hide_index=True, key=key, on_select=_take_actor_or_edge, selection_mode="single-row",
        height=380,
        alt=f"The network's {name}, one per row; select a row to read its evidence",
    )  # fmt: skip


def _take_actor_or_edge() -> None:
    for name in ("actors", "edges"):
        key, ids = st.session_state.get(f"{name}_shown", ("", ()))
        row = _chosen_row(key)
        if row is not None and row < len(ids) and st.session_state.get(f"{name}_taken") != (key, row):
            st.session_state[f"{name}_taken"] = (key, row)
            set_selection(select_edge(*ids[row]) if name == "edges" else select_actor(str(ids[row])))
            return
