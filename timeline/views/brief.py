"""A brief in Markdown: the key events with their dates, who says so, and footnotes that quote each source.

CommonMark with footnotes, as GitHub, Pandoc, Obsidian and most others read them. Untrusted words are escaped: they
show as they are and are no markup, no HTML, no link; only plain web addresses become links.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import pandas as pd

from timeline.views.lanes import EVENT_COLUMNS, require_columns
from timeline.views.palette import SIGN_OF_QUAD, Sign
from timeline.views.provenance import Provenance
from timeline.views.stories import Quote, Story
from timeline.views.wording import as_date, clean_text, count_noun, keep_order, say_day

METHOD = (
    "Sentences of the articles were coded by rules and a small linear model over a dependency parse; reports of one "
    "happening were merged. A date comes from the event's own clause, its sentence, an earlier sentence or, failing "
    "these, the publication date; each event says which. Key events are those that most publishers and articles "
    "report, material acts before words, at most three a day."
)
KEY_EVENTS = 25
_PER_DAY = 3
_MOST_QUOTES = 4
_MOST_PAIRS = 10
_SPECIAL = re.compile(r"[\\`*_\[\]<>&#|~$^@{}]")
_ADDRESS = re.compile(r"\b(https?|ftp|www|mailto|javascript|data|file|vbscript)(?=[:.])", re.IGNORECASE)


def choose_key_events(events: pd.DataFrame, number: int = KEY_EVENTS) -> tuple[str, ...]:
    """Ids of the dated events that matter most, by date.

    Args:
        events: `EVENT_COLUMNS` with `publishers`, any order.
        number: How many at most.
    """
    require_columns(events, (*EVENT_COLUMNS, "publishers"), "events")
    rows = [row for row in events.to_dict("records") if as_date(row["start"]) or as_date(row["end"])]
    rows.sort(key=lambda row: str(row["event_id"]))
    rows.sort(key=lambda row: (-int(row["publishers"]), -int(row["reports"]), -_weigh(row)))
    per_day: Counter[dt.date | None] = Counter()
    chosen: list[tuple[dt.date, str]] = []
    for row in rows:
        day = as_date(row["start"]) or as_date(row["end"])
        if per_day[day] < _PER_DAY and day is not None and len(chosen) < number:
            per_day[day] += 1
            chosen.append((day, str(row["event_id"])))
    return tuple(event_id for _, event_id in sorted(chosen))


def _weigh(row: dict[object, object]) -> float:
    """Acts before announcements, deeds before words, strong before weak, both sides named before one."""
    both = bool(len(row["source_ids"]) and len(row["target_ids"]))  # type: ignore[arg-type]
    score = abs(float(row.get("goldstein") or 0.0))  # type: ignore[arg-type]
    return 10 * (row["realis"] == "actual") + 5 * both + 3 * (row["quad_class"] in (2, 4)) + score / 10


@dataclass(slots=True)
class _Notes:
    """The footnotes of a brief: each quote once, numbered in the order of first use."""

    numbers: dict[Quote, int] = field(default_factory=dict)

    def refer(self, quotes: Iterable[Quote]) -> str:
        return "".join(f"[^{self.numbers.setdefault(quote, len(self.numbers) + 1)}]" for quote in quotes)

    def list(self) -> Iterator[str]:
        for quote, number in self.numbers.items():
            published = f"published {say_day(quote.published)}" if quote.published else "publication date unknown"
            title = f"“{escape(quote.title)}”" if quote.title else ""
            source = ", ".join(part for part in (escape(quote.publisher), title, published) if part)
            link = f" <{quote.link}>" if quote.link else ""
            yield f"[^{number}]: “{escape(quote.words)}” — {source}.{link}"


def write_brief(stories: Sequence[Story], events: pd.DataFrame, provenance: Provenance) -> bytes:
    """Write the brief.

    Args:
        stories: The key events, by date.
        events: All events it stands for (`EVENT_COLUMNS`), for its counts.
        provenance: Goes to the end.
    """
    notes = _Notes()
    project = escape(provenance.project) or "Events"
    lines = [f"# {project}: key events", "", _summarise(stories, events), ""]
    lines += ["## Key events", ""]
    for when, same in groupby(stories, key=lambda story: story.when):
        lines += [f"### {escape(when)}", ""]
        for story in same:
            lines += _list_lines(story, notes)
        lines.append("")
    if not stories:
        lines += ["No event here has a date.", ""]
    lines += ["## Who acts on whom", "", *_list_pairs(events), ""]
    lines += ["## How to read this", "", METHOD, "", "**About the data**", ""]
    lines += [f"- {label}: {escape(value)}" for label, value in provenance.lines()]
    lines += ["", *notes.list()]
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8")


def _summarise(stories: Sequence[Story], events: pd.DataFrame) -> str:
    days = [day for name in ("start", "end") for value in events[name] if (day := as_date(value))]
    period = f" between {say_day(min(days))} and {say_day(max(days))}" if days else ""
    signs = Counter(SIGN_OF_QUAD[int(quad)] for quad in events["quad_class"])
    undated = sum(
        as_date(a) is None and as_date(b) is None for a, b in zip(events["start"], events["end"], strict=True)
    )
    return (
        f"{count_noun(len(events), 'event')}{period}: {signs[Sign.COOPERATION]:,} of cooperation, "
        f"{signs[Sign.CONFLICT]:,} of conflict, {signs[Sign.NEUTRAL]:,} neutral; {undated:,} undated. "
        f"Below are {count_noun(len(stories), 'key event')}. Each is a claim of the source named with it, read by "
        "machine: check the footnote before use."
    )


def _list_lines(story: Story, notes: _Notes) -> Iterator[str]:
    shown = story.quotes[:_MOST_QUOTES]
    warning = f" — *{story.warning}*" if story.warning else ""
    yield f"- **{escape(story.title)}**{warning}{notes.refer(shown)}"
    yield f"  - Date: {escape(story.when)}; {escape(story.basis) or 'basis not told'}"
    voices = list(dict.fromkeys(quote.who for quote in shown))
    more = len(story.quotes) - len(shown)
    if voices:
        yield f"  - Who says so: {escape('; '.join(voices))}" + (f"; {more:,} more" if more > 0 else "")
    if story.differences:
        yield f"  - **Reports disagree** on: {', '.join(story.differences)}"
    if story.checked:
        yield f"  - {escape(story.checked.capitalize())}"
    if story.place:
        yield f"  - Place: {escape(story.place.name)}"
    if story.note:
        yield f"  - {escape(story.note)}" + (f" <{story.link}>" if story.link else "")


def _list_pairs(events: pd.DataFrame) -> Iterator[str]:
    """The pairs with most events as a table; an event counts for each pair of its two sides."""
    counts: dict[tuple[str, str], Counter[Sign]] = {}
    for row in events.to_dict("records"):
        for source in row["source_names"]:
            for target in row["target_names"]:
                if source != target:
                    counts.setdefault((source, target), Counter())[SIGN_OF_QUAD[int(row["quad_class"])]] += 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0]))[:_MOST_PAIRS]
    if not ranked:
        yield "No event names both sides."
        return
    yield "| source → target | events | cooperation | conflict | neutral |"
    yield "|---|---:|---:|---:|---:|"
    for pair, signs in ranked:
        cells = (signs.total(), signs[Sign.COOPERATION], signs[Sign.CONFLICT], signs[Sign.NEUTRAL])
        yield f"| {escape(' → '.join(map(keep_order, pair)))} | {' | '.join(f'{cell:,}' for cell in cells)} |"


def escape(text: str) -> str:
    """Words on one line that Markdown shows as they are.

    No HTML, emphasis, link, image, table, footnote, formula or mention starts in them; bare addresses are broken with
    a backslash, which hides in the rendered text. A line must not begin with them: put something before.
    """
    line = " ".join(clean_text(text).split())
    return _ADDRESS.sub(r"\1\\", _SPECIAL.sub(r"\\\g<0>", line))
