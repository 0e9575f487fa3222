"""Targets that a frame's slots do not name: in the content, on the object, the purpose or the place of the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.coding.clauses import DITRANSITIVE, Clause, read_clause
from timeline.coding.participants import EVALUATING, drop_own, is_means, is_undergone, whom_evaluated
from timeline.coding.predicates import Match, head_forms
from timeline.coding.roles import phrase_text
from timeline.coding.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from timeline.coding.roles import Participants
    from timeline.records import Mention

# Acts done to a place where nobody else is named: "imposed a curfew in X".
_PLACEABLE = frozenset(
    ("AID", "MOBILIZE", "RETREAT", "COERCE", "PROTEST", "ASSAULT", "SANCTION", "AGREE", "REQUEST", "CONCEDE")
)
_MOVING = frozenset({"AGREE", "RETREAT", "MOBILIZE", "AID", "COOPERATE", "SANCTION", "THREATEN", "REJECT"})
_ABSTRACT = (
    "proposal", "deal", "talk", "restriction", "relation", "blame", "comment", "claim", "conflict", "protest", "hope",
    "praise", "truce", "aid", "evidence", "abstraction",
)  # fmt: skip
_SOMEBODY = frozenset({"ally", "partner", "backer", "supporter", "rival", "neighbour", "neighbor", "friend", "enemy"})
_TOWARDS = frozenset({"to", "with", "against", "toward", "towards"})
_DEEPEST = 4
_CONTENT_PREPS = ("with", "against", "on", "to", "from", "of", "for", "at", "in", "into", "over")


def indirect_targets(
    match: Match, sentence: Sentence, sources: tuple[Mention, ...]
) -> tuple[tuple[Mention, ...], float]:
    """Targets that the frame's slots do not name: in the content, on the object, or the place of the act."""
    if match.frame.reciprocal and match.frame.event_type in ("CONSULT", "COOPERATE", "SUPPORT"):
        return (), 0.0  # what is talked about is nobody talked with
    if match.frame.event_type == "STATEMENT" and match.content:
        return drop_own(_whom_told_of(match, sentence), sources, match, sentence), 0.1
    if match.frame.event_type == "REQUEST":
        asked = drop_own(_whom_asked(match, sentence), sources, match, sentence)
        if asked:
            return asked, 0.05
    direct = [token for token in match.tokens("T") if token not in match.content and not is_abstract(token, sentence)]
    for token in () if direct else match.content:
        found = drop_own(_content_targets(token, sentence), sources, match, sentence)
        if found:
            return found, 0.1
    evaluating = match.frame.event_type in EVALUATING
    for thing in dict.fromkeys((*match.things, *match.clause.objects)):
        if not evaluating and is_means(thing.lower_, sentence):
            continue
        known = sentence.people.phrase(thing) if thing in match.tokens("T") else None
        if known is not None and known.actor is not None:
            return (known,), 0.05
        named = _named_by(thing, match, sentence)
        found = drop_own(named, sources, match, sentence)
        if found:
            return found, 0.1
    return _placed_targets(match, sentence, sources)


