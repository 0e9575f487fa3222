"""Lexicon files read without YAML's parser."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml

from timeline.coding.plain_rows import load_rows

OWN = sorted((files("timeline") / "resources" / "actors").iterdir(), key=lambda path: path.name)


def as_text(value: Any) -> Any:
    """Days and years as their text, which is how the quick reader leaves them."""
    if isinstance(value, dict):
        return {key: as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return value if isinstance(value, str | bool) or value is None else str(value)


@pytest.mark.parametrize("path", OWN, ids=[path.name for path in OWN])
def test_own_files_read_as_yaml_reads_them(path: Any) -> None:
    """Whatever is quick gives what YAML gives, for every entry that we ship."""
    text = path.read_text(encoding="utf-8")

    assert as_text(yaml.safe_load(text)) == as_text(load_rows(text))


@pytest.mark.parametrize(
    "entry",
    [
        "- id: a\n  name: no\n",  # a truth value of YAML
        "- id: a\n  name: 1920\n",
        "- id: a\n  name: North # a comment\n",
        "- id: a\n  aliases: [\"B, C\", 'D', E: F]\n",
        '- id: a\n  name: "a \\"b\\""\n',
        "- id: a\n  name: |\n    long\n    text\n",
        "- id: a\n  backers: [{id: NRL}]\n  roles: []\n",
        "- {id: a, name: b}\n",
        "- id: a\n\n- id: b\n  from: 2012-05\n",
        "[]\n",
        "",
    ],
)
def test_odd_entries_are_left_to_yaml(entry: str) -> None:
    """What is not plain is read as YAML reads it."""
    assert as_text(yaml.safe_load(entry)) == as_text(load_rows(entry))


def test_mistakes_are_those_of_the_whole_file() -> None:
    """An entry that is no YAML is reported with its line in the file."""
    with pytest.raises(yaml.YAMLError) as error:
        load_rows("- id: a\n  name: A\n\n- id: b\n  name: [open\n")

    assert error.value.problem_mark.line >= 3
