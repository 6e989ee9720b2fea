"""From the link to the open door, and every way in which it stays shut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.exivo.site import FROM, TO

if TYPE_CHECKING:
    from tests.browser.conftest import Snap
    from tests.browser.exivo.conftest import Visitor
    from tests.fakes.vendors.exivo.site import Site


@pytest.fixture
def studio(site: Site) -> dict[str, Any]:
    site.add_door("Office")
    return site.add_door("Studio", labelling="First floor, left")


@pytest.fixture
def visit(site: Site, studio: dict[str, Any]) -> dict[str, Any]:
    return site.visit(studio, site.add_door("Court 1"), name="B-1001")


def test_right_pin_shows_exactly_the_booked_doors_and_opens_them(
    site: Site,
    visitor: Visitor,
    studio: dict[str, Any],
    visit: dict[str, Any],
    snap: Snap,
) -> None:
    site.turn(FROM)
    visitor.come(visit)
    snap(visitor.page, "1-login")
    visitor.log_in()
    assert visitor.doors() == ["Studio", "Court 1"]
    snap(visitor.page, "2-doors")
    visitor.press("Studio")
    visitor.sees_status("Studio is open. Go in now.")
    assert site.door(studio)["bolt"] == "unlocked"
    snap(visitor.page, "3-open")
    site.advance("PT5S")
    assert site.door(studio)["bolt"] == "locked"


def test_wrong_pins_are_refused_and_then_nothing_is_taken_for_a_while(
    site: Site, visitor: Visitor, visit: dict[str, Any], snap: Snap
) -> None:
    site.turn(FROM)
    visitor.come(visit)
    visitor.log_in("0428")
    error = visitor.page.get_by_role("alert").inner_text()
    assert error == "This PIN is wrong. You have 4 tries left."
    assert visitor.doors() == []
    snap(visitor.page, "4-wrong-pin")
    for _ in range(4):
        visitor.log_in("0428")
    assert visitor.heading() == "Too many wrong PINs"
    snap(visitor.page, "5-locked-out")
    site.advance("PT5M")
    visitor.reload_page()
    visitor.log_in()
    assert visitor.doors() == ["Studio", "Court 1"]


def test_nothing_opens_a_second_before_the_start(
    site: Site, visitor: Visitor, visit: dict[str, Any], snap: Snap
) -> None:
    site.turn("2026-12-01T13:59:59Z")
    visitor.come(visit)
    visitor.log_in()
    assert visitor.heading() == "Not yet"
    assert visitor.doors() == []
    snap(visitor.page, "6-not-yet")
    site.turn(FROM)
    visitor.reload_page()
    visitor.press("Studio")
    visitor.sees_status("Studio is open.")


def test_nothing_opens_a_second_after_the_end_though_the_page_is_still_there(
    site: Site,
    visitor: Visitor,
    studio: dict[str, Any],
    visit: dict[str, Any],
    snap: Snap,
) -> None:
    site.turn("2026-12-01T16:59:53Z")
    visitor.come(visit)
    visitor.log_in()
    site.turn("2026-12-01T16:59:59Z")
    visitor.press("Studio")
    visitor.sees_status("Studio is open.")
    site.turn(TO)
    visitor.press("Court 1")
    visitor.reads("This access is over")
    assert visitor.doors() == []
    snap(visitor.page, "7-over")
    assert site.facts(f"/component/{studio['vendor_id']}").count("accessDenied") == 0


def test_revoked_visit_says_why_and_opens_nothing(
    site: Site,
    visitor: Visitor,
    studio: dict[str, Any],
    visit: dict[str, Any],
    snap: Snap,
) -> None:
    site.turn(FROM)
    visitor.come(visit)
    visitor.log_in()
    site.done("POST", f"/visit/{visit['id']}/revoke")
    visitor.press("Studio")
    visitor.reads("This access was revoked")
    assert site.door(studio)["bolt"] == "locked"
    snap(visitor.page, "8-revoked")
    visitor.come(visit)
    assert visitor.heading() == "This access was revoked"
    assert visitor.page.get_by_role("button").count() == 0


def test_door_that_is_offline_is_not_called_open(
    site: Site,
    visitor: Visitor,
    studio: dict[str, Any],
    visit: dict[str, Any],
    snap: Snap,
) -> None:
    site.turn(FROM)
    visitor.come(visit)
    visitor.log_in()
    site.change(studio, online=False)
    visitor.press("Studio")
    visitor.sees_status("Studio does not answer. It has not opened.")
    snap(visitor.page, "9-offline")


def test_unknown_link_says_so(visitor: Visitor, snap: Snap) -> None:
    visitor.page.goto(f"{visitor.url}/exivo/v/nothing")
    assert visitor.heading() == "This link is not known"
    snap(visitor.page, "10-unknown")


def test_page_learns_by_itself_that_the_time_has_come_and_that_it_is_over(
    site: Site, visitor: Visitor, visit: dict[str, Any]
) -> None:
    site.turn("2026-12-01T13:59:59Z")
    visitor.page.clock.install()
    visitor.come(visit)
    visitor.log_in()
    site.turn(FROM)
    visitor.page.clock.fast_forward(10_000)
    visitor.page.get_by_role("button", name="Open Studio").wait_for()
    site.done("POST", f"/visit/{visit['id']}/revoke")
    visitor.page.clock.fast_forward(10_000)
    visitor.reads("This access was revoked")


def test_page_learns_by_itself_that_a_door_has_locked_again(
    site: Site, visitor: Visitor, visit: dict[str, Any]
) -> None:
    site.turn(FROM)
    visitor.page.clock.install()
    visitor.come(visit)
    visitor.log_in()
    visitor.press("Studio")
    visitor.sees_status("Studio is open.")
    site.advance("PT5S")
    visitor.page.clock.fast_forward(6_000)
    visitor.page.locator("#said:empty").wait_for(state="attached")
    assert "Open Studio" in visitor.page.locator("li").first.inner_text()
    assert "Locked" in visitor.page.locator("li").first.inner_text()


def test_lost_connection_is_told_and_not_taken_for_an_open_door(
    site: Site, visitor: Visitor, visit: dict[str, Any]
) -> None:
    site.turn(FROM)
    visitor.come(visit)
    visitor.log_in()
    visitor.page.route("**/open", lambda route: route.abort())
    visitor.press("Studio")
    visitor.sees_status("There is no connection. The door may not have opened.")


class TestWithoutScript:
    """The same by plain forms."""

    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        return {"java_script_enabled": False}

    def test_doors_open_and_a_reload_opens_nothing(
        self, site: Site, visitor: Visitor, visit: dict[str, Any]
    ) -> None:
        site.turn(FROM)
        visitor.come(visit)
        visitor.log_in()
        visitor.press("Studio")
        visitor.sees_status("Studio is open. Go in now.")
        site.advance("PT5S")
        visitor.page.reload()
        visitor.sees_status("Studio has locked again.")
        assert site.facts().count("componentUnlocked") == 1

    def test_over_is_told_at_the_button(
        self, site: Site, visitor: Visitor, visit: dict[str, Any]
    ) -> None:
        site.turn(FROM)
        visitor.come(visit)
        visitor.log_in()
        site.turn(TO)
        visitor.press("Studio")
        visitor.reads("This access is over")
