"""The frame lexicon: which words name which act, and where in the clause its source and target stand.

A frame is written as a line of plain words, for example `launch {attack} on|against T`: the verb, the kind of
object it needs, and the slot of the target. resources/frames/README.md explains the notation. Every file of the
folder is checked when it is loaded, and all mistakes are reported together as file:line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import yaml

from timeline.coding.resources import compose_yaml
from timeline.errors import LexiconError
from timeline.ontology import EVENT_TYPES

POS = ("verb", "noun", "adjective")
ROLES = frozenset("STRX")
NO_EVENT = ""  # frames of type NONE: the words match, but name no act
_CLASSES = "classes.yaml"
_OPERATORS = "operators.yaml"
_GROUP_KEYS = frozenset({"type", "pos", "root", "confidence", "mode", "frames"})
_ROOTS = frozenset(f"{number:02}" for number in range(1, 21))
_TOKEN = re.compile(r"\(|\)|[^\s()]+")
_WORD = re.compile(r"[a-z][a-z'\-]*")


@dataclass(frozen=True, slots=True)
class Slot:
    """One element of a frame beside its head.

    `kind` is object, prep, particle, infinitive, clause or complement. `words` are the prepositions, the particle
    or the literal object nouns allowed; `nouns` the object nouns that a preposition or class asks for (empty: any).
    `role` is S source, T target, R both, X neither. `actor` asks for an actor mention right there.
    """

    kind: str
    role: str = "X"
    words: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    optional: bool = False
    actor: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A sense of a predicate: what it is called, what it needs, and which act it names ("" none)."""

    head: str
    pos: str
    event_type: str
    subject: str
    slots: tuple[Slot, ...]
    cameo_root: str
    confidence: float
    mode: str
    rule: str
    origin: str = ""  # file:line

    @property
    def specificity(self) -> int:
        """How much the frame asks for; the most demanding frame that matches wins."""
        weights = {"subject": 1, "object": 1, "prep": 2, "particle": 3, "infinitive": 2, "clause": 2, "complement": 2}
        needed = [slot for slot in self.slots if not slot.optional]
        return sum(weights[slot.kind] + 2 * bool(slot.nouns) + slot.actor for slot in needed)

    @property
    def reciprocal(self) -> bool:
        return self.subject == "R"


@dataclass(frozen=True, slots=True)
class Frames:
    """The loaded lexicon. `by_head` holds frames by (pos, head lemma), the most demanding first."""

    by_head: MappingProxyType[tuple[str, str], tuple[Frame, ...]]
    classes: MappingProxyType[str, frozenset[str]]
    operators: MappingProxyType[str, frozenset[str]]

    def senses(self, pos: str, head: str) -> tuple[Frame, ...]:
        return self.by_head.get((pos, head), ())

    def __len__(self) -> int:
        return sum(len(frames) for frames in self.by_head.values())

    def __iter__(self) -> Iterator[Frame]:
        for frames in self.by_head.values():
            yield from frames


