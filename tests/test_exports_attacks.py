"""Untrusted text in every export: it shows as text, starts no formula, is no markup; only web addresses are links."""

from __future__ import annotations

import csv
import io
import json
import re

import icalendar
import networkx as nx
import openpyxl
import pandas as pd
import pytest
from attack_strings import ATTACKS, URLS
from lxml import etree
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from story_samples import PROVENANCE, make_reported
from view_samples import make_event, make_events

from timeline.records import Actor, Place
from timeline.views.brief import write_brief
from timeline.views.calendars import write_ics
from timeline.views.exports import list_rows, write_csv, write_jsonl, write_parquet, write_xlsx
from timeline.views.graph_exports import write_cyjs, write_gexf, write_graphml
from timeline.views.markup import safe_link
from timeline.views.provenance import Provenance
from timeline.views.report import write_report_file
from timeline.views.stories import tell
from timeline.views.storylines import write_markwhen, write_timelinejs
from timeline.views.wording import clean_text


def _attack(text, url="https://news.example/1"):
    """An event in which every word that comes from outside is the attack."""
    return make_reported(
        sentence=f"{text} ", title=text, publisher=text, speaker=text, url=url, source=Actor(text, text),
        target=Actor(f"{text}2", text), place=Place(text, "BEL", 1.0, 2.0),
    )  # fmt: skip


def _provenance(text):
    return Provenance(PROVENANCE.filter, 1, 1, "abc", text, PROVENANCE.made, text, (text,))


