"""Articles from the paths that a command is given, with what was skipped and what has no date."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timeline.cli.output import count, name_some, note, plain

if TYPE_CHECKING:
    from timeline.reading import Problem
    from timeline.records import Article


@dataclass(slots=True)
class Intake:
    """What reading met: how many articles, which inputs were skipped, which articles have no date."""

    read: int = 0
    skipped: list[Problem] = field(default_factory=list)
    undated: dict[str, str] = field(default_factory=dict)  # title by article id


def read_paths(
    paths: list[str], options: argparse.Namespace, intake: Intake, should_stop: Callable[[], bool]
) -> Iterator[Article]:
    """Articles of all paths; `intake` is filled on the way, each problem is printed when it is met."""
    from timeline.reading import read_articles

    def report(problem: Problem) -> None:
        intake.skipped.append(problem)
        note(f"skipped {plain(str(problem))}")

    found = read_articles(
        paths,
        published=options.published,
        title=options.title,
        publisher=options.publisher,
        columns=dict(options.column),
        on_problem=report,
        allow_urls=options.allow_urls,
    )
    for article in found:
        intake.read += 1
        if article.published is None:
            intake.undated[article.id] = article.title
        yield article
        if should_stop():
            return


def warn_undated(undated: dict[str, str], advice: str) -> None:
    """Name the articles without a publication date, and what to do about it."""
    if not undated:
        return
    note(f"warning: {count(len(undated), 'article')} without a publication date, so words such as")
    note('         "on Thursday" cannot be placed in time:')
    for line in name_some([f"{name}  {plain(title, 70) or '(no title)'}" for name, title in undated.items()]):
        note(f"  {line}")
    note(advice)
