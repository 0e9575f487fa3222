"""Dated events as an iCalendar file (RFC 5545): one all-day entry each, as long as its date allows.

Events without a date are left out and counted. An open end is not filled in: the entry then lasts for the day that is
known, and its title says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from timeline.ontology import QUAD_CLASSES
from timeline.views.provenance import Provenance
from timeline.views.stories import Quote, Story
from timeline.views.wording import clean_text, count_noun, say_day

LINE_OCTETS = 75
_MOST_QUOTES = 5
_LAST_DAY = dt.date.max


def write_ics(stories: Iterable[Story], provenance: Provenance) -> bytes:
    """Write the calendar; entries in the order given, lines ended by CR LF and folded at 75 octets."""
    found = list(stories)
    dated = [story for story in found if story.dated]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//event-timeline//export//EN", "CALSCALE:GREGORIAN"]
    lines.append(_text("X-WR-CALNAME", f"Events: {provenance.project}" if provenance.project else "Events"))
    about = [f"{label}: {value}" for label, value in provenance.lines()]
    about.append(f"Left out for want of a date: {count_noun(len(found) - len(dated), 'event')}")
    lines.append(_text("X-WR-CALDESC", "\n".join(about)))
    lines += [_text(f"X-TIMELINE-{name.replace('_', '-').upper()}", said) for name, said in provenance.named().items()]
    lines.append(f"X-TIMELINE-UNDATED-LEFT-OUT:{len(found) - len(dated)}")
    stamp = provenance.made.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    for story in dated:
        lines += _list_entry(story, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(fold_line(line) + b"\r\n" for line in lines)


def _list_entry(story: Story, stamp: str) -> Iterator[str]:
    first, last = (story.first or story.last), (story.last or story.first)
    yield "BEGIN:VEVENT"
    yield f"UID:{story.id}@event-timeline"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    if last and last < _LAST_DAY:
        yield f"DTEND;VALUE=DATE:{last + dt.timedelta(days=1):%Y%m%d}"  # the day after: the end is not included
    yield _text("SUMMARY", _say_title(story))
    yield _text("DESCRIPTION", _describe(story))
    yield "CATEGORIES:" + ",".join(escape(tag) for tag in (story.kind, QUAD_CLASSES[story.quad_class]))
    link = next((quote.link for quote in story.quotes if quote.link), story.link)
    if link:
        yield f"URL:{link}"
    if story.place:
        yield _text("LOCATION", story.place.name)
        yield f"GEO:{story.place.latitude:.6f};{story.place.longitude:.6f}"
    yield "STATUS:TENTATIVE" if story.warning else "STATUS:CONFIRMED"
    yield "TRANSP:TRANSPARENT"  # news does not make its reader busy
    yield "END:VEVENT"


def _say_title(story: Story) -> str:
    """The title, with the date in words where the days alone would look too exact."""
    exact = story.precision == "day" and story.first is not None and story.last is not None
    notes = [words for words in (story.warning, "" if exact else story.when) if words]
    return f"{story.title} ({'; '.join(notes)})" if notes else story.title


def _describe(story: Story) -> str:
    parts = [f"When: {story.when}" + (f"; {story.basis}" if story.basis else "")]
    if story.differences:
        parts.append(f"Reports disagree on: {', '.join(story.differences)}")
    if story.checked:
        parts.append(story.checked.capitalize())
    parts += [_say_quote(quote) for quote in story.quotes[:_MOST_QUOTES]]
    if len(story.quotes) > _MOST_QUOTES:
        parts.append(f"and {count_noun(len(story.quotes) - _MOST_QUOTES, 'more report', 'more reports')}")
    if story.note:
        parts.append(story.note + (f"\n{story.link}" if story.link else ""))
    return "\n\n".join(parts)


def _say_quote(quote: Quote) -> str:
    published = f"published {say_day(quote.published)}" if quote.published else "publication date unknown"
    source = ", ".join(part for part in (quote.title, quote.publisher, published) if part)
    head = quote.who[:1].upper() + quote.who[1:]
    return "\n".join(part for part in (f"{head}: “{quote.words}”", source, quote.link) if part)


def _text(name: str, value: str) -> str:
    return f"{name}:{escape(value)}"


def escape(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11): backslash, semicolon, comma and line breaks escaped."""
    clean = clean_text(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return clean.replace("\r\n", "\\n").replace("\n", "\\n")


def fold_line(line: str) -> bytes:
    """A content line in UTF-8, broken after at most 75 octets and never within a character (RFC 5545, 3.1)."""
    pieces, size = [bytearray()], LINE_OCTETS
    for character in line:
        octets = character.encode("utf-8", "replace")
        if len(pieces[-1]) + len(octets) > size:
            pieces.append(bytearray())
            size = LINE_OCTETS - 1  # the space that marks a continuation counts
        pieces[-1] += octets
    return b"\r\n ".join(pieces)
