"""Time the dashboard on the server and in the browser, for changes of filter, selection and page.

    python tests/benchmarks/dashboard.py [FOLDER] [--rows 5000] [--no-browser] [--sessions 10]

Without a folder a project of invented events is made in a temporary one. Every change is a new one, so that no cache
answers, and is made when the table is held in memory, some seconds after the first run for ten million events. On the
server: the median and the highest of seven runs on the clock, the median time of all cores together (on a busy machine
the better measure), and the bytes of what was not sent before; aim under 100 ms and 0.5 MB. In headless Chromium: from
the click to the settled page, and what came over the socket; aim under 1 s, and under 1 MB for any page after the first
load. A fixed piece of work, some 60 ms on an idle machine, says how busy this one is. With more sessions, each opens
the page and filters it its own way; then the memory of all of them together is printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from first_start import calibrate
from generate_events import generate
from repaint import measure_screen
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from timeline.queries import EVERYTHING, EventFilter, list_values, open_tables, rank_actors, select_events
from timeline.queries.values import Values

APP = Path(__file__).parents[2] / "timeline" / "dashboard" / "main.py"
REPEATS = 7


@dataclass(slots=True)
class Run:
    """What one run of the script took: milliseconds on the clock and of all cores, bytes that are new."""

    clock: float = 0.0
    cores: float = 0.0
    sent: int = 0
    known: set[bytes] = field(default_factory=set)


@contextmanager
def watch() -> Iterator[Run]:
    """Measure each run of a script in this process."""
    run, begin, enqueue = Run(), script_runner.ScriptRunner._run_script, ScriptRunContext.enqueue

    def run_script(self: Any, *args: Any, **options: Any) -> None:
        run.sent, clock, cores = 0, time.perf_counter(), time.process_time()
        begin(self, *args, **options)
        run.clock, run.cores = (time.perf_counter() - clock) * 1000, (time.process_time() - cores) * 1000

    def take(self: Any, message: Any) -> None:
        # The browser keeps large messages that it has seen; only a reference to them is sent again.
        content = message.SerializeToString()
        if len(content) < 10_000 or content not in run.known:
            run.sent += len(content)
            run.known.add(content)
        enqueue(self, message)

    script_runner.ScriptRunner._run_script, ScriptRunContext.enqueue = run_script, take
    try:
        yield run
    finally:
        script_runner.ScriptRunner._run_script, ScriptRunContext.enqueue = begin, enqueue


def measure(app: AppTest, run: Run, name: str, change: Callable[[int], None]) -> None:
    """Run the page after each of several changes and print what they took."""
    runs = []
    for number in range(REPEATS):
        change(number)
        app.session_state["state_touched"] = True
        app.run()
        if app.exception:
            raise RuntimeError(app.exception[0].message)
        runs.append((run.clock, run.cores, run.sent))
    clock, cores, sent = zip(*runs, strict=True)
    print(
        f"{name:34} {statistics.median(clock):6.0f} {max(clock):6.0f} ms  {statistics.median(cores):6.0f} ms of cores"
        f"  {max(sent) / 1e6:6.2f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--sessions", type=int, default=1, help="readers at once, for the memory")
    parser.add_argument("--no-browser", action="store_true", help="the server only")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as made, watch() as run:
        folder = options.folder or Path(made) / "project"
        if options.folder is None:
            generate(folder, options.rows)
        os.environ["TIMELINE_PROJECT"] = str(folder)
        print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")
        page = AppTest.from_file(str(APP), default_timeout=120)
        measure_page(page, run)
        others = [open_session(number) for number in range(1, options.sessions)]
        print(f"memory with {1 + len(others)} sessions: {resident():.2f} GB")
        if not options.no_browser:
            measure_screen(sys.executable, folder)
        print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")


def year_of(values: Values, actors: list[str], number: int) -> EventFilter:
    """A year in the middle of the project, each time begun some days later, and the most active actors."""
    first, last = values.start or dt.date(2020, 1, 1), values.end or dt.date(2020, 1, 1)
    start = first + (last - first) // 3 + dt.timedelta(days=number)
    return EventFilter(actors=tuple(actors[:5]), start=start, end=start + dt.timedelta(days=365))


def open_session(number: int) -> AppTest:
    """A reader of their own who has opened the page and filtered it."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.run()
    app.session_state["filter"] = replace(EVERYTHING, min_confidence=0.5 + number / 100)
    app.session_state["state_touched"] = True
    app.run()
    return app


def resident() -> float:
    """Memory of this process in GB; Linux."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e9


def measure_page(app: AppTest, run: Run) -> None:
    """Open Explore, then change filter and selection."""
    from timeline.dashboard import data
    from timeline.dashboard.selection import select_actor, select_edge, select_event

    tables = open_tables(os.environ["TIMELINE_PROJECT"])
    actors = list(rank_actors(tables, EVERYTHING, REPEATS + 1)["actor_id"])
    events = list(select_events(tables, EVERYTHING, REPEATS)["event_id"])
    values = list_values(tables)
    app.run()
    data.tables().hold()
    print(f"{'':34} median    max")
    print(f"{'first run':34} {run.clock:6.0f} {'':9}  {run.cores:6.0f} ms of cores  {run.sent / 1e6:6.2f} MB")

    def choose(name: str, value: Any) -> None:
        app.session_state[name] = value

    measure(
        app,
        run,
        "filter: almost all events",
        lambda i: choose("filter", replace(EVERYTHING, min_confidence=i / 1000 + 0.001)),
    )
    measure(app, run, "filter: one actor", lambda i: choose("filter", replace(EVERYTHING, actors=(actors[i],))))
    measure(app, run, "filter: 5 actors in a year", lambda i: choose("filter", year_of(values, actors, i)))
    choose("filter", EVERYTHING)
    app.run()
    measure(app, run, "selection: an event", lambda i: choose("selection", select_event(events[i])))
    measure(app, run, "selection: an actor", lambda i: choose("selection", select_actor(actors[i])))
    pairs = [select_edge(actors[i], actors[i + 1], "conflict") for i in range(REPEATS)]
    measure(app, run, "selection: an edge", lambda i: choose("selection", pairs[i]))


if __name__ == "__main__":
    main()
