"""Noun phrases to actors: names, offices, nationalities with agent nouns, organs of states.

A phrase is read as parts (names of the lexicon, nouns of agents.yaml, the words between) and put together:
the noun gives the sector, the nearest nationality, city or owner the country. A composed actor has a readable
id such as SYR-UAF and folds into its state; where the lexicon knows the organ itself (an army, a government),
soldiers and ministers fold into that.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from timeline.coding.agents import Agents, Noun, load_agents
from timeline.coding.cities import find_city
from timeline.coding.entries import Entry
from timeline.coding.lexicon import Lexicon, Sense
from timeline.coding.words import Word, fold_text, split_words
from timeline.records import Actor

PREPOSITIONS = frozenset(
    ("of", "in", "from", "to", "for", "at", "across", "within", "on", "near", "with", "against", "inside",
     "throughout", "under", "over", "around", "by", "among", "between", "outside")
)  # fmt: skip
OWNING = frozenset({"of", "in", "from", "at", "for", "across", "within", "inside", "throughout", "on", "near", "among"})
SLANTED = frozenset(
    ("backed", "led", "based", "held", "controlled", "occupied", "born", "made", "supported", "allied", "affiliated",
     "linked", "funded", "trained", "sponsored", "aligned", "friendly", "brokered", "mediated", "ruled", "run", "armed",
     "educated", "speaking", "inspired", "installed", "imposed", "sanctioned", "mandated", "protected", "leaning",
     "style", "financed", "equipped", "appointed", "administered", "besieged", "dominated", "supplied", "facing")
)  # fmt: skip
AGAINST = frozenset({"pro", "anti", "non", "counter", "post", "pre"})
ELITES = frozenset({"GOV", "MIL", "SPY", "LEG", "JUD", "PTY", "COP", "ELI", "IGO", ""})
_GENERIC = {
    "GOV": ("government",), "MIL": ("army", "armed forces", "military"), "COP": ("police",),
    "LEG": ("parliament",), "SPY": ("intelligence",),
}  # fmt: skip
LABELS = {
    "AGR": "farmers", "BUS": "business", "COP": "police", "CRM": "criminals", "CVL": "civilians", "EDU": "academics",
    "ELI": "former elites", "GOV": "government", "IGO": "international body", "JRN": "journalists", "JUD": "judiciary",
    "LAB": "workers", "LEG": "lawmakers", "MED": "medical staff", "MIL": "military", "MNC": "multinationals",
    "NGO": "aid organisations", "OPP": "opposition", "PRE": "unrecognised state", "PRM": "paramilitaries",
    "PTY": "politicians", "REB": "rebels", "REF": "refugees", "REL": "religious figures", "SOC": "civil society",
    "SPY": "intelligence", "UAF": "armed men", "UNK": "unnamed {} people",
}  # fmt: skip
_BODY_NAMES = {"EUR": "European Union", "UNO": "UN", "IGO": "international", "NGO": "charity", "MNC": "multinational"}
_LEAD = frozenset(
    ("the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "our", "my", "some", "any",
     "at", "least", "more", "than", "about", "around", "over", "nearly", "almost", "up", "as", "many", "both", "other",
     "another", "such", "current", "then", "new", "late", "s")
)  # fmt: skip
_RELATIVE = re.compile(r"\s*(?:[,;:(\[]|\b(?:who|whom|which|that|whose|where)\b)\s*", re.IGNORECASE)
HEADED_BY_MINISTER = frozenset(  # states whose leader is the head of government, though they have a president
    ("DEU", "AUT", "ITA", "ISR", "IND", "GRC", "IRQ", "PAK", "BGD", "HUN", "CZE", "SVK", "BGR", "EST", "LVA", "SVN",
     "HRV", "ALB", "MKD", "IRL", "ISL", "MLT", "ETH", "LBN", "ARM", "GEO", "NPL", "SGP", "FIN", "PRT", "TTO", "FJI")
)  # fmt: skip
_CACHED, _LONGEST, _NAME_PARTS = 20_000, 300, 6
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """Words that belong together: `kind` is name, weak, place, noun, title, modifier, people, former or word."""

    kind: str
    text: str
    key: str
    senses: tuple[Sense, ...] = ()
    noun: Noun | None = None
    sector: str = ""
    place: str = ""  # the country that a city lies in

    @property
    def entry(self) -> Entry | None:
        return self.senses[0].entry if self.senses else None


_OF = (Part("word", "of", "of"),)


class ActorResolver:
    """Turns phrases into actors, by one lexicon. Holds no state but a cache."""

    def __init__(self, lexicon: Lexicon, agents: Agents | None = None) -> None:
        self.lexicon = lexicon
        self.agents = agents or load_agents()
        self._cache: dict[tuple[str, dt.date | None], Actor | None] = {}

    def resolve(self, phrase: str, on: dt.date | None = None) -> Actor | None:
        """The actor that a noun phrase names.

        Args:
            phrase: Any noun phrase, with or without article.
            on: The day it is said; offices are then given to who held them. None leaves them to the organ.

        Returns:
            None where neither a name nor an agent noun is in it.
        """
        key = (phrase, on)
        if key not in self._cache:
            if len(self._cache) > _CACHED:
                self._cache.clear()
            self._cache[key] = self._resolve(phrase, on)
        return self._cache[key]

    def _resolve(self, phrase: str, on: dt.date | None) -> Actor | None:
        pieces = [piece for piece in _RELATIVE.split(_SPACES.sub(" ", phrase[:_LONGEST]).strip()) if piece]
        found = [actor for piece in pieces[:3] if (actor := self._resolve_plain(piece, on))]
        return next((actor for actor in found if self._is_person(actor)), found[0] if found else None)

    def _is_person(self, actor: Actor) -> bool:
        entry = self.lexicon.entries.get(actor.id)
        return entry is not None and entry.kind == "person"

    def _resolve_plain(self, phrase: str, on: dt.date | None) -> Actor | None:
        parts = drop_slanted(self.split(phrase, alone=True))
        while parts and (parts[0].key in _LEAD or parts[0].key.isdigit()) and parts[0].kind == "word":
            parts = parts[1:]
        return self._read(parts, on)

    def split(self, phrase: str, *, alone: bool = False) -> list[Part]:
        """Split a phrase into parts; with `alone` an ambiguous name counts where it is not followed by a noun."""
        words, parts, at = split_words(phrase), [], 0
        while at < len(words):
            end, part = self._part_at(phrase, words, at)
            if alone and part.kind == "weak" and end - at == len(words):
                part = Part("name", part.text, part.key, part.senses)
            parts.append(part)
            at = end
        return parts

    def _part_at(self, phrase: str, words: Sequence[Word], at: int) -> tuple[int, Part]:
        name_end, senses = self.lexicon.find(words, at)
        noun_end, noun = self.agents.find(words, at)

        def part(
            end: int, kind: str, senses: tuple[Sense, ...] = (), noun: Noun | None = None, sector: str = ""
        ) -> tuple[int, Part]:
            text = phrase[words[at].start : words[end - 1].end]
            return end, Part(kind, text, fold_text(text), senses, noun, sector)

        if senses and (name_end > noun_end or (name_end == noun_end and words[at].text[0].isupper())):
            strong = tuple(sense for sense in senses if sense.use != "weak")
            if strong or noun is None or name_end > noun_end:
                return part(name_end, "name" if strong else "weak", strong or senses)
        if noun:
            return part(noun_end, "noun", (), noun)
        city_end, country = find_city(words, at)
        if country:
            return city_end, replace(part(city_end, "place")[1], place=country)
        for kind, table in (
            ("modifier", self.agents.modifiers),
            ("people", self.agents.peoples),
            ("title", self.agents.titles),
        ):
            for length in range(min(3, len(words) - at), 0, -1):
                key = " ".join(word.key for word in words[at : at + length])
                if key in table and (kind != "title" or words[at].text[0].isupper()):
                    return part(at + length, kind, sector=table[key])
        return part(at + 1, "former" if words[at].key in self.agents.former else "word")

    def _read(self, parts: Sequence[Part], on: dt.date | None) -> Actor | None:
        cut = next((i for i, p in enumerate(parts) if i and p.kind == "word" and p.key in PREPOSITIONS), len(parts))
        head, link, tail = parts[:cut], parts[cut].key if cut < len(parts) else "", parts[cut + 1 :]
        joint = next((i for i, p in enumerate(head) if i and p.key in ("and", "or")), len(head))
        head = head[:joint]
        while head and head[-1].key == "s":
            head = head[:-1]
        head = [self._settled(part, head[:i], tail if link == "of" else ()) for i, part in enumerate(head)]
        main = _last(head, lambda part: part.kind in ("noun", "title"))
        person = _last(
            head, lambda part: part.entry is not None and part.entry.kind == "person" and part.kind == "name"
        )
        if person > main:
            return self._read_person(head, person, main, on)
        if main >= 0 and link == "of" and main == len(head) - 1 and (named := self._holder_named(head[main], tail, on)):
            return named
        if main >= 0:
            return self._read_noun(head, main, link, tail, on)
        return self._read_name(head, on) or (self._read(tail, on) if link in OWNING else None)

    def _settled(self, part: Part, before: Sequence[Part], tail: Sequence[Part]) -> Part:
        """An ambiguous name is that of the state written with it: "Norway's ministry", "the ministry of Norway"."""
        if part.kind != "weak":
            return part
        owner = self._owner(before) or self._owner(tail[:2])
        senses = tuple(sense for sense in part.senses if owner and sense.entry.country == owner.country)
        return replace(part, kind="name", senses=senses) if len(senses) == 1 else part

    def _read_person(self, head: Sequence[Part], person: int, main: int, on: dt.date | None) -> Actor:
        """A known name; the post written in front of it outweighs what the lexicon knows of the day."""
        entry = head[person].entry
        assert entry is not None
        actor = self.actor_of(entry, on)
        noun = head[main].noun if main >= 0 else None
        if actor.sector == "ELI" and noun and noun.kind == "offices" and not any(p.kind == "former" for p in head):
            return replace(actor, sector=noun.sector or "GOV")
        return actor

    def _holder_named(self, post: Part, tail: Sequence[Part], on: dt.date | None) -> Actor | None:
        """Who is named behind post and body: "President of the European Council Charles Michel"."""
        if post.kind != "title" and not (post.noun and post.noun.kind in ("offices", "members")):
            return None
        body = next((i for i, part in enumerate(tail) if part.kind == "name"), -1)
        follows = tail[body + 1 :]
        if body < 0 or tail[body].entry is None or tail[body].senses[0].entry.kind == "person" or not follows:
            return None
        last, framed = follows[-1], self._read([post, *_OF, *tail[: body + 1]], on)
        if last.kind == "name" and last.entry is not None and last.entry.kind == "person":
            actor = self.actor_of(last.entry, on)
            return replace(actor, sector=framed.sector) if actor.sector == "ELI" and framed and framed.sector else actor
        if not all(part.kind == "word" for part in follows):
            return None
        name = _proper_words(follows)
        if not name:
            return None
        return self._by_surname(follows, on) or propose(
            name, framed.country if framed else None, framed.sector if framed else None
        )

    def _read_name(self, head: Sequence[Part], on: dt.date | None) -> Actor | None:
        """A phrase without an agent noun: a name, a people, or an unknown name after a nationality."""
        named = _last(head, lambda part: part.kind == "name")
        people = _last(head, lambda part: part.kind == "people")
        trailing = _proper_words(head[max(named, people) + 1 :])
        if people > named:
            country = next((c for part in head[:people] if (c := self._country_of(part))), None)
            return self.compose(country, head[people].sector)
        if named < 0:
            place = head[0].place if len(head) == 1 else ""
            return self.compose(place, "CVL") if place else self._by_surname(head, on)
        part = head[named]
        sense, last = part.senses[0], named == len(head) - 1
        if sense.use == "demonym" or (trailing and sense.entry.kind in ("state", "region", "bloc")):
            if trailing:
                return self._by_surname(head[named + 1 :], on)
            return self._nationals(part, sense) if last else None
        return self.read_sense(sense, on) if last or sense.entry.kind != "state" else None

    def _nationals(self, part: Part, sense: Sense) -> Actor | None:
        adjective = fold_text(sense.entry.demonyms[0])
        plural = part.key != adjective and part.key.endswith("s")
        return self.compose(sense.entry.country, "CVL") if plural else self.actor_of(sense.entry, None)

    def _read_noun(
        self, head: Sequence[Part], main: int, link: str, tail: Sequence[Part], on: dt.date | None
    ) -> Actor | None:
        """A phrase built on an agent noun, an office or an organ."""
        part, before = head[main], [p for p in head[:main] if p.key != "s"]
        noun = part.noun or Noun(part.text, "titles", part.sector)
        follows = main == len(head) - 1
        owner = self._owner(head[:main])
        beyond = self._read(tail, on) if tail and follows and link in OWNING else None
        if noun.kind == "groups" and beyond and link == "of":
            return beyond
        if owner is None and link in ("of", "for", "at") and beyond:
            owner = self._owner(tail[:2]) or self._owner(tail)
        post = next((p.noun for p in before if p.noun and p.noun.kind == "offices"), None)
        if post and _named_after(head, main):
            noun = post
        former = any(p.kind == "former" for p in before)
        sector = self._sector(noun, before, owner, beyond if link in ("of", "for", "at") else None)
        place = next((p.place for p in (*reversed(before), *head[main + 1 :]) if p.place), None)
        country = (owner and owner.country) or place or self._tail_country(sector, beyond)
        if former and sector in ELITES:
            sector, owner = "ELI", None
        if noun.kind == "relations":
            return self.compose(None, "UNK") if owner else None
        if named := _named_after(head, main) if noun.kind not in ("organs", "groups") else "":
            return self._by_surname(head[main + 1 :], on) or propose(named, country, sector or None)
        if not former and not noun.plural and owner and (holder := self._holder(noun, owner, on)):
            return self.actor_of(holder, on)
        if owner and not former and noun.text in ("side", "sides") and owner.kind == "state":
            return self.actor_of(owner, on)
        if owner and noun.kind == "organs" and (organ := self._organ_of(owner, noun)):
            return self.actor_of(organ, on)
        if noun.kind in ("organs", "groups") and (name := _proper_name(head[: main + 1])):
            return propose(name, country, sector or None)
        if owner and not former and _same_body(owner, noun, sector):
            return self.actor_of(owner, on)
        return self.compose(country, sector or "UNK") if sector or country else None

    def _owner(self, parts: Sequence[Part]) -> Entry | None:
        """Whose soldiers: the last nationality or genitive before the noun, else the first name."""
        first, owning = None, None
        for i, part in enumerate(parts):
            entry = part.entry
            if entry is None or (part.kind != "name" and len(part.senses) > 1):
                continue
            first = first or entry
            genitive = i + 1 < len(parts) and parts[i + 1].key == "s"
            if genitive or part.senses[0].use == "demonym" or entry.kind not in ("state", "region"):
                owning = entry
        return owning or first

    def _country_of(self, part: Part) -> str | None:
        if part.place:
            return part.place
        return part.entry.country if part.entry and (part.kind == "name" or len(part.senses) == 1) else None

    def _tail_country(self, sector: str, beyond: Actor | None) -> str | None:
        return beyond.country if beyond and sector not in ("MIL", "IGO", "NGO") else None

    def _sector(self, noun: Noun, before: Sequence[Part], owner: Entry | None, beyond: Actor | None) -> str:
        """The noun's own sector, or for posts and parts that of the body they belong to."""
        body = owner.sector if owner and owner.kind not in ("state", "region", "bloc", "person") else None
        nearby = next((s for p in reversed(before) if (s := p.noun.sector if p.noun else p.sector)), "")
        if noun.kind == "offices":
            inside = body or (beyond.sector if beyond else None) or ("" if noun.sector else nearby)
            return inside if inside and inside not in ("IGO", "GOV", "CVL") else (noun.sector or inside or "GOV")
        if noun.kind in ("people", "organs") and noun.sector != "UNK":
            state = owner is not None and owner.kind == "state"
            return "MIL" if state and noun.sector == "UAF" and noun.text.startswith("force") else noun.sector
        around = nearby or body or (beyond.sector if beyond else None)
        return around or ("" if noun.kind in ("groups", "titles") and not noun.sector else noun.sector)

    def _organ_of(self, owner: Entry, noun: Noun) -> Entry | None:
        """The ministry or service of a state that bears the noun as its ambiguous name."""
        bearers = {sense.entry.id: sense.entry for sense in self.lexicon.look_up(noun.text.title())}
        fitting = [entry for entry in bearers.values() if entry.country == owner.country and entry.kind != "person"]
        return fitting[0] if len(fitting) == 1 else None

    def read_post(self, noun: Noun, owner: Entry, on: dt.date | None) -> Actor | None:
        """Who holds a post of a state or body on a day, the post given in either number; None where unknown."""
        holder = self._holder(noun, owner, on)
        return self.actor_of(holder, on) if holder else None

    def _holder(self, noun: Noun, owner: Entry, on: dt.date | None) -> Entry | None:
        if on is None or noun.kind not in ("offices", "members"):
            return None
        offices = noun.offices or (fold_text(noun.text),)
        if noun.text.startswith("leader") and owner.id in HEADED_BY_MINISTER:
            offices = ("chancellor", "prime minister", *offices)
        for office in offices:
            if holder := self.lexicon.find_holder(office, owner.id, on):
                return holder
        return None

    def _by_surname(self, parts: Sequence[Part], on: dt.date | None) -> Actor | None:
        """A person of the lexicon by surname alone, or with a first name that fits."""
        words = [word for part in parts for word in split_words(part.text)]
        if not words or not all(word.text[0].isupper() or word.key in ("al", "el", "bin", "de") for word in words):
            return None
        found = self.lexicon.surnames.get(words[-1].key, ())
        if len(words) > 1:
            found = tuple(e for e in found if split_words(e.name)[0].key == words[0].key)
        return self.actor_of(found[0], on) if len(found) == 1 else None

    def find_person(self, name: str, on: dt.date | None) -> Actor | None:
        """A person of the lexicon whose surname, and first name if given, are those of a name."""
        return self._by_surname([Part("word", name, fold_text(name))], on)

    def read_sense(self, sense: Sense, on: dt.date | None) -> Actor:
        """The actor behind a name: a capital or seat stands for the government."""
        if sense.use in ("capital", "metonym"):
            return self.compose(sense.entry.country, "GOV")
        return self.actor_of(sense.entry, on)

    def actor_of(self, entry: Entry, on: dt.date | None) -> Actor:
        """A lexicon entry as an actor; a person has the sector of the office held on the day, or is a former one."""
        if not entry.roles:
            return Actor(entry.id, entry.name, entry.country, entry.sector, entry.part_of, kind=entry.kind)
        active = [role for role in entry.roles if role.period.holds(on)]
        if active:
            role = next((role for role in active if role.sector == "GOV"), active[-1])
            sector = role.sector or entry.sector
            return Actor(entry.id, entry.name, entry.country, sector, entry.part_of or role.of, kind=entry.kind)
        ended = all(role.period.end and (on is None or role.period.end < on) for role in entry.roles)
        sector = "ELI" if ended and (entry.roles[-1].sector or "") in ELITES else entry.sector
        return Actor(entry.id, entry.name, entry.country, sector, entry.part_of, kind=entry.kind)

    def compose(self, country: str | None, sector: str | None) -> Actor:
        """The actor of a country and sector: the organ itself where the lexicon has it, else a composed one."""
        if country and sector and (organ := self._generic_organ(country, sector)):
            return self.actor_of(organ, None)
        state = self.lexicon.entries.get(country or "")
        if sector is None and state:
            return self.actor_of(state, None)
        composed = "-".join(code for code in (country, sector) if code)
        return Actor(composed, _display_name(country, sector, state), country, sector, state.id if state else None)

    def _generic_organ(self, country: str, sector: str) -> Entry | None:
        state = self.lexicon.entries.get(country)
        for noun in _GENERIC.get(sector, ()) if state else ():
            for demonym in state.demonyms[:1] if state else ():
                for sense in self.lexicon.look_up(f"{demonym} {noun.title()}"):
                    if sense.use == "name" and sense.entry.country == country and sense.entry.sector == sector:
                        return sense.entry
        return None


