"""The words of an article that a lexicon or the model knows: names, nouns for actors, cities, unknown names.

Names and nouns are looked up word by word in two tries, longest first. An ambiguous name counts where the article
speaks for one of its bearers. The model is asked for unknown names only in sentences with a capitalised word left
over, and believed only where the grammar lets the name act.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from timeline.coding.actors import ActorResolver
from timeline.coding.agents import Agents, Noun
from timeline.coding.cities import find_city, load_cities
from timeline.coding.entries import Entry
from timeline.coding.lexicon import Sense
from timeline.coding.parsing import add_names, find_datelines
from timeline.coding.phrases import AGAINST, SLANTED
from timeline.coding.words import Word, fold, split_words

LOCATIVE = frozenset(
    ("in", "inside", "near", "across", "throughout", "within", "around", "outside", "at", "toward", "towards",
     "into", "through", "via", "along", "beyond", "above", "between")
)  # fmt: skip
CITY_LOCATIVE = LOCATIVE | {"to", "from", "of", "on", "over", "for"}
NAME_LABELS = frozenset({"PERSON", "ORG", "NORP"})
NEVER_NAMES = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
     "april", "may", "june", "july", "august", "september", "october", "november", "december", "mon", "tue", "wed",
     "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
     "dec", "mr", "mrs", "ms", "gmt", "utc", "am", "pm", "breaking", "photo", "video", "read", "share", "ramadan",
     "eid", "christmas", "easter", "god", "allah", "islam", "english", "arabic", "internet", "twitter", "facebook")
)  # fmt: skip
NOT_ACTORS = frozenset(
    ("agreement", "accord", "accords", "treaty", "convention", "protocol", "deal", "pact", "memorandum", "summit",
     "conference", "talks", "process", "war", "crisis", "operation", "shield", "plan", "act", "law", "resolution",
     "declaration", "constitution", "festival", "prize", "cup", "airport", "road", "bridge", "river", "sea", "lake",
     "mountain", "valley", "street", "square", "highway", "dam", "airbase", "base", "province", "city", "town",
     "village", "district", "governorate", "countryside", "region", "island", "border", "crossing", "palace",
     "hotel", "house", "missile", "rocket", "rifle", "tank", "plane", "virus", "peninsula", "gulf", "strait",
     "desert", "north", "south", "east", "west", "neighbourhood", "neighborhood", "suburb", "camp", "gas", "oil",
     "bomb", "report")
)  # fmt: skip
HUMAN_VERBS = frozenset(
    ("say", "tell", "add", "announce", "warn", "accuse", "deny", "call", "urge", "claim", "ask", "insist", "argue",
     "note", "explain", "stress", "vow", "pledge", "condemn", "meet", "agree", "reject", "confirm", "declare",
     "describe", "write", "tweet", "believe", "think", "want", "hope", "admit", "acknowledge", "report", "praise",
     "thank", "criticise", "criticize", "suggest", "promise", "threaten", "demand", "reply", "respond", "continue",
     "express", "state", "speak", "sign", "visit", "order", "appoint", "resign", "win", "lead", "serve", "die",
     "plead", "arrest", "detain", "sentence", "charge", "convict", "sue", "fire", "elect", "nominate", "interview",
     "invite", "extradite", "assassinate")
)  # fmt: skip
_FRONTS = frozenset(
    ["position", "positions", "trench", "trenches", "outpost", "outposts", "checkpoint", "checkpoints", "stronghold",
     "strongholds", "target", "targets", "line", "lines", "frontline", "frontlines", "front", "bunker", "bunkers",
     "emplacement", "emplacements", "fortification", "fortifications", "hideout", "hideouts"]
)  # fmt: skip
_FIRM_ENDS = frozenset({"corp", "inc", "ltd", "llc", "plc", "bancorp", "gmbh", "holdings"})
_LONGEST_TAIL = 4
_TANKS = frozenset({"gas", "fuel", "water", "oil", "oxygen", "storage", "septic", "petrol", "propane", "think", "fish"})
_BANKS = frozenset({"west", "east", "left", "right", "north", "south", "western", "eastern", "northern", "southern",
                    "river", "opposite", "blood", "food"})  # fmt: skip
_STRENGTHS = frozenset({"fierce", "stiff", "strong", "heavy", "little", "no", "any", "much", "armed", "tough", "of"})
_NO_ACTOR_AFTER = {"tank": _TANKS, "tanks": _TANKS, "bank": _BANKS, "banks": _BANKS, "resistance": _STRENGTHS}
_TOPONYMS = frozenset(  # words that begin names of places in Arabic and other tongues of the news
    ("deir", "dayr", "tell", "tel", "tal", "tall", "kafr", "kfar", "kafar", "jabal", "jebel", "wadi", "umm", "ain",
     "ayn", "beit", "bayt", "jisr", "maarat", "maaret", "ras", "bir", "qasr", "mount", "lake", "fort", "port", "cape")
)  # fmt: skip
_PAGE_WORDS = frozenset(  # of a web page's furniture, never of a name
    ("category", "source", "copyright", "subscribe", "latest", "contact", "terms", "releases", "careers", "click",
     "tags", "related", "follow", "youtube", "instagram", "cookie", "login", "newsletter", "advertisement", "episode",
     "watch", "handout")
)  # fmt: skip
_FIGHTERS = frozenset(
    {"extremist", "guerrilla", "insurgent", "islamist", "jihadist", "militant", "rebel", "separatist"}
)
MASSES = frozenset({"assembly", "business", "justice"})  # freedom of assembly, do business, bring to justice
_NUMBERS = frozenset({"dozens", "scores", "hundreds", "thousands", "tens", "millions", "crowds", "several", "many"})
_MARCHING = frozenset({"march", "rally", "protest", "demonstrate", "riot"})
_FILLING = frozenset({"take", "fill", "flood", "pour", "throng", "crowd", "gather", "go", "return"})
MARCHERS = "demonstrators"  # what crowds are that march
FRONT_LINE = "fighters"  # who is where the front of a people is
_HYPHENS = frozenset("-‐‑–")
_ARTICLES = frozenset({"al", "el", "an", "ash", "as", "abu", "bin", "ibn"})
_ACTING = frozenset({"nsubj", "nsubjpass", "dobj", "agent", "poss", "dative", "iobj"})
_PERSONAL_NOUNS = frozenset(
    {"leader", "head", "member", "commander", "chief", "president", "founder", "son", "death", "arrest"}
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Tokens that something knows, end excluded: `kind` is name, weak, noun, people, city or the label of the model."""

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


