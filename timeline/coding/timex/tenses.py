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
    "will", "ll", "shall", "due", "scheduled", "planned", "planning", "expected", "expects", "expect", "upcoming",
    "slated", "intends", "hopes", "pending", "wo", "deadline", "aims", "supposed", "payable", "effective", "expires",
    "expire", "would", "going", "could", "might", "must", "should",
})  # fmt: skip
_PAST_WORDS = frozenset({
    "was", "were", "had", "did", "said", "told", "went", "met", "took", "came", "began", "made", "gave", "got", "held",
    "left", "lost", "won", "fell", "rose", "saw", "shot", "hit", "led", "sent", "became", "found", "brought", "fought",
    "struck", "broke", "spoke", "wrote", "paid", "ran", "grew", "sold", "bought", "flew", "drove", "put", "cut", "kept",
    "stood", "built", "heard", "knew", "thought", "showed", "blew", "threw", "sought", "been", "since", "ago", "has",
    "ended", "agreed", "freed", "beat", "drew", "swept", "sank", "taught", "caught", "sat", "fled", "spent", "laid",
    "swore", "hid", "burst", "quit", "rang", "ate", "bore", "chose", "crept", "dealt", "drank", "froze", "shook",
    "slid", "stole", "stuck", "tore", "wore", "wound", "withdrew", "overthrew", "undertook", "arose", "awoke",
    "forbade", "set",
})  # fmt: skip
_POSTPONED = frozenset({"postponed", "delayed", "extended", "adjourned", "deferred", "suspended", "rescheduled"})
# future only before the word given: "plan to", "set for", "about to", "ahead of", "early as"
_MEANT = frozenset({"hope", "hoped", "vowed", "promised", "pledged", "decided", "to", "intended"})
_INFINITIVES = (
    "is", "are", "was", "were", "about", "intended", "hope", "hoped", "vowed", "promised", "pledged", "decided",
)  # fmt: skip
_FUTURE_BEFORE = {
    "plan": ("to", "for"), "set": ("to", "for"), "ahead": ("of",), "soon": ("as",), "early": ("as",), "to": ("be",),
    **dict.fromkeys(("off", "back"), ("until", "till")),
    **dict.fromkeys(_INFINITIVES, ("to",)),
    **dict.fromkeys(_POSTPONED, ("until", "till", "to")),
}  # fmt: skip
_NO_PLAN = frozenset({
    "said", "believed", "thought", "used", "reported", "known", "come", "came", "alleged", "had",
    "appeared", "appears", "appear", "seemed", "seems", "seem",
})  # fmt: skip
# the present of a timetable: "the trial begins Monday"
_SCHEDULED = frozenset({
    "begins", "starts", "opens", "resumes", "reopens", "meets", "convenes", "reconvenes", "arrives", "departs",
    "expires", "begin", "resume", "meet", "convene", "arrive", "depart",
})  # fmt: skip
# the same of verbs that need their complement: "takes effect Monday", "goes on trial Monday"
_SCHEDULED_BEFORE = {
    "takes": ("place", "effect", "office", "over"), "take": ("place", "effect"), "goes": ("on", "to"),
    "go": ("on", "to"), "comes": ("into",), "leaves": ("for",),
}  # fmt: skip
_BASE_FORMS = frozenset({"cut", "put", "hit", "set", "let", "quit", "burst", "beat"})  # of past and present alike
_MODALS = frozenset({"will", "ll", "shall", "to", "should", "must", "would", "could", "can", "may", "might", "wo"})
_FORMER = frozenset({"originally", "initially", "previously", "earlier"})
_STOPS = frozenset({"END", "COMMA", "BREAK", "AND", "PREP", "IN", "AT"})
_FINITE = frozenset({"is", "are", "was", "were", "will", "would", "has", "have", "but", "because", "as", "if"})
_NO_TIMETABLE = frozenset({"to", "did", "not", "the", "a"})
_SPEECH = frozenset({"saying", "telling", "adding", "announcing", "according", "reporters"})
_WEAK_FUTURE = frozenset({"would", "could", "might"})
_PLAIN_FUTURE = frozenset({"will", "ll", "shall", "wo", "would"})
_STRONG = frozenset({"will", "ll", "shall", "to", "should", "must", "would"})
_CONTRACTS = frozenset({"delivery", "futures", "contract", "contracts", "crude"})  # "crude for June delivery"
_NO_PAST = ("eed", "united", "sacred", "hundred")
_DETERMINERS = frozenset({"the", "a", "an", "its", "his", "her", "their", "this", "that", "of", "for", "more", "most"})
_WHEN = frozenset({"when", "once", "until", "till", "if", "unless"})
_DEGREES = frozenset({"still", "yet", "newly", "recently", "previously", "already", "highly", "long", "most", "so"})
_HAVE = frozenset({"has", "have", "ve"})
_BACK, _ON = 18, 12  # words to look at before and after
_NEAR = 8
PUNCTUATION = re.compile(r"[.!?]")


