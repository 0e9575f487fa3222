"""What a query on an engine that bills would read, shown before it runs; a click lets it."""

from __future__ import annotations

import streamlit as st

from timeline.dashboard import data
from timeline.dashboard.place import engine_name
from timeline.dashboard.state import escape_markdown
from timeline.errors import UnconfirmedQueryError
from timeline.queries.remote.bigquery import say_bytes

_MORE = 10**9  # offered for the queries of a page, which come one by one


def ask_for_bytes(error: UnconfirmedQueryError, key: str = "allow") -> None:
    """Say what the next query reads, with a button that lets it run and one for those that follow.

    Args:
        error: The query that was not run.
        key: What the buttons' keys begin with: a page may ask in several places.
    """
    st.warning(
        f"**{escape_markdown(engine_name())} bills what is read.** The next query reads "
        f"**{say_bytes(error.bytes)}**; nothing has been read for it yet.",
        icon=":material/payments:",
    )
    with st.container(horizontal=True):
        st.button(
            f"Read {say_bytes(error.bytes)}", key=f"{key}_query", type="primary", on_click=_allow, args=(error.bytes,)
        )
        more = max(_MORE, 10 * error.bytes)
        st.button(
            f"Allow {say_bytes(more)} for this and what follows", key=f"{key}_more", on_click=_allow, args=(more,),
            help="A page asks several queries, and each change of a filter some more. "
            "All readers of this server share what is allowed.",
        )  # fmt: skip


def _allow(number: int) -> None:
    data.allow_bytes(number)
