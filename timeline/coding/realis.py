"""Realis: does the text present the act as having happened, planned, called for, hypothetical or denied?

The act's own auxiliaries decide first, then, climbing the parse, whatever stands over it: "vowed to attack"
plans an attack, "denied attacking" denies one, "managed to attack" leaves it as it is. The nearest decisive
word wins, except that a denial of a plan ("has no plans to attack", "did not agree to attack") stays denied.
PLOVER (Halterman et al. 2023) defines these contexts; the word lists are in resources/realis.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from timeline.coding.grammar import is_infinitive
from timeline.coding.resources import read_yaml
from timeline.records import Realis

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# Relations through which a governor's realis reaches the act below it.
_VERBAL_LINKS = frozenset({"xcomp", "ccomp", "pcomp", "advcl", "acl", "oprd", "acomp", "attr"})
_NOMINAL_LINKS = frozenset(
    {"dobj", "pobj", "prep", "nsubjpass", "attr", "oprd", "dative", "agent", "compound", "appos"}
)
_REPORT_LINK = frozenset({"ccomp", "parataxis"})
_REASONS = frozenset({"as", "because", "since", "although", "though", "while"})
_CLAUSES = frozenset({"advcl", "relcl", "acl", "ccomp", "csubj"})
_FAVOURING = frozenset({"support", "back", "favour", "favor", "endorse", "promote", "prefer"})
_CERTAIN = frozenset(
    {"doubt", "choice", "secret", "time", "alternative", "option", "end", "effort", "expense", "mistake", "quarter",
     "mercy", "regard", "difference", "bone", "less", "fewer", "more", "matter", "sense"}
)  # fmt: skip
_COSTING = frozenset(
    {"kill", "displace", "claim", "cost", "destroy", "wound", "injure", "leave", "uproot", "devastate"}
)
_WARS = frozenset({"war", "conflict", "uprising", "insurgency", "rebellion", "revolution"})
_COMING_ABOUT = frozenset(
    ["happen", "occur", "take", "erupt", "break", "begin", "start", "come", "ensue", "follow", "materialise",
     "materialize", "resume", "hold", "carry", "launch", "stage", "report"]
)  # fmt: skip
_MAX_CLIMB = 8


@dataclass(frozen=True, slots=True)
class RealisWords:
    """The word lists of resources/realis.yaml, looked up by lemma or lower-case word."""

    governors: dict[str, Realis]
    needs: dict[str, frozenset[str]]
    particles: dict[str, Realis]
    modals: dict[str, Realis]
    modifiers: dict[str, Realis]
    markers: dict[str, Realis]
    negators: frozenset[str]
    of_another: frozenset[str]
    transparent: frozenset[str]
    commemorations: frozenset[str]


@cache
def load_realis_words() -> RealisWords:
    raw = read_yaml("realis.yaml")

    def by_word(section: dict[str, list[str]]) -> dict[str, Realis]:
        return {word: Realis(realis) for realis, words in section.items() for word in words}

    return RealisWords(
        governors=by_word(raw["governors"]),
        needs={word: frozenset(particles) for word, particles in raw["needs"].items()},
        particles=by_word(raw["particles"]),
        modals=by_word(raw["modals"]),
        modifiers=by_word(raw["modifiers"]),
        markers=by_word(raw["markers"]),
        negators=frozenset(raw["negators"]),
        of_another=frozenset(raw["of_another"]),
        transparent=frozenset(raw["transparent"]),
        commemorations=frozenset(raw["commemorations"]),
    )


def find_realis(doc: Doc, trigger_i: int) -> Realis:
    """The realis of the act whose trigger is token `trigger_i`; ACTUAL where nothing says otherwise.

    HISTORICAL is found here only through words ("the anniversary of …"); a date far in the past makes an act
    historical too, but that is known only once it is dated.
    """
    words = load_realis_words()
    found = Realis.HYPOTHETICAL if _is_asked(doc[trigger_i]) else Realis.ACTUAL
    if _never_came_about(doc[trigger_i], words):
        return Realis.DENIED
    if _is_toll_of_war(doc[trigger_i]):
        return Realis.HISTORICAL
    for token, child in _climb(doc[trigger_i]):
        here = _own_realis(token, words) if child is None else _realis_from_governor(token, child, words)
        if here is Realis.DENIED and found in (Realis.ACTUAL, Realis.PLANNED):
            return here
        if found is Realis.ACTUAL:
            found = here
        elif found is Realis.PLANNED and here in (Realis.CALLED_FOR, Realis.HYPOTHETICAL):
            return here  # "if it goes ahead and plans an attack"
    return found


def _never_came_about(trigger: Token, words: RealisWords) -> bool:
    """ "Clashes did not erupt", "no attack has taken place": the verb that tells of the act denies it."""
    verb = trigger.head
    if trigger.dep_ not in {"nsubj", "nsubjpass"} or trigger.pos_ != "NOUN" or verb.lemma_ not in _COMING_ABOUT:
        return False
    return any(child.dep_ in {"neg", "advmod"} and child.lower_ in words.negators for child in verb.children)


def _is_toll_of_war(trigger: Token) -> bool:
    """ "The war has killed 300,000 people": what a whole war has cost so far is background, and has no day."""
    perfect = any(child.dep_ == "aux" and child.lower_ in {"has", "have"} for child in trigger.children)
    if not perfect or trigger.lemma_ not in _COSTING:
        return False
    if any(_is_since_a_war(child) for child in trigger.children):
        return True
    causes = [child for child in trigger.children if child.dep_ == "nsubj"]
    causes += [trigger.head] if trigger.dep_ == "relcl" else []  # "five years of conflict in which …"
    causes = [trigger.head if child.lower_ in {"which", "that"} else child for child in causes]
    causes += [obj for prep in trigger.children if prep.lower_ in {"in", "during"} for obj in prep.children]
    causes += [obj for noun in causes for prep in noun.children if prep.lower_ == "of" for obj in prep.children]
    return any(noun.lemma_.lower() in _WARS for noun in causes)


def _is_since_a_war(clause: Token) -> bool:
    """ "Since the conflict began", "since the start of the war"."""
    opened = clause.lower_ == "since" or any(child.lower_ == "since" for child in clause.children)
    return opened and clause.dep_ in {"advcl", "prep"} and any(noun.lemma_ in _WARS for noun in clause.subtree)


def _is_asked(trigger: Token) -> bool:
    """ "Did X bomb Y?" leaves it open; "Why did X bomb Y?" does not."""
    span = trigger.sent
    root = span.root
    if any(token.dep_ in _CLAUSES for token in (trigger, *trigger.ancestors)):
        return False  # "Will he talk before he leaves?" takes the leaving for settled
    if span[-1].text != "?" and (len(span) < 2 or span[-2].text != "?"):
        return False
    first = next((token for token in span if token.is_alpha and token.pos_ != "CCONJ"), root)
    opening = [root, *(child for child in root.children if child.dep_ in {"aux", "auxpass"})]
    return first in opening and (first.pos_ == "AUX" or first is not root)


def _climb(trigger: Token) -> list[tuple[Token, Token | None]]:
    """The trigger itself, then each governor with the child through which it governs."""
    path: list[tuple[Token, Token | None]] = [(trigger, None)]
    token = trigger
    for _ in range(_MAX_CLIMB):
        head = token.head
        if head is token:
            break
        if token.dep_ == "conj":
            if _stands_alone(token):
                break
            # A bare conjunct shares its sister's auxiliaries and governors.
            path.append((head, None))
        elif _is_reason(token) or _is_outcome(token) or _is_time(token):
            break
        elif token.dep_ == "dep" and _is_infinitive(token) and _is_infinitive(head):
            path.append((head, None))  # "to free them, to clear the town and to leave": the parser lost the list
        elif token.dep_ in _VERBAL_LINKS or token.dep_ in _NOMINAL_LINKS or _is_said_by_noun(token):
            path.append((head, token))
        else:
            break
        token = head
    return path


def _is_time(clause: Token) -> bool:
    """ "Urged them to keep the peace when he met Y": the meeting is no part of what is asked for."""
    past = clause.dep_ == "advcl" and clause.tag_ == "VBD" and any(child.dep_ == "nsubj" for child in clause.children)
    return past and any(child.lower_ in {"when", "while", "after"} for child in clause.children)


def _is_reason(clause: Token) -> bool:
    """ "It cannot mediate, as it bombs the town": what is denied above is not denied below."""
    marks = [child.lower_ for child in clause.children if child.dep_ == "mark"]
    return clause.dep_ == "advcl" and clause.tag_ != "VBG" and any(word in _REASONS for word in marks)


def _is_outcome(clause: Token) -> bool:
    """ "Waged an assault to retake the town, killing hundreds": they were killed, whatever became of the town."""
    return (
        clause.dep_ == "advcl"
        and clause.tag_ == "VBG"
        and clause.lemma_ in {"kill", "wound", "injure", "destroy", "displace"}
        and _is_infinitive(clause.head)
    )


def _is_said_by_noun(clause: Token) -> bool:
    """ "A risk that X invades", "time to invade": the parser takes the noun's clause for a relative one."""
    marked = any(child.dep_ == "mark" and child.lower_ == "that" for child in clause.children)
    return clause.dep_ == "relcl" and (marked or _is_infinitive(clause))


