"""Events as CSV, XLSX, JSON Lines and Parquet; each file says where it comes from.

CSV begins with comment lines (`# `) and JSON Lines with one object `{"provenance": …}`; XLSX has a second sheet and
Parquet metadata. Text that a spreadsheet would run as a formula is prefixed with an apostrophe in CSV and XLSX; JSON
and Parquet keep it verbatim. `timeline import` reads every one of them but XLSX.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Iterable, Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as papq
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from timeline.ontology import EVENT_TYPES, QUAD_CLASSES
from timeline.views.lanes import EVENT_COLUMNS, require_columns
from timeline.views.markup import safe_link
from timeline.views.provenance import Provenance
from timeline.views.wording import as_date, clean_text

_LISTS = ("source_ids", "source_names", "target_ids", "target_names", "publisher_names")
_DAYS = ("start", "end", "published")
_SCHEMA = pa.schema(
    [
        ("event_id", pa.string()),
        *((name, pa.date32()) for name in ("start", "end")),
        *((name, pa.string()) for name in ("precision", "basis", "event_type", "cameo_root")),
        ("quad_class", pa.int8()),
        ("quad_label", pa.string()),
        ("goldstein", pa.float64()),
        ("realis", pa.string()),
        ("confidence", pa.float64()),
        *((name, pa.list_(pa.string())) for name in _LISTS[:4]),
        ("reports", pa.int64()),
        ("publishers", pa.int64()),
        ("publisher_names", pa.list_(pa.string())),
        ("published", pa.date32()),
        *((name, pa.bool_()) for name in ("contested", "corrected", "reviewed")),
        ("place", pa.string()),
        *((name, pa.float64()) for name in ("latitude", "longitude")),
        *((name, pa.string()) for name in ("sentence", "url")),
    ]
)
COLUMNS = tuple(_SCHEMA.names)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CELL_LIMIT = 32_767  # characters, Excel's own
_WIDTHS = {"sentence": 80, "source_names": 28, "target_names": 28, "start": 12, "end": 12, "event_type": 13}


def list_rows(events: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Events as plain rows in the order given: days as ISO text, unknown as None, actors as lists.

    Columns that the table lacks (`url`, `published`, what a reader corrected) are None; an address that is not plain
    http or https is left out, so that no file holds a link that runs something.
    """
    require_columns(events, EVENT_COLUMNS, "events")
    for row in events.to_dict("records"):
        event_type = EVENT_TYPES.get(str(row["event_type"]))
        days = {name: as_date(row.get(name)) for name in _DAYS}
        plain = {str(name): _plain(value) for name, value in row.items()}
        extra = {
            "cameo_root": event_type.cameo_root if event_type else None,
            "quad_label": QUAD_CLASSES.get(int(row["quad_class"])),
            "url": safe_link(str(plain.get("url") or "")),
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }
        yield {name: (plain | extra).get(name) for name in COLUMNS}


def _plain(value: object) -> object:
    """A value that JSON knows: numpy scalars and arrays unwrapped, missing values as None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return clean_text(value) if isinstance(value, str) else value


def write_csv(events: pd.DataFrame, provenance: Provenance) -> bytes:
    """Events as CSV in UTF-8 with byte order mark, so that spreadsheets read it right.

    The first line says how many comment lines there are: `pandas.read_csv(file, skiprows=…)`.
    """
    lines = provenance.lines()
    buffer = io.StringIO()
    buffer.write(f"# event-timeline export; {len(lines) + 1} comment lines, then the table\r\n")
    for label, value in lines:
        buffer.write(f"# {label}: {value}\r\n")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for row in list_rows(events):
        writer.writerow([_as_cell(row[name]) for name in COLUMNS])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def write_xlsx(events: pd.DataFrame, provenance: Provenance) -> bytes:
    """Events as an Excel workbook: sheet `Events` with filter and frozen header, sheet `About`."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Events"
    sheet.append(list(COLUMNS))
    for row in list_rows(events):
        sheet.append([_as_cell(row[name], limit=_CELL_LIMIT) for name in COLUMNS])
    _guard_types(sheet.iter_rows(min_row=2))
    for number, name in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, 14)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    about = book.create_sheet("About")
    for label, value in provenance.lines():
        about.append([label, guard_formula(value)[:_CELL_LIMIT]])
        about.cell(about.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 16, 100
    book.properties.creator = "event-timeline"
    book.properties.created = book.properties.modified = provenance.made.replace(tzinfo=None)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _guard_types(rows: Iterable[tuple[object, ...]]) -> None:
    """Text cells stay text, whatever they look like; openpyxl would make a formula of a leading "="."""
    for row in rows:
        for cell in row:
            if isinstance(cell.value, str):  # type: ignore[attr-defined]
                cell.data_type = "s"  # type: ignore[attr-defined]


def write_jsonl(events: pd.DataFrame, provenance: Provenance) -> bytes:
    """Events as JSON Lines: first the provenance, then one object per event, texts verbatim."""
    head = {"provenance": provenance.named()}
    lines = [json.dumps(item, ensure_ascii=False, allow_nan=False) for item in (head, *list_rows(events))]
    return ("\n".join(lines) + "\n").encode("utf-8")


def write_parquet(events: pd.DataFrame, provenance: Provenance) -> bytes:
    """Events as Parquet: days as dates, actors as lists of text; the file's metadata says where it comes from."""
    columns: dict[str, list[object]] = {name: [] for name in COLUMNS}
    for row in list_rows(events):
        for name in COLUMNS:
            columns[name].append(row[name])
    for name in _DAYS:
        columns[name] = [dt.date.fromisoformat(str(day)) if day else None for day in columns[name]]
    schema = _SCHEMA.with_metadata(provenance.named())
    table = pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema)
    buffer = io.BytesIO()
    papq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _as_cell(value: object, limit: int | None = None) -> object:
    if isinstance(value, list):
        value = "; ".join(str(item) for item in value)
    if isinstance(value, str):
        return guard_formula(value)[:limit]
    return value


def guard_formula(text: str) -> str:
    """Text that a spreadsheet will not run: an apostrophe goes before what could start a formula.

    See OWASP, CSV injection; also the full-width forms that some programs fold to ASCII.
    """
    return (
        f"'{text}"
        if text.lstrip(" \u00a0\ufeff").startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS)
        else text
    )
