"""The dashboard in the browser: `serve`."""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

from timeline.cli.output import FAILED, INTERRUPTED, note, warn
from timeline.cli.parsing import VARIABLE, Commands, add_command, choose_project, positive, size
from timeline.errors import EngineError

ENGINE_VARIABLE = "TIMELINE_ENGINE"  # as in `dashboard.place`, which a test holds to it
ALLOWED_VARIABLE = "TIMELINE_ENGINE_BYTES"
# One pool of memory for all of the server's threads. It can ask for that itself (`dashboard.server`), but only once
# some threads have pools of their own, each of which keeps megabytes; other C libraries than glibc do not look at it.
POOLS = {"MALLOC_ARENA_MAX": "1"}


def add_commands(commands: Commands) -> None:
    """Define `serve`."""
    parser = add_command(
        commands,
        "serve",
        "open the project's dashboard in the browser",
        "  timeline serve\n  timeline serve --port 8600 --no-browser\n  timeline serve --sample\n"
        "  timeline serve --engine 'postgresql://reader@localhost/news?schema=events'\n"
        "  timeline serve --engine 'spark://local/?parquet=/data/events'\n"
        "  timeline serve --engine 'bigquery://my-project/gdelt-bq.gdeltv2?from=2020-03-01&to=2020-03-07'",
        "Only this machine can reach it, unless --address says otherwise. Ctrl-C ends it.\n\n"
        "With --engine it shows tables that lie elsewhere, as `timeline export tables` writes them: all but articles,\n"
        "sentences and the search for words. Addresses: postgresql://user@host/database?schema=name,\n"
        "spark://host:7077/database, sc://host:15002/database (Spark Connect), spark://local/?parquet=FOLDER,\n"
        "parquet://FOLDER, duckdb://FILE, bigquery://billing-project/project.dataset. GDELT's public table\n"
        "is gdelt-bq.gdeltv2, with the days on which events were added. BigQuery bills what is read: each query is\n"
        "weighed first, and runs once you have agreed to its bytes.",
    )
    parser.add_argument("--port", type=positive, metavar="N", help="the port (default: 8501, or the next free one)")
    parser.add_argument("--address", default="localhost", metavar="HOST", help="where to listen (default: localhost)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--sample", action="store_true", help="show the bundled sample instead of a project")
    parser.add_argument("--engine", metavar="URL", help="show the tables at this address instead of a project")
    parser.add_argument(
        "--allow-bytes", type=size, default=0, metavar="SIZE",
        help="what an engine that bills may read without being asked again, for example 5GB (default: nothing)",
    )  # fmt: skip
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    if importlib.util.find_spec("streamlit") is None:
        warn("the dashboard needs streamlit: pip install streamlit")
        return FAILED
    environment = POOLS | dict(os.environ)
    environment.pop(ENGINE_VARIABLE, None)
    if options.engine is not None:
        if options.sample:
            warn("--engine and --sample exclude each other")
            return FAILED
        check_engine(options.engine)
        environment |= {ENGINE_VARIABLE: options.engine, ALLOWED_VARIABLE: str(options.allow_bytes)}
    elif options.sample:
        environment.pop(VARIABLE, None)
    else:
        environment[VARIABLE] = str(_open(options))
    return wait_for(subprocess.Popen(build_command(options), env=environment))  # noqa: S603 - our own arguments


def wait_for(server: subprocess.Popen[bytes]) -> int:
    """Wait until the server ends, and end it with this process, by Ctrl-C or by SIGTERM; the exit code."""
    before = signal.signal(signal.SIGTERM, _end)
    try:
        return server.wait()
    except KeyboardInterrupt:  # the server got it too, and ends by itself
        code = INTERRUPTED
    except _TerminatedError:  # only this process got it
        server.terminate()
        code = 128 + signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)
    try:
        server.wait(timeout=10)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        server.kill()
        server.wait()
    # Streamlit's own last word is "Aborted!", which sounds as if something were lost.
    note("The server has ended. What was finished is kept; the same command starts it again.")
    return code


class _TerminatedError(Exception):
    """SIGTERM came."""


def _end(number: int, frame: FrameType | None) -> None:
    raise _TerminatedError


def check_engine(url: str) -> None:
    """See that the tables can be opened, so that what is wrong is said here and not in the browser.

    Raises:
        EngineError: They cannot; the message says why. A Spark session is not started twice: there only the
            address, the driver and a folder on this machine are looked at.
    """
    if importlib.util.find_spec("ibis") is None:
        raise EngineError("tables on an engine need ibis: pip install 'event-timeline[engines]'")
    from timeline.queries.remote import opening
    from timeline.queries.remote.engines import list_parquet, load_driver, read_address
    from timeline.store import open_project

    address = read_address(url, opening.SCHEMES)
    if address.parts.scheme in ("spark", "sc"):
        folder = address.options.get("parquet", "")
        if folder and address.parts.netloc == "local" and "://" not in folder:
            list_parquet(address.folder(folder))
        load_driver("pyspark.sql", "spark")
        return
    with tempfile.TemporaryDirectory() as folder:
        project = open_project(folder, create=True)
        try:
            opening.open_engine(url, project).close()
        finally:
            project.close()


def build_command(options: argparse.Namespace) -> list[str]:
    """The arguments that start the server."""
    settings = {
        "server.address": options.address,
        "server.headless": "true" if options.no_browser else "false",
        **({"server.port": str(options.port)} if options.port else {}),
    }
    flags = [part for name, value in settings.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(find_entry()), *flags]


def find_entry() -> Path:
    """The script that streamlit runs: the one inside the package, so that an installed wheel has it too.

    Streamlit takes its settings from `.streamlit/config.toml` beside the script.
    """
    import timeline

    return Path(timeline.__file__).resolve().parent / "dashboard" / "entry.py"


def _open(options: argparse.Namespace) -> Path:
    """The project's folder, once it is known to be one; the dashboard itself can start an empty one."""
    from timeline.store import open_project

    project = open_project(choose_project(options), create=True)
    project.close()
    return project.path
