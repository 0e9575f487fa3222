"""As told by: publishers' accounts side by side, and where they differ."""

from __future__ import annotations

import datetime as dt

import pytest
from view_projects import ACTORS, code_line, make_project

from timeline.queries import EVERYTHING, open_tables, read_evidence, select_events
from timeline.records import Basis, EventDate, Mention, Precision, Realis
from timeline.views.accounts import find_differences, summarise_accounts, write_accounts, write_comparison

DAY = dt.date(2020, 3, 5)
LINE = ("Arvonia", "ASSAULT", "Estral Front", DAY)


def _coding(**changes):
    return code_line(LINE, **changes).codings[0]


def _date(first, last=None, basis=Basis.STATED):
    return EventDate(first, last or first, Precision.DAY, basis)


def _mentions(*names):
    return tuple(Mention(0, len(n), n, ACTORS[n], "alias") for n in names)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"date": _date(dt.date(2020, 3, 7))}, "date"),
        ({"event_type": "ACCUSE"}, "act"),
        ({"sources": _mentions("Belmark")}, "source"),
        ({"targets": _mentions("Gharb Relief")}, "target"),
        ({"realis": Realis.DENIED}, "realis"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_report_that_contradicts_another_is_marked_with_it(change, field):
    apart = find_differences([_coding(), _coding(**change), _coding()])

    assert apart[field] == {0, 1, 2}
    assert not any(found for name, found in apart.items() if name != field)


@pytest.mark.parametrize(
    "change",
    [
        {"date": _date(dt.date(2020, 3, 1), dt.date(2020, 3, 31))},
        {"date": _date(dt.date(2020, 3, 9), basis=Basis.PUBLISHED)},
        {"sources": ()},
        {"sources": _mentions("President Falk")},
        {"realis": Realis.PLANNED},
    ],
    ids=["vaguer date holds the exact one", "publication date", "unnamed", "its own president", "planned"],
)
def test_what_does_not_contradict_is_not_marked(change):
    assert not any(find_differences([_coding(), _coding(**change)]).values())


@pytest.fixture
def evidence(tmp_path):
    """Two events of one pair: the first told by two publishers, the second by one, in its own words."""
    rude = code_line(("Arvonia", "ASSAULT", "Estral Front", dt.date(2020, 4, 20)), "Belmark Radio", "President Falk")
    (coding,) = rude.codings
    words = Mention(coding.targets[0].start, coding.targets[0].end, "the bandits", ACTORS["Estral Front"], "alias")
    it = Mention(coding.sources[0].start, coding.sources[0].end, "it", ACTORS["Arvonia"], "pronoun")
    changed = code_line(
        ("Arvonia", "ASSAULT", "Estral Front", dt.date(2020, 4, 20)), "Belmark Radio", "President Falk",
        targets=(words,), sources=(it,),
    )  # fmt: skip
    make_project(tmp_path / "p", [code_line(LINE), code_line(LINE, "Belmark Radio"), changed]).close()
    tables = open_tables(tmp_path / "p")
    ids = select_events(tables, EVERYTHING, order="oldest")["event_id"]
    return [read_evidence(tables, event_id) for event_id in ids]


def test_each_publisher_has_its_words_and_what_only_it_reports(evidence):
    first, second = (e.event.id for e in evidence)

    radio, gazette = summarise_accounts(evidence, "ARV", "estral")

    assert (radio.teller, radio.events, radio.alone) == ("Belmark Radio", (first, second), (second,))
    assert (gazette.teller, gazette.events, gazette.alone) == ("Arvon Gazette", (first,), ())
    assert dict(radio.target_words) == {"Estral Front": 1, "the bandits": 1}
    assert radio.source_words == (("Arvonia", 1),)
    assert dict(radio.speakers) == {"": 1, "President Falk": 1}
    assert gazette.acts == (("Assault", 1),)


def test_words_for_an_organ_count_for_the_state_it_folds_into(evidence):
    folds = {"estral": ("BEL", "Belmark"), "ARV": ("ARV", "Arvonia")}

    radio, _ = summarise_accounts(evidence, "ARV", "BEL", folds)

    assert ("the bandits", 1) in radio.target_words


def test_asked_about_one_actor_the_other_words_are_for_everyone_else(evidence):
    radio, _ = summarise_accounts(evidence, "estral")

    assert ("the bandits", 1) in radio.source_words
    assert radio.target_words == (("Arvonia", 1),)


def test_without_reports_there_are_no_accounts():
    assert summarise_accounts([], "ARV", "BEL") == ()


def test_the_comparison_has_a_column_for_each_report_and_says_who_says_so(evidence):
    html = write_comparison(evidence[0].reports)

    assert html.count('scope="col"') == 2
    assert "Belmark Radio" in html
    assert "shelled" in html
    assert "differs:" not in html
    assert "according to President Falk" in write_comparison(evidence[1].reports)


def test_words_of_articles_are_escaped(evidence):
    (one, *_) = summarise_accounts(evidence, "ARV", "estral")

    html = write_accounts([one], "<script>x</script>", "B")

    assert "<script>" not in html
    assert "“the bandits”" in html
    assert "its own voice" in html
