"""Acts that nouns name: carried by a light verb ("launched an attack on X"), undone, suffered, or on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.coding.clauses import Clause, read_clause
from timeline.coding.content import is_figurative, is_verbal, refine
from timeline.coding.doers import noun_sources, noun_targets
from timeline.coding.dropped import Why
from timeline.coding.operators import UNDOINGS, apply_operators, is_settled, read_operators
from timeline.coding.participants import EVALUATING, drop_own
from timeline.coding.predicates import SIDING, Match, head_forms
from timeline.coding.roles import in_text_order, phrase_text
from timeline.coding.sentences import CONSUMING, Reading, Sentence, clip, keep
from timeline.coding.subjects import find_subjects
from timeline.coding.targets import fused_recipient, is_abstract

if TYPE_CHECKING:
    from spacy.tokens import Token

    from timeline.records import Mention

_ENDING_ONLY = frozenset({"end", "stop", "interrupt", "pause", "cut", "limit", "quit", "reduce"})
_HOLDING = frozenset(
    [
        "series",
        "round",
        "wave",
        "number",
        "string",
        "campaign",
        "kind",
        "act",
        "week",
        "day",
        "month",
        "spate",
        "flurry",
        "night",
    ]
)  # "a series of attacks"
_ABOUT = frozenset({"about", "on", "over", "regarding", "concerning", "for", "despite", "towards", "toward"})
_ASKED = frozenset({"REQUEST", "AGREE"})
_HAPPENING = frozenset({"ASSAULT", "PROTEST", "CONSULT", "SUPPORT", "RETREAT", "COERCE", "ACCUSE", "COOPERATE"})
_WITNESSED = frozenset({"report", "confirm", "witness", "record", "document"})
_SIDING = frozenset({"ally", "supporter", "backer", "defender", "champion", "friend"})  # people take no place
_PLACED = frozenset({"ASSAULT", "PROTEST", "COERCE"})
_SPOKEN = frozenset(
    {"AGREE", "CONSULT", "REQUEST", "REJECT", "THREATEN"}
)  # words without a speaker are nobody's: "faces growing opposition"
_DEEPEST = 4
_ADJUNCT = frozenset(
    ["in", "during", "after", "at", "before", "following", "through", "via", "by", "ahead", "of", "on"]
)


def read_carried(verb: Token, sentence: Sentence, carried: set[int]) -> list[Reading]:
    """ "X launched an attack on Y", "X faces sanctions by Y", "X suspended aid to Y"."""
    lemma = verb.lemma_.lower()
    roles = {name for name in ("light", "receiving", "ending") if lemma in sentence.frames.operators[name]}
    if not roles or verb.i in sentence.consumed:
        return []
    clause = read_clause(verb)
    own = sentence.match(verb)
    readings = []
    for noun in _event_nouns(clause, sentence):
        if own is not None and (own.score >= 3 or not own.frame.event_type):
            continue
        if noun.frame.event_type == "CONSULT" and (lemma == "use" or _is_person(noun.clause.head, sentence)):
            continue  # "used the meeting to …", "met the envoy"
        readings += _read_noun_under(noun, verb, clause, roles, sentence)
        if readings:
            carried.add(noun.clause.head.i)
    return readings


def _is_person(noun: Token, sentence: Sentence) -> bool:
    return any(form in sentence.frames.classes["personnel"] for form in head_forms(noun))


def _event_nouns(clause: Clause, sentence: Sentence) -> list[Match]:
    tokens = list(clause.objects)
    if clause.head.pos_ == "ADJ":
        tokens = [obj for word, _, obj in clause.preps if word in ("for", "of", "behind")]
    tokens += [conj for obj in clause.objects for conj in obj.conjuncts if conj.i > obj.i]
    found = []
    for token in tokens:
        match = sentence.match(token)
        if match is None and token.lemma_.lower() in _HOLDING:
            below = [
                obj for child in token.children if child.lower_ == "of" for obj in child.children if obj.dep_ == "pobj"
            ]
            match = sentence.match(below[0]) if below else None
        if match is not None and match.frame.pos == "noun" and match.frame.event_type:
            found.append(match)
    return found


def _read_noun_under(noun: Match, verb: Token, clause: Clause, roles: set[str], sentence: Sentence) -> list[Reading]:
    operators = read_operators(verb, sentence.frames)
    if "purpose" in operators or "duty" in operators:
        return sentence.drop(noun.clause.head, Why.PURPOSE if "purpose" in operators else Why.DUTY)
    bare = _type_under(noun, sentence)
    ended = "ending" in roles and "light" not in roles and not _merely_ends(verb, bare)
    event_type = UNDOINGS.get(bare, "") if ended else bare
    event_type = apply_operators(event_type, operators) if event_type else ""
    if not event_type:
        return sentence.drop(noun.clause.head, Why.UNDONE)
    sources, targets = _participants_under(noun, clause, roles, sentence)
    if ended and _is_of_another(noun, sources, sentence):
        return sentence.drop(noun.clause.head, Why.UNDONE)
    if not sources and "receiving" in roles and event_type in _SPOKEN:
        return sentence.drop(noun.clause.head, Why.ONE_SIDE)
    if noun.frame.reciprocal and not ended:
        everyone = in_text_order((*sources, *targets))
        sources, targets = (everyone, everyone) if len(everyone) > 1 else (everyone, ())
    else:
        targets = drop_own(targets, sources, noun, sentence) or _phrases_under(noun, sentence)
    root = noun.frame.cameo_root if event_type == noun.frame.event_type else ""
    text = "" if targets else phrase_text(noun.clause.head)
    rule = f"{verb.lemma_} + {noun.frame.rule}"
    settled = ended or is_settled(bare, event_type, operators)
    reading = Reading(
        noun.clause.head, event_type, sources, targets, text, rule, clip(noun.frame.confidence), root, settled
    )
    return keep(reading, sentence)


def _is_of_another(noun: Match, ending: tuple[Mention, ...], sentence: Sentence) -> bool:
    """ "The army halted the rebel advance": who halts it has not withdrawn."""
    own = {mention.actor for mention in noun_sources(noun, sentence)}
    return bool(own and ending) and not own & {mention.actor for mention in ending}


def _type_under(noun: Match, sentence: Sentence) -> str:
    event_type = refine(noun, noun.frame.event_type, sentence)
    return "ACCUSE" if event_type == "ASSAULT" and is_verbal(noun.clause.head) else event_type


def _participants_under(
    noun: Match, clause: Clause, roles: set[str], sentence: Sentence
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """The verb's subject does what the noun says, or suffers it; the noun and the verb name the other side."""
    people = sentence.people
    subjects, doers = people.of(clause.subjects), noun_sources(noun, sentence)
    if "receiving" in roles and not roles & {"light", "ending"}:
        return doers or people.of(obj for word, _, obj in clause.preps if word in ("from", "by", "over")), subjects
    targets = noun_targets(noun, sentence) or people.of(
        obj for _, _, obj in clause.preps if obj.pos_ != "VERB" and obj.lemma_ not in SIDING
    )
    targets = targets or people.of(clause.datives) or fused_recipient(noun.clause.head, clause, people)
    if not targets and noun.frame.event_type in _PLACED:
        targets = people.placed(noun.clause.head) or people.placed(clause.head)
    return subjects or doers, targets


