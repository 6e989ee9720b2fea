"""A real browser in front of the fakes at a real socket.

With KEEP_PICTURES=1 pictures of the pages are kept in results/browser.

Where Chromium is missing these tests are skipped, counted, and say how to get it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from fakes.kit.app import Options, create_app
from tests.fakes.vendors.exivo.site import CONTROL
from tests.serving import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page

    Snap = Callable[[Page, str], None]

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
MISSING = "no Chromium here: as root, apt-get install chromium"
PICTURES = Path(__file__).parents[2] / "results" / "browser"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start a browser, and end it soon: its event loop holds this thread till then."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app(Options(control_token=CONTROL), send=lambda _: 200)


@pytest.fixture(scope="session")
def url(app: Flask) -> Iterator[str]:
    """Serve the fakes, and return their address."""
    with served(app) as url:
        yield url


@pytest.fixture(scope="session")
def snap() -> Snap:
    """Keep a picture of a page under a name, if KEEP_PICTURES is set."""

    def take(page: Page, name: str) -> None:
        if not os.environ.get("KEEP_PICTURES"):
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    return take
