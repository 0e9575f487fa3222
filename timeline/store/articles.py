"""Articles in the record: adding, listing, dating, removing."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from timeline.errors import StoreError
from timeline.records import Article
from timeline.store.project import Project
from timeline.store.search import match_words
from timeline.store.serial import clean, from_json, to_json

_BATCH = 200


class State(StrEnum):
    """How far an article has come."""

    UNCODED = "uncoded"
    CODED = "coded"
    STALE = "stale"  # coded, but with another coder or lexicon, or its date was set since
    FAILED = "failed"
    NOT_ENGLISH = "not_english"


@dataclass(frozen=True, slots=True)
class Versions:
    """The coder and the lexicon that read an article; codings by any other are stale."""

    coder: str
    lexicon: str


@dataclass(frozen=True, slots=True)
class Added:
    """What `add_articles` did: ids of new articles, of known ones, and of known ones it gave a date."""

    new: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One line of the list of articles. `codings` and `events` are counts; `problem` says why coding failed."""

    id: str
    title: str
    publisher: str
    published: dt.date | None
    url: str
    language: str
    words: int
    state: State
    codings: int
    events: int
    added_at: str
    coded_at: str
    coder: str
    lexicon: str
    problem: str


def add_articles(project: Project, articles: Iterable[Article]) -> Added:
    """Add articles that are not there yet; adding the same again changes nothing.

    A known article without a date takes the date of its newcomer. The iterable is read a little at a time
    and each lot is on disk before the next is read: if reading fails, what came before stays.
    """
    new: list[str] = []
    known: list[str] = []
    dated: list[str] = []
    lot: list[Article] = []

    def save() -> None:
        saved = lot.copy()
        lot.clear()
        with project.write() as db:
            for article in saved:
                if _insert(db, article):
                    new.append(article.id)
                    continue
                known.append(article.id)
                if article.published and _fill_date(db, article):
                    dated.append(article.id)

    try:
        for article in articles:
            lot.append(article)
            if len(lot) == _BATCH:
                save()
    finally:
        if lot:
            save()
    return Added(tuple(new), tuple(known), tuple(dated))


def set_published(
    project: Project, article_id: str, published: dt.date | None, *, who: str = "", reason: str = ""
) -> bool:
    """Set or clear the publication date; False if it was so already. What was coded from it becomes stale.

    Raises:
        StoreError: There is no such article.
    """
    with project.write() as db:
        return _set_date(db, article_id, published, who, reason)


def read_article(project: Project, article_id: str) -> Article:
    """The article as it was added, with its publication date as corrected since.

    Raises:
        StoreError: There is no such article.
    """
    with project.read() as db:
        row = db.execute(
            "SELECT a.id, t.text, a.published, t.title, a.publisher, a.url, a.language, t.exact"
            " FROM articles a JOIN texts t ON t.article = a.key WHERE a.id = ?",
            (clean(article_id),),
        ).fetchone()
    if row is None:
        raise _no_article(project, article_id)
    published = dt.date.fromisoformat(row[2]) if row[2] else None
    exact = from_json(Article, row[7]) if row[7] else Article(row[0], row[1], None, row[3], row[4], row[5])
    return Article(exact.id, exact.text, published, exact.title, exact.publisher, exact.url, row[6])


def read_versions(project: Project, ids: Iterable[str]) -> dict[str, Versions]:
    """Which versions coded each article, those left out that are not coded, failed or got another date since."""
    query = (
        "SELECT a.id, r.coder, r.lexicon FROM articles a JOIN runs r ON r.id = a.run"
        " WHERE a.id = ? AND a.state IN ('coded', 'not_english') AND NOT a.changed"
    )
    with project.read() as db:
        found = (db.execute(query, (clean(name),)).fetchone() for name in ids)
        return {row[0]: Versions(row[1], row[2]) for row in found if row}


