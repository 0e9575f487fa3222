"""From grammatical arguments to mentions: who is named by "forces of X", "X's attack", "dozens of soldiers", "X and Y".

An argument's head token is rarely the actor's own name. The mention may own it ("Turkey's offensive"), qualify it
("Russian airstrikes"), stand in apposition to it, or hang on it by "of", "from" or "by". `Participants` finds it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from timeline.coding.grammar import joined_subject
from timeline.coding.predicates import SIDING, is_temporal
from timeline.records import Mention

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from timeline.records import Actor

Resolve = Callable[[str], "Actor | None"]
_QUALIFIERS = ("poss", "nmod", "compound", "amod", "appos", "nummod", "npadvmod")
_OWNING = frozenset({"of", "from", "by", "with", "between", "among", "led"})
_AIMED = frozenset(
    {
        "of",
        "from",
        "by",
        "with",
        "between",
        "to",
        "for",
        "on",
        "against",
        "at",
        "into",
        "over",
        "towards",
        "toward",
        "about",
        "in",
    }
)
_PLACING = frozenset(
    {
        "in",
        "at",
        "to",
        "from",
        "on",
        "near",
        "into",
        "inside",
        "over",
        "across",
        "around",
        "along",
        "outside",
        "for",
        "with",
        "against",
        "throughout",
        "off",
        "within",
    }
)
_POSSESSIVES = frozenset({"its", "their", "his", "her", "our", "my", "your", "whose"})
_MEASURES = frozenset(
    ["km", "kilometre", "kilometres", "kilometer", "kilometers", "mile", "miles", "metre", "metres", "meter", "meters",
     "percent", "per", "usd", "eur", "dollar", "dollars", "euro", "euros", "pound", "pounds", "line", "addition"]
)  # fmt: skip
_BOUNDS = frozenset(
    ["border", "frontier", "coast", "shore", "territory", "water", "airspace", "soil", "capital", "side", "mainland",
     "boundary"]
)  # fmt: skip
_SCENES = frozenset(
    ["embassy", "consulate", "hotel", "hospital", "clinic", "school", "college", "university", "mosque", "church",
     "synagogue", "temple", "shrine", "cathedral", "airport", "bus", "train", "metro", "subway", "station", "market",
     "mall", "supermarket", "restaurant", "cafe", "nightclub", "theatre", "theater", "concert", "stadium", "bank",
     "office", "newspaper", "prison", "jail", "checkpoint", "convoy", "camp", "village", "wedding", "funeral",
     "parliament", "courthouse", "building", "bridge", "pipeline", "refinery", "dam", "ship", "ferry", "plane"]
)  # fmt: skip
_ATTACKS = frozenset(
    ["bombing", "attack", "siege", "shooting", "blast", "explosion", "raid", "massacre", "stabbing", "shootout",
     "arson", "killing", "assault", "bomb", "storming", "hijacking", "ambush"]
)  # fmt: skip
_ENVOYS = frozenset({"ambassador", "envoy", "consul", "attache", "attaché"})
_SENDING = frozenset({"launch", "fire", "send", "fly", "operate", "dispatch", "release"})
_SENT = frozenset({"drone", "missile", "rocket", "jet", "plane", "aircraft", "helicopter", "balloon", "uav"})
_MASSES = frozenset({"assembly", "business", "justice"})  # things without number, not bodies
_LONGEST_PHRASE = 12
_MAX_DEPTH = 3
SHARED = "shared-noun"  # rule of mentions that share a noun: "Norlandic and Zubrovian forces"


class Participants:
    """Looks up which mentions an argument names. Built once for a document."""

    def __init__(self, doc: Doc, mentions: Sequence[Mention], resolve: Resolve | None = None) -> None:
        self._by_token: dict[int, tuple[Mention, ...]] = {}  # the shortest mention of a token wins
        self._resolve = resolve or (lambda phrase: None)
        self.doc = doc
        for group in sorted(grouped(doc.text, mentions), key=lambda group: group[0].end - group[0].start, reverse=True):
            for mention in reversed(group):
                span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
                others = tuple(other for other in group if other is not mention)
                for token in takewhile(_is_no_post, span if span is not None else ()):
                    self._by_token[token.i] = (mention, *others)
        self._tokens = sorted(self._by_token)

    def in_range(self, start: int, end: int) -> bool:
        """Whether any token from `start` up to `end` belongs to a mention."""
        at = bisect_left(self._tokens, start)
        return at < len(self._tokens) and self._tokens[at] < end

    def at(self, token: Token) -> Mention | None:
        """The mention whose words include this token; the first of several."""
        return next(iter(self.all_at(token)), None)

    def all_at(self, token: Token) -> tuple[Mention, ...]:
        """All mentions that this token's words name: "the two sides" are two, "X and Y forces" too."""
        return self._by_token.get(token.i, ())

    def of(self, tokens: Iterable[Token], deep: bool = True) -> tuple[Mention, ...]:
        """Mentions that these arguments name, coordinated ones too, in text order, each once."""
        found: dict[Mention, None] = {}
        for token in tokens:
            for mention in self._of_one(token, deep):
                found.setdefault(mention)
        return in_text_order(found)

    def _of_one(self, token: Token, deep: bool) -> Iterable[Mention]:
        for member in coordinated(token):
            own = self.at(member)
            senders = self._senders(member)
            if senders:
                yield from senders
                continue
            examples = self._examples(member) if own is None or _is_of_some_state(own) else []
            if examples:
                yield from examples
                continue
            apposed = self._apposed(member) if own is not None else []
            if own is not None and not (len(apposed) > 1 and _is_of_some_state(own)):
                yield from self.all_at(member)
            elif own is None and deep:
                yield from self._qualifying(member, 0)
            if own is not None and (own.actor is None or len(apposed) > 1):
                yield from (mention for mention in apposed if mention != own)

    def _apposed(self, token: Token) -> list[Mention]:
        """Whom a noun is said of behind it: "the ministers, X and Y, signed"."""
        names = (name for child in token.children if child.dep_ == "appos" for name in coordinated(child))
        return [mention for name in names if (mention := self.at(name)) is not None]

    def _examples(self, token: Token) -> list[Mention]:
        """Whom a noun in the plural stands for: "armed groups such as X and Y"."""
        lists = (
            child
            for child in token.children
            if child.dep_ == "prep" and child.lower_ == "as" and child.nbor(-1).lower_ == "such"
        )
        names = (name for prep in lists for first in prep.children for name in coordinated(first))
        return [mention for name in names if (mention := self.at(name)) is not None]

    def _senders(self, token: Token) -> tuple[Mention, ...]:
        """Whose the drones are that X launched."""
        if token.lemma_ not in _SENT:
            return ()
        sent = (child for child in token.children if child.dep_ == "acl" and child.lemma_ in _SENDING)
        by = (below for child in sent for below in child.children if below.dep_ == "agent")
        return self.of((obj for agent in by for obj in agent.children if obj.dep_ == "pobj"), deep=False)

    def _qualifying(self, token: Token, depth: int) -> tuple[Mention, ...]:
        """Mentions that own or qualify a noun, the closest kind of tie first."""
        if depth > _MAX_DEPTH:
            return ()
        children = list(token.children)
        for kind in _QUALIFIERS if not names_scene(token) else ():
            found = [child for child in children if child.dep_ == kind]
            named = self.of(found, deep=False) or (self.leaders_of(token) if kind == "amod" else ())
            if named:
                return named
        return self._hanging(children, _OWNING, depth) or (
            self._deeper(children, depth) if not names_scene(token) else ()
        )

    def leaders_of(self, noun: Token) -> tuple[Mention, ...]:
        """Who stands before "-led": "X-led air raids"."""
        led = (child for child in noun.children if child.dep_ == "amod" and child.lower_ == "led")
        named = self._known(below for child in led for below in child.children if not below.is_punct)
        return tuple(mention for mention in named if mention.actor and mention.actor.sector != "CVL")

    def _hanging(self, children: list[Token], preps: frozenset[str], depth: int) -> tuple[Mention, ...]:
        for child in children:
            if child.dep_ in ("prep", "agent") and child.lower_ in preps:
                objects = [below for below in child.children if below.dep_ == "pobj"]
                named = self.of(objects, deep=False) or tuple(
                    mention
                    for below in objects
                    if below.lemma_ not in _BOUNDS | SIDING  # "the town on the Bordurian border" is not Borduria's
                    for mention in self._qualifying(below, depth + 1)
                )
                if named:
                    return named
            elif child.dep_ == "acl" and child.tag_ == "VBN":  # "a plan backed by X", "rebels led by X"
                named = self._hanging(list(child.children), frozenset({"by"}), depth + 1)
                if named:
                    return named
        return ()

    def _deeper(self, children: list[Token], depth: int) -> tuple[Mention, ...]:
        """Owners of owners: "the Russian air force's strikes"."""
        for child in children:
            if child.dep_ in ("poss", "compound", "nmod", "appos"):
                named = self._qualifying(child, depth + 1)
                if named:
                    return named
        return ()

    def aimed_at(self, token: Token) -> tuple[Mention, ...]:
        """Mentions anywhere close in a phrase, for content: "called for talks with X", "an end to the war in X"."""
        return self.of([token]) or self.below(token)

    def below(self, token: Token) -> tuple[Mention, ...]:
        """Mentions in the prepositional phrases of a noun, names of states that are mere places too."""
        return self._hanging(list(token.children), _AIMED, 0) or self._named_places(token, _AIMED)

    def is_possessive(self, mention: Mention) -> bool:
        """Whether a mention is "its", "their", "his" …"""
        return mention.text.lower() in _POSSESSIVES

    def placed(self, token: Token, depth: int = 0) -> tuple[Mention, ...]:
        """Mentions in prepositional phrases of place under a predicate or its object."""
        for child in token.children:
            if child.dep_ in ("prep", "dative") and child.lower_ in _PLACING:
                objects = [c for c in child.children if c.dep_ == "pobj" and c.lemma_ not in SIDING]
                named = self.of(objects) or self._known(objects)
                if named:
                    return named
                for below in objects if depth < _MAX_DEPTH else ():
                    named = self.placed(below, depth + 1)
                    if named:
                        return named
        return ()

    def _named_places(self, token: Token, preps: frozenset[str]) -> tuple[Mention, ...]:
        """Names of states and capitals that a phrase gives as its place or aim ("aid for X")."""
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ in preps:
                named = self._known(below for below in child.children if below.dep_ == "pobj")
                if named:
                    return named
        return ()

    def states(self, tokens: Iterable[Token]) -> tuple[Mention, ...]:
        """The states that these tokens name themselves, not their organs."""
        named = self.of(tokens, deep=False)
        return tuple(
            mention for mention in named if mention.actor and mention.actor.country and not mention.actor.sector
        )

    def _known(self, tokens: Iterable[Token]) -> tuple[Mention, ...]:
        names = [name for token in tokens for name in ([token] if token.pos_ == "PROPN" else _nationalities(token))]
        phrases = (self.phrase(name) for name in names)
        return tuple(mention for mention in phrases if mention is not None and mention.actor is not None)

    def phrase(self, token: Token) -> Mention | None:
        """A noun phrase that `recognise_mentions` left out, as a mention of its own; its actor where it resolves.

        Places are no actors in themselves, yet they are acted on: "imposed a curfew on X".
        """
        if token.pos_ not in ("NOUN", "PROPN", "ADJ") or is_temporal(token) or token.lower_ in _MEASURES:
            return None
        first = token.left_edge.i
        while first < token.i and (self.doc[first].is_punct or self.doc[first].pos_ in ("ADP", "CCONJ", "SPACE")):
            first += 1
        span = self.doc[first : token.i + 1]
        if len(span) > _LONGEST_PHRASE:
            return None
        return Mention(span.start_char, span.end_char, span.text, self._who(span.text, token), "phrase")

    def _who(self, words: str, head: Token) -> Actor | None:
        """The actor of a phrase. A common noun must be one by itself: "militant positions" are no militants."""
        actor = self._resolve(words)
        if actor is None or actor.id == "UNK" or words.lower() in _MASSES:  # "people unknown" is nobody to follow
            return None
        if actor.kind == "person" and len(words.split()) == 2 and words[:4].lower() == "the ":
            return None  # "the West" is nobody's surname
        return actor if head.pos_ == "PROPN" or self._resolve(head.text) is not None else None


