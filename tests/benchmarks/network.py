"""Time the network of a project with 5,000 actors and 200,000 pairs: its data, its layout, and the page around it.

    python tests/benchmarks/network.py [--actors 5000] [--pairs 200000]

The project is made in a temporary folder: two events a pair on average, few pairs with most of them. `first` has
nothing kept, but the libraries loaded and the tables opened, as a server has them before its first reader comes;
`after` is another number of actors drawn and another filter, each time a new one. Aim: the page within 1.5 s first,
within 0.2 s after. A fixed piece of work, some 60 ms on an idle machine, says how busy this one is.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import generate_events
import numpy as np
import pyarrow as pa
from dashboard import APP, watch
from first_start import calibrate
from peers import timed
from streamlit.testing.v1 import AppTest

from timeline.dashboard import data, server
from timeline.queries import EVERYTHING, Tables, count_dyads, open_tables, rank_actors
from timeline.records import Actor, Place
from timeline.store.dictionaries import enter_places, enter_publishers, register_actors
from timeline.store.events import append_events, compact
from timeline.store.project import open_project
from timeline.views.network_figures import write_network
from timeline.views.networks import build_graph, lay_out, limit_graph
from timeline.views.palette import choose_palette

DRAWN = (40, 60, 80, 100, 120, 140, 200)


def generate(folder: Path, actors: int, pairs: int, seed: int = 1) -> None:
    """A project with so many actors, each in some pair, and so many different pairs."""
    project = open_project(folder, create=True)
    register_actors(project, [Actor(f"actor-{n}", f"Actor {n}", "AAA", "GOV") for n in range(actors)])
    with project.write() as db:
        enter_publishers(db, (f"publisher{n}.example" for n in range(generate_events.PUBLISHERS)))
        enter_places(db, (Place(f"Place {n}", "AAA", n % 90, n % 180) for n in range(generate_events.PLACES)))
    rng = np.random.default_rng(seed)
    shares = 1 / np.arange(1, actors + 1) ** 0.7
    codes: np.ndarray = np.arange(actors) * actors + np.roll(np.arange(actors), 1)
    while len(codes) < pairs:
        drawn = rng.choice(actors, (pairs, 2), p=shares / shares.sum())
        drawn = drawn[drawn[:, 0] != drawn[:, 1]]
        codes = np.unique(np.concatenate([codes, drawn[:, 0] * actors + drawn[:, 1]]))
    codes = rng.permutation(codes)[:pairs]
    told = np.concatenate([codes, rng.choice(codes, pairs, p=(w := 1 / np.arange(1, pairs + 1) ** 0.8) / w.sum())])
    rows = generate_events._rows(rng, 0, len(told), len(told))
    for name, keys in (("source", told // actors + 1), ("target", told % actors + 1)):
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(keys, pa.int32()))
    for name in ("more_sources", "more_targets"):
        empty = pa.nulls(len(rows), pa.list_(pa.int32()))
        rows = rows.set_column(rows.column_names.index(name), name, empty)
    append_events(project, rows, "pairs")
    compact(project)


def measure_steps(tables: Tables) -> None:
    """Each step of the panel by itself, nothing kept."""
    palette = choose_palette("light")

    def ask() -> object:
        with tables.session() as session:
            session.loaded.answers.clear()
        return count_dyads(tables, replace(EVERYTHING, min_confidence=0.001))

    graph = build_graph(count_dyads(tables, EVERYTHING))
    placed, _ = limit_graph(graph, 400, 4000)
    positions = lay_out(placed)
    drawn, hidden = limit_graph(graph)
    print(f"{drawn.number_of_nodes()} actors and {drawn.number_of_edges()} edges drawn at most; {hidden}")
    steps: dict[str, Callable[[], object]] = {
        "pairs of all events": ask,
        "graph": lambda: build_graph(count_dyads(tables, EVERYTHING)),
        "layout": lambda: lay_out(placed),
        "drawing": lambda: write_network(drawn, positions, palette, {}),
    }
    for name, step in steps.items():
        clock, cores = timed(step, 3)
        print(f"| {name} | {clock:.0f} | {cores:.0f} |")


def measure_page() -> None:
    """The whole page, as a server's first reader gets it and after changes."""
    importlib.import_module("timeline.dashboard.explore")
    server.open_ahead()
    data.tables().hold()
    with watch() as run:
        app = AppTest.from_file(str(APP), default_timeout=300)
        app.run()
        print(f"| page, first | {run.clock:.0f} | {run.cores:.0f} |")
        for name, change in (
            ("page, other number of actors", lambda n: {"network_actors": DRAWN[n]}),
            ("page, other filter", lambda n: {"filter": replace(EVERYTHING, min_confidence=n / 1000)}),
        ):
            runs = []
            for number in range(1, len(DRAWN)):
                for key, value in change(number).items():
                    app.session_state[key] = value
                app.session_state["state_touched"] = True
                app.run()
                runs.append((run.cores, run.clock))
            cores, clock = sorted(runs)[len(runs) // 2]
            print(f"| {name} | {clock:.0f} | {cores:.0f} |")
        if app.exception:
            raise RuntimeError(app.exception[0].message)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actors", type=int, default=5_000)
    parser.add_argument("--pairs", type=int, default=200_000)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "project"
        begun = time.monotonic()
        generate(folder, options.actors, options.pairs)
        print(f"made in {time.monotonic() - begun:.0f} s; load average {os.getloadavg()[0]:.1f}")
        os.environ["TIMELINE_PROJECT"] = str(folder)
        tables = open_tables(folder)
        print(f"fixed work {calibrate():.0f} ms; {len(rank_actors(tables, EVERYTHING, 10**6))} actors")
        print("| step | ms | ms of cores |\n|---|---|---|")
        measure_steps(tables)
        tables.close()
        measure_page()
        print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")


if __name__ == "__main__":
    main()