def _is_infinitive(verb: Token) -> bool:
    return verb.tag_ == "VB" and is_infinitive(verb)


def _stands_alone(conjunct: Token) -> bool:
    """A conjunct with a subject or an auxiliary of its own, or a past-tense verb beside an infinitive."""
    if any(child.dep_ in {"nsubj", "nsubjpass", "aux"} for child in conjunct.children):
        return True
    return conjunct.tag_ in {"VBD", "VBZ"} and conjunct.head.tag_ not in {"VBD", "VBZ", "VBP"}


def _own_realis(token: Token, words: RealisWords) -> Realis:
    """What the act's own auxiliaries, negation, determiner and adjectives say."""
    found = Realis.ACTUAL
    for child in token.children:
        word = child.lower_
        if child.dep_ in {"neg", "det", "preconj"} and word in words.negators:
            return Realis.DENIED
        if child.dep_ == "advmod" and word in words.negators:
            return Realis.DENIED
        if child.dep_ == "dobj" and token.pos_ in {"VERB", "AUX"} and _is_none(child):
            return Realis.DENIED
        if child.dep_ == "aux" and word in words.modals and not _is_month(child):
            found = Realis.HYPOTHETICAL if _is_inverted(child) else _modal_realis(token, child, words)
        elif child.dep_ == "mark" and word in words.markers:
            found = words.markers[word]
        elif child.dep_ == "mark" and word in {"until", "till"} and _is_still_ahead(token):
            found = Realis.HYPOTHETICAL
        elif child.dep_ in {"amod", "compound"} and word in words.modifiers and token.pos_ == "NOUN":
            found = words.modifiers[word]
    if found is Realis.ACTUAL and _has_no_agent(token, words):
        return Realis.DENIED
    if found is Realis.ACTUAL and _is_to_be(token):
        return Realis.PLANNED
    return found


