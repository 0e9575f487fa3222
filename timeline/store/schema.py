"""The tables of the project file and the steps from each earlier version to this one.

`user_version` counts the steps taken. A step is never edited once released: a project of any age is brought
forward by running the rest, all in one transaction, so a killed migration leaves the old version whole.
"""

from __future__ import annotations

import sqlite3

from timeline.errors import NewerStoreError

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('generation', 0);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    coder TEXT NOT NULL,
    lexicon TEXT NOT NULL,
    UNIQUE (coder, lexicon)
);

CREATE TABLE articles (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    published TEXT,
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,
    url TEXT NOT NULL,
    language TEXT NOT NULL,
    words INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'uncoded' CHECK (state IN ('uncoded', 'coded', 'failed', 'not_english')),
    changed INTEGER NOT NULL DEFAULT 0,   -- its date was set after it was coded
    run INTEGER REFERENCES runs (id),
    coded_at TEXT,
    problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX articles_by_state ON articles (state, changed, run);
CREATE INDEX articles_by_day ON articles (published);

-- Text apart from the rest, so that lists of articles do not read it. `exact` is the whole article as JSON
-- where some of its text holds lone surrogates, which SQLite cannot keep as text.
CREATE TABLE texts (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    exact TEXT
);

CREATE TABLE readings (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
    timexes TEXT NOT NULL,
    mentions TEXT NOT NULL
);

CREATE TABLE codings (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    event_type TEXT NOT NULL,
    realis TEXT NOT NULL,
    confidence REAL NOT NULL,
    sentence TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX codings_by_article ON codings (article);

-- What `derive_events` made of the codings; rewritten together with the snapshot it belongs to.
CREATE TABLE merged (event INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE reports (
    event INTEGER NOT NULL,
    coding TEXT NOT NULL,
    PRIMARY KEY (event, coding)
) WITHOUT ROWID;
CREATE INDEX reports_by_coding ON reports (coding);

-- Dictionaries of the small integers in the event table. Rows are added and renamed, never renumbered
-- or deleted: an older snapshot of the table must still find its names.
CREATE TABLE actors (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    country TEXT,
    sector TEXT,
    part_of TEXT,
    known INTEGER NOT NULL,
    described INTEGER NOT NULL   -- 0 only heard of as the `part_of` of another, 1 by codings, 2 by a lexicon
);
CREATE TABLE publishers (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE places (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    UNIQUE (name, country, latitude, longitude)
);

CREATE TABLE corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX corrections_by_subject ON corrections (kind, subject);

CREATE TABLE batches (id TEXT PRIMARY KEY, at TEXT NOT NULL, events INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE problems (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    stage TEXT NOT NULL,
    subject TEXT NOT NULL,
    message TEXT NOT NULL
);

-- What near-duplicates are found by, see reading.duplicates.
CREATE TABLE signatures (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
    packed BLOB NOT NULL
);
CREATE TABLE duplicates (
    article TEXT NOT NULL,
    other TEXT NOT NULL,
    share REAL NOT NULL,
    PRIMARY KEY (article, other)
) WITHOUT ROWID;

-- Contentless indexes: the words without a second copy of the text. SQLite before 3.43 can delete from
-- them only by being told the old text, which the triggers do, also for rows that go by cascade.
CREATE VIRTUAL TABLE text_index USING fts5 (title, text, content = '', tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER texts_added AFTER INSERT ON texts BEGIN
    INSERT INTO text_index (rowid, title, text) VALUES (new.article, new.title, new.text);
END;
CREATE TRIGGER texts_removed AFTER DELETE ON texts BEGIN
    INSERT INTO text_index (text_index, rowid, title, text) VALUES ('delete', old.article, old.title, old.text);
END;
CREATE VIRTUAL TABLE sentence_index USING fts5 (sentence, content = '', tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER codings_added AFTER INSERT ON codings BEGIN
    INSERT INTO sentence_index (rowid, sentence) VALUES (new.key, new.sentence);
END;
CREATE TRIGGER codings_removed AFTER DELETE ON codings BEGIN
    INSERT INTO sentence_index (sentence_index, rowid, sentence) VALUES ('delete', old.key, old.sentence);
END;
"""

_IMPORTS = """
-- Event tables imported: one row for each file and format, and one for each batch of its rows. `first` and `last`
-- are the least and greatest event keys whose original rows are in `originals/<batch>.parquet`.
CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    digest TEXT NOT NULL,
    format TEXT NOT NULL,
    begun TEXT NOT NULL,
    finished TEXT
) WITHOUT ROWID;
CREATE TABLE originals (
    batch TEXT PRIMARY KEY,
    import TEXT NOT NULL REFERENCES imports (id),
    number INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    events INTEGER NOT NULL,
    known INTEGER NOT NULL,
    rejected INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX originals_by_key ON originals (first, last);
CREATE INDEX originals_by_import ON originals (import, number);
"""

_SEALS = """
-- Hashes of the files beside the record, see store.seals.
CREATE TABLE seals (file TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
"""

_CURATION = """
-- A correction's own id, a hash of its content, is the same in every project; NULL for publication dates set here.
ALTER TABLE corrections ADD COLUMN uid TEXT;
CREATE UNIQUE INDEX corrections_by_uid ON corrections (uid);

-- What corrections made of codings, rewritten with the events: codings changed or added, and events with a mark.
CREATE TABLE curated (coding TEXT PRIMARY KEY, article INTEGER NOT NULL, sentence TEXT NOT NULL, body TEXT NOT NULL)
    WITHOUT ROWID;
CREATE VIRTUAL TABLE added_index USING fts5 (sentence, event UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE marks (event INTEGER PRIMARY KEY, corrected INTEGER NOT NULL, reviewed INTEGER NOT NULL);
"""

_NARROW_PROJECTION = """
-- The projection by actor has other columns since: queries do without the old one until `timeline compact`.
UPDATE meta SET value = json_set(value, '$.by_actor', '') WHERE key = 'snapshot';
DELETE FROM meta WHERE key = 'compacted';
"""

_NEWER_ROWS = """
-- Of `changed` rows of a batch the events were there already, from older rows. Batches take turns: of two rows of an
-- event the one of the later batch counts.
ALTER TABLE originals ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE originals ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _IMPORTS, _SEALS, _CURATION, _NARROW_PROJECTION, _NEWER_ROWS)
SCHEMA_VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection, where: str, migrations: tuple[str, ...] = MIGRATIONS) -> None:
    """Bring the project file to the newest version; nothing happens where it is there already.

    Two processes may call this at once: the second waits, then finds the work done.

    Raises:
        NewerStoreError: A later release wrote the file.
    """
    if check_version(connection, where, len(migrations)) == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in range(check_version(connection, where, len(migrations)), len(migrations)):
            for statement in _statements(migrations[step]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {step + 1}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def check_version(connection: sqlite3.Connection, where: str, newest: int = SCHEMA_VERSION) -> int:
    """The version of the project file; raises NewerStoreError if this release does not know it."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > newest:
        raise NewerStoreError(
            f"{where}: written by a newer release (store version {version}, this one knows {newest}); "
            "upgrade with: pip install --upgrade event-timeline"
        )
    return version


def _statements(script: str) -> list[str]:
    """The script cut into statements, each ending a line: `executescript` would commit our transaction."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
