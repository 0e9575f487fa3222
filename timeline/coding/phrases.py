"""The parts of a noun phrase, and the small questions that reading one asks of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from timeline.coding.agents import Noun
from timeline.coding.entries import Entry
from timeline.coding.lexicon import Sense

SLANTED = frozenset(
    ("backed", "led", "based", "held", "controlled", "occupied", "born", "made", "supported", "allied", "affiliated",
     "linked", "funded", "trained", "sponsored", "aligned", "friendly", "brokered", "mediated", "ruled", "run", "armed",
     "educated", "speaking", "inspired", "installed", "imposed", "sanctioned", "mandated", "protected", "leaning",
     "style", "financed", "equipped", "appointed", "administered", "besieged", "dominated", "supplied", "facing")
)  # fmt: skip
SEATED = frozenset({"based", "run", "controlled", "administered", "ruled"})  # "the Beirut-based paper" is Lebanese
AGAINST = frozenset({"pro", "anti", "non", "counter", "post", "pre"})
LEAD = frozenset(
    ("the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "our", "my", "some", "any",
     "at", "least", "more", "than", "about", "around", "over", "nearly", "almost", "up", "as", "many", "both", "other",
     "another", "such", "current", "then", "new", "late", "s")
)  # fmt: skip
NAME_PARTS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """Words that belong together: `kind` is name, weak, place, noun, title, modifier, people, former or word."""

    kind: str
    text: str
    key: str
    senses: tuple[Sense, ...] = ()
    noun: Noun | None = None
    sector: str = ""
    place: str = ""  # the country that a city lies in or a people lives in

    @property
    def entry(self) -> Entry | None:
        return self.senses[0].entry if self.senses else None


def drop_slanted(parts: Sequence[Part]) -> list[Part]:
    """Leave out who only backs, leads or is opposed: "Turkish-backed rebels", "pro-Assad militia"."""
    kept: list[Part] = []
    for i, part in enumerate(parts):
        if part.key in SLANTED or (part.kind == "word" and part.key in AGAINST):
            continue
        slanted = i + 1 < len(parts) and parts[i + 1].key in SLANTED
        opposed = i > 0 and parts[i - 1].key in AGAINST
        if not (slanted or opposed):
            kept.append(part)
    return kept


def is_person(part: Part) -> bool:
    return part.kind == "name" and part.entry is not None and part.entry.kind == "person"


def first_joined(head: Sequence[Part]) -> list[Part]:
    """The first of several joined by "and", with the noun that they share ("Norlandic and Quillish officials")."""
    joint = next((i for i, part in enumerate(head) if i and part.key in ("and", "or")), len(head))
    first = list(head[:joint])
    if first and all(part.senses and part.senses[0].use == "demonym" for part in first):
        return first + [part for part in head[joint + 1 :] if not part.senses]
    return first


def find_last(parts: Sequence[Part], wanted: Callable[[Part], bool]) -> int:
    return next((i for i in range(len(parts) - 1, -1, -1) if wanted(parts[i])), -1)


def name_after(head: Sequence[Part], main: int) -> str:
    """The unknown name behind a title or post."""
    following = head[main + 1 :]
    return "" if any(part.place for part in following) else proper_words(following)


def proper_words(parts: Sequence[Part]) -> str:
    """The name that unknown capitalised words make up, "" where they do not."""
    texts = [part.text for part in parts]
    fits = 0 < len(texts) <= NAME_PARTS and texts[0][0].isupper() and texts[-1][0].isupper()
    return " ".join(texts) if fits else ""


def proper_name(parts: Sequence[Part]) -> str:
    """The name of a body that is written as one: "Northvale Mining Company"; "" where its noun is a common one."""
    texts = [part.text for part in parts if part.key not in LEAD]
    unknown = [part for part in parts if part.kind == "word" and part.key not in LEAD and part.text[0].isupper()]
    proper = (
        len(texts) > 1
        and unknown
        and all(word[0].isupper() or word in ("and", "of", "for", "s") for text in texts for word in text.split())
    )
    return " ".join(texts) if proper and not parts[-1].text.isupper() else ""


def is_same_body(owner: Entry, noun: Noun, sector: str) -> bool:
    """Whether the noun only says what the owner is, or names those who make it up ("Hezbollah fighters")."""
    if owner.kind in ("state", "region", "person") or (owner.kind == "bloc" and sector != owner.sector):
        return False
    if noun.kind in ("members", "groups"):
        return True
    if noun.kind == "offices":
        return sector == owner.sector
    armed = {"MIL", "REB", "UAF", "PRM", "CRM", "COP", "GOV"}
    return (
        sector == owner.sector
        or (owner.sector == "MIL" and sector == "UAF")
        or (owner.kind == "armed_group" and sector in armed)
        or (noun.kind == "organs" and sector in ("GOV", "IGO", "COP"))
    )
