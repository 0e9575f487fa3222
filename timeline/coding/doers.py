"""Who is behind an act that names its doer elsewhere: by its noun, its cause, or the weapon that somebody fired.

"Killed in an attack by X", "killed when X's jets raided the town", "shells fired by X fell on Y", "X fired rockets
that hit Y", "A was killed and B wounded by X", "X claimed responsibility for the attack that
killed Y".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.coding.clauses import read_clause
from timeline.coding.grammar import SUBJECTS, is_passive, joined_verbs
from timeline.coding.predicates import Match, head_forms, is_temporal
from timeline.coding.roles import names_scene, scenes_of
from timeline.coding.sentences import FORCED
from timeline.coding.subjects import find_subjects

if TYPE_CHECKING:
    from spacy.tokens import Token

    from timeline.coding.roles import Participants
    from timeline.coding.sentences import Sentence
    from timeline.records import Mention

_BY_THE_STATE = frozenset(
    ["arrest", "detain", "jail", "imprison", "sentence", "charge", "convict", "deport", "extradite", "indict", "try",
     "ban", "outlaw", "proscribe"]
)  # fmt: skip
_CAUSES = frozenset({"when", "after", "as"})
_CAUSED = frozenset({"advcl", "relcl"})  # the parser may hang "when X attacked" on the last noun before it
_GUNNERY = frozenset({"shelling", "bombing", "shooting"})
_CLAIMING = frozenset({"claim", "take", "accept", "assume", "admit"})
_BRINGING = frozenset({"in", "during", "by", "from", "to", "of", "with", "after", "because"})  # "due to shells …"
_RESULTS = frozenset({"result", "consequence"})  # "as a result of shells that X fired"
_SENDING = frozenset(
    ["fire", "launch", "drop", "lob", "hurl", "throw", "rain", "plant", "detonate", "explode", "set", "shoot", "carry",
     "conduct", "stage", "mount", "perpetrate", "execute", "commit", "unleash", "direct", "use", "lay", "release"]
)  # fmt: skip
_HOLDING = frozenset({"number", "series", "barrage", "volley", "salvo", "dozen", "hundred", "string", "wave", "round"})


def find_doers(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """Who does the act of a verb whose own slots name nobody."""
    if match.clause.passive:
        found = _sources_in_adjunct(match, sentence) or _left_behind(match.clause.head, sentence)
        return found or (_shared_doers(match, sentence) if match.frame.event_type in FORCED else ())
    if match.frame.event_type != "ASSAULT":
        return ()
    named = (_senders(token, sentence) or _claimants(token, sentence.people) for token in match.clause.subjects)
    return next(filter(None, named), ())


def _left_behind(verb: Token, sentence: Sentence) -> tuple[Mention, ...]:
    """ "X fired rockets at the town, leaving two people killed": whoever fired."""
    victim = verb.head
    leaving = victim.head if victim.dep_ in ("dobj", "conj") else victim
    if verb.dep_ not in ("acl", "ccomp", "xcomp", "oprd") or leaving.lower_ != "leaving":
        return ()
    told = next((above for above in leaving.ancestors if above.tag_ in ("VBD", "VBZ", "VBP", "VBN")), None)
    if told is None or sentence.match(told) is None:
        return ()
    return sentence.people.of(read_clause(told).subjects)


def _shared_doers(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "Two were killed and five wounded by shells that X fired": one blow, told once."""
    verb = match.clause.head
    for other in [*([verb.head] if verb.dep_ == "conj" else []), *joined_verbs(verb)]:
        told = sentence.match(other)
        if told is not None and told.clause.passive and told.frame.event_type in FORCED:
            agents = sentence.people.of(told.tokens("S")) if other.i > verb.i or _is_same(match, told) else ()
            found = agents or (_sources_in_adjunct(told, sentence) if _is_same(match, told) else ())
            if found:
                return found
    return ()


def _is_same(one: Match, other: Match) -> bool:
    return one.frame.event_type == other.frame.event_type


