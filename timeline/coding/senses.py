"""Verbs that say something else than their frame, seen by what stands beside them.

"Warned that floods may come" threatens nobody, "asked whether" demands nothing, "armed with a resolution" describes,
"did not offer details" refuses nobody, "investigates a crash" blames nobody, "wants to move away" is one's own plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from timeline.coding.participants import SELF
from timeline.coding.predicates import Match, head_forms
from timeline.coding.subjects import find_subjects

if TYPE_CHECKING:
    from spacy.tokens import Token

    from timeline.coding.operators import Operators
    from timeline.coding.sentences import Sentence
    from timeline.records import Mention

_ASKING = frozenset({"ask", "inquire", "enquire", "wonder", "query", "question"})
_QUESTIONS = frozenset({"whether", "if", "how", "why", "what", "who", "whom", "when", "where", "which", "whose"})
_WARNING = frozenset({"warn", "caution"})
_CONSEQUENCES = frozenset(
    ["consequence", "retaliation", "retaliate", "respond", "revenge", "punish", "punishment", "reprisal",
     "repercussion", "tolerate", "crackdown", "forgive", "hesitate", "accountable"]
)  # fmt: skip
_MEANS = frozenset({"response", "price", "sanction", "action", "force", "measure", "strike", "war", "attack"})
_MET = frozenset({"with", "face", "pay"})
_AHEAD = frozenset(
    {"will", "would", "'ll", "’ll", "shall", "could", "may", "might", "can", "'d", "wo", "going", "ready"}
)
_PUBLIC = frozenset({"CVL", "REF", "UNK", "EDU", "MED", "JRN", "LAB", "BUS"})
_EQUIPPING = frozenset({"arm", "equip", "treat", "feed"})  # "treated at a hospital" is nobody's aid
_CLOSING = frozenset({"close", "shut"})
_NEEDING = frozenset({"force", "compel", "oblige"})
_DISPLACING = frozenset(
    ["flee", "leave", "abandon", "evacuate", "march", "work", "fight", "convert", "marry", "confess", "resign", "quit"]
)  # fmt: skip
_SELF_HARMING = frozenset(
    ["kill", "shoot", "hang", "hurt", "injure", "wound", "burn", "starve", "set", "immolate", "poison", "drown",
     "stab", "harm", "cut", "strangle"]
)  # fmt: skip
_INQUIRING = frozenset(
    ["investigate", "probe", "scrutinise", "scrutinize", "inspect", "audit", "look", "inquire", "enquire", "examine",
     "send", "dispatch", "open", "launch", "begin", "start", "order", "conduct", "announce", "initiate", "hold", "set",
     "establish", "appoint", "form", "create"]
)  # fmt: skip
_PLACING = frozenset({"in", "at", "near", "on", "during", "after", "since"})
_WRONGS = frozenset(
    ["crime", "abuse", "violation", "atrocity", "killing", "murder", "massacre", "attack", "allegation", "claim",
     "corruption", "fraud", "torture", "death", "conduct", "role", "complaint", "war-crime", "bombing", "shooting",
     "strike", "use", "assassination", "genocide", "rape", "beating", "execution", "incident", "disappearance"]
)  # fmt: skip


def settle_sense(
    event_type: str, match: Match, operators: Operators, sides: tuple[Sequence[Mention], Sequence[Mention]],
    sentence: Sentence,
) -> str:  # fmt: skip
    """The event type once both sides are known, "" where the words name no act after all.

    Args:
        event_type: What the frame and the words above it say.
        match: The frame and its clause.
        operators: The words above it.
        sides: Sources and targets.
        sentence: The sentence.
    """
    sources, targets = sides
    lemma = match.clause.head.lemma_.lower()
    known = any(mention.actor is not None for mention in targets)
    forecast = lemma == "expect" and match.clause.passive  # "is expected to announce"
    if event_type == "REQUEST" and (forecast or (lemma in _ASKING and _is_question(match))):
        return ""
    if event_type == "THREATEN" and lemma in _WARNING and not _is_threat(match, sources, sentence):
        against = any(word == "against" for word, _, _ in match.clause.preps)
        return "REQUEST" if against else "STATEMENT"
    if match.clause.passive and not sources and _is_nobodys(event_type, match, targets):
        return ""
    if event_type == "ASSAULT" and lemma in _SELF_HARMING and any(map(_is_oneself, match.clause.objects)):
        return ""
    if event_type == "AGREE" and lemma == "agree" and _is_opinion(match):
        return ""
    if event_type == "REJECT" and lemma in ("oppose", "opposed") and _follows_as(match.clause.head):
        return ""  # "cheap ones, as opposed to others"
    if event_type == "REJECT" and operators.negated and match.frame.event_type == "AGREE" and not known:
        return ""
    if event_type == "ACCUSE" and match.frame.cameo_root == "09" and lemma in _INQUIRING:
        return event_type if _concerns_wrong(match, sentence) else ""
    return event_type


def _is_nobodys(event_type: str, match: Match, targets: Sequence[Mention]) -> bool:
    """Passives that tell of need, care and closed doors, and of nobody's deed.

    "Was forced to seek help", "was treated at a hospital", "pupils were given tablets", "schools were closed".
    """
    lemma = match.clause.head.lemma_.lower()
    private = all(mention.actor is not None and mention.actor.sector in _PUBLIC for mention in targets)
    if event_type in ("AID", "MOBILIZE"):
        return lemma in _EQUIPPING or (event_type == "AID" and private and lemma != "evacuate")
    if event_type == "COERCE" and lemma in _CLOSING:
        return private
    needs = [verb for verb in match.clause.infinitives if verb.lemma_ not in _DISPLACING]
    return event_type == "COERCE" and lemma in _NEEDING and bool(needs)


def _is_opinion(match: Match) -> bool:
    """ "Experts agree that it was a crime", "X agrees with Y" is what they think, "agreed that it be paid" a deal."""
    word, clause = match.clause.head, match.clause
    present = word.tag_ in ("VBP", "VBZ") or (word.dep_ == "xcomp" and word.head.lemma_ in ("seem", "appear", "tend"))
    siding = any(prep == "with" for prep, _, _ in clause.preps)
    settled = clause.infinitives or clause.objects or any(prep in ("on", "upon", "to") for prep, _, _ in clause.preps)
    return present and (bool(clause.clauses) or siding or not settled) and not clause.infinitives


def _follows_as(word: Token) -> bool:
    return word.i > 0 and word.nbor(-1).lower_ == "as"


def _is_oneself(thing: Token) -> bool:
    return thing.lower_.endswith(("self", "selves"))


def _is_question(match: Match) -> bool:
    """ "Asked whether", "asked how": the clause opens with a word of question."""
    return any(clause.doc[clause.left_edge.i].lower_ in _QUESTIONS for clause in match.clause.clauses)


def _is_threat(match: Match, sources: Sequence[Mention], sentence: Sentence) -> bool:
    """Whether the speaker warns of what he will do, or somebody of what will be done to him."""
    people = sentence.people
    addressed = [m.actor for m in people.of(match.tokens("T"), deep=False) if m.actor]
    rivals = [actor for actor in addressed if actor.sector not in _PUBLIC]
    told = match.clause.clauses
    if not told:
        return bool(rivals) or _has_consequences(match.clause.head)
    own = {name for mention in sources if mention.actor for name in (mention.actor.id, mention.actor.country)}
    for clause in told:
        subjects = find_subjects(clause)[0]
        named = {mention.actor.id for mention in people.of(subjects) if mention.actor}
        ahead = any(child.lower_ in _AHEAD for child in clause.children)
        if own & named or (ahead and any(token.lower_ in SELF for token in subjects)):
            return True
        if rivals and named & {actor.id for actor in rivals}:
            return True
    return any(_has_consequences(clause) for clause in told)


def _has_consequences(head: Token) -> bool:
    told = [token for token in head.subtree if token.i > head.left_edge.i]
    if any(token.lemma_.lower() in _CONSEQUENCES for token in told):
        return True
    return any(token.lemma_.lower() in _MEANS and token.head.lemma_ in _MET for token in told)  # "be met with force"


def _concerns_wrong(match: Match, sentence: Sentence) -> bool:
    """Whether an inquiry is into somebody's deeds: into a body or person, or into what is a wrong."""
    if any(m.actor and m.actor.kind != "place" for m in sentence.people.of(match.tokens("T"), deep=False)):
        return True
    named = any(token.pos_ == "PROPN" and _is_object(token) for thing in match.tokens("T") for token in thing.subtree)
    return named or any(form in _WRONGS for token in match.clause.head.subtree for form in head_forms(token))


def _is_object(name: Token) -> bool:
    """Whether a name is more than a place or a time: "the business dealings of X", not "the crash in X"."""
    return not (name.dep_ == "pobj" and name.head.lower_ in _PLACING)
