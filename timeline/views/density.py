"""The density strip: events over time, cooperation upwards, conflict downwards, with a brush for the period."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from timeline.views.lanes import require_columns
from timeline.views.palette import SIGN_OF_QUAD, Palette, Sign
from timeline.views.wording import say_day

_EPOCH = dt.date(1970, 1, 1)
_WIDTH_LIMITS = (("day", 120), ("week", 900), ("month", 12_000))
_CORE_SHARE, _CORE_SPAN = 0.95, 1 / 3


@dataclass(frozen=True, slots=True)
class Core:
    """The days from `start` to `end` that hold nearly all events, and how many lie `outside`."""

    start: dt.date
    end: dt.date
    outside: int


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
    dated = counts["bin"].notna().to_numpy()
    bins, places = np.unique(counts["bin"].to_numpy()[dated], return_inverse=True)
    events = counts["events"].to_numpy(dtype=np.float64)[dated]
    quads = counts["quad_class"].to_numpy(dtype=np.int64)[dated]
    columns = {
        sign.value: np.bincount(places, np.where(_has_sign(sign)[quads], events, 0.0), len(bins))
        for sign in (Sign.COOPERATION, Sign.NEUTRAL, Sign.CONFLICT)
    }
    return pd.DataFrame({"bin": bins, **columns, "events": sum(columns.values())})


def _has_sign(sign: Sign) -> np.ndarray:
    """Which quad classes have a sign."""
    return np.array([SIGN_OF_QUAD[quad] is sign for quad in range(len(SIGN_OF_QUAD))])


def find_core(table: pd.DataFrame, width: str) -> Core | None:
    """The shortest period that holds 95% of the events, where it is less than a third of the whole.

    A war report that mentions 1982 once would otherwise press all that it is about into the edge of every chart.

    Args:
        table: From `tabulate_density`, without any filter.
        width: What a bin is: day, week, month or year.

    Returns:
        The period in whole bins; None where the events fill the whole well enough, or there are none.
    """
    if table.empty:
        return None
    firsts = table["bin"].to_numpy().astype("datetime64[D]")
    ends = _ends_of_bins(firsts, width)
    sums = np.concatenate([[0.0], np.cumsum(table["events"].to_numpy())])
    last = np.searchsorted(sums, sums[:-1] + sums[-1] * _CORE_SHARE - 1e-6)  # for each first bin
    possible = np.flatnonzero(last < len(sums))
    spans = ends[last[possible] - 1] - firsts[possible]
    at = possible[int(np.argmin(spans))]
    if spans.min() >= (ends[-1] - firsts[0]) * _CORE_SPAN:
        return None
    outside = round(float(sums[-1] - (sums[last[at]] - sums[at])))
    return Core(firsts[at].item(), ends[last[at] - 1].item(), outside)


def _ends_of_bins(firsts: np.ndarray, width: str) -> np.ndarray:
    """The last day of each bin."""
    if width in {"day", "week"}:
        return firsts + np.timedelta64(0 if width == "day" else 6, "D")
    step = np.timedelta64(1, "M") if width == "month" else np.timedelta64(1, "Y")
    nexts = firsts.astype(f"datetime64[{np.datetime_data(step.dtype)[0]}]") + step
    return np.asarray(nexts.astype("datetime64[D]") - np.timedelta64(1, "D"))


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
    events, conflict = table["events"].to_numpy(), table["conflict"].to_numpy()
    days = table["bin"].to_numpy().astype("datetime64[D]").tolist()
    peak = int(events.argmax())
    return (
        f"Events per {width} from {say_day(days[0])} to {say_day(days[-1])}; most in the {width} from "
        f"{say_day(days[peak])}: {events[peak]:,.0f}, of which {conflict[peak]:,.0f} conflict."
    )
