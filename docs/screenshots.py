"""Make the pictures of the site from the real pages: `make screenshots`.

It starts `up` on free ports, judges an integration that is sound and one that is
broken on purpose, and writes `docs/images/*.png`. They are committed, each under
100 KB, so that the site builds without a browser and the pages show them in the
repository too.
A function that opens pages yields the name of each that is to be kept.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from strikeplate.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, ViewportSize

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
STRIKEPLATE = (sys.executable, "-m", "strikeplate")
NOW = "2026-12-01T09:00:00Z"
SIZE: ViewportSize = {"width": 960, "height": 600}
SOUND = ("--subject", "inprocess:service")
BROKEN = ("--subject", "mutant:counts_hours_in_utc")
RULE = ("--only", "IGL-02")
PORTS = ("--pages-port", "--port", "--fakes-port", "--smtp-port")
WAIT_MS = 120_000


def main(images: Path = IMAGES) -> int:
    """Write every picture into a folder; 2 if there is no browser."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("no Chromium here: as root, apt-get install chromium", file=sys.stderr)  # noqa: T201 - for the terminal
        return 2
    images.mkdir(exist_ok=True)
    with up() as link, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser)
        page = chromium.new_page(viewport=SIZE, color_scheme="light")
        page.set_default_timeout(WAIT_MS)
        page.goto(link)
        for name in chain(doors(page), admin(page, link), report(page)):
            page.screenshot(path=images / f"{name}.png", animations="disabled")
        chromium.close()
    return 0


@contextmanager
def up() -> Iterator[str]:
    """Serve the example, and yield the link that signs in."""
    ports = [text for name in PORTS for text in (name, str(free_port()))]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*STRIKEPLATE, "up", "--now", NOW, *ports],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout is None:
            raise RuntimeError("the program has no output to read")
        lines = (re.search(r"http://\S+/sign-in\S+", line) for line in process.stdout)
        try:
            yield next(found[0] for found in lines if found)
        finally:
            process.send_signal(signal.SIGINT)


def doors(page: Page) -> Iterator[str]:
    """Open the inbox, the doors, and one that stays shut because it is too early."""
    page.get_by_role("navigation").get_by_role("link", name="Inbox").click()
    mail = page.locator(".mails li", has_text="gita@example.org").first
    code = mail.locator("aside .mono").first.inner_text()
    yield "inbox"
    page.goto(page.url.replace("/inbox", "/"))
    page.get_by_role("button", name="Open the wall of doors").click()
    page.get_by_role("link", name="demo").click()
    page.get_by_role("link", name=re.compile("^Rehearsal room")).wait_for()
    yield "doors"
    page.get_by_role("link", name=re.compile("^Rehearsal room")).click()
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Type the code").click()
    page.get_by_role("status").get_by_text("Too early").wait_for()
    yield "door"


def admin(page: Page, link: str) -> Iterator[str]:
    """Open the codes of the integration."""
    page.goto(link.partition("/sign-in")[0])
    name, password = page.locator("dl.facts dd").all_inner_texts()
    page.locator("main section a[href^=http]").first.click()
    page.locator("input[name=name]").fill(name)
    page.locator("input[type=password]").fill(password)
    page.locator("main button").first.click()
    page.locator("table.rows").wait_for()
    yield "admin"


def report(page: Page) -> Iterator[str]:
    """Open the report about an integration that is broken, beside a sound one."""
    with tempfile.TemporaryDirectory() as folder:
        for name, subject in (("sound", SOUND), ("broken", BROKEN)):
            strikeplate("check", *subject, *RULE, "--results", f"{folder}/{name}")
        page.goto(f"file://{folder}/broken/report.html")
        yield "report"
        runs = (f"{folder}/sound", f"{folder}/broken")
        strikeplate("compare", *runs, "--out", folder)
        page.goto(f"file://{folder}/compare.html")
        to_top = "part => part.scrollIntoView({behavior: 'instant'})"
        page.locator("#rules").evaluate(to_top)
        yield "comparison"


def strikeplate(*words: str) -> None:
    """Run a command of ours, however it ends."""
    command = [*STRIKEPLATE, *words]
    subprocess.run(command, cwd=ROOT, check=False, capture_output=True)  # noqa: S603 - our own program


if __name__ == "__main__":
    sys.exit(main())
