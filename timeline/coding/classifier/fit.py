"""Fit the classifier on our own sentences: `python -m timeline.coding.classifier.fit [--check]`.

Needs scikit-learn (extra `test`); nothing else in the package does. `--check` cross-validates, with the
sentences of one core always on the same side, and writes nothing.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from timeline.coding.classifier.features import Features, extract_features
from timeline.coding.classifier.lexicon import load_predicates
from timeline.coding.classifier.model import BITS, hash_features
from timeline.coding.classifier.training import Example, compose, expand, read_cores
from timeline.coding.frames import load_frames
from timeline.coding.pairs import classify_by_frames
from timeline.coding.parsing import parse_many

WEIGHTS = Path(__file__).parents[2] / "resources" / "classifier.npz"
STRENGTH = 10.0
COPIES = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="cross-validate only; write nothing")
    parser.add_argument("--copies", type=int, default=COPIES, help="sentences made of each core")
    options = parser.parse_args()
    examples = [*expand(read_cores(), options.copies), *expand(compose(), 1)]
    matrix, labels = to_matrix(featurise(examples)), np.array([example.event_type for example in examples])
    groups = [example.core.group for example in examples]
    held_out = cross_validate(matrix, labels, groups)
    print(json.dumps(held_out[0]))  # noqa: T201
    if not options.check:
        write_weights(fit_model(matrix, labels), fit_temperature(*held_out[1:]))
    return 0


def featurise(examples: list[Example]) -> list[Features]:
    """Parse the examples and extract their features, in order."""
    predicates, frames = load_predicates(), load_frames()
    docs = parse_many([example.text for example in examples])
    return [
        extract_features(
            doc,
            example.source,
            example.target,
            predicates,
            classify_by_frames(doc, example.source, example.target, frames),
        )
        for doc, example in zip(docs, examples, strict=True)
    ]


def to_matrix(rows: list[Features]) -> csr_matrix:
    """One hashed, unit-length row per example."""
    hashed = [hash_features(row) for row in rows]
    starts = np.cumsum([0, *(len(indices) for indices, _ in hashed)])
    columns = np.concatenate([indices for indices, _ in hashed])
    values = np.concatenate([values for _, values in hashed])
    return csr_matrix((values, columns, starts), shape=(len(rows), 1 << BITS))


def fit_model(matrix: csr_matrix, labels: np.ndarray) -> LogisticRegression:
    """Multinomial logistic regression; types weigh alike however many sentences each has."""
    model = LogisticRegression(C=STRENGTH, max_iter=300, class_weight="balanced", tol=1e-3, fit_intercept=False)
    return model.fit(matrix, labels)


def cross_validate(
    matrix: csr_matrix, labels: np.ndarray, groups: list[str]
) -> tuple[dict[str, object], np.ndarray, np.ndarray]:
    """Figures on held-out cores, the held-out scores, and the column of each row's true label."""
    names = sorted(set(labels))
    scores = np.zeros((len(labels), len(names)), dtype=np.float64)
    for train, test in GroupKFold(n_splits=5, shuffle=True, random_state=1).split(matrix, labels, groups):
        scores[test] = fit_model(matrix[train], labels[train]).decision_function(matrix[test])
    guesses = np.array(names)[scores.argmax(axis=1)]
    figures: dict[str, object] = {
        "sentences": len(labels),
        "cores": len(set(groups)),
        "macro_f1": round(float(f1_score(labels, guesses, average="macro")), 3),
        "confused": Counter(f"{a}>{b}" for a, b in zip(labels, guesses, strict=True) if a != b).most_common(16),
    }
    return figures, scores, np.searchsorted(names, labels)


def fit_temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """The divisor of scores that makes held-out probabilities most likely (Guo et al. 2017)."""

    def loss(temperature: float) -> float:
        scaled = scores / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(truth)), truth]).mean())

    return float(minimize_scalar(loss, bounds=(0.2, 8.0), method="bounded").x)


def write_weights(model: LogisticRegression, temperature: float) -> None:
    """Store the weights as bytes with a scale per type; small weights become 0."""
    weights = model.coef_.T.copy()
    scale = np.abs(weights).max(axis=0) / 127.0
    np.savez_compressed(
        WEIGHTS,
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        labels=np.array(model.classes_, dtype="U12"),
        temperature=np.float32(temperature),
    )


if __name__ == "__main__":
    raise SystemExit(main())
