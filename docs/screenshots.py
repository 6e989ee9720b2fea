"""Make the pictures of the site from the real pages: `make screenshots`.

It starts `up` on free ports, judges an integration that is sound and one that is
broken on purpose, loads the sound one, and writes `docs/images/*.png`. They are
committed, each under 100 KB, so that the site builds without a browser and the pages
show them in the repository too. The weeks of the history page are made up.
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
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from strikeplate import history
from strikeplate.history import Entry
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
LOAD = ("--seconds", "30", "--rate", "4", "--faults", "outage")
PORTS = ("--pages-port", "--port", "--fakes-port", "--smtp-port")
WAIT_MS = 120_000
TO_TOP = "part => part.scrollIntoView({behavior: 'instant'})"
MUST = 40
FAILED: tuple[tuple[str, ...], ...] = (
    *[("CON-11", "IGL-02", "MSG-02", "NUK-03", "RES-05")] * 2,
    *[("CON-11", "MSG-02", "NUK-03")] * 3,
    *[("MSG-02",)] * 2,
    *[("MSG-02", "NUK-05")] * 2,
    *[()] * 3,
)
"""Of each week of the history page: the MUST that failed."""


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
        for name in chain(doors(page), admin(page, link), report(page), load(page)):
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
    """Open the report about a broken integration, beside a sound one, and a history."""
    with tempfile.TemporaryDirectory() as folder:
        for name, subject in (("broken", BROKEN), ("sound", SOUND)):
            strikeplate("check", *subject, *RULE, "--results", f"{folder}/{name}")
        page.goto(f"file://{folder}/broken/report.html")
        yield "report"
        runs = (f"{folder}/sound", f"{folder}/broken")
        strikeplate("compare", *runs, "--out", folder)
        page.goto(f"file://{folder}/compare.html")
        page.locator("#rules").evaluate(TO_TOP)
        yield "comparison"
        weeks = Path(folder) / "history.ndjson"
        for each in range(len(FAILED)):
            history.append(weeks, week(each))
        strikeplate("history", str(weeks), "--out", folder)
        page.goto(f"file://{folder}/history.html")
        yield "history"


def week(number: int) -> Entry:
    """Return the run of a week, in which some MUST failed and ever fewer are open."""
    failed, must = FAILED[number], MUST + number // 4
    still = max(8 - number, 0)
    held = must - still - len(failed)
    at = datetime(2026, 9, 7, 6, tzinfo=UTC) + number * timedelta(weeks=1)
    code = 1 if failed else 4 if still else 0
    return Entry(
        at=at.isoformat(),
        subject="Courtbook",
        version=f"4.{number}",
        suite="0.1.0",
        commit=None,
        profile="courtbook",
        seed=7,
        exit_code=code,
        outcome={0: "Conformant", 1: "Not conformant", 4: "Partly judged"}[code],
        held=held,
        judged=must - still,
        must=must,
        known=0,
        failed=failed,
        verdicts={"pass": held, "fail": len(failed), "inconclusive": still},
    )


def load(page: Page) -> Iterator[str]:
    """Open the report of a load test while one vendor is down."""
    with tempfile.TemporaryDirectory() as folder:
        port = ("--port", str(free_port()))
        strikeplate("load", *LOAD, *port, "--results", folder)
        (found,) = Path(folder).glob("*/report.html")
        page.goto(found.as_uri())
        page.locator("#time").evaluate(TO_TOP)
        yield "load"


def strikeplate(*words: str) -> None:
    """Run a command of ours, however it ends."""
    command = [*STRIKEPLATE, *words]
    subprocess.run(command, cwd=ROOT, check=False, capture_output=True)  # noqa: S603 - our own program


if __name__ == "__main__":
    sys.exit(main())
