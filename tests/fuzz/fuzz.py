"""Feed damaged files of every kind to the readers and importers: no crash, no hang, no flood of memory.

    PYTHONPATH=tests python tests/fuzz/fuzz.py --inputs 100000

Inputs are seeds of each format, made here, changed at random: bytes flipped, cut, doubled, moved between files, and
words that parsers stumble over put in. A child process reads them; it must answer each with articles, problems or our
own errors, within five seconds of processor time and a gigabyte of memory. What fails is written to `--keep` and named.
The same seed gives the same inputs. Exits 1 if anything was found.
"""

from __future__ import annotations

import argparse
import datetime as dt
import faulthandler
import gzip
import io
import json
import random
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as papq
from import_samples import gdelt_row

SECONDS, MEMORY = 5, 1 << 30
MOST_BYTES = 1 << 20
_PATIENCE = 300  # seconds by the clock for one answer; what counts are the seconds of processor time above
_TEXT = (
    "MOSCOW, March 5, 2020 - Russia and Turkey agreed a ceasefire in Idlib on Thursday, the Kremlin said.\n\n"
    "Published on 6 March 2020. Read more: https://example.org/2020/03/06/talks. Presidents spoke for six hours.\n"
)
_WORDS = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", b"&a;&a;&a;", b"<![CDATA[", b"]]>",
    b"<script>", b"</html>", b'"', b'"""', b"'", b"\\", b"\\ud800", b"{", b"}", b"[[[[[[[[[[[[", b"]]]]", b",,,,,",
    b"\t\t\t", b"\r", b"\n\n\n", b"PK\x03\x04", b"PK\x01\x02", b"\x1f\x8b\x08", b"%PDF-1.7", b"endobj", b"stream\n",
    b"xref", b"PAR1", b"99999999999999999999", b"-1", b"NaN", b"1e999", b"2020-02-31",
    b"0000-00-00", b"31 February 0", b"=HYPERLINK(1)",
    "\u202e\u2066\u0600".encode(), "\U0001f600".encode(), b"charset=utf-7", b"<meta charset=utf-16>",
    b"http://", b"data:,x", b"file:///etc/passwd", b"&#x0;", b"&#55296;", b"%00", b"../../x", b"A" * 5000,
]  # fmt: skip


def make_seeds() -> dict[str, list[bytes]]:
    """A few files of each format, by suffix."""
    row = {
        "title": "Talks",
        "text": _TEXT,
        "date": "2020-03-06",
        "source": "Aldor Post",
        "url": "https://example.org/a",
    }
    table = "text,date,title\n" + '"' + _TEXT.replace("\n", " ") + '",2020-03-06,Talks\n'
    facts = json.dumps({"@type": "NewsArticle", "headline": "Talks", "datePublished": "2020-03-06"})
    page = (
        "<html><head><title>Talks</title><meta property='article:published_time' content='2020-03-06T10:00:00Z'>"
        f"<script type='application/ld+json'>{facts}"
        f"</script></head><body><article><h1>Talks</h1><p>{_TEXT}</p><p>{_TEXT}</p></article></body></html>"
    )
    feed = (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Aldor Post</title><item><title>Talks</title>"
        f"<link>https://example.org/a</link><pubDate>Fri, 06 Mar 2020 10:00:00 GMT</pubDate>"
        f"<description>{_TEXT}</description>"
        "</item></channel></rss>"
    )
    gdelt = "\n".join(gdelt_row(number) for number in range(5))
    icews = _make_row(
        "\t",
        {"Event ID": "1", "Event Date": "2020-03-05", "Source Name": "Citizen (Syria)", "Source Country": "Syria"}
        | {"CAMEO Code": "111", "Target Name": "Turkey", "Target Country": "Turkey", "Intensity": "-2.0"},
    )
    acled = _make_row(
        ",",
        {"event_id_cnty": "SYR1", "event_date": "5 March 2020", "event_type": "Battles", "actor1": "Army of Syria"}
        | {"sub_event_type": "Armed clash", "actor2": "HTS", "country": "Syria", "latitude": "35.9", "notes": "text"},
    )
    return {
        ".txt": [_TEXT.encode(), _TEXT.encode("utf-16"), _TEXT.encode("cp1252") * 20],
        ".md": [f"---\ntitle: Talks\ndate: 2020-03-06\n---\n\n# Talks\n\n{_TEXT}".encode()],
        ".html": [page.encode()],
        ".xml": [feed.encode()],
        ".json": [json.dumps([row, row]).encode(), json.dumps({"articles": [row]}).encode()],
        ".jsonl": [(json.dumps(row) + "\n").encode() * 3],
        ".csv": [table.encode(), acled.encode()],
        ".tsv": [icews.encode(), gdelt.encode()],
        ".pdf": [_make_pdf()],
        ".zip": [_make_zip({"a.txt": _TEXT.encode(), "b.html": page.encode(), "c.csv": gdelt.encode()})],
        ".gz": [gzip.compress(_TEXT.encode()), gzip.compress(gdelt.encode())],
        ".parquet": [_make_parquet(row)],
        "": [_TEXT.encode(), page.encode(), feed.encode()],
    }


def _make_row(delimiter: str, cells: dict[str, str]) -> str:
    """A table of one row, with its header."""
    return f"{delimiter.join(cells)}\n{delimiter.join(cells.values())}\n"


def _make_pdf() -> bytes:
    """One page of text, the smallest there is."""
    content = b"BT /F1 12 Tf 72 720 Td (MOSCOW, March 5, 2020 - Russia and Turkey agreed a ceasefire.) Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
        b" /MediaBox [0 0 612 792] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(parts) + 1, table, end)


