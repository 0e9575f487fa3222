"""How a view is set: lanes, network and readings, kept in the URL beside filter and selection.

Each setting belongs to a widget. One that is not drawn, on another page or in another mode, keeps its setting here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

_KEPT = "look"
_MOST_LANES = 60
_Period = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its widget's key, the value that needs no parameter, and how it is written and read.

    `read` returns None for what is no such value.
    """

    key: str
    default: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def _one_of(*allowed: str) -> Callable[[str], str | None]:
    return lambda text: text if text in allowed else None


def _number(low: int, high: int, step: int = 1) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
        return number if low <= number <= high and number % step == 0 else None

    return read


def _read_ids(text: str) -> list[str] | None:
    ids = list(dict.fromkeys(part for part in text.split("~") if part and part.isprintable() and len(part) <= 120))
    return ids[:_MOST_LANES] or None


def _read_period(text: str) -> _Period | None:
    try:
        first, last = (dt.datetime.strptime(part, "%Y-%m-%d").date() for part in text.split("~"))
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _write_period(days: Any) -> str:
    """A period whose second day is not chosen yet is no period."""
    return "~".join(day.isoformat() for day in days) if isinstance(days, tuple) and len(days) == 2 else ""


def _flag(key: str) -> Setting:
    return Setting(key, False, {"1": True, "0": False}.get, lambda value: "1" if value else "0")


SETTINGS: Mapping[str, Setting] = {
    "dates": Setting("density_by", "event", _one_of("event", "published")),
    "whole": _flag("whole_period"),
    "timeline": Setting("timeline_view", "Chart", _one_of("Chart", "Table")),
    "order": Setting("lane_order", "activity", _one_of("activity", "country", "name", "hand")),
    "lanes": Setting("lanes", 12, _number(4, 30)),
    "hand": Setting("lane_hand", None, _read_ids, "~".join),
    "network": Setting("network_view", "Chart", _one_of("Chart", "Table")),
    "mode": Setting("network_mode", "whole", _one_of("whole", "play", "compare")),
    "nodes": Setting("network_actors", 40, _number(10, 200, 10)),
    "groups": Setting("network_groups", "", _one_of("country", "community")),
    "ego": _flag("network_ego"),
    "step": Setting("network_step", None, lambda text: text if len(text) < 60 and text.isprintable() else None),
    "since": _flag("network_since"),
    "before": Setting("compare_before", None, _read_period, _write_period),
    "after": Setting("compare_after", None, _read_period, _write_period),
    "evidence": Setting("evidence_view", "reports", _one_of("reports", "told", "blocs")),
    "scope": Setting("evidence_scope", "edge", _one_of("edge", "pair")),
    "places": Setting("places_view", "Chart", _one_of("Chart", "Table")),
}
# Settings that say nothing where another is not so.
_ONLY_WITH = {"hand": ("order", "hand"), "step": ("mode", "play"), "since": ("mode", "play"),
              "before": ("mode", "compare"), "after": ("mode", "compare")}  # fmt: skip
NAMES = frozenset(SETTINGS)


def recall(key: str, value: Any) -> Any:
    """What a widget that is drawn anew is set to: what it was, what the link says, or else `value`."""
    return st.session_state.get(_KEPT, {}).get(key, value)


def current(key: str) -> Any:
    """The value of a setting by its widget's key, whether the widget is drawn or not."""
    value = st.session_state.get(key)
    default = next(setting.default for setting in SETTINGS.values() if setting.key == key)
    return recall(key, default) if value is None else value


def write_look() -> dict[str, str]:
    """The settings as URL parameters, those at their default left out; keeps them for widgets that go."""
    session = st.session_state.to_dict()  # at once, since each look-up takes a hundredth of a millisecond
    drawn = {setting.key: session.get(setting.key) for setting in SETTINGS.values()}
    kept = session.get(_KEPT, {}) | {key: value for key, value in drawn.items() if value is not None}
    st.session_state[_KEPT] = kept
    query = {}
    for name, setting in SETTINGS.items():
        value = kept.get(setting.key, setting.default)
        other, needed = _ONLY_WITH.get(name, ("", ""))
        if value in (None, setting.default) or (other and kept.get(SETTINGS[other].key) != needed):
            continue
        query[name] = setting.write(value)
    return {name: text for name, text in query.items() if text}


def read_look(query: Mapping[str, str]) -> tuple[str, ...]:
    """Set everything as URL parameters say, what they do not name to its default; a sentence for each invalid one."""
    kept: dict[str, Any] = {}
    before, dropped = st.session_state.get(_KEPT, {}), []
    for name, setting in SETTINGS.items():
        if name in query or setting.key in before:
            st.session_state.pop(setting.key, None)
        text = query.get(name, "")
        value = setting.read(text) if text else None
        if value is not None:
            kept[setting.key] = value
        elif text:
            dropped.append(f"{name}: {text[:40]!r} is not a setting it has, ignored")
    st.session_state[_KEPT] = kept
    st.session_state.pop("compare_of", None)
    return tuple(dropped)
