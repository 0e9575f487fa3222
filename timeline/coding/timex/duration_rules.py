"""First level: lengths of time."""

from __future__ import annotations

from fractions import Fraction

from timeline.coding.timex.expressions import Reference, Span
from timeline.coding.timex.grammar import amount_of, ordinal_of, unit_of
from timeline.coding.timex.patterns import Built, Found, Reading, RuleSet
from timeline.coding.timex.quantities import format_duration, read_number
from timeline.coding.timex.vocabulary import FUTURE, PAST

DURATION_RULES = RuleSet()
_rule = DURATION_RULES.rule
_HALF = Fraction(1, 2)
_TOWARD = {"last": -1, "past": -1, "next": 1, "coming": 1, "upcoming": 1}


def _duration(amount: Fraction | None, unit: str) -> Built:
    """Declines units that are none ("two second") and amounts no duration has."""
    if not unit or (amount is not None and not 0 < amount < 1_000_000):
        return None
    return Reading(Span(format_duration(amount, unit)), "DURATION")


@_rule(
    "duration",
    "(?P<n>CARDINAL) (?:MORE? ADJ? | HYPHEN ADJ HYPHEN | FULL) (?P<unit>UNITS | UNIT)",
    "(?P<n>CARDINAL) (?P<word>OTHER) (?P<unit>UNITS)",
    "(?P<n>CARDINAL) HYPHEN (?P<unit>UNIT | UNITS) (?:HYPHEN ADJ)?",
    "(?P<n>CARDINAL) HYPHEN? (?P<unit>UNIT | UNITS) HYPHEN? (?P<old>OLD)",
)
def _counted(found: Found) -> Built:
    amount, unit = amount_of(found), unit_of(found)
    if found.has("word") and not (found.text("word").isalpha() and len(found.text("word")) > 3):
        return None
    if found.has("old") and amount is not None:
        return Reading(Span(format_duration(amount, unit)), "AGE") if unit else None
    if (
        amount is None
        or unit in {"N", "S"}
        or (unit == "Q" and "-" in found.text())
        or (unit == "TS" and "second" in found.text() and amount < 1)
    ):
        return None
    return _duration(amount, unit)


@_rule("vague-duration", "(?P<n>VAGUELY) (?:MORE | ADJ)? (?P<unit>UNITS)", "VAGUE HYPHEN (?P<unit>UNIT | UNITS)")
def _vague(found: Found) -> Built:
    if "couple" in found.text("n"):
        return _duration(Fraction(2), unit_of(found))
    return _duration(None, unit_of(found)) if unit_of(found) not in {"N", "S"} else None


@_rule("one-unit", "ART ADJ? (?P<unit>UNIT)", "ART ADJ? (?P<unit>UNIT) HYPHEN ADJ")
def _one(found: Found) -> Built:
    if unit_of(found) in {"N", "S", "Q", "TS"}:
        return None
    return _duration(Fraction(1), unit_of(found))


@_rule("unit-long", "(?P<unit>UNIT | UNITS) HYPHEN ADJ")
def _long(found: Found) -> Built:
    plural = found.one("unit") is not None and found.text("unit").endswith(("s", "ia"))
    if not found.text().endswith("long") or unit_of(found) in {"N", "S"}:
        return None
    return _duration(None if plural else Fraction(1), unit_of(found))


@_rule(
    "and-a-half",
    "(?P<n>CARDINAL) AND (?:ART)? HALF HYPHEN? (?P<unit>UNITS)",
    "(?P<one>ART) (?P<unit>UNIT) AND ART HALF",
    "(?P<n>CARDINAL) (?P<unit>UNITS) AND ART HALF",
)
def _and_half(found: Found) -> Built:
    amount = Fraction(1) if found.has("one") else amount_of(found)
    if amount is None:
        return None
    if unit_of(found) in {"TM", "TH"} and amount.denominator == 1:
        below = "30M" if unit_of(found) == "TH" else "30S"
        return Reading(Span(f"PT{amount}{unit_of(found)[1:]}{below}"), "DURATION")
    return _duration(amount + _HALF, unit_of(found))


@_rule("half-unit", "(?:THE | ART)? HALF HYPHEN? ART? HYPHEN? (?P<unit>UNIT)")
def _half_unit(found: Found) -> Built:
    unit = unit_of(found)
    smaller = {"TH": "PT30M", "C": "P50Y", "E": "P5Y", "Y": "P6M", "TM": "PT30S", "D": "PT12H"}
    return Reading(Span(smaller[unit]), "DURATION") if unit in smaller else None


@_rule(
    "the-units",
    "(?:THE | THESE | THOSE | HIS)? (?:LAST | NEXT | FOLLOWING | PREVIOUS | COMING | LATEST | ORD) (?:ADJ)?"
    " (?P<n>CARDINAL | VAGUE (?:OF)?)? MORE? ADJ? (?P<unit>UNITS)",
    "(?:THE | THESE | THOSE) (?P<n>CARDINAL) MORE? ADJ? (?P<unit>UNITS)",
    "(?:THE | THESE | THOSE) (?P<n>CARDINAL) (?:LAST | NEXT | FOLLOWING | PREVIOUS) (?P<unit>UNITS)",
    "THE UNIT HYPHEN EARLIER (?P<n>CARDINAL) (?P<unit>UNITS)",
)
def _the_units(found: Found) -> Built:
    words, unit = found.text("n"), unit_of(found)
    if unit in {"N", "S"}:
        return None
    amount = Fraction(2) if "couple" in words else read_number(found.all("n"))
    if found.has("n") and amount is None and not any(item.code == "VAGUE" for item in found.all("n")):
        return None
    if not found.has("n") and found.all()[0].text in {"past", "coming"}:
        return Reading(Reference(PAST if found.all()[0].text == "past" else FUTURE), "REF_ONLY")
    toward = next((_TOWARD[item.text] for item in found.all() if item.text in _TOWARD), 0)
    return Reading(Span(format_duration(amount, unit), toward), "DURATION") if _duration(amount, unit) else None


@_rule(
    "duration-range",
    "(?P<n>CARDINAL) (?:TO | OR | HYPHEN | DASH) (?P<m>CARDINAL) (?P<unit>UNITS)",
    "(?P<unit>UNITS) (?:AND | OR) (?P<other>UNITS)",
)
def _range(found: Found) -> Built:
    if found.has("other"):
        return _duration(None, unit_of(found))
    low, high = ordinal_of(found), ordinal_of(found, "m")
    if low is None or high is None or low >= high:
        return None
    return _duration(Fraction(low), unit_of(found))


@_rule("bare-units", "(?P<unit>UNITS)")
def _bare(found: Found) -> Built:
    unit, before = unit_of(found), found.before()
    if unit == "Q" and before is not None and before.code == "HYPHEN":
        return None  # "three-quarters of the votes"
    return Reading(Span(format_duration(None, unit)), "BARE_UNITS") if unit not in {"N", "S", "L"} else None