@cache
def load_frames() -> Frames:
    """The frames that ship with the package. Raises LexiconError with all mistakes at once."""
    folder = files("timeline").joinpath("resources/frames")
    return read_frames(Path(str(entry)) for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def read_frames(paths: Iterable[Path]) -> Frames:
    """The frames of these YAML files, classes.yaml and operators.yaml among them.

    Raises:
        LexiconError: One or more mistakes, each as `file:line: what`.
    """
    problems: list[str] = []
    trees = {path.name: _compose(path, problems) for path in sorted(paths, key=lambda path: path.name)}
    classes = _read_word_lists(_CLASSES, trees.pop(_CLASSES, None), problems)
    classes = _join_classes(classes, problems)
    operators = _read_word_lists(_OPERATORS, trees.pop(_OPERATORS, None), problems)
    found: dict[tuple[str, str], list[Frame]] = {}
    for name, tree in trees.items():
        for frame in _read_groups(name, tree, classes, problems):
            found.setdefault((frame.pos, frame.head), []).append(frame)
    problems += [problem for frames in found.values() for problem in _find_clashes(frames)]
    if problems:
        raise LexiconError(problems)
    by_head = {key: tuple(sorted(frames, key=lambda frame: -frame.specificity)) for key, frames in found.items()}
    return Frames(MappingProxyType(by_head), MappingProxyType(classes), MappingProxyType(operators))


def _find_clashes(frames: list[Frame]) -> Iterator[str]:
    """Frames of one head that ask for the same and name different acts: the second could never win."""
    first: dict[tuple[str, tuple[Slot, ...]], Frame] = {}
    for frame in frames:
        known = first.setdefault((frame.subject, frame.slots), frame)
        if (known.event_type, known.cameo_root) != (frame.event_type, frame.cameo_root):
            act = known.event_type or "NONE"
            yield f"{frame.origin}: '{frame.head}' in '{frame.rule}' is already {act} at {known.origin}"


def _compose(path: Path, problems: list[str]) -> yaml.Node | None:
    try:
        return compose_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problems.append(f"{path.name}:{line}: not readable as YAML: {getattr(error, 'problem', error)}")
        return None


def _read_word_lists(name: str, tree: yaml.Node | None, problems: list[str]) -> dict[str, frozenset[str]]:
    """A mapping of names to lists of words."""
    lists: dict[str, frozenset[str]] = {}
    for key, value in _pairs(name, tree, problems):
        if not isinstance(value, yaml.SequenceNode):
            problems.append(f"{name}:{_line(value)}: '{key}' must be a list of words")
            continue
        if key in lists:
            problems.append(f"{name}:{_line(value)}: '{key}' is defined twice")
        lists[key] = frozenset(item.value for item in value.value if isinstance(item, yaml.ScalarNode))
    return lists


def _join_classes(classes: dict[str, frozenset[str]], problems: list[str]) -> dict[str, frozenset[str]]:
    """Classes that name others in braces take in their words."""
    joined = {}
    for name, words in classes.items():
        parts = {word for word in words if word.startswith("{")}
        unknown = sorted(part for part in parts if part.strip("{}") not in classes)
        problems += [f"{_CLASSES}: class '{name}' names an unknown class {part}" for part in unknown]
        joined[name] = (words - parts).union(*(classes.get(part.strip("{}"), frozenset()) for part in parts))
    return joined


def _pairs(name: str, tree: yaml.Node | None, problems: list[str]) -> list[tuple[str, yaml.Node]]:
    if tree is None:
        return []
    if not isinstance(tree, yaml.MappingNode):
        problems.append(f"{name}:{_line(tree)}: expected a mapping of names to lists")
        return []
    return [(key.value, value) for key, value in tree.value]


def _read_groups(
    name: str, tree: yaml.Node | None, classes: dict[str, frozenset[str]], problems: list[str]
) -> Iterator[Frame]:
    if tree is None:
        return
    if not isinstance(tree, yaml.SequenceNode):
        problems.append(f"{name}:{_line(tree)}: expected a list of groups, each with type, pos and frames")
        return
    for group in tree.value:
        yield from _read_group(name, group, classes, problems)


def _read_group(
    name: str, group: yaml.Node, classes: dict[str, frozenset[str]], problems: list[str]
) -> Iterator[Frame]:
    fields = dict(_pairs(name, group, problems))
    values = {key: node.value for key, node in fields.items() if isinstance(node, yaml.ScalarNode)}
    wrong = list(_check_group(f"{name}:{_line(group)}", fields, values))
    problems += wrong
    lines = fields.get("frames")
    if wrong or not isinstance(lines, yaml.SequenceNode):
        return
    event_type = NO_EVENT if values["type"] == "NONE" else values["type"]
    for node in lines.value:
        try:
            heads, subject, slots = parse_pattern(str(node.value), values["pos"], classes)
        except ValueError as error:
            problems.append(f"{name}:{_line(node)}: {error}")
            continue
        for head in heads:
            yield Frame(head, values["pos"], event_type, subject, slots, values.get("root", ""),
                        float(values.get("confidence", 0.75)), values.get("mode", ""), _name_rule(head, node.value),
                        f"{name}:{_line(node)}")  # fmt: skip


def _name_rule(head: str, pattern: str) -> str:
    """A frame's pattern as a reader is shown it: its own head, and no more than three of several words."""

    def shorten(match: re.Match[str]) -> str:
        words = match.group().split("/")
        if head in words:
            return head
        return match.group() if len(words) <= 3 else "/".join([*words[:2], "…"])

    return re.sub(r"[\w'-]+(?:/[\w'-]+)+", shorten, pattern)


def _check_group(where: str, fields: dict[str, yaml.Node], values: dict[str, str]) -> Iterator[str]:
    for key in sorted(set(fields) - _GROUP_KEYS):
        yield f"{where}: unknown key '{key}'; use one of {', '.join(sorted(_GROUP_KEYS))}"
    if values.get("type") not in {*EVENT_TYPES, "NONE"}:
        yield f"{where}: unknown type '{values.get('type')}'; use one of {', '.join(EVENT_TYPES)} or NONE"
    if values.get("pos") not in POS:
        yield f"{where}: unknown pos '{values.get('pos')}'; use one of {', '.join(POS)}"
    if "root" in values and values["root"] not in _ROOTS:
        yield f"{where}: unknown CAMEO root '{values['root']}'; use 01 to 20, in quotes"
    if not re.fullmatch(r"0\.\d+|1|1\.0|", values.get("confidence", "")):
        yield f"{where}: confidence '{values['confidence']}' is not a number from 0 to 1"
    if not isinstance(fields.get("frames"), yaml.SequenceNode):
        yield f"{where}: 'frames' must be a list of lines"


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def parse_pattern(
    line: str, pos: str, classes: dict[str, frozenset[str]]
) -> tuple[tuple[str, ...], str, tuple[Slot, ...]]:
    """A frame's line to its heads, the role of its subject (a noun's owner) and its slots.

    Raises:
        ValueError: The line breaks the notation; the message says where.
    """
    tokens = _TOKEN.findall(line)
    subject = "S"
    slots: list[Slot] = []
    if tokens and tokens[0][0] in ROLES:
        subject, who = tokens[0][0], tokens.pop(0)[1:]
        if who:  # S=troop: the subject must be one of these
            slots.append(Slot("subject", nouns=_parse_filler(who, classes, line)[1]))
    if not tokens or not all(_WORD.fullmatch(head) for head in tokens[0].split("/")):
        raise ValueError(f"'{line}' must begin with a word in lower case (after S, T, R or X)")
    optional, at = False, 1
    while at < len(tokens):
        if tokens[at] in "()":
            if (tokens[at] == "(") == optional:
                raise ValueError(f"'{line}': parentheses do not pair")
            optional = tokens[at] == "("
            at += 1
            continue
        slot, used = _parse_slot(tokens, at, optional, classes, line)
        if pos == "noun" and slot.kind == "prep" and slot.role in "STR":  # a noun may always leave its participants out
            slot = replace(slot, optional=True)
        slots.append(slot)
        at += used
    if optional:
        raise ValueError(f"'{line}': parentheses do not pair")
    if pos == "verb" and subject != "R" and any(slot.role == "R" for slot in slots):
        raise ValueError(f"'{line}': a slot R needs R before the verb, since its subject takes part too")
    return tuple(tokens[0].split("/")), subject, tuple(slots)


def _parse_slot(
    tokens: list[str], at: int, optional: bool, classes: dict[str, frozenset[str]], line: str
) -> tuple[Slot, int]:
    word = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    if word in {"TO", "ING", "THAT"}:
        kind = {"TO": "infinitive", "ING": "infinitive", "THAT": "clause"}[word]
        return Slot(kind, optional=optional), 1
    if word.startswith("TO="):
        return Slot("infinitive", nouns=frozenset(word[3:].split("/")), optional=optional), 1
    if _is_filler(word):
        role, nouns, actor = _parse_filler(word, classes, line)
        return Slot("object", role, nouns=nouns, optional=optional, actor=actor), 1
    if word.startswith("~"):  # an adjective or noun that complements the verb: be ~critical
        return Slot("complement", words=frozenset(word[1:].split("/")), optional=optional), 1
    if not all(_WORD.fullmatch(part) for part in word.split("|")):
        raise ValueError(f"'{line}': cannot read '{word}'")
    if _is_filler(following):
        role, nouns, actor = _parse_filler(following, classes, line)
        return Slot("prep", role, frozenset(word.split("|")), nouns, optional, actor), 2
    if following == "ING":
        return Slot("prep", "X", frozenset(word.split("|")), frozenset({"ING"}), optional), 2
    return Slot("particle", words=frozenset(word.split("|")), optional=optional), 1


def _is_filler(word: str) -> bool:
    return bool(word) and (word.rstrip("!") in ROLES or word[0] in "={")


def _parse_filler(word: str, classes: dict[str, frozenset[str]], line: str) -> tuple[str, frozenset[str], bool]:
    """S, T!, =literal/nouns or {class}, the last two optionally with a role before a colon: =T:visit."""
    if word.rstrip("!") in ROLES:
        return word[0], frozenset(), word.endswith("!")
    body, role = word, "X"
    if ":" in word:
        role, body = word[1], word[0] + word.split(":", 1)[1]
        if role not in ROLES:
            raise ValueError(f"'{line}': '{role}' is no role; use S, T, R or X")
    if body.startswith("="):
        return role, frozenset(body[1:].split("/")), False
    name = body.strip("{}")
    if name not in classes:
        raise ValueError(f"'{line}': unknown class '{{{name}}}'; define it in {_CLASSES}")
    return role, classes[name], False
