"""The density strip: events over time, cooperation upwards, conflict downwards, with a brush for the period.

Vega-Lite, because its brush returns a range and stays drawn; written as it is, since Altair takes half a second to
load and as long to check a chart. A test checks it against Altair's schema.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from timeline.views.lanes import require_columns
from timeline.views.palette import SIGN_OF_QUAD, Palette, Sign
from timeline.views.wording import say_day

BRUSH = "period"
_BAR_COLUMNS = ("bin", "end", "sign", "value", "low", "high")
HEIGHT_PX = 92
_WIDTH_LIMITS = (("day", 120), ("week", 900), ("month", 12_000))
_COUNT = "format(abs(datum.value), abs(datum.value) < 1000 ? '~g' : '~s')"  # "~s" writes a half as 500m
_FIRST_DAY, _LAST_DAY = dt.date(1, 1, 1), dt.date(9999, 12, 31)


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
    events, quads = dated["events"].to_numpy(), dated["quad_class"].to_numpy()
    columns = {
        sign: np.bincount(places, np.where([SIGN_OF_QUAD[int(q)] == sign for q in quads], events, 0.0), len(bins))
        for sign in signs
    }
    table = pd.DataFrame({"bin": bins, **columns})
    return table.assign(events=sum(columns.values()))


def write_density(
    table: pd.DataFrame,
    palette: Palette,
    width: str = "month",
    window: tuple[dt.date | None, dt.date | None] = (None, None),
    *,
    brush: bool = True,
) -> dict[str, Any]:
    """Write the strip as a Vega-Lite specification: mirrored bars, and a brush named `BRUSH` over the x axis.

    Args:
        table: From `tabulate_density`; should cover all time, so that a period can be widened again.
        palette: Colours of the theme.
        width: What a bin is: day, week, month or year.
        window: The period chosen, drawn as the brush's first state.
        brush: Whether a period can be chosen; not where bars stand on days of publication.
    """
    bars = stack_bars(table, width)
    records = [
        {"bin": _moment(b), "end": _moment(e), "sign": sign, "value": value, "low": low, "high": high}
        for b, e, sign, value, low, high in zip(*(bars[name].tolist() for name in _BAR_COLUMNS), strict=True)
    ]
    marked = {"fill": palette.accent, "fillOpacity": 0.14, "stroke": palette.accent}
    select = {"name": BRUSH, "select": {"type": "interval", "encodings": ["x"], "mark": marked}}
    params = {"params": [select | _first_state(table, window)]} if brush else {}
    return _template(palette, width) | {"data": {"values": records}} | params


def _moment(stamp: pd.Timestamp) -> str:
    return f"{stamp:%Y-%m-%dT%H:%M:%S}"


def _template(palette: Palette, width: str) -> dict[str, Any]:
    """The strip without data."""
    axis = {"labelColor": palette.muted, "tickColor": palette.grid, "domainColor": palette.grid, "title": None}
    names = ["cooperation", "neutral", "conflict"]
    scale = {"domain": names, "range": [palette.cooperation, palette.neutral, palette.conflict]}
    counts = axis | {"grid": False, "tickCount": 3, "labelExpr": _COUNT}
    days = axis | {"grid": False, "labelOverlap": True, "tickCount": 10}
    return {
        "mark": {"type": "rect"},
        "encoding": {
            "x": {"field": "bin", "type": "temporal", "axis": days},
            "x2": {"field": "end"},
            "y": {"field": "low", "type": "quantitative", "axis": counts},
            "y2": {"field": "high"},
            "color": {"field": "sign", "type": "nominal", "scale": scale, "legend": None},
            "tooltip": [
                {"field": "bin", "type": "temporal", "title": f"{width} from", "format": "%-d %b %Y"},
                {"field": "sign", "type": "nominal", "title": "kind"},
                {"field": "value", "type": "quantitative", "title": "events", "format": ",.1~f"},
            ],
        },
        "height": HEIGHT_PX,
        "width": "container",
        "padding": {"left": 0, "right": 4, "top": 4, "bottom": 0},
        "config": {"view": {"strokeWidth": 0}, "background": "transparent"},
        # On a canvas: as SVG, Vega's brush would be a picture without a name for readers of the screen.
        "usermeta": {"embedOptions": {"renderer": "canvas"}},
    }


def stack_bars(table: pd.DataFrame, width: str) -> pd.DataFrame:
    """The strip's bars out of `tabulate_density`: neutral stands on cooperation, conflict hangs below zero.

    Returns:
        One row per bar: `bin` and `end` (with a gap before the next bin), `sign`, `value`, `low`, `high`.
    """
    days = {"day": 1, "week": 7, "month": 30.4, "year": 365.25}[width]
    zero = pd.Series(0.0, index=table.index)
    spans = {
        "cooperation": (zero, table["cooperation"]),
        "neutral": (table["cooperation"], table["cooperation"] + table["neutral"]),
        "conflict": (-table["conflict"], zero),
    }
    end = table["bin"] + pd.to_timedelta(days * 0.86, unit="D") if len(table) else table["bin"]
    bars = [
        pd.DataFrame({"bin": table["bin"], "end": end, "sign": sign, "value": table[sign], "low": low, "high": high})
        for sign, (low, high) in spans.items()
    ]
    stacked = pd.concat(bars, ignore_index=True)
    return stacked[stacked["value"] > 0].reset_index(drop=True)


def _first_state(table: pd.DataFrame, window: tuple[dt.date | None, dt.date | None]) -> dict[str, Any]:
    """The brush over the period chosen, held within the data; nothing where no period is chosen."""
    if window == (None, None) or table.empty:
        return {}
    low = window[0] or table["bin"].min().date()
    high = window[1] or table["bin"].max().date() + dt.timedelta(days=31)
    return {"value": {"x": [_as_vega(low), _as_vega(high)]}}


def _as_vega(day: dt.date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "date": day.day}


def read_brush(state: Mapping[str, object] | None) -> tuple[dt.date, dt.date] | None:
    """The days that a brush covers, out of the chart's state as Streamlit returns it.

    Args:
        state: `{"selection": {BRUSH: {"bin": [ms, ms]}}}`; milliseconds since 1970.

    Returns:
        First and last day, both included; None where nothing is brushed or the state is not a brush's.
    """
    selection = (state or {}).get("selection")
    values = selection.get(BRUSH) if isinstance(selection, Mapping) else None
    ends = next(iter(values.values()), None) if isinstance(values, Mapping) else None
    if not isinstance(ends, (list, tuple)) or len(ends) != 2:
        return None
    days = [_day_of(value) for value in ends]
    if days[0] is None or days[1] is None:
        return None
    first, last = sorted((days[0], days[1]))
    return first, last


def _day_of(value: object) -> dt.date | None:
    if not isinstance(value, (int, float)) or math.isnan(value):
        return None
    try:
        return dt.date(1970, 1, 1) + dt.timedelta(days=int(value // 86_400_000))
    except OverflowError:
        return _FIRST_DAY if value < 0 else _LAST_DAY


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
