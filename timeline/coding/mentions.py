"""Which words of an article name an actor, and whom: names, offices, peoples, agent nouns, unknown names.

Names and nouns are looked up word by word in two tries; a hit grows to its noun phrase along the parse and the
phrase is read by `ActorResolver`. Places where things happen, outlets that only report, and nationalities that
belong to things ("a Russian missile") are no actors. Pronouns and short forms follow in `coreference`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from timeline.coding.actors import AGAINST, SLANTED, ActorResolver, propose
from timeline.coding.agents import Noun
from timeline.coding.cities import find_city, load_cities
from timeline.coding.lexicon import Entry, Sense
from timeline.coding.parsing import add_names
from timeline.coding.words import Word, fold, split_words
from timeline.records import Actor, Mention

LOCATIVE = frozenset(
    ("in", "inside", "near", "across", "throughout", "within", "around", "outside", "at", "toward", "towards", "into",
     "through", "via", "along", "beyond", "above", "between")
)  # fmt: skip
_CITY_LOCATIVE = LOCATIVE | {"to", "from", "of", "on", "over", "for"}
_PLACE_VERBS = frozenset(
    ("visit", "leave", "reach", "enter", "shell", "bomb", "strike", "storm", "capture", "seize", "besiege", "liberate",
     "recapture", "retake", "overrun", "approach", "cross", "quit", "flee", "tour", "defend", "encircle", "surround", "hit",
     "target", "pound", "rock", "shake", "destroy", "hold", "control", "take")
)  # fmt: skip
_INNER = frozenset(
    ("det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "predet", "case", "npadvmod", "advmod", "punct",
     "conj", "cc", "prep", "pobj", "neg", "appos", "dep", "subtok", "advcl", "acl")
)  # fmt: skip
_CLIMBED = frozenset({"compound", "amod", "nmod", "poss", "nummod", "npadvmod"})
_TAILS = frozenset({"of", "for", "to"})
_NOMINAL = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "PRON", "X"})
_NAME_LABELS = frozenset({"PERSON", "ORG", "NORP"})
_NEVER_NAMES = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
     "april", "may", "june", "july", "august", "september", "october", "november", "december", "mon", "tue", "wed",
     "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
     "mr", "mrs", "ms", "gmt", "utc", "am", "pm", "breaking", "photo", "video", "read", "share", "ramadan", "eid",
     "christmas", "easter", "god", "allah", "islam", "english", "arabic", "internet", "twitter", "facebook")
)  # fmt: skip
_EVENTS = frozenset(
    ("agreement", "accord", "accords", "treaty", "convention", "protocol", "deal", "pact", "memorandum", "summit",
     "conference", "talks", "process", "war", "crisis", "operation", "shield", "plan", "act", "law", "resolution",
     "declaration", "constitution", "festival", "prize", "cup", "airport", "road", "bridge", "river", "sea", "lake",
     "mountain", "valley", "street", "square", "highway", "dam", "airbase", "base", "province", "city", "town",
     "village", "district", "governorate", "countryside", "region", "island", "border", "crossing", "palace", "hotel",
     "house", "missile", "rocket", "rifle", "tank", "plane", "virus", "peninsula", "gulf", "strait", "desert", "north",
     "south", "east", "west", "neighbourhood", "neighborhood", "suburb", "camp", "gas", "oil", "bomb", "report")
)  # fmt: skip
_GROUNDS = frozenset(
    ("neighbourhood", "neighborhood", "village", "villages", "town", "towns", "area", "areas", "settlement", "settlements",
     "district", "districts", "soil", "waters", "territory", "enclave", "airport", "quarter", "land", "border")
)  # fmt: skip
_HYPHENS = frozenset("-‐‑–")
_ARTICLES = frozenset({"al", "el", "an", "ash", "as", "abu", "bin", "ibn"})
_ACTING = frozenset({"nsubj", "nsubjpass", "dobj", "agent", "poss", "dative", "iobj"})
_PERSONAL_NOUNS = frozenset(
    {"leader", "head", "member", "commander", "chief", "president", "founder", "son", "death", "arrest"}
)
_HUMAN_VERBS = frozenset(
    ("say", "tell", "add", "announce", "warn", "accuse", "deny", "call", "urge", "claim", "ask", "insist", "argue", "note",
     "explain", "stress", "vow", "pledge", "condemn", "meet", "agree", "reject", "confirm", "declare", "describe", "write",
     "tweet", "believe", "think", "want", "hope", "admit", "acknowledge", "report", "praise", "thank", "criticise",
     "criticize", "suggest", "promise", "threaten", "demand", "reply", "respond", "continue", "express", "state", "speak",
     "sign", "visit", "order", "appoint", "resign", "win", "lead", "serve", "die", "plead", "arrest", "detain", "sentence",
     "charge", "convict", "sue", "fire", "elect", "nominate", "interview", "invite", "extradite", "assassinate")
)  # fmt: skip
_WEAPONS = frozenset(
    ("missile", "missiles", "rocket", "rockets", "shell", "shells", "bomb", "bombs", "mortar", "mortars", "bullet",
     "bullets", "weapons", "grenade", "grenades", "barrel")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """Tokens first to end (excluded) that a lexicon or the model knows: `kind` is name, weak, noun, people or a label."""

    first: int
    end: int
    kind: str
    senses: tuple[Sense, ...] = ()
    noun: Noun | None = None

    @property
    def use(self) -> str:
        return self.senses[0].use if self.senses else self.kind

    @property
    def entry(self) -> Entry | None:
        return self.senses[0].entry if self.senses else None


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
    from timeline.coding.coreference import resolve_references

    hits = find_hits(doc, resolver)
    hits = _settle_weak(doc, hits)
    hits = _without_overlap(sorted([*hits, *_unknown_names(doc, hits)], key=lambda hit: (hit.first, -hit.end)))
    by_token = {i: hit for hit in hits for i in range(hit.first, hit.end)}
    named = _mentions_of(_Context(doc, resolver, published, by_token))
    return resolve_references(doc, named, resolver, published)


def find_hits(doc: Doc, resolver: ActorResolver) -> list[Hit]:
    """All names and agent nouns, longest first from left to right; no two overlap."""
    text = doc.text
    words = split_words(text)
    token_of = _token_index(doc, words)
    lexicon, agents = resolver.lexicon, resolver.agents
    hits: list[Hit] = []
    at = 0
    while at < len(words):
        end, senses = lexicon.find(words, at)
        noun_end, noun = agents.find(words, at)
        if not senses and noun is None:
            city_end, country = find_city(words, at)
            if country and country in lexicon.entries:
                sense = Sense("city", lexicon.entries[country], ())
                hits.append(Hit(token_of[at], token_of[city_end - 1] + 1, "city", (sense,)))
                at = city_end
                continue
            if words[at].key in agents.peoples and words[at].text[0].isupper():
                hits.append(Hit(token_of[at], token_of[at] + 1, "people"))
            at += 1
            continue
        if senses and (end > noun_end or (end == noun_end and words[at].text[0].isupper())):
            hit = _name_hit(senses, token_of[at], token_of[end - 1] + 1, noun if end == noun_end else None)
        else:
            hit, end = Hit(token_of[at], token_of[noun_end - 1] + 1, "noun", (), noun), noun_end
        if _fits_grammar(doc, hit) and not _slanted(text, words, at, end) and not _inside_name(words, at, hit):
            hits.append(hit)
        at = end
    return _without_overlap(hits)


def _token_index(doc: Doc, words: Sequence[Word]) -> list[int]:
    """For each word the token that holds its first character."""
    found, token, last = [], 0, len(doc) - 1
    starts = [t.idx for t in doc]
    for word in words:
        while token < last and starts[token + 1] <= word.start:
            token += 1
        found.append(token)
    return found


def _name_hit(senses: tuple[Sense, ...], first: int, end: int, noun: Noun | None) -> Hit:
    strong = tuple(sense for sense in senses if sense.use != "weak")
    return Hit(first, end, "name", strong) if strong else Hit(first, end, "weak", senses, noun)


def _fits_grammar(doc: Doc, hit: Hit) -> bool:
    last = doc[hit.end - 1]
    if hit.kind == "noun":
        return last.pos_ in ("NOUN", "PROPN")
    return not (last.is_sent_start and last.pos_ == "VERB" and hit.kind == "weak")


def _slanted(text: str, words: Sequence[Word], at: int, end: int) -> bool:
    """Whether a name only colours another: "Turkish-backed", "pro-Assad"."""
    if end < len(words) and words[end].key in SLANTED and text[words[end - 1].end] in _HYPHENS:
        return True
    return at > 0 and words[at - 1].key in AGAINST and text[words[at - 1].end] in _HYPHENS


def _inside_name(words: Sequence[Word], at: int, hit: Hit) -> bool:
    """Whether a short name is only the end of a longer one that we do not know: "Fatah" in "Jeish al-Fatah"."""
    if at == 0 or hit.kind != "name" or hit.entry is None or hit.entry.kind in ("state", "person"):
        return False
    return words[at - 1].key in _ARTICLES and words[at].start - words[at - 1].end <= 1 and hit.end - hit.first == 1


def _without_overlap(hits: Iterable[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in hits:
        if not kept or hit.first >= kept[-1].end:
            kept.append(hit)
    return kept


def _settle_weak(doc: Doc, hits: Sequence[Hit]) -> list[Hit]:
    """Keep an ambiguous name where the rest of the article speaks for one of its bearers."""
    seen = {sense.entry.id for hit in hits if hit.kind == "name" for sense in hit.senses}
    countries = Counter(hit.entry.country for hit in hits if hit.kind == "name" and hit.entry)
    starts, ends = {hit.first: hit for hit in hits}, {hit.end: hit for hit in hits}
    settled = []
    for hit in hits:
        if hit.kind != "weak":
            settled.append(hit)
            continue
        owner = _owner_country(doc, hit, starts, ends)
        senses = _likely_senses(doc, hit, seen, countries, owner)
        if senses:
            settled.append(replace(hit, kind="name", senses=senses))
        elif hit.noun:
            settled.append(replace(hit, kind="noun", senses=()))
    return settled


def _likely_senses(
    doc: Doc, hit: Hit, seen: set[str], countries: Counter[str | None], owner: str | None
) -> tuple[Sense, ...]:
    """Its owner's, else the bearer named in full elsewhere, else the only one of the article's countries."""
    if owner:
        return tuple(sense for sense in hit.senses if sense.entry.country == owner)[:1]
    certain = tuple(sense for sense in hit.senses if sense.entry.id in seen)
    if certain:
        return certain[:1]
    neighbours = [doc[i] for i in (hit.first - 1, hit.end) if 0 <= i < len(doc)]
    if any(token.pos_ == "PROPN" and token.text[0].isupper() for token in neighbours):
        return ()
    near = [sense for sense in hit.senses if countries[sense.entry.country]]
    if len(hit.senses) == 1 and hit.senses[0].entry.kind == "state":
        near = list(hit.senses)
    near.sort(key=lambda sense: -countries[sense.entry.country])
    if not near or (len(near) > 1 and countries[near[0].entry.country] == countries[near[1].entry.country]):
        return ()
    return (near[0],)


def _owner_country(doc: Doc, hit: Hit, starts: dict[int, Hit], ends: dict[int, Hit]) -> str | None:
    """The country written beside an ambiguous name: "Turkey's …", "Turkish …", "… of Turkey"."""
    genitive = hit.first and doc[hit.first - 1].lower_ in ("'s", "’s", "'", "’")
    before = ends.get(hit.first - 1 if genitive else hit.first)
    after = starts.get(hit.end + 1) if hit.end < len(doc) and doc[hit.end].lower_ == "of" else None
    for other in (before, after):
        if (
            other is not None
            and other.kind == "name"
            and other.entry
            and (genitive or other is after or other.use == "demonym")
        ):
            return other.entry.country
    return None


def _unknown_names(doc: Doc, hits: Sequence[Hit]) -> Iterator[Hit]:
    """Persons and organisations that only the model knows, sought where a capitalised word has no hit."""
    covered = {i for hit in hits for i in range(hit.first, hit.end)}
    wanted = [
        sentence
        for sentence in doc.sents
        if sentence.root.pos_ in ("VERB", "AUX")
        and any(token.i not in covered and _may_be_name(token) for token in sentence)
    ]
    by_token = {i: hit for hit in hits for i in range(hit.first, hit.end)}
    for first, end, label in add_names(wanted):
        first, end = _trim(doc, first, end)
        if label in _NAME_LABELS and first < end and _is_free(by_token, first, end, label):
            words = [doc[i] for i in range(first, end) if doc[i].text[0].isalnum()]
            if words and _is_written_as_name(doc, words, end - first) and _acts_like_one(doc, words, first, end, label):
                yield Hit(first, end, label)


def _is_free(by_token: dict[int, Hit], first: int, end: int, label: str) -> bool:
    """Whether no hit is in the way; a body's name may begin with its country ("U.S. Fish and Wildlife Service")."""
    inside = {id(hit): hit for i in range(first, end) if (hit := by_token.get(i))}
    if not inside or end - 1 in by_token or first + 1 >= end:
        return not inside
    uses = {hit.use for hit in inside.values()}
    starting = all(hit.first == first for hit in inside.values())
    return starting and (
        uses <= {"city"} or (label == "ORG" and uses <= {"city", "name", "demonym"} and _are_states(inside.values()))
    )


