"""Front matter, header lines and Markdown."""

from __future__ import annotations

import datetime as dt

import pytest

from timeline.reading.plain import read_markdown, read_plain, strip_marks
from timeline.reading.published import ClueBasis, PublishedClue

DAY = PublishedClue(dt.date(2018, 9, 18), ClueBasis.METADATA)


@pytest.mark.parametrize("marks", [("---\n", "---\n"), ("---\n", "...\n"), ("\ufeff---\r\n", "---\r\n")])
def test_front_matter(marks: tuple[str, str]) -> None:
    text = f"{marks[0]}title: 'Chancellor: talks'\npublished: 2018-09-18\npublisher: Gazette\nurl: https://x.example/a\n{marks[1]}Body."
    draft = read_markdown(text)

    assert (draft.title, draft.publisher, draft.url) == ("Chancellor: talks", "Gazette", "https://x.example/a")
    assert (draft.clues, draft.text.strip(), draft.titled) == ((DAY,), "Body.", True)


def test_front_matter_forgives_what_yaml_rejects_and_reads_folded_values() -> None:
    draft = read_markdown(
        "---\ntitle: Chancellor: talks\npublisher: >-\n  Westrian\n  Gazette\ntags: [a, b]\n---\nBody."
    )

    assert (draft.title, draft.publisher) == ("Chancellor: talks", "Westrian Gazette")


@pytest.mark.parametrize("text", ["---\ntitle: never closed\nBody.", "---\nBody without end", "---"])
def test_front_matter_that_never_ends_is_text(text: str) -> None:
    assert read_markdown(text).title == ""


def test_header_lines() -> None:
    draft = read_plain(
        "Title: Envoy lands\nDate: 18 September 2018\nSource: Gazette\nAuthor: X\n\nBody: it follows.\nTitle: no"
    )

    assert (draft.title, draft.publisher, draft.clues) == ("Envoy lands", "Gazette", (DAY,))
    assert draft.text == "Body: it follows.\nTitle: no"


@pytest.mark.parametrize(
    "text",
    ["Minister: talks must go on\n\nBody.", "Body.\nTitle: not at the top", "", "Titles: two\nBody."],
)
def test_a_line_with_a_colon_is_no_header(text: str) -> None:
    draft = read_plain(text)

    assert (draft.title, draft.text, draft.titled) == ("", text, False)


def test_a_date_that_cannot_be_read_is_no_clue() -> None:
    assert read_plain("Date: 03/05/2020\nTitle: X y\n\nBody.").clues == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**bold** and *it* and __so__", "bold and it and so"),
        ("[words](https://x.example/a_(b)) here", "words here"),
        ("![a map](map.png)after", "after"),
        ("# Heading", "Heading"),
        ("> quoted", "quoted"),
        ("- item\n* item\n1. item", "item\nitem\nitem"),
        ("***", ""),
        ("[1]: https://x.example", ""),
        ("5 * 3 * 2 and snake_case_name", "5 * 3 * 2 and snake_case_name"),
        ("plain", "plain"),
    ],
)
def test_strip_marks(text: str, expected: str) -> None:
    assert strip_marks(text) == expected


def test_the_first_heading_is_the_title_unless_text_precedes_it() -> None:
    assert read_markdown("# The *title*\n\nBody.").title == "The title"
    assert read_markdown("Body.\n\n# A section\n\nMore.").title == ""