def list_articles(
    project: Project,
    *,
    states: Iterable[State] = (),
    current: Versions | None = None,
    text: str = "",
    ids: Sequence[str] | None = None,
    limit: int = -1,
    offset: int = 0,
) -> tuple[ArticleRow, ...]:
    """The articles, latest published first (those without a date before all), then by title.

    Args:
        project: The project.
        states: Only these; none given means all.
        current: The coder and lexicon in use; without them only a changed date makes an article stale.
        text: Words that title and text must hold.
        ids: Only these articles.
        limit: Rows at most; -1 is all.
        offset: Rows to skip.
    """
    conditions = ["1"]
    values: list[str] = []
    if states:
        wanted = sorted(states)
        conditions.append(f"state IN ({', '.join('?' * len(wanted))})")
        values += wanted
    if text.strip():
        conditions.append("key IN (SELECT rowid FROM text_index WHERE text_index MATCH ?)")
        values.append(match_words(text))
    if ids is not None:
        conditions.append("id IN (SELECT value FROM json_each(?))")
        values.append(to_json([clean(name) for name in ids]))
    with project.read() as db:
        rows = db.execute(
            f"SELECT id, title, publisher, published, url, language, words, state,"
            f" (SELECT count(*) FROM codings c WHERE c.article = l.key),"
            f" (SELECT count(DISTINCT r.event) FROM codings c JOIN reports r ON r.coding = c.id"
            f" WHERE c.article = l.key),"
            f" added_at, coded_at, coder, lexicon, problem FROM ({_WITH_STATE}) l WHERE {' AND '.join(conditions)}"
            f" ORDER BY published IS NOT NULL, published DESC, title, id LIMIT ? OFFSET ?",
            (*_version_values(current), *values, limit, offset),
        ).fetchall()
    return tuple(_as_row(row) for row in rows)


def count_articles(project: Project, *, current: Versions | None = None) -> dict[State, int]:
    """Number of articles in each state, zeros included."""
    with project.read() as db:
        found = db.execute(f"SELECT state, count(*) FROM ({_WITH_STATE}) GROUP BY 1", _version_values(current))
        counts = {State(state): number for state, number in found}
    return {state: counts.get(state, 0) for state in State}


def select_ids(
    project: Project, states: Iterable[State], *, current: Versions | None = None, changed: bool = False
) -> tuple[tuple[str, int], ...]:
    """Ids and word counts of the articles in these states, oldest addition first.

    `changed` adds those that are stale because their date was set after they were coded.
    """
    wanted = sorted(states)
    marks = ", ".join("?" * len(wanted))
    with project.read() as db:
        rows = db.execute(
            f"SELECT id, words FROM ({_WITH_STATE}) WHERE state IN ({marks}) OR (? AND changed) ORDER BY key",
            (*_version_values(current), *wanted, changed),
        ).fetchall()
    return tuple((row[0], row[1]) for row in rows)


def count_published(project: Project) -> tuple[tuple[dt.date, int], ...]:
    """Number of articles published on each day, in order of days; articles without a date are left out."""
    with project.read() as db:
        rows = db.execute(
            "SELECT published, count(*) FROM articles WHERE published IS NOT NULL GROUP BY 1 ORDER BY 1"
        ).fetchall()
    return tuple((dt.date.fromisoformat(day), number) for day, number in rows)


def remove_articles(project: Project, ids: Iterable[str]) -> int:
    """Remove articles with their codings and links; returns how many there were."""
    removed = 0
    with project.write() as db:
        for article_id in map(clean, ids):
            removed += db.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount
            db.execute("DELETE FROM duplicates WHERE article = ?1 OR other = ?1", (article_id,))
        if removed:
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    return removed


def link_duplicates(project: Project, links: Iterable[tuple[str, str, float]]) -> None:
    """Remember that articles share most of their text: (id, id, share from 0 to 1). Order does not matter."""
    with project.write() as db:
        for first, second, share in links:
            pair = sorted((clean(first), clean(second)))
            db.execute("INSERT OR REPLACE INTO duplicates VALUES (?, ?, ?)", (*pair, share))


