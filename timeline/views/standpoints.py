"""Standpoints: the country or bloc that a report speaks for, by whom it cites or else by its publisher.

Two outlets that both cite the Russian Defence Ministry tell one standpoint; one that cites both sides tells two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from timeline.coding.lexicon import Lexicon
from timeline.coding.words import split_words
from timeline.records import Actor
from timeline.store.codings import Report
from timeline.views.wording import clean_text

UNKNOWN = "standpoint unknown"
_AGAINST = {"REB": "armed groups", "UAF": "armed groups", "SEP": "armed groups", "OPP": "opposition"}
_PLACES = ("name", "demonym", "capital", "metonym")


def find_standpoint(report: Report, states: Mapping[str, str], country_of: Callable[[str], str]) -> str:
    """Whose view a report is, in words: "Russia", "Syria, armed groups", "United Nations".

    Of nested speakers the innermost whose country is known counts ("TASS, citing the Turkish ministry": Turkey), and
    without any the publisher. Armed groups and opposition do not speak for the state they are of.

    Args:
        report: One report.
        states: Names of states by country code.
        country_of: The country code of a publisher by its name, or the name of a body that is of no state; "" unknown.
    """
    for speaker in reversed(report.coding.attribution.speakers):
        if speaker.actor and (found := _speak_for(speaker.actor, states)):
            return clean_text(found)
    publisher = clean_text(report.article.publisher)
    country = country_of(publisher) if publisher else ""
    return clean_text(states.get(country, country)) or publisher or UNKNOWN


def _speak_for(actor: Actor, states: Mapping[str, str]) -> str:
    if not actor.country:
        return ""
    if actor.country not in states:
        return actor.name if actor.known else ""
    against = _AGAINST.get(actor.sector or "")
    return f"{states[actor.country]}, {against}" if against else states[actor.country]


def list_states(actors: Mapping[str, Actor]) -> dict[str, str]:
    """Names of states by country code, out of actors by id: a state's id is its code."""
    return {actor.id: actor.name for actor in actors.values() if actor.country == actor.id}


def find_country(publisher: str, lexicon: Lexicon) -> str:
    """The country code of a publisher, by the lexicon's media or by the place its name begins with; "" unknown.

    A body that is of no state gives its own name: "United Nations News" speaks for the United Nations.
    """
    words = split_words(publisher)
    for start in range(1 + (len(words) > 1 and words[0].key == "the")):
        end, senses = lexicon.find(words, start) if words else (start, ())
        for sense in senses:
            if end > start and sense.use in _PLACES and sense.entry.country:
                of_state = sense.entry.country in lexicon.entries
                return sense.entry.country if of_state else sense.entry.name
    return ""
