"""The fold of corrections over codings and events: rules, and properties that hold for any log."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from curation_samples import (
    FIFTH,
    MET,
    SEVENTH,
    SHELLED,
    SIXTH,
    actor,
    correct,
    day,
    stamped,
    told,
    undo_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from view_projects import ACTORS, code_line

from timeline.coding.merging import merge_codings
from timeline.records import Actor, Article, Basis, Coding, Event, EventDate, Mention, Precision, Realis
from timeline.store.curation.corrections import Correction, Kind, check, read_plain, read_values, write_plain
from timeline.store.curation.drafts import (
    draft_add,
    draft_check,
    draft_delete,
    draft_fields,
    draft_merge,
    draft_name,
    draft_split,
)
from timeline.store.curation.exchange import read_lines, write_lines
from timeline.store.curation.folding import Curated, apply_corrections, list_live, regroup

LINES = [
    code_line(SHELLED),
    code_line(SHELLED, "Belmark Radio"),
    code_line(MET),
    code_line(("Dunmore Army", "RETREAT", "Estral Front", SEVENTH)),
    code_line(("Gharb Relief", "AID", "Belmark", None)),
]
TOLD = [told(line) for line in LINES]
TEXTS = {line.article.id: line.article.text for line in LINES}


def fold(*log: Correction) -> Curated:
    return apply_corrections(TOLD, log, TEXTS.get)


def events(*log: Correction) -> tuple[Event, ...]:
    curated = fold(*log)
    return regroup(merge_codings(curated.codings, dict(curated.sentences)), curated)


def find(curated: Curated, number: int) -> Coding:
    return next(c for c in curated.codings if c.id == TOLD[number][0].id)


def test_a_corrected_date_keeps_the_coding_and_says_by_whom() -> None:
    """The id stays, the basis says that a reader set it, and nothing else changes."""
    found = find(fold(replace(correct(TOLD[:1], date=day(SEVENTH)), reason="the 7th")), 0)

    assert found.date == EventDate(SEVENTH, SEVENTH, Precision.DAY, Basis.CORRECTED, note="ann: the 7th")
    assert found.corrected == ("date",)
    assert replace(found, date=TOLD[0][0].date, corrected=(), kept_id="") == TOLD[0][0]


def test_an_event_keeps_its_id_when_its_fields_are_corrected() -> None:
    """A link to the event, and the selection in the dashboard, survive the correction."""
    before = events()
    after = events(correct(TOLD[:2], date=day(SEVENTH), realis="denied"))

    assert {event.id for event in after} == {event.id for event in before}
    assert next(e for e in after if e.event_type == "ASSAULT").corrected == ("date", "realis")


def test_corrected_actors_keep_their_words_where_the_sentence_has_them() -> None:
    """Swapped sides keep their highlights; an actor from elsewhere has none."""
    sides = {"sources": [actor("Belmark", "BEL")], "targets": [actor("Arvonia", "ARV"), actor("The Guard")]}
    found = find(fold(correct(TOLD[:1], **sides)), 0)
    from_elsewhere = Mention(-1, -1, "The Guard", Actor("the guard", "The Guard"), "corrected")

    assert found.sources == TOLD[0][0].targets
    assert found.targets == (*TOLD[0][0].sources, from_elsewhere)


def test_place_realis_and_type_are_set() -> None:
    place = {"name": "Quellin", "country": "ARV", "latitude": 1.5, "longitude": 2.5}
    found = find(fold(correct(TOLD[:1], place=place, realis="planned", type="COERCE")), 0)

    assert (found.place.name, found.realis, found.event_type) == ("Quellin", Realis.PLANNED, "COERCE")
    assert find(fold(correct(TOLD[:1], place=None)), 0).place is None


def test_the_latest_correction_of_a_field_wins() -> None:
    early, late = correct(TOLD[:1], 1, date=day(SIXTH)), correct(TOLD[:1], 2, date=day(SEVENTH))
    assert find(fold(late, early), 0).date.start == SEVENTH


def test_a_deleted_event_is_gone_and_its_deletion_known() -> None:
    deletion = stamped(draft_delete(TOLD[2:3], "ann", "a headline"), 0)
    curated = fold(deletion)

    assert len(curated.codings) == len(TOLD) - 1
    assert curated.removed == {TOLD[2][0].id: deletion}
    assert [e.event_type for e in events(deletion)].count("CONSULT") == 0


def test_events_merged_by_hand_are_one_and_split_ones_two() -> None:
    """A merge joins whole events; a split takes a report out, and later merges still find it."""
    merge = stamped(draft_merge([TOLD[0], TOLD[2]], "ann"), 1)
    split = stamped(draft_split(TOLD[:1], TOLD[1:2], "ann"), 2)

    assert sorted(len(e.codings) for e in events()) == [1, 1, 1, 2]
    assert sorted(len(e.codings) for e in events(merge)) == [1, 1, 3]
    assert sorted(len(e.codings) for e in events(split)) == [1, 1, 1, 1, 1]
    assert sorted(len(e.codings) for e in events(merge, split)) == [1, 1, 1, 2]
    again = stamped(draft_merge(TOLD[:2], "ann"), 3)
    assert sorted(len(e.codings) for e in events(split, again)) == [1, 1, 1, 2]


def test_an_added_act_is_there_with_its_sentence_and_reviewed() -> None:
    article = LINES[4].article
    start = article.text.index("The weather")
    sentence = (start, len(article.text))
    sides = ((Mention(-1, -1, "Arvonia", ACTORS["Arvonia"]),), ())
    add = stamped(
        draft_add(article, sentence, (start, start), "PROTEST", sides=sides, date=TOLD[0][0].date, who="ann"), 0
    )
    curated = fold(add)
    (found,) = [c for c in curated.codings if c.event_type == "PROTEST"]

    assert found.corrected == ("added",)
    assert curated.sentences[found.id] == article.text[slice(*sentence)]
    assert found.id in curated.reviewed
    assert {e.corrected for e in events(add)} == {(), ("added",)}


def test_an_act_added_to_an_article_that_is_not_here_is_an_orphan() -> None:
    article = Article("elsewhere", "Aldoria marched.")
    add = stamped(draft_add(article, (0, 16), (8, 15), "PROTEST", sides=((), ()), date=TOLD[0][0].date, who="ann"), 0)
    assert [orphan.why for orphan in fold(add).orphans] == ["its article is not in this project"]


def test_words_named_once_are_known_everywhere() -> None:
    """Mentions without an actor, or with one proposed from the words, take the named one; known ones do not."""
    proposed = Actor("river guard", "River Guard", known=False)
    others = [
        (replace(TOLD[0][0], sources=(Mention(1, 9, "the River Guard", None),)), TOLD[0][1]),
        (replace(TOLD[2][0], targets=(Mention(1, 9, "its fighters", proposed),)), TOLD[2][1]),
        (replace(TOLD[3][0], targets=(Mention(1, 9, "River Guard", ACTORS["Belmark"]),)), TOLD[3][1]),
    ]
    named = Actor("river-guard", "River Guard", "BEL", "REB")
    curated = apply_corrections(others, [stamped(draft_name("River  Guard", named, "ann"), 0)])
    by_type = {coding.event_type: coding for coding in curated.codings}

    assert by_type["ASSAULT"].sources[0].actor == named
    assert by_type["CONSULT"].targets[0].actor == named
    assert by_type["RETREAT"].targets[0].actor == ACTORS["Belmark"]
    assert {coding.id for coding in curated.codings} == {coding.id for coding, _ in others}


RECODED = {
    "other actors found": ({"sources": ()}, True),
    "another word of the act": ({"trigger_start": TOLD[0][0].trigger_start - 3}, True),
    "another type": ({"event_type": "COERCE"}, True),
    "another sentence cut": ({"end": TOLD[0][0].end - 1}, True),
    "an act elsewhere in the sentence": (
        {"trigger_start": TOLD[0][0].trigger_end + 1, "trigger_end": TOLD[0][0].trigger_end + 4},
        False,
    ),
}


@pytest.mark.parametrize("change", RECODED)
def test_a_correction_survives_recoding_or_is_kept_as_an_orphan(change: str) -> None:
    """The same words of the act are the same act; other words are not, and the correction waits."""
    changes, applies = RECODED[change]
    coding = replace(TOLD[0][0], **changes)
    text = TEXTS[coding.article_id]
    correction = correct(TOLD[:1], date=day(SEVENTH))
    curated = apply_corrections([(coding, text[coding.start : coding.end])], [correction], TEXTS.get)

    assert (curated.codings[0].date.start == SEVENTH) == applies
    assert [orphan.correction for orphan in curated.orphans] == ([] if applies else [correction])


def test_two_codings_of_the_same_words_and_type_are_never_guessed_between() -> None:
    first, second = (replace(TOLD[0][0], sources=(), targets=side) for side in (TOLD[0][0].targets, ()))
    curated = apply_corrections([(first, TOLD[0][1]), (second, TOLD[0][1])], [correct(TOLD[:1], date=day(SEVENTH))])

    assert all(coding.date == TOLD[0][0].date for coding in curated.codings)
    assert len(curated.orphans) == 1


def test_an_article_of_the_same_id_with_another_text_is_not_corrected() -> None:
    """A colleague's copy from the same address may differ; its sentence is not the one that was read."""
    curated = apply_corrections([(TOLD[0][0], TOLD[0][1].replace("5 March", "6 March"))],
                                [correct(TOLD[:1], date=day(SEVENTH))], TEXTS.get)  # fmt: skip
    assert "reads otherwise" in curated.orphans[0].why


