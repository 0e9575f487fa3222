"""Codes and names of others: CAMEO to PLOVER, countries, actors."""

from __future__ import annotations

import pytest

from timeline.ontology import EVENT_TYPES
from timeline.store.imports.actors import ActorFinder, Cameo
from timeline.store.imports.countries import load_countries
from timeline.store.imports.crosswalk import load_crosswalk


@pytest.fixture(scope="module")
def finder() -> ActorFinder:
    return ActorFinder()


def test_every_cameo_code_has_a_type_and_its_parents() -> None:
    """All 20 roots are there, and every code's prefix, so none is left out by accident."""
    events = load_crosswalk().events

    assert {f"{root:02}" for root in range(1, 21)} == {code for code in events if len(code) == 2}
    assert [code for code in events if len(code) > 2 and code[:-1] not in events] == []
    assert len(events) >= 310
    assert set(events.values()) == set(EVENT_TYPES)


def test_types_keep_the_side_of_their_root() -> None:
    """Cooperation does not become conflict, nor the other way; only 01 is neutral."""
    sides = {"01": {0}, **{f"{root:02}": {1, 2} for root in range(3, 9)}, "02": {3}}

    for code, kind in load_crosswalk().events.items():
        assert EVENT_TYPES[kind].quad_class in sides.get(code[:2], {3, 4}), code


@pytest.mark.parametrize(
    ("written", "root", "expected"),
    [
        ("042", "", "042"),
        ("40", "4", "040"),  # a spreadsheet dropped the zero
        ("10", "1", "010"),
        ("10", "10", "10"),
        ("190", "19", "190"),
        ("231", "2", "0231"),
        ("Make a visit", "", "042"),
        ("fight with SMALL arms and light weapons", "", "193"),
        ("Return, release person(s)", "", "0841"),
        ("Demonstrate or rally ", "", "141"),
        ("Consult", "", "040"),
        ("9999", "", None),
        ("---", "", None),
        ("", "", None),
        ("Make a cake", "", None),
        ("²", "", None),
    ],
)
def test_codes_and_names_are_found(written: str, root: str, expected: str | None) -> None:
    """Codes with or without their zero, names in any case; what is none is not guessed."""
    assert load_crosswalk().find_code(written, root) == expected


@pytest.mark.parametrize(
    ("table", "code", "expected"),
    [
        ("fips", "UK", "GBR"),
        ("fips", "SY", "SYR"),
        ("fips", "RS", "RUS"),  # Serbia in ISO
        ("fips", "GM", "DEU"),  # The Gambia in ISO
        ("fips", "CH", "CHN"),  # Switzerland in ISO
        ("fips", "GZ", "PSE"),
        ("fips", "QQ", None),
        ("cameo", "ROM", "ROU"),
        ("cameo", "TUR", "TUR"),
        ("cameo", "AFR", None),  # a region
        ("names", "syrian arab republic", "SYR"),
        ("names", "rus", "RUS"),
        ("names", "atlantis", None),
    ],
)
def test_countries_are_found(table: str, code: str, expected: str | None) -> None:
    """FIPS and ISO give the same two letters to different countries."""
    assert getattr(load_countries(), table).get(code) == expected


