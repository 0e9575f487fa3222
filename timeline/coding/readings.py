"""All readings of a sentence: verbs and adjectives that name the act, event nouns, and demands by "must"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.coding.clauses import read_clause
from timeline.coding.content import content_type, refine
from timeline.coding.dropped import Why
from timeline.coding.event_nouns import read_carried, read_free_noun
from timeline.coding.grammar import is_infinitive
from timeline.coding.operators import apply_operators, is_settled, read_operators
from timeline.coding.participants import find_participants, named_subjects
from timeline.coding.predicates import Match, head_forms, part_of_speech
from timeline.coding.senses import settle_sense
from timeline.coding.sentences import FORCED, WISHES, Reading, Sentence, clip, has_mark, is_demanded, keep
from timeline.coding.subjects import find_subjects
from timeline.coding.targets import indirect_targets, is_abstract, phrases_acted_on, text_target_of

if TYPE_CHECKING:
    from spacy.tokens import Token

    from timeline.coding.operators import Operators
    from timeline.records import Mention

_WRONGS = frozenset({"violate", "breach", "flout", "infringe", "contravene", "break"})
_STANDING = frozenset({"SUPPORT", "AID", "REJECT", "COOPERATE"})
_ENDURING = frozenset({"fight", "battle", "control", "occupy"})
_BLASTS = frozenset(
    {"blast", "explosion", "bomber", "ambush", "crossfire", "shrapnel", "killer", "warplane", "landmine", "mine"}
)
_TURNS = frozenset(
    ["fall", "escalation", "failure", "defeat", "death", "decision", "policy", "move", "demise", "downfall",
     "departure", "return", "rise", "spread", "absence", "presence", "history", "division", "corruption",
     "mismanagement", "split"]
)  # fmt: skip
_OURS = frozenset({"i", "we", "you"})
_SUBJECT_OR_AUX = frozenset({"nsubj", "nsubjpass", "csubj", "aux", "auxpass", "expl"})
_INFORMING = frozenset({"inform", "notify", "brief", "update", "intend", "mean", "design", "plan"})
_WILLED = frozenset({"AGREE", "CONSULT", "AID", "COOPERATE", "SUPPORT"})  # done by people who mean it


def read_predicates(sentence: Sentence) -> list[Reading]:
    """All readings of a sentence, in the order of their triggers."""
    readings: list[Reading] = []
    carried: set[int] = set()
    for token in sentence.span:
        if part_of_speech(token) in ("verb", "adjective"):
            readings += read_carried(token, sentence, carried)
    for token in sentence.span:
        match = sentence.match(token)
        if match is None:
            continue
        if token.i in sentence.consumed:
            sentence.drop(token, Why.CONTENT)
        elif match.frame.pos == "noun":
            if token.i not in carried:
                readings += read_free_noun(match, sentence)
        elif not any(thing.i in carried for thing in match.clause.objects) or not match.frame.event_type:
            readings += _read_verb(match, sentence)
        else:
            sentence.drop(token, Why.TOLD_ONCE)
    readings += [*_read_duties(sentence), *_read_charges(sentence)]
    return sorted(readings, key=lambda reading: reading.trigger.i)


def _read_verb(match: Match, sentence: Sentence) -> list[Reading]:
    """A verb or adjective that names the act itself."""
    frame, word = match.frame, match.clause.head
    governor = word if frame.pos == "verb" else _copula(word)
    operators = read_operators(governor, sentence.frames)
    unread = _why_unread(match, governor, operators, sentence)
    if unread is not None:
        return sentence.drop(word, unread)
    bare = refine(match, content_type(match, sentence), sentence)
    event_type = apply_operators(bare, operators)
    if not event_type:
        return sentence.drop(word, Why.UNDONE)
    sources, targets = find_participants(match, operators, sentence)
    rule = f"{frame.rule} [{match.clause.subject_rule}]"
    confidence = frame.confidence
    if not targets:
        targets, penalty = indirect_targets(match, sentence, sources)
        confidence -= penalty
    root = frame.cameo_root if event_type == frame.event_type else ""
    if not targets and not (frame.reciprocal and sources) and event_type != "STATEMENT":
        targets, confidence = phrases_acted_on(match, sentence), confidence - 0.1
    if event_type in FORCED and _is_abstract_cause(match, sentence):
        sources = ()  # "the regime's collapse destroyed jobs": not the regime
    alone = frame.reciprocal and len(sources) < 2  # "I met X" of nobody knows whom
    if (not sources or alone) and _is_ours(match, event_type):
        return sentence.drop(word, Why.COMMENT)
    if not sources and _is_mishap(match, event_type, targets, sentence):
        return sentence.drop(word, Why.MISHAP)
    if not sources and frame.subject == "S":
        sources = named_subjects(match, sentence)
    if not sources and _has_lost_doer(match, event_type):
        return sentence.drop(word, Why.ONE_SIDE)
    if _has_met_nobody(match, event_type, sources, sentence):
        return sentence.drop(word, Why.ONE_SIDE)
    sense = settle_sense(event_type, match, operators, (sources, targets), sentence)
    if not sense:
        return sentence.drop(word, Why.NO_ACT)
    if sense != event_type:
        event_type, targets, root = sense, () if sense == "STATEMENT" else targets, ""
    text = "" if any(mention.actor for mention in targets) else text_target_of(match)
    settled = is_settled(bare, event_type, operators)
    reading = Reading(word, event_type, sources, targets, text, rule, clip(confidence), root, settled)
    return keep(reading, sentence)


def _why_unread(match: Match, governor: Token, operators: Operators, sentence: Sentence) -> Why | None:
    """Why a word that fits a frame tells no act of its own, whoever takes part; None where it may."""
    if not match.frame.event_type:
        return Why.NO_ACT
    if match.frame.pos == "adjective" and match.clause.subject_rule == "modifier":
        return Why.DESCRIPTION  # "rebels loyal to X" describes the rebels and reports nothing
    if _is_naming(match) or _is_imperative(match):
        return Why.NO_ACT
    if "purpose" in operators:
        return Why.PURPOSE
    if "duty" in operators:
        return Why.DUTY
    if _is_condition(governor, sentence):
        return Why.CONDITION
    return Why.DESCRIPTION if _describes_actor(match, sentence) else None


def _is_naming(match: Match) -> bool:
    """ "A firm called X" says what it is called."""
    word = match.clause.head
    return word.lemma_ == "call" and word.dep_ == "acl" and word.tag_ == "VBN" and not match.clause.subjects


def _is_imperative(match: Match) -> bool:
    """ "Go and fight them": what somebody is told to do is not done."""
    verb: Token | None = match.clause.head
    while verb is not None and verb.tag_ == "VB":
        if any(child.dep_ in _SUBJECT_OR_AUX for child in verb.children):
            return False
        opens = verb.i == 0 or verb.is_sent_start is True or verb.nbor(-1).is_quote
        if verb.dep_ in ("ROOT", "ccomp", "xcomp"):
            return opens
        verb = verb.head if verb.dep_ == "conj" else None
    return False


def _has_lost_doer(match: Match, event_type: str) -> bool:
    """Words and help are somebody's: whoever is not known ("the plan allows X to stay") has not given them."""
    if match.clause.passive and match.clause.head.lemma_ in _INFORMING:
        return True  # "X was informed" tells what X knows, "a trip intended to" what it is for
    if event_type == "CONSULT" and not match.clause.passive:
        return True
    material = event_type in FORCED or event_type == "PROTEST"
    said = any(token.lower_ == "it" for token in match.clause.subjects)  # "said it required talks": the speaker asks
    return not (material or match.clause.passive or said) and match.frame.subject == "S"


