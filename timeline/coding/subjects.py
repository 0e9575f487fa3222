"""The subjects of verbs and adjectives: their own, shared, controlled, or those that a relative pronoun stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.coding.grammar import (
    CLASHING,
    MAX_CLIMB,
    NOMINAL,
    PASSIVE_SUBJECTS,
    SUBJECTS,
    is_headline_plan,
    is_infinitive,
    is_passive,
    joined_subject,
    preps_of,
)

if TYPE_CHECKING:
    from spacy.tokens import Token

_MOTIONS = frozenset({"resolution", "petition", "motion", "bill", "letter"})
_ACTIVE = frozenset({"intent", "bent", "responsible", "guilty", "successful", "serious", "keen", "capable", "set"})
_OUTCOMES = frozenset(
    ["kill", "wound", "injure", "destroy", "damage", "leave", "displace", "maim", "target", "hit", "strike", "cause",
     "inflict", "establish", "claim", "wreck", "demolish", "capture", "seize", "regain", "recapture", "liberate"]
)  # fmt: skip
_BLOWS = frozenset(
    ["attack", "bomb", "bombard", "shell", "strike", "hit", "pound", "target", "raid", "storm", "ambush", "assault",
     "shoot", "fire", "launch", "stage", "mount", "carry", "conduct", "drop", "clash", "fight", "battle", "engage",
     "skirmish", "operate", "hammer", "blast", "strafe", "invade", "overrun", "besiege"]
)  # fmt: skip
_GROUNDS = frozenset(
    ["town", "village", "city", "area", "district", "province", "neighbourhood", "neighborhood", "suburb", "region",
     "camp", "market", "hospital", "school", "mosque", "base", "square", "capital", "street"]
)  # fmt: skip
_ARMS = frozenset(
    ["weapon", "rocket", "missile", "shell", "mortar", "bomb", "barrel", "gas", "artillery", "grenade", "mine", "drone",
     "machinegun", "gun", "rifle", "fire", "explosive", "device", "round", "munition"]
)  # fmt: skip
_GIVEN = frozenset(
    ["time", "chance", "opportunity", "right", "permission", "mandate", "authority", "power", "freedom", "space",
     "room", "excuse", "pretext", "licence", "license", "order", "reason", "incentive", "means", "ability"]
)  # fmt: skip
_PLACING = frozenset(["in", "on", "at", "near", "of", "against", "over", "outside", "around", "across", "inside"])
_AGAINST = frozenset({"against", "at", "on", "upon", "into"})
RELATIVES = frozenset({"who", "which", "that", "whom"})
# Subject-control verbs: the infinitive's subject is theirs although an object stands between.
_SUBJECT_CONTROL = frozenset(
    {"promise", "vow", "threaten", "use", "take", "make", "hold", "deploy", "call", "phone", "meet", "visit"}
)


def find_subjects(verb: Token, climb: int = 0) -> tuple[list[Token], str]:
    """The surface subjects of a verb and the rule that found them; empty where there is none to be found."""
    holders = (verb, *(child for child in verb.children if child.dep_ == "aux"))  # "X have been mediating"
    own = [child for holder in holders for child in holder.children if child.dep_ in SUBJECTS | PASSIVE_SUBJECTS]
    if own:
        return _own_subjects(own, verb, climb)
    mistaken = [child for child in verb.children if _is_acronym(child) and child.i < verb.i]
    if mistaken and verb.tag_ in ("VBD", "VBZ", "VBP"):
        return mistaken[-1:], "own"
    if climb > MAX_CLIMB:
        return [], "none"
    head = verb.head
    if is_headline_plan(verb):
        return [head], "headline"
    if verb.dep_ in ("acl", "relcl") and head.pos_ in NOMINAL:
        return _modifier_subjects(verb, climb)
    if verb.dep_ == "pcomp" or (verb.dep_ == "advcl" and head.pos_ in ("ADP", "SCONJ")):
        return _gerund_subjects(verb, climb)
    if verb.dep_ == "pobj" and verb.tag_ == "VBG":
        return _period_subjects(verb, climb)
    if head is not verb and head.pos_ in ("VERB", "AUX"):
        if verb.dep_ == "conj":
            return _shared_subjects(verb, climb)
        if verb.dep_ in ("xcomp", "ccomp", "oprd", "acomp") or _is_progressive(verb):
            return _controllers(verb, climb), "control"
        if verb.dep_ in ("advcl", "dep", "parataxis"):
            return _adverbial_subjects(verb, climb)
    if head is not verb and head.pos_ in ("ADJ", "NOUN") and verb.dep_ in ("xcomp", "ccomp", "advcl"):
        return (find_adjective_subjects(head)[0], "control") if head.pos_ == "ADJ" else ([], "none")
    return [], "none"


def _is_progressive(verb: Token) -> bool:
    """ "X is mediating between Y and Z", which the parser takes for what X is."""
    return verb.dep_ == "attr" and verb.tag_ == "VBG" and verb.head.lemma_ == "be"


def _shared_subjects(verb: Token, climb: int) -> tuple[list[Token], str]:
    joined = joined_subject(verb)
    if joined is not None:
        return [joined], "own"
    nearer = _agreeing_clause(verb, verb.head)
    return find_subjects(nearer or verb.head, climb + 1)[0], "nearest" if nearer else "conjunct"


def _own_subjects(own: list[Token], verb: Token, climb: int) -> tuple[list[Token], str]:
    nearest = _noun_of(max(own, key=lambda token: (token.i < verb.i, -abs(token.i - verb.i))))
    nearest = next((token for token in own if _is_described_by(token, nearest)), nearest)
    if _is_place_before(nearest, verb) or _is_clashed_with(verb):
        return _outcome_subjects(verb, climb)
    subjects = [*_listed_before(nearest, verb), _antecedent(nearest, verb)]
    return (subjects, "relative" if nearest.lower_ in RELATIVES else "own")


def _is_described_by(subject: Token, name: Token) -> bool:
    """ "The army backed by its ally X shelled Y": X is named in what describes the army, and shelled nobody."""
    return any(
        child.dep_ == "acl" and child.right_edge.i == name.left_edge.i - 1
        for child in subject.children
        if any(below.dep_ == "agent" for below in child.children)
    )


def _is_clashed_with(verb: Token) -> bool:
    """ "X clashed with Y killing two": X did, although the parser has Y kill."""
    above = verb.head
    return (
        verb.dep_ == "pcomp" and verb.lemma_ in _OUTCOMES and above.lower_ == "with" and above.head.lemma_ in CLASHING
    )


def _noun_of(subject: Token) -> Token:
    """ "Men driving trucks killed X": the men did, where the parser took the driving for the subject."""
    if subject.dep_ != "csubj" or subject.tag_ != "VBG":
        return subject
    return next((child for child in subject.children if child.dep_ in SUBJECTS and child.i < subject.i), subject)


def _is_acronym(token: Token) -> bool:
    """A body's initials that the parser took for an adverb: "USAID provided shelter"."""
    return token.dep_ in ("advmod", "amod", "npadvmod", "dep") and token.text.isupper() and len(token.text) > 2


