"""Event types, quad classes and scores: PLOVER (Halterman et al. 2023) plus STATEMENT.

The scores follow PLOVER's table of Goldstein-like intensities with one correction: it prints ACCUSE as
+3, although its modes run from -2 to -3.5; we take -2. SANCTION is material conflict, as in the running text.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

QUAD_CLASSES = MappingProxyType(
    {
        0: "Neutral",
        1: "Verbal cooperation",
        2: "Material cooperation",
        3: "Verbal conflict",
        4: "Material conflict",
    }
)

SECTORS = MappingProxyType({
    "AGR": "Agriculture", "BUS": "Business", "COP": "Police", "CRM": "Crime", "CVL": "Civilians",
    "EDU": "Education", "ELI": "Former elites", "GOV": "Government", "IGO": "International organisation",
    "JRN": "Journalists", "JUD": "Judiciary", "LAB": "Labour", "LEG": "Legislature", "MED": "Health",
    "MIL": "Military", "MNC": "Multinational company", "NGO": "Non-governmental organisation",
    "OPP": "Political opposition", "PRE": "Unrecognised state", "PRM": "Paramilitary", "PTY": "Political party",
    "REB": "Rebels", "REF": "Refugees", "REL": "Religion", "SOC": "Civil society", "SPY": "Intelligence",
    "UAF": "Unidentified armed force", "UNK": "Unknown",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventType:
    """One event type: its quad class (0-4), Goldstein-like score (-10 to +10) and main CAMEO root."""

    name: str
    label: str
    quad_class: int
    goldstein: float
    cameo_root: str
    meaning: str


def _types(*rows: tuple[str, str, int, float, str, str]) -> MappingProxyType[str, EventType]:
    return MappingProxyType({row[0]: EventType(*row) for row in rows})


EVENT_TYPES = _types(
    ("STATEMENT", "statement", 0, 0.0, "01", "says something about another actor without taking sides"),
    ("AGREE", "agree", 1, 2.5, "03", "agrees, promises or declares its will to cooperate"),
    ("CONSULT", "consult", 1, 2.5, "04", "meets, calls, visits, negotiates or mediates"),
    ("SUPPORT", "support", 1, 5.0, "05", "praises, endorses, defends or allies itself in words"),
    ("CONCEDE", "concede", 1, 4.5, "08", "gives way: apologises, accepts demands, lifts a restriction"),
    ("COOPERATE", "cooperate", 2, 9.5, "06", "works together in fact: trade, joint patrols, shared intelligence"),
    ("AID", "aid", 2, 10.0, "07", "gives money, arms, goods, shelter, medical or military help"),
    ("RETREAT", "retreat", 2, 6.5, "08", "withdraws, frees prisoners, ceases fire, disarms"),
    ("REQUEST", "request", 3, 0.0, "10", "asks for, urges, demands or proposes an act"),
    ("ACCUSE", "accuse", 3, -2.0, "11", "blames, criticises, condemns, sues or investigates"),
    ("REJECT", "reject", 3, -2.0, "12", "refuses, vetoes, denies permission or breaks off talks"),
    ("THREATEN", "threaten", 3, -3.5, "13", "warns of harm or sanctions if its will is not done"),
    ("PROTEST", "protest", 4, -5.0, "14", "demonstrates, strikes, blocks a road or riots"),
    ("SANCTION", "sanction", 4, -6.0, "16", "cuts relations, aid or trade; imposes sanctions, expels"),
    ("MOBILIZE", "mobilise", 4, -5.5, "15", "moves or readies forces, shows military strength"),
    ("COERCE", "coerce", 4, -7.0, "17", "arrests, seizes, censors, evicts, cyber-attacks, represses"),
    ("ASSAULT", "assault", 4, -9.0, "18", "attacks, kills, bombs, abducts, tortures, fights"),
)
