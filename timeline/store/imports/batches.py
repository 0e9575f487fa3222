"""Tables of any size as batches of text columns, with the line each row stands on.

Memory is bounded by a batch, whatever the file. The same file gives the same batches, which is what makes an
import resumable: a batch is named by the file's hash and its number.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as papq
from numpy.typing import NDArray

from timeline.errors import UnreadableInputError
from timeline.store.imports.opening import Input, Utf8Stream

BATCH_BYTES = 24 << 20
# Also the longest row that can be read. Arrow reserves a block for every column, so large ones cost memory.
BLOCK_BYTES = 2 << 20
_JSON_ROWS = 20_000
_SHOWN = 2_000  # characters of a row that goes to quarantine
_OUR_COMMENT = "# event-timeline export"

csv.field_size_limit(BLOCK_BYTES)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text table is written: `header` are its columns' names, `skip` the lines before the first row."""

    delimiter: str
    quoted: bool
    header: tuple[str, ...]
    skip: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be read: its line, why, and what it says."""

    line: int
    reason: str
    row: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table: columns of text by the names in the file, the line of each, and rows that are none.

    `places` are the rows' places in the file, which keys are made of: a row with line breaks in its cells takes up
    several lines and one place.
    """

    number: int
    columns: Mapping[str, pa.Array]
    lines: NDArray[np.int64]
    places: NDArray[np.int64]
    rejected: tuple[Rejected, ...]

    def row(self, index: int) -> dict[str, str]:
        """One row as text, empty cells left out."""
        cells = ((name, column[index].as_py()) for name, column in self.columns.items())
        return {name: text for name, text in cells if text}


def read_head(source: Input) -> list[str]:
    """The first lines of a text file, without line ends; none longer than a row may be."""
    with source.open() as stream:
        head = stream.read(1 << 18)
    if b"\x00" in head:
        raise UnreadableInputError(f"{source.name}: not a text file (it holds zero bytes); it cannot be an event table")
    return head.decode("utf-8", "replace").splitlines()[:20]


def split_line(line: str, delimiter: str, *, quoted: bool) -> tuple[str, ...]:
    """The cells of one line."""
    if not quoted:
        return tuple(line.split(delimiter))
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter), ()))
    except csv.Error:
        return ()


def count_comments(lines: Sequence[str]) -> int:
    """Comment lines before the table, which our own CSV exports have."""
    if not lines or not lines[0].startswith(_OUR_COMMENT):
        return 0
    return sum(1 for _ in itertools.takewhile(lambda line: line.startswith("#"), lines))