def recognise_hits(doc: Doc, resolver: ActorResolver) -> list[Hit]:
    """All hits of an article, sorted, datelines' too; no two overlap. Ambiguous names are settled or dropped."""
    hits = _settle_weak(doc, _find_hits(doc, resolver))
    found = sorted([*hits, *_unknown_names(doc, hits)], key=lambda hit: (hit.first, -hit.end))
    return _without_overlap(found)


def outside_datelines(doc: Doc, hits: list[Hit]) -> list[Hit]:
    """Without "MOSCOW, March 5 (Agency) -": where and by whom a report was filed is no part of what it says."""
    datelines = find_datelines(doc.text)
    return [hit for hit in hits if not any(start <= doc[hit.first].idx < end for start, end in datelines)]


def _find_hits(doc: Doc, resolver: ActorResolver) -> list[Hit]:
    text = doc.text
    words = split_words(text)
    token_of = _token_index(doc, words)
    lexicon, agents = resolver.lexicon, resolver.agents
    hits: list[Hit] = []
    at = 0
    while at < len(words):
        end, senses = _before_longer_noun(words, at, lexicon.find(words, at), resolver)
        noun_end, noun = agents.find(words, at)
        city_end, country = find_city(words, at) if not senses else (at, "")
        if not senses and (noun is None or city_end > noun_end):
            if country and country in lexicon.entries:
                sense = Sense("city", lexicon.entries[country], ())
                hits.append(Hit(token_of[at], token_of[city_end - 1] + 1, "city", (sense,)))
                at = city_end
                continue
            if words[at].key in agents.peoples and words[at].text[0].isupper():
                hits.append(_people_hit(doc[token_of[at]], agents))
            at += 1
            continue
        if senses and (end > noun_end or (end == noun_end and words[at].text[0].isupper())):
            hit = _name_hit(senses, token_of[at], token_of[end - 1] + 1, noun if end == noun_end else None)
        else:
            hit, end = Hit(token_of[at], token_of[noun_end - 1] + 1, "noun", (), noun), noun_end
        if hit.noun is not None and hit.noun.kind == "groups" and _is_crowd(doc[hit.end - 1]):
            hit = replace(hit, noun=agents.find(split_words(MARCHERS), 0)[1])
        if _fits_grammar(doc, hit, agents) and not _slanted(text, words, at, end) and not _inside_name(words, at, hit):
            hits.append(hit)
        at = end
    return _without_overlap(hits)


