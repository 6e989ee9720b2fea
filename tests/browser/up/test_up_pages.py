"""The pages of `up` in a real browser, before doors that an integration has served."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Snap

OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
SCREENS = ((390, "light"), (820, "dark"), (1440, "light"))


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_page_is_accessible_and_fits(
    page: Page, link: str, width: int, scheme: Any, snap: Snap
) -> None:
    page.goto(urljoin(link, "/"))  # the tests share a page, in any order
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for name in ("Start", "Inbox", "Send an event"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        page.locator(f'nav a[aria-current]:has-text("{name}")').wait_for()
        page.evaluate(OPEN_ALL)
        snap(page, f"up-{name.lower().replace(' ', '-')}-{width}-{scheme}")
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, name
        assert serious(page) == [], name


def serious(page: Page) -> list[tuple[str, str]]:
    """Return what axe finds to be serious, each with the part of the page."""
    found = Axe().run(page).response["violations"]
    grave = [each for each in found if each["impact"] in {"serious", "critical"}]
    return [(each["id"], each["nodes"][0]["html"]) for each in grave]


@pytest.mark.parametrize("path", ["/inbox", "/sign-in?key=guessed"])
def test_page_for_who_is_not_signed_in_says_what_to_do(
    chromium: Browser, link: str, path: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(urljoin(link, path))
    assert serious(page) == []
    assert "strikeplate up" in page.locator("main").inner_text()
    context.close()


def test_code_of_a_message_is_typed_at_its_door(
    page: Page, link: str, snap: Snap
) -> None:
    page.goto(urljoin(link, "/"))
    page.get_by_role("navigation").get_by_role("link", name="Inbox").click()
    mail = page.locator(".mails li", has_text="gita@example.org").first
    mail.get_by_text("Opens from Tue 1 Dec, 17:00.").wait_for()
    code = mail.locator("aside .mono").first.inner_text()
    page.get_by_role("button", name="Wall of doors").click()
    page.get_by_role("link", name="demo").click()
    page.get_by_role("link", name=re.compile("^Rehearsal room")).click()
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Type the code").click()
    page.get_by_role("status").get_by_text("Too early").wait_for()
    page.get_by_label("To a time").fill("2026-12-01T17:05")
    page.get_by_role("button", name="Go", exact=True).click()
    page.locator("#dial .time", has_text="17:05").wait_for()
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Type the code").click()
    page.get_by_role("status").get_by_text("Rehearsal room opened.").wait_for()
    assert "Too early" not in page.get_by_role("status").inner_text()
    snap(page, "up-opened")