def _phrases_under(noun: Match, sentence: Sentence) -> tuple[Mention, ...]:
    if noun.frame.reciprocal:
        return ()
    phrases = (sentence.people.phrase(token) for token in noun.tokens("T") if not is_abstract(token, sentence))
    return tuple(mention for mention in phrases if mention is not None)


def read_free_noun(noun: Match, sentence: Sentence) -> list[Reading]:
    """An event noun that names both participants itself, or is held beside its clause's subject."""
    frame, head = noun.frame, noun.clause.head
    if not frame.event_type or (frame.event_type in _PLACED and is_figurative(head)):
        return sentence.drop(head, Why.NO_ACT)
    if _is_told_by_verb(head, frame.event_type, sentence):
        return sentence.drop(head, Why.TOLD_ONCE)
    governor = sentence.match(head.head)
    if frame.reciprocal and head.dep_ == "nsubj" and governor is not None and governor.frame.event_type:
        return sentence.drop(head, Why.TOLD_ONCE)  # "the talks between X and Y collapsed": the verb says it
    happening = _happens(noun, sentence)
    sources, targets = _sides(noun, happening, sentence)
    whole = bool(sources and targets) or (happening and bool(sources or targets))
    if not whole or (sources and all(map(sentence.people.is_possessive, sources))):
        return sentence.drop(head, Why.ONE_SIDE)  # "its war against X" takes the war for known
    if not happening and _is_topic(head, sentence):
        return sentence.drop(head, Why.TOPIC)
    event_type = _noun_operators(head, frame.event_type, sentence)
    if happening and any(form in sentence.frames.classes["truce"] for form in head_forms(head)):
        event_type = "RETREAT"  # "a ceasefire between X and Y came into force"
    if not event_type:
        return sentence.drop(head, Why.UNDONE)
    root = frame.cameo_root if event_type == frame.event_type else ""
    rule = f"noun: {frame.rule}"
    return [Reading(head, event_type, sources, targets, "", rule, clip(frame.confidence - 0.1), root)]


