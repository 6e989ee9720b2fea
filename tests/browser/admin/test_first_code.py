"""From nothing to an open door, by forms and buttons alone, at each vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.admin.conftest import book

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.admin.conftest import Admin, World
    from tests.browser.conftest import Snap

DOORS = {
    "igloohome": ("Court 1", "Court 1"),
    "nuki": ("Rehearsal room", "Rehearsal room"),
    "exivo": ("Front door", "Front door"),
    "livionkey": ("Lobby, Flat 1", "Lobby"),
}
"""By vendor, a lock as the admin lists it, and the door where its code is typed."""


@pytest.mark.parametrize("vendor", DOORS)
def test_account_is_linked_a_rule_made_and_its_code_opens_the_door(
    admin: Admin, world: World, snap: Snap, vendor: str
) -> None:
    lock, door = DOORS[vendor]
    admin.open("/connections")
    admin.page.locator(f'a[href="/connections/new/{vendor}"]').click()
    admin.fill(name=f"Club of {vendor}", timezone="Europe/Stockholm")
    known = world.credentials(vendor).items()
    admin.fill(**{f"credentials.{name}": text for name, text in known})
    admin.press("Link the account")
    secret = admin.page.get_by_label("Shown this once").input_value()
    admin.press("Accept the terms and switch on")
    webhook = admin.page.get_by_label("Webhook address").input_value()

    admin.follow("Rules")
    admin.follow("New rule by resource")
    admin.fill(resource=f"hall of {vendor}")
    admin.page.get_by_label(lock, exact=True).check()
    admin.press("Make the rule")
    assert admin.page.get_by_role("link", name=f"hall of {vendor}").count() == 1

    book(webhook, secret, f"B-{vendor}", f"hall of {vendor}")
    admin.wait_for_status("Created", f"/?search=B-{vendor}")
    admin.follow(lock)
    admin.press("Show the PIN")
    pin = admin.page.locator("#pin").inner_text()
    snap(admin.page, f"admin-code-{vendor}")
    wrong = pin[:-1] + str((int(pin[-1]) + 1) % 10)
    if vendor == "exivo":  # whose doors open from the page of the link
        link = admin.page.get_by_label("Link for the customer").input_value()
        assert not visit_shows(admin.page, link, wrong, door)
        assert visit_shows(admin.page, link, pin, door)
        admin.page.get_by_role("button", name=f"Open {door}").click()
        admin.page.locator("#said", has_text=f"{door} is open.").wait_for()
        return
    assert not world.type_in(door, vendor, wrong)["opened"]
    assert world.type_in(door, vendor, pin)["opened"]


def test_igloohome_is_linked_by_signing_in_at_its_page(
    admin: Admin, world: World, snap: Snap
) -> None:
    admin.open("/connections/new/igloohome")
    admin.fill(name="Club of Ada", timezone="Europe/Stockholm")
    known = world.credentials("igloohome").items()
    admin.fill(**{f"credentials.{name}": text for name, text in known})
    admin.press("Sign in at igloohome")
    snap(admin.page, "admin-sign-in-at-vendor")
    admin.follow("Go to 127.0.0.1")
    assert admin.page.url.startswith(f"{world.url}/igloohome/login?")
    admin.press("Sign in and allow")
    admin.page.get_by_label("Shown this once").wait_for()
    assert "code=" not in admin.page.url
    admin.press("Verify")
    admin.page.get_by_text("The vendor takes the credentials.").wait_for()
    admin.follow("Locks")
    admin.page.get_by_text("Court 1").first.wait_for()


def visit_shows(page: Page, link: str, pin: str, door: str) -> bool:
    """Return whether the page of the link shows the door to who has this PIN."""
    page.goto(link)
    page.get_by_label("PIN").fill(pin)
    with page.expect_navigation():
        page.get_by_role("button", name="LOGIN").click()
    return door in page.locator("h2").all_inner_texts()
