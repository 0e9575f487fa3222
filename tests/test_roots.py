"""CAMEO roots of whole news sentences on our own labelled corpus; `python tests/test_roots.py` prints the misses."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from timeline import Article, Coder

CORPUS = Path(__file__).parent / "corpus" / "roots.tsv"
FLOORS = {"roots": 0.88, "relevance": 0.93}
_coder = cache(Coder)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence, the roots a coder would give it and those that we give; an irrelevant one has none."""

    text: str
    wanted: frozenset[str]
    found: frozenset[str]


def read_corpus() -> list[tuple[str, frozenset[str]]]:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(text, frozenset(roots.split()) - {"-"}) for text, roots in rows]


@cache
def coded_corpus() -> tuple[Labelled, ...]:
    coder = _coder()
    return tuple(
        Labelled(text, wanted, frozenset(one.cameo_root for one in coder.code(Article(id="one", text=text)).codings))
        for text, wanted in read_corpus()
    )


def f1(pairs: list[tuple[frozenset[str], frozenset[str]]]) -> float:
    counts: Counter[str] = Counter()
    for wanted, found in pairs:
        counts += Counter(right=len(wanted & found), sum=len(wanted) + len(found))
    return 2 * counts["right"] / max(counts["sum"], 1)


def root_f1() -> float:
    return f1([(row.wanted, row.found) for row in coded_corpus()])


def relevance_f1() -> float:
    return f1([(frozenset({"yes"} if row.wanted else ()), frozenset({"yes"} if row.found else ()))
               for row in coded_corpus()])  # fmt: skip


def test_corpus_is_well_formed() -> None:
    """Every root is one of CAMEO's, no sentence stands twice, a fifth is irrelevant."""
    rows = read_corpus()

    assert {root for _, roots in rows for root in roots} <= {f"{number:02}" for number in range(1, 21)}
    assert len({text for text, _ in rows}) == len(rows)
    assert sum(not roots for _, roots in rows) >= len(rows) // 5


def test_roots() -> None:
    """Roots of a sentence as a set."""
    assert root_f1() >= FLOORS["roots"]


def test_relevance() -> None:
    """Any coding says that a sentence is relevant."""
    assert relevance_f1() >= FLOORS["relevance"]


@pytest.mark.parametrize("text", [text for text, roots in read_corpus() if not roots])
def test_irrelevant_sentences_name_no_conflict(text: str) -> None:
    """Sport, weather and trade are never read as force between political actors."""
    codings = _coder().code(Article(id="one", text=text)).codings

    assert [one.event_type for one in codings if one.quad_class == 4 and one.sources and one.targets] == []


if __name__ == "__main__":
    for row in coded_corpus():
        if row.wanted != row.found:
            print(f"{' '.join(sorted(row.wanted)) or '-':8}{' '.join(sorted(row.found)) or '-':12}{row.text}")
    sys.stdout.write(f"roots F1 {root_f1():.3f}  relevance F1 {relevance_f1():.3f}\n")
