"""What the form of a verb says of the time of its act, and which clauses share their time.

"will attack", "had attacked" and "has attacked" place an act after, before and by the time of writing;
a clause stands above another, is joined to it, or reports it.
"""

from __future__ import annotations

import re
from enum import Enum

from spacy.tokens import Token

_CLAUSES = frozenset(
    {"ROOT", "conj", "ccomp", "advcl", "relcl", "acl", "parataxis", "pcomp", "csubj", "csubjpass", "xcomp"}
)
REPORTING = frozenset({
    "say", "tell", "report", "announce", "state", "add", "claim", "declare", "confirm", "note", "warn", "write",
    "think", "believe", "estimate", "argue", "insist", "suggest", "acknowledge", "admit", "deny", "explain", "reveal",
    "predict", "expect", "hope", "quote", "comment", "indicate", "tweet", "conclude", "show", "find", "learn", "know",
})  # fmt: skip
COMMENTING = frozenset({
    "ask", "promise", "pledge", "vow", "urge", "call", "criticise", "criticize", "condemn",
    "praise", "welcome", "hail", "blame", "accuse", "thank", "apologise", "apologize", "complain", "decline",
    "appeal", "describe", "reiterate", "stress", "emphasise", "emphasize", "dismiss", "defend",
    "propose", "threaten", "advise", "speculate", "respond", "reply", "mention", "recall", "want", "seem", "appear",
})  # fmt: skip
SPEAKING = frozenset({"say", "tell", "report", "announce", "state", "claim", "declare", "confirm", "warn", "admit"})
LIGHT = frozenset(
    {"make", "take", "give", "have", "come", "begin", "start", "continue", "hold", "become", "day", "time"}
)
_ENDINGS = re.compile(
    r"(?:isation|ization|ation|ition|ssion|sion|tion|ion|ment|ing|ure|al|er|or|ance|ence|ed|es|de|te|(?<=n)d|s|e)$"
)
_STEM_MIN = 4
_FUTURE_AUXILIARIES = frozenset({"will", "'ll", "wo", "shall", "’ll"})
INTENDING = frozenset({
    "plan", "intend", "expect", "vow", "pledge", "promise", "prepare", "threaten", "schedule", "due", "set", "likely",
    "go", "slate", "hope", "want", "seek", "aim",
})  # fmt: skip


_ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth"})
_LASTING = frozenset({"continue", "remain", "keep", "stay"})


class Time(Enum):
    """The time that the verb's own form gives an act, seen from publication."""

    PAST = "past"
    PERFECT = "perfect"  # has done: a past that English does not date
    BEFORE = "before"  # had done
    PRESENT = "present"
    AHEAD = "ahead"
    OPEN = "open"  # infinitives, participles, nouns


def time_of(head: Token) -> Time:
    """The time that the form of the verb gives; of a noun, that of the clause it stands in is not its own."""
    if head.pos_ not in {"VERB", "AUX"}:
        return Time.OPEN
    auxiliaries = _auxiliaries(head)
    if auxiliaries & _FUTURE_AUXILIARIES:  # what "will remain" is so already
        return Time.PRESENT if head.lemma_.lower() in _LASTING else Time.AHEAD
    if head.tag_ == "VB" and "to" in auxiliaries:
        return Time.AHEAD if _is_planned(head) else Time.OPEN
    if auxiliaries & {"would", "could", "might", "may", "should", "can", "must"}:
        return Time.OPEN
    if "had" in auxiliaries:
        return Time.PAST if _is_first_time(head) else Time.BEFORE
    if auxiliaries & {"has", "have", "'ve", "’ve", "'s"} and (head.tag_ in {"VBN", "VBD"} or "been" in auxiliaries):
        return Time.PERFECT
    if head.tag_ == "VBD" or auxiliaries & {"was", "were", "did"}:
        return Time.PAST
    if head.tag_ in {"VBZ", "VBP"} or auxiliaries & {"is", "are", "am", "do", "does"}:
        return Time.PRESENT
    if head.tag_ == "VBN" and not auxiliaries and any(child.dep_ == "nsubj" for child in head.children):
        return Time.PAST  # "the wave that followed destroyed it": a past that the tagger takes for a participle
    return Time.OPEN


def _is_first_time(head: Token) -> bool:
    """ "it was the first time they had met": they met then."""
    noun = head.head
    return noun.lemma_ == "time" and noun.i < head.i and any(child.lower_ in _ORDINALS for child in noun.children)


