"""A visitor with a phone, a link and a PIN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.exivo.site import CODE, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}


@dataclass
class Visitor:
    """Somebody who looks at the page of a visit, and what they see."""

    page: Page
    url: str
    site: Site

    def come(self, visit: dict[str, Any]) -> None:
        """Open the link of a visit."""
        self.page.goto(visit["link"].replace("http://localhost", self.url))

    def log_in(self, code: str = CODE) -> None:
        """Type the PIN, press LOGIN and wait for what comes."""
        self.page.get_by_label("PIN").fill(code)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="LOGIN").click()

    def reload_page(self) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name="Look again").click()

    def press(self, door: str) -> None:
        self.page.get_by_role("button", name=f"Open {door}").click()

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def doors(self) -> list[str]:
        return self.page.locator("h2").all_inner_texts()

    def reads(self, heading: str) -> None:
        """Wait until the page is headed so."""
        self.page.locator("h1", has_text=heading).wait_for()

    def sees_status(self, text: str) -> None:
        """Wait until the live region says so."""
        self.page.locator("#said", has_text=text).wait_for()


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


@pytest.fixture
def settings() -> dict[str, Any]:
    """Return what a browser is set to; tests override it."""
    return {}


@pytest.fixture
def visitor(
    chromium: Browser, url: str, site: Site, settings: dict[str, Any]
) -> Iterator[Visitor]:
    """Yield a visitor with a phone; a console error fails the test."""
    context = chromium.new_context(viewport=PHONE, **settings)
    context.set_default_timeout(10_000)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda said: said.type == "error" and complaints.append(said.text)
    )
    yield Visitor(page, url, site)
    context.close()
    refused = (
        "Failed to load resource"  # a status or a lost connection, told on the page
    )
    assert [each for each in complaints if refused not in each] == []
