"""What a given source does to a given target: the classifier's answer as one record."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from spacy.tokens import Doc

from timeline.coding.classifier.links import Span
from timeline.coding.classifier.model import Scorer
from timeline.coding.frames import Frames, load_frames
from timeline.coding.pairs import classify_by_frames
from timeline.ontology import EVENT_TYPES

NEUTRAL = "STATEMENT"
NEUTRAL_FROM = 0.85  # below, a sentence with both actors is read as an act: a bare remark about the other is rare


@dataclass(frozen=True, slots=True)
class Classification:
    """The likeliest type of an act and its probability (0-1); the rest follows from the type."""

    event_type: str
    quad_class: int
    cameo_root: str
    confidence: float


def classify(
    doc: Doc,
    source: Span | None,
    target: Span | None,
    scorer: Scorer | None = None,
    frames: Frames | None = None,
) -> Classification | None:
    """Say what the source does to the target.

    Args:
        doc: The parsed text.
        source: Character span of the acting side; None where the text names none.
        target: Character span of the side acted on; None where the text names none.
        scorer: The model; the packaged one by default.
        frames: The frame lexicon; the packaged one by default.

    Returns:
        None for an empty text, or where neither side is given: nothing links the two then.
    """
    hits = classify_by_frames(doc, source, target, frames or load_frames())
    odds = (scorer or Scorer.load()).score(doc, source, target, hits)
    if not odds:
        return None
    event_type = choose_type(odds)
    found = EVENT_TYPES[event_type]
    return Classification(event_type, found.quad_class, found.cameo_root, round(odds[event_type], 4))


def choose_type(odds: dict[str, float]) -> str:
    """The likeliest type of the likeliest quad class of the likeliest side, cooperation or conflict.

    Neighbouring types share the odds of one reading; taking the side first keeps them from losing to a type
    of the other side. The neutral type is chosen only where it leaves little room for an act.
    """
    if odds.get(NEUTRAL, 0.0) >= NEUTRAL_FROM:
        return NEUTRAL
    sides: dict[bool, float] = defaultdict(float)
    quads: dict[int, float] = defaultdict(float)
    acts = {name: probability for name, probability in sorted(odds.items()) if name != NEUTRAL}
    for name, probability in acts.items():
        quad = EVENT_TYPES[name].quad_class
        sides[quad > 2] += probability
        quads[quad] += probability
    hostile = sides[True] > sides[False]
    quad = max((quad for quad in sorted(quads) if (quad > 2) == hostile), key=quads.__getitem__)
    return max((name for name in acts if EVENT_TYPES[name].quad_class == quad), key=acts.__getitem__)
