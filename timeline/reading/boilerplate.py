"""Boilerplate: what a page or a paste leaves around an article, recognised paragraph by paragraph.

Removal never adds a character, and removing twice removes nothing more. What looks like a sentence stays unless
it is one that pages append (disclaimers, consent, newsletters): a missed button costs less than a lost fact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from timeline.reading.furniture import (
    BLOCK_HEADINGS,
    BYLINE,
    CASED_LINES,
    LINES,
    NOTICE_CHARS,
    NOTICES,
    PUNCTUATION,
    SHORT_LINES,
    TAIL,
    TAIL_CHARS,
)
from timeline.reading.published import find_head_date

_PROSE_END = re.compile(r"[.!?…:;][\"'”’)\]]*$")
_HEAD_PARAGRAPHS = 6  # date lines and bylines stand among these
_MIN_TITLE_WORDS = 4  # a shorter title that begins the text may be its first words
_MIN_REPEAT_WORDS = 5  # a shorter paragraph may be repeated on purpose ("No.")


def remove_boilerplate(paragraphs: Sequence[str], title: str = "") -> tuple[str, ...]:
    """The paragraphs of the article itself.

    Goes: buttons, menus, consent and newsletter lines, credits, counters, blocks of related links, date lines and
    bylines at the head, disclaimers, paragraphs repeated word for word, and the title wherever it is repeated.
    An article that is nothing but its title keeps it. Idempotent; the result is never longer.
    """
    current = tuple(stripped for paragraph in paragraphs if (stripped := paragraph.strip()))
    while (cleaner := _remove_once(current, title)) != current:
        current = cleaner
    return current


def looks_like_headline(paragraph: str) -> bool:
    """Whether a paragraph could be a headline: short, with a capital or a figure in front, no full stop at its end."""
    words = paragraph.split()
    starts = paragraph[:1].isupper() or paragraph[:1].isdigit() or paragraph[:1] in "\"'“‘" or not paragraph.isascii()
    return 2 <= len(words) <= 30 and starts and not re.search(r"[.:;,…][\"'”’]?$", paragraph)


@lru_cache(maxsize=10_000)  # an article is gone over until nothing changes
def is_boilerplate(paragraph: str) -> bool:
    """Whether a whole paragraph is page furniture, judged by itself."""
    plain = _plain(paragraph)
    if not plain or plain in LINES:
        return True
    if len(paragraph) <= 500 and any(pattern.match(paragraph) for pattern in CASED_LINES):
        return True
    words = len(paragraph.split())
    forms = {paragraph, paragraph.strip(" •·*-–—|»>→▶►#")}
    if words <= 30 and any(pattern.match(form) for pattern in SHORT_LINES for form in forms):
        return True
    return len(paragraph) <= NOTICE_CHARS and any(pattern.search(paragraph) for pattern in NOTICES)


def same_words(one: str, other: str) -> bool:
    """Whether two lines are equal but for case, spacing and punctuation."""
    return _key(one) == _key(other) != ""


def find_title_end(text: str, title: str) -> int:
    """Where the title ends that a text repeats at its start, 0 if it does not, or if it may be the first sentence."""
    words = _words(title)
    if len(words) < _MIN_TITLE_WORDS:
        return 0
    at = 0
    for word in words:
        match = _WORD.search(text, at, at + 40)
        if not match or match[0].lower() != word:
            return 0
        at = match.end()
    rest = text[at : at + 40]
    mark = re.match(r"[\s.!?…|–—\"'”’:-]{0,6}", rest)
    gap = mark[0] if mark else ""
    follows = rest[len(gap) :][:1]
    prose = follows.isupper() or follows.isdigit() or follows in "\"'“‘(["
    return at + len(gap) if gap and follows and prose else 0


_WORD = re.compile(r"[^\W_]+")


def _remove_once(paragraphs: tuple[str, ...], title: str) -> tuple[str, ...]:
    kept = _drop_blocks(paragraphs)
    kept = [paragraph for paragraph in kept if not is_boilerplate(paragraph)]
    kept = _drop_head_lines(kept)
    kept = _drop_repeats(kept, title)
    if kept:
        kept[0] = _cut_head(kept[0], title)
        kept[-1] = _cut_tail(kept[-1])
    return tuple(paragraph for paragraph in kept if paragraph)


def _drop_blocks(paragraphs: Sequence[str]) -> list[str]:
    kept: list[str] = []
    in_block = False
    for paragraph in paragraphs:
        if _plain(paragraph) in BLOCK_HEADINGS:
            in_block = True
        elif in_block and (len(paragraph.split()) > 30 or _PROSE_END.search(paragraph)):
            in_block = False
        if not in_block:
            kept.append(paragraph)
    return kept


def _drop_head_lines(paragraphs: list[str]) -> list[str]:
    """Without the lines at the head that hold nothing but a date, or a byline; what moves up is looked at too."""
    kept: list[str] = []
    for paragraph in paragraphs:
        if len(kept) >= _HEAD_PARAGRAPHS or not (_is_date_line(paragraph) or BYLINE.match(paragraph)):
            kept.append(paragraph)
    return kept


def _is_date_line(paragraph: str) -> bool:
    found = find_head_date(paragraph)
    rest = paragraph[found.end :].strip(" |.•·-–—") if found else paragraph
    return not rest or (found is not None and bool(BYLINE.match(rest[:1].upper() + rest[1:])))


def _drop_repeats(paragraphs: list[str], title: str) -> list[str]:
    seen: set[str] = set()
    kept: list[str] = []
    title_key = _key(title)
    for paragraph in paragraphs:
        key = _key(paragraph)
        if key == title_key or (key in seen and len(key.split()) >= _MIN_REPEAT_WORDS):
            continue
        seen.add(key)
        kept.append(paragraph)
    return kept or paragraphs


def _cut_head(paragraph: str, title: str) -> str:
    """Without a date line and a repeated title that run into the first sentence, in either order."""
    at = 0
    for _ in range(2):
        if found := find_head_date(paragraph[at:]):
            at += found.end
        at += find_title_end(paragraph[at:], title)
    rest = paragraph[at:].lstrip(" |.•·-–—")
    return rest if rest else paragraph


def _cut_tail(paragraph: str) -> str:
    body, tail = paragraph[:-TAIL_CHARS], paragraph[-TAIL_CHARS:]
    while match := TAIL.search(tail):
        tail = tail[: match.start()].rstrip()
    return body + tail if tail else paragraph


def _plain(paragraph: str) -> str:
    """Lower case, punctuation gone; only of short lines, since long ones are no buttons."""
    if len(paragraph) > 80:
        return paragraph
    return " ".join(PUNCTUATION.sub(" ", paragraph.lower().replace("’", "'")).split())


def _key(text: str) -> str:
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
