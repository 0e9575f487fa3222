"""What actors are called that the lexicon has no entry for: composed ones ("Turkish rebels") and proposed ones."""

from __future__ import annotations

import re

from timeline.coding.entries import Entry
from timeline.coding.words import split_words
from timeline.records import Actor

LABELS = {
    "AGR": "farmers", "BUS": "business", "COP": "police", "CRM": "criminals", "CVL": "civilians", "EDU": "academics",
    "ELI": "former elites", "GOV": "government", "IGO": "international body", "JRN": "journalists", "JUD": "judiciary",
    "LAB": "workers", "LEG": "lawmakers", "MED": "medical staff", "MIL": "military", "MNC": "multinationals",
    "NGO": "aid organisations", "OPP": "opposition", "PRE": "unrecognised state", "PRM": "paramilitaries",
    "PTY": "politicians", "REB": "rebels", "REF": "refugees", "REL": "religious figures", "SOC": "civil society",
    "SPY": "intelligence", "UAF": "armed men", "UNK": "unnamed {} people",
}  # fmt: skip
_BODY_NAMES = {"EUR": "European Union", "UNO": "UN", "IGO": "international", "NGO": "charity", "MNC": "multinational"}
_SPACES = re.compile(r"\s+")


def display_name(country: str | None, sector: str | None, state: Entry | None) -> str:
    """ "Turkish rebels", "unnamed Turkish people", "European Union officials"."""
    label = LABELS.get(sector or "UNK", "")
    if country in _BODY_NAMES and sector in ("GOV", "IGO", None):
        label = "officials"
    adjective = _BODY_NAMES.get(country or "") or (state.demonyms[0] if state and state.demonyms else country) or ""
    written = label.replace("{}", adjective) if "{}" in label else f"{adjective} {label}"
    written = _SPACES.sub(" ", written).strip()
    return written[:1].upper() + written[1:]


def propose(name: str, country: str | None, sector: str | None) -> Actor:
    """An actor that the lexicon does not know, named as in the text."""
    slug = "-".join(word.key for word in split_words(name))
    return Actor(f"x-{slug}", name, country, sector, country, known=False)
