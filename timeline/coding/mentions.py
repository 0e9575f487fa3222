"""Which words of an article name an actor, and whom: names, offices, peoples, agent nouns, unknown names.

A hit (see `hits`) grows to its noun phrase along the parse and the phrase is read by `ActorResolver`. Places where
things happen, outlets that only report, and nationalities that belong to things ("a Russian missile") are no
actors. Pronouns and short forms follow in `coreference`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from timeline.coding.actors import ActorResolver
from timeline.coding.context import settle_context
from timeline.coding.coreference import resolve_references
from timeline.coding.hits import (
    CITY_LOCATIVE,
    FRONT_LINE,
    HUMAN_VERBS,
    LOCATIVE,
    MARCHERS,
    NAME_LABELS,
    NEVER_NAMES,
    NOT_ACTORS,
    Hit,
    find_root,
    outside_datelines,
    recognise_hits,
)
from timeline.coding.naming import propose
from timeline.coding.roles import SHARED, coordinated
from timeline.records import Actor, Mention

_FORMING_DAYS = 180  # a bloc is spoken of some months before it is there
_CLIMBED = frozenset({"compound", "amod", "nmod", "poss", "nummod", "npadvmod"})
_INNER = frozenset(
    ("det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "predet", "case", "npadvmod", "advmod",
     "punct", "conj", "cc", "prep", "pobj", "neg", "appos", "dep", "subtok", "advcl", "acl")
)  # fmt: skip
_TAILS = frozenset({"of", "for", "to"})
_LISTING = frozenset({"of", "from"})
_PLACE_VERBS = frozenset(
    ("visit", "leave", "reach", "enter", "shell", "bomb", "strike", "storm", "capture", "seize", "besiege",
     "liberate", "recapture", "retake", "overrun", "approach", "cross", "quit", "flee", "tour", "defend",
     "encircle", "surround", "hit", "target", "pound", "rock", "shake", "destroy", "hold", "control", "take")
)  # fmt: skip
_GROUNDS = frozenset(
    ("neighbourhood", "neighborhood", "village", "villages", "town", "towns", "area", "areas", "settlement",
     "settlements", "district", "districts", "soil", "waters", "territory", "enclave", "airport", "quarter", "land",
     "border")
)  # fmt: skip
_PARTS_OF_TOWNS = (
    _GROUNDS
    | NOT_ACTORS
    | {"part", "parts", "outskirts", "centre", "center", "edge", "edges", "heart", "most", "much", "all", "half"}
    | {"third", "thirds", "quarter", "quarters", "rest", "remainder", "bulk", "whole", "portion", "portions", "swath"}
    | {"swaths", "swathe", "swathes", "chunk", "chunks", "stretch", "majority"}
)
_QUARTERS = frozenset({"quarter", "neighbourhood", "neighborhood", "district", "districts"})
_TELLING = frozenset({"tell", "inform", "quote", "cite", "say", "report", "give", "assure", "brief"})
_REPORTING = frozenset({"say", "report", "add", "quote", "claim", "cite"})
_WEAPONS = frozenset(
    ("missile", "missiles", "rocket", "rockets", "shell", "shells", "bomb", "bombs", "mortar", "mortars", "bullet",
     "bullets", "weapons", "grenade", "grenades", "barrel")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase that names an actor: its tokens, its syntactic head and the hits inside."""

    first: int
    end: int
    head: int
    hits: tuple[Hit, ...]


def recognise_mentions(doc: Doc, resolver: ActorResolver, published: dt.date | None) -> tuple[Mention, ...]:
    """Find every mention of an actor in a parsed article.

    Args:
        doc: From `parsing.parse`.
        resolver: Reads the phrases.
        published: Offices are given to who held them then; None leaves them to the organ.

    Returns:
        Mentions sorted by place. They do not overlap, save where words name several actors ("the two sides"):
        then one mention for each, on the same characters. Two rules mark what acts only by way of exception:
        "outlet" (a publisher that reports) and "place" (a state or capital that says where).
    """
    hits = recognise_hits(doc, resolver)
    by_token = {i: hit for hit in outside_datelines(doc, hits) for i in range(hit.first, hit.end)}
    found = _mentions_of(_Context(doc, resolver, published, by_token))
    named = [_as_of(published, mention, resolver) for mention in found]
    return settle_context(doc, resolve_references(doc, named, resolver, published), hits, resolver)


