"""Options that mirror `EventFilter`, shared by `events` and `export`."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from typing import TYPE_CHECKING

from timeline.cli.parsing import day, share
from timeline.errors import TimelineError
from timeline.ontology import EVENT_TYPES, QUAD_CLASSES
from timeline.records import Realis

if TYPE_CHECKING:
    from timeline.queries import EventFilter, Tables

ROLES = ("any", "source", "target", "between")
LEVELS = ("actor", "organ", "country")
REVIEWS = ("reviewed", "corrected", "open")


class UnknownActorError(TimelineError):
    """No actor of the project has this id or name."""


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """One option for each field of the filter."""
    group = parser.add_argument_group("which events (all conditions must hold; of repeated options one is enough)")
    group.add_argument("--actor", action="append", default=[], metavar="ACTOR", help="id such as RUS, or a name")
    group.add_argument("--role", choices=ROLES, default="any", help="where the actors stand (default: any)")
    group.add_argument("--level", choices=LEVELS, default="actor", help="fold actors into organs or countries")
    group.add_argument("--from", type=day, dest="start", metavar="DATE", help="first day")
    group.add_argument("--to", type=day, dest="end", metavar="DATE", help="last day")
    group.add_argument("--no-undated", action="store_true", help="leave out events without a date")
    group.add_argument(
        "--type", type=str.upper, action="append", default=[], choices=tuple(EVENT_TYPES), metavar="TYPE",
        help=f"one of {', '.join(EVENT_TYPES)}",
    )  # fmt: skip
    quads = ", ".join(f"{quad} {label.lower()}" for quad, label in QUAD_CLASSES.items())
    group.add_argument(
        "--quad", type=int, action="append", default=[], choices=tuple(QUAD_CLASSES), metavar="N", help=quads
    )
    realis = tuple(str(value) for value in Realis)
    group.add_argument(
        "--realis", action="append", default=[], choices=realis, metavar="MODE", help=f"one of {', '.join(realis)}"
    )
    group.add_argument("--publisher", action="append", default=[], metavar="NAME", help="reported by this outlet")
    group.add_argument("--text", default="", metavar="WORDS", help='words of the sentence; "a phrase"; begin*')
    group.add_argument("--min-confidence", type=share, default=0.0, metavar="SHARE", help="0 to 1")
    group.add_argument("--contested", action="store_true", help="only where reports disagree")
    group.add_argument("--review", choices=REVIEWS, default="", help="by what readers checked in the dashboard")


def make_filter(tables: Tables, options: argparse.Namespace) -> EventFilter:
    """The filter that the options describe.

    Raises:
        UnknownActorError: An actor is neither an id nor a name of the project; similar ones are named.
    """
    from timeline.queries import EventFilter

    return EventFilter(
        actors=tuple(dict.fromkeys(_find_actors(tables, options.actor))),
        role=options.role,
        start=options.start,
        end=options.end,
        undated=not options.no_undated,
        event_types=tuple(options.type),
        quad_classes=tuple(options.quad),
        realis=tuple(options.realis),
        publishers=tuple(options.publisher),
        text=options.text,
        min_confidence=options.min_confidence,
        level=options.level,
        contested=options.contested,
        review=options.review,
    )


def _find_actors(tables: Tables, given: list[str]) -> list[str]:
    from timeline.queries import list_actors

    if not given:
        return []
    actors = list_actors(tables)
    ids = set(actors["actor_id"])
    by_name: dict[str, str] = {}
    for actor_id, name in zip(actors["actor_id"], actors["name"], strict=True):
        by_name.setdefault(name.casefold(), actor_id)
    found = []
    for word in given:
        actor_id = word if word in ids else word.upper() if word.upper() in ids else by_name.get(word.casefold())
        if actor_id is None:
            close = get_close_matches(word.casefold(), by_name, n=3) + get_close_matches(word, sorted(ids), n=3)
            names = ", ".join(dict.fromkeys(by_name.get(name, name) for name in close))
            raise UnknownActorError(
                f"no actor {word!r} in this project" + (f"; did you mean {names}?" if names else "")
            )
        found.append(actor_id)
    return found
