"""A sentence prepared for reading: its predicates with the frames they match, and the readings they come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timeline.coding.clauses import read_clause
from timeline.coding.dropped import Why
from timeline.coding.grammar import is_infinitive
from timeline.coding.predicates import Match, find_match, head_forms, part_of_speech

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from timeline.coding.frames import Frames
    from timeline.coding.roles import Participants
    from timeline.records import Mention

# Acts whose content is not an event of its own: "urged X to bomb Y".
_GOVERNED = frozenset({"conj", "xcomp", "ccomp", "dobj", "pcomp", "prep", "pobj"})
CONSUMING = frozenset({"REQUEST", "AGREE", "REJECT", "THREATEN", "CONCEDE", "COERCE"})
# Acts of force: storms and animals do as much, and they have victims.
FORCED = frozenset({"ASSAULT", "COERCE"})
# Acts of speech that a speaker does by the words quoted: "talks are needed, X said".
WISHES = frozenset({"REQUEST", "ACCUSE", "SUPPORT", "THREATEN"})
# What somebody is charged with is alleged and no event: "accused X of bombing Y", "arrested for spying on Y".
_CHARGING = frozenset({"ACCUSE", "COERCE", "SANCTION"})
_CHARGED = frozenset({"of", "for", "with", "over"})
_WARNED = frozenset({"against", "into", "from", "to", "about", "over", "of"})  # "warned X against bombing Y"
# What somebody is kept from does not happen: "kept X from bombing Y".
_PREVENTING = frozenset(
    ["keep", "prevent", "stop", "bar", "block", "deter", "dissuade", "discourage", "prohibit", "restrain", "ban"]
)
_OFFENCES = frozenset({"charge", "count", "accusation", "allegation", "offence", "offense", "suspicion"})
_DUTY = frozenset({"must", "should", "ought"})
_WILLING = frozenset({"insist"})
_DISPUTING = frozenset({"REJECT", "ACCUSE", "STATEMENT"})  # "rejected the claim that X bombed Y"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a predicate says before it is written down as a relation."""

    trigger: Token
    event_type: str
    sources: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    text_target: str
    rule: str
    confidence: float
    cameo_root: str = ""
    settled: bool = False


@dataclass(slots=True)
class Sentence:
    """A sentence's predicates with the frames they match, found once and shared by the rules."""

    span: Span
    people: Participants
    frames: Frames
    matches: dict[int, Match] = field(default_factory=dict)
    consumed: set[int] = field(default_factory=set)
    dropped: dict[int, Why] = field(default_factory=dict)

    def drop(self, token: Token, why: Why) -> list[Reading]:
        """No reading of this word, and the reason, for who asks later."""
        self.dropped.setdefault(token.i, why)
        return []

    def match(self, token: Token) -> Match | None:
        return self.matches.get(token.i)


def read_sentence(span: Span, people: Participants, frames: Frames) -> Sentence:
    """Match every predicate of a sentence, and note which stand inside another's content."""
    sentence = Sentence(span, people, frames)
    for token in span:
        pos = part_of_speech(token)
        if not pos or not any((pos, head) in frames.by_head for head in head_forms(token)):
            continue  # most words name no act: do not read their clause
        match = find_match(read_clause(token), pos, frames, people)
        if match is not None:
            sentence.matches[token.i] = match
    for token in _prevented(span):
        _consume(token, sentence.consumed)
    for match in sentence.matches.values():
        if match.frame.event_type in CONSUMING and match.content and match.frame.pos != "noun":
            for token in match.content:
                _consume(token, sentence.consumed)
        for token in _alleged(match):
            _consume(token, sentence.consumed)
    return sentence


def _prevented(span: Span) -> list[Token]:
    """Acts that somebody or something prevents."""
    return [
        token
        for token in span
        if token.dep_ == "pcomp" and token.head.lower_ == "from" and token.head.head.lemma_ in _PREVENTING
    ]


