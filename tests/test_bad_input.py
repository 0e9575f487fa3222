"""Whatever the text, coding it ends soon, does not crash, and every offset points at the words it claims."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timeline import Article, Coder
from timeline.coding.coder import CodedArticle
from timeline.coding.timex import recognise_timexes
from timeline.records import Mention

DAY = dt.date(2020, 3, 5)
LEXICON = Path(__file__).parent / "invented_actors.yaml"
NEWS = (
    "Russia and Turkey agreed on a ceasefire in Idlib on Thursday. Turkish President Recep Tayyip Erdoğan said that "
    "the Syrian army had shelled the town two days earlier, killing 33 soldiers. “We will respond,” he told reporters "
    "in Ankara. According to the Russian Defence Ministry, militants attacked the base last week."
)
CODED = {  # what is odd about a text, and a text with something to code all the same
    "all capitals": NEWS.upper(),
    "no capitals": NEWS.lower(),
    "HTML left in": f'<div class="a"><p>{NEWS}</p><br/>&nbsp;&quot;Russia&#39;s army shelled Idlib&quot;</div><b',
    "Turkish letters": "İSTANBUL: Erdoğan İstanbul'da. Turkey’s President Erdoğan condemned İsrail and Syria. ıİ ŞĞÜ",
    "Arabic": f"الجيش السوري يقصف إدلب. {NEWS} روسيا وتركيا",
    "Cyrillic": f"Россия и Турция договорились. {NEWS} Сирия",
    "control characters": NEWS.replace(" ", "\x00 ", 3).replace("on", "o\x1bn", 2).replace(".", ".\x0c\x85"),
    "bidirectional marks": NEWS.replace("Turkey", "\u202eTurkey\u202c").replace("Syrian", "\u2067Syrian\u2069"),
    "lone surrogates": NEWS.replace("Idlib", "Id\ud800lib").replace("Syrian", "\udfffSyrian") + "\ud83d Russia\ud83d",
    "surrogate in a name": "The Nor\ud800man Front attacked Russia\udc00 on Thursday, Turkish\ud800 officials said.",
    "zero width": NEWS.replace("Turkey", "Tur\u200bkey").replace(" ", " \u200d\ufeff", 9),
    "combining marks": NEWS.replace("e", "e\u0301\u0327", 12) + "Z͑ͫ̓͛a̡͊͠l̶g͖o̲" * 20,
    "no-break spaces": NEWS.replace(" ", "\u00a0"),
    "other line ends": NEWS.replace(" ", "\r", 5).replace(" ", "\u2028", 5).replace(" ", "\v", 3),
    "tabs and blanks": NEWS.replace(" ", " \t   \n "),
    "emoji": NEWS.replace(".", " 👩‍👩‍👧‍👦🇹🇷."),
    "full width": NEWS.translate({number: number + 0xFEE0 for number in range(0x21, 0x7F)}),
    "Markdown and tables": f"# Title\n\n| Russia | Turkey |\n|---|---|\n\n> {NEWS}\n\n```\nx\n```\n* Syria attacked",
    "quotation marks only": '"“„«»”"\'‘’' * 50 + NEWS,
}  # fmt: skip
EMPTY = {
    "nothing": "",
    "one letter": "a",
    "one word": "Russia",
    "one space": " ",
    "line ends": "\n\r\n\u2028\x0b\n",
    "one dot": ".",
    "a surrogate": "\ud800",
    "a NUL": "\x00",
    "a mark of order": "\ufeff",
    "combining marks": "\u0301\u0301\u0301",
    "punctuation": "?!…---'\"'''``",
    "digits": "0000-00-00 00/00/0000 99999999999999999999999",
}
DATES = (
    "31 February 2020", "30 February", "February 31, 2020", "2020-02-31", "29 February 2019", "2020-13-45",
    "31/31/2020",
    "year 0", "0000-00-00", "0000-01-01", "1 January 0000", "1 January 0001", "31 December 9999", "9999-12-31",
    "in the year 9999", "in 10000", "10000 years ago", "99999999999999999999 days ago", "in 5000000 months",
    "9" * 400 + " weeks earlier", "the past 99999999 centuries", "the 1000000s", "the 99th century", "-5 days ago",
    "two million years later", "100 BC", "5000 BC", "25:61", "24:00:00", "12:60 pm on Thursday", "32 March 2020",
    "Week 60 of 2020", "fiscal 99999", "1e309 days ago", "0 days ago", "the 0th of May", "½ year ago", "१२ March 2020",
    "²⁰20", "٣ March 2020", "March 5, ２０２０", "from 9999 to 0001", "between 31 February and 31 April",
)  # fmt: skip
PIECES = (
    "Russia", "Turkey's", " the Syrian army", "İstanbul", "ERDOĞAN", "Hay'at Tahrir al-Sham", " attacked ",
    " on Thursday", " 31 February", " two days earlier", "\n\n", "\n", ". ", ", ", "“", "”", '"', "'s", "’s", " — ",
    "-backed", " the two sides ", " he ", " its ", "according to ", "\ud800", "\udfff", "\u202e", "\u200b", "\u0301",
    "\x00", "ı", "ß", "ﬁ", "İ", " a call ", "<b>", "&amp;", "…", "(HTS)", "the president of ", " and ", "U.S.",
    " said that ", " Gen. ",    " killed 5 soldiers", "No ", " 9999", " on 3 March 2020 ", " in May 2019 ", " will ",
    " was shelled by ", "who ",
)  # fmt: skip


@cache
def coder() -> Coder:
    return Coder([LEXICON])


def code(text: str, published: dt.date | None = DAY) -> CodedArticle:
    coded = coder().code(Article("a", text, published))
    check(coded)
    return coded


def all_mentions(coded: CodedArticle) -> Iterator[Mention]:
    yield from coded.mentions
    for coding in coded.codings:
        yield from (*coding.sources, *coding.targets, *coding.attribution.speakers)


def check(coded: CodedArticle) -> None:
    """All offsets lie in the text and point at what is claimed."""
    text = coded.article.text
    for timex in coded.timexes:
        assert 0 <= timex.start < timex.end <= len(text)
        assert text[timex.start : timex.end] == timex.text
    for mention in all_mentions(coded):
        assert 0 <= mention.start < mention.end <= len(text), mention
        assert text[mention.start : mention.end] == mention.text
    for coding in coded.codings:
        assert 0 <= coding.start <= coding.trigger_start < coding.trigger_end <= coding.end <= len(text), coding
        said = coding.attribution
        assert (said.start, said.end) == (-1, -1) or 0 <= said.start < said.end <= len(text)
        assert coding.place is None or -1 <= coding.place.start <= coding.place.end <= len(text)
    for start in {0, len(text) // 2, max(len(text) - 1, 0)}:
        date = coded.date_at(start, start + 3)
        assert date is not None
        assert date.start is None or date.end is None or date.start <= date.end


@pytest.mark.parametrize("text", EMPTY.values(), ids=EMPTY)
def test_nothing_to_code(text: str) -> None:
    """A text without a sentence has no codings."""
    assert code(text).codings == ()


@pytest.mark.parametrize("text", CODED.values(), ids=CODED)
def test_odd_text(text: str) -> None:
    """Odd letters leave offsets right, with a date of publication or without."""
    for published in (DAY, None):
        assert code(text, published).article.text == text


@pytest.mark.parametrize("what", ["all capitals", "HTML left in", "Arabic", "Cyrillic", "bidirectional marks", "emoji"])
def test_odd_text_is_coded_all_the_same(what: str) -> None:
    """What stands around an English sentence does not keep it from being coded."""
    assert code(CODED[what]).codings


@pytest.mark.parametrize("name", ["İstanbul", "Erdoğan", "Işık", "ĞÜŞİÖÇ", "Straße", "ﬁrst", "ŉ", "ǰ", "ΐ"])
def test_letters_that_change_length_with_their_case(name: str) -> None:
    """ "İ".lower() has two characters: offsets behind it must not move."""
    text = f"{name * 3} {name.upper()} {name.lower()}: on 3 March 2020 Russia attacked Turkey, {name} said on Thursday."

    coded = code(text)

    assert "3 March 2020" in {timex.text for timex in coded.timexes}
    assert {"Russia", "Turkey"} <= {mention.text for mention in coded.mentions}


@pytest.mark.parametrize("words", DATES)
@pytest.mark.parametrize("published", [DAY, None, dt.date.min, dt.date.max])
def test_impossible_dates(words: str, published: dt.date | None) -> None:
    """A date that is none, or that no calendar holds, resolves to nothing or to days that exist."""
    for text in (
        words,
        f"Russia attacked Turkey {words}.",
        f"On {words}, Russia had attacked Turkey. Syria followed a day later.",
    ):
        timexes = recognise_timexes(text, published)

        assert all(text[timex.start : timex.end] == timex.text for timex in timexes)
        spans = [timex.span for timex in timexes if timex.span]
        assert all(span.start <= span.end for span in spans if span.start and span.end)


@pytest.mark.parametrize("published", [dt.date.min, dt.date.max])
def test_publication_at_the_ends_of_the_calendar(published: dt.date) -> None:
    """The day before the first and after the last do not exist."""
    more = (
        "Russia will attack Turkey tomorrow. Syria had attacked it yesterday. Iran will meet Russia. Iran had hit Iraq."
    )
    text = f"{NEWS} {more}"

    assert code(text, published).codings


@pytest.mark.parametrize("language", ["ar", "ru", "tr", "de"])
def test_other_languages_are_not_coded(language: str) -> None:
    """An article marked as not English is handed back empty, in a batch too."""
    article = Article("a", NEWS, DAY, language=language)

    assert coder().code(article) == CodedArticle(article)
    assert list(coder().code_many([article])) == [CodedArticle(article)]


LONG = {
    "no sentence ends": "Russia attacked Turkey and then the army of Syria said that " * 600,
    "no spaces": "Russia" * 6_000,
    "one letter": "a" * 40_000,
    "spaces": " " * 40_000,
    "line ends": "\n" * 40_000,
    "dots": "." * 40_000,
    "quotation marks": '"' * 40_000,
    "apostrophes": "'" * 40_000,
    "brackets": "(" * 40_000,
    "hyphens": "a-" * 20_000,
    "dotted letters": "U.S." * 10_000,
    "digits": "1" * 40_000,
    "dates": "3 March 2020, " * 2_800,
    "numbers": "1,000 " * 6_400,
    "commas": "Russia, " * 4_800,
    "pronouns": "He said he told him. " * 1_600,
    "pairs": "The two sides " * 2_800,
    "combining marks": "e" + "\u0301" * 40_000,
    "surrogates": "\ud800" * 40_000,
    "NULs": "\x00" * 40_000,
    "open quotation": "“" + "Russia attacked Turkey. " * 1_600,
    "of": "the president of the army of the ministry of " * 880,
    "and": "Russia and Turkey and " * 1_800,
    "tags": "<p>" * 13_200,
    "ands of numbers": "two hundred and " * 2_400,
    "weekdays": "Monday and Tuesday to " * 1_800,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_odd_text_ends_soon(text: str) -> None:
    """40,000 characters of one kind: a guard against growth, not a stopwatch; they take some ten seconds at most."""
    begun = time.process_time()
    code(text)

    assert time.process_time() - begun < 40


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_offsets_of_news_torn_to_pieces(text: str) -> None:
    """Words that name actors, acts and dates in any order, with odd characters between."""
    assert code(text).article.text == text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(), max_size=200), st.integers(0, 200))
def test_offsets_of_any_characters(noise: str, at: int) -> None:
    """Any characters whatever, lone surrogates among them, in the middle of a sentence."""
    text = NEWS[:at] + noise + NEWS[at:]

    assert code(text).article.text == text


def some_articles() -> list[Article]:
    texts = [NEWS, *CODED.values(), *EMPTY.values(), "\n\n".join([NEWS] * 40)]
    articles = [Article(f"a{number}", text, DAY if number % 3 else None) for number, text in enumerate(texts)]
    return [*articles, Article("de", NEWS, DAY, language="de"), *articles[:3]]


@pytest.mark.parametrize("processes", [1, 2])
def test_alone_or_in_company(processes: int) -> None:
    """An article's records are the same coded alone, in a batch, or in another process; order is kept."""
    articles = some_articles()

    alone = [coder().code(article) for article in articles]

    assert list(coder().code_many(articles, processes=processes)) == alone


@pytest.mark.parametrize("processes", [1, 2])
def test_one_bad_article_raises_when_its_turn_has_come(processes: int) -> None:
    """What stands before it is coded; the error is its own."""
    good = Article("good", NEWS, DAY)
    bad = Article("bad", NEWS, "2020-03-05")  # type: ignore[arg-type]
    coded = coder().code_many([good, good, bad, good], processes=processes)

    assert [next(coded).article.id, next(coded).article.id] == ["good", "good"]
    with pytest.raises((TypeError, AttributeError)):
        next(coded)


def test_code_many_reads_no_further_than_it_must() -> None:
    """A stream of articles is not read to its end before the first is coded."""
    taken = []

    def stream() -> Iterator[Article]:
        for number in range(1_000):
            taken.append(number)
            yield Article(str(number), "Russia attacked Turkey.", DAY)

    next(coder().code_many(stream()))

    assert len(taken) < 20
