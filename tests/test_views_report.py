"""The one-file report."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from dataclasses import replace

from story_samples import make_reported
from view_projects import make_lines, make_project

from timeline import queries
from timeline.queries.filters import EVERYTHING
from timeline.views.provenance import Provenance
from timeline.views.report import write_report_file
from timeline.views.stories import ReportedEvent

PROVENANCE = Provenance(EVERYTHING, 3, 3, "abc", "0.1", dt.datetime(2020, 3, 6, tzinfo=dt.UTC), "Idlib </script>")


def _items(tmp_path, number):
    tables = queries.open_tables(make_project(tmp_path / "p", make_lines(number)))
    ids = queries.select_events(tables, EVERYTHING, limit=2000)["event_id"]
    found = [queries.read_evidence(tables, event_id) for event_id in ids]
    return [ReportedEvent(e.event, tuple((r.coding, r.article) for r in e.reports)) for e in found]


def _data(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1])


def test_the_report_holds_every_event_with_its_words_and_loads_nothing(tmp_path):
    items = _items(tmp_path, 30)

    page = write_report_file(items, {}, PROVENANCE, "Events <1>").decode("utf-8")

    data = _data(page)
    told = {e["id"]: e for e in data["events"]}
    assert set(told) == {item.event.id for item in items}
    days = [e["first"] or "9999" for e in data["events"]]
    assert days == sorted(days)
    report = told[items[0].event.id]["reports"][0]
    coding, article = items[0].reports[0]
    assert data["sources"][report["source"]]["title"] == article.title
    assert "".join(words for words, _ in report["words"]) == article.text[coding.start : coding.end]
    assert {kind for _, kind in report["words"]} >= {"source", "action"}
    assert report["who"].startswith(("According to", "As told by"))
    assert "<title>Events &lt;1&gt;</title>" in page
    assert not re.search(r"(src|href)=[\"'](?!#)|@import|url\(", page.split('id="data">')[0])


def test_only_this_script_and_this_style_may_run(tmp_path):
    page = write_report_file(_items(tmp_path, 3), {}, PROVENANCE).decode("utf-8")

    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    script = re.search(r"<script>(.*?)</script>", page, re.S)[1]
    style = re.search(r"<style>(.*?)</style>", page, re.S)[1]
    for kind, text in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in page.split("<style>")[0] + page.split("</style>")[1].split('id="data"')[0]


def test_actors_fill_the_drawing_and_those_without_a_place_stand_below(tmp_path):
    items = _items(tmp_path, 60)
    ids = sorted({a.id for item in items for a in (*item.event.sources, *item.event.targets)})
    places = {actor_id: (0.4 + n / 100, 0.5 + n / 50) for n, actor_id in enumerate(ids[:-1])}

    actors = _data(write_report_file(items, places, PROVENANCE).decode())["actors"]

    assert (actors[0]["x"], actors[0]["y"]) == (0, 0)
    assert (actors[-2]["x"], actors[-2]["y"]) == (1, 0.9)
    assert (actors[-1]["x"], actors[-1]["y"]) == (0.5, 1)


def test_the_report_says_where_it_comes_from(tmp_path):
    said = dict(_data(write_report_file(_items(tmp_path, 5), {}, PROVENANCE).decode())["provenance"])

    assert said["Project"] == "Idlib </script>"
    assert said["Exported"] == "2020-03-06T00:00:00+00:00"


def test_a_report_of_nothing_is_written():
    assert _data(write_report_file([], {}, PROVENANCE).decode())["events"] == []


def test_a_thousand_events_stay_well_under_six_megabytes(tmp_path):
    items = _items(tmp_path, 300)
    many = (items * (1000 // len(items) + 1))[:1000]

    assert len(write_report_file(many, {}, PROVENANCE)) < 3_000_000


def test_an_imported_event_names_its_row_and_the_address_of_its_article():
    item = replace(make_reported(), reports=(), note="Imported without text.", link="https://news.example/9")

    (event,) = _data(write_report_file([item], {}, PROVENANCE).decode())["events"]

    assert (event["note"], event["link"], event["reports"]) == ("Imported without text.", "https://news.example/9", [])
