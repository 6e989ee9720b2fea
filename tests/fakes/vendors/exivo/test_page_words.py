"""What a browser is shown: plain words for every state, forms that need no script."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.fakes.vendors.exivo.site import FROM, TO, Phone, Site


@pytest.fixture
def studio(site: Site) -> dict[str, Any]:
    return site.add_door("Studio", labelling="First floor")


@pytest.fixture
def browser(site: Site, studio: dict[str, Any]) -> Phone:
    return Phone(site.app, site.visit(studio, name="B-1001"), html=True)


def words(page: str) -> str:
    """Return what can be read on a page."""
    body = page.partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def heading(page: str) -> str:
    return page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]


def test_front_asks_for_the_pin_and_tells_nothing_else(browser: Phone) -> None:
    page = browser.get()
    assert page.status_code == 200
    assert "PIN 4 to 6 digits, from your message LOGIN" in words(page.text)
    for secret in ("Studio", "B-1001", "2026"):
        assert secret not in words(page.text)


def test_right_pin_leads_to_the_doors_with_their_time(
    site: Site, browser: Phone
) -> None:
    site.turn(FROM)
    sent_on = browser.log_in()
    assert sent_on.status_code == 303
    shown = words(browser.get("/accesses").text)
    assert "Studio First floor" in shown
    assert "Tuesday 1 December 2026, 15:00 to 18:00 (Zurich time)" in shown
    assert "Locked Open Studio" in shown
    assert browser.get().headers["Location"].endswith("/accesses")


def test_wrong_pin_says_how_many_tries_are_left(site: Site, browser: Phone) -> None:
    site.turn(FROM)
    content = [words(browser.log_in("1111").text) for _ in range(5)]
    assert "This PIN is wrong. You have 4 tries left." in content[0]
    assert "You have 1 try left." in content[3]
    assert "Too many wrong PINs" in content[4]
    assert "No PIN is taken until 15:05" in content[4]
    assert browser.get().status_code == 429


def test_what_is_no_pin_is_no_try(site: Site, browser: Phone) -> None:
    site.turn(FROM)
    for _ in range(9):
        page = browser.log_in("abcd")
    assert page.status_code == 401
    assert "A PIN has 4 to 6 digits. Leading zeros count." in words(page.text)
    assert browser.log_in().status_code == 303


def test_not_yet_says_from_when_and_shows_no_door(site: Site, browser: Phone) -> None:
    site.turn("2026-12-01T13:59:59Z")
    browser.log_in()
    page = browser.get("/accesses").text
    assert heading(page) == "Not yet"
    begins = "begins on Tuesday 1 December 2026 at 15:00 (Zurich time)"
    assert begins in words(page)
    assert "Studio" not in words(page)
    site.turn(FROM)
    assert "Studio" in words(browser.get("/accesses").text)


def test_over_says_since_when_even_without_a_pin(site: Site, browser: Phone) -> None:
    site.turn(TO)
    page = browser.get()
    assert (page.status_code, heading(page.text)) == (410, "This access is over")
    assert "It ended on Tuesday 1 December 2026 at 18:00" in words(page.text)
    assert "<form" not in page.text


def test_revoked_says_so_even_without_a_pin(site: Site, browser: Phone) -> None:
    site.done("POST", f"/visit/{browser.visit['id']}/revoke")
    page = browser.get()
    assert (page.status_code, heading(page.text)) == (410, "This access was revoked")
    assert "<form" not in page.text
    assert browser.log_in().status_code == 410


def test_button_sends_on_so_that_a_reload_opens_nothing(
    site: Site, browser: Phone, studio: dict[str, Any]
) -> None:
    site.turn(FROM)
    browser.log_in()
    answer = browser.open(studio)
    assert answer.status_code == 303
    target = answer.headers["Location"].removeprefix(browser.path)
    assert "Studio is open. Go in now." in words(browser.get(target).text)
    site.advance("PT5S")
    assert "Studio has locked again." in words(browser.get(target).text)
    assert site.facts().count("componentUnlocked") == 1


def test_button_pressed_too_early_too_late_or_after_a_revocation_says_why(
    site: Site, browser: Phone, studio: dict[str, Any]
) -> None:
    browser.log_in()
    early = browser.open(studio)
    assert (early.status_code, heading(early.text)) == (409, "Not yet")
    site.turn(FROM)
    other = site.visit(studio)
    site.done("POST", f"/visit/{other['id']}/revoke")
    revoked = Phone(site.app, other, html=True).open(studio)
    assert (revoked.status_code, heading(revoked.text)) == (
        410,
        "This access was revoked",
    )
    site.turn(TO)
    late = browser.open(studio)
    assert (late.status_code, heading(late.text)) == (410, "This access is over")


def test_button_of_another_door_says_so(site: Site, browser: Phone) -> None:
    office = site.add_door("Office")
    site.turn(FROM)
    browser.log_in()
    page = browser.open(office)
    assert page.status_code == 403
    assert "That door is not part of your access." in words(page.text)


def test_without_a_session_everything_leads_to_the_front(
    browser: Phone, studio: dict[str, Any]
) -> None:
    for answer in (browser.get("/accesses"), browser.open(studio)):
        assert answer.status_code == 303
        assert answer.headers["Location"] == browser.path


@pytest.mark.parametrize(
    ("change", "content"),
    [
        ({"online": False}, "Not reachable / does not answer. It has not opened."),
        ({"mode": "closed"}, "Kept closed / is kept closed at the moment."),
        ({"mode": "open"}, "Open / is open. Go in now."),
    ],
)
def test_door_that_does_otherwise_says_so(
    site: Site,
    browser: Phone,
    studio: dict[str, Any],
    change: dict[str, Any],
    content: str,
) -> None:
    site.turn(FROM)
    browser.log_in()
    site.change(studio, **change)
    target = browser.open(studio).headers["Location"].removeprefix(browser.path)
    shown, (state, outcome) = words(browser.get(target).text), content.split(" / ")
    assert f"{state} Open Studio" in shown
    assert f"Studio {outcome}" in shown


def test_times_are_those_of_the_door(site: Site, studio: dict[str, Any]) -> None:
    lisbon = site.add_door("Lisbon", timezone="Europe/Lisbon")
    visit = site.visit(lisbon, studio, validTo="2026-12-02T10:00:30Z")
    browser = Phone(site.app, visit, html=True)
    site.turn(FROM)
    browser.log_in()
    shown = words(browser.get("/accesses").text)
    assert "14:00 to Wednesday 2 December 2026, 10:00:30 (Lisbon time)" in shown
    assert "15:00 to Wednesday 2 December 2026, 11:00:30 (Zurich time)" in shown


def test_names_are_shown_as_they_are_and_never_run(site: Site) -> None:
    door = site.add_door("<script>alert(1)</script>")
    browser = Phone(site.app, site.visit(door, name='"><img src=x>'), html=True)
    site.turn(FROM)
    browser.log_in()
    page = browser.get("/accesses").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
