"""The pages on small and large screens, light and dark, by keyboard, without scripts.

They show an example that a stub of a vendor has, so that nothing here depends on time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from service.clock import now
from service.secret import Secret
from service.use_cases.users import set_password
from service.web import mount_all
from tests.browser.admin.conftest import USER, WORD, Admin, sign_in
from tests.service.env import ServiceEnv
from tests.service.web.conftest import api_of, event
from tests.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.conftest import Snap
    from tests.service.web.conftest import ApiClient

LARGEST_PAGE = 100_000
BOXES = "element => [...element.getClientRects()].map(box => box.top)"
LEFT_EDGES = "all => all.map(each => each.getBoundingClientRect().left)"
SCREENS = [(390, "dark"), (820, "light"), (1440, "light")]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    """Return a service with a connection, a rule and two bookings, one cancelled."""
    folder = tmp_path_factory.mktemp("pages")
    env = ServiceEnv(f"sqlite:///{folder}/pages.db")
    set_password(env.service.deps.store, USER, Secret(WORD), now())
    api = api_of(env)
    connection = api.ready()
    api.send(connection, event())
    api.send(connection, event(booking={"id": "B-2", "resource": "court-1"}))
    env.work()
    api.send(connection, event("cancelled", booking={"id": "B-2"}))
    env.work()
    yield api
    env.close()


@pytest.fixture(scope="module")
def address(example: ApiClient) -> Iterator[str]:
    app = Flask("service", static_folder=None)
    mount_all(app, example.env.service)
    with served(app) as url:
        yield url


@pytest.fixture(scope="module")
def paths(example: ApiClient) -> dict[str, str]:
    """Return a path of each page by a name."""
    connection = example.get("/api/connections")["items"][-1]
    own = f"/connections/{connection['id']}"
    (rule,) = example.get(f"/api{own}/rules")["items"]
    lock = rule["locks"][0]
    access = example.get("/api/accesses")["items"][-1]
    return {
        "codes": "/",
        "code": f"/codes/{access['id']}",
        "choose-lock": "/codes/new",
        "new-rule": f"{own}/rules/new",
        "new-rule-by-community": f"{own}/rules/new?by=community",
        "remove": f"{own}/remove",
        "problem": "/codes/nobody",
        "take-away": f"/codes/{access['id']}/take-away",
        "new-code": f"/locks/{lock}/new-code",
        "booking": f"{own}/bookings/B-2",
        "trouble": "/trouble",
        "keys": "/keys",
        "connections": "/connections",
        "new-connection": "/connections/new/stub",
        "connection": own,
        "locks": f"{own}/locks",
        "lock": f"/locks/{lock}",
        "rules": f"{own}/rules",
        "rule": f"{own}/rules/{rule['id']}",
        "texts": f"{own}/templates",
        "text": f"{own}/templates/email/en",
        "events": "/events",
        "audit": "/audit",
        "tokens": "/tokens",
        "usage": "/usage",
    }


def visitor(chromium: Browser, address: str, **context: Any) -> Admin:
    page = chromium.new_context(locale="en", **context).new_page()
    admin = Admin(address, page)
    sign_in(admin)
    return admin


@pytest.mark.parametrize("screen", SCREENS)
def test_page_suits_its_screen_and_screen_readers(
    chromium: Browser,
    address: str,
    paths: dict[str, str],
    snap: Snap,
    screen: tuple[int, str],
) -> None:
    width, scheme = screen
    size = {"width": width, "height": 900}
    admin = visitor(chromium, address, viewport=size, color_scheme=scheme)
    problems = []
    for name, path in paths.items():
        admin.open(path)
        snap(admin.page, f"admin-{name}-{width}-{scheme}")
        found = Axe().run(admin.page)
        if found.violations_count:
            problems.append((name, found.generate_report()))
        wide = "document.documentElement.scrollWidth > window.innerWidth"
        if admin.page.evaluate(wide):
            problems.append((name, "it is wider than the screen"))
        if len(admin.page.content()) > LARGEST_PAGE:
            problems.append((name, "it is too large"))
    admin.page.context.close()
    assert problems == []


def test_table_on_a_tablet_keeps_times_whole_and_sums_in_their_column(
    chromium: Browser, address: str
) -> None:
    admin = visitor(chromium, address, viewport={"width": 820, "height": 900})
    admin.open("/")
    times = admin.page.locator("td.number .nowrap")
    assert times.count() > 0
    assert {len(each.evaluate(BOXES)) for each in times.all()} == {1}
    admin.open("/usage")
    ends = admin.page.locator("tr > :last-child").evaluate_all(LEFT_EDGES)
    assert len(set(ends)) == 1
    admin.page.context.close()


def test_sign_in_suits_screen_readers(chromium: Browser, address: str) -> None:
    context = chromium.new_context(locale="en")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    assert Axe().run(page).violations_count == 0
    context.close()


def test_text_is_previewed_while_it_is_typed(
    chromium: Browser, address: str, paths: dict[str, str]
) -> None:
    admin = visitor(chromium, address)
    admin.open(paths["text"])
    admin.page.get_by_label("Text", exact=True).fill("Hello {customer}: {codes}")
    preview = admin.page.locator("#preview")
    preview.get_by_text("Hello Ada Novak: 012345678").wait_for()
    admin.page.get_by_label("Text", exact=True).fill("Hello {custmer}: {codes}")
    preview.get_by_text("custmer").wait_for()
    assert "012345678" not in preview.inner_text()
    admin.page.context.close()


def test_menu_opens_and_closes_by_keyboard(chromium: Browser, address: str) -> None:
    admin = visitor(chromium, address)
    admin.open("/")
    menu = admin.page.locator("details.menu").first
    menu.locator("summary").focus()
    admin.page.keyboard.press("Enter")
    menu.get_by_role("link", name="Show", exact=True).wait_for()
    admin.page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert admin.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    admin.page.context.close()


def test_link_is_copied_by_its_button(
    chromium: Browser, address: str, paths: dict[str, str]
) -> None:
    admin = visitor(chromium, address, permissions=["clipboard-read"])
    admin.open(paths["connection"])
    url = admin.page.get_by_label("Webhook address").input_value()
    admin.page.get_by_role("button", name="Copy").first.click()
    admin.page.get_by_role("button", name="Copied").wait_for()
    assert admin.page.evaluate("navigator.clipboard.readText()") == url
    admin.page.context.close()


def test_pages_work_without_scripts(
    chromium: Browser, address: str, paths: dict[str, str]
) -> None:
    admin = visitor(chromium, address, java_script_enabled=False)
    admin.open(paths["text"])
    admin.fill(body="Plain {codes}")
    admin.press("Preview")
    assert "Plain 012345678" in admin.page.locator("#preview").inner_text()
    admin.open(paths["code"])
    admin.press("Show the PIN")
    assert admin.page.locator("#pin").inner_text().isdecimal()
    admin.page.context.close()


def test_browser_refuses_to_show_a_page_in_a_frame(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/healthz")
    with page.expect_console_message(lambda said: "frame" in said.text.lower()):
        page.set_content(f'<iframe src="{address}/sign-in"></iframe>')
    assert page.frames[1].url.startswith("chrome-error:")
    assert page.frames[1].locator('[name="password"]').count() == 0
    context.close()
