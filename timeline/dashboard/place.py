"""Which project this server shows: the folder named in TIMELINE_PROJECT, or the bundled sample's."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path

VARIABLE = "TIMELINE_PROJECT"
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"


def project_folder() -> Path:
    """The folder of the project; for the sample one in the user's own data folder, since ours may be read-only."""
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named).expanduser() if named else _sample_folder()


def shows_sample() -> bool:
    """Whether the bundled sample is shown, rather than a project of the user's."""
    return not os.environ.get(VARIABLE, "").strip()


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
