"""What this server shows: the project in TIMELINE_PROJECT, the tables at TIMELINE_ENGINE, or the bundled sample."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

VARIABLE = "TIMELINE_PROJECT"
ENGINE_VARIABLE = "TIMELINE_ENGINE"
ALLOWED_VARIABLE = "TIMELINE_ENGINE_BYTES"  # what an engine that bills may read unasked
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"


def project_folder() -> Path:
    """The folder of the project; for the sample one in the user's own data folder, since ours may be read-only."""
    if engine_address():
        return _empty_folder()
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named).expanduser() if named else _sample_folder()


def shows_sample() -> bool:
    """Whether the bundled sample is shown, rather than a project of the user's."""
    return not (engine_address() or os.environ.get(VARIABLE, "").strip())


def engine_address() -> str:
    """The address of the engine whose tables are shown, with its password if it has one; "" for a project."""
    return os.environ.get(ENGINE_VARIABLE, "").strip()


def engine_name() -> str:
    """The engine for people, without user and password; "" for a project."""
    parts = urlsplit(engine_address())
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}{query}" if parts.scheme else ""


def allowed_bytes() -> int:
    """How much of an engine that bills may be read unasked."""
    given = os.environ.get(ALLOWED_VARIABLE, "").strip()
    return int(given) if given.isdigit() else 0


@cache
def _empty_folder() -> Path:
    """Where the empty project lies that stands for the articles and corrections an engine does not hold."""
    return Path(tempfile.mkdtemp(prefix="event-timeline-")) / "engine"


@cache
def _sample_folder() -> Path:
    """A place for the sample that can be written to: the data folder, else the temporary folder."""
    for base in (_data_home(), Path(tempfile.gettempdir())):
        folder = base / "event-timeline" / "idlib-sample"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="event-timeline-")) / "idlib-sample"


def _data_home() -> Path:
    """The folder for a user's application data on this system."""
    if os.environ.get("XDG_DATA_HOME"):
        return Path(os.environ["XDG_DATA_HOME"])
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"])
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is no home
    return home / "Library" / "Application Support" if sys.platform == "darwin" else home / ".local" / "share"
