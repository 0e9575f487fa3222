"""Matching frames to clauses: which sense a predicate has here, and which tokens fill its roles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timeline.coding.clauses import Clause

if TYPE_CHECKING:
    from spacy.tokens import Token

    from timeline.coding.frames import Frame, Frames, Slot
    from timeline.coding.roles import Participants

_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective"}
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj"})
_POOREST = -1.0
_STRAY = 2.5
_STRAYS = frozenset({"on", "off", "for", "up", "out", "down", "upon"})
_KINDS = frozenset(
    {"joint", "cyber", "hunger", "chemical", "biological", "nuclear"}
)  # adjectives that make a class of their own
SIDING = frozenset(  # "raids in support of X", "in response to X" are not raids on X
    {"support", "defence", "defense", "favour", "favor", "aid", "backing", "behalf", "solidarity", "response",
     "retaliation", "coordination", "cooperation", "exchange", "revenge", "line", "accordance"}
)  # fmt: skip
_LASTING = frozenset({"for", "over", "in"})  # "for three days" tells how long, never what for
_TIMES = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan.",
        "feb.",
        "mar.",
        "apr.",
        "jun.",
        "jul.",
        "aug.",
        "sept.",
        "oct.",
        "nov.",
        "dec.",
        "day",
        "week",
        "month",
        "year",
        "time",
        "hour",
        "minute",
        "morning",
        "afternoon",
        "evening",
        "night",
        "today",
        "yesterday",
        "tomorrow",
        "tonight",
        "decade",
        "century",
        "weekend",
        "midnight",
        "noon",
        "spring",
        "summer",
        "autumn",
        "winter",
        "moment",
        "period",
        "while",
        "date",
        "ramadan",
        "eid",
        "christmas",
        "easter",
        "anniversary",
    ]
)
_CURRENCY = frozenset("$€£¥")
_COUNTING = frozenset(
    [
        "state",
        "million",
        "billion",
        "thousand",
        "hundred",
        "dozen",
        "score",
        "number",
        "group",
        "series",
        "lot",
        "majority",
        "part",
        "couple",
        "pair",
        "string",
        "set",
        "round",
        "wave",
        "batch",
        "list",
        "range",
        "total",
        "handful",
        "kind",
        "type",
        "package",
        "shipment",
        "plan",
        "worth",
        "member",
        "piece",
        "ton",
        "tonne",
        "kilogram",
        "barrage",
        "volley",
        "salvo",
        "amount",
        "level",
        "act",
        "campaign",
        "some",
        "all",
        "most",
        "many",
        "several",
        "one",
        "two",
        "three",
        "rest",
        "half",
        "tranche",
        "consignment",
        "convoy",
        "column",
        "week",
        "day",
        "month",
        "night",
        "session",
        "load",
        "contingent",
    ]
)


@dataclass(frozen=True, slots=True)
class Match:
    """A frame that fits a clause. `fillers` are (role, token) pairs; `things` are objects that play no role."""

    frame: Frame
    clause: Clause
    fillers: tuple[tuple[str, Token], ...] = ()
    things: tuple[Token, ...] = ()
    fixed: tuple[Token, ...] = ()  # things that the frame itself names ("state of emergency"): they are nobody
    content: tuple[Token, ...] = ()
    score: float = 0.0

    def tokens(self, role: str) -> tuple[Token, ...]:
        return tuple(token for kind, token in self.fillers if kind == role)


def find_match(clause: Clause, pos: str, frames: Frames, people: Participants) -> Match | None:
    """The most demanding frame that fits, None where none does."""
    best: Match | None = None
    for head in head_forms(clause.head):
        for frame in frames.senses(pos, head):
            match = _fit(frame, clause, people)
            if match is not None and (best is None or match.score > best.score):
                best = match
    return best


def part_of_speech(token: Token) -> str:
    """The kind of frames that a token may have: "fighting" as a subject is a noun."""
    if token.tag_ == "VBG" and token.dep_ in _ARGUMENTS and not any(child.dep_ == "dobj" for child in token.children):
        return "noun"
    return _POS.get(token.pos_, "")


def head_forms(token: Token) -> tuple[str, ...]:
    """The lemma, with the prefix of a word that the tokeniser split ("cease-fire", "re-open")."""
    lemma = token.lemma_.lower()
    forms = [lemma, token.lower_] if token.tag_ == "VBG" and token.lower_ != lemma else [lemma]
    if lemma.endswith("s") and ((token.pos_ == "PROPN" and len(lemma) > 4) or lemma[-2:-1].isdigit()):  # "F-16s"
        forms.append(lemma[:-1])
    if token.pos_ == "NOUN":
        forms += [
            f"{child.lower_}-{lemma}" for child in token.children if child.dep_ == "compound" and child.i < token.i
        ]
    if token.pos_ == "VERB" and "-" in lemma and not lemma.startswith("test-"):  # a missile tested is fired at nobody
        forms.append(lemma.rpartition("-")[2])
    if token.i > 1 and token.nbor(-1).text == "-" and not token.nbor(-1).whitespace_:
        forms = [token.nbor(-2).lower_ + "-" + form for form in forms] + forms
    return tuple(forms)


def _fit(frame: Frame, clause: Clause, people: Participants) -> Match | None:
    fillers: list[tuple[str, Token]] = [(frame.subject, token) for token in clause.subjects]
    things: list[Token] = []
    fixed: list[Token] = []
    content: list[Token] = []
    score = float(frame.specificity)
    for slot in frame.slots:
        found = _fill(slot, frame, clause, people, things)
        if found is None and not slot.optional:
            return None
        if found is None:
            continue
        score += 0.5 if slot.optional else 0.0
        score += 0.4 if slot.role in "TR" and people.of(found) else 0.0
        if slot.kind in ("object", "prep"):
            fillers += [(slot.role, token) for token in found]
            things += found
            fixed += found if slot.nouns and slot.role == "X" else []
        elif slot.kind in ("infinitive", "clause"):
            content += found
    score += _misfit(frame, clause)
    if frame.reciprocal and frame.pos == "verb":
        parties = people.of(token for role, token in fillers if role == "R")
        score += 1.2 if len(parties) > 1 else -0.4
    if score < _POOREST:
        return None
    return Match(frame, clause, tuple(fillers), tuple(things), tuple(fixed), tuple(content), score)


def _misfit(frame: Frame, clause: Clause) -> float:
    """What the clause has and the frame has no place for: an object, a predicate of the object, a particle."""
    loss = 0.0
    wants_object = any(slot.kind == "object" for slot in frame.slots)
    if clause.objects and not wants_object and frame.pos == "verb" and not is_temporal(clause.objects[0]):
        loss -= _STRAY
    if any(token.dep_ == "oprd" for token in clause.complements) and not _takes_two(frame):
        loss -= _STRAY
    if _has_stray_particle(frame, clause):
        loss -= _STRAY
    return loss


def _takes_two(frame: Frame) -> bool:
    """Whether a frame has room for what the object is called or made."""
    return (
        any(slot.kind in ("complement", "infinitive") for slot in frame.slots)
        or sum(slot.kind == "object" for slot in frame.slots) > 1
    )


def _has_stray_particle(frame: Frame, clause: Clause) -> bool:
    """Whether the verb has a particle that makes another verb of it ("call off" is not "call")."""
    words = frozenset().union(*(slot.words for slot in frame.slots))
    return any(
        child.lower_ not in words
        and (child.dep_ == "prt" or (child.dep_ == "prep" and child.lower_ in _STRAYS and not list(child.children)))
        for child in clause.head.children
    )


def is_temporal(token: Token) -> bool:
    """Whether a noun tells time: such an argument is nobody and nothing acted on."""
    return token.lemma_.lower() in _TIMES or (token.like_num and len(token) == 4)


def _fill(slot: Slot, frame: Frame, clause: Clause, people: Participants, things: list[Token]) -> list[Token] | None:
    """The tokens of a slot; an empty list fills a slot that holds no argument; None: it does not fit."""
    if slot.kind == "subject":
        return [] if any(_has_noun(token, slot.nouns, frame) for token in clause.subjects) else None
    if slot.kind == "particle":
        return [] if slot.words & clause.particles else None
    if slot.kind == "infinitive":
        return [verb for verb in clause.infinitives if not slot.nouns or verb.lemma_.lower() in slot.nouns] or None
    if slot.kind == "clause":
        return list(clause.clauses) or None
    if slot.kind == "complement":
        return [] if any(slot.words & {token.lemma_.lower(), token.lower_} for token in clause.complements) else None
    if slot.kind == "prep":
        return _fill_prep(slot, frame, clause, people, things)
    return _fill_object(slot, frame, clause, people)


def _fill_object(slot: Slot, frame: Frame, clause: Clause, people: Participants) -> list[Token] | None:
    beside = any(other is not slot and other.kind == "object" for other in frame.slots)
    if beside and clause.datives:  # "give T {given}"
        pool = clause.datives if not slot.nouns else clause.objects
    elif beside and any(token.dep_ == "oprd" for token in clause.complements):  # "call T {name}"
        pool = clause.complements if slot.nouns else clause.objects
    elif beside and not slot.nouns:
        return None
    else:
        pool = clause.objects
    found = [token for token in pool if _has_noun(token, slot.nouns, frame)]
    if slot.actor:
        found = [token for token in found if people.at(token) is not None]
    return found or None


def _fill_prep(
    slot: Slot, frame: Frame, clause: Clause, people: Participants, things: list[Token]
) -> list[Token] | None:
    found = []
    for word, _, obj in (*clause.preps, *_preps_below(things, clause)):
        if word not in slot.words or (word == "by" and clause.passive and slot.role != "S"):
            continue
        if "ING" in slot.nouns:
            if obj.pos_ == "VERB":
                return []
        elif (
            obj.pos_ != "VERB"
            and not (word in ("in", "on") and obj.lemma_ in SIDING)
            and not ((slot.role in "STR" or word in _LASTING) and is_temporal(obj))
            and _has_noun(obj, slot.nouns, frame)
            and (not slot.actor or people.at(obj) is not None)
            and not (word == "of" and slot.role == "R" and _is_capital(obj, people))
        ):
            found.append(obj)
    if not found and "to" in slot.words and clause.datives and slot.role == "T":
        found = [obj for obj in clause.datives if _has_noun(obj, slot.nouns, frame)]
    if not found and slot.words & clause.particles and clause.objects:  # "called off the talks" as particle and object
        found = [obj for obj in clause.objects if _has_noun(obj, slot.nouns, frame)]
    return found or None


def _is_capital(token: Token, people: Participants) -> bool:
    """ "The agreements of Geneva" were made there, not by its government."""
    mention = people.at(token)
    return mention is not None and mention.rule in ("capital", "place")


def _preps_below(things: list[Token], clause: Clause) -> Iterator[tuple[str, Token, Token]]:
    """Prepositions on the clause's objects and on nouns already matched: "launched an attack on X"."""
    seen = []
    for thing in (*clause.objects, *things):
        for token in (thing, *(child for child in thing.children if child.dep_ == "conj")):
            if token not in seen:
                seen.append(token)
                for child in token.children:
                    if child.dep_ == "prep":
                        for below in child.children:
                            if below.dep_ in ("pobj", "pcomp"):
                                yield child.lower_, child, below
                                yield from _deeper_preps(below)
                    elif child.dep_ == "relcl" or (
                        child.dep_ == "acl" and child.tag_ == "VBN"
                    ):  # "sanctions imposed on X"
                        for below in child.children:
                            if below.dep_ == "prep":
                                for obj in below.children:
                                    if obj.dep_ == "pobj":
                                        yield below.lower_, below, obj


