"""Lexicon files read quickly: the plain subset of YAML that they keep to; any other entry goes to the YAML parser.

YAML's full grammar costs more than everything else in loading the lexicon. An entry is plain if each of its lines is
`key: text`, `key: [text, text]` or, below such a key, `- {key: text, key: text}`, and no text could be anything but
text in YAML. Days stay text, as the checks of `entries` read them from text too.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from timeline.coding.resources import load_yaml

_TEXT = r"[^\W\d_](?:[^:#\[\]{},\"\n]|:(?! ))*"  # begins with a letter; no sign that YAML could read as its own
_ATOM = rf"(?:{_TEXT}|\"[^\"\\\n]*\")"
_DAY = r"\d{4}(?:-\d\d){0,2}"
_LINE = re.compile(
    rf"(?:- |  )(?P<key>[a-z_]+):(?: (?P<text>{_ATOM})| \[(?P<list>{_ATOM}(?:, {_ATOM})*)\]| (?P<day>{_DAY})|)$"
    rf"|    - \{{(?P<row>[a-z_]+: (?:{_ATOM}|{_DAY})(?:, [a-z_]+: (?:{_ATOM}|{_DAY}))*)\}}$"
)
_ITEM = re.compile(_ATOM)
_PAIR = re.compile(rf"([a-z_]+): ({_ATOM}|{_DAY})")
_DATED = frozenset({"from", "to"})
_WORDS_OF_YAML = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})


def load_rows(text: str) -> Any:
    """What `yaml.load` makes of a lexicon file, save that days may be text.

    Raises:
        yaml.YAMLError: The file is no YAML, with the line in it.
    """
    head, *blocks = re.split(r"(?m)^(?=- )", text)
    if not blocks or any(line.strip() and not line.startswith("#") for line in head.splitlines()):
        return load_yaml(text)
    rows = []
    for block in blocks:
        row = _read_block(block)
        if row is None:
            try:
                loaded = load_yaml(block)
            except yaml.YAMLError:
                return load_yaml(text)  # for the place of the mistake in the file
            if not isinstance(loaded, list) or len(loaded) != 1:
                return load_yaml(text)
            row = loaded[0]
        rows.append(row)
    return rows


def _read_block(block: str) -> dict[str, Any] | None:
    """One entry, None where it is not plain."""
    row: dict[str, Any] = {}
    key = ""
    for line in block.rstrip().split("\n"):
        match = _LINE.match(line)
        if match is None:
            return None
        if match["row"]:
            if not isinstance(row.get(key), list):
                return None
            values = {name: _plain(value) for name, value in _PAIR.findall(match["row"])}
            if any(value[0].isdigit() and name not in _DATED for name, value in values.items()):
                return None
            row[key].append(values)
            continue
        key = match["key"]
        if key in row:
            return None
        if match["list"]:
            row[key] = [_plain(item) for item in _ITEM.findall(match["list"])]
        else:
            row[key] = _plain(match["text"]) if match["text"] else match["day"] or []
        if _is_special(row[key]) or (match["day"] and key not in _DATED):
            return None
    return row if all(row.values()) else None


def _plain(text: str) -> str:
    return text[1:-1] if text[0] == '"' else text.rstrip()


def _is_special(value: str | list[Any]) -> bool:
    words = [value] if isinstance(value, str) else value
    return any(isinstance(word, str) and word.lower() in _WORDS_OF_YAML for word in words)
