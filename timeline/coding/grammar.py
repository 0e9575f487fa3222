"""What the parse says of a verb by itself: passive or not, an infinitive, its prepositions, verbs joined to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET", "SYM", "X"})
MAX_CLIMB = 6
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
# In headlines their past without an object is a participle: "Ten killed in raid on camp".
_SUFFERED = frozenset(
    ["abduct", "arrest", "behead", "detain", "evacuate", "execute", "expel", "free", "gun", "hang", "injure", "jail",
     "kidnap", "kill", "massacre", "oust", "release", "rescue", "sentence", "shoot", "wound"]
)  # fmt: skip
_STRIFE = frozenset(
    ["battle", "combat", "fight", "fighting", "struggle", "war", "conflict", "dispute", "standoff", "clash", "talk",
     "negotiation"]
)  # fmt: skip
CLASHING = frozenset({"clash", "fight", "battle", "skirmish", "engage"})
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
        "home",
    }
)


def is_passive(verb: Token, climb: int = 0) -> bool:
    if verb.lemma_ in _STATIVE and not any(child.dep_ == "agent" for child in verb.children):
        return False
    if verb.lemma_ == "lock" and any(child.lemma_ in _STRIFE for prep in verb.children for child in prep.children):
        return False  # "is locked in battle with"
    if any(child.dep_ in ("auxpass", "nsubjpass") for child in verb.children):
        return not _is_short_perfect(verb)
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "relcl", "advcl", "ROOT", "conj", "amod", "ccomp", "xcomp"):
        if any(child.dep_ == "aux" or child.dep_ in SUBJECTS for child in verb.children):
            return _is_elided_passive(verb, climb)
        if verb.dep_ == "conj":
            shared = verb.head.pos_ in ("VERB", "AUX") and not _has_object(verb) and climb < MAX_CLIMB
            return shared and is_passive(verb.head, climb + 1)
        return not (_has_object(verb) or _shares_object(verb))
    return _is_headline_passive(verb)


def _shares_object(verb: Token) -> bool:
    """ "Rockets fired by rebels killed and wounded five": the object stands behind the second verb."""
    if verb.i + 2 >= len(verb.doc) or verb.nbor(1).lower_ not in ("and", "or"):
        return False
    return verb.nbor(2).tag_ == "VBD" and _has_object(verb.nbor(2))


def joined_subject(verb: Token) -> Token | None:
    """ "X crossed the border and the rebels attacked them": the rebels, whom the parser joined to the border."""
    if verb.dep_ not in ("conj", "advcl") or verb.tag_ not in ("VBD", "VBZ", "VBP") or not _has_object(verb):
        return None
    noun = verb.nbor(-1)
    if noun.dep_ != "conj" or noun.pos_ not in ("NOUN", "PROPN") or noun.head.dep_ not in ("dobj", "pobj"):
        return None
    joined = any(child.dep_ == "cc" and child.i == noun.left_edge.i - 1 for child in noun.head.children)
    return noun if joined and noun.head.i > verb.head.i else None


def joined_verbs(verb: Token) -> list[Token]:
    """The verbs joined to one, also where the parser joined their subject: "were killed and thousands displaced"."""
    joined = [child for child in verb.children if child.dep_ == "conj"]
    nouns = [child for child in joined if child.pos_ == "NOUN"]
    return joined + [below for noun in nouns for below in noun.children if below.dep_ == "acl"]


def _is_elided_passive(verb: Token, climb: int) -> bool:
    """ "Ten were killed and hundreds wounded": the second verb does without its auxiliary."""
    bare = not any(child.dep_ in ("aux", "dobj", "ccomp", "xcomp") for child in verb.children)
    joined = verb.dep_ == "conj" and verb.lemma_ in _SUFFERED and climb < MAX_CLIMB
    return bare and joined and is_passive(verb.head, climb + 1)


def _is_short_perfect(verb: Token) -> bool:
    """ "It's evacuated its staff" has done so: "'s" is "has" before an object."""
    short = any(child.dep_ == "auxpass" and child.lower_ in ("'s", "’s") for child in verb.children)
    whole = _has_object(verb) or any(child.dep_ in ("xcomp", "ccomp") and child.tag_ == "VB" for child in verb.children)
    return short and whole and not any(child.dep_ == "agent" for child in verb.children)


def _is_headline_passive(verb: Token) -> bool:
    own = any(child.dep_ in SUBJECTS for child in verb.children)
    alone = verb.dep_ in ("ROOT", "ccomp", "advcl", "parataxis") and not following_verbs(verb)
    helped = any(
        child.dep_ in ("aux", "dobj", "ccomp", "xcomp", "dative") or is_count(child) for child in verb.children
    )
    return own and alone and not helped and verb.tag_ in ("VBD", "VBN") and verb.lemma_ in _SUFFERED


def is_count(token: Token) -> bool:
    """ "Shot down 24 of 26 drones": an object, where the parser takes the number for a measure."""
    measured = token.dep_ == "npadvmod" and token.tag_ == "CD" and token.i > token.head.i
    return measured and any(child.lower_ == "of" for child in token.children)


def _has_object(verb: Token) -> bool:
    return any(child.dep_ == "dobj" for child in verb.children)


def is_infinitive(token: Token) -> bool:
    """ "to withdraw", and "X to withdraw" that the parser takes for a clause of its own."""
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children)


def is_headline_plan(token: Token) -> bool:
    """ "X to reopen border with Y": an infinitive with nothing over it but the name before it."""
    if not is_infinitive(token):
        return False
    head = token.head
    return head is not token and head.dep_ == "ROOT" and head.pos_ == "PROPN" and head.i < token.i


def preps_of(token: Token) -> Iterator[tuple[str, Token, Token]]:
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
    for below in prep.children if depth < MAX_CLIMB else ():
        if below.dep_ == "pcomp" and prep.lower_ == "with" and prep.head.lemma_ in CLASHING:
            yield from ((prep.lower_, prep, rival) for rival in below.children if rival.dep_ in SUBJECTS)
        if below.dep_ == "pcomp" and below.pos_ == "ADP":  # "due to X"
            yield from _governed(below, depth + 1)
        elif below.dep_ in ("pobj", "pcomp"):
            yield prep.lower_, prep, below
        elif below.dep_ == "prep" and prep.lower_ in _DOUBLING:  # "out of X", "because of X", "from behind X"
            for word, _, obj in _governed(below, depth + 1):
                yield word, below, obj
        elif below.dep_ == "conj" and below.pos_ == "ADP":  # "to and from X"
            yield from _governed(below, depth + 1)


def following_verbs(verb: Token) -> list[Token]:
    """Verbs coordinated with this one, one or two steps on."""
    first = [child for child in verb.children if child.dep_ == "conj" and child.pos_ == "VERB"]
    second = [below for child in first for below in child.children if below.dep_ == "conj" and below.pos_ == "VERB"]
    return [*first, *second]
