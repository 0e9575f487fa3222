"""Records to JSON and back, without loss: the form in which the project file keeps codings and events.

Pure ASCII: what is no Latin letter is escaped, so lone surrogates (which JSON files of articles do contain,
and which neither SQLite nor UTF-8 accepts) survive the round trip. Fields at their default are left out:
half the size, and a record written before a field existed reads back with that field's default.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from timeline import records

_Record = TypeVar("_Record")
_SURROGATES = re.compile("[\ud800-\udfff]")
_RECORDS = (
    records.Article,
    records.DateSpan,
    records.TimeExpression,
    records.EventDate,
    records.Actor,
    records.Mention,
    records.Place,
    records.Attribution,
    records.Coding,
    records.Event,
)


def to_json(value: object) -> str:
    """A record, or a tuple or list of records, as one line of ASCII JSON; keys in the order of the fields."""
    return json.dumps(to_plain(value), separators=(",", ":"), allow_nan=False)


def from_json(kind: type[_Record], text: str) -> _Record:
    """The record of class `kind` that `to_json` wrote.

    Raises:
        ValueError: The text is no JSON object, or a field is missing or of the wrong kind.
    """
    return from_plain(kind, json.loads(text))


def many_from_json(kind: type[_Record], text: str) -> tuple[_Record, ...]:
    """The records of class `kind` that `to_json` wrote as a list."""
    return tuple(from_plain(kind, item) for item in json.loads(text))


def to_plain(value: object) -> Any:
    """Dicts, lists, strings and numbers for a record, or for a tuple of them."""
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, _RECORDS):
        plain = {}
        for name, default in _DEFAULTS[type(value)]:
            item = getattr(value, name)
            if default is MISSING or item != default:
                plain[name] = to_plain(item)
        return plain
    return value


def from_plain(kind: type[_Record], plain: object) -> _Record:
    """The record that `to_plain` took apart; unknown keys, from a newer version, are passed over."""
    if not isinstance(plain, dict):
        raise ValueError(f"{kind.__name__}: expected an object, found {type(plain).__name__}")
    readers = _READERS[kind]
    try:
        return kind(**{name: readers[name](item) for name, item in plain.items() if name in readers})
    except (TypeError, KeyError) as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


def clean(text: str) -> str:
    """The text with each lone surrogate replaced by U+FFFD; the length, hence every offset, stays."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _reader(hint: Any) -> Callable[[Any], Any]:
    """How a value of the annotated type is built from plain data."""
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (_reader(kind) for kind in get_args(hint) if kind is not NoneType)
        return lambda item: None if item is None else inner(item)
    if get_origin(hint) is tuple:
        each = _reader(get_args(hint)[0])
        return lambda items: tuple(each(item) for item in _expect(items, list))
    if hint in _RECORDS:
        return lambda item: from_plain(hint, item)
    if hint is dt.date:
        return dt.date.fromisoformat
    if issubclass(hint, StrEnum):
        return hint  # type: ignore[no-any-return]
    if hint is float:
        return lambda item: float(_expect(item, int, float))
    return lambda item: _expect(item, hint)


def _expect(item: Any, *kinds: type) -> Any:
    if not isinstance(item, kinds):
        raise ValueError(f"expected {_names(kinds)}, found {item!r:.60}")
    return item


def _names(kinds: Iterable[type]) -> str:
    return " or ".join(kind.__name__ for kind in kinds)


_DEFAULTS: dict[type, tuple[tuple[str, object], ...]] = {
    kind: tuple((field.name, field.default) for field in fields(kind)) for kind in _RECORDS
}
_READERS: dict[type, dict[str, Callable[[Any], Any]]] = {
    kind: {name: _reader(hint) for name, hint in get_type_hints(kind).items()} for kind in _RECORDS
}