def _is_still_ahead(clause: Token) -> bool:
    """ "Will go on until the town is taken": not taken yet, unless both are told in the past."""
    finite = [token for token in (clause, *clause.children) if token.tag_ in {"VBZ", "VBP", "VBD", "MD"}]
    return not any(token.tag_ == "VBD" for token in finite)


def _is_none(thing: Token) -> bool:
    """ "Gave no support", "has no intention of leaving": nothing was done; "left no doubt" says the opposite."""
    none = any(child.dep_ == "det" and child.lower_ == "no" for child in thing.children)
    return none and thing.lemma_.lower() not in _CERTAIN


def _is_month(token: Token) -> bool:
    return token.text == "May" and not token.is_sent_start


def _has_no_agent(token: Token, words: RealisWords) -> bool:
    """ "No one attacked", "neither side agreed", "not a single shell was fired": a negated subject denies the act."""
    return any(
        child.dep_ in {"nsubj", "nsubjpass"}
        and any(part.lower_ in words.negators for part in child.subtree if part.i <= child.i)
        for child in token.children
    )


def _is_to_be(token: Token) -> bool:
    """ "The two are to meet on Friday"."""
    return token.dep_ == "xcomp" and token.head.lemma_ == "be" and is_infinitive(token)


def _is_inverted(modal: Token) -> bool:
    """ "Should the truce collapse, …": a conditional without if."""
    return modal.lower_ in {"should", "were", "had"} and modal.i == modal.sent.start


def _modal_realis(token: Token, modal: Token, words: RealisWords) -> Realis:
    """ "would" in the report of somebody's words is a plan ("said it would leave"), else a hypothesis."""
    realis = words.modals[modal.lower_]
    would = modal.lower_ in {"would", "'d"}
    if would and token.dep_ in _REPORT_LINK and token.head.tag_ in {"VBD", "VBN", "VBG"}:
        conditional = any(clause.dep_ == "advcl" and _opens_with_if(clause, words) for clause in token.children)
        return Realis.HYPOTHETICAL if conditional else Realis.PLANNED
    return realis


def _opens_with_if(clause: Token, words: RealisWords) -> bool:
    return any(child.dep_ == "mark" and child.lower_ in words.markers for child in clause.children)


