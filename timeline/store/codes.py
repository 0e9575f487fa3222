"""Small integers of the event table: what each stands for, and the keys of events.

The order is part of the file format: append, never reorder. Unknown is NULL in the table.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from timeline.errors import StoreError

EVENT_TYPE_CODES = (
    "STATEMENT", "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
REALIS_CODES = ("actual", "planned", "called_for", "hypothetical", "denied", "historical")
PRECISION_CODES = ("day", "week", "month", "season", "quarter", "year", "decade", "approximate", "unknown")
BASIS_CODES = ("stated", "sentence", "carried", "published", "none", "corrected")


def name_event(key: int) -> str:
    """The public id of an event: the 64 bits of its key as 16 hexadecimal digits."""
    return f"{key & 0xFFFF_FFFF_FFFF_FFFF:016x}"


def name_events(keys: NDArray[np.int64]) -> list[str]:
    """The same of many keys, written all at once."""
    text = keys.astype(">i8").tobytes().hex()
    return [text[place : place + 16] for place in range(0, len(text), 16)]


def event_key(name: str) -> int:
    """The key of an event from its public id; raises StoreError on anything else."""
    try:
        if len(name) != 16:
            raise ValueError(name)
        return int.from_bytes(bytes.fromhex(name), "big", signed=True)
    except ValueError:
        raise StoreError(f"{name!r:.60} is no event id; it has 16 hexadecimal digits") from None