def _deeper_preps(token: Token) -> Iterator[tuple[str, Token, Token]]:
    """One step further: "sent a convoy of trucks to X"."""
    for child in token.children:
        if child.dep_ == "prep":
            for below in child.children:
                if below.dep_ == "pobj":
                    yield child.lower_, child, below


def _has_noun(token: Token, nouns: frozenset[str], frame: Frame) -> bool:
    """Whether a noun phrase is of the class: by its head, a compound, what it counts, or a coordinated noun.

    Of a frame that names no act by its head alone: "fought terror" is a figure, "fought the terror group" none.
    """
    if not nouns or any(form in nouns for form in head_forms(token)):
        return True
    return bool(frame.event_type) and any(_brings_in(child, token, nouns) for child in token.children)


def _brings_in(child: Token, token: Token, nouns: frozenset[str]) -> bool:
    """Whether a word under a noun makes the phrase one of the class."""
    if child.dep_ == "amod" and child.lower_ in nouns & _KINDS:
        return True
    if child.dep_ in ("compound", "conj", "nmod") and any(form in nouns for form in head_forms(child)):
        return True
    if child.text in _CURRENCY and "dollar" in nouns:
        return True
    counting = token.lemma_.lower() in _COUNTING or token.tag_ == "CD"
    if child.dep_ != "prep" or child.lower_ not in ("of", "in", "worth") or not counting:
        return False
    counted = [below for below in child.children if below.dep_ == "pobj" and below.i > token.i]
    return any(form in nouns for below in counted for form in (*head_forms(below), *_compounds(below)))


def _compounds(token: Token) -> list[str]:
    return [child.lemma_.lower() for child in token.children if child.dep_ == "compound"]
