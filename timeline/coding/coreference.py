"""Short forms and pronouns to the actors named before them: surnames, "the president", "he", "its", "the two sides".

The rules follow what news prose does: a subject outranks an object, the same sentence outranks the one before,
and a pronoun in front of the main subject looks ahead. What the rules do not settle stays without a mention;
"it" always does. `Mention.rule` names the rule.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from timeline.coding.actors import ActorResolver
from timeline.coding.pronouns import PRONOUNS, REACH, SILENT, Past, Seen, find_antecedents
from timeline.coding.words import fold, fold_text, split_words
from timeline.records import Actor, Mention

_PEOPLE = frozenset(
    ("men", "women", "leaders", "presidents", "ministers", "officials", "diplomats", "heads", "premiers", "envoys",
     "politicians", "generals", "commanders")
)  # fmt: skip
_BODIES = frozenset(
    ("sides", "countries", "states", "nations", "parties", "governments", "neighbours", "neighbors", "powers", "allies",
     "rivals", "groups", "factions", "capitals", "armies", "militaries", "foes", "delegations")
)  # fmt: skip
_SIZES = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTRIES = frozenset({"countries", "states", "nations", "neighbours", "neighbors", "powers", "capitals"})
_SHORT = {
    "group": ("armed_group", "organisation"), "movement": ("armed_group", "organisation", "party"),
    "organisation": ("organisation", "armed_group"), "organization": ("organisation", "armed_group"),
    "faction": ("armed_group",), "militia": ("armed_group",), "alliance": ("organisation", "armed_group", "bloc"),
    "party": ("party",), "company": ("company",), "bloc": ("bloc", "organisation"), "union": ("bloc", "organisation"),
    "agency": ("organ", "organisation"), "country": ("state",), "body": ("organ", "organisation"),
    "coalition": ("organisation", "armed_group"), "council": ("organ", "organisation", "armed_group", "bloc"),
    "ministry": ("organ",), "firm": ("company",),
}  # fmt: skip
_SELF_NAMED = frozenset({"council", "ministry", "union"})  # bodies are called so by their names only
_NAMED_BODIES = frozenset({"organ", "organisation", "bloc", "party"})
_PERSONAL_RULES = frozenset({"office", "member", "agent-noun", "name", "title", "surname"})
_LIKE_OFFICES = {
    "chancellor": ("president", "prime minister"), "prime minister": ("chancellor", "president"),
    "president": ("prime minister", "chancellor", "supreme leader", "king"),
    "secretary of state": ("foreign minister",), "foreign minister": ("secretary of state",),
    "defence minister": ("secretary of defense",), "secretary of defense": ("defence minister",),
}  # fmt: skip
_LOOSE = frozenset(
    {"force", "troop", "soldier", "military", "government", "regime", "authority", "police", "fighter", "official"}
)
_COUNTERPARTS = frozenset({"counterpart", "opposite number"})


def resolve_references(
    doc: Doc, named: Sequence[Mention], resolver: ActorResolver, published: dt.date | None
) -> tuple[Mention, ...]:
    """Add the mentions that only the context explains to those that name their actor; sorted by place."""
    return _Discourse(doc, resolver, published).read(named)


class _Discourse:
    """One article, read from its first word to its last."""

    def __init__(self, doc: Doc, resolver: ActorResolver, published: dt.date | None) -> None:
        self._doc, self._resolver, self._published = doc, resolver, published
        self._text = doc.text  # spaCy puts it together anew each time it is asked
        self._starts = [token.idx for token in doc]
        self._sentence_of: list[int] = []
        for number, sentence in enumerate(doc.sents):
            self._sentence_of += [number] * len(sentence)
        self._seen: list[Seen] = []
        self._ahead: dict[int, Seen] = {}  # by token of the head, all named mentions, for cataphora

    def read(self, named: Sequence[Mention]) -> tuple[Mention, ...]:
        named = self._with_surnames(named)
        views = [self._view(mention) for mention in named]
        self._ahead = {view.head.i: view for view in views}
        by_first = {view.first: view for view in views}
        result: list[Mention] = []
        at = 0
        while at < len(self._doc):
            view = by_first.get(at)
            found = list(self._reference_at(at))
            if view and not (found and found[0].mention.rule == "pair"):
                found = [self._settled(view)]
            for one in found:
                self._seen.append(one)
                result.append(one.mention)
            at = max((one.end for one in found), default=at + 1)
        return tuple(mention for mention in result if mention.actor is not None and mention.actor.id != "UNK")

    # -- surnames and acronyms

    def _with_surnames(self, named: Sequence[Mention]) -> list[Mention]:
        """Later short names of the persons named in full, and acronyms given in brackets."""
        known: dict[str, Actor] = {}  # by every ending of a full name: "saleh", "al saleh"
        covered = [(mention.start, mention.end) for mention in named]
        in_full = {one.actor.id for one in named if one.actor and " " in fold_text(one.text)}
        result = []
        for mention in named:
            actor = mention.actor
            namesake = known.get(fold_text(mention.text))
            if actor and namesake and actor.id not in in_full and _is_namesake(actor, namesake, mention):
                result.append(replace(mention, actor=namesake, rule="surname"))
                continue
            if not actor or (actor.known and self._kind(mention) != "person"):
                result.append(mention)
                continue
            key = fold_text(actor.name)
            if not actor.known and key in known:
                result.append(replace(mention, actor=known[key], rule="surname"))
                continue
            result.append(mention)
            if " " in key:
                known |= dict.fromkeys(_endings(mention.text), actor)
                if acronym := self._acronym_after(mention):
                    known[acronym] = actor
        if known:
            result += self._short_names(known, covered)
        return sorted(result, key=lambda mention: (mention.start, mention.end))

    def _acronym_after(self, mention: Mention) -> str:
        match_end = mention.end + 12
        tail = self._text[mention.end : match_end]
        inside = tail.strip()[1:].partition(")")[0] if tail.strip().startswith("(") else ""
        return fold(inside) if inside.isupper() and 1 < len(inside) < 9 else ""

    def _short_names(self, known: dict[str, Actor], covered: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        starts = [start for start, _ in covered]
        introduced: set[str] = set()
        for token in self._doc:
            key = fold(token.text)
            if key not in known or token.pos_ not in ("PROPN", "NOUN") or not token.text[0].isupper():
                continue
            place = bisect_left(starts, token.idx + 1) - 1
            inside = place >= 0 and covered[place][1] > token.idx
            if inside:
                introduced.add(key)
            elif key in introduced and token.dep_ not in ("compound", "amod"):
                first = token.i
                while first > 0 and self._doc[first - 1].dep_ == "compound" and self._doc[first - 1].head.i == token.i:
                    first -= 1
                span = self._doc[first : token.i + 1]
                if not any(start < span.end_char and span.start_char < end for start, end in covered):
                    yield Mention(span.start_char, span.end_char, span.text, known[key], "surname")

    # -- what a mention is

    def _kind(self, mention: Mention) -> str:
        actor = mention.actor
        entry = self._resolver.lexicon.entries.get(actor.id) if actor else None
        if entry:
            single = mention.rule in ("office", "member", "agent-noun") and entry.kind != "person"
            return "person" if single and self._single_person(mention) else entry.kind
        if actor and not actor.known:
            return "person" if mention.rule in _PERSONAL_RULES else ""
        return "person" if mention.rule in _PERSONAL_RULES and self._single_person(mention) else ""

    def _single_person(self, mention: Mention) -> bool:
        return self._head(mention).tag_ in ("NN", "NNP") and mention.rule != "organ"

    def _span(self, mention: Mention) -> tuple[int, int]:
        first = bisect_left(self._starts, mention.start + 1) - 1
        return first, bisect_left(self._starts, mention.end)

    def _head(self, mention: Mention) -> Token:
        first, end = self._span(mention)
        for i in range(end - 1, first - 1, -1):
            if not first <= self._doc[i].head.i < end or self._doc[i].head.i == i:
                return self._doc[i]
        return self._doc[end - 1]

    def _view(self, mention: Mention) -> Seen:
        first, end = self._span(mention)
        head, kind = self._head(mention), self._kind(mention)
        entry = self._resolver.lexicon.entries.get(mention.actor.id) if mention.actor else None
        gender = entry.gender if entry else _gender_of(mention.text)
        plural = head.tag_ in ("NNS", "NNPS") or (kind != "person" and head.lower_ in ("police", "opposition"))
        return Seen(mention, first, end, head, self._sentence_of[first], kind, gender, plural)

    # -- one place in the text

    def _settled(self, view: Seen) -> Seen:
        """A named mention, completed by what came before: "the army", "his spokesman"."""
        actor, first = view.actor, self._doc[view.first]
        if first.dep_ == "poss" and first.lower_ in PRONOUNS and not actor.country:
            owners = self._find_antecedents(first)
            if len(owners) == 1 and (filled := self._owned(view, owners[0])):
                return self._with(view, filled, "possessive")
        elif first.dep_ == "poss" and first.lower_ in PRONOUNS and any(w in view.mention.text for w in _COUNTERPARTS):
            return self._counterpart(view, first)
        if actor.sector in ("GOV", "MIL") and not actor.country and "regime" in view.mention.text.lower().split():
            return self._regime(view)
        definite = first.lower_ in ("the", "this", "that", "these", "those")
        if definite and not actor.country and actor.known and (previous := self._short_form(view)):
            return self._with(view, previous.actor, "short-form")
        return view

    def _with(self, view: Seen, actor: Actor, rule: str) -> Seen:
        mention = replace(view.mention, actor=actor, rule=rule)
        entry = self._resolver.lexicon.entries.get(actor.id)
        return replace(
            view,
            mention=mention,
            kind=entry.kind if entry else view.kind,
            gender=entry.gender if entry else view.gender,
        )

    def _owned(self, view: Seen, owner: Seen) -> Actor | None:
        """ "its troops", "his spokesman": the country is that of the owner."""
        if owner.actor.country is None:
            return None
        if view.actor.sector in ("UAF", "MIL") and owner.kind in ("armed_group",):
            return owner.actor
        sector = "MIL" if view.actor.sector == "UAF" else view.actor.sector
        return self._resolver.compose(owner.actor.country, sector)

    def _counterpart(self, view: Seen, pronoun: Token) -> Seen:
        """ "his Russian counterpart": who holds the same office there."""
        for owner in self._find_antecedents(pronoun):
            entry = self._resolver.lexicon.entries.get(owner.actor.id)
            offices = [role.office for role in entry.roles if role.period.holds(self._published)] if entry else []
            for office in [*offices, *_LIKE_OFFICES.get(offices[0] if offices else "", ())]:
                holder = self._resolver.lexicon.find_holder(fold(office), view.actor.country or "", self._published)
                if holder:
                    return self._with(view, self._resolver.actor_of(holder, self._published), "counterpart")
        return view

    def _regime(self, view: Seen) -> Seen:
        """ "the regime", "regime targets": whose regime or government was spoken of last."""
        past = [s for s in self._recent(view.sentence, 2 * REACH) if s.actor.country and s.mention.rule not in SILENT]
        for word in ("regime", "government"):
            for seen in past:
                if word in fold(seen.mention.text).split():
                    return self._with(view, self._resolver.compose(seen.actor.country, view.actor.sector), "short-form")
        return view

    def _short_form(self, view: Seen) -> Seen | None:
        """The last actor named that "the president", "the army" or "the rebels" can mean."""
        noun = view.head.lemma_.lower()
        nouns = {token.lower_ for token in self._doc[view.first : view.end] if token.pos_ in ("NOUN", "PROPN")} | {noun}
        past = [
            seen for seen in self._recent(view.sentence, 2 * REACH)
            if seen.actor.country and seen.mention.rule not in ("pronoun", "outlet", "place")
        ]  # fmt: skip
        if view.kind == "person":
            return (
                next((s for s in past if s.kind == "person" and self._holds(s, noun)), None)
                if view.mention.rule in ("office", "member")
                else None
            )
        recent = self._recent(view.sentence, 2 * REACH)
        bodies = (s for s in recent if s.kind in _NAMED_BODIES and noun in fold(s.mention.text).split())
        if view.head.tag_ == "NN" and (body := next(bodies, None)):
            return body
        alike = [
            s
            for s in past
            if s.actor.sector == view.actor.sector
            and s.kind != "person"
            and (s.plural or not view.plural or s.kind == "organ")
        ]
        named = [seen for seen in alike if nouns & _words_of(seen)]
        return next(iter(named), None) or (next(iter(alike), None) if noun in _LOOSE else None)

    def _holds(self, past: Seen, noun: str) -> bool:
        if noun in fold(past.mention.text).split():
            return True
        entry = self._resolver.lexicon.entries.get(past.actor.id)
        if entry is None:
            return False
        return any(noun in fold(role.office).split() for role in entry.roles if role.period.holds(self._published))

    def _reference_at(self, at: int) -> Iterator[Seen]:
        token = self._doc[at]
        lower = token.lower_
        if lower in PRONOUNS and token.pos_ in ("PRON", "DET", "ADJ"):
            for past in self._find_antecedents(token):
                yield self._refer(at, at + 1, past, "cataphora" if past.first > at else "pronoun")
        elif lower in ("the", "both", "these"):
            yield from self._pair_at(at)
        if lower in ("the", "this", "that") and at + 1 < len(self._doc):
            yield from self._short_noun_at(at)

    def _refer(self, first: int, end: int, past: Seen, rule: str) -> Seen:
        span = self._doc[first:end]
        mention = Mention(span.start_char, span.end_char, span.text, past.actor, rule)
        return replace(past, mention=mention, first=first, end=end, head=span.root, sentence=self._sentence_of[first])

    def _short_noun_at(self, at: int) -> Iterator[Seen]:
        """ "the group", "the party", "the country" right behind "the"."""
        noun = self._doc[at + 1]
        kinds = _SHORT.get(noun.lower_)
        if (
            kinds is None
            or noun.dep_ == "compound"
            or any(child.dep_ in ("prep", "relcl", "acl") for child in noun.rights)
        ):
            return
        for past in self._recent(self._sentence_of[at], REACH):
            if noun.lower_ in _SELF_NAMED and noun.lower_ not in _words_of(past):
                continue
            if past.kind in kinds and past.mention.rule not in ("outlet", "pronoun", "place"):
                yield self._refer(at, at + 2, past, "short-form")
                return

    def _pair_at(self, at: int) -> Iterator[Seen]:
        """ "the two sides", "both leaders", "the four presidents": the last so many who can be meant."""
        words = [token.lower_ for token in self._doc[at : at + 4]]
        skip = 1 if words[0] == "both" else 2
        size = 2 if words[0] == "both" else _SIZES.get(words[1]) if len(words) > 1 else None
        if size is None:
            return
        if words[skip : skip + 1] and words[skip] in (
            "foreign",
            "warring",
            "neighbouring",
            "neighboring",
            "main",
            "defence",
            "defense",
        ):
            skip += 1
        noun = words[skip] if skip < len(words) else ""
        if noun not in _PEOPLE | _BODIES:
            return
        persons = noun in _PEOPLE
        for past in self._last_pair(at, persons=persons) if size == 2 else self._last_group(at, size, persons=persons):
            actor = past.actor
            state = self._resolver.lexicon.entries.get(actor.country or "")
            if noun in _COUNTRIES and state:
                actor = self._resolver.actor_of(state, None)
            reference = self._refer(at, at + skip + 1, past, "pair")
            yield replace(reference, mention=replace(reference.mention, actor=actor))

    def _last_pair(self, at: int, *, persons: bool) -> list[Seen]:
        """The first main subject of the last sentence that has two, and the next of its kind beside it."""
        here = self._sentence_of[at]
        recent = self._countries_before(here)
        for sentence in range(here, here - REACH - 1, -1):
            inside = [s for s in recent if s.sentence == sentence]
            inside = [s for s in inside if s.kind == "person"] if persons else inside
            inside.sort(key=lambda s: (not s.subject, s.first))
            others = [
                s
                for s in inside
                if s.actor.id != inside[0].actor.id and (persons or s.actor.country != inside[0].actor.country)
            ]
            if others:
                second = min(others, key=lambda s: (s.kind != inside[0].kind, not s.subject, s.first))
                return sorted([inside[0], second], key=lambda s: s.first)
        return []

    def _countries_before(self, sentence: int) -> list[Seen]:
        """Who was named up to a sentence and not too far back, with a country, in the order of the text."""
        return [s for s in self._recent(sentence, REACH) if s.mention.rule not in SILENT and s.actor.country][::-1]

    def _last_group(self, at: int, size: int, *, persons: bool) -> list[Seen]:
        """Those of the last sentence that names just so many; persons, or bodies of as many states."""
        here = self._sentence_of[at]
        recent = self._countries_before(here)
        for sentence in range(here, here - REACH - 1, -1):
            named = [s for s in recent if s.sentence == sentence and s.first < at and (s.kind == "person") == persons]
            group = {seen.actor.id if persons else seen.actor.country: seen for seen in named}
            if len(group) == size:
                return list(group.values())
        return []

    def _find_antecedents(self, pronoun: Token) -> list[Seen]:
        return find_antecedents(pronoun, Past(self._seen, self._sentence_of, self._ahead))

    def _recent(self, sentence: int, reach: int) -> Iterator[Seen]:
        for seen in reversed(self._seen):
            if seen.sentence < sentence - reach:
                return
            yield seen


def _is_namesake(actor: Actor, introduced: Actor, mention: Mention) -> bool:
    """Whether a surname that the lexicon knows is that of somebody else, whom the article has named in full."""
    surname = introduced.id.rsplit("-", 1)[-1]  # of "Paula Grant, a senator"
    return actor.kind == "person" and not introduced.known and surname == fold_text(mention.text)


def _endings(text: str) -> list[str]:
    """The last word of a name, and its last two where that leaves a first name."""
    keys = [word.key for word in split_words(text) if word.text[0].isupper() or word.key in ("al", "el")]
    return [" ".join(keys[-size:]) for size in (1, 2) if len(keys) > size]


def _words_of(seen: Seen) -> set[str]:
    words = {word.key for word in split_words(f"{seen.mention.text} {seen.actor.name}")}
    return words | {word.removesuffix("s") for word in words}


def _gender_of(text: str) -> str | None:
    words = {word.key for word in split_words(text)}
    if words & {"mr", "sir", "lord", "king", "prince", "sheikh", "chairman", "spokesman", "businessman", "father"}:
        return "m"
    if words & {
        "mrs",
        "ms",
        "miss",
        "lady",
        "queen",
        "princess",
        "chairwoman",
        "spokeswoman",
        "woman",
        "girl",
        "mother",
    }:
        return "f"
    return None
