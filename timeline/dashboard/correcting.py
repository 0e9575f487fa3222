"""The tools of an event: call it right, correct it, merge it, call it no event; and its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from timeline.coding.places import load_places
from timeline.dashboard import curation, data
from timeline.dashboard.locales import count_noun, date_format
from timeline.dashboard.state import escape_markdown
from timeline.ontology import EVENT_TYPES
from timeline.queries.events import EventEvidence, read_evidence
from timeline.queries.filters import EventFilter
from timeline.records import Actor, Event, Realis
from timeline.store.codings import Report
from timeline.store.curation.corrections import FIELDS, Correction, same_value, write_actor, write_place
from timeline.store.curation.drafts import Told, draft_delete, draft_fields, draft_merge, draft_split, write_date
from timeline.store.curation.folding import find_undone
from timeline.store.curation.log import read_log
from timeline.store.dictionaries import list_places
from timeline.views.corrections import say_deed
from timeline.views.wording import REALIS_WORDS, clean_text, label_type, say_event, say_span, shorten

_PRECISIONS = {
    "day": "a day", "week": "a week", "month": "a month", "season": "a season", "quarter": "a quarter",
    "year": "a year", "decade": "a decade", "approximate": "between two days", "unknown": "unknown",
}  # fmt: skip
_EARLIEST, _LATEST = dt.date(1000, 1, 1), dt.date(2999, 12, 31)
_MOST_ACTORS = 400
_NEAR_DAYS = 7
_MOST_NEAR = 40


def list_told(reports: Sequence[Report]) -> list[tuple[Any, str]]:
    """The codings of an event with their sentences."""
    return [(report.coding, report.sentence) for report in reports]


def show_tools(found: EventEvidence) -> None:
    """The row of tools under an event's headline, and the form that is open."""
    if not found.reports or not curation.can_curate():
        return
    event, told = found.event, list_told(found.reports)
    with st.container(horizontal=True, key="curation_tools", gap="xsmall"):
        st.button(
            "Reviewed" if event.reviewed else "All right", key="curate_confirm", icon=":material/check_circle:",
            disabled=event.reviewed, on_click=_confirm, args=(told,), type="tertiary",
            help="Say that the event is right in every field. Counts for how right the coder is.",
        )  # fmt: skip
        for kind, label, icon, words in _FORMS:
            st.button(
                label, key=f"curate_{kind}", icon=icon, type="tertiary", help=words,
                on_click=curation.open_form, args=(kind, event.id, told),
            )  # fmt: skip
    form = curation.open_form_of(event.id)
    if form is None:
        return
    with st.container(border=True, key="curation_form"):
        {"correct": _show_correct, "merge": _show_merge, "delete": _show_delete}[form.kind](event, form.told)


_FORMS = (
    ("correct", "Correct", ":material/edit:", "Set date, actors, kind of act, realis or place right"),
    ("merge", "Merge", ":material/merge:", "Say that another event is the same happening"),
    ("delete", "No event", ":material/delete:", "Say that this is no event at all"),
)


def show_split(found: EventEvidence, report: Report) -> None:
    """The button that takes a report out of its event."""
    if len(found.reports) < 2 or not curation.can_curate():
        return
    rest = [one for one in found.reports if one.coding.id != report.coding.id]
    st.button(
        "Another event", key=f"split_{report.coding.id}", type="tertiary", icon=":material/call_split:",
        help="Take this report out: it tells of another happening",
        on_click=_split, args=(list_told([report]), list_told(rest)),
    )  # fmt: skip


def show_history(found: EventEvidence) -> None:
    """What readers corrected of this event, latest first, each with its way back."""
    ids = {report.coding.id for report in found.reports}
    log = read_log(data.project())
    about = [c for c in log if ids & {address.coding for address in c.addresses}]
    if not about:
        return
    undone = find_undone(log)
    with st.expander(f"History · {count_noun(len(about), 'correction')}", key="curation_history"):
        for correction in reversed(about):
            _show_past(correction, correction.id in undone)


def _show_past(correction: Correction, undone: bool) -> None:
    words = say_deed(correction)
    reason = f" — {correction.reason}" if correction.reason else ""
    line = f"{correction.at[:16].replace('T', ' ')} · {correction.who}: {words}{reason}"
    with st.container(horizontal=True, vertical_alignment="center"):
        text = escape_markdown(shorten(line, 200))
        st.caption(f"~~{text}~~ undone" if undone else text, width="stretch")
        if not undone and curation.can_curate():
            st.button(
                "Undo", key=f"undo_{correction.id}", type="tertiary", on_click=curation.take_back,
                args=(correction.id, words),
            )  # fmt: skip


# --- correct ---------------------------------------------------------------------------------------------------


