"""One HTML file that holds everything: interactive timeline and network, filters, evidence, sources, method.

Works offline and runs no code but its own: texts travel as JSON and reach the page through `textContent`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import pairwise
from string import Template

from timeline.ontology import EVENT_TYPES, QUAD_CLASSES
from timeline.records import Article, Coding
from timeline.views.evidence import explain_date, list_marks, name_speakers
from timeline.views.markup import KINDS, Mark, safe_link
from timeline.views.networks import ASPECT, Positions
from timeline.views.palette import label_quad
from timeline.views.provenance import Provenance
from timeline.views.stories import ReportedEvent
from timeline.views.wording import REALIS_WORDS, clean_text, say_attribution, say_day, say_event, say_span

METHOD = (
    "Events were coded by rules and a small linear model over a dependency parse, sentence by sentence, and "
    "merged across "
    "articles. Types follow PLOVER. A date comes from the event's own clause, its sentence, an earlier sentence "
    "or, failing "
    "these, the publication date; each event says which. The coder errs: treat every event as a pointer to its "
    "sentence, "
    "and every sentence as the claim of the speaker named above it."
)
_SHOWN = frozenset({"source", "target", "action", "date"})


def write_report_file(
    events: Iterable[ReportedEvent],
    positions: Positions,
    provenance: Provenance,
    title: str = "Events and their evidence",
) -> bytes:
    """Write the report.

    Args:
        events: In the order they are listed.
        positions: Places of actors in the network, from `lay_out`; others go to the middle.
        provenance: Shown under "About this report".
        title: Heading and page title.

    Returns:
        The HTML file in UTF-8, about 2 kB per event plus 25 kB.
    """
    found = list(events)
    actors = {a.id: a.name for item in found for a in (*item.event.sources, *item.event.targets)}
    index = {actor_id: number for number, actor_id in enumerate(sorted(actors))}
    middle = (ASPECT / 2, 0.5)
    places = {actor_id: positions.get(actor_id, middle) for actor_id in index}
    data = {
        "actors": [{"name": clean_text(actors[i]), "x": places[i][0] / ASPECT, "y": places[i][1]} for i in index],
        "quads": [label_quad(quad) for quad in QUAD_CLASSES],
        "realis": REALIS_WORDS,
        "actual": "actual",
        "provenance": provenance.lines(),
        "events": [_pack_event(item, index) for item in found],
    }
    folder = files("timeline") / "resources" / "report"
    page = Template((folder / "report.html").read_text("utf-8")).substitute(
        title=escape(clean_text(title)),
        style=(folder / "report.css").read_text("utf-8"),
        script=(folder / "report.js").read_text("utf-8"),
        method=escape(METHOD),
        data=embed_json(data),
    )
    return page.encode("utf-8")


def embed_json(data: object) -> str:
    """JSON that is safe inside a script element: nothing in it can end the element or start a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _pack_event(item: ReportedEvent, index: Mapping[str, int]) -> dict[str, object]:
    event = item.event
    first, last = event.date.start or event.date.end, event.date.end or event.date.start
    title = say_event(event.event_type, [a.name for a in event.sources], [a.name for a in event.targets])
    reports = [_pack_report(coding, article) for coding, article in item.reports]
    words = " ".join(article.text[coding.start : coding.end] for coding, article in item.reports)
    return {
        "id": event.id,
        "title": clean_text(title),
        "when": say_span(event.date.start, event.date.end, event.date.precision),
        "start": first.isoformat() if first else None,
        "end": last.isoformat() if last else None,
        "exact": event.date.precision == "day",
        "quad": EVENT_TYPES[event.event_type].quad_class,
        "realis": event.realis.value,
        "src": sorted({index[a.id] for a in event.sources}),
        "tgt": sorted({index[a.id] for a in event.targets}),
        "differences": [f"reports disagree on {name}" for name in event.differences],
        "reports": reports,
        "search": clean_text(f"{title} {words}").lower(),
    }


def _pack_report(coding: Coding, article: Article) -> dict[str, object]:
    who = say_attribution(name_speakers(coding), article.publisher)
    published = f"published {say_day(article.published)}" if article.published else "publication date unknown"
    line = " · ".join(part for part in (article.title, article.publisher, published) if part)
    return {
        "who": clean_text(who[:1].upper() + who[1:]),
        "words": cut_pieces(article.text, list_marks(coding), coding.start, coding.end),
        "date": clean_text(f"Date: {explain_date(coding.date, article.published)}"),
        "article": clean_text(line),
        "url": safe_link(article.url),
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
