"""The record: articles, codings, and what can go wrong with the folder."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import FakeCoded, FakeCoder, article, coded_project, timex

from timeline.errors import NewerStoreError, StoreError
from timeline.records import Article
from timeline.store import (
    State,
    Versions,
    add_articles,
    count_articles,
    link_duplicates,
    list_articles,
    list_duplicates,
    list_problems,
    log_problem,
    open_project,
    read_article,
    read_coded,
    read_provenance,
    remove_articles,
    save_coded,
    save_failure,
    save_not_english,
    set_published,
)
from timeline.store.health import check_project
from timeline.store.project import RECORD, Project, explain
from timeline.store.schema import MIGRATIONS, SCHEMA_VERSION, migrate
from timeline.store.search import match_words

VERSIONS = Versions("coder-1", "lexicon-1")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    opened = open_project(tmp_path / "project", create=True)
    yield opened
    opened.close()


def save(project: Project, item: Article, versions: Versions = VERSIONS) -> FakeCoded:
    coded = FakeCoder().code(item)
    save_coded(project, coded, versions)
    return coded


def states(project: Project, current: Versions | None = None) -> dict[str, str]:
    return {row.id: str(row.state) for row in list_articles(project, current=current)}


# --- articles ------------------------------------------------------------------------------------------------------


def test_adding_twice_is_adding_once(project: Project) -> None:
    """The id decides; the second time changes nothing."""
    items = [article(n) for n in range(5)]

    assert add_articles(project, items).new == tuple(item.id for item in items)
    again = add_articles(project, [replace(items[0], title="another title"), *items[1:]])
    assert (again.new, again.dated, len(again.known)) == ((), (), 5)
    assert read_article(project, items[0].id) == items[0]


TEXT = st.text(st.characters(), max_size=60)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    item=st.builds(
        Article,
        st.text("abc\ud800é", min_size=1, max_size=8),
        TEXT,
        st.none() | st.dates(),
        TEXT,
        TEXT,
        TEXT,
        st.sampled_from(["", "en", "de"]),
    )
)
def test_an_article_reads_back_as_it_was_added(project: Project, item: Article) -> None:
    """Lone surrogates, NUL and everything else that JSON files of articles hold."""
    remove_articles(project, [item.id])
    add_articles(project, [item])

    assert read_article(project, item.id) == item
    remove_articles(project, [item.id])


def test_a_failing_reader_loses_nothing_that_came_before(project: Project) -> None:
    """What a generator gave before it raised is on disk."""

    def some() -> Iterator[Article]:
        yield article(1)
        yield article(2)
        raise OSError("cable pulled")

    with pytest.raises(OSError, match="cable"):
        add_articles(project, some())
    assert len(list_articles(project)) == 2


def test_a_date_that_was_missing_is_filled_in(project: Project) -> None:
    """Adding again with --published is how a newcomer mends the warning."""
    add_articles(project, [article(1, published=None)])

    assert add_articles(project, [article(1)]).dated == ("article-0001",)
    assert read_article(project, "article-0001").published == dt.date(2020, 3, 6)
    assert add_articles(project, [article(1, published=dt.date(2021, 1, 1))]).dated == ()
    assert read_article(project, "article-0001").published == dt.date(2020, 3, 6)


def test_setting_the_date_is_recorded_and_makes_the_codings_stale(project: Project) -> None:
    """Who changed what, from what, and why; the article is to be coded again."""
    add_articles(project, [article(1)])
    save(project, article(1))

    assert set_published(project, "article-0001", dt.date(2020, 3, 5), who="ann", reason="see the print")
    assert not set_published(project, "article-0001", dt.date(2020, 3, 5))
    assert states(project) == {"article-0001": "stale"}
    with project.read() as db:
        rows = db.execute("SELECT who, kind, subject, before, after, reason FROM corrections").fetchall()
    assert rows == [("ann", "published", "article-0001", "2020-03-06", "2020-03-05", "see the print")]
    with pytest.raises(StoreError, match="no article 'nope'"):
        set_published(project, "nope", None)


def test_an_uncoded_article_stays_uncoded_when_dated(project: Project) -> None:
    """Stale means that there is something to redo."""
    add_articles(project, [article(1, published=None)])
    set_published(project, "article-0001", dt.date(2020, 3, 5))

    assert states(project) == {"article-0001": "uncoded"}


def test_a_date_set_while_coding_leaves_the_article_stale(project: Project) -> None:
    """The coder read it with the date of before."""
    add_articles(project, [article(1)])
    coded = FakeCoder().code(read_article(project, "article-0001"))
    set_published(project, "article-0001", dt.date(2020, 1, 1))
    save_coded(project, coded, VERSIONS)

    assert states(project) == {"article-0001": "stale"}


def test_states(project: Project) -> None:
    """Uncoded, coded, stale by version, failed, not English: listed, counted, filtered."""
    add_articles(project, [article(n) for n in range(5)])
    save(project, article(1))
    save(project, article(2), Versions("coder-0", "lexicon-1"))
    save_failure(project, "article-0003", "ValueError: odd", VERSIONS)
    save_not_english(project, "article-0004", VERSIONS)

    expected = {
        "article-0000": "uncoded",
        "article-0001": "coded",
        "article-0002": "stale",
        "article-0003": "failed",
        "article-0004": "not_english",
    }
    assert states(project, VERSIONS) == expected
    assert states(project)["article-0002"] == "coded"
    assert count_articles(project, current=VERSIONS) == dict.fromkeys(State, 1)
    assert [row.id for row in list_articles(project, states=[State.FAILED])] == ["article-0003"]
    assert [row[1:] for row in list_problems(project)] == [("code", "article-0003", "ValueError: odd")]


def test_the_list_of_articles(project: Project) -> None:
    """Undated first, they want a date; then the latest; counts and versions beside."""
    add_articles(project, [article(1), article(2, published=dt.date(2021, 1, 1)), article(3, published=None)])
    save(project, article(1))

    rows = list_articles(project)
    assert [row.id for row in rows] == ["article-0003", "article-0002", "article-0001"]
    assert (rows[2].codings, rows[2].words, rows[2].coder, rows[2].lexicon) == (1, 13, "coder-1", "lexicon-1")
    assert [row.id for row in list_articles(project, limit=1, offset=1)] == ["article-0002"]
    assert [row.id for row in list_articles(project, ids=["article-0001", "gone"])] == ["article-0001"]
    assert [row.id for row in list_articles(project, text="report 3")] == ["article-0003"]


def test_removing_takes_everything_along(project: Project) -> None:
    """Text, codings, links and search entries go; the rest stays."""
    add_articles(project, [article(1), article(2)])
    save(project, article(1))
    link_duplicates(project, [("article-0002", "article-0001", 0.75)])

    assert remove_articles(project, ["article-0001", "never there"]) == 1
    assert list_duplicates(project) == ()
    assert list_articles(project, text="attacked number 1") == ()
    with project.read() as db:
        for table in ("texts", "readings", "codings"):
            assert db.execute(f"SELECT count(*) FROM {table} WHERE article = 1").fetchone() == (0,)
        db.execute("SELECT * FROM sentence_index WHERE sentence_index MATCH 'attacked'").fetchall()
    with pytest.raises(StoreError, match="may have been removed"):
        read_article(project, "article-0001")


def test_links_between_near_duplicates(project: Project) -> None:
    """A link has no direction, and is kept once."""
    link_duplicates(project, [("b", "a", 0.7), ("a", "b", 0.8), ("c", "d", 1.0)])

    assert list_duplicates(project) == (("a", "b", 0.8), ("c", "d", 1.0))
    assert list_duplicates(project, "b") == (("a", "b", 0.8),)


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("two words", '"two" "words"'),
        ('"the phrase" x', '"the phrase" "x"'),
        ("attack*", '"attack"*'),
        ('"the phr"*', '"the phr"*'),
        ("", '""'),
        ("… !", '""'),
        ("NOT a OR (b", '"NOT" "a" "OR" "(b"'),
        ('open "quote', '"open" "quote"'),
        ("nul\0byte", '"nul" "byte"'),
    ],
)
def test_what_is_typed_into_search(typed: str, expression: str) -> None:
    """Words, phrases and prefixes; nothing typed is a syntax error."""
    assert match_words(typed) == expression


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(st.characters(), max_size=30))
def test_search_takes_anything(project: Project, typed: str) -> None:
    """SQLite accepts every expression that typing can give."""
    assert isinstance(list_articles(project, text=typed), tuple)


# --- codings -------------------------------------------------------------------------------------------------------


def test_what_was_read_in_an_article_reads_back(project: Project) -> None:
    """Codings, time expressions, mentions and the versions that found them."""
    add_articles(project, [article(1)])
    coded = replace(FakeCoder().code(article(1)), timexes=(timex("Thursday"),))
    save_coded(project, coded, VERSIONS)

    reading = read_coded(project, "article-0001")
    assert (reading.article, reading.timexes) == (coded.article, coded.timexes)
    assert (reading.mentions, reading.codings) == (coded.mentions, coded.codings)
    provenance = read_provenance(project, "article-0001")
    assert (provenance.coder, provenance.lexicon) == ("coder-1", "lexicon-1")
    assert dt.datetime.fromisoformat(provenance.coded_at).tzinfo is not None


def test_coding_again_replaces(project: Project) -> None:
    """Nothing of an earlier reading stays, not even in the search."""
    add_articles(project, [article(1)])
    save(project, article(1))
    save_coded(project, FakeCoded(article(1)), Versions("coder-2", "lexicon-1"))

    assert read_coded(project, "article-0001").codings == ()
    with project.read() as db:
        found = db.execute("SELECT rowid FROM sentence_index WHERE sentence_index MATCH 'attacked'").fetchall()
    assert found == []


def test_a_reading_of_a_removed_article_is_dropped(project: Project) -> None:
    """It may be removed while another process codes it."""
    assert not save_coded(project, FakeCoder().code(article(1)), VERSIONS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event_type": "EXPLODE"}, "unknown event type 'EXPLODE'"),
        ({"end": 10_000}, "outside the text"),
        ({"trigger_start": -1}, "outside the text"),
        ({"confidence": float("nan")}, "not from 0 to 1"),
        ({"article_id": "other"}, "belongs to article 'other'"),
    ],
)
def test_impossible_codings_are_refused(project: Project, change: dict[str, object], words: str) -> None:
    """A coder's bug shows at once, and what was there before stays."""
    add_articles(project, [article(1)])
    coded = save(project, article(1))
    broken = replace(coded, codings=(replace(coded.codings[0], **change),))

    with pytest.raises(ValueError, match=words):
        save_coded(project, broken, VERSIONS)
    assert read_coded(project, "article-0001").codings == coded.codings


