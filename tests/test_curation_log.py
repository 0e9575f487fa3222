"""The log of corrections in a project: kept, checked against what its author saw, undone, exchanged."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from curation_samples import FIFTH, MET, SEVENTH, SHELLED, SIXTH, actor, all_told, day, told, two_events
from view_projects import code_line, make_project

from timeline.errors import StoreError
from timeline.queries import EVERYTHING, EventFilter, open_tables, select_events
from timeline.records import Actor
from timeline.store.articles import Versions, remove_articles, set_published
from timeline.store.codings import read_reports, save_coded
from timeline.store.curation.corrections import Kind
from timeline.store.curation.drafts import draft_add, draft_delete, draft_fields, draft_merge, draft_name
from timeline.store.curation.exchange import find_conflicts, import_lines, write_lines
from timeline.store.curation.log import (
    ChangedMeanwhileError,
    add_correction,
    find_redoable,
    find_undoable,
    read_curated,
    read_log,
    undo,
)
from timeline.store.events import derive_events
from timeline.store.project import Project, open_project
from timeline.store.schema import MIGRATIONS, migrate


def move(project: Project, date: object = SEVENTH, who: str = "ann", **options: object):
    """Correct the date of the shelling to a day."""
    return add_correction(project, draft_fields(all_told(project)["ASSAULT"], {"date": day(date)}, who), **options)


def table(project: Project):
    derive_events(project)
    return select_events(open_tables(project), EVERYTHING)


def test_a_corrected_event_is_in_the_table_and_in_its_evidence(tmp_path: Path) -> None:
    project = two_events(tmp_path / "p")
    before = table(project).set_index("event_type")
    move(project)
    after = table(project).set_index("event_type")

    assert str(after.loc["ASSAULT", "start"].date()) == "2020-03-07"
    assert after.loc["ASSAULT", "event_id"] == before.loc["ASSAULT", "event_id"]
    assert (after.loc["ASSAULT", "corrected"], after.loc["CONSULT", "corrected"]) == (True, False)
    assert after.loc["ASSAULT", "basis"] == "corrected"


def test_a_second_tab_that_saw_less_is_told_of_both_states(tmp_path: Path) -> None:
    """The same field, changed by two from the same view: the second is refused with what it missed, unless forced."""
    project = two_events(tmp_path / "p")
    seen = all_told(project)["ASSAULT"]
    first = add_correction(project, draft_fields(seen, {"date": day(SEVENTH)}, "ann"))
    second = draft_fields(seen, {"date": day(SIXTH)}, "bob")

    with pytest.raises(ChangedMeanwhileError, match="by ann: date") as error:
        add_correction(project, second)
    (change,) = error.value.changes
    assert (change.now, change.wanted) == ((day(SEVENTH),), day(SIXTH))
    assert error.value.newer == (first,)
    assert [c.who for c in read_log(project)] == ["ann"]
    add_correction(project, second, force=True)
    assert str(table(project).set_index("event_type").loc["ASSAULT", "start"].date()) == "2020-03-06"
    assert [c.who for c in read_log(project)] == ["ann", "bob"]


def test_two_tabs_that_change_different_fields_do_not_disturb_each_other(tmp_path: Path) -> None:
    project = two_events(tmp_path / "p")
    seen = all_told(project)["ASSAULT"]
    add_correction(project, draft_fields(seen, {"date": day(SEVENTH)}, "ann"))
    add_correction(project, draft_fields(seen, {"realis": "denied"}, "bob"))

    row = table(project).set_index("event_type").loc["ASSAULT"]
    assert (str(row["start"].date()), row["realis"]) == ("2020-03-07", "denied")


def test_what_was_deleted_meanwhile_cannot_be_corrected_unawares(tmp_path: Path) -> None:
    project = two_events(tmp_path / "p")
    seen = all_told(project)["CONSULT"]
    add_correction(project, draft_delete(seen, "ann", "a headline"))
    with pytest.raises(ChangedMeanwhileError, match="ann deleted"):
        add_correction(project, draft_fields(seen, {"type": "AGREE"}, "bob"))


def test_undo_and_redo_go_back_and_forth_by_reader(tmp_path: Path) -> None:
    project = two_events(tmp_path / "p")
    first = move(project)
    second = add_correction(project, draft_fields(all_told(project)["CONSULT"], {"type": "AGREE"}, "ann"))
    other = add_correction(project, draft_fields(all_told(project)["ASSAULT"], {"realis": "denied"}, "bob"))

    assert find_undoable(read_log(project), "ann") == second
    undone = undo(project, second.id, "ann")
    assert find_undoable(read_log(project), "ann") == first
    assert find_redoable(read_log(project), "ann") == undone
    assert find_redoable(read_log(project), "bob") is None
    undo(project, undone.id, "ann")
    assert find_undoable(read_log(project), "ann") == second
    assert find_redoable(read_log(project), "ann") is None
    assert find_undoable(read_log(project), "bob") == other
    with pytest.raises(StoreError, match="undone already"):
        undo(project, undone.id, "ann")


def test_undo_restores_the_events_as_they_were(tmp_path: Path) -> None:
    project = two_events(tmp_path / "p")
    before = table(project)
    undo(project, move(project).id, "ann")
    assert table(project).equals(before)


def test_corrections_survive_recoding(tmp_path: Path) -> None:
    """The article is coded anew, its codings replaced: the correction applies to the new ones."""
    lines = [code_line(SHELLED), code_line(MET)]
    project = make_project(tmp_path / "p", lines)
    move(project)
    other = code_line(SHELLED, confidence=0.3, sources=())
    save_coded(project, other, Versions("0.2", "lexicon-test"))

    row = table(project).set_index("event_type").loc["ASSAULT"]
    assert (str(row["start"].date()), row["confidence"]) == ("2020-03-07", 0.3)


def test_a_correction_of_a_removed_article_waits_for_its_return(tmp_path: Path) -> None:
    lines = [code_line(SHELLED), code_line(MET)]
    project = make_project(tmp_path / "p", lines)
    made = move(project)
    remove_articles(project, [lines[0].article.id])
    assert [o.correction for o in read_curated(project).orphans] == [made]
    make_project(tmp_path / "p", lines)

    assert read_curated(project).orphans == ()
    assert str(table(project).set_index("event_type").loc["ASSAULT", "start"].date()) == "2020-03-07"


def test_an_added_event_is_found_by_its_words_and_shows_its_sentence(tmp_path: Path) -> None:
    lines = [code_line(SHELLED), code_line(MET)]
    project = make_project(tmp_path / "p", lines)
    article = lines[1].article
    start = article.text.index("The weather")
    who = ((told(lines[1])[0].sources[0],), ())
    date, sentence = told(lines[1])[0].date, (start, len(article.text))
    draft = draft_add(article, sentence, (start, start), "PROTEST", sides=who, date=date, who="ann")
    add_correction(project, draft)
    events = table(project).set_index("event_type")
    found = select_events(open_tables(project), EventFilter(text="weather"))

    assert list(found["event_type"]) == ["PROTEST"]
    assert events.loc["PROTEST", "sentence"] == "The weather was <b>fine</b>."
    assert (events.loc["PROTEST", "corrected"], events.loc["PROTEST", "reviewed"]) == (True, True)
    (report,) = read_reports(project, int.from_bytes(bytes.fromhex(events.loc["PROTEST", "event_id"]), signed=True))
    assert report.article == article


def test_export_and_import_give_a_colleague_the_same_events(tmp_path: Path) -> None:
    """The same file again changes nothing; undone corrections travel with their undos."""
    mine, theirs = two_events(tmp_path / "mine"), two_events(tmp_path / "theirs")
    move(mine)
    undo(mine, add_correction(mine, draft_delete(all_told(mine)["CONSULT"], "ann")).id, "ann")
    add_correction(mine, draft_name("Night Guard", Actor("night-guard", "Night Guard", "BEL", "REB"), "ann"))
    lines = list(write_lines(read_log(mine)))

    first, second = import_lines(theirs, lines), import_lines(theirs, lines)
    assert (len(first.new), first.known, first.problems) == (4, 0, ())
    assert (second.new, second.known) == ((), 4)
    assert table(theirs).equals(table(mine))
    assert list(write_lines(read_log(theirs))) == lines
    assert import_lines(mine, lines).new == ()


def test_an_import_names_what_was_corrected_otherwise_and_keeps_both(tmp_path: Path) -> None:
    mine, theirs = two_events(tmp_path / "mine"), two_events(tmp_path / "theirs")
    move(mine, SEVENTH, "ann")
    move(theirs, SIXTH, "bob")
    add_correction(theirs, draft_delete(all_told(theirs)["CONSULT"], "bob"))
    add_correction(mine, draft_fields(all_told(mine)["CONSULT"], {"type": "AGREE"}, "ann"))
    result = import_lines(mine, write_lines(read_log(theirs)))

    told_apart = {(c.name, c.earlier.who, c.later.who) for c in result.conflicts}
    assert told_apart == {("date", "ann", "bob"), ("type", "bob", "ann")}
    assert len(read_log(mine)) == 4
    assert str(table(mine).set_index("event_type").loc["ASSAULT", "start"].date()) == "2020-03-06"


def test_a_correction_that_knew_the_earlier_one_is_no_conflict(tmp_path: Path) -> None:
    project = two_events(tmp_path / "p")
    move(project, SEVENTH, "ann")
    move(project, SIXTH, "bob")
    assert find_conflicts(project, read_log(project)) == ()


def test_publication_dates_travel_too(tmp_path: Path) -> None:
    mine, theirs = two_events(tmp_path / "mine"), two_events(tmp_path / "theirs")
    article = all_told(mine)["CONSULT"][0][0].article_id
    set_published(mine, article, FIFTH, who="ann")
    lines = list(write_lines(read_log(mine)))
    import_lines(theirs, lines)
    import_lines(theirs, lines)

    with theirs.read() as db:
        row = db.execute("SELECT published, changed FROM articles WHERE id = ?", (article,)).fetchone()
    assert row == ("2020-03-05", 1)
    assert len(read_log(theirs)) == 2
    assert import_lines(mine, lines).new == ()


BAD_LINES = {
    "no JSON": "{",
    "no object": "[1]",
    "unknown kind": json.dumps({"at": "", "who": "", "kind": "guess", "subject": "", "reason": ""}),
    "a correction without codings": json.dumps({
        "at": "2026", "who": "", "kind": "correct", "subject": "", "reason": "", "before": {}, "after": {},
        "addresses": [],
    }),
    "an address with a word for a number": json.dumps({
        "at": "2026", "who": "", "kind": "delete", "subject": "", "reason": "", "before": {}, "after": {},
        "addresses": [{"article": "a", "start": "0"}],
    }),
    "values that are no lists": json.dumps({
        "at": "2026", "who": "", "kind": "check", "subject": "a", "reason": "", "before": {},
        "after": {"codings": [], "values": 3}, "addresses": [],
    }),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_is_named_and_the_rest_is_read(tmp_path: Path, case: str) -> None:
    mine, theirs = two_events(tmp_path / "mine"), two_events(tmp_path / "theirs")
    move(mine)
    result = import_lines(theirs, [BAD_LINES[case], *write_lines(read_log(mine))])

    assert [problem.split(":")[0] for problem in result.problems] == ["line 1"]
    assert len(result.new) == 1


def test_a_file_of_a_later_format_is_refused(tmp_path: Path) -> None:
    project = two_events(tmp_path / "p")
    with pytest.raises(StoreError, match="upgrade"):
        import_lines(project, ['{"format": "timeline corrections", "version": 2}'])


def test_naming_the_same_words_otherwise_is_refused_to_who_did_not_see_it(tmp_path: Path) -> None:
    project = two_events(tmp_path / "p")
    add_correction(project, draft_name("Night Guard", Actor("night-guard", "Night Guard"), "ann"))
    with pytest.raises(ChangedMeanwhileError, match="ann named"):
        add_correction(project, draft_name("Night Guard", Actor("BEL", "Belmark"), "bob"))
    again = draft_name("Night Guard", Actor("BEL", "Belmark"), "bob", before=actor("Night Guard", "night-guard"))
    assert add_correction(project, again).after["id"] == "BEL"


def test_merged_events_are_one_row_of_the_table(tmp_path: Path) -> None:
    project = two_events(tmp_path / "p")
    every = [pair for pairs in all_told(project).values() for pair in pairs]
    made = add_correction(project, draft_merge(every, "ann"))

    assert list(table(project)["reports"]) == [3]
    undo(project, made.id, "ann")
    assert sorted(table(project)["reports"]) == [1, 2]


def test_corrections_are_later_than_all_before_even_if_the_clock_goes_back(tmp_path: Path) -> None:
    mine, theirs = two_events(tmp_path / "mine"), two_events(tmp_path / "theirs")
    move(mine)
    ahead = [line.replace('"at":"20', '"at":"21') for line in write_lines(read_log(mine))]
    import_lines(theirs, ahead)
    made = move(theirs, SIXTH, "bob")

    assert read_log(theirs)[-1] == made
    assert made.at.startswith("21")


def test_a_project_of_an_earlier_release_gets_its_log(tmp_path: Path) -> None:
    """Corrections of publication dates from before are read as such."""
    file = tmp_path / "old.sqlite"
    with sqlite3.connect(file, isolation_level=None) as db:
        migrate(db, str(file), MIGRATIONS[:2])
        db.execute(
            "INSERT INTO corrections (at, who, kind, subject, before, after, reason)"
            " VALUES ('2025-01-01', 'ann', 'published', 'a1', '', '2020-03-05', '')"
        )
    (tmp_path / "p").mkdir()
    file.rename(tmp_path / "p" / "record.sqlite")
    (found,) = read_log(open_project(tmp_path / "p"))

    assert (found.kind, found.subject, found.after) == (Kind.PUBLISHED, "a1", {"date": "2020-03-05"})
