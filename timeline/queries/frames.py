"""Tables with fixed column types, also when they are empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd


def make_frame(rows: Iterable[Sequence[Any]], kinds: Mapping[str, str]) -> pd.DataFrame:
    """A table from tuples, a column for each entry of `kinds`, in that order.

    A kind is a pandas dtype, or "day": dates or None become datetime64[s], with NaT for None. With "object"
    None stays None; with "float64" it becomes NaN.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return pd.DataFrame(
        {name: _column(values, kind) for (name, kind), values in zip(kinds.items(), columns, strict=True)}
    )


def _column(values: Sequence[Any], kind: str) -> pd.Series[Any]:
    if kind == "day":
        texts = pd.Series([None if day is None else day.isoformat() for day in values], dtype="str")
        return pd.to_datetime(texts, format="%Y-%m-%d").dt.as_unit("s")
    return pd.Series(list(values), dtype=kind)