def _display_name(country: str | None, sector: str | None, state: Entry | None) -> str:
    """ "Turkish rebels", "unnamed Turkish people", "European Union officials"."""
    label = LABELS.get(sector or "UNK", "")
    if country in _BODY_NAMES and sector in ("GOV", "IGO", None):
        label = "officials"
    adjective = _BODY_NAMES.get(country or "") or (state.demonyms[0] if state and state.demonyms else country) or ""
    written = label.replace("{}", adjective) if "{}" in label else f"{adjective} {label}"
    written = _SPACES.sub(" ", written).strip()
    return written[:1].upper() + written[1:]


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


def propose(name: str, country: str | None, sector: str | None) -> Actor:
    """An actor that the lexicon does not know, named as in the text."""
    slug = "-".join(word.key for word in split_words(name))
    return Actor(f"x-{slug}", name, country, sector, country, known=False)


def _last(parts: Sequence[Part], wanted: Callable[[Part], bool]) -> int:
    return next((i for i in range(len(parts) - 1, -1, -1) if wanted(parts[i])), -1)


def _named_after(head: Sequence[Part], main: int) -> str:
    """The unknown name behind a title or post."""
    following = head[main + 1 :]
    return "" if any(part.place for part in following) else _proper_words(following)


def _proper_words(parts: Sequence[Part]) -> str:
    """The name that unknown capitalised words make up, "" where they do not."""
    texts = [part.text for part in parts]
    fits = 0 < len(texts) <= _NAME_PARTS and texts[0][0].isupper() and texts[-1][0].isupper()
    return " ".join(texts) if fits else ""


def _proper_name(parts: Sequence[Part]) -> str:
    """The name of a body that is written as one: "Northvale Mining Company"; "" where its noun is a common one."""
    texts = [part.text for part in parts if part.key not in _LEAD]
    unknown = [part for part in parts if part.kind == "word" and part.key not in _LEAD and part.text[0].isupper()]
    proper = (
        len(texts) > 1
        and unknown
        and all(word[0].isupper() or word in ("and", "of", "for", "s") for text in texts for word in text.split())
    )
    return " ".join(texts) if proper and not parts[-1].text.isupper() else ""


def _same_body(owner: Entry, noun: Noun, sector: str) -> bool:
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
        or (owner.kind == "armed_group" and sector in armed)
        or (noun.kind == "organs" and sector in ("GOV", "IGO", "COP"))
    )
