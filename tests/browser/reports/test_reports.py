"""The pages that people forward, opened as files in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from loadtests import report as load_report
from strikeplate import compare, history
from strikeplate.verdict import Verdict
from tests.loadtests.test_report import sample
from tests.strikeplate.conftest import RulesFolder
from tests.strikeplate.test_compare import Folder
from tests.strikeplate.test_history import RUNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Snap

SCREENS = ((390, "light"), (390, "dark"), (820, "dark"), (1440, "light"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write each page once."""
    root = tmp_path_factory.mktemp("reports")
    folder = Folder(root)
    at = "2026-12-0{}T08:00:00+00:00"
    runs = [folder.write("a", at=at.format(1)), folder.write("b", Verdict.FAIL)]
    texts = {
        "compare": compare.page(compare.compared(runs)),
        "history": history.page(RUNS),
        "load": load_report.html(sample()),
    }
    for name, text in texts.items():
        (root / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: root / f"{name}.html" for name in texts}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Open a page that may not complain."""
    context = chromium.new_context()
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda said: said.type == "error" and complaints.append(said.text)
    )
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
@pytest.mark.parametrize("name", ["compare", "history", "load"])
def test_page_is_accessible_and_fits(
    page: Page,
    pages: dict[str, Path],
    snap: Snap,
    name: str,
    screen: tuple[int, Literal["light", "dark"]],
) -> None:
    page.goto(pages[name].as_uri())
    assert faults_in(page, name, screen, snap) == []


def test_report_with_every_verdict_is_accessible_and_fits(
    page: Page, pytester: pytest.Pytester, snap: Snap
) -> None:
    rules = RulesFolder(pytester)
    rules.take_sample()
    page.goto((rules.run().place / "report.html").as_uri())
    for screen in SCREENS:
        assert faults_in(page, "report", screen, snap) == []
    page.get_by_role("button", name="Unfold all").click()
    assert faults_in(page, "report-unfolded", SCREENS[0], snap) == []


def faults_in(
    page: Page, name: str, screen: tuple[int, Literal["light", "dark"]], snap: Snap
) -> list[str]:
    """Keep a picture; return whether the page is too wide, and what axe finds."""
    width, scheme = screen
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    snap(page, f"{name}-{width}-{scheme}")
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    faults = [] if fits else ["wider than the screen"]
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in {"serious", "critical"}]
    return faults + [each["id"] for each in serious]


def test_strip_of_the_load_report_says_a_value_at_the_pointer(
    page: Page, pages: dict[str, Path]
) -> None:
    page.goto(pages["load"].as_uri())
    slot = page.locator(".strip i[title]").nth(5)
    clear = slot.evaluate("part => getComputedStyle(part).backgroundColor")
    slot.hover()
    assert slot.evaluate("part => getComputedStyle(part).backgroundColor") != clear
    assert re.fullmatch(r"\d+ s: \d+ ms", slot.get_attribute("title") or "")


def test_comparison_shows_what_differs_and_all_by_a_key(
    page: Page, pages: dict[str, Path]
) -> None:
    page.goto(pages["compare"].as_uri())
    same = page.locator("[id='DOR-02']")
    assert page.locator("[id='DOR-01']").is_visible()
    assert not same.is_visible()
    page.get_by_label("Only what differs").focus()
    page.keyboard.press("Space")
    assert same.is_visible()


def test_slash_finds_and_escape_ends_it(page: Page, pages: dict[str, Path]) -> None:
    page.goto(pages["compare"].as_uri())
    page.get_by_label("Only what differs").uncheck()
    page.keyboard.press("/")
    page.keyboard.type("dor-02")
    assert not page.locator("[id='DOR-01']").is_visible()
    assert page.locator("[id='DOR-02']").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("[id='DOR-01']").is_visible()