def test_reviewed_means_as_it_is_now() -> None:
    """A confirmed coding whose date the next coder reads otherwise is no longer reviewed."""
    confirm = stamped(draft_fields(TOLD[:1], {}, "ann", reviewed=True), 0)
    moved = replace(TOLD[0][0], date=replace(TOLD[0][0].date, start=SIXTH, end=SIXTH))

    assert fold(confirm).reviewed == {TOLD[0][0].id}
    assert apply_corrections([(moved, TOLD[0][1])], [confirm]).reviewed == frozenset()
    fixed = stamped(draft_fields(TOLD[:1], {"date": day(SIXTH)}, "ann", reviewed=True), 1)
    assert fold(fixed).reviewed == {TOLD[0][0].id}
    assert [e.reviewed for e in events(fixed) if e.event_type == "ASSAULT"] == [False]  # its other report is not


def test_a_checked_article_reviews_all_its_acts() -> None:
    done = stamped(draft_check(TOLD[2][0].article_id, TOLD[2:3], "ann"), 0)
    assert fold(done).reviewed == {TOLD[2][0].id}


INVALID = {
    "no coding": Correction("", "ann", Kind.CORRECT, (), after={"type": "AID"}),
    "unknown type": correct(TOLD[:1], type="WAR"),
    "unknown realis": correct(TOLD[:1], realis="maybe"),
    "unknown field": replace(correct(TOLD[:1], type="AID"), after={"weather": "fine"}),
    "end before start": correct(TOLD[:1], date={"start": "2020-03-05", "end": "2020-03-04", "precision": "day"}),
    "no day": correct(TOLD[:1], date={"start": "20200305", "end": None, "precision": "day"}),
    "no precision": correct(TOLD[:1], date={"start": None, "end": None}),
    "actor without a name": correct(TOLD[:1], sources=[{"id": "x", "name": " "}]),
    "unknown sector": correct(TOLD[:1], sources=[{"id": "x", "name": "X", "sector": "GVO"}]),
    "undo of nothing": Correction("", "ann", Kind.UNDO),
}


