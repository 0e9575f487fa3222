"""What was read in an article: its codings, time expressions and mentions, saved and read back."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from timeline.errors import StoreError
from timeline.records import Article, Coding, Event, Mention, TimeExpression
from timeline.store.articles import Versions, now, read_article
from timeline.store.codes import EVENT_TYPE_CODES, name_event
from timeline.store.project import Project
from timeline.store.serial import clean, from_json, many_from_json, to_json

ENGLISH = frozenset({"", "en"})  # "" is not detected


class CodedLike(Protocol):
    """What the coder hands back for an article; the store needs no more of it."""

    @property
    def article(self) -> Article: ...
    @property
    def timexes(self) -> Sequence[TimeExpression]: ...
    @property
    def mentions(self) -> Sequence[Mention]: ...
    @property
    def codings(self) -> Sequence[Coding]: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """An article with all that was read in it; the tuples are empty where it is not coded."""

    article: Article
    timexes: tuple[TimeExpression, ...]
    mentions: tuple[Mention, ...]
    codings: tuple[Coding, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which coder and lexicon read an article, and when (UTC); empty where it was not coded."""

    coder: str
    lexicon: str
    coded_at: str


@dataclass(frozen=True, slots=True)
class Report:
    """One coding of an event, with the article it stands in.

    `coding` has the values that readers corrected; `as_coded` is what the coder made of the sentence, None where a
    reader added the act.
    """

    coding: Coding
    article: Article
    sentence: str
    provenance: Provenance
    as_coded: Coding | None = None


def save_coded(project: Project, coded: CodedLike, versions: Versions) -> bool:
    """Replace what was read in one article, all at once; False if the article is gone by now.

    If its publication date was set while it was being coded, the codings are saved and stay marked stale. Of
    codings with the same id the first is kept.

    Raises:
        ValueError: A coding is impossible: an unknown type, a span outside the text, a confidence outside 0 to 1.
    """
    article = coded.article
    for coding in coded.codings:
        _check(coding, article)
    with project.write() as db:
        row = db.execute("SELECT key, published FROM articles WHERE id = ?", (clean(article.id),)).fetchone()
        if row is None:
            return False
        key, published = row
        _replace_codings(db, key, article, coded.codings)
        db.execute(
            "INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", (key, to_json(coded.timexes), to_json(coded.mentions))
        )
        changed = published != (article.published.isoformat() if article.published else None)
        state = "coded" if article.language in ENGLISH else "not_english"
        _mark(db, key, state, versions, changed=changed)
        db.execute("UPDATE articles SET language = ? WHERE key = ?", (article.language, key))
    return True


def save_failure(project: Project, article_id: str, message: str, versions: Versions) -> None:
    """Mark an article whose coding failed and log why; what an earlier run read in it is dropped."""
    _save_uncodable(project, article_id, "failed", message, versions)


def save_not_english(project: Project, article_id: str, versions: Versions) -> None:
    """Mark an article in another language: it is kept and shown, but nothing is coded from it."""
    _save_uncodable(project, article_id, "not_english", "", versions)


def read_coded(project: Project, article_id: str) -> Reading:
    """The article and what was read in it, codings in the order of the text.

    Raises:
        StoreError: There is no such article.
    """
    with project.read() as db:
        article = read_article(project, article_id)
        row = db.execute(
            "SELECT timexes, mentions FROM readings WHERE article = (SELECT key FROM articles WHERE id = ?)",
            (clean(article_id),),
        ).fetchone() or ("[]", "[]")
        bodies = db.execute(
            "SELECT body FROM codings WHERE article = (SELECT key FROM articles WHERE id = ?)", (clean(article_id),)
        ).fetchall()
    codings = sorted((from_json(Coding, body) for (body,) in bodies), key=lambda c: (c.start, c.trigger_start, c.id))
    return Reading(article, many_from_json(TimeExpression, row[0]), many_from_json(Mention, row[1]), tuple(codings))


def read_codings(project: Project, articles: Iterable[str] | None = None) -> Iterator[tuple[Coding, str]]:
    """Every coding as coded, or those of some articles, each with its sentence, in the order of coding ids."""
    query = "SELECT c.body, c.sentence FROM codings c"
    values: tuple[str, ...] = ()
    if articles is not None:
        query += " JOIN articles a ON a.key = c.article WHERE a.id IN (SELECT value FROM json_each(?))"
        values = (to_json(sorted(map(clean, articles))),)
    with project.read() as db:
        for body, sentence in db.execute(f"{query} ORDER BY c.id", values):
            yield from_json(Coding, body), sentence


