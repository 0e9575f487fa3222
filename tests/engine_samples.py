"""The engines that queries are tried on, each filled with the same events; and PostgreSQL started for the tests.

Where an engine is missing its tests are skipped and say what to install; with CI_REQUIRE_ENGINES=1 they fail instead.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ENGINES = ("duckdb", "postgresql", "spark")
_NEEDS = {
    "duckdb": (("ibis",), "engines"),
    "postgresql": (("ibis", "adbc_driver_postgresql"), "postgresql"),
    "spark": (("ibis", "pyspark"), "spark"),
}
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
# A small table is read faster by a Spark that compiles nothing.
_SPARK = (
    "--conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN"
    " --conf spark.sql.adaptive.enabled=false --conf spark.log.level=ERROR"
    " --driver-java-options -XX:TieredStopAtLevel=1 pyspark-shell"
)


def need(engine: str) -> None:
    """Skip the test, or fail where engines are required, if an engine's driver is absent."""
    modules, extra = _NEEDS[engine]
    for module in modules:
        try:
            __import__(module)
        except ImportError:
            give_up(f"needs {module}: pip install -e '.[{extra}]'")
    if engine == "spark" and not shutil.which("java"):
        give_up("needs Java: apt-get install default-jre-headless")
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", _SPARK)


def give_up(reason: str) -> None:
    """Skip, or fail where engines are required."""
    if os.environ.get("CI_REQUIRE_ENGINES") == "1":
        pytest.fail(reason)
    pytest.skip(reason, allow_module_level=True)


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """The address of a fresh PostgreSQL on this machine, gone afterwards; as root it runs as the user `postgres`."""
    programs = _find_programs()
    if programs is None:
        give_up("needs PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="timeline-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    port = _free_port()
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=20"

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / program), *arguments], user=user, cwd=folder, check=True, timeout=60,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    try:
        call("initdb", "-D", str(folder / "data"), "-U", "timeline", "-A", "trust", "-E", "UTF8", "--no-sync")
        call("pg_ctl", "-D", str(folder / "data"), "-o", settings, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql://timeline@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_programs() -> Path | None:
    found = [file.parent for place in _PLACES for file in sorted(Path("/").glob(f"{place[1:]}/initdb"))]
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).resolve().parent if on_path else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
