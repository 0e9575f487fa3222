"""Tables with fixed column types, also when they are empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def make_frame(rows: Iterable[Sequence[Any]], kinds: Mapping[str, str]) -> pd.DataFrame:
    """A table from tuples, a column for each entry of `kinds`, in that order.

    A kind is a pandas dtype, or "day": dates or None become datetime64[s], with NaT for None. With "object"
    None stays None; with "float64" it becomes NaN.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    index = pd.RangeIndex(len(columns[0]))  # one for all: pandas would compare those of the columns with each other
    filled = {name: _column(values, kind, index) for (name, kind), values in zip(kinds.items(), columns, strict=True)}
    return pd.DataFrame(filled, index, copy=False)


def take_texts(texts: Sequence[str], places: NDArray[Any]) -> Any:
    """The texts at these places as a column; thousands of rows of few different texts need no list of them all."""
    return pd.array(list(texts), dtype="str").take(places)


def fill_column(values: NDArray[Any], kind: str) -> NDArray[Any]:
    """A column as DuckDB gives it, as an array of a kind of `make_frame`'s: NULL becomes NaT or NaN."""
    if kind == "day":
        return np.ma.filled(values, np.datetime64("NaT", "D")).astype("datetime64[s]")
    return np.ma.filled(values, np.nan if kind == "float64" else None).astype(kind)


def _column(values: Sequence[Any], kind: str, index: pd.Index) -> Any:
    """The values as an array of their kind; a series for each would take three times as long."""
    if kind == "day":
        days = np.array(["NaT" if day is None else day for day in values], dtype="datetime64[D]")
        return days.astype("datetime64[s]")
    if kind == "object":
        return pd.Series(list(values), index, dtype=object)  # of an array pandas would make text, and NaN of None
    return pd.array(list(values), dtype="str") if kind == "str" else np.array(values, dtype=kind)
