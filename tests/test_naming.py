"""Words that a reader names once: known at once, known to the coder after, and only where they stand."""

from __future__ import annotations

import datetime as dt
import pickle
from functools import cache
from pathlib import Path

from timeline import pipeline
from timeline.coding.coder import Coder
from timeline.coding.lexicon import load_lexicon
from timeline.queries import EVERYTHING, open_tables, select_events
from timeline.records import Actor, Article
from timeline.store.articles import State, Versions, count_articles
from timeline.store.curation.drafts import draft_name
from timeline.store.project import Project, open_project

LEXICON = Path(__file__).parent / "invented_actors.yaml"
GUARD = Actor("night-guard", "Night Guard", "ZUB", "REB", kind="armed_group")
PUBLISHED = dt.date(2018, 4, 5)
ARTICLES = [
    Article("a", "Norlund said that the Night Guard attacked Zubrovia on Monday.", PUBLISHED, language="en"),
    Article("b", "Zubrovia attacked Norlund on Tuesday.", PUBLISHED, language="en"),
    Article("c", "Quessel praised Norlund.", PUBLISHED, language="en"),
]


@cache
def coder() -> Coder:
    return Coder([LEXICON])


def project_at(folder: Path) -> Project:
    project = open_project(folder, create=True)
    pipeline.add_articles(project, ARTICLES)
    pipeline.code_pending(project, coder())
    return project


def stale(project: Project) -> int:
    named = pipeline.with_names(project, coder())
    return count_articles(project, current=Versions(named.version, named.lexicon_version))[State.STALE]


def sources(project: Project) -> set[str]:
    events = select_events(open_tables(project), EVERYTHING)
    return {name for names in events["source_ids"] for name in names}


def test_only_articles_with_the_words_are_coded_again(tmp_path: Path) -> None:
    """The others cannot read otherwise; they count as coded by the new lexicon."""
    project = project_at(tmp_path / "p")
    made = pipeline.correct(project, draft_name("Night Guard", GUARD, "ann"))
    run = pipeline.recode(project, coder())

    assert (run.coded, stale(project)) == (1, 0)
    assert "night-guard" in sources(project)

    pipeline.undo_correction(project, made.id, "ann")
    assert stale(project) == 3
    assert (pipeline.recode(project, coder()).coded, stale(project)) == (1, 0)
    assert "night-guard" not in sources(project)


def test_a_later_article_knows_the_name(tmp_path: Path) -> None:
    project = project_at(tmp_path / "p")
    pipeline.correct(project, draft_name("Night Guard", GUARD, "ann"))
    pipeline.add_articles(project, [Article("d", "The Night Guard shelled Quessel.", PUBLISHED, language="en")])
    pipeline.code_pending(project, coder())

    events = select_events(open_tables(project), EVERYTHING)
    assert [["night-guard"], ["QES"]] in [[row.source_ids, row.target_ids] for row in events.itertuples()]


def test_words_may_name_an_actor_of_the_lexicon() -> None:
    named = coder().with_names([("Granite House", Actor("NRL", "Norlund", "NRL"))])

    assert named.resolve("Granite House").id == "NRL"
    assert coder().resolve("Granite House") is None
    assert named.with_names([("Granite House", Actor("NRL", "Norlund", "NRL"))]) is named


def test_a_coder_with_names_travels_between_processes() -> None:
    named = coder().with_names([("Night Guard", GUARD)])
    assert pickle.loads(pickle.dumps(named)).resolve("the Night Guard").id == "night-guard"


def test_names_change_the_version_of_the_lexicon_and_nothing_else_does() -> None:
    plain, named = load_lexicon([LEXICON]), load_lexicon([LEXICON], (("Night Guard", GUARD),))

    assert plain.version != named.version
    assert plain.version == load_lexicon([LEXICON], ()).version
    assert set(named.entries) - set(plain.entries) == {"night-guard"}