def _as_of(day: dt.date | None, mention: Mention, resolver: ActorResolver) -> Mention:
    """A bloc that is still to be formed is another one: "the U.S.-led coalition" of 2003 is not that of 2014."""
    entry = resolver.lexicon.entries.get(mention.actor.id) if mention.actor and mention.actor.kind == "bloc" else None
    start = entry.period.start if entry else None
    if entry is None or day is None or start is None or (start - day).days <= _FORMING_DAYS:
        return mention
    return replace(mention, actor=resolver.compose(entry.country, entry.sector))


@dataclass(frozen=True, slots=True)
class _Context:
    doc: Doc
    resolver: ActorResolver
    published: dt.date | None
    by_token: dict[int, Hit]


def _mentions_of(context: _Context) -> list[Mention]:
    """Hits grown to noun phrases and read, sorted, without overlap."""
    phrases: dict[int, Phrase] = {}
    for hit in dict.fromkeys(context.by_token.values()):
        head = _climb(context, hit)
        if head is not None and head not in phrases:
            phrases[head] = _phrase_at(context, head)
    mentions: list[Mention] = []
    reach = -1
    for phrase in sorted(phrases.values(), key=lambda phrase: (phrase.first, -phrase.end)):
        if phrase.first < reach:
            continue
        listed = _listed_under(context, phrase)
        found = list(_read_list(context, phrase, listed) if listed else _read_phrase(context, phrase))
        mentions += found
        if found:
            reach = max(phrase.end, *(hit.end for hit in listed)) if listed else phrase.end
    return _join_appositions(context, sorted(mentions, key=lambda mention: mention.start))


def _climb(context: _Context, hit: Hit) -> int | None:
    """The head of the actor phrase that a hit belongs to; None where it belongs to a thing."""
    token = find_root(context.doc, hit.first, hit.end)
    joined = token.dep_ == "conj" and token.head.dep_ in ("amod", "compound", "nmod") and hit.use == "demonym"
    own, token = token, token.head if joined else token
    for _ in range(6):
        head = token.head
        if token.dep_ not in _CLIMBED or head.i < token.i or head.pos_ not in ("NOUN", "PROPN", "ADJ"):
            return token.i
        if not _is_actor_head(context, head, hit):
            if token.dep_ != "poss" and not _does(context, token, head, hit):
                return None
            return own.i if joined and token.i == own.head.i else token.i
        token = head
    return token.i


def _is_actor_head(context: _Context, head: Token, hit: Hit) -> bool:
    if head.i in context.by_token:
        return True
    if head.pos_ == "PROPN" and head.text.lower() not in NOT_ACTORS and head.text[0].isupper():
        return hit.kind == "noun" or hit.use == "demonym"
    return False


def _does(context: _Context, token: Token, head: Token, hit: Hit) -> bool:
    """A name right before a noun of doing or having: "Turkish shelling", "rebel positions"."""
    agents = context.resolver.agents
    if token.dep_ == "npadvmod" or hit.use in ("PERSON", "ORG"):
        return False
    if head.lower_ in _WEAPONS:
        return head.dep_ == "nsubj" or (head.dep_ == "pobj" and head.head.lower_ in ("by", "from"))
    if head.lower_ in _GROUNDS:
        if hit.kind == "people" or head.lower_ in _QUARTERS:  # a Kurdish town, the Armenian quarter: where, not who
            return False
        return head.dep_ in ("dobj", "nsubjpass") or (
            head.dep_ == "pobj" and head.head.lower_ in ("on", "against", "into")
        )
    deed = head
    while deed.dep_ == "compound" and deed.head.i > deed.i and deed.i not in context.by_token:
        deed = deed.head  # "government air strikes"
    return deed.lower_ in agents.acts or (head.lower_ in agents.assets and not head.text[0].isupper())


def _phrase_at(context: _Context, head: int) -> Phrase:
    """The noun phrase around a head: what stands before it, and an "of" that says of whom."""
    doc, hit = context.doc, context.by_token.get(head)
    first, end = head, max(head + 1, hit.end if hit else 0)
    while first > 0 and _belongs(doc, first - 1, first, end):
        first -= 1
    if hit:
        first = min(first, hit.first)
    if _is_nationality_beside(context, first - 1, head):
        first -= 1
    end = _tail_end(context, head, end)
    first = _trim_left(context, first, min(head, hit.first if hit else head))
    hits = {id(found): found for i in range(first, end) if (found := context.by_token.get(i))}
    return Phrase(first, end, head, tuple(hits.values()))


