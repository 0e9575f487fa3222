"""Bytes to characters."""

from __future__ import annotations

import codecs
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.errors import UnreadableInputError
from timeline.reading import decoding
from timeline.reading.decoding import decode_bytes, find_encoding, is_binary, iterate_lines

TURKISH = "Cumhurbaşkanı görüştü: “İdlib’de ateşkes” – şöyle dedi"
RUSSIAN = "Министр иностранных дел заявил, что переговоры продолжаются, и обе стороны готовы к перемирию. " * 3


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        (TURKISH.encode(), "", TURKISH),
        (codecs.BOM_UTF8 + TURKISH.encode(), "", TURKISH),
        (TURKISH.encode("utf-16"), "", TURKISH),
        (codecs.BOM_UTF16_BE + TURKISH.encode("utf-16-be"), "", TURKISH),
        (TURKISH.encode("utf-32"), "", TURKISH),
        (TURKISH.encode(), "iso-8859-1", TURKISH),
        (TURKISH.encode("cp1254"), "windows-1254", TURKISH),
        ("“Müller” – said".encode("cp1252"), "iso-8859-1", "“Müller” – said"),
        (b'<meta charset="windows-1251">' + "Мир".encode("cp1251"), "", '<meta charset="windows-1251">Мир'),
        (
            b'<?xml version="1.0" encoding="koi8-r"?>' + "Мир".encode("koi8-r"),
            "",
            '<?xml version="1.0" encoding="koi8-r"?>Мир',
        ),
        (RUSSIAN.encode("cp1251"), "", RUSSIAN),
        (b"", "", ""),
    ],
)
def test_decode_bytes(data: bytes, declared: str, expected: str) -> None:
    assert decode_bytes(data, declared) == expected


@pytest.mark.parametrize("declared", ["no-such-charset", "base64", "zip", "unicode_escape", "idna", "a" * 1000])
def test_a_declared_charset_that_is_none_is_passed_over(declared: str) -> None:
    assert "said" in decode_bytes("Müller said so and went".encode("cp1252"), declared)


def test_text_garbled_before_is_left_as_it_is() -> None:
    assert decode_bytes("itâ€™s".encode()) == "itâ€™s"


def test_a_sample_may_end_inside_a_character() -> None:
    assert find_encoding("ş".encode()[:1], whole=False) == "utf-8"


@given(st.binary())
def test_any_bytes_become_text(data: bytes) -> None:
    assert isinstance(decode_bytes(data), str)
    is_binary(data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"text", False),
        (b"", False),
        (TURKISH.encode("utf-16"), False),
        (b"\x89PNG\r\n\0\0", True),
        (bytes(range(32)), True),
    ],
)
def test_is_binary(data: bytes, expected: bool) -> None:
    assert is_binary(data) is expected


def test_lines_in_another_encoding_than_the_rest_are_read_as_western() -> None:
    data = b"plain\n" * 60_000 + "Müller\n".encode("cp1252") + "Şam\n".encode()

    lines = list(iterate_lines(io.BytesIO(data)))  # type: ignore[arg-type]

    assert lines[-2:] == ["Müller\n", "Şam\n"]


def test_an_endless_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_LINE_CHARS", 100)
    with pytest.raises(UnreadableInputError, match="line 2 is longer than 100 characters"):
        list(iterate_lines(io.BytesIO(b"short\n" + b"x" * 500)))
