"""What every export says about itself: which events, out of which data, coded by what, and when."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from timeline.ontology import QUAD_CLASSES
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.views.wording import REALIS_WORDS, REVIEW_WORDS, clean_text, label_type, list_names, say_day

CAVEAT = (
    "Coded by machine from news text: each event is a claim by the source named, not a fact; "
    "read the sentence before use."
)
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10))}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an export comes from.

    Attributes:
        filter: What was asked for.
        events: Number of events in the export.
        total: Number of events in the project.
        fingerprint: Version of the data, changes with every change of the event table.
        coder: Version of the coder and its lexicons.
        made: Time of the export, with time zone.
        project: Name of the project.
        actor_names: Names of the filter's actors, where known.
    """

    filter: EventFilter
    events: int
    total: int
    fingerprint: str
    coder: str
    made: dt.datetime
    project: str = ""
    actor_names: tuple[str, ...] = ()

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Label and value of each statement; plain text on one line each."""
        pairs = (
            ("Project", self.project),
            ("Filter", say_filter(self.filter, self.actor_names)),
            ("Events", f"{self.events} of {self.total}"),
            ("Data version", self.fingerprint),
            ("Coder version", self.coder),
            ("Exported", self.made.isoformat(timespec="seconds")),
            ("Caveat", CAVEAT),
        )
        return tuple((label, " ".join(clean_text(value).split())) for label, value in pairs if value)

    def named(self) -> dict[str, str]:
        """The statements by names that programs take: `data_version`, `coder_version`, …."""
        return {label.lower().replace(" ", "_"): value for label, value in self.lines()}

    def caption(self) -> str:
        """One line for under a figure."""
        parts = [f"{self.events} of {self.total} events", say_filter(self.filter, self.actor_names)]
        parts += [
            f"data {self.fingerprint[:12]}",
            f"coder {self.coder}",
            self.made.strftime("%Y-%m-%d %H:%M %Z").strip(),
        ]
        return clean_text(" · ".join(part for part in parts if part))


def say_filter(f: EventFilter, actor_names: tuple[str, ...] = ()) -> str:
    """A filter in words: `actors: Russia as source; from 1 Feb 2020`; "all events" where nothing is filtered."""
    return "; ".join(words for _, words in list_conditions(f, actor_names)) or "all events"


def list_conditions(f: EventFilter, actor_names: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """The conditions of a filter that differ from the default: the field's name and the condition in words."""
    names = list_names(actor_names or f.actors, 6)
    role = {"any": "", "source": " as source", "target": " as target", "between": " between each other"}[f.role]
    level = "" if f.level == EVERYTHING.level else f" ({f.level} level)"
    found = [
        ("actors", f"actors: {names}{role}{level}" if f.actors else ""),
        ("dates", _say_dates(f)),
        ("undated", "" if f.undated else "without undated events"),
        ("event_types", f"types: {', '.join(map(label_type, f.event_types))}" if f.event_types else ""),
        ("quad_classes", ", ".join(QUAD_CLASSES[q].lower() for q in f.quad_classes)),
        ("realis", ", ".join(REALIS_WORDS.get(r, r) for r in f.realis)),
        ("publishers", f"publishers: {', '.join(f.publishers)}" if f.publishers else ""),
        ("text", f"text: {f.text}" if f.text else ""),
        ("min_confidence", f"confidence at least {f.min_confidence:g}" if f.min_confidence else ""),
        ("contested", "only where reports disagree" if f.contested else ""),
        ("review", REVIEW_WORDS[f.review].lower() if f.review else ""),
    ]
    return tuple((field, words) for field, words in found if words)


def _say_dates(f: EventFilter) -> str:
    if f.start and f.end:
        return f"{say_day(f.start)} to {say_day(f.end)}"
    if f.start:
        return f"from {say_day(f.start)}"
    return f"to {say_day(f.end)}" if f.end else ""


def name_file(stem: str, extension: str, made: dt.datetime) -> str:
    """A file name that every system takes: `events-idlib-20200306-1405.csv`.

    Letters of any alphabet stay; separators, control characters, dots at the ends and reserved names go.
    """
    safe = "".join(c if c.isalnum() or unicodedata.category(c) == "Mn" else "-" for c in clean_text(stem))
    safe = re.sub(r"-{2,}", "-", safe).strip("-")[:60] or "export"
    if safe.lower() in _RESERVED:
        safe = f"{safe}-file"
    return f"{safe}-{made:%Y%m%d-%H%M}.{extension}"