# --- the folder ----------------------------------------------------------------------------------------------------


def test_opening_what_is_not_there(tmp_path: Path) -> None:
    """No project is an error unless one is to be made."""
    with pytest.raises(StoreError, match="no project here"):
        open_project(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="a project is a folder"):
        open_project(tmp_path / "file", create=True)
    with pytest.raises(StoreError, match="cannot make the folder"):
        open_project(tmp_path / "file" / "below", create=True)


@pytest.mark.parametrize("name", ["a[1]", "50%20", "line\nbreak"])
def test_folder_names_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    """The Delta library stumbles over these; say so before anything is written."""
    with pytest.raises(StoreError, match="must not hold"):
        open_project(tmp_path / name, create=True)
    assert not (tmp_path / name).exists()


def test_a_damaged_record(tmp_path: Path) -> None:
    """Something else under our name is left alone and named."""
    (tmp_path / RECORD).write_bytes(b"this is no database, by any means" * 100)

    with pytest.raises(StoreError, match="damaged"):
        open_project(tmp_path)
    assert (tmp_path / RECORD).read_bytes().startswith(b"this is no database")


def test_a_record_of_a_newer_release(tmp_path: Path) -> None:
    """It is not touched, and the message says how to upgrade."""
    open_project(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / RECORD) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()
    before = (tmp_path / RECORD).read_bytes()

    with pytest.raises(NewerStoreError, match="pip install --upgrade"):
        open_project(tmp_path)
    assert (tmp_path / RECORD).read_bytes() == before


