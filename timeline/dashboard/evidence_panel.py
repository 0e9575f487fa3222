"""The evidence panel: the reports behind the selected event, or the events of the selected actor or edge."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from timeline.dashboard import data
from timeline.dashboard.article_dialog import open_article, show_opened
from timeline.dashboard.chosen import find_events_of
from timeline.dashboard.correcting import show_history, show_split, show_tools
from timeline.dashboard.curation import can_curate, show_back_and_forth, show_outcome
from timeline.dashboard.locales import count_noun
from timeline.dashboard.selection import NOTHING, Selection, select_event
from timeline.dashboard.state import (
    current_filter,
    current_selection,
    escape_markdown,
    seed_widget,
    set_filter,
    set_selection,
)
from timeline.errors import MissingEventError, StoreError, UnconfirmedQueryError
from timeline.queries.events import EventEvidence
from timeline.queries.filters import EventFilter
from timeline.store.codings import Report
from timeline.views.accounts import name_publisher, write_accounts, write_comparison
from timeline.views.evidence import write_headline, write_report
from timeline.views.lanes import list_rows
from timeline.views.markup import write_style
from timeline.views.wording import say_event, say_span, say_told, shorten

_PAGE = 8
_MOST_REPORTS = 12
_MOST_COMPARED = 80
_SCOPES = {"edge": "This edge", "pair": "All between the two"}
_VIEWS = {"reports": "Reports", "told": "As told by", "blocs": "By standpoint"}


def show_evidence() -> None:
    """Draw the panel for the present selection."""
    selection = current_selection()
    st.html(write_style(data.palette()))
    _show_head(selection)
    show_outcome()
    try:
        _show_what_is_selected(selection)
    except UnconfirmedQueryError as error:
        from timeline.dashboard.confirming import ask_for_bytes  # needs an engine's drivers

        ask_for_bytes(error, "evidence")  # here, where the reader looks: below the charts nobody sees it


def _show_what_is_selected(selection: Selection) -> None:
    if selection.event:
        _show_event(selection.event)
    elif selection:
        _show_events_of(selection)
    else:
        _show_welcome()


def _show_head(selection: Selection) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="evidence_head"
    ):
        st.subheader("Evidence", anchor=False)
        with st.container(horizontal=True, width="content", gap="xsmall"):
            if can_curate():
                show_back_and_forth()
            if selection.event and selection.close_event():
                st.button(
                    "Back", key="evidence_back", type="tertiary", icon=":material/arrow_back:",
                    on_click=lambda: set_selection(selection.close_event()),
                    help="Back to the list this event was opened from",
                )  # fmt: skip
            if selection:
                st.button(
                    "Clear", key="evidence_clear", type="tertiary", icon=":material/close:",
                    on_click=lambda: set_selection(NOTHING), help="Clear the selection",
                )  # fmt: skip


def _show_welcome() -> None:
    st.caption(
        "Click an event, an actor or an edge to read the sentences behind it. Or begin with what is reported most:"
    )
    events = data.select_events(current_filter(), limit=6, order="reports")
    for row in list_rows(events):
        show_event_button(row, NOTHING)


def _show_event(event_id: str) -> None:
    try:
        found = data.read_evidence(event_id)
    except MissingEventError:
        st.info(
            "This event is no longer in the project: its articles were removed or coded anew, or a reader deleted or "
            "regrouped it. Clear the selection to go on."
        )
        return
    except StoreError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return
    st.html(write_headline(found.event))
    show_tools(found)
    view = _choose_view() if len(found.reports) > 1 else "reports"
    if view != "reports":
        _show_comparison(found.reports[:_MOST_REPORTS], view)
    else:
        _show_reports(found)
    show_history(found)


def _choose_view() -> str:
    """Whether the evidence is read report by report, or compared between publishers."""
    chosen = st.segmented_control(
        "Evidence as", list(_VIEWS), key=seed_widget("evidence_view", "reports"), format_func=_VIEWS.__getitem__,
        required=True, label_visibility="collapsed",
        help="As told by: what each publisher says, side by side, in its own words. By standpoint: the same by the "
        "country or bloc of whom it cites, or else of the publisher",
    )  # fmt: skip
    return chosen or "reports"


def _show_comparison(reports: Sequence[Report], view: str) -> None:
    table = write_comparison(reports, data.name_standpoint if view == "blocs" else name_publisher)
    st.html(table)
    st.button(
        "Compare in a wide window", key="compare_wide", type="tertiary", icon=":material/open_in_full:",
        on_click=_open_wide, args=(table,),
    )  # fmt: skip


def _open_wide(table: str) -> None:
    st.session_state["open_wide"] = table


@st.dialog("As told by", width="large")
def _show_wide(table: str) -> None:
    st.html(write_style(data.palette()) + table)


def _show_reports(found: EventEvidence) -> None:
    if not found.reports:
        _show_original(found)
    for report in found.reports[:_MOST_REPORTS]:
        st.html(write_report(report.coding, report.article, report.provenance.coder, report.as_coded))
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Read the whole article", key=f"read_{report.coding.id}", type="tertiary", icon=":material/article:",
                on_click=open_article, args=(report.article.id,),
            )  # fmt: skip
            show_split(found, report)
    if len(found.reports) > _MOST_REPORTS:
        st.caption(f"The first {_MOST_REPORTS} of {count_noun(len(found.reports), 'report')}.")


def _show_original(found: EventEvidence) -> None:
    """Instead of sentences, what an imported event was made of: its row, and the address of its article."""
    st.text(found.note)
    row = found.original
    if row is None:
        return
    if row.url.startswith(("https://", "http://")):
        st.link_button("Open the article", row.url, icon=":material/open_in_new:", key="original_link")
    st.dataframe(
        {"column": list(row.cells), "in the file" if row.line else "in the table": list(row.cells.values())},
        hide_index=True, width="stretch", key="original_row",
    )  # fmt: skip


def show_open_article() -> None:
    """Draw the dialog with the article or the comparison asked for, if any; call once, outside other containers."""
    table = st.session_state.pop("open_wide", None)
    if table:
        _show_wide(table)
    show_opened()


def _show_events_of(selection: Selection) -> None:
    names = data.name_known_actors(selection.actors)
    title = ", ".join(filter(None, selection.place)) or " → ".join(names.get(i, i) for i in selection.actors)
    st.markdown(f"**{escape_markdown(title)}**" + (f" · {selection.edge[2]}" if selection.edge else ""))
    events = find_events_of(selection, current_filter(), whole_pair=_choose_scope(selection))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{count_noun(len(events), 'event')} under the present filter, newest first")
        if selection.actors:
            st.button(
                "Show only these", key="evidence_filter", type="tertiary", icon=":material/filter_alt:",
                on_click=_filter_to, args=(selection,), help="Filter timeline and network to this selection",
            )  # fmt: skip
    if events.empty:
        st.info("No event of this selection passes the present filter. Clear a filter above, or clear the selection.")
        return
    view = _choose_view() if selection.actors else "reports"
    if view != "reports":
        _show_accounts(selection, events, names, "standpoint" if view == "blocs" else "publisher")
        return
    pages = -(-len(events) // _PAGE)
    slot = st.container()
    listed = "_".join(selection.actors or selection.place)
    page = st.pagination(pages, key=f"evidence_page_{listed}_{pages}", max_visible_pages=5) if pages > 1 else 1
    with slot:
        for row in list_rows(events.iloc[(page - 1) * _PAGE : page * _PAGE]):
            show_event_button(row, selection)


def _choose_scope(selection: Selection) -> bool:
    """Whether an edge stands for everything between its two actors, and not only for its direction and kind."""
    if not selection.edge:
        return False
    chosen = st.segmented_control(
        "Between the two", list(_SCOPES), key=seed_widget("evidence_scope", "edge"), format_func=_SCOPES.__getitem__,
        required=True, label_visibility="collapsed",
        help="Only acts of this kind in this direction, or all acts between the two, both ways",
    )  # fmt: skip
    return chosen == "pair"


def _show_accounts(selection: Selection, events: pd.DataFrame, names: Mapping[str, str], by: str) -> None:
    """What each publisher or standpoint tells of the selected pair, and the events that only one of them reports."""
    compared = events.head(_MOST_COMPARED)
    source, target = (*selection.actors, "")[:2]
    ids = tuple(str(i) for i in compared["event_id"])
    accounts = data.summarise_accounts(ids, (source, target), current_filter().level, by)
    if not accounts:
        st.info("These events were imported without articles, so nobody's words can be compared.")
        return
    if len(compared) < len(events):
        st.caption(f"Compared over the newest {len(compared)} of them.")
    table = write_accounts(accounts[:_MOST_REPORTS], names.get(source, source), names.get(target, target))
    st.html(table)
    st.button(
        "Compare in a wide window", key="compare_wide", type="tertiary", icon=":material/open_in_full:",
        on_click=_open_wide, args=(table,),
    )  # fmt: skip
    rows = {str(row["event_id"]): row for row in list_rows(compared)}
    for account in accounts[:_MOST_REPORTS]:
        if account.alone:
            label = f"Only {escape_markdown(account.teller)} reports · {len(account.alone)}"
            with st.expander(label, key=f"alone_{account.teller}"):
                for event_id in account.alone[:_PAGE]:
                    show_event_button(rows[event_id], selection)
                if len(account.alone) > _PAGE:
                    st.caption(f"The newest {_PAGE} of {len(account.alone)}.")


def _narrow(f: EventFilter, actors: tuple[str, ...], role: str) -> EventFilter:
    return replace(f, actors=actors, role=role)


def _filter_to(selection: Selection) -> None:
    set_filter(_narrow(current_filter(), selection.actors, "between" if selection.edge else "any"))


def show_event_button(row: dict[Hashable, Any], selection: Selection) -> None:
    """One event of a list: when, who did what to whom, and whether it is told as done; a click opens it."""
    when = say_span(row["start"], row["end"], str(row["precision"]))
    who = say_event(str(row["event_type"]), list(row["source_names"]), list(row["target_names"]))
    told = f" · *{word}*" if (word := say_told(str(row["realis"]))) else ""
    event_id = str(row["event_id"])
    opened = selection.open_event(event_id) if selection else select_event(event_id)
    st.button(
        f"**{when}** · {escape_markdown(shorten(who, 90))}{told}", key=f"open_{event_id}", width="stretch",
        on_click=set_selection, args=(opened,), help=escape_markdown(shorten(str(row["sentence"]), 200)),
    )  # fmt: skip