def _are_states(hits: Iterable[Hit]) -> bool:
    return all(hit.entry is not None and hit.entry.kind == "state" for hit in hits)


def _trim(doc: Doc, first: int, end: int) -> tuple[int, int]:
    while first < end and doc[first].lower_ in ("the", "a", "an", "'s", "’s"):
        first += 1
    while end > first and (doc[end - 1].is_punct or doc[end - 1].lower_ in ("'s", "’s")):
        end -= 1
    return first, end


def _may_be_name(token: Token) -> bool:
    text = token.text
    if token.pos_ != "PROPN" or len(text) < 2 or not text[0].isupper():
        return False
    return text.lower() not in _NEVER_NAMES and fold(text) not in load_cities()


def _is_written_as_name(doc: Doc, words: Sequence[Token], length: int) -> bool:
    if length > 7 or words[-1].pos_ not in ("PROPN", "NOUN") or words[-1].lower_ in _EVENTS:
        return False
    if any(word.lower_ in _NEVER_NAMES or word.is_digit for word in words):
        return False
    keys = [fold(word.text) for word in words]
    cities = load_cities()
    if " ".join(keys) in cities or keys[-1] in cities:
        return False
    return words[0].text[0].isupper() or keys[0] in _ARTICLES


def _acts_like_one(doc: Doc, words: Sequence[Token], first: int, end: int, label: str) -> bool:
    """Whether the grammar lets an unknown name be an actor rather than a place, a title or a thing."""
    root = _root(doc, first, end)
    top = root
    while top.dep_ in ("conj", "appos") and top.head.i < top.i:
        top = top.head
    if root.dep_ in ("compound", "nmod") and root.head.pos_ in ("NOUN", "PROPN"):
        return False
    if top.dep_ == "pobj" and top.head.lower_ in _CITY_LOCATIVE and top.head.head.lemma_ not in _PERSONAL_NOUNS:
        return (
            top.head.lower_ in ("to", "for", "of", "on")
            and label == "PERSON"
            and len(words) > 1
            and top.head.lower_ != "of"
        )
    acronym = label == "ORG" and words[0].text.isupper()
    if len(words) > 1 or acronym or _has_title(doc, first):
        return top.dep_ in _ACTING or top.dep_ == "pobj"
    if top.dep_ == "pobj":
        return label == "PERSON" and top.head.lower_ in ("with", "by", "against")
    return top.dep_ in ("nsubj", "dobj", "nsubjpass") and top.head.lemma_ in _HUMAN_VERBS


