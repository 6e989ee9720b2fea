"""A visit is a link and a code: made at will, never changed, revoked for ever."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.exivo.site import CODE, FROM, TO, Site


def test_visit_yields_a_link_and_keeps_the_callers_code(site: Site) -> None:
    door = site.add_door()
    shown = site.visit(door, name="B-1001")
    assert (shown["code"], shown["validFrom"], shown["validTo"]) == (CODE, FROM, TO)
    assert shown["link"].startswith("http://localhost/exivo/v/")
    assert (shown["expired"], shown["revoked"]) == (False, False)
    assert site.done("GET", f"/visit/{shown['id']}") == shown


@pytest.mark.parametrize("code", ["0000", "0427", "00427", "000427"])
def test_code_with_leading_zeros_survives_everywhere(site: Site, code: str) -> None:
    door = site.add_door(keypad=True)
    shown = site.visit(door, code=code)
    assert site.done("GET", f"/visit/{shown['id']}")["code"] == code
    assert [each["code"] for each in site.done("GET", "/visit")] == [code]
    assert site.codes("cloud") == [code]
    (row,) = site.sim("GET", f"{site.base}/codes")
    assert row["since"] == site.sim("GET", f"{site.base}/clock")["now"]
    at = {"link": shown["link"], "at": FROM}
    assert site.probe(door, code, **at) == "opened"
    assert site.probe(door, str(int(code)).zfill(3), **at) != "opened"
    site.member(site.group(), pin=code)
    assert site.enter(door, code) == "opened"
    assert site.codes("door") == [code]


@pytest.mark.parametrize("code", ["", "123", "1234567", "12a4", "٤٢٧٠", " 1234"])
def test_code_of_another_form_is_refused(site: Site, code: str) -> None:
    body = site.visit_body(site.add_door(), code=code)
    assert site.refused("/visit", body).startswith("code:")


@pytest.mark.parametrize("field", ["code", "validFrom", "validTo", "components"])
def test_field_that_is_needed_is_named(site: Site, field: str) -> None:
    body = site.visit_body(site.add_door(), **{field: None})
    assert site.refused("/visit", body) == f"{field}: Field required"


def test_end_must_be_in_the_future_and_the_start_need_not(site: Site) -> None:
    door = site.add_door()
    site.visit(door, validFrom="2026-12-01T00:00:00Z")
    past = site.visit_body(door, validFrom="2026-12-01T00:00:00Z", validTo=site.now)
    assert site.refused("/visit", past) == "validTo must be in the future"


def test_end_must_be_after_the_start(site: Site) -> None:
    body = site.visit_body(site.add_door(), validFrom=TO)
    assert site.refused("/visit", body) == "validTo must be after validFrom"


def test_every_door_must_be_one_of_the_site(site: Site) -> None:
    door, other = site.add_door(), Site(site.app)
    _, foreign = other.add_door(), other.add_door("Elsewhere")
    assert "no component" in site.refused("/visit", site.visit_body(door, foreign))
    assert site.refused("/visit", site.visit_body()).startswith("components:")


def test_gateway_is_no_door(site: Site) -> None:
    gateway = site.add_door("Gateway", kind="gateway")
    assert "no door" in site.refused("/visit", site.visit_body(gateway))


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nobody"), ("email", "a b@example.org"), ("smsNr", "12"), ("smsNr", 46)],
)
def test_address_of_another_form_is_refused(
    site: Site, field: str, value: object
) -> None:
    body = site.visit_body(site.add_door(), **{field: value})
    assert site.refused("/visit", body).startswith(f"{field}:")


def test_visit_needs_no_address_unless_that_is_switched(site: Site) -> None:
    door = site.add_door()
    site.visit(door)
    site.switch(visit_without_contact="refused")
    assert site.refused("/visit", site.visit_body(door)) == "email or smsNr is needed"
    site.visit(door, email="ada@example.org")
    site.visit(door, smsNr="+46 70 123 45 67")


def test_same_order_twice_makes_two_visits(site: Site) -> None:
    door = site.add_door()
    first, second = site.visit(door, name="B-1"), site.visit(door, name="B-1")
    assert first["id"] != second["id"]
    assert first["link"] != second["link"]
    assert [each["name"] for each in site.done("GET", "/visit")] == ["B-1", "B-1"]


def test_link_tells_nothing_of_the_visit_and_is_long(site: Site) -> None:
    shown = site.visit(site.add_door())
    token = shown["link"].rpartition("/")[2]
    assert len(token) == 32
    assert shown["id"] not in shown["link"]


def test_worlds_of_one_seed_have_different_links(site: Site) -> None:
    other = Site(site.app)
    assert site.visit(site.add_door())["link"] != other.visit(other.add_door())["link"]


def test_visit_expires_at_its_end_to_the_second(site: Site) -> None:
    path = f"/visit/{site.visit(site.add_door())['id']}"
    site.turn("2026-12-01T16:59:59Z")
    assert site.done("GET", path)["expired"] is False
    site.turn(TO)
    assert site.done("GET", path)["expired"] is True


def test_revoked_visit_stays_in_the_records(site: Site) -> None:
    path = f"/visit/{site.visit(site.add_door())['id']}"
    site.done("POST", f"{path}/revoke")
    assert site.done("GET", path)["revoked"] is True
    assert len(site.done("GET", "/visit")) == 1
    assert site.codes("cloud") == []


def test_revoking_twice_is_refused_unless_that_is_switched(site: Site) -> None:
    path = f"/visit/{site.visit(site.add_door())['id']}/revoke"
    site.done("POST", path)
    assert site.refused(path) == "this visit is revoked already"
    site.switch(revoke_twice_status=204)
    site.done("POST", path)


def test_unknown_visit_can_be_a_400(site: Site) -> None:
    site.switch(unknown_visit_status=400)
    answer = site.ask("GET", "/visit/nothing")
    assert (answer.status_code, answer.data) == (400, b"")


def test_bookings_near_a_change_of_clocks_keep_their_instants(site: Site) -> None:
    door = site.add_door()
    shown = site.visit(
        door,
        validFrom="2027-03-28T01:30:00+01:00",  # an hour before summer time
        validTo="2027-03-28T03:30:00+02:00",
    )
    assert shown["validFrom"] == "2027-03-28T00:30:00Z"
    assert shown["validTo"] == "2027-03-28T01:30:00Z"
    for at, reason in [
        ("00:29:59", "early"),
        ("00:30:00", "opened"),
        ("01:30:00", "over"),
    ]:
        when = f"2027-03-28T{at}Z"
        assert site.probe(door, link=shown["link"], at=when) == reason


def test_visit_that_the_app_removes_is_revoked(site: Site) -> None:
    door = site.add_door()
    visit = site.visit(door)
    site.sim("PATCH", f"{site.base}/doors/{door['id']}", {"app_removes": visit["code"]})
    assert site.done("GET", f"/visit/{visit['id']}")["revoked"] is True