def _alleged(match: Match) -> list[Token]:
    """Acts that somebody is charged with, those in a claim that is disputed, and what a promise is meant to do."""
    found: list[Token] = []
    if match.frame.pos == "verb" and match.frame.event_type in CONSUMING:
        below = [child for holder in (match.clause.head, *match.clause.objects) for child in holder.children]
        found += [child for child in below if child.dep_ in ("advcl", "acl", "xcomp") and is_infinitive(child)]
        found += [obj for word, _, obj in match.clause.preps if word in _WARNED and obj.tag_ == "VBG"]
    found += [token for token in match.clause.clauses if token.head.lemma_.lower() in _WILLING and is_demanded(token)]
    if match.frame.pos == "verb" and match.frame.event_type in _CHARGING:
        preps = [child for holder in (match.clause.head, *match.clause.objects) for child in holder.children]
        preps = [child for child in preps if child.dep_ == "prep" and child.lower_ in _CHARGED]
        found += [obj for prep in preps for obj in prep.children if obj.pos_ == "VERB"]
    if match.frame.pos == "verb" and match.frame.event_type in _DISPUTING:
        below = [child for thing in match.clause.objects for child in thing.children]
        found += [child for child in below if child.dep_ in ("acl", "ccomp") and has_mark(child, "that")]
    if match.frame.pos == "verb" and match.frame.event_type == "REJECT":  # "vetoed a resolution calling for X"
        below = [child for thing in (*match.clause.objects, *match.things) for child in thing.children]
        found += [child for child in below if child.dep_ == "acl" and child.tag_ == "VBG"]
    if match.clause.head.lemma_ in _OFFENCES:  # "two charges of aiding X"
        found += [
            obj for word, _, obj in match.clause.preps if word in ("of", "for", "including") and obj.tag_ == "VBG"
        ]
    return found


def is_demanded(token: Token) -> bool:
    """A duty ("must leave") or a subjunctive after a verb of will ("insisted that X leave")."""
    auxiliaries = [child for child in token.children if child.dep_ in ("aux", "auxpass")]
    if any(child.lower_ in ("have", "'ve") for child in auxiliaries):
        return False  # "must have written it" is a guess, "should have gone" a regret
    if any(child.lower_ in _DUTY for child in auxiliaries):
        return True
    single = any(child.dep_ == "nsubj" and child.tag_ in ("NNP", "NN") for child in token.children)
    bare = token.tag_ in ("VB", "VBP") and token.lower_ == token.lemma_ != "be" and not auxiliaries
    joined = any(child.dep_ == "nsubj" and list(child.conjuncts) for child in token.children)
    return single and bare and not joined and token.head.lemma_.lower() in _WILLING


def has_mark(token: Token, *words: str) -> bool:
    """Whether a clause is introduced by one of these conjunctions."""
    return any(child.dep_ == "mark" and child.lower_ in words for child in token.children)


def _consume(token: Token, consumed: set[int]) -> None:
    """A content verb and what it governs in its turn; clauses on nouns keep their own standing."""
    waiting = [token]
    while waiting:
        current = waiting.pop()
        consumed.add(current.i)
        below = [child for child in current.children if child.dep_ in _GOVERNED and child.i not in consumed]
        waiting += [child for child in below if not _goes_on(child, current)]


def _goes_on(child: Token, verb: Token) -> bool:
    """ "refused to sign and accused Y": a finite verb beside an infinitive goes with the verb above it."""
    return child.dep_ == "conj" and child.tag_ in ("VBD", "VBZ") and verb.tag_ == "VB"


def keep(reading: Reading, sentence: Sentence) -> list[Reading]:
    """The reading if it names an actor."""
    return [reading] if reading.sources or reading.targets else sentence.drop(reading.trigger, Why.NO_ACTOR)


def clip(confidence: float) -> float:
    return round(min(max(confidence, 0.05), 0.95), 3)
