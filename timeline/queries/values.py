"""What there is to choose from: the values that filters can take, and the list of articles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from timeline.queries.frames import make_frame
from timeline.queries.tables import AnyTables, Session, Tables, also_remote, answer_once
from timeline.store.articles import State, Versions, list_articles
from timeline.store.codes import EVENT_TYPE_CODES, REALIS_CODES

MOST_PUBLISHERS = 1_000
ARTICLE_COLUMNS = {
    "id": "str", "title": "str", "publisher": "str", "published": "day", "url": "str", "language": "str",
    "words": "int64", "state": "str", "codings": "int64", "events": "int64", "added_at": "str", "coded_at": "str",
    "coder": "str", "lexicon": "str", "problem": "str",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Values:
    """The values that occur, with the number of events of each; for the widgets of a filter.

    `start` and `end` are the outermost known days, None without dated events. `publishers` are the most
    frequent ones, most frequent first. The other mappings are in the order of the ontology.
    """

    events: int
    undated: int
    contested: int
    start: dt.date | None
    end: dt.date | None
    event_types: Mapping[str, int]
    quad_classes: Mapping[int, int]
    realis: Mapping[str, int]
    publishers: Mapping[str, int]


@also_remote
def list_values(tables: Tables) -> Values:
    """What occurs in the whole table; kept until the table changes."""
    with tables.session() as session:
        return answer_once(session.loaded.answers, "values", lambda: _list_values(session))


def tabulate_articles(
    tables: AnyTables,
    *,
    states: Iterable[State] = (),
    current: Versions | None = None,
    text: str = "",
    limit: int = -1,
    offset: int = 0,
) -> pd.DataFrame:
    """The articles as a table with the columns `ARTICLE_COLUMNS`; `published` is NaT where unknown.

    Arguments and order are those of `timeline.store.articles.list_articles`.
    """
    rows = list_articles(tables.project, states=states, current=current, text=text, limit=limit, offset=offset)
    return make_frame([[getattr(row, name) for name in ARTICLE_COLUMNS] for row in rows], ARTICLE_COLUMNS)


def _list_values(session: Session) -> Values:
    table, weight = ("spans", "n") if session.snapshot.spans else ("events", "1")
    found = session.rows(
        f'SELECT event_type, quad_class, realis, sum({weight})::BIGINT, min(coalesce("start", "end")),'
        f' max(coalesce("end", "start")), coalesce(sum({weight}) FILTER (contested), 0)::BIGINT,'
        f' coalesce(sum({weight}) FILTER ("start" IS NULL AND "end" IS NULL), 0)::BIGINT'
        f" FROM {table} GROUP BY event_type, quad_class, realis"
    )
    types = _totals((row[0], row[3]) for row in found)
    quads = _totals((row[1], row[3]) for row in found)
    realis = _totals((row[2], row[3]) for row in found)
    return Values(
        events=sum(row[3] for row in found),
        undated=sum(row[7] for row in found),
        contested=sum(row[6] for row in found),
        start=min((row[4] for row in found if row[4]), default=None),
        end=max((row[5] for row in found if row[5]), default=None),
        event_types={EVENT_TYPE_CODES[code]: number for code, number in types.items()},
        quad_classes=quads,
        realis={REALIS_CODES[code]: number for code, number in realis.items()},
        publishers=_publishers(session),
    )


def _totals(pairs: Iterable[tuple[int | None, int]]) -> dict[int, int]:
    totals: dict[int, int] = {}
    for code, number in pairs:
        if code is not None:
            totals[code] = totals.get(code, 0) + number
    return dict(sorted(totals.items()))


def _publishers(session: Session) -> dict[str, int]:
    found = session.rows(
        "SELECT publisher, sum(n)::BIGINT AS events FROM ("
        " SELECT publisher, count(*) AS n FROM events WHERE publisher IS NOT NULL GROUP BY publisher UNION ALL"
        " SELECT unnest(more_publishers), 1 FROM events WHERE more_publishers IS NOT NULL"
        f") GROUP BY publisher ORDER BY events DESC, publisher LIMIT {MOST_PUBLISHERS}"
    )
    return {session.loaded.publishers[key]: events for key, events in found}
