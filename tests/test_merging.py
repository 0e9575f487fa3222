"""Merging: pairs of our own reports, and what must hold whatever is merged.

`python tests/test_merging.py` prints precision, recall and F1 over the pairs, and with --errors the wrong ones.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline import Coder
from timeline.coding.merging import merge_codings
from timeline.records import Actor, Article, Basis, Coding, EventDate, Mention, Precision, Realis

CORPUS = Path(__file__).parent / "corpus" / "merging_pairs.tsv"


@dataclass(frozen=True, slots=True)
class Pair:
    same: bool
    first: Article
    second: Article


def read_pairs() -> list[Pair]:
    pairs = []
    for number, line in enumerate(CORPUS.read_text(encoding="utf-8").splitlines()):
        if line.startswith("#"):
            continue
        label, day, text, other_day, other_text = line.split("\t")
        first = Article(f"{number}a", text, dt.date.fromisoformat(day), publisher="One")
        second = Article(f"{number}b", other_text, dt.date.fromisoformat(other_day), publisher="Two")
        pairs.append(Pair(label == "same", first, second))
    return pairs


@cache
def judge() -> tuple[tuple[Pair, bool], ...]:
    """Each pair and whether its two reports share an event."""
    coder, judged = Coder(), []
    for pair in read_pairs():
        texts = {pair.first.id: pair.first.text, pair.second.id: pair.second.text}
        codings = [coding for article in (pair.first, pair.second) for coding in coder.code(article).codings]
        sentences = {coding.id: texts[coding.article_id][coding.start : coding.end] for coding in codings}
        events = merge_codings(codings, sentences)
        judged.append((pair, any(len({coding.article_id for coding in event.codings}) == 2 for event in events)))
    return tuple(judged)


def measure() -> tuple[float, float, float]:
    """Precision, recall and F1 of "same"."""
    right = sum(pair.same and merged for pair, merged in judge())
    precision = right / max(1, sum(merged for _, merged in judge()))
    recall = right / max(1, sum(pair.same for pair, _ in judge()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def test_pairs() -> None:
    """Reports of one happening meet in one event, others stay apart."""
    assert measure()[2] >= 0.85


NORLAND = Actor("NOR", "Norland", "NOR")
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 6))
ACTORS = st.sampled_from([Actor(code, code.title(), code) for code in ("NOR", "SUD", "VEL")])
TYPES = st.sampled_from(["ASSAULT", "CONSULT", "ACCUSE", "AGREE"])


@st.composite
def some_codings(draw: st.DrawFn) -> Coding:
    """A coding of one of a few acts between a few actors on a few days, in one of a few articles."""
    day, start = draw(DAYS), draw(st.integers(0, 40)) * 10
    sides = [
        tuple(
            Mention(start + i, start + i + 1, "x", actor) for i, actor in enumerate(draw(st.lists(ACTORS, max_size=2)))
        )
        for _ in range(2)
    ]
    return Coding(
        article_id=draw(st.sampled_from("abc")),
        start=start,
        end=start + 9,
        trigger_start=start + 4,
        trigger_end=start + 5,
        event_type=draw(TYPES),
        sources=sides[0],
        targets=sides[1],
        realis=draw(st.sampled_from(Realis)),
        date=EventDate(day, day, Precision.DAY, draw(st.sampled_from([Basis.STATED, Basis.PUBLISHED]))),
    )


@settings(deadline=None)  # a loaded machine is no failure
@given(st.lists(some_codings(), max_size=12, unique_by=lambda coding: coding.id), st.randoms())
def test_order_does_not_matter(codings: list[Coding], random: object) -> None:
    """The same codings in any order give the same events."""
    shuffled = list(codings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert merge_codings(codings) == merge_codings(shuffled)


@settings(deadline=None)  # a loaded machine is no failure
@given(st.lists(some_codings(), max_size=12))
def test_nothing_is_lost_or_doubled(codings: list[Coding]) -> None:
    """Every coding stands in exactly one event."""
    merged = [coding.id for event in merge_codings(codings) for coding in event.codings]

    assert sorted({coding.id for coding in codings}) == sorted(merged)


@settings(deadline=None)  # a loaded machine is no failure
@given(st.lists(some_codings(), max_size=12))
def test_merging_again_changes_nothing(codings: list[Coding]) -> None:
    """Merging the codings of merged events gives the same events."""
    events = merge_codings(codings)

    assert events == merge_codings([coding for event in events for coding in event.codings])


def meeting(article: str, day: int, basis: Basis) -> Coding:
    date = EventDate(dt.date(2020, 1, day), dt.date(2020, 1, day), Precision.DAY, basis)
    sides = (Mention(0, 7, "Norland", NORLAND),), (Mention(9, 15, "Sudria", Actor("SUD", "Sudria", "SUD")),)
    return Coding(article, 0, 20, 8, 9, "CONSULT", *sides, date=date)


def test_disagreement_is_kept() -> None:
    """Two accounts that name different days a day apart stay one event and say that they differ."""
    (event,) = merge_codings([meeting("a", 3, Basis.STATED), meeting("b", 4, Basis.PUBLISHED)])

    assert dt.date(2020, 1, 3) == event.date.start
    assert {"a", "b"} == {coding.article_id for coding in event.codings}


@pytest.mark.parametrize(("reports", "named"), [(5, ["SUD", "VEL"]), (6, ["SUD"])])
def test_one_report_of_many_does_not_name_the_actors(reports: int, named: list[str]) -> None:
    """What fewer than a fifth say stays in the reports."""
    date = EventDate(dt.date(2020, 1, 3), dt.date(2020, 1, 3), Precision.DAY, Basis.STATED)
    source, target = Mention(0, 7, "Norland", NORLAND), Mention(9, 15, "Sudria", Actor("SUD", "Sudria", "SUD"))
    other = Mention(20, 25, "Velia", Actor("VEL", "Velia", "VEL"))
    codings = [
        Coding(str(number), 0, 30, 8, 9, "ASSAULT", (source,), (target, other) if number == 1 else (target,), date=date)
        for number in range(reports)
    ]

    (event,) = merge_codings(codings)

    assert [actor.id for actor in event.targets] == named
    assert len(event.codings) == reports


@pytest.mark.parametrize(("event_type", "joined"), [("STATEMENT", False), ("ASSAULT", True)])
def test_one_may_say_many_things_in_a_day(event_type: str, joined: bool) -> None:
    """Statements that share no words are two; a raid told in other words is one."""
    date = EventDate(dt.date(2020, 1, 3), dt.date(2020, 1, 3), Precision.DAY, Basis.STATED)
    source, target = Mention(0, 7, "Norland", NORLAND), Mention(9, 15, "Sudria", Actor("SUD", "Sudria", "SUD"))
    codings = [Coding(a, 0, 30, 8, 9, event_type, (source,), (target,), date=date) for a in "ab"]
    sentences = dict(
        zip((c.id for c in codings), ("It dismissed the inquiry", "Patrols now watch a road there"), strict=True)
    )

    assert (len(merge_codings(codings, sentences)) == 1) == joined


def test_a_report_is_not_of_a_later_meeting() -> None:
    """What was published on the 3rd did not tell of a meeting on the 4th."""
    assert len(merge_codings([meeting("a", 4, Basis.STATED), meeting("b", 3, Basis.PUBLISHED)])) == 2


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (Actor("MIL", "Military", None, "MIL"), Actor("sud-army", "Sudrian Army", "SUD", "MIL", "SUD"), True),
        (Actor("VEL-REB", "Velian rebels", "VEL", "REB", "VEL"), Actor("lions", "Lions", "VEL", "REB"), True),
        (Actor("VEL-CVL", "Velian civilians", "VEL", "CVL"), Actor("VEL-EDU", "Velian academics", "VEL", "EDU"), True),
        (Actor("VEL-REB", "Velian rebels", "VEL", "REB", "VEL"), Actor("wolves", "Wolves", "SUD", "REB"), False),
        (Actor("wolves", "Wolves", "VEL", "REB"), Actor("lions", "Lions", "VEL", "REB"), False),
        (Actor("MIL", "Military", None, "MIL"), Actor("lions", "Lions", "VEL", "REB"), False),
    ],
)
def test_loose_names_meet_exact_ones(first: Actor, second: Actor, joined: bool) -> None:
    """ "Rebels" of a country may be a named group of it, "the army" any army; two names are two actors."""
    date = EventDate(dt.date(2020, 1, 3), dt.date(2020, 1, 3), Precision.DAY, Basis.STATED)
    target = (Mention(30, 37, "Norland", NORLAND),)
    reports = [
        Coding(article, 0, 40, 8, 9, "ASSAULT", (Mention(0, 7, "they", actor),), target, date=date)
        for article, actor in (("a", first), ("b", second))
    ]

    events = merge_codings(reports)

    assert joined == (len(events) == 1)
    if joined:
        assert second in events[0].sources
        assert (first in events[0].sources) != first.is_bare_sector, "soldiers are named once, as the army they are of"


if __name__ == "__main__":
    precision, recall, f1 = measure()
    print(f"pairs {len(judge())}: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}")
    if "--errors" in sys.argv:
        for one, merged in judge():
            if one.same != merged:
                print("missed" if one.same else "wrongly joined", one.first.text, "//", one.second.text)
