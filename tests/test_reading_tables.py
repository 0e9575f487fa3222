"""CSV, TSV, JSON and JSON Lines."""

from __future__ import annotations

import datetime as dt
import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from timeline.errors import MissingColumnError, UnreadableInputError
from timeline.reading import tables
from timeline.reading.drafts import Draft, Problem
from timeline.reading.tables import read_csv, read_json, read_json_lines

Result = tuple[list[Draft], list[Problem]]


def collect(read: Any, data: bytes, columns: dict[str, str] | None = None, **more: Any) -> Result:
    problems: list[Problem] = []
    source = data if read is read_json else io.BytesIO(data)
    return list(read(source, "in", columns or {}, problems.append, **more)), problems


@pytest.mark.parametrize(
    "header",
    [
        "title,date,source,link,text",
        "Headline;Pub Date;Outlet;URL;Body",
        "head\tpublishedAt\tdomain\turl\tcontent",
        "title|date|site|url|article",
    ],
)
def test_columns_are_guessed_by_name_and_the_delimiter_from_the_header(header: str) -> None:
    delimiter = next(mark for mark in ",;\t|" if mark in header)
    row = delimiter.join(["Army leaves", "2020-03-05", "Gazette", "https://x.example/a", '"Left, at last; so."'])
    drafts, problems = collect(read_csv, f"{header}\n{row}\n".encode())

    assert problems == []
    assert [(d.title, d.publisher, d.url, d.text, d.clues[0].date, d.id) for d in drafts] == [
        ("Army leaves", "Gazette", "https://x.example/a", "Left, at last; so.", dt.date(2020, 3, 5), "")
    ]


def test_columns_named_by_the_user_come_before_guesses() -> None:
    data = b"id,text,original,when,date\n7,translated,Original words.,2020-03-05,1999-01-01\n"
    drafts, _ = collect(read_csv, data, {"text": "original", "published": "when", "id": "id"})

    assert [(d.text, d.clues[0].date, d.id) for d in drafts] == [("Original words.", dt.date(2020, 3, 5), "7")]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"text": "words"}, "no column 'words' for text; there are 'a', 'b'"),
        ({}, "no column looks like the text; name it with text=COLUMN; there are 'a', 'b'"),
    ],
)
def test_a_table_without_the_column_says_which_there_are(columns: dict[str, str], message: str) -> None:
    with pytest.raises(MissingColumnError, match=message):
        collect(read_csv, b"a,b\n1,2\n", columns)


@pytest.mark.parametrize("data", [b"", b"\n\n  \n"])
def test_an_empty_table_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableInputError, match="the table is empty"):
        collect(read_csv, data)


def test_quoted_line_ends_stay_in_one_field_and_short_rows_are_reported() -> None:
    drafts, problems = collect(read_csv, b'title,text\r\nA,"One.\r\n\r\nTwo."\r\nB\r\n,\r\n')

    assert [d.text for d in drafts] == ["One.\r\n\r\nTwo."]
    assert problems == [Problem("in:5", "no text in column 'text'")]


def test_json_lines_skip_what_is_broken_and_say_where() -> None:
    data = b'{"text": "One."}\n\n{broken\n[1]\n"Two."\n{"text": ""}\n{"title": "x"}\n{"text": "Three."}'
    drafts, problems = collect(read_json_lines, data)

    assert [d.text for d in drafts] == ["One.", "Two.", "Three."]
    assert [problem.path for problem in problems] == ["in:3", "in:4", "in:6", "in:7"]
    assert problems[0].reason.startswith("not valid JSON")
    assert problems[1].reason == "not a JSON object"


def test_many_broken_lines_are_counted_not_listed() -> None:
    _, problems = collect(read_json_lines, b"x\n" * 100)

    assert len(problems) == tables.MAX_ROW_PROBLEMS + 1
    assert problems[-1] == Problem("in", f"{100 - tables.MAX_ROW_PROBLEMS} more rows could not be read")


@pytest.mark.parametrize(
    "document",
    [
        {"text": "One."},
        [{"text": "One."}],
        {"articles": [{"content": "One."}], "status": "ok"},
        {"items": [{"content_text": "One."}]},
        {"hits": {"hits": [{"_source": {"body": "One."}}]}},
        {"response": {"results": [{"bodyText": "One."}]}},
        ["One."],
        [{"text": ["One."]}],
        [{"text": {"value": "One."}}],
    ],
)
def test_shapes_of_json(document: object) -> None:
    drafts, problems = collect(read_json, json.dumps(document).encode())

    assert ([d.text for d in drafts], problems) == (["One."], [])


def test_json_objects_give_their_name_and_paths_reach_into_them() -> None:
    data = json.dumps(
        [{"text": "One.", "source": {"id": 4, "name": "Gazette"}, "meta": {"day": "2020-03-05"}}]
    ).encode()
    drafts, _ = collect(read_json, data, {"published": "meta.day"})

    assert (drafts[0].publisher, drafts[0].clues[0].date) == ("Gazette", dt.date(2020, 3, 5))


def test_json_lines_under_the_name_of_json_are_read() -> None:
    drafts, problems = collect(read_json, b'{"text": "One."}\n{"text": "Two."}\n')

    assert ([d.text for d in drafts], problems) == (["One.", "Two."], [])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"{", "not valid JSON"),
        (b"1" * 10_000, "not valid JSON"),
        (b"3", "holds no articles"),
    ],
)
def test_json_that_holds_no_articles_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableInputError, match=message):
        collect(read_json, data)


def test_deep_nesting_in_one_line_costs_only_that_line() -> None:
    drafts, problems = collect(read_json_lines, b"[" * 100_000 + b'\n{"text": "One."}\n')

    assert [d.text for d in drafts] == ["One."]
    assert problems == [Problem("in:1", "JSON nested too deeply")]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_big_tables_take_constant_memory(form: str) -> None:
    """40 MB of rows are read within 8 MB."""
    row = b'{"text": "' + b"word " * 200 + b'"}\n' if form == "jsonl" else b"word " * 200 + b"\n"

    class Endless(io.RawIOBase):
        left = 40_000
        rest = b"" if form == "jsonl" else b"text\n"

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            if not self.rest and self.left:
                self.left -= 1
                self.rest = row
            part, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
            buffer[: len(part)] = part
            return len(part)

    read = read_json_lines if form == "jsonl" else read_csv
    tracemalloc.start()
    drafts: Iterator[Draft] = read(io.BufferedReader(Endless()), "in", {}, lambda problem: None)  # type: ignore[arg-type]
    count = sum(1 for _ in drafts)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 40_000
    assert peak < 8 << 20
