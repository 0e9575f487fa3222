"""Where articles lie: files, folders, patterns, archives, compressed files and standard input.

Archives and compressed files are opened as streams under limits, so that a small file cannot fill memory or disk.
"""

from __future__ import annotations

import glob
import gzip
import io
import os
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from timeline.errors import UnreadableInputError
from timeline.reading.drafts import Problem, Report

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_ARCHIVE_MEMBERS = 200_000
MAX_ARCHIVE_DEPTH = 2  # a zip in a zip, and no further
MAX_EXPANDED_BYTES = 16 << 30  # of one archive or compressed file
MAX_NESTED_BYTES = 1 << 30  # of an archive that has to be copied out: in another, or from standard input
MAX_RATIO = 200  # text packs 3 to 30 times; more is a bomb …
MIN_BOMB_BYTES = 64 << 20  # … once it is this big

READABLE = frozenset(
    ".txt .md .markdown .html .htm .xhtml .pdf .json .jsonl .ndjson .csv .tsv .xml .rss .atom .zip".split()  # noqa: SIM905
)
_CONVERT = frozenset(
    (".doc", ".docx", ".odt", ".rtf", ".epub", ".xlsx", ".xls", ".tar", ".7z", ".rar", ".tgz", ".mhtml", ".warc")
)
_NOT_ARTICLES = frozenset(("readme", "license", "licence", "copying", "changelog", "contributing", "notice"))
_BUFFER_BYTES = 1 << 18  # as much of a table as its encoding is judged by
READ_ERRORS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)


@dataclass(slots=True)
class Input:
    """An open stream of one file; `suffix` is in lower case and without .gz, "" if unknown."""

    name: str
    suffix: str
    stream: io.BufferedReader


