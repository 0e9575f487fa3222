"""Event types, roots and sides of sentences in the style of news agencies.

`python tests/test_wire.py` prints the figures and misses of the tuning half, with `held` the figures of the other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from timeline import Article, Coder
from timeline.ontology import EVENT_TYPES
from timeline.records import Coding, Mention

CORPUS = Path(__file__).parent / "corpus" / "wire.tsv"
FLOORS = {"types": 0.84, "roots": 0.82, "relevance": 0.93, "sides": 0.83, "realis": 0.5}


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with what a reader finds in it; `source` and `target` are a word of theirs, "" where not asked."""

    split: str
    types: frozenset[str]
    roots: frozenset[str]
    source: str
    target: str
    realis: str
    text: str


def read_rows(split: str) -> list[Row]:
    rows = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        part, types, roots, source, target, realis, text = line.split("\t")
        sets = (frozenset(words.split()) - {"-"} for words in (types, roots))
        rows.append(Row(part, *sets, *(word.strip("-") for word in (source, target, realis)), text))
    return [row for row in rows if row.split == split]


@cache
def judge(split: str) -> tuple[tuple[Row, tuple[Coding, ...]], ...]:
    coder = Coder()
    return tuple((row, coder.code(Article(id="one", text=row.text)).codings) for row in read_rows(split))


def f1(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> float:
    right = total = 0
    for wanted, found in pairs:
        right += len(wanted & found)
        total += len(wanted) + len(found)
    return 2 * right / max(total, 1)


def names(word: str, mentions: Iterable[Mention]) -> bool:
    return any(word.lower() in mention.text.lower() or (mention.actor and word in mention.actor.name)
               for mention in mentions)  # fmt: skip


def figures(split: str) -> dict[str, float]:
    """F1 of event types, roots and relevance; the share of sides and realis found in a coding of a wanted type."""
    judged = judge(split)
    asked = {"sides": 0, "realis": 0}
    right = {"sides": 0, "realis": 0}
    for row, codings in judged:
        fitting = [coding for coding in codings if coding.event_type in row.types]
        for word, side in ((row.source, "sources"), (row.target, "targets")):
            asked["sides"] += bool(word)
            right["sides"] += bool(word) and any(names(word, getattr(coding, side)) for coding in fitting)
        asked["realis"] += bool(row.realis)
        right["realis"] += bool(row.realis) and any(coding.realis.value == row.realis for coding in codings)
    return {
        "types": f1((row.types, frozenset(coding.event_type for coding in codings)) for row, codings in judged),
        "roots": f1((row.roots, frozenset(coding.cameo_root for coding in codings)) for row, codings in judged),
        "relevance": f1((frozenset({"yes"} if row.types else ()), frozenset({"yes"} if codings else ()))
                        for row, codings in judged),
        **{name: right[name] / asked[name] for name in asked},
    }  # fmt: skip


def test_corpus_is_well_formed() -> None:
    """At least 300 sentences in two halves, each once, with known types and a word that stands in the text."""
    rows = [row for split in ("tune", "held") for row in read_rows(split)]

    assert len({row.text for row in rows}) == len(rows) >= 300
    assert {name for row in rows for name in row.types} == set(EVENT_TYPES)
    assert all(bool(row.types) == bool(row.roots) for row in rows)
    assert all(word.lower() in row.text.lower() for row in rows for word in (row.source, row.target))


@pytest.mark.parametrize("figure", FLOORS)
@pytest.mark.parametrize("split", ["tune", "held"])
def test_figures(split: str, figure: str) -> None:
    """No figure falls below what was reached."""
    assert figures(split)[figure] >= FLOORS[figure]


if __name__ == "__main__":
    part = sys.argv[1] if len(sys.argv) > 1 else "tune"
    for one, found in judge(part) if part == "tune" else ():
        written = [f"{c.event_type}({'+'.join(m.text for m in c.sources)}>{'+'.join(m.text for m in c.targets)})"
                   for c in found]  # fmt: skip
        if one.types != {coding.event_type for coding in found}:
            print(f"{' '.join(sorted(one.types)) or '-':10} | {'; '.join(written) or '-'} | {one.text}")
    print(part, {name: round(value, 3) for name, value in figures(part).items()})
