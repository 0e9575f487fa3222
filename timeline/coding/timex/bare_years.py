"""Whether four digits are a year: "in 1430" and "2015" are, "1430 people", "at 1430" and "up to 1429" are not."""

from __future__ import annotations

from collections.abc import Sequence

from timeline.coding.timex.expressions import CalendarDate, Item

FREE_YEARS = range(1900, 2036)  # a year even where nothing before it says so
_LINKS = frozenset({"IN", "SINCE", "BY", "FROM", "TO", "OF", "PREP", "BETWEEN"})
_DETERMINERS = frozenset({"THE", "OPEN", "MONTH", "PART", "SEASON", "HIS", "POSS", "THAT", "THIS"})
_PLACED = frozenset({"in", "since", "by", "from", "until", "till", "during", "before", "after", "of", "the"})
_ABOUT = frozenset({"about", "around", "approximately", "roughly", "circa", "c.", "ca."})
_LABELS = (["resolution"], ["flight"], ["route"], ["room"], ["article"], ["section"], ["channel"], ["page"])
_COUNTED = frozenset({
    "people", "men", "women", "children", "tonnes", "tons", "kilograms", "kg", "km", "civilian", "dead", "personnel",
    "police", "staff", "square", "cubic", "metric", "miles", "km2", "cases", "feet", "percent", "of", "more", "or",
    "were", "have", "are",
})  # fmt: skip
_NO_PLURALS = frozenset(
    {"was", "has", "is", "as", "its", "his", "this", "us", "does", "thus", "s", "perhaps", "across"}
)


def is_year(items: Sequence[Item], position: int, narrative: bool) -> bool:
    """Whether the item, four digits that no longer expression took, names a year where it stands."""
    item = items[position]
    year = item.meaning.year if isinstance(item.meaning, CalendarDate) else None
    words = _words_before(items, position, item)
    if year is None or _is_clock(items, position, words) or words[-2:] == ["up", "to"] or words[-1:] in _LABELS:
        return False
    free = year in FREE_YEARS or narrative
    if words in (["pre", "-"], ["post", "-"]):
        return free  # "post-1959 politics"
    if words[-1:] and words[-1] in _ABOUT:
        placed = words[-1] in {"circa", "c.", "ca."} or (len(words) > 1 and words[-2] in _PLACED)
        return placed or (free and not _counts(items, position))
    before = items[position - 1] if position else None
    linked = before is not None and before.code in _LINKS
    if not free:
        return linked and not _counts(items, position)
    if linked or _goes_on(items, position) or (before is not None and before.code in _DETERMINERS):
        return not _is_range_of_counts(items, position)
    return narrative or not _counts(items, position)


def _goes_on(items: Sequence[Item], position: int) -> bool:
    """ "the floods of 1957 and 1968 were", after a year that is linked itself."""
    chain = [item.code for item in items[max(0, position - 3) : position]]
    return len(chain) == 3 and chain[0] in _LINKS and chain[1] == "BARE_YEAR" and chain[2] in {"AND", "OR", "COMMA"}


def _words_before(items: Sequence[Item], position: int, item: Item) -> list[str]:
    """The two words before the digits, those that were folded into the item ("about 2015") among them."""
    own = item.text.split()[:-1] if item.mod == "APPROX" else []
    return ([one.text for one in items[max(0, position - 2) : position]] + own)[-2:]


def _is_clock(items: Sequence[Item], position: int, words: list[str]) -> bool:
    """ "at 1330", "at about 1330", "updated 2033 15.04.2017"."""
    if "at" in words[-1:] or (len(words) > 1 and words[-2] == "at" and words[-1] in _ABOUT):
        return True
    after = items[position + 1] if position + 1 < len(items) else None
    return after is not None and (after.rule in {"slash-date", "iso-date"} or after.code == "MERIDIEM")


def _counts(items: Sequence[Item], position: int) -> bool:
    """Whether a noun that can be counted follows, perhaps after an adjective or another number."""
    following = list(items[position + 1 : position + 5])
    if len(following) > 1 and following[0].code in {"AND", "TO", "OR", "HYPHEN", "DASH"}:
        following = following[2:] if following[1].text[:1].isdigit() else following
    exact = items[position].text.isdigit() and int(items[position].text) % 100 != 0  # "2014 Veloran airstrikes"
    for step, item in enumerate(following[: 1 if exact else 2]):
        if item.code != "OTHER" or not item.text.isalpha():
            return item.code in {"OF", "MORE"} and step == 0
        if item.text in _COUNTED or _is_plural(item.text):
            return True
    return False


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word not in _NO_PLURALS


def _is_range_of_counts(items: Sequence[Item], position: int) -> bool:
    """ "between 2000 and 2500 people": the other end is no year of our time."""
    after = items[position + 1 : position + 3]
    other = after[1].text if len(after) == 2 and after[0].code in {"AND", "TO", "OR", "HYPHEN", "DASH"} else ""
    return other.isdigit() and len(other) == 4 and int(other) not in FREE_YEARS and _counts(items, position)
