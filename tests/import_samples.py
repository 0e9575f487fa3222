"""Small event tables in the published formats, with invented happenings."""

from __future__ import annotations

from pathlib import Path

from timeline.queries import EventFilter, open_tables, select_events
from timeline.store import Project
from timeline.store.imports import Imported, finish_import, import_file
from timeline.store.imports.gdelt import GDELT

TURKEY = {"Code": "TURGOV", "Name": "ANKARA", "CountryCode": "TUR", "Type1Code": "GOV"}
SYRIAN_REBELS = {"Code": "SYRREB", "Name": "SYRIAN REBEL", "CountryCode": "SYR", "Type1Code": "REB"}


def gdelt_row(number: int, columns: int = 61, **changed: str) -> str:
    """One row as GDELT publishes it: Turkey's government criticises Syrian rebels at Idlib."""
    cells = dict.fromkeys(GDELT.headless[columns], "")
    cells |= {"GLOBALEVENTID": str(number), "SQLDATE": "20200305", "EventCode": "111", "EventBaseCode": "111"}
    cells |= {"EventRootCode": "11", "QuadClass": "3", "GoldsteinScale": "-2.0", "NumArticles": "4"}
    cells |= {"ActionGeo_Type": "4", "ActionGeo_FullName": "Idlib, Idlib, Syria", "ActionGeo_CountryCode": "SY"}
    cells |= {"ActionGeo_Lat": "35.93", "ActionGeo_Long": "36.63", "DATEADDED": "20200306"}
    cells |= {f"Actor1{name}": value for name, value in TURKEY.items()}
    cells |= {f"Actor2{name}": value for name, value in SYRIAN_REBELS.items()}
    if columns > 57:
        cells["SOURCEURL"] = f"https://www.example.org/news/{number}"
    return "\t".join((cells | changed).values())


ACLED_COLUMNS = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,inter1,actor2,inter2,country,location,"
    "latitude,longitude,source,fatalities,timestamp"
)


def acled_table(*rows: tuple[int, int | str, str]) -> str:
    """A table as ACLED exports it: for each number, moment of the last change and second actor, a clash at Sarmin."""
    lines = (
        f"SYR{number},2020-03-{1 + number % 28:02},1,Battles,Armed clash,Military Forces of Syria (2000-),1,{actor},2,"
        f"Syria,Sarmin,35.9,36.7,Example Post,0,{moment}"
        for number, moment, actor in rows
    )
    return "\n".join((ACLED_COLUMNS, *lines)) + "\n"


def run(project: Project, file: Path, format_name: str = "auto") -> Imported:
    """Import a file with one table, and finish."""
    (done,) = import_file(project, file, format_name)
    finish_import(project)
    return done


def events_of(project: Project) -> list[dict[str, object]]:
    """All events, oldest first."""
    tables = open_tables(project)
    found = select_events(tables, EventFilter(), limit=100_000, order="oldest").to_dict("records")
    tables.close()
    return [{str(name): value for name, value in row.items()} for row in found]
