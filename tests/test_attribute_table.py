"""The attribute table says what the model's own ruler says."""

from __future__ import annotations

import pytest
from spacy.tokens import Doc, Token

from timeline.coding.attribute_table import AttributeTable
from timeline.coding.parsing import load_model

TEXTS = (
    "The rebels' commander, who hadn't been seen since 3 May, isn't going to talk; there's been no deal.",
    "He's gonna go, ain't he? Let's see, y'all. C'mon: they've got ta leave 'cause there are none.",
    "\n\n  Norland's   army said: “We'll fight on”, and it did.\t\n",
    "WHO SHELLED THE TOWN? ITS OWN TROOPS DID, AND THEIRS TOO.",
    "",
)


def describe(token: Token) -> tuple[str, ...]:
    return token.text, token.tag_, token.pos_, token.lemma_, str(token.morph), token.norm_


def parse_without_attributes(text: str) -> Doc:
    nlp = load_model()
    doc = nlp.make_doc(text)
    for name, pipe in nlp.pipeline:
        if name in ("tok2vec", "tagger", "parser"):
            doc = pipe(doc)
    return doc


@pytest.mark.parametrize("text", TEXTS)
def test_table_agrees_with_the_ruler(text: str) -> None:
    """Every attribute of every token is the ruler's."""
    ruler = load_model().get_pipe("attribute_ruler")
    by_ruler, by_table = parse_without_attributes(text), parse_without_attributes(text)
    ruler(by_ruler)
    AttributeTable(ruler)(by_table)

    assert [describe(token) for token in by_table] == [describe(token) for token in by_ruler]


def test_ruler_itself_is_off() -> None:
    """The model runs the table in its place, before the lemmas that need it."""
    names = load_model().pipe_names

    assert "attribute_ruler" not in names
    assert names.index("attribute_table") < names.index("lemmatizer")


def test_patterns_of_two_tokens_are_kept() -> None:
    """ "gon na" is a pattern of two tokens: the lemma of the first is "go"."""
    doc = load_model()("They're gonna leave.")

    assert [token.lemma_ for token in doc if token.text in ("gon", "na")] == ["go", "to"]
