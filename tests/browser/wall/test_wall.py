"""The wall in a real browser: keypad, dial, timeline; by mouse, keys, screen reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.fakes.vendors.exivo.site import CONTROL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Snap

NOW = "2026-12-01T09:12:00Z"
PIN = "734918"
SCREENS = ((390, "dark"), (820, "light"), (1440, "dark"))
WAIT_MS = 60_000


@pytest.fixture
def control(app: Flask) -> Callable[..., Any]:
    """Ask the control interface, and return its answer."""

    def ask(method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {CONTROL}"}
        client = app.test_client()
        return client.open(
            f"/_sim{path}", method=method, json=body, headers=headers
        ).json

    return ask


@pytest.fixture
def world(app: Flask, control: Callable[..., Any]) -> dict[str, Any]:
    """Make a world whose smart lock was given a code for the afternoon."""
    made: dict[str, Any] = control(
        "POST", "/worlds", {"name": "Hall", "now": NOW, "portfolio": "demo"}
    )
    made["by_name"] = {door["name"]: door for door in made["doors"]}
    body = {
        "name": "Ada",
        "type": 13,
        "code": int(PIN),
        "allowedFromDate": "2026-12-01T14:00:00.000Z",
        "allowedUntilDate": "2026-12-01T17:00:00.000Z",
        "smartlockIds": [int(made["by_name"]["Rehearsal room"]["vendor_id"])],
    }
    token = made["credentials"]["nuki"]["api_token"]
    headers = {"Authorization": f"Bearer {token}"}
    put = app.test_client().put("/nuki/smartlock/auth", json=body, headers=headers)
    assert put.status_code == 204
    control("POST", f"/worlds/{made['id']}/clock", {"advance": "PT10S"})
    return made


@pytest.fixture
def settings() -> dict[str, Any]:
    """Return what a browser is set to; tests override it."""
    return {}


@pytest.fixture
def page(
    chromium: Browser,
    url: str,
    world: dict[str, Any],
    control: Callable[..., Any],
    settings: dict[str, Any],
) -> Iterator[Page]:
    """Yield a page in front of the world; a console error fails the test."""
    context = chromium.new_context(base_url=url, **settings)
    context.set_default_timeout(WAIT_MS)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda said: said.type == "error" and complaints.append(said.text)
    )
    link = control("POST", "/sign-ins")["url"]
    page.goto(link.replace("http://localhost", ""))
    page.get_by_role("link", name="Hall").last.wait_for()
    page.goto(f"/wall/{world['id']}")
    yield page
    context.close()
    assert complaints == []


def reads(page: Page, words: str) -> str:
    """Wait until the page says so; return all that it says then."""
    page.get_by_role("status").get_by_text(words).first.wait_for()
    return " ".join(page.get_by_role("status").all_inner_texts())


def go_to(page: Page, door: str) -> None:
    page.get_by_role("link", name=re.compile(f"^{door}")).click()
    page.get_by_role("heading", name=door, level=1).wait_for()


def press(page: Page, code: str) -> None:
    """Press the keys of the keypad, one by one."""
    for key in code:
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="Type the code").click()


def test_code_is_too_early_until_the_dial_is_turned(page: Page, snap: Snap) -> None:
    go_to(page, "Rehearsal room")
    press(page, PIN)
    early = reads(page, "Too early: the code is not valid yet.")
    assert "Rehearsal room stays shut." in early
    assert "opened." not in early
    snap(page, "wall-early")
    for hour in (11, 12, 13, 14, 15):
        page.get_by_role("button", name="+1 hour").click()
        page.locator("#dial .time", has_text=f"{hour}:12").wait_for()
    press(page, PIN)
    assert "Too early" not in reads(page, "Rehearsal room opened.")
    snap(page, "wall-opened")


def test_code_is_typed_by_keyboard_alone(page: Page) -> None:
    go_to(page, "Rehearsal room")
    page.get_by_label("Code", exact=True).focus()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    reads(page, "Rehearsal room stays shut.")
    assert page.evaluate("document.activeElement.id") == "code"


def test_last_digit_is_deleted_by_its_key(page: Page) -> None:
    go_to(page, "Court 1")
    for key in "123":
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="Delete the last digit").click()
    assert page.get_by_label("Code", exact=True).input_value() == "12"


def test_change_is_followed_to_a_lock_that_comes_back(
    page: Page, world: dict[str, Any], app: Flask, control: Callable[..., Any]
) -> None:
    go_to(page, "Rehearsal room")
    page.get_by_label("Network").select_option("offline")
    page.get_by_role("button", name="Change", exact=True).click()
    reads(page, "Rehearsal room is changed.")
    lock = world["by_name"]["Rehearsal room"]
    account = {"Authorization": f"Bearer {world['credentials']['nuki']['api_token']}"}
    client = app.test_client()
    rows = client.get(f"/nuki/smartlock/{lock['vendor_id']}/auth", headers=account).json
    row = next(each for each in rows or [] if each["name"] == "Ada")
    moved = {
        "name": "Ada",
        "allowedFromDate": "2026-12-02T14:00:00.000Z",
        "allowedUntilDate": "2026-12-02T17:00:00.000Z",
    }
    path = f"/nuki/smartlock/{lock['vendor_id']}/auth/{row['id']}"
    assert client.post(path, json=moved, headers=account).status_code == 204
    line = page.locator(".timeline")
    line.get_by_text("a code is on its way to the door").first.wait_for()
    line.get_by_text("Valid from 2 Dec 15:00").first.wait_for()
    page.get_by_label("Network").select_option("online")
    page.get_by_role("button", name="Change", exact=True).click()
    reads(page, "Rehearsal room is changed.")
    page.get_by_role("button", name="+1 min").click()
    reads(page, "Time went on.")
    codes = control("GET", f"/worlds/{world['id']}/codes?door={lock['id']}")
    (known,) = [code for code in codes if code["truth"] == "door"]
    assert known["valid_from"] == "2026-12-02T14:00:00Z"
    page.get_by_role("link", name=PIN).click()
    page.get_by_text("Wed 2 Dec 15:00").first.wait_for()


def test_what_others_do_appears_without_a_reload(
    page: Page, world: dict[str, Any], control: Callable[..., Any]
) -> None:
    field = page.get_by_label("Code for Court 1")
    field.fill("12")
    door = world["by_name"]["Shed"]["id"]
    control("PATCH", f"/worlds/{world['id']}/doors/{door}", {"online": False})
    control("POST", f"/worlds/{world['id']}/doors/{door}/entries", {"code": "1234"})
    page.locator(f"#signs-{door}", has_text="offline").wait_for()
    page.locator(".timeline", has_text="Shed: a code was typed").wait_for()
    assert field.input_value() == "12"


IN_SIGHT = (
    "tab => { const own = tab.getBoundingClientRect(),"
    " all = tab.parentElement.getBoundingClientRect();"
    " return own.left >= all.left - 1 && own.right <= all.right + 1 }"
)


def test_open_page_is_in_sight_in_the_navigation_of_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    for name in ("Accounts", "Doors"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        tab = page.locator(f'nav a[aria-current]:has-text("{name}")')
        tab.wait_for()
        page.wait_for_function(IN_SIGHT, arg=tab.element_handle())
        assert tab.evaluate(IN_SIGHT)


class TestWithoutJavaScript:
    """The pages of a browser that runs no script."""

    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        return {"java_script_enabled": False}

    def test_code_is_typed_and_the_dial_turned(self, page: Page) -> None:
        go_to(page, "Rehearsal room")
        page.get_by_label("Code", exact=True).fill(PIN)
        page.get_by_role("button", name="Type the code").click()
        assert "opened." not in reads(page, "Rehearsal room stays shut.")
        page.get_by_role("button", name="+1 day").click()
        assert "stays shut" not in reads(page, "Time went on.")


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_page_is_accessible_and_fits(
    page: Page, width: int, scheme: Any, snap: Snap
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for name in ("Doors", "Codes", "Timeline", "Faults", "Quirks", "Accounts"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        page.locator(f'nav a[aria-current]:has-text("{name}")').wait_for()
        assert not faults_in(page, f"wall-{name.lower()}-{width}-{scheme}", snap), name
    page.get_by_role("navigation").get_by_role("link", name="Doors").click()
    go_to(page, "Lobby")
    assert not faults_in(page, f"wall-cabinet-{width}-{scheme}", snap)
    page.locator(".codes a").first.click()
    page.get_by_role("heading", name="Timeline").wait_for()
    assert not faults_in(page, f"wall-code-{width}-{scheme}", snap)
    page.get_by_role("link", name="Wall of doors").click()
    page.get_by_role("heading", name="Make a world").wait_for()
    assert not faults_in(page, f"wall-worlds-{width}-{scheme}", snap)
    page.get_by_role("link", name="Interfaces").click()
    page.get_by_role("link", name="igloohome").click()
    page.get_by_text("Make a PIN").first.click()
    page.get_by_role("heading", name="Body application/json").first.wait_for()
    assert not faults_in(page, f"wall-document-{width}-{scheme}", snap)


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_what_a_page_says_is_not_hidden_by_its_header(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    go_to(page, "Rehearsal room")
    page.get_by_label("Code", exact=True).fill("123456")
    page.get_by_role("button", name="Type the code").click()
    note = page.get_by_role("status").get_by_text("stays shut.")
    note.wait_for()
    page.evaluate("scrollTo(0, 120)")
    header, said = page.locator("header.top").bounding_box(), note.bounding_box()
    assert header
    assert said
    assert said["y"] >= header["y"] + header["height"]


@pytest.mark.parametrize("path", ["/", "/sign-in?key=guessed"])
def test_page_for_who_is_not_signed_in_is_accessible(
    chromium: Browser, url: str, path: str, snap: Snap
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(f"{url}{path}")
    name = f"wall-sign-in-{path.count('guessed')}"
    assert not faults_in(page, name, snap)
    context.close()


def faults_in(page: Page, name: str, snap: Snap) -> list[tuple[str, str]]:
    """Keep a picture; return by how much the page is too wide, and what axe finds."""
    snap(page, name)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults = [("wider than the screen", f"{wider} px")] if wider > 0 else []
    if page.viewport_size == {"width": 1440, "height": 900}:
        return faults  # the same words and colours as on the smaller screens
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in {"serious", "critical"}]
    return faults + [(each["id"], each["nodes"][0]["html"]) for each in serious]
