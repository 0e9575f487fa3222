"""Country codes and names in use (ISO, FIPS 10-4, CAMEO, plain words) as ISO 3166 alpha-3."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from timeline.store.imports.crosswalk import plain_name


@dataclass(frozen=True, slots=True)
class Countries:
    """ISO alpha-3 by FIPS code, by CAMEO code, and by plain name or alpha-3; what is in none is unknown."""

    fips: Mapping[str, str]
    cameo: Mapping[str, str]
    names: Mapping[str, str]

    def find(self, written: str) -> str | None:
        """The country of a name or an alpha-3 code."""
        return self.names.get(plain_name(written))


@lru_cache(maxsize=1)
def load_countries() -> Countries:
    """Read resources/country_codes.csv; its columns `fips`, `cameo` and `aliases` hold several values with |."""
    text = (files("timeline") / "resources" / "country_codes.csv").read_text(encoding="utf-8")
    fips, cameo, names = {}, {}, {}
    for row in csv.DictReader(text.splitlines()):
        iso3 = row["iso3"]
        fips.update({code: iso3 for code in row["fips"].split("|") if code})
        cameo.update({code: iso3 for code in row["cameo"].split("|") if code})
        names.update({plain_name(name): iso3 for name in (iso3, row["name"], *row["aliases"].split("|")) if name})
    return Countries(fips, cameo, names)
