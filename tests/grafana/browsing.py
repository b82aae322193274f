"""A browser that notices what a person at the screen would be told by nobody: console errors, refused resources."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

SCREENSHOTS = Path(__file__).parents[1] / "e2e" / "screenshots"
PHONE, LAPTOP, DESK, WALL = (390, 844), (1440, 900), (1920, 1080), (3840, 2160)
READY_MS = 20_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; its absence fails the run in CI."""
    path = shutil.which("chromium")
    if path is None:
        missing = "Chromium is not here: apt-get install chromium"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Screen:
    """One page at one size.

    Attributes:
        page: Playwright's.
        complaints: what the browser's console said, and exceptions nobody caught.
    """

    def __init__(self, browser: Browser, address: str, size: tuple[int, int]) -> None:
        phone = size == PHONE
        self.address, self.size = address, size
        self.page: Page = browser.new_page(
            viewport={"width": size[0], "height": size[1]}, has_touch=phone, is_mobile=phone, locale="vi-VN"
        )
        self.complaints: list[str] = []
        self.page.on("console", lambda said: said.type in {"error", "warning"} and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, uid: str = "", query: str = "") -> Screen:
        """Open a dashboard and wait until every panel in view has its answer."""
        self.page.goto(self.address + (f"/d/{uid}" if uid else "/") + query)
        expect(self.page.locator("#board")).to_have_attribute("aria-busy", "false", timeout=READY_MS)
        return self

    def see_all(self) -> Screen:
        """Make the window as tall as the dashboard, so that every panel is in view, and wait for their answers."""
        tall = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": self.size[0], "height": max(tall, self.size[1])})
        return self.settled()

    def settled(self) -> Screen:
        """Wait until no panel waits for its first answer."""
        expect(self.page.locator(".panel").first).to_be_visible(timeout=READY_MS)
        expect(self.page.locator(".panel[data-state=loading]")).to_have_count(0, timeout=READY_MS)
        return self

    def panel(self, title: str) -> object:
        """The frame of the panel with this title."""
        return self.page.get_by_role("region", name=title, exact=True)

    def shoot(self, name: str) -> None:
        """Keep a picture for people."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
