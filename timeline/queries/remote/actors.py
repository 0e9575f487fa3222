"""Who takes part, and who acts on whom, on an engine; see `timeline.queries.actors` for what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from timeline.queries.actors import ACTOR_COLUMNS, DYAD_COLUMNS, TOP_ACTORS, Ranked, check_level, keep_ranking
from timeline.queries.filters import EventFilter
from timeline.queries.frames import make_frame
from timeline.queries.remote.matching import first_day, last_day, match_events
from timeline.queries.remote.tables import RemoteSession, RemoteTables


def rank_actors(tables: RemoteTables, f: EventFilter, n: int = 50, level: str | None = None) -> pd.DataFrame:
    """As `timeline.queries.rank_actors`."""
    level = check_level(level or f.level)
    with tables.session() as session:
        rows = []
        for key, *counts in _rank(session, f, max(0, n), level):
            actor = session.loaded.actors[key].actor
            rows.append((actor.id, actor.name, actor.country, actor.sector, *counts))
    return make_frame(rows, ACTOR_COLUMNS)


def count_dyads(tables: RemoteTables, f: EventFilter, n: int = 1000, level: str | None = None) -> pd.DataFrame:
    """As `timeline.queries.count_dyads`."""
    level = check_level(level or f.level)
    with tables.session() as session:
        top = [key for key, *_ in _rank(session, f, TOP_ACTORS, level)]
        if not top:
            return make_frame([], DYAD_COLUMNS)
        found = session.read(_grouped_pairs(session, f, top, level))
        actors = {key: session.loaded.actors[key].actor for key in top}
    slots = {key: slot for slot, key in enumerate(top)}
    rows = []
    for row in _heaviest(found, slots, max(0, n)):
        source, target = actors[row["source"]], actors[row["target"]]
        counts = (int(row[name]) for name in ("reports", "contested"))
        rows.append((source.id, target.id, source.name, target.name, row["quad_class"], int(row["events"]),
                     row["goldstein"], *counts, row["first"], row["last"]))  # fmt: skip
    return make_frame(rows, DYAD_COLUMNS)


def _rank(session: RemoteSession, f: EventFilter, n: int, level: str) -> list[Ranked]:
    def ask(most: int) -> list[Ranked]:
        return [_plain(row) for row in session.read(_ranking(session, f, most, level))]

    return keep_ranking(session.loaded.answers, f, n, level, ask)


def _plain(row: dict[str, Any]) -> Ranked:
    # PostgreSQL sums whole numbers to decimal ones.
    return row["who"], int(row["events"]), int(row["as_source"]), int(row["as_target"])


def _ranking(session: RemoteSession, f: EventFilter, n: int, level: str) -> Any:
    sides = session.star.sides(level)
    sides = sides.filter(sides.event_id.isin(match_events(session, f).event_id))
    each = sides.group_by("event_id", "who").agg(
        as_source=(sides.side == "source").ifelse(1, 0).max(), as_target=(sides.side == "target").ifelse(1, 0).max()
    )
    counted = each.group_by("who").agg(
        events=each.count(), as_source=each.as_source.sum(), as_target=each.as_target.sum()
    )
    return counted.order_by([counted.events.desc(), counted.who.asc()]).limit(n)


def _grouped_pairs(session: RemoteSession, f: EventFilter, top: Sequence[Any], level: str) -> Any:
    """Each pair of top actors by quad class; an event counts once for a pair."""
    sides, matched = session.star.sides(level), match_events(session, f)
    among = sides.filter(sides.who.isin(list(top)))
    sources = among.filter(among.side == "source").select("event_id", source="who", one="actor")
    targets = among.filter(among.side == "target").select(event="event_id", target="who", other="actor")
    pairs = sources.join(targets, sources.event_id == targets.event)
    found = pairs.join(matched, pairs.event == matched.event_id)
    alone = (found.sources == 1) & (found.targets == 1)
    found = found.filter((found.one != found.other) | alone)
    narrow = found.select(
        "event", "source", "target", "quad_class", "goldstein", "reports",
        disputed=found.contested.ifelse(1, 0), first=first_day(found), last=last_day(found),
    ).distinct()  # fmt: skip
    return narrow.group_by("source", "target", "quad_class").agg(
        events=narrow.count(), goldstein=narrow.goldstein.mean(), reports=narrow.reports.sum(),
        contested=narrow.disputed.sum(), first=narrow["first"].min(), last=narrow["last"].max(),
    )  # fmt: skip


def _heaviest(found: list[dict[str, Any]], slots: dict[Any, int], n: int) -> list[dict[str, Any]]:
    """The rows of the `n` pairs with most events, ties by the actors' ranks."""
    totals: dict[tuple[int, int], int] = {}
    for row in found:
        pair = slots[row["source"]], slots[row["target"]]
        totals[pair] = totals.get(pair, 0) + int(row["events"])
    order = {pair: place for place, pair in enumerate(sorted(totals, key=lambda pair: (-totals[pair], pair))[:n])}
    ranked = [(order.get((slots[row["source"]], slots[row["target"]])), row) for row in found]
    held = [(place, row) for place, row in ranked if place is not None]
    return [row for _, row in sorted(held, key=lambda item: (item[0], item[1]["quad_class"]))]
