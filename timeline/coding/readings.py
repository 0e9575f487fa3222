"""One predicate's reading: the frame that fits, who fills its roles, and what is left after operators.

Verbs, adjectives and event nouns each have their way to their participants; light verbs lend their subject to
the noun they carry ("launched an attack on X"), and verbs of ending undo it ("suspended aid to X").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from timeline.coding.clauses import Clause, find_subjects, read_clause
from timeline.coding.frames import NO_EVENT
from timeline.coding.operators import UNDOINGS, Operators, apply_operators, read_operators
from timeline.coding.predicates import Match, find_match, head_forms, part_of_speech
from timeline.coding.roles import Participants, phrase_text
from timeline.ontology import EVENT_TYPES

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from timeline.coding.frames import Frames
    from timeline.records import Mention

CONSUMING = frozenset({"REQUEST", "AGREE", "REJECT", "THREATEN", "CONCEDE", "COERCE"})
_PLACEABLE = frozenset(
    {"AID", "MOBILIZE", "RETREAT", "COERCE", "PROTEST", "ASSAULT", "SANCTION", "AGREE", "REQUEST", "CONCEDE"}
)
_MOVING = frozenset({"AGREE", "RETREAT", "MOBILIZE", "AID", "COOPERATE", "SANCTION", "THREATEN", "REJECT"})
_ABSTRACT = ("proposal", "deal", "talk", "restriction", "relation", "blame", "comment", "claim", "conflict", "protest", "hope", "praise",
    "truce", "aid", "evidence", "abstraction")  # fmt: skip
_VERBAL = frozenset({"verbal", "scathing", "blistering", "stinging", "withering", "veiled", "personal", "rhetorical", "twitter", "vitriolic", "savage",
    "extraordinary", "political", "furious", "angry", "bitter", "thinly"})  # fmt: skip
_DUTY = frozenset({"must", "should", "ought"})
_SELF = frozenset({"it", "they", "he", "she", "we", "i"})
_EVALUATING = frozenset({"ACCUSE", "SUPPORT", "REJECT", "STATEMENT"})
_CONTENT_PREPS = ("with", "against", "on", "to", "from", "of", "for", "at", "in", "into", "over")
_ADJUNCT = frozenset(
    {"in", "during", "after", "at", "before", "following", "through", "via", "by", "ahead", "of", "on"}
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a predicate says before it is written down as a relation."""

    trigger: Token
    event_type: str
    sources: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    text_target: str
    rule: str
    confidence: float
    cameo_root: str = ""


@dataclass(slots=True)
class Sentence:
    """A sentence's predicates with the frames they match, found once and shared by the rules."""

    span: Span
    people: Participants
    frames: Frames
    matches: dict[int, Match] = field(default_factory=dict)
    consumed: set[int] = field(default_factory=set)

    def match(self, token: Token) -> Match | None:
        return self.matches.get(token.i)


def read_sentence(span: Span, people: Participants, frames: Frames) -> Sentence:
    """Match every predicate of a sentence, and note which stand inside another's content."""
    sentence = Sentence(span, people, frames)
    for token in span:
        pos = part_of_speech(token)
        if not pos or not any((pos, head) in frames.by_head for head in head_forms(token)):
            continue
        match = find_match(read_clause(token), pos, frames, people)
        if match is not None:
            sentence.matches[token.i] = match
    for match in sentence.matches.values():
        if match.frame.event_type in CONSUMING and match.content and match.frame.pos != "noun":
            for token in match.content:
                _consume(token, sentence.consumed)
    return sentence


def _consume(token: Token, consumed: set[int]) -> None:
    """A content verb and what it governs in its turn; clauses on nouns keep their own standing."""
    consumed.add(token.i)
    for child in token.children:
        if child.dep_ in ("conj", "xcomp", "ccomp", "dobj", "pcomp", "prep", "pobj") and child.i not in consumed:
            _consume(child, consumed)


def read_predicates(sentence: Sentence) -> list[Reading]:
    """All readings of a sentence, in the order of their triggers."""
    readings: list[Reading] = []
    carried: set[int] = set()
    for token in sentence.span:
        if part_of_speech(token) in ("verb", "adjective"):
            readings += _read_carried(token, sentence, carried)
    for token in sentence.span:
        match = sentence.match(token)
        if match is None or token.i in sentence.consumed:
            continue
        if match.frame.pos == "noun":
            if token.i not in carried:
                readings += _read_free_noun(match, sentence)
        elif not any(thing.i in carried for thing in match.clause.objects) or not match.frame.event_type:
            readings += _read_verb(match, sentence)
    readings += _read_duties(sentence)
    return sorted(readings, key=lambda reading: reading.trigger.i)


