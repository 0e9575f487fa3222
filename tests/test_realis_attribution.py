"""Realis and attribution, counted on sentences of our own (tests/corpus/realis_attribution.tsv).

`python tests/test_realis_attribution.py` prints precision and recall by class, and on dev the errors.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from timeline.coding.attribution import find_attribution
from timeline.coding.parsing import load_model
from timeline.coding.realis import find_realis

CORPUS = Path(__file__).parent / "corpus" / "realis_attribution.tsv"


@dataclass(frozen=True, slots=True)
class Row:
    split: str
    realis: str
    speakers: tuple[str, ...]
    text: str
    trigger_start: int


def read_rows(split: str) -> list[Row]:
    rows = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        part, realis, speakers, text = line.split("\t")
        names = () if speakers == "-" else tuple(speakers.lower().split(" > "))
        if part == split:
            rows.append(Row(part, realis, names, text.replace("{", "").replace("}", ""), text.index("{")))
    return rows


@cache
def judge(split: str) -> tuple[tuple[Row, str, tuple[str, ...]], ...]:
    """Each row with the realis and the speakers found."""
    model, judged = load_model(), []
    for row in read_rows(split):
        doc = model(row.text)
        trigger = next(token.i for token in doc if token.idx <= row.trigger_start < token.idx + len(token))
        speakers = find_attribution(doc, trigger, ()).speakers
        judged.append((row, find_realis(doc, trigger).value, tuple(speaker.text.lower() for speaker in speakers)))
    return tuple(judged)


def share_right(split: str, stage: str) -> float:
    rows = judge(split)
    right = [row.realis == realis if stage == "realis" else row.speakers == names for row, realis, names in rows]
    return sum(right) / len(right)


@pytest.mark.parametrize(("split", "stage", "least"), [
    ("dev", "realis", 0.90), ("dev", "attribution", 0.90), ("test", "realis", 0.85), ("test", "attribution", 0.85),
])  # fmt: skip
def test_share_right(split: str, stage: str, least: float) -> None:
    """The share of rows read right does not fall below what was reached."""
    assert share_right(split, stage) >= least


def report(split: str) -> None:
    rows = judge(split)
    for label in sorted({row.realis for row, _, _ in rows}):
        pairs = Counter((row.realis == label, realis == label) for row, realis, _ in rows)
        precision = pairs[True, True] / max(1, pairs[True, True] + pairs[False, True])
        recall = pairs[True, True] / max(1, pairs[True, True] + pairs[True, False])
        n = pairs[True, True] + pairs[True, False]
        print(f"{split} {label:13} precision {precision:.2f} recall {recall:.2f} n {n}")
    found = sum(len(set(names) & set(row.speakers)) for row, _, names in rows)
    given, wanted = sum(len(names) for *_, names in rows), sum(len(row.speakers) for row, *_ in rows)
    print(f"{split} speakers      precision {found / given:.2f} recall {found / wanted:.2f} n {wanted}")
    shares = ", ".join(f"{stage} {share_right(split, stage):.3f}" for stage in ("realis", "attribution"))
    print(f"{split} rows right: {shares}")


if __name__ == "__main__":
    for part in ("dev", "test"):
        report(part)
    if "--errors" in sys.argv:
        for one, realis, names in judge("dev"):
            if one.realis != realis or one.speakers != names:
                print(one.realis, realis, one.speakers, names, one.text, sep=" | ")
