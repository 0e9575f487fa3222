"""Importing event tables: formats, rows that cannot be read, twice the same as once, kills, garbage."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import math
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_samples import events_of, gdelt_row, run

from timeline.errors import StoreError, UnreadableInputError
from timeline.queries import EventFilter, open_tables, read_evidence, select_events
from timeline.store import Project, open_project
from timeline.store.imports import import_file
from timeline.store.imports.batches import BLOCK_BYTES
from timeline.store.imports.mapping import UnreadableValueError
from timeline.store.imports.values import read_number
from timeline.views.exports import write_csv, write_jsonl
from timeline.views.provenance import Provenance

ICEWS = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name"
    "\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry"
    "\tLatitude\tLongitude\n"
    "7\t2018-10-02\tMilitary (Mali)\tGovernment,Military\tMali\tMake a visit\t042\t1.9\tJo Exemplar\t\tChad\t5\t1"
    "\tExample Post\tTimbuktu\t\t\tMali\t16.77\t-3.0\n"
)
POLECAT = (
    "Event ID\tEvent Date\tEvent Type\tEvent Mode\tIntensity\tQuad Code\tContexts\tActor Name\tActor Country"
    "\tPrimary Actor Sector\tActor Sectors\tRecipient Name\tRecipient Country\tPrimary Recipient Sector"
    "\tRecipient Sectors\tPlacename\tCity\tCountry\tLatitude\tLongitude\tSource\tPublication Date\n"
    "a-1\t2020-03-05\tACCUSE\tdisapprove\t-2.0\tVERBAL CONFLICT\tmilitary\tTurkey; Jo Exemplar\tTUR\tGOV\tGOV\tRussia"
    "\tRUS\t\t\tIdlib\tIdlib\tSyria\t35.93\t36.63\tExample Post\t2020-03-06\n"
)
ACLED = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,inter1,actor2,inter2,country,location,"
    "latitude,longitude,source,notes,fatalities\n"
    "SYR1,05 March 2020,1,Battles,Armed clash,Military Forces of Syria (2000-),1,Zorblax Front,2,Syria,Sarmin,35.9,"
    '36.7,"Example Post; Other Post","Two lines,\nin one cell.",0\n'
    "SYR2,2020-03-06,3,Protests,Peaceful protest,Protesters (Syria),6,,0,Syria,Sarmin,35.9,36.7,Example Post,,0\n"
    "SYR3,2020-03-07,1,Strategic developments,Other,Zorblax Front,2,,0,Syria,Sarmin,35.9,36.7,Example Post,,0\n"
)
UCDP = (
    "id,type_of_violence,side_a,side_b,date_start,date_end,date_prec,where_coordinates,country,latitude,longitude,"
    "source_office\n"
    "41,3,Government of Syria,Civilians,2016-02-01 00:00:00.000,2016-02-07 00:00:00.000,3,Sarmin,Syria,35.9,36.7,X\n"
)
PHOENIX = (
    "0_v0.2.0\t20150702\t2015\t07\t02\tTURGOV\tTUR\tGOV\t\tSYRREB\tSYR\tREB\t\t190\t19\t4\t-10.0\t\t35.9\t36.7\tSarmin\t"
    "Idlib\tSYR\tx_1\thttps://www.example.org/a\texample_post\n"
)
TERRIER = (
    "event_id,date8,year,month,day,source,target,code,root_code,quad_class,goldstein,url\n"
    "1,20150702,2015,07,02,TURGOV,SYRREB,042,04,1,1.9,https://example.org/b\n"
)
TERRIER_ROW = {
    "code": "042", "root_code": "04", "quad_class": "1", "goldstein": "1.9", "source": "TURGOV", "src_actor": "TUR",
    "src_agent": "GOV", "src_other_agent": "", "target": "SYRREB", "tgt_actor": "SYR", "tgt_agent": "REB",
    "tgt_other_agent": "", "id": "20150702-1-1_1", "date8": "20150702", "year": "2015", "month": "07", "day": "02",
    "url": "https://example.org/b", "doc_id": "d", "mongo_id": "m",
}  # fmt: skip
CLINE = (
    "eid,story_date,year,month,day,source,target,code,root_code,quad_class,goldstein,lat,lon,placename,countryname\n"
    "1,7/2/2015,2015,7,2,TURGOV,SYRREB,042,04,1,1.9,NULL,NULL,,\n"
)
TRIPLES = "date,source,relation,target\n2014-01-05,Military (Mali),Use conventional military force,Zorblax Front\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return open_project(tmp_path / "project", create=True)


def write(tmp_path: Path, text: str, name: str = "table.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("columns", [57, 58, 61])
def test_gdelt_as_published(project: Project, tmp_path: Path, columns: int) -> None:
    """Every width that GDELT has published, without header."""
    done = run(project, write(tmp_path, gdelt_row(1001, columns) + "\n"))
    (event,) = events_of(project)

    assert (done.format, done.events, done.rejected) == ("gdelt", 1, 0)
    assert (event["event_type"], event["quad_class"], event["goldstein"]) == ("ACCUSE", 3, -2.0)
    assert [str(event[day])[:10] for day in ("start", "end", "published")] == ["2020-03-05", "2020-03-05", "2020-03-06"]
    assert (event["target_ids"], event["source_names"]) == (["SYR-REB"], ["Turkish Government"])
    assert (event["place"], event["latitude"], event["reports"]) == ("Idlib", 35.93, 4)
    assert event["publisher_names"] == (["example.org"] if columns > 57 else [])


def test_unknown_stays_unknown(project: Project, tmp_path: Path) -> None:
    """What a row leaves open is not filled in: no actor, place, realis, confidence, publisher, publication day."""
    empty = dict.fromkeys(("Code", "Name", "CountryCode", "Type1Code"), "")
    changed = {f"Actor2{name}": "" for name in empty} | {"ActionGeo_Lat": "", "DATEADDED": "", "SOURCEURL": ""}
    run(project, write(tmp_path, gdelt_row(1, **changed)))
    (event,) = events_of(project)

    assert (event["target_ids"], event["place"], event["realis"], event["publisher_names"]) == ([], None, None, [])
    assert math.isnan(float(str(event["confidence"])))
    assert str(event["published"]) == "NaT"
    assert (event["basis"], event["sentence"]) == ("", "")


@pytest.mark.parametrize("packed", ["zip", "gz", "plain", "two"])
def test_packed_files(project: Project, tmp_path: Path, packed: str) -> None:
    """The same rows from a .zip, a .gz, a plain file, and two members of one .zip."""
    text = gdelt_row(1) + "\n"
    file = tmp_path / f"20200306.export.CSV.{packed}"
    if packed == "gz":
        file.write_bytes(gzip.compress(text.encode()))
    elif packed == "plain":
        file.write_text(text)
    else:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", text)
            if packed == "two":
                archive.writestr("b.csv", gdelt_row(2))
    done = import_file(project, file)

    assert [one.events for one in done] == ([1, 1] if packed == "two" else [1])


def test_a_bad_member_costs_no_other(project: Project, tmp_path: Path) -> None:
    """A note beside the tables and a damaged table are named; the rest of the archive is read."""
    file = tmp_path / "tables.zip"
    rows = "\n".join(gdelt_row(number) for number in range(100, 500))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", "Cite us.")
        archive.writestr("a.csv", gdelt_row(1))
        archive.writestr("b.csv", rows)
        archive.writestr("c.csv", gdelt_row(2))
    packed = bytearray(file.read_bytes())
    at = packed.index(b"b.csv") + 200
    packed[at : at + 40] = bytes(40)
    file.write_bytes(packed)
    done = {Path(one.file).name: one for one in import_file(project, file)}

    assert {name: one.events for name, one in done.items()} == {"README.txt": 0, "a.csv": 1, "b.csv": 0, "c.csv": 1}
    assert "no format of event tables" in done["README.txt"].problem
    assert "b.csv: the archive is damaged" in done["b.csv"].problem


@pytest.mark.parametrize(
    ("text", "format_name", "event_type", "sources", "targets", "place"),
    [
        (ICEWS, "icews", "CONSULT", ["MLI-MIL"], ["x-jo-exemplar"], "Timbuktu"),
        (ICEWS.replace("\t042\t", "\t42\t"), "icews", "CONSULT", ["MLI-MIL"], ["x-jo-exemplar"], "Timbuktu"),
        (POLECAT, "polecat", "ACCUSE", ["TUR", "x-jo-exemplar"], ["RUS"], "Idlib"),
        (
            POLECAT.replace("Russia\tRUS\t\t", "Russia\tRUS\tMIL\tMIL"),
            "polecat",
            "ACCUSE",
            ["TUR", "x-jo-exemplar"],
            ["rus-armed-forces"],
            "Idlib",
        ),
        (UCDP, "ucdp", "ASSAULT", ["syr-government"], ["CVL"], "Sarmin"),
        (PHOENIX, "phoenix", "ASSAULT", ["tur-government"], ["SYR-REB"], "Sarmin"),
        (TERRIER, "phoenix-historical", "CONSULT", ["tur-government"], ["SYR-REB"], None),
        ("\t".join(TERRIER_ROW.values()), "phoenix-historical", "CONSULT", ["tur-government"], ["SYR-REB"], None),
        (json.dumps(TERRIER_ROW), "phoenix-historical", "CONSULT", ["tur-government"], ["SYR-REB"], None),
        (CLINE, "phoenix-historical", "CONSULT", ["tur-government"], ["SYR-REB"], None),
        (TRIPLES, "icews-triples", "ASSAULT", ["MLI-MIL"], ["x-zorblax-front"], None),
    ],
)
def test_other_formats(
    project: Project, tmp_path: Path, text: str, format_name: str, event_type: str, sources: list[str],
    targets: list[str], place: str | None,
) -> None:  # fmt: skip
    """Each is told by its header or shape, and mapped."""
    done = run(project, write(tmp_path, text))
    (event,) = events_of(project)

    assert (done.format, done.events, done.rejected) == (format_name, 1, 0)
    assert (event["event_type"], event["target_ids"], event["place"]) == (event_type, targets, place)
    assert event["source_ids"] == sources


def test_acled(project: Project, tmp_path: Path) -> None:
    """Quoted cells over two lines, dates less exact than a day, several publishers, events without a PLOVER type."""
    done = run(project, write(tmp_path, ACLED))
    second, first = sorted(events_of(project), key=lambda event: str(event["event_type"]), reverse=True)

    assert (done.events, done.rejected) == (2, 1)
    assert (first["event_type"], first["realis"], first["publishers"]) == ("ASSAULT", "actual", 2)
    assert (first["source_ids"], first["target_ids"]) == (["syr-army"], ["x-zorblax-front"])
    assert (second["precision"], str(second["start"])[:10], str(second["end"])[:10]) == (
        "month",
        "2020-03-01",
        "2020-03-31",
    )
    assert second["source_ids"] == ["SYR-OPP"]
    (aside,) = [json.loads(line) for line in done.quarantine.read_text().splitlines()]  # type: ignore[union-attr]
    assert "has no PLOVER type" in aside["reason"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"SQLDATE": "20200230"}, "is no day"),  # February has no 30th
        ({"SQLDATE": "3/4/2020"}, "is no day"),  # the order of day and month is open
        ({"SQLDATE": "yesterday"}, "is no day"),
        ({"EventCode": "999", "EventRootCode": "99"}, "is no CAMEO code"),
        ({"EventCode": "", "EventRootCode": ""}, "no event code"),
        ({"GoldsteinScale": "strong"}, "is no number"),
        ({"GoldsteinScale": "-11"}, "out of range"),
        ({"GoldsteinScale": "inf"}, "out of range"),
        ({"ActionGeo_Lat": "95"}, "out of range"),
        ({"ActionGeo_Long": "east"}, "is no number"),
        ({"NumArticles": "1e30"}, "out of range"),
        ({"GLOBALEVENTID": ""}, "no event id"),
    ],
)
def test_rows_that_cannot_be_read_are_put_aside(
    project: Project, tmp_path: Path, changed: dict[str, str], reason: str
) -> None:
    """With line and reason, and without their neighbours."""
    rows = [gdelt_row(1), gdelt_row(2, **changed), gdelt_row(3)]
    done = run(project, write(tmp_path, "\n".join(rows)))

    assert (done.events, done.rejected) == (2, 1)
    assert done.quarantine is not None
    (aside,) = [json.loads(line) for line in done.quarantine.read_text().splitlines()]
    assert (aside["line"], aside["file"]) == (2, str(tmp_path / "table.csv"))
    assert reason in aside["reason"]
    assert "TURGOV" in aside["row"]


def test_lines_are_those_of_the_file(project: Project, tmp_path: Path) -> None:
    """Rows of the wrong width, empty lines and a header all count; empty lines are no rows."""
    text = TRIPLES + "2014-01-06,one,two\n\n2014-13-07,China,Consult,Japan\n2014-01-08,China,Consult,Japan\n"
    done = run(project, write(tmp_path, text))
    assert done.quarantine is not None
    aside = [json.loads(line) for line in done.quarantine.read_text().splitlines()]
    tables = open_tables(project)
    lines = {read_evidence(tables, str(event["event_id"])).original.line for event in events_of(project)}  # type: ignore[union-attr]

    assert (done.events, done.rejected) == (2, 2)
    assert {row["line"]: row["reason"] for row in aside} == {
        3: "3 columns where the table has 4",
        5: "'2014-13-07' is no day: month must be in 1..12",
    }
    assert lines == {2, 6}


def test_lines_after_cells_of_several_lines(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row begins on the line that an editor shows, whatever stood in the cells before it, in any batch."""
    monkeypatch.setattr("timeline.store.imports.batches.BATCH_BYTES", 1)
    monkeypatch.setattr("timeline.store.imports.batches.BLOCK_BYTES", 120)
    head = "date,source,relation,target,note\n"
    good, wrong = '2014-01-05,China,Consult,Japan,"two\nlines"\n', '2014-01-05,China,"thr\nee\n",Japan\n'
    rows = [good, wrong, good.replace("01-05", "13-05"), good, good, wrong]
    done = run(project, write(tmp_path, head + "".join(rows)))
    assert done.quarantine is not None
    aside = sorted(json.loads(line)["line"] for line in done.quarantine.read_text().splitlines())
    tables = open_tables(project)
    lines = {read_evidence(tables, str(event["event_id"])).original.line for event in events_of(project)}  # type: ignore[union-attr]

    assert (done.events, done.rejected) == (3, 3)
    assert aside == [4, 7, 13]
    assert lines == {2, 9, 11}


