"""The whole way from a path to articles."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import logging
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline import read_articles
from timeline.errors import UnreadableInputError
from timeline.reading import Problem, articles
from timeline.reading.articles import finish_article
from timeline.reading.drafts import Draft, ReadOptions
from timeline.records import Article

PAGES = Path(__file__).parent / "pages"
BODY = "The army of Sudria left the town of Tarn on Saturday, and the council welcomed it."
PASTED = f"""Search

Sudria: army has left Tarn, talks to begin soon

The army has left the town, writes a news agency, and both of the sides are ready for talks.
Sudria: Army Has Left Tarn, Talks to Begin Soon

{BODY}\u00a0

On a separate note, the chancellor of Westria spoke to the president on Thursday.

\u00a0

This article was edited by The Orrin Observer. The Orrin Observer has not verified the content of this story.\u00a0 \
Responsibility for the information and views set out in this article lies entirely with the author.

Helpful keywords
"""


def read(path: object, **options: object) -> tuple[list[Article], list[Problem]]:
    problems: list[Problem] = []
    return list(read_articles(path, on_problem=problems.append, **options)), problems  # type: ignore[arg-type]


def write(folder: Path, name: str, data: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def test_a_pasted_page_gives_its_title_and_its_prose_only(tmp_path: Path) -> None:
    [article], problems = read(write(tmp_path, "a.txt", PASTED))

    assert article.title == "Sudria: army has left Tarn, talks to begin soon"
    assert article.text.split("\n\n") == [
        "The army has left the town, writes a news agency, and both of the sides are ready for talks.",
        BODY,
        "On a separate note, the chancellor of Westria spoke to the president on Thursday.",
    ]
    assert (article.published, article.publisher, article.language, problems) == (None, "", "en", [])


def test_options_are_stronger_than_what_is_found(tmp_path: Path) -> None:
    file = write(tmp_path, "a.txt", f"Title: Found\nDate: 2019-01-01\nSource: Found\n\n{BODY}")
    [article], _ = read(file, published=dt.date(2020, 3, 6), title="Given", publisher="Given")

    assert (article.published, article.title, article.publisher) == (dt.date(2020, 3, 6), "Given", "Given")


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        (
            f"Date: 2020-03-05\n\nPublished on 4 March 2020\n\n{BODY}",
            dt.date(2020, 3, 5),
            "a header line before a line",
        ),
        (
            f"Updated 6 March 2020\n\nPublished on 5 March 2020\n\n{BODY}",
            dt.date(2020, 3, 5),
            "published before updated",
        ),
        (f"Updated 6 March 2020\n\n{BODY}", dt.date(2020, 3, 6), "updated for want of better"),
        (f"Thu 05 Mar 2020 {BODY}", dt.date(2020, 3, 5), "in words before the text"),
        (f"URL: https://x.example/2020/03/05/a\n\n{BODY}", dt.date(2020, 3, 5), "the address"),
        (
            f"URL: https://x.example/2020/03/a\n\nTARN, March 5 (VR) — {BODY}",
            dt.date(2020, 3, 5),
            "dateline and address",
        ),
        (f"TARN, March 5 (VR) — {BODY}", None, "nobody knows the year"),
        (f"TARN, March 5, 2020 (VR) — {BODY}", dt.date(2020, 3, 5), "the dateline has it"),
        (f"Updated 6 March 2020\n\nTARN, March 5 (VR) — {BODY}", dt.date(2020, 3, 5), "dateline before update"),
        (f"{BODY} It had come on 5 March 2020.", None, "a date in the story"),
        (f"5 March 2020 was the day. {BODY}", None, "a sentence that begins with a date"),
        (f"{BODY}\n\nCopyright 2020", None, "a copyright line"),
    ],
)
def test_publication_dates_of_text_files(text: str, expected: dt.date | None, reason: str, tmp_path: Path) -> None:
    [article], _ = read(write(tmp_path, "a.txt", text))

    assert article.published == expected, reason


def test_the_time_stamp_of_a_file_is_no_date(tmp_path: Path) -> None:
    file = write(tmp_path, "a.txt", BODY)
    os.utime(file, (1_583_400_000, 1_583_400_000))

    assert read(file)[0][0].published is None


def test_markdown_with_front_matter() -> None:
    [article], _ = read(PAGES / "front_matter.md")

    assert (article.title, article.publisher) == ("Chancellor: talks must go on", "Westrian Gazette")
    assert (article.published, article.url) == (dt.date(2018, 9, 18), "https://gazette.example/talks")
    assert article.text == (
        "The chancellor of Westria called on both sides to keep talking.\n\nShe offered to host a meeting.\n\n"
        "Norland welcomed the offer on Monday."
    )


def test_every_kind_of_file_in_one_folder_also_zipped(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    row = json.dumps({"text": BODY, "title": "x"})
    for name, data in {
        "a.txt": BODY,
        "b.md": BODY,
        "c.html": f"<html><body><p>{BODY}</p></body></html>",
        "d.json": f"[{row}]",
        "e.jsonl": row,
        "f.csv": f'text\n"{BODY}"\n',
        "g.tsv": f"text\n{BODY}\n",
        "h.rss": f"<rss><channel><item><description>{BODY}</description></item></channel></rss>",
        "i.jsonl.gz": gzip.compress(row.encode()),
        "j.txt.gz": gzip.compress(BODY.encode()),
    }.items():
        write(folder, name, data)
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in folder.iterdir():
            packed.write(file, f"deep/er/{file.name}")

    for path in (folder, archive, f"{folder}/*"):
        found, problems = read(path)
        assert [article.text for article in found] == [BODY] * 10
        assert len({article.id for article in found}) == 1
        assert problems == []


def test_one_bad_file_never_stops_a_run(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", b"")
    write(tmp_path, "b.pdf", b"no pdf")
    write(tmp_path, "c.json", b"{")
    write(tmp_path, "d.csv", b"a,b\n1,2\n")
    write(tmp_path, "e.xml", b"<opml/>")
    write(tmp_path, "f.zip", b"no zip")
    write(tmp_path, "g.txt", b"\x89PNG\0\0\0")
    write(tmp_path, "h.html", b"<html></html>")
    write(tmp_path, "i.txt", "READ MORE\n\nShare this")
    write(tmp_path, "j.jsonl.gz", gzip.compress(b'{"text": "x"}' * 1000)[:40])
    write(tmp_path, "z.txt", BODY)
    found, problems = read([tmp_path / "missing.txt", tmp_path])

    assert [article.text for article in found] == [BODY]
    assert [Path(problem.path).name[0] for problem in problems] == list("mabcdefghij")
    assert all(problem.reason for problem in problems)


def test_what_holds_nothing_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path, "a.jsonl", "\n\n")
    write(tmp_path, "b.csv", "title,text\n")
    write(tmp_path, "c.json", "[]")
    write(tmp_path, "d.rss", "<rss><channel><title>x</title></channel></rss>")

    assert [problem.reason for problem in read(tmp_path)[1]] == ["holds no articles"] * 4
    assert read(tmp_path / "empty")[1] == [Problem(str(tmp_path / "empty"), "holds no articles")]


def test_without_a_callback_problems_are_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "timeline.reading"):
        assert list(read_articles(tmp_path / "missing.txt")) == []

    assert "missing.txt: no such file or folder" in caplog.text


def test_a_wrong_field_in_columns_is_an_error_at_once() -> None:
    with pytest.raises(UnreadableInputError, match="unknown field 'body'; use one of text, published"):
        read_articles("x", columns={"body": "b"})


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (
            f"<!DOCTYPE html><html><head><title>Army leaves Tarn</title></head><body><p>{BODY}</p></body></html>",
            "Army leaves Tarn",
        ),
        (json.dumps({"text": BODY, "title": "Army leaves Tarn"}), "Army leaves Tarn"),
        (json.dumps([{"text": BODY, "title": "Army leaves Tarn"}]), "Army leaves Tarn"),
        (
            f"<rss><channel><item><title>Army leaves Tarn</title><description>{BODY}</description></item></channel>",
            "Army leaves Tarn",
        ),
        (f"Army leaves Tarn\n\n{BODY}", "Army leaves Tarn"),
        (BODY, ""),
    ],
)
def test_standard_input_is_known_by_its_content(data: str, title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data.encode())))
    [article], problems = read("-")

    assert (article.text, article.title, problems) == (BODY, title, [])


def test_ids_are_of_the_text_or_of_the_address_of_a_page_but_not_of_a_front_page() -> None:
    def identify(**fields: str) -> str:
        return finish_article(Draft(**fields), ReadOptions()).id

    page = "https://x.example/a"
    other = "Norland closed the strait of Hallow."

    assert identify(text=BODY) == identify(text=f"  {BODY}\n\nRead more")
    assert identify(text=BODY, url=page) == identify(text=other, url=f"{page}?utm_source=y")
    assert identify(text=BODY, url="https://x.example/") != identify(text=other, url="https://x.example/")
    assert identify(text=BODY, id="mine") == "mine"


def test_an_id_column_counts_only_if_named(tmp_path: Path) -> None:
    file = write(tmp_path, "a.csv", f"id,text\n1,{BODY.replace(',', '')}\n")

    assert read(file)[0][0].id != "1"
    assert read(file, columns={"id": "id"})[0][0].id == "1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"<p>{BODY}</p><p>Tom &amp; Co.</p><script>alert(1)</script>", f"{BODY}\n\nTom & Co."),
        (f"{BODY}\u202e\x00\ud800", f"{BODY}\ufffd"),
        ("One word", "One word"),
        ("Erdog\u0306an", "Erdo\u011fan"),
    ],
)
def test_what_is_left_in_fields_is_cleaned(text: str, expected: str, tmp_path: Path) -> None:
    [article], _ = read(write(tmp_path, "a.jsonl", json.dumps({"text": text})))

    assert article.text == expected


def test_a_text_of_millions_of_characters_is_read_and_one_beyond_the_limit_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = time.process_time()
    article = finish_article(Draft(text="no sentence ends here " * 230_000), ReadOptions())

    assert len(article.text) > 5_000_000
    assert time.process_time() - start < 10
    monkeypatch.setattr(articles, "MAX_ARTICLE_CHARS", 10)
    with pytest.raises(UnreadableInputError, match="longer than 10 characters"):
        finish_article(Draft(text=BODY), ReadOptions())


def test_addresses_of_other_schemes_are_refused() -> None:
    found, problems = read(["file:///etc/passwd", "ftp://x.example/a"], allow_urls=True)

    assert found == []
    assert all("only http and https" in problem.reason for problem in problems)


def test_importing_loads_nothing_heavy() -> None:
    heavy = ["lxml", "trafilatura", "feedparser", "pypdf", "charset_normalizer", "urllib.request"]
    code = f"import sys, timeline.reading; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["txt", "md", "html", "json", "jsonl", "csv", "xml", "pdf", "zip", "txt.gz"]),
)
def test_any_bytes_under_any_name_give_articles_or_problems(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    file = tmp_path_factory.mktemp("any") / f"a.{suffix}"
    file.write_bytes(data)
    found, problems = read(file)

    assert found or problems
    for article in found:
        assert article.text.strip()
        article.text.encode("utf-8")