def find_tense(items: Sequence[Item], position: int) -> Tense:
    """The tense of the words nearest to an expression within its sentence, those before it first."""
    before = _word_before(items, position)
    after = items[position + 1] if position + 1 < len(items) else None
    led = _led_by(items, position, before, after)
    if led:
        return led
    possessive = after is not None and after.code == "POSS_MARK"
    for step, reach in ((-1, _BACK), (1, _ON)):
        for index in range(position + step, position + step * reach, step):
            if not 0 <= index < len(items) or _is_bound(items, index, step):
                break
            tense = _tense_of(items, index, position - index)
            if items[index].text == "ahead" and any(item.code == "COMMA" for item in items[index:position]):
                continue  # "ahead of the trip, the ministry said Sunday"
            if possessive and items[index].text in _WEAK_FUTURE:
                return Tense.UNKNOWN  # "would appeal Monday's ruling"
            if tense is Tense.PAST and step < 0 and before in {"until", "till", "through"}:
                return Tense.UNKNOWN  # "approved funds until June", "lasted until June": the nearest
            if tense:
                return tense
    return Tense.FUTURE if before in {"until", "till", "by"} and not possessive else Tense.UNKNOWN


def _led_by(items: Sequence[Item], position: int, before: str, after: Item | None) -> Tense:
    """What the words right beside an expression tell for certain."""
    if before == "since":
        return Tense.SINCE
    if before in _SPEECH:
        return Tense.PAST
    ahead = before in {"until", "till"} and _runs_on(items, position, _HAVE)
    put_off = before in {"through", "until", "till"} and _runs_on(items, position, _POSTPONED)
    meant = before == "for" and items[position].code == "WD" and _is_meant(items, position, after)
    delivered = after is not None and after.text in _CONTRACTS
    return Tense.FUTURE if ahead or put_off or meant or delivered else Tense.UNKNOWN


def _is_bound(items: Sequence[Item], index: int, step: int) -> bool:
    """The ends of a sentence, and those of a dateline: "(AP) -- Saturday saw"."""
    item = items[index]
    dateline = step < 0 and item.code == "CLOSE" and items[index + 1].code in {"HYPHEN", "DASH"}
    return dateline or item.code == "BREAK" or PUNCTUATION.fullmatch(item.text) is not None


def _is_meant(items: Sequence[Item], position: int, after: Item | None) -> bool:
    """Whether "called a vote for Sunday" plans: not "for Sunday's attack", not "had been called for Sunday"."""
    alone = after is None or after.code in _STOPS or after.text in _FINITE
    words = {item.text for item in items[max(0, position - 6) : position]}
    return alone and not items[position].text.endswith("days") and not words & ({"had"} | _FORMER)