def find_adjective_subjects(token: Token, climb: int = 0) -> tuple[list[Token], str]:
    if token.dep_ in ("acomp", "oprd", "attr", "conj") and token.head.pos_ in ("VERB", "AUX"):
        return find_subjects(token.head)
    if token.dep_ == "conj" and token.head.pos_ == "ADJ" and climb < MAX_CLIMB:
        return find_adjective_subjects(token.head, climb + 1)
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
    if subject.lower_ not in RELATIVES:
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
    if verb.tag_ == "VBG" and head.lemma_ in _MOTIONS and head.dep_ == "dobj" and head.head.pos_ == "VERB":
        return find_subjects(head.head, climb + 1)[0], "owner"  # "passed a resolution urging X"
    if verb.tag_ == "VBG" and verb.lemma_ in _OUTCOMES and (_is_ground(head) or _is_struck(head, verb)):
        return _outcome_subjects(verb, climb)
    if verb.tag_ in ("VBN", "VBD", "VBG") and not is_infinitive(verb):
        return [head], "participle"
    given = [child for child in head.head.children if child.dep_ == "dative"] if head.dep_ == "dobj" else []
    if given and head.lemma_ in _GIVEN:
        return [_inner_object(given[0])], "owner"  # "gave X time to attack Y"
    owners = [child for child in head.children if child.dep_ == "poss"]
    if owners:
        return owners, "owner"
    if head.dep_ in ("dobj", "pobj", "attr"):
        governor = head.head if head.dep_ != "pobj" else head.head.head
        if governor.pos_ in ("VERB", "AUX"):
            return find_subjects(governor, climb + 1)[0], "owner"
    return [], "none"


