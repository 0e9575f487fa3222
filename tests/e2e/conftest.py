"""A server on a project of invented events and one Chromium for all browser tests.

Without Chromium the tests are skipped with what to install; with CI_REQUIRE_BROWSER=1 they fail instead.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))
FLAGS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip
HINT = "no Chromium found; install it (Debian: apt-get install chromium) or name it in CHROMIUM"


def _find_chromium() -> str | None:
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = _find_chromium()
    if path is None:
        if os.environ.get("CI_REQUIRE_BROWSER") == "1":
            pytest.fail(HINT)
        pytest.skip(HINT)
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    api.expect.set_options(timeout=30_000)
    with api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        make = found.new_context

        def new_context(**options: object) -> object:
            context = make(**options)
            context.set_default_timeout(60_000)  # on two cores with other work the page may need half of it
            return context

        found.new_context = new_context
        yield found
        found.close()


@pytest.fixture(scope="session")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running dashboard on a project of 150 reports of invented events."""
    from view_projects import make_lines, make_project

    folder = tmp_path_factory.mktemp("e2e") / "idlib-like"
    make_project(folder, make_lines(150)).close()
    with serve(folder) as address:
        yield address


class serve:  # noqa: N801 - reads as the verb it is
    """A context in which the dashboard runs on a project, or another app."""

    def __init__(self, folder: Path | None, app: Path = ROOT / "app.py", **environment: str) -> None:
        self.app = app
        self.environment = os.environ | environment | ({"TIMELINE_PROJECT": str(folder)} if folder else {})
        if folder is None:
            self.environment.pop("TIMELINE_PROJECT", None)

    def __enter__(self) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", str(self.app), "--server.headless=true"]
        self.process = subprocess.Popen(
            [*command, f"--server.port={port}", "--server.address=127.0.0.1"], cwd=ROOT, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
                    if answer.status == 200:
                        return address
            except OSError:
                time.sleep(0.2)
        self.process.kill()
        raise AssertionError("the dashboard did not start within a minute")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def page(browser, server) -> Iterator[object]:
    """A fresh tab that fails the test on any script error or any request to another machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    tab.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((server, "data:", "blob:")) or "/127.0.0.1:" in request.url
            else problems.append(f"request to {request.url}")
        ),
    )
    yield tab
    context.close()
    assert not problems


# Boxes where they were, for so many frames on end: what opens or is drawn late pushes others from under the mouse.
_STILL = """
frames => {
  const boxes = [...document.querySelectorAll('[data-testid=stElementContainer]')].map(element => {
    const box = element.getBoundingClientRect();
    return [box.x, box.y, box.width, box.height].map(Math.round);
  });
  const seen = JSON.stringify(boxes), before = window.boxesSeen || {};
  window.boxesSeen = {seen, frames: before.seen === seen ? before.frames + 1 : 0};
  return window.boxesSeen.frames >= frames;
}
"""


def settle(tab: object) -> None:
    """Wait until the script has ended, all is drawn, nothing shown is stale, and nothing moves any more."""
    tab.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=40_000)
    tab.wait_for_function("!document.querySelector('[data-stale=\"true\"]')", timeout=40_000)
    tab.wait_for_timeout(400)
    tab.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=40_000)
    # In their place while the code that draws an element is fetched, which the script's state does not tell.
    tab.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')", timeout=40_000)
    tab.wait_for_function(_STILL, arg=10, timeout=40_000)