def _has_met_nobody(match: Match, event_type: str, sources: tuple[Mention, ...], sentence: Sentence) -> bool:
    """ "The regulator met to discuss exams": who sits alone consults nobody; a council of several states does."""
    subjects = match.clause.subjects
    if event_type != "CONSULT" or not match.frame.reciprocal or len(sources) != 1 or len(subjects) != 1:
        return False
    actor = sources[0].actor
    single = actor is not None and actor.known and actor.kind in ("person", "", None)
    single = single and sentence.people.at(subjects[0]) == sources[0]
    return single and subjects[0].tag_ in ("NN", "NNP") and not list(subjects[0].conjuncts)


def _is_mishap(match: Match, event_type: str, targets: tuple[Mention, ...], sentence: Sentence) -> bool:
    """Whether a thing that acts for nobody is the subject: storms destroy, airlines offer flights."""
    subjects = [token for token in match.clause.subjects if token.pos_ in ("NOUN", "PROPN")]
    if event_type in FORCED and any(token.lower_ == "it" for token in match.clause.subjects):
        start = sentence.span.start
        before = sentence.span.doc[start - 1].sent if start and match.clause.subjects[0].i == start else ()
        told = (*before, *sentence.span)  # "The strain spreads. It has killed ten"
        subjects = [token for token in told if token.pos_ == "NOUN" and token.i < match.clause.head.i]
        return any(form in sentence.frames.classes["accident"] for token in subjects for form in head_forms(token))
    if not subjects or match.clause.subject_rule == "relative":
        return False
    if event_type not in FORCED and any(token.pos_ == "PROPN" for token in subjects):
        return False
    if event_type in FORCED:
        return any(form in sentence.frames.classes["accident"] for token in subjects for form in head_forms(token)) or (
            event_type == "ASSAULT"
            and not match.clause.passive
            and not _is_of_war(subjects, sentence)
            and not any(mention.actor for mention in targets)
        )
    return event_type in _WILLED and not any(is_abstract(token, sentence) for token in subjects)


