"""The program `up`, and a browser that is signed in to all of it.

The tests of one module share a program and a page; the clock only goes forward.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from strikeplate.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NOW = "2026-12-01T09:00:00Z"
WAIT_MS = 60_000


@pytest.fixture(scope="module")
def link() -> Iterator[str]:
    """Start the program, and return the address that it prints."""
    names = ("--pages-port", "--port", "--fakes-port", "--smtp-port")
    ports = [text for name in names for text in (name, str(free_port()))]
    command = [sys.executable, "-m", "strikeplate", "up", "--now", NOW, *ports]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = (re.search(r"http://\S+/sign-in\S+", line) for line in process.stdout)
        yield next(found[0] for found in lines if found)
        process.send_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def page(chromium: Browser, link: str) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(WAIT_MS)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda said: said.type == "error" and complaints.append(said.text)
    )
    page.goto(link)
    yield page
    context.close()
    assert complaints == []
