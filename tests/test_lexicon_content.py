"""What the actor files must hold: every state, sound references and dates, no name for two, no everyday word."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
import yaml

from timeline.coding.lexicon import Entry, Lexicon, load_lexicon
from timeline.coding.words import fold_text, split_words
from timeline.ontology import SECTORS

UN_MEMBERS = """
AFG AGO ALB AND ARE ARG ARM ATG AUS AUT AZE BDI BEL BEN BFA BGD BGR BHR BHS BIH BLR BLZ BOL BRA BRB BRN BTN BWA CAF
CAN CHE CHL CHN CIV CMR COD COG COL COM CPV CRI CUB CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESP EST ETH FIN FJI
FRA FSM GAB GBR GEO GHA GIN GMB GNB GNQ GRC GRD GTM GUY HND HRV HTI HUN IDN IND IRL IRN IRQ ISL ISR ITA JAM JOR JPN
KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT
MMR MNE MNG MOZ MRT MUS MWI MYS NAM NER NGA NIC NLD NOR NPL NRU NZL OMN PAK PAN PER PHL PLW PNG POL PRK PRT PRY QAT
ROU RUS RWA SAU SDN SEN SGP SLB SLE SLV SMR SOM SRB SSD STP SUR SVK SVN SWE SWZ SYC SYR TCD TGO THA TJK TKM TLS TON
TTO TUN TUR TUV TZA UGA UKR URY USA UZB VCT VEN VNM VUT WSM YEM ZAF ZMB ZWE
""".split()  # noqa: SIM905 -- a block of words reads better than 193 strings
EVERYDAY_WORDS = frozenset(
    """
    a an and any are as at be but by can do for from had has have he her his how if in is it its let may me my no not
    of on one or our out own she so some than that the their them then they this those to too under up upon was we were
    what when which who why will with you your
    amber amnesty apple bank base bill bond bush candle car care carter chad china club common congress dawn day dean
    english front god grace gold good green guinea hand harem home hope house ice jersey job jordan june just king kiwi
    lake law liberation light long lord major male march mark market may mission model mother nation new news nice
    observer oracle order party peace people pole polish power prince queen quad reading rice right rock rose salmon
    security shell sky sofia solidarity square star state states stone street sudden summit sun tall target temple
    time times title total tower turkey union unit victoria voice war watch water way west white wing wolf wood word
    world worth year young youth
    """.split()  # noqa: SIM905
)
ALLOWED_WORDS = {"TUR": {"Turkey"}, "CHN": {"China"}, "GIN": {"Guinea"}, "england": {"English"}, "POL": {"Polish"}}
LANDMARKS = [  # office, of, day, who: facts that anybody can check
    ("president", "RUS", "2020-03-05", "vladimir-putin"),
    ("president", "TUR", "2020-03-05", "recep-tayyip-erdogan"),
    ("foreign minister", "SYR", "2020-03-05", "walid-al-muallem"),
    ("defence minister", "TUR", "2020-02-27", "hulusi-akar"),
    ("secretary of state", "USA", "2020-02-27", "mike-pompeo"),
    ("president", "USA", "2016-12-31", "barack-obama"),
    ("president", "USA", "1990-08-02", "george-h-w-bush"),
    ("high representative", "eu", "2020-03-06", "josep-borrell"),
    ("president", "european-council", "2020-03-06", "charles-michel"),
    ("president", "european-commission", "2019-11-30", "jean-claude-juncker"),
    ("secretary-general", "un", "2020-03-06", "antonio-guterres"),
    ("secretary-general", "nato", "2020-02-28", "jens-stoltenberg"),
    ("chancellor", "DEU", "2018-10-27", "angela-merkel"),
    ("president", "FRA", "2018-10-27", "emmanuel-macron"),
    ("prime minister", "GBR", "2003-03-20", "tony-blair"),
    ("president", "IRN", "2018-09-07", "hassan-rouhani"),
    ("prime minister", "ISR", "2020-03-06", "benjamin-netanyahu"),
    ("leader", "LBY", "2011-03-19", "muammar-gaddafi"),
    ("president", "EGY", "2011-01-25", "hosni-mubarak"),
    ("prime minister", "IND", "2008-11-26", "manmohan-singh"),
    ("spokeswoman", "rus-foreign-ministry", "2020-03-06", "maria-zakharova"),
    ("foreign minister", "UKR", "2012-05-01", "kostyantyn-hryshchenko"),
    ("foreign minister", "TUR", "2012-06-22", "ahmet-davutoglu"),
    ("foreign minister", "TUR", "2019-10-09", "mevlut-cavusoglu"),
    ("foreign minister", "FRA", "2012-02-04", "alain-juppe"),
    ("foreign minister", "FRA", "2019-10-09", "jean-yves-le-drian"),
    ("foreign minister", "FIN", "2012-05-01", "erkki-tuomioja"),
    ("foreign minister", "HUN", "2012-05-01", "janos-martonyi"),
    ("foreign minister", "TUN", "2012-05-01", "rafik-abdessalem"),
    ("foreign minister", "LBY", "2012-05-01", "ashour-bin-khayal"),
    ("foreign minister", "GRC", "2019-05-01", "giorgos-katrougalos"),
    ("defence minister", "CYP", "2019-05-01", "savvas-angelides"),
    ("defence minister", "UKR", "2012-05-01", "dmytro-salamatin"),
    ("defence minister", "IRQ", "2014-06-10", "saadoun-al-dulaimi"),
    ("prime minister", "YEM", "2012-05-01", "mohammed-basindawa"),
    ("prime minister", "SDN", "2020-03-09", "abdalla-hamdok"),
    ("prime minister", "AZE", "2012-05-01", "artur-rasizade"),
    ("prime minister", "KAZ", "2018-05-01", "bakytzhan-sagintayev"),
]
HEADS = (
    "president", "king", "queen", "emir", "sultan", "leader", "supreme leader", "prince", "pope", "junta leader",
    "head of state", "prime minister", "chancellor", "chief adviser",
)  # fmt: skip
RIVALS = {  # two who held or claimed one office together
    ("laurent-gbagbo", "alassane-ouattara"),
    ("didier-ratsiraka", "marc-ravalomanana"),
    ("hun-sen", "norodom-ranariddh"),
}
MAIN_NAMES = {
    "Kremlin": "RUS", "White House": "USA", "Downing Street": "GBR", "Élysée": "FRA", "Blue House": "KOR",
    "Burma": "MMR", "USSR": "SUN", "UAE": "ARE", "Hay'at Tahrir al-Sham": "hayat-tahrir-al-sham",
    "Hayat Tahrir Al-Sham": "hayat-tahrir-al-sham", "al-Nusra Front": "jabhat-al-nusra", "Daesh": "isis",
    "ISIL": "isis", "White Helmets": "white-helmets", "YPG": "ypg", "PKK": "pkk", "State Duma": "rus-state-duma",
    "Bundestag": "bundestag", "Knesset": "knesset", "Pentagon": "usa-defense-department", "CENTCOM": "centcom",
    "Khmeimim Air Base": "hmeimim-air-base", "Tiger Forces": "syr-tiger-forces", "OPCW": "opcw",
    "Erdoğan": "recep-tayyip-erdogan",
    "MSF": "doctors-without-borders", "IMF": "imf", "Taliban": "taliban", "Boko Haram": "boko-haram", "Brussels": "eu",
}  # fmt: skip
REPORTERS = [
    "sana",
    "tass",
    "interfax",
    "anadolu-agency",
    "reuters",
    "enab-baladi",
    "syrian-observatory-for-human-rights",
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@cache
def read_files() -> dict[str, list[dict[str, Any]]]:
    """Every actor file as YAML gives it."""
    folder = files("timeline") / "resources" / "actors"
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".yaml"))
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {name: yaml.load((folder / name).read_text(encoding="utf-8"), Loader=loader) for name in names}


def safe_names(entry: Entry) -> set[str]:
    """All forms that count without other evidence."""
    forms = {entry.name, *entry.aliases, *entry.demonyms, *entry.capital, *entry.metonyms}
    return forms - set(entry.weak)


def test_there_are_enough_actors_of_every_kind(lexicon: Lexicon) -> None:
    """The size that the project promises."""
    kinds = [entry.kind for entry in lexicon.entries.values()]

    assert len(kinds) >= 4000
    assert {"state", "organ", "person", "organisation", "armed_group", "party", "company", "media", "bloc"} <= set(
        kinds
    )


def test_every_member_of_the_united_nations_is_there(lexicon: Lexicon) -> None:
    """Each with a capital and words for its people; two share their adjective with a namesake and keep it weak."""
    shared = {"COG": "Congolese", "DMA": "Dominican"}
    missing = [
        code for code in UN_MEMBERS if lexicon.entries[code].kind != "state" or not lexicon.entries[code].capital
    ]
    speechless = [code for code in UN_MEMBERS if not lexicon.entries[code].demonyms and code not in shared]

    assert len(UN_MEMBERS) == 193
    assert (missing, speechless) == ([], [])
    assert all(word in lexicon.entries[code].weak for code, word in shared.items())


def test_ids_are_unique_across_files() -> None:
    """An id stands in one file, once."""
    ids = [row["id"] for rows in read_files().values() for row in rows]

    assert len(ids) == len(set(ids))


def test_files_are_sorted_by_id_and_explain_their_fields() -> None:
    """Sorted entries make changes readable; a header says what each field means."""
    folder = files("timeline") / "resources" / "actors"
    for name, rows in read_files().items():
        ids = [row["id"] for row in rows]
        head = (folder / name).read_text(encoding="utf-8").split("\n- id:", 1)[0]

        assert ids == sorted(ids), name
        assert "# Fields" in head, name


def test_references_lead_to_entries(lexicon: Lexicon) -> None:
    """part_of, roles, backers and allies name ids that exist; chains of part_of end."""
    for entry in lexicon.entries.values():
        wanted = [
            entry.part_of,
            *(role.of for role in entry.roles),
            *(link.id for link in (*entry.backers, *entry.allies)),
        ]
        seen: list[str] = []
        at: str | None = entry.id
        while at and at not in seen:
            seen.append(at)
            at = lexicon.entries[at].part_of

        assert [ref for ref in wanted if ref and ref not in lexicon.entries] == [], entry.id
        assert at is None, f"{entry.id}: part_of runs in a circle"


def test_people_have_a_gender_an_office_or_a_body_and_a_sector(lexicon: Lexicon) -> None:
    """Pronouns need the gender, folding needs the body, networks need the sector."""
    people = [entry for entry in lexicon.entries.values() if entry.kind == "person"]
    bare = [entry.id for entry in people if entry.gender not in ("m", "f") or not entry.part_of or not entry.sector]

    assert bare == []
    assert {entry.sector for entry in people} <= set(SECTORS)


def test_everything_but_states_regions_and_some_groups_has_a_sector(lexicon: Lexicon) -> None:
    """Only a state or a region has none of its own."""
    bare = [e.id for e in lexicon.entries.values() if not e.sector and e.kind not in ("state", "region")]

    assert bare == []


def test_roles_are_in_order_and_of_this_world() -> None:
    """Dates from 1900 on, begin before end, oldest first."""
    for rows in read_files().values():
        for row in rows:
            starts = [str(role["from"]) for role in row.get("roles", ()) if "from" in role]
            years = [int(str(role[key])[:4]) for role in row.get("roles", ()) for key in ("from", "to") if key in role]
            ends = [
                (str(role["from"]), str(role["to"])) for role in row.get("roles", ()) if {"from", "to"} <= set(role)
            ]

            assert starts == sorted(starts), row["id"]
            assert all(1900 <= year <= 2026 for year in years), row["id"]
            assert all(start[: len(end)] <= end[: len(start)] for start, end in ends), row["id"]


@pytest.mark.parametrize(
    "office", ["president", "prime minister", "king", "pope", "foreign minister", "defence minister"]
)
def test_a_high_office_has_one_holder_at_a_time(lexicon: Lexicon, office: str) -> None:
    """Nobody else holds it for more than the month of handing over, but for the disputes that history knows."""
    clashes = []
    for (held, of), holders in lexicon.holders.items():
        spans = sorted(
            (role.period.start or dt.date.min, role.period.end or dt.date.max, entry.id) for role, entry in holders
        )
        clashes += [
            (one[2], other[2])
            for one, other in pairwise(spans if held == office and of != "european-commission" else ())
            if (one[1] - other[0]).days > 31 and one[2] != other[2] and (one[2], other[2]) not in RIVALS
        ]

    assert clashes == []


def test_every_member_of_the_united_nations_has_a_head_on_every_midsummer_day(lexicon: Lexicon) -> None:
    """Of state or of government, each 1 July from 2005 to 2023; San Marino's change twice a year and are left out."""
    gaps = defaultdict(list)
    for code in UN_MEMBERS:
        for year in range(2005, 2024):
            day = dt.date(year, 7, 1)
            held = (role for office in HEADS for role, _ in lexicon.holders.get((office, code), ()))
            if not any(role.period.holds(day) for role in held):
                gaps[code].append(year)
    before_independence = list(range(2005, 2012))

    assert gaps == {"SMR": list(range(2005, 2024)), "SSD": before_independence}


