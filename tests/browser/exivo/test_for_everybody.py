"""The page by keyboard, by screen reader, on small screens, in light and in dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.fakes.vendors.exivo.site import CODE, FROM, TO

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Snap
    from tests.browser.exivo.conftest import Visitor
    from tests.fakes.vendors.exivo.site import Site

WIDEST_NARROW_SCREEN = 320
FOCUSED = "document.activeElement.id"


@pytest.fixture
def studio(site: Site) -> dict[str, Any]:
    return site.add_door("Studio", labelling="First floor, left")


@pytest.fixture
def visit(site: Site, studio: dict[str, Any]) -> dict[str, Any]:
    return site.visit(studio, site.add_door("Court 1"), name="B-1001")


def login(visitor: Visitor, visit: dict[str, Any]) -> None:
    visitor.site.turn(FROM)
    visitor.come(visit)


def wrong_pin(visitor: Visitor, visit: dict[str, Any]) -> None:
    login(visitor, visit)
    visitor.log_in("1111")


def locked_out(visitor: Visitor, visit: dict[str, Any]) -> None:
    login(visitor, visit)
    for _ in range(5):
        visitor.log_in("1111")


def early(visitor: Visitor, visit: dict[str, Any]) -> None:
    visitor.come(visit)
    visitor.log_in()


def doors(visitor: Visitor, visit: dict[str, Any]) -> None:
    login(visitor, visit)
    visitor.log_in()


def opened(visitor: Visitor, visit: dict[str, Any]) -> None:
    doors(visitor, visit)
    visitor.press("Studio")
    visitor.sees_status("Studio is open.")


def offline(visitor: Visitor, visit: dict[str, Any]) -> None:
    doors(visitor, visit)
    for door in visitor.site.sim("GET", f"{visitor.site.base}/doors"):
        visitor.site.change(door, online=False)
    visitor.press("Studio")
    visitor.sees_status("Studio does not answer.")


def over(visitor: Visitor, visit: dict[str, Any]) -> None:
    visitor.site.turn(TO)
    visitor.come(visit)


def unknown(visitor: Visitor, visit: dict[str, Any]) -> None:
    visitor.come(visit | {"link": f"{visit['link']}x"})


every_screen = pytest.mark.parametrize(
    "reach",
    [login, wrong_pin, locked_out, early, doors, opened, offline, over, unknown],
    ids=lambda reach: reach.__name__,
)


class TestInBothSchemes:
    """Contrast, names and roles, as axe-core measures them."""

    @pytest.fixture(params=["light", "dark"])
    def settings(self, request: pytest.FixtureRequest) -> dict[str, Any]:
        return {"color_scheme": request.param}

    @every_screen
    def test_no_screen_has_a_fault_that_can_be_measured(
        self,
        visitor: Visitor,
        visit: dict[str, Any],
        settings: dict[str, Any],
        reach: Callable[..., None],
        snap: Snap,
    ) -> None:
        reach(visitor, visit)
        snap(visitor.page, f"{settings['color_scheme']}-{reach.__name__}")
        found = Axe().run(visitor.page)
        assert found.violations_count == 0, found.generate_report()


class TestOnTheSmallestScreen:
    """A narrow phone, or a wide one at four times the size."""

    @pytest.fixture
    def site(self, site: Site) -> Site:
        site.add_door(
            "Donaudampfschifffahrtsgesellschaftskapitänskajüte", zones=["Main"]
        )
        return site

    @every_screen
    def test_nothing_is_wider_than_the_screen(
        self, visitor: Visitor, visit: dict[str, Any], reach: Callable[..., None]
    ) -> None:
        height = 568
        visitor.page.set_viewport_size(
            {"width": WIDEST_NARROW_SCREEN, "height": height}
        )
        reach(visitor, visit)
        width = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert width <= WIDEST_NARROW_SCREEN

    def test_long_names_are_broken(self, visitor: Visitor, site: Site) -> None:
        long = site.sim("GET", f"{site.base}/doors")[0]
        visitor.page.set_viewport_size({"width": WIDEST_NARROW_SCREEN, "height": 568})
        doors(visitor, site.visit(long, name="x" * 200))
        width = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert width <= WIDEST_NARROW_SCREEN


def test_all_is_done_by_keyboard_and_the_focus_stays_where_it_was(
    visitor: Visitor, visit: dict[str, Any]
) -> None:
    login(visitor, visit)
    keys = visitor.page.keyboard
    assert visitor.page.evaluate(FOCUSED) == "code"
    keys.type(CODE)
    keys.press("Enter")
    visitor.page.get_by_role("button", name="Open Studio").wait_for()
    keys.press("Tab")
    assert visitor.page.evaluate(FOCUSED) == "open-1"
    keys.press("Enter")
    visitor.sees_status("Studio is open.")
    assert visitor.page.evaluate(FOCUSED) == "open-1"
    keys.press("Tab")
    keys.press("Space")
    visitor.sees_status("Court 1 is open.")
    assert visitor.page.evaluate(FOCUSED) == "open-2"


def test_focus_goes_to_the_heading_of_another_screen(
    site: Site, visitor: Visitor, visit: dict[str, Any]
) -> None:
    doors(visitor, visit)
    site.turn(TO)
    visitor.press("Studio")
    visitor.reads("This access is over")
    assert visitor.page.evaluate("document.activeElement.tagName") == "H1"


def test_wrong_pin_is_read_out_with_its_field(
    visitor: Visitor, visit: dict[str, Any]
) -> None:
    wrong_pin(visitor, visit)
    field = visitor.page.get_by_label("PIN")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-describedby") == "hint error"
    assert visitor.page.evaluate(FOCUSED) == "code"
    assert field.get_attribute("inputmode") == "numeric"


def test_buttons_are_big_enough_for_a_thumb(
    visitor: Visitor, visit: dict[str, Any]
) -> None:
    doors(visitor, visit)
    for button in visitor.page.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 48
