"""Precision, accuracy by field and recall of the coder on what readers reviewed."""

from __future__ import annotations

import math
from collections.abc import Iterable

from curation_samples import FIFTH, MET, SEVENTH, SHELLED, day, stamped, told
from view_projects import ACTORS, code_line

from timeline.queries.review import Review, Share, review
from timeline.records import Coding, Mention
from timeline.store.curation.corrections import Correction
from timeline.store.curation.drafts import draft_add, draft_check, draft_delete, draft_fields
from timeline.store.curation.folding import apply_corrections

LINES = [
    code_line(SHELLED),
    code_line(MET),
    code_line(("Dunmore Army", "RETREAT", "Estral Front", SEVENTH)),
    code_line(("Gharb Relief", "AID", "Belmark", FIFTH)),
]
TOLD = [told(line) for line in LINES]
TEXTS = {line.article.id: line.article.text for line in LINES}


def figures(*log: Correction, codings: Iterable[tuple[Coding, str]] = TOLD) -> Review:
    made = [stamped(correction, second) for second, correction in enumerate(log)]
    return review(apply_corrections(codings, made, TEXTS.get), made, TEXTS)


def add(number: int, event_type: str = "PROTEST") -> Correction:
    article = LINES[number].article
    start = article.text.index("The weather")
    sides = ((Mention(-1, -1, "Arvonia", ACTORS["Arvonia"]),), ())
    return draft_add(
        article, (start, len(article.text)), (start, start), event_type, sides=sides, date=TOLD[0][0].date, who="ann"
    )


def test_nothing_reviewed_gives_no_figures() -> None:
    found = figures()
    assert (found.events, found.recall) == (Share(0, 0), Share(0, 0))
    assert (found.events.value, found.events.interval) == (None, None)


def test_precision_is_what_was_confirmed_of_what_was_confirmed_or_deleted() -> None:
    """One right, one right but for its date, one no event; the fourth was not looked at."""
    found = figures(
        draft_fields(TOLD[:1], {}, "ann", reviewed=True),
        draft_fields(TOLD[1:2], {"date": day(SEVENTH)}, "ann", reviewed=True),
        draft_delete(TOLD[2:3], "ann"),
    )

    assert (found.events, found.whole) == (Share(2, 3), Share(1, 3))
    assert (found.fields["date"], found.fields["type"]) == (Share(1, 2), Share(2, 2))
    assert found.types == {"ASSAULT": Share(1, 1), "CONSULT": Share(1, 1), "RETREAT": Share(0, 1)}


def test_a_correction_alone_reviews_nothing_else() -> None:
    """Counting it would make the coder look worse than it is: only what was wrong would be seen."""
    found = figures(draft_fields(TOLD[:1], {"date": day(SEVENTH)}, "ann"))
    assert (found.events, found.corrected) == (Share(0, 0), 1)


def test_a_correction_to_the_same_value_is_no_error() -> None:
    found = figures(draft_fields(TOLD[:1], {"date": day(FIFTH)}, "ann", reviewed=True))
    assert found.fields["date"] == Share(1, 1)


def test_recall_counts_only_articles_checked_whole() -> None:
    """An act added to an article that nobody checked does not tell how many were missed there."""
    alone = figures(add(0))
    checked = figures(add(0), draft_check(TOLD[0][0].article_id, TOLD[:1], "ann"))

    assert (alone.recall, alone.added) == (Share(0, 0), 1)
    assert (checked.recall, checked.checked) == (Share(1, 2), 1)


def test_what_an_earlier_coder_found_and_the_present_one_does_not_is_missed() -> None:
    check = draft_check(TOLD[0][0].article_id, TOLD[:1], "ann")
    assert figures(check).recall == Share(1, 1)
    assert figures(check, codings=TOLD[1:]).recall == Share(0, 1)


def test_an_added_act_that_the_coder_finds_by_now_is_not_missed() -> None:
    check = draft_check(TOLD[0][0].article_id, TOLD[:1], "ann")
    text = TEXTS[TOLD[0][0].article_id]
    start = text.index("The weather")
    found = Coding(TOLD[0][0].article_id, start, len(text), start, start + 3, "PROTEST", (), ())
    later = [*TOLD, (found, text[start:])]

    assert figures(add(0), check, codings=later).recall == Share(1, 1)
    assert figures(add(0), check, codings=later).unseen == 1


def test_the_interval_is_wilsons() -> None:
    """Newcombe (1998), table I: 81 of 263 gives .2553 to .3662, 0 of 20 gives 0 to .1611."""
    low, high = Share(81, 263).interval
    assert math.isclose(low, 0.2553, abs_tol=5e-5)
    assert math.isclose(high, 0.3662, abs_tol=5e-5)
    assert Share(0, 20).interval[0] == 0.0
    assert math.isclose(Share(0, 20).interval[1], 0.1611, abs_tol=5e-5)
