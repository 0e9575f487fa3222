"""Kinds of text: reports, transcripts and interviews, comment and letters; and what they do to codings."""

from __future__ import annotations

import pytest
from mention_cases import code_text

from timeline import Article
from timeline.coding.kinds import Kind, read_kinds
from timeline.views.evidence import say_confidence

REPORT = "Norlund's army shelled Orsk on Monday. Two people were killed, the ministry said. "
TALK = "TORP: Did the army attack?\nVELK: It did. Zubrovian soldiers attacked the Red Heron Front.\nTORP: Thank you.\n"
LETTER = (
    "I have read your paper for years, and I do not know what we are waiting for. Norlund attacked Zubrovia. "
    "You tell us to be calm, but my neighbours and I have had enough, and we want our peace."
)


@pytest.mark.parametrize(
    ("article", "kind"),
    [
        (Article("report", REPORT * 4), Kind.REPORT),
        (
            Article("quotes", REPORT + '"We and our people know what you did to us, and I saw it," Velk said.'),
            Kind.REPORT,
        ),
        (Article("datelines", "ORSK: Rebels attacked.\n\nKALM: Troops fled.\n\nVELM: Rain fell."), Kind.REPORT),
        (Article("talk", TALK), Kind.TALK),
        (Article("questions", "Q: Who attacked?\nA: Rebels did.\nQ: Where?\nA: In Orsk."), Kind.TALK),
        (Article("names", "Ilse Torp: Who attacked?\nDragan Velk: Rebels.\nIlse Torp: Where?"), Kind.TALK),
        (Article("letter", LETTER), Kind.COMMENT),
        (Article("title", REPORT, title="Opinion: Norlund must not wait"), Kind.COMMENT),
        (Article("title-of-a-report", REPORT, title="Opinion polls show Velk ahead"), Kind.REPORT),
        (Article("address", REPORT, url="https://news.example/opinion/2020/03/wait"), Kind.COMMENT),
        (Article("footnote", REPORT + "The opinions expressed in this commentary are those of Torp."), Kind.COMMENT),
    ],
    ids=lambda value: value.id if isinstance(value, Article) else "",
)
def test_kinds_are_told_by_cheap_cues(article: Article, kind: Kind) -> None:
    """Labels that come again, an author who says "I", and what titles, addresses and footnotes say."""
    assert read_kinds(article).at(len(article.text) // 2) is kind


def test_a_letter_quoted_in_a_report_is_comment_there_only() -> None:
    """Passages are told apart within an article."""
    text = REPORT * 20 + LETTER
    kinds = read_kinds(Article("one", text))

    assert [kinds.at(10), kinds.at(len(text) - 80)] == [Kind.REPORT, Kind.COMMENT]


def test_whoever_a_transcript_names_says_so() -> None:
    """The label names the speaker; "Q" names nobody."""
    attack = next(one for one in code_text(f"Dragan Velk spoke to Ilse Torp.\n{TALK}") if one.event_type == "ASSAULT")

    assert [(m.text, m.actor and m.actor.id) for m in attack.attribution.speakers] == [("VELK", "dragan-velk")]
    assert code_text("Q: Rebels attacked Zubrovia.\nA: No.\nQ: Yes.\nA: No.")[0].attribution.speakers == ()


def test_comment_is_less_sure_and_says_why() -> None:
    """The same act in a report and in a letter."""
    (told,) = code_text("Norlund attacked Zubrovia.")
    (felt,) = code_text(LETTER)

    assert (told.doubts, felt.doubts) == ((), ("comment",))
    assert felt.confidence < told.confidence
    assert "from comment, a letter or a personal account" in say_confidence(felt)


def test_what_we_do_in_comment_is_no_act() -> None:
    """A commentator's "we" is no actor, whoever it stands for."""
    sentence = "We should punish Zubrovia because we in Norlund attacked Zubrovia. "

    assert code_text(sentence + LETTER.replace("Norlund attacked Zubrovia.", "")) == ()
