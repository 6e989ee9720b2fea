"""A standing booking, sent by the form, opens its door on its weekdays alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.up.test_whole_path import Place, Walk

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Snap

ROOM = Place("nuki", "Europe/Berlin", "Rehearsal room", "Rehearsal room")


def test_code_of_thursdays_is_refused_on_a_wednesday(
    page: Page, link: str, snap: Snap
) -> None:
    walk = Walk(page, link)
    walk.start()
    walk.follow("Send an event")
    page.get_by_label("Resource", exact=True).select_option("rehearsal-room")
    page.get_by_text("A standing booking, of some weekdays").click()
    page.get_by_label("Thursday").check()
    when = {"start": "2026-12-02T18:00", "end": "2026-12-31T20:00"}
    walk.fill(name="Olga", email="olga@example.org", **when)
    snap(page, "up-standing-booking")
    walk.press("Send it")
    page.get_by_role("status").get_by_text("202: accepted").wait_for()
    walk.go_to_door(ROOM)
    walk.turn_clock("2026-12-02T12:00")  # the lock has confirmed it by then
    walk.start()
    walk.follow("Inbox")
    mail = page.locator(".mails li", has_text="olga@example.org").first
    code = mail.locator("aside .mono").first.inner_text()
    answers = {}
    days = ("2026-12-02", "2026-12-03", "2026-12-04", "2026-12-10")
    for minute, day in enumerate(days, 30):
        walk.go_to_door(ROOM)
        walk.turn_clock(f"{day}T18:{minute}")  # the page is waited for by its minute
        answers[day] = walk.type_code(ROOM, code, "")
    opened = [day for day, said in answers.items() if "opened." in said]
    assert opened == ["2026-12-03", "2026-12-10"], answers
    assert "stays shut." in answers["2026-12-02"]
