"""Reads and checks the case files of mentions."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from timeline.coding.actors import ActorResolver
from timeline.coding.coder import Coder
from timeline.coding.lexicon import load_lexicon
from timeline.coding.mentions import recognise_mentions
from timeline.coding.parsing import parse
from timeline.records import Article, Coding, Mention

HERE = Path(__file__).parent
PUBLISHED = dt.date(2018, 4, 5)


@cache
def invented_resolver() -> ActorResolver:
    return ActorResolver(load_lexicon([HERE / "invented_actors.yaml"]))


@cache
def invented_coder() -> Coder:
    return Coder(lexicons=[HERE / "invented_actors.yaml"])


def code_text(text: str) -> tuple[Coding, ...]:
    """What is coded in a text about the invented actors."""
    return invented_coder().code(Article("one", text, PUBLISHED)).codings


def read_cases(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((HERE / "cases" / name).read_text(encoding="utf-8")))


def find_mentions(text: str, published: dt.date | None = PUBLISHED) -> tuple[Mention, ...]:
    return recognise_mentions(parse(text), invented_resolver(), published)


def check(case: dict[str, Any]) -> None:
    """Assert that a case's mentions are found and its absent words untouched."""
    text = case["text"]
    mentions = find_mentions(text, case.get("published", PUBLISHED))
    found = [(m.start, m.text, m.actor.id, m.rule) for m in mentions if m.actor]
    for given, actor, *rule in case.get("expect", ()):
        words, _, number = given.partition("#")
        start = _find(text, words, int(number or 1))
        fitting = [one for one in found if one[:3] == (start, words, actor)]
        assert fitting, f"{words!r} as {actor} not among {found}"
        assert not rule or fitting[0][3] == rule[0]
    for words in case.get("absent", ()):
        start = _find(text, words)
        touching = [one for one in found if one[0] < start + len(words) and start < one[0] + len(one[1])]
        assert not touching, f"{words!r} is touched by {touching}"


def _find(text: str, words: str, number: int = 1) -> int:
    """Where words stand for the n-th time, not inside longer ones."""
    found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    return found[number - 1]
