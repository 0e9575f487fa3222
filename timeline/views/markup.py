"""Article text with its evidence highlighted, as HTML that is safe to show.

Every character of an article reaches the page through `html.escape`; the only markup is ours. Marks may nest and
overlap: the text is cut at every border and each piece carries all marks that cover it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

from timeline.ontology import QUAD_CLASSES
from timeline.views.palette import GLYPH_OF_QUAD, QUAD_ORDER, Palette, fade_colour
from timeline.views.wording import clean_text

# Strongest last: it decides how a piece looks where marks overlap.
KINDS = ("sentence", "mention", "candidate", "speaker", "date", "target", "source", "action")
_LABELLED = {
    "speaker": "says",
    "date": "when",
    "target": "target",
    "source": "source",
    "action": "action",
    "candidate": "no act",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of an article's text that deserves attention: characters `start` to `end`, end excluded.

    `kind` is one of `KINDS`; `title` is shown on hover.
    """

    start: int
    end: int
    kind: str
    title: str = ""


def mark_up(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> str:
    """Write part of a text as HTML with its marks as `<mark>` elements.

    Args:
        text: The article's text; offsets of marks are its characters.
        marks: Any order; those without a character in the part are left out.
        start: First character of the part.
        end: End of the part, excluded; None for the end of the text.

    Returns:
        HTML without line breaks of its own; line breaks of the text are kept (show it with `white-space: pre-wrap`).
    """
    stop = len(text) if end is None else min(end, len(text))
    begin = max(0, start)
    if begin >= stop:
        return ""
    kept = [m for m in marks if m.kind in KINDS and max(m.start, begin) < min(m.end, stop)]
    borders = sorted({begin, stop, *(min(max(b, begin), stop) for m in kept for b in (m.start, m.end))})
    return "".join(_write_piece(text, left, right, kept) for left, right in pairwise(borders))


def _write_piece(text: str, left: int, right: int, marks: Sequence[Mark]) -> str:
    words = escape(clean_text(text[left:right]))
    covering = sorted((m for m in marks if m.start <= left and right <= m.end), key=lambda m: KINDS.index(m.kind))
    if not covering:
        return words
    top = covering[-1]
    titles = "; ".join(dict.fromkeys(clean_text(m.title) for m in reversed(covering) if m.title))
    label = _LABELLED.get(top.kind, "") if right == top.end else ""
    classes = " ".join(f"ev-{kind}" for kind in dict.fromkeys(m.kind for m in covering))
    # `title` for the mouse; the focus, by click or Tab, shows the same words below the mark.
    attributes = f' title="{escape(titles)}" data-why="{escape(titles)}" tabindex="0"' if titles else ""
    tag = f'<span class="ev-tag">{label}</span>' if label else ""
    return f'<mark class="{classes}"{attributes}>{words}{tag}</mark>'


def widen_to_context(text: str, start: int, end: int, reach: int = 220) -> tuple[int, int]:
    """The part of a text to show around a sentence: up to `reach` characters either side, cut at a space."""
    left = max(0, start - reach)
    right = min(len(text), end + reach)
    if left > 0:
        left = next((i + 1 for i in range(left, start) if text[i].isspace()), start)
    if right < len(text):
        right = next((i for i in range(right - 1, end - 1, -1) if text[i].isspace()), end)
    return left, right


def safe_link(url: str) -> str | None:
    """The address if it is plain http or https with a host, else None: nothing else may become a link."""
    cleaned = url.strip()
    if any(c.isspace() or ord(c) < 33 or c in "<>\"'\\`" for c in cleaned):
        return None
    try:
        parts = urlsplit(cleaned)
        host = parts.hostname
    except ValueError:
        return None
    return cleaned if parts.scheme.lower() in ("http", "https") and host else None


def name_host(url: str) -> str:
    """The host of a safe link without "www.", for the words of a link; "" if the link is not safe."""
    link = safe_link(url)
    host = urlsplit(link).hostname if link else None
    return (host or "").removeprefix("www.")


def write_legend(palette: Palette) -> str:
    """The legend of the timeline's marks as HTML that wraps to the width there is."""
    entries = [
        f'<span style="margin-right:1.1rem;white-space:nowrap"><span aria-hidden="true" '
        f'style="color:{palette.of_quad(quad)};'
        f'font-size:1.1em">{GLYPH_OF_QUAD[quad]}</span> {QUAD_CLASSES[quad]}</span>'
        for quad in QUAD_ORDER
    ]
    return f'<div style="font-size:.85rem;color:{palette.text}">{"".join(entries)}</div>'


def write_style(palette: Palette) -> str:
    """The style sheet of the evidence for one theme."""
    source, target = ("#6a4fb3", "#0f766e") if palette.name == "light" else ("#b9a5f0", "#5fd0c3")
    action, date = ("#b45309", "#4b5563") if palette.name == "light" else ("#f3c14b", "#b8c2cc")
    tint = 0.13 if palette.name == "light" else 0.22
    rules = [
        f".ev {{font-size:.95rem; line-height:1.62; color:{palette.text}}}",
        ".ev mark {color:inherit; background:none; padding:0}",
        ".ev-text {white-space:pre-wrap; overflow-wrap:anywhere; margin:.35rem 0 .5rem; unicode-bidi:plaintext}",
        f".ev-text.ev-dim {{color:{palette.muted}}}",
        f".ev mark.ev-sentence {{color:{palette.text}; background:{fade_colour(palette.accent, 0.07)}}}",
        f".ev mark.ev-mention, .ev mark.ev-speaker {{border-bottom:1px dotted {palette.muted}}}",
        f".ev mark.ev-date {{border-bottom:2px dotted {date}}}",
        f".ev mark.ev-target {{background:{fade_colour(target, tint)}; border-bottom:2px dashed {target}; "
        f"border-radius:2px}}",
        f".ev mark.ev-source {{background:{fade_colour(source, tint)}; border-bottom:2px solid {source}; "
        f"border-radius:2px}}",
        f".ev mark.ev-action {{background:{fade_colour(action, tint)}; border-bottom:3px double {action}; "
        f"border-radius:2px; font-weight:600}}",
        f".ev mark.ev-candidate {{border-bottom:2px dotted {action}}}",
        f".ev mark[data-why] {{cursor:help}} .ev mark[data-why]:focus {{outline:2px solid {palette.accent}; "
        "outline-offset:1px}",
        f".ev mark[data-why]:focus::after {{content:attr(data-why); display:block; font-size:.8rem; font-weight:400; "
        f"line-height:1.4; margin:.15rem 0 .3rem; padding:.25rem .5rem; border-left:3px solid {palette.accent}; "
        f"background:{palette.background}; color:{palette.text}}}",
        f".ev-tag {{font-size:.62rem; font-weight:600; letter-spacing:.03em; vertical-align:super; margin:0 .1rem "
        f"0 .2rem; color:{palette.text}; user-select:none}}",
        f".ev-report {{border:1px solid {palette.grid}; border-radius:.6rem; padding:.7rem .9rem; margin:0 0 "
        f".7rem; background:{palette.background}}}",
        f".ev-who {{font-weight:600; border-left:3px solid {palette.accent}; padding-left:.5rem; margin:0 0 .15rem}}",
        f".ev-meta {{color:{palette.muted}; font-size:.83rem; margin:0}}",
        ".ev-meta b {font-weight:600}",
        f".ev-meta a {{color:{palette.accent}}}",
        ".ev dl.ev-list {margin:.2rem 0 0 !important; padding:0 !important; display:grid; "
        "grid-template-columns:max-content 1fr; gap:.1rem .7rem; font-size:.83rem}",
        f".ev .ev-list dt {{color:{palette.muted}; font-weight:400; margin:0}} .ev .ev-list dd {{margin:0 "
        f"!important; padding:0}}",
        f".ev-badge {{display:inline-block; border:1px solid {palette.grid}; border-radius:1rem; padding:0 "
        f".55rem; margin:0 .3rem .3rem 0; font-size:.8rem; white-space:nowrap}}",
        f".ev-warn {{border-color:{palette.conflict}}}",
        ".ev-side {overflow-x:auto} .ev-side table {border-collapse:collapse; font-size:.87rem; line-height:1.5}",
        f".ev-side th, .ev-side td {{border:1px solid {palette.grid}; padding:.35rem .55rem; text-align:start; "
        f"vertical-align:top}} .ev-side td {{min-width:11.5rem; max-width:22rem; overflow-wrap:anywhere}}",
        f".ev-side th[scope=row] {{color:{palette.muted}; font-weight:400; min-width:6rem; max-width:8rem; "
        f"position:sticky; left:0; background:{palette.background}}} .ev-side thead td {{border:0; min-width:0}}",
        f".ev-side td.ev-differs {{box-shadow:inset 3px 0 0 {palette.conflict}}} "
        f".ev-differs b {{color:{palette.conflict}; font-weight:600}}",
        ".ev-title {font-size:1.12rem; font-weight:600; line-height:1.35; margin:0 0 .35rem}",
    ]
    return "<style>" + "\n".join(rules) + "</style>"