def list_duplicates(project: Project, article_id: str | None = None) -> tuple[tuple[str, str, float], ...]:
    """The links that `link_duplicates` made, all or those of one article."""
    with project.read() as db:
        rows = db.execute(
            "SELECT article, other, share FROM duplicates WHERE ?1 IS NULL OR article = ?1 OR other = ?1 ORDER BY 1, 2",
            (article_id,),
        ).fetchall()
    return tuple((row[0], row[1], row[2]) for row in rows)


def save_signatures(project: Project, signatures: Iterable[tuple[str, bytes]]) -> None:
    """Keep what near-duplicates are found by: (article id, packed signature)."""
    with project.write() as db:
        db.executemany(
            "INSERT OR REPLACE INTO signatures SELECT key, ?2 FROM articles WHERE id = ?1",
            ((clean(name), packed) for name, packed in signatures),
        )


def read_signatures(project: Project) -> tuple[tuple[str, bytes], ...]:
    """The kept signatures by article id, in the order in which articles were added."""
    with project.read() as db:
        rows = db.execute("SELECT a.id, s.packed FROM signatures s JOIN articles a ON a.key = s.article ORDER BY a.key")
        return tuple((row[0], row[1]) for row in rows)


def now() -> str:
    """The moment, in UTC, as the record writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


# The current versions are bound twice, as ?1 and ?2; NULL means "whatever they were".
_WITH_STATE = """
    SELECT a.*, r.coder, r.lexicon FROM (
        SELECT key, id, published, title, publisher, url, language, words, added_at, changed, run, coded_at, problem,
            CASE WHEN state = 'coded' AND (changed OR run NOT IN (
                SELECT id FROM runs WHERE coder = coalesce(?1, coder) AND lexicon = coalesce(?2, lexicon)
            )) THEN 'stale' ELSE state END AS state
        FROM articles
    ) a LEFT JOIN runs r ON r.id = a.run
"""


def _version_values(current: Versions | None) -> tuple[str | None, str | None]:
    return (current.coder, current.lexicon) if current else (None, None)


def _insert(db: sqlite3.Connection, article: Article) -> bool:
    plain = [clean(part) for part in (article.id, article.title, article.publisher, article.url, article.text)]
    exact = [article.id, article.title, article.publisher, article.url, article.text]
    key = db.execute(
        "INSERT INTO articles (id, published, title, publisher, url, language, words, added_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING key",
        (
            plain[0],
            article.published.isoformat() if article.published else None,
            *plain[1:4],
            article.language,
            len(article.text.split()),
            now(),
        ),
    ).fetchone()
    if key is None:
        return False
    broken = to_json(article) if plain != exact else None
    db.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", (key[0], plain[1], plain[4], broken))
    return True


def _fill_date(db: sqlite3.Connection, article: Article) -> bool:
    row = db.execute("SELECT published FROM articles WHERE id = ?", (clean(article.id),)).fetchone()
    if row[0] is not None:
        return False
    return _set_date(db, article.id, article.published, "", "added again with a date")


def _set_date(db: sqlite3.Connection, article_id: str, published: dt.date | None, who: str, reason: str) -> bool:
    row = db.execute("SELECT key, published FROM articles WHERE id = ?", (clean(article_id),)).fetchone()
    if row is None:
        raise StoreError(f"no article {article_id!r} in this project")
    after = published.isoformat() if published else None
    if row[1] == after:
        return False
    db.execute(
        "UPDATE articles SET published = ?, changed = (state = 'coded' OR changed) WHERE key = ?", (after, row[0])
    )
    db.execute(
        "INSERT INTO corrections (at, who, kind, subject, before, after, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (now(), clean(who), "published", clean(article_id), row[1] or "", after or "", clean(reason)),
    )
    return True


def _as_row(row: tuple[Any, ...]) -> ArticleRow:
    published = dt.date.fromisoformat(row[3]) if row[3] else None
    made = (text or "" for text in row[11:15])
    return ArticleRow(*row[:3], published, *row[4:7], State(row[7]), *row[8:11], *made)  # type: ignore[call-arg]


def _no_article(project: Project, article_id: str) -> StoreError:
    return StoreError(f"{project.path}: no article {article_id!r}; it may have been removed")
