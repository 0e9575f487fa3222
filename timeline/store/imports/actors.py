"""Actors of imported events: from codes, sectors and names to an entry of the lexicon or a stable id of their own.

An actor that the lexicon knows gets its id, so that imported and coded events meet: "TUR" with "GOV" is the
same government in both. Others are composed of country and sector, or named. Nothing is filled in: without a
country code there is no country, and a sector that PLOVER lacks stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from timeline.coding.actors import ActorResolver
from timeline.coding.lexicon import load_lexicon
from timeline.coding.naming import propose
from timeline.ontology import SECTORS
from timeline.records import Actor
from timeline.store.imports.countries import load_countries
from timeline.store.imports.crosswalk import load_crosswalk

_IN_BRACKETS = re.compile(r"^(.*\S)\s*\(([^()]+)\)$")
_NAMED_TYPES = frozenset({"IGO", "NGO", "NGM", "MNC", "IMG", "INT"})  # stand in the country's place: the name tells who


@dataclass(frozen=True, slots=True)
class Cameo:
    """A CAMEO actor code and its parts as GDELT gives them; `marks` are its ethnic and religious codes."""

    name: str
    code: str
    country: str
    group: str
    marks: str
    types: tuple[str, ...]


class ActorFinder:
    """Finds actors; the same words give the same actor in every file."""

    def __init__(self) -> None:
        self._lexicon = load_lexicon()
        self._resolver = ActorResolver(self._lexicon)
        self._walk = load_crosswalk()
        self._countries = load_countries()

    def compose(self, country: str | None, sector: str | None) -> Actor | None:
        """The actor of a country and sector, None without either."""
        return self._resolver.compose(country, sector) if country or sector else None

    def name(self, name: str, country: str | None = None, sector: str | None = None) -> Actor | None:
        """The lexicon's actor of this name, else one of its own; None where the name holds no letter or digit."""
        known = self._known(name)
        if known and (country is None or known.country in (None, country)):
            return known
        proposed = propose(" ".join(name.split()), country, sector)
        return proposed if proposed.id != "x-" else None

    def from_cameo(self, given: Cameo) -> Actor | None:
        """The actor of a CAMEO code in its parts; None where they say nothing."""
        name, types = given.name.title(), given.types
        if not any((given.code, given.country, given.group, given.marks, *types)):
            return self.name(name) if name else None
        if given.group in self._walk.groups:
            return self._resolver.actor_of(self._lexicon.entries[self._walk.groups[given.group]], None)
        iso = self._countries.cameo.get(given.country)
        sector = next((found for kind in types if (found := self._walk.types.get(kind))), None)
        known = self._known(name)
        special = given.group or given.marks or _NAMED_TYPES & set(types)
        if iso and not special:
            # An agent's noun is no name: with "MILITARY" the code says more.
            if known and known.country == iso and known.id != iso:
                return known
            return self.compose(iso, sector) if sector or not any(types) else self._own(given, iso, None)
        if sector and not given.country and not special:
            return self.compose(None, sector)
        place = iso or (types[0] if types and types[0] in ("IGO", "NGO") else None)
        return known if known and known.country in (None, place) else self._own(given, place, sector)

    def split_cameo(self, code: str) -> Actor | None:
        """The actor of a CAMEO code alone (Phoenix, TERRIER): three letters each for country, then types."""
        code = code.strip().upper().replace("~", "").replace(";", "")
        parts = tuple(code[i : i + 3] for i in range(0, len(code), 3))
        if not parts or not code.isalnum():
            return None
        known = parts[0] in self._countries.cameo or parts[0] in self._walk.regions
        country, types = (parts[0], parts[1:]) if known else ("", parts)
        group = next((part for part in parts if part in self._walk.groups), "")
        rest = "".join(part for part in types if part not in self._walk.types)
        kinds = tuple(part for part in types if part in self._walk.types)
        return self.from_cameo(Cameo("", code, country, group, rest, kinds))

    def from_words(self, name: str, sectors: str = "", country: str = "", *, organs: bool = False) -> Actor | None:
        """The actor of a name with its sectors and country in words (ICEWS, POLECAT).

        A state's name is the state; with `organs` it is that organ of it which the sector tells.
        """
        name = " ".join(name.split())
        if not name or name.casefold() in ("none", "unspecified actor"):
            return None
        bracketed = _IN_BRACKETS.match(name)
        inside = self._countries.find(bracketed[2]) if bracketed else None
        iso = inside or self._countries.find(country)
        listed = (part.strip().casefold() for part in sectors.replace(";", ",").split(","))
        sector = next((found for part in listed if (found := self._sector(part))), None)
        if state := self._countries.find(name):
            return self.compose(state, sector if organs else None)
        head = bracketed[1] if bracketed and inside else name
        generic = self._walk.icews.get(head.casefold()) or (self._read_noun(head) if inside else None)
        if generic and iso:
            return self.compose(iso, generic)
        known = self._known(head)
        if known and (iso is None or known.country in (None, iso)):
            return known
        return self.name(name, iso, generic or sector)

    def with_id(self, actor_id: str) -> Actor | None:
        """The lexicon's actor with this id."""
        entry = self._lexicon.entries.get(actor_id)
        return self._resolver.actor_of(entry, None) if entry else None

    def with_parents(self, actor: Actor) -> list[Actor]:
        """The actor and those it folds into, as the lexicon describes them."""
        chain = [actor]
        while (entry := self._lexicon.entries.get(chain[-1].part_of or "")) and len(chain) < 10:
            chain.append(self._resolver.actor_of(entry, None))
        return chain

    def _read_noun(self, head: str) -> str | None:
        """The sector of a common noun for people or bodies ("Lawmaker"), None where it names somebody."""
        found = self._resolver.resolve(head.lower())
        return found.sector if found and found.is_bare_sector else None

    def _sector(self, written: str) -> str | None:
        return self._walk.icews.get(written) or self._walk.types.get(written.upper()) or None

    def _own(self, given: Cameo, country: str | None, sector: str | None) -> Actor | None:
        """An actor that no country and sector describe, by its name where it has one, else by its code."""
        if given.name and (named := propose(given.name.title(), country, sector)).id != "x-":
            if sector is None or _NAMED_TYPES & set(given.types):
                return named
            # "AFRICA" is the name of its police (AFRCOP) and of its governments (AFRGOV) alike.
            label = f"{named.name} ({SECTORS[sector].lower()})"
            return Actor(f"{named.id}-{sector.lower()}", label, country, sector, country, known=False)
        code = given.code or f"{given.country}{given.group}{given.marks}{''.join(given.types)}"
        label = self._walk.regions.get(code, code)
        return Actor(f"cameo-{code.lower()}", label, country, sector, country, known=False)

    @lru_cache(maxsize=50_000)  # noqa: B019 - one finder lives as long as an import
    def _known(self, name: str) -> Actor | None:
        found = {sense.entry.id: sense.entry for sense in self._lexicon.look_up(name) if sense.use == "name"}
        if not found and len(words := name.split()) > 2:  # a person's middle names, patronymics among them
            senses = self._lexicon.look_up(f"{words[0]} {words[-1]}")
            found = {s.entry.id: s.entry for s in senses if s.use == "name" and s.entry.kind == "person"}
        return self._resolver.actor_of(next(iter(found.values())), None) if len(found) == 1 else None
