"""Verbs that the model's lemmatizer takes for others: "staged" for "stag", "raped" for "rap", "waged" for "wag".

spaCy's rules strip "-ed" before they try "-d", and take the first result that is a verb at all
(https://spacy.io/api/lemmatizer). A verb that news never uses is therefore struck off the list of verbs where it
stands in the way of a common one, and verbs that the list lacks are added. Their own past ("wagged") keeps its lemma.
"""

from __future__ import annotations

from typing import Any, cast

from spacy.language import Language
from spacy.pipeline import Lemmatizer

_IN_THE_WAY = frozenset(
    ("din", "fin", "hat", "hop", "instal", "lambast", "mat", "pal", "par", "prim", "rag", "rap", "rat", "scar", "sham",
     "slat", "snip", "spar", "stag", "wad", "wag", "wan")
)  # fmt: skip
_LACKING = frozenset(
    ("airdrop", "blacklist", "cordon", "defund", "delist", "fast-track", "firebomb", "napalm", "outlaw", "ready",
     "resupply", "unban", "unblock", "unfreeze", "waterboard")
)  # fmt: skip
_TABLE = "lemma_index"


def mend_verbs(nlp: Language) -> None:
    """Change the verbs that a loaded model's rule lemmatizer knows. Models that look lemmas up are left as they are."""
    table = _lemma_index(nlp)
    if table:
        table["verb"] = frozenset(table["verb"]) - _IN_THE_WAY | _LACKING


def list_verbs(nlp: Language) -> frozenset[str]:
    """The verbs that a loaded model's rule lemmatizer knows; none of a model that looks lemmas up."""
    return frozenset(_lemma_index(nlp).get("verb", ()))


def _lemma_index(nlp: Language) -> Any:
    if "lemmatizer" not in nlp.pipe_names:
        return {}
    lookups = cast(Lemmatizer, nlp.get_pipe("lemmatizer")).lookups
    return lookups.get_table(_TABLE) if lookups.has_table(_TABLE) else {}
