"""How sure a coding is: the frame's own confidence, what the classifier thinks, and where in the sentence it stands.

The frames decide what is coded and as which type: where they have found both sides, the classifier corrects hardly one
type in ten that it would change. But codings that it doubts are wrong more often, and so are acts told in passing, in
relative and adverbial clauses. Both enter the log odds of the coding with one weight each.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from timeline.coding.classifier.model import Scorer

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from timeline.coding.relations import Relation

_CLASSIFIER = 0.2  # weight of the classifier's log odds beside the frame's
_IN_PASSING = 1.1  # log odds lost by an act in a subordinate clause
_PHRASE = 0.4  # and by one whose target is only a phrase, nobody known
_MOST = 3.5  # no opinion of the classifier counts for more
_FLOOR = 0.5
_LOWEST, _HIGHEST = 0.05, 0.97
_ASIDE = frozenset({"relcl", "acl", "advcl"})


def score_relations(doc: Doc, relations: Iterable[Relation], scorer: Scorer | None = None) -> tuple[Relation, ...]:
    """The relations with their confidence weighed, without those told in passing that are more likely wrong than right.

    Only relations with two sides are put to the classifier.

    Args:
        doc: The parsed article.
        relations: Relations as the frames read them.
        scorer: The model; the packaged one by default.
    """
    known = scorer or Scorer.load()
    weighed = (replace(relation, confidence=_weigh(doc, relation, known)) for relation in relations)
    return tuple(relation for relation in weighed if not _is_doubtful(doc, relation))


def _is_doubtful(doc: Doc, relation: Relation) -> bool:
    """An act told in passing, less likely right than wrong."""
    whole = relation.sources and relation.targets
    return bool(whole) and relation.confidence < _FLOOR and is_aside(doc[relation.trigger_i])


def _weigh(doc: Doc, relation: Relation, scorer: Scorer) -> float:
    odds = _log_odds(relation.confidence)
    if relation.sources and relation.targets and relation.event_type != "STATEMENT":
        odds += _CLASSIFIER * max(-_MOST, min(_MOST, _log_odds(_ask(doc, relation, scorer))))
        odds -= _PHRASE * all(mention.actor is None and mention.rule == "phrase" for mention in relation.targets)
    if is_aside(doc[relation.trigger_i]):
        odds -= _IN_PASSING
    return round(min(max(1 / (1 + math.exp(-odds)), _LOWEST), _HIGHEST), 3)


def _ask(doc: Doc, relation: Relation, scorer: Scorer) -> float:
    """The classifier's probability of the coded type, told what the frame says."""
    source = relation.sources[0]
    target = next((mention for mention in relation.targets if mention != source), relation.targets[0])
    hits = [(relation.event_type, relation.confidence, relation.rule)]
    spans = (source.start, source.end), (target.start, target.end)
    return scorer.score(doc, *spans, hits).get(relation.event_type, 0.0)


def is_aside(token: Token) -> bool:
    """Whether an act is told in a relative, participial or adverbial clause."""
    return any(above.dep_ in _ASIDE and not _is_headline(above) for above in (token, *token.ancestors))


def _is_headline(token: Token) -> bool:
    """ "Ten soldiers killed in raid": a participle on a noun that has no verb over it tells the news itself."""
    return token.dep_ == "acl" and token.tag_ == "VBN" and token.head.dep_ == "ROOT"


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
