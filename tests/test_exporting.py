"""Every format as the Export page and the command write it: the filter's events, at its level, with their origin."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from dataclasses import replace

import icalendar
import networkx as nx
import openpyxl
import pyarrow.parquet as papq
import pytest
from view_projects import code_line, make_lines, make_project

from timeline import queries
from timeline.cli import exporting as command
from timeline.dashboard import exporting, preparing
from timeline.dashboard.exporting import FORMATS, Job, write_file
from timeline.queries.filters import EVERYTHING, EventFilter
from timeline.views import images


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return queries.open_tables(make_project(tmp_path_factory.mktemp("exporting") / "p", make_lines(60)))


@pytest.fixture
def job(tables, monkeypatch):
    """The events of Arvonia and whoever belongs to it."""
    monkeypatch.setattr(images, "has_browser", lambda: False)
    return Job(tables, EventFilter(actors=("ARV",), level="country"), "Idlib", dict)


def test_the_command_line_knows_every_format():
    assert set(command.FORMATS) == set(FORMATS)
    assert command.CHARTS == exporting.CHARTS


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("png", "pdf")])
def test_every_file_says_what_it_holds(job, name):
    data = write_file(job, name)

    if name == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(data))["About"]
        text = "\n".join(f"{row[0].value}: {row[1].value}" for row in sheet.iter_rows())
    elif name == "parquet":
        text = str({k.decode(): v.decode() for k, v in papq.read_metadata(io.BytesIO(data)).metadata.items()})
    elif name == "ics":
        text = str(dict(icalendar.Calendar.from_ical(data)))
    else:
        text = data.decode("utf-8")
    wanted = queries.count_events(job.tables, job.filter)
    assert "actors: Arvonia (country level)" in text.replace("\\(", "(").replace("\\)", ")")
    assert f"{wanted} of {queries.count_events(job.tables, EVERYTHING)}" in text
    assert job.tables.batch[:12] in text
    assert "0.1-test (lexicon lexicon-test)" in text


def test_only_the_filtered_events_are_written(job):
    wanted = set(queries.select_events(job.tables, job.filter, limit=9999)["event_id"])
    every = set(queries.select_events(job.tables, EVERYTHING, limit=9999)["event_id"])

    rows = [json.loads(line) for line in write_file(job, "jsonl").splitlines()[1:]]
    calendar = icalendar.Calendar.from_ical(write_file(job, "ics"))
    slides = json.loads(write_file(job, "timelinejs"))
    edges = nx.read_graphml(io.BytesIO(write_file(job, "graphml"))).edges(data=True)

    assert {row["event_id"] for row in rows} == wanted < every
    dated = {row["event_id"] for row in rows if row["start"] or row["end"]}
    assert {str(e["UID"]).split("@")[0] for e in calendar.walk("VEVENT")} == dated < wanted
    assert {slide["unique_id"].removeprefix("event-") for slide in slides["events"]} == dated
    assert {i for _, _, data in edges for i in data["event_ids"].split()} <= wanted


def test_actors_stand_at_the_level_of_the_filter(job):
    """President Falk is part of Arvonia: at the level of states nobody else is written."""
    rows = [json.loads(line) for line in write_file(job, "jsonl").splitlines()[1:]]
    network = nx.read_graphml(io.BytesIO(write_file(job, "graphml")))
    page = write_file(job, "html").decode()

    names = {name for row in rows for name in row["source_names"] + row["target_names"]}
    assert "Arvonia" in names
    assert "President Falk" not in names
    assert "falk" not in network
    assert '"name":"President Falk"' not in page
    assert "President Falk" in write_file(Job(job.tables, EVERYTHING, "Idlib", dict), "jsonl").decode()


def test_rows_have_the_address_of_the_article_their_sentence_stands_in(tables, tmp_path):
    lines = [("Arvonia", "AID", "Belmark", dt.date(2020, 3, 5)), ("Arvonia", "ACCUSE", "Belmark", dt.date(2020, 3, 9))]
    coded = [code_line(lines[0], url="https://news.example/aid"), code_line(lines[1], url="javascript:alert(1)")]
    own = queries.open_tables(make_project(tmp_path / "p", coded))

    rows = [json.loads(line) for line in write_file(Job(own, EVERYTHING, "p", dict), "jsonl").splitlines()[1:]]

    assert {row["event_type"]: row["url"] for row in rows} == {"AID": "https://news.example/aid", "ACCUSE": None}


@pytest.mark.parametrize("name", ["html", "md", "ics", "timelinejs", "markwhen"])
def test_slow_formats_tell_how_far_they_are(job, name):
    seen = []

    write_file(job, name, lambda done, total: seen.append((done, total)))

    assert seen == [(number, len(seen)) for number in range(len(seen))]
    assert seen


def test_the_report_holds_the_newest_where_there_are_too_many(job, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_REPORTED", 5)

    page = write_file(job, "html").decode()

    assert '"5 of ' in page


def test_charts_are_drawn_at_the_level_of_the_filter(job):
    for chart in ("timeline", "network"):
        svg = write_file(Job(job.tables, job.filter, "Idlib", dict, chart=chart), "svg").decode()
        assert "Arvonia" in svg
        assert ">President Falk<" not in svg
    assert write_file(job, "png").startswith(b"\x89PNG")


def test_charts_look_as_on_the_explore_page(job):
    everything = replace(job, filter=EVERYTHING)

    lanes = write_file(replace(everything, hand=("gharb", "BEL"), by="published"), "svg").decode()
    ego = write_file(replace(everything, chart="network", ego="nahr"), "svg").decode()
    coloured = write_file(replace(everything, chart="network", groups="country"), "svg").decode()

    assert "Gharb Relief" in lanes
    assert ">Corran Union<" not in lanes  # nor named as a lane
    assert "by first report" in lanes
    assert "جبهة النهر" in ego
    assert ego.count("<circle") < write_file(replace(everything, chart="network"), "svg").decode().count("<circle")
    assert ">NGO" in coloured.replace("\n", "")
    assert ">NGO" not in write_file(replace(everything, chart="network"), "svg").decode()


def test_the_map_is_a_picture_too(job):
    svg = write_file(replace(job, chart="map"), "svg").decode()

    assert "Rivermouth" in svg
    assert "actors: Arvonia (country level)" in svg


def test_a_file_in_the_making_ends_in_its_content_or_in_a_message():
    def fail(progress):
        progress(1, 2)
        raise ValueError("no room")

    good, bad = preparing.start_preparation(lambda _: b"content"), preparing.start_preparation(fail)
    for made in (good, bad):
        for _ in range(500):
            if made.work.finished:
                break
            time.sleep(0.01)

    assert (good.content, good.work.error) == (b"content", "")
    assert (bad.content, bad.work.error) == (b"", "ValueError: no room")
    assert (bad.work.done, bad.work.total) == (1, 2)