def _auxiliaries(head: Token) -> set[str]:
    """The auxiliaries of a verb, or those that it shares: "was shot and killed", "will go and see"."""
    while True:
        own = {child.lower_ for child in head.children if child.dep_ in {"aux", "auxpass"}}
        above = head.head
        subject = any(child.dep_ in {"nsubj", "nsubjpass"} for child in head.children)
        if own or subject or head.dep_ != "conj" or above.tag_ != head.tag_ or above.i >= head.i:
            return own
        head = above


def _is_planned(head: Token) -> bool:
    """ "plans to …", "said it planned to …"; not "they planned to …", a plan of a past that may be over."""
    plan = head.head
    if head.dep_ != "xcomp" or plan.lemma_.lower() not in INTENDING:
        return False
    if plan.head.lemma_ == "be" and plan.head.tag_ == "VBD":  # "was due to fly"
        return False
    reported = plan.dep_ == "ccomp" and plan.head.lemma_.lower() in REPORTING
    return reported or time_of(plan) in {Time.PRESENT, Time.PERFECT, Time.OPEN}


def sentence_start(token: Token) -> int:
    """The first token of a token's sentence; `token.sent` looks through the whole document each time."""
    doc, start = token.doc, token.i
    while start > 0 and not doc[start].is_sent_start:
        start -= 1
    return start


def clause_of(token: Token) -> Token:
    """The head of the clause that a word stands in: its verb, or the root."""
    while token.head != token and not (token.dep_ in _CLAUSES and token.pos_ in {"VERB", "AUX"}):
        token = token.head
    return token


def governs(clause: Token, own: Token) -> bool:
    """Whether a clause stands above another, so that its date may hold there too; a subordinate one dates only itself.

    "The move, which followed the attack on Monday, surprised nobody" says nothing of the day of the surprise.
    """
    return clause.is_ancestor(own)


def shares(own: Token, other: Token) -> bool:
    """Whether a clause takes its time from another: controlled by it, or coordinated with it.

    A date in a second conjunct reaches back to the first only where both have the same subject: "was shot and
    killed Thursday", not "they demanded money, but talks broke off Thursday".
    """
    if (
        own.dep_ == "conj" and own.head == other
    ):  # "ordered ten in June and plans to buy more", "was born in 1954 and …"
        return time_of(own) in {time_of(other), Time.OPEN} and other.lower_ != "born"
    if own.dep_ == "xcomp" and own.head == other:
        return True
    if other.dep_ == "advcl" and other.head == own:  # "when X did this on Monday, Y did that"
        return any(child.lower_ in {"when", "while", "as"} for child in other.children)
    if other.dep_ not in {"conj", "xcomp"} or other.head != own:
        return False
    if other.tag_ == "VBN" != own.tag_ and own.i < other.i and other.nbor(-1).text == ",":
        return False  # "suspended an accord, reached in 2015"
    return not any(child.dep_ in {"nsubj", "nsubjpass"} for child in other.children)


def leads(head: Token) -> bool:
    """Whether an act is what its sentence tells, or reports that somebody tells."""
    above = head.head
    reported = head.dep_ == "ccomp" and above.dep_ == "ROOT" and above.lemma_.lower() in REPORTING
    joined = head.dep_ == "ccomp" and any(token.text == ";" for token in head.doc[head.i : above.i])
    return head.dep_ in {"ROOT", "conj"} or reported or joined


def told_by(root: Token) -> Token:
    """The act that a sentence tells: what is reported where it reports."""
    if root.lemma_.lower() not in REPORTING:
        return root
    return next((child for child in root.children if child.dep_ == "ccomp" and child.pos_ in {"VERB", "AUX"}), root)


def stem_of(token: Token) -> str:
    """A stem that a verb and its noun share ("invade", "invasion"); "" for words too common to name an act."""
    word = token.lemma_.lower()
    if word in REPORTING or word in LIGHT or not word.isalpha():
        return ""
    stem = _ENDINGS.sub("", word)
    return stem if len(stem) >= _STEM_MIN else ""


def is_definite(noun: Token) -> bool:
    return any(child.lower_ in {"the", "this", "that"} or child.dep_ == "poss" for child in noun.children)


def is_old(head: Token) -> bool:
    """Whether words name an act as known: a definite noun, or a verb that tells of it in the past."""
    if head.pos_ in {"NOUN", "PROPN"}:
        marks = {child.lower_ for child in head.children if child.dep_ in {"det", "poss"}}
        return not marks & {"a", "an", "another", "any", "no", "each", "every"} and head.tag_ not in {"NNS", "NNPS"}
    return time_of(head) in {Time.PAST, Time.BEFORE, Time.OPEN}
