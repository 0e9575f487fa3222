"""The linear model at run time: hashed features times weights, with numpy alone."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from timeline.coding.classifier.features import Features, FrameHit, extract_features
from timeline.coding.classifier.lexicon import Predicates, load_predicates
from timeline.coding.classifier.links import Span

BITS = 17


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of the model and the tables its features need.

    `weights` has a row per hash bucket and a column per type (`labels`); `temperature` divides the scores,
    so that probabilities agree with how often the answer is right.
    """

    weights: NDArray[np.float32]
    labels: tuple[str, ...]
    temperature: float
    predicates: Predicates

    @classmethod
    def load(cls) -> Scorer:
        """The scorer that ships with the package; read once per process."""
        return _load()

    def score(
        self,
        doc: Doc,
        source: Span | None,
        target: Span | None,
        frame_hits: Sequence[FrameHit] = (),
    ) -> dict[str, float]:
        """Probability of each event type for what the source does to the target.

        Args:
            doc: A parsed doc.
            source: Character span of the acting side, or None.
            target: Character span of the side acted on, or None.
            frame_hits: (event type, score, rule) of the frames between the two, best first.

        Returns:
            Event type to probability; sums to 1. Empty for an empty doc or where both spans are None or empty.
        """
        spans = [span for span in (source, target) if span is not None and span[1] > span[0]]
        if not len(doc) or not spans:
            return {}
        features = extract_features(doc, source, target, self.predicates, frame_hits)
        scores = self.scores(features) / self.temperature
        odds = np.exp(scores - scores.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))

    def scores(self, features: Features) -> NDArray[np.float32]:
        """The linear score of each label."""
        indices, values = hash_features(features)
        return np.asarray(values @ self.weights[indices], dtype=np.float32)


def hash_features(features: Features) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Buckets and values, scaled to unit length so that long sentences do not shout."""
    buckets: dict[int, float] = {}
    for name, value in features.items():
        key = zlib.crc32(name.encode("utf-8", "surrogatepass")) & ((1 << BITS) - 1)
        buckets[key] = buckets.get(key, 0.0) + value
    values = np.fromiter(buckets.values(), dtype=np.float32, count=len(buckets))
    return np.fromiter(buckets, dtype=np.int64, count=len(buckets)), values / max(float(np.linalg.norm(values)), 1e-6)


@cache
def _load() -> Scorer:
    raw = (resources.files("timeline") / "resources" / "classifier.npz").read_bytes()
    with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
        weights = stored["weights"].astype(np.float32) * stored["scale"].astype(np.float32)
        return Scorer(weights, tuple(map(str, stored["labels"])), float(stored["temperature"]), load_predicates())
