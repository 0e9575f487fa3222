"""Near-duplicate articles."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.reading import duplicates
from timeline.reading.duplicates import (
    MIN_CONTAINMENT,
    DuplicateIndex,
    DuplicateLink,
    Signature,
    find_duplicates,
    measure_containment,
    sign_article,
)
from timeline.records import Article

WORDS = [f"word{number}" for number in range(2000)]


def make(name: str, text: str, day: int | None = 1) -> Article:
    return Article(id=name, text=text, published=dt.date(2020, 3, day) if day else None)


def words(seed: int, count: int = 200) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=count))


def test_copies_edits_and_excerpts_are_linked_to_the_earliest_and_others_are_not() -> None:
    text = words(1)
    edited = text.replace(text.split()[50], "changed", 1)
    articles = [
        make("b-excerpt", " ".join(text.split()[20:120]), 3),
        make("c-other", words(2), 2),
        make("d-same", text.upper().replace(" ", ", "), 2),
        make("e-edited", f"Valley Radio reports. {edited}", 4),
        make("a-first", text, 1),
    ]
    links = find_duplicates(articles)

    assert [(link.id, link.of) for link in links] == [
        ("d-same", "a-first"),
        ("b-excerpt", "a-first"),
        ("e-edited", "a-first"),
    ]
    assert links[0].containment == links[1].containment == 1.0
    assert 0.9 < links[2].containment < 1.0


def test_the_threshold_is_on_the_shorter_text() -> None:
    shared = words(3, 90).split()
    more = make("more", " ".join(shared[:60]) + " " + words(4, 300), 1)

    over = find_duplicates([more, make("over", " ".join(shared[:60]) + " " + words(5, 20), 2)])
    under = find_duplicates([more, make("under", " ".join(shared[:60]) + " " + words(5, 60), 2)])

    assert [link.id for link in over] == ["over"]
    assert over[0].containment >= MIN_CONTAINMENT
    assert under == ()


def test_the_order_of_the_input_does_not_matter_and_an_id_twice_is_one() -> None:
    articles = [make(str(n), words(n % 7) + f" tail {n}", n % 5 + 1 if n % 3 else None) for n in range(30)]
    shuffled = random.Random(0).sample(articles, len(articles))

    assert find_duplicates(articles) == find_duplicates(shuffled + articles)
    assert len(find_duplicates(articles)) == 23


def test_short_texts_match_only_word_for_word() -> None:
    short = make("a", "The army left the town.", 1)

    assert find_duplicates([short, make("b", "The army left the town today.", 2)]) == ()
    assert find_duplicates([short, make("b", "the army left the town", 2)]) == (DuplicateLink("b", "a", 1.0),)
    assert find_duplicates([make("a", ""), make("b", "…")]) == ()


def test_a_store_can_add_one_by_one_from_stored_signatures() -> None:
    index = DuplicateIndex()
    stored = Signature("a", bytes(sign_article(make("a", words(1))).packed))

    assert index.add(stored) is None
    assert index.add(sign_article(make("b", words(1) + " and a tail"))) == DuplicateLink("b", "a", 1.0)
    assert index.add(sign_article(make("a", words(1)))) is None
    assert len(index) == 2


def test_many_articles_take_nearly_linear_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight times the articles are at most sixteen times the work, copies and shared footers among them.

    Work is what grows: postings looked at, and articles compared whole.
    """
    postings, compared = [0], [0]

    def count_postings(places: Iterable[int]) -> Counter[int]:
        found = Counter(places)
        postings[0] += found.total()
        return found

    def compare(one: frozenset[int], other: frozenset[int]) -> float:
        compared[0] += 1
        return contain(one, other)

    contain = duplicates._containment
    monkeypatch.setattr(duplicates, "Counter", count_postings)
    monkeypatch.setattr(duplicates, "_containment", compare)

    def measure(count: int) -> tuple[int, int]:
        postings[0] = compared[0] = 0
        footer = words(0, 40)
        articles = [make(str(n), f"{words(n % (count // 2))} {footer} {n}") for n in range(count)]
        assert len(find_duplicates(articles)) == count - count // 2
        return postings[0], compared[0]

    few, many = measure(200), measure(1600)

    assert all(few)
    assert many[0] < 16 * few[0]
    assert many[1] < 16 * few[1]


@given(st.text(), st.text())
def test_containment_is_symmetric_and_between_zero_and_one(one: str, other: str) -> None:
    first, second = sign_article(make("a", one)), sign_article(make("b", other))

    assert measure_containment(first, second) == measure_containment(second, first)
    assert 0 <= measure_containment(first, second) <= 1
    assert measure_containment(first, first) in (0, 1)
