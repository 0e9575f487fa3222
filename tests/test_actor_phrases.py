"""Actor phrases of the whole world to country and sector, on our own corpus.

`python tests/test_actor_phrases.py` prints the share right, and with --errors the misses of the tuning part.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from timeline.coding.actors import ActorResolver
from timeline.coding.lexicon import load_lexicon

CORPUS = Path(__file__).parent / "corpus" / "actor_phrases.tsv"
FLOORS = {"tune": 0.90, "held": 0.88}
_INTERNATIONAL = frozenset({"IGO", "UNO", "EUR"})
_NO_SECTOR = frozenset({"", "UNK"})


@dataclass(frozen=True, slots=True)
class Phrase:
    part: str
    text: str
    on: dt.date | None
    country: str
    sector: str


def read_corpus() -> list[Phrase]:
    rows = [line.split("\t") for line in CORPUS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        Phrase(part, text, None if day == "-" else dt.date.fromisoformat(day), country, sector)
        for part, text, day, country, sector in rows
    ]


@cache
def judge() -> tuple[tuple[Phrase, str, str, bool], ...]:
    """Each phrase with the country and sector that it resolves to, and whether both are right."""
    resolver, judged = ActorResolver(load_lexicon()), []
    for phrase in read_corpus():
        actor = resolver.resolve(phrase.text, phrase.on)
        country, sector = (actor.country or "", actor.sector or "") if actor else ("-", "-")
        same_country = country == phrase.country or {country, phrase.country} <= _INTERNATIONAL
        same_sector = sector == phrase.sector or {sector, phrase.sector} <= _NO_SECTOR
        judged.append((phrase, country, sector, same_country and same_sector))
    return tuple(judged)


def measure(part: str) -> float:
    right = [ok for phrase, _, _, ok in judge() if phrase.part == part]
    return sum(right) / len(right)


@pytest.mark.parametrize("part", FLOORS)
def test_phrases_are_read(part: str) -> None:
    """Country and sector are both right for most phrases, of those looked at and of those only counted."""
    assert measure(part) >= FLOORS[part]


def test_corpus_is_sound() -> None:
    """No phrase is there twice for one day, and the two parts are alike in size."""
    phrases = read_corpus()
    keys = [(phrase.text, phrase.on) for phrase in phrases]
    held = sum(phrase.part == "held" for phrase in phrases)

    assert len(set(keys)) == len(keys) >= 800
    assert abs(2 * held - len(phrases)) <= 2


if __name__ == "__main__":
    for name in FLOORS:
        print(f"{name}: {100 * measure(name):.1f} of {sum(phrase.part == name for phrase in read_corpus())}")
    for phrase, country, sector, ok in judge() if "--errors" in sys.argv else ():
        if phrase.part == "tune" and not ok:
            print(f"{phrase.text} [{phrase.on or '-'}]: {country}/{sector}, not {phrase.country}/{phrase.sector}")