def _has_title(doc: Doc, first: int) -> bool:
    return (
        first > 0
        and doc[first - 1].pos_ == "PROPN"
        and doc[first - 1].dep_ == "compound"
        and doc[first - 1].head.i >= first
    )


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
        found = list(_read_phrase(context, phrase))
        mentions += found
        if found:
            reach = phrase.end
    return _join_appositions(context, sorted(mentions, key=lambda mention: mention.start))


def _root(doc: Doc, first: int, end: int) -> Token:
    """The token of a span whose head lies outside it."""
    for i in range(end - 1, first - 1, -1):
        head = doc[i].head.i
        if not first <= head < end or head == i:
            return doc[i]
    return doc[end - 1]


def _climb(context: _Context, hit: Hit) -> int | None:
    """The head of the actor phrase that a hit belongs to; None where it belongs to a thing."""
    token = _root(context.doc, hit.first, hit.end)
    if token.dep_ == "conj" and token.head.dep_ in ("amod", "compound", "nmod") and hit.use == "demonym":
        token = token.head
    for _ in range(6):
        head = token.head
        if token.dep_ not in _CLIMBED or head.i < token.i or head.pos_ not in ("NOUN", "PROPN", "ADJ"):
            return token.i
        if not _is_actor_head(context, head, hit):
            return token.i if token.dep_ == "poss" or _does(context, token, head, hit) else None
        token = head
    return token.i


