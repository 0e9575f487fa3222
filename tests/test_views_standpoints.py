"""Standpoints: whose view a report is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from view_projects import ACTORS, code_line, make_project

from timeline.coding.lexicon import load_lexicon
from timeline.queries import EVERYTHING, open_tables, read_evidence, select_events
from timeline.records import Attribution, Mention
from timeline.store.codings import Provenance, Report
from timeline.views.accounts import summarise_accounts, write_accounts, write_comparison
from timeline.views.standpoints import UNKNOWN, find_country, find_standpoint, list_states

LINE = ("Arvonia", "ASSAULT", "Estral Front", dt.date(2020, 3, 5))
STATES = {"ARV": "Arvonia", "BEL": "Belmark"}


def _standpoint(speakers, publisher="Belmark Radio", countries=None):
    coded = code_line(LINE, publisher)
    said = tuple(Mention(0, 1, name, ACTORS.get(name), "alias") for name in speakers)
    coding = replace(coded.codings[0], attribution=Attribution(said, 0, 1))
    report = Report(coding, coded.article, "", Provenance("", "", ""))
    return find_standpoint(report, STATES, lambda name: (countries or {"Belmark Radio": "BEL"}).get(name, ""))


@pytest.mark.parametrize(
    ("speakers", "expected"),
    [
        ((), "Belmark"),
        (("President Falk",), "Arvonia"),
        (("Belmark", "President Falk"), "Arvonia"),
        (("President Falk", "an eyewitness"), "Arvonia"),
        (("an eyewitness",), "Belmark"),
        (("Estral Front",), "Belmark, armed groups"),
        (("Corran Union",), "Corran Union"),
    ],
    ids=["own voice", "cited", "innermost", "innermost that is known", "nobody known", "rebels", "of no state"],
)
def test_the_one_cited_counts_before_the_publisher(speakers, expected):
    assert _standpoint(speakers) == expected


def test_a_publisher_nobody_knows_speaks_for_itself():
    assert _standpoint((), "Corran Wire") == "Corran Wire"
    assert _standpoint((), "") == UNKNOWN


@pytest.mark.parametrize(
    ("publisher", "country"),
    [
        ("TASS", "RUS"),
        ("Anadolu Agency", "TUR"),
        ("Ankara desk (sample)", "TUR"),
        ("The Moscow Times", "RUS"),
        ("United Nations desk", "United Nations"),
        ("The Daily Planet", ""),
        ("", ""),
    ],
)
def test_a_publisher_is_placed_by_the_lexicon_or_by_the_place_in_its_name(publisher, country):
    assert find_country(publisher, load_lexicon()) == country


def test_a_state_is_an_actor_that_is_its_own_country():
    assert list_states({actor.id: actor for actor in ACTORS.values()}) == STATES


def test_accounts_by_standpoint_say_through_whom(tmp_path):
    make_project(tmp_path / "p", [code_line(LINE), code_line(LINE, "Belmark Radio", "President Falk")]).close()
    tables = open_tables(tmp_path / "p")
    (event_id,) = select_events(tables, EVERYTHING)["event_id"]
    found = read_evidence(tables, event_id)

    def teller_of(report):
        return find_standpoint(report, STATES, {"Arvon Gazette": "ARV"}.get)

    (account,) = summarise_accounts([found], "ARV", "estral", teller_of=teller_of)

    assert (account.teller, account.publishers) == ("Arvonia", ("Arvon Gazette", "Belmark Radio"))
    assert "Told by" in write_accounts([account], "Arvonia")
    assert write_comparison(found.reports, teller_of).count(">Arvonia</th>") == 2
