"""Coding in partitions: by processes here, on a Dask cluster, and as Spark calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as papq
import pytest
from cli_samples import Shell, shell

from timeline import cluster
from timeline.cli import main
from timeline.cluster import Settings, partitions
from timeline.cluster.shared_files import list_names, put_file
from timeline.errors import TimelineError, UnreadableInputError
from timeline.pipeline import add_coded
from timeline.reading import Problem
from timeline.records import Article
from timeline.store import open_project, read_coded
from timeline.store.articles import Versions
from timeline.store.coded_files import CODED_SCHEMA, CodedRow, is_coded_file, read_rows, row_of, write_rows

__all__ = ["shell"]
VERSIONS = Versions("coder-1", "lexicon-1")
distributed = pytest.importorskip("distributed", reason="needs the extra: pip install -e '.[test]'")


@pytest.fixture
def coder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A coder that takes no time to load, for what runs in this process."""
    from store_samples import FakeCoder

    monkeypatch.setattr(partitions, "load_coder", lambda lexicons=(): FakeCoder())


def write_press(folder: Path, number: int = 6) -> Path:
    """Articles in files, each a sentence with one event."""
    folder.mkdir(exist_ok=True)
    for n in range(number):
        text = f"Aldoria attacked Borvenia. Report number {n} tells of the attack in words of its own, {n * 7}."
        (folder / f"{n}.jsonl").write_text(json.dumps({"text": text, "published": "2020-03-06", "title": f"Title {n}"}))
    return folder


def plan(folder: Path | str, settings: Settings = Settings()) -> tuple[cluster.Partition, ...]:  # noqa: B008
    problems: list[Problem] = []
    found = cluster.make_partitions([str(folder)], settings, VERSIONS, problems.append)
    assert problems == []
    return found


def in_thread() -> AbstractContextManager[Executor]:
    return ThreadPoolExecutor(1)


def rows_in(out: Path) -> list[CodedRow]:
    return [row for file in sorted(out.glob("*.parquet")) for row in read_rows(file)]


@pytest.fixture
def one_file_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "PARTITION_BYTES", 1)


# --- partitions ----------------------------------------------------------------------------------------------------


def test_small_files_share_a_partition(tmp_path: Path) -> None:
    """In the order of their names."""
    (found,) = plan(write_press(tmp_path / "press"))

    assert [str(n) for n in range(6)] == [Path(file).stem for file in found.files]


@pytest.mark.usefixtures("one_file_each")
def test_the_name_of_a_partition_tells_what_it_is_made_of(tmp_path: Path) -> None:
    """Another text, option or coder is another output."""
    press = write_press(tmp_path / "press", 2)
    before = {one.name for one in plan(press)}
    (press / "1.jsonl").write_text('{"text": "Borvenia attacked Aldoria in the night."}')
    after = {one.name for one in plan(press)}

    assert len(before & after) == 1
    assert not before & {one.name for one in plan(press, Settings({"publisher": "Aldor Post"}))}


@pytest.mark.usefixtures("coder", "one_file_each")
def test_each_partition_is_coded_once(tmp_path: Path) -> None:
    """A second run finds all of it there."""
    found, out = plan(write_press(tmp_path / "press")), tmp_path / "coded"
    run = cluster.code_partitions(found, str(out), Settings(), in_thread)
    again = cluster.code_partitions(found, str(out), Settings(), in_thread)

    assert (6, 6, 0) == (run.done, run.articles, run.kept)
    assert (0, 6) == (again.done, again.kept)
    assert {"ASSAULT"} == {coding.event_type for row in rows_in(out) for coding in row.reading.codings}


@pytest.mark.usefixtures("coder", "one_file_each")
def test_a_run_that_was_stopped_is_gone_on_with(tmp_path: Path) -> None:
    """What is done stays, the rest follows."""
    found, out = plan(write_press(tmp_path / "press")), tmp_path / "coded"
    run = cluster.code_partitions(found, str(out), Settings(), in_thread, should_stop=lambda: True)
    assert run.stopped
    assert 0 < run.done < 6

    rest = cluster.code_partitions(found, str(out), Settings(), in_thread)
    assert rest.kept + rest.done == 6
    assert len({row.reading.article.id for row in rows_in(out)}) == 6


@pytest.mark.usefixtures("coder")
def test_a_bad_file_and_a_bad_article_stop_nothing(tmp_path: Path) -> None:
    """Both are named."""
    press = write_press(tmp_path / "press", 2)
    (press / "bad.pdf").write_bytes(b"%PDF nothing")
    (press / "poison.txt").write_text("This is poison to the coder, as the test wants it to be, and long enough.")
    run = cluster.code_partitions(plan(press), str(tmp_path / "coded"), Settings(), in_thread)

    assert 2 == run.articles
    assert [press.joinpath("bad.pdf")] == [Path(problem.path) for problem in run.skipped]
    assert ["RuntimeError: cannot read this"] == [reason for _, reason in run.failed]