@pytest.mark.parametrize(("office", "of", "day", "who"), LANDMARKS)
def test_known_holders_of_offices_are_found(lexicon: Lexicon, office: str, of: str, day: str, who: str) -> None:
    """Spot checks of dated roles against facts that anybody can look up."""
    holder = lexicon.find_holder(fold_text(office), of, dt.date.fromisoformat(day))

    assert holder is not None
    assert holder.id == who


@pytest.mark.parametrize(("name", "who"), MAIN_NAMES.items())
def test_main_names_lead_to_their_bearers(lexicon: Lexicon, name: str, who: str) -> None:
    """Metonyms, abbreviations, former names and transliterations."""
    strong = {sense.entry.id for sense in lexicon.look_up(name) if sense.use != "weak"}

    assert strong == {who}


def test_no_safe_name_stands_for_two(lexicon: Lexicon) -> None:
    """Names that fold to the same words, with the same capitals, belong to one actor, or are weak."""
    bearers: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for entry in lexicon.entries.values():
        for form in safe_names(entry):
            words = split_words(form)
            bearers[*(word.key for word in words), *("A" if word.text.isupper() else "" for word in words)].add(
                entry.id
            )
    shared = {name: ids for name, ids in bearers.items() if len(ids) > 1}

    assert shared == {}


def test_no_safe_name_is_an_everyday_word(lexicon: Lexicon) -> None:
    """One-word names that English uses otherwise are weak; abbreviations in capitals are told apart by them."""
    found = [
        (entry.id, form)
        for entry in lexicon.entries.values()
        for form in safe_names(entry) - ALLOWED_WORDS.get(entry.id, set())
        if fold_text(form) in EVERYDAY_WORDS and not re.fullmatch(r"[A-Z.]{2,}", form)
    ]

    assert found == []


def test_outlets_only_report(lexicon: Lexicon) -> None:
    """News agencies, papers and monitors are marked, so that their reports are attribution."""
    quiet = [e.id for e in lexicon.entries.values() if e.kind == "media" and not e.reports]

    assert quiet == ["charlie-hebdo"]  # more often attacked than cited
    assert all(lexicon.entries[name].reports for name in REPORTERS)


def test_holders_of_international_offices_have_no_nationality(lexicon: Lexicon) -> None:
    """Who speaks for the UN or the EU is coded as the UN or the EU."""
    assert lexicon.entries["antonio-guterres"].country == "UNO"
    assert lexicon.entries["charles-michel"].country == "EUR"
    assert lexicon.entries["jens-stoltenberg"].country == "IGO"
