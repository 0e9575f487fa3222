"""Time the coder beside bare `spacy.pipe` on the same articles, with the same model, in one process and one run.

    python tests/benchmarks/coding_speed.py PATH [--articles 200] [--memory 10000] [--processes 2]

PATH is anything that `read_articles` reads: a folder of texts, a JSONL file, …. Bare means the model as it ships, all
its pipes on. One-process figures count CPU seconds (the best of `--rounds` for each few articles, at which all take
turns), so that a busy machine matters less; loading is printed apart. Processes are timed on the clock too, which says
something on an idle machine only; each loads its own model, which is not counted: the first article is waited for.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from spacy.language import Language

from timeline import Article, Coder, read_articles
from timeline.coding.parsing import parse_many
from timeline.coding.timex import recognise_timexes

_TURN = 16  # articles, two batches of `code_many`


def cpu_seconds(run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun


def drain(items: Iterator[object]) -> None:
    for _ in items:
        pass


def load_bare(coder: Coder) -> Language:
    """The coder's model as its package loads it."""
    meta = coder._model.meta
    return importlib.import_module(f"{meta['lang']}_{meta['name']}").load()


def compare(coder: Coder, articles: Sequence[Article], rounds: int) -> None:
    """One process: bare pipe, parse alone, full coding in batches and one by one, time expressions alone.

    All take turns at each few articles, in another order each time: run one after the other on a machine that
    others use too, the same work differs by a quarter, more than what is compared.
    """
    bare = load_bare(coder)
    runs: dict[str, Callable[[Sequence[Article]], object]] = {
        "bare spacy.pipe": lambda some: drain(bare.pipe([one.text for one in some])),
        "our parse alone": lambda some: drain(parse_many([one.text for one in some], coder._model)),
        "Coder.code_many": lambda some: drain(coder.code_many(some)),
        "Coder.code, one by one": lambda some: drain(map(coder.code, some)),
        "time expressions alone": lambda some: [recognise_timexes(one.text, one.published) for one in some],
    }
    for run in runs.values():
        run(articles[:5])
    seconds = dict.fromkeys(runs, 0.0)
    order = list(runs)
    for start in range(0, len(articles), _TURN):
        some = articles[start : start + _TURN]
        order = [*order[1:], order[0]]
        for name in order:
            seconds[name] += min(cpu_seconds(partial(runs[name], some)) for _ in range(rounds))
    words = sum(len(article.text.split()) for article in articles)
    print(f"{len(articles)} articles, {words} words; bare pipes: {', '.join(bare.pipe_names)}")
    print(f"{'':24}{'CPU s':>8}{'words/CPU s':>14}{'articles/CPU s':>16}{'of bare':>9}")
    for name, used in seconds.items():
        ratio = seconds["bare spacy.pipe"] / used
        print(f"{name:24}{used:8.2f}{words / used:14.0f}{len(articles) / used:16.1f}{ratio:9.2f}")


def compare_processes(coder: Coder, articles: Sequence[Article], processes: int) -> None:
    """Seconds on the clock, from the first result to the last, in one process and in several."""
    seconds = {}
    for number in (1, processes):
        used = _children_seconds()
        coded = coder.code_many(articles, processes=number)
        next(coded)
        begun, cpu = time.perf_counter(), time.process_time()
        drain(coded)
        seconds[number] = time.perf_counter() - begun
        cpu = time.process_time() - cpu + _children_seconds() - used
        print(f"{number} process(es): {seconds[number]:.2f} s on the clock, {cpu:.2f} CPU s in all, with loading")
    load = os.getloadavg()[0]
    print(f"{processes} processes are {seconds[1] / seconds[processes]:.2f} times one (load of the machine {load:.1f})")


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def watch_memory(coder: Coder, articles: Sequence[Article], total: int) -> None:
    """Memory held after each tenth of a long run; the articles repeat, each time with a few words never seen before."""
    print("articles    MB held    MB peak")
    coded = coder.code_many(islice(_vary(articles), total))
    for done in range(0, total, max(total // 10, 1)):
        drain(islice(coded, max(total // 10, 1)))
        gc.collect()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{done + max(total // 10, 1):8}{_held_mb():11.0f}{peak:11}", flush=True)


def _vary(articles: Sequence[Article]) -> Iterator[Article]:
    for number, article in enumerate(cycle(articles)):
        yield Article(f"{number}", f"{article.text} Zq{number}a met Zq{number}b and Zq{number}c.", article.published)


def _held_mb() -> float:
    """Resident memory, where the system tells it."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20 if status.exists() else float("nan")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("path", type=Path)
    arguments.add_argument("--articles", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--processes", type=int, default=2, help="0 leaves this out")
    arguments.add_argument("--memory", type=int, default=0, metavar="ARTICLES", help="0 leaves this out")
    chosen = arguments.parse_args()
    articles = list(islice(read_articles([chosen.path]), chosen.articles))
    loaded: list[Coder] = []
    print(f"loading: {cpu_seconds(lambda: loaded.append(Coder())):.2f} CPU s, then {_held_mb():.0f} MB held")
    compare(loaded[0], articles, chosen.rounds)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, bare pipe included")
    if chosen.processes > 1:
        compare_processes(loaded[0], articles, chosen.processes)
    if chosen.memory:
        watch_memory(loaded[0], articles, chosen.memory)


if __name__ == "__main__":
    main()
