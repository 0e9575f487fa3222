"""Time the first start on the bundled sample, and the second: from the server being up to all that is shown.

    python tests/benchmarks/first_start.py [--python VENV/bin/python]

Starts the server with an empty data folder and opens it in headless Chromium as soon as it answers. Prints seconds
since then: first words on the page, first article coded, first events seen, all drawn. On a busy machine trust
ratios to the fixed piece of work, which takes some 60 ms on an idle one. Aim: all drawn within a few seconds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync",
         "--disable-dev-shm-usage", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]  # fmt: skip
_EXPLORE = "/^Explore$/.test(document.querySelector('h1')?.innerText)"
MARKS = {
    "first words": "document.querySelector('h1')",
    "first article coded": f"/Coding: [1-9]/.test(document.body.innerText) || {_EXPLORE}",
    "first events": _EXPLORE,
    "all drawn": f"{_EXPLORE} && document.querySelector('.js-plotly-plot .main-svg')"
    " && document.querySelector('.timeline-network .node')"
    " && document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')",
}


def calibrate() -> float:
    """Milliseconds for a fixed piece of work: how busy the machine is."""
    started = time.perf_counter()
    sum(i * i for i in range(1_000_000))
    return (time.perf_counter() - started) * 1000


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("google-chrome")


def start(python: str, **variables: str) -> tuple[subprocess.Popen[bytes], str, float]:
    """A server, its address, and the seconds until it answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "TIMELINE_PROJECT"} | variables
    command = [python, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless=true"]
    started = time.monotonic()
    server = subprocess.Popen(
        [*command, f"--server.port={port}", "--server.address=127.0.0.1"], cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return server, address, time.monotonic() - started
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server ended")


def watch(browser: Any, address: str) -> dict[str, float]:
    """Seconds until each mark is seen."""
    opened = time.monotonic()
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(address)
    seen = {}
    for name, condition in MARKS.items():
        page.wait_for_function(f"() => !!({condition})", timeout=120_000, polling=50)
        seen[name] = time.monotonic() - opened
    page.close()
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for name in ("first start", "second start"):
            server, address, up = start(options.python, XDG_DATA_HOME=home)
            try:
                seen = watch(browser, address)
            finally:
                server.terminate()
                server.wait(20)
            print(f"{name:13} server up {up:5.1f} s; then " + ", ".join(f"{k} {v:.1f}" for k, v in seen.items()))
    print(f"load average {os.getloadavg()[0]:.1f}; fixed work {calibrate():.0f} ms")


if __name__ == "__main__":
    main()
