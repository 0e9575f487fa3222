"""Training sentences: read the hand-written cores, fill their actors, set them among the words of a lead.

A core is one act between S and T: `S.pol arrested T.susp D`. Some are written out, sentence by sentence
(*.txt); others put an act of acts*.yaml into a setting of settings.yaml ("agreed to", "accused T of").
`S.pol` is filled from the kind `pol` of actors.yaml, a bare S or T from states, leaders and bodies; A is a
further actor, D a day, P a city. `[S:words]` and `[T:words]` give an argument literally. A line `= TYPE`
names the type of what follows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from timeline.coding.classifier.inflection import inflect
from timeline.coding.classifier.links import Span
from timeline.coding.resources import read_yaml
from timeline.ontology import EVENT_TYPES

_SLOT = re.compile(
    r"\[(?P<role>[ST]):(?P<words>[^\]]+)\]|(?<![\w.'’-])(?P<name>[STADP])(?:\.(?P<kind>[a-z]+))?(?![\w-])"
)
_ANY = ("gov", "gov", "gov", "lead", "lead", "org")
_COOPERATIVE = frozenset({"CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
_WORDS = frozenset({"ACCUSE", "REJECT", "REQUEST", "THREATEN"})
_SPEECH = frozenset({"REQUEST", "THREATEN"})  # "agreed to demand" is no AGREE: these stay what they are
_WRAP_SLOT = re.compile(r"\{([XDP])\}")


@dataclass(frozen=True, slots=True)
class Core:
    """An act: its type, its words with slots, where they stand (`file:line`); cores of one group share an act."""

    event_type: str
    words: str
    origin: str
    group: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with the character spans of source and target, the type, and the core it grew from."""

    text: str
    source: Span | None
    target: Span | None
    event_type: str
    core: Core


def read_cores(folder: Traversable | None = None) -> list[Core]:
    """The cores of every .txt file of the folder, in order of file name and line.

    Raises:
        ValueError: A line before the first `= TYPE`, an unknown type, or a core without S and T; lists all.
    """
    folder = folder or resources.files("timeline") / "resources" / "training"
    cores: list[Core] = []
    problems: list[str] = []
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".txt"):
            continue
        event_type = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            origin = f"{path.name}:{number}"
            if line.startswith("="):
                event_type = line.strip("= ")
                problems += [] if event_type in EVENT_TYPES else [f"{origin}: unknown type {event_type!r}"]
            elif line.strip() and not line.startswith("#"):
                roles = {match["role"] or match["name"] for match in _SLOT.finditer(line)}
                if not event_type or not roles & {"S", "T"}:
                    problems.append(f"{origin}: needs a type above it, and S or T: {line[:60]}")
                cores.append(Core(event_type, line.strip(), origin, line.strip()))
    if problems:
        raise ValueError("\n".join(problems))
    return cores


def compose(per_act: int = 2, others: int = 2, seed: int = 0) -> list[Core]:
    """Set each act of acts*.yaml in `per_act` settings that keep its type and `others` that change it."""
    acts, settings = _read_acts(), _read_yaml("settings.yaml")
    same = [setting for setting in settings if setting["to"] == "same"]
    cores: list[Core] = []
    for event_type, phrases in acts.items():
        side = "coop" if event_type in _COOPERATIVE else "conf"
        kinds = {"any", side, "words" if event_type in _WORDS else "harm" if side == "conf" else ""}
        changing = [setting for setting in settings if setting["to"] != "same" and setting["of"] in kinds]
        keeping = [setting for setting in same if setting["of"] in kinds]
        for phrase in phrases if event_type not in _SPEECH else []:
            draw = random.Random(f"{seed}:{phrase}")  # noqa: S311
            for setting in [*draw.sample(keeping, per_act), *draw.sample(changing, others)]:
                to = event_type if setting["to"] == "same" else setting["to"]
                if to != event_type or setting["to"] == "same":
                    cores.append(Core(to, _set_act(phrase, setting["text"]), f"acts.yaml:{event_type}", phrase))
        for phrase in phrases if event_type in _SPEECH else []:
            draw = random.Random(f"{seed}:{phrase}")  # noqa: S311
            texts = [setting["text"] for setting in draw.sample(keeping, per_act)]
            cores += [Core(event_type, _set_act(phrase, text), f"acts.yaml:{event_type}", phrase) for text in texts]
    return cores


