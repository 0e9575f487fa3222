"""Which country a city or region lies in: whose police, farmers or voters a phrase means.

The names are those of resources/cities.yaml and of the gazetteer, resources/places.csv. Behind them stands a wide list,
resources/towns.tsv.gz: the towns of the world with more than 5,000 people, from GeoNames (CC BY 4.0), as folded names
by country; a name that several countries have is left out unless one bearer is three times as large as any other.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from functools import cache

from spacy.lang.en.stop_words import STOP_WORDS

from timeline.coding.resources import find_resource, read_yaml
from timeline.coding.words import Word, fold_text

_WORDS = 4  # no name is longer


@cache
def load_cities() -> Mapping[str, str]:
    """Folded names to ISO 3166 alpha-3 codes; the first country listed keeps a name."""
    found: dict[str, str] = {}
    for country, names in read_yaml("cities.yaml").items():
        for name in names:
            found.setdefault(fold_text(name), country)
    for row in csv.DictReader(find_resource("places.csv").read_text(encoding="utf-8").splitlines()):
        if row["kind"] != "capital":  # those stand for governments, see actors/states.yaml
            for name in (row["name"], *filter(None, row["aliases"].split("|"))):
                found.setdefault(fold_text(name), row["country"])
    return found


def find_city(words: Sequence[Word], start: int) -> tuple[int, str]:
    """The longest city name that begins at a word: index after its last word, and its country; (start, "") if none."""
    if not words[start].text[:1].isupper():
        return start, ""
    cities = load_cities()
    for end in range(min(start + _WORDS, len(words)), start, -1):
        country = cities.get(" ".join(word.key for word in words[start:end]))
        if country:
            return end, country
    return start, ""


@cache
def _load_towns() -> Mapping[str, str]:
    packed = find_resource("towns.tsv.gz").read_bytes()
    found: dict[str, str] = {}
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        country, _, names = line.partition("\t")
        found.update(dict.fromkeys(names.split("|"), country))
    return found


def find_town(key: str) -> str:
    """The country of a town of the wide list by its folded name, "" if none; "Much" and "Along" are words first."""
    return "" if key in STOP_WORDS else _load_towns().get(key, "")
