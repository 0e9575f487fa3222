"""The days that matter most in a corpus."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import permutations

import pytest

from timeline.coding.key_dates import common_names, key_dates, sentence_bounds, weigh_days
from timeline.coding.timex import recognise_timexes
from timeline.records import Article, Basis, Coding, EventDate, Precision, Realis, TimeExpression


@dataclass(frozen=True, slots=True)
class Read:
    """A coded article, without a parser."""

    article: Article
    timexes: tuple[TimeExpression, ...]
    codings: tuple[Coding, ...] = ()


def read(name: str, published: str | None, text: str, *codings: Coding) -> Read:
    day = dt.date.fromisoformat(published) if published else None
    return Read(Article(name, text, day), recognise_timexes(text, day), codings)


def days(chosen: list[tuple[dt.date, list[str]]]) -> list[str]:
    return [day.isoformat() for day, _ in chosen]


CORPUS = [
    read("a", "2020-03-02", "Shells fell on February 27. Nobody spoke."),
    read("b", "2020-03-06", "They met on Thursday. The truce follows the shelling of February 27."),
    read("c", "2020-03-20", "A fortnight after March 5 the road is open."),
    read("d", "2020-03-21", "Traders opened their shops on Friday, Friday, Friday."),
]


def test_days_of_many_articles_come_before_days_of_many_mentions() -> None:
    """Three mentions in one article weigh less than mentions in two."""
    assert days(key_dates(CORPUS, 2)) == ["2020-02-27", "2020-03-05"]


def test_days_come_in_order_with_the_sentences_that_name_them() -> None:
    chosen = dict(key_dates(CORPUS, 2))

    assert chosen[dt.date(2020, 3, 5)][0] == "They met on Thursday."
    assert "Shells fell on February 27." in chosen[dt.date(2020, 2, 27)]


def test_looking_back_counts_more_than_the_news_of_the_day() -> None:
    later = weigh_days([read("x", "2020-05-01", "It changed on March 5.")])
    fresh = weigh_days([read("x", "2020-03-07", "It changed on March 5.")])

    assert later[dt.date(2020, 3, 5)] > fresh[dt.date(2020, 3, 5)]


def test_only_exact_days_count() -> None:
    """A month is no day, and neither is its first day."""
    chosen = key_dates([read("x", None, "It changed in March 2020, in 2019 and last week.")], 5)

    assert chosen == []


def test_order_of_articles_does_not_matter() -> None:
    answers = [key_dates(order, 3) for order in permutations(CORPUS)]

    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("n", [-1, 0])
def test_none_wanted(n: int) -> None:
    assert key_dates(CORPUS, n) == []


def test_empty_corpus() -> None:
    assert key_dates([], 3) == []


def test_articles_without_dates_fall_back_to_publication() -> None:
    """Two reports on the 3rd, one on the 9th: the day before and the day of the reports."""
    corpus = [read("a", "2020-04-03", "Rain."), read("b", "2020-04-03", "Storm."), read("c", "2020-04-09", "Sun.")]

    assert days(key_dates(corpus, 1)) == ["2020-04-02"]
    assert days(key_dates(corpus, 9)) == ["2020-04-02", "2020-04-03", "2020-04-08", "2020-04-09"]


def test_articles_without_publication_date_still_count() -> None:
    assert days(key_dates([read("a", None, "It was signed on 17 September 2018.")], 1)) == ["2018-09-17"]


def coded(text: str, day: dt.date, realis: Realis) -> Coding:
    date = EventDate(day, day, Precision.DAY, Basis.STATED)
    return Coding("a", 0, len(text), 0, 1, "CONSULT", (), (), realis, date, confidence=0.9)


def test_acts_add_weight_unless_they_are_only_planned() -> None:
    text, day = "They met on March 5.", dt.date(2020, 3, 5)
    bare, actual, planned = (
        weigh_days([read("a", "2020-03-06", text, *codings)])[day]
        for codings in ((), (coded(text, day, Realis.ACTUAL),), (coded(text, day, Realis.PLANNED),))
    )

    assert actual > bare == planned


def test_sentence_bounds() -> None:
    text = "One came. Two left on Monday! Three stayed."
    start = text.index("Monday")

    assert text[slice(*sentence_bounds(text, start, start + 6))].strip() == "Two left on Monday!"


def test_first_and_last_day_of_the_calendar() -> None:
    corpus = [read("a", "0001-01-01", "Then 9998-12-31 came."), read("b", "9999-12-31", "Yesterday.")]

    assert len(key_dates(corpus, 10)) >= 2


def test_later_looks_back_count_more() -> None:
    """A day that is still named after half a year mattered."""
    soon = weigh_days([read("x", "2020-03-20", "It changed on March 5, 2020.")])
    late = weigh_days([read("x", "2021-03-20", "It changed on March 5, 2020.")])

    assert late[dt.date(2020, 3, 5)] > soon[dt.date(2020, 3, 5)]


LONG = [
    *(read(f"a{i}", f"2018-06-0{i}", "They struck on June 1. They struck again on June 2.") for i in range(3, 7)),
    *(read(f"b{i}", f"2019-09-0{i}", "The governor fell on September 1.") for i in range(2, 4)),
    read("c", "2021-01-05", "The road opened on January 4."),
]


def test_few_days_of_a_long_time_are_spread() -> None:
    """The first day of the strikes has more mentions than the fall, but the strikes are told already."""
    assert days(key_dates(LONG, 2)) == ["2018-06-02", "2019-09-01"]


def test_many_days_of_a_short_time_are_not_spread() -> None:
    """A dense timeline tells day after day."""
    short = [one for one in LONG if one.article.id.startswith("a")]

    assert days(key_dates(short, 2)) == ["2018-06-01", "2018-06-02"]


@pytest.mark.parametrize("words", ["Doran (born 5 March 2019)", "Doran, who was born in Tarsk on 5 March 2019,"])
def test_days_of_birth_do_not_count(words: str) -> None:
    text = f"{words} resigned on 6 February 2020."

    assert days(key_dates([read("x", None, text)], 3)) == ["2020-02-06"]


def test_days_at_the_ends_of_the_calendar() -> None:
    """The first day has no day before it and the last none after."""
    articles = [read("x", "9999-12-31", "He signed it on 31 December 2150."), read("y", "0001-01-01", "It rained.")]

    assert days(key_dates(articles, 9)) == ["0001-01-01", "2150-12-31", "9999-12-30", "9999-12-31"]


def test_days_of_others_count_less() -> None:
    """Articles on Doran also tell what befell others; both days are named as often and as late."""
    words = (
        "In Tarsk, Doran spoke of it. On 3 May 2018 the governor of Kelby fell.",
        "A friend of Doran wept. On 3 May 2018 a storm hit the coast.",
    )
    about = "The court freed Doran on 7 May 2018."
    corpus = [read(str(n), f"2020-01-0{n + 1}", f"{text} {about}") for n, text in enumerate(words)]

    assert days(key_dates(corpus, 1)) == ["2018-05-07"]


def test_pronoun_close_behind_the_name_counts() -> None:
    name = weigh_days([read("x", None, "The court freed Doran on 7 May 2018.")])
    pronoun = weigh_days([read("x", None, "The court heard Doran. He was freed on 7 May 2018.")])
    other = weigh_days([read("x", None, "The court heard Doran. A thief was freed on 7 May 2018.")])

    assert list(name.values()) == list(pronoun.values()) > list(other.values())


def test_common_names() -> None:
    texts = ["Then Doran met Varn in May.", "So Doran left.", "On Monday Doran came, and Imre."]

    assert common_names(texts) == ["Doran"]
    assert common_names(["Rain fell.", "It snowed."]) == []


LIFE = [
    read("a", "2004-03-09", "On Monday the jury convicted Doran of fraud."),
    read("b", "2004-03-10", "Lawyers of Doran said on Tuesday they would appeal."),
    read("c", "2004-10-09", "On Friday a guard brought Doran to prison."),
    read(
        "d",
        "2009-06-01",
        "The jury that convicted Doran on 8 March 2004 was wrong, said a court in a ruling on Friday.",
    ),
    read("e", "2014-02-02", "The fall of Doran began on 8 March 2004; he left prison on 4 March 2005."),
    read(
        "f", "2014-02-03", "Long after prison, which Doran left on 4 March 2005, a firm hired him. Snow fell on Sunday."
    ),
    read("g", "2014-02-04", "Readers of Doran wrote on Monday, on Monday and on Monday."),
]


def test_a_life_is_told_by_the_days_that_are_looked_back_to() -> None:
    """Conviction and release are still named after years; the news of a day is not."""
    assert days(key_dates(LIFE, 2)) == ["2004-03-08", "2005-03-04"]
