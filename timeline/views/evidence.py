"""The evidence for an event as safe HTML: who says so, in which words, when by whose reckoning, read by which rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from html import escape

from timeline.ontology import EVENT_TYPES, QUAD_CLASSES
from timeline.records import Article, Coding, Event, EventDate, Mention, TimeExpression
from timeline.store.curation.corrections import FIELDS, read_values, same_value
from timeline.views.corrections import FIELD_WORDS, say_fields, say_value
from timeline.views.markup import Mark, mark_up, name_host, safe_link, widen_to_context
from timeline.views.palette import GLYPH_OF_QUAD
from timeline.views.wording import (
    BASIS_WORDS,
    DOUBT_WORDS,
    REALIS_WORDS,
    clean_text,
    count_noun,
    label_type,
    say_attribution,
    say_day,
    say_event,
    say_span,
)

_DIFFERENCES = {"date": "the date", "actors": "the actors", "act": "the act", "realis": "whether it happened"}


def say_mention(mention: Mention) -> str:
    """A mention as a reader needs it: the actor, and the words where they differ."""
    if mention.actor is None:
        return mention.text
    return mention.actor.name if mention.actor.name == mention.text else f"{mention.actor.name} (“{mention.text}”)"


def list_marks(coding: Coding) -> tuple[Mark, ...]:
    """The spans of a coding in its article, each with the words that explain it."""
    kind = EVENT_TYPES[coding.event_type]
    act = f"action: {kind.label} — {kind.meaning}; rule {coding.rule or 'unnamed'}"
    marks = [
        Mark(coding.start, coding.end, "sentence"),
        Mark(coding.trigger_start, coding.trigger_end, "action", act),
        *(Mark(m.start, m.end, "source", f"source: {say_mention(m)}") for m in coding.sources),
        *(Mark(m.start, m.end, "target", f"target: {say_mention(m)}") for m in coding.targets),
        *(Mark(m.start, m.end, "speaker", f"says so: {say_mention(m)}") for m in coding.attribution.speakers),
    ]
    if coding.date.timex is not None:
        marks.append(Mark(coding.date.timex.start, coding.date.timex.end, "date", explain_date(coding.date, None)))
    return tuple(marks)


def explain_date(date: EventDate, published: dt.date | None) -> str:
    """How a date was found, so that a reader can check it: `“on Thursday”, published 6 Mar 2020 → 5 Mar 2020`."""
    when = say_span(date.start, date.end, date.precision)
    words = f"“{date.timex.text}”" if date.timex is not None else ""
    given = f"published {say_day(published)}" if published else ""
    basis = BASIS_WORDS[date.basis]
    steps = ", ".join(part for part in (words, given) if part)
    note = f" ({date.note})" if date.note else ""
    return f"{steps} → {when}; {basis}{note}" if steps else f"{when}; {basis}{note}"


def name_speakers(coding: Coding) -> tuple[str, ...]:
    """The speakers of a coding, outermost first, by their actors' names or else by their words."""
    return tuple(m.actor.name if m.actor else m.text for m in coding.attribution.speakers)


def say_confidence(coding: Coding) -> str:
    """How sure a coding is and what speaks against it: `43%: told in passing; one side has no country`."""
    reasons = "; ".join(DOUBT_WORDS.get(doubt, doubt) for doubt in coding.doubts)
    return f"{coding.confidence:.0%}: {reasons}" if reasons else f"{coding.confidence:.0%}"


def write_headline(event: Event) -> str:
    """The event's head: who, what, whom; when; how sure; where the reports disagree."""
    kind = EVENT_TYPES[event.event_type]
    words = next((f"“{c.text_target}”" for c in event.codings if c.text_target), "")
    targets = [a.name for a in event.targets] or ([words] if words else [])
    who = say_event(event.event_type, [a.name for a in event.sources], targets)
    articles = len({coding.article_id for coding in event.codings})
    badges = [
        f"{GLYPH_OF_QUAD[kind.quad_class]} {QUAD_CLASSES[kind.quad_class]}",
        say_span(event.date.start, event.date.end, event.date.precision),
        count_noun(articles, "report"),
    ]
    if event.place is not None:
        badges.append(event.place.name)
    badges += ["reviewed"] if event.reviewed else []
    badges += [f"by hand: {say_fields(event.corrected)}"] if event.corrected else []
    warnings = [REALIS_WORDS[event.realis]] if event.realis != "actual" else []
    if event.differences:
        warnings.append(f"reports disagree on {', '.join(_DIFFERENCES.get(d, d) for d in event.differences)}")
    plain = "".join(f'<span class="ev-badge">{_text(badge)}</span>' for badge in badges)
    warned = "".join(f'<span class="ev-badge ev-warn">{_text(warning)}</span>' for warning in warnings)
    return f'<div class="ev"><div class="ev-title" dir="auto">{_text(who)}</div>{plain}{warned}</div>'