def _senders(weapon: Token, sentence: Sentence) -> tuple[Mention, ...]:
    """Who fired, dropped or carried out what struck; () for what is no weapon and no attack."""
    weapon = _held(weapon)
    if not _strikes(weapon, sentence):
        return ()
    people = sentence.people
    if weapon.tag_ == "VBG":  # "rounds of shelling by X"
        return people.of(_objects(weapon, "by"))
    for child in weapon.children:
        if child.lemma_ not in _SENDING or child.dep_ not in ("acl", "relcl"):
            continue
        if child.dep_ == "acl" and child.tag_ in ("VBN", "VBD"):
            return people.of(_objects(child, "by")) or people.of(
                ground for ground in _objects(child, "from") if ground.tag_ in ("NN", "NNS")
            )  # "from rebel positions"; from a country, it may be anybody
        if any(below.dep_ in SUBJECTS and below.lower_ not in ("which", "that") for below in child.children):
            return people.of(find_subjects(child)[0])
    noun = sentence.match(weapon)
    named = noun_sources(noun, sentence) if noun is not None and noun.frame.event_type == "ASSAULT" else ()
    return named or _senders_above(weapon, sentence)


def _objects(word: Token, preposition: str) -> list[Token]:
    return [obj for prep in word.children if prep.lower_ == preposition for obj in prep.children]


def _senders_above(weapon: Token, sentence: Sentence) -> tuple[Mention, ...]:
    """ "X fired a number of shells that …": the subject of the verb that sent them."""
    if weapon.dep_ == "pobj" and weapon.head.lower_ == "of" and weapon.head.head.lemma_ in _HOLDING:
        weapon = weapon.head.head
    verb = weapon.head
    if verb.lemma_ not in _SENDING:
        return ()
    agents = _objects(verb, "by")
    if verb.tag_ == "VBN" and weapon.dep_ == "nsubj":  # "shells fired by X killed and wounded": no "were" to be seen
        return sentence.people.of(agents)
    if weapon.dep_ not in ("dobj", "nsubjpass"):
        return ()
    if is_passive(verb):
        return sentence.people.of(agents)
    return sentence.people.of(find_subjects(verb)[0])


def _claimants(act: Token, people: Participants) -> tuple[Mention, ...]:
    """ "X claimed responsibility for the attack that killed Y": X, as it says. The claim alone is a statement."""
    claimed = act.head.head
    if act.dep_ != "pobj" or act.head.lower_ != "for" or claimed.lemma_ != "responsibility":
        return ()
    verb = claimed.head
    if claimed.dep_ != "dobj" or verb.lemma_ not in _CLAIMING or any(child.dep_ == "neg" for child in verb.children):
        return ()
    return people.of(find_subjects(verb)[0])


def _strikes(noun: Token, sentence: Sentence) -> bool:
    classes = sentence.frames.classes
    words = classes["weapon"] | classes["blow"] | classes["conflict"]
    return any(form in words for form in head_forms(noun))


