"""PDF files, made here by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from timeline.errors import UnreadableInputError
from timeline.reading import read_articles
from timeline.reading.pdf import drop_running_lines, join_lines, read_pdf


def make_pdf(*pages: list[str], title: str = "") -> bytes:
    """A PDF with one line of text under the other."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        stream = f"BT /F1 11 Tf 50 780 Td {shown}ET"
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    objects.append(f"<</Title({title})/CreationDate(D:20210101000000Z)>>")
    data = "%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R>>\nstartxref\n{len(data)}\n%%EOF"
    return (data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}" + trailer).encode("latin-1")


LINES = [
    "Bridge reopens in Tarn",
    "5 March 2020",
    "Engineers of Norland reopened the bridge over the river on Monday, and the govern-",
    "ment said that lorries may cross it again in daylight. A spokesman of the brigade",
    "called it a provocation.",
    "The council welcomed the step.",
]


def test_lines_are_joined_hyphens_undone_and_the_date_found(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(make_pdf(LINES))
    [article] = read_articles(file)

    assert article.title == "Bridge reopens in Tarn"
    assert article.published == dt.date(2020, 3, 5)  # not the day the file was made
    assert article.text == (
        "Engineers of Norland reopened the bridge over the river on Monday, and the government said that lorries may "
        "cross it again in daylight. A spokesman of the brigade called it a provocation.\n\n"
        "The council welcomed the step."
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Bridge reopens in Tarn", "Bridge reopens in Tarn"),
        ("Microsoft Word - draft2.docx", ""),
        ("untitled", ""),
        ("", ""),
    ],
)
def test_titles_that_programs_make_up_are_not_taken(title: str, expected: str) -> None:
    assert read_pdf(make_pdf(LINES, title=title)).title == expected


def test_running_heads_and_page_numbers_go() -> None:
    pages = [
        f"Valley Monthly {n}\nFirst line of page {n}\nWords of page {n}\nLast words {n}x\nPage {n} of 3" for n in "123"
    ]
    text = drop_running_lines(pages)

    assert "Valley Monthly" not in text
    assert "of 3" not in text
    assert "Words of page 2" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("well-\nknown", "wellknown"),
        ("Anglo-\nNorland talks went on for a long time", "Anglo- Norland talks went on for a long time"),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("", ""),
    ],
)
def test_join_lines(text: str, expected: str) -> None:
    """A hyphen before a capital stays; one before a small letter is taken as the printer's."""
    assert join_lines(text) == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.4\n", "not a readable PDF"),
        (b"%PDF-1.7\nxref\n0 1\ntrailer<</Root 1 0 R/Prev 0>>\nstartxref\n9\n%%EOF", "not a readable PDF"),
        (make_pdf([]), "holds no text"),
        (make_pdf(LINES)[:400], "not a readable PDF"),
    ],
)
def test_broken_and_empty_pdfs_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableInputError, match=message):
        read_pdf(data)
