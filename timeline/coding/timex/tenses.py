"""Whether the words around an expression look back or ahead: "said Monday", "will meet Monday".

No parse: the nearest word that tells a time decides, those before the expression first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from timeline.coding.timex.expressions import Item


class Tense(StrEnum):
    SINCE = "since"  # past for certain
    PAST = "past"
    FUTURE = "future"
    UNKNOWN = ""


_FUTURE_WORDS = frozenset({
    "will", "ll", "shall", "due", "scheduled", "plans", "plan", "planned", "planning", "expected", "expects", "expect",
    "upcoming", "slated", "intends", "hopes", "pending", "wo", "deadline", "set", "aims", "supposed",
    "payable", "effective", "expires", "expire", "would", "going", "could", "might",
})  # fmt: skip
_PAST_WORDS = frozenset({
    "was", "were", "had", "did", "said", "told", "went", "met", "took", "came", "began", "made", "gave", "got", "held",
    "left", "lost", "won", "fell", "rose", "saw", "shot", "hit", "led", "sent", "became", "found", "brought", "fought",
    "struck", "broke", "spoke", "wrote", "paid", "ran", "grew", "sold", "bought", "flew", "drove", "put", "cut", "kept",
    "stood", "built", "heard", "knew", "thought", "showed", "blew", "threw", "sought", "been", "since", "ago", "has",
})  # fmt: skip
_POSTPONED = frozenset({"postponed", "delayed", "extended", "adjourned", "deferred", "suspended", "rescheduled"})
# the present of a timetable: "the trial begins Monday"
_SCHEDULED = frozenset({
    "begins", "starts", "opens", "resumes", "reopens", "meets", "convenes", "reconvenes", "arrives", "departs",
    "expires", "begin", "resume", "meet", "convene", "arrive", "depart",
})  # fmt: skip
_WEAK_FUTURE = frozenset({"would", "could", "might"})
_PLAIN_FUTURE = frozenset({"will", "ll", "shall", "wo", "would"})
_NO_PAST = ("eed", "united", "sacred", "hundred")
_WINDOW = 12
PUNCTUATION = re.compile(r"[.!?]")


def find_tense(items: Sequence[Item], position: int) -> Tense:
    """The tense of the words nearest to an expression within its sentence, those before it first."""
    if position and items[position - 1].text in {"until", "till"} and _in_perfect(items, position):
        return Tense.FUTURE
    possessive = items[position + 1].code == "POSS_MARK" if position + 1 < len(items) else False
    for step in (-1, 1):
        for index in range(position + step, position + step * _WINDOW, step):
            if not 0 <= index < len(items) or items[index].code == "BREAK" or PUNCTUATION.fullmatch(items[index].text):
                break
            tense = _tense_of(items, index)
            if possessive and items[index].text in _WEAK_FUTURE:
                return Tense.UNKNOWN  # "would appeal Monday's ruling"
            if tense:
                return tense
    before = items[position - 1].text if position else ""
    return Tense.FUTURE if before in {"until", "till", "by"} else Tense.UNKNOWN


def _in_perfect(items: Sequence[Item], position: int) -> bool:
    """ "has given them until Tuesday", "have until Friday": the time runs on when it is written."""
    for item in reversed(items[max(0, position - _WINDOW) : position]):
        if item.code == "BREAK" or PUNCTUATION.fullmatch(item.text):
            return False
        if item.text in {"has", "have", "ve"}:
            return True
    return False


def _tense_of(items: Sequence[Item], index: int) -> Tense:
    word, after = items[index].text, items[index + 1].text if index + 1 < len(items) else ""
    planned = word in _FUTURE_WORDS and word not in _PLAIN_FUTURE
    if planned and any(item.text == "had" for item in items[max(0, index - 5) : index]):
        return Tense.PAST  # "had been due to expire"
    if word in _FUTURE_WORDS or (word in {"is", "are", "was", "were"} and after == "to"):
        return Tense.FUTURE
    if (word in {"soon", "early"} and after == "as") or (word in _POSTPONED and after in {"until", "till", "to"}):
        return Tense.FUTURE
    if word in {"off", "back"} and after in {"until", "till"}:
        return Tense.FUTURE  # "was put off until Monday"
    if word in _SCHEDULED and index and items[index - 1].text not in {"to", "did", "not", "the", "a"}:
        return Tense.FUTURE
    past = items[index].code == "OTHER" and len(word) > 4 and word.endswith("ed") and not word.endswith(_NO_PAST)
    if past or word in _PAST_WORDS:
        return Tense.PAST
    return Tense.UNKNOWN
