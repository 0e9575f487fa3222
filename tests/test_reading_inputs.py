"""Files, folders, patterns, archives and standard input."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from timeline.errors import UnreadableInputError
from timeline.reading import Problem, inputs
from timeline.reading.inputs import iterate_inputs, read_limited


def read(path: object) -> tuple[dict[str, tuple[str, bytes]], list[Problem]]:
    problems: list[Problem] = []
    found = {}
    for item in iterate_inputs(str(path), problems.append):
        try:
            found[Path(item.name).name] = item.suffix, item.stream.read()
        except inputs.READ_ERRORS as error:
            problems.append(Problem(item.name, str(error)))
    return found, problems


def make_zip(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_folders_are_walked_in_order_and_hidden_and_other_files_passed_over(tmp_path: Path) -> None:
    for name in (
        "b/x.txt",
        "a/z.md",
        "a/y.HTML",
        "c.txt",
        ".hidden.txt",
        ".git/x.txt",
        "README.md",
        "LICENSE.txt",
        "pic.png",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    problems: list[Problem] = []
    names = [
        Path(item.name).relative_to(tmp_path).as_posix() for item in iterate_inputs(str(tmp_path), problems.append)
    ]

    assert names == ["c.txt", "a/y.HTML", "a/z.md", "b/x.txt"]
    assert problems == []


def test_patterns(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.md"):
        (tmp_path / name).write_text(name)
    found, problems = read(tmp_path / "*.txt")

    assert (list(found), problems) == (["a.txt", "b.txt"], [])
    assert read(tmp_path / "*.pdf")[1][0].reason == "no file matches"


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("x")

    assert list(read(tmp_path / "a[1].txt")[0]) == ["a[1].txt"]


@pytest.mark.parametrize("path", ["missing.txt", "", "a\0b", "x" * 5000])
def test_paths_that_lead_nowhere_are_problems(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found, problems = read(path)

    assert found == {}
    assert path == "" or len(problems) == 1


@pytest.mark.parametrize("name", ["a.docx", "a.rtf", "a.xlsx"])
def test_kinds_that_need_converting_are_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    found, problems = read(tmp_path)

    assert found == {}
    assert "save it as PDF, HTML or plain text" in problems[0].reason


def test_gzip_by_content_whatever_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"one"))
    (tmp_path / "b.txt").write_bytes(gzip.compress(b"two"))
    found, _ = read(tmp_path)

    assert found == {"a.jsonl.gz": (".jsonl", b"one"), "b.txt": (".txt", b"two")}


def test_zip_members_in_order_with_nested_zips(tmp_path: Path) -> None:
    inner = make_zip({"in.txt": b"inner"})
    (tmp_path / "a.zip").write_bytes(
        make_zip(
            {
                "z/b.txt": b"b",
                "a.txt": b"a",
                "__MACOSX/a.txt": b"x",
                ".x.txt": b"x",
                "i.zip": inner,
                "p.png": b"x",
                "g.txt.gz": gzip.compress(b"g"),
            }
        )
    )
    problems: list[Problem] = []
    found = [(Path(i.name).name, i.stream.read()) for i in iterate_inputs(str(tmp_path / "a.zip"), problems.append)]

    assert found == [("a.zip!a.txt", b"a"), ("a.zip!g.txt.gz", b"g"), ("a.zip!i.zip!in.txt", b"inner"), ("b.txt", b"b")]
    assert problems == []


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"text")))

    assert read("-")[0] == {"standard input": ("", b"text")}


def test_an_archive_on_standard_input_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(make_zip({"a.txt": b"a"}))))

    assert list(read("-")[0].values()) == [(".txt", b"a")]


def test_gzip_bombs_are_refused_while_they_expand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MIN_BOMB_BYTES", 1 << 20)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"\0" * (8 << 20)))
    found, problems = read(tmp_path / "a.txt.gz")

    assert found == {}
    assert "decompression bomb" in problems[0].reason


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"MIN_BOMB_BYTES": 1 << 20}, "expands more than 200 times"),
        ({"MAX_EXPANDED_BYTES": 1 << 20}, "expands to more than"),
        ({"MAX_ARCHIVE_MEMBERS": 1}, "more than 1 members"),
    ],
)
def test_zip_bombs_are_refused_by_their_directory(
    limits: dict[str, int], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(inputs, name, value)
    (tmp_path / "a.zip").write_bytes(make_zip({"a.txt": b"\0" * (8 << 20), "b.txt": b"b"}))
    found, problems = read(tmp_path / "a.zip")

    assert found == {}
    assert message in problems[0].reason


@pytest.mark.parametrize("pack", [lambda data: make_zip({"x.zip": data}), gzip.compress])
def test_archives_in_archives_in_archives_are_refused(pack: object, tmp_path: Path) -> None:
    data = make_zip({"a.txt": b"deep"})
    for _ in range(4):
        data = pack(data)  # type: ignore[operator]
    (tmp_path / "a.zip").write_bytes(data)
    found, problems = read(tmp_path / "a.zip")

    assert found == {}
    assert "packed more than 2 times over" in problems[0].reason


def test_members_that_overlap_are_refused(tmp_path: Path) -> None:
    member = zipfile.ZipInfo("a.txt")
    other = zipfile.ZipInfo("b.txt")
    member.header_offset = other.header_offset = 7

    with pytest.raises(UnreadableInputError, match="overlap"):
        inputs._check_members([member, other])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 not a zip",
        make_zip({"a.txt": b"a" * 100})[:60],
        b"\x1f\x8b broken",
        gzip.compress(b"x" * 1000)[:20],
    ],
    ids=["empty", "no zip", "cut zip", "no gzip", "cut gzip"],
)
def test_damaged_archives_are_problems(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    found, problems = read(tmp_path / "a.zip")

    assert found == {}
    assert len(problems) == 1


def test_one_damaged_member_does_not_hide_the_others(tmp_path: Path) -> None:
    data = bytearray(make_zip({"a.txt": b"first words", "b.txt": b"second words"}, zipfile.ZIP_STORED))
    data[data.index(b"first")] ^= 1
    (tmp_path / "a.zip").write_bytes(data)
    found, problems = read(tmp_path / "a.zip")

    assert [value for _, value in found.values()] == [b"second words"]
    assert "CRC" in problems[0].reason


def test_read_limited() -> None:
    assert read_limited(io.BytesIO(b"x" * 10), 10) == b"x" * 10
    with pytest.raises(UnreadableInputError, match="larger than 1 MB"):
        read_limited(io.BytesIO(b"x" * (1 << 21)), 1 << 20)


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    """Python's own test for a folder fails on it."""
    file = tmp_path / "news.zip"
    file.write_bytes(make_zip({"a.txt": b"first", "~": b"second"}).replace(b"~", b"\x00"))

    found, problems = read(file)
    assert list(found) == ["news.zip!a.txt"]
    assert problems == []
