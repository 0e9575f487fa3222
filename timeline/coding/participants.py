"""Sources and targets that a frame names: owners of event nouns, speakers behind pronouns, never the source itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from timeline.coding.doers import find_doers, noun_sources, owners_of
from timeline.coding.grammar import SUBJECTS
from timeline.coding.operators import Operators
from timeline.coding.predicates import Match
from timeline.coding.pronouns import SILENT
from timeline.coding.sentences import Sentence
from timeline.coding.subjects import find_subjects
from timeline.records import Mention

if TYPE_CHECKING:
    from spacy.tokens import Token

    from timeline.coding.roles import Participants

# What happens to people: praise or blame for it is not theirs.
_UNDERGONE = frozenset(
    ["use", "misuse", "treatment", "mistreatment", "plight", "suffering", "death", "loss", "displacement", "release",
     "recruitment", "deportation", "expulsion", "disappearance", "exploitation", "exclusion", "protection",
     "evacuation", "transfer", "delivery", "supply", "sale", "exodus", "flight", "targeting", "wounding", "starvation"]
)  # fmt: skip
EVALUATING = frozenset({"ACCUSE", "SUPPORT", "REJECT", "STATEMENT"})
_MOVING = frozenset({"AGREE", "RETREAT", "MOBILIZE", "AID", "COOPERATE", "SANCTION", "THREATEN", "REJECT"})
SELF = frozenset({"it", "they", "he", "she", "we", "i"})
_ONESELF = SELF | {"him", "her", "them", "us", "me", "itself", "himself", "herself", "themselves"}


def find_participants(
    match: Match, operators: Operators, sentence: Sentence
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Source and target mentions that the frame's own slots name."""
    people = sentence.people
    if match.frame.reciprocal:
        everyone = _resolved(people.of(match.tokens("R")))
        if not people.of(match.clause.subjects):  # "X said it would cooperate with Y"
            everyone = (*_speakers(match, operators, sentence), *everyone)
        everyone = _one_each(everyone or _speakers(match, operators, sentence))
        return (everyone, everyone) if len(everyone) > 1 else (everyone, ())
    named = match.tokens("T")
    sources = _sources(match, operators, sentence)
    if sources and any(_is_mutual(token) for token in named):
        return sources, sources
    taken_up = _body_acted_on(match, sentence)
    if taken_up:
        return sources, drop_own(taken_up, sources, match, sentence)
    if match.frame.event_type == "REJECT":  # "rejected Y's plan for Z": Y's will is refused, Z is its topic
        makers = drop_own(_makers(match, sentence), sources, match, sentence)
        if makers:
            return sources, makers
    if match.frame.event_type in EVALUATING:
        return sources, drop_own(whom_evaluated(named, match, sentence), sources, match, sentence)
    direct = people.of((token for token in named if people.at(token) is not None), deep=False)
    return sources, drop_own(direct or people.of(named), sources, match, sentence)


def _one_each(parties: Iterable[Mention]) -> tuple[Mention, ...]:
    """Nobody meets himself: of two mentions of one actor the first."""
    first: dict[object, Mention] = {}
    for mention in parties:
        known = mention.actor is not None and mention.actor.known
        first.setdefault(mention.actor.id if mention.actor and known else mention, mention)
    return tuple(first.values())


