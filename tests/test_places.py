"""Places: found by whole names in their capitals, told apart by context, chosen by what governs them."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.coding.parsing import parse
from timeline.coding.places import (
    KINDS,
    build_gazetteer,
    choose_place,
    find_places,
    listed_name,
    load_places,
    read_rows,
)

BOXES = {  # south, north, west, east: rough, in degrees
    "SYR": (32.2, 37.4, 35.6, 42.5),
    "TUR": (35.8, 42.2, 25.5, 45.0),
    "IRQ": (29.0, 37.5, 38.7, 48.8),
    "LBN": (33.0, 34.8, 35.0, 36.7),
    "ISR": (29.4, 33.4, 34.2, 35.9),
    "UKR": (44.0, 52.5, 22.0, 40.4),
}
TINY = build_gazetteer(
    read_rows(
        "name,aliases,weak,country,admin1,kind,latitude,longitude\n"
        "Dorvan,,,AAA,Dorvan,city,1.0,1.0\n"
        "Dorvan Governorate,Dorvan province,,AAA,Dorvan,province,1.1,1.1\n"
        "al-Kestin,Kestin,,AAA,Dorvan,village,1.2,1.2\n"
        "Upper Kestin,,,AAA,Dorvan,village,1.3,1.3\n"
        "Candle,,Candle,AAA,Dorvan,town,1.4,1.4\n"
        "Marbek,,,AAA,Dorvan,town,1.5,1.5\n"
        "Marbek (Sul),,Marbek,BBB,Sul,town,9.0,9.0\n"
    ),
    {"aaalandic": "AAA", "bbbean": "BBB"},
)


def names_in(text: str) -> list[str]:
    return [place.name for place in find_places(text, TINY)]


def chosen(text: str, trigger: str) -> str | None:
    """The name of the place that goes with the first appearance of a trigger; the text is one sentence."""
    start = text.index(trigger)
    place = choose_place(text, find_places(text), (0, len(text)), (start, start + len(trigger)))
    return place and place.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shells fell on Dorvan.", ["Dorvan"]),
        ("Shells fell on Upper Kestin and Kestin.", ["Upper Kestin", "al-Kestin"]),
        ("They left al-Kestin.", ["al-Kestin"]),
        ("They left Al Kestin.", ["al-Kestin"]),
        ("They left Al-Késtin.", ["al-Kestin"]),
        ("Fighting in northern Dorvan went on.", ["Dorvan Governorate"]),
        ("Fighting in the Dorvan countryside went on.", ["Dorvan Governorate"]),
        ("Fighting in Dorvan province went on.", ["Dorvan Governorate"]),
    ],
)
def test_names_are_found_longest_first_in_any_spelling(text: str, expected: list[str]) -> None:
    """The longest name wins; accents, hyphens and the capital of the article do not matter."""
    assert names_in(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing there"),
        ("the dorvan bird sang", "no capital"),
        ("Dorvanites marched", "part of a word"),
        ("Mr. Peter Dorvan spoke", "a person's name"),
        ("She reads the Dorvan Herald", "a newspaper"),
        ("Candle said no", "a weak name without a sign"),
        ("There was a Candle.", "a weak name without a sign"),
    ],
)
def test_words_that_are_no_place_are_left_alone(text: str, why: str) -> None:
    """Lower case, parts of words, names of people and papers, and bare weak names give no place."""
    assert names_in(text) == [], why


@pytest.mark.parametrize(
    "text", ["Guns roared in Candle.", "The town lies near Candle.", "Upper Kestin fell. Candle was next."]
)
def test_a_weak_name_counts_with_a_sign(text: str) -> None:
    """A preposition of place in front, or another place of its country in the text, is sign enough."""
    assert "Candle" in names_in(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fighting reached Marbek.", ["Marbek"]),
        ("The Bbbean army holds Marbek.", ["Marbek (Sul)"]),
        ("The Aaalandic army holds Marbek.", ["Marbek"]),
    ],
)
def test_a_shared_name_goes_to_the_country_of_the_text(text: str, expected: list[str]) -> None:
    """Of two places of one name, the text's country decides; without one, the bearer that has it as its safe name."""
    assert names_in(text) == expected


def test_offsets_bound_the_words_that_name_the_place() -> None:
    """The span holds the name, with the words that widen it to a province."""
    text = "After dawn, rural Idlib and Maaret al-Nu'man were calm."

    spans = [text[place.start : place.end] for place in find_places(text)]

    assert spans == ["rural Idlib", "Maaret al-Nu'man"]