class BreakingPool(Executor):
    """A pool that breaks when it meets the partition named; what came before it is done."""

    def __init__(self, guilty: str) -> None:
        self.guilty, self.broken = guilty, False

    def submit(self, fn: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.broken |= arguments[0].name == self.guilty
        if self.broken:
            future.set_exception(BrokenProcessPool("died"))
        else:
            future.set_result(fn(*arguments, **options))
        return future


@pytest.mark.usefixtures("coder", "one_file_each")
def test_a_file_that_kills_its_process_takes_no_other_along(tmp_path: Path) -> None:
    """It is given up at last, by name."""
    found, out = plan(write_press(tmp_path / "press")), tmp_path / "coded"

    @contextmanager
    def breaking() -> Iterator[Executor]:
        yield BreakingPool(found[2].name)

    run = cluster.code_partitions(found, str(out), Settings(), breaking)
    assert [found[2].files[0]] == [file for file, _ in run.lost]
    assert list_names(str(out)) == {one.name for one in found if one is not found[2]}


@pytest.mark.usefixtures("coder")
def test_addresses_work_like_folders(tmp_path: Path) -> None:
    """In and out through fsspec; a part that was left behind is no output."""
    import fsspec

    system = fsspec.filesystem("memory")
    for n in range(3):
        system.pipe(f"/press/{n}.txt", f"Aldoria attacked Borvenia. It is report {n} of that day, no more.".encode())
    found = plan("memory://press")
    run = cluster.code_partitions(found, "memory://coded", Settings(), in_thread)

    assert 3 == run.articles
    assert list_names("memory://coded") == {one.name for one in found}
    assert cluster.code_partitions(found, "memory://coded", Settings(), in_thread).kept == 1


@pytest.mark.usefixtures("coder", "one_file_each")
def test_output_that_is_not_seen_here_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker wrote to a disk of its own: that is no success, and the files are named."""
    found, out = plan(write_press(tmp_path / "press")), tmp_path / "coded"
    monkeypatch.setattr(partitions, "put_file", lambda file, folder: None)
    run = cluster.code_partitions(found, str(out), Settings(), in_thread)

    assert (0, len(found)) == (run.done, len(run.lost))
    assert "is not seen from here" in run.lost[0][1]


@pytest.mark.usefixtures("coder")
def test_what_lies_at_an_address_is_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the command that coded it says; a page of the web and an event table are not fetched."""
    found, out = plan(write_press(tmp_path / "press")), (tmp_path / "coded").as_uri()
    cluster.code_partitions(found, out, Settings(), in_thread)
    call = ["import", "--project", str(tmp_path / "project")]
    assert main([*call, f"{out}/"]) == 0
    assert "6 articles added" in capsys.readouterr().out

    assert main([*call, "https://example.org/a.zip", f"{out}/none", "memory://x"]) == 2
    told = capsys.readouterr().err
    assert "is not fetched" in told
    assert told.count("no .parquet file is there") == 2
    assert main(["code", "--parquet", str(tmp_path / "press"), "memory://out"]) == 2


def test_an_address_that_nothing_reads(tmp_path: Path) -> None:
    """Says so."""
    with pytest.raises(UnreadableInputError, match="nosuch"):
        list_names("nosuch://bucket/coded")


# --- coded files ---------------------------------------------------------------------------------------------------


def test_rows_read_back_as_written(tmp_path: Path) -> None:
    """Lone surrogates, which Parquet cannot hold as text, included."""
    from store_samples import FakeCoder

    article = Article("a", "Aldoria attacked Borvenia. \ud800 \U0001f600", title="ق и ş", language="en")
    row = row_of(FakeCoder().code(article), VERSIONS)
    write_rows([row], tmp_path / "coded.parquet")

    assert [row] == list(read_rows(tmp_path / "coded.parquet"))
    assert is_coded_file(tmp_path / "coded.parquet")


def test_a_table_that_is_none_of_ours(tmp_path: Path) -> None:
    """The row that is wrong is named."""
    papq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    row = dict.fromkeys(CODED_SCHEMA.names, "x") | {"published": None}
    papq.write_table(pa.Table.from_pylist([row], schema=CODED_SCHEMA), tmp_path / "odd.parquet")

    assert not is_coded_file(tmp_path / "other.parquet")
    with pytest.raises(UnreadableInputError, match="row 1"):
        list(read_rows(tmp_path / "odd.parquet"))


def test_coded_articles_come_into_a_project_once(tmp_path: Path) -> None:
    """With their codings; again changes nothing, newer versions replace."""
    from store_samples import FakeCoder

    project = open_project(tmp_path / "project", create=True)
    article = Article("a", "Aldoria attacked Borvenia.", language="en")
    rows = [row_of(FakeCoder().code(article), VERSIONS)]
    first, again = add_coded(project, rows), add_coded(project, rows)
    newer = add_coded(project, [row_of(FakeCoder().code(article), Versions("coder-2", "lexicon-1"))])

    assert (1, 1, 0) == (first.new, first.coded, first.known)
    assert (0, 0, 1) == (again.new, again.coded, again.known)
    assert 1 == newer.coded
    assert ["ASSAULT"] == [coding.event_type for coding in read_coded(project, "a").codings]


# --- the command ---------------------------------------------------------------------------------------------------


def test_files_to_parquet_to_a_project(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same events as by `add`."""
    from store_samples import FakeCoder

    monkeypatch.setattr(partitions, "load_coder", lambda lexicons=(): FakeCoder())
    monkeypatch.setattr("timeline.cli.partitions._executor", lambda options: in_thread())
    press = shell.write_press()

    assert "3 articles coded" in shell.run("code", "--parquet", press, "coded")
    assert "1 were there from before" in shell.run("code", "--parquet", press, "coded")
    assert "3 articles added" in shell.run("import", "coded")
    assert "3 were there already" in shell.run("import", "coded")
    assert len(shell.run_json("events", "--json")) == 3


def test_a_cluster_that_is_not_there(shell: Shell) -> None:
    """Exit code 2 and the address."""
    press = shell.write_press()
    shell.run("code", "--cluster", "tcp://127.0.0.1:9", press, "coded", code=2)

    assert "no Dask scheduler answers there" in shell.err


# --- Spark ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("coder")
def test_batches_as_spark_hands_them_over() -> None:
    """Columns that are missing are unknown; dates may be text."""
    batch = pa.RecordBatch.from_pylist([{"text": "Aldoria attacked Borvenia.", "published": "2020-03-06"}])
    (coded,) = cluster.code_batches([batch])

    assert coded.schema == CODED_SCHEMA
    assert "ASSAULT" in coded["codings"][0].as_py()
    assert coded["published"][0].as_py().isoformat() == "2020-03-06"
    with pytest.raises(ValueError, match="must be a date"):
        list(cluster.code_batches([pa.RecordBatch.from_pylist([{"text": "x", "published": 20200306}])]))
    with pytest.raises(TimelineError, match="no column 'text'"):
        list(cluster.code_batches([pa.RecordBatch.from_pylist([{"body": "x"}])]))


@pytest.mark.usefixtures("coder")
def test_a_date_that_is_none_is_the_problem_of_its_article() -> None:
    """One bad row of millions must not end the job of all."""
    text = "Aldoria attacked Borvenia."
    days = ("6 March 2020", "2020-03-06T10:00:00Z", "")
    rows = [{"id": str(n), "text": text, "published": day} for n, day in enumerate(days)]
    (coded,) = cluster.code_batches([pa.RecordBatch.from_pylist(rows)])
    told = coded.to_pylist()

    assert [bool(row["problem"]) for row in told] == [True, False, False]
    assert "'6 March 2020'" in told[0]["problem"]
    assert [str(row["published"]) for row in told] == ["None", "2020-03-06", "None"]


# --- Dask ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("one_file_each")
def test_a_killed_worker_costs_no_article_and_doubles_none(tmp_path: Path) -> None:
    """Two real workers with the real coder; one is killed when the first partition is done."""
    press, out = tmp_path / "press", tmp_path / "coded"
    press.mkdir()
    for n in range(8):
        (press / f"{n}.txt").write_text(f"MOSCOW, March {n + 1}, 2020 - Russia and Turkey agreed a ceasefire in Idlib.")
    killed: list[int] = []
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:

        @contextmanager
        def executor() -> Iterator[Executor]:
            with distributed.Client(local, set_as_default=False) as client:
                yield client.get_executor(retries=2)

        def kill_one(_: cluster.PartitionRun) -> None:
            if not killed:
                killed.append(next(iter(local.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

        run = cluster.code_partitions(plan(press), str(out), Settings(), executor, kill_one)

    assert killed
    assert (8, 8, []) == (run.done, run.articles, run.lost)
    assert len({row.reading.article.id for row in rows_in(out)}) == len(rows_in(out)) == 8
    assert all("AGREE" in {c.event_type for c in row.reading.codings} for row in rows_in(out))


def test_a_full_disk_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written whole is taken away: it would be in the way of what comes next."""
    (tmp_path / "coded.parquet").write_bytes(b"x")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put_file(tmp_path / "coded.parquet", str(tmp_path / "out"))

    assert not list((tmp_path / "out").iterdir())


def test_the_names_that_spark_is_given_need_no_import_of_their_own() -> None:
    """`import timeline` is enough for `timeline.cluster.code_batches`, as README has it."""
    script = "import timeline; print(timeline.cluster.code_batches.__name__)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.stdout == "code_batches\n", done.stderr


def test_spark_codes_with_the_same_coder(tmp_path: Path) -> None:
    """`mapInArrow` on a local Spark; what it writes is what `import` takes."""
    pyspark = pytest.importorskip("pyspark.sql", reason="needs the extra: pip install -e '.[spark]', and Java")
    spark = pyspark.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        articles = spark.createDataFrame(
            [("a", "Russia and Turkey agreed a ceasefire in Idlib on Thursday.", "2020-03-06")],
            "id string, text string, published string",
        )
        articles.mapInArrow(cluster.code_batches, cluster.CODED_DDL).write.parquet(str(tmp_path / "coded"))
    finally:
        spark.stop()

    (row,) = rows_in(tmp_path / "coded")
    (coding,) = [coding for coding in row.reading.codings if coding.event_type == "AGREE"]
    assert "2020-03-05" == str(coding.date.start)
