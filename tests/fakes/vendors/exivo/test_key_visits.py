"""A digital-key visit opens its doors by a key in an app, within its time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.exivo.site import FROM, TO, Site

if TYPE_CHECKING:
    from fakes.kit.webhooks import Outgoing


@pytest.fixture
def studio(site: Site) -> dict[str, Any]:
    return site.add_door("Studio")


def key_visit_body(*doors: dict[str, Any], **fields: Any) -> dict[str, Any]:
    usual = {
        "validFrom": FROM,
        "validTo": TO,
        "components": [door["vendor_id"] for door in doors],
        "formFactor": "ma-phone",
        "publicRegistrationId": "+41791234567",
        "mobileApp": {"id": "0123", "name": "Doors"},
        "installNotification": False,
    }
    return {name: each for name, each in (usual | fields).items() if each is not None}


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2026-12-01T13:59:59Z", "early"),
        (FROM, "opened"),
        ("2026-12-01T16:59:59Z", "opened"),
        (TO, "over"),
    ],
)
def test_key_opens_within_the_time_and_never_outside(
    site: Site, studio: dict[str, Any], at: str, reason: str
) -> None:
    visit = site.done("POST", "/digitalKeyVisits", key_visit_body(studio))
    assert site.probe(studio, "", medium=visit["id"], at=at) == reason


def test_key_opens_its_doors_and_no_other(site: Site, studio: dict[str, Any]) -> None:
    office = site.add_door("Office")
    key = site.done("POST", "/digitalKeyVisits", key_visit_body(studio))["id"]
    site.turn(FROM)
    assert site.enter(studio, "", medium=key) == "opened"
    assert site.enter(office, "", medium=key) == "unknown-medium"
    (fact, *_) = site.done("GET", "/accesslog/component/" + studio["vendor_id"])
    assert fact["data"]["digitalKeyVisit"] == {"id": key, "name": None}


def test_visit_is_shown_as_it_was_made(site: Site, studio: dict[str, Any]) -> None:
    shown = site.done("POST", "/digitalKeyVisits", key_visit_body(studio, name="Ada"))
    asked = key_visit_body(studio, name="Ada")
    assert {name: shown[name] for name in asked} == asked
    assert shown["mobileApp"] == {"id": "0123", "name": "Doors"}
    assert (shown["expired"], shown["revoked"]) == (False, False)
    assert site.done("GET", "/digitalKeyVisits") == [shown]
    assert site.done("GET", f"/digitalKeyVisit/{shown['id']}") == shown


def test_revoked_key_does_not_open_and_stays_in_the_records(
    site: Site, studio: dict[str, Any]
) -> None:
    key = site.done("POST", "/digitalKeyVisits", key_visit_body(studio))["id"]
    assert site.probe(studio, "", medium=key, at=FROM) == "opened"
    site.done("POST", f"/digitalKeyVisit/{key}/revoke")
    assert site.probe(studio, "", medium=key, at=FROM) == "unknown-medium"
    assert site.done("GET", f"/digitalKeyVisit/{key}")["revoked"] is True
    assert "already" in site.refused(f"/digitalKeyVisit/{key}/revoke")


@pytest.mark.parametrize(
    "field",
    [
        *("validFrom", "validTo", "components", "formFactor"),
        *("publicRegistrationId", "mobileApp", "installNotification"),
    ],
)
def test_field_that_is_needed_is_named(
    site: Site, studio: dict[str, Any], field: str
) -> None:
    refused = site.refused("/digitalKeyVisits", key_visit_body(studio, **{field: None}))
    assert refused == f"{field}: Field required"


def test_callback_is_called_once_the_clock_moves(
    site: Site, studio: dict[str, Any], sent: list[Outgoing]
) -> None:
    url = "http://127.0.0.1/made"
    visit = site.done(
        "POST", "/digitalKeyVisits", key_visit_body(studio, callbackUri=url)
    )
    assert sent == []
    site.advance("PT0S")
    (call,) = sent
    assert call.url == url
    assert json.loads(call.body) == {"digitalKeyVisitId": visit["id"]}
