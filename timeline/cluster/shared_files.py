"""Files that several machines see: on a shared folder, or at an address that fsspec reads (s3://, gs://, hdfs://, …).

A path without "://" is a local one and needs nothing installed.
"""

from __future__ import annotations

import contextlib
import os
import posixpath
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timeline.errors import TimelineError, UnreadableInputError
from timeline.reading import Problem
from timeline.reading.inputs import find_files, is_readable_name

_STATES = ("ETag", "etag", "mtime", "LastModified", "created")  # what systems call the state of a file


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file; `state` changes when its content does."""

    path: str
    size: int
    state: str

    def __str__(self) -> str:
        return f"{self.path} {self.size} {self.state}"


def is_address(path: str) -> bool:
    """Whether a path is an address for fsspec."""
    return "://" in path


def list_shared(path: str, on_problem: Callable[[Problem], None]) -> Iterator[SharedFile]:
    """Every readable file behind a path: itself, or those of a folder or pattern, sorted."""
    if not is_address(path):
        for file in find_files(path, on_problem):
            stat = file.stat()
            yield SharedFile(str(file.absolute()), stat.st_size, str(stat.st_mtime_ns))
        return
    system, inner = _open_system(path)
    try:
        found = sorted(system.glob(inner)) if any(mark in inner for mark in "*?[") else [inner]
        names = [name for one in found for name in (sorted(system.find(one)) if system.isdir(one) else [one])]
        infos = [
            (name, system.info(name)) for name in names if name == inner or is_readable_name(posixpath.basename(name))
        ]
    except (OSError, ValueError) as error:
        on_problem(Problem(path, str(error) or type(error).__name__))
        return
    if not infos:
        on_problem(Problem(path, "no file matches"))
    for name, info in infos:
        state = next(
            (str(info[key]) for key in ("ETag", "etag", "mtime", "LastModified", "created") if key in info), ""
        )
        yield SharedFile(system.unstrip_protocol(name), int(info.get("size") or 0), state)


@contextlib.contextmanager
def fetch_file(path: str) -> Iterator[str]:
    """A local path to read a file by: its own, or that of a copy."""
    if not is_address(path):
        yield path
        return
    system, inner = _open_system(path)
    with tempfile.TemporaryDirectory() as folder:
        local = Path(folder) / posixpath.basename(inner)
        system.get_file(inner, str(local))
        yield str(local)


def list_names(folder: str) -> frozenset[str]:
    """Names of the files in a folder, none if it is not there."""
    if not is_address(folder):
        path = Path(folder).expanduser()
        return frozenset(file.name for file in path.iterdir()) if path.is_dir() else frozenset()
    system, inner = _open_system(folder)
    system.invalidate_cache()
    return frozenset(posixpath.basename(name) for name in system.find(inner)) if system.exists(inner) else frozenset()


def list_addresses(address: str, suffix: str) -> tuple[str, ...]:
    """The addresses of the files with a suffix behind an address, a folder's or a file's own, sorted.

    Raises:
        UnreadableInputError: Nothing is there, or the address cannot be read.
    """
    system, inner = _open_system(address)
    try:
        names = sorted(system.find(inner))
    except (OSError, ValueError) as error:
        raise UnreadableInputError(f"{address}: {error or type(error).__name__}") from error
    found = tuple(system.unstrip_protocol(name) for name in names if name.endswith(suffix))
    if not found:
        raise UnreadableInputError(f"{address}: no {suffix} file is there")
    return found


def put_file(file: Path, folder: str) -> None:
    """Put a local file into a folder under its name; it appears there whole."""
    if not is_address(folder):
        target = Path(folder).expanduser()
        target.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=target, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as copy:
                copy.write(file.read_bytes())
                copy.flush()
                os.fsync(copy.fileno())
            Path(part).replace(target / file.name)
        finally:
            Path(part).unlink(missing_ok=True)  # on a full disk it is in the way
        return
    system, inner = _open_system(folder)
    system.makedirs(inner, exist_ok=True)
    part = f"{inner}/.{file.name}.{os.getpid()}.part"
    system.put_file(str(file), part)
    system.mv(part, f"{inner}/{file.name}")


def _open_system(address: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError as error:
        raise TimelineError(
            f"{address}: such addresses need the extra: pip install 'event-timeline[cluster]'"
        ) from error
    try:
        system, inner = fsspec.core.url_to_fs(address)
    except (ValueError, ImportError) as error:
        raise UnreadableInputError(f"{address}: {error}") from error
    return system, inner