def read_batches(source: Input, stream: Utf8Stream, layout: Layout) -> Iterator[Batch]:
    """The batches of a text table.

    Raises:
        UnreadableInputError: A row has no end: it is longer than can be read, or a quotation mark is not closed.
    """
    bad: list[Rejected] = []

    def reject(row: pacsv.InvalidRow) -> str:
        wrong = f"{row.actual_columns} columns where the table has {row.expected_columns}"
        bad.append(Rejected(row.number, wrong, row.text[:_SHOWN]))
        return "skip"

    names = tuple(f"c{number}" for number in range(len(layout.header)))
    place, breaks = layout.skip, 0
    try:
        reader = pacsv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pacsv.ReadOptions(
                column_names=names, skip_rows=layout.skip, use_threads=False, block_size=BLOCK_BYTES
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=layout.delimiter,
                quote_char='"' if layout.quoted else False,
                newlines_in_values=layout.quoted,
                ignore_empty_lines=False,
                invalid_row_handler=reject,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
        for number, group in enumerate(_group(reader)):
            table = pa.Table.from_batches(group).combine_chunks()
            columns = _named(table, layout.header)
            places, place = _number(len(table), place, bad)
            inside = _count_breaks(columns) if layout.quoted else np.zeros(len(places), dtype=np.int64)
            taken = [row for row in bad if row.line <= place]
            del bad[: len(taken)]
            lines, aside, breaks = _find_lines(places, inside, taken, breaks)
            yield _without_blank(Batch(number, columns, lines, places, aside))
    except pa.ArrowInvalid as error:
        if "straddling" in str(error) or "out of sync" in str(error):
            raise UnreadableInputError(
                f"{source.name}: after line {place + breaks:,}: a row without end; it is longer than"
                f" {BLOCK_BYTES >> 20} MB, or a quotation mark is not closed"
            ) from error
        if "Empty CSV" not in str(error):
            raise UnreadableInputError(f"{source.name}: cannot be read as a table: {error}") from error
    if bad:
        empty = {name: pa.array([], pa.string()) for name in layout.header}
        none = np.array([], dtype=np.int64)
        yield Batch(-1, empty, none, none, _find_lines(none, none, bad, breaks)[1])


def read_json_lines(source: Input, stream: Utf8Stream) -> Iterator[Batch]:
    """The batches of a JSON Lines file; lists stay JSON, a first line with our provenance is passed over."""
    rows: list[dict[str, object]] = []
    lines: list[int] = []
    bad: list[Rejected] = []
    number = 0
    for line, text in enumerate(_lines(source, stream), start=1):
        row = _parse(text)
        if isinstance(row, dict) and "provenance" in row and "event_id" not in row:
            continue
        if isinstance(row, dict):
            rows.append(row)
            lines.append(line)
        elif text.strip():
            bad.append(Rejected(line, "not a JSON object", text[:_SHOWN].decode("utf-8", "replace")))
        if len(rows) == _JSON_ROWS:
            yield _json_batch(number, rows, lines, bad)
            number, rows, lines, bad = number + 1, [], [], []
    if rows or bad:
        yield _json_batch(number, rows, lines, bad)


def read_parquet(source: Input) -> Iterator[Batch]:
    """The batches of a Parquet file, its columns as text, lists as JSON; lines are numbers of rows.

    Raises:
        UnreadableInputError: It is damaged.
    """
    done = 0
    try:
        with papq.ParquetFile(source.path) as file:
            for number, group in enumerate(file.iter_batches(batch_size=65_536)):
                columns = {
                    name: _as_text(column) for name, column in zip(group.schema.names, group.columns, strict=True)
                }
                places = np.arange(done + 1, done + 1 + len(group), dtype=np.int64)
                yield Batch(number, columns, places, places, ())
                done += len(group)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError(f"{source.name}: damaged Parquet file: {error}") from error


def read_parquet_header(source: Input) -> tuple[str, ...]:
    """The names of a Parquet file's columns."""
    try:
        return tuple(papq.read_schema(source.path).names)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError(f"{source.name}: damaged Parquet file: {error}") from error


def _group(reader: pacsv.CSVStreamingReader) -> Iterator[list[pa.RecordBatch]]:
    """Blocks of the file taken together up to the size of a batch."""
    group: list[pa.RecordBatch] = []
    size = 0
    for block in reader:
        group.append(block)
        size += block.nbytes
        if size >= BATCH_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _number(rows: int, place: int, bad: Sequence[Rejected]) -> tuple[NDArray[np.int64], int]:
    """The places of so many good rows after a place, those of bad rows left out; and the last of them."""
    span = rows + sum(1 for row in bad if row.line > place)
    places = np.setdiff1d(
        np.arange(place + 1, place + span + 1, dtype=np.int64), np.array([row.line for row in bad], dtype=np.int64)
    )[:rows]
    return places, int(places[-1]) if rows else place


def _count_breaks(columns: Mapping[str, pa.Array]) -> NDArray[np.int64]:
    """How many line breaks stand in the cells of each row."""
    return np.asarray(sum(pa.compute.count_substring(column, "\n").to_numpy() for column in columns.values()), np.int64)


def _find_lines(
    places: NDArray[np.int64], inside: NDArray[np.int64], bad: Sequence[Rejected], breaks: int
) -> tuple[NDArray[np.int64], tuple[Rejected, ...], int]:
    """The lines that good and bad rows begin on, and the line breaks in cells up to their end.

    Args:
        places: Of the good rows.
        inside: Line breaks in the cells of each good row.
        bad: The bad rows, with their place as the line.
        breaks: Line breaks in the cells of all earlier rows.
    """
    everywhere = np.concatenate([places, np.array([row.line for row in bad], dtype=np.int64)])
    counts = np.concatenate([inside, np.array([row.row.count("\n") for row in bad], dtype=np.int64)])
    order = np.argsort(everywhere, kind="stable")
    before = np.empty_like(counts)
    before[order] = breaks + np.cumsum(counts[order]) - counts[order]
    lines = everywhere + before
    aside = tuple(replace(row, line=int(line)) for row, line in zip(bad, lines[len(places) :], strict=True))
    return lines[: len(places)], aside, breaks + int(counts.sum())


def _named(table: pa.Table, header: Sequence[str]) -> dict[str, pa.Array]:
    empty = pa.array([], pa.string())
    columns = (column.chunk(0) if column.num_chunks else empty for column in table.columns)
    return dict(zip(header, columns, strict=True))


def _without_blank(batch: Batch) -> Batch:
    """The batch without empty lines, which are no rows."""
    widths = sum(pa.compute.binary_length(column).to_numpy() for column in batch.columns.values())
    filled = np.asarray(widths) > 0
    if filled.all():
        return batch
    mask = pa.array(filled)
    return Batch(
        batch.number,
        {name: column.filter(mask) for name, column in batch.columns.items()},
        batch.lines[filled],
        batch.places[filled],
        batch.rejected,
    )


def _lines(source: Input, stream: Utf8Stream) -> Iterator[bytes]:
    pending = b""
    while chunk := stream.read(1 << 20):
        *whole, pending = (pending + chunk).split(b"\n")
        yield from whole
        if len(pending) > BLOCK_BYTES:
            raise UnreadableInputError(f"{source.name}: a line is longer than {BLOCK_BYTES >> 20} MB")
    if pending:
        yield pending


def _parse(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _json_batch(number: int, rows: list[dict[str, object]], lines: list[int], bad: list[Rejected]) -> Batch:
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    columns = {name: pa.array([_cell(row.get(name)) for row in rows], pa.string()) for name in names}
    places = np.array(lines, dtype=np.int64)
    return Batch(number, columns, places, places, tuple(bad))


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_nested(column.type):
        return pa.array([_cell(value) for value in column.to_pylist()], pa.string())
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_binary(column.type):
        return _decode(column)
    text = column.cast(pa.string()).fill_null("")
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:  # bytes that are no UTF-8 in a column of text: Parquet does not check
        return _decode(text.view(pa.binary()))
    return text


def _decode(column: pa.Array) -> pa.Array:
    return pa.array(["" if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string())