def _show_correct(event: Event, told: Told) -> None:
    key = f"{event.id}_{abs(hash(tuple(coding for coding, _ in told))) % 10**8}"
    actors = offer_actors([*event.sources, *event.targets])
    st.caption(f"“{escape_markdown(shorten(told[0][1], 240))}”")
    with st.form(f"correct_{key}", border=False):
        ask_type(key, event.event_type)
        ask_side("Who acts", f"sources_{key}", event.sources, actors)
        ask_side("On whom", f"targets_{key}", event.targets, actors)
        ask_date(key, event.date.start, event.date.end, event.date.precision)
        left, right = st.columns(2)
        left.selectbox(
            "Told as", list(map(str, Realis)), index=list(Realis).index(event.realis), key=f"realis_{key}",
            format_func=REALIS_WORDS.__getitem__,
        )  # fmt: skip
        right.selectbox(
            "Place",
            list(_offer_places(event)),
            key=f"place_{key}",
            help="Those of this project first, then all of the gazetteer",
        )
        st.text_input("Reason", key=f"reason_{key}", max_chars=500, placeholder="why, and by which source")
        st.checkbox(
            "All else is right", value=True, key=f"reviewed_{key}",
            help="Marks the event as reviewed, so that it counts for how right the coder is",
        )  # fmt: skip
        curation.ask_reader(key)
        _show_buttons("Save", "correct", _save_correct, (event, told, key))


def _show_buttons(label: str, name: str, action: Any, values: tuple[Any, ...]) -> None:
    with st.container(horizontal=True):
        st.form_submit_button(label, key=f"{name}_save", type="primary", on_click=action, args=values)
        st.form_submit_button("Cancel", key=f"{name}_cancel", on_click=curation.close_form)


def ask_type(key: str, event_type: str) -> None:
    st.selectbox(
        "Kind of act", list(EVENT_TYPES), index=list(EVENT_TYPES).index(event_type), key=f"type_{key}",
        format_func=lambda name: f"{label_type(name)}: {EVENT_TYPES[name].meaning}",
    )  # fmt: skip


def ask_side(label: str, key: str, chosen: Sequence[Actor], actors: Mapping[str, Actor]) -> None:
    """The actors of one side; a name that is not offered may be typed."""
    st.multiselect(
        label, list(actors), default=[actor.id for actor in chosen], key=key, accept_new_options=True,
        format_func=lambda name: clean_text(actors[name].name) if name in actors else name,
        placeholder="nobody named; choose or type a name",
    )  # fmt: skip


def take_side(key: str, actors: Mapping[str, Actor]) -> list[dict[str, Any]]:
    """The chosen actors of one side as corrections have them."""
    return [write_actor(actors[name] if name in actors else find_actor(name)) for name in st.session_state[key]]


def find_actor(name: str) -> Actor:
    """The known actor of a typed name or id; else a new one, of whom only the name is known."""
    wanted = " ".join(name.split())
    known = data.known_actors()
    found = known.get(wanted) or next((a for a in known.values() if a.name.casefold() == wanted.casefold()), None)
    return found or Actor(wanted.casefold(), wanted, known=False)


def offer_actors(first: Sequence[Actor]) -> dict[str, Actor]:
    """Actors to choose from by id: some first, then the most active ones of the project."""
    known = data.known_actors()
    active = (known[name] for name in data.name_actors("actor") if name in known)
    return {actor.id: actor for actor in [*first, *active][: _MOST_ACTORS + len(first)]}


def ask_date(key: str, start: dt.date | None, end: dt.date | None, precision: str) -> None:
    """A date by its precision: a day in the span tells week, month or year."""
    kinds = list(_PRECISIONS)
    st.selectbox(
        "Date is", kinds, index=kinds.index(precision), key=f"precision_{key}", format_func=_PRECISIONS.__getitem__,
        help="A date is never more exact than its words",
    )  # fmt: skip
    left, right = st.columns(2)
    left.date_input(
        "Day", value=start or end, key=f"start_{key}", min_value=_EARLIEST, max_value=_LATEST, format=date_format(),
        help="The day; for a week, month or year any day in it",
    )  # fmt: skip
    right.date_input(
        "Last day", value=end if precision == "approximate" else None, key=f"end_{key}", min_value=_EARLIEST,
        max_value=_LATEST, format=date_format(), help="Only where the date lies between two days",
    )  # fmt: skip


def take_date(key: str) -> dict[str, Any]:
    """The chosen date as corrections have it."""
    state = st.session_state
    return write_date(state[f"precision_{key}"], state[f"start_{key}"], state[f"end_{key}"])


