"""The sides of a sentence's readings, set right once all are read.

"Fifteen civilians were killed and thirty others wounded": the others are civilians too. Nobody acts on himself:
where both sides of an attack come to one actor, one of the two was taken for somebody it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from timeline.coding.sentences import FORCED

if TYPE_CHECKING:
    from timeline.coding.sentences import Reading
    from timeline.records import Mention

_PEOPLE = frozenset({"CVL", "REB", "MIL", "OPP", "COP", "UAF", "PRM", "REF", "MED", "EDU", "JRN", "LAB", "REL"})
_NUMBER = (
    r"(?:[\d,.]+|(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|dozen"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)[ -]?)+)"
)
_COUNTED = re.compile(
    r"(?:at least|least|more than|over|about|some|around|nearly|almost|up to|another|many|several|a few|the)?\s*"
    rf"(?:{_NUMBER}|dozens|scores|hundreds|thousands|many|several|others?)(?:\s*(?:of )?(?:more|others?))?",
    re.IGNORECASE,
)
# Rules of mentions whose own words do not say who is meant.
_REFERRING = frozenset({"pronoun", "cataphora", "short-form", "possessive"})
_WORDS = frozenset({"THREATEN", "REQUEST", "AGREE", "STATEMENT", "CONSULT"})
_PLACED = frozenset({"place", "phrase"})  # rules of mentions that say where: "a curfew in the capital"
_SERVING = frozenset({"GOV", "MIL"})  # sectors of those who speak for their state
_RIVAL = frozenset({"rival", "rivals", "fellow", "other", "another", "each", "own", "former"})


def settle_parties(readings: Sequence[Reading]) -> list[Reading]:
    """The readings of one sentence, in text order, with both sides settled."""
    return [_tell_apart(_without_own_state(_without_towns(reading))) for reading in _name_counted(readings)]


def _without_own_state(reading: Reading) -> Reading:
    """An official who warns that his state will answer, or speaks of it, does not act on it."""
    if reading.event_type not in _WORDS:
        return reading
    served = {one.actor.country for one in reading.sources if one.actor and one.actor.sector in _SERVING}
    own = [
        one for one in reading.targets
        if one.actor and one.actor.kind == "state" and one.actor.country in served and one.rule not in _PLACED
    ]  # fmt: skip
    return replace(reading, targets=tuple(one for one in reading.targets if one not in own)) if own else reading


def _without_towns(reading: Reading) -> Reading:
    """No town kills or arrests: it was struck, or says where."""
    if reading.event_type not in FORCED or set(reading.sources) == set(reading.targets):
        return reading
    acting = tuple(one for one in reading.sources if not (one.actor and one.actor.kind == "place"))
    return replace(reading, sources=acting)


def _name_counted(readings: Sequence[Reading]) -> list[Reading]:
    """Numbers that stand for people become whoever was named before them as suffering the same."""
    settled: list[Reading] = []
    victims: list[Mention] = []
    for reading in readings:
        if reading.event_type not in FORCED:
            settled.append(reading)
            continue
        targets = tuple(_named_like(mention, (*victims, *reading.targets)) for mention in reading.targets)
        victims += [mention for mention in targets if mention.actor and mention.actor.sector in _PEOPLE]
        settled.append(replace(reading, targets=targets))
    return settled


def _named_like(mention: Mention, victims: Iterable[Mention]) -> Mention:
    """ "Thirty others", and "seven soldiers" behind "Turkish troops", are of those named before."""
    before = [one for one in victims if one.end <= mention.start and one.actor and one.actor.sector in _PEOPLE]
    if mention.actor is not None:
        bare = mention.actor.is_bare_sector and mention.actor.sector in _PEOPLE
        before = [one for one in before if bare and one.actor and one.actor.sector == mention.actor.sector]
    elif not _COUNTED.fullmatch(mention.text.strip()):
        return mention
    return replace(mention, actor=before[-1].actor, rule="others") if before else mention


def _tell_apart(reading: Reading) -> Reading:
    """One actor on one side only, but where an act is mutual."""
    own = {mention.actor.id for mention in reading.sources if mention.actor and not mention.actor.is_bare_sector}
    twice = [mention for mention in reading.targets if mention.actor and mention.actor.id in own]
    if not twice or set(reading.sources) == set(reading.targets):
        return reading
    clear = [mention for mention in twice if not _refers(mention)]
    if all(map(_is_guessed, clear)) and not any(map(_is_guessed, reading.sources)):
        clear = []  # "X blew up the liaison office": whose office was guessed
    if clear and reading.event_type in FORCED and _is_source_doubtful(reading, clear):
        return replace(reading, sources=tuple(one for one in reading.sources if not _is_one_of(one, clear)))
    named = all(mention.actor and mention.actor.kind for mention in clear)
    if clear and (not named or all(map(_refers, reading.sources))):
        return reading  # two groups of one kind, as rebels may fight rebels; or "he" is somebody else
    return replace(reading, targets=tuple(mention for mention in reading.targets if mention not in twice))


def _is_guessed(mention: Mention) -> bool:
    """Whether the article alone tells of which country somebody is."""
    return mention.rule == "context"


def _refers(mention: Mention) -> bool:
    """Whether only what came before tells who is meant; "the rebels" say so themselves."""
    named = mention.actor is not None and mention.actor.kind is not None
    return mention.rule in _REFERRING and (named or mention.rule != "short-form")


def _is_source_doubtful(reading: Reading, victims: Sequence[Mention]) -> bool:
    """Who suffers is told more plainly than who did it, unless the words set two groups of a kind apart."""
    if any(word in _RIVAL for mention in victims for word in mention.text.lower().split()):
        return False
    composed = all(mention.actor and not mention.actor.kind for mention in victims)
    referring = all(_refers(one) for one in reading.sources if _is_one_of(one, victims))
    return composed or referring


def _is_one_of(mention: Mention, others: Iterable[Mention]) -> bool:
    return mention.actor is not None and any(one.actor and one.actor.id == mention.actor.id for one in others)
