"""The filters in the sidebar; each widget changes the session's filter through its callback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from timeline.dashboard import data, panels
from timeline.dashboard.locales import date_format
from timeline.dashboard.place import engine_name
from timeline.dashboard.state import current_filter, escape_markdown, forget_widgets, on_change, seed_widget, set_filter
from timeline.ontology import EVENT_TYPES
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.records import Realis
from timeline.views.palette import QUAD_ORDER, label_quad
from timeline.views.wording import REALIS_WORDS, REVIEW_WORDS, label_type

_ROLES = {"any": "either side", "source": "as source", "target": "as target", "between": "among them"}
_LEVELS = {"actor": "as named", "organ": "organs", "country": "states"}


def show_filters() -> EventFilter:
    """Draw the filters and return the session's filter."""
    f = current_filter()
    if f.text and engine_name():
        st.warning(
            "These tables hold no sentences, so the words of the filter were dropped.", icon=":material/search_off:"
        )
        f = replace(f, text="")
        set_filter(f)
    with st.sidebar:
        _show_heading(f)
        _show_text(f)
        _show_actors(f)
        _show_dates(f)
        _show_acts(f)
        _show_more(f)
    return current_filter()


def _show_heading(f: EventFilter) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**Filters**")
        st.button(
            "Clear all", key="clear_filters", type="tertiary", icon=":material/filter_alt_off:",
            disabled=f == EVERYTHING,
            on_click=lambda: set_filter(EVERYTHING), help="Show every event again",
        )  # fmt: skip


def _show_text(f: EventFilter) -> None:
    if engine_name():
        st.caption("Words cannot be looked for here: tables on an engine hold no sentences.")
        return
    st.text_input(
        "Words in the sentence", key=seed_widget("f_text", f.text), placeholder="e.g. ceasefire “safe zone”",
        max_chars=500, on_change=on_change(_read_widgets),
        help="All words must stand in one sentence of the event. Double quotes keep a phrase together; a final * "
        "matches any ending.",
    )  # fmt: skip


def _show_actors(f: EventFilter) -> None:
    names = data.name_actors(f.level)
    options = [*names, *(i for i in f.actors if i not in names)]
    st.multiselect(
        "Actors", options, key=seed_widget("f_actors", list(f.actors)), placeholder="All actors",
        format_func=lambda i: names.get(i, f"{i} (not in this project)"), on_change=on_change(_read_widgets),
        help="Events with any of these actors. Most active first.",
    )  # fmt: skip
    if f.actors:
        st.segmented_control(
            "Their part", list(_ROLES), key=seed_widget("f_role", f.role), format_func=_ROLES.__getitem__,
            required=True,
            on_change=on_change(_read_widgets), wrap=True,
            help="Whether they act (source), are acted on (target), either, or one of them acts on another.",
        )  # fmt: skip
    st.segmented_control(
        "Count actors", list(_LEVELS), key=seed_widget("f_level", f.level), format_func=_LEVELS.__getitem__,
        required=True,
        on_change=on_change(_change_level),
        help="As named: persons, armies and ministries stand alone. Organs: persons fold into their office. "
        "States: everyone folds into their state.",
    )  # fmt: skip


def _show_dates(f: EventFilter) -> None:
    low, high = panels.calendar_range(f.start, f.end)
    for label, field, value in (("From", "start", f.start), ("To", "end", f.end)):
        st.date_input(
            label, value=None, min_value=low, max_value=high, key=seed_widget(f"f_{field}", value),
            format=date_format(), on_change=on_change(_read_widgets),
            help="An event counts if its days overlap the period. Or brush the strip above the timeline.",
        )  # fmt: skip
    st.toggle(
        "Include undated events", key=seed_widget("f_undated", f.undated), on_change=on_change(_read_widgets),
        help="Events whose text gives no date that can be resolved",
    )  # fmt: skip


def _show_acts(f: EventFilter) -> None:
    st.pills(
        "Kind of act", list(QUAD_ORDER), selection_mode="multi", key=seed_widget("f_quads", list(f.quad_classes)),
        format_func=lambda quad: panels.label_sign(label_quad(quad)), on_change=on_change(_read_widgets), wrap=True,
        help="Words or deeds, helping or harming. None chosen means all.",
    )  # fmt: skip
    st.multiselect(
        "Event types", list(EVENT_TYPES), key=seed_widget("f_types", list(f.event_types)), format_func=label_type,
        placeholder="All types", on_change=on_change(_read_widgets),
        help="PLOVER event types; defined on the About page.",
    )  # fmt: skip


