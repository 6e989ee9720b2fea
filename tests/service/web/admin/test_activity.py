"""What happened: bookings, events, what failed, the trail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from freezegun import freeze_time

from service.clock import now
from service.ports import VendorBusy
from tests.service.web.admin.conftest import USER, text_of
from tests.service.web.conftest import event

if TYPE_CHECKING:
    from tests.service.web.admin.conftest import Browser


def test_booking_shows_its_active_and_inactive_accesses_and_messages(
    browser: Browser,
) -> None:
    connection = browser.api.ready()
    browser.api.send(connection, event())
    browser.api.env.work()
    path = f"/connections/{connection['id']}/bookings/B-1"
    page = browser.open(path)
    assert [each.text for each in page.select("nav [aria-current=page]")] == ["Codes"]
    text = text_of(page)
    for part in ("Ada Novak", "ada@example.org", "Front door", "Sent", "E-mail"):
        assert part in text
    assert "Inactive accesses" not in text
    browser.api.send(connection, event("cancelled"))
    browser.api.env.work()
    text = text_of(browser.open(path))
    assert "Inactive accesses" in text
    assert "cancelled, still opens" in text


def test_booking_with_an_odd_id_has_a_page(browser: Browser) -> None:
    connection = browser.api.ready()
    browser.api.send(connection, event(booking={"id": "a/b c?d"}))
    browser.api.env.work()
    link = browser.open("/").find("a", string="a/b c?d")
    assert link is not None
    assert "Booking a/b c?d" in text_of(browser.open(str(link["href"])))


def test_events_are_listed_and_processed_again(browser: Browser) -> None:
    connection = browser.api.ready()
    browser.api.send(connection, event(booking={"resource": "sauna"}))
    text = text_of(browser.open("/events"))
    assert "booking.confirmed Ignored" in text
    (stored,) = browser.api.get("/api/events")["items"]
    page = browser.submit(f"/events/{stored['id']}/replay", {"back": "/events"})
    assert "Processed again" in text_of(page)


def test_message_that_failed_is_sent_again_by_a_button(browser: Browser) -> None:
    connection = browser.api.ready(channel="sms")
    browser.api.send(connection, event())  # the customer has no phone number
    browser.api.env.work()
    page = browser.open("/trouble")
    (form,) = page.select('form[action^="/messages/"]')
    path = str(form["action"])
    browser.submit(path)
    (message,) = browser.api.get("/api/messages")["items"]
    assert message["status"] == "waiting"
    assert browser.send(path).status_code == 404


def test_code_that_is_late_is_shown_once_its_owner_is_told(browser: Browser) -> None:
    env, at = browser.api.env, now()
    with freeze_time(at) as clock:
        connection = browser.api.ready()
        env.stub_vendor.before.append(VendorBusy("stub: the lock is offline"))
        browser.api.send(connection, event())
        env.work()
        assert "All is well." in text_of(browser.open("/trouble"))
        env.stub_vendor.before.append(VendorBusy("stub: the lock is offline"))
        clock.move_to(at + timedelta(hours=1))
        page = text_of(browser.open("/trouble"))
    assert "Codes that are late" in page
    assert "stub: the lock is offline" in page
    assert "All is well." not in page


def test_all_is_well_where_nothing_failed(browser: Browser) -> None:
    assert "All is well." in text_of(browser.open("/trouble"))


def test_trail_says_who_signed_in_and_saw_codes(browser: Browser) -> None:
    fresh = type(browser)(browser.api, browser.client.application.test_client())
    fresh.sign_in(password="wrong words")
    fresh.sign_in("somebody else", "wrong words")
    fresh.sign_in()
    text = text_of(browser.open("/audit"))
    assert f"user {USER} signed in {USER}" in text
    assert f"sign-in sign-in refused {USER}" in text
    assert "somebody else" not in text
    assert "wrong words" not in text


def test_pages_without_keys_say_so(browser: Browser) -> None:
    assert "No connection keeps keys" in text_of(browser.open("/keys"))
