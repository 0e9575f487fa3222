"""Files to import as streams of UTF-8: plain, .gz, or members of a .zip; their content's hash; limits.

Bytes that are not UTF-8 are read as Windows-1252, which old exports mix in, so no row is lost to its encoding.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from timeline.errors import UnreadableInputError

_CHUNK = 1 << 20
_FREE_BYTES, _MOST_RATIO = 64 << 20, 200  # a longer text more than so many times its packed size is a bomb
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Input:
    """One table in a file: the file itself, or a member of an archive.

    `digest` is that of the file's bytes (and the member's name), `size` the packed size.
    """

    name: str
    path: Path
    member: str
    digest: str
    size: int

    @property
    def is_parquet(self) -> bool:
        """Whether the file says of itself that it is Parquet."""
        if self.member:
            return False
        with self.path.open("rb") as file:
            return file.read(4) == _PARQUET

    @contextmanager
    def open(self) -> Iterator[Utf8Stream]:
        """The text as UTF-8 bytes, unpacked on the way.

        Raises:
            UnreadableInputError: While reading: the archive is damaged, or unpacks to far too much.
        """
        with self.path.open("rb") as packed:
            if self.member:
                with _explained(self.name), zipfile.ZipFile(packed) as archive, archive.open(self.member) as member:
                    yield Utf8Stream(member, self.name, self.size, packed.tell)
            elif packed.peek(2)[:2] == b"\x1f\x8b":
                with _explained(self.name), gzip.GzipFile(fileobj=packed) as unpacked:
                    yield Utf8Stream(unpacked, self.name, self.size, packed.tell)
            else:
                yield Utf8Stream(packed, self.name, 0, packed.tell)


class Utf8Stream(io.RawIOBase):
    """Bytes of UTF-8 from bytes in UTF-8, UTF-16 with a mark, or a mix with Windows-1252; without the mark."""

    def __init__(self, raw: IO[bytes] | gzip.GzipFile, name: str, packed: int, tell: Callable[[], int]) -> None:
        self._raw, self._name, self._packed, self.tell_packed = raw, name, packed, tell
        self._done, self._carry, self._ready, self._end = 0, b"", b"", False
        self._decoder: codecs.IncrementalDecoder | None = None
        first = self._pull(4)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._carry = first.removeprefix(codecs.BOM_UTF8)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes (all if negative); fewer only at the end."""
        parts, got = [self._ready], len(self._ready)
        while (size < 0 or got < size) and not self._end:
            parts.append(self._next())
            got += len(parts[-1])
        data = b"".join(parts)
        cut = len(data) if size < 0 else size
        self._ready = data[cut:]
        return data[:cut]

    def _next(self) -> bytes:
        chunk = self._pull(_CHUNK)
        self._end = not chunk
        data, self._carry = self._carry + chunk, b""
        if self._decoder:
            return self._decoder.decode(data, final=self._end).encode("utf-8", "replace")
        try:
            _, used = codecs.utf_8_decode(data, "strict", self._end)
        except UnicodeDecodeError:
            text, used = codecs.utf_8_decode(data, "timeline-cp1252", self._end)
            self._carry = data[used:]
            return text.encode()
        self._carry = data[used:]
        return data[:used]

    def _pull(self, size: int) -> bytes:
        try:
            chunk = self._raw.read(size)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise UnreadableInputError(f"{self._name}: the archive is damaged or cut short ({error})") from error
        self._done += len(chunk)
        if self._packed and self._done > max(_FREE_BYTES, _MOST_RATIO * self._packed):
            raise UnreadableInputError(
                f"{self._name}: unpacks to over {_MOST_RATIO} times its size; if you trust it, unpack it"
            )
        return chunk


def list_inputs(path: Path) -> list[Input]:
    """The tables in a file, sorted by name.

    Raises:
        UnreadableInputError: It is missing, a folder, empty, or an archive that cannot be opened.
    """
    if not path.exists():
        raise UnreadableInputError(f"{path}: there is no such file")
    if path.is_dir():
        raise UnreadableInputError(f"{path}: is a folder; name the files in it, for example {path}/*")
    size = path.stat().st_size
    if not size:
        raise UnreadableInputError(f"{path}: the file is empty")
    digest = _hash_file(path)
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return [Input(str(path), path, "", digest, size)]
    with _explained(str(path)), zipfile.ZipFile(path) as archive:
        # Not `is_dir`: it fails on a member without a name.
        members = [
            item
            for item in archive.infolist()
            if item.filename and not item.filename.endswith("/") and not item.filename.startswith("__MACOSX")
        ]
    if not members:
        raise UnreadableInputError(f"{path}: the archive is empty")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableInputError(f"{path}: the archive needs a password; unpack it yourself")
    several = len(members) > 1
    return [
        Input(
            f"{path}/{member.filename}" if several else str(path),
            path,
            member.filename,
            hashlib.blake2b(f"{digest}/{member.filename}".encode(), digest_size=8).hexdigest() if several else digest,
            member.compress_size,
        )
        for member in sorted(members, key=lambda member: member.filename)
    ]


def _hash_file(path: Path) -> str:
    total = hashlib.blake2b(digest_size=8)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableInputError(f"{name}: the archive is damaged or cut short ({error})") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # what zipfile makes of an offset outside the file
            raise
        raise UnreadableInputError(f"{name}: the archive is damaged: it points outside itself") from error


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("timeline-cp1252", _as_cp1252)
