"""The dashboard in the browser: `serve`."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from timeline.cli.output import FAILED, INTERRUPTED, warn
from timeline.cli.parsing import VARIABLE, Commands, add_command, choose_project, positive


def add_commands(commands: Commands) -> None:
    """Define `serve`."""
    parser = add_command(
        commands,
        "serve",
        "open the project's dashboard in the browser",
        "  timeline serve\n  timeline serve --port 8600 --no-browser\n  timeline serve --sample",
        "Only this machine can reach it, unless --address says otherwise. Ctrl-C ends it.",
    )
    parser.add_argument("--port", type=positive, metavar="N", help="the port (default: 8501, or the next free one)")
    parser.add_argument("--address", default="localhost", metavar="HOST", help="where to listen (default: localhost)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--sample", action="store_true", help="show the bundled sample instead of a project")
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    if importlib.util.find_spec("streamlit") is None:
        warn("the dashboard needs streamlit: pip install streamlit")
        return FAILED
    environment = dict(os.environ)
    if options.sample:
        environment.pop(VARIABLE, None)
    else:
        environment[VARIABLE] = str(_open(options))
    server = subprocess.Popen(build_command(options), env=environment)  # noqa: S603 - our own arguments
    try:
        return server.wait()
    except KeyboardInterrupt:  # the server got it too, and ends by itself
        try:
            server.wait(timeout=10)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            server.kill()
        return INTERRUPTED


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
