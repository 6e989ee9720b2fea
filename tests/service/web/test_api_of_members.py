"""Rules by community over the API, and what a membership's page shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.paper import Paper

if TYPE_CHECKING:
    from tests.service.web.conftest import Desk


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have paper last as long as a membership, and be taken back."""
    monkeypatch.setattr("tests.service.paper.LONGEST", timedelta(days=100))
    plain = Paper.traits.fget  # type: ignore[attr-defined]
    renewed = {"renewed_every": timedelta(days=10), "revocable": True}
    monkeypatch.setattr(
        Paper, "traits", property(lambda paper: replace(plain(paper), **renewed))
    )


def told(kind: str, number: int) -> dict[str, Any]:
    member = {"name": "Bo", "email": "bo@example.org"}
    return {
        "id": f"evt_m{number}",
        "type": f"membership.{kind}",
        "occurred_at": "2026-11-01T09:00:00Z",
        "membership": {"id": "M-1", "community": "gold", "member": member},
    }


def rules(desk: Desk) -> tuple[str, str]:
    made = desk.connect()
    path = f"/api/connections/{made['id']}"
    return f"{path}/rules", desk.get(f"{path}/locks")["items"][0]["id"]


def test_vendor_that_cannot_end_access_with_a_membership_refuses_the_rule(
    desk: Desk,
) -> None:
    path, lock = rules(desk)
    answer = desk.call("POST", path, json={"community": "gold", "locks": [lock]})
    assert answer.status_code == 422
    assert "paper gives no access that lasts as long as a membership" in answer.text


@pytest.mark.usefixtures("lasting")
@pytest.mark.parametrize(
    ("wish", "status", "says"),
    [
        ({}, 422, "name what is booked, or a community"),
        ({"resource": "room", "community": "gold"}, 422, "and not both"),
        ({"community": "gold", "margin_before_hours": 1}, 422, "no times to count"),
        ({"community": "gold", "send_hours_before": 1}, 422, "no times to count"),
        ({"resource": "room", "trigger": "started"}, 400, "name a community instead"),
    ],
)
def test_rule_about_neither_or_both_or_with_what_members_have_not_is_refused(
    desk: Desk, wish: dict[str, Any], status: int, says: str
) -> None:
    path, lock = rules(desk)
    answer = desk.call("POST", path, json={"locks": [lock], **wish})
    assert answer.status_code == status
    assert says in answer.text


@pytest.mark.usefixtures("lasting")
def test_rule_may_turn_from_a_resource_to_a_community_and_back(desk: Desk) -> None:
    path, lock = rules(desk)
    wish = {"resource": "room", "trigger": "paid", "locks": [lock]}
    rule = desk.call("POST", path, json=wish).json
    own = f"/api/rules/{rule['id']}"
    kept = desk.call("PATCH", own, json={"resource": "hall"}).json
    assert (kept["resource"], kept["community"], kept["trigger"]) == (
        "hall",
        None,
        "paid",
    )
    turned = desk.call("PATCH", own, json={"community": "gold"}).json
    assert (turned["resource"], turned["community"], turned["trigger"]) == (
        None,
        "gold",
        "started",
    )
    refused = desk.call("PATCH", own, json={"trigger": "paid"})
    assert refused.status_code == 422
    back = desk.call("PATCH", own, json={"resource": "room"}).json
    assert (back["resource"], back["community"], back["trigger"]) == (
        "room",
        None,
        "confirmed",
    )


@pytest.mark.usefixtures("lasting")
def test_page_of_a_membership_shows_its_accesses_and_messages(desk: Desk) -> None:
    connection = desk.ready(resource=None, community="gold")
    assert desk.send(connection, told("started", 1)).json["status"] == "accepted"
    desk.shop.work()
    path = f"/api/connections/{connection['id']}"
    shown = desk.get(f"{path}/memberships/M-1")
    assert (shown["community"], shown["member"]["name"]) == ("gold", "Bo")
    assert [each["status"] for each in shown["accesses"]] == ["created"]
    assert [each["membership"] for each in shown["messages"]] == ["M-1"]
    assert desk.get("/api/accesses?membership=M-1")["items"] == shown["accesses"]
    assert desk.get("/api/messages?membership=M-1")["items"] == shown["messages"]
    (kept,) = desk.get("/api/events")["items"]
    assert (kept["booking"], kept["membership"]) == (None, "M-1")
    gone = desk.call("GET", f"{path}/bookings/membership:M-1")
    assert gone.status_code == 404
    assert desk.call("GET", f"{path}/memberships/M-2").status_code == 404
