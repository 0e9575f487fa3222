"""Bytes to characters: byte order marks, declared charsets, UTF-8, and a guess where nothing else helps.

Text that was decoded wrongly before it reached us ("â€™") is left as it is: guessing at repairs corrupts names.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from timeline.errors import UnreadableInputError

MAX_LINE_CHARS = 20_000_000  # of a table or of JSON lines
_SAMPLE_BYTES = 1 << 18
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""(?:<meta[^<>]{0,200}?charset\s{0,3}=\s{0,3}["']?|encoding\s{0,3}=\s{0,3}["'])([\w:.-]{2,40})""", re.I
)
_ESCAPED = re.compile("[\udc80-\udcff]")  # what errors="surrogateescape" makes of a byte
_FALLBACK = "cp1252"  # what undeclared Western text nearly always is


def decode_bytes(data: bytes, declared: str = "") -> str:
    """Text of a whole file. `declared` is the charset that the server or the caller names, if any.

    Order: byte order mark, UTF-8 if it fits, the declared charset, a guess by charset-normalizer, cp1252. UTF-8
    comes before a declaration because no long text fits it by accident and many declarations are wrong.
    """
    encoding = find_encoding(data, declared)
    return data.decode(encoding, errors="replace")


def find_encoding(data: bytes, declared: str = "", *, whole: bool = True) -> str:
    """The encoding of a file or, if not `whole`, of its beginning (which may end inside a character)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if _is_utf8(data, whole=whole):
        return "utf-8"
    match = _DECLARED.search(data[:4096])
    for name in (declared, match[1].decode("ascii") if match else ""):
        if known := _known_encoding(name):
            return known
    return _guess(data[:_SAMPLE_BYTES])


def is_binary(data: bytes) -> bool:
    """Whether the beginning of a file is no text: NUL bytes that no mark explains, or many control codes."""
    sample = data[:8192]
    if any(sample.startswith(mark) for mark, _ in _MARKS):
        return False
    if b"\0" in sample:
        return True
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in sample)
    return controls > 0.05 * max(len(sample), 1)


def iterate_lines(stream: IO[bytes], newline: str | None = "") -> Iterator[str]:
    """Lines of a big file, in constant memory; bytes that do not fit its encoding are read as cp1252.

    Raises:
        UnreadableInputError: A line is longer than MAX_LINE_CHARS.
    """
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    encoding = find_encoding(buffered.peek(_SAMPLE_BYTES)[:_SAMPLE_BYTES], whole=False)
    text = io.TextIOWrapper(buffered, encoding=encoding, errors="surrogateescape", newline=newline)
    number = 0
    try:
        while line := text.readline(MAX_LINE_CHARS):
            number += 1
            if len(line) >= MAX_LINE_CHARS:
                raise UnreadableInputError(f"line {number} is longer than {MAX_LINE_CHARS:,} characters")
            yield line if line.isascii() else _ESCAPED.sub(_mend_byte, line)
    finally:
        text.detach()  # or it would close standard input


def _mend_byte(match: re.Match[str]) -> str:
    """A byte that does not fit the encoding, as a Western letter or mark."""
    return bytes((ord(match[0]) - 0xDC00,)).decode(_FALLBACK, errors="replace")


def _is_utf8(data: bytes, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _known_encoding(name: str) -> str:
    """The codec of a charset name; "" for unknown ones and for codecs that are not charsets (base64, zip, …)."""
    try:
        info = codecs.lookup(name) if name else None
    except (LookupError, ValueError):
        return ""
    if (
        info is None
        or not getattr(info, "_is_text_encoding", True)
        or info.name in ("idna", "punycode", "unicode_escape")
    ):
        return ""
    return _FALLBACK if info.name in ("iso8859-1", "ascii") else info.name  # as browsers do (WHATWG Encoding)


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:65536]).best()
    return best.encoding if best else _FALLBACK