@pytest.mark.parametrize("case", INVALID)
def test_what_no_step_could_use_is_refused(case: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        check(INVALID[case])


# --- properties ------------------------------------------------------------------------------------------------

_DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2021, 1, 1)).map(day)
_ACTORS = st.sampled_from([actor("Arvonia", "ARV"), actor("Belmark", "BEL"), actor("Night Guard", known=False)])
_FIELDS = st.fixed_dictionaries({}, optional={
    "date": _DAYS, "type": st.sampled_from(["AID", "COERCE", "ASSAULT"]),
    "realis": st.sampled_from(list(map(str, Realis))),
    "sources": st.lists(_ACTORS, max_size=2), "targets": st.lists(_ACTORS, max_size=2),
}).filter(bool)  # fmt: skip
_SECONDS = st.integers(0, 3000)


@st.composite
def corrections(draw: st.DrawFn, numbers: tuple[int, ...] = tuple(range(len(TOLD)))) -> Correction:
    """Any correction about some of the codings, at any time."""
    about = [TOLD[n] for n in draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=3, unique=True))]
    second = draw(_SECONDS)
    kind = draw(st.sampled_from(["fields", "confirm", "delete", "merge", "split"]))
    if kind == "fields":
        return stamped(draft_fields(about, draw(_FIELDS), "ann", reviewed=draw(st.booleans())), second)
    if kind == "split":
        return stamped(draft_split(about[:1], [TOLD[n] for n in numbers if TOLD[n] not in about[:1]], "ann"), second)
    made = {"confirm": draft_fields(about, {}, "ann", reviewed=True), "delete": draft_delete(about, "ann"),
            "merge": draft_merge(about, "ann")}  # fmt: skip
    return stamped(made[kind], second)