def _is_actor_head(context: _Context, head: Token, hit: Hit) -> bool:
    if head.i in context.by_token:
        return True
    if head.pos_ == "PROPN" and head.text.lower() not in _EVENTS and head.text[0].isupper():
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
        return head.dep_ in ("dobj", "nsubjpass") or (
            head.dep_ == "pobj" and head.head.lower_ in ("on", "against", "into")
        )
    return head.lower_ in agents.acts or (head.lower_ in agents.assets and not head.text[0].isupper())


def _phrase_at(context: _Context, head: int) -> Phrase:
    """The noun phrase around a head: what stands before it, and an "of" that says of whom."""
    doc, hit = context.doc, context.by_token.get(head)
    first, end = head, max(head + 1, hit.end if hit else 0)
    while first > 0 and _belongs(doc, first - 1, first, end):
        first -= 1
    if hit:
        first = min(first, hit.first)
    end = _tail_end(context, head, end)
    while (
        first < head
        and (doc[first].is_punct or doc[first].dep_ == "cc" or doc[first].is_space)
        and doc[first].text not in "\"“‘'"
    ):
        first += 1
    hits = {id(found): found for i in range(first, end) if (found := context.by_token.get(i))}
    return Phrase(first, end, head, tuple(hits.values()))


def _belongs(doc: Doc, i: int, first: int, end: int) -> bool:
    """Whether the token before a phrase is part of it: it depends on it, within the kinds that stand in front."""
    token = doc[i]
    if token.is_space or token.text in ",;:()—–":
        return False
    head = token
    for _ in range(5):
        if head.dep_ not in _INNER or head.dep_ in ("prep", "appos", "dep", "acl", "advcl") and head.head.i >= first:
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
    if hit and hit.kind == "city" and len(phrase.hits) == 1:
        if hit.entry and _is_acted_on(doc[phrase.head]):
            people = context.resolver.compose(hit.entry.country, "CVL")
            yield _mention(doc, hit.first, hit.end, people, "place")
        return
    shared = _shared_nationalities(doc, phrase)
    if len(shared) > 1:
        yield from _split_shared(context, phrase, shared)
        return
    text = doc[phrase.first : phrase.end].text
    actor = _read_actor(context, phrase, text)
    if actor is None:
        return
    yield _mention(doc, phrase.first, phrase.end, actor, _rule(doc, phrase, hit, actor))


