"""The machinery of the grammar: rules over classes of tokens, compiled to regular expressions over code strings.

A text's items are written as one string, one character per item; a rule such as `MONTH (?P<day>NUM) COMMA? YEAR`
becomes a regular expression over that string. At each place the longest match whose builder accepts it wins;
between equals the rule that was declared first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from timeline.coding.timex.expressions import Expression, Item

_NAME = re.compile(r"(?<![<\w?])[A-Z][A-Z_]+(?![>\w])")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a builder makes of a match. `group` names the part that the expression covers, "" for all of it."""

    meaning: Expression
    code: str = "DATE"
    mod: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A match of a rule over items."""

    items: Sequence[Item]
    match: re.Match[str]

    def all(self, group: str = "") -> tuple[Item, ...]:
        """The items of a group, of the whole match for ""; none if the pattern lacks the group."""
        if group and group not in self.match.re.groupindex:
            return ()
        start, end = self.match.span(group or 0)
        return tuple(self.items[start:end]) if start >= 0 else ()

    def one(self, group: str) -> Item | None:
        items = self.all(group)
        return items[0] if items else None

    def text(self, group: str = "") -> str:
        return " ".join(item.text for item in self.all(group))

    def has(self, group: str) -> bool:
        return bool(self.all(group))

    def before(self) -> Item | None:
        start = self.match.start()
        return self.items[start - 1] if start else None

    def after(self) -> Item | None:
        end = self.match.end()
        return self.items[end] if end < len(self.items) else None


Built = Reading | tuple[Reading, ...] | None
Builder = Callable[[Found], Built]


class Alphabet:
    """Classes as single characters, given out as they are first used."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self._codes.setdefault(name, chr(0x4E00 + len(self._codes)))

    def compile(self, pattern: str, macros: Mapping[str, str]) -> re.Pattern[str]:
        for name in reversed(list(macros)):  # later macros are made of earlier ones
            pattern = re.sub(rf"\b{name}\b", f"(?:{macros[name]})", pattern)
        return re.compile(re.sub(r"\s+", "", _NAME.sub(lambda m: self[m.group()], pattern)))


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    patterns: tuple[str, ...]
    build: Builder


class RuleSet(list[Rule]):
    """The rules of one module, in the order they are declared."""

    def rule(self, name: str, *patterns: str) -> Callable[[Builder], Builder]:
        """Declare a rule; several patterns may share a builder."""

        def declare(build: Builder) -> Builder:
            self.append(Rule(name, patterns, build))
            return build

        return declare


Compiled = tuple[str, re.Pattern[str], Builder]


class Grammar:
    """An ordered set of rules over one alphabet; `reduce` rewrites items by them."""

    def __init__(self, alphabet: Alphabet, macros: Mapping[str, str], rules: Sequence[Rule]) -> None:
        self._alphabet = alphabet
        self._rules: list[Compiled] = [
            (rule.name, alphabet.compile(pattern, macros), rule.build) for rule in rules for pattern in rule.patterns
        ]
        self._by_code: dict[str, tuple[Compiled, ...]] = {}

    def reduce(self, items: Sequence[Item]) -> list[Item]:
        """Replace every run of items that a rule reads by one item (or by several, for a range)."""
        codes = "".join([self._alphabet[item.code] for item in items])
        reduced: list[Item] = []
        position = 0
        while position < len(items):
            rules = self._rules_from(codes[position])
            found = self._best(rules, items, codes, position) if rules else None
            if found:
                position, new = found
                reduced.extend(new)
            else:
                reduced.append(items[position])
                position += 1
        return reduced

    def _best(
        self, rules: tuple[Compiled, ...], items: Sequence[Item], codes: str, position: int
    ) -> tuple[int, list[Item]] | None:
        matches = [(m, name, build) for name, regex, build in rules if (m := regex.match(codes, position))]
        for match, name, build in sorted(matches, key=lambda one: -one[0].end()):
            built = build(Found(items, match)) if match.end() > position else None
            if built:
                readings = built if isinstance(built, tuple) else (built,)
                return match.end(), _replace(items, match, readings, name)
        return None

    def _rules_from(self, code: str) -> tuple[Compiled, ...]:
        """The rules whose pattern has the class at all; the others cannot begin with it."""
        if code not in self._by_code:
            self._by_code[code] = tuple(rule for rule in self._rules if code in rule[1].pattern)
        return self._by_code[code]


def _replace(items: Sequence[Item], match: re.Match[str], readings: tuple[Reading, ...], rule: str) -> list[Item]:
    """The items of the match, with those each reading covers folded into one."""
    folded: list[Item] = []
    position = match.start()
    for reading in readings:
        start, end = match.span(reading.group) if reading.group else match.span()
        folded.extend(items[position:start])
        folded.append(_fold(items[start:end], reading, rule))
        position = end
    folded.extend(items[position : match.end()])
    return folded


def _fold(items: Sequence[Item], reading: Reading, rule: str) -> Item:
    text = " ".join(item.text for item in items)
    return Item(items[0].start, items[-1].end, text, reading.code, reading.meaning, reading.mod, rule)
