"""Actors without a country, in an article about one: "the army", "government forces", "rebels", "civilians".

The country in play is where the article is set: the one that most of its places lie in. Names of places where
things happen count full, nationalities half; a sentence that names places of one country only speaks for itself.
Mentions settled so have the rule "context", as it is the article and not their own words that tells the country.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span

from timeline.coding.actors import ActorResolver
from timeline.coding.grammar import SUBJECTS
from timeline.coding.hits import LOCATIVE, Hit
from timeline.coding.naming import display_name
from timeline.coding.phrases import SEATED
from timeline.coding.words import split_words
from timeline.records import Actor, Mention

CONTEXT = "context"
_PEOPLE = frozenset({"CVL", "REB", "OPP", "UAF", "PRM", "MED", "COP", "AGR", "SOC"})
_FOUGHT = frozenset({"REB", "UAF"})  # whom other nations fight where things happen: "Zubrovian jets bombed the rebels"
_BODIES = frozenset({"GOV", "MIL", "LEG", "JUD", "SPY", "EDU", "REL"})
_OWN = frozenset(
    {"the", "its", "government", "regime", "army", "state", "loyalist", "authorities", "local", "security"}
)
_FOREIGN = frozenset(
    ("foreign", "foreigner", "foreigners", "international", "coalition", "allied", "ally", "allies", "western",
     "enemy", "tourist", "tourists", "expatriate", "expatriates", "peacekeepers", "arab", "european", "african",
     "senate", "senators", "house", "congress", "knesset", "commons", "lords", "bundestag", "duma",
     "un", "world", "global", "overseas", "mercenary", "mercenaries", "god", "people's")
)  # fmt: skip
_MACHINES = frozenset(
    ("warplane", "warplanes", "jet", "jets", "plane", "planes", "aircraft", "helicopter", "helicopters", "drone",
     "drones", "submarine", "submarines", "warship", "warships", "airstrike", "airstrikes", "pilot",
     "pilots")
)  # fmt: skip
_BOMBERS = frozenset({"bomber", "bombers"})  # with a nationality planes, without one people
_ARMED = frozenset({"REB", "PRM", "UAF"})
_TALKS = frozenset(
    {
        "talk",
        "conference",
        "convention",
        "agreement",
        "accord",
        "process",
        "communique",
        "deal",
        "summit",
        "negotiation",
    }
)
_BANNED = frozenset({"ban", "outlaw", "prohibit", "proscribe", "forbid", "blacklist", "designate", "criminalise"})
_SOLDIERS = ("forces", "troops", "soldiers", "units", "army", "brigades")
_RULERS = frozenset({None, "GOV", "MIL"})
_OWNED = frozenset({"its", "their"})
_SHARE, _LEAST = 0.6, 2.0  # of all evidence; half points are nationalities


def settle_context(
    doc: Doc, mentions: Sequence[Mention], hits: Sequence[Hit], resolver: ActorResolver
) -> tuple[Mention, ...]:
    """Give actors without a country the one that the article or their sentence is set in, where only one is in play.

    Args:
        doc: The parsed article.
        mentions: Sorted, pronouns included.
        hits: All hits, those of datelines too.
        resolver: Composes the actors.
    """
    mentions = _settle_loyal(doc, [_bomber_as_person(mention) for mention in mentions], resolver)
    if not any(_is_open(mention.actor) for mention in mentions):
        return tuple(mentions)
    sentences = list(doc.sents)
    evidence, placed = _evidence(doc, hits, sentences), _evidence(doc, hits, sentences, least=1.0)
    scenes = _add_up(placed)
    settled, scene = _leader(_add_up(evidence)), next(iter(scenes)) if len(scenes) == 1 else _leader(scenes)
    starts = [sentence.start_char for sentence in sentences]
    result: list[Mention] = []
    for mention in mentions:
        number = max(bisect_right(starts, mention.start) - 1, 0)
        actor = mention.actor
        owner = _owner(doc, mention, result, starts[number])
        if owner is not None and actor is not None:
            forces = actor.sector == "UAF" and owner.sector in _RULERS  # "the government said its forces"
            owned = resolver.compose(owner.country, "MIL" if forces else actor.sector)
            result.append(replace(mention, actor=owned, rule=CONTEXT))
            continue
        country = _only_place(evidence[number]) or settled
        near = evidence[number]
        fought = actor is not None and actor.sector in _FOUGHT and max(near.values(), default=0.0) < 1.0
        if country is None and actor and actor.sector in _PEOPLE and (not near or scene in near or fought):
            country = None if mention.text.lower().startswith("its ") else scene
        if actor and country and country in resolver.lexicon.entries and _is_open(actor) and _is_local(doc, mention):
            settled_as = _of_people(mention, resolver.compose(country, actor.sector), resolver)
            result.append(replace(mention, actor=settled_as, rule=CONTEXT))
        else:
            result.append(_as_before(mention, result) if _is_open(actor) else mention)
    return tuple(result)


def _as_before(mention: Mention, before: Sequence[Mention]) -> Mention:
    """A pronoun for "government forces" is for those of their country too."""
    if mention.rule != "pronoun" or mention.actor is None:
        return mention
    alike = (m.actor for m in reversed(before) if m.actor and m.actor.sector == mention.actor.sector)
    return replace(mention, actor=next(alike, mention.actor))


def _owner(doc: Doc, mention: Mention, before: Sequence[Mention], sentence: int) -> Actor | None:
    """Whose "its soldiers" are: the first subject of the sentence, if that is a state or a body of one."""
    if not _is_open(mention.actor) or not _OWNED & {word.key for word in split_words(mention.text)}:
        return None
    for other in before:
        if other.start >= sentence and other.actor is not None and other.actor.country:
            span = doc.char_span(other.start, other.end, alignment_mode="expand")
            if span is not None and span.root.dep_ in SUBJECTS:
                return other.actor if other.actor.kind != "person" else None
    return None


def _is_open(actor: Actor | None) -> bool:
    return actor is not None and actor.country is None and actor.is_bare_sector and actor.known


def _bomber_as_person(mention: Mention) -> Mention:
    """A bomber of no country is somebody with a bomb; "Russian bombers" are planes and have their actor already.

    So are those of a make: "Tu-95 bombers".
    """
    actor = mention.actor
    plane = any(any(letter.isdigit() for letter in word) and not word.isdigit() for word in mention.text.split())
    if actor is None or actor.id != "MIL" or plane or not _BOMBERS & {word.key for word in split_words(mention.text)}:
        return mention
    return replace(mention, actor=replace(actor, id="UAF", name=display_name(None, "UAF", None), sector="UAF"))


def _settle_loyal(doc: Doc, mentions: Sequence[Mention], resolver: ActorResolver) -> list[Mention]:
    """ "Fighters loyal to X" are no rebels where X rules: his soldiers, or a militia beside them."""
    if not any(token.lower_ == "loyal" for token in doc):
        return list(mentions)
    at = {i: mention.actor for mention in mentions for i in range(mention.start, mention.end)}
    return [_serving(mention, _lord_of(doc, mention, at), resolver) for mention in mentions]


def _serving(mention: Mention, lord: Actor | None, resolver: ActorResolver) -> Mention:
    actor = mention.actor
    if actor is None or actor.sector not in _ARMED | {"MIL"} or lord is None or lord.sector not in ("GOV", "MIL"):
        return mention
    soldiers = actor.sector == "MIL" or mention.text.lower().endswith(_SOLDIERS)
    return replace(mention, actor=resolver.compose(lord.country, "MIL" if soldiers else "PRM"))


def _lord_of(doc: Doc, mention: Mention, at: Mapping[int, Actor | None]) -> Actor | None:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    loyal = [child for child in span.root.children if child.lower_ == "loyal"] if span is not None else []
    lords = [obj for word in loyal for prep in word.children if prep.lower_ == "to" for obj in prep.children]
    return next((actor for obj in lords if (actor := at.get(obj.idx)) is not None), None)


def _of_people(mention: Mention, actor: Actor, resolver: ActorResolver) -> Actor:
    """Kurdish fighters in a country are not the rebels of that country at large."""
    if actor.sector not in _ARMED or actor.kind:
        return actor
    words = [word.key for word in split_words(mention.text)]
    people = next((word for word in words if word in resolver.agents.peoples), "")
    return replace(actor, id=f"{actor.id}-{people}", name=f"{actor.name} ({people.title()})") if people else actor


def _evidence(doc: Doc, hits: Sequence[Hit], sentences: Sequence[Span], least: float = 0.0) -> list[dict[str, float]]:
    """Per sentence: how much speaks for each country as the setting, by hits that weigh at least so much."""
    found: list[dict[str, float]] = [{} for _ in sentences]
    starts = [sentence.start for sentence in sentences]
    for hit in hits:
        country = hit.entry.country if hit.entry and hit.entry.kind == "state" else None
        seat = hit.end + 1 < len(doc) and doc[hit.end].text == "-" and doc[hit.end + 1].lower_ in SEATED
        if country and not seat and (weight := _weight(doc, hit)) >= least:
            scores = found[bisect_right(starts, hit.first) - 1]  # a watchdog's office is not where things happen
            scores[country] = scores.get(country, 0.0) + weight
    return found


def _add_up(evidence: Sequence[dict[str, float]]) -> Counter[str]:
    return sum((Counter(found) for found in evidence), Counter())


def _weight(doc: Doc, hit: Hit) -> float:
    token = doc[hit.end - 1]
    if hit.use in ("city", "capital") and token.dep_ == "compound" and token.head.lemma_ in _TALKS:
        return 0.0  # "the Geneva talks" are about another country
    if hit.use == "city":
        return 1.0
    placed = token.dep_ == "pobj" and token.head.lower_ in LOCATIVE
    if placed and token.head.head.lemma_ in _BANNED:
        return 0.0  # "outlawed in Russia" says nothing of where they are
    return 1.0 if placed and hit.use in ("name", "capital") else 0.5


def _leader(scores: Counter[str]) -> str | None:
    if not scores:
        return None
    country, score = max(scores.items(), key=lambda item: (item[1], item[0]))
    return country if score >= _LEAST and score >= _SHARE * sum(scores.values()) else None


def _only_place(scores: dict[str, float]) -> str | None:
    """The country of a sentence's places, if it is one."""
    placed = [country for country, score in scores.items() if score >= 1.0]
    return placed[0] if len(placed) == 1 and len(scores) == 1 else None


def _is_local(doc: Doc, mention: Mention) -> bool:
    """Whether a description means people of the place: no foreigners, no nameless machines, no troops sent there."""
    assert mention.actor is not None
    words = {word.key for word in split_words(mention.text)}
    if words & _FOREIGN or (mention.actor.sector == "MIL" and words & _MACHINES and not words & _OWN - {"the"}):
        return False
    if mention.actor.sector in _PEOPLE:
        return True
    return mention.actor.sector in _BODIES and bool(words & _OWN)
