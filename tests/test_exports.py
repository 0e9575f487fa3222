"""Exports, each read back by a reader that is not ours."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import xml.etree.ElementTree as ET

import duckdb
import networkx as nx
import openpyxl
import pandas as pd
import pyarrow.parquet as papq
import pytest
from kaleido import PageGenerator
from lxml import etree
from view_samples import draw_timeline, make_actors, make_event, make_events, make_many_events

from timeline.queries.filters import EventFilter
from timeline.views import images
from timeline.views.exports import COLUMNS, guard_formula, list_rows, write_csv, write_jsonl, write_parquet, write_xlsx
from timeline.views.graph_exports import join_days, write_cyjs, write_gexf, write_graphml
from timeline.views.palette import DARK, LIGHT
from timeline.views.provenance import Provenance
from timeline.views.svg import render_figure

PROVENANCE = Provenance(
    filter=EventFilter(actors=("ARV",), role="source"), events=2, total=9, fingerprint="abc123",
    coder="0.1 (lexicon 7)",
    made=dt.datetime(2020, 3, 6, 14, 5, tzinfo=dt.UTC), project="=Idlib", actor_names=("Arvonia",),
)  # fmt: skip
SPACE = {"g": "http://gexf.net/1.3", "v": "http://gexf.net/1.3/viz"}
NASTY = '=HYPERLINK("http://x")\x00 “quoted”, جبهة'


def _events():
    return make_events(
        make_event("a1", sentence=NASTY, target_names=["Bel\ud800mark"]),
        make_event("b2", event_type="CONSULT", sources=("ARV", "BEL"), targets=("ARV", "BEL"), start=None),
    )


def test_csv_reads_back_with_pandas_and_says_where_it_comes_from():
    data = write_csv(_events(), PROVENANCE)
    lines = data.decode("utf-8-sig").splitlines()
    comments = [line for line in lines if line.startswith("# ")]

    table = pd.read_csv(io.BytesIO(data), skiprows=len(comments), dtype=str, encoding="utf-8-sig")

    assert f"{len(comments)} comment lines" in comments[0]
    assert "# Filter: actors: Arvonia as source" in comments
    assert "# Events: 2 of 9" in comments
    assert "# Exported: 2020-03-06T14:05:00+00:00" in comments
    assert list(table.columns) == list(COLUMNS)
    assert table["start"].tolist()[0] == "2020-03-05"
    assert table["source_names"].tolist()[1] == "Arvonia; Belmark"
    assert table["cameo_root"].tolist() == ["11", "04"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r=", " =", "＝"])
def test_nothing_in_a_spreadsheet_runs_as_a_formula(start):
    events = make_events(make_event("a1", sentence=f"{start}1+1", source_names=[f"{start}cmd"]))

    rows = list(csv.reader(io.StringIO(write_csv(events, PROVENANCE).decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(events, PROVENANCE)))["Events"]

    cells = dict(zip(COLUMNS, rows[-1], strict=True))
    assert cells["sentence"].startswith("'")
    assert cells["source_names"].startswith("'")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.cell(2, COLUMNS.index("sentence") + 1).value.startswith("'")


def test_plain_text_and_numbers_are_left_as_they_are():
    assert guard_formula("Arvonia accused Belmark - twice") == "Arvonia accused Belmark - twice"
    row = openpyxl.load_workbook(io.BytesIO(write_xlsx(_events(), PROVENANCE)))["Events"][2]
    assert row[COLUMNS.index("goldstein")].value == -2.0


def test_xlsx_says_where_it_comes_from():
    about = openpyxl.load_workbook(io.BytesIO(write_xlsx(_events(), PROVENANCE)))["About"]

    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["Project"] == "'=Idlib"
    assert said["Data version"] == "abc123"
    assert said["Coder version"] == "0.1 (lexicon 7)"


def test_json_lines_keep_texts_verbatim_but_for_what_utf8_cannot_hold():
    head, first, second = (json.loads(line) for line in write_jsonl(_events(), PROVENANCE).decode("utf-8").splitlines())

    assert head["provenance"]["events"] == "2 of 9"
    assert first["sentence"] == NASTY.replace("\x00", " ")
    assert first["target_names"] == ["Bel\ufffdmark"]
    assert first["source_ids"] == ["ARV"]
    assert (second["start"], second["latitude"]) == (None, None)


def test_parquet_reads_back_with_duckdb_and_pandas(tmp_path):
    file = tmp_path / "events.parquet"
    file.write_bytes(write_parquet(_events().assign(url="https://news.example/1"), PROVENANCE))

    first, second = duckdb.sql(
        f"SELECT start, target_names, sentence, corrected, url, latitude FROM '{file}' ORDER BY event_id"
    ).fetchall()
    table = pd.read_parquet(file)

    assert first[0] == dt.date(2020, 3, 5)
    assert first[1:5] == (["Bel\ufffdmark"], NASTY.replace("\x00", " "), None, "https://news.example/1")
    assert (second[0], second[5]) == (None, None)
    assert list(table.columns) == list(COLUMNS)
    said = {key.decode(): value.decode() for key, value in papq.read_metadata(file).metadata.items()}
    assert (said["filter"], said["data_version"]) == ("actors: Arvonia as source", "abc123")


def test_what_a_reader_corrected_is_in_every_table():
    events = _events().assign(corrected=[True, False], reviewed=[False, True])

    rows = list(list_rows(events))

    assert [(row["corrected"], row["reviewed"]) for row in rows] == [(True, False), (False, True)]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://a b", ""])
def test_only_plain_web_addresses_are_exported(url):
    (row,) = list_rows(make_events(make_event("a1")).assign(url=url))

    assert row["url"] is None


def test_exports_repeat_byte_for_byte():
    assert write_csv(_events(), PROVENANCE) == write_csv(_events(), PROVENANCE)
    assert write_gexf(_events(), PROVENANCE) == write_gexf(_events(), PROVENANCE)


def test_an_export_of_nothing_is_a_valid_file():
    empty = make_events()

    assert write_csv(empty, PROVENANCE).decode("utf-8-sig").splitlines()[-1] == ",".join(COLUMNS)
    assert len(write_jsonl(empty, PROVENANCE).splitlines()) == 1
    assert nx.read_gexf(io.BytesIO(write_gexf(empty, PROVENANCE)), version="1.3").number_of_nodes() == 0
    assert openpyxl.load_workbook(io.BytesIO(write_xlsx(empty, PROVENANCE)))["Events"].max_row == 1


def test_graphml_reads_back_with_networkx():
    events = make_events(
        make_event("a1", source_names=["A & B\x00"]), make_event("a2", start=None), make_event("b2", event_type="AID")
    )

    graph = nx.read_graphml(io.BytesIO(write_graphml(events, PROVENANCE)))

    edges = {d["sign"]: d for _, _, d in graph.edges(data=True)}
    assert graph.is_directed()
    assert (edges["conflict"]["weight"], edges["conflict"]["start"]) == (2, "2020-03-05")
    assert edges["conflict"]["event_ids"] == "a1 a2"
    assert graph.nodes["ARV"]["label"] == "A & B "
    assert graph.graph["filter"] == "actors: Arvonia as source"


def test_gexf_is_dynamic_with_joined_spells_and_our_time():
    month = {"start": dt.date(2020, 3, 1), "end": dt.date(2020, 3, 31), "precision": "month"}
    events = make_events(
        make_event("a1"), make_event("a2", **month), make_event("a3", start=dt.date(2020, 5, 1)),
        make_event("a4", sources=("COR",), start=None),
    )  # fmt: skip

    data = write_gexf(events, PROVENANCE, {"ARV": (0.5, 0.25)})

    root = etree.fromstring(data)
    graph = root.find("g:graph", SPACE)
    assert (graph.get("mode"), graph.get("timeformat"), graph.get("start")) == ("dynamic", "date", "2020-03-01")
    joined = [("2020-03-01", "2020-03-31"), ("2020-05-01", "2020-05-01")]
    assert _spells(root, "g:edge[@source='ARV']") == joined
    assert _spells(root, "g:node[@id='ARV']") == joined
    assert _spells(root, "g:node[@id='COR']") == []
    assert root.find("g:meta", SPACE).get("lastmodifieddate") == "2020-03-06"
    assert "Arvonia as source" in root.find("g:meta/g:description", SPACE).text
    assert root.find(".//v:position", SPACE).attrib == {"x": "500.0", "y": "-250.0", "z": "0.0"}
    assert nx.read_gexf(io.BytesIO(data), version="1.3").nodes["ARV"]["label"] == "Arvonia"


def _spells(root, path):
    return [(s.get("start"), s.get("end")) for s in root.findall(f".//{path}/g:spells/g:spell", SPACE)]


def test_gexf_keeps_the_rules_of_its_schema():
    """GEXF 1.3: attributes that exist, of their types; references that lead somewhere; spells in order and apart."""
    root = etree.fromstring(write_gexf(make_many_events(120), PROVENANCE))

    allowed = {
        "graph": {"timeformat", "timerepresentation", "start", "end", "defaultedgetype", "mode"},
        "node": {"id", "label"}, "edge": {"id", "source", "target", "label", "kind", "weight"},
        "attributes": {"class", "mode"}, "attribute": {"id", "title", "type"}, "attvalue": {"for", "value"},
        "spell": {"start", "end"}, "nodes": {"count"}, "edges": {"count"}, "gexf": {"version"},
        "meta": {"lastmodifieddate"},
    }  # fmt: skip
    for element in root.iter(f"{{{SPACE['g']}}}*"):
        assert set(element.attrib) <= allowed.get(etree.QName(element).localname, set()), element.tag
    nodes, edges = root.findall(".//g:node", SPACE), root.findall(".//g:edge", SPACE)
    ids = [e.get("id") for e in (*nodes, *edges)]
    assert len(ids) == len(set(ids))
    assert int(root.find(".//g:nodes", SPACE).get("count")) == len(nodes)
    assert int(root.find(".//g:edges", SPACE).get("count")) == len(edges) > 20
    known = {node.get("id") for node in nodes}
    assert all(e.get("source") in known and e.get("target") in known and float(e.get("weight")) > 0 for e in edges)
    for owner, items in (("node", nodes), ("edge", edges)):
        types = {
            a.get("id"): a.get("type") for a in root.findall(f".//g:attributes[@class='{owner}']/g:attribute", SPACE)
        }
        for item in items:
            values = {v.get("for"): v.get("value") for v in item.findall("g:attvalues/g:attvalue", SPACE)}
            assert set(values) == set(types)
            assert all(values[name].isdigit() for name, kind in types.items() if kind == "integer")
            spells = [(dt.date.fromisoformat(s.get("start")), dt.date.fromisoformat(s.get("end")))
                      for s in item.findall("g:spells/g:spell", SPACE)]  # fmt: skip
            assert spells == join_days(spells)
            assert all(first <= last for first, last in spells)


def test_cytoscape_json_without_every_place_has_none():
    events = make_events(make_event("a1"))

    nodes = json.loads(write_cyjs(events, PROVENANCE, {"ARV": (0.5, 0.25)}))["elements"]["nodes"]

    assert [("position" in node, node["data"]["name"]) for node in nodes] == [(False, "Arvonia"), (False, "Belmark")]


def test_a_meeting_gives_an_edge_each_way_and_none_to_oneself():
    meeting = make_event("m", event_type="CONSULT", sources=("ARV", "BEL"), targets=("ARV", "BEL"))

    graph = nx.read_graphml(io.BytesIO(write_graphml(make_events(meeting), PROVENANCE)))

    assert sorted((u, v) for u, v in graph.edges()) == [("ARV", "BEL"), ("BEL", "ARV")]


def _figure(title="Who acts on whom <b>"):
    events = make_many_events(40)
    return draw_timeline(events, make_actors(), LIGHT, title=title), events


@pytest.mark.parametrize(("kind", "magic"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")])
def test_images_are_drawn_without_a_browser(monkeypatch, kind, magic):
    monkeypatch.setattr(images, "has_browser", lambda: False)

    image = images.write_image(_figure()[0], kind, DARK, PROVENANCE)

    assert image.startswith(magic)
    assert len(image) > 5000


def test_an_image_carries_its_provenance_and_shows_every_event():
    figure, events = _figure()

    svg = render_figure(images.prepare_for_file(figure, LIGHT, PROVENANCE), 1280, 500)

    root = ET.fromstring(svg)
    words = " ".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    marks = sum(1 for node in root.iter() if node.tag.rpartition("}")[2] in ("circle", "rect", "polygon"))
    assert (
        "2 of 9 events · actors: Arvonia as source · data abc123 · coder 0.1 (lexicon 7) · 2020-03-06 14:05 UTC"
        in words
    )
    assert "Who acts on whom <b>" in words
    assert marks > len(events)


def test_a_browser_that_fails_does_not_cost_the_image(monkeypatch):
    monkeypatch.setattr(images, "has_browser", lambda: True)

    def fail(*_):
        raise images.NoBrowserError("no")

    monkeypatch.setattr(images, "draw_with_browser", fail)
    assert images.write_image(_figure()[0], "svg", LIGHT, PROVENANCE).startswith(b"<svg")


def test_drawing_an_image_asks_nobody(monkeypatch):
    """The page that draws it loads Plotly from the disk, and no MathJax from afar, which it would by default."""
    asked = []
    monkeypatch.setattr("kaleido.calc_fig_sync", lambda *_, **options: asked.append(options) or b"image")

    assert images.draw_with_browser(_figure()[0], "png") == b"image"
    page = PageGenerator(**asked[0]["kopts"]).generate_index()
    assert "plotly.min.js" in page
    assert "http" not in page


def test_an_unknown_image_format_is_refused():
    with pytest.raises(ValueError, match="use one of png, svg, pdf"):
        images.write_image(_figure()[0], "gif", LIGHT, PROVENANCE)
