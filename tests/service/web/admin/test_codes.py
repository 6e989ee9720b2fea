"""The overview of codes, one code, its PIN on request, and codes by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from service.ports import VendorRefused
from service.store import accesses
from service.store.audit import GATEWAY, Action
from tests.service.web.admin.conftest import USER, text_of
from tests.service.web.conftest import by_hand, event

if TYPE_CHECKING:
    from tests.service.web.admin.conftest import Browser

ME = f"user {USER}"


def booked(browser: Browser, *refs: str, **booking: Any) -> list[dict[str, Any]]:
    """Return the accesses of bookings that came in and were worked off."""
    connection = browser.api.ready()
    for ref in refs:
        browser.api.send(connection, event(booking={"id": ref, **booking}))
    browser.api.env.work()
    items: list[dict[str, Any]] = browser.api.get("/api/accesses")["items"]
    return items


def rows(browser: Browser, query: str = "") -> list[str]:
    page = browser.open(f"/{query}")
    return [text_of(row) for row in page.select("table.rows tbody tr")]


def actions(browser: Browser) -> list[tuple[str, str]]:
    """Return what the trail has of the user."""
    found = browser.api.env.service.deps.store.read(GATEWAY.all)
    return [(each.actor, each.action) for each in found if each.actor == ME]


def test_before_anything_is_connected_the_overview_says_what_to_do(
    browser: Browser,
) -> None:
    (connection,) = browser.api.get("/api/connections")["items"]
    browser.api.call("DELETE", f"/api/connections/{connection['id']}")
    page = browser.open("/")
    assert "Nothing is connected yet" in text_of(page)
    assert page.find("a", href="/connections")


def test_overview_lists_door_booking_period_and_status(browser: Browser) -> None:
    booked(browser, "B-1")
    (row,) = rows(browser)
    assert "Front door" in row
    assert "Created" in row
    assert "B-1 court-1" in row
    assert "Wed 1 Dec 2027, 14:00\N{EN DASH}17:00" in row


def test_overview_shows_no_pin(browser: Browser) -> None:
    (access,) = booked(browser, "B-1")
    assert access["pin"]
    for path in ("/", f"/codes/{access['id']}"):
        assert access["pin"] not in text_of(browser.open(path))


def test_pages_of_the_overview_follow_each_other(browser: Browser) -> None:
    booked(browser, *(f"B-{number}" for number in range(5)))
    page = browser.open("/?limit=2")
    seen = [text_of(each) for each in page.select("tbody tr")]
    while older := page.find("a", string="Older"):
        page = browser.open(str(older["href"]))
        seen += [text_of(each) for each in page.select("tbody tr")]
        assert page.find("a", string="Newest")
    assert [f"B-{n}" in row for n, row in zip(range(4, -1, -1), seen, strict=True)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=b-1", 1),
        ("search=Novak", 2),
        ("search=ADA", 2),
        ("search=court", 2),
        ("search=%25", 0),
        ("search=_", 0),
        ("search=nobody", 0),
        ("status=created", 2),
        ("status=failed", 0),
        ("active=true", 2),
        ("active=false", 0),
        ("search=&status=&active=&connection=", 2),
    ],
)
def test_overview_is_searched_and_filtered(
    browser: Browser, query: str, found: int
) -> None:
    booked(browser, "B-1", "B-2")
    assert len(rows(browser, f"?{query}")) == found


def test_code_by_hand_is_found_by_its_name(browser: Browser) -> None:
    connection = browser.api.ready()
    browser.api.call("POST", "/api/accesses", json=by_hand(connection))
    assert len(rows(browser, "?search=plumb")) == 1


def test_filter_with_a_wrong_value_is_refused_by_name(browser: Browser) -> None:
    page = browser.open("/?status=lost", status=400)
    assert "status" in text_of(page)


def test_page_says_where_a_person_deletes_what_no_vendor_takes_back(
    browser: Browser,
) -> None:
    vendor = browser.api.env.stub_vendor
    vendor.deleted_where = "at the lock, in the vendor's app"
    (access,) = booked(browser, "B-1")
    page = text_of(browser.open(f"/codes/{access['id']}"))
    assert "Where to delete it at the lock, in the vendor's app" in page
    refused = browser.api.call("DELETE", f"/api/accesses/{access['id']}")
    assert refused.status_code == 409
    assert "delete it at the lock, in the vendor's app." in refused.text
    vendor.revocable = True
    page = text_of(browser.open(f"/codes/{access['id']}"))
    assert "Where to delete it" not in page


def test_page_of_a_code_links_its_place_at_the_vendor(browser: Browser) -> None:
    (access,) = booked(browser, "B-1")
    place = "Stub: code 7, http://127.0.0.1:8700/?ref=7"
    browser.api.env.service.deps.store.write(
        lambda tx: accesses.change(tx, access["id"], vendor_place=place)
    )
    link = browser.open(f"/codes/{access['id']}").find("a", string="Stub: code 7")
    assert link is not None
    assert link["href"] == "http://127.0.0.1:8700/?ref=7"


def test_page_of_a_code_shows_what_con_09_names(browser: Browser) -> None:
    browser.api.env.stub_vendor.revocable = True
    (access,) = booked(browser, "B-1")
    text = text_of(browser.open(f"/codes/{access['id']}"))
    for part in (
        "Created The code works at the time shown.",
        "Wed 1 Dec 2027, 14:00\N{EN DASH}17:00",
        "Wed 1 Dec 2027, 14:20\N{EN DASH}16:20",
        "Front door",
        "Created",
        "stub: page",
        "Show the PIN",
        "Take away",
        "Issue anew",
    ):
        assert part in text, part


def test_pin_is_shown_once_on_request_and_that_is_recorded(browser: Browser) -> None:
    (access,) = booked(browser, "B-1")
    path = f"/codes/{access['id']}"
    answer = browser.send(f"{path}/pin")
    assert answer.headers["Location"] == path
    assert access["pin"] not in answer.text
    page = browser.open(path)
    assert text_of(page.find(id="pin")) == access["pin"]
    assert actions(browser) == [(ME, Action.CODE_SEEN)]
    again = browser.open(path)
    assert again.find(id="pin") is None
    assert f"{ME}: code seen" in text_of(again)


def test_code_is_issued_anew_from_its_menu(browser: Browser) -> None:
    (access,) = booked(browser, "B-1")
    page = browser.submit(f"/codes/{access['id']}/reissue", {"back": "/"})
    assert "Another code is being made" in text_of(page)
    browser.api.env.work()
    new, old = browser.api.get("/api/accesses")["items"]
    assert (new["active"], old["active"]) == (True, False)
    assert actions(browser) == [(ME, Action.CODE_REISSUED)]


def test_code_is_taken_away_after_a_second_question(browser: Browser) -> None:
    browser.api.env.stub_vendor.revocable = True
    (access,) = booked(browser, "B-1")
    path = f"/codes/{access['id']}/take-away"
    assert "Take this code away?" in text_of(browser.open(path))
    browser.submit(path)
    browser.api.env.work()
    (row,) = rows(browser)
    assert "Removed" in row
    assert actions(browser) == [(ME, Action.CODE_REMOVED)]


def test_code_that_cannot_be_revoked_says_until_when_it_works(browser: Browser) -> None:
    (access,) = booked(browser, "B-1")
    path = f"/codes/{access['id']}"
    page = browser.submit(f"{path}/take-away", {"back": path})
    assert "cannot be revoked" in text_of(page)
    assert actions(browser) == []


def test_back_leads_nowhere_else(browser: Browser) -> None:
    (access,) = booked(browser, "B-1")
    answer = browser.send(
        f"/codes/{access['id']}/take-away", {"back": "//evil.example/x"}
    )
    assert answer.status_code == 409
    assert "Location" not in answer.headers


def test_code_is_made_by_hand_in_the_time_of_its_lock(browser: Browser) -> None:
    connection = browser.api.ready()
    lock = connection["front"]
    browser.api.call(
        "PATCH", f"/api/locks/{lock}", json={"timezone": "Europe/Stockholm"}
    )
    assert browser.open("/codes/new").find("a", href=f"/locks/{lock}/new-code")
    form = {
        "kind": "hourly",
        "name": "Plumber",
        "start": "2027-12-01T15:00",
        "end": "2027-12-01T17:00",
    }
    page = browser.submit(f"/locks/{lock}/new-code", form)
    assert "Ordered" in text_of(page)
    (access,) = browser.api.get("/api/accesses")["items"]
    assert access["valid_from"] == "2027-12-01T14:00:00Z"
    assert (access["by_hand"], access["name"]) == (True, "Plumber")
    assert actions(browser) == [(ME, Action.CODE_ORDERED)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"start": "2027-12-01T15:20"}, "stub takes whole hours"),
        ({"start": ""}, "required"),
        ({"start": "tomorrow"}, "valid datetime"),
        ({"name": ""}, "required"),
    ],
)
def test_code_by_hand_that_cannot_be_made_keeps_what_was_typed(
    browser: Browser, change: dict[str, str], says: str
) -> None:
    lock = browser.api.ready()["front"]
    form = {"kind": "permanent", "name": "Plumber", "start": "2027-12-01T15:00"}
    answer = browser.send(f"/locks/{lock}/new-code", form | change)
    assert says in answer.text
    assert answer.status_code in (400, 422)
    if "name" not in change:
        assert 'value="Plumber"' in answer.text


def test_failed_code_is_tried_again_by_a_button(browser: Browser) -> None:
    browser.api.env.stub_vendor.before.append(VendorRefused("stub: not today"))
    (access,) = booked(browser, "B-1")
    assert access["status"] == "failed"
    path = f"/codes/{access['id']}"
    assert "stub: not today" in text_of(browser.open(path))
    page = browser.submit(f"{path}/try-again", {"back": path})
    assert "It is being tried again." in text_of(page)
    browser.api.env.work()
    assert "Created" in text_of(browser.open(path))
