"""Corrections made in the dashboard: by whom, saved, applied to the events, told, undone and brought back.

A correction is on disk before the events follow. They follow at once in a small project, else in the background, while
the page goes on.
"""

from __future__ import annotations

import getpass
from dataclasses import dataclass, replace

import streamlit as st

from timeline.dashboard import data
from timeline.dashboard.state import current_selection, escape_markdown, set_selection
from timeline.dashboard.work import Work, run_in_background
from timeline.errors import StoreError
from timeline.queries.filters import EVERYTHING
from timeline.records import Coding
from timeline.store.codings import find_event_of
from timeline.store.curation.corrections import Correction, Kind
from timeline.store.curation.drafts import Told
from timeline.store.curation.log import (
    ChangedMeanwhileError,
    add_correction,
    find_redoable,
    find_undoable,
    read_log,
    undo,
)
from timeline.store.events import derive_events, is_current
from timeline.store.project import Project, open_project
from timeline.views.corrections import FIELD_WORDS, say_deed, say_value, say_values
from timeline.views.wording import clean_text, shorten

_AT_ONCE = 1500  # events; deriving more than these takes over a second
_DONE, _CONFLICT, _FORM, _WORK = "curation_done", "curation_conflict", "curation_form", "curation_work"
_WHO = "reader_name"


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is open, with the event as its reader saw it when it was opened."""

    kind: str
    event: str
    told: tuple[tuple[Coding, str], ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done last: the record to take back, and the words for it."""

    record: str
    words: str
    undone: bool = False


def reader() -> str:
    """The name under which this session corrects."""
    return str(st.session_state.get(_WHO) or _login())


def ask_reader(key: str) -> None:
    """A form's field for the reader's name; `take_reader` with the same key reads it."""
    st.text_input(
        "Your name", key=f"reader_{key}", value=reader(), max_chars=60,
        help="Stands in the record of each correction, so that colleagues know whom to ask",
    )  # fmt: skip


def take_reader(key: str) -> str:
    """The name from a form, kept for the session."""
    st.session_state[_WHO] = clean_text(str(st.session_state.get(f"reader_{key}") or "")).strip()
    return reader()


def can_curate() -> bool:
    """Whether corrections can be saved here."""
    return not data.project().read_only


def open_form(kind: str, event: str, told: Told) -> None:
    """Open a form on an event, or close it if it is open."""
    now = open_form_of(event)
    st.session_state[_FORM] = None if now and now.kind == kind else Form(kind, event, tuple(told))
    st.session_state.pop(_CONFLICT, None)


def open_form_of(event: str) -> Form | None:
    """The form that is open on an event."""
    form = st.session_state.get(_FORM)
    return form if isinstance(form, Form) and form.event == event else None


def close_form() -> None:
    st.session_state.pop(_FORM, None)
    st.session_state.pop(_CONFLICT, None)


def save(draft: Correction, force: bool = False) -> Correction | None:
    """Save a correction and let the events follow; None where its subject changed meanwhile, which is then shown."""
    try:
        made = add_correction(data.project(), draft, force=force)
    except ChangedMeanwhileError as error:
        st.session_state[_CONFLICT] = draft, error
        return None
    close_form()
    _finish(Done(made.id, f"{_DEEDS.get(made.kind, 'Corrected')}: {say_deed(made)}"), made)
    return made


def take_back(record: str, words: str, undone: bool = True) -> None:
    """Undo a record and say so; with `undone` False it is an undo that is taken back."""
    try:
        made = undo(data.project(), record, reader())
    except StoreError as error:
        st.session_state[_DONE] = Done("", str(error))
        return
    _finish(Done(made.id, f"{'Undone' if undone else 'Done again'}: {words}", undone), made)


def show_outcome() -> None:
    """What was just done, with the way back; what is being applied; what stood in the way."""
    work = st.session_state.get(_WORK)
    if isinstance(work, Work) and not work.finished:
        _follow(work)
    done = st.session_state.get(_DONE)
    if isinstance(done, Done):
        with st.container(horizontal=True, vertical_alignment="center", key="curation_outcome", gap="xsmall"):
            st.markdown(f":material/check: {escape_markdown(shorten(done.words, 110))}", width="content")
            if done.record:
                words = done.words.partition(": ")[2]
                st.button(
                    "Redo" if done.undone else "Undo", key="curation_back", type="tertiary",
                    icon=":material/redo:" if done.undone else ":material/undo:",
                    on_click=take_back, args=(done.record, words, not done.undone),
                )  # fmt: skip
            st.button(
                "Dismiss", key="curation_dismiss", type="tertiary", icon=":material/close:",
                on_click=st.session_state.pop, args=(_DONE, None),
            )  # fmt: skip
    _show_conflict()