def _is_nationality_beside(context: _Context, before: int, head: int) -> bool:
    """Whether the adjective before a noun is said of it, though both hang on a third: "Turkish artillery fire"."""
    hit = context.by_token.get(before)
    if hit is None or hit.use != "demonym" or context.doc[head].dep_ != "compound":
        return False
    return context.doc[before].dep_ in _CLIMBED and context.doc[before].head == context.doc[head].head


def _trim_left(context: _Context, first: int, last: int) -> int:
    """Leave out what only stands before a phrase: dates, adverbs of time, "either", commas."""
    doc = context.doc
    dated = [i for i in range(first, last) if doc[i].lower_ in NEVER_NAMES and i not in context.by_token]
    if dated:
        first = dated[-1] + 1
        while first < last and doc[first].is_digit and doc[first].head.i != last and not _counts(doc, first, last):
            first += 1
    while first < last:
        token = doc[first]
        adverb = token.dep_ == "advmod" and doc[first + 1].pos_ == "DET"
        if not (
            adverb
            or token.is_space
            or token.dep_ in ("cc", "preconj")
            or (token.is_punct and token.text not in "\"“‘'")
        ):
            break
        first += 1
    return first


def _counts(doc: Doc, i: int, last: int) -> bool:
    """Whether a number belongs to the noun ("8 July 40 soldiers") rather than to a date."""
    return doc[i].dep_ == "nummod" and doc[i].head.i >= last and len(doc[i].text) < 4


def _belongs(doc: Doc, i: int, first: int, end: int) -> bool:
    """Whether the token before a phrase is part of it: it depends on it, within the kinds that stand in front."""
    token = doc[i]
    if token.is_space or token.text in ",;:()—–":
        return False
    head = token
    for _ in range(5):
        if head.dep_ not in _INNER or (head.dep_ in ("prep", "appos", "dep", "acl", "advcl") and head.head.i >= first):
            return False
        head = head.head
        if first <= head.i < end:
            return head.i > i
    return False


def _tail_end(context: _Context, head: int, end: int) -> int:
    """Where the phrase ends with its "of …", "for …", "to …" where that names whose post or body it is."""
    doc, hit = context.doc, context.by_token.get(head)
    for _ in range(2):
        if (
            end >= len(doc)
            or doc[end].lower_ not in _TAILS
            or doc[end].dep_ != "prep"
            or hit is None
            or hit.noun is None
        ):
            return end
        allowed = {"offices": _TAILS, "members": ("of", "for")}.get(hit.noun.kind, ("of",))
        if doc[end].lower_ not in allowed:
            return end
        inside = next((child for child in doc[end].children if child.dep_ == "pobj"), None)
        if inside is None or inside.i - end > 8 or inside.i not in context.by_token:
            return end
        found = context.by_token[inside.i]
        head, end, hit = inside.i, max(inside.i + 1, found.end), found
    return end


def _read_phrase(context: _Context, phrase: Phrase) -> Iterator[Mention]:
    """The mentions of a phrase: one, or several where nationalities share a noun ("Russian and Turkish forces")."""
    doc = context.doc
    hit = context.by_token.get(phrase.head)
    if hit and len(phrase.hits) == 1 and hit.kind == "name" and hit.entry and _is_mere_place(doc, phrase, hit):
        state = context.resolver.actor_of(hit.entry, context.published)
        yield _mention(doc, phrase.first, phrase.end, state, "place")
        return
    town = _town_in(phrase, hit)
    if town is not None:
        if town.entry and _is_acted_on(doc[phrase.head]):
            place = context.resolver.name_place(doc[town.first : town.end].text, town.entry.country)
            yield _mention(doc, town.first, town.end, place, "place")
        return
    if len(phrase.hits) > 1 and all(
        one.use == "name" and one.entry and one.entry.kind == "state" for one in phrase.hits
    ):
        for one in phrase.hits:  # "Norway Sweden and Finland", its comma lost
            yield _mention(
                doc, one.first, one.end, context.resolver.read_sense(one.senses[0], context.published), "alias"
            )
        return
    shared = _shared_nationalities(doc, phrase)
    if len(shared) > 1:
        yield from _split_shared(context, phrase, shared)
        return
    actor = _read_actor(context, phrase, _spell_out(doc, phrase, hit))
    if actor is None:
        return
    yield _mention(doc, phrase.first, phrase.end, actor, _rule(context, phrase, hit, actor))


