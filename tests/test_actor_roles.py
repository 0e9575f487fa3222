"""Who takes part in an act where several actors share their words, their noun or their office."""

from __future__ import annotations

import datetime as dt

import pytest
from mention_cases import invented_resolver

from timeline.coding.frames import load_frames
from timeline.coding.mentions import recognise_mentions
from timeline.coding.parsing import parse
from timeline.coding.relations import code_relations

# ruff: noqa: E501 -- a case a line
CASES = [
    ("shared-noun", "Zubrovian and Norlandic troops attacked Quessel.", "ASSAULT", {"zub-armed-forces", "NRL-MIL"}, {"QES"}),
    ("office-list", "The presidents of Zubrovia and Norlund met.", "CONSULT", {"dragan-velk", "ilse-torp"}, {"dragan-velk", "ilse-torp"}),
    ("office-list-as-target", "Quessel threatened the presidents of Zubrovia and Norlund.", "THREATEN", {"QES"}, {"dragan-velk", "ilse-torp"}),
    ("two-countries", "Zubrovia and Norlund argued. The two countries signed a deal.", "SUPPORT", {"ZUB", "NRL"}, {"ZUB", "NRL"}),
    ("one-of-two", "Zubrovian troops attacked Quessel while Norlandic troops fled.", "ASSAULT", {"zub-armed-forces"}, {"QES"}),
    ("date-before-subject", "On 20 January Norlund bombed the port of Quessel.", "ASSAULT", {"NRL"}, {"QES"}),
    ("year-before-subject", "In 2016 Norlund attacked the army of Quessel.", "ASSAULT", {"NRL"}, {"QES-MIL"}),
    ("date-before-three", "In January 2017 Zubrovia, Norlund and Quessel signed a treaty.", "SUPPORT", {"ZUB", "NRL", "QES"}, {"ZUB", "NRL", "QES"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "event_type", "sources", "targets"), CASES, ids=[case[0] for case in CASES])
def test_all_take_part(name: str, text: str, event_type: str, sources: set[str], targets: set[str]) -> None:
    """Every actor that a subject or object names is a source or target; others are not."""
    doc = parse(text)
    mentions = recognise_mentions(doc, invented_resolver(), dt.date(2018, 4, 5))
    found = [
        ({m.actor.id for m in relation.sources if m.actor}, {m.actor.id for m in relation.targets if m.actor})
        for relation in code_relations(doc, mentions, load_frames())
        if relation.event_type == event_type
    ]

    assert (sources, targets) in found