def write_report(coding: Coding, article: Article, coder: str = "", as_coded: Coding | None = None) -> str:
    """One report of an event: attribution first, then the words with their highlights, then how they were read.

    With `as_coded`, what the coder had made of the sentence, each field that a reader corrected is shown with both.
    """
    left, right = widen_to_context(article.text, coding.start, coding.end)
    words = mark_up(article.text, list_marks(coding), left, right)
    before, after = ("… " if left > 0 else ""), (" …" if right < len(article.text) else "")
    quoted = " (in quotation marks)" if coding.attribution.quoted else ""
    who = say_attribution(name_speakers(coding), article.publisher) + quoted
    facts = [
        ("Date", explain_date(coding.date, article.published)),
        ("Realis", REALIS_WORDS[coding.realis]),
        ("Coded as", f"{label_type(coding.event_type)}, score {coding.goldstein:+.1f}, CAMEO {coding.cameo_root}"),
        ("Confidence", say_confidence(coding)),
        ("Rule", coding.rule),
        *((f"Coder read {FIELD_WORDS[name]}", value) for name, value in _list_overruled(coding, as_coded)),
        ("Acted on", coding.text_target if not coding.targets else ""),
        ("Coder", coder),
    ]
    listed = "".join(f"<dt>{label}</dt><dd dir='auto'>{_text(value)}</dd>" for label, value in facts if value)
    return (
        f'<div class="ev ev-report"><p class="ev-who" dir="auto">{_text(who[:1].upper() + who[1:])}</p>'
        f'<p class="ev-meta">{write_source_line(article)}</p>'
        f'<p class="ev-text ev-dim" dir="auto">{before}{words}{after}</p><dl class="ev-list">{listed}</dl></div>'
    )


def _list_overruled(coding: Coding, as_coded: Coding | None) -> list[tuple[str, str]]:
    """The fields of a coding that a reader set to something else, with what the coder had read."""
    if as_coded is None:
        return []
    now, before = read_values(coding), read_values(as_coded)
    return [(name, say_value(name, before[name])) for name in FIELDS if not same_value(name, now[name], before[name])]


def write_source_line(article: Article) -> str:
    """Title, publisher, day and link of an article, as HTML; only plain web addresses become links."""
    parts = [f"<b dir='auto'>{_text(article.title)}</b>" if article.title else "", _text(article.publisher)]
    parts.append(f"published {say_day(article.published)}" if article.published else "publication date unknown")
    link = safe_link(article.url)
    if link:
        host = _text(name_host(link))
        parts.append(f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer nofollow">open at {host}</a>')
    return " · ".join(part for part in parts if part)


def write_article(
    article: Article,
    codings: Sequence[Coding],
    timexes: Iterable[TimeExpression] = (),
    mentions: Iterable[Mention] = (),
) -> str:
    """A whole article with everything that was found in it highlighted; each explained on hover."""
    marks = [Mark(t.start, t.end, "date", explain_timex(t)) for t in timexes]
    marks += [Mark(m.start, m.end, "mention", explain_mention(m)) for m in mentions if m.actor is not None]
    marks += [mark for coding in codings for mark in list_marks(coding)]
    return f'<div class="ev"><p class="ev-text" dir="auto">{mark_up(article.text, marks)}</p></div>'


def explain_mention(mention: Mention) -> str:
    """Whom words name and by which rule: `“Ankara” names Turkey (rule metonym)`."""
    who = mention.actor.name if mention.actor else "nobody known"
    return f"“{mention.text}” names {who} (rule {mention.rule or 'unnamed'})"


def explain_timex(timex: TimeExpression) -> str:
    """What a time expression stands for: `date: 5 Mar 2020 (2020-03-05)`, or why it stands for no day."""
    if timex.span is None:
        return f"{timex.type.lower()}: {timex.note or 'not resolved'}"
    when = say_span(timex.span.start, timex.span.end, timex.span.precision)
    return f"{timex.type.lower()}: {when} ({timex.value})"


def list_codings(codings: Sequence[Coding]) -> list[dict[str, str]]:
    """Codings as rows of a table for a reader, in order of the text."""
    return [
        {
            "who → whom · what": say_event(c.event_type, _names(c.sources), _names(c.targets) or _words(c)),
            "when": say_span(c.date.start, c.date.end, c.date.precision),
            "who says so": say_attribution(name_speakers(c)),
            "realis": REALIS_WORDS[c.realis],
            "date from": BASIS_WORDS[c.date.basis],
            "confidence": f"{c.confidence:.0%}",
        }
        for c in sorted(codings, key=lambda c: (c.trigger_start, c.id))
    ]


def _names(mentions: Sequence[Mention]) -> list[str]:
    return list(dict.fromkeys(m.actor.name if m.actor else m.text for m in mentions))


def _words(coding: Coding) -> list[str]:
    return [f"“{coding.text_target}”"] if coding.text_target else []


def _text(text: str) -> str:
    return escape(clean_text(text))
