"""Text cut into tokens, each with its offsets and its class in the grammar's alphabet.

Offsets are those of the text itself: tokens are found first and lower-cased one by one, because lower-casing
a whole text can change its length ("İ").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from timeline.coding.timex.holidays import HOLIDAY_PATTERN
from timeline.coding.timex.vocabulary import CLASSES, MONTHS

OTHER = "OTHER"
_APOSTROPHE = "['’‘`]"
_TOKEN = re.compile(
    rf"""
    (?P<HOLIDAY>\b(?:{HOLIDAY_PATTERN}))
  | (?P<ISO>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}
        (?:[T\ ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,9}})?)?(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?(?![0-9-]))
  | (?P<SLASH>[0-9]{{1,2}}(?P<sep>[/.-])[0-9]{{1,2}}(?P=sep)(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9/-])
        |[0-9]{{4}}/[0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/]))
  | (?P<CLOCK>[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?![0-9:])
        |[0-9]{{1,2}}\.[0-5][0-9](?=\ ?(?:[ap]\.?m\b|GMT|UTC|BST|CES?T)))
  | (?P<MIXED>(?:[0-9]{{1,4}}\ )?[0-9]/[0-9]{{1,2}}(?![0-9/]))
  | (?P<DECADE>(?:[0-9]{{3}}0|{_APOSTROPHE}[0-9]0|[2-9]0){_APOSTROPHE}?s(?![^\W_])|[0-9]{{2}}0s(?=\ B\.?C))
  | (?P<ORD>[0-9]{{1,3}}(?:st|nd|rd|th)(?![^\W_]))
  | (?P<QUARTER_CODE>\b(?:[Qq][1-4]|[1-4]Q|(?:H[12]|[12]H)(?=\ [0-9]{{4}}\b))(?![^\W_]))
  | (?P<FISCAL_CODE>\bFY\ ?(?:[0-9]{{4}}|[0-9]{{2}})(?![\w/-]))
  | (?P<NUMBER>[0-9]{{1,40}}(?:,[0-9]{{3}})*(?:\.[0-9]+)?)
  | (?P<SHORT>{_APOSTROPHE}[0-9]{{2}}(?![^\W_]))
  | (?P<MERIDIEM>[aApP]\.\ ?[mM]\b\.?)
  | (?P<ERA>B\.\ ?C\.(?:E\.)?|A\.\ ?D\.)
  | (?P<ABBREVIATION>(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Jj]u[nl]|[Aa]ug|[Ss]ept?|[Oo]ct|[Nn]ov|[Dd]ec
        |JAN|FEB|MAR|APR|JU[NL]|AUG|SEPT?|OCT|NOV|DEC|Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun|[Cc]a?)\.(?![^\W\d_]))
  | (?P<OCLOCK>o{_APOSTROPHE}clock\b)
  | (?P<PRESENT_DAY>\b(?:[Pp]resent|[Mm]odern)[ -]day\b)
  | (?P<WORD>[^\W\d_]+)
  | (?P<MARK>[^\s\w])
    """,
    re.VERBOSE,
)
_NUMERAL = frozenset({"ISO", "SLASH", "CLOCK", "MIXED", "DECADE", "ORD", "NUMBER"})
_TITLED = frozenset({"UNIT", "UNITS", "PART_OF_DAY", "NOON", "TODAY"})
_UNTITLED_AFTER = frozenset({"LAST", "NEXT", "NUM", "ORD", "HYPHEN", "WEEKDAY", "MONTH"})
_MARKS = {
    "'": "POSS_MARK",
    "’": "POSS_MARK",
    ",": "COMMA",
    "-": "HYPHEN",
    "‐": "HYPHEN",
    "‑": "HYPHEN",
    "–": "DASH",
    "—": "DASH",
    "(": "OPEN",
    ")": "CLOSE",
    "/": "SLASH_MARK",
}
_ENDS = frozenset(".!?;:")
_MONEY = frozenset("$£€¥#")
_CAPITALISED = frozenset({"may", "march", "august", "mar", "dec", "jan", "sun", "sat", "mon", "wed", "fri", "sep"})
_COUNTED = frozenset({"percent", "million", "billion", "trillion", "per", "people", "dollars", "points", "troops"})
_BEFORE_DATE = frozenset({
    "in", "on", "since", "until", "till", "by", "from", "to", "during", "early", "late", "mid", "last", "this", "next",
    "of", "through", "before", "after", "and", "between", "around", "about", "that", "each", "every", "for", "end", "-",
    "past", "previous", "following", "late-", "as", "or", "at",
})  # fmt: skip
_BEFORE_SEASON = _BEFORE_DATE | {"the", "a", "coming", "late", "early", "mid"}


@dataclass(frozen=True, slots=True)
class Token:
    """`code` is its class; `text` is lower case."""

    start: int
    end: int
    text: str
    code: str


def tokenise(text: str) -> list[Token]:
    """Tokens in order; a blank line is a token of its own (class BREAK), so that no expression crosses it."""
    return _reclassify(list(_scan(text)), text)


def _scan(text: str) -> Iterator[Token]:
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if start - last > 1 and text.count("\n", last, start) > 1:
            yield Token(last, start, "", "BREAK")
        kind = match.lastgroup or "MARK"
        lower = match.group().lower()
        yield Token(start, end, lower, _classify("SLASH" if kind == "sep" else kind, lower, text, start))
        last = end


def _classify(kind: str, lower: str, text: str, start: int) -> str:
    if kind == "WORD":
        return CLASSES.get(lower, OTHER)
    if kind == "MARK":
        return _MARKS.get(lower, "END" if lower in _ENDS else "MONEY" if lower in _MONEY else OTHER)
    if kind == "ABBREVIATION":
        return {"c": "APPROX", "ca": "APPROX"}.get(lower[:-1]) or CLASSES[lower[:-1]]
    if kind == "ERA":
        return "BC" if lower.startswith("b") else "AD"
    if kind in _NUMERAL and start and (text[start - 1].isalnum() or text[start - 1] in "$£€¥#_"):
        return OTHER
    if kind == "NUMBER":
        return _classify_number(lower)
    return {"MIXED": "NUM", "SHORT": "SHORT_YEAR"}.get(kind, kind)


def _classify_number(lower: str) -> str:
    if len(lower) == 4 and lower.isdigit():
        return "YEAR" if 1000 <= int(lower) <= 2199 else "FOUR"
    return "NUM" if len(lower) < 8 else OTHER


def _reclassify(tokens: list[Token], text: str) -> list[Token]:
    """Decide the words that are only sometimes about time."""
    found = []
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else None
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        code = _DOUBTFUL[token.text](token, before, after, text) if token.text in _DOUBTFUL else token.code
        if token.code in {"YEAR", "NUM", "FOUR"} and _is_amount(before, after) and not _counts_time(tokens, i + 1):
            code = OTHER
        if token.code in _TITLED and _in_title(token, before, text):
            code = OTHER
        found.append(token if code == token.code else Token(token.start, token.end, token.text, code))
    return found


def _is_amount(before: Token | None, after: Token | None) -> bool:
    return (before is not None and before.code == "MONEY") or (
        after is not None and (after.text in _COUNTED or after.text == "%")
    )


def _counts_time(tokens: list[Token], i: int) -> bool:
    """ "1.8 million years", "65 million years ago"."""
    return i + 1 < len(tokens) and tokens[i].code == "BIG" and tokens[i + 1].code == "UNITS"


def _in_title(token: Token, before: Token | None, text: str) -> bool:
    """ "This Week", "High Noon", "Operation Dawn": a capital in mid-sentence makes a name of the word."""
    capital = text[token.start].isupper() and text[token.start + 1 : token.end].islower()
    return capital and before is not None and before.text.isalpha() and before.code not in _UNTITLED_AFTER


def _month_or_word(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    """ "May", "March", "August", "Sun.": only with a capital, and only beside words that go with dates."""
    if not text[token.start].isupper():
        return OTHER
    if token.text.rstrip(".") == "august":
        return token.code
    if after and after.code in {"NUM", "YEAR", "ORD", "SHORT_YEAR", "OF"}:
        return token.code
    if after and after.code == "MONTH" and token.code == "WEEKDAY":
        return token.code  # "Fri Jun 10, 2011"
    if before and (before.text in _BEFORE_DATE or before.code in {"NUM", "ORD", "WEEKDAY"}):
        return token.code
    if token.text == "march" and after is not None and after.code == "POSS_MARK":
        return token.code  # "March's figures"; "May's" is more often a person's
    certain = after is not None and after.code in {"COMMA", "END"} and before is not None and before.code != "END"
    return token.code if certain and token.text in MONTHS else OTHER


def _fall(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    """ "fall", "spring": a season after a word that goes with dates or before a year."""
    if after and after.code == "YEAR":
        return "SEASON"
    if before is None or before.text not in _BEFORE_SEASON - _VERBAL[token.text]:
        return OTHER
    if token.text == "fall" and before.text == "the":
        return "SEASON" if _THE_FALL.match(text, max(0, before.start - 12)) else OTHER
    return OTHER if after is not None and after.text in _PARTICLES else "SEASON"


_VERBAL = {
    "fall": frozenset({"to", "a", "of", "and", "or", "for", "at", "as"}),
    "spring": frozenset({"to", "a"}),
}
# "in the fall", "the fall of 1963", "the fall elections"; not "the fall of the city", "the fall in prices"
_THE_FALL = re.compile(
    r".{0,12}?\b(?:the\s+fall\s+(?:of\s+(?:[0-9]{4}|last|this|next)|elections?|semester|season|term|campaign)\b"
    r"|(?:in|during|by|since|until|for|through|throughout|over|this|before)\s+the\s+fall\b(?!\s+(?:of|in|from)\b))",
    re.IGNORECASE | re.DOTALL,
)
_PARTICLES = frozenset({"down", "apart", "back", "behind", "short", "under", "outside", "from", "into", "off", "out"})


def _second(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    if (
        before
        and before.code in {"NUM", "BIG", "ART", "HYPHEN", "EACH"}
        and not (after and after.code in {"UNIT", "HALF"})
    ):
        return "UNIT"
    return "ORD"


def _last(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    """ "the truce will last two weeks": the verb."""
    counted = after is not None and after.code in {"NUM", "ART", "VAGUE", "BIG", "MORE", "APPROX"}
    return OTHER if counted and before is not None and before.text in _BEFORE_VERB else "LAST"


_BEFORE_VERB = frozenset({
    "will", "would", "to", "can", "could", "should", "may", "might", "must", "did", "not", "ll", "does", "only",
    "often",
})  # fmt: skip


def _past(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    """ "the past three months", "this past spring", not "went past the gate"."""
    near = after is not None and after.code in {
        "NUM",
        "UNIT",
        "UNITS",
        "VAGUE",
        "SEASON",
        "WEEKEND",
        "WEEKDAY",
        "MONTH",
        "MIXED",
        "BIG",
    }
    return "LAST" if near else "PAST"


def _present(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    return "NEAR_REF" if before and before.text in {"the", "at"} and not (after and after.code == OTHER) else OTHER


def _close(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    return "PART" if before and before.text == "the" and after and after.code == "OF" else OTHER


def _mid(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    return "PART"


def _local(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    """ "at 6 p.m. local time"."""
    return "LOCAL" if after is not None and after.text == "time" else token.code


def _zone(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    """ "6 p.m. ET", not "et al."."""
    near = before is not None and before.code in {"MERIDIEM", "CLOCK"}
    return "ZONE" if near and text[token.start : token.end].isupper() else token.code


def _small(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    """ "in the small hours of Monday"."""
    hours = after is not None and after.text == "hours" and before is not None and before.text == "the"
    return "PART" if hours else token.code


def _ad(token: Token, before: Token | None, after: Token | None, text: str) -> str:
    return token.code if text[token.start].isupper() and before and before.code in {"NUM", "YEAR", "FOUR"} else OTHER


_DOUBTFUL = dict.fromkeys([*_CAPITALISED, *(f"{w}." for w in _CAPITALISED)], _month_or_word) | {
    "fall": _fall, "spring": _fall, "second": _second, "past": _past, "last": _last, "present": _present,
    "local": _local, "et": _zone, "pt": _zone, "ct": _zone, "small": _small, "wee": _small,
    "close": _close, "ad": _ad, "ce": _ad, "outset": _close, "midst": _close,
}  # fmt: skip