def _show_more(f: EventFilter) -> None:
    """The filters that are asked for less often; they are drawn when they are looked at, or hold something."""
    chosen = bool(f.realis or f.publishers or f.min_confidence or f.contested or f.review)
    more = st.expander("More filters", expanded=chosen, key="more_filters", icon=":material/tune:", on_change="rerun")
    if not (more.open or chosen):
        return
    with more:
        st.multiselect(
            "How the text presents it", [str(r) for r in Realis], key=seed_widget("f_realis", list(f.realis)),
            format_func=lambda r: REALIS_WORDS[r], placeholder="Any way", on_change=on_change(_read_widgets),
            help="Realis: whether the act is told as done, planned, called for, hypothetical, denied or history.",
        )  # fmt: skip
        outlets = data.list_publishers()
        st.multiselect(
            "Publishers", [*outlets, *(p for p in f.publishers if p not in outlets)], placeholder="All publishers",
            key=seed_widget("f_publishers", list(f.publishers)), on_change=on_change(_read_widgets),
            help="Events that at least one of these outlets reports.",
        )  # fmt: skip
        st.slider(
            "Confidence at least", 0.0, 1.0, step=0.05, key=seed_widget("f_confidence", f.min_confidence),
            format="%.2f",
            on_change=on_change(_read_widgets), help="The coder's own estimate that it read the sentence right.",
        )  # fmt: skip
        st.toggle(
            "Only where reports disagree", key=seed_widget("f_contested", f.contested),
            on_change=on_change(_read_widgets),
            help="Reports of one event that differ on its date, its actors or the act.",
        )  # fmt: skip
        st.selectbox(
            "Checked by readers", list(REVIEW_WORDS), key=seed_widget("f_review", f.review),
            format_func=REVIEW_WORDS.__getitem__, on_change=on_change(_read_widgets),
            help="Reviewed: someone found it right or corrected it. Not reviewed: as the coder left it.",
        )  # fmt: skip


def _read_widgets() -> None:
    """Take the filter from the widgets; those that are not drawn keep the filter's own value."""
    f, values = current_filter(), st.session_state
    actors = tuple(values.get("f_actors", f.actors))
    set_filter(
        EventFilter(
            actors=actors,
            role=(values.get("f_role") or f.role) if actors else "any",
            start=values.get("f_start", f.start),
            end=values.get("f_end", f.end),
            undated=values.get("f_undated", f.undated),
            event_types=tuple(values.get("f_types", f.event_types)),
            quad_classes=tuple(sorted(values.get("f_quads", f.quad_classes))),
            realis=tuple(values.get("f_realis", f.realis)),
            publishers=tuple(values.get("f_publishers", f.publishers)),
            text=values.get("f_text", f.text).strip(),
            min_confidence=round(values.get("f_confidence", f.min_confidence), 2),
            level=values.get("f_level") or f.level,
            contested=values.get("f_contested", f.contested),
            review=values.get("f_review", f.review),
        ),
        reseed=False,
    )


def _change_level() -> None:
    """Ids of one level mean nothing at another, so the actors chosen go."""
    _read_widgets()
    set_filter(replace(current_filter(), actors=(), role="any"))


def show_conditions(conditions: Sequence[tuple[str, str]]) -> None:
    """What is filtered, each as a button that takes it off."""
    with st.container(horizontal=True, gap="xsmall", key="conditions"):  # always: nothing below it moves on
        for field, words in conditions:
            st.button(
                escape_markdown(words if len(words) < 60 else words[:58] + "…"), key=f"drop_{field}",
                icon=":material/close:",
                icon_position="right", on_click=_drop, args=(field,), help="Take this condition off",
            )  # fmt: skip


def _drop(field: str) -> None:
    fields = {"dates": ("start", "end"), "actors": ("actors", "role")}.get(field, (field,))
    set_filter(replace(current_filter(), **{name: getattr(EVERYTHING, name) for name in fields}))
    forget_widgets()
