"""Who is behind a blow that is told on: "X raided the town. The raid killed four. Three others were wounded."

Beside coreference this is the one step over the end of a sentence: a definite blow is the one told just before, and
so is what its victims suffered in a sentence that names neither doer, weapon, place nor time of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from timeline.coding.grammar import is_passive, preps_of
from timeline.coding.predicates import head_forms, is_temporal
from timeline.coding.realis import find_realis
from timeline.coding.subjects import find_subjects
from timeline.records import Realis

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from timeline.coding.relations import Relation
    from timeline.records import Mention

_BLOWS = frozenset(
    ["attack", "assault", "strike", "airstrike", "raid", "bombing", "bombardment", "shelling", "ambush", "offensive",
     "explosion", "blast", "massacre", "shooting", "barrage", "incursion", "onslaught", "rocket", "shell", "missile",
     "bomb", "mortar", "projectile", "bullet", "grenade", "salvo", "volley", "crackdown"]
)  # fmt: skip
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_ANOTHER = frozenset(
    ["second", "third", "other", "separate", "another", "different", "previous", "earlier", "past", "new", "fresh",
     "further", "similar", "next", "last", "recent", "alleged", "suspected", "such", "meanwhile", "elsewhere", "also",
     "total", "overall", "since", "altogether", "additional", "far", "daily", "year", "month", "week"]
)  # fmt: skip
_SUFFERED = frozenset({"kill", "wound", "injure", "hurt", "die", "maim"})
_ACTS_OF_WAR = frozenset({"ASSAULT", "MOBILIZE"})
_IN_A_BLOW = frozenset({"in", "by", "during", "from", "to"})  # "due to the attack"
_REACH = 2  # sentences back to the blow
_LONGEST_OUTCOME = 14  # words of a sentence that only counts victims
RESUMED = "resumed"  # rule of doers whose name stands in the sentence of the blow


def lend_doers(doc: Doc, relations: Sequence[Relation]) -> list[Relation]:
    """The relations, in text order, with the doers of blows that are taken up again."""
    sentences = {span.start_char: number for number, span in enumerate(doc.sents)}
    settled: list[Relation] = []
    for relation in relations:
        lent: tuple[Mention, ...] = ()
        if relation.event_type == "ASSAULT" and not relation.sources:
            lent = _find_lender(doc, relation, settled, sentences)
        settled.append(replace(relation, sources=lent) if lent else relation)
    return settled


def _find_lender(
    doc: Doc, relation: Relation, before: Sequence[Relation], sentences: Mapping[int, int]
) -> tuple[Mention, ...]:
    trigger = doc[relation.trigger_i]
    reach = _REACH if _resumes(trigger) else 1 if _counts_victims(trigger, relation) else 0
    if not reach:
        return ()
    here = sentences[relation.start]
    told = [one for one in before if one.event_type in _ACTS_OF_WAR and one.trigger_i < relation.trigger_i]
    if not told or here - sentences[told[-1].start] > reach:
        return ()
    nearest = [one for one in told if one.start == told[-1].start and one.sources]
    sides = {frozenset(mention.actor.id for mention in one.sources if mention.actor) for one in nearest}
    done = all(find_realis(doc, one.trigger_i) is Realis.ACTUAL for one in nearest)
    mutual = any(set(one.sources) == set(one.targets) for one in nearest)
    if len(sides) != 1 or not done or mutual:
        return ()
    victims = {mention.actor.id for mention in relation.targets if mention.actor}
    if sides == {frozenset()} or victims & next(iter(sides)):
        return ()
    return tuple(replace(mention, rule=RESUMED) for mention in nearest[-1].sources)


def _resumes(verb: Token) -> bool:
    """Whether a blow that the text has told of is the subject, or what somebody was killed in."""
    passive = is_passive(verb)
    nouns = (obj for word, _, obj in preps_of(verb) if word in _IN_A_BLOW) if passive else iter(find_subjects(verb)[0])
    return any(_is_told_blow(noun) for noun in nouns)


def _is_told_blow(noun: Token) -> bool:
    if not any(form in _BLOWS for form in head_forms(noun)):
        return False
    below = list(noun.children)
    definite = any(child.dep_ == "det" and child.lower_ in _DEFINITE for child in below)
    told = not any(child.dep_ in ("poss", "relcl", "acl") or child.lower_ in _ANOTHER | {"by", "of"} for child in below)
    return definite and told and all(map(_is_known_place, _named_below(noun)))


def _named_below(noun: Token) -> Iterator[Token]:
    return (obj for _, _, obj in preps_of(noun) if obj.pos_ == "PROPN" and not is_temporal(obj))


def _is_known_place(name: Token) -> bool:
    """Whether the sentences just before name this place too."""
    span: Span = name.sent
    for _ in range(_REACH):
        if span.start == 0:
            return False
        span = name.doc[span.start - 1].sent
        if any(token.lower_ == name.lower_ for token in span):
            return True
    return False


def _counts_victims(verb: Token, relation: Relation) -> bool:
    """Whether a whole sentence says no more than who was killed or hurt: "At least four people were killed." """
    span: Span = verb.sent
    if verb.dep_ != "ROOT" or verb.lemma_ not in _SUFFERED or not is_passive(verb) or len(span) > _LONGEST_OUTCOME:
        return False
    if not relation.targets or any(token.ent_type_ in ("DATE", "TIME", "GPE", "LOC") for token in span):
        return False
    own = any(word not in ("among", "including") for word, _, _ in preps_of(verb))
    return not own and not any(token.lower_ in _ANOTHER or token.dep_ in ("advcl", "ccomp") for token in span)
