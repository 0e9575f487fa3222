"""Number phrases and the DURATION values made of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from timeline.coding.timex.expressions import Item
from timeline.coding.timex.vocabulary import MULTIPLES, NUMBERS, ORDINALS

_MIXED = re.compile(r"(?:([0-9]+) )?([0-9]+)/([0-9]+)")
# TIMEX3 has letters for decades (E) and centuries (C); annotators count them in years instead
_COARSE = {"E": (10, "Y"), "C": (100, "Y"), "F": (2, "W"), "L": (1000, "Y"), "N": (1, "D"), "S": (1, "S")}


def read_number(items: Sequence[Item]) -> Fraction | None:
    """ "40", "5 1/2", "twenty-four", "one hundred and fifty", "a dozen"; None for "a few" and for nonsense."""
    total, current = Fraction(0), Fraction(0)
    seen = False
    for item in items:
        value = _read_word(item.text)
        if item.code == "BIG" and value is not None:
            current = (current or 1) * value
            if value >= 1000:
                total, current = total + current, Fraction(0)
        elif value is not None:
            if current and not (value < 10 <= current % 100 <= 90 or (current >= 100 and current % 100 == 0)):
                return None
            current += value
        elif item.code not in {"HYPHEN", "AND", "ART"}:
            return None
        seen = seen or value is not None
    return total + current if seen else None


def _read_word(word: str) -> Fraction | None:
    if word in NUMBERS or word in MULTIPLES:
        return Fraction(NUMBERS[word] if word in NUMBERS else MULTIPLES[word])
    mixed = _MIXED.fullmatch(word)
    if mixed:
        return int(mixed[1] or 0) + Fraction(int(mixed[2]), int(mixed[3])) if int(mixed[3]) else None
    plain = word.replace(",", "")
    return Fraction(plain) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", plain) else None


def read_year_words(items: Sequence[Item]) -> int | None:
    """ "nineteen ninety-seven", "nineteen oh five" is not read, "two thousand"."""
    numbers = [NUMBERS[item.text] for item in items if item.text in NUMBERS]
    if len(numbers) < 2 or not 10 <= numbers[0] <= 20 or numbers[1] < 10:
        return None
    if len(numbers) == 3 and not (numbers[1] >= 20 and numbers[2] < 10):
        return None
    return 100 * numbers[0] + sum(numbers[1:])


def read_ordinal(text: str) -> int | None:
    """ "third", "3rd", "twenty first", "second"."""
    total = 0
    for word in text.replace("-", " ").split():
        digits = re.fullmatch(r"([0-9]+)(?:st|nd|rd|th)", word)
        value = int(digits[1]) if digits else 2 if word == "second" else ORDINALS.get(word) or NUMBERS.get(word)
        if value is None:
            return None
        total += value
    return total or None


def format_duration(amount: Fraction | None, unit: str) -> str:
    """ "P3M", "PT24H", "P2.5Y"; None is a vague number, "PXY"."""
    if amount is None:
        return f"PTX{unit[1:]}" if unit.startswith("T") else f"PX{'D' if unit == 'N' else 'W' if unit == 'F' else unit}"
    if unit == "TH" and amount.denominator == 2 and amount > 1:
        return f"PT{int(amount)}H30M"
    factor, letter = _COARSE.get(unit, (1, unit))
    amount *= factor
    number = str(amount) if amount.denominator == 1 else f"{float(amount):g}"
    return f"PT{number}{letter[1:]}" if letter.startswith("T") else f"P{number}{letter}"


_DURATION = re.compile(r"P(?P<time>T)?(?P<n>[0-9.]+|X)(?P<unit>[A-Z])(?P<more>[0-9].*)?")


def read_duration(value: str) -> tuple[str, int | None] | None:
    """The unit and the whole amount of a DURATION value; the amount is None for a vague one, "PXD"."""
    match = _DURATION.fullmatch(value)
    if match is None or match["more"]:
        return None
    unit = f"T{match['unit']}" if match["time"] else match["unit"]
    if match["n"] == "X":
        return unit, None
    if "." not in match["n"]:
        return unit, int(match["n"])
    amount = float(match["n"])
    return ("M", round(12 * amount)) if unit == "Y" and amount < 9999 else (unit, round(amount))
