"""One HTML file that holds everything: interactive timeline and network, filters, evidence, sources, method.

It works offline and runs no code but its own. Texts travel as JSON and reach the page through `textContent`; a content
security policy lets only this very script and style run, by their hashes, and nothing be fetched.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import pairwise
from string import Template

from timeline.ontology import EVENT_TYPES, QUAD_CLASSES
from timeline.records import Article, Coding
from timeline.views.evidence import explain_date, list_marks
from timeline.views.markup import KINDS, Mark, name_host
from timeline.views.networks import Positions
from timeline.views.palette import label_quad
from timeline.views.provenance import CAVEAT, Provenance
from timeline.views.stories import ReportedEvent, quote, tell
from timeline.views.wording import BASIS_WORDS, REALIS_WORDS, clean_text, say_day

METHOD = (
    "Events were coded by rules and a small linear model over a dependency parse, sentence by sentence, and merged "
    "across articles where they report one happening. Types of acts follow PLOVER (Halterman et al. 2023). Treat every "
    "event as a pointer to its sentence, and every sentence as the claim of whoever is named above it."
)
CAVEATS = (
    "The machine errs: in long sentences with several acts it may name the wrong side, or the wrong date.",
    "A date is no more exact than its words. A whisker spans the days that a vague date allows; where no date can be "
    "told, the event is undated.",
    "Counts are counts of what was reported and read, not of what happened. What no article here tells is missing.",
    "Reports of one happening are merged, and merging errs too: every event lists its reports.",
    "An act that is planned, called for, denied or supposed is drawn faded and says so; it is not a fact.",
    "Who says so is part of the event. Outlets repeat each other and their governments.",
)
PARTS = ("core.js", "timeline.js", "network.js", "evidence.js", "report.js")
_SHOWN = frozenset({"source", "target", "action", "date"})


def write_report_file(
    events: Iterable[ReportedEvent],
    positions: Positions,
    provenance: Provenance,
    title: str = "Events and their evidence",
) -> bytes:
    """Write the report.

    Args:
        events: Any order.
        positions: Places of actors in the network, from `lay_out`; others go to the rim, in order of id.
        provenance: Shown under "About this file".
        title: Heading and page title.

    Returns:
        The HTML file in UTF-8, about 1.5 kB per event plus 60 kB.
    """
    found = sorted(events, key=_order)
    names = {a.id: a.name for item in found for a in (*item.event.sources, *item.event.targets)}
    index = {actor_id: number for number, actor_id in enumerate(sorted(names))}
    places = _place(index, positions)
    sources: dict[str, int] = {}
    articles: list[Article] = []
    for article in (article for item in found for _, article in item.reports):
        if sources.setdefault(article.id, len(sources)) == len(articles):
            articles.append(article)
    data = {
        "actors": [{"name": _line(names[i]), "x": places[i][0], "y": places[i][1]} for i in index],
        "quads": [label_quad(quad) for quad in QUAD_CLASSES],
        "realis": REALIS_WORDS,
        "provenance": provenance.lines(),
        "sources": [_pack_source(article) for article in articles],
        "events": [_pack_event(item, index, sources) for item in found],
    }
    script, style = (f"\n{text}" for text in (_read_script(), _read("report.css")))
    page = Template(_read("report.html")).substitute(
        title=escape(_line(title)),
        policy=write_policy(script, style),
        style=style,
        script=script,
        caveat=escape(CAVEAT),
        method=escape(METHOD),
        caveats="".join(f"<li>{escape(words)}</li>" for words in CAVEATS),
        bases="".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in BASIS_WORDS.items()),
        data=embed_json(data),
    )
    return page.encode("utf-8")


def _order(item: ReportedEvent) -> tuple[dt.date, str]:
    """By date, undated last."""
    return item.event.date.start or item.event.date.end or dt.date.max, item.event.id


def _read(name: str) -> str:
    return (files("timeline") / "resources" / "report" / name).read_text("utf-8")


def _read_script() -> str:
    """The parts in one function of its own: they share names, and the page's global ones are left alone."""
    return '"use strict";\n(() => {\n' + "\n".join(_read(name) for name in PARTS) + "})();\n"


