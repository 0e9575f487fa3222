"""Full-text search over the record: what a reader types, as an FTS5 expression that cannot fail."""

from __future__ import annotations

import re

from timeline.store.project import Project
from timeline.store.serial import clean

# A quoted phrase, or a run of characters without blanks; either may end in a star.
_PARTS = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')


def match_words(text: str) -> str:
    """An FTS5 expression for words that must all occur; "a phrase" stays together, "word*" is a prefix.

    No other operator is known: every word is quoted, so nothing typed is a syntax error. Text without any
    word ("…!") gives an expression that matches nothing.
    """
    parts = []
    for phrase, phrase_star, word in _PARTS.findall(clean(text).replace("\0", " ")):
        star = phrase_star or ("*" if word.endswith("*") else "")
        bare = phrase or word.rstrip("*")
        if re.search(r"\w", bare):
            parts.append(f'"{bare}"{star}')
    return " ".join(parts) or '""'


def find_events(project: Project, text: str) -> tuple[int, ...]:
    """Keys of the events with a sentence that holds all the words, ascending."""
    with project.read() as db:
        rows = db.execute(
            "SELECT DISTINCT r.event FROM sentence_index s JOIN codings c ON c.key = s.rowid"
            " JOIN reports r ON r.coding = c.id WHERE sentence_index MATCH ?1"
            " UNION SELECT event FROM added_index WHERE added_index MATCH ?1 ORDER BY 1",
            (match_words(text),),
        ).fetchall()
    return tuple(row[0] for row in rows)
