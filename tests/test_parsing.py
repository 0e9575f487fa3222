"""Parsing: exact offsets, sentence bounds, odd and huge texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.coding import parsing
from timeline.coding.parsing import add_names, load_model, parse, parse_many, split_text
from timeline.errors import TimelineError

LONG = "The two sides met in the capital on Monday and talked about the border for six hours."
WRAPPED = """The two sides met on Monday in the port of Port
Quessel and agreed to talk again about the northern
border before the end of the year, officials said."""
SENTENCES = [
    ("ranks", "He met Gen. Pell and Lt. Col. Torp. They left.", ["He met Gen. Pell and Lt. Col. Torp.", "They left."]),
    ("U.S. inside", "The U.S. President spoke to the U.N. Council.", ["The U.S. President spoke to the U.N. Council."]),
    ("U.S. at the end", "They flew to the U.S. The talks failed.", ["They flew to the U.S.", "The talks failed."]),
    ("initial", "John J. Pell resigned. He left.", ["John J. Pell resigned.", "He left."]),
    ("number abbreviated", "It hit No. 5 Mill St. on Monday.", ["It hit No. 5 Mill St. on Monday."]),
    ("dateline", "VOSTROK, May 5 (NIMA) - Velk left. We go.", ["VOSTROK, May 5 (NIMA) -", "Velk left.", "We go."]),
    ("dateline of an agency", "VOSTROK (AFP) Velk left. We go.", ["VOSTROK (AFP)", "Velk left.", "We go."]),
    ("initials", "NIMA (Nordic Marines) Velk left.", ["NIMA (Nordic Marines) Velk left."]),
    ("broken hyphen", "They bombed al- Mogar. We go.", ["They bombed al- Mogar.", "We go."]),
    ("no dateline", "Velk - the mayor - left. NIMA stayed.", ["Velk - the mayor - left.", "NIMA stayed."]),
    ("closing quote", 'He said: "We go." Then he left.', ['He said: "We go."', "Then he left."]),
    ("empty line", "Talks stall\n\nThe two sides met", ["Talks stall", "The two sides met"]),
    ("headline above text", f"Talks stall again\n{LONG} They left.", ["Talks stall again", LONG, "They left."]),
    ("wrapped lines", WRAPPED, [WRAPPED]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in SENTENCES], ids=[row[0] for row in SENTENCES])
def test_sentences(text: str, expected: list[str]) -> None:
    """Sentences end where a reader ends them."""
    assert expected == [sentence.text.strip() for sentence in parse(text).sents]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_text_is_kept(text: str) -> None:
    """The parsed text is the text, and every token lies where it says."""
    doc = parse(text)

    assert text == doc.text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)


def test_lone_surrogate_keeps_offsets() -> None:
    """A lone surrogate cannot be parsed; one replacement character keeps all places."""
    text = "A \ud800 storm hit Norlund."
    doc = parse(text)

    assert len(text) == len(doc.text)
    assert "storm" == doc.text[4:9] == text[4:9]


def test_long_text_is_cut_by_paragraphs_and_rejoined() -> None:
    """A text over the limit comes back as one document with the same characters."""
    paragraph = "The army left. " * 40 + "\n\n"
    text = paragraph * 200
    doc = parse(text)

    assert len(text) > parsing.CHUNK_CHARS
    assert text == doc.text
    assert len(list(doc.sents)) == 200 * 40


def test_pieces_join_to_the_text() -> None:
    """Cutting loses nothing, with and without breaks to cut at."""
    for text in ("", "x" * 250_000, "word " * 60_000, "a\n" * 80_000):
        assert text == "".join(split_text(text))


def test_run_of_punctuation_takes_linear_time() -> None:
    """Brackets without end do not hang the tokeniser."""
    started = time.process_time()
    parse("(" * 20_000)

    assert time.process_time() - started < 20


def test_many_keep_their_order() -> None:
    """Long and short texts come back in order."""
    texts = ["One.", "", "Two. " * 17_000, "Three."]

    assert texts == [doc.text for doc in parse_many(texts)]


def test_names_are_found_where_asked() -> None:
    """Names come only from the sentences given, by token of the whole document."""
    doc = parse("Angela Merkel left. Emmanuel Macron stayed.")
    second = list(doc.sents)[1]
    found = [(doc[first:end].text, label) for first, end, label in add_names([second])]

    assert found == [("Emmanuel Macron", "PERSON")]
    assert add_names([]) == []


def test_missing_model_says_what_to_install() -> None:
    """A model that is not there is named, with a way out."""
    with pytest.raises(TimelineError, match=r"no_such_model.*\n?.*pip install"):
        load_model("no_such_model")


def test_curly_apostrophes_parse_as_straight_ones() -> None:
    """ "Libya’s government" is called on, not Libya with the government as an object beside it."""
    straight = "The minister has called on Libya's recognised government to free the crew."
    curly = straight.replace("'", "’")

    assert [token.dep_ for token in parse(straight)] == [token.dep_ for token in parse(curly)]
