"""Where each event sits on the actor-lane timeline: lane, day and offset, before anything is drawn.

Each actor has a lane; an event is a vertical stroke from its source's lane to its target's. Events that would
cover each other get another offset within their lanes, the same at both ends, so that strokes stay vertical.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from timeline.errors import MissingColumnError
from timeline.views.palette import SIGN_OF_QUAD, Sign
from timeline.views.wording import as_date

OTHER = "~other"  # lane of named actors without a lane of their own
UNNAMED = "~unnamed"  # lane of events that name nobody
SLOT_STEP = 0.105  # of a lane's height
_SLOTS = (0, 1, -1, 2, -2, 3, -3, 4, -4)
EVENT_COLUMNS = (
    "event_id", "start", "end", "precision", "basis", "event_type", "quad_class", "realis",
    "source_ids", "source_names", "target_ids", "target_names", "reports", "sentence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the timeline; row 0 is the top."""

    actor_id: str
    label: str
    row: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """One event as placed: its days, its lanes at either end and its offset within them.

    A side that the text does not name has no rows; an event that names nobody has its own lane as source.
    `first` and `last` are None for undated events. `exact` is False where the days are a range the event
    lies somewhere in, rather than one it fills.
    """

    event_id: str
    first: dt.date | None
    last: dt.date | None
    exact: bool
    source_rows: tuple[int, ...]
    target_rows: tuple[int, ...]
    offset: float
    sign: Sign
    index: int

    @property
    def rows(self) -> tuple[int, ...]:
        """All lanes the event touches, sorted."""
        return tuple(sorted({*self.source_rows, *self.target_rows}))

    @property
    def middle(self) -> dt.datetime | None:
        """Noon of the middle day: where the marker goes."""
        if self.first is None or self.last is None:
            return None
        days = (self.last - self.first).days
        return dt.datetime.combine(self.first, dt.time(12)) + dt.timedelta(hours=12 * days)


def require_columns(table: pd.DataFrame, needed: Iterable[str], what: str) -> None:
    """Check that a table has the columns a view needs.

    Raises:
        MissingColumnError: The message names the table, the missing columns and those present.
    """
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise MissingColumnError(f"{what}: missing {', '.join(missing)}; has {', '.join(map(str, table.columns))}")


def list_folds(actors: pd.DataFrame, level: str) -> dict[str, tuple[str, str]]:
    """What each actor folds into at a level: id and name.

    Args:
        actors: Every actor: `actor_id`, `name`, `organ_id`, `country_id`.
        level: "organ" or "country"; any other leaves actors as they are.
    """
    require_columns(actors, ("actor_id", "name", "organ_id", "country_id"), "actors")
    column = {"organ": "organ_id", "country": "country_id"}.get(level, "actor_id")
    names = dict(zip(actors["actor_id"], actors["name"], strict=True))
    return {i: (into, names[into]) for i, into in zip(actors["actor_id"], actors[column], strict=True)}


