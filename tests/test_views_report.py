"""The one-file report."""

from __future__ import annotations

import datetime as dt
import json
import re

from view_projects import make_lines, make_project

from timeline import queries
from timeline.queries.filters import EVERYTHING
from timeline.views.provenance import Provenance
from timeline.views.report import ReportedEvent, write_report_file

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
    assert [e["id"] for e in data["events"]] == [item.event.id for item in items]
    report = data["events"][0]["reports"][0]
    coding, article = items[0].reports[0]
    assert "".join(words for words, _ in report["words"]) == article.text[coding.start : coding.end]
    assert {kind for _, kind in report["words"]} >= {"source", "action"}
    assert report["who"].startswith(("According to", "As told by"))
    assert "<title>Events &lt;1&gt;</title>" in page
    assert not re.search(r"(src|href)=[\"'](?!#)|@import|url\(", page.split('id="data">')[0])
    assert "default-src 'none'" in page


def test_the_report_says_where_it_comes_from(tmp_path):
    said = dict(_data(write_report_file(_items(tmp_path, 5), {}, PROVENANCE).decode())["provenance"])

    assert said["Project"] == "Idlib </script>"
    assert said["Exported"] == "2020-03-06T00:00:00+00:00"


def test_a_report_of_nothing_is_written():
    assert _data(write_report_file([], {}, PROVENANCE).decode())["events"] == []


def test_a_thousand_events_stay_under_six_megabytes(tmp_path):
    items = _items(tmp_path, 300)
    many = (items * (1000 // len(items) + 1))[:1000]

    assert len(write_report_file(many, {}, PROVENANCE)) < 6_000_000
