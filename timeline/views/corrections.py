"""Corrections in words: what was set to what, on which sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from timeline.store.curation.corrections import FIELDS, Correction, Kind
from timeline.views.wording import REALIS_WORDS, clean_text, label_type, say_span, shorten

FIELD_WORDS = {
    "date": "date", "type": "kind of act", "sources": "who acts", "targets": "on whom", "realis": "realis",
    "place": "place",
}  # fmt: skip


def say_correction(correction: Correction) -> str:
    """One line for a list: `date → 5 Mar 2020 · “Putin met Erdogan …”`."""
    about = f" · “{shorten(correction.addresses[0].sentence, 70)}”" if correction.addresses else ""
    return f"{say_deed(correction)}{about}"


def say_deed(correction: Correction) -> str:
    """What a correction does, without what it is about."""
    if correction.kind is Kind.CORRECT:
        set_to = [f"{FIELD_WORDS[n]} → {say_value(n, correction.after[n])}" for n in FIELDS if n in correction.after]
        return "; ".join(set_to) or "confirmed"
    return {
        Kind.DELETE: "no event",
        Kind.MERGE: f"{len(correction.addresses)} reports are one event",
        Kind.SPLIT: f"{len(correction.addresses)} of the reports taken out",
        Kind.ADD: f"added {label_type(str(correction.after.get('event_type', '')))}",
        Kind.CHECK: "article checked",
        Kind.NAME: f"“{shorten(correction.subject, 40)}” is {_name(correction.after)}",
        Kind.UNDO: "undone",
        Kind.PUBLISHED: f"published {correction.after.get('date') or 'on an unknown day'}",
    }[correction.kind]


def say_fields(names: Iterable[str]) -> str:
    """The fields of an event that a reader set, in the order of `FIELDS`; an added event is `added`."""
    found = set(names)
    return "added" if "added" in found else ", ".join(FIELD_WORDS[name] for name in FIELDS if name in found)


def say_value(name: str, value: Any) -> str:
    """The value of a field for a reader."""
    if name == "date" and isinstance(value, Mapping):
        start, end = (dt.date.fromisoformat(day) if day else None for day in (value.get("start"), value.get("end")))
        return say_span(start, end, str(value.get("precision", "day")))
    if name == "type":
        return label_type(str(value))
    if name == "realis":
        return REALIS_WORDS.get(str(value), str(value))
    if name == "place":
        return clean_text(str(value["name"])) if value else "no place"
    return ", ".join(map(_name, value)) or "nobody named"


def say_values(name: str, values: Any) -> str:
    """The different values of a field, as reports give them."""
    return " / ".join(say_value(name, value) for value in values) or "–"


def _name(actor: Mapping[str, Any]) -> str:
    return clean_text(str(actor.get("name", "")))