def _offer_places(event: Event) -> dict[str, dict[str, Any] | None]:
    """Places by label, the event's own first."""
    own = {clean_text(event.place.name): write_place(event.place)} if event.place else {}
    used = sorted((row[1:] for row in list_places(data.project())), key=lambda row: row[0])
    listed = sorted((row.name, row.country, row.latitude, row.longitude) for row in load_places().by_name.values())
    rows: dict[str, dict[str, Any]] = {}
    for name, country, latitude, longitude in [*used, *listed]:
        row = {"name": name, "country": country, "latitude": latitude, "longitude": longitude}
        label = clean_text(name)
        if label in rows and rows[label]["country"] != country:
            label = f"{label} ({clean_text(country)})"
        rows.setdefault(label, row)
    return own | {"no place": None} | {label: row for label, row in rows.items() if label not in own}


def _save_correct(event: Event, told: Told, key: str) -> None:
    state = st.session_state
    actors = offer_actors([*event.sources, *event.targets])
    wanted = {
        "date": take_date(key),
        "type": state[f"type_{key}"],
        "sources": take_side(f"sources_{key}", actors),
        "targets": take_side(f"targets_{key}", actors),
        "realis": state[f"realis_{key}"],
        "place": _offer_places(event)[state[f"place_{key}"]],
    }
    shown = {
        "date": {"start": _iso(event.date.start), "end": _iso(event.date.end), "precision": str(event.date.precision)},
        "type": event.event_type,
        "sources": [write_actor(actor) for actor in event.sources],
        "targets": [write_actor(actor) for actor in event.targets],
        "realis": str(event.realis),
        "place": write_place(event.place),
    }
    after = {name: wanted[name] for name in FIELDS if not same_value(name, wanted[name], shown[name])}
    reviewed = bool(state[f"reviewed_{key}"])
    who = curation.take_reader(key)
    if after or reviewed:
        curation.save(draft_fields(told, after, who, state[f"reason_{key}"].strip(), reviewed=reviewed))


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


# --- merge, split, delete, confirm -------------------------------------------------------------------------------


def _show_merge(event: Event, told: Told) -> None:
    near = _list_near(event)
    if not near:
        st.info(f"No other event of these actors lies within {_NEAR_DAYS} days.")
        st.button("Close", key="merge_close", on_click=curation.close_form)
        return
    with st.form(f"merge_{event.id}", border=False):
        st.multiselect(
            "The same happening as", list(near), key=f"merge_{event.id}_with", format_func=near.__getitem__,
            placeholder="choose one or more events",
        )  # fmt: skip
        st.text_input("Reason", key=f"reason_merge_{event.id}", max_chars=500)
        curation.ask_reader(f"merge_{event.id}")
        _show_buttons("Merge", "merge", _save_merge, (event, told))


def _list_near(event: Event) -> dict[str, str]:
    """Events of the same actors about the same time, by id."""
    if not event.date.start and not event.date.end:
        start = end = None
    else:
        start = (event.date.start or event.date.end or _EARLIEST) - dt.timedelta(days=_NEAR_DAYS)
        end = (event.date.end or event.date.start or _LATEST) + dt.timedelta(days=_NEAR_DAYS)
    ids = tuple(actor.id for actor in (*event.sources, *event.targets))
    rows = data.select_events(EventFilter(actors=ids, start=start, end=end), limit=_MOST_NEAR).to_dict("records")
    return {
        str(row["event_id"]): f"{say_span(row['start'], row['end'], str(row['precision']))} · "
        + shorten(say_event(str(row["event_type"]), list(row["source_names"]), list(row["target_names"])), 70)
        for row in rows
        if row["event_id"] != event.id and row["sentence"]
    }


def _save_merge(event: Event, told: Told) -> None:
    chosen = st.session_state[f"merge_{event.id}_with"]
    who = curation.take_reader(f"merge_{event.id}")
    if not chosen:
        return
    others = [pair for name in chosen for pair in list_told(read_evidence(data.tables(), name).reports)]
    curation.save(draft_merge([*told, *others], who, st.session_state[f"reason_merge_{event.id}"].strip()))


def _split(out: Told, rest: Told) -> None:
    curation.save(draft_split(out, rest, curation.reader()))


def _show_delete(event: Event, told: Told) -> None:
    with st.form(f"delete_{event.id}", border=False):
        st.text_input(
            "Why is it no event?", key=f"reason_delete_{event.id}", max_chars=500,
            placeholder="a headline, an opinion, misread, …",
        )  # fmt: skip
        curation.ask_reader(f"delete_{event.id}")
        _show_buttons("It is no event", "delete", _save_delete, (event, told))


def _save_delete(event: Event, told: Told) -> None:
    who = curation.take_reader(f"delete_{event.id}")
    curation.save(draft_delete(told, who, st.session_state[f"reason_delete_{event.id}"].strip()))


def _confirm(told: Told) -> None:
    curation.save(draft_fields(told, {}, curation.reader(), reviewed=True))