def _is_abstract_cause(match: Match, sentence: Sentence) -> bool:
    """Whether the subject is a turn of events that nobody brings about by force, whoever owns it."""
    subjects = match.clause.subjects
    if match.clause.passive or not subjects or any(sentence.people.at(token) is not None for token in subjects):
        return False
    classes = sentence.frames.classes
    striking = classes["weapon"] | classes["blow"] | classes["conflict"] | classes["armed"] | classes["force"]
    turns = (classes["accident"] | _TURNS) - striking
    return all(any(form in turns for form in head_forms(token)) for token in subjects)


def _is_of_war(subjects: list[Token], sentence: Sentence) -> bool:
    """Whether a thing that strikes another is a weapon, an attack or those who fight."""
    classes = sentence.frames.classes
    words = classes["weapon"] | classes["blow"] | classes["conflict"] | classes["armed"] | classes["force"] | _BLASTS
    return any(form in words for token in subjects for form in head_forms(token))


def _is_ours(match: Match, event_type: str) -> bool:
    """ "We met", "you can bring them together": the speaker's own doings; only his wishes get his name later."""
    subjects = match.clause.subjects
    return bool(subjects) and event_type not in WISHES and all(token.lower_ in _OURS for token in subjects)


def _is_condition(verb: Token, sentence: Sentence) -> bool:
    """The condition of another act belongs to that act: "threatened to strike if X attacks Y"."""
    governed = verb.dep_ == "advcl" and has_mark(verb, "if", "unless")
    return governed and (verb.head.i in sentence.consumed or _names_act(verb.head, sentence))


def _names_act(token: Token, sentence: Sentence) -> bool:
    match = sentence.match(token)
    return match is not None and bool(match.frame.event_type)


def _describes_actor(match: Match, sentence: Sentence) -> bool:
    """Whether a participle says what an actor is, not what happened: "rebels backed by X", "forces fighting X"."""
    verb = match.clause.head
    if verb.tag_ == "VBN" and verb.i > sentence.span.start and verb.nbor(-1).text == "(":
        return True  # "X (banned in Borduria)"
    if verb.dep_ == "relcl" and verb.tag_ in ("VBZ", "VBP") and match.frame.event_type in _STANDING:
        return not any(child.dep_ in ("aux", "auxpass") for child in verb.children)  # "X, which backs the rebels"
    misread = any(child.dep_ == "nsubj" and child.lower_ in ("which", "who") for child in verb.children)
    if misread and verb.tag_ in ("VBZ", "VBP") and match.frame.event_type in _STANDING:
        return True  # the same, taken for a clause of its own
    if verb.dep_ != "acl" or verb.head.pos_ not in ("NOUN", "PROPN") or is_infinitive(verb):
        return False
    standing = match.frame.event_type in _STANDING or verb.lemma_ in _ENDURING
    return standing and sentence.people.at(verb.head) is not None


def _copula(adjective: Token) -> Token:
    return (
        adjective.head
        if adjective.dep_ in ("acomp", "oprd", "attr") and adjective.head.pos_ in ("VERB", "AUX")
        else adjective
    )


def _read_charges(sentence: Sentence) -> list[Reading]:
    """ "X stressed that Y violates the agreement" accuses Y."""
    people, readings = sentence.people, []
    for token in sentence.span:
        match = sentence.match(token)
        if match is None or match.frame.event_type not in ("REJECT", "ASSAULT") or token.lemma_.lower() not in _WRONGS:
            continue
        operators = read_operators(token, sentence.frames)
        if operators.speaker is None or operators.names or operators.negated:
            continue
        speakers = people.of(find_subjects(operators.speaker)[0])
        charged = tuple(mention for mention in people.of(match.clause.subjects) if mention not in speakers)
        same = {mention.actor for mention in speakers} & {mention.actor for mention in charged} - {None}
        if speakers and charged and not same:
            readings.append(Reading(token, "ACCUSE", speakers, charged, "", "say that … violate", 0.6, "11"))
    return readings


def _read_duties(sentence: Sentence) -> list[Reading]:
    """ "X said Y must withdraw" is a demand of X on Y; the act itself is not reported."""
    people, readings = sentence.people, []
    for token in sentence.span:
        if token.dep_ not in ("ccomp", "parataxis") or not is_demanded(token):
            continue
        if token.head.lemma_.lower() not in sentence.frames.operators["saying"] or (
            token.i in sentence.consumed and token.head.lemma_.lower() != "insist"
        ):
            continue
        speakers = people.of(find_subjects(token.head)[0])
        clause = read_clause(token)
        addressed = [m for side in (clause.subjects, clause.objects) for one in side for m in people.aimed_at(one)]
        targets = tuple(dict.fromkeys(mention for mention in addressed if mention not in speakers))
        if speakers and targets:
            readings.append(Reading(token.head, "REQUEST", speakers, targets, "", "say that … must", 0.6, "10"))
    return readings
