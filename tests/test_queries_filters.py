"""EventFilter and its URL form."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.ontology import EVENT_TYPES
from timeline.queries.filters import EVERYTHING, LEVELS, REVIEWS, ROLES, EventFilter, from_query, to_query
from timeline.records import Realis

NAMES = st.lists(st.text(min_size=1, max_size=12), max_size=4, unique=True).map(tuple)
DAYS = st.none() | st.dates(min_value=dt.date(1000, 1, 1))
FILTERS = st.builds(
    EventFilter,
    actors=NAMES,
    role=st.sampled_from(ROLES),
    start=DAYS,
    end=DAYS,
    undated=st.booleans(),
    event_types=st.lists(st.sampled_from(list(EVENT_TYPES)), unique=True).map(tuple),
    quad_classes=st.lists(st.integers(0, 4), unique=True).map(tuple),
    realis=st.lists(st.sampled_from([str(r) for r in Realis]), unique=True).map(tuple),
    publishers=NAMES,
    text=st.text(max_size=40),
    min_confidence=st.floats(0, 1),
    level=st.sampled_from(LEVELS),
    contested=st.booleans(),
    review=st.sampled_from(REVIEWS),
)


def test_no_filter_is_no_parameters() -> None:
    """The address of an unfiltered page stays clean."""
    assert to_query(EVERYTHING) == {}
    assert from_query({}) == (EVERYTHING, ())


@given(FILTERS)
def test_a_link_reopens_the_same_view(f: EventFilter) -> None:
    """Writing a filter to a URL and reading it back gives the same filter."""
    assert (f, ()) == from_query(to_query(f))


def test_commas_inside_names_survive() -> None:
    """A publisher may be called 'Nowhere, Inc.' or end in a backslash."""
    f = EventFilter(publishers=("Nowhere, Inc.", "odd\\"))

    assert to_query(f)["publishers"] == "Nowhere\\, Inc.,odd\\\\"
    assert f == from_query(to_query(f))[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("role", "boss"),
        ("level", "galaxy"),
        ("review", "maybe"),
        ("from", "2020-02-31"),
        ("from", "yesterday"),
        ("to", "2020-13-01"),
        ("undated", "maybe"),
        ("types", "EXPLODE"),
        ("quads", "7"),
        ("realis", "dreamt"),
        ("confidence", "nan"),
        ("confidence", "1.5"),
        ("confidence", "lots"),
        ("text", "x" * 5_000),
        ("actors", ["RUS", "TUR"]),
    ],
)
def test_junk_is_dropped_and_named(name: str, value: object) -> None:
    """An invalid part of a URL leaves its field at the default and says so."""
    f, dropped = from_query({name: value})

    assert f == EVERYTHING
    assert len(dropped) == 1
    assert dropped[0].startswith(f"{name}: ")


def test_the_valid_part_of_a_list_is_kept() -> None:
    """One misspelt type does not lose the others."""
    f, dropped = from_query({"types": "ASSAULT,EXPLODE", "quads": "4,9"})

    assert f.event_types == ("ASSAULT",)
    assert f.quad_classes == (4,)
    assert len(dropped) == 2


def test_other_parameters_are_passed_over() -> None:
    """Other widgets keep their state in the same URL."""
    assert from_query({"page": "3", "zoom": "week"}) == (EVERYTHING, ())


@given(st.dictionaries(st.sampled_from(["actors", "from", "quads", "text", "confidence", "role"]), st.text()))
def test_reading_never_raises(query: dict[str, str]) -> None:
    """Whatever stands in the address bar, a filter comes out."""
    f, dropped = from_query(query)

    assert isinstance(f, EventFilter)
    assert all(isinstance(line, str) for line in dropped)


@pytest.mark.parametrize("fields", [{"role": "boss"}, {"level": "galaxy"}])
def test_a_misspelt_role_or_level_is_a_bug_of_the_caller(fields: dict[str, str]) -> None:
    """In code, unlike in URLs, an unknown role raises at once and names the allowed ones."""
    with pytest.raises(ValueError, match="use one of"):
        EventFilter(**fields)  # type: ignore[arg-type]
