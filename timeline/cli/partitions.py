"""`timeline code --parquet` and `--cluster`: files coded in partitions, by processes here or by a Dask cluster."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from timeline.cli import running
from timeline.cli.interruption import Interruption
from timeline.cli.output import FAILED, INTERRUPTED, OK, PARTLY, count, name_some, note, plain, say, say_json, warn
from timeline.cli.progress import ProgressLine
from timeline.errors import TimelineError

if TYPE_CHECKING:
    from timeline.cluster import PartitionRun
    from timeline.reading import Problem

_CONNECT_SECONDS = 10


def code_partitions(options: argparse.Namespace) -> int:
    """Code files into a folder of Parquet files and tell what came of it."""
    from timeline import cluster
    from timeline.store.articles import Versions

    if len(options.paths) < 2:
        warn("code needs what to read and the folder to write: timeline code --parquet IN… OUT")
        return FAILED
    *paths, out = options.paths
    if private := next((path for path in options.paths if path.startswith("memory://")), None):
        warn(f"{private}: each process has a memory of its own; name a folder or an address that all of them see")
        return FAILED
    started = time.monotonic()
    settings = cluster.Settings(_given(options), tuple(str(path.absolute()) for path in options.lexicon))
    coder = running.load_coder(options.lexicon)
    met: list[Problem] = []
    partitions = cluster.make_partitions(paths, settings, Versions(coder.version, coder.lexicon_version), _teller(met))
    if not partitions:
        warn("nothing was coded: no file could be read")
        return FAILED
    with (
        Interruption("Stopping when the partitions in hand are done; Ctrl-C again stops at once.") as stop,
        ProgressLine("coding", quiet=options.quiet) as line,
    ):
        run = cluster.code_partitions(
            partitions,
            out,
            settings,
            lambda: _executor(options),
            lambda run: line.show(run.kept + run.done, run.partitions, run.words, ""),
            should_stop=stop,
        )
    met += run.skipped
    _tell(run, met, out, time.monotonic() - started, options)
    if run.stopped:
        note("Stopped. To go on: run the same command again")
        return INTERRUPTED
    return PARTLY if met or run.failed or run.lost else OK


def _given(options: argparse.Namespace) -> dict[str, object]:
    """What the command says of the articles, as `read_articles` takes it."""
    names = ("published", "title", "publisher")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return {**given, **({"columns": dict(options.column)} if options.column else {})}


def _teller(met: list[Problem]):  # type: ignore[no-untyped-def]
    def report(problem: Problem) -> None:
        met.append(problem)
        note(f"skipped {plain(str(problem))}")

    return report


@contextlib.contextmanager
def _executor(options: argparse.Namespace) -> Iterator[Executor]:
    """Processes of this machine, or those of the cluster."""
    if not options.cluster:
        context = get_context("spawn")
        with ProcessPoolExecutor(options.processes, mp_context=context, initializer=_ignore_interrupts) as pool:
            yield pool
        return
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port, normalize_address
    except ImportError as error:
        raise TimelineError("--cluster needs the extra: pip install 'event-timeline[cluster]'") from error
    try:
        get_address_host_port(normalize_address(options.cluster))  # a client of a wrong one takes long to go away
        client = Client(options.cluster, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise TimelineError(f"{options.cluster}: no Dask scheduler answers there ({error})") from error
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            note(f"{options.cluster}: the cluster has no workers yet; waiting for one")
        yield client.get_executor(retries=2)


def _ignore_interrupts() -> None:
    """Ctrl-C is the parent's to deal with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _tell(run: PartitionRun, met: list[Problem], out: str, seconds: float, options: argparse.Namespace) -> None:
    if options.json:
        say_json(
            {
                "out": out,
                "partitions": run.partitions,
                "kept": run.kept,
                "done": run.done,
                "articles": run.articles,
                "words": run.words,
                "seconds": round(seconds, 3),
                "skipped": [str(problem) for problem in met],
                "failed": [{"id": name, "reason": reason} for name, reason in run.failed],
                "lost": [{"file": file, "reason": reason} for file, reason in run.lost],
                "stopped": run.stopped,
            }
        )
        return
    kept = f", {run.kept:,} were there from before" if run.kept else ""
    speed = f", {run.words / seconds:,.0f} words a second" if run.words else ""
    say(f"{count(run.articles, 'article')} coded to {out}: {run.done:,} of {run.partitions:,} partitions{kept}{speed}")
    for problem in name_some([str(problem) for problem in run.skipped]):
        note(f"skipped {plain(problem)}")
    for words, rows in (("could not be coded", run.failed), ("given up", run.lost)):
        if rows:
            note(f"{words}:")
            for line in name_some([f"{name}: {plain(reason, 200)}" for name, reason in rows]):
                note(f"  {line}")
    if not run.stopped:
        say(f"into a project: timeline import {os.path.join(out, '')}")  # noqa: PTH118 - it may be an address
