"""Rules by community over the API, and what a membership's page shows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.stub_vendor import StubVendor

if TYPE_CHECKING:
    from tests.service.web.conftest import ApiClient


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the stub's codes last as long as a membership, and revocable."""
    monkeypatch.setattr("tests.service.stub_vendor.LONGEST", timedelta(days=100))
    monkeypatch.setattr(StubVendor, "renewed_every", timedelta(days=10))
    monkeypatch.setattr(
        StubVendor, "revocation", property(lambda stub_vendor: stub_vendor)
    )


def event_of(kind: str, number: int) -> dict[str, Any]:
    member = {"name": "Bo", "email": "bo@example.org"}
    return {
        "id": f"evt_m{number}",
        "type": f"membership.{kind}",
        "occurred_at": "2026-11-01T09:00:00Z",
        "membership": {"id": "M-1", "community": "gold", "member": member},
    }


def rules(api: ApiClient) -> tuple[str, str]:
    made = api.connect()
    path = f"/api/connections/{made['id']}"
    return f"{path}/rules", api.get(f"{path}/locks")["items"][0]["id"]


def test_vendor_that_cannot_end_access_with_a_membership_refuses_the_rule(
    api: ApiClient,
) -> None:
    path, lock = rules(api)
    answer = api.call("POST", path, json={"community": "gold", "locks": [lock]})
    assert answer.status_code == 422
    assert "stub gives no access that lasts as long as a membership" in answer.text


@pytest.mark.usefixtures("lasting")
@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({}, 422, "name what is booked, or a community"),
        ({"resource": "room", "community": "gold"}, 422, "and not both"),
        ({"community": "gold", "margin_before_hours": 1}, 422, "no times to count"),
        ({"community": "gold", "send_hours_before": 1}, 422, "no times to count"),
        ({"resource": "room", "trigger": "started"}, 400, "name a community instead"),
    ],
)
def test_rule_about_neither_or_both_or_with_what_members_have_not_is_refused(
    api: ApiClient, body: dict[str, Any], status: int, says: str
) -> None:
    path, lock = rules(api)
    answer = api.call("POST", path, json={"locks": [lock], **body})
    assert answer.status_code == status
    assert says in answer.text


@pytest.mark.usefixtures("lasting")
def test_rule_may_turn_from_a_resource_to_a_community_and_back(api: ApiClient) -> None:
    path, lock = rules(api)
    body = {"resource": "room", "trigger": "paid", "locks": [lock]}
    rule = api.call("POST", path, json=body).json
    own = f"/api/rules/{rule['id']}"
    kept = api.call("PATCH", own, json={"resource": "hall"}).json
    assert (kept["resource"], kept["community"], kept["trigger"]) == (
        "hall",
        None,
        "paid",
    )
    turned = api.call("PATCH", own, json={"community": "gold"}).json
    assert (turned["resource"], turned["community"], turned["trigger"]) == (
        None,
        "gold",
        "started",
    )
    refused = api.call("PATCH", own, json={"trigger": "paid"})
    assert refused.status_code == 422
    back = api.call("PATCH", own, json={"resource": "room"}).json
    assert (back["resource"], back["community"], back["trigger"]) == (
        "room",
        None,
        "confirmed",
    )


@pytest.mark.usefixtures("lasting")
def test_page_of_a_membership_shows_its_accesses_and_messages(api: ApiClient) -> None:
    connection = api.ready(resource=None, community="gold")
    assert api.send(connection, event_of("started", 1)).json["status"] == "accepted"
    api.env.work()
    path = f"/api/connections/{connection['id']}"
    shown = api.get(f"{path}/memberships/M-1")
    assert (shown["community"], shown["member"]["name"]) == ("gold", "Bo")
    assert [each["status"] for each in shown["accesses"]] == ["created"]
    assert [each["membership"] for each in shown["messages"]] == ["M-1"]
    assert api.get("/api/accesses?membership=M-1")["items"] == shown["accesses"]
    assert api.get("/api/messages?membership=M-1")["items"] == shown["messages"]
    (kept,) = api.get("/api/events")["items"]
    assert (kept["booking"], kept["membership"]) == (None, "M-1")
    gone = api.call("GET", f"{path}/bookings/membership:M-1")
    assert gone.status_code == 404
    assert api.call("GET", f"{path}/memberships/M-2").status_code == 404