@pytest.mark.parametrize("empty", ["None", "NULL", "NA", "nan", "\\N"])
def test_words_for_nothing_in_columns_of_numbers(project: Project, tmp_path: Path, empty: str) -> None:
    """POLECAT, databases and data frames write them where they know nothing: unknown, and no reason to lose the row."""
    changed = dict.fromkeys(("GoldsteinScale", "ActionGeo_Lat", "ActionGeo_Long", "NumArticles", "DATEADDED"), empty)
    done = run(project, write(tmp_path, gdelt_row(1, **changed)))
    (event,) = events_of(project)

    assert (done.events, done.rejected) == (1, 0)
    assert (event["place"], event["reports"], str(event["published"])) == (None, 1, "NaT")


def test_an_icews_id_on_two_days_is_two_events(project: Project, tmp_path: Path) -> None:
    """Its event ids are unique together with the day alone; the same row again is still the same event."""
    row = ICEWS.splitlines(keepends=True)[1]
    done = run(project, write(tmp_path, ICEWS + row.replace("2018-10-02", "2018-10-03") + row, "events.tab"))

    assert (done.events, done.known) == (2, 1)


def test_rows_of_the_wrong_width_at_the_end(project: Project, tmp_path: Path) -> None:
    """They are put aside too, after the last good row."""
    done = run(project, write(tmp_path, TRIPLES + "a,b\nc\n"))

    assert (done.events, done.rejected) == (1, 2)