def _named_by(thing: Token, match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """Who is meant by the object of an act: whoever is to praise or blame for it, or the one it is aimed at."""
    people = sentence.people
    if match.frame.event_type == "REJECT" and not is_undergone(thing):
        return people.of([thing])
    if match.frame.event_type in EVALUATING:
        return whom_evaluated([thing], match, sentence)
    return people.below(thing) if thing in match.fixed else people.aimed_at(thing)


def _whom_asked(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "Demanded that X withdraw" asks X: who is to act, where somebody is."""
    acts = [read_clause(token) for token in match.content if any(below.lower_ == "that" for below in token.children)]
    return sentence.people.of([who for act in acts if not act.passive for who in act.subjects], deep=False)


def _whom_told_of(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """Whom a report is about: the subject of its clause."""
    about = [token for clause in match.clause.clauses for token in read_clause(clause).subjects]
    named = sentence.people.of(about, deep=False)
    return tuple(one for one in named if one.actor is not None and not one.actor.is_bare_sector)  # not "72 people"


def _placed_targets(
    match: Match, sentence: Sentence, sources: tuple[Mention, ...]
) -> tuple[tuple[Mention, ...], float]:
    """The purpose of help given or promised, or the place of an act that names nobody it is done to."""
    if match.frame.event_type in ("AID", "AGREE"):
        for token in purposes_of(match.clause):
            found = drop_own(_content_targets(token, sentence), sources, match, sentence)
            if found:
                return found, 0.15
    if match.frame.event_type == "AID":
        fused = [
            child
            for thing in match.fixed
            for child in thing.children
            if child.dep_ == "compound" and child.tag_ == "NNS"
        ]
        found = drop_own(sentence.people.of(fused), sources, match, sentence)
        if found:
            return found, 0.1
    if match.frame.event_type not in EVALUATING or match.frame.event_type == "REJECT":
        found = drop_own(_owners_of_things(match, sentence), sources, match, sentence)
        if found:
            return found, 0.1
    if any(slot.kind == "prep" and slot.role == "T" and "to" in slot.words for slot in match.frame.slots):
        found = drop_own(_recipients(match.clause.head, sentence), sources, match, sentence)
        if found:
            return found, 0.15
    for named in _places(match, sentence):
        found = drop_own(named, sources, match, sentence)
        if found:
            return found, 0.2
    return (), 0.0


def _places(match: Match, sentence: Sentence) -> Iterator[tuple[Mention, ...]]:
    """Who is named as the place of an act that is done to nobody else."""
    if match.frame.event_type == "ASSAULT":
        yield _around_ground(match, sentence)
    if match.frame.event_type in _PLACEABLE and all(is_abstract(token, sentence) for token in match.tokens("T")):
        for token in (match.clause.head, *match.things, *match.clause.objects):
            yield sentence.people.placed(token)


def _around_ground(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "Shelled a village in X": the ground is nobody; the parser may hang its place on the verb."""
    classes = sentence.frames.classes
    for ground in match.tokens("T"):
        behind = ground.right_edge.i + 1
        beside = any(word == "in" and prep.i == behind for word, prep, _ in match.clause.preps)
        if beside and any(head in classes["territory"] for head in head_forms(ground)):
            return sentence.people.placed(match.clause.head)
    return ()


def _owners_of_things(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "accepted X's plan", "reneged on a deal with X", "gave X permission" where X was taken for part of the noun."""
    people = sentence.people
    for thing in match.fixed:
        named = fused_recipient(thing, match.clause, people)
        named = named or people.of(child for child in thing.children if child.dep_ in ("poss", "amod"))
        if named:
            return named
    if match.fixed and not match.tokens("T"):
        return people.of(obj for word, _, obj in match.clause.preps if word in _TOWARDS and obj.pos_ != "VERB")
    return ()


def fused_recipient(thing: Token, clause: Clause, people: Participants) -> tuple[Mention, ...]:
    """The state in "gave Borduria permission", which the parser may take for a compound."""
    if clause.head.lemma_ not in DITRANSITIVE or thing.tag_ not in ("NN", "NNS"):
        return ()
    first = thing.doc[thing.left_edge.i]
    names = [child for child in thing.children if child.dep_ == "compound" and child.tag_ == "NNP"]
    if not names or names[-1].left_edge != first:
        return ()
    mention = people.at(names[-1]) or people.phrase(names[-1])
    state = (
        mention is not None and mention.actor is not None and bool(mention.actor.country) and not mention.actor.sector
    )
    return (mention,) if mention is not None and state else ()


def _recipients(verb: Token, sentence: Sentence) -> tuple[Mention, ...]:
    """A "to X" that the parser hung too low: "returned a pendant engraved with a portrait to X"."""
    for token in verb.subtree:
        if token.lower_ == "to" and token.dep_ in ("prep", "dative") and token.i > verb.i:
            named = sentence.people.of(child for child in token.children if child.dep_ == "pobj")
            if named:
                return named
    return ()


def purposes_of(clause: Clause) -> list[Token]:
    """Infinitives of purpose on a verb or its objects: "gave a million to rebuild X"."""
    found = [child for holder in (clause.head, *clause.objects) for child in holder.children]
    found = [child for child in found if child.dep_ in ("advcl", "acl", "xcomp")]
    return [child for child in found if any(aux.lower_ == "to" for aux in child.children)]


def _content_targets(token: Token, sentence: Sentence, depth: int = 0) -> tuple[Mention, ...]:
    """The participants of an infinitive or clause: its frame's targets, else objects, else prepositional objects."""
    people = sentence.people
    inner = sentence.match(token)
    if inner is not None:
        named = people.of((*inner.tokens("T"), *(t for t in inner.tokens("R") if t not in inner.clause.subjects)))
        if named:
            return named
    clause = inner.clause if inner else read_clause(token)
    for obj in (*clause.objects, *clause.datives):
        named = people.aimed_at(obj)
        if named:
            return named
    for word, _, obj in clause.preps:
        if word in _CONTENT_PREPS and obj.pos_ != "VERB":
            named = people.of([obj])
            if named:
                return named
    for below in (*clause.infinitives, *clause.clauses):
        named = _content_targets(below, sentence, depth + 1) if below.i > token.i and depth < _DEEPEST else ()
        if named:
            return named
    return people.placed(token)


def phrases_acted_on(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """People, things and places in a target slot that are nobody's name; acts and documents are none."""
    found = []
    for token in match.tokens("T") or _content_tokens(match, sentence):
        if sentence.people.at(token) is not None:
            continue
        if is_abstract(token, sentence):
            found += _owner_phrases(token, sentence)
        elif not is_means(token.lower_, sentence) or match.frame.event_type not in _MOVING:
            found.append(sentence.people.phrase(token))
    if match.frame.event_type in EVALUATING:
        for thing in match.fixed:
            found += _owner_phrases(thing, sentence)
    return tuple(mention for mention in found if mention is not None)


def _owner_phrases(token: Token, sentence: Sentence) -> list[Mention | None]:
    """The name before an abstract noun: "the Kirkuk council decision"."""
    owners = [child for child in token.children if child.dep_ in ("compound", "poss") and child.pos_ == "PROPN"]
    return [sentence.people.phrase(owner) for owner in owners]


def _content_tokens(match: Match, sentence: Sentence) -> tuple[Token, ...]:
    """What a promised or refused act would be done to."""
    for token in match.content:
        inner = sentence.match(token)
        if inner is not None and inner.tokens("T"):
            return inner.tokens("T")
    return ()


def is_abstract(token: Token, sentence: Sentence) -> bool:
    heads = head_forms(token)
    classes = sentence.frames.classes
    if any(head in _SOMEBODY for head in heads):
        return False
    return any(
        ("noun", head) in sentence.frames.by_head or any(head in classes[name] for name in _ABSTRACT) for head in heads
    )


def text_target_of(match: Match) -> str:
    tokens = match.tokens("T") or match.things or match.clause.objects
    return phrase_text(tokens[0]) if tokens else ""