@pytest.mark.parametrize("version", range(SCHEMA_VERSION))
def test_a_record_of_any_earlier_release_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    """From each earlier version, the empty file (0) among them, to the tables of today."""
    old = sqlite3.connect(tmp_path / RECORD, isolation_level=None)
    migrate(old, "here", MIGRATIONS[:version])
    old.close()

    project = open_project(tmp_path)
    coded_project(project, 2)
    assert tables_of(project) == tables_of(open_project(tmp_path / "new", create=True))


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_what_an_earlier_release_kept_is_still_there(tmp_path: Path, version: int) -> None:
    """An article with its text and date, added when the file was of that version."""
    old = sqlite3.connect(tmp_path / RECORD, isolation_level=None)
    migrate(old, "here", MIGRATIONS[:version])
    old.execute(
        "INSERT INTO articles (id, published, title, publisher, url, language, words, added_at)"
        " VALUES ('old', '2019-01-02', 'Title', 'Post', '', 'en', 2, '2020-01-01T00:00:00')"
    )
    old.execute("INSERT INTO texts (article, title, text) SELECT key, title, 'Two words' FROM articles")
    old.close()

    project = open_project(tmp_path)

    assert read_article(project, "old") == Article("old", "Two words", dt.date(2019, 1, 2), "Title", "Post", "", "en")
    coded_project(project, 2)
    assert check_project(project) == ()


