"""Phrases to actors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.coding.actors import ActorResolver
from timeline.coding.agents import load_agents, pluralise, read_agents
from timeline.coding.cities import find_town, load_cities
from timeline.coding.lexicon import load_lexicon
from timeline.coding.naming import propose
from timeline.errors import LexiconError
from timeline.ontology import SECTORS

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "cases" / "actors.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def resolver() -> ActorResolver:
    return ActorResolver(load_lexicon([HERE / "invented_actors.yaml"]))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_phrase(resolver: ActorResolver, case: dict) -> None:
    """Every case of cases/actors.yaml."""
    actor = resolver.resolve(case["phrase"], case.get("day"))

    if case.get("none"):
        assert actor is None
    else:
        assert actor is not None
        assert case["expect"] == {field: getattr(actor, field) for field in case["expect"]}


def test_case_ids_are_unique() -> None:
    """An id names one case."""
    ids = [case["id"] for case in CASES]

    assert len(ids) == len(set(ids))


def test_composed_ids_are_stable(resolver: ActorResolver) -> None:
    """The same country and sector give the same actor, whatever the words."""
    ids = {
        resolver.resolve(phrase).id for phrase in ("Norlandic rebels", "Norlund's insurgents", "a Norlandic militant")
    }

    assert {"NRL-REB"} == ids


def test_composed_name_is_readable(resolver: ActorResolver) -> None:
    """A composed actor is named by nationality and kind."""
    assert resolver.resolve("Norlandic gendarmes").name == "Norlander police"


def test_proposed_actor_is_marked_unknown() -> None:
    """A name that no lexicon has is proposed, not claimed."""
    actor = propose("Joran Pell", "NRL", "GOV")

    assert (actor.id, actor.name, actor.part_of, actor.known) == ("x-joran-pell", "Joran Pell", "NRL", False)


@settings(max_examples=200, deadline=None)
@given(phrase=st.text(max_size=60), on=st.none() | st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)))
def test_any_text_resolves_or_not(resolver: ActorResolver, phrase: str, on: dt.date | None) -> None:
    """Any phrase gives an actor with a known sector or None, never an error."""
    actor = resolver.resolve(phrase, on)

    assert actor is None or actor.sector is None or actor.sector in SECTORS


def test_endless_phrase_is_cut(resolver: ActorResolver) -> None:
    """A phrase of a million characters is read as far as phrases go."""
    assert resolver.resolve("the Zubrovian police " + "and so on " * 100_000).country == "ZUB"


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("policeman", "policemen"), ("mercenary", "mercenaries"), ("boy", "boys"), ("head of state", "heads of state"),
     ("commander-in-chief", "commanders-in-chief"), ("boss", "bosses"), ("thief", "thieves"), ("MP", "MPs"),
     ("armed forces", "armed forces"), ("coal miner", "coal miners")],
)  # fmt: skip
def test_plural(noun: str, plural: str) -> None:
    """Agent nouns are put into the plural by rule."""
    assert plural == pluralise(noun)


def test_agent_nouns_are_many() -> None:
    """The nouns cover every sector that nouns can tell."""
    agents = load_agents()
    sectors = {noun.sector for noun in _nouns_below(agents.trie)}

    assert len(list(_nouns_below(agents.trie))) > 2_000  # singular and plural
    assert set(SECTORS) <= sectors


def _nouns_below(node: dict) -> list:
    here = [node[""]] if "" in node else []
    return here + [noun for key, child in node.items() if key for noun in _nouns_below(child)]


def test_agents_file_mistakes_are_reported_together() -> None:
    """Unknown sections and sectors are all listed."""
    with pytest.raises(LexiconError) as caught:
        read_agents({"peeple": {}, "people": {"GVO": ["clerk"]}, "offices": {"reeve": {"sector": "XXX"}}})

    assert len(caught.value.problems) == 3
    assert "'peeple'" in caught.value.problems[0]


def test_cities_lie_in_countries_of_the_lexicon(resolver: ActorResolver) -> None:
    """Each city's country is a state that we know."""
    assert set() == set(load_cities().values()) - set(resolver.lexicon.entries)


def test_a_word_of_every_sentence_is_no_town():
    """There is a Much in Germany; at the head of a sentence the word has its capital too."""
    assert [find_town(word) for word in ("much", "along", "none", "bilbao")] == ["", "", "", "ESP"]
