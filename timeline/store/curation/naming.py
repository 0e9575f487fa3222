"""Names that readers gave: handed to the coder, and which articles they leave as they are coded.

A name can change only what is read in articles that hold its words. So when a project's names change, those without
the words are taken over as coded by the new lexicon, and the coder reads the few that hold them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from timeline.records import Actor
from timeline.store.articles import Versions
from timeline.store.curation.corrections import Kind, read_actor
from timeline.store.curation.folding import list_live
from timeline.store.curation.log import read_log
from timeline.store.project import Project
from timeline.store.search import match_words
from timeline.store.serial import clean

Names = tuple[tuple[str, Actor], ...]
_PREFIX = "names:"  # of what the record remembers of a lexicon with names, by its version


def read_names(project: Project) -> Names:
    """The words that readers gave an actor, sorted; of one word the latest."""
    live = {c.subject: read_actor(c.after) for c in list_live(read_log(project)) if c.kind is Kind.NAME}
    return tuple(sorted(live.items(), key=lambda pair: pair[0]))


def take_over(project: Project, base: Versions, now: Versions, names: Names) -> int:
    """Mark articles coded with the same lexicon but other names as up to date, where the difference cannot matter.

    Args:
        project: The project.
        base: The versions of the coder without any names.
        now: Those of the coder with `names`.
        names: The project's names.

    Returns:
        How many articles were taken over.
    """
    wanted = {words: actor.id for words, actor in names}
    with project.write() as db:
        known = json.dumps({"base": base.lexicon, "names": wanted}, sort_keys=True)
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_PREFIX + now.lexicon, known))
        db.execute("INSERT INTO runs (coder, lexicon) VALUES (?, ?) ON CONFLICT DO NOTHING", (now.coder, now.lexicon))
        run = db.execute("SELECT id FROM runs WHERE coder = ? AND lexicon = ?", (now.coder, now.lexicon)).fetchone()[0]
        others = db.execute(
            "SELECT r.id, r.lexicon, m.value FROM runs r LEFT JOIN meta m ON m.key = ? || r.lexicon"
            " WHERE r.coder = ? AND r.id <> ?",
            (_PREFIX, clean(now.coder), run),
        ).fetchall()
        taken = 0
        for other, lexicon, value in others:
            earlier = json.loads(value) if value else {"base": lexicon, "names": {}}
            if earlier["base"] == base.lexicon:
                taken += _take_over_run(db, (other, run), _differ(earlier["names"], wanted))
    return taken


def _differ(first: dict[str, str], second: dict[str, str]) -> list[str]:
    return sorted(words for words in {*first, *second} if first.get(words) != second.get(words))


def _take_over_run(db: sqlite3.Connection, runs: tuple[int, int], words: Iterable[str]) -> int:
    """Move the articles of one run to another, but for those that hold some of the words."""
    wanted = " OR ".join(match_words(f'"{name}"') for name in words)
    holding = "SELECT rowid FROM text_index WHERE text_index MATCH ?3" if wanted else "SELECT 0 WHERE ?3"
    done = db.execute(f"UPDATE articles SET run = ?2 WHERE run = ?1 AND key NOT IN ({holding})", (*runs, wanted or 0))
    return int(done.rowcount)
