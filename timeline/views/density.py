"""The density strip: events over time, cooperation upwards, conflict downwards, with a brush for the period."""

from __future__ import annotations

import datetime as dt
import json
import math

import numpy as np
import pandas as pd

from timeline.views.lanes import require_columns
from timeline.views.palette import SIGN_OF_QUAD, Palette, Sign
from timeline.views.wording import say_day

_EPOCH = dt.date(1970, 1, 1)
_WIDTH_LIMITS = (("day", 120), ("week", 900), ("month", 12_000))


def choose_width(start: dt.date | None, end: dt.date | None) -> str:
    """The bin width that gives a readable strip for a period: day, week, month or year."""
    if start is None or end is None:
        return "month"
    days = (end - start).days
    return next((width for width, limit in _WIDTH_LIMITS if days <= limit), "year")


def tabulate_density(counts: pd.DataFrame) -> pd.DataFrame:
    """Events per bin and sign, as the strip draws them.

    Args:
        counts: `bin`, `quad_class`, `events`, from `count_per_bin`.

    Returns:
        One row per bin in order of time: `bin`, `cooperation`, `neutral`, `conflict`, `events`.
    """
    require_columns(counts, ("bin", "quad_class", "events"), "counts")
    signs = [sign.value for sign in (Sign.COOPERATION, Sign.NEUTRAL, Sign.CONFLICT)]
    dated = counts.dropna(subset=["bin"])
    if dated.empty:
        return pd.DataFrame(columns=["bin", *signs, "events"])
    bins, places = np.unique(dated["bin"].to_numpy(), return_inverse=True)
    events = dated["events"].to_numpy()
    of_row = np.array([SIGN_OF_QUAD[quad] for quad in range(len(SIGN_OF_QUAD))])[dated["quad_class"].to_numpy()]
    columns = {sign: np.bincount(places, np.where(of_row == sign, events, 0.0), len(bins)) for sign in signs}
    table = pd.DataFrame({"bin": bins, **columns})
    return table.assign(events=sum(columns.values()))


def write_density(table: pd.DataFrame, palette: Palette, width: str) -> str:
    """Write the strip as the numbers that `strip.js` draws it from.

    Args:
        table: From `tabulate_density`, not empty.
        palette: Colours of the theme.
        width: What a bin is: day, week, month or year.

    Returns:
        JSON: `unit`, `bins` (days since 1970 they begin on), the counts of each sign, `colours`.
    """
    signs = [sign.value for sign in Sign]
    bins = table["bin"].to_numpy().astype("datetime64[D]").astype(int).tolist()
    counts = {sign: table[sign].to_numpy().round(1).tolist() for sign in signs}
    colours = {name: getattr(palette, name) for name in (*signs, "text", "muted", "surface", "grid", "accent")}
    written = {"unit": width, "bins": bins, **counts, "colours": colours}
    return json.dumps(written, separators=(",", ":"))


def count_days(day: dt.date | None) -> int | None:
    """Days since 1970, as `strip.js` counts them; None for an open end."""
    return None if day is None else (day - _EPOCH).days


def read_brush(value: object) -> tuple[dt.date | None, dt.date | None] | None:
    """First and last day of the period that the browser says was brushed, both included.

    Args:
        value: Two numbers of days since 1970, or nothing where the brush was taken off.

    Returns:
        The days, held within the calendar; twice None without a brush; None for what is no brush's.
    """
    if not isinstance(value, list | tuple):
        return None
    if not value:
        return None, None
    if len(value) != 2 or not all(isinstance(day, int | float) and math.isfinite(day) for day in value):
        return None
    low, high = count_days(dt.date.min) or 0, count_days(dt.date.max) or 0
    first, last = sorted(_EPOCH + dt.timedelta(days=min(max(int(day), low), high)) for day in value)
    return first, last


def say_density(table: pd.DataFrame, width: str) -> str:
    """What the strip shows, in one sentence; for readers who do not see it."""
    if table.empty:
        return "No dated events."
    peak = table.iloc[int(table["events"].to_numpy().argmax())]
    first, last = table["bin"].min().date(), table["bin"].max().date()
    return (
        f"Events per {width} from {say_day(first)} to {say_day(last)}; most in the {width} from "
        f"{say_day(peak['bin'].date())}: {peak['events']:,.0f}, of which {peak['conflict']:,.0f} conflict."
    )