def _row(text):
    """One event of the table; lone surrogates do not get into the store, nor into a table of pandas."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return make_events(
        make_event(
            "a1", sentence=whole, sources=(text,), targets=(f"{text}2",), source_names=[text], target_names=[text],
            place=whole,
        )
    )  # fmt: skip


@pytest.fixture(params=ATTACKS.values(), ids=ATTACKS)
def attack(request):
    return request.param


@pytest.mark.parametrize("url", URLS)
def test_nothing_but_a_plain_web_address_is_a_link(url):
    item = _attack("x", url)

    page = write_report_file([item], {}, PROVENANCE).decode()
    source = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])["sources"][0]
    (slide,) = json.loads(write_timelinejs([tell(item)], PROVENANCE))["events"]
    (entry,) = icalendar.Calendar.from_ical(write_ics([tell(item)], PROVENANCE)).walk("VEVENT")
    (row,) = list_rows(make_events(make_event("a1")).assign(url=url))

    assert safe_link(url) is None
    assert "url" not in source
    assert "<a" not in slide["text"]["text"]
    assert "URL" not in entry
    assert row["url"] is None
    assert "<a" not in _render(write_brief([tell(item)], make_events(), PROVENANCE)).replace('<a href="#', "")


def test_csv_keeps_its_rows_and_starts_no_formula(attack):
    text = write_csv(_row(attack), _provenance(attack)).decode("utf-8-sig")

    lines = text.split("\r\n")
    comments = int(re.search(r"(\d+) comment lines", lines[0])[1])
    assert all(line.startswith("# ") for line in lines[:comments])
    rows = list(csv.reader(io.StringIO("\r\n".join(lines[comments:]), newline="")))
    assert len(rows) == 2
    assert len(rows[0]) == len(rows[1])
    dangerous = [c for c in rows[1] if c.strip(" \t\r\n\ufeff\u00a0")[:1] in "=+-@＝＋－＠" and not _is_number(c)]
    assert [cell for cell in dangerous if cell] == []
    assert clean_text(attack).strip("'") in "\n".join(rows[1])


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_xlsx_cells_are_text(attack):
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(_row(attack), _provenance(attack))))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)
    assert not any(cell.value.lstrip(" \t\r\n")[:1] in tuple("=+@-＝") for cell in cells)


def test_json_and_parquet_keep_the_words(attack):
    head, row = (json.loads(line) for line in write_jsonl(_row(attack), _provenance(attack)).decode().split("\n")[:2])
    table = pd.read_parquet(io.BytesIO(write_parquet(_row(attack), _provenance(attack))))

    assert row["sentence"] == table["sentence"][0] == clean_text(attack.encode("utf-8", "replace").decode("utf-8"))
    assert row["source_names"] == list(table["source_names"][0]) == [clean_text(attack)]
    assert head["provenance"]["events"] == "1 of 1"


def test_graphs_are_well_formed_and_keep_names(attack):
    provenance = _provenance(attack)

    graph = nx.read_graphml(io.BytesIO(write_graphml(_row(attack), provenance)))
    gexf = etree.fromstring(write_gexf(_row(attack), provenance), etree.XMLParser(resolve_entities=False))
    cyjs = json.loads(write_cyjs(_row(attack), provenance))

    names = {" ".join(clean_text(attack).split())}
    assert {" ".join(data["label"].split()) for _, data in graph.nodes(data=True)} == names
    labels = {" ".join(node.get("label").split()) for node in gexf.iter("{http://gexf.net/1.3}node")}
    assert labels == names
    assert {" ".join(node["data"]["name"].split()) for node in cyjs["elements"]["nodes"]} == names
    assert graph.number_of_edges() == 1


def test_the_calendar_stays_one_entry(attack):
    calendar = icalendar.Calendar.from_ical(write_ics([tell(_attack(attack))], _provenance(attack)))

    (entry,) = calendar.walk("VEVENT")
    assert not entry.errors
    assert " ".join(clean_text(attack).split())[:50] in entry["DESCRIPTION"]
    assert set(entry) <= {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CATEGORIES", "URL",
                          "LOCATION", "GEO", "STATUS", "TRANSP"}  # fmt: skip


def _render(brief):
    return MarkdownIt("gfm-like", {"linkify": False}).use(footnote_plugin).render(brief.decode("utf-8"))


def test_the_brief_has_no_markup_but_ours(attack):
    item, plain = _attack(attack), _attack("plain words")

    page = _render(write_brief([tell(item)], _row(attack), _provenance(attack)))
    usual = _render(write_brief([tell(plain)], _row("plain words"), _provenance("plain words")))

    assert [e.tag for e in etree.HTML(page).iter()] == [e.tag for e in etree.HTML(usual).iter()]
    links = re.findall(r'href="([^#"][^"]*)"', page)
    assert links == ["https://news.example/1"]
    words = " ".join("".join(etree.HTML(page).itertext()).split())
    assert " ".join(clean_text(attack).split())[:60] in words


def test_bare_addresses_in_the_brief_do_not_become_links():
    item = _attack("see https://evil.example/a and www.evil.example")
    brief = write_brief([tell(item)], make_events(), PROVENANCE).decode()

    found = re.findall(r'href="([^#"][^"]*)"', MarkdownIt("gfm-like").use(footnote_plugin).render(brief))
    assert found == ["https://news.example/1"]


def test_timelinejs_text_is_escaped(attack):
    data = json.loads(write_timelinejs([tell(_attack(attack))], _provenance(attack)))

    (slide,) = data["events"]
    for html in (slide["text"]["headline"], slide["text"]["text"], data["title"]["text"]["text"]):
        tree = etree.HTML(f"<div>{html}</div>")
        assert {e.tag for e in tree.iter()} <= {"html", "body", "div", "p", "small", "a", "b"}
        assert not [name for e in tree.iter() for name in e.attrib if name not in ("href", "rel")]


def test_markwhen_has_one_event_and_no_line_of_the_text_s_own(attack):
    lines = write_markwhen([tell(_attack(attack))], _provenance(attack)).decode().splitlines()

    body = lines[lines.index("---", 1) + 1 :]
    assert all(line == "" or line.startswith(("// ", "> ", "2020-03-05: ")) for line in body)
    assert sum(line.startswith("2020") for line in body) == 1