def _makers(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """Whose proposal, call or resolution the object is: its owner, or the body that its compound names."""
    things = [thing for thing in match.things if sentence.people.at(thing) is None]
    for thing in things:
        owners = owners_of(thing, sentence.people)
        if owners:
            return owners
        names = [child for child in thing.children if child.dep_ in ("compound", "nmod") and child.pos_ == "PROPN"]
        phrases = (sentence.people.phrase(name) for name in names)
        known = tuple(
            mention
            for mention in phrases
            if mention is not None and mention.actor is not None and mention.actor.kind != "place"
        )  # no town makes "the Sochi agreement"
        if known:
            return known
    return ()


def _is_mutual(token: Token) -> bool:
    """ "each other", "one another"."""
    return token.lower_ in ("other", "another") and token.i > 0 and token.nbor(-1).lower_ in ("each", "one")


def _sources(match: Match, operators: Operators, sentence: Sentence) -> tuple[Mention, ...]:
    sources = sentence.people.of(match.tokens("S")) or find_doers(match, sentence)
    if match.frame.subject == "S":
        speakers = _speakers(match, operators, sentence)
        if not _resolved(sources) or _same_actor(sources, speakers):
            sources = speakers or sources
    return sources or _body_taken_up(match, sentence)


def _body_taken_up(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "X held the town after it drove out Y": the one body named before "it", or the subject that went before."""
    subjects = match.clause.subjects
    if len(subjects) != 1 or subjects[0].lower_ != "it" or match.frame.event_type in ("", "STATEMENT"):
        return ()
    if match.clause.head.dep_ == "acl":  # "the charge that it bombed Y" is laid by somebody else
        return ()
    span, people = sentence.span, sentence.people
    found = _bodies(span.doc[span.start : subjects[0].i], people)
    if len({mention.actor for mention in found}) == 1:
        return found[-1:]
    if found or any(people.at(token) for token in span.doc[span.start : subjects[0].i]) or span.start == 0:
        return ()
    before = find_subjects(span.doc[span.start - 1].sent.root)[0]
    return _bodies(before[:1], people)


def _body_acted_on(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """ "X broke with Y, accusing it of arson": the one body acted on by the verb that shares its subject with this."""
    named, verb = match.tokens("T"), match.clause.head
    if len(named) != 1 or named[0].lower_ != "it" or verb.dep_ not in ("advcl", "conj") or verb.head.i > verb.i:
        return ()
    if any(child.dep_ in SUBJECTS for child in verb.children):
        return ()
    first = verb.head
    while first.dep_ == "conj" and first.head.i < first.i and first.head.pos_ == "VERB":
        first = first.head
    between = sentence.span.doc[first.i + 1 : verb.i]
    found = _bodies(between, sentence.people)
    if not found and match.frame.event_type == "ASSAULT":  # "captured the town, lost it and retook it"
        found = tuple(one for token in between if (one := sentence.people.at(token)) and one.rule == "place")
    if len({mention.actor for mention in found}) != 1:
        return ()
    pronoun = named[0]
    return (Mention(pronoun.idx, pronoun.idx + len(pronoun), pronoun.text, found[-1].actor, "pronoun"),)


def _bodies(tokens: Iterable[Token], people: Participants) -> tuple[Mention, ...]:
    """Mentions of single bodies, no persons and no places, whose heads are among some tokens."""
    heads = [token for token in tokens if token.tag_ in ("NN", "NNP", "NNPS") and token.dep_ != "compound"]
    named = [mention for token in heads if (mention := people.at(token)) is not None]
    return tuple(
        mention
        for mention in named
        if mention.actor and mention.actor.kind not in ("person", "place") and mention.rule not in SILENT
    )


def _same_actor(sources: tuple[Mention, ...], speakers: tuple[Mention, ...]) -> bool:
    """Whether a pronoun stands for the speaker, whose name is then the better evidence."""
    own = {mention.actor for mention in speakers}
    return bool(speakers) and all(mention.actor in own and mention.text.lower() in SELF for mention in sources)


def whom_evaluated(tokens: Iterable[Token], match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """Whom praise or blame is for: of an act its doer, never its victim."""
    found: list[Mention] = []
    for token in tokens:
        noun = sentence.match(token)
        if noun is not None and noun.frame.pos == "noun" and sentence.people.at(token) is None:
            found += noun_sources(noun, sentence) if noun.frame.subject != "R" else sentence.people.of([token])
        elif is_undergone(token):
            found += owners_of(token, sentence.people)
        else:
            found += sentence.people.of([token])
    return tuple(dict.fromkeys(found))


def is_undergone(noun: Token) -> bool:
    """Whether a noun tells what happens to people: "the use of migrants", "the death of X"."""
    return noun.lemma_.lower() in _UNDERGONE


def _resolved(found: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Nothing where all there is is a pronoun that stands for nobody known."""
    return () if len(found) == 1 and found[0].actor is None and found[0].text.lower() in SELF else found


def drop_own(
    found: tuple[Mention, ...], sources: tuple[Mention, ...], match: Match, sentence: Sentence
) -> tuple[Mention, ...]:
    """Targets without the source itself, its "its" and its own forces."""
    own = {mention.actor for mention in sources if mention.actor is not None}
    kept = []
    for mention in found:
        reflexive = sentence.people.is_possessive(mention) and (
            mention.actor is None or mention.actor in own or not sources
        )
        himself = mention.actor in own and mention.text.lower() in _ONESELF
        if mention not in sources and not reflexive and not himself and not _is_own_force(mention, match, sentence):
            kept.append(mention)
    return tuple(kept)


def _speakers(match: Match, operators: Operators, sentence: Sentence) -> tuple[Mention, ...]:
    """ "X said it would withdraw": an unresolved pronoun is whoever speaks."""
    subjects = match.clause.subjects
    if operators.speaker is None or not subjects or subjects[0].lower_ not in SELF:
        return ()
    return sentence.people.of(find_subjects(operators.speaker)[0])


def _is_own_force(mention: Mention, match: Match, sentence: Sentence) -> bool:
    """ "withdrew its troops": the withdrawer's own means, not whom it acts on."""
    if match.frame.event_type not in _MOVING:
        return False
    words = mention.text.lower().partition(" to ")[0].split()  # "its ambassador to X"
    return bool(words) and words[0] in ("its", "their", "his", "her", "our") and is_means(words[-1], sentence)


def is_means(word: str, sentence: Sentence) -> bool:
    means = sentence.frames.classes["force"] | sentence.frames.classes["personnel"]
    return word in means or word.removesuffix("s") in means or word.removesuffix("es") in means


def named_subjects(match: Match, sentence: Sentence) -> tuple[Mention, ...]:
    """A subject that is a name unknown to everybody still acts."""
    found = [sentence.people.phrase(token) for token in match.tokens("S") if token.pos_ == "PROPN"]
    return tuple(mention for mention in found if mention is not None)
