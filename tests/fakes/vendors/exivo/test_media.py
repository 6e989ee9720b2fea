"""Badges and digital keys: states by one table, and what they open at a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.fakes.vendors.exivo.site import Site

PHONE = {"formFactor": "ma-phone", "publicRegistrationId": "+41791234567"}
WISHES: dict[str, dict[str, Any]] = {
    "medium": {"cid": "ab12", "formFactor": "badge"},
    "digitalKey": PHONE | {"mobileAppId": "123"},
}
both = pytest.mark.parametrize("kind", WISHES)


class Badge:
    """A medium or a digital key, and the person it may be given to."""

    def __init__(self, site: Site, kind: str) -> None:
        self.site, self.kind = site, kind
        self.person = site.member(site.group(), pin="")
        made = site.done("POST", f"/{kind}", WISHES[kind])
        self.id, self.number = made["id"], made["cid"]

    def shown(self) -> dict[str, Any]:
        return dict(self.site.done("GET", f"/{self.kind}/{self.id}"))

    def own(self, what: str) -> str:
        return f"/{self.kind}/{self.id}/{what}"

    def of(self, person: str, what: str) -> str:
        return f"/person/{person}/{what}/{self.kind}/{self.id}"


@pytest.fixture
def gate(site: Site) -> dict[str, Any]:
    return site.add_door("Gate", keypad=True)


@pytest.fixture
def badge(site: Site, gate: dict[str, Any], kind: str) -> Badge:
    assert gate
    return Badge(site, kind)


@both
def test_assigned_one_opens_and_one_that_was_taken_back_does_not(
    site: Site, gate: dict[str, Any], badge: Badge
) -> None:
    assert site.enter(gate, "", medium=badge.number) == "unknown-medium"
    site.done("POST", badge.of(badge.person, "assign"))
    assert (badge.shown()["state"], badge.shown()["personId"]) == (
        "active",
        badge.person,
    )
    assert site.enter(gate, "", medium=badge.number) == "opened"
    assert site.done("GET", f"/person/{badge.person}")["media"] == [badge.id]
    site.done("POST", badge.of(badge.person, "unassign"))
    assert (badge.shown()["state"], badge.shown()["personId"]) == ("assignable", None)
    assert site.enter(gate, "", medium=badge.number) == "unknown-medium"


@both
def test_blocked_one_does_not_open_until_it_is_activated(
    site: Site, gate: dict[str, Any], badge: Badge
) -> None:
    site.done("POST", badge.of(badge.person, "assign"))
    site.done("POST", badge.own("block"))
    assert site.enter(gate, "", medium=badge.number) == "unknown-medium"
    site.done("POST", badge.own("activate"))
    assert site.enter(gate, "", medium=badge.number) == "opened"


@both
def test_one_that_expires_opens_until_then(
    site: Site, gate: dict[str, Any], badge: Badge
) -> None:
    end = "2026-12-01T15:00:00Z"
    site.done("POST", badge.of(badge.person, "assign"), {"expireDate": end})
    last = "2026-12-01T14:59:59Z"
    assert site.probe(gate, "", medium=badge.number, at=last) == "opened"
    assert site.probe(gate, "", medium=badge.number, at=end) == "unknown-medium"
    site.done("POST", badge.own("block"))
    site.done("POST", badge.own("activate"), {"expireDate": None})
    assert site.probe(gate, "", medium=badge.number, at=end) == "opened"


@both
def test_state_that_does_not_lead_there_is_refused_and_nothing_changes(
    site: Site, badge: Badge
) -> None:
    for path in (badge.own("block"), badge.own("activate")):
        assert "assignable" in site.refused(path)
    site.done("POST", badge.of(badge.person, "assign"))
    before = badge.shown()
    for path in (badge.of(badge.person, "assign"), badge.own("activate")):
        assert "active" in site.refused(path)
    assert badge.shown() == before


@both
def test_only_its_person_gives_it_back(site: Site, badge: Badge) -> None:
    site.done("POST", badge.of(badge.person, "assign"))
    other = site.person(pin="")
    assert "not this person's" in site.refused(badge.of(other, "unassign"))


@both
def test_assigned_one_is_not_unregistered_unless_that_is_switched(
    site: Site, gate: dict[str, Any], badge: Badge
) -> None:
    site.done("POST", badge.of(badge.person, "assign"))
    path = f"/{badge.kind}/{badge.id}"
    assert site.ask("DELETE", path).status_code == 400
    site.switch(unregister_assigned="returned")
    site.done("DELETE", path)
    assert site.enter(gate, "", medium=badge.number) == "unknown-medium"


def test_second_medium_is_active_beside_the_first_unless_that_is_switched(
    site: Site,
) -> None:
    person = site.person(pin="")
    media = [site.done("POST", "/medium", {"cid": cid})["id"] for cid in "abc"]
    states = []
    for medium in media:
        site.done("POST", f"/person/{person}/assign/medium/{medium}")
        states.append([each["state"] for each in site.done("GET", "/medium")])
        if medium == media[1]:
            site.switch(second_medium="blocks-the-first")
    assert states[1][:2] == ["active", "active"]
    assert states[2] == ["blocked", "blocked", "active"]


@pytest.mark.parametrize(
    "body",
    [{}, {"cid": "1", "uid": "2"}, {"cid": ""}, {"cid": "1", "formFactor": "key"}],
)
def test_medium_has_one_number_and_a_known_form(
    site: Site, body: dict[str, Any]
) -> None:
    site.refused("/medium", body)
    assert site.done("GET", "/medium") == []


def test_number_is_registered_once(site: Site) -> None:
    site.done("POST", "/medium", {"uid": "04ab"})
    assert "already" in site.refused("/medium", {"cid": "04ab"})


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("ma-phone", "+41791234567", "ada@example.org"),
        ("ma-email", "ada@example.org", "+41791234567"),
        ("ma-custom", "5b0f1c5e-6d3a-4f7e-9b1d-0a1b2c3d4e5f", "ada"),
    ],
)
def test_digital_key_goes_to_an_address_of_its_form(
    site: Site, form: str, right: str, wrong: str
) -> None:
    body = {"formFactor": form, "mobileAppId": "123"}
    refused = site.refused("/digitalKey", body | {"publicRegistrationId": wrong})
    assert refused.startswith("publicRegistrationId must be")
    site.done("POST", "/digitalKey", body | {"publicRegistrationId": right})
