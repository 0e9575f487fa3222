"""Grammar around a predicate: who stands where, after undoing passives, sharing, control and relative clauses.

`read_clause` answers, for a verb, noun or adjective: which tokens are its subjects and objects in the logical sense
(the agent of a passive is a subject), which prepositions it governs, which particles and complements it has.
It knows no meanings; frames.py does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timeline.coding.grammar import (
    NOMINAL,
    PASSIVE_SUBJECTS,
    SUBJECTS,
    following_verbs,
    is_count,
    is_infinitive,
    is_passive,
    preps_of,
)
from timeline.coding.subjects import RELATIVES, find_adjective_subjects, find_subjects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_JOINING = frozenset({"CCONJ", "ADV", "PUNCT", "AUX", "PART", "VERB", "ADP"})
_NEAR = 4  # words between two verbs that share an object
_TOLD_TO = frozenset({"tell", "ask", "order", "urge", "inform", "remind", "assure", "brief"})  # somebody to do it
# Verbs with two objects, the recipient first ("gave the fighters missiles"); after others a second object is misread.
DITRANSITIVE = frozenset(
    ["accord", "allow", "allot", "ask", "assign", "assure", "award", "bring", "charge", "cost", "deal",
     "deny", "extend", "fine", "fly", "give", "grant", "guarantee", "hand", "issue", "leave", "lend", "loan",
     "offer", "owe", "pay", "permit", "pledge", "promise", "refuse", "sell", "send", "serve", "set", "ship",
     "show", "spare", "supply", "teach", "tell", "wish"]
)  # fmt: skip
# Verbs whose object the parser may take for the subject of the infinitive that follows ("wants X to leave").
_RAISING = frozenset(
    {
        "allow",
        "want",
        "let",
        "expect",
        "need",
        "like",
        "force",
        "permit",
        "wish",
        "make",
        "order",
        "help",
        "enable",
        "ask",
    }
)


@dataclass(frozen=True, slots=True)
class Clause:
    """The logical arguments of a predicate. `subject_rule` says how the subjects were found."""

    head: Token
    subjects: tuple[Token, ...] = ()
    objects: tuple[Token, ...] = ()
    datives: tuple[Token, ...] = ()
    preps: tuple[tuple[str, Token, Token], ...] = ()  # word, preposition, its object (or gerund)
    particles: frozenset[str] = frozenset()
    infinitives: tuple[Token, ...] = ()  # infinitives and gerunds that are content
    clauses: tuple[Token, ...] = ()
    complements: tuple[Token, ...] = ()
    passive: bool = False
    subject_rule: str = "own"


def read_clause(token: Token) -> Clause:
    """The clause of a verb, or the phrase of a noun or adjective."""
    if token.pos_ in ("VERB", "AUX"):
        return _read_verb(token)
    return _read_phrase(token)


def _read_verb(verb: Token) -> Clause:
    passive = is_passive(verb)
    subjects, rule = find_subjects(verb)
    objects = [
        child
        for child in verb.children
        if (child.dep_ in ("dobj", "obj") and not _is_past_quote(verb, child)) or is_count(child)
    ]
    datives = [child for child in verb.children if child.dep_ == "dative" and child.pos_ in NOMINAL]
    preps = (*preps_of(verb), *_wanted_subjects(verb))
    if passive:
        surface, subjects = subjects, [obj for word, prep, obj in preps if word == "by" and obj.pos_ != "VERB"]
        if objects and not datives:
            datives = list(surface)
        else:
            objects = [*surface, *objects]
        rule = "passive"
    elif not objects:
        objects = _missing_objects(verb)
    if len(objects) > 1 and not passive and not datives:
        datives, objects = _tell_apart(verb, objects)
    content, clauses, complements = _complements_of(verb)
    if not objects and not passive and verb.lemma_ in _RAISING:
        objects = [below for token in content for below in token.children if below.dep_ in SUBJECTS]
    for small in [clause for clause in clauses if _is_small_clause(clause)]:  # "found X guilty", "left X dead"
        clauses.remove(small)
        complements.append(small)
        objects += [child for child in small.children if child.dep_ in SUBJECTS | PASSIVE_SUBJECTS]
    return Clause(verb, tuple(subjects), tuple(objects), tuple(datives), preps, _particles_of(verb), tuple(content),
                  tuple(clauses), tuple(complements), passive, rule)  # fmt: skip


def _is_past_quote(verb: Token, noun: Token) -> bool:
    """ "The town is burning," activist X said: the quotation ends between them, and with it the clause."""
    if noun.i - verb.i < 2:
        return False
    marks = [token.i for token in verb.doc[verb.i + 1 : noun.i] if token.is_quote]
    if len(marks) % 2 == 0:
        return False
    return sum(token.is_quote for token in verb.doc[verb.sent.start : verb.i]) % 2 == 1


def _tell_apart(verb: Token, objects: list[Token]) -> tuple[list[Token], list[Token]]:
    """Recipient and thing of a fused dative; of other objects the first."""
    first, *rest = sorted(objects, key=lambda token: token.i)
    beside = first.right_edge.i + 1 == rest[0].left_edge.i
    if beside and verb.lemma_ in DITRANSITIVE:
        return [first], rest
    return [], [first]


def _read_phrase(token: Token) -> Clause:
    """A noun's owner and prepositions, or an adjective's subject and prepositions."""
    content = [child for child in token.children if child.dep_ in ("acl", "xcomp", "ccomp") and is_infinitive(child)]
    clauses = [
        child for child in token.children if child.dep_ in ("ccomp", "acl", "advcl") and not is_infinitive(child)
    ]
    subjects, rule = find_adjective_subjects(token) if token.pos_ == "ADJ" or token.tag_ == "VBN" else ([], "own")
    return Clause(token, tuple(subjects), (), (), tuple(preps_of(token)), _particles_of(token), tuple(content),
                  tuple(clauses), (), False, rule)  # fmt: skip


def _wanted_subjects(verb: Token) -> Iterator[tuple[str, Token, Token]]:
    """ "Called for X to resign": X, where the parser takes "for" to open a clause."""
    for child in verb.children:
        if child.dep_ in ("ccomp", "xcomp", "advcl") and child.i > verb.i and is_infinitive(child):
            marks = [below for below in child.children if below.dep_ == "mark" and below.lower_ == "for"]
            for mark in marks:
                yield from ((mark.lower_, mark, below) for below in child.children if below.dep_ in SUBJECTS)


def _particles_of(token: Token) -> frozenset[str]:
    return frozenset(
        child.lower_
        for child in token.children
        if child.dep_ in ("prt", "advmod", "prep", "npadvmod", "neg", "dep")
        and not any(below.dep_ in ("pobj", "pcomp") for below in child.children)
    )


def _goes_on_telling(child: Token, verb: Token) -> bool:
    """ "Told reporters, stressing that …": nobody is told stressing."""
    return child.tag_ == "VBG" and verb.lemma_ in _TOLD_TO


def _complements_of(verb: Token) -> tuple[list[Token], list[Token], list[Token]]:
    """Infinitives and gerunds; finite clauses; predicative complements."""
    content, clauses, complements = [], [], []
    for child in verb.children:
        if (child.dep_ in ("xcomp", "ccomp", "advcl", "oprd", "acl") and is_infinitive(child)) or (
            child.dep_ == "ccomp" and child.tag_ in ("VB", "VBP") and verb.lemma_ in ("let", "make", "help")
        ):
            content.append(child)
        elif child.dep_ == "ccomp":
            clauses.append(child)
        elif child.dep_ == "xcomp" and child.tag_ in ("VBG", "VB") and not _goes_on_telling(child, verb):
            content.append(child)
        elif (
            child.dep_ in ("acomp", "attr", "oprd")
            or _is_bare_adjective(child)
            or (child.dep_ == "xcomp" and child.pos_ in ("ADJ", "NOUN"))
        ):
            complements.append(child)
        elif child.dep_ == "dobj":  # "asked X to withdraw" may hang the infinitive on X
            content += [below for below in child.children if below.dep_ == "acl" and is_infinitive(below)]
            complements += [below for below in child.children if below.dep_ in ("acl", "amod") and below.i > child.i]
    for child in verb.children:
        if child.dep_ in ("prt", "prep"):
            content += [below for below in child.children if below.dep_ == "xcomp" and is_infinitive(below)]
            for obj in child.children:
                if obj.dep_ == "pobj":
                    content += [
                        below for below in obj.children if below.dep_ in ("acl", "relcl") and is_infinitive(below)
                    ]
    return content, clauses, complements


def _is_bare_adjective(token: Token) -> bool:
    """ "held X responsible", where the parser sees a clause."""
    return token.dep_ == "advcl" and token.pos_ == "ADJ" and not any(child.dep_ in SUBJECTS for child in token.children)


def _is_small_clause(clause: Token) -> bool:
    """A subject and a predicate without a finite verb."""
    bare = not any(child.dep_ in ("aux", "auxpass", "cop", "mark") for child in clause.children)
    return (
        bare
        and (clause.pos_ == "ADJ" or clause.tag_ == "VBN")
        and any(child.dep_ in SUBJECTS | PASSIVE_SUBJECTS for child in clause.children)
    )


def _missing_objects(verb: Token) -> list[Token]:
    """The object of a relative clause, or one shared with a coordinated verb ("arms and trains X")."""
    if verb.dep_ == "relcl" and not _has_relative_subject(verb):
        gap = [child for child in verb.children if child.lower_ in RELATIVES and child.dep_ in ("dobj", "mark", "det")]
        own = any(child.dep_ in SUBJECTS for child in verb.children)
        if gap or own:
            return [verb.head]
    for other in following_verbs(verb):
        between = verb.doc[verb.i + 1 : other.i]
        if len(between) <= _NEAR and all(token.pos_ in _JOINING for token in between):
            return [child for child in other.children if child.dep_ == "dobj"]
    return []


def _has_relative_subject(verb: Token) -> bool:
    return any(child.dep_ in SUBJECTS | PASSIVE_SUBJECTS and child.lower_ in RELATIVES for child in verb.children)