def _read_verb(match: Match, sentence: Sentence) -> list[Reading]:
    """A verb or adjective that names the act itself."""
    frame, people = match.frame, sentence.people
    if not frame.event_type:
        return []
    governor = match.clause.head if frame.pos == "verb" else _copula(match.clause.head)
    operators = read_operators(governor, sentence.frames)
    if "purpose" in operators or "duty" in operators:
        return []
    event_type = apply_operators(_refine(match, _content_type(match, sentence), sentence), operators)
    if not event_type:
        return []
    sources, targets = _participants(match, operators, sentence)
    rule = f"{frame.rule} [{match.clause.subject_rule}]"
    confidence = frame.confidence
    if not targets:
        targets, penalty = _indirect_targets(match, sentence, sources)
        confidence -= penalty
    root = frame.cameo_root if event_type == frame.event_type else ""
    if not targets and not (frame.reciprocal and sources):
        targets, confidence = _acted_on(match, sentence), confidence - 0.1
    if not sources and frame.subject == "S":
        sources = _named_subjects(match, sentence)
    text = "" if any(mention.actor for mention in targets) else _text_target(match)
    return _keep(Reading(match.clause.head, event_type, sources, targets, text, rule, _clip(confidence), root))


def _participants(
    match: Match, operators: Operators, sentence: Sentence
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Source and target mentions that the frame's own slots name."""
    people = sentence.people
    if match.frame.reciprocal:
        everyone = _resolved(people.of(match.tokens("R"))) or _speakers(match, operators, sentence)
        return (everyone, everyone) if len(everyone) > 1 else (everyone, ())
    named = match.tokens("T")
    sources = _sources(match, operators, sentence)
    if match.frame.event_type in _EVALUATING:
        return sources, _others(_evaluated(named, match, sentence), sources, match, sentence)
    direct = people.of((token for token in named if people.at(token) is not None), deep=False)
    return sources, _others(direct or people.of(named), sources, match, sentence)


def _sources(match: Match, operators: Operators, sentence: Sentence) -> tuple[Mention, ...]:
    sources = sentence.people.of(match.tokens("S"))
    if not sources and match.clause.passive:
        sources = _sources_in_adjunct(match, sentence)
    if not _resolved(sources) and match.frame.subject == "S":
        sources = _speakers(match, operators, sentence) or sources
    return sources


def _evaluated(tokens: Iterable[Token], match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """Whom praise or blame is for: of an act its doer, never its victim."""
    found: list[Mention] = []
    for token in tokens:
        noun = sentence.match(token)
        if noun is not None and noun.frame.pos == "noun" and sentence.people.at(token) is None:
            found += _noun_sources(noun, sentence) if noun.frame.subject != "R" else sentence.people.of([token])
        else:
            found += sentence.people.of([token])
    return tuple(dict.fromkeys(found))


def _resolved(found: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Nothing where all there is is a pronoun that stands for nobody known."""
    return () if len(found) == 1 and found[0].actor is None and found[0].text.lower() in _SELF else found


def _others(
    found: tuple[Mention, ...], sources: tuple[Mention, ...], match: Match, sentence: Sentence
) -> tuple[Mention, ...]:
    """Targets without the source itself, its "its" and its own forces."""
    own = {mention.actor for mention in sources if mention.actor is not None}
    kept = []
    for mention in found:
        reflexive = sentence.people.is_possessive(mention) and (
            mention.actor is None or mention.actor in own or not sources
        )
        if mention not in sources and not reflexive and not _is_own_force(mention, match, sentence):
            kept.append(mention)
    return tuple(kept)


def _speakers(match: Match, operators: Operators, sentence: Sentence) -> tuple[Mention, ...]:
    """ "X said it would withdraw": an unresolved pronoun is whoever speaks."""
    subjects = match.clause.subjects
    if operators.speaker is None or not subjects or subjects[0].lower_ not in _SELF:
        return ()
    return sentence.people.of(find_subjects(operators.speaker)[0])


def _is_own_force(mention: Mention, match: Match, sentence: Sentence) -> bool:
    """ "withdrew its troops": the withdrawer's own means, not whom it acts on."""
    if match.frame.event_type not in _MOVING:
        return False
    words = mention.text.lower().split()
    return bool(words) and words[0] in ("its", "their", "his", "her", "our") and _is_means(words[-1], sentence)


def _is_means(word: str, sentence: Sentence) -> bool:
    means = sentence.frames.classes["force"] | sentence.frames.classes["personnel"]
    return word in means or word.removesuffix("s") in means or word.removesuffix("es") in means


def _acted_on(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """People, things and places in a target slot that are nobody's name; acts and documents are none."""
    found = []
    for token in match.tokens("T") or _content_tokens(match, sentence):
        if sentence.people.at(token) is not None:
            continue
        if _is_abstract(token, sentence):
            found += _owner_phrases(token, sentence)
        elif not _is_means(token.lower_, sentence) or match.frame.event_type not in _MOVING:
            found.append(sentence.people.phrase(token))
    if match.frame.event_type in _EVALUATING:
        for thing in match.fixed:
            found += _owner_phrases(thing, sentence)
    return tuple(mention for mention in found if mention is not None)


def _owner_phrases(token: Token, sentence: Sentence) -> list[Mention | None]:
    """The name before an abstract noun: "the Kirkuk council decision"."""
    owners = [child for child in token.children if child.dep_ in ("compound", "poss") and child.pos_ == "PROPN"]
    return [sentence.people.phrase(owner) for owner in owners]


def _content_tokens(match: Match, sentence: Sentence) -> tuple[Token, ...]:
    """What a promised or refused act would be done to."""
    for token in match.content:
        inner = sentence.match(token)
        if inner is not None and inner.tokens("T"):
            return inner.tokens("T")
    return ()


def _named_subjects(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """A subject that is a name unknown to everybody still acts."""
    found = [sentence.people.phrase(token) for token in match.tokens("S") if token.pos_ == "PROPN"]
    return tuple(mention for mention in found if mention is not None)


def _is_abstract(token: Token, sentence: Sentence) -> bool:
    heads = head_forms(token)
    classes = sentence.frames.classes
    return any(
        ("noun", head) in sentence.frames.by_head or any(head in classes[name] for name in _ABSTRACT) for head in heads
    )


def _keep(reading: Reading) -> list[Reading]:
    return [reading] if reading.sources or reading.targets else []


def _clip(confidence: float) -> float:
    return round(min(max(confidence, 0.05), 0.95), 3)


def _copula(adjective: Token) -> Token:
    return (
        adjective.head
        if adjective.dep_ in ("acomp", "oprd", "attr") and adjective.head.pos_ in ("VERB", "AUX")
        else adjective
    )


def _read_duties(sentence: Sentence) -> list[Reading]:
    """ "X said Y must withdraw" is a demand of X on Y; the act itself is not reported."""
    people, readings = sentence.people, []
    for token in sentence.span:
        if token.dep_ not in ("ccomp", "parataxis") or not any(
            child.lower_ in _DUTY and child.dep_ == "aux" for child in token.children
        ):
            continue
        if token.head.lemma_.lower() not in sentence.frames.operators["saying"] or token.i in sentence.consumed:
            continue
        speakers = people.of(find_subjects(token.head)[0])
        clause = read_clause(token)
        addressed = [m for side in (clause.subjects, clause.objects) for one in side for m in people.aimed_at(one)]
        targets = tuple(dict.fromkeys(mention for mention in addressed if mention not in speakers))
        if speakers and targets:
            readings.append(Reading(token, "REQUEST", speakers, targets, "", "say that … must", 0.6, "10"))
    return readings


def _content_type(match: Match, sentence: Sentence) -> str:
    """A promise of force is a threat; a promise to refuse is a refusal."""
    frame = match.frame
    if frame.mode not in ("promise", "threat", "fail"):
        return frame.event_type
    kinds = [_kind_of_content(token, sentence) for token in (*match.content, *match.things)]
    kinds = [kind for kind in kinds if kind]
    if frame.mode == "fail":
        return frame.event_type if kinds and EVENT_TYPES[kinds[0]].quad_class in (1, 2) else NO_EVENT
    negated = any(child.dep_ == "neg" for token in match.content for child in token.children)
    if kinds and EVENT_TYPES[kinds[0]].quad_class == 4 and kinds[0] != "MOBILIZE":
        return "AGREE" if negated else "THREATEN"
    if kinds and kinds[0] == "REJECT":
        return "REJECT"
    if frame.mode == "threat":
        return "AGREE"
    return frame.event_type


def _refine(match: Match, event_type: str, sentence: Sentence) -> str:
    """What is sent or said decides: peacekeepers are help, jets sent to destroy are an attack, a scathing attack is words."""
    head = match.clause.head
    if event_type == "ASSAULT" and any(_is_verbal(thing) for thing in match.things):
        return "ACCUSE"
    if event_type == "MOBILIZE" and any(token.lower_.startswith("peacekeep") for token in head.subtree):
        return "AID"
    if event_type in ("MOBILIZE", "AID") and head.lemma_ in ("send", "dispatch", "deploy"):
        kinds = [_kind_of_content(token, sentence) for token in _purposes(match.clause)]
        return next((kind for kind in kinds if kind in ("ASSAULT", "COERCE", "ACCUSE")), event_type)
    return event_type


def _is_verbal(noun: Token) -> bool:
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


def _sources_in_adjunct(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "killed in an attack by X", "arrested by", "damaged in Russian airstrikes": the actor of the event noun."""
    for word, _, obj in match.clause.preps:
        noun = sentence.match(obj)
        if word in ("in", "during", "by", "after", "from") and noun and noun.frame.pos == "noun":
            named = _noun_sources(noun, sentence)
            if named:
                return named
        if word == "from" and match.frame.event_type in ("COERCE", "SANCTION"):  # "were expelled from X"
            return sentence.people.of([obj])
    return ()


def _indirect_targets(
    match: Match, sentence: Sentence, sources: tuple[Mention, ...]
) -> tuple[tuple[Mention, ...], float]:
    """Targets that the frame's slots do not name: in the content, on the object, or the place of the act."""
    people = sentence.people
    direct = [token for token in match.tokens("T") if token not in match.content and not _is_abstract(token, sentence)]
    for token in () if direct else match.content:
        found = _others(_content_targets(token, sentence), sources, match, sentence)
        if found:
            return found, 0.1
    evaluating = match.frame.event_type in _EVALUATING
    for thing in dict.fromkeys((*match.things, *match.clause.objects)):
        if not evaluating and _is_means(thing.lower_, sentence):
            continue
        known = sentence.people.phrase(thing) if thing in match.tokens("T") else None
        if known is not None and known.actor is not None:
            return (known,), 0.05
        named = (
            people.of([thing])
            if evaluating
            else people.below(thing)
            if thing in match.fixed
            else people.aimed_at(thing)
        )
        found = _others(named, sources, match, sentence)
        if found:
            return found, 0.1
    return _placed_targets(match, sentence, sources)


def _placed_targets(
    match: Match, sentence: Sentence, sources: tuple[Mention, ...]
) -> tuple[tuple[Mention, ...], float]:
    """The purpose of help, or the place of an act that names nobody it is done to."""
    if match.frame.event_type == "AID":
        for token in _purposes(match.clause):
            found = _others(_content_targets(token, sentence), sources, match, sentence)
            if found:
                return found, 0.15
    if match.frame.event_type == "AID":
        fused = [child for thing in match.fixed for child in thing.children if child.dep_ == "compound" and child.tag_ == "NNS"]
        found = _others(sentence.people.of(fused), sources, match, sentence)
        if found:
            return found, 0.1
    if any(slot.kind == "prep" and slot.role == "T" and "to" in slot.words for slot in match.frame.slots):
        found = _others(_recipients(match.clause.head, sentence), sources, match, sentence)
        if found:
            return found, 0.15
    if match.frame.event_type in _PLACEABLE and all(_is_abstract(token, sentence) for token in match.tokens("T")):
        for token in (match.clause.head, *match.things, *match.clause.objects):
            found = _others(sentence.people.placed(token), sources, match, sentence)
            if found:
                return found, 0.2
    return (), 0.0


def _recipients(verb: Token, sentence: Sentence) -> tuple[Mention, ...]:
    """A "to X" that the parser hung too low: "returned a pendant engraved with a portrait to X"."""
    for token in verb.subtree:
        if token.lower_ == "to" and token.dep_ in ("prep", "dative") and token.i > verb.i:
            named = sentence.people.of(child for child in token.children if child.dep_ == "pobj")
            if named:
                return named
    return ()


def _purposes(clause: Clause) -> list[Token]:
    """Infinitives of purpose on a verb or its objects: "gave a million to rebuild X"."""
    holders = (clause.head, *clause.objects)
    return [child for holder in holders for child in holder.children
            if child.dep_ in ("advcl", "acl", "xcomp") and any(aux.lower_ == "to" for aux in child.children)]  # fmt: skip


def _content_targets(token: Token, sentence: Sentence) -> tuple[Mention, ...]:
    """The participants of an infinitive or clause: its frame's targets, else objects, else prepositional objects."""
    people = sentence.people
    inner = sentence.match(token)
    if inner is not None:
        named = people.of((*inner.tokens("T"), *(t for t in inner.tokens("R") if t not in inner.clause.subjects)))
        if named:
            return named
    clause = inner.clause if inner else read_clause(token)
    for obj in (*clause.objects, *clause.datives):
        named = people.aimed_at(obj)
        if named:
            return named
    for word, _, obj in clause.preps:
        if word in _CONTENT_PREPS and obj.pos_ != "VERB":
            named = people.of([obj])
            if named:
                return named
    for below in (*clause.infinitives, *clause.clauses):
        named = _content_targets(below, sentence) if below.i > token.i else ()
        if named:
            return named
    return people.placed(token)


def _text_target(match: Match) -> str:
    tokens = match.tokens("T") or match.things or match.clause.objects
    return phrase_text(tokens[0]) if tokens else ""


# Event nouns.


def _read_carried(verb: Token, sentence: Sentence, carried: set[int]) -> list[Reading]:
    """ "X launched an attack on Y", "X faces sanctions by Y", "X suspended aid to Y"."""
    lemma = verb.lemma_.lower()
    roles = {name for name in ("light", "receiving", "ending") if lemma in sentence.frames.operators[name]}
    if not roles or verb.i in sentence.consumed:
        return []
    clause = read_clause(verb)
    own = sentence.match(verb)
    readings = []
    for noun in _event_nouns(clause, sentence):
        if own is not None and (own.score >= 3 or not own.frame.event_type):
            continue
        readings += _read_noun_under(noun, verb, clause, roles, sentence)
        if readings:
            carried.add(noun.clause.head.i)
    return readings


def _event_nouns(clause: Clause, sentence: Sentence) -> list[Match]:
    tokens = list(clause.objects)
    if clause.head.pos_ == "ADJ":
        tokens = [obj for word, _, obj in clause.preps if word in ("for", "of", "behind")]
    tokens += [conj for obj in clause.objects for conj in obj.conjuncts if conj.i > obj.i]
    found = []
    for token in tokens:
        match = sentence.match(token)
        if match is None and token.lemma_.lower() in (
            "series",
            "round",
            "wave",
            "number",
            "string",
            "campaign",
            "kind",
            "act",
        ):
            below = [
                obj for child in token.children if child.lower_ == "of" for obj in child.children if obj.dep_ == "pobj"
            ]
            match = sentence.match(below[0]) if below else None
        if match is not None and match.frame.pos == "noun" and match.frame.event_type:
            found.append(match)
    return found


def _read_noun_under(noun: Match, verb: Token, clause: Clause, roles: set[str], sentence: Sentence) -> list[Reading]:
    people = sentence.people
    operators = read_operators(verb, sentence.frames)
    if "purpose" in operators or "duty" in operators:
        return []
    subjects = people.of(clause.subjects)
    targets = _noun_targets(noun, sentence) or people.of(obj for _, _, obj in clause.preps if obj.pos_ != "VERB")
    targets = targets or people.of(clause.datives)
    event_type = _refine(noun, noun.frame.event_type, sentence)
    if event_type == "ASSAULT" and _is_verbal(noun.clause.head):
        event_type = "ACCUSE"
    sources = subjects or _noun_sources(noun, sentence)
    if "receiving" in roles and not roles & {"light", "ending"}:
        sources, targets = (
            _noun_sources(noun, sentence)
            or people.of(obj for word, _, obj in clause.preps if word in ("from", "by", "over")),
            subjects,
        )
    if "ending" in roles and "light" not in roles and not _merely_ends(verb, event_type):
        event_type = UNDOINGS.get(event_type, "")
    elif noun.frame.reciprocal:
        everyone = tuple(dict.fromkeys((*subjects, *targets)))
        sources, targets = (everyone, everyone) if len(everyone) > 1 else (everyone, ())
    event_type = apply_operators(event_type, operators) if event_type else ""
    if not event_type:
        return []
    if not noun.frame.reciprocal:
        targets = _others(targets, sources, noun, sentence)
    if not targets and not noun.frame.reciprocal:
        phrases = (people.phrase(token) for token in noun.tokens("T") if not _is_abstract(token, sentence))
        targets = tuple(mention for mention in phrases if mention is not None)
    root = noun.frame.cameo_root if event_type == noun.frame.event_type else ""
    text = "" if targets else phrase_text(noun.clause.head)
    rule = f"{verb.lemma_} + {noun.frame.rule}"
    return _keep(
        Reading(noun.clause.head, event_type, sources, targets, text, rule, _clip(noun.frame.confidence), root)
    )


def _read_free_noun(noun: Match, sentence: Sentence) -> list[Reading]:
    """An event noun that names both participants itself, or is held beside its clause's subject."""
    frame = noun.frame
    if not frame.event_type:
        return []
    head = noun.clause.head
    sources, targets = _noun_sources(noun, sentence), _noun_targets(noun, sentence)
    rule = f"noun: {frame.rule}"
    if head.dep_ == "attr" and not frame.reciprocal and frame.subject == "S":
        sources = sentence.people.of(find_subjects(head.head)[0]) or sources
    if frame.reciprocal:
        governor = sentence.match(head.head)
        if head.dep_ == "nsubj" and governor is not None and governor.frame.event_type:
            return []  # "the talks between X and Y collapsed": the verb says it
        everyone = tuple(dict.fromkeys((*sources, *targets)))
        if len(everyone) == 1 and head.dep_ == "pobj":
            everyone = tuple(dict.fromkeys((*everyone, *_clause_subjects(head, sentence))))
        sources = targets = everyone if len(everyone) > 1 else ()
    targets = _others(targets, sources, noun, sentence) if not frame.reciprocal else targets
    if not sources or not targets:
        return []
    event_type = _noun_operators(head, frame.event_type, sentence)
    if not event_type:
        return []
    root = frame.cameo_root if event_type == frame.event_type else ""
    return [Reading(head, event_type, sources, targets, "", rule, _clip(frame.confidence - 0.1), root)]


def _noun_operators(noun: Token, event_type: str, sentence: Sentence) -> str:
    """Nothing is coded from the object of a call, a refusal or an ending: that verb has its own reading."""
    governor = noun.head if noun.dep_ in ("dobj", "nsubjpass") else noun.head.head if noun.dep_ == "pobj" else None
    if governor is None or governor.pos_ != "VERB":
        return event_type
    lemma = governor.lemma_.lower()
    match = sentence.match(governor)
    if match and match.frame.event_type and noun in match.things:
        if match.frame.event_type in CONSUMING or lemma in sentence.frames.operators["ending"]:
            return ""
    if lemma in sentence.frames.operators["ending"] and not _merely_ends(governor, event_type):
        return UNDOINGS.get(event_type, "") if noun.dep_ in ("dobj", "nsubjpass") else event_type
    return event_type


def _merely_ends(verb: Token, event_type: str) -> bool:
    """A visit that ends has taken place; one that is cancelled has not."""
    return event_type == "CONSULT" and verb.lemma_.lower() in ("end", "stop", "interrupt", "pause", "cut", "limit", "quit", "reduce")


def _clause_subjects(noun: Token, sentence: Sentence) -> tuple[Mention, ...]:
    """The subject of the verb beside which a meeting is mentioned ("in talks with Y, X agreed …")."""
    prep = noun.head
    verb = prep.head
    if prep.lower_ not in _ADJUNCT or verb.pos_ not in ("VERB", "AUX"):
        return ()
    subjects = find_subjects(verb)[0]
    return sentence.people.of(subjects)[:2]


def _noun_sources(noun: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """Owner, qualifier or by-phrase of an event noun, unless its frame makes the owner the target."""
    people, head = sentence.people, noun.clause.head
    named = people.of(noun.tokens("S")) or people.of(obj for word, _, obj in noun.clause.preps if word == "by")
    if named or noun.frame.subject == "T":
        return named
    if noun.frame.subject == "R":
        named = people.of(noun.tokens("R"))
    return named or _owners(head, people)


def _owners(noun: Token, people: Participants) -> tuple[Mention, ...]:
    for kind in ("poss", "nmod", "amod", "compound"):
        named = people.of([child for child in noun.children if child.dep_ == kind], deep=kind == "poss")
        if named:
            return named
    return ()


def _noun_targets(noun: Match, sentence: Sentence) -> tuple[Mention, ...]:
    people, head = sentence.people, noun.clause.head
    named = people.of(noun.tokens("T")) or people.of(noun.tokens("R") if noun.frame.reciprocal else ())
    if not named and noun.frame.subject == "T":
        named = _owners(head, people)
    return named