def _spell_out(doc: Doc, phrase: Phrase, hit: Hit | None) -> str:
    """A phrase's words, and what they leave out of a crowd that marches and of a people's front."""
    text = str(doc[phrase.first : phrase.end].text)
    if hit is None or hit.noun is None or hit.noun.text not in (MARCHERS, FRONT_LINE):
        return text
    if hit.noun.text == MARCHERS:
        return MARCHERS
    return text if hit.noun.text in text.lower() else f"{text} {FRONT_LINE}"


def _town_in(phrase: Phrase, head: Hit | None) -> Hit | None:
    """The town that a phrase is about: "Aleppo", "parts of Aleppo"."""
    if head is not None and head.noun is not None and head.noun.kind == "groups":
        others = [hit for hit in phrase.hits if hit is not head]
        return others[0] if len(others) == 1 and others[0].kind == "city" else None
    return head if head is not None and head.kind == "city" and len(phrase.hits) == 1 else None


def _read_actor(context: _Context, phrase: Phrase, text: str) -> Actor | None:
    resolver, published, hits = context.resolver, context.published, phrase.hits
    doc = context.doc
    if len(hits) == 1:
        hit = hits[0]
        if hit.kind == "name" and (hit.end >= phrase.end or doc[phrase.head].i < hit.end):
            return resolver.read_sense(hit.senses[0], published)
        if hit.kind in NAME_LABELS:
            return _propose_name(context, phrase, hit)
    named = next((hit for hit in hits if hit.kind in NAME_LABELS and hit.first <= phrase.head < hit.end), None)
    if named and (actor := _propose_name(context, phrase, named)):
        return actor
    posts = any(hit.noun and hit.noun.kind == "offices" for hit in hits)
    return resolver.resolve(text if posts else text + _place_tail(doc, phrase), published)


def _propose_name(context: _Context, phrase: Phrase, hit: Hit) -> Actor | None:
    """An unknown name, with country and sector from the words in front of it ("German Chancellor …")."""
    doc, resolver = context.doc, context.resolver
    name = doc[hit.first : hit.end].text
    known = resolver.find_person(name, context.published)
    if known:
        return known
    front = doc[phrase.first : hit.first].text or (doc[hit.first].text if hit.kind == "ORG" else "")
    framed = resolver.resolve(front, context.published) if front.strip() else None
    return propose(name, framed.country if framed else None, framed.sector if framed else None)


def _place_tail(doc: Doc, phrase: Phrase) -> str:
    """ " in Y" right behind a phrase, which tells the country of civilians, protesters and the like."""
    if phrase.end < len(doc) and doc[phrase.end].lower_ in ("in", "from") and doc[phrase.end].head.i == phrase.head:
        inside = next((child for child in doc[phrase.end].children if child.dep_ == "pobj"), None)
        if inside is not None and inside.i - phrase.end < 5:
            return " " + doc[phrase.end : inside.i + 1].text
    return ""


def _rule(context: _Context, phrase: Phrase, hit: Hit | None, actor: Actor) -> str:
    doc, entry = context.doc, context.resolver.lexicon.entries.get(actor.id)
    if not actor.known and _only_reports(doc[phrase.head]):
        return "outlet"
    if hit is None:
        return "name" if not actor.known else "title"
    if entry and entry.reports and not (_is_hit(doc[phrase.head]) and _is_plain(doc, phrase)):
        return "outlet"
    if hit.kind == "name":
        return "alias" if hit.use == "name" else hit.use
    if hit.kind == "noun" and hit.noun:
        return {"offices": "office", "organs": "organ", "members": "member"}.get(hit.noun.kind, "agent-noun")
    return "name" if hit.kind in NAME_LABELS else hit.kind


def _is_plain(doc: Doc, phrase: Phrase) -> bool:
    """Whether a phrase is a name alone, not one that a headline's end ran into ("northern Norlund Quillan News")."""
    names = [hit for hit in phrase.hits if hit.kind != "noun"]
    before = [token for token in doc[phrase.first : names[0].first] if token.pos_ == "PROPN"] if names else []
    return len(names) <= 1 and not before