def _sides(noun: Match, happening: bool, sentence: Sentence) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Sources and targets of a noun on its own; of an act that takes place also the place."""
    frame, head = noun.frame, noun.clause.head
    sources, targets = noun_sources(noun, sentence), noun_targets(noun, sentence)
    if head.dep_ == "attr" and frame.subject == "S":
        sources = sentence.people.of(find_subjects(head.head)[0]) or sources
    if frame.reciprocal:
        everyone = in_text_order((*sources, *targets))
        if len(everyone) == 1 and head.dep_ == "pobj":
            everyone = in_text_order((*everyone, *_clause_subjects(head, sentence)))
        sources = targets = everyone if len(everyone) > 1 else ()
    between = _parties_of_verb(head.head, sentence) if happening else ()
    if len(between) > 1:
        return between, between
    if not frame.reciprocal:
        targets = drop_own(targets, sources, noun, sentence)
    if happening and not targets and frame.event_type in _PLACED:
        targets = sentence.people.placed(head) or sentence.people.placed(head.head)
    return sources, targets


def _parties_of_verb(verb: Token, sentence: Sentence) -> tuple[Mention, ...]:
    """ "Fighting broke out between X and Y"."""
    return sentence.people.of(obj for word, _, obj in read_clause(verb).preps if word in ("between", "among"))


def _happens(noun: Match, sentence: Sentence) -> bool:
    """Whether an act is the subject of a verb that only says that it takes place, and nobody else tells it."""
    head = noun.clause.head
    if head.dep_ == "pobj" and head.head.head.lemma_ in _HOLDING:  # "a string of strikes"
        head = head.head.head
    verb = head.head
    if head.dep_ == "dobj" and verb.lemma_ in _WITNESSED and noun.frame.event_type in _PLACED:
        return True
    if head.dep_ not in ("nsubj", "nsubjpass") or noun.frame.event_type not in _HAPPENING or head.lemma_ in _SIDING:
        return False
    own = sentence.match(verb)
    if own is not None and own.frame.event_type == noun.frame.event_type and sentence.people.of(own.tokens("T")):
        return False
    return verb.lemma_.lower() in sentence.frames.operators["happening"]


def _is_told_by_verb(noun: Token, event_type: str, sentence: Sentence) -> bool:
    """Whether a verb whose frame holds this noun has named the same act ("are in talks with X")."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lemma_ in _HOLDING:
        above = sentence.match(noun.head.head.head.head)  # "killed in a series of strikes"
        if above is not None and above.frame.event_type == event_type:
            return True
    return any(
        noun in match.things and match.frame.event_type == event_type and match.frame.pos == "verb"
        for match in sentence.matches.values()
    )


def _noun_operators(noun: Token, event_type: str, sentence: Sentence) -> str:
    """Nothing is coded from the object of a call, a refusal or an ending: that verb has its own reading."""
    governor = noun.head if noun.dep_ in ("dobj", "nsubjpass") else noun.head.head if noun.dep_ == "pobj" else None
    if governor is None or governor.pos_ != "VERB":
        return event_type
    lemma = governor.lemma_.lower()
    match = sentence.match(governor)
    taken = match is not None and bool(match.frame.event_type) and noun in match.things
    if match and taken and (match.frame.event_type in CONSUMING or lemma in sentence.frames.operators["ending"]):
        return ""
    if match and taken and event_type in _ASKED and match.frame.event_type in EVALUATING:
        return ""  # "backed X's call": the backing is the news
    if lemma in sentence.frames.operators["ending"] and not _merely_ends(governor, event_type):
        own = sentence.match(noun)
        if own is not None and _is_of_another(own, sentence.people.of(find_subjects(governor)[0]), sentence):
            return ""
        return UNDOINGS.get(event_type, "") if noun.dep_ in ("dobj", "nsubjpass") else event_type
    return event_type


def _is_topic(noun: Token, sentence: Sentence) -> bool:
    """Whether an act is only spoken of, feared or dealt with: "concern about clashes", "resolve the rift between"."""
    current = noun
    for _ in range(_DEEPEST):
        prep = current.head
        if current.dep_ == "pobj" and prep.lower_ in _ABOUT:
            return True
        if current.dep_ == "pobj" and prep.lower_ == "of" and prep.head.pos_ == "NOUN":
            current = prep.head
            continue
        break
    governor = current.head
    return current.dep_ in ("dobj", "nsubjpass") and governor.lemma_.lower() in sentence.frames.operators["handling"]


def _merely_ends(verb: Token, event_type: str) -> bool:
    """A visit that ends has taken place; one that is cancelled has not. A bomb that is dropped is one that falls."""
    lemma = verb.lemma_.lower()
    return (event_type == "CONSULT" and lemma in _ENDING_ONLY) or (event_type == "ASSAULT" and lemma == "drop")


def _clause_subjects(noun: Token, sentence: Sentence) -> tuple[Mention, ...]:
    """The subject of the verb beside which a meeting is mentioned ("in talks with Y, X agreed …")."""
    prep = noun.head
    verb = prep.head
    if prep.lower_ not in _ADJUNCT or verb.pos_ not in ("VERB", "AUX"):
        return ()
    subjects = find_subjects(verb)[0]
    return sentence.people.of(subjects)[:2]
