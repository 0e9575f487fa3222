"""Exports read by the programs they are for, where they run under Node: see tests/readers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from story_samples import DAY, MARCH, NOBODY_KNOWS, PROVENANCE, SINCE, make_reported
from view_samples import make_event, make_events, make_many_events

from timeline.records import Actor
from timeline.views.graph_exports import write_cyjs, write_gexf
from timeline.views.stories import tell
from timeline.views.storylines import write_markwhen

READERS = Path(__file__).parent / "readers"


@pytest.fixture
def read(tmp_path):
    """Reads bytes with a program's reader: read(format, content)."""
    if not shutil.which("node") or not (READERS / "node_modules").is_dir():
        if os.environ.get("CI_REQUIRE_NODE"):
            pytest.fail("Node or tests/readers/node_modules is missing")
        pytest.skip("needs Node and its packages: npm ci --prefix tests/readers")

    def run(name, content):
        file = tmp_path / f"file.{name}"
        file.write_bytes(content)
        done = subprocess.run(["node", READERS / "read.mjs", name, file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


def test_markwhen_reads_our_text(read):
    words = "2019-01-01: and #tag @ref [x](javascript:go) !id - [ ] 50 % // no"
    items = [
        make_reported("a1", MARCH, sentence=words, title="key: value", source=Actor("n", "جبهة النهر")),
        make_reported("b2", DAY),
        make_reported("c3", NOBODY_KNOWS),
        make_reported("d4", SINCE, title="### A heading"),
    ]

    found = read("markwhen", write_markwhen([tell(item) for item in items], PROVENANCE))

    assert found["title"] == "Events: Riverland"
    assert found["messages"] == []
    month, since, day = found["events"]
    assert (month["date"], month["from"][:10], month["to"][:10]) == ("2020-03", "2020-03-01", "2020-04-01")
    assert (day["date"], day["from"][:10], day["to"][:10]) == ("2020-03-05", "2020-03-05", "2020-03-06")
    assert since["title"] == "Arvonia → Belmark · Accuse (since 2 Mar 2020)"
    assert month["title"].replace("\u200e", "").startswith("جبهة النهر → Belmark · Accuse")
    assert [event["tags"] for event in found["events"]] == [["conflict"]] * 3
    assert [event["properties"] for event in found["events"]] == [{}] * 3
    assert {kind for event in found["events"] for kind, _ in event["more"]} == {"text"}
    assert words in " ".join(raw for _, raw in month["more"]).replace("\u2060", "")


def test_graphology_reads_our_gexf(read):
    events = make_events(make_event("a1"), make_event("a2", start=None), make_event("b2", event_type="AID"))

    found = read("gexf", write_gexf(events, PROVENANCE, {"ARV": (0.1, 0.2)}))

    assert (found["type"], found["multi"]) == ("directed", True)
    assert dict(found["nodes"])["ARV"]["label"] == "Arvonia"
    assert dict(found["nodes"])["ARV"]["x"] == 100
    assert {(s, t, d["sign"], d["weight"]) for s, t, d in found["edges"]} == {
        ("ARV", "BEL", "conflict", 2),
        ("ARV", "BEL", "cooperation", 1),
    }


def test_cytoscape_reads_our_network(read):
    events = make_many_events(80)
    nodes = {i for row in events.to_dict("records") for i in (*row["source_ids"], *row["target_ids"])}
    places = {node: (number / 10, number / 20) for number, node in enumerate(sorted(nodes))}

    found = read("cyjs", write_cyjs(events, PROVENANCE, places))

    assert found["data"]["filter"] == "actors: Arvonia as source"
    assert {node: (p["x"], p["y"]) for node, _, p in found["nodes"]} == {
        node: (x * 1000, y * 1000) for node, (x, y) in places.items()
    }
    assert all(s in nodes and t in nodes and sign in ("cooperation", "conflict", "neutral") and weight > 0
               for s, t, sign, weight in found["edges"])  # fmt: skip
    assert len(found["edges"]) > 10