def _is_place_before(subject: Token, verb: Token) -> bool:
    """ "Hit a house in X with shells killing two": X is where and shells what with, whomever the parser made kill."""
    if verb.tag_ != "VBG" or verb.lemma_ not in _OUTCOMES or subject.left_edge.i == 0:
        return False
    before = subject.doc[subject.left_edge.i - 1].lower_
    placed = before in _PLACING and (subject.pos_ == "PROPN" or subject.lemma_ in _GROUNDS)
    return placed or (before == "with" and subject.lemma_ in _ARMS)


def _outcome_subjects(verb: Token, climb: int) -> tuple[list[Token], str]:
    """Who did the act that a participle tells the outcome of."""
    above = [token for token in verb.ancestors if token.pos_ == "VERB"]
    telling = [token for token in above if token.dep_ != "relcl"] or above
    governor = next((token for token in above if token.lemma_ in _BLOWS), telling[0] if telling else None)
    return (_logical_subjects(governor, climb) if governor is not None else []), "adverbial"


def _is_ground(noun: Token) -> bool:
    """Where something is done: "bombed a post in X killing three" does not say that X killed them."""
    placed = noun.dep_ in ("pobj", "appos", "conj") and (noun.pos_ == "PROPN" or noun.lemma_ in _GROUNDS)
    prep = noun.head if noun.dep_ == "pobj" else noun.head.head
    return placed and prep.lower_ in _PLACING


def _is_struck(noun: Token, outcome: Token) -> bool:
    """Whether a noun names what was struck: in "shelled a convoy killing six" the convoy kills nobody.

    Men who are struck may themselves be "targeting" somebody; places and things may not.
    """
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.dep_ == "dobj":
        noun = noun.head.head  # "attacked one of the posts killing six"
    against = noun.dep_ == "pobj" and noun.head.lower_ in _AGAINST
    if noun.dep_ != "dobj" and not against:
        return False
    verb = noun.head.head if against else noun.head
    return verb.lemma_ in _BLOWS and (outcome.lemma_ != "target" or noun.lemma_ in _GROUNDS)


def _period_subjects(verb: Token, climb: int) -> tuple[list[Token], str]:
    """ "Took the town after days of fighting X": whoever took it fought."""
    if verb.lemma_ in _OUTCOMES and verb.head.lower_ in _PLACING:
        return _outcome_subjects(verb, climb)  # "bombed a town in rural X killing five"
    above = verb.head
    while above.dep_ in ("prep", "pobj") and above.head is not above:
        above = above.head
    return (_logical_subjects(above, climb), "adverbial") if above.pos_ in ("VERB", "AUX") else ([], "none")


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
    if prep.lower_ == "in" and is_passive(governor):
        return [], "none"  # "killed in intensifying strikes": not by those who were killed
    if governor.pos_ in ("VERB", "AUX"):
        return _logical_subjects(governor, climb), "adverbial"
    if governor.lemma_ in _ACTIVE:  # "is intent on attacking X"
        return find_adjective_subjects(governor, climb + 1)
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
        return [obj for word, _, obj in preps_of(verb) if word == "by"] or find_subjects(verb, climb + 1)[0]
    return find_subjects(verb, climb + 1)[0]


def _adverbial_subjects(verb: Token, climb: int) -> tuple[list[Token], str]:
    """A participle or infinitive clause shares its subject with the main clause ("…, killing 16")."""
    head = verb.head
    told = next((child for child in head.children if child.dep_ == "ccomp" and child.i < head.i < verb.i), None)
    if verb.tag_ == "VBG" and told is not None:  # "X shelled the town, officials said, killing five"
        head = told
    if verb.tag_ == "VBG" and is_passive(head):
        agents = [obj for word, _, obj in preps_of(head) if word == "by" and obj.pos_ != "VERB"]
        return (agents or find_subjects(head, climb + 1)[0]), "adverbial"
    return find_subjects(head, climb + 1)[0], "adverbial"
