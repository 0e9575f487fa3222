"""The dashboard in headless Chromium: milliseconds from a click to the settled page, and bytes over the socket.

Called by `dashboard.py`; needs Chromium and Playwright. Also told: how long the page's main thread had a processor,
which is the better measure on a busy machine.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from first_start import FLAGS, find_chromium, start
from playwright.sync_api import sync_playwright

Run = tuple[float, float, int]  # milliseconds, those of the main thread, bytes
_PAGES = ("Places", "Articles", "Export", "About", "Explore")
# Settled: the script has ended, nothing is stale, and what was drawn last has been on the screen for two frames.
_SETTLED = """
() => !!document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
    && !document.querySelector('[data-stale=true]') && !document.querySelector('[data-testid=stSkeleton]')
"""
_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


class Screen:
    """One tab, and the bytes that came over its socket."""

    def __init__(self, page: Any) -> None:
        self.page, self.received = page, 0
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.on("websocket", lambda socket: socket.on("framereceived", self._take))

    def _take(self, frame: bytes | str) -> None:
        self.received += len(frame)

    def busy(self) -> float:
        """Milliseconds that the main thread has had a processor."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration")) * 1000

    def settle(self) -> None:
        self.page.wait_for_function(_SETTLED, polling="raf", timeout=120_000)
        self.page.evaluate(_FRAMES)

    def measure(self, act: Callable[[], None], shown: str) -> Run:
        """Milliseconds, those of the main thread, bytes, from an act until `shown` holds and the page has settled."""
        self.received, busy, started = 0, self.busy(), time.perf_counter()
        act()
        self.page.wait_for_function(f"() => !!({shown})", polling="raf", timeout=120_000)
        self.settle()
        taken = (time.perf_counter() - started) * 1000, self.busy() - busy, self.received
        self.page.wait_for_timeout(300)  # what comes after would be counted with the next
        return taken


def measure_screen(python: str, project: Path) -> None:
    """Open a project and print what changes of filter, selection and page take."""
    server, address, _ = start(python, TIMELINE_PROJECT=str(project))
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            screen = Screen(page)
            first = screen.measure(lambda: page.goto(address), "document.querySelector('.js-plotly-plot .main-svg')")
            _say("first load", [first])
            for name, runs in (
                ("filter", _change_filter(screen)),
                ("selection", _change_selection(screen)),
                ("page", _change_page(screen)),
                ("page, again", _change_page(screen)),
            ):
                _say(name, runs)
            browser.close()
    finally:
        server.terminate()
        server.wait(20)


def _change_filter(screen: Screen) -> list[Run]:
    """Kinds of act on, one after the other."""
    page, runs = screen.page, []
    pills = page.locator(".st-key-f_quads [data-variant=pills]")
    for number in range(pills.count()):
        head = page.locator("[data-testid=stCaptionContainer]").first.inner_text()
        shown = f"document.querySelector('[data-testid=stCaptionContainer]').innerText !== {head!r}"
        runs.append(screen.measure(pills.nth(number).click, shown))
    page.goto(page.url.split("?")[0])
    return runs


def _change_selection(screen: Screen) -> list[Run]:
    """Events opened out of the list of the most reported ones."""
    page, runs = screen.page, []
    for number in range(5):
        screen.settle()
        button = page.locator(".st-key-evidence [class*=st-key-open_] button").nth(number)
        runs.append(screen.measure(button.click, "document.querySelector('.st-key-evidence_clear')"))
        screen.measure(
            page.locator(".st-key-evidence_clear button").first.click,
            "!document.querySelector('.st-key-evidence_clear')",
        )
    return runs


def _change_page(screen: Screen) -> list[Run]:
    links = screen.page.locator("[data-testid=stSidebarNavLink]")
    return [
        screen.measure(links.filter(has_text=name).first.click, f"document.querySelector('h1')?.innerText === {name!r}")
        for name in _PAGES
    ]


def _say(name: str, runs: list[Run]) -> None:
    times, busy, sizes = zip(*runs, strict=True)
    print(
        f"{name:34} {statistics.median(times):6.0f} {max(times):6.0f} ms until repainted  "
        f"{statistics.median(busy):6.0f} ms of the main thread  {max(sizes) / 1e6:6.2f} MB"
    )