def _realis_from_governor(governor: Token, child: Token, words: RealisWords) -> Realis:
    """What a governor makes of the act below it: by its own sense, or by its own auxiliaries and negation."""
    if child.dep_ == "advcl":
        return _realis_from_clause(governor, child, words)
    if governor.lower_ in words.markers and governor.pos_ in {"ADP", "ADV", "SCONJ"}:
        return words.markers[governor.lower_]
    if governor.lower_ in words.negators and governor.pos_ in {"ADP", "SCONJ"}:
        return Realis.DENIED  # "without informing"
    lemma = governor.lemma_.lower()
    if lemma == "due" and governor.dep_ == "prep":
        return Realis.ACTUAL  # "due to attacks"
    if lemma in words.commemorations:
        return Realis.HISTORICAL
    particle = next((part.lower_ for part in governor.children if part.dep_ == "prt"), "")
    if particle and f"{lemma} {particle}" in words.particles:
        return words.particles[f"{lemma} {particle}"]
    sense = _sense_of(governor, child, words)
    if lemma == "able" and _was(governor):  # who was able to take the town took it
        unable = any(
            part.lower_ in words.negators
            for holder in (governor, governor.head)
            for part in holder.subtree
            if part.i < child.i and part.dep_ in {"neg", "advmod"} and part.head in (governor, governor.head)
        )
        return Realis.DENIED if unable else Realis.ACTUAL
    if sense is not None and _reaches(governor, child, sense, words):
        negated = any(part.dep_ in {"neg", "det"} and part.lower_ in words.negators for part in governor.children)
        if sense is Realis.DENIED:
            return Realis.ACTUAL if negated and lemma in {"fail", "deny", "hesitate"} else Realis.DENIED
        return Realis.DENIED if negated and sense is Realis.PLANNED else sense
    if child.dep_ in _REPORT_LINK:
        return Realis.ACTUAL  # what is said is not negated or postponed with the saying of it
    if child.dep_ in {"xcomp", "dobj", "pcomp", "prep", "pobj", "acomp", "attr", "oprd"}:
        return _own_realis(governor, words)
    return Realis.ACTUAL


def _sense_of(governor: Token, child: Token, words: RealisWords) -> Realis | None:
    """The realis that a governor's own meaning gives to what stands below it."""
    lemma = governor.lemma_.lower()
    if lemma in words.of_another and _is_of_another(governor, child):
        return Realis.CALLED_FOR
    if lemma in _FAVOURING and child.dep_ == "dobj" and _is_indefinite(child):
        return Realis.HYPOTHETICAL  # "supports a dialogue", which need not be held; "the dialogue" is
    return words.governors.get(lemma)


def _is_indefinite(noun: Token) -> bool:
    marks = [child for child in noun.children if child.dep_ in {"det", "poss", "nummod"}]
    return noun.pos_ == "NOUN" and all(mark.lower_ in {"a", "an", "any", "such"} for mark in marks)


def _was(adjective: Token) -> bool:
    """Whether an ability is told in the past without a condition."""
    verb = adjective.head
    perfect = all(child.lower_ in ("has", "have", "had") for child in verb.children if child.dep_ == "aux")
    return verb.lemma_ == "be" and (verb.tag_ == "VBD" or (verb.tag_ == "VBN" and perfect))


def _is_of_another(governor: Token, act: Token) -> bool:
    """ "Wants Sudria to leave": the act below has a subject of its own, or the governor an object."""
    return act.tag_ == "VB" and (
        any(child.dep_ in {"nsubj", "nsubjpass"} for child in act.children)
        or any(child.dep_ == "dobj" and child.i < act.i for child in governor.children)
    )


def _realis_from_clause(governor: Token, clause: Token, words: RealisWords) -> Realis:
    """An adverbial clause: "if it attacks"; purpose clauses ("to secure …") are plans.

    The parser often hangs the infinitive of "pressed both armies to pull back" here too.
    """
    for child in clause.children:
        if child.dep_ == "mark" and child.lower_ in words.markers:
            return words.markers[child.lower_]
    if _is_infinitive(clause):
        if governor.lemma_ in words.transparent:
            return Realis.ACTUAL
        asked = words.governors.get(governor.lemma_) is Realis.CALLED_FOR or governor.lemma_ in words.of_another
        return Realis.CALLED_FOR if asked and _is_of_another(governor, clause) else Realis.PLANNED
    return Realis.ACTUAL


def _reaches(governor: Token, child: Token, sense: Realis, words: RealisWords) -> bool:
    """Whether a governor's sense holds for this child: some need their preposition or particle."""
    lemma = governor.lemma_.lower()
    if governor.pos_ in {"VERB", "AUX"} and child.dep_ == "ccomp" and sense is Realis.CALLED_FOR:
        # "insisted that it leave", not "insisted it left"
        return lemma in {"recommend", "demand", "urge", "request"} or (lemma != "warn" and child.tag_ == "VB")
    if child.dep_ == "nsubjpass":
        return governor.pos_ == "VERB" and sense in (Realis.PLANNED, Realis.DENIED)
    if child.tag_ == "VBG" and lemma == "stop":
        return False  # "stopped shelling": there was shelling
    if child.dep_ in {"dobj", "prep", "pobj", "dative"} and lemma in words.needs:
        particles = {part.lower_ for part in governor.children if part.dep_ in {"prep", "prt"}} | {child.lower_}
        return bool(words.needs[lemma] & particles)
    if child.dep_ == "prep" and governor.pos_ == "VERB":
        return (
            child.lower_ in {"for", "from", "to", "on", "of", "against", "about", "over"}
            and sense is not Realis.PLANNED
        )
    return child.dep_ not in {"agent", "compound", "appos"}
