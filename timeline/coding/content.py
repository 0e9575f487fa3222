"""What the content of an act makes of it: a promise of force is a threat, peacekeepers sent are help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.coding.frames import NO_EVENT
from timeline.coding.operators import UNDOINGS
from timeline.coding.predicates import Match, head_forms, is_temporal
from timeline.coding.sentences import Sentence
from timeline.coding.targets import purposes_of
from timeline.ontology import EVENT_TYPES

if TYPE_CHECKING:
    from spacy.tokens import Token

_AIMED_BY = frozenset(
    {
        "air",
        "aerial",
        "bombing",
        "missile",
        "drone",
        "rocket",
        "artillery",
        "military",
        "retaliatory",
        "nuclear",
        "coalition",
    }
)
_FIGHTS = frozenset(
    ["war", "battle", "fight", "attack", "strike", "assault", "raid", "campaign", "offensive", "blitz", "explosion",
     "blast", "bomb", "bombardment", "clash", "conflict", "fighting", "warfare", "siege", "invasion", "showdown",
     "shootout", "ambush", "onslaught", "barrage", "skirmish", "hostility", "violence", "killing", "massacre"]
)  # fmt: skip
_FIGURATIVE = frozenset(
    ["price", "bidding", "legal", "court", "courtroom", "custody", "leadership", "title", "heart", "panic", "asthma",
     "charm", "advertising", "ad", "media", "publicity", "marketing", "electoral", "election", "takeover", "culture",
     "population", "boardroom", "divorce", "libel", "patent", "copyright", "ratings", "relegation", "promotion",
     "championship", "uphill", "losing", "turf", "intellectual", "ideological", "academic", "spiritual", "social",
     "economic", "fiscal", "budget", "political", "constitutional", "legislative", "parliamentary", "procedural",
     "currency", "tariff", "talent", "brand", "format", "browser", "streaming", "weight", "brave", "snowball",
     "pillow", "food", "water-balloon", "bull", "cock", "sales", "baby", "credit", "debt", "subscriber", "internal"]
)  # fmt: skip
_BOMBING = frozenset(
    ["airstrike", "airstrikes", "warplane", "warplanes", "shelling", "shelled", "jets", "bombed", "bombing", "bombs",
     "bombardment", "missile", "missiles", "rebels"]
)  # fmt: skip
_STRIKES = frozenset({"strike", "campaign", "raid", "attack", "rocket", "missile", "jet"})
_RAIDS = frozenset({"strike", "strikes", "raid", "raids"})
_ARMED = frozenset({"MIL", "REB", "UAF", "PRM"})
_MASSES = frozenset({"CVL", "REF"})
_ASSURING = frozenset({"assure", "reassure"})
_FIRING = frozenset({"fire", "launch", "lob", "shoot"})
_AT = frozenset({"on", "at", "against", "into", "onto"})
_NOWHERE = frozenset({"sea", "ocean", "water", "air", "sky", "space", "direction", "orbit", "order", "range", "test"})
_HARMED = frozenset({"kill", "wound", "injure", "destroy", "damage", "hit", "dead"})
_INTENDING = frozenset({"intend", "plan", "mean"})
_GOING = frozenset({"travel", "fly", "head", "journey", "go"})
_VERBAL = frozenset(
    [
        "verbal",
        "scathing",
        "blistering",
        "stinging",
        "withering",
        "veiled",
        "personal",
        "rhetorical",
        "twitter",
        "vitriolic",
        "savage",
        "extraordinary",
        "political",
        "furious",
        "angry",
        "bitter",
        "thinly",
    ]
)


def content_type(match: Match, sentence: Sentence) -> str:
    """A promise of force is a threat; a promise to refuse is a refusal."""
    frame = match.frame
    if frame.mode not in ("promise", "threat", "fail", "wish"):
        return frame.event_type
    kinds = [_kind_of_content(token, sentence) for token in (*match.content, *match.things)]
    kinds = [kind for kind in kinds if kind]
    if frame.mode == "fail":
        return frame.event_type if kinds and EVENT_TYPES[kinds[0]].quad_class in (1, 2) else NO_EVENT
    negated = any(child.dep_ == "neg" for token in match.content for child in token.children)
    if kinds and EVENT_TYPES[kinds[0]].quad_class == 4 and kinds[0] != "MOBILIZE":
        if frame.reciprocal and len(sentence.people.of(match.tokens("R"))) > 1:
            return frame.event_type  # allies who agree to strike others do not threaten each other
        assured = match.clause.head.lemma_ in _ASSURING  # whoever is assured of it wants it
        return "AGREE" if negated or assured else "THREATEN"
    if kinds and kinds[0] == "REJECT":
        return "REJECT"
    if frame.mode == "threat":
        return "AGREE"
    if frame.mode == "promise" and not kinds and _is_own_plan(match, sentence):
        return NO_EVENT
    if frame.mode == "wish" and not (kinds and EVENT_TYPES[kinds[0]].quad_class in (1, 2)):
        return NO_EVENT
    return frame.event_type


def _is_own_plan(match: Match, sentence: Sentence) -> bool:
    """ "Eager to please", "intends to carry on": plans of one's own, where nobody else is named."""
    ready = match.frame.pos == "adjective" or match.clause.head.lemma_ in _INTENDING
    named = any(sentence.people.at(token) is not None for verb in match.content for token in verb.subtree)
    return ready and bool(match.content) and not named


