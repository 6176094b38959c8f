"""A real Chromium for tests, and what they all look for on a page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium() -> str:
    """Where the system's Chromium is. Where it isn't, the tests are skipped and say why; CI, which
    skips nothing, fails instead."""
    asked = os.environ.get("PEERPATH_CHROMIUM", "")
    found = next((path for name in (asked, *NAMES) if name and (path := shutil.which(name))), None)
    if found:
        return found
    reason = "needs Chromium: install your system's `chromium` package, or set PEERPATH_CHROMIUM"
    if os.environ.get("PEERPATH_SKIP_NOTHING"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def browsing() -> Iterator[Browser]:
    """One browser for many tests."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """A page whose every request and complaint is written down."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(url)

    def says(self, text: str) -> None:
        self.page.locator("#text").fill(text)
        with self.page.expect_navigation():
            self.page.locator("button.send").click()

    def taps(self, label: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).first.click()

    def picks(self, option: str) -> None:
        """Press the button that carries this option."""
        with self.page.expect_navigation():
            self.page.locator(f'button[name="pick"][value="{option}"]').first.click()

    def sends(self, option: str) -> None:
        """Press a button with an option that is not on the page, as from an older page."""
        self.page.locator("nav button.help").evaluate("(button, to) => button.value = to", option)
        with self.page.expect_navigation():
            self.page.locator("nav button.help").click()

    @property
    def words(self) -> str:
        return self.page.locator("body").inner_text()

    def shot(self, path: Path) -> None:
        self.page.screenshot(path=path, full_page=True)

    def is_clean(self) -> None:
        """Nothing complained, and no other machine was asked."""
        assert self.complaints == []
        assert all(request.startswith(self.url) for request in self.requests), self.requests


def try_back(page: Page) -> None:
    """The browser's own Back button."""
    try:
        page.go_back()
    except Error as error:  # a page that is gone is as good an answer as a fresh one
        assert "ERR_" in str(error)  # noqa: PT017
