"""The page behind a link: PIN, time, doors, and why not, at every single request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.vendors.exivo.site import CODE, FROM, TO, Phone, Site


@pytest.fixture
def studio(site: Site) -> dict[str, Any]:
    return site.add_door("Studio")


@pytest.fixture
def office(site: Site) -> dict[str, Any]:
    return site.add_door("Office")


@pytest.fixture
def phone(site: Site, studio: dict[str, Any], office: dict[str, Any]) -> Phone:
    """Return a phone with the link to the studio; the office is no part of it."""
    assert office
    return Phone(site.app, site.visit(studio, name="Ada"))


def inside(phone: Phone, site: Site, at: str = FROM) -> Phone:
    site.turn(at)
    assert phone.log_in().status_code == 303
    return phone


def test_right_pin_shows_the_doors_of_the_visit_and_no_others(
    site: Site, phone: Phone, studio: dict[str, Any]
) -> None:
    shown = inside(phone, site).get("/accesses").json
    assert shown == {
        "name": "Ada",
        "validFrom": FROM,
        "validTo": TO,
        "state": "active",
        "doors": [{"id": studio["vendor_id"], "name": "Studio"}],
    }


def test_door_opens_for_who_is_logged_in(
    site: Site, phone: Phone, studio: dict[str, Any]
) -> None:
    inside(phone, site)
    answer = phone.open(studio)
    assert (answer.status_code, answer.data) == (204, b"")
    assert site.door(studio)["bolt"] == "unlocked"
    site.advance("PT4.999S")
    assert site.door(studio)["bolt"] == "unlocked"
    site.advance("PT0.001S")
    assert site.door(studio)["bolt"] == "locked"


@pytest.mark.parametrize("code", ["0428", "427", "", "04270", "0427 0427", "0x1ab"])
def test_wrong_pin_shows_nothing_and_opens_nothing(
    site: Site, phone: Phone, studio: dict[str, Any], code: str
) -> None:
    site.turn(FROM)
    answer = phone.log_in(code)
    assert (answer.status_code, answer.json) == (401, {"reason": "wrongCode"})
    assert phone.get("/accesses").status_code == 401
    assert phone.open(studio).status_code == 401
    assert site.door(studio)["bolt"] == "locked"


def test_spaces_around_a_pin_do_not_matter(site: Site, phone: Phone) -> None:
    site.turn(FROM)
    assert phone.log_in(f" {CODE} ").status_code == 303


def test_door_outside_the_visit_is_refused_with_403(
    site: Site, phone: Phone, office: dict[str, Any]
) -> None:
    inside(phone, site)
    assert phone.open(office).status_code == 403
    assert phone.open({"vendor_id": "nothing"}).status_code == 403
    assert site.door(office)["bolt"] == "locked"


def test_not_a_second_before_the_start(
    site: Site, phone: Phone, studio: dict[str, Any]
) -> None:
    inside(phone, site, "2026-12-01T13:59:59Z")
    shown = phone.get("/accesses").json
    assert (shown["state"], shown["doors"]) == ("notYetValid", [])
    answer = phone.open(studio)
    assert (answer.status_code, answer.json) == (409, {"reason": "notYetValid"})
    site.turn(FROM)
    assert phone.open(studio).status_code == 204


def test_not_a_second_after_the_end_though_logged_in_before(
    site: Site, phone: Phone, studio: dict[str, Any]
) -> None:
    inside(phone, site, "2026-12-01T16:59:58Z")
    site.turn("2026-12-01T16:59:59Z")
    assert phone.open(studio).status_code == 204
    site.turn(TO)
    answer = phone.open(studio)
    assert (answer.status_code, answer.json) == (410, {"reason": "expired"})
    assert site.facts(limit=1) == ["componentUnlocked"]


def test_revoked_visit_opens_nothing_from_that_moment(
    site: Site, phone: Phone, studio: dict[str, Any]
) -> None:
    inside(phone, site)
    site.done("POST", f"/visit/{phone.visit['id']}/revoke")
    answer = phone.open(studio)
    assert (answer.status_code, answer.json) == (410, {"reason": "revoked"})
    assert phone.log_in().status_code == 410
    assert phone.get().status_code == 410
    assert site.door(studio)["bolt"] == "locked"


def test_after_five_wrong_pins_the_right_one_waits_five_minutes(
    site: Site, phone: Phone
) -> None:
    site.turn(FROM)
    assert [phone.log_in("1111").status_code for _ in range(5)] == [401] * 5
    answer = phone.log_in()
    assert (answer.status_code, answer.json) == (429, {"reason": "lockedOut"})
    assert answer.headers["Retry-After"] == "300"
    site.advance("PT4M59S")
    assert phone.log_in().status_code == 429
    site.advance("PT1S")
    assert phone.log_in().status_code == 303


def test_right_pin_forgets_the_wrong_ones(site: Site, phone: Phone) -> None:
    for _ in range(4):
        phone.log_in("1111")
    inside(phone, site)
    for _ in range(4):
        phone.log_in("1111")
    assert phone.log_in().status_code == 303


def test_lockout_of_one_link_is_not_anothers(
    site: Site, phone: Phone, studio: dict[str, Any]
) -> None:
    other = Phone(site.app, site.visit(studio))
    for _ in range(6):
        phone.log_in("1111")
    assert phone.log_in().status_code == 429
    assert other.log_in().status_code == 303


def test_lockout_can_be_set(site: Site, studio: dict[str, Any]) -> None:
    site.switch(lockout_tries=2, lockout_seconds=10)
    phone = Phone(site.app, site.visit(studio))
    for _ in range(2):
        phone.log_in("1111")
    assert phone.log_in().headers["Retry-After"] == "10"


def test_session_ends_after_an_hour(
    site: Site, phone: Phone, studio: dict[str, Any]
) -> None:
    inside(phone, site)
    site.advance("PT59M59S")
    assert phone.open(studio).status_code == 204
    site.advance("PT1S")
    assert phone.open(studio).status_code == 401


def test_session_of_one_link_is_worth_nothing_at_another(
    site: Site, phone: Phone, studio: dict[str, Any], office: dict[str, Any]
) -> None:
    inside(phone, site)
    other = Phone(site.app, site.visit(office))
    cookie = phone.client.get_cookie("exivo-visit", path=phone.path)
    assert cookie
    other.client.set_cookie("exivo-visit", cookie.value, path=other.path)
    assert other.open(office).status_code == 401
    assert other.open(studio).status_code == 401


def test_cookie_is_kept_from_scripts_and_from_other_links(phone: Phone) -> None:
    cookie = phone.log_in().headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", f"Path={phone.path}"):
        assert part in cookie
    assert CODE not in cookie


def test_two_phones_may_use_one_link(site: Site, phone: Phone) -> None:
    inside(phone, site)
    second = Phone(site.app, phone.visit)
    assert second.get("/accesses").status_code == 401
    inside(second, site)
    assert phone.get("/accesses").status_code == 200


def test_sessions_do_not_pile_up(site: Site, phone: Phone) -> None:
    for _ in range(30):
        phone.log_in()
    state = site.sim("GET", f"{site.base}/state")["vendors"]["exivo"]
    (visit,) = state["visits"].values()
    assert len(visit["sessions"]) == 20


def test_unknown_link_says_so_and_has_its_style(site: Site) -> None:
    answer = site.client.get("/exivo/v/nothing")
    assert answer.status_code == 404
    assert "This link is not known" in answer.text
    assert site.client.get("/exivo/v/nothing/visit.css").status_code == 200


def test_page_is_not_kept_and_lets_nobody_see_where_it_is(phone: Phone) -> None:
    headers = phone.get().headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_json_takes_the_pin_as_well(site: Site, phone: Phone) -> None:
    site.turn(FROM)
    url = f"{phone.path}/login"
    assert phone.client.post(url, json={"code": 427}).status_code == 401
    assert phone.client.post(url, json=[CODE]).status_code == 401
    assert phone.client.post(url, json={"code": CODE}).status_code == 303


def test_door_that_is_offline_is_not_called_open(
    site: Site, phone: Phone, studio: dict[str, Any]
) -> None:
    inside(phone, site)
    site.change(studio, online=False)
    assert phone.open(studio).status_code == 204
    assert site.door(studio)["bolt"] == "locked"
    phone.html = True
    content = phone.get(f"/accesses?notice={studio['vendor_id']}").text
    assert "Studio does not answer. It has not opened." in content