def _is_no_post(token: Token) -> bool:
    """Where an envoy serves is named beside the envoy: "recalled its ambassador to X"."""
    return not (token.lower_ == "to" and token.dep_ == "prep" and token.head.lemma_ in _ENVOYS)


def names_scene(attack: Token) -> bool:
    """ "The Ruritania embassy bombing", "a hotel siege": what stands before an attack is where it struck, not who."""
    return attack.lemma_.lower() in _ATTACKS and any(map(_is_scene, attack.children))


def scenes_of(attack: Token) -> list[Token]:
    """The places that stand before an attack."""
    return [child for child in attack.children if _is_scene(child)] if names_scene(attack) else []


def _is_scene(word: Token) -> bool:
    return word.dep_ == "compound" and word.lemma_.lower() in _SCENES


def _is_of_some_state(mention: Mention) -> bool:
    """Whether words name an office or a kind of people and no country: "the ministers of the two states"."""
    return mention.actor is not None and mention.actor.is_bare_sector


def _nationalities(place: Token) -> list[Token]:
    """ "the Bordurian border" is Borduria's."""
    if place.lemma_ not in _BOUNDS:
        return []
    return [child for child in place.children if child.dep_ in ("amod", "compound") and child.text[:1].isupper()]


def grouped(text: str, mentions: Sequence[Mention]) -> list[tuple[Mention, ...]]:
    """Mentions that share their words or their noun; each other one alone."""
    groups: list[tuple[Mention, ...]] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, mention.end)):
        last = groups[-1][-1] if groups else None
        same = last is not None and (last.start, last.end) == (mention.start, mention.end)
        shared = last is not None and last.rule == mention.rule == SHARED and _is_joint(text[last.end : mention.start])
        if same or shared:
            groups[-1] = (*groups[-1], mention)
        else:
            groups.append((mention,))
    return groups