def refine(match: Match, event_type: str, sentence: Sentence) -> str:
    """Peacekeepers are help, jets sent to destroy are an attack, a scathing attack is words."""
    head = match.clause.head
    if event_type in ("ASSAULT", "PROTEST") and any(map(is_figurative, (head, *match.things, *match.clause.objects))):
        return NO_EVENT
    if event_type == "PROTEST" and any(map(_is_air_strike, (head, *match.clause.subjects, *match.things))):
        return NO_EVENT if head.lemma_ == "call" else "ASSAULT"  # "called the air strike a crime"
    if event_type == "PROTEST" and head.lemma_ == "strike" and _is_done_by(_ARMED, match, sentence):
        return "ASSAULT"
    if event_type == "REJECT" and head.lemma_ in ("push", "beat", "drive") and _is_done_by(_ARMED, match, sentence):
        return "ASSAULT"  # who is armed pushes back with arms
    if event_type == "CONSULT" and head.lemma_ in _GOING and _is_done_by(_ARMED | _MASSES, match, sentence):
        return NO_EVENT  # fighters and refugees who travel pay no visit
    if event_type == "CONSULT" and head.lemma_ in ("visit", "land", "arrive") and _is_done_by(_MASSES, match, sentence):
        return NO_EVENT
    if event_type == "SUPPORT" and head.lemma_ in ("back", "support") and _has_fighters(match, sentence):
        return "AID"
    if event_type == "ASSAULT" and any(_is_cyber(thing) for thing in (head, *match.things)):
        return "COERCE"
    if event_type == "ASSAULT" and any(is_verbal(thing) for thing in match.things):
        return "ACCUSE"
    if event_type == "MOBILIZE" and head.lemma_ in _FIRING and _is_aimed(head):
        return "ASSAULT"
    if event_type == "MOBILIZE" and any(token.lower_.startswith("peacekeep") for token in head.subtree):
        return "AID"
    if event_type in ("MOBILIZE", "AID") and head.lemma_ in ("send", "dispatch", "deploy"):
        kinds = [_kind_of_content(token, sentence) for token in purposes_of(match.clause) if token.lemma_ != "pick"]
        return next((kind for kind in kinds if kind in ("ASSAULT", "COERCE", "ACCUSE")), event_type)
    return event_type


def _is_aimed(verb: Token) -> bool:
    """Whether what was fired was fired at somebody or something, or has done harm: no mere test or show of arms."""
    return any(
        token.lemma_ in _HARMED or (token.lower_ in _AT and any(map(_is_goal, token.children)))
        for token in verb.subtree
        if token.i > verb.i
    )


def _is_goal(noun: Token) -> bool:
    return noun.dep_ in ("pobj", "pcomp") and noun.lemma_ not in _NOWHERE and not is_temporal(noun)


def _is_done_by(sectors: frozenset[str], match: Match, sentence: Sentence) -> bool:
    """Whether all who act are of these kinds, as groups and not as persons."""
    doers = [mention.actor for mention in sentence.people.of(match.tokens("S")) if mention.actor]
    return bool(doers) and all(actor.sector in sectors and actor.kind != "person" for actor in doers)


def _has_fighters(match: Match, sentence: Sentence) -> bool:
    """Who backs troops or rebels does more than praise them."""
    fighters = sentence.frames.classes["fighters"]
    sectors = {mention.actor.sector for mention in sentence.people.of(match.tokens("T")) if mention.actor}
    return bool(sectors & _ARMED) or any(form in fighters for token in match.tokens("T") for form in head_forms(token))


def _is_air_strike(noun: Token) -> bool:
    """Whether a strike is one of weapons and not of workers: by its own words, or those of the article."""
    if noun.lemma_.lower() not in _STRIKES:
        return False
    aimed = any(child.lower_ in _AIMED_BY for child in noun.children if child.dep_ in ("compound", "amod"))
    aimed |= noun.i > 0 and noun.lemma_.lower() == "strike" and noun.nbor(-1).lower_ in _AIMED_BY
    return aimed or (noun.lemma_.lower() == "strike" and any(map(_tells_bombing, noun.doc)))


def is_figurative(noun: Token) -> bool:
    """ "A price war", "a custody battle", "a heart attack", "a political explosion": nobody fights with arms."""
    kinds = (child for child in noun.children if child.dep_ in ("amod", "compound", "nmod"))
    return noun.lemma_.lower() in _FIGHTS and any(child.lower_ in _FIGURATIVE for child in kinds)


def _tells_bombing(token: Token) -> bool:
    """A word of an article that says which strikes it is about: jets, bombs, "air strikes"."""
    if token.lower_ == "air" and token.i + 1 < len(token.doc):
        return token.nbor().lower_ in _RAIDS
    return token.lower_ in _BOMBING


def _is_cyber(noun: Token) -> bool:
    return any(child.lower_ == "cyber" for child in noun.children)


def is_verbal(noun: Token) -> bool:
    return any(child.lower_ in _VERBAL for child in noun.children if child.dep_ in ("amod", "compound"))


def _kind_of_content(token: Token, sentence: Sentence) -> str:
    inner = sentence.match(token)
    kind = inner.frame.event_type if inner else ""
    carried = [child for child in token.children if child.dep_ == "dobj"] if token.pos_ == "VERB" else []
    for noun in carried:
        noun_match = sentence.match(noun)
        if noun_match and noun_match.frame.event_type:
            lemma = token.lemma_.lower()
            if lemma in sentence.frames.operators["ending"]:
                return UNDOINGS.get(noun_match.frame.event_type, kind)
            if lemma in sentence.frames.operators["light"]:
                return kind or noun_match.frame.event_type
    return kind
