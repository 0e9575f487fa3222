"""How right the coder was on what readers reviewed: precision, accuracy by field, recall, with intervals.

The unit is the coding: one act as one article tells it. Precision looks at codings that were confirmed, added to a
checked article's acts, or deleted; recall only at articles that were checked whole, since nobody knows what was
missed elsewhere. A correction alone, without "the rest is right", says nothing of the other fields and counts for none.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from timeline.records import Coding
from timeline.store.codings import read_outlets
from timeline.store.curation.corrections import FIELDS, Correction, Kind, read_address, read_values, same_value
from timeline.store.curation.folding import Curated, find_coding, list_live
from timeline.store.curation.log import read_curated, read_log
from timeline.store.project import Project
from timeline.store.serial import clean

_Z = 1.959964  # 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `of`, with the 95 % interval of Wilson (1927), which is honest for small numbers."""

    right: int
    of: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None where nothing was counted."""
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Low and high end; None where nothing was counted."""
        if not self.of:
            return None
        p, n, z2 = self.right / self.of, self.of, _Z * _Z
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Review:
    """What readers found.

    Attributes:
        events: Codings that are an event, of those reviewed or deleted: the coder's precision.
        whole: Codings right in every field, of the same.
        fields: For each field the codings right in it, of those reviewed.
        types: For each event type as coded the codings that are an event, most reviewed first.
        recall: Acts found, of all that readers found in checked articles.
        checked: Articles checked whole.
        unseen: Codings of checked articles that nobody has reviewed, since a later coder made or changed them.
        corrected: Codings with a field set by hand.
        added: Acts added by hand, in any article.
        orphans: Corrections that apply to nothing here.
    """

    events: Share
    whole: Share
    fields: dict[str, Share]
    types: dict[str, Share]
    recall: Share
    checked: int
    unseen: int
    corrected: int
    added: int
    orphans: int


def review_project(project: Project) -> Review:
    """The figures of a project."""
    with project.read():
        return review(read_curated(project), read_log(project), frozenset(read_outlets(project)))


def review(curated: Curated, log: Iterable[Correction], articles: Container[str]) -> Review:
    """The figures of codings as a log leaves them; `articles` are the ids of those in the project."""
    now = {coding.id: coding for coding in curated.codings}
    coded = {c.id: c for told in curated.as_coded.values() for c, _ in told if c.id not in curated.added}
    right = [key for key in sorted(coded) if key in curated.reviewed]
    wrong = [key for key in sorted(coded) if key in curated.removed]
    fields = {name: Share(sum(_is_right(coded[k], now[k], name) for k in right), len(right)) for name in FIELDS}
    whole = sum(all(_is_right(coded[key], now[key], name) for name in FIELDS) for key in right)
    checks = {clean(c.subject): c for c in list_live(log) if c.kind is Kind.CHECK}
    checks = {article: made for article, made in checks.items() if article in articles}
    found = [key for key in right if clean(coded[key].article_id) in checks]
    missed = sum(_count_missed(curated, made, article) for article, made in checks.items())
    unseen = [k for k, c in coded.items() if k in now and k not in curated.reviewed and clean(c.article_id) in checks]
    return Review(
        events=Share(len(right), len(right) + len(wrong)),
        whole=Share(whole, len(right) + len(wrong)),
        fields=fields,
        types=_by_type(coded, right, wrong),
        recall=Share(len(found), len(found) + missed),
        checked=len(checks),
        unseen=len(unseen),
        corrected=sum(1 for c in curated.codings if set(c.corrected) & set(FIELDS)),
        added=len(curated.added - curated.removed.keys()),
        orphans=len(curated.orphans),
    )


def _is_right(coded: Coding, now: Coding, name: str) -> bool:
    return same_value(name, read_values(coded)[name], read_values(now)[name])


def _by_type(coded: dict[str, Coding], right: Iterable[str], wrong: Iterable[str]) -> dict[str, Share]:
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for keys, good in ((right, 1), (wrong, 0)):
        for key in keys:
            counts[coded[key].event_type][0] += good
            counts[coded[key].event_type][1] += 1
    return {name: Share(*counts[name]) for name in sorted(counts, key=lambda name: (-counts[name][1], name))}


def _count_missed(curated: Curated, made: Correction, article: str) -> int:
    """Acts of a checked article that the present coder does not have: added by hand, or found by an earlier one."""
    told = curated.as_coded.get(article, ())
    by_coder = [(coding, sentence) for coding, sentence in told if coding.id not in curated.added]
    lost = [
        address
        for plain in made.after["codings"]
        if (address := read_address(plain)).coding not in curated.added and find_coding(address, by_coder) is None
    ]
    return len(lost) + sum(1 for _ in _list_missed(curated, told))


def _list_missed(curated: Curated, told: Iterable[tuple[Coding, str]]) -> Iterator[str]:
    """Acts added by hand that no coding of the coder tells by now."""
    listed = list(told)
    for coding, _ in listed:
        if coding.id in curated.added and coding.id not in curated.removed:
            beside = (
                c for c, _ in listed if c.id not in curated.added and c.start < coding.end and coding.start < c.end
            )
            if not any(other.event_type == coding.event_type for other in beside):
                yield coding.id
