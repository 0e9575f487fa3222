"""Why a sentence gave what it gave, for a reader: what was found in it, and what became of each word."""

from __future__ import annotations

from html import escape

from timeline.coding.dropped import Why
from timeline.coding.explain import Candidate, Explanation
from timeline.records import Article
from timeline.views.evidence import explain_mention, explain_timex, list_marks
from timeline.views.markup import Mark, mark_up
from timeline.views.wording import clean_text, count_noun, label_type, shorten

WHY_WORDS = {
    Why.CODED: "coded",
    Why.NO_FRAME: "no frame for this word: the coder does not know it as an act",
    Why.MISFIT: "has frames, but none fits what stands beside it here",
    Why.NO_ACT: "in this use the word names no act",
    Why.CONTENT: "only what is demanded, promised, disputed or charged",
    Why.CONDITION: "only a condition of another act",
    Why.PURPOSE: "only the aim of another act",
    Why.DUTY: "only a duty that is called for",
    Why.TOPIC: "only a topic that is spoken of, feared or dealt with",
    Why.DESCRIPTION: "says what an actor is, not what happened",
    Why.UNDONE: "nothing is left of it under “not”, “failed to”, “stopped” or the like",
    Why.MISHAP: "a thing that acts for nobody",
    Why.NO_ACTOR: "no known actor beside it",
    Why.ONE_SIDE: "a noun, and only one side is named",
    Why.TOLD_ONCE: "another word of the sentence tells the same act",
    Why.DOUBTFUL: "told in passing, and more likely misread than not",
    Why.OUTLET: "an outlet reports: that is attribution, no act",
    Why.COMMENT: "comment: what the author says of himself or of us",
    Why.NOBODY: "neither side is known",
    Why.REMARK: "a remark that concerns nobody else",
}


def say_why(candidate: Candidate) -> str:
    """What became of a word: `no known actor beside it (Assault, frame “attack T”)`."""
    act = label_type(candidate.event_type) if candidate.event_type else ""
    label = "frame" if len(candidate.frames) < 2 or candidate.event_type else "frames"
    frames = f"{label} {', '.join(f'“{rule}”' for rule in candidate.frames)}" if candidate.frames else ""
    detail = ", ".join(part for part in (act, frames) if part)
    return f"{WHY_WORDS[candidate.why]} ({detail})" if detail else WHY_WORDS[candidate.why]


def label_sentence(number: int, article: Article, found: Explanation) -> str:
    """A line for a list of sentences: its number, how many acts it gave, its words."""
    acts = count_noun(len(found.codings), "act") if found.codings else "nothing"
    return f"{number}. {acts} · {shorten(article.text[found.start : found.end], 80)}"


def write_explanation(article: Article, found: Explanation) -> str:
    """A sentence with all that was found in it, and a list of what became of each word, as HTML."""
    marks = [Mark(m.start, m.end, "mention", explain_mention(m)) for m in found.mentions]
    marks += [Mark(t.start, t.end, "date", explain_timex(t)) for t in found.timexes]
    marks += [Mark(p.start, p.end, "mention", f"place: {p.name}") for p in found.places]
    marks += [Mark(c.start, c.end, "candidate", say_why(c)) for c in found.candidates if c.why is not Why.CODED]
    marks += [mark for coding in found.codings for mark in list_marks(coding) if mark.kind != "sentence"]
    sentence = mark_up(article.text, marks, found.start, found.end)
    return (
        f'<div class="ev"><p class="ev-text" dir="auto">{sentence}</p>'
        f'<dl class="ev-list">{"".join(_row(*row) for row in _list_findings(found))}</dl></div>'
    )


def _list_findings(found: Explanation) -> list[tuple[str, str]]:
    actors = [explain_mention(m) if m.actor else f"“{m.text}” names nobody known" for m in found.mentions]
    rows = [
        ("Actors", "; ".join(actors) or "none"),
        ("Time", "; ".join(f"“{t.text}” is {explain_timex(t)}" for t in found.timexes) or "no expression"),
        ("Places", ", ".join(dict.fromkeys(p.name for p in found.places)) or "none"),
    ]
    rows += [(f"“{c.text}”", say_why(c)) for c in found.candidates]
    return rows if found.candidates else [*rows, ("Acts", "no word here could name one")]


def _row(label: str, words: str) -> str:
    return f"<dt>{escape(clean_text(label))}</dt><dd dir='auto'>{escape(clean_text(words))}</dd>"