def _is_hit(head: Token) -> bool:
    """Whether something is done to an outlet, rather than said by or to it."""
    if head.dep_ == "pobj":
        return head.head.lower_ in ("on", "against")
    speaks = head.i + 1 < len(head.doc) and head.nbor(1).lemma_ in _REPORTING
    return head.dep_ in ("dobj", "nsubjpass") and head.head.lemma_ not in _TELLING and not speaks


def _only_reports(head: Token) -> bool:
    """ "AFP reported", "told Reuters": an unknown body that passes on what others say."""
    verb = head.head
    if head.dep_ == "nsubj":
        return verb.lemma_ == "report"
    return head.dep_ in ("dobj", "dative") and verb.lemma_ in _TELLING and head.text.isupper()


def _mention(doc: Doc, first: int, end: int, actor: Actor | None, rule: str) -> Mention:
    span = doc[first:end]
    return Mention(span.start_char, span.end_char, span.text, actor, rule)


def _is_mere_place(doc: Doc, phrase: Phrase, hit: Hit) -> bool:
    """A state, city or seat of government that only says where."""
    entry, token = hit.entry, doc[phrase.head]
    if entry is None or entry.kind not in ("state", "region") or hit.use == "demonym":
        return False
    city = hit.use == "capital"
    preposition = token.head if token.dep_ == "pobj" else None
    if token.dep_ == "conj" and token.head.dep_ == "pobj":
        preposition = token.head.head
    if preposition is not None:
        if preposition.lower_ == "between":
            return False
        return preposition.lower_ in (CITY_LOCATIVE if city else LOCATIVE)
    if city and token.dep_ in ("dobj", "nsubjpass") and token.head.lemma_ in _PLACE_VERBS:
        return True
    if city and token.dep_ in ("appos", "npadvmod", "ROOT", "dep", "nmod", "punct"):
        return True
    return token.dep_ == "npadvmod"


def _is_acted_on(token: Token) -> bool:
    """Whether a city, or the quarter, province or part of it, is what something is done to."""
    while token.dep_ == "conj" or (token.dep_ == "pobj" and token.head.head.lower_ in _PARTS_OF_TOWNS):
        token = token.head if token.dep_ == "conj" else token.head.head
    if token.dep_ == "pobj":
        return token.head.lower_ in ("on", "against") and token.head.head.lower_ not in HUMAN_VERBS
    return token.dep_ in ("dobj", "nsubjpass") and token.head.lemma_ not in ("leave", "reach", "enter", "visit", "tour")


def _shared_nationalities(doc: Doc, phrase: Phrase) -> list[Hit]:
    """Nationalities joined by "and" before one noun, each cut to its first word ("Syrian" of "Syrian army")."""
    before = [hit for hit in phrase.hits if hit.first <= phrase.head]
    if not before or not (before[0].use in ("demonym", "people") or _is_short_name(doc, before[0])):
        return []
    found = before[:1]
    for hit in before[1:]:
        between = {doc[i].lower_ for i in range(found[-1].end, hit.first)}
        first_word = Hit(hit.first, hit.first + 1, "name", hit.senses)
        if (
            not between
            or not between <= {"and", ",", "or", "&", "-", "–"}
            or not (_is_adjective(hit, doc[hit.first]) or _is_short_name(doc, hit))
        ):
            break
        found.append(first_word)
    return found


def _is_adjective(hit: Hit, token: Token) -> bool:
    longer = hit.kind == "name" and token.pos_ in ("ADJ", "PROPN") and hit.end - hit.first > 1
    return longer or hit.use in ("demonym", "people")


def _is_short_name(doc: Doc, hit: Hit) -> bool:
    """ "US", "UK", "EU", which serve as their own adjectives."""
    states = hit.kind == "name" and hit.entry is not None and hit.entry.kind in ("state", "bloc")
    return states and hit.end - hit.first == 1 and doc[hit.first].text.replace(".", "").isupper()


def _listed_under(context: _Context, phrase: Phrase) -> list[Hit]:
    """States and bodies listed behind one noun in the plural: "the presidents of X, Y and Z"."""
    hit = context.by_token.get(phrase.head)
    if hit is None or hit.noun is None or not (hit.noun.plural or hit.noun.kind == "organs"):
        return []
    links = [child for child in context.doc[phrase.head].rights if child.dep_ == "prep" and child.lower_ in _LISTING]
    first = next((child for link in links[:1] for child in link.children if child.dep_ == "pobj"), None)
    listed = [context.by_token.get(token.i) for token in coordinated(first)] if first is not None else []
    found = sorted((one for one in listed if one is not None and _may_own(one)), key=lambda one: one.first)
    whole = len(found) > 1 and len(found) == len(listed) and len({one.entry for one in found}) == len(found)
    return found if whole else []


