"""Adding, coding, recoding and removing, with a coder made for the test."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from store_samples import ACTORS, FakeCoded, FakeCoder, article, each_alone

from timeline import pipeline
from timeline.errors import StoreError
from timeline.pipeline import CodingRun, Progress, add_articles, code_pending, recode, remove
from timeline.queries import EVERYTHING, count_events, list_actors, open_tables
from timeline.records import Actor, Article
from timeline.store.articles import State, count_articles, list_articles, list_duplicates, read_article, set_published
from timeline.store.codings import list_problems, read_coded
from timeline.store.events import is_current
from timeline.store.project import Project, open_project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    opened = open_project(tmp_path / "project", create=True)
    yield opened
    opened.close()


def events_in(project: Project) -> int:
    return count_events(open_tables(project), EVERYTHING)


def states(project: Project) -> dict[State, int]:
    return {state: number for state, number in count_articles(project).items() if number}


def test_articles_in_events_out(project: Project) -> None:
    """Add, code, and the events are there; coding again finds nothing to do."""
    add_articles(project, [article(n) for n in range(4)])
    coder = FakeCoder()

    run = code_pending(project, coder, merge=each_alone)
    assert run == CodingRun(coded=4, words=52)
    assert events_in(project) == 4
    assert code_pending(project, coder, merge=each_alone) == CodingRun()
    assert len(coder.seen) == 4


def test_adding_reports_progress(project: Project) -> None:
    """Done, total where it is known, title, words so far."""
    seen: list[Progress] = []
    items = [article(n) for n in range(3)]
    add_articles(project, items, seen.append)
    add_articles(project, iter(items), seen.append)

    assert seen[:3] == [Progress(1, 3, "Title 0", 13), Progress(2, 3, "Title 1", 26), Progress(3, 3, "Title 2", 39)]
    assert [progress.total for progress in seen[3:]] == [0, 0, 0]


def test_near_duplicates_are_linked_also_across_runs(project: Project) -> None:
    """The second telling of a report is kept, and points at the first."""
    text = " ".join(f"word{n} of the long report" for n in range(40))
    add_articles(project, [replace(article(1), text=text)])
    add_articles(project, [replace(article(2), text=text + " with one more line at its end"), article(3)])

    assert list_duplicates(project) == (("article-0001", "article-0002", 1.0),)


def test_progress_comes_after_the_article_is_on_disk(project: Project) -> None:
    """What was reported done survives whatever comes next."""
    add_articles(project, [article(n) for n in range(3)])
    coded: list[int] = []

    def watch(progress: Progress) -> None:
        assert progress.total == 3
        coded.append(count_articles(open_project(project.path))[State.CODED])

    code_pending(project, FakeCoder(), progress=watch, merge=each_alone)
    assert coded == [1, 2, 3]


def test_one_bad_article_does_not_stop_the_run(project: Project) -> None:
    """It is marked, logged with the reason, and counted; the others are coded."""
    add_articles(project, [article(0), article(1, "poison"), article(2)])

    run = code_pending(project, FakeCoder(), merge=each_alone)
    assert (run.coded, run.failed) == (2, (("article-0001", "RuntimeError: cannot read this"),))
    assert states(project) == {State.CODED: 2, State.FAILED: 1}
    assert list_problems(project)[0][1:] == ("code", "article-0001", "RuntimeError: cannot read this")
    assert code_pending(project, FakeCoder(), merge=each_alone) == CodingRun()


def test_an_impossible_coding_is_a_failed_article(project: Project) -> None:
    """A bug in the coder is the article's failure, not the run's."""

    @dataclass
    class Broken(FakeCoder):
        def code(self, article: Article) -> FakeCoded:
            coded = super().code(article)
            return replace(coded, codings=(replace(coded.codings[0], end=99_999),))

    add_articles(project, [article(0)])
    run = code_pending(project, Broken(), merge=each_alone)

    assert run.failed[0][1].startswith("ValueError: coding at 0-99999: outside the text")
    assert states(project) == {State.FAILED: 1}


def test_other_languages_are_marked_not_coded(project: Project) -> None:
    """By the reader's word before coding, or by the coder's after."""

    @dataclass
    class Linguist(FakeCoder):
        def code(self, article: Article) -> FakeCoded:
            return FakeCoded(replace(article, language="tr"))

    add_articles(project, [replace(article(0), language="de"), article(1)])
    run = code_pending(project, coder := Linguist(), merge=each_alone)

    assert (run.coded, run.not_english) == (0, 2)
    assert coder.seen == []
    assert states(project) == {State.NOT_ENGLISH: 2}
    assert read_article(project, "article-0001").language == "tr"


def test_a_run_can_be_stopped_and_goes_on_later(project: Project) -> None:
    """Stopping ends in good order: what is coded is seen; the next run does the rest."""
    add_articles(project, [article(n) for n in range(5)])
    coder = FakeCoder()

    run = code_pending(project, coder, should_stop=lambda: len(coder.seen) == 2, merge=each_alone)
    assert (run.coded, run.stopped) == (2, True)
    assert events_in(project) == 2
    run = code_pending(project, coder, merge=each_alone)
    assert (run.coded, run.stopped) == (3, False)
    assert len(coder.seen) == len(set(coder.seen)) == 5


def test_an_interrupted_run_keeps_what_was_done(project: Project) -> None:
    """Ctrl-C in the middle: the events of the finished articles are there."""

    @dataclass
    class Interrupted(FakeCoder):
        def code(self, article: Article) -> FakeCoded:
            if article.id == "article-0002":
                raise KeyboardInterrupt
            return super().code(article)

    add_articles(project, [article(n) for n in range(5)])
    with pytest.raises(KeyboardInterrupt):
        code_pending(project, Interrupted(), merge=each_alone)

    assert states(project) == {State.CODED: 2, State.UNCODED: 3}
    assert events_in(project) == 2


def test_an_article_with_a_new_date_is_pending(project: Project) -> None:
    """Setting the date asks for coding; the event moves."""
    add_articles(project, [article(0), article(1)])
    code_pending(project, FakeCoder(), merge=each_alone)
    set_published(project, "article-0000", dt.date(2019, 1, 1))
    coder = FakeCoder()

    assert code_pending(project, coder, merge=each_alone).coded == 1
    assert coder.seen == ["article-0000"]
    assert read_coded(project, "article-0000").codings[0].date.start == dt.date(2019, 1, 1)


@pytest.mark.parametrize("change", [{"version": "coder-2"}, {"lexicon_version": "lexicon-2"}])
def test_recoding_does_what_is_stale_and_what_failed(project: Project, change: dict[str, str]) -> None:
    """Another coder or another lexicon; never what is up to date, nor what was never coded."""
    add_articles(project, [article(0), article(1, "poison")])
    code_pending(project, FakeCoder(), merge=each_alone)
    newer = FakeCoder(**change)
    add_articles(project, [article(2)])
    code_pending(project, newer, merge=each_alone)
    newer.seen.clear()
    add_articles(project, [article(3)])

    run = recode(project, newer, merge=each_alone)
    assert sorted(newer.seen) == ["article-0000", "article-0001"]
    assert (run.coded, len(run.failed)) == (1, 1)
    newer.seen.clear()
    recode(project, newer, merge=each_alone)
    assert newer.seen == ["article-0001"]


def test_removing(project: Project) -> None:
    """The article goes, and its events with it."""
    add_articles(project, [article(0), article(1)])
    code_pending(project, FakeCoder(), merge=each_alone)

    assert remove(project, ["article-0000", "nope"], each_alone) == 1
    assert events_in(project) == 1
    assert remove(project, ["article-0000"], each_alone) == 0


def test_an_article_removed_during_the_run_is_passed_over(project: Project) -> None:
    """The list of what to code was made when the run began."""
    add_articles(project, [article(0), article(1)])

    def take_away(_: Progress) -> None:
        remove(project, ["article-0001"], each_alone)

    run = code_pending(project, FakeCoder(), progress=take_away, merge=each_alone)
    assert run.coded == 1
    assert states(project) == {State.CODED: 1}


def test_events_come_while_a_long_run_goes_on(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dashboard shows the first events before the last article is coded."""
    monkeypatch.setattr(pipeline, "_DERIVE_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(pipeline, "_DERIVE_SHARE", 1e9)
    add_articles(project, [article(n) for n in range(3)])
    tables = open_tables(project)
    seen: list[int] = []
    code_pending(
        project, FakeCoder(), progress=lambda _: seen.append(count_events(tables, EVERYTHING)), merge=each_alone
    )

    assert seen == [1, 2, 3]


def test_the_store_learns_the_names_of_the_lexicon(project: Project) -> None:
    """A state that only its army stands for still has its name."""

    @dataclass
    class WithLexicon(FakeCoder):
        actors: tuple[Actor, ...] = field(default=ACTORS)

    code_pending(project, WithLexicon(), merge=each_alone)
    assert set(list_actors(open_tables(project))["name"]) == {actor.name for actor in ACTORS}


# --- several processes: the coders below are pickled, so they stand at module level ---------------------------------


@dataclass
class Deadly(FakeCoder):
    """Kills its own process over one article, as running out of memory does."""

    def code(self, article: Article) -> FakeCoded:
        if article.id == "article-0003":
            os._exit(1)
        time.sleep(0.01)
        return super().code(article)


def test_processes_give_what_one_gives(project: Project) -> None:
    """Same codings, same states, failures included."""
    add_articles(project, [article(n, "poison" if n == 5 else "") for n in range(12)])
    seen: list[Progress] = []

    run = code_pending(project, FakeCoder(), processes=2, progress=seen.append, merge=each_alone)
    assert (run.coded, [name for name, _ in run.failed]) == (11, ["article-0005"])
    assert [progress.done for progress in seen] == list(range(1, 13))
    assert events_in(project) == 11


def test_a_killed_process_takes_down_only_its_article(project: Project) -> None:
    """The others in hand are coded again, none is lost, none counted twice."""
    add_articles(project, [article(n) for n in range(8)])

    run = code_pending(project, Deadly(), processes=2, merge=each_alone)
    assert [name for name, _ in run.failed] == ["article-0003"]
    assert "the process that coded it died" in run.failed[0][1]
    assert run.coded == 7
    assert states(project) == {State.CODED: 7, State.FAILED: 1}


def test_a_full_disk_stops_the_run(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is no fault of the article: it is not marked, and the next run codes it."""
    add_articles(project, [article(n) for n in range(3)])

    def full(*_: object) -> bool:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "save_coded", full)
        with pytest.raises(StoreError, match="full"):
            code_pending(project, FakeCoder(), merge=each_alone)
    assert states(project) == {State.UNCODED: 3}
    assert not list_articles(project, states=[State.FAILED])
    assert code_pending(project, FakeCoder(), merge=each_alone).coded == 3
    assert is_current(project)