def _sources_in_adjunct(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "killed in an attack by X", "arrested by", "damaged in Russian airstrikes": the actor of the event noun."""
    for word, prep, named_first in match.clause.preps:
        if word == "after" and any(is_temporal(child) for child in prep.children):
            continue  # "days after a raid by X" is another matter
        obj = _held(named_first)
        noun = sentence.match(obj)
        if word in ("in", "during", "by", "after") and (named := _sharing(obj, match, sentence)):
            return named
        if word in ("in", "during", "by", "after", "from", "with") and noun and noun.frame.pos == "noun":
            named = noun_sources(noun, sentence)
            if named and noun.frame.event_type == match.frame.event_type:
                return named
        if word in ("in", "during", "after", "by") and _is_gunnery(obj):
            return sentence.people.of([obj], deep=False)
        if word == "from" and match.frame.event_type in ("COERCE", "SANCTION"):  # "were expelled from X"
            return sentence.people.of([obj])
        if word == "in" and match.clause.head.lemma_ in _BY_THE_STATE:  # "was arrested in X"
            return sentence.people.states([obj])
        causes = _objects(obj, "of")
        blow = causes[0] if obj.lemma_ in _RESULTS and causes else obj
        bringing = word in _BRINGING or blow is not obj
        if bringing and match.frame.event_type == "ASSAULT" and (senders := _senders(blow, sentence)):
            return senders
    return _sources_in_cause(match, sentence) if match.frame.event_type == "ASSAULT" else ()


def _sharing(first: Token, match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "Killed in X and Bordurian bombing": the parser takes the owners for members beside the act."""
    own = sentence.people.at(first)
    for act in first.children if own is not None else ():
        noun = sentence.match(act)
        bombing = act.lower_ in _GUNNERY or (noun is not None and noun.frame.event_type == match.frame.event_type)
        if act.dep_ == "conj" and act.pos_ == "NOUN" and bombing and (others := owners_of(act, sentence.people)):
            return (*sentence.people.of([first], deep=False), *others)
    return ()


def _held(noun: Token) -> Token:
    """ "A series of strikes" are strikes."""
    if noun.lemma_ not in _HOLDING:
        return noun
    return next(iter(_objects(noun, "of")), noun)


def _is_gunnery(token: Token) -> bool:
    """ "rebel shelling", which the parser may take for rebels who shell."""
    if token.i + 1 >= len(token.doc) or token.nbor().lower_ not in _GUNNERY:
        return False
    verb = token.head.head
    return token.nbor().head in (token, verb, verb.head if verb.dep_ == "acl" else verb)


def _sources_in_cause(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "killed when X's jets raided the town": whoever did what they died of."""
    for clause in match.clause.head.subtree:
        if clause.dep_ not in _CAUSED or clause.i < match.clause.head.i or not _tells_when(clause, match):
            continue
        cause = sentence.match(clause)
        carried = [sentence.match(child) for child in clause.children if child.dep_ == "dobj"]
        if clause.lemma_ in _SENDING and any(noun and noun.frame.event_type == "ASSAULT" for noun in carried):
            return sentence.people.of(find_subjects(clause)[0])  # "when X carried out nine raids"
        by = [obj for obj in _objects(clause, "by") if obj.tag_ == "VBG"]
        means = [sentence.match(verb) for verb in by]  # "as X broke the truce by shelling the town"
        if any(one and one.frame.event_type == "ASSAULT" for one in means):
            return sentence.people.of(find_subjects(clause)[0])
        if cause is not None and cause.frame.event_type == "ASSAULT" and cause.frame.subject == "S":
            return sentence.people.of(cause.tokens("S"))
    return ()


def _tells_when(clause: Token, match: Match) -> bool:
    """Whether a clause says on what occasion the act came about, as "when X attacked" does."""
    marked = any(child.lower_ in _CAUSES and child.dep_ in ("mark", "advmod") for child in clause.children)
    verbs = [above for above in clause.ancestors if above.pos_ in ("VERB", "AUX") and above.dep_ != "prep"]
    governor = next((above for above in verbs if above.lemma_ != "include"), None)
    beside = governor is not None and governor.dep_ == "conj" and governor.head == match.clause.head
    return marked and (governor == match.clause.head or beside)


def noun_sources(noun: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """Owner, qualifier or by-phrase of an event noun, unless its frame makes the owner the target."""
    people, head = sentence.people, noun.clause.head
    named = people.of(noun.tokens("S")) or people.of(obj for word, _, obj in noun.clause.preps if word == "by")
    if named or noun.frame.subject == "T":
        return named
    if noun.frame.subject == "R":
        named = people.of(noun.tokens("R"))
    return named or owners_of(head, people)


def owners_of(noun: Token, people: Participants) -> tuple[Mention, ...]:
    for kind in ("poss", "nmod", "amod", "compound") if not names_scene(noun) else ():
        owners = [child for child in noun.children if child.dep_ == kind]
        if kind == "compound":  # "army air strikes"
            owners += [below for child in owners for below in child.children if below.dep_ == "compound"]
        named = people.of(owners, deep=kind == "poss") or (people.leaders_of(noun) if kind == "amod" else ())
        if named:
            return named
    return ()


def noun_targets(noun: Match, sentence: Sentence) -> tuple[Mention, ...]:
    people, head = sentence.people, noun.clause.head
    named = people.of(noun.tokens("T")) or people.of(noun.tokens("R") if noun.frame.reciprocal else ())
    if not named and noun.frame.subject == "T":
        named = owners_of(head, people)
    return named or people.of(scenes_of(head), deep=False)
