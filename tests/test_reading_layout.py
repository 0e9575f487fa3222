"""Characters and paragraphs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.reading.layout import join_paragraphs, split_paragraphs, strip_markup, tidy_characters


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("a\u00a0\u2003b\tc", "a b c", "spaces of all widths are one"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd", "line ends of all systems"),
        ("a\x00\x07b\x9fc", "abc", "control codes"),
        ("\ufeffa\u200bb\u00adc", "abc", "invisible characters"),
        ("a\u202eb\u2066c\u200f", "abc", "marks that turn the writing round"),
        ("a\ud800b", "a\ufffdb", "half a surrogate pair"),
        ("Erdog\u0306an", "Erdo\u011fan", "letters and marks are composed"),
        ("می\u200cشود", "می\u200cشود", "Persian is spelt with a non-joiner"),
        ("", "", "nothing"),
    ],
)
def test_tidy_characters(text: str, expected: str, reason: str) -> None:
    assert tidy_characters(text) == expected, reason


def test_stacks_of_marks_take_no_time() -> None:
    """Composing sorts marks in quadratic time: 200,000 of them would take minutes."""
    start = time.process_time()
    tidy_characters("a" + "\u0301\u0316" * 100_000)

    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain text, a < b and c > d & e.", "Plain text, a < b and c > d & e."),
        ("<p>One.</p><p>Two <b>bold</b>.</p>", "\nOne.\n\nTwo bold.\n"),
        ("One.<br/>Two.", "One.\nTwo."),
        ("Tom &amp; Co &#8212; &quot;x&quot;", 'Tom & Co — "x"'),
        ("<p>a</p><script>if (a < b) alert('<p>x</p>')</script>z", "\na\nz"),
        ("<p>a</p><script>never closed", "\na\n"),
        ("<p>a<!-- hidden <b> -->b</p>", "\nab\n"),
        ("<p>a<!-- never closed", "\na"),
        ("x <img src=x onerror=alert(1)> y", "x  y"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ],
)
def test_strip_markup(text: str, expected: str) -> None:
    assert strip_markup(text) == expected


@pytest.mark.parametrize("piece", ["<p ", "<", "<!--", "<script>", "</p>", "&amp;", "<p></p"])
def test_strip_markup_is_linear(piece: str) -> None:
    start = time.process_time()
    strip_markup("<p>" + piece * 100_000)

    assert time.process_time() - start < 3


def test_lines_of_hard_wrapped_text_are_joined_and_headlines_are_not() -> None:
    wrapped = (
        "Truce holds\n"
        "\n"
        "The envoy of the regional council landed in Eastmere on Sunday evening\n"
        "and went straight to the presidential palace, where he was received by\n"
        "the minister.\n"
        "He left on Monday.\n"
    )
    pasted = "Headline of this piece\nA first paragraph that is on one line.\nA second paragraph on one line.\n"

    assert split_paragraphs(wrapped) == (
        "Truce holds",
        "The envoy of the regional council landed in Eastmere on Sunday evening and went straight to the presidential "
        "palace, where he was received by the minister.",
        "He left on Monday.",
    )
    assert len(split_paragraphs(pasted)) == 3


@given(st.text())
def test_paragraphs_have_no_line_ends_and_splitting_again_changes_nothing(text: str) -> None:
    paragraphs = split_paragraphs(text)

    assert all(paragraph == paragraph.strip() and paragraph and "\n" not in paragraph for paragraph in paragraphs)
    assert split_paragraphs(join_paragraphs(paragraphs)) == paragraphs