def _people_hit(word: Token, agents: Agents) -> Hit:
    """A people, or those of it who fight where the front is meant: "Kurdish positions"."""
    if word.dep_ in ("amod", "compound") and word.head.lower_ in _FRONTS:
        return Hit(word.i, word.i + 1, "noun", (), agents.find(split_words(FRONT_LINE), 0)[1])
    return Hit(word.i, word.i + 1, "people")


def _before_longer_noun(
    words: Sequence[Word], at: int, found: tuple[int, tuple[Sense, ...]], resolver: ActorResolver
) -> tuple[int, tuple[Sense, ...]]:
    """A name without its last word where that begins a longer noun: "Syrian", not "Syrian army", before "command"."""
    end, senses = found
    if not senses or end - at < 2 or resolver.agents.find(words, end - 1)[0] <= end:
        return found
    shorter = resolver.lexicon.find(words[: end - 1], at)
    return shorter if shorter[1] and shorter[0] == end - 1 else found


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


def _fits_grammar(doc: Doc, hit: Hit, agents: Agents) -> bool:
    last = doc[hit.end - 1]
    if hit.kind == "noun":
        bare = last.lower_ == "force" and not any(child.dep_ in ("det", "poss", "compound") for child in last.children)
        credit = last.lower_ == "agencies" and hit.end - hit.first == 1 and not _is_described(last)
        before = last.nbor(-1).lower_ if last.i > 0 else ""
        thing = before in _NO_ACTOR_AFTER.get(last.lower_, ()) or _is_condition(last)
        if last.text[0].isupper() and _is_firm(doc, hit.end):
            return False
        mass = hit.end - hit.first == 1 and last.lower_ in MASSES and not _is_counted(last)
        doers = (
            last.pos_ == "ADJ"
            and last.dep_ in ("amod", "compound")
            and last.lower_ in _FIGHTERS
            and last.head.lower_ in agents.acts | agents.assets
        )
        return (last.pos_ in ("NOUN", "PROPN") or doers) and not bare and not credit and not thing and not mass
    if hit.use not in ("demonym", "city") and hit.end - hit.first == 1 and _is_the_thing(last, hit):
        return False
    return not (last.is_sent_start and last.pos_ == "VERB" and hit.kind == "weak")


def _is_crowd(number: Token) -> bool:
    """ "Tens of thousands marched": people, where nothing says of what they were thousands."""
    verb = number.head
    counted = [below for child in number.children if child.lower_ == "of" for below in child.children]
    if number.dep_ != "nsubj" or number.lower_ not in _NUMBERS or not all(one.lower_ in _NUMBERS for one in counted):
        return False
    streets = any(below.lemma_ == "street" for child in verb.children for below in child.children)
    return verb.lemma_ in _MARCHING or (verb.lemma_ in _FILLING and streets)


def _is_firm(doc: Doc, at: int) -> bool:
    """ "First Security Corp.": the words of a firm's name do not say what it is."""
    for token in doc[at : at + _LONGEST_TAIL]:
        if token.lower_.rstrip(".") in _FIRM_ENDS:
            return True
        if token.pos_ != "PROPN":
            return False
    return False


def _is_condition(noun: Token) -> bool:
    """ "A state of emergency": how things are, nobody."""
    if noun.lower_ != "state" or noun.i + 2 >= len(noun.doc) or noun.nbor().lower_ != "of":
        return False
    return noun.nbor(2).pos_ == "NOUN" and noun.nbor(2).text.islower()


def _is_the_thing(name: Token, hit: Hit) -> bool:
    """ "The West" is nobody's surname, though "the West administration" would be."""
    person = all(sense.entry.kind == "person" for sense in hit.senses)
    alone = name.dep_ not in ("compound", "poss", "nmod", "amod")
    return person and alone and name.i > 0 and name.nbor(-1).lower_ == "the"


def _is_counted(token: Token) -> bool:
    """Whether a noun that is also the name of a thing without number is one body: "the assembly", "a business"."""
    if token.text[0].isupper() and not token.is_sent_start:
        return True
    return token.lower_ != "justice" and any(
        child.dep_ in ("det", "poss", "nummod") or child.pos_ == "PROPN" for child in token.children
    )