def read_outlets(project: Project) -> dict[str, tuple[str, dt.date | None]]:
    """Publisher and publication date of every article with codings, by article id as codings have it."""
    with project.read() as db:
        rows = db.execute("SELECT id, publisher, published FROM articles").fetchall()
    return {row[0]: (row[1], dt.date.fromisoformat(row[2]) if row[2] else None) for row in rows}


def find_event(project: Project, key: int) -> Event | None:
    """The merged event with its codings, those of articles removed since left out; None if there is none."""
    with project.read() as db:
        row = db.execute("SELECT body FROM merged WHERE event = ?", (key,)).fetchone()
        if row is None:
            return None
        codings = tuple(sorted((report.coding for report in read_reports(project, key)), key=lambda coding: coding.id))
    return replace(from_json(Event, row[0]), codings=codings)


def read_reports(project: Project, key: int) -> tuple[Report, ...]:
    """The codings merged into an event, each with its article: earliest published first."""
    with project.read() as db:
        rows = db.execute(
            "SELECT coalesce(x.body, c.body), coalesce(x.sentence, c.sentence), a.id,"
            " coalesce(u.coder, ''), coalesce(u.lexicon, ''), coalesce(a.coded_at, ''), c.body"
            " FROM reports r LEFT JOIN codings c ON c.id = r.coding LEFT JOIN curated x ON x.coding = r.coding"
            " JOIN articles a ON a.key = coalesce(c.article, x.article)"
            " LEFT JOIN runs u ON u.id = a.run WHERE r.event = ?"
            " ORDER BY a.published IS NULL, a.published, a.id, r.coding",
            (key,),
        ).fetchall()
        articles = {row[2]: read_article(project, row[2]) for row in rows}
    return tuple(
        Report(
            from_json(Coding, row[0]), articles[row[2]], row[1], Provenance(*row[3:6]),
            from_json(Coding, row[6]) if row[6] else None,
        )
        for row in rows
    )  # fmt: skip


def find_event_of(project: Project, coding_id: str) -> str | None:
    """The id of the event that a coding is merged into; None where it is in none."""
    with project.read() as db:
        row = db.execute("SELECT event FROM reports WHERE coding = ?", (coding_id,)).fetchone()
    return None if row is None else name_event(row[0])


def read_sentences(project: Project, keys: Iterable[int]) -> dict[int, str]:
    """One sentence for each event, that of its most confident coding; events without text are absent."""
    with project.read() as db:
        rows = db.execute(
            "SELECT r.event, coalesce(c.sentence, x.sentence), max(coalesce(c.confidence, 1.0)) FROM json_each(?) e"
            " JOIN reports r ON r.event = e.value LEFT JOIN codings c ON c.id = r.coding"
            " LEFT JOIN curated x ON x.coding = r.coding AND c.key IS NULL"
            " WHERE c.key IS NOT NULL OR x.coding IS NOT NULL GROUP BY r.event",
            (to_json(list(keys)),),
        ).fetchall()
    return {row[0]: row[1] for row in rows}


def read_marks(project: Project, keys: Iterable[int]) -> dict[int, tuple[bool, bool]]:
    """Whether each event was corrected, and whether reviewed."""
    wanted = list(keys)
    with project.read() as db:
        rows = db.execute(
            "SELECT event, corrected, reviewed FROM marks WHERE event IN (SELECT value FROM json_each(?))",
            (to_json(wanted),),
        )
        found = {row[0]: (bool(row[1]), bool(row[2])) for row in rows}
    return {key: found.get(key, (False, False)) for key in wanted}


def find_marked(project: Project, corrected: bool = False) -> tuple[int, ...]:
    """Keys of the events that readers reviewed or corrected, or of the corrected ones alone, ascending."""
    with project.read() as db:
        rows = db.execute("SELECT event FROM marks WHERE corrected OR (reviewed AND NOT ?) ORDER BY 1", (corrected,))
        return tuple(row[0] for row in rows)


