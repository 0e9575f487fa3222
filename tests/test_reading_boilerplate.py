"""What is page furniture and what is the article."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.reading.boilerplate import find_title_end, is_boilerplate, looks_like_headline, remove_boilerplate
from timeline.reading.furniture import LINES

SENTENCE = "The army of Sudria left the town of Tarn on Saturday."
OTHER = "Norland welcomed the step in a statement of its foreign ministry."


@pytest.mark.parametrize(
    "line",
    [
        "READ MORE",
        "Read more: Why Tarn matters",
        "READ MORE ABOUT: Tarn",
        "Read more about the siege of Tarn",
        "Also read: Why Tarn matters",
        "» Share this",
        "Share this article",
        "Share on Facebook",
        "Facebook Twitter WhatsApp Email",
        "Helpful keywords",
        "Keywords: Tarn, Sudria, truce",
        "Tags: Tarn",
        "Search",
        "12 Comments",
        "1,204 shares",
        "4 min read",
        "Views: 1430",
        "We use cookies to improve your experience on this site.",
        "By continuing to browse this site you agree to the use of cookies.",
        "Accept all cookies",
        "Sign up for our daily newsletter",
        "Subscribe to our channel for more updates",
        "Get the day's top stories in your inbox",
        "Follow us on Twitter",
        "Follow @valleyradio on Twitter",
        "Download our free app today",
        "Click here to watch the video",
        "Photo: Valley Radio/A. Marlowe",
        "Image credit: Getty",
        "[File: A. Marlowe/Reuters]",
        "Soldiers near Tarn, Sudria, March 5, 2020. REUTERS/Ada Marlowe",
        "Soldiers rest near Tarn (AP Photo/Ada Marlowe)",
        "© 2020 Valley Radio",
        "All rights reserved.",
        "https://valleyradio.example/tarn",
        "pic.twitter.com/abcdef",
        "#Tarn #Sudria",
        "Advertisement",
        "***",
        "This article was edited by The Orrin Observer. The Orrin Observer has not verified the content of this story. "
        "Responsibility for the information and views set out in this article lies entirely with the author.",
        "This article was translated from the Norlandic by our desk.",
        "The views expressed in this article are the author's own and do not reflect the position of Valley Radio.",
        "Your email address will not be published. Required fields are marked *",
    ],
)
def test_furniture_goes(line: str) -> None:
    assert is_boilerplate(line)
    assert remove_boilerplate([SENTENCE, line, OTHER]) == (SENTENCE, OTHER)


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell in Eastmere after the raid.",
        "Read, he said, is what they should do.",
        "Search teams reached the village at noon.",
        "More than 40 people died.",
        "Related: no.".replace(": no", " attacks killed nine people"),
        "Follow-up talks will be held in Eastmere on Monday.",
        "The two ministers share this view of the conflict.",
        "Subscribers of the network lost their connection during the raid.",
        "Photographs of the raid were published by the ministry.",
        "The newsletter of the party called for a strike.",
        "The commander, who has not verified the reports, left.",
        "This article of the treaty was violated by Sudria.",
        "Tags of the brigade were sprayed on walls.",
        "Email servers of the ministry were attacked.",
        "Cookies and bread were handed out to the refugees.",
        "Copyright law was tightened.".replace("Copyright", "The copyright"),
        "No.",
        "الجيش",
        "12 soldiers died.",
        "Views differ on who fired first.",
    ],
)
def test_sentences_stay(line: str) -> None:
    assert not is_boilerplate(line)
    assert line in remove_boilerplate([SENTENCE, line, OTHER])


def test_a_block_of_related_links_goes_up_to_the_next_prose() -> None:
    links = ["Related articles", "Sudria mourns its dead", "Why Tarn matters"]

    assert remove_boilerplate([SENTENCE, *links, OTHER]) == (SENTENCE, OTHER)
    assert remove_boilerplate([SENTENCE, OTHER, *links]) == (SENTENCE, OTHER)


def test_a_heading_like_line_without_a_block_heading_stays() -> None:
    assert remove_boilerplate([SENTENCE, "Why Tarn matters", OTHER]) == (SENTENCE, "Why Tarn matters", OTHER)


def test_the_title_goes_wherever_it_is_repeated() -> None:
    title = "Army of Sudria leaves Tarn"

    assert remove_boilerplate([title, SENTENCE, title.upper() + "!", OTHER], title) == (SENTENCE, OTHER)


def test_an_article_that_is_only_its_title_keeps_it() -> None:
    assert remove_boilerplate(["Army leaves Tarn"], "Army leaves Tarn") == ("Army leaves Tarn",)


@pytest.mark.parametrize(
    ("paragraph", "title", "expected"),
    [
        (f"Army of Sudria leaves Tarn. {SENTENCE}", "Army of Sudria leaves Tarn", SENTENCE),
        (f"Army of Sudria leaves Tarn {SENTENCE}", "Army of Sudria Leaves Tarn", SENTENCE),
        (f"Sat 18 May 2019 Army of Sudria leaves Tarn. {SENTENCE}", "Army of Sudria leaves Tarn", SENTENCE),
        (f"Army of Sudria leaves Tarn AFP Sat 18 May 2019 {SENTENCE}", "Army of Sudria leaves Tarn", SENTENCE),
        (f"Published 18 May 2019 {SENTENCE}", "", SENTENCE),
        (f"{SENTENCE} Read also", "", SENTENCE),
        (
            f"{SENTENCE} (Reporting by A. Marlowe; Editing by B. Hale)".replace("A. ", "Ada ").replace("B. ", "Ben "),
            "",
            SENTENCE,
        ),
    ],
)
def test_furniture_that_runs_into_the_text_is_cut(paragraph: str, title: str, expected: str) -> None:
    assert remove_boilerplate([paragraph], title) == (expected,)


@pytest.mark.parametrize(
    ("text", "title", "reason"),
    [
        ("The army of Sudria left the town.", "The army of Sudria", "the title is the first words of the sentence"),
        ("Sudria Army units left.", "Sudria", "too short to be sure"),
        ("The army left.", "The navy left Tarn today", "other words"),
        ("", "The navy left Tarn today", "no text"),
    ],
)
def test_a_title_is_not_cut_from_a_sentence(text: str, title: str, reason: str) -> None:
    assert find_title_end(text, title) == 0, reason


def test_date_lines_and_bylines_go_at_the_head_only() -> None:
    head = ["By Ada Marlowe", "5 March 2020", "Last updated: 6 March 2020 10:15"]
    body = [f"{SENTENCE} {number}." for number in range(6)]

    assert remove_boilerplate([*head, *body]) == tuple(body)
    assert "5 March 2020" in remove_boilerplate([*body, "5 March 2020", OTHER])


def test_long_paragraphs_are_not_repeated() -> None:
    assert remove_boilerplate([SENTENCE, OTHER, SENTENCE, "No.", OTHER, "No."]) == (SENTENCE, OTHER, "No.", "No.")


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("Army leaves Tarn", True),
        ("Minister: talks must go on", True),
        ("Will the truce hold?", True),
        ("«جيش» يغادر المدينة", True),
        ("Army leaves Tarn.", False),
        ("army leaves Tarn", False),
        ("Tarn", False),
        ("Army " * 31, False),
    ],
)
def test_headlines(paragraph: str, expected: bool) -> None:
    assert looks_like_headline(paragraph) is expected


paragraphs = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(sorted(LINES)),
        st.sampled_from(
            [SENTENCE, OTHER, "By Ada Marlowe", "5 March 2020", "Sat 18 May 2019 " + SENTENCE, "READ MORE: x"]
        ),
        st.builds("{} {}".format, st.sampled_from([SENTENCE, OTHER]), st.sampled_from(sorted(LINES))),
    ),
    max_size=12,
)


@given(paragraphs, st.sampled_from(["", SENTENCE, "Army of Sudria leaves Tarn", "5 March 2020"]))
def test_removal_is_idempotent_and_never_adds(texts: list[str], title: str) -> None:
    cleaned = remove_boilerplate(texts, title)

    assert remove_boilerplate(cleaned, title) == cleaned
    assert len(cleaned) <= len(texts)
    assert sum(map(len, cleaned)) <= sum(map(len, texts))
    assert all(any(paragraph in text for text in texts) for paragraph in cleaned)


def test_thousands_of_date_lines_go_in_one_pass() -> None:
    """Each pass took five away and looked at all the others again."""
    lines = [f"date: 2020-03-{1 + n % 28:02}" for n in range(4000)]
    started = time.process_time()

    assert remove_boilerplate([*lines, "Russia and Turkey agreed a ceasefire in Idlib."]) == (
        "Russia and Turkey agreed a ceasefire in Idlib.",
    )
    assert time.process_time() - started < 10  # a guard against growth, not a stopwatch: it takes a fraction of that
