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
from timeline.coding.lexicon import Entry, Sense
from timeline.coding.parsing import add_names
from timeline.coding.words import Word, split_words
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
_TAIL_NOUNS = frozenset({"offices", "members", "groups", "organs", "people"})
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
        then one mention for each, on the same characters. Outlets that report have the rule "outlet".
    """
    from timeline.coding.coreference import resolve_references

    hits = find_hits(doc, resolver)
    hits = _settle_weak(doc, hits)
    hits = sorted([*hits, *_unknown_names(doc, hits)], key=lambda hit: hit.first)
    by_token = {i: hit for hit in hits for i in range(hit.first, hit.end)}
    named = _mentions_of(_Context(doc, resolver, published, by_token))
    return resolve_references(doc, named, resolver, published)


def find_hits(doc: Doc, resolver: ActorResolver) -> list[Hit]:
    """All names and agent nouns, longest first from left to right; no two overlap."""
    words = split_words(doc.text)
    token_of = _token_index(doc, words)
    lexicon, agents = resolver.lexicon, resolver.agents
    hits: list[Hit] = []
    at = 0
    while at < len(words):
        end, senses = lexicon.find(words, at)
        noun_end, noun = agents.find(words, at)
        if not senses and noun is None:
            if words[at].key in agents.peoples and words[at].text[0].isupper():
                hits.append(Hit(token_of[at], token_of[at] + 1, "people"))
            elif not senses and (stem := _lost_apostrophe(words[at])):
                _, senses = lexicon.find([stem], 0)
                if senses and senses[0].use == "name":
                    hits.append(Hit(token_of[at], token_of[at] + 1, "name", senses))
            at += 1
            continue
        if senses and (end > noun_end or (end == noun_end and words[at].text[0].isupper())):
            hit = _name_hit(senses, token_of[at], token_of[end - 1] + 1)
        else:
            hit, end = Hit(token_of[at], token_of[noun_end - 1] + 1, "noun", (), noun), noun_end
        if _fits_grammar(doc, hit) and not _slanted(words, at, end):
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


def _name_hit(senses: tuple[Sense, ...], first: int, end: int) -> Hit:
    strong = tuple(sense for sense in senses if sense.use != "weak")
    return Hit(first, end, "name" if strong else "weak", strong or senses)


def _lost_apostrophe(word: Word) -> Word | None:
    """ "Syrias", written without its apostrophe, as "Syria"."""
    if word.text[-1:] == "s" and len(word.text) > 5 and word.text[0].isupper() and not word.text.isupper():
        return Word(word.text[:-1], word.start, word.end - 1, word.key[:-1])
    return None


def _fits_grammar(doc: Doc, hit: Hit) -> bool:
    last = doc[hit.end - 1]
    if hit.kind == "noun":
        return last.pos_ in ("NOUN", "PROPN")
    return not (last.is_sent_start and last.pos_ == "VERB" and hit.kind == "weak")


def _slanted(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether a name only colours another: "Turkish-backed", "pro-Assad"."""
    if end < len(words) and words[end].key in SLANTED and words[end].start - words[end - 1].end == 1:
        joined = words[end].key in ("backed", "led") and words[at].text[0].isupper()
        return joined or True
    return at > 0 and words[at - 1].key in AGAINST and words[at].start - words[at - 1].end == 1


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
    settled = []
    for hit in hits:
        if hit.kind != "weak":
            settled.append(hit)
        elif senses := _likely_senses(doc, hit, seen, countries):
            settled.append(replace(hit, kind="name", senses=senses))
    return settled


def _likely_senses(doc: Doc, hit: Hit, seen: set[str], countries: Counter[str | None]) -> tuple[Sense, ...]:
    """The bearer named in full elsewhere, else the only one of a country in the article, if no other name adjoins."""
    certain = tuple(sense for sense in hit.senses if sense.entry.id in seen)
    if certain:
        return certain[:1]
    before = doc[hit.first - 1] if hit.first else None
    after = doc[hit.end] if hit.end < len(doc) else None
    for neighbour in (before, after):
        if (
            neighbour is not None
            and neighbour.pos_ == "PROPN"
            and neighbour.text[0].isupper()
            and neighbour.i not in ()
        ):
            return ()
    near = [sense for sense in hit.senses if countries[sense.entry.country]]
    if len(hit.senses) == 1 and hit.senses[0].entry.kind == "state":
        near = list(hit.senses)
    near.sort(key=lambda sense: -countries[sense.entry.country])
    if not near or (len(near) > 1 and countries[near[0].entry.country] == countries[near[1].entry.country]):
        return ()
    return (near[0],)


def _unknown_names(doc: Doc, hits: Sequence[Hit]) -> Iterator[Hit]:
    """Persons and organisations that only the model knows, sought where a capitalised word has no hit."""
    covered = {i for hit in hits for i in range(hit.first, hit.end)}
    wanted: list[Span] = []
    for sentence in doc.sents:
        if any(_may_be_name(token) and token.i not in covered for token in sentence):
            wanted.append(sentence)
    for first, end, label in add_names(wanted):
        while first < end and doc[first].text.lower() in ("the", "a", "an", "'s", "’s"):
            first += 1
        while end > first and doc[end - 1].text in ("'s", "’s", "'", ".", ","):
            end -= 1
        span = range(first, end)
        if (
            label in _NAME_LABELS
            and span
            and not any(i in covered for i in span)
            and _plausible_name(doc, first, end, label)
        ):
            yield Hit(first, end, label)


def _may_be_name(token: Token) -> bool:
    text = token.text
    return token.pos_ == "PROPN" and len(text) > 1 and text[0].isupper() and text.lower() not in _NEVER_NAMES


def _plausible_name(doc: Doc, first: int, end: int, label: str) -> bool:
    words = [doc[i] for i in range(first, end) if doc[i].text[0].isalnum()]
    if not words or any(word.text.lower() in _NEVER_NAMES or word.is_digit for word in words):
        return False
    if (
        words[-1].text.lower() in _EVENTS
        or not words[0].text[0].isupper()
        and words[0].text.lower() not in ("al", "abu")
    ):
        return False
    if words[-1].pos_ not in ("PROPN", "NOUN") or end - first > 7:
        return False
    if label == "ORG" and len(words) == 1 and not (words[0].text.isupper() and len(words[0].text) > 2):
        return words[0].dep_ in ("nsubj", "agent", "dobj", "nsubjpass") and len(words[0].text) > 3
    return label != "PERSON" or not (len(words) == 1 and words[0].text.isupper())


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
        if hit.noun.kind not in _TAIL_NOUNS or (doc[end].lower_ != "of" and hit.noun.kind != "offices"):
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
    if hit and len(phrase.hits) == 1 and hit.kind == "name" and _is_mere_place(doc, phrase, hit):
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
    front = doc[phrase.first : hit.first].text
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
    if hit is None:
        return "name" if not actor.known else "title"
    if hit.entry and hit.entry.reports and doc[phrase.head].dep_ not in ("dobj", "nsubjpass"):
        return "outlet"
    if hit.kind == "name":
        return "alias" if hit.use == "name" else hit.use
    if hit.kind == "noun" and hit.noun:
        return {"offices": "office", "organs": "organ", "members": "member"}.get(hit.noun.kind, "agent-noun")
    return "name" if hit.kind in _NAME_LABELS else hit.kind


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
