"""Grammar around a predicate: who stands where, after undoing passives, sharing, control and relative clauses.

`read_clause` answers, for a verb, noun or adjective: which tokens are its subjects and objects in the logical sense
(the agent of a passive is a subject), which prepositions it governs, which particles and complements it has.
It knows no meanings; frames.py does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
_RELATIVES = frozenset({"who", "which", "that", "whom"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET", "SYM", "X"})
_PREPS = frozenset({"prep", "agent", "dative", "prt", "advmod", "advcl"})
# Participles that describe their subject ("is committed to", "are opposed to"): no passives, unless an agent follows.
_STATIVE = frozenset(
    [
        "commit",
        "oppose",
        "determine",
        "prepare",
        "concern",
        "worry",
        "interest",
        "please",
        "dedicate",
        "devote",
        "align",
        "alarm",
        "outrage",
    ]
)
_DOUBLING = frozenset(
    {
        "out",
        "away",
        "back",
        "from",
        "up",
        "down",
        "off",
        "in",
        "into",
        "on",
        "over",
        "through",
        "along",
        "together",
        "directly",
    }
)
_JOINING = frozenset({"CCONJ", "ADV", "PUNCT", "AUX", "PART", "VERB", "ADP"})
_NEAR = 4  # words between two verbs that share an object
_MAX_CLIMB = 6
# Subject-control verbs: the infinitive's subject is theirs although an object stands between.
_SUBJECT_CONTROL = frozenset(
    {"promise", "vow", "threaten", "use", "take", "make", "hold", "deploy", "call", "phone", "meet", "visit"}
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


def is_passive(verb: Token, climb: int = 0) -> bool:
    if verb.lemma_ in _STATIVE and not any(child.dep_ == "agent" for child in verb.children):
        return False
    if any(child.dep_ in ("auxpass", "nsubjpass") for child in verb.children):
        return True
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "relcl", "advcl", "ROOT", "conj", "amod", "ccomp", "xcomp"):
        if any(child.dep_ == "aux" or child.dep_ in SUBJECTS for child in verb.children):
            return False
        if verb.dep_ == "conj":
            shared = verb.head.pos_ in ("VERB", "AUX") and not _has_object(verb) and climb < _MAX_CLIMB
            return shared and is_passive(verb.head, climb + 1)
        return not _has_object(verb)
    return False


def _has_object(verb: Token) -> bool:
    return any(child.dep_ == "dobj" for child in verb.children)


def _read_verb(verb: Token) -> Clause:
    passive = is_passive(verb)
    subjects, rule = find_subjects(verb)
    objects = [child for child in verb.children if child.dep_ in ("dobj", "obj")]
    datives = [child for child in verb.children if child.dep_ == "dative" and child.pos_ in _NOMINAL]
    preps = tuple(_preps_of(verb))
    if passive:
        surface, subjects = subjects, [obj for word, prep, obj in preps if word == "by" and obj.pos_ != "VERB"]
        if objects and not datives:
            datives = list(surface)
        else:
            objects = [*surface, *objects]
        rule = "passive"
    elif not objects:
        objects = _missing_objects(verb)
    if len(objects) > 1 and not passive and not datives:  # fused dative: "gave the fighters missiles"
        objects = sorted(objects, key=lambda token: token.i)
        datives, objects = objects[:1], objects[1:]
    content, clauses, complements = _complements_of(verb)
    for small in [clause for clause in clauses if _is_small_clause(clause)]:  # "found X guilty", "left X dead"
        clauses.remove(small)
        complements.append(small)
        objects += [child for child in small.children if child.dep_ in SUBJECTS | PASSIVE_SUBJECTS]
    return Clause(verb, tuple(subjects), tuple(objects), tuple(datives), preps, _particles_of(verb), tuple(content),
                  tuple(clauses), tuple(complements), passive, rule)  # fmt: skip


def _read_phrase(token: Token) -> Clause:
    """A noun's owner and prepositions, or an adjective's subject and prepositions."""
    content = [child for child in token.children if child.dep_ in ("acl", "xcomp", "ccomp") and is_infinitive(child)]
    clauses = [
        child for child in token.children if child.dep_ in ("ccomp", "acl", "advcl") and not is_infinitive(child)
    ]
    subjects, rule = _adjective_subjects(token) if token.pos_ == "ADJ" or token.tag_ == "VBN" else ([], "own")
    return Clause(token, tuple(subjects), (), (), tuple(_preps_of(token)), _particles_of(token), tuple(content),
                  tuple(clauses), (), False, rule)  # fmt: skip


def _adjective_subjects(token: Token, climb: int = 0) -> tuple[list[Token], str]:
    if token.dep_ in ("acomp", "oprd", "attr", "conj") and token.head.pos_ in ("VERB", "AUX"):
        return find_subjects(token.head)
    if token.dep_ == "conj" and token.head.pos_ == "ADJ" and climb < _MAX_CLIMB:
        return _adjective_subjects(token.head, climb + 1)
    if (
        token.dep_ in ("amod", "acl", "appos", "relcl")
        and token.head.pos_ in ("NOUN", "PROPN")
        and token.i > token.head.i
    ):
        return [token.head], "modifier"
    if token.dep_ == "ROOT":
        return [child for child in token.children if child.dep_ in SUBJECTS], "own"
    if token.dep_ == "advcl" and token.head.pos_ in ("VERB", "AUX"):
        return find_subjects(token.head)
    return [], "own"


def _preps_of(token: Token) -> Iterator[tuple[str, Token, Token]]:
    """Prepositions under a token with what they govern; those on its particles and auxiliaries too."""
    for child in token.children:
        if child.dep_ in ("prep", "agent", "dative", "prt", "advmod", "cc") and child.pos_ in (
            "ADP",
            "SCONJ",
            "ADV",
            "VERB",
            "PART",
        ):
            yield from _governed(child)


def _governed(prep: Token, depth: int = 0) -> Iterator[tuple[str, Token, Token]]:
    for below in prep.children if depth < _MAX_CLIMB else ():
        if below.dep_ in ("pobj", "pcomp"):
            yield prep.lower_, prep, below
        elif below.dep_ == "prep" and prep.lower_ in _DOUBLING:  # "out of X", "because of X", "from behind X"
            for word, _, obj in _governed(below, depth + 1):
                yield word, below, obj
        elif below.dep_ == "conj" and below.pos_ == "ADP":  # "to and from X"
            yield from _governed(below, depth + 1)


def _particles_of(token: Token) -> frozenset[str]:
    return frozenset(
        child.lower_
        for child in token.children
        if child.dep_ in ("prt", "advmod", "prep", "npadvmod", "neg", "dep")
        and not any(below.dep_ in ("pobj", "pcomp") for below in child.children)
    )


def _complements_of(verb: Token) -> tuple[list[Token], list[Token], list[Token]]:
    """Infinitives and gerunds; finite clauses; predicative complements."""
    content, clauses, complements = [], [], []
    for child in verb.children:
        if child.dep_ in ("xcomp", "ccomp", "advcl", "oprd", "acl") and is_infinitive(child):
            content.append(child)
        elif child.dep_ == "ccomp":
            clauses.append(child)
        elif child.dep_ == "xcomp" and child.tag_ in ("VBG", "VB"):
            content.append(child)
        elif child.dep_ in ("acomp", "attr", "oprd") or (child.dep_ == "xcomp" and child.pos_ in ("ADJ", "NOUN")):
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


def _is_small_clause(clause: Token) -> bool:
    """A subject and a predicate without a finite verb."""
    bare = not any(child.dep_ in ("aux", "auxpass", "cop", "mark") for child in clause.children)
    return (
        bare
        and (clause.pos_ == "ADJ" or clause.tag_ == "VBN")
        and any(child.dep_ in SUBJECTS | PASSIVE_SUBJECTS for child in clause.children)
    )


def is_infinitive(token: Token) -> bool:
    """ "to withdraw", and "X to withdraw" that the parser takes for a clause of its own."""
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children)


def _missing_objects(verb: Token) -> list[Token]:
    """The object of a relative clause, or one shared with a coordinated verb ("arms and trains X")."""
    if verb.dep_ == "relcl" and not _has_relative_subject(verb):
        gap = [child for child in verb.children if child.lower_ in _RELATIVES and child.dep_ in ("dobj", "mark", "det")]
        own = any(child.dep_ in SUBJECTS for child in verb.children)
        if gap or own:
            return [verb.head]
    for other in _following_verbs(verb):
        between = verb.doc[verb.i + 1 : other.i]
        if len(between) <= _NEAR and all(token.pos_ in _JOINING for token in between):
            return [child for child in other.children if child.dep_ == "dobj"]
    return []


def _following_verbs(verb: Token) -> list[Token]:
    """Verbs coordinated with this one, one or two steps on."""
    first = [child for child in verb.children if child.dep_ == "conj" and child.pos_ == "VERB"]
    second = [below for child in first for below in child.children if below.dep_ == "conj" and below.pos_ == "VERB"]
    return [*first, *second]


def _has_relative_subject(verb: Token) -> bool:
    return any(child.dep_ in SUBJECTS | PASSIVE_SUBJECTS and child.lower_ in _RELATIVES for child in verb.children)


def find_subjects(verb: Token, climb: int = 0) -> tuple[list[Token], str]:
    """The surface subjects of a verb and the rule that found them; empty where there is none to be found."""
    own = [child for child in verb.children if child.dep_ in SUBJECTS | PASSIVE_SUBJECTS]
    if own:
        nearest = max(own, key=lambda token: (token.i < verb.i, -abs(token.i - verb.i)))
        subjects = [*_listed_before(nearest, verb), _antecedent(nearest, verb)]
        return (subjects, "relative" if nearest.lower_ in _RELATIVES else "own")
    if climb > _MAX_CLIMB:
        return [], "none"
    head = verb.head
    if verb.dep_ in ("acl", "relcl") and head.pos_ in _NOMINAL:
        return _modifier_subjects(verb, climb)
    if verb.dep_ == "pcomp" or (verb.dep_ == "advcl" and head.pos_ in ("ADP", "SCONJ")):
        return _gerund_subjects(verb, climb)
    if head is not verb and head.pos_ in ("VERB", "AUX"):
        if verb.dep_ == "conj":
            nearer = _agreeing_clause(verb, head)
            return find_subjects(nearer or head, climb + 1)[0], "nearest" if nearer else "conjunct"
        if verb.dep_ in ("xcomp", "ccomp", "oprd", "acomp"):
            return _controllers(verb, climb), "control"
        if verb.dep_ in ("advcl", "dep", "parataxis"):
            return _adverbial_subjects(verb, climb)
    if head is not verb and head.pos_ in ("ADJ", "NOUN") and verb.dep_ in ("xcomp", "ccomp", "advcl"):
        return (_adjective_subjects(head)[0], "control") if head.pos_ == "ADJ" else ([], "none")
    return [], "none"


def _listed_before(subject: Token, verb: Token) -> list[Token]:
    """In headlines a comma stands for "and": "X, Y agree". The plural verb after a single name shows it."""
    if subject.tag_ != "NNP" or verb.tag_ not in ("VBP", "VB") or any(c.dep_ == "conj" for c in subject.children):
        return []
    found: list[Token] = []
    at = subject.left_edge.i
    while at - 2 >= verb.sent.start and verb.doc[at - 1].text == "," and verb.doc[at - 2].tag_ == "NNP":
        found.insert(0, verb.doc[at - 2])
        at = verb.doc[at - 2].i
    return found


def _agreeing_clause(verb: Token, head: Token) -> Token | None:
    """The verb that a coordinated one goes with where the parser took another.

    In "X said that Y violates … and continues …" it agrees in tense with "violates", not with "said"; nor does it
    belong to a passive relative clause in between ("the treaty that was signed").
    """
    if head.dep_ == "relcl" and is_passive(head) and verb.tag_ in ("VBZ", "VBP", "VBD") and verb.tag_ != head.tag_:
        return next((above for above in head.ancestors if above.pos_ == "VERB" and above.tag_ == verb.tag_), None)
    for child in head.children:
        between = child.dep_ == "ccomp" and head.i < child.i < verb.i
        if between and child.tag_ == verb.tag_ != head.tag_ and any(below.dep_ in SUBJECTS for below in child.children):
            return child
    return None


def _antecedent(subject: Token, verb: Token) -> Token:
    """What a relative pronoun stands for."""
    if subject.lower_ not in _RELATIVES:
        return subject
    clause = verb
    while clause.dep_ in ("conj", "xcomp", "ccomp") and clause.head.pos_ in ("VERB", "AUX"):
        clause = clause.head
    if clause.dep_ != "relcl":
        return subject
    return _common_noun(clause.head) if subject.lower_ == "that" else clause.head


def _common_noun(head: Token) -> Token:
    """A proper name takes no restrictive clause: in "an attack on X that killed Y" the attack kills."""
    current = head
    while current.pos_ == "PROPN" and current.dep_ in ("pobj", "conj", "prep", "compound", "poss"):
        current = current.head
        while current.pos_ == "ADP" and current.dep_ == "prep":
            current = current.head
    return current if current.pos_ == "NOUN" else head


def _modifier_subjects(verb: Token, climb: int) -> tuple[list[Token], str]:
    """Of "forces backed by X", "rebels fighting X", "a plan to attack X"."""
    head = verb.head
    if verb.tag_ in ("VBN", "VBD", "VBG") and not is_infinitive(verb):
        return [head], "participle"
    owners = [child for child in head.children if child.dep_ == "poss"]
    if owners:
        return owners, "owner"
    if head.dep_ in ("dobj", "pobj", "attr"):
        governor = head.head if head.dep_ != "pobj" else head.head.head
        if governor.pos_ in ("VERB", "AUX"):
            return find_subjects(governor, climb + 1)[0], "owner"
    return [], "none"


def _gerund_subjects(verb: Token, climb: int) -> tuple[list[Token], str]:
    """ "accused X of attacking": X; "responded by attacking": the subject."""
    prep = verb.head
    governor = prep.head
    if governor.pos_ in ("NOUN", "PROPN"):
        return [], "none"
    objects = [child for child in governor.children if child.dep_ == "dobj"]
    if prep.lower_ in ("of", "for", "from", "into", "over") and governor.pos_ in ("VERB", "AUX"):
        if objects:
            return objects, "control"
        if is_passive(governor):
            return find_subjects(governor, climb + 1)[0], "control"
    if governor.pos_ in ("VERB", "AUX"):
        return _logical_subjects(governor, climb), "adverbial"
    return [], "none"


def _controllers(verb: Token, climb: int) -> list[Token]:
    """The object of the governing verb where it has one, else its subject; passives: the surface subject."""
    head = verb.head
    objects = [child for child in head.children if child.dep_ in ("dobj", "dative") and child.i < verb.i]
    objects = [_inner_object(child) for child in objects]
    if objects and head.lemma_ not in _SUBJECT_CONTROL:
        return objects
    for child in head.children:  # "called on X to withdraw"
        if child.dep_ == "prep" and child.lower_ in ("on", "upon", "for", "to") and child.i < verb.i:
            found = [below for below in child.children if below.dep_ == "pobj"]
            if found and head.lemma_ in ("call", "appeal", "prevail", "push", "plead"):
                return found
    return find_subjects(head, climb + 1)[0]


def _inner_object(token: Token) -> Token:
    return next((below for below in token.children if below.dep_ == "pobj"), token) if token.pos_ == "ADP" else token


def _logical_subjects(verb: Token, climb: int) -> list[Token]:
    if is_passive(verb):
        return [obj for word, _, obj in _preps_of(verb) if word == "by"] or find_subjects(verb, climb + 1)[0]
    return find_subjects(verb, climb + 1)[0]


def _adverbial_subjects(verb: Token, climb: int) -> tuple[list[Token], str]:
    """A participle or infinitive clause shares its subject with the main clause ("…, killing 16")."""
    head = verb.head
    told = next((child for child in head.children if child.dep_ == "ccomp" and child.i < head.i < verb.i), None)
    if verb.tag_ == "VBG" and told is not None:  # "X shelled the town, officials said, killing five"
        head = told
    if verb.tag_ == "VBG" and is_passive(head):
        agents = [obj for word, _, obj in _preps_of(head) if word == "by" and obj.pos_ != "VERB"]
        return (agents or find_subjects(head, climb + 1)[0]), "adverbial"
    return find_subjects(head, climb + 1)[0], "adverbial"