def _is_under_way(items: Sequence[Item], index: int, ahead: int) -> bool:
    """ "is visiting Rome on Saturday", "the vote is on Sunday": what is present now is not past by a named day."""
    if ahead <= 0 or items[index].text not in {"is", "are"}:
        return False
    if items[index + 1].code == "ON":
        return ahead == 2
    between, after = items[index + 1 : index + ahead], items[index + ahead + 1 : index + ahead + 2]
    if after and after[0].code == "POSS_MARK":
        return False  # "are studying Sunday's attack"
    participle = between[:1] and between[0].text.endswith("ing") and between[-1].code in {"ON", "OTHER"}
    return bool(participle) and ahead <= _NEAR and all(item.code != "COMMA" for item in between)


def _word_before(items: Sequence[Item], position: int) -> str:
    """The word that leads to an expression, past "at least"."""
    start = (
        position - 2 if [item.text for item in items[max(0, position - 2) : position]] == ["at", "least"] else position
    )
    return items[start - 1].text if start else ""


def _runs_on(items: Sequence[Item], position: int, words: frozenset[str]) -> bool:
    """ "has given them until Tuesday", "extended through January": the time runs on when it is written."""
    for item in reversed(items[max(0, position - _BACK) : position]):
        if item.code == "BREAK" or PUNCTUATION.fullmatch(item.text):
            return False
        if item.text in words:
            return True
    return False


def _tense_of(items: Sequence[Item], index: int, ahead: int) -> Tense:
    """The tense of a word that stands so many words before the expression."""
    word, after = items[index].text, items[index + 1].text if index + 1 < len(items) else ""
    before = [item.text for item in items[max(0, index - 5) : index]]
    if word in _BASE_FORMS and _MODALS & set(before[-2:]):
        return Tense.FUTURE if _PLAIN_FUTURE & set(before[-2:]) else Tense.UNKNOWN  # "will cut rates on Friday"
    looks_ahead = word in _FUTURE_WORDS or after in _FUTURE_BEFORE.get(word, ())
    if ahead < 0 and word in _MEANT:
        looks_ahead = False  # "on Sunday he vowed to fight"
    if word == "plans" and after in {"for", "of", "that", "were", "was"}:
        looks_ahead = False  # a noun: "set aside vacation plans for"
    elif word == "plans" and (
        ahead > 0 or after == "to"
    ):  # a verb: "it plans a march", not "approved plans", "the plans"
        looks_ahead = bool(before) and before[-1] not in _DETERMINERS and not before[-1].endswith(("ed", "ing"))
    if word == "to" and _NO_PLAN & set(before[-1:]):
        looks_ahead = False  # "is said to be in hiding"
    if looks_ahead and word not in _PLAIN_FUTURE and ("had" in before or (before[-1:] and before[-1] in _FORMER)):
        return Tense.PAST  # "had been due to expire", "originally planned for"
    timetable = word in _SCHEDULED or after in _SCHEDULED_BEFORE.get(word, ())
    scheduled = timetable and abs(ahead) <= _NEAR and before[-1:] and before[-1] not in _NO_TIMETABLE
    if looks_ahead or scheduled or _is_under_way(items, index, ahead):
        return Tense.FUTURE
    participle = len(word) > 4 and word.endswith("ed") and not word.endswith(_NO_PAST)
    if not (word in _PAST_WORDS or (participle and items[index].code == "OTHER")):
        return Tense.UNKNOWN
    if "be" in before[-2:] and _STRONG & set(before) and not _NO_PLAN & set(before):
        return Tense.FUTURE  # "will be released Monday", "to be held in May"
    if before[-1:] in (["is"], ["are"]) and _WHEN & set(before):
        return Tense.FUTURE  # "when the case is heard in May"
    describes = participle and after.isalpha() and items[index + 1].code == "OTHER" and before[-1:] != [""]
    if describes and _DETERMINERS & set(before[-2 if before[-1:] and before[-1] in _DEGREES else -1 :]):
        return Tense.UNKNOWN  # "the mutated form", "a still disputed border"
    return Tense.PAST