def test_evidence_of_an_imported_event_is_its_row(project: Project, tmp_path: Path) -> None:
    """No sentence, and it says so; the address and the original columns are there."""
    run(project, write(tmp_path, gdelt_row(1) + "\n" + gdelt_row(2, EventCode="190", EventRootCode="19")))
    tables = open_tables(project)
    (event,) = [event for event in events_of(project) if event["event_type"] == "ASSAULT"]
    found = read_evidence(tables, str(event["event_id"]))

    assert found.reports == ()
    assert found.original is not None
    assert (found.original.url, found.original.line) == ("https://www.example.org/news/2", 2)
    assert found.original.cells["EventCode"] == "190"
    assert found.original.cells["Actor1Name"] == "ANKARA"
    assert "no sentence" in found.note
    assert "https://www.example.org/news/2" in found.note


def test_twice_is_once(project: Project, tmp_path: Path) -> None:
    """The same file, and the same events in another file, add nothing."""
    rows = "\n".join(gdelt_row(number) for number in range(50))
    file = write(tmp_path, rows)
    first = run(project, file)
    before = events_of(project)
    again = run(project, file)
    overlapping = run(project, write(tmp_path, rows + "\n" + gdelt_row(50) + "\n" + gdelt_row(50), "more.csv"))

    assert (first.events, again.again, again.events) == (50, True, 50)
    assert (overlapping.events, overlapping.known) == (1, 51)
    assert [row["event_id"] for row in events_of(project)[:50]] == [row["event_id"] for row in before]
    assert len(events_of(project)) == 51


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_our_own_exports_come_back(project: Project, tmp_path: Path, kind: str) -> None:
    """Export, then import elsewhere: the same events with the same ids, actors, days, places, publishers."""
    run(project, write(tmp_path, POLECAT, "polecat.txt"))
    run(project, write(tmp_path, ACLED, "acled.csv"))
    run(
        project,
        write(tmp_path, "\n".join(gdelt_row(n, Actor1Name="=cmd()", Actor1Type1Code="MNC") for n in range(3)), "g"),
    )
    frame = select_events(open_tables(project), EventFilter(), limit=1000)
    file = tmp_path / f"events.{kind}"
    if kind == "parquet":
        papq.write_table(pa.Table.from_pandas(frame), file)
    else:
        about = Provenance(EventFilter(), len(frame), len(frame), "a", "b", dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
        file.write_bytes((write_csv if kind == "csv" else write_jsonl)(frame, about))
    other = open_project(tmp_path / "other", create=True)
    done = run(other, file)

    assert (done.format, done.events, done.rejected) == ("timeline", len(frame), 0)
    lost = {"published", "publisher_names"} if kind != "parquet" else set()
    for mine, theirs in zip(events_of(project), events_of(other), strict=True):
        assert {k: str(v) for k, v in mine.items() if k not in lost} == {
            k: str(v) for k, v in theirs.items() if k not in lost
        }


GARBAGE = {
    "empty": b"",
    "blank": b"\n\n  \n",
    "noise": random.Random(1).randbytes(5000),
    "prose": b"Once upon a time, there was a table.\nIt had no columns.\n",
    "a png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "broken zip": b"PK\x03\x04 nothing more",
    "broken gzip": gzip.compress(gdelt_row(1).encode())[:40],
    "broken parquet": b"PAR1 and no more PAR1",
    "json array": b"[1, 2, 3]",
    "other json": b'{"text": "no events here"}\n{"a": 1}\n',
    "deep json": b"{" + b'"a":{' * 50_000,
    "unclosed quote": TRIPLES.encode()
    + b'2014-01-05,"China,Consult,Japan\n'
    + b"2014-01-05,a,Consult,b\n" * (BLOCK_BYTES // 20),
    "endless line": b"date,source,relation,target\n" + b"x" * (BLOCK_BYTES + 10),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_gives_a_message(project: Project, tmp_path: Path, name: str) -> None:
    """A file that is no event table ends in a message that names it, or in rows put aside: never in anything else."""
    file = tmp_path / "garbage.bin"
    file.write_bytes(GARBAGE[name])
    try:
        (done,) = import_file(project, file)
    except UnreadableInputError as error:
        assert str(file) in str(error)
        assert len(str(error)) < 1000
    else:
        assert done.rejected > 0 or str(file) in done.problem


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary()])
def test_text_that_is_no_utf8_in_a_parquet_file(project: Project, tmp_path: Path, kind: pa.DataType) -> None:
    """Parquet does not check what it calls text; such a cell is read with U+FFFD, or its row put aside."""
    run(project, write(tmp_path, ACLED, "acled.csv"))
    table = pa.Table.from_pandas(select_events(open_tables(project), EventFilter(), limit=9))
    names = pa.array([b"Sar\xffmin"] * len(table)).view(pa.string()).cast(kind, safe=False)
    acts = pa.array([b"ACC\xffUSE", *[b"ASSAULT"] * (len(table) - 1)]).view(pa.string())
    for name, column in (("place", names), ("event_type", acts)):
        table = table.set_column(table.column_names.index(name), name, column)
    papq.write_table(table, tmp_path / "odd.parquet")
    other = open_project(tmp_path / "other", create=True)

    done = run(other, tmp_path / "odd.parquet")

    assert (done.events, done.rejected) == (len(table) - 1, 1)
    assert {event["place"] for event in events_of(other)} == {"Sar\ufffdmin"}


def test_a_full_disk(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to do, no half file stays in the way, and the same command then goes on."""
    file = write(tmp_path, ACLED, "acled.csv")

    def full(_: object, part: Path, **__: object) -> None:
        part.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("timeline.store.imports.originals.papq.write_table", full)
        with pytest.raises(StoreError, match="the disk is full"):
            import_file(project, file)
    assert list(project.path.rglob("*.part")) == []
    assert run(project, file).events == 2


def test_a_bomb_is_refused(project: Project, tmp_path: Path) -> None:
    """An archive that unpacks to far more than a table would is given up early."""
    file = tmp_path / "bomb.csv.gz"
    with gzip.open(file, "wb") as out:
        out.write(TRIPLES.encode())
        for _ in range(300):
            out.write(b"2014-01-05,China,Consult,Japan\n" * 32_000)
    (done,) = import_file(project, file)

    assert "unpacks to over 200 times" in done.problem
    assert not done.finished


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("café".encode("cp1252"), "Café"),
        ("café".encode(), "Café"),
        ("Σύνταγμα".encode(), "Σύνταγμα"),
        (b"\xed\xa0\x80bc", None),  # a lone surrogate in bytes
    ],
)
def test_encodings(project: Project, tmp_path: Path, data: bytes, name: str | None) -> None:
    """Rows in Windows-1252 among rows in UTF-8 are read as what they are; no row is lost to its encoding."""
    file = tmp_path / "table.csv"
    file.write_bytes(TRIPLES.encode() + b"2014-01-06," + data + b",Consult,Japan\n")
    done = run(project, file)
    names = [event["source_names"][0] for event in events_of(project)]  # type: ignore[index]

    assert done.events == 2
    assert name is None or name.casefold() in {one.casefold() for one in names}


def test_utf_16(project: Project, tmp_path: Path) -> None:
    """As spreadsheets save "Unicode text"."""
    file = tmp_path / "table.txt"
    file.write_bytes(TRIPLES.replace(",", "\t").encode("utf-16"))

    assert run(project, file).events == 1


def test_a_table_that_a_spreadsheet_saved_in_another_language(project: Project, tmp_path: Path) -> None:
    """Semicolons, a mark at the beginning, capitals, days with dots, a comma before the decimals, a title in lines."""
    head = "\ufeffEVENT_ID;EVENT_TYPE;SOURCE_IDS;TARGET_IDS;START;END;CONFIDENCE;TITLE\r\n"
    row = '1;ACCUSE;TUR;SYR;5.3.2020;06.03.2020;0,75;"Talks\r\n;in Idlib"\r\n'
    done = run(project, write(tmp_path, head + row))
    (event,) = events_of(project)

    assert (done.events, done.rejected) == (1, 0)
    assert [str(event[day])[:10] for day in ("start", "end")] == ["2020-03-05", "2020-03-06"]
    assert event["confidence"] == 0.75


@pytest.mark.parametrize("text", ["1,234,5", "1.234,5", "181,0", ","])
def test_a_comma_that_is_no_decimal_mark(text: str) -> None:
    """Groups of thousands in a coordinate are no number."""
    with pytest.raises(UnreadableValueError):
        read_number(text, "longitude", 180)


@pytest.mark.parametrize("first", ["cut short\tfrom here", gdelt_row(1, SQLDATE="no day")])
def test_a_damaged_first_row_costs_no_other(project: Project, tmp_path: Path, first: str) -> None:
    """A table without a header is known by any of its first rows."""
    done = run(project, write(tmp_path, f"{first}\n{gdelt_row(2)}\n"))

    assert (done.format, done.events, done.rejected) == ("gdelt", 1, 1)


def test_an_error_page_is_told_from_a_table(project: Project, tmp_path: Path) -> None:
    """What a server answers for a file that it does not have, saved under the file's name."""
    page = write(tmp_path, "<!DOCTYPE html>\n<html><body>404, Not Found</body></html>\n", "20200306.export.CSV.zip")

    with pytest.raises(UnreadableInputError, match="is HTML or XML and no table"):
        import_file(project, page)


@pytest.mark.parametrize("text", [ICEWS, POLECAT])
def test_a_format_that_does_not_fit_is_said(project: Project, tmp_path: Path, text: str) -> None:
    """A format given by hand is not forced on a file."""
    with pytest.raises(UnreadableInputError, match="not format 'gdelt'"):
        import_file(project, write(tmp_path, text), "gdelt")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=12), min_size=0, max_size=6), max_size=6), st.sampled_from(",\t"))
