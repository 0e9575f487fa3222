"""First level: lengths of time."""

from __future__ import annotations

from fractions import Fraction

from timeline.coding.timex.expressions import Reference, Span
from timeline.coding.timex.grammar import amount_of, ordinal_of, unit_of
from timeline.coding.timex.patterns import Built, Found, Reading, RuleSet
from timeline.coding.timex.quantities import format_duration, read_number
from timeline.coding.timex.vocabulary import FUTURE, LONG, PAST

DURATION_RULES = RuleSet()
_rule = DURATION_RULES.rule
_HALF = Fraction(1, 2)
_MOST = 1_000_000_000
_DESCENDING = ("Y", "M", "W", "D", "TH", "TM", "TS")
_TOWARD = {"last": -1, "past": -1, "next": 1, "coming": 1, "upcoming": 1}


def _duration(amount: Fraction | None, unit: str) -> Built:
    """Declines units that are none ("two second") and amounts no duration has."""
    if not unit or (amount is not None and not 0 < amount < 100 * _MOST):
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
        or (unit == "Q" and ("-" in found.text() or _is_of(found)))
        or (unit == "TS" and "second" in found.text() and amount < 1)
    ):
        return None
    return _duration(amount, unit)


@_rule("two-lengths", "(?P<n>CARDINAL | ART) (?P<unit>UNITS | UNIT) AND? (?P<m>CARDINAL | ART) (?P<below>UNITS | UNIT)")
def _two_lengths(found: Found) -> Built:
    """ "12 minutes and 40 seconds", "a year and three months"."""
    units = (unit_of(found), unit_of(found, "below"))
    amounts = [Fraction(1) if found.text(group) in {"a", "an"} else amount_of(found, group) for group in ("n", "m")]
    if not set(units) <= set(_DESCENDING) or _DESCENDING.index(units[0]) >= _DESCENDING.index(units[1]):
        return None
    if any(amount is None or amount.denominator != 1 or not 0 < amount < _MOST for amount in amounts):
        return None
    days = "".join(f"{n}{unit}" for n, unit in zip(amounts, units, strict=True) if not unit.startswith("T"))
    clock = "".join(f"{n}{unit[1:]}" for n, unit in zip(amounts, units, strict=True) if unit.startswith("T"))
    return Reading(Span(f"P{days}" + (f"T{clock}" if clock else "")), "DURATION")


def _is_of(found: Found) -> bool:
    """ "three quarters of the seats"."""
    after = found.after()
    return after is not None and after.code == "OF"


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


@_rule("long", "ART? (?P<word>LONG)")
def _in_one_word(found: Found) -> Built:
    """ "a weeklong strike"."""
    return Reading(Span(LONG[found.text("word")]), "DURATION")


@_rule("unit-long", "(?P<unit>UNIT | UNITS) HYPHEN ADJ")
def _long(found: Found) -> Built:
    plural = found.one("unit") is not None and found.text("unit").endswith(("s", "ia"))
    if not found.text().endswith("long") or unit_of(found) in {"N", "S"}:
        return None
    return _duration(None if plural else Fraction(1), unit_of(found))


@_rule(
    "and-a-half",
    "(?:(?:THE | THESE | THOSE)? (?P<toward>LAST | NEXT | COMING))? (?P<n>CARDINAL)"
    " HYPHEN? AND HYPHEN? (?:ART)? HYPHEN? HALF HYPHEN? (?P<unit>UNITS | UNIT) HYPHEN? (?P<old>OLD)?",
    "(?P<one>ART) (?P<unit>UNIT) AND ART HALF",
    "(?P<n>CARDINAL) (?P<unit>UNITS) AND ART HALF",
)
def _and_half(found: Found) -> Built:
    amount = Fraction(1) if found.has("one") else amount_of(found)
    if amount is None:
        return None
    code, toward = "AGE" if found.has("old") else "DURATION", _TOWARD.get(found.text("toward"), 0)
    if unit_of(found) in {"TM", "TH"} and amount.denominator == 1:
        below = "30M" if unit_of(found) == "TH" else "30S"
        return Reading(Span(f"PT{amount}{unit_of(found)[1:]}{below}", toward), code)
    if not _duration(amount, unit_of(found)):
        return None
    return Reading(Span(format_duration(amount + _HALF, unit_of(found)), toward), code)


@_rule("half-unit", "(?:THE | ART)? HALF HYPHEN? ART? HYPHEN? (?P<unit>UNIT)")
def _half_unit(found: Found) -> Built:
    unit = unit_of(found)
    smaller = {"TH": "PT30M", "C": "P50Y", "E": "P5Y", "Y": "P6M", "TM": "PT30S", "D": "PT12H"}
    return Reading(Span(smaller[unit]), "DURATION") if unit in smaller else None


@_rule(
    "the-units",
    "(?:THE | THESE | THOSE | HIS)? (?:LAST | NEXT | FOLLOWING | PREVIOUS | COMING | LATEST | ORD) (?:ADJ)?"
    " (?P<n>CARDINAL | VAGUE (?:OF)?)? MORE? ADJ? (?P<unit>UNITS)",
    "(?:THE | THESE | THOSE | HIS)? (?:LAST | NEXT | FOLLOWING | PREVIOUS | COMING)"
    " (?P<n>CARDINAL) (?:TO | OR | HYPHEN | DASH) (?P<m>CARDINAL) (?P<unit>UNITS)",
    "(?:THE | THESE | THOSE) (?P<n>CARDINAL) MORE? ADJ? (?P<unit>UNITS)",
    "(?:THE | THESE | THOSE) (?P<n>CARDINAL) (?:LAST | NEXT | FOLLOWING | PREVIOUS) (?P<unit>UNITS)",
    "THE UNIT HYPHEN EARLIER (?P<n>CARDINAL) (?P<unit>UNITS)",
)
def _the_units(found: Found) -> Built:
    words, unit = found.text("n"), unit_of(found)
    if unit in {"N", "S"} or found.all()[0].text == "following":  # "following six months of fighting"
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
    """Quarters are left out: "winter quarters", "three-quarters of the votes"."""
    unit = unit_of(found)
    return Reading(Span(format_duration(None, unit)), "BARE_UNITS") if unit not in {"N", "S", "L", "Q"} else None


@_rule("quarter-century", "ART (?P<quarter>UNIT) (?:OF ART | HYPHEN)? (?P<unit>UNIT)")
def _quarter_century(found: Found) -> Built:
    """ "a quarter of a century", "a quarter-century"."""
    return Reading(Span("P25Y"), "DURATION") if (unit_of(found, "quarter"), unit_of(found)) == ("Q", "C") else None