def _is_joint(gap: str) -> bool:
    return gap.strip(" ,&-–").lower() in ("", "and", "or", "the", "and the")


def coordinated(token: Token) -> Iterable[Token]:
    """A token and those coordinated with it further on: "X, Y and Z"."""
    waiting = [token]
    while waiting:
        member = waiting.pop()
        yield member
        waiting += [
            child
            for child in member.children
            if child.dep_ == "conj" and child.i > member.i and child.pos_ not in ("VERB", "AUX") and not _acts(child)
        ]


def _acts(noun: Token) -> bool:
    """Whether a noun is the subject of the verb behind it, though the parser joined it to an object before it."""
    return noun.i + 1 < len(noun.doc) and joined_subject(noun.nbor()) == noun


def in_text_order(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Each mention once, by its place in the text."""
    return tuple(sorted(dict.fromkeys(mentions), key=lambda mention: (mention.start, mention.end)))


def phrase_text(token: Token) -> str:
    """The words of a noun phrase without its relative clauses and what follows them."""
    clauses = [child for child in token.children if child.dep_ in ("relcl", "acl", "advcl") and child.i > token.i]
    stop = min((child.left_edge.i for child in clauses), default=token.right_edge.i + 1)
    doc = token.doc
    return str(doc[token.left_edge.i : max(stop, token.i + 1)].text).strip(" ,;:-—\"'“”")
