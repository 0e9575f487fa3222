"""Words as names are compared: without case, accents, apostrophes, dots and hyphens, but with their place in the text.

Both sides of a comparison go through `split_words`: the aliases of the lexicon and the text of an article.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"  # U.S., U.N, J.F.K.
    r"|(?:[^\W_]|[\u0300-\u036f])+(?:['’‘ʻʼʿʾ`´](?:[^\W_]|[\u0300-\u036f])+)*"  # Hay'at, Erdoğan, Sana’a
    r"|['’](?=\s|$)"  # the genitive of a plural
)
_APOSTROPHES = "'’‘ʻʼʿʾ`´"
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}][sS]$")
_DROPPED = str.maketrans(dict.fromkeys(_APOSTROPHES + ".", ""))
_PLAIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ə": "a", "ħ": "h", "þ": "th"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its characters as written, its place, and the form that is compared."""

    text: str
    start: int
    end: int
    key: str


def split_words(text: str) -> list[Word]:
    """Split a text into words, in order; `text[word.start:word.end] == word.text`. A genitive is a word, key "s"."""
    words = []
    for match in _WORD.finditer(text):
        found, start, end = match[0], match.start(), match.end()
        if found in "'’":
            words.append(Word(found, start, end, "s"))
        elif _POSSESSIVE.search(found):
            words.append(Word(found[:-2], start, end - 2, fold(found[:-2])))
            words.append(Word(found[-2:], end - 2, end, "s"))
        else:
            words.append(Word(found, start, end, fold(found)))
    return [word for word in words if word.key]  # marks without a letter are no word


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """A word's form for comparison: no case, accents, apostrophes or dots."""
    word = word.translate(_DROPPED)
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_PLAIN))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def fold_text(text: str) -> str:
    """The keys of all words of a text, joined by spaces: equal for spellings that count as one name."""
    return " ".join(word.key for word in split_words(text))
