"""The alphabet and the shared phrases of the grammar, and how builders read numbers, units and directions.

The rules themselves are in `calendar_rules`, `relative_rules` and `duration_rules` (first level: single
expressions), `ranges` (second level: dates that belong together) and `composition` (third: longer expressions).
"""

from __future__ import annotations

import re
from fractions import Fraction

from timeline.coding.timex.expressions import Expression
from timeline.coding.timex.patterns import Alphabet, Found
from timeline.coding.timex.quantities import read_number, read_ordinal
from timeline.coding.timex.vocabulary import PARTS, PLURAL_UNITS, UNITS

ALPHABET = Alphabet()
MACROS = {
    "CARDINAL": "NUM (?:HYPHEN? NUM)? (?:BIG (?:AND? NUM (?:HYPHEN? NUM)?)?)? | ART BIG | BIG",
    "VAGUELY": "ART? VAGUE OF?",
    "ORDINAL": "ORD | NUM HYPHEN ORD",
    "ANY_UNIT": "UNIT | UNITS",
    "ANY_DATE": "DATE | MONTH_DAY | WD | REL_DAY | REL_YEAR | REL | BARE_YEAR | THE_YEAR",
    "SHIFTER": "THE? LAST | NEXT | THE NEXT | THIS (?:LAST | COMING | PREVIOUS)? | THE? COMING | THE? PREVIOUS"
    " | THE? FOLLOWING | THAT SAME? | THE SAME | THAT",
    "RANGE": "TO | AND | HYPHEN | DASH | OR | PREP",
}  # fmt: skip

_PAST = frozenset({"last", "past", "previous", "preceding", "prior"})
_PRESENT = frozenset({"this", "that", "same"})
RUNNING = frozenset({"previous", "preceding", "prior", "following", "subsequent", "ensuing", "that", "same"})


def unit_of(found: Found, group: str = "unit") -> str:
    """The TIMEX3 letter of a unit word, "" for none."""
    item = found.one(group)
    return "" if item is None else UNITS.get(item.text) or PLURAL_UNITS.get(item.text, "")


def amount_of(found: Found, group: str = "n") -> Fraction | None:
    return read_number(found.all(group))


def ordinal_of(found: Found, group: str = "n") -> int | None:
    """A whole number, cardinal or ordinal."""
    number = amount_of(found, group)
    if number is not None:
        return int(number) if number.denominator == 1 else None
    return read_ordinal(" ".join(item.text for item in found.all(group) if item.text != "-"))


def direction_of(found: Found, group: str = "shift") -> int | None:
    """-1 for last, 0 for this, 1 for next, by the last word ("this past spring"); None where nothing is said."""
    words = [item.text for item in found.all(group) if item.text != "the"]
    if not words:
        return None
    return -1 if words[-1] in _PAST else 0 if words[-1] in _PRESENT else 1


def is_running(found: Found, group: str = "shift") -> bool:
    """Whether the words count from the last date of the text: "the following", "the next", "that same"."""
    words = {item.text for item in found.all(group)}
    return bool(words & RUNNING) or {"the", "next"} <= words


def year_of(found: Found, *groups: str) -> int | None:
    """The year of the first group that is there; negative before Christ."""
    for item in map(found.one, groups or ("year",)):
        digits = re.sub(r"[^0-9]", "", item.text) if item else ""
        if digits and len(digits) < 5:
            return -int(digits) if found.has("bc") else int(digits)
    return None


def meaning_of(found: Found, group: str) -> Expression | None:
    item = found.one(group)
    return item.meaning if item else None


def modifier_of(found: Found, group: str = "mod") -> str:
    return next((PARTS[item.text] for item in found.all(group) if item.text in PARTS), "")
