"""Dated events for programs that draw timelines: TimelineJS (Knight Lab) as JSON, markwhen as text.

Both show dates as exactly as they are given, so a month is given as a month and a year as a year. Undated events are
left out and counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from timeline.ontology import QUAD_CLASSES
from timeline.views.markup import safe_link
from timeline.views.provenance import Provenance
from timeline.views.stories import Quote, Story, date_parts
from timeline.views.wording import clean_text, count_noun, say_day

_MOST_QUOTES = 3
_FIELDS = ("year", "month", "day")
_TAGS = {0: "neutral", 1: "cooperation", 2: "cooperation", 3: "conflict", 4: "conflict"}


# --- TimelineJS ------------------------------------------------------------------------------------------------


def write_timelinejs(stories: Iterable[Story], provenance: Provenance) -> bytes:
    """Events as TimelineJS JSON; `event_timeline` at the top says where they come from.

    TimelineJS takes headline and text as HTML: all words are escaped, the only markup is ours.
    """
    found = list(stories)
    dated = [story for story in found if story.dated]
    about = {**provenance.named(), "undated_left_out": str(len(found) - len(dated))}
    lines = "".join(f"<p>{escape(label)}: {escape(value)}</p>" for label, value in provenance.lines())
    data = {
        "event_timeline": about,
        "title": {"text": {"headline": escape(clean_text(f"Events: {provenance.project}")), "text": lines}},
        "events": [_make_slide(story) for story in dated],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8")


def _make_slide(story: Story) -> dict[str, object]:
    first, last = date_parts(story)
    slide: dict[str, object] = {
        "unique_id": f"event-{story.id}",
        "group": QUAD_CLASSES[story.quad_class],
        "display_date": escape(story.when),
        "start_date": dict(zip(_FIELDS, first, strict=False)),
        "text": {"headline": escape(story.title), "text": "".join(_list_paragraphs(story))},
    }
    if last != first:
        slide["end_date"] = dict(zip(_FIELDS, last, strict=False))
    return slide


def _list_paragraphs(story: Story) -> Iterator[str]:
    if story.warning:
        yield f"<p><b>{escape(story.warning.capitalize())}</b></p>"
    for quote in story.quotes[:_MOST_QUOTES]:
        yield f"<p>{escape(_head(quote))}: “{escape(quote.words)}”</p><p><small>{_link(quote)}</small></p>"
    if len(story.quotes) > _MOST_QUOTES:
        yield f"<p><small>and {len(story.quotes) - _MOST_QUOTES} more</small></p>"
    if story.note:
        yield f"<p>{escape(story.note)}</p>" + (_anchor(story.link, "Open the article") if story.link else "")
    if story.basis:
        yield f"<p><small>Date: {escape(story.when)}; {escape(story.basis)}</small></p>"
    if story.checked:
        yield f"<p><small>{escape(story.checked.capitalize())}</small></p>"


def _link(quote: Quote) -> str:
    words = escape(_cite(quote))
    return _anchor(quote.link, words) if safe_link(quote.link) else words


def _anchor(link: str, words: str) -> str:
    return f'<a href="{escape(link)}" rel="noopener noreferrer nofollow">{words}</a>'


# --- markwhen --------------------------------------------------------------------------------------------------


def write_markwhen(stories: Iterable[Story], provenance: Provenance) -> bytes:
    """Events as markwhen text, oldest first; comment lines on top say where they come from.

    Every line of description starts with `> `: it can then be no event, property, heading or comment of its own.
    """
    found = list(stories)
    dated = sorted((story for story in found if story.dated), key=lambda story: (date_parts(story), story.id))
    lines = ["---", f"title: {json.dumps(f'Events: {clean_text(provenance.project)}', ensure_ascii=False)}"]
    lines += ["timezone: UTC", "#cooperation: blue", "#conflict: orange", "#neutral: gray", "---", ""]
    lines += [f"// {label}: {value}" for label, value in provenance.lines()]
    lines.append(f"// Left out for want of a date: {count_noun(len(found) - len(dated), 'event')}")
    for story in dated:
        lines += ["", *_list_lines(story)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _list_lines(story: Story) -> Iterator[str]:
    first, last = date_parts(story)
    days = _write_edtf(first) if first == last else f"{_write_edtf(first)}/{_write_edtf(last)}"
    exact = story.precision == "day" and story.first is not None and story.last is not None
    notes = [words for words in (story.warning, "" if exact else story.when) if words]
    title = disarm(story.title) + (f" ({'; '.join(notes)})" if notes else "")
    yield f"{days}: {title} #{_TAGS[story.quad_class]}"
    if story.basis:
        yield f"> Date: {story.when}; {disarm(story.basis)}"
    if story.checked:
        yield f"> {disarm(story.checked.capitalize())}"
    for quote in story.quotes[:_MOST_QUOTES]:
        yield f"> {disarm(_head(quote))}: “{disarm(quote.words)}”"
        # markwhen knows links of a few characters only; another address is written out, for the reader to copy
        yield f"> {disarm(_cite(quote))} {quote.link}".rstrip()
    if story.note:
        yield f"> {disarm(story.note)} {story.link}".rstrip()


def _write_edtf(parts: Sequence[int]) -> str:
    return "-".join(f"{number:0{4 if place == 0 else 2}d}" for place, number in enumerate(parts))


def disarm(text: str) -> str:
    """Words that markwhen shows and does not read: no tag, no link, no reference, no check box, no line of its own."""
    line = " ".join(clean_text(text).split())
    # An invisible joiner goes after each sign: it is shown, and starts nothing.
    return re.sub(r"[#@!](?=\w)|\.(?=start|end)|\](?=[\[(])|\[(?=[xX ]?\])|\d(?=%)", "\\g<0>\u2060", line)


def _head(quote: Quote) -> str:
    return quote.who[:1].upper() + quote.who[1:]


def _cite(quote: Quote) -> str:
    published = f"published {say_day(quote.published)}" if quote.published else "publication date unknown"
    return ", ".join(part for part in (quote.title, quote.publisher, published) if part)
