"""From a linked account to an open door at each vendor, by pages alone.

The credentials are copied from the wall, the connection is linked in the service's
own form, the booking is sent by the form of `up`, the code is read in the inbox and
typed at the door. Nobody writes or reads JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Snap

DAY = "2026-12-03"


class Place(NamedTuple):
    """What is booked at a vendor: the lock as the service lists it, and its door."""

    vendor: str
    zone: str
    lock: str
    door: str


PLACES = (
    Place("igloohome", "Europe/Stockholm", "Court 1", "Court 1"),
    Place("nuki", "Europe/Berlin", "Rehearsal room", "Rehearsal room"),
    Place("exivo", "Europe/Zurich", "Front door", "Front door"),
    Place("livionkey", "Europe/Helsinki", "Lobby, Flat 1", "Lobby"),
)
IDS = [place.vendor for place in PLACES]


class Walk:
    """A person on the way through the pages: `up`, the wall, the service."""

    def __init__(self, page: Page, link: str) -> None:
        self.page, self.link = page, link

    def start(self) -> None:
        self.page.goto(urljoin(self.link, "/"))

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.locator(f'[name="{name}"]').fill(text)

    def open_wall(self) -> None:
        self.start()
        self.press("Wall of doors")
        self.follow("demo")

    def read_credentials(self) -> dict[str, dict[str, str]]:
        """Return by vendor what the wall's page of accounts shows."""
        self.open_wall()
        self.follow("Accounts")
        self.page.get_by_role("heading", name="Accounts", level=1).wait_for()
        found: dict[str, dict[str, str]] = {}
        for vendor in IDS:
            shown = self.page.locator(f'input[id^="{vendor}-"]').all()
            names = [field.get_attribute("id") or "" for field in shown]
            given = zip(names, (field.input_value() for field in shown), strict=True)
            found[vendor] = {name.removeprefix(f"{vendor}-"): v for name, v in given}
        return found

    def open_service(self) -> None:
        """Sign in to the service with what the start page says."""
        self.start()
        name, password = self.page.locator("dl.facts dd").all_inner_texts()
        self.follow("Service")
        self.fill(name=name, password=password)
        self.press("Sign in")

    def link_account(
        self, place: Place, credentials: dict[str, str]
    ) -> tuple[str, str]:
        """Link it, switch it on, make a rule; return webhook address and secret."""
        self.follow("Connections")
        self.page.locator(f'a[href="/connections/new/{place.vendor}"]').click()
        self.fill(name=f"Hall of {place.vendor}", timezone=place.zone)
        self.fill(**{f"credentials.{name}": text for name, text in credentials.items()})
        self.press("Link the account")
        secret = self.page.get_by_label("Shown this once").input_value()
        self.press("Accept the terms and switch on")
        webhook = self.page.get_by_label("Webhook address").input_value()
        self.follow("Rules")
        self.follow("New rule by resource")
        self.fill(resource=f"hall-{place.vendor}")
        self.page.get_by_label(place.lock, exact=True).check()
        self.press("Make the rule")
        self.page.get_by_role("link", name=f"hall-{place.vendor}").wait_for()
        return webhook, secret

    def send_booking(self, place: Place, webhook: str, secret: str) -> None:
        """Add the resource to the form, and send a booking of it."""
        self.start()
        self.follow("Send an event")
        self.page.get_by_text("To a connection that you linked yourself").click()
        own = {"own": f"hall-{place.vendor}", "zone": place.zone}
        self.fill(**own, webhook=webhook, secret=secret)
        self.press("Add the resource")
        said = self.page.get_by_role("status").inner_text()
        assert "go to your connection" in said, said
        when = {"start": f"{DAY}T14:00", "end": f"{DAY}T16:00"}
        self.fill(name=f"Nora {place.vendor}", email=mail_of(place), **when)
        self.press("Send it")
        self.page.get_by_role("status").get_by_text("was sent.").wait_for()

    def message(self, place: Place) -> Locator:
        self.start()
        self.follow("Inbox")
        return self.page.locator(".mails li", has_text=mail_of(place)).first

    def go_to_door(self, place: Place) -> None:
        self.open_wall()
        self.page.get_by_role("link", name=re.compile(f"^{place.door}")).click()
        self.page.get_by_role("heading", name=place.door, level=1).wait_for()

    def type_code(self, place: Place, code: str, visit: str) -> str:
        """Type the code; return what the page says."""
        self.go_to_door(place)
        self.page.get_by_label("Code", exact=True).fill(code)
        if visit:
            self.page.get_by_label("Link of a visit").fill(visit)
        if place.vendor == "livionkey":
            self.page.get_by_label("At the open door").select_option("take")
        self.page.get_by_role("button", name="Type the code").click()
        said = self.page.get_by_role("status")
        said.first.wait_for()
        return " ".join(said.all_inner_texts())

    def turn_clock(self, to: str) -> None:
        self.page.get_by_label("To a time").fill(to)
        self.page.get_by_role("button", name="Go", exact=True).click()
        self.page.locator("#dial .time", has_text=to[-5:]).wait_for()


def mail_of(place: Place) -> str:
    return f"nora@{place.vendor}.example"


@pytest.fixture(scope="module")
def walk(page: Page, link: str) -> Walk:
    return Walk(page, link)


def test_account_is_linked_and_its_code_opens_the_door_during_the_booking(
    walk: Walk, snap: Snap
) -> None:
    known = walk.read_credentials()
    walk.open_service()
    service = walk.page.url
    for place in PLACES:
        walk.page.goto(service)
        webhook, secret = walk.link_account(place, known[place.vendor])
        walk.send_booking(place, webhook, secret)
    walk.go_to_door(PLACES[0])
    walk.turn_clock(f"{DAY}T12:30")  # before any of the bookings, at any of the places
    codes = {}
    for place in PLACES:
        mail = walk.message(place)
        code = mail.locator("aside .mono").first.inner_text()
        link = re.search(r"https?://\S+", mail.locator(".letter").text_content() or "")
        visit = link[0] if link and place.vendor == "exivo" else ""
        codes[place] = (code, visit)
        said = walk.type_code(place, code, visit)
        assert f"{place.door} stays shut." in said, (place, said)
    walk.turn_clock(f"{DAY}T14:30")  # in Stockholm: the bookings are all under way
    for place, given in codes.items():
        said = walk.type_code(place, *given)
        assert f"{place.door} opened." in said, (place, said)
        snap(walk.page, f"path-{place.vendor}")