def _make_zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _make_parquet(row: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    names = ("event_id", "start", "end", "event_type", "source_ids", "target_ids")
    papq.write_table(pa.Table.from_pylist([row | dict.fromkeys(names, "x")]), buffer)
    return buffer.getvalue()


def damage(draw: random.Random, seed: bytes, other: bytes) -> bytes:
    """One to eight changes, the result no longer than `MOST_BYTES`."""
    data = bytearray(seed)
    for _ in range(draw.choice((1, 1, 2, 3, 8))):
        place = draw.randrange(len(data) + 1)
        kind = draw.randrange(8)
        if kind == 0 and place < len(data):
            data[place] ^= 1 << draw.randrange(8)
        elif kind == 1:
            data[place:place] = draw.choice(_WORDS)
        elif kind == 2:
            del data[place:]
        elif kind == 3:
            del data[place : place + draw.randrange(1, 200)]
        elif kind == 4:
            piece = data[place : place + draw.randrange(1, 400)]
            data[place:place] = piece * draw.choice((1, 2, 50, 1000))
        elif kind == 5:
            start = draw.randrange(len(other) + 1)
            data[place:place] = other[start : start + draw.randrange(1, 2000)]
        elif kind == 6:
            data[place:place] = draw.randbytes(draw.randrange(1, 40))
        else:
            data[place : place + 4] = draw.choice((b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff"))
    return bytes(data[:MOST_BYTES])


def work(pipe: Connection, folder: str) -> None:
    """The child: read each file it is told of and say how long it took, or what was wrong."""
    from timeline.errors import TimelineError
    from timeline.reading import read_articles
    from timeline.store import open_project
    from timeline.store.coded_files import is_coded_file, read_rows
    from timeline.store.imports import import_file

    faulthandler.enable()
    project = open_project(Path(folder) / "project", create=True)
    _warm_up(folder)
    pipe.send("ready")

    def read(path: str) -> None:
        for article in read_articles([path], on_problem=lambda _: None):
            assert article.text
            assert article.published is None or dt.date.min <= article.published <= dt.date.max

    def imported(path: str) -> None:
        if is_coded_file(Path(path)):
            list(read_rows(Path(path)))
        else:
            import_file(project, Path(path))

    while True:
        path, how = pipe.recv()
        started, before = time.process_time(), _measure("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            {"read": read, "import": imported}[how](path)
            wrong = ""
        except TimelineError:
            wrong = "" if how == "import" else traceback.format_exc()
        except BaseException:  # noqa: BLE001 - all of it is what we look for
            wrong = traceback.format_exc()
        signal.setitimer(signal.ITIMER_PROF, 0)
        taken = _measure("VmHWM") - before
        if not wrong and taken > MEMORY:
            wrong = f"took {taken >> 20} MB"
        pipe.send((time.process_time() - started, wrong))


def _warm_up(folder: str) -> None:
    """Load what reading loads, before it is measured."""
    from timeline.reading import read_articles

    for suffix, seeds in make_seeds().items():
        file = Path(folder) / f"warm{suffix}"
        file.write_bytes(seeds[0])
        list(read_articles([file], on_problem=lambda _: None))
    signal.signal(signal.SIGPROF, _too_long)


def _measure(name: str) -> int:
    """Bytes of memory this process has (VmRSS) or had at most (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(name))


def _too_long(*_: object) -> None:
    raise TimeoutError(f"over {SECONDS} seconds of processor time")


class Reader:
    """A child, started again whenever it dies."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, self.folder), daemon=True)
        self.process.start()
        theirs.close()
        self.pipe.recv()  # starting may take longer than an answer may, on a busy machine

    def ask(self, file: Path, how: str) -> tuple[float, str]:
        """Seconds and what was wrong, "" if nothing."""
        try:
            self.pipe.send((str(file), how))
            if self.pipe.poll(_PATIENCE if self.process.exitcode is None else 0):
                seconds, wrong = self.pipe.recv()
                return seconds, wrong
            wrong = "hangs: not even an alarm wakes it"
        except (EOFError, OSError):
            self.process.join(5)
            wrong = f"died with exit code {self.process.exitcode}"
        self.process.kill()
        self.start()
        return 0.0, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-findings")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    seeds = make_seeds()
    everything = [seed for group in seeds.values() for seed in group]
    found: Counter[str] = Counter()
    slowest, started = 0.0, time.monotonic()
    say: Callable[[str], object] = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: E731
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(folder)
        for number in range(options.inputs):
            suffix = draw.choice(list(seeds))
            data = damage(draw, draw.choice(seeds[suffix]), draw.choice(everything))
            how = draw.choice(("read", "read", "import"))
            file = Path(folder) / f"input{suffix}"
            file.write_bytes(data)
            seconds, wrong = reader.ask(file, how)
            slowest = max(slowest, seconds)
            if wrong:
                kind = wrong.strip().splitlines()[-1][:120]
                found[f"{how} {suffix}: {kind}"] += 1
                if found[f"{how} {suffix}: {kind}"] == 1:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{number}-{how}{suffix}").write_bytes(data)
                    say(f"input {number} ({how} {suffix}): {wrong}")
            if number % 5000 == 4999:
                say(f"{number + 1:,} inputs, {sum(found.values())} findings, slowest {slowest:.2f} s")
        reader.process.kill()
    print(f"{options.inputs:,} inputs in {time.monotonic() - started:.0f} s, slowest {slowest:.2f} s")
    for kind, times in found.most_common():
        print(f"{times:6,}  {kind}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
