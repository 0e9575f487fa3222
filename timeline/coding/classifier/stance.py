"""How an act is put: done, promised, refused, demanded, threatened; and whether what is put is kind or hostile.

"agreed to lift sanctions", "refused to lift sanctions" and "threatened to impose sanctions" differ by the
outer word and by the sign of the inner act: "lift" turns the sign of "sanctions". Both are found with the
predicate table alone, so they hold for words that no training sentence has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from timeline.coding.classifier.lexicon import Predicates
from timeline.coding.classifier.links import Link
from timeline.ontology import EVENT_TYPES

_OPERATORS = (
    ("refuse", "refuse"), ("unwilling", "refuse"), ("deny_permission", "refuse"), ("oppose", "refuse"),
    ("defy", "refuse"), ("threaten", "threaten"), ("ultimatum", "ultimatum"), ("warn", "warn"), ("accuse", "accuse"),
    ("criticise", "accuse"), ("sue", "accuse"), ("investigate", "investigate"), ("demand", "demand"), ("ask", "ask"),
    ("propose", "propose"), ("praise", "praise"), ("support", "support"), ("agree", "agree"), ("promise", "promise"),
    ("willing", "willing"), ("intend", "intend"), ("fail", "fail"), ("allow", "allow"),
)  # fmt: skip
_TURNING = frozenset({"stop", "reduce", "ease", "withdraw", "fail", "refuse", "free", "truce", "deny_permission"})
_STRICT_TURNING = frozenset({"stop", "reduce", "fail", "refuse", "deny_permission"})
_HARMFUL = frozenset(
    {"prohibition_n", "restrict", "sanctions_noun", "fire_n", "attack", "protest", "arrest", "investigate", "sue"}
)
_HELPFUL = frozenset(
    {
        "aid_goods",
        "relations",
        "cooperate",
        "meet",
        "money",
        "truce",
        "help",
        "mediate",
        "sign_deal",
        "exercise",
        "give",
    }
)
_FUTURE = frozenset({"will", "would", "'ll", "wo", "shall", "'d"})
_DUTY = frozenset({"must", "should", "ought"})
_MAY = frozenset({"may", "might", "could", "can"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_PRONOUNS = frozenset({"it", "he", "she", "they", "we", "i", "who", "which", "that"})


@dataclass(frozen=True, slots=True)
class Stance:
    """`operators` from the outermost in; `sign` of the inner act: kind, hostile, turned either way, or none."""

    operators: tuple[str, ...]
    sign: str
    types: tuple[str, ...]


def find_stance(link: Link, units: Sequence[tuple[str, Token]], predicates: Predicates) -> Stance:
    """Read operators and sign off the words that link source and target, outermost first."""
    operators: list[str] = []
    inner: list[tuple[str, tuple[str, ...], Token]] = []
    for role, token in units:
        classes = predicates.classes_of(token)
        if token.pos_ in {"VERB", "AUX"}:
            operators += _of_auxiliaries(link, token)
        named = next((name for kind, name in _OPERATORS if kind in classes), None) if role in "cxo" else None
        if named and token.pos_ in {"VERB", "ADJ", "AUX"}:
            operators.append(named)
            if named in {"allow", "support", "praise", "accuse", "investigate"}:
                inner.append((role, classes, token))
        else:
            inner.append((role, classes, token))
    return Stance(tuple(dict.fromkeys(operators))[:4], _sign(inner), _types(inner, predicates))


def _of_auxiliaries(link: Link, verb: Token) -> list[str]:
    words = {child.lower_ for child in verb.children if child.dep_ in {"aux", "neg", "auxpass"}}
    negated = bool(words & {"not", "n't", "never"})
    out = []
    if words & _FUTURE:
        out.append("not_future" if negated else "future")
    elif words & _DUTY:
        out.append("duty_not" if negated else "duty")
    elif words & _MAY:
        out.append("may_not" if negated else "may")
    elif negated:
        out.append("not")
    return [f"{name}:{_subject(link, verb)}" for name in out]


def _subject(link: Link, verb: Token) -> str:
    for child in verb.children:
        if child.dep_ in _SUBJECTS:
            for name, span in (("T", link.target_span), ("S", link.source_span)):
                if span[0] <= child.i < span[1]:
                    return name
            return "S" if child.lower_ in _PRONOUNS else "other"
    return "none"


def _sign(inner: Sequence[tuple[str, tuple[str, ...], Token]]) -> str:
    """Kind or hostile, with "turned" where a word such as "lift" or "suspend" reverses its object."""
    turning = ""
    for n, (_, classes, _) in enumerate(inner):
        kinds = set(classes)
        if turning and kinds & _HARMFUL:
            return "harm_turned"
        if turning and kinds & _HELPFUL and turning == "strict":
            return "help_turned"
        if kinds & _TURNING and n < len(inner) - 1:
            turning = "strict" if kinds & _STRICT_TURNING else "loose"
    return ""


def _types(inner: Sequence[tuple[str, tuple[str, ...], Token]], predicates: Predicates) -> tuple[str, ...]:
    """The likeliest type of each inner word that has one, without repeats."""
    out = []
    for _, _, token in inner:
        weights = predicates.types_of(token)
        if weights:
            out.append(max(sorted(weights), key=weights.__getitem__))
    return tuple(dict.fromkeys(out))[:4]


def side_of(event_type: str) -> str:
    """Kind for cooperation, hostile for conflict."""
    return "kind" if EVENT_TYPES[event_type].quad_class in {1, 2} else "hostile"
