"""From the confirmation mail to the open door: a real booking, in a real browser.

KEEP_PICTURES=1 keeps pictures of it in results/browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.exivo.exivo_env import ExivoEnv
from tests.fakes.vendors.exivo.site import NOW
from tests.service.conftest import (
    sqlite_template,  # noqa: F401 (a fixture)
    sqlite_url,  # noqa: F401
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.conftest import Snap
    from tests.browser.exivo.conftest import Visitor
    from tests.fakes.vendors.exivo.site import Site

START, END = "2026-12-02T15:20:00+01:00", "2026-12-02T17:20:00+01:00"
LATER = "2026-12-02T18:20:00+01:00"


@pytest.fixture
def doors(site: Site) -> dict[str, dict[str, Any]]:
    return {name: site.add_door(name) for name in ("Front door", "Studio 1", "Office")}


@pytest.fixture
def exivo_env(
    site: Site,
    url: str,
    sqlite_url: str,  # noqa: F811
    doors: dict[str, dict[str, Any]],
) -> Iterator[ExivoEnv]:
    exivo_env = ExivoEnv(site, url, sqlite_url, NOW)
    exivo_env.connect(
        studio=[doors["Front door"], doors["Studio 1"]], office=[doors["Office"]]
    )
    yield exivo_env
    exivo_env.close()


def shut(visitor: Visitor, doors: dict[str, dict[str, Any]]) -> bool:
    """Tell whether the page shows no door, and none is open."""
    none = not visitor.doors()
    bolts = {visitor.site.door(each)["bolt"] for each in doors.values()}
    return none and bolts == {"locked"}


def test_link_of_a_booking_mail_opens_the_booked_doors_for_the_booked_time(
    exivo_env: ExivoEnv, visitor: Visitor, doors: dict[str, dict[str, Any]], snap: Snap
) -> None:
    exivo_env.send_event("confirmed", START, END)
    link, pin = exivo_env.link_and_pin()
    assert link.startswith(visitor.url)
    exivo_env.set_time("2026-12-02T14:19:59Z")
    visitor.come({"link": link})
    snap(visitor.page, "mail-1-link")
    visitor.log_in(f"{(int(pin) + 1) % 10**6:06}")
    assert "This PIN is wrong" in visitor.page.get_by_role("alert").inner_text()
    assert shut(visitor, doors)
    snap(visitor.page, "mail-2-wrong-pin")
    visitor.log_in(pin)
    assert visitor.heading() == "Not yet"
    assert shut(visitor, doors)
    snap(visitor.page, "mail-3-a-second-before")
    exivo_env.set_time("2026-12-02T14:20:00Z")
    visitor.reload_page()
    assert sorted(visitor.doors()) == ["Front door", "Studio 1"]
    snap(visitor.page, "mail-4-doors")
    visitor.press("Studio 1")
    visitor.sees_status("Studio 1 is open.")
    assert exivo_env.site.door(doors["Studio 1"])["bolt"] == "unlocked"
    assert exivo_env.site.door(doors["Office"])["bolt"] == "locked"
    snap(visitor.page, "mail-5-open")
    exivo_env.set_time("2026-12-02T15:30:00Z")
    visitor.come({"link": link})
    visitor.log_in(pin)
    exivo_env.set_time("2026-12-02T16:19:59Z")
    visitor.press("Front door")
    visitor.sees_status("Front door is open.")
    exivo_env.set_time("2026-12-02T16:20:00Z")
    visitor.press("Studio 1")
    visitor.reads("This access is over")
    assert visitor.doors() == []
    assert exivo_env.site.door(doors["Studio 1"])["bolt"] == "locked"
    snap(visitor.page, "mail-6-over")


def test_cancelled_booking_shows_why_its_link_opens_nothing(
    exivo_env: ExivoEnv, visitor: Visitor, doors: dict[str, dict[str, Any]], snap: Snap
) -> None:
    exivo_env.send_event("confirmed", START, END)
    link, pin = exivo_env.link_and_pin()
    exivo_env.set_time("2026-12-02T14:30:00Z")
    visitor.come({"link": link})
    visitor.log_in(pin)
    assert sorted(visitor.doors()) == ["Front door", "Studio 1"]
    exivo_env.send_event("cancelled", START, END)
    visitor.press("Studio 1")
    visitor.reads("This access was revoked")
    assert shut(visitor, doors)
    visitor.come({"link": link})
    assert visitor.heading() == "This access was revoked"
    assert visitor.page.get_by_role("button").count() == 0
    snap(visitor.page, "mail-7-revoked")


def test_longer_booking_has_a_new_link_and_the_old_one_says_that_it_is_revoked(
    exivo_env: ExivoEnv, visitor: Visitor, snap: Snap
) -> None:
    exivo_env.send_event("confirmed", START, END)
    old, _ = exivo_env.link_and_pin()
    exivo_env.set_time("2026-12-02T14:30:00Z")
    exivo_env.send_event("changed", START, LATER)
    new, pin = exivo_env.link_and_pin()
    visitor.come({"link": old})
    assert visitor.heading() == "This access was revoked"
    snap(visitor.page, "mail-8-moved")
    visitor.come({"link": new})
    visitor.log_in(pin)
    exivo_env.set_time("2026-12-02T17:19:59Z")
    visitor.page.reload()
    visitor.log_in(pin)
    visitor.press("Studio 1")
    visitor.sees_status("Studio 1 is open.")
