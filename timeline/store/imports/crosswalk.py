"""What other people's codes stand for in ours, read from resources/cameo_crosswalk.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from timeline.ontology import EVENT_TYPES, SECTORS

_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The tables of the resource, see its header. A sector or type of "" is known to have none in PLOVER."""

    events: Mapping[str, str]  # PLOVER type by CAMEO code
    names: Mapping[str, str]  # CAMEO code by plain name
    types: Mapping[str, str]
    regions: Mapping[str, str]
    groups: Mapping[str, str]
    icews: Mapping[str, str]
    acled: Mapping[str, str]
    inter: Mapping[str, str]

    def find_code(self, written: str, root: str = "") -> str | None:
        """The CAMEO code behind a code or a name, None if there is no such code.

        Spreadsheets drop leading zeros: "40" is read as 040, and "10" as 010 or 10 by the root's own column.
        """
        text = written.strip()
        if not text.isascii() or not text.isdigit():
            return self.names.get(plain_name(text))
        fitting = [code for code in (text, f"0{text}") if code in self.events]
        if root.strip().isdigit() and len(fitting) > 1:
            same = [code for code in fitting if int(code[:2]) == int(root)]
            return same[0] if same else None
        return fitting[0] if fitting else None


@lru_cache(maxsize=1)
def load_crosswalk() -> Crosswalk:
    """Read the resource."""
    raw: dict[str, Any] = yaml.safe_load(
        (files("timeline") / "resources" / "cameo_crosswalk.yaml").read_text(encoding="utf-8")
    )
    events = {code: row[0] for code, row in raw["events"].items()}
    # A root and its unspecified code share a name; the longer code comes later and is what files mean.
    names = {plain_name(name): code for code, row in raw["events"].items() for name in row[1:]}
    unknown = {*events.values(), *raw["acled"].values()} - {"", *EVENT_TYPES}
    unknown |= {value for part in ("types", "icews", "inter") for value in raw[part].values()} - {"", *SECTORS}
    if unknown:
        raise ValueError(f"cameo_crosswalk.yaml: neither event types nor sectors: {', '.join(sorted(unknown))}")
    rest = {part: raw[part] for part in ("types", "regions", "groups", "icews", "acled", "inter")}
    return Crosswalk(events, names, **rest)


def plain_name(text: str) -> str:
    """A name without case and punctuation."""
    return " ".join(_WORDS.findall(text.casefold()))