def _set_act(phrase: str, text: str) -> str:
    kind, _, act = phrase.rpartition(": ")
    if "{T" in text:  # the act is the target's: its own T is someone else
        act = re.sub(r"(?<![\w.'’-])T(?=\.[a-z]|\b)", "A", act)
        text = re.sub(
            r"\{(T(?:\.[a-z]+)?)\}", lambda match: f"T.{kind}" if kind and match[1] == "T" else match[1], text
        )
    elif kind:
        text = re.sub(r"(?<![\w.'’-])S(?![\w.-])", f"S.{kind}", text)
    for name, form in inflect(act).items():
        text = text.replace("{" + name + "}", form)
    return text


def _read_acts() -> dict[str, list[str]]:
    """The acts of both files, by type, without repeats."""
    acts: dict[str, dict[str, None]] = {}
    for name in ("acts.yaml", "acts-2.yaml"):
        for event_type, phrases in _read_yaml(name).items():
            acts.setdefault(event_type, {}).update(dict.fromkeys(phrases))
    return {event_type: list(phrases) for event_type, phrases in acts.items()}


def _read_yaml(name: str) -> Any:
    return read_yaml(f"training/{name}")


def expand(cores: list[Core], copies: int, seed: int = 0, wrapped: float = 0.6) -> Iterator[Example]:
    """Fill and wrap each core `copies` times; the same seed gives the same sentences."""
    actors, wrappers = _read_yaml("actors.yaml"), _read_yaml("wrappers.yaml")
    for core in cores:
        draw = random.Random(f"{seed}:{core.words}")  # noqa: S311
        for n in range(copies):
            example = _fill(core, actors, draw)
            bare = n == 0 and copies > 1
            yield example if bare or draw.random() > wrapped else _wrap(example, wrappers, actors, draw)


def _pick(kind: str, actors: dict[str, list[str]], draw: random.Random, used: set[str]) -> str:
    for _ in range(9):
        found = str(draw.choice(actors[kind]))
        if found not in used:
            break
    used.add(found)
    return found


def _fill(core: Core, actors: dict[str, list[str]], draw: random.Random) -> Example:
    used: set[str] = set()
    text, spans, rest = "", {}, 0
    for match in _SLOT.finditer(core.words):
        text += core.words[rest : match.start()]
        rest = match.end()
        name = match["role"] or match["name"]
        words = match["words"] or _pick(
            {"D": "date", "P": "place"}.get(name) or match["kind"] or draw.choice(_ANY), actors, draw, used
        )
        start = len(text)
        text += words if start or not words[:1].islower() else words[0].upper() + words[1:]
        if name in "ST" and name not in spans:
            spans[name] = (start, len(text))
    text += core.words[rest:]
    text = text if text[-1:] in '.?!"' else text + "."
    return Example(text, spans.get("S"), spans.get("T"), core.event_type, core)


def _wrap(
    example: Example, wrappers: dict[str, list[str]], actors: dict[str, list[str]], draw: random.Random
) -> Example:
    used: set[str] = set()

    def fill(match: re.Match[str]) -> str:
        kind = {"X": draw.choice(_ANY), "D": "date", "P": "place"}[match[1]]
        return _pick(kind, actors, draw, used)

    before = _WRAP_SLOT.sub(fill, draw.choice(wrappers["before"])) if draw.random() < 0.5 else ""
    after = _WRAP_SLOT.sub(fill, draw.choice(wrappers["after"])) if draw.random() < 0.7 else ""
    body = example.text
    if before:
        before = before[0].upper() + before[1:]
        if not before.rstrip().endswith(("-", "--")) and re.match(r"(The|A|An|At|About|Several|Police|Gunmen)\b", body):
            body = body[0].lower() + body[1:]
    if after and body.endswith("."):
        body = body[:-1] + after + "."
    shift = len(before)
    source, target = (span and (span[0] + shift, span[1] + shift) for span in (example.source, example.target))
    return Example(before + body, source, target, example.event_type, example.core)