@settings(max_examples=60, deadline=None)
@given(st.lists(corrections(), max_size=6), st.randoms())
def test_the_same_log_in_any_order_gives_the_same_events(log: list[Correction], chance: object) -> None:
    shuffled = list(log) + log[:2]
    chance.shuffle(shuffled)
    assert events(*shuffled) == events(*log)


@settings(max_examples=60, deadline=None)
@given(corrections((0, 1)), corrections((2,)), corrections((3, 4)), st.permutations([1, 2, 3]))
def test_independent_corrections_may_come_in_any_order(a, b, c, seconds: list[int]) -> None:
    """What concerns different codings gives the same whichever was made first."""
    times = [stamped(made, second) for made, second in zip((a, b, c), seconds, strict=True)]
    assert events(*times) == events(stamped(a, 1), stamped(b, 2), stamped(c, 3))


@settings(max_examples=60, deadline=None)
@given(st.lists(corrections(), max_size=4), corrections())
def test_an_undo_restores_what_was_and_its_undo_brings_it_back(log: list[Correction], made: Correction) -> None:
    undo = undo_of(made, 3100)
    redo = undo_of(undo, 3200)

    assert events(*log, made, undo) == events(*(c for c in log if c.id != made.id))
    assert events(*log, made, undo, redo) == events(*log, made)


@settings(max_examples=60, deadline=None)
@given(st.lists(corrections(), max_size=5))
def test_a_log_written_and_read_is_the_same_log(log: list[Correction]) -> None:
    found, problems = read_lines(write_lines(log))
    assert problems == ()
    assert list_live(found) == list_live(log)
    assert [c.id for c in found] == [c.id for c in list_live(log)]


@settings(max_examples=60, deadline=None)
@given(st.lists(corrections(), max_size=6))
def test_the_values_set_are_the_values_found(log: list[Correction]) -> None:
    """Of the last correction of each coding that still stands, every field reads back as it was set."""
    curated = fold(*log)
    for coding in curated.codings:
        last = [c for c in curated.touched.get(coding.id, ()) if c.kind is Kind.CORRECT]
        for name, value in last[-1].after.items() if last else ():
            if name not in ("reviewed", "sources", "targets"):
                assert read_values(coding)[name] == value


def test_plain_data_survives_the_round_trip() -> None:
    made = correct(TOLD[:1], date=day(FIFTH))
    assert read_plain(write_plain(made)) == made