def write_policy(script: str, style: str) -> str:
    """A content security policy that allows this script and this style and nothing else, no markup from text either."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() for text in (script, style)]
    return (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def embed_json(data: object) -> str:
    """JSON that is safe inside a script element: nothing in it can end the element or start a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _place(index: Mapping[str, int], positions: Positions) -> dict[str, tuple[float, float]]:
    """Places from 0 to 1 in both directions, so that the actors of the report fill the drawing.

    Half by place and half by rank: a few far out do not press all others together. Actors without a place stand in a
    row below, or all in a circle where none has one.
    """
    known = [i for i in index if i in positions]
    missing = [i for i in index if i not in positions]
    if not known:
        turns = [2 * math.pi * number / len(missing) for number in range(len(missing))]
        return {
            i: (round(0.5 + math.cos(turn) / 2, 4), round(0.5 + math.sin(turn) / 2, 4))
            for i, turn in zip(missing, turns, strict=True)
        }
    across, down = ([positions[i][axis] for i in known] for axis in (0, 1))
    deep = 0.9 if missing else 1.0
    placed = {i: (x, round(y * deep, 4)) for i, x, y in zip(known, _spread(across), _spread(down), strict=True)}
    return placed | {i: (round((n + 0.5) / len(missing), 4), 1.0) for n, i in enumerate(missing)}


def _spread(values: Sequence[float]) -> list[float]:
    low, span = min(values), (max(values) - min(values)) or 1.0
    rank = {value: number / max(1, len(set(values)) - 1) for number, value in enumerate(sorted(set(values)))}
    return [round(((value - low) / span + rank[value]) / 2, 4) for value in values]


def _pack_source(article: Article) -> dict[str, str]:
    published = f"published {say_day(article.published)}" if article.published else "publication date unknown"
    told = {"title": _line(article.title), "publisher": _line(article.publisher), "when": published}
    host = name_host(article.url)
    return told | ({"url": article.url.strip(), "host": host} if host else {})


def _pack_event(item: ReportedEvent, index: Mapping[str, int], sources: Mapping[str, int]) -> dict[str, object]:
    event, story = item.event, tell(item)
    first, last = event.date.start or event.date.end, event.date.end or event.date.start
    open_end = "" if event.date.start and event.date.end else "since" if event.date.start else "until"
    return {
        "id": event.id,
        "title": story.title,
        "kind": story.kind,
        "when": story.when,
        "basis": story.basis,
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
        "open": open_end if first else "",
        "exact": event.date.precision == "day",
        "quad": EVENT_TYPES[event.event_type].quad_class,
        "realis": event.realis.value,
        "src": sorted({index[a.id] for a in event.sources}),
        "tgt": sorted({index[a.id] for a in event.targets}),
        "place": _line(event.place.name) if event.place else "",
        "differences": event.differences,
        "checked": story.checked,
        "note": story.note,
        "link": story.link,
        "reports": [_pack_report(coding, article, sources) for coding, article in item.reports],
    }


def _pack_report(coding: Coding, article: Article, sources: Mapping[str, int]) -> dict[str, object]:
    who = quote(coding, article).who
    return {
        "who": who[:1].upper() + who[1:],
        "words": cut_pieces(article.text, list_marks(coding), coding.start, coding.end),
        "date": clean_text(f"Date: {explain_date(coding.date, article.published)}"),
        "source": sources[article.id],
    }


def cut_pieces(text: str, marks: Sequence[Mark], start: int, end: int) -> list[list[str]]:
    """Part of a text in pieces, each `[words, kind]` with the strongest mark that covers it, "" for none."""
    kept = [m for m in marks if m.kind in _SHOWN and m.start < end and m.end > start]
    borders = sorted({start, end, *(min(max(b, start), end) for m in kept for b in (m.start, m.end))})
    pieces = []
    for left, right in pairwise(borders):
        covering = [m.kind for m in kept if m.start <= left and right <= m.end]
        pieces.append([clean_text(text[left:right]), max(covering, key=KINDS.index, default="")])
    return pieces


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())