def fold_sides(events: pd.DataFrame, folds: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Replace the actors of events by what they fold into, each once per side; unknown ids stay."""
    folded = {}
    for side in ("source", "target"):
        pairs = [
            list(dict.fromkeys(folds.get(i, (i, n)) for i, n in zip(ids, names, strict=True)))
            for ids, names in zip(events[f"{side}_ids"], events[f"{side}_names"], strict=True)
        ]
        folded[f"{side}_ids"] = pd.Series([[i for i, _ in p] for p in pairs], index=events.index, dtype="object")
        folded[f"{side}_names"] = pd.Series([[n for _, n in p] for p in pairs], index=events.index, dtype="object")
    return events.assign(**folded)


def date_by_report(events: pd.DataFrame) -> pd.DataFrame:
    """Events on the day of their first report instead of the days they happened; undated where it is not known."""
    require_columns(events, ("published",), "events")
    return events.assign(start=events["published"], end=events["published"], precision="day")


def choose_lanes(actors: pd.DataFrame, events: pd.DataFrame, order: str = "activity") -> tuple[Lane, ...]:
    """Give actors their lanes, and add lanes for all others and for the unnamed where events need them.

    Args:
        actors: The actors that get a lane, most active first: `actor_id`, `name`, `country`.
        events: The events to be drawn (`EVENT_COLUMNS`).
        order: Order of the lanes, see `sort_actors`.

    Returns:
        Lanes from top to bottom; empty if there are no events.
    """
    require_columns(actors, ("actor_id", "name", "country"), "actors")
    require_columns(events, EVENT_COLUMNS, "events")
    if events.empty:
        return ()
    known = set(actors["actor_id"])
    sides = [*events["source_ids"], *events["target_ids"]]
    other = any(actor_id not in known for side in sides for actor_id in side)
    unnamed = any(not len(s) and not len(t) for s, t in zip(events["source_ids"], events["target_ids"], strict=True))
    return list_lanes(actors, order, other=other, unnamed=unnamed)


def list_lanes(actors: pd.DataFrame, order: str, *, other: bool = False, unnamed: bool = False) -> tuple[Lane, ...]:
    """Lanes for these actors, from top to bottom, and at the end those for all others and for nobody named."""
    ordered = sort_actors(actors, order)
    found = [(str(i), str(n)) for i, n in zip(ordered["actor_id"], ordered["name"], strict=True)]
    found += [(OTHER, "Other actors")] if other else []
    found += [(UNNAMED, "Nobody named")] if unnamed else []
    return tuple(Lane(actor_id, label, row) for row, (actor_id, label) in enumerate(found))


def sort_actors(actors: pd.DataFrame, order: str) -> pd.DataFrame:
    """Actors in the order of their lanes: "activity" and "hand" as given, "name", or "country", then activity."""
    require_columns(actors, ("actor_id", "name", "country"), "actors")
    if order == "name":
        return actors.sort_values("name", key=lambda names: names.str.casefold(), kind="stable")
    if order == "country":
        return actors.assign(country=actors["country"].fillna("~")).sort_values("country", kind="stable")
    return actors


def place_events(events: pd.DataFrame, lanes: Sequence[Lane], gap_days: float | None = None) -> tuple[Stroke, ...]:
    """Place every event on its lanes, with offsets that keep neighbours apart.

    Args:
        events: `EVENT_COLUMNS`, any order.
        lanes: From `choose_lanes`.
        gap_days: Events closer than this get different offsets; by default a hundredth of the whole span.

    Returns:
        One stroke per event in order of date (undated last), then of id; `index` is its row in `events`.
    """
    require_columns(events, EVENT_COLUMNS, "events")
    row_of = {lane.actor_id: lane.row for lane in lanes}
    strokes = sorted(_bare_strokes(events, row_of), key=lambda s: (s.first or dt.date.max, s.event_id))
    gap = gap_days if gap_days is not None else max(1.0, _span_days(strokes) / 100)
    return tuple(_offset_strokes(strokes, gap))


def _bare_strokes(events: pd.DataFrame, row_of: dict[str, int]) -> Iterator[Stroke]:
    columns = ("event_id", "start", "end", "precision", "quad_class", "source_ids", "target_ids")
    for index, (event_id, start, end, precision, quad, sources, targets) in enumerate(
        zip(*(_list_values(events[name]) for name in columns), strict=True)
    ):
        first, last = as_date(start), as_date(end)
        yield Stroke(
            event_id=str(event_id),
            first=first or last,
            last=last or first,
            exact=str(precision) == "day" and first is not None and last is not None,
            source_rows=_rows(sources if len(sources) or len(targets) else [UNNAMED], row_of),
            target_rows=_rows(targets, row_of),
            offset=0.0,
            sign=SIGN_OF_QUAD[int(quad)],
            index=index,
        )


def _rows(side: Iterable[str], row_of: dict[str, int]) -> tuple[int, ...]:
    rows = {row_of.get(i, row_of.get(OTHER)) for i in side}
    return tuple(sorted(row for row in rows if row is not None))


def _span_days(strokes: Sequence[Stroke]) -> float:
    days = [day for s in strokes for day in (s.first, s.last) if day is not None]
    return float((max(days) - min(days)).days) if days else 0.0


def _offset_strokes(strokes: Iterable[Stroke], gap: float) -> Iterator[Stroke]:
    """Take for each stroke the first offset that is free on all its lanes; else the longest unused."""
    every = list(strokes)
    rows = 1 + max((stroke.rows[-1] for stroke in every if stroke.rows), default=0)
    taken_until = {slot: [-1.0] * rows for slot in _SLOTS}
    undated = 0.0
    for stroke in every:
        if stroke.first is None or stroke.last is None:
            x0 = x1 = undated
            undated += gap / 6  # the tray is narrow: six side by side
        else:
            x0, x1 = float(stroke.first.toordinal()), float(stroke.last.toordinal())
        lanes = slice(stroke.rows[0], stroke.rows[-1] + 1) if stroke.rows else slice(0)
        slot = _choose_slot(taken_until, lanes, x0)
        taken_until[slot][lanes] = [max(until, x1 + gap) for until in taken_until[slot][lanes]]
        yield Stroke(
            stroke.event_id, stroke.first, stroke.last, stroke.exact, stroke.source_rows, stroke.target_rows,
            slot * SLOT_STEP, stroke.sign, stroke.index,
        )  # fmt: skip


def _choose_slot(taken_until: Mapping[int, Sequence[float]], lanes: slice, x0: float) -> int:
    for slot, rows in taken_until.items():
        if max(rows[lanes], default=-1.0) < x0:
            return slot
    return min(taken_until, key=lambda slot: max(taken_until[slot][lanes], default=-1.0))


def list_rows(events: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """The rows of a table as records; as `to_dict("records")`, which takes twice as long, but with days as dates."""
    names = events.columns.tolist()  # an index of text hands its names out slowly, and anew for each row
    columns = [_list_values(events[name]) for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _list_values(column: pd.Series) -> list[Any]:
    """The values of a column; days as dates and None, a fifth of the time of pandas' timestamps."""
    if column.dtype.kind != "M":
        return column.tolist()
    days: list[Any] = column.to_numpy().astype("datetime64[D]").tolist()
    return days
