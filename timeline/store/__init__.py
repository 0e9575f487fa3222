"""The project folder: the record (SQLite), and the event table derived from it (Parquet under a Delta log)."""

from timeline.store.articles import (
    Added,
    ArticleRow,
    State,
    Versions,
    add_articles,
    count_articles,
    link_duplicates,
    list_articles,
    list_duplicates,
    read_article,
    remove_articles,
    set_published,
)
from timeline.store.codings import (
    Provenance,
    Reading,
    Report,
    list_problems,
    log_problem,
    read_coded,
    read_provenance,
    save_coded,
    save_failure,
    save_not_english,
)
from timeline.store.dictionaries import register_actors
from timeline.store.project import Project, open_project

__all__ = [
    "Added",
    "ArticleRow",
    "Project",
    "Provenance",
    "Reading",
    "Report",
    "State",
    "Versions",
    "add_articles",
    "count_articles",
    "link_duplicates",
    "list_articles",
    "list_duplicates",
    "list_problems",
    "log_problem",
    "open_project",
    "read_article",
    "read_coded",
    "read_provenance",
    "register_actors",
    "remove_articles",
    "save_coded",
    "save_failure",
    "save_not_english",
    "set_published",
]
