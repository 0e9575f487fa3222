"""Coding beyond one process: input files in partitions, each coded to one Parquet file, on any executor.

A partition is a few files. Its output is named by what it is made of (paths, sizes, options, versions of the coder)
and appears whole or not at all. So a run that was stopped or lost workers is finished by running it again: what is
there is skipped, and a partition coded twice is one file. Only paths travel to the workers, so inputs, output and
lexicons must lie where every worker sees them: a shared folder, or any address that fsspec reads.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from timeline.cluster.shared_files import SharedFile, fetch_file, list_names, list_shared, put_file
from timeline.reading import Problem, read_articles
from timeline.records import Article, digest
from timeline.store.articles import Versions
from timeline.store.coded_files import CodedRow, row_of, row_of_failure, write_rows
from timeline.store.codings import CodedLike

if TYPE_CHECKING:
    from timeline.coding.coder import Coder

PARTITION_BYTES = 1 << 20  # half a minute of coding
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """How partitions are read and coded: what is known of the articles, columns of tables, own lexicons."""

    given: Mapping[str, object] = field(default_factory=dict)
    lexicons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partition:
    """Files that are coded together; `name` is that of the output."""

    name: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartitionDone:
    """What became of a partition: articles and words coded, inputs skipped, articles that failed (id, reason)."""

    articles: int = 0
    words: int = 0
    skipped: tuple[Problem, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class PartitionRun:
    """What a run did. `kept` partitions were there from before; `lost` names the files of those given up."""

    partitions: int = 0
    kept: int = 0
    done: int = 0
    articles: int = 0
    words: int = 0
    skipped: list[Problem] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    stopped: bool = False


ExecutorMaker = Callable[[], AbstractContextManager[Executor]]


def make_partitions(
    paths: Iterable[str], settings: Settings, versions: Versions, on_problem: Callable[[Problem], None]
) -> tuple[Partition, ...]:
    """Put the input files into partitions of about `PARTITION_BYTES`, in order; a larger file is one by itself."""
    groups: list[list[SharedFile]] = []
    size = 0
    for path in paths:
        for file in list_shared(path, on_problem):
            if not groups or size + file.size > PARTITION_BYTES:
                groups.append([])
                size = 0
            groups[-1].append(file)
            size += file.size
    about = (repr(sorted(settings.given.items())), *settings.lexicons, versions.coder, versions.lexicon)
    return tuple(
        Partition(f"{digest(*about, *map(str, group))}.parquet", tuple(file.path for file in group)) for group in groups
    )


def code_partitions(
    partitions: Sequence[Partition],
    out: str,
    settings: Settings,
    make_executor: ExecutorMaker,
    progress: Callable[[PartitionRun], None] | None = None,
    *,
    should_stop: Callable[[], bool] = lambda: False,
) -> PartitionRun:
    """Code every partition whose output is not there yet.

    Args:
        partitions: From `make_partitions`.
        out: Folder of the outputs, a path or an address.
        settings: Those the partitions were made with.
        make_executor: A pool of processes, or a cluster's executor; asked for again where a process of a pool died.
        progress: Called after each partition.
        should_stop: Asked after each partition; True ends the run when those in hand are done.
    """
    there = list_names(out)
    run = PartitionRun(len(partitions), sum(one.name in there for one in partitions))
    left = {one.name: one for one in partitions if one.name not in there}
    work = _Work(out, settings, run, left, progress or (lambda _: None), should_stop)
    for attempt in range(_ATTEMPTS):
        # A file that kills its process breaks the whole pool; at last each is tried alone.
        alone = attempt == _ATTEMPTS - 1
        for group in [[one] for one in left.values()] if alone else [list(left.values())]:
            if group and not work.stopping:
                with make_executor() as executor:
                    work.code(executor, group)
    _miss_unseen(run, work.finished, out)
    run.stopped = work.stopping
    if not run.stopped:
        run.lost += [(file, "the process that coded it died") for one in left.values() for file in one.files]
    return run


@dataclass(slots=True)
class _Work:
    """Partitions being coded; those finished leave `left`."""

    out: str
    settings: Settings
    run: PartitionRun
    left: dict[str, Partition]
    progress: Callable[[PartitionRun], None]
    should_stop: Callable[[], bool]
    stopping: bool = False
    finished: list[Partition] = field(default_factory=list)

    def code(self, executor: Executor, group: Sequence[Partition]) -> None:
        """Code partitions; returns early where the pool broke, leaving what is not finished."""
        waiting: dict[Future[PartitionDone], Partition] = {}
        try:
            for one in group:
                waiting[executor.submit(code_partition, one, self.out, self.settings)] = one
            while waiting:
                ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    self._take(future, waiting.pop(future))
                if not self.stopping and self.should_stop():
                    self.stopping = True
                    waiting = {future: one for future, one in waiting.items() if not future.cancel()}
        except BrokenExecutor:
            return

    def _take(self, future: Future[PartitionDone], one: Partition) -> None:
        run = self.run
        try:
            done = future.result()
        except BrokenExecutor:
            raise
        except (Exception, CancelledError) as error:  # noqa: BLE001 - a partition goes wrong, the others go on
            run.lost += [(file, f"{type(error).__name__}: {error}") for file in one.files]
        else:
            run.done += 1
            self.finished.append(one)
            run.articles += done.articles
            run.words += done.words
            run.skipped += done.skipped
            run.failed += done.failed
        del self.left[one.name]
        self.progress(run)


def _miss_unseen(run: PartitionRun, finished: Sequence[Partition], out: str) -> None:
    """Give up what a worker says it wrote and nobody finds here: its disk is another than ours."""
    there = list_names(out) if finished else frozenset()
    for one in finished:
        if one.name not in there:
            run.done -= 1
            reason = f"its worker wrote it where {out} is not seen from here; OUT must be one folder to all machines"
            run.lost += [(file, reason) for file in one.files]


def code_partition(partition: Partition, out: str, settings: Settings) -> PartitionDone:
    """Read and code the files of a partition and write their output; runs in a worker."""
    skipped: list[Problem] = []
    rows: list[CodedRow] = []
    for path in partition.files:
        with fetch_file(path) as local:
            articles = read_articles(
                [local],
                on_problem=lambda problem, path=path: skipped.append(Problem(path, problem.reason)),  # type: ignore[misc]
                **settings.given,  # type: ignore[arg-type]
            )
            rows += (code_article(article, settings.lexicons) for article in articles)
    with TemporaryDirectory() as folder:
        file = Path(folder) / partition.name
        write_rows(rows, file)
        put_file(file, out)
    failed = tuple((row.reading.article.id, row.problem) for row in rows if row.problem)
    words = sum(len(row.reading.article.text.split()) for row in rows)
    return PartitionDone(len(rows) - len(failed), words, tuple(skipped), failed)


def code_article(article: Article, lexicons: tuple[str, ...] = ()) -> CodedRow:
    """Code one article with this process's coder; whatever goes wrong is the row's problem."""
    coder = load_coder(lexicons)
    versions = Versions(coder.version, coder.lexicon_version)
    try:
        coded: CodedLike = coder.code(article)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one article, the others go on
        return row_of_failure(article, versions, f"{type(error).__name__}: {error}")
    return row_of(coded, versions)


@functools.cache
def load_coder(lexicons: tuple[str, ...] = ()) -> Coder:
    """The coder of this process, loaded once."""
    from timeline.coding.coder import Coder

    return Coder(lexicons)
