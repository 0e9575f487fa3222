"""Walk the tasks of an analyst through the dashboard, as a new user would, and count clicks, typed fields and seconds.

    python tests/benchmarks/tasks.py [--pictures FOLDER]

Runs on the bundled sample in headless Chromium, after its first start. A click is a press of the mouse; a field is one
entry typed. Seconds are the machine's: from the first click until the answer stands on the page, no time to think in
them. What is read at the end of each task is printed, so that one sees whether the task was done. Exits 1 if one was
not.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from first_start import FLAGS, find_chromium, start
from playwright.sync_api import Error, sync_playwright

_DONE = "[data-testid='stApp'][data-test-script-state='notRunning']"
_OPEN = ".st-key-evidence [class*='st-key-open_'] button"


class Hand:
    """A reader's hand on one page: counts what it does, and waits until the page has answered."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.clicks = self.fields = 0

    def settle(self) -> None:
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector(_DONE, timeout=60_000)
        self.page.wait_for_function("!document.querySelector('[data-stale=\"true\"]')", timeout=60_000)

    def click(self, target: Any) -> None:
        place = self.page.locator(target).first if isinstance(target, str) else target
        place.click(timeout=20_000)
        self.clicks += 1
        self.settle()

    def type(self, target: Any, text: str, end: str = "Enter") -> None:
        """Click a field, replace what it holds, and leave it with a key."""
        place = self.page.locator(target).first if isinstance(target, str) else target
        place.click(timeout=20_000)
        place.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press(end)
        self.clicks += 1
        self.fields += 1
        self.settle()

    def type_day(self, widget: str, **parts: str) -> None:
        """Type a day, or some part of it, into a field of dates."""
        for part, digits in parts.items():
            place = self.page.locator(f"{widget} [role=spinbutton][aria-label^='{part}']").first
            place.focus()
            self.page.keyboard.type(digits)
        self.page.keyboard.press("Enter")
        self.clicks += 1
        self.fields += 1
        self.settle()

    def read(self, target: str) -> str:
        place = self.page.locator(target).first
        place.wait_for(timeout=20_000)
        return " ".join(place.inner_text().split())


def find_the_soldiers(hand: Hand) -> str:
    """When, and by whose account, did the Turkish soldiers die?"""
    hand.type(".st-key-f_text input", "Turkish soldiers killed")
    hand.click(_OPEN)
    who = hand.page.locator(".ev-who").all_inner_texts()
    return f"{hand.read('.ev-title')} | {hand.page.locator('.ev-badge').all_inner_texts()} | {'; '.join(who)}"


def find_who_changed_sides(hand: Hand) -> str:
    """Who changed sides between February and March?"""
    hand.type_day(".st-key-f_start", year="2020", month="02", day="01")
    hand.type_day(".st-key-f_end", year="2020", month="03", day="31")
    hand.click(hand.page.locator(".st-key-f_level").get_by_text("states"))
    hand.click(hand.page.locator(".st-key-network_mode").get_by_text("Two periods"))
    caption = hand.page.locator("[data-testid='stCaptionContainer']", has_text="One edge a pair")
    caption.wait_for(timeout=20_000)
    return str(caption.inner_text())


def correct_a_date(hand: Hand) -> str:
    """Set a wrong date right."""
    hand.click(_OPEN)
    hand.click(hand.page.get_by_role("button", name="Correct").first)
    hand.type_day("[class*='st-key-start_']", day="04")
    hand.type(hand.page.get_by_label("Reason"), "the ministry's own text", end="Tab")
    hand.type(hand.page.get_by_label("Your name").last, "ann", end="Tab")
    hand.click(".st-key-correct_save button")
    return hand.read(".st-key-curation_outcome")


def make_a_figure(hand: Hand) -> str:
    """A figure for a slide."""
    return _download(hand, ".st-key-get_png button >> visible=true")


def send_a_link(hand: Hand) -> str:
    """A link to this very view for a colleague."""
    hand.click(hand.page.locator(".st-key-f_quads").get_by_text("Verbal conflict"))
    hand.click(".st-key-copy_link button")
    link = hand.read("[data-testid='stCode'] code")
    other = hand.page.context.new_page()
    other.goto(link)
    other.wait_for_selector("h1", timeout=60_000)
    same = parse_qs(urlsplit(other.url).query) == parse_qs(urlsplit(link).query)
    other.close()
    return link if same else ""


def hand_over_one_file(hand: Hand) -> str:
    """The whole as one file that works without us."""
    return _download(hand, ".st-key-get_html button >> visible=true")


def _download(hand: Hand, button: str) -> str:
    hand.click(hand.page.get_by_role("link", name="Export"))
    hand.page.wait_for_selector("h1:has-text('Export')")
    with hand.page.expect_download(timeout=90_000) as download:
        hand.page.locator(button).first.click()
        hand.clicks += 1
    size = download.value.path().stat().st_size
    return f"{download.value.suggested_filename}, {size / 1e6:.2f} MB"


TASKS: dict[Callable[[Hand], str], str] = {
    find_the_soldiers: r"Assault.*27 Feb 2020",
    find_who_changed_sides: r"[1-9]\d* turned",
    correct_a_date: r"Corrected: date",
    make_a_figure: r"\.png, ",
    send_a_link: r"quads=3",
    hand_over_one_file: r"\.html, ",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="where each task's last page is kept")
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}")
    failed = 0
    with tempfile.TemporaryDirectory() as home, sync_playwright() as driver:
        server, address, _ = start(sys.executable, XDG_DATA_HOME=home)
        browser = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            for number, (task, expected) in enumerate(TASKS.items(), 1):
                page = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True).new_page()
                page.goto(address)
                page.wait_for_function("/^Explore$/.test(document.querySelector('h1')?.innerText)", timeout=120_000)
                hand = Hand(page)
                hand.settle()
                begun = time.monotonic()
                try:
                    answer = task(hand)
                except Error as error:
                    answer = f"stopped: {error.message.splitlines()[0]}"
                seconds = time.monotonic() - begun
                done = bool(re.search(expected, answer, re.IGNORECASE))
                failed += not done
                print(f"{number}. {task.__doc__}  {hand.clicks} clicks, {hand.fields} fields, {seconds:.1f} s", end="")
                print(f"{'' if done else '  NOT DONE'}\n   {answer[:300]}", flush=True)
                if options.pictures:
                    options.pictures.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=options.pictures / f"{number}-{task.__name__}.png")
                page.context.close()
        finally:
            server.terminate()
            server.wait(20)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
