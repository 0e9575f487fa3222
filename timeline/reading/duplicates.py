"""Near-duplicate articles: the same report with small edits, as an excerpt, or with other page furniture.

Two articles are near-duplicates if of the three-word shingles of the shorter one at least 0.6 stand in the other
(containment; Broder 1997). Candidates come from an inverted index over a sample of the shingles, so that many
articles take nearly linear time; each link is then checked on all shingles. They are linked, never dropped.
"""

from __future__ import annotations

import re
import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from timeline.records import Article

MIN_CONTAINMENT = 0.6
MIN_SHINGLES = 12  # shorter texts share phrases by chance; they match only word for word
_SHINGLE_WORDS = 3
_SAMPLE = 4  # one shingle in four is indexed, chosen by its hash and so the same ones in every article
_MIN_SAMPLED = 0.35  # of the shorter sample must be shared before all shingles are compared
_MAX_POSTINGS = 64  # of one shingle; those in more articles tell nothing, or the first 64 are copies enough
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class DuplicateLink:
    """Article `id` is a near-duplicate `of` an earlier one; `containment` is between 0.6 and 1."""

    id: str
    of: str
    containment: float


@dataclass(frozen=True, slots=True)
class Signature:
    """The shingles of one article as sorted 32-bit hashes, little-endian: small enough to store, the same anywhere."""

    id: str
    packed: bytes

    @property
    def shingles(self) -> frozenset[int]:
        values = array("I", self.packed)
        if sys.byteorder == "big":
            values.byteswap()
        return frozenset(values)


def sign_article(article: Article) -> Signature:
    """The signature of an article's text; case, spacing and punctuation do not matter."""
    words = [word.lower() for word in _WORD.findall(article.text)]
    if 0 < len(words) < _SHINGLE_WORDS:
        words += [""] * (_SHINGLE_WORDS - len(words))
    grams = zip(*(words[offset:] for offset in range(_SHINGLE_WORDS)), strict=False)
    hashes = {zlib.crc32("\x1f".join(gram).encode("utf-8", "surrogatepass")) for gram in grams}
    values = array("I", sorted(hashes))
    if sys.byteorder == "big":
        values.byteswap()
    return Signature(article.id, values.tobytes())


def measure_containment(one: Signature, other: Signature) -> float:
    """Share of the shorter text's shingles that stand in the other; 0 if either has none."""
    return _containment(one.shingles, other.shingles)


def find_duplicates(articles: Iterable[Article]) -> tuple[DuplicateLink, ...]:
    """Links from each near-duplicate to the earliest article it resembles most, in order of date and id.

    Earlier means published earlier; undated articles come last, and of one day the smaller id comes first. The
    order of the input does not matter. An id that comes twice is one article.
    """
    dated: dict[str, tuple[bool, date, Signature]] = {}
    for article in articles:
        dated[article.id] = (article.published is None, article.published or date.max, sign_article(article))
    ordered = sorted(dated.items(), key=lambda item: (item[1][0], item[1][1], item[0]))
    index = DuplicateIndex()
    links = [index.add(signature) for _, (_, _, signature) in ordered]
    return tuple(link for link in links if link)


class DuplicateIndex:
    """Signatures seen so far; `add` says which of them a new one duplicates. For stores that grow.

    A store keeps `Signature.packed` beside each article, fills the index with `add` in its own order once, and
    then adds each new article.
    """

    def __init__(self) -> None:
        self._signatures: list[Signature] = []
        self._sample_sizes: list[int] = []
        self._postings: dict[int, list[int]] = {}
        self._exact: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._signatures)

    def add(self, signature: Signature) -> DuplicateLink | None:
        """Link to the best match among those added before (the earliest of equals), None if there is none."""
        if not signature.packed:
            return None
        if (exact := self._exact.get(signature.packed)) is not None:
            return self._link(signature, exact, 1.0)
        shingles = signature.shingles
        sample = [shingle for shingle in shingles if shingle % _SAMPLE == 0]
        best = self._find_best(shingles, sample) if len(shingles) >= MIN_SHINGLES else None
        self._remember(signature, sample)
        return self._link(signature, *best) if best else None

    def _find_best(self, shingles: frozenset[int], sample: list[int]) -> tuple[int, float] | None:
        shared = Counter(place for shingle in sample for place in self._postings.get(shingle, ()))
        best: tuple[int, float] | None = None
        for place, count in sorted(shared.items()):
            if count < _MIN_SAMPLED * min(len(sample), self._sample_sizes[place]):
                continue
            other = self._signatures[place].shingles
            containment = _containment(shingles, other) if len(other) >= MIN_SHINGLES else 0.0
            if containment >= MIN_CONTAINMENT and (best is None or containment > best[1]):
                best = place, containment
        return best

    def _remember(self, signature: Signature, sample: list[int]) -> None:
        place = len(self._signatures)
        self._signatures.append(signature)
        self._sample_sizes.append(len(sample))
        self._exact[signature.packed] = place
        for shingle in sample:
            postings = self._postings.setdefault(shingle, [])
            if len(postings) < _MAX_POSTINGS:
                postings.append(place)

    def _link(self, signature: Signature, place: int, containment: float) -> DuplicateLink | None:
        of = self._signatures[place].id
        return DuplicateLink(signature.id, of, round(containment, 4)) if of != signature.id else None


def _containment(one: frozenset[int], other: frozenset[int]) -> float:
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
