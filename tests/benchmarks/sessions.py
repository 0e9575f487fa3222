"""Measure a server that several readers use at once: its memory, and the bytes that a change of filter sends.

    python tests/benchmarks/sessions.py FOLDER [--sessions 10] [--filters 3]

Readers are sockets as a browser opens them, all kept open; each asks for Explore and then for filters of its own by
their addresses. Printed are the memory that is the server's own (pages of shared and mapped files, which every program
may drop or share, left out), all that it has resident, and of the last filter the bytes on the wire, which the server
compresses, and unpacked. Aim: half a gigabyte for ten readers of ten million events, 0.1 MB a filter. Linux.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from first_start import calibrate, start
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Subprotocol
from websockets.sync.client import connect

from timeline.cli.serving import POOLS
from timeline.queries import EVERYTHING, open_tables, rank_actors

_PATIENCE = 120.0


class CountingSocket(socket.socket):
    """Counts what comes."""

    received = 0

    def recv(self, size: int, flags: int = 0) -> bytes:
        found = super().recv(size, flags)
        self.received += len(found)
        return found


class Reader:
    """One open page."""

    def __init__(self, address: str, until: ExitStack) -> None:
        host, port = address.removeprefix("http://").split(":")
        self.socket = CountingSocket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.connect((host, int(port)))
        stream = connect(
            f"ws://{host}:{port}/_stcore/stream",
            sock=self.socket,
            max_size=None,
            subprotocols=[Subprotocol("streamlit")],
        )
        self._stream = until.enter_context(stream)

    def ask(self, query: str) -> tuple[int, int]:
        """Run the page at an address; bytes on the wire and unpacked."""
        message = BackMsg()
        message.rerun_script.query_string = query
        before, unpacked = self.socket.received, 0
        self._stream.send(message.SerializeToString())
        while True:
            content = self._stream.recv(timeout=_PATIENCE)
            unpacked += len(content)
            if ForwardMsg.FromString(content).WhichOneof("type") == "script_finished":
                return self.socket.received - before, unpacked


def read_memory(process: int) -> dict[str, float]:
    """Memory of a process by kind, in MB."""
    lines = (line.split() for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return {line[0].rstrip(":"): int(line[1]) / 1000 for line in lines if line and line[0].startswith(("Rss", "VmRSS"))}


def say(label: str, process: int) -> None:
    found = read_memory(process)
    print(f"{label:24} {found['RssAnon'] + found['RssShmem']:6.0f} MB of its own, {found['VmRSS']:6.0f} MB resident")


def measure(server: int, readers: list[Reader], filters: int, actors: list[str]) -> None:
    """Let the readers look, then filter, and print what that takes."""
    say("server up", server)
    readers[0].ask("")
    before: dict[str, float] = {}
    while before != (before := read_memory(server)):  # the table is being read into memory
        time.sleep(3)
    say("one reader", server)
    for reader in readers[1:]:
        reader.ask("")
    say(f"{len(readers)} readers", server)
    for number in range(filters):
        for place, reader in enumerate(readers):
            what = f"confidence=0.{10 + place}" if number == 0 else f"actors={actors.pop()}"
            wire, unpacked = reader.ask(what)
        say(f"each filtered by {what.split('=', maxsplit=1)[0]}", server)
    print(f"the last filter: {wire / 1e6:.3f} MB on the wire, {unpacked / 1e6:.2f} unpacked")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--filters", type=int, default=3, help="changes of filter by each reader")
    options = parser.parse_args()
    tables = open_tables(options.folder)
    actors = list(rank_actors(tables, EVERYTHING, options.sessions * options.filters)["actor_id"])
    tables.close()
    print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")
    server, address, _ = start(sys.executable, TIMELINE_PROJECT=str(options.folder), **POOLS)
    try:
        with ExitStack() as until:
            measure(server.pid, [Reader(address, until) for _ in range(options.sessions)], options.filters, actors)
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