@pytest.mark.parametrize(
    ("given", "country", "sector"),
    [
        (Cameo("MILITARY", "TURMIL", "TUR", "", "", ("MIL", "", "")), "TUR", "MIL"),
        (Cameo("SYRIAN REBEL", "SYRREB", "SYR", "", "", ("REB", "", "")), "SYR", "REB"),
        (Cameo("MEDIA", "USAMED", "USA", "", "", ("MED", "", "")), "USA", "JRN"),
        (Cameo("DOCTOR", "USAHLH", "USA", "", "", ("HLH", "", "")), "USA", "MED"),
        (Cameo("TURKEY", "TUR", "TUR", "", "", ("", "", "")), "TUR", None),
        (Cameo("AFRICA", "AFR", "AFR", "", "", ("", "", "")), None, None),
        (Cameo("POLICE", "COP", "", "", "", ("COP", "", "")), None, "COP"),
        (Cameo("ZORBLAX CORP", "MNCUSA", "USA", "", "", ("MNC", "", "")), "USA", "MNC"),
        (Cameo("RADICAL", "FRARAD", "FRA", "", "", ("RAD", "", "")), "FRA", None),
    ],
)
def test_cameo_actors_have_country_and_sector(
    finder: ActorFinder, given: Cameo, country: str | None, sector: str | None
) -> None:
    """The code's parts are read; what PLOVER has no sector for stays unknown."""
    actor = finder.from_cameo(given)

    assert actor is not None
    assert (actor.country, actor.sector) == (country, sector)
    assert finder.from_cameo(given) == actor


def test_states_are_those_of_the_lexicon(finder: ActorFinder) -> None:
    """An imported state is the coded one, so their events meet."""
    state = finder.from_cameo(Cameo("TURKEY", "TUR", "TUR", "", "", ("", "", "")))
    government = finder.from_cameo(Cameo("ANKARA", "TURGOV", "TUR", "", "", ("GOV", "", "")))

    assert state is not None
    assert state.id == "TUR"
    assert government is not None
    assert government.part_of == "TUR"
    assert finder.from_words("Turkey") == state


def test_one_name_with_two_sectors_is_two_actors(finder: ActorFinder) -> None:
    """A region's police and its governments are not one actor whose sector depends on the last row."""
    police = finder.from_cameo(Cameo("AFRICA", "AFRCOP", "AFR", "", "", ("COP", "", "")))
    government = finder.from_cameo(Cameo("AFRICA", "AFRGOV", "AFR", "", "", ("GOV", "", "")))

    assert police is not None
    assert government is not None
    assert police.id != government.id
    assert (police.country, police.sector, government.sector) == (None, "COP", "GOV")


def test_nothing_gives_no_actor(finder: ActorFinder) -> None:
    """Empty cells are an unknown actor, not one called nothing."""
    assert finder.from_cameo(Cameo("", "", "", "", "", ("", "", ""))) is None
    assert finder.from_words("") is None
    assert finder.from_words("???") is None
    assert finder.split_cameo("") is None


@pytest.mark.parametrize(
    ("name", "sectors", "country", "expected"),
    [
        ("Military (Mali)", "", "", ("MLI", "MIL")),
        ("Citizen (India)", "", "", ("IND", "CVL")),
        ("Head of Government (Nigeria)", "", "", ("NGA", "GOV")),
        ("Zorblax Front (Chad)", "", "", ("TCD", None)),
        ("Jo Exemplar", "Parties,Legislative / Parliamentary", "Chile", ("CHL", "PTY")),
        ("Jo Exemplar", "Unheard-of things", "", (None, None)),
        ("Military (Atlantis)", "", "", (None, None)),
        ("North Korea", "", "", ("PRK", None)),
        ("Lawmaker (India)", "", "", ("IND", "LEG")),
        ("Vladimir Vladimirovich Putin", "", "", ("RUS", "GOV")),
    ],
)
def test_actors_in_words(
    finder: ActorFinder, name: str, sectors: str, country: str, expected: tuple[str | None, str | None]
) -> None:
    """ICEWS: generic actors with their country in brackets, and names with sectors and country beside them."""
    actor = finder.from_words(name, sectors, country)

    assert actor is not None
    assert (actor.country, actor.sector) == expected


@pytest.mark.parametrize(
    ("code", "expected"), [("TURGOV", ("TUR", "GOV")), ("SYRREBOPP", ("SYR", "REB")), ("THA", ("THA", None))]
)
def test_actor_codes_in_one_piece(finder: ActorFinder, code: str, expected: tuple[str, str | None]) -> None:
    """Phoenix and TERRIER: three letters each."""
    actor = finder.split_cameo(code)

    assert actor is not None
    assert (actor.country, actor.sector) == expected