def _read_actor(context: _Context, phrase: Phrase, text: str) -> Actor | None:
    resolver, published, hits = context.resolver, context.published, phrase.hits
    doc = context.doc
    if len(hits) == 1:
        hit = hits[0]
        if hit.kind == "name" and (hit.end >= phrase.end or doc[phrase.head].i < hit.end):
            return resolver.read_sense(hit.senses[0], published)
        if hit.kind in _NAME_LABELS:
            return _propose_name(context, phrase, hit)
    named = next((hit for hit in hits if hit.kind in _NAME_LABELS and hit.first <= phrase.head < hit.end), None)
    if named and (actor := _propose_name(context, phrase, named)):
        return actor
    return resolver.resolve(text + _place_tail(doc, phrase), published)


def _propose_name(context: _Context, phrase: Phrase, hit: Hit) -> Actor | None:
    """An unknown name, with country and sector from the words in front of it ("German Chancellor …")."""
    doc, resolver = context.doc, context.resolver
    name = doc[hit.first : hit.end].text
    known = resolver.find_person(name, context.published)
    if known:
        return known
    front = doc[phrase.first : hit.first].text or doc[hit.first].text
    framed = resolver.resolve(front, context.published) if front.strip() else None
    return propose(name, framed.country if framed else None, framed.sector if framed else None)