def tables_of(project: Project) -> list[tuple[str, ...]]:
    with project.read() as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        return [row for row in db.execute("SELECT name, sql FROM sqlite_schema ORDER BY 1") if row[1]]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    """All steps are one transaction: the file stays in the old version, whole."""
    db = sqlite3.connect(tmp_path / RECORD, isolation_level=None)
    migrate(db, "here", ("CREATE TABLE one (x);",))

    with pytest.raises(sqlite3.OperationalError):
        migrate(db, "here", ("CREATE TABLE one (x);", "CREATE TABLE two (x);", "NONSENSE;"))
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert [row[0] for row in db.execute("SELECT name FROM sqlite_schema")] == ["one"]
    db.close()


def test_a_full_disk(project: Project) -> None:
    """The message says so, what was there stays, and the next attempt works."""
    add_articles(project, [article(1)])
    with project.read() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    project._connection().execute(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(StoreError, match="disk is full; what was finished is kept"):
        add_articles(project, [article(n, "word " * 5_000) for n in range(2, 9)])
    assert [row.id for row in list_articles(project)] == ["article-0001"]
    project._connection().execute("PRAGMA max_page_count = 1000000")
    assert len(add_articles(project, [article(2)]).new) == 1


READ_ONLY = """
import sys
from timeline.errors import StoreError
from timeline.queries import EVERYTHING, count_events, open_tables, select_events
from timeline.store import add_articles, list_articles, open_project, set_published
from timeline.store.events import derive_events
project = open_project(sys.argv[1])
assert project.read_only
assert len(list_articles(project)) == 3
tables = open_tables(project)
assert count_events(tables, EVERYTHING) == 3 and select_events(tables, EVERYTHING)["sentence"].all()
for write in (lambda: set_published(project, "article-0001", None), lambda: derive_events(project, force=True)):
    try:
        write()
    except StoreError as error:
        assert "cannot be written to; copy it elsewhere" in str(error), error
    else:
        raise SystemExit("it was written")
print("read")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
def test_a_read_only_folder_can_be_read(tmp_path: Path) -> None:
    """A colleague's project on a share: everything shows, writing says what to do."""
    with_codings = coded_project(open_project(tmp_path / "shared", create=True), 3)
    with_codings.close()
    command = [sys.executable, "-c", READ_ONLY, str(tmp_path / "shared")]
    if os.getuid() == 0:  # root may write anywhere, unless it gives that right away
        if not shutil.which("setpriv"):
            pytest.skip("run as root, and there is no setpriv to lay root's rights down")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    subprocess.run(["chmod", "-R", "a-w", tmp_path / "shared"], check=True)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        subprocess.run(["chmod", "-R", "u+w", tmp_path / "shared"], check=True)

    assert (done.stdout, done.returncode) == ("read\n", 0), done.stderr


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "disk is full"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "cannot be written to"),
        (sqlite3.OperationalError("database is locked"), "another process has been writing"),
        (sqlite3.DatabaseError("database disk image is malformed"), "restore it from a backup"),
        (sqlite3.OperationalError("something new"), "cannot read the project: something new"),
    ],
)
def test_errors_say_what_to_do(error: Exception, words: str) -> None:
    """The folder, the cause in plain words, the remedy."""
    assert words in explain(error, Path("/some/project"), "read")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied", "/full/locked accounts/x.part"), "cannot be written to"),
        (OSError("Failed to open local file '/full/locked accounts/x': Permission denied"), "cannot be written to"),
        (FileNotFoundError(2, "No such file or directory", "/full/corrupt"), "cannot read the project: [Errno 2]"),
    ],
)
def test_the_name_of_a_folder_is_no_cause(error: Exception, words: str) -> None:
    """A folder may be called "full" or "locked"."""
    assert words in explain(error, Path("/full/locked accounts"), "read")


