"""Rows per second and peak memory of importing event tables, beside pandas.read_csv alone.

    python tests/benchmarks/imports.py --gdelt gdelt.csv.gz --icews icews.csv.gz [--rows 1000000]
    python tests/benchmarks/imports.py --gdelt gdelt.csv.gz --small-files 400 [--rows 120000]

The GDELT table is repeated to so many rows, each with an id of its own, and written uncompressed first. Every figure
comes from a process of its own; the importer's includes originals, commits and, apart, the final sorting. With
`--small-files` the rows are cut into so many files, as GDELT publishes one every 15 minutes, and the CPU time for each
is told as they become more: it should not grow.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gdelt", type=Path)
    parser.add_argument("--icews", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--small-files", type=int, default=0, help="import the rows from so many files")
    parser.add_argument("--one", nargs=3, metavar=("WHAT", "FILE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _measure(*options.one)
        return
    with tempfile.TemporaryDirectory() as folder:
        if options.small_files:
            table = _repeat(options.gdelt, Path(folder) / "gdelt.csv", options.rows)
            _report_small(_cut(table, Path(folder) / "small", options.small_files, options.rows), Path(folder))
            return
        files = []
        if options.gdelt:
            files.append(("GDELT", _repeat(options.gdelt, Path(folder) / "gdelt.csv", options.rows)))
        if options.icews:
            files.append(("ICEWS", options.icews))
        print(
            "| table | rows | MB | what | s | rows/s | peak MB | ratio to pandas |\n|---|---|---|---|---|---|---|---|"
        )
        for name, file in files:
            _report(name, file, Path(folder))


def _report(name: str, file: Path, folder: Path) -> None:
    pandas = _run("pandas", file, folder / f"{name}-pandas")
    ours = _run("import", file, folder / f"{name}-project")
    rows, size = ours["rows"], file.stat().st_size / 1e6
    assert rows == pandas["rows"], f"{rows} rows imported, pandas reads {pandas['rows']}"
    for what, seconds, peak in (
        ("pandas.read_csv", pandas["seconds"], pandas["peak"]),
        ("import", ours["seconds"], ours["peak"]),
        ("sorting, projections", ours["finish"], ours["peak"]),
        ("import again", ours["again"], ours["peak"]),
    ):
        figures = f"{seconds:.1f} | {rows / seconds:,.0f} | {peak:.0f} | {seconds / pandas['seconds']:.2f}"
        print(f"| {name} | {rows:,} | {size:.0f} | {what} | {figures} |")
    print(f"\n{name}: table {ours['table'] / rows:.1f}, original rows {ours['originals'] / rows:.1f} bytes a row\n")


def _report_small(files: Path, folder: Path) -> None:
    figures = _run("small", files, folder / "small-project")
    number = int(figures["files"])
    print(f"{number} files of {figures['rows'] / number:.0f} rows, peak {figures['peak']:.0f} MB; CPU ms a file:")
    for quarter in range(4):
        print(f"  quarter {quarter + 1}: {figures[f'quarter {quarter}'] * 1000:.1f}")
    print(f"  again: {figures['again'] * 1000:.1f}")


def _run(what: str, file: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", what, str(file), str(folder)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def _measure(what: str, file: str, folder: str) -> None:
    measure = {"pandas": _pandas, "import": _import, "small": _import_small}[what]
    print(json.dumps(measure(Path(file), Path(folder))))


def _pandas(file: Path, _: Path) -> dict[str, float]:
    import pandas as pd

    begun = time.monotonic()
    rows = len(pd.read_csv(file, low_memory=False))
    return {"rows": rows, "seconds": time.monotonic() - begun, "peak": _peak()}


def _import(file: Path, folder: Path) -> dict[str, float]:
    from timeline.store import open_project
    from timeline.store.imports import finish_import, import_file
    from timeline.store.snapshot import list_files, read_snapshot

    project = open_project(folder, create=True)
    times = [time.monotonic()]
    (done,) = import_file(project, file)
    times.append(time.monotonic())
    peak = _peak()
    finish_import(project)
    times.append(time.monotonic())
    (again,) = import_file(project, file)
    times.append(time.monotonic())
    assert again.again and not done.rejected, done
    size = {name: sum(part.stat().st_size for part in (folder / name).rglob("*.parquet")) for name in ("originals",)}
    snapshot = read_snapshot(project)
    table = sum(Path(part).stat().st_size for part in list_files(project, snapshot)) if snapshot else 0
    seconds, finish, second = (b - a for a, b in itertools.pairwise(times))
    figures = {"rows": done.events + done.known, "seconds": seconds, "finish": finish, "again": second, "peak": peak}
    return {**figures, "table": table, **size}


def _import_small(files: Path, folder: Path) -> dict[str, float]:
    from timeline.store import open_project
    from timeline.store.imports import import_files

    project = open_project(folder, create=True)
    listed = sorted(files.iterdir())
    size = len(listed) // 4
    rows, times = 0, [time.process_time()]
    for done, one in enumerate(import_files(project, listed), start=1):
        rows += one.events
        if done % size == 0:
            times.append(time.process_time())
    figures = {f"quarter {n}": (b - a) / size for n, (a, b) in enumerate(itertools.pairwise(times[:5]))}
    begun, peak = time.process_time(), _peak()
    assert all(one.again for one in import_files(project, listed))
    again = (time.process_time() - begun) / len(listed)
    return {"files": len(listed), "rows": rows, "peak": peak, "again": again, **figures}


def _cut(table: Path, target: Path, number: int, rows: int) -> Path:
    """A folder of so many files that hold a table's rows, each with its header."""
    target.mkdir()
    with table.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        for count in range(number):
            with (target / f"{count:06}.csv").open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows([header, *itertools.islice(reader, rows // number)])
    return target


def _repeat(given: Path, target: Path, rows: int) -> Path:
    """The table's rows over and over, each with an id of its own, days as they are."""
    opener = gzip.open if given.suffix == ".gz" else open
    with opener(given, "rt", encoding="utf-8", newline="") as file:
        header, *body = list(csv.reader(file))
    at = next(i for i, name in enumerate(header) if name.replace("_", "").casefold() == "globaleventid")
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        for number in range(rows):
            row = body[number % len(body)]
            row[at] = str(900_000_000 + number)
            writer.writerow(row)
    return target


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