class CountingStream(io.RawIOBase):
    """A readable stream that counts the bytes it has given."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._inner.read(len(view))
        view[: len(data)] = data
        self.given += len(data)
        return len(data)


class LimitedStream(CountingStream):
    """A stream that refuses to give more than `limit` bytes, or too many for what was read from `packed`."""

    def __init__(self, inner: IO[bytes], limit: int, packed: CountingStream | None = None) -> None:
        super().__init__(inner)
        self._limit, self._packed = limit, packed

    def readinto(self, buffer: WriteableBuffer) -> int:
        count = super().readinto(buffer)
        if self.given > self._limit:
            raise UnreadableInputError(f"expands to more than {self._limit:,} bytes; refused")
        if self._packed and self.given > max(MIN_BOMB_BYTES, MAX_RATIO * self._packed.given):
            raise UnreadableInputError(f"expands more than {MAX_RATIO} times; refused as a decompression bomb")
        return count


def iterate_inputs(path: str, report: Report) -> Iterator[Input]:
    """Every file behind one path: a file, a folder, a pattern, an archive, or "-" for standard input.

    Folders are walked in sorted order; hidden files, READMEs and licences in them are passed over. What cannot
    be opened is reported. The stream of an input is closed when the next one is asked for.
    """
    if path == "-":
        yield from _open_stream("standard input", "", sys.stdin.buffer, report, 0)
        return
    for file in find_files(path, report):
        try:
            stream = file.open("rb", buffering=_BUFFER_BYTES)
        except OSError as error:
            report(Problem(str(file), f"cannot be opened: {error.strerror or error}"))
            continue
        with stream:
            yield from _open_stream(str(file), _suffix(file.name), stream, report, 0)


def read_limited(stream: IO[bytes], limit: int) -> bytes:
    """All bytes of a stream.

    Raises:
        UnreadableInputError: There are more than `limit`.
    """
    parts, total = [], 0
    while part := stream.read(1 << 20):
        total += len(part)
        if total > limit:
            raise UnreadableInputError(f"larger than {limit >> 20} MB")
        parts.append(part)
    return b"".join(parts)


def find_files(path: str, report: Report) -> Iterator[Path]:
    """The files behind a path: itself, what matches it as a pattern, what can be read in it as a folder."""
    try:
        target = Path(path).expanduser()
        if target.is_dir():
            yield from _walk(target, report)
        elif target.exists():
            yield target
        elif found := sorted(glob.glob(str(target), recursive=True)) if glob.has_magic(path) else []:  # noqa: PTH207
            for match in map(Path, found):
                yield from _walk(match, report) if match.is_dir() else (match,)
        else:
            report(Problem(path, "no file matches" if glob.has_magic(path) else "no such file or folder"))
    except (OSError, ValueError, RuntimeError) as error:  # a NUL byte, a name too long, no home folder
        report(Problem(path, f"not a usable path: {error}"))


def _walk(folder: Path, report: Report) -> Iterator[Path]:
    def tell(error: OSError) -> None:
        report(Problem(str(error.filename), f"cannot be opened: {error.strerror}"))

    for root, folders, files in os.walk(folder, onerror=tell):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in sorted(files):
            if is_readable_name(name):
                yield Path(root, name)


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "__MACOSX", "~$")) or name == "Thumbs.db"


def is_readable_name(name: str) -> bool:
    """Whether a file found in a folder looks like articles: no hidden file, no README, a suffix we know."""
    suffix = _suffix(name)
    stem = name.split(".", maxsplit=1)[0].lower()
    return not _is_hidden(name) and stem not in _NOT_ARTICLES and (suffix in READABLE or suffix in _CONVERT)


def _suffix(name: str) -> str:
    """The suffix that tells the format, in lower case: ".jsonl" of "x.JSONL.gz"."""
    path = Path(name.lower())
    return Path(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _open_stream(name: str, suffix: str, stream: IO[bytes], report: Report, depth: int) -> Iterator[Input]:
    """One input for a plain or compressed stream, its members for an archive."""
    try:
        buffered = _buffer(stream)
        head = buffered.peek(4)[:4]
        if head[:2] == b"\x1f\x8b":
            if depth >= MAX_ARCHIVE_DEPTH:
                raise UnreadableInputError(f"packed more than {MAX_ARCHIVE_DEPTH} times over; refused")
            yield from _open_stream(name, suffix, _unpack(buffered), report, depth + 1)
        elif suffix == ".zip" or (head == b"PK\x03\x04" and suffix not in _CONVERT):
            yield from _open_zip(name, buffered, report, depth)
        elif suffix in _CONVERT:
            report(Problem(name, f"{suffix} files are not read; save it as PDF, HTML or plain text"))
        else:
            yield Input(name, suffix if suffix in READABLE else "", buffered)
    except READ_ERRORS as error:
        report(Problem(name, str(error) or type(error).__name__))


def _buffer(stream: IO[bytes]) -> io.BufferedReader:
    return (
        stream
        if isinstance(stream, io.BufferedReader)
        else io.BufferedReader(cast(io.RawIOBase, stream), _BUFFER_BYTES)
    )


def _unpack(stream: IO[bytes]) -> IO[bytes]:
    packed = CountingStream(stream)
    unzipped = gzip.GzipFile(fileobj=_buffer(cast(IO[bytes], packed)))
    return cast(IO[bytes], LimitedStream(cast(IO[bytes], unzipped), MAX_EXPANDED_BYTES, packed))


def _open_zip(name: str, stream: io.BufferedReader, report: Report, depth: int) -> Iterator[Input]:
    """The members of an archive in sorted order; an archive that is a bomb by its own directory is refused whole."""
    if depth >= MAX_ARCHIVE_DEPTH:
        raise UnreadableInputError(f"packed more than {MAX_ARCHIVE_DEPTH} times over; refused")
    with _seekable(stream) as seekable, zipfile.ZipFile(seekable) as archive:
        # Not `is_dir`: it fails on a member without a name.
        members = [member for member in archive.infolist() if member.filename and not member.filename.endswith("/")]
        _check_members(members)
        for member in sorted(members, key=lambda member: member.filename):
            parts = Path(member.filename).parts
            if not parts or any(_is_hidden(part) for part in parts) or not is_readable_name(parts[-1]):
                continue
            inner = f"{name}!{member.filename}"
            try:
                with archive.open(member) as unzipped:
                    limited = LimitedStream(unzipped, member.file_size)
                    yield from _open_stream(inner, _suffix(parts[-1]), cast(IO[bytes], limited), report, depth + 1)
            except READ_ERRORS as error:
                report(Problem(inner, str(error) or type(error).__name__))


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_ARCHIVE_MEMBERS:
        raise UnreadableInputError(f"the archive has more than {MAX_ARCHIVE_MEMBERS:,} members; refused")
    expanded = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if expanded > MAX_EXPANDED_BYTES:
        raise UnreadableInputError(f"the archive expands to more than {MAX_EXPANDED_BYTES:,} bytes; refused")
    if expanded > max(MIN_BOMB_BYTES, MAX_RATIO * packed):
        raise UnreadableInputError(f"the archive expands more than {MAX_RATIO} times; refused as a decompression bomb")
    if len({member.header_offset for member in members}) < len(members):
        raise UnreadableInputError("members of the archive overlap; refused as a decompression bomb")


def _seekable(stream: io.BufferedReader) -> IO[bytes]:
    """The stream itself if it can seek, else a copy in a temporary file."""
    if stream.seekable():
        return cast(IO[bytes], stream)
    copy = tempfile.SpooledTemporaryFile(max_size=64 << 20)  # noqa: SIM115 - the caller closes it
    for part in iter(lambda: stream.read(1 << 20), b""):
        copy.write(part)
        if copy.tell() > MAX_NESTED_BYTES:
            copy.close()
            raise UnreadableInputError(f"the inner archive is larger than {MAX_NESTED_BYTES >> 20} MB")
    copy.seek(0)
    return cast(IO[bytes], copy)