def test_problems_are_kept(project: Project) -> None:
    """Latest first, any text."""
    log_problem(project, "read", "a.pdf", "broken \ud800")
    log_problem(project, "read", "b.pdf", "empty")

    assert [row[2:] for row in list_problems(project)] == [("b.pdf", "empty"), ("a.pdf", "broken \ufffd")]


# --- several at once -----------------------------------------------------------------------------------------------


def test_threads_write_in_turns(project: Project) -> None:
    """Eight threads, one project: every article is there, none twice."""

    def work(number: int) -> None:
        for n in range(20):
            add_articles(project, [article(n), article(1_000 * (number + 1) + n)])
            list_articles(project)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert len(list_articles(project)) == 20 + 8 * 20


def test_a_reader_sees_one_state(project: Project) -> None:
    """What is written while it reads shows only in its next read."""
    add_articles(project, [article(1)])
    with project.read():
        before = len(list_articles(project))
        writer = threading.Thread(target=add_articles, args=(project, [article(2)]))
        writer.start()
        writer.join()
        assert len(list_articles(project)) == before == 1
    assert len(list_articles(project)) == 2


def test_two_openings_of_a_new_folder(tmp_path: Path) -> None:
    """Dashboard and command line may start at the same moment."""
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: open_project(tmp_path / "new", create=True), range(8)))

    assert len(opened) == 8
    assert len({tuple(tables_of(project)) for project in opened}) == 1


def test_a_copy_of_the_folder_is_a_project(project: Project, tmp_path: Path) -> None:
    """Nothing in it knows where it lies."""
    coded_project(project, 2)
    project.close()
    shutil.copytree(project.path, tmp_path / "copy")

    assert len(list_articles(open_project(tmp_path / "copy"))) == 2
