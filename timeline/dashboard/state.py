"""A session's filter, selection and settings: kept in the session, mirrored in the URL as plain text.

The URL is read on the first run of a session and whenever the browser changed it (back, forward); otherwise the
session leads and the URL follows. Widgets change the session through callbacks only, so a rerun that the browser
sent before it heard of the newest URL cannot undo what was just chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from timeline.dashboard import look
from timeline.dashboard import selection as selections
from timeline.dashboard.selection import NOTHING, Selection
from timeline.queries.filters import EVERYTHING, EventFilter, from_query, to_query

_FILTER, _SELECTION, _URL, _PAGE = "filter", "selection", "state_url", "state_page"
_TOUCHED, _NOTICES = "state_touched", "state_notices"
_SELECTION_NAMES = ("event", "actor", "edge", "place")
_FILTER_NAMES = frozenset(
    [
        "actors",
        "role",
        "level",
        "from",
        "to",
        "undated",
        "types",
        "quads",
        "realis",
        "publishers",
        "text",
        "confidence",
        "contested",
        "review",
    ]
)
_OWN_NAMES = frozenset({"embed", "embed_options"})  # Streamlit's
_PUT_IN_LATER = re.compile(r":(?=material[/_]|streamlit:)|(?<!\S)(?:<->|->|<-|--|>=|<=|~=)(?!\S)")


def current_filter() -> EventFilter:
    """The filter of this session."""
    found = st.session_state.get(_FILTER, EVERYTHING)
    return found if isinstance(found, EventFilter) else EVERYTHING


def current_selection() -> Selection:
    """The selection of this session."""
    found = st.session_state.get(_SELECTION, NOTHING)
    return found if isinstance(found, Selection) else NOTHING


def set_filter(f: EventFilter, reseed: bool = True) -> None:
    """Change the filter, from a callback or before the sidebar is drawn.

    Args:
        f: The new filter.
        reseed: Whether the sidebar's widgets must be set to it; False where they are what changed it.
    """
    st.session_state[_FILTER] = f
    st.session_state[_TOUCHED] = True
    if reseed:
        forget_widgets()


def set_selection(selection: Selection) -> None:
    """Change the selection."""
    st.session_state[_SELECTION] = selection
    st.session_state[_TOUCHED] = True


def forget_widgets() -> None:
    """Have the sidebar's widgets take their values from the filter on the next run."""
    for key in [k for k in st.session_state if str(k).startswith("f_")]:
        del st.session_state[key]


def seed_widget(key: str, value: object) -> str:
    """Give a widget its value unless it has one; returns the key, to be written where the widget is made.

    A setting of the view (`look`) that was chosen before, or stands in the link, comes before `value`.
    """
    if key not in st.session_state:
        st.session_state[key] = look.recall(key, value)
    return key


def read_url(page: str) -> None:
    """Take filter, selection and settings from the URL where it leads; call before any widget.

    Args:
        page: Name of the page; a change of page keeps the session's state, whatever the URL says.
    """
    query = {name: value for name, value in st.query_params.to_dict().items() if name not in _OWN_NAMES}
    touched = st.session_state.pop(_TOUCHED, False)
    first = _URL not in st.session_state
    moved = st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page
    if not first and (touched or moved or query == st.session_state[_URL]):
        return
    filter_, dropped = from_query(query)
    selection, dropped_too = selections.read_query(query)
    dropped_last = look.read_look(query)
    unknown = sorted(set(query) - _FILTER_NAMES - set(_SELECTION_NAMES) - look.NAMES)
    notices = [*dropped, *dropped_too, *dropped_last, *(f"{name[:60]}: no such parameter, ignored" for name in unknown)]
    st.session_state[_NOTICES] = notices
    set_selection(selection)
    set_filter(filter_)
    st.session_state.pop(_TOUCHED, None)
    st.session_state[_URL] = query


def write_url() -> None:
    """Have the URL follow filter, selection and settings; call at the end of a page."""
    wanted = write_state()
    own = {name: value for name, value in st.query_params.to_dict().items() if name in _OWN_NAMES}
    if st.query_params.to_dict() != wanted | own:
        st.query_params.from_dict(wanted | own)
    st.session_state[_URL] = wanted


def write_state() -> dict[str, str]:
    """The present view as URL parameters: filter, selection and settings."""
    return to_query(current_filter()) | selections.write_query(current_selection()) | look.write_look()


def show_notices() -> None:
    """Say once what in the URL was not understood."""
    for notice in st.session_state.pop(_NOTICES, []):
        st.warning(f"Link parameter {escape_markdown(notice)}", icon=":material/link_off:")


def escape_markdown(text: str) -> str:
    """Text that Streamlit shows as it is: no Markdown, no LaTeX, no directives, icons or emoji codes, no new arrows.

    Icons and arrows are put in after the Markdown is read, where no backslash helps: a word joiner, which is not
    seen, parts their characters. Lines lose the spaces before them, which would make them code.
    """
    parted = _PUT_IN_LATER.sub(lambda found: f"{found[0][0]}\u2060{found[0][1:]}", text)
    plain = "\n".join(line.lstrip(" \t") for line in parted.split("\n"))
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!$:|<>~^=@&" else c for c in plain)


def escape_cells(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Rows for `st.table`, which reads its cells as Markdown; `st.dataframe` does not."""
    return [{name: escape_markdown(cell) for name, cell in row.items()} for row in rows]


def on_change(action: Callable[[], None]) -> Callable[[], None]:
    """A callback that marks the session as touched, so that the URL does not overrule it."""

    def run() -> None:
        st.session_state[_TOUCHED] = True
        action()

    return run