def read_addresses(project: Project, keys: Iterable[int]) -> dict[int, str]:
    """The address of the article that the sentence of `read_sentences` stands in, where it has one."""
    with project.read() as db:
        rows = db.execute(
            "SELECT r.event, a.url, max(c.confidence) FROM json_each(?) e JOIN reports r ON r.event = e.value"
            " JOIN codings c ON c.id = r.coding JOIN articles a ON a.key = c.article GROUP BY r.event",
            (to_json(list(keys)),),
        ).fetchall()
    return {row[0]: row[1] for row in rows if row[1]}


def read_provenance(project: Project, article_id: str) -> Provenance:
    """Which versions coded an article; raises StoreError if there is no such article."""
    with project.read() as db:
        row = db.execute(
            "SELECT coalesce(r.coder, ''), coalesce(r.lexicon, ''), coalesce(a.coded_at, '')"
            " FROM articles a LEFT JOIN runs r ON r.id = a.run WHERE a.id = ?",
            (clean(article_id),),
        ).fetchone()
    if row is None:
        raise StoreError(f"{project.path}: no article {article_id!r}; it may have been removed")
    return Provenance(*row)


def list_problems(project: Project, limit: int = 1000) -> tuple[tuple[str, str, str, str], ...]:
    """What went wrong, latest first: (time, stage, article id or file, message)."""
    with project.read() as db:
        rows = db.execute("SELECT at, stage, subject, message FROM problems ORDER BY id DESC LIMIT ?", (limit,))
        return tuple((row[0], row[1], row[2], row[3]) for row in rows)


def log_problem(project: Project, stage: str, subject: str, message: str) -> None:
    """Add a line to the project's log of problems."""
    with project.write() as db:
        _log(db, stage, subject, message)


def _check(coding: Coding, article: Article) -> None:
    """Refuse what would break every later step; the message names the coding's place."""
    spans = ((coding.start, coding.end), (coding.trigger_start, coding.trigger_end))
    if any(not 0 <= start <= end <= len(article.text) for start, end in spans):
        raise ValueError(f"coding at {coding.start}-{coding.end}: outside the text of {len(article.text)} characters")
    if coding.event_type not in EVENT_TYPE_CODES:
        raise ValueError(f"coding at {coding.start}-{coding.end}: unknown event type {coding.event_type!r}")
    if not 0.0 <= coding.confidence <= 1.0:
        raise ValueError(f"coding at {coding.start}-{coding.end}: confidence {coding.confidence} is not from 0 to 1")
    if coding.article_id != article.id:
        raise ValueError(f"coding at {coding.start}-{coding.end}: belongs to article {coding.article_id!r}")


def _replace_codings(db: sqlite3.Connection, key: int, article: Article, codings: Iterable[Coding]) -> None:
    db.execute("DELETE FROM codings WHERE article = ?", (key,))
    for coding in codings:
        sentence = clean(article.text[coding.start : coding.end])
        db.execute(
            "INSERT INTO codings (id, article, event_type, realis, confidence, sentence, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (coding.id, key, coding.event_type, coding.realis, coding.confidence, sentence, to_json(coding)),
        )


def _save_uncodable(project: Project, article_id: str, state: str, message: str, versions: Versions) -> None:
    with project.write() as db:
        row = db.execute("SELECT key FROM articles WHERE id = ?", (clean(article_id),)).fetchone()
        if row is None:
            return
        db.execute("DELETE FROM codings WHERE article = ?", row)
        db.execute("DELETE FROM readings WHERE article = ?", row)
        _mark(db, row[0], state, versions, problem=message)
        if message:
            _log(db, "code", article_id, message)


def _mark(
    db: sqlite3.Connection, key: int, state: str, versions: Versions, *, changed: bool = False, problem: str = ""
) -> None:
    run = (clean(versions.coder), clean(versions.lexicon))
    db.execute("INSERT INTO runs (coder, lexicon) VALUES (?, ?) ON CONFLICT DO NOTHING", run)
    db.execute(
        "UPDATE articles SET state = ?, changed = ?, run = (SELECT id FROM runs WHERE coder = ? AND lexicon = ?),"
        " coded_at = ?, problem = ? WHERE key = ?",
        (state, changed, *run, now(), clean(problem), key),
    )
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")


def _log(db: sqlite3.Connection, stage: str, subject: str, message: str) -> None:
    db.execute(
        "INSERT INTO problems (at, stage, subject, message) VALUES (?, ?, ?, ?)",
        (now(), stage, clean(subject), clean(message)),
    )