def test_any_cells_are_taken_or_put_aside(project: Project, tmp_path: Path, rows: list[list[str]], mark: str) -> None:
    """Whatever stands in the cells, every row is counted once and nothing else happens."""
    head = TRIPLES.splitlines()[0].replace(",", mark)
    body = "\n".join(mark.join(cells) for cells in rows)
    file = tmp_path / "any.csv"
    file.write_bytes(f"{head}\n{body}\n".encode("utf-8", "surrogatepass"))
    try:
        (done,) = import_file(project, file)
    except UnreadableInputError as error:
        assert str(file) in str(error)
    else:
        assert done.events + done.known + done.rejected <= len(body.splitlines())
        assert import_file(project, file)[0].again or done.problem


KILLED = """
import sys
from pathlib import Path
from timeline.store import open_project
from timeline.store.imports import batches, finish_import, import_file
batches.BATCH_BYTES, batches.BLOCK_BYTES = 60_000, 20_000
project = open_project(sys.argv[1])
import_file(project, Path(sys.argv[2]), progress=lambda p: print(p.rows, flush=True))
finish_import(project)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_killed_in_the_middle_and_run_again(project: Project, tmp_path: Path) -> None:
    """Nothing lost, nothing twice, the quarantine whole: as if it had never been killed."""
    bad = {17, 1800, 2999}
    rows = [gdelt_row(n, **({"SQLDATE": "never"} if n in bad else {})) for n in range(3000)]
    file = write(tmp_path, "\n".join(rows))
    command = [sys.executable, "-c", KILLED, str(project.path), str(file)]
    for seen in (1, 3):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        for _ in range(seen):
            child.stdout.readline()
        time.sleep(0.01 * seen)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
    killed_at = len(events_of(project))
    subprocess.run(command, check=True, capture_output=True)
    (done,) = import_file(project, file)
    ids = [event["event_id"] for event in events_of(project)]

    assert 0 < killed_at < 2997
    assert (len(ids), len(set(ids))) == (2997, 2997)
    assert (done.again, done.events, done.known, done.rejected) == (True, 2997, 0, 3)
    assert done.quarantine is not None
    aside = [json.loads(line)["line"] for line in done.quarantine.read_text().splitlines()]
    assert aside == [number + 1 for number in sorted(bad)]


def test_an_archive_that_points_outside_itself(project: Project, tmp_path: Path) -> None:
    """Its directory gives an offset before the beginning: named as damaged, not a bare error of the system."""
    file = tmp_path / "table.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("table.csv", gdelt_row(1))
    content = file.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    file.write_bytes(content[:end] + content[end : end + 16] + b"\xff\xff\xff\x7f" + content[end + 20 :])

    with pytest.raises(UnreadableInputError, match="damaged"):
        import_file(project, file)


def test_a_member_without_a_name_is_passed_over(project: Project, tmp_path: Path) -> None:
    """Python's own test for a folder fails on it."""
    file = tmp_path / "table.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", gdelt_row(1))
        archive.writestr("~", "nothing")
    file.write_bytes(file.read_bytes().replace(b"~", b"\x00"))

    (done,) = import_file(project, file)
    assert done.events == 1
