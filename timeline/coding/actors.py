"""Noun phrases to actors: names, offices, nationalities with agent nouns, organs of states.

A phrase is read as parts (names of the lexicon, nouns of agents.yaml, the words between) and put together:
the noun gives the sector, the nearest nationality, city or owner the country. A composed actor has a readable
id such as SYR-UAF and folds into its state; where the lexicon knows the organ itself (an army, a government),
soldiers and ministers fold into that.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from timeline.coding.agents import Agents, Noun, load_agents
from timeline.coding.cities import find_city, find_town
from timeline.coding.entries import Entry
from timeline.coding.lexicon import Lexicon, Sense
from timeline.coding.naming import display_name, propose
from timeline.coding.phrases import (
    LEAD,
    SEATED,
    Part,
    drop_slanted,
    find_last,
    first_joined,
    is_person,
    is_same_body,
    name_after,
    proper_name,
    proper_words,
)
from timeline.coding.places import listed_name
from timeline.coding.words import Word, fold_text, split_words
from timeline.records import Actor

PREPOSITIONS = frozenset(
    ("of", "in", "from", "to", "for", "at", "across", "within", "on", "near", "with", "against", "inside",
     "throughout", "under", "over", "around", "by", "among", "between", "outside")
)  # fmt: skip
OWNING = frozenset({"of", "in", "from", "at", "for", "across", "within", "inside", "throughout", "on", "near", "among"})
_SERVING = frozenset({"aide", "adviser", "advisor", "assistant", "secretary", "counsellor"})  # to someone
_FOLLOWING = frozenset({"supporter", "supporters", "loyalist", "loyalists"})
_GROUNDS = frozenset(
    ("province", "region", "district", "city", "town", "village", "state", "county", "governorate", "oblast",
     "prefecture", "valley", "area", "peninsula", "territory", "department", "municipality", "suburb", "countryside")
)  # fmt: skip
ELITES = frozenset({"GOV", "MIL", "SPY", "LEG", "JUD", "PTY", "COP", "ELI", "IGO", ""})
_GENERIC = {
    "GOV": ("government",), "MIL": ("army", "armed forces", "military"), "COP": ("police",),
    "LEG": ("parliament",), "SPY": ("intelligence",),
}  # fmt: skip
_RELATIVE = re.compile(r"\s*(?:[,;:(\[]|\b(?:who|whom|which|that|whose|where)\b)\s*", re.IGNORECASE)
HEADED_BY_MINISTER = frozenset(  # states whose leader is the head of government, though they have a president
    ("DEU", "AUT", "ITA", "ISR", "IND", "GRC", "IRQ", "PAK", "BGD", "HUN", "CZE", "SVK", "BGR", "EST", "LVA", "SVN",
     "HRV", "ALB", "MKD", "IRL", "ISL", "MLT", "ETH", "LBN", "ARM", "GEO", "NPL", "SGP", "FIN", "PRT", "TTO", "FJI")
)  # fmt: skip
_CACHED, _LONGEST = 20_000, 300
_HANDOVER = dt.timedelta(days=7)
_SPACES = re.compile(r"\s+")


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
        whole = self.split(phrase, alone=True)
        parts: Sequence[Part] = drop_slanted(whole)
        while parts and (parts[0].key in LEAD or parts[0].key.isdigit()) and parts[0].kind == "word":
            parts = parts[1:]
        actor = self._read(parts, on)
        if actor and actor.country is None and actor.known and actor.is_bare_sector:
            country = next(
                (self._country_of(whole[i]) for i in range(len(whole) - 1) if whole[i + 1].key in SEATED), ""
            )
            return self.compose(country, actor.sector) if country else actor
        return actor

    def split(self, phrase: str, *, alone: bool = False) -> list[Part]:
        """Split a phrase into parts; with `alone` an ambiguous name counts where it is not followed by a noun."""
        words, at = split_words(phrase), 0
        parts: list[Part] = []
        while at < len(words):
            end, part = self._part_at(phrase, words, at)
            if alone and end == len(words) and part.text[0].isupper() and all(p.key in LEAD for p in parts):
                part = self._alone(part)
            parts.append(part)
            at = end
        return parts

    def _alone(self, part: Part) -> Part:
        """An ambiguous name with nothing beside it counts where it has one bearer, or is no agent noun."""
        described = part.text.split()[1:2]
        if described and described[0].islower():
            return part  # "Government forces" at the start of a sentence may be any government's
        senses = part.senses if part.kind == "weak" else ()
        if part.kind == "noun":
            senses = tuple(sense for sense in self.lexicon.look_up(part.text) if sense.use == "weak")
            senses = senses if len(senses) == 1 else ()
        return Part("name", part.text, part.key, senses) if senses else part

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
        city_end, country = find_city(words, at)
        if country and city_end > noun_end:  # "Sheikh Jarrah" is a place, though "sheikh" is a noun
            return city_end, replace(part(city_end, "place")[1], place=country)
        if noun:
            return part(noun_end, "noun", (), noun)
        for kind, table in (
            ("modifier", self.agents.modifiers),
            ("people", self.agents.peoples),
            ("title", self.agents.titles),
        ):
            for length in range(min(3, len(words) - at), 0, -1):
                key = " ".join(word.key for word in words[at : at + length])
                if key in table and (kind != "title" or words[at].text[0].isupper()):
                    found = part(at + length, kind, sector=table[key])
                    return found[0], replace(found[1], place=self.agents.homes.get(key, ""))
        return part(at + 1, "former" if words[at].key in self.agents.former else "word")

    def _read(self, parts: Sequence[Part], on: dt.date | None) -> Actor | None:
        cut = next((i for i, p in enumerate(parts) if i and p.kind == "word" and p.key in PREPOSITIONS), len(parts))
        head, link, tail = parts[:cut], parts[cut].key if cut < len(parts) else "", parts[cut + 1 :]
        head = first_joined(head)
        while head and head[-1].key == "s":
            head = head[:-1]
        head = [self._settled(part, head[:i], tail if link == "of" else ()) for i, part in enumerate(head)]
        main = find_last(head, lambda part: part.kind in ("noun", "title"))
        person = find_last(head, is_person)
        if person >= 0 and [part.key for part in head[person + 1 : person + 2]] == ["s"]:
            person = -1  # only an owner: "Sorenby's Harbour League"
        described = main == person + 1 and link == "of" and _is_post(head[main])  # "X head of the observatory"
        if person > main or (person >= 0 and described):
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
        if not _is_post(post):
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
        name = proper_words(follows)
        if not name:
            return None
        return self._by_surname(follows, on) or propose(
            name, framed.country if framed else None, framed.sector if framed else None
        )

    def _read_name(self, head: Sequence[Part], on: dt.date | None) -> Actor | None:
        """A phrase without an agent noun: a name, a people, or an unknown name after a nationality."""
        named = find_last(head, lambda part: part.kind == "name")
        people = find_last(head, lambda part: part.kind == "people")
        trailing = proper_words(head[max(named, people) + 1 :])
        if people > named:
            country = next((c for part in head[: people + 1] if (c := self._country_of(part))), None)
            return self.compose(country, head[people].sector)
        if named < 0:
            ground = all(part.key in _GROUNDS for part in head[1:])
            place = head[0].place if ground and head else ""
            if place:
                return self.compose(place, "CVL")
            return self._by_surname(head, on) or self._townspeople(head)
        part = head[named]
        sense, last = part.senses[0], named == len(head) - 1
        if sense.use == "demonym" or (trailing and sense.entry.kind in ("state", "region", "bloc")):
            if trailing:
                return self._by_surname(head[named + 1 :], on)
            return self._nationals(part, sense) if last else None
        return self.read_sense(sense, on) if last or sense.entry.kind != "state" else None

    def resolve_acted_on(self, phrase: str, on: dt.date | None = None) -> Actor | None:
        """As `resolve`, but a town is a place: that somebody shells it does not tell whom he means to hit."""
        parts = [part for part in self.split(phrase) if part.key not in LEAD]
        named = [part for part in parts if part.key not in _GROUNDS or not part.text.islower()]
        if len(named) == 1 and named[0].place and named[0].kind == "place":
            return self.name_place(named[0].text, named[0].place)
        actor = self.resolve(phrase, on)
        if actor and actor.sector == "CVL" and (country := self._town_country(named)):
            return self.name_place(" ".join(part.text for part in named), country)
        return actor

    @staticmethod
    def name_place(name: str, country: str | None) -> Actor:
        """A town that is acted on, by the name that the gazetteer has for it."""
        name = listed_name(name, country)
        slug = fold_text(name).replace(" ", "-")
        return Actor(f"{country or 'place'}-{slug}", name, country, None, country, kind="place")

    def _townspeople(self, head: Sequence[Part]) -> Actor | None:
        """Those of a town of the wide gazetteer, which is asked last: its names are many and often surnames too."""
        named = [part for part in head if part.key not in _GROUNDS or not part.text.islower()]
        country = self._town_country(named)
        return self.compose(country, "CVL") if country else None

    def _town_country(self, parts: Sequence[Part]) -> str:
        name = proper_words(parts) if all(part.kind == "word" for part in parts) else ""
        key = fold_text(name)
        return find_town(key) if name and key not in self.lexicon.surnames else ""

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
        serving = link == "to" and noun.text.split()[-1] in _SERVING
        beyond = self._read(tail, on) if tail and follows and (link in OWNING or serving) else None
        if noun.kind == "groups" and beyond and link == "of":
            return beyond
        if owner is None and (link in ("of", "for", "at", "from") or serving) and beyond:
            owner = self._owner(tail[:2]) or self._owner(tail)
        post = next((p.noun for p in before if p.noun and p.noun.kind == "offices"), None)
        if post and name_after(head, main):
            noun = post
        former = any(p.kind == "former" for p in before)
        sector = self._sector(noun, before, owner, beyond if link in ("of", "for", "at", "from") else None, on)
        place = next((p.place for p in (*reversed(before), *head[main + 1 :]) if p.place), None)
        country = (owner and owner.country) or place or self._tail_country(sector, beyond)
        country = country or self._town_country([p for p in before if p.key not in LEAD]) or None
        if former and sector in ELITES:
            sector, owner = "ELI", None
        if known := self._body_after(head[main + 1 :], noun):
            return self.actor_of(known, on)
        if noun.kind == "relations":
            return self._read_relation(noun, owner)
        if named := self._name_after(head, main) if noun.kind not in ("organs", "groups") else "":
            return self._by_surname(head[main + 1 :], on) or propose(named, country, sector or None)
        if not former and not noun.plural and owner and (holder := self._holder(noun, owner, on)):
            return self.actor_of(holder, on)
        if owner and not former and noun.text in ("side", "sides") and owner.kind == "state":
            return self.actor_of(owner, on)
        if owner and noun.kind == "organs" and (organ := self._organ_of(owner, noun)):
            return self.actor_of(organ, on)
        if noun.kind in ("organs", "groups") and (name := proper_name(head[: main + 1])):
            return propose(name, country, sector or None)
        if owner and not former and is_same_body(owner, noun, sector):
            return self.actor_of(owner, on)
        return self.compose(country, sector or "UNK") if sector or country else None

    def _read_relation(self, noun: Noun, owner: Entry | None) -> Actor | None:
        """A state's allies are nobody in particular; those of an alliance are its members."""
        if owner and owner.sector == "IGO" and noun.text.startswith(("all", "partner")):
            return self.actor_of(owner, None)
        return self.compose(None, "UNK") if owner else None

    def _body_after(self, following: Sequence[Part], noun: Noun) -> Entry | None:
        """A known body behind the noun that describes it ("al-Qaeda affiliate Nusra Front", "NATO member Norway")."""
        named = following[-1] if following and following[-1].kind == "name" else None
        entry = named.entry if named else None
        tied = len(following) == 1 and (noun.text.endswith(("member", "member state")) or noun.kind == "relations")
        if tied and entry and entry.kind == "state" and named and named.senses[0].use == "name":
            return entry
        return entry if entry and entry.kind not in ("state", "region", "person") else None

    def _name_after(self, head: Sequence[Part], main: int) -> str:
        """The unknown name behind a noun; a noun of doing is none ("Terrorist Attacks", in a headline)."""
        named = name_after(head, main)
        deeds = self.agents.acts | self.agents.assets
        return "" if named and split_words(named)[-1].key in deeds else named

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

    def _sector(
        self, noun: Noun, before: Sequence[Part], owner: Entry | None, beyond: Actor | None, on: dt.date | None
    ) -> str:
        """The noun's own sector, or for posts and parts that of the body they belong to."""
        if owner and owner.kind == "person" and noun.text.split()[-1] in _FOLLOWING:
            return "OPP" if self.actor_of(owner, on).sector in ("OPP", "PTY", "ELI") else "CVL"
        if owner and noun.text == "party":
            return "PTY"
        if owner and owner.country in ("UNO", "IGO") and owner.kind != "person" and noun.kind == "offices":
            return "IGO"
        if owner and owner.kind == "person" and (noun.text == "men" or noun.text.startswith("force")):
            return "MIL" if {"GOV", "MIL"} & {owner.sector, *(role.sector for role in owner.roles)} else "UAF"
        if noun.text.endswith("pilot") and owner and owner.kind == "company":
            return "BUS"
        body = owner.sector if owner and owner.kind not in ("state", "region", "bloc", "person") else None
        nearby = next((s for p in reversed(before) if (s := p.noun.sector if p.noun else p.sector)), "")
        if noun.kind == "offices":
            inside = body or (beyond.sector if beyond else None) or ("" if noun.sector else nearby)
            return inside if inside and inside not in ("IGO", "GOV", "CVL") else (noun.sector or inside or "GOV")
        if noun.kind in ("people", "organs") and noun.sector != "UNK":
            serving = body in ("GOV", "MIL") or nearby in ("GOV", "MIL")
            if serving and noun.sector in ("REB", "UAF"):
                return "MIL"  # "Syrian government fighters", "a regime sniper"
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
        lately = on - _HANDOVER if on and on > dt.date.min + _HANDOVER else on  # news of a fall or death is a day late
        active = [role for role in entry.roles if role.period.holds(on) or role.period.holds(lately)]
        if active:
            role = next((role for role in active if role.sector == "GOV"), active[-1])
            sector, body = role.sector or entry.sector, self.lexicon.entries.get(role.of)
            country = body.country if body and body.country and body.period.end is None else entry.country
            return Actor(entry.id, entry.name, country, sector, entry.part_of or role.of, kind=entry.kind)
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
        return Actor(composed, display_name(country, sector, state), country, sector, state.id if state else None)

    def _generic_organ(self, country: str, sector: str) -> Entry | None:
        state = self.lexicon.entries.get(country)
        for noun in _GENERIC.get(sector, ()) if state else ():
            for demonym in state.demonyms[:1] if state else ():
                for sense in self.lexicon.look_up(f"{demonym} {noun.title()}"):
                    if sense.use == "name" and sense.entry.country == country and sense.entry.sector == sector:
                        return sense.entry
        return None


def _is_post(part: Part) -> bool:
    return part.kind == "title" or (part.noun is not None and part.noun.kind in ("offices", "members"))
