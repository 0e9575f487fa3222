"""Short forms and pronouns to the actors named before them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from spacy.tokens import Doc

from timeline.coding.actors import ActorResolver
from timeline.records import Mention


def resolve_references(
    doc: Doc, named: Sequence[Mention], resolver: ActorResolver, published: dt.date | None
) -> tuple[Mention, ...]:
    """Add the mentions that only the context explains to those that name their actor."""
    return tuple(named)
