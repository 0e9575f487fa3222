"""Time coding on a Dask cluster of this machine beside one process: same coder, same articles, in one run.

    python tests/benchmarks/cluster.py PATH [--articles 240] [--rounds 3] [--workers 2]

PATH is anything that `read_articles` reads. The articles are dealt out to small files of like length, each a partition,
and coded by `code_partitions`, as `timeline code --parquet` and `--cluster` do it, alternately by one process and by
workers of one thread each. Starting both and loading the coder in each process is timed apart and not counted. Printed
are the seconds on the clock and of processor time: a whole machine's clock says something where nobody else uses it,
while one process' processor time over that of the busiest worker is what two free cores would give. Aim: 1.7 with two
workers on an idle machine.
"""

from __future__ import annotations

import argparse
import contextlib
import heapq
import json
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from distributed import Client, LocalCluster
from first_start import calibrate

from timeline import Article, read_articles
from timeline.cluster import Settings, code_partitions, load_coder, make_partitions, partitions
from timeline.reading import Problem
from timeline.store.articles import Versions

_A_PARTITION = 8  # articles


def deal(articles: Sequence[Article], folder: Path, number: int) -> None:
    """Write the articles to so many files, the longest first and each to what is shortest then."""
    files: list[tuple[int, int, list[str]]] = [(0, place, []) for place in range(number)]
    for article in sorted(articles, key=lambda one: len(one.text), reverse=True):
        size, place, lines = heapq.heappop(files)
        published = article.published.isoformat() if article.published else None
        lines.append(json.dumps({"text": article.text, "title": article.title, "published": published}))
        heapq.heappush(files, (size + len(article.text), place, lines))
    for _, place, lines in files:
        (folder / f"{place:04}.jsonl").write_text("\n".join(lines), encoding="utf-8")


def code_all(folder: Path, executor: Executor) -> tuple[float, int]:
    """Code the folder's files with an executor that stays; seconds on the clock, words."""
    coder, problems = load_coder(), list[Problem]()
    found = make_partitions([str(folder)], Settings(), Versions(coder.version, coder.lexicon_version), problems.append)

    @contextlib.contextmanager
    def keep() -> Iterator[Executor]:
        yield executor

    with tempfile.TemporaryDirectory() as out:
        begun = time.perf_counter()
        run = code_partitions(found, out, Settings(), keep)
        seconds = time.perf_counter() - begun
    if problems or run.lost or run.failed or run.done != len(found):
        raise RuntimeError(f"not all was coded: {problems} {run.lost} {run.failed}")
    return seconds, run.words


def compare(folder: Path, rounds: int, workers: int) -> None:
    """Both ways in turn."""
    logging.getLogger("distributed").setLevel(logging.ERROR)
    load_coder()
    begun = time.perf_counter()
    with (
        ProcessPoolExecutor(1, get_context("spawn")) as pool,
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        client.get_executor() as executor,
    ):
        print(f"pool and cluster started in {time.perf_counter() - begun:.1f} s")

        def alone() -> list[float]:
            return [pool.submit(_load).result()]

        def together() -> list[float]:
            return list(client.run(_load).values())

        for name, used in (("one process", alone), (f"{workers} workers", together)):
            begun = time.perf_counter()
            used()
            print(f"{name}: coder loaded in {time.perf_counter() - begun:.1f} s")
        print("\n| round | load | processes | s | words/s | s of processors |\n|---|---|---|---|---|---|")
        ratios = [measure(folder, number, (alone, pool), (together, executor)) for number in range(1, rounds + 1)]
    clock, cores = (statistics.median(found) for found in zip(*ratios, strict=True))
    print(f"\n{workers} workers are {clock:.2f} times as fast as one process on the clock (median of {rounds} rounds);")
    print(f"by processor time, one process takes {cores:.2f} times as long as the busiest worker")


def measure(folder: Path, number: int, *ways: tuple[Callable[[], list[float]], Executor]) -> tuple[float, float]:
    """One round: how many times as long the first way takes, on the clock and by its busiest process."""
    taken = []
    for used, executor in ways:
        before = used()
        seconds, words = code_all(folder, executor)
        cores = [after - earlier for after, earlier in zip(used(), before, strict=True)]
        taken.append((seconds, max(cores)))
        listed = " + ".join(f"{one:.1f}" for one in cores)
        load = os.getloadavg()[0]
        print(
            f"| {number} | {load:.1f} | {len(cores)} | {seconds:.1f} | {words / seconds:.0f} | {listed} |", flush=True
        )
    (one, alone), (many, busiest) = taken
    return one / many, alone / busiest


def _load() -> float:
    """The processor seconds of this process, its coder loaded."""
    load_coder()
    return time.process_time()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path")
    parser.add_argument("--articles", type=int, default=240)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    articles = [one for one in read_articles([options.path]) if one.language in ("", "en")][: options.articles]
    print(f"{len(articles)} articles; load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")
    partitions.PARTITION_BYTES = 1  # a partition for each file
    with tempfile.TemporaryDirectory() as folder:
        deal(articles, Path(folder), -(-len(articles) // _A_PARTITION))
        compare(Path(folder), options.rounds, options.workers)
    print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")


if __name__ == "__main__":
    main()
