"""Files that take a while: made in the background with progress, then offered for download."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import streamlit as st

from timeline.dashboard.locales import say_number
from timeline.dashboard.state import escape_markdown
from timeline.dashboard.work import Work, run_in_background

_KEPT = 3  # files per session; older ones are dropped, since each may be several megabytes
BUTTON_PX = 170  # of every button beside a format, so that they stand in a column
Write = Callable[[Callable[[int, int], None]], bytes]


@dataclass(slots=True)
class Preparation:
    """A file in the making: its work, and its content once that is finished without an error."""

    work: Work
    content: bytes = b""


def start_preparation(write: Write) -> Preparation:
    """Begin to write a file in a thread of its own."""
    made = Preparation(Work())

    def run(work: Work) -> None:
        made.content = write(work.advance)

    made.work = run_in_background(run, "write-export")
    return made


def show_preparation(state: Hashable, label: str, write: Callable[..., bytes]) -> Callable[[], bytes] | None:
    """The button that starts a file, or its progress; once the file is there, a function that returns it.

    Args:
        state: What the file depends on: another state is another file.
        label: What the file is called on the button, such as `.ics`.
        write: Makes the file; takes a function to tell progress to, as `progress`.
    """
    kept: dict[Hashable, Preparation] = st.session_state.setdefault("prepared_files", {})
    made = kept.get(state)
    if made is not None and made.work.finished and not made.work.error:
        content = made.content
        return lambda: content
    if made is None or made.work.finished:
        if made is not None and made.work.refused:
            from timeline.dashboard.confirming import ask_for_bytes  # needs an engine's drivers

            ask_for_bytes(made.work.refused, f"allow_{hash(state)}")
        elif made is not None:
            st.error(f"It could not be written: {escape_markdown(made.work.error)}", icon=":material/error:")
        st.button(
            f"Prepare {label}", key=f"prepare_{hash(state)}", icon=":material/hourglass_top:", width=BUTTON_PX,
            help="It takes a while; the button turns into a download when the file is ready",
            on_click=_start, args=(kept, state, write),
        )  # fmt: skip
        return None
    with st.container(width=BUTTON_PX):
        _follow(made.work, label)
    return None


def _start(kept: dict[Hashable, Preparation], state: Hashable, write: Callable[..., bytes]) -> None:
    while len(kept) >= _KEPT:
        kept.pop(next(iter(kept)))
    kept[state] = start_preparation(lambda progress: write(progress=progress))


@st.fragment(run_every=0.5)
def _follow(work: Work, label: str) -> None:
    if work.finished:
        st.rerun()
    share = min(work.done / work.total, 1.0) if work.total else 0.0
    done = f"{say_number(work.done)} of {say_number(work.total)}" if work.total else "writing …"
    st.progress(share, text=f"{label}: {done}")
