"""RSS and Atom."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from timeline.errors import UnreadableInputError
from timeline.reading import Problem, feeds, read_articles
from timeline.reading.feeds import read_feed

PAGES = Path(__file__).parent / "pages"


def test_rss() -> None:
    problems: list[Problem] = []
    ferry, council = read_articles(PAGES / "feed.rss", on_problem=problems.append)

    assert (
        ferry.text
        == "The ferry to Hallow sails again from Friday, the company said.\n\nNorland had closed the strait in January."
    )
    assert (ferry.published, ferry.publisher) == (dt.date(2020, 3, 6), "Valley Radio")
    assert (ferry.title, ferry.url) == ("Ferry service to Hallow resumes", "https://valleyradio.example/ferry")
    assert (council.text, council.published) == (
        "The regional council met in Eastmere & adopted its budget without a vote.",
        None,  # the feed's own build date is not the entry's
    )
    assert [problem.reason for problem in problems] == ["the entry has no text"]


def test_atom() -> None:
    left, visits = read_articles(PAGES / "feed.atom")

    assert (left.published, left.text) == (
        dt.date(2019, 5, 18),
        "The army of Sudria left the town of Tarn on Saturday.",
    )
    assert (visits.published, visits.url) == (dt.date(2019, 5, 17), "")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;">]><rss>&b;</rss>',
            "declares entities",
        ),
        (b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd">]><rss/>', "declares entities"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>'.encode("utf-16"), "declares entities"),
        (b"<?xml version='1.0'?><opml><body/></opml>", "neither RSS nor Atom"),
        (b"", "neither RSS nor Atom"),
        (b"<rss>" + b"<a>" * (feeds.MAX_FEED_TAGS + 1), "more than 200,000 elements"),
    ],
)
def test_xml_that_is_no_feed_or_plays_tricks_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableInputError, match=message):
        list(read_feed(data, "in", lambda problem: None))