def _place_tail(doc: Doc, phrase: Phrase) -> str:
    """ " in Y" right behind a phrase, which tells the country of civilians, protesters and the like."""
    if phrase.end < len(doc) and doc[phrase.end].lower_ in ("in", "from") and doc[phrase.end].head.i == phrase.head:
        inside = next((child for child in doc[phrase.end].children if child.dep_ == "pobj"), None)
        if inside is not None and inside.i - phrase.end < 5:
            return " " + doc[phrase.end : inside.i + 1].text
    return ""


def _rule(doc: Doc, phrase: Phrase, hit: Hit | None, actor: Actor) -> str:
    if not actor.known and _only_reports(doc[phrase.head]):
        return "outlet"
    if hit is None:
        return "name" if not actor.known else "title"
    if hit.entry and hit.entry.reports and doc[phrase.head].dep_ not in ("dobj", "nsubjpass"):
        return "outlet"
    if hit.kind == "name":
        return "alias" if hit.use == "name" else hit.use
    if hit.kind == "noun" and hit.noun:
        return {"offices": "office", "organs": "organ", "members": "member"}.get(hit.noun.kind, "agent-noun")
    return "name" if hit.kind in _NAME_LABELS else hit.kind


def _only_reports(head: Token) -> bool:
    """ "AFP reported", "told Reuters": an unknown body that passes on what others say."""
    verb = head.head
    if head.dep_ == "nsubj":
        return verb.lemma_ == "report"
    return head.dep_ in ("dobj", "dative") and verb.lemma_ == "tell" and head.text.isupper()


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
        return preposition.lower_ in (_CITY_LOCATIVE if city else LOCATIVE)
    if city and token.dep_ in ("dobj", "nsubjpass") and token.head.lemma_ in _PLACE_VERBS:
        return True
    if city and token.dep_ in ("appos", "npadvmod", "ROOT", "dep", "nmod", "punct"):
        return True
    return token.dep_ == "npadvmod"


def _is_acted_on(token: Token) -> bool:
    """Whether a city, or the quarter or province of it, is what something is done to: its people are."""
    while token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lower_ in _GROUNDS | _EVENTS:
        token = token.head.head
    if token.dep_ == "pobj":
        return token.head.lower_ in ("on", "against") and token.head.head.lower_ not in _HUMAN_VERBS
    return token.dep_ in ("dobj", "nsubjpass") and token.head.lemma_ not in ("leave", "reach", "enter", "visit", "tour")


def _shared_nationalities(doc: Doc, phrase: Phrase) -> list[Hit]:
    """The nationalities that are joined by "and" before one noun, each cut to its first word ("Syrian" of "Syrian army")."""
    before = [hit for hit in phrase.hits if hit.first <= phrase.head]
    if not before or before[0].use != "demonym":
        return []
    found = before[:1]
    for hit in before[1:]:
        between = {doc[i].lower_ for i in range(found[-1].end, hit.first)}
        first_word = Hit(hit.first, hit.first + 1, "name", hit.senses)
        if not between or not between <= {"and", ",", "or", "&", "-", "–"} or not _is_adjective(hit, doc[hit.first]):
            break
        found.append(first_word)
    return found


def _is_adjective(hit: Hit, token: Token) -> bool:
    return hit.use == "demonym" or (hit.kind == "name" and token.pos_ in ("ADJ", "PROPN") and hit.end - hit.first > 1)


def _split_shared(context: _Context, phrase: Phrase, shared: Sequence[Hit]) -> Iterator[Mention]:
    doc = context.doc
    noun = doc[shared[-1].end : phrase.end].text
    for hit in shared:
        last = hit is shared[-1]
        start = phrase.first if hit is shared[0] else hit.first
        actor = context.resolver.resolve(f"{doc[hit.first : hit.end].text} {noun}", context.published)
        if actor:
            yield _mention(doc, start, phrase.end if last else hit.end, actor, "shared-noun")


def _join_appositions(context: _Context, mentions: Sequence[Mention]) -> list[Mention]:
    """ "the President of Turkey, Recep Tayyip Erdogan" is one mention; so is the reverse order."""
    text, joined = context.doc.text, list(mentions[:1])
    for mention in mentions[1:]:
        last = joined[-1]
        gap = text[last.end : mention.start]
        one = _apposed(context, last, mention) if gap.strip() in ("", ",") and len(gap) < 4 else None
        if one is None:
            joined.append(mention)
        else:
            joined[-1] = replace(one, start=last.start, end=mention.end, text=text[last.start : mention.end])
    return joined


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