def _may_own(hit: Hit) -> bool:
    return hit.kind == "name" and hit.entry is not None and hit.entry.kind != "person" and hit.use != "demonym"


def _read_list(context: _Context, phrase: Phrase, listed: Sequence[Hit]) -> Iterator[Mention]:
    """One mention for each state or body that a noun is said of; the first has the noun."""
    doc, hit = context.doc, context.by_token[phrase.head]
    for one in listed:
        assert one.entry is not None and hit.noun is not None
        actor = context.resolver.read_post(hit.noun, one.entry, context.published)
        if actor is None:
            front = doc[phrase.first : phrase.head + 1].text
            actor = context.resolver.resolve(f"{front} of {doc[one.first : one.end].text}", context.published)
        first = phrase.first if one is listed[0] else one.first
        yield _mention(doc, first, one.end, actor, SHARED)


def _split_shared(context: _Context, phrase: Phrase, shared: Sequence[Hit]) -> Iterator[Mention]:
    doc = context.doc
    noun = doc[shared[-1].end : phrase.end].text
    for hit in shared:
        last = hit is shared[-1]
        start = phrase.first if hit is shared[0] else hit.first
        actor = context.resolver.resolve(f"{doc[hit.first : hit.end].text} {noun}", context.published)
        if actor:
            yield _mention(doc, start, phrase.end if last else hit.end, actor, SHARED)


def _join_appositions(context: _Context, mentions: Sequence[Mention]) -> list[Mention]:
    """ "the President of Turkey, Recep Tayyip Erdogan" is one mention; so is the reverse order."""
    text, joined = context.doc.text, list(mentions[:1])
    for mention in mentions[1:]:
        last = joined[-1]
        gap = text[last.end : mention.start]
        one = _apposed(context, last, mention) if gap.strip() in ("", ",") and len(gap) < 4 else None
        one = one or (mention if gap == " " and _describes(context, last, mention) else None)
        if one is None:
            joined.append(mention)
        else:
            joined[-1] = replace(one, start=last.start, end=mention.end, text=text[last.start : mention.end])
    return joined


def _describes(context: _Context, left: Mention, right: Mention) -> bool:
    """Whether a noun for a body stands right before the body's name: "the rebel group Red Heron Front"."""
    if left.rule != "organ" or right.rule != "alias" or left.actor is None or right.actor is None:
        return False
    known = context.resolver.lexicon.entries
    entry = known.get(right.actor.id)
    if entry is None or entry.kind in ("state", "region", "person") or left.actor.id in known:
        return False
    return left.actor.country in (None, entry.country)


def _apposed(context: _Context, left: Mention, right: Mention) -> Mention | None:
    """The person of the two, if one is a person by name and the other a post or description that fits."""
    posts = ("office", "member", "agent-noun")
    for person, post in ((left, right), (right, left)):
        if post.rule not in posts or person.actor is None or post.actor is None:
            continue
        if not _is_person(context, person) or (post is right and not _apposed_in_parse(context.doc, left, right)):
            continue
        if person.actor.country and post.actor.country and person.actor.country != post.actor.country:
            continue
        return _with_facts(person, post)
    return None


def _apposed_in_parse(doc: Doc, left: Mention, right: Mention) -> bool:
    span = doc.char_span(right.start, right.end, alignment_mode="expand")
    return span is not None and span.root.dep_ == "appos" and left.start <= span.root.head.idx < left.end


def _is_person(context: _Context, mention: Mention) -> bool:
    if mention.actor is None:
        return False
    entry = context.resolver.lexicon.entries.get(mention.actor.id)
    return entry.kind == "person" if entry else mention.rule == "name"


def _with_facts(person: Mention, post: Mention) -> Mention:
    actor, facts = person.actor, post.actor
    assert actor is not None and facts is not None
    if actor.known:
        return person
    country = actor.country or facts.country
    filled = replace(
        actor, country=country, sector=actor.sector or facts.sector, part_of=actor.part_of or facts.part_of
    )
    return replace(person, actor=filled)