def test_offsets_of_a_part_count_from_the_start_of_the_article() -> None:
    """A sentence of a parsed article gives the same offsets as the article."""
    doc = parse("It rained. Planes circled over Saraqib.")
    sentence = list(doc.sents)[-1]

    (place,) = find_places(sentence)

    assert (doc.text[place.start : place.end], place.name) == ("Saraqib", "Saraqib")


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["Idlib", " in ", "al-", "\ud800", "\u202e", "'", ", "])).map("".join)
)
def test_any_text_is_survived_and_spans_lie_inside(text: str) -> None:
    """Odd characters never break the search; spans are in order, inside the text and do not overlap."""
    places = find_places(text)

    bounds = [edge for place in places for edge in (place.start, place.end)]
    assert bounds == sorted(bounds)
    assert all(0 <= edge <= len(text) for edge in bounds)


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("Warplanes struck a market in Ariha on Sunday.", "struck", "Ariha"),
        ("In Taftanaz, gunmen attacked a convoy.", "attacked", "Taftanaz"),
        ("Artillery shelled Binnish overnight.", "shelled", "Binnish"),
        ("The Sarmin strike killed four people.", "strike", "Sarmin"),
        ("A general said in Damascus that rebels had attacked Saraqib.", "attacked", "Saraqib"),
        ("A general said in Damascus that rebels had attacked Saraqib.", "said", "Damascus"),
        ("Soldiers were killed in Nayrab in Idlib province.", "killed", "Nayrab"),
        ("Soldiers were killed in Idlib province, near Balyun.", "killed", "Balyun"),
        ("Fighting raged in the strategic town of Kafr Nabl.", "raged", "Kafr Nabl"),
        ("Clashes broke out in Kafr Zita and Morek.", "Clashes", "Kafr Zita"),
        ("The ministers met in the Turkish city of Istanbul.", "met", "Istanbul"),
    ],
)
def test_the_place_of_an_act_is_the_one_that_the_words_give(text: str, trigger: str, expected: str) -> None:
    """What a preposition of place governs, or what the act hits, is where it was; the more exact of neighbours."""
    assert chosen(text, trigger) == expected


@pytest.mark.parametrize(
    ("text", "trigger", "why"),
    [
        ("Moscow accused Ankara of breaking the deal.", "accused", "capitals are governments here"),
        ("They accused Ankara of breaking the Sochi agreement.", "accused", "the name of an agreement"),
        ("Troops advanced in northern Syria.", "advanced", "a country is no point"),
        ("Weapons from Tehran reached them.", "reached", "where they came from"),
    ],
)
def test_no_place_is_better_than_a_false_one(text: str, trigger: str, why: str) -> None:
    """Governments, names of agreements, countries and origins are not where an act took place."""
    assert chosen(text, trigger) is None, why


def test_places_of_other_sentences_are_not_chosen() -> None:
    """Only the act's own sentence counts."""
    text = "They drove to Ariha. Then shells fell."
    start = text.index("fell")

    assert choose_place(text, find_places(text), (21, len(text)), (start, start + 4)) is None


def test_the_gazetteer_is_sound() -> None:
    """Names are unique in a country, kinds are known, coordinates lie on Earth and in their country's box."""
    rows = load_places().rows
    wrong = []
    for row in rows:
        south, north, west, east = BOXES.get(row.country, (-90.0, 90.0, -180.0, 180.0))
        if not (south <= row.latitude <= north and west <= row.longitude <= east):
            wrong.append(row.name)

    assert wrong == []
    assert {row.kind for row in rows} <= set(KINDS)
    assert len({(row.name, row.country) for row in rows}) == len(rows)


def test_the_gazetteer_is_dense_where_the_domain_is() -> None:
    """Hundreds of Syrian places, most of them around Idlib, and the capital of each member of the UN."""
    rows = load_places().rows
    syrian = [row for row in rows if row.country == "SYR"]

    assert len(syrian) >= 400
    assert sum(row.admin1 in ("Idlib", "Hama", "Aleppo", "Latakia") for row in syrian) >= 250
    assert len({row.country for row in rows if row.kind == "capital"}) >= 190


def test_the_file_is_sorted_and_has_no_stray_blanks() -> None:
    """Rows are sorted by country, province and name, so that a change shows as one line."""
    text = (files("timeline") / "resources" / "places.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    keys = [(row["country"], row["admin1"], row["name"]) for row in rows]

    assert keys == sorted(keys)
    assert all(value == value.strip() for row in rows for value in row.values())


@pytest.mark.parametrize(
    ("written", "country", "listed"),
    [
        ("Khan Sheikhoun", "SYR", "Khan Shaykhun"),
        ("the city of Idleb", "SYR", "Idlib"),
        ("Idlib province", "SYR", "Idlib Governorate"),
        ("Aleppo countryside", "SYR", "Aleppo Governorate"),
        ("Aleppo", "SYR", "Aleppo"),
        ("Aleppo", "TUR", "Aleppo"),
        ("Mare", "SYR", "Mare"),
        ("Castello road", "SYR", "Castello road"),
        ("Nowhere province", "SYR", "Nowhere province"),
        ("Idlib", None, "Idlib"),
        ("", "SYR", ""),
    ],
)
def test_a_place_has_one_name_however_it_is_written(written, country, listed):
    assert listed_name(written, country) == listed