def _is_described(token: Token) -> bool:
    return any(child.dep_ in ("amod", "compound", "poss", "prep") for child in token.children)


def _slanted(text: str, words: Sequence[Word], at: int, end: int) -> bool:
    """Whether a name only colours another: "Turkish-backed", "pro-Assad"."""
    if end < len(words) and words[end].key in SLANTED and text[words[end - 1].end] in _HYPHENS:
        return True
    return at > 0 and words[at - 1].key in AGAINST and text[words[at - 1].end] in _HYPHENS


def _inside_name(words: Sequence[Word], at: int, hit: Hit) -> bool:
    """Whether a short name is only the end of a longer one that we do not know: "Fatah" in "Jeish al-Fatah"."""
    if at == 0 or (hit.kind == "name" and (hit.entry is None or hit.entry.kind in ("state", "person"))):
        return False
    alone = hit.end - hit.first == 1 and words[at].text[0].isupper()
    return alone and words[at - 1].key in _ARTICLES and words[at].start - words[at - 1].end <= 1


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
    certain = tuple(sense for sense in hit.senses if sense.entry.id in seen or _is_marked(doc[hit.first]))
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


def _is_marked(token: Token) -> bool:
    """Whether the model was told that a word is a name, see `parsing.mark_capital_names`."""
    return token.is_upper and token.norm_ != token.lower_


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
        and not _is_headline(sentence)
        and any(token.i not in covered and _may_be_name(token) for token in sentence)
    ]
    by_token = {i: hit for hit in hits for i in range(hit.first, hit.end)}
    for found in add_names(wanted):
        label = found[2]
        first, end = _trim(doc, found[0], found[1])
        if label in NAME_LABELS and first < end and _is_free(by_token, first, end, label):
            words = [doc[i] for i in range(first, end) if doc[i].text[0].isalnum()]
            if words and _is_written_as_name(words, end - first) and _acts_like_one(doc, words, first, end, label):
                yield Hit(first, end, label)


def _is_headline(sentence: Span) -> bool:
    """Whether nearly every word has a capital, so that capitals tell nothing."""
    words = [token.text for token in sentence if token.is_alpha and len(token.text) > 3]
    return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.8 * len(words)


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
    return text.lower() not in NEVER_NAMES and fold(text) not in load_cities()


def _is_written_as_name(words: Sequence[Token], length: int) -> bool:
    if length > 7 or words[-1].pos_ not in ("PROPN", "NOUN") or words[-1].lower_ in NOT_ACTORS:
        return False
    if any(word.lower_ in NEVER_NAMES or word.is_digit for word in words):
        return False
    keys = [fold(word.text) for word in words]
    if not _PAGE_WORDS.isdisjoint(keys) or (len(keys) > 1 and keys[0] in _TOPONYMS):
        return False
    cities = load_cities()
    if " ".join(keys) in cities or keys[-1] in cities:
        return False
    return words[0].text[0].isupper() or keys[0] in _ARTICLES


def _acts_like_one(doc: Doc, words: Sequence[Token], first: int, end: int, label: str) -> bool:
    """Whether the grammar lets an unknown name be an actor rather than a place, a title or a thing."""
    root = find_root(doc, first, end)
    top = root
    while top.dep_ in ("conj", "appos") and top.head.i < top.i:
        top = top.head
    if root.dep_ in ("compound", "nmod") and root.head.pos_ in ("NOUN", "PROPN"):
        return False
    if (
        top.dep_ == "pobj"
        and top.head.lower_ == "by"
        and top.head.head.lower_ in ("reporting", "editing", "writing", "photo")
    ):
        return False
    if top.dep_ == "pobj" and top.head.lower_ in CITY_LOCATIVE and top.head.head.lemma_ not in _PERSONAL_NOUNS:
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
    return top.dep_ in ("nsubj", "dobj", "nsubjpass") and top.head.lemma_ in HUMAN_VERBS


def _has_title(doc: Doc, first: int) -> bool:
    return (
        first > 0
        and doc[first - 1].pos_ == "PROPN"
        and doc[first - 1].dep_ == "compound"
        and doc[first - 1].head.i >= first
    )


def find_root(doc: Doc, first: int, end: int) -> Token:
    """The token of a span whose head lies outside it."""
    for i in range(end - 1, first - 1, -1):
        head = doc[i].head.i
        if not first <= head < end or head == i:
            return doc[i]
    return doc[end - 1]