def show_back_and_forth() -> None:
    """Buttons that undo the reader's latest correction and bring it back, whichever event it was about."""
    if _DONE in st.session_state:
        return  # the line about what was just done has them
    log = read_log(data.project())
    last, undone = find_undoable(log, reader()), find_redoable(log, reader())
    by_id = {correction.id: correction for correction in log}
    with st.container(horizontal=True, width="content", gap="xsmall"):
        if last is not None:
            words = say_deed(last)
            st.button(
                "Undo", key="curation_undo", type="tertiary", icon=":material/undo:", on_click=take_back,
                args=(last.id, words), help=escape_markdown(f"Take back your latest correction: {words}"),
            )  # fmt: skip
        if undone is not None:
            words = say_deed(by_id[undone.subject])
            st.button(
                "Redo", key="curation_redo", type="tertiary", icon=":material/redo:", on_click=take_back,
                args=(undone.id, words, False), help=escape_markdown(f"Bring back: {words}"),
            )  # fmt: skip


_DEEDS = {
    Kind.DELETE: "Deleted", Kind.ADD: "Added", Kind.CHECK: "Checked", Kind.NAME: "Named", Kind.MERGE: "Merged",
    Kind.SPLIT: "Split",
}  # fmt: skip


def _show_conflict() -> None:
    """Both states, theirs and mine, and the choice between them."""
    held = st.session_state.get(_CONFLICT)
    if not held:
        return
    draft, error = held
    with st.container(border=True, key="curation_conflict"):
        st.warning(escape_markdown(clean_text(str(error))), icon=":material/group:")
        rows = [
            {
                "": FIELD_WORDS.get(change.name, change.name),
                "you saw": say_values(change.name, change.seen) if change.name in FIELD_WORDS else _names(change.seen),
                "now": say_values(change.name, change.now) if change.name in FIELD_WORDS else _names(change.now),
                "yours": _say_wanted(change.name, change.wanted),
            }
            for change in error.changes
        ]
        if rows:
            st.dataframe(rows, hide_index=True, key="curation_conflict_rows", alt="What you saw, what is there, yours")
        with st.container(horizontal=True):
            st.button("Keep what is there", key="curation_keep", on_click=close_form, type="primary")
            st.button("Save mine all the same", key="curation_force", on_click=_force, args=(draft,))


def _force(draft: Correction) -> None:
    save(draft, force=True)


def _say_wanted(name: str, wanted: object) -> str:
    if wanted is None:
        return "as you saw it"
    return say_value(name, wanted) if name in FIELD_WORDS else _names((wanted,))


def _names(actors: tuple[object, ...]) -> str:
    return " / ".join(str(getattr(actor, "get", lambda *_: "")("name", "") or "nobody") for actor in actors)


def _finish(done: Done, made: Correction) -> None:
    st.session_state[_DONE] = done
    coding = made.addresses[0].coding if made.addresses else _shown_coding()
    if data.count_events(EVERYTHING) <= _AT_ONCE:
        derive_events(data.project())
        _follow_coding(coding)
        return
    folder = data.project().path

    def job(_: Work) -> None:
        _derive_again(open_project(folder))

    st.session_state[_WORK] = run_in_background(job, "curate")


def _derive_again(project: Project) -> None:
    """Derive until nothing was corrected meanwhile."""
    while not is_current(project):
        derive_events(project)
    project.close()


def _shown_coding() -> str | None:
    """A coding of the event that is selected, before its grouping changes."""
    from timeline.store.codes import event_key
    from timeline.store.codings import read_reports

    event = current_selection().event
    try:
        reports = read_reports(data.project(), event_key(event)) if event else ()
    except StoreError:
        return None
    return reports[0].coding.id if reports else None


def _follow_coding(coding: str | None) -> None:
    """Keep the selection on the event that now holds the coding; close it if there is none."""
    selection = current_selection()
    if not coding or not selection.event:
        return
    event = find_event_of(data.project(), coding)
    if event is None:
        set_selection(selection.close_event())
    elif event != selection.event:
        set_selection(replace(selection, event=event))


def _follow(work: Work) -> None:
    @st.fragment(run_every=1.0)
    def follow() -> None:
        if work.finished:
            st.session_state.pop(_WORK, None)
            st.rerun()
        st.caption("The correction is saved; the events are being brought up to date …")

    follow()


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "reader"
