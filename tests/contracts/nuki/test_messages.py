"""Nuki's own messages hurry the service, and strangers' do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.nuki.room import END, START

if TYPE_CHECKING:
    from tests.contracts.premises import Premises


def hooks(place: Premises) -> Any:
    """Return whom Nuki tells."""
    return ask_nuki(place, "GET")


def ask_nuki(place: Premises, method: str, **more: Any) -> Any:
    given = place.site.world["credentials"]["nuki"]
    url = f"{given['api_url']}/api/decentralWebhook"
    auth = {"Authorization": f"Bearer {given['api_token']}"}
    return place.site.http.request(method, url, headers=auth, **more).json()


def register(place: Premises) -> Any:
    return place.api("POST", f"{place.path}/vendor-events")


@pytest.mark.usefixtures("door")
def test_service_registers_its_own_address_with_nuki_once(place: Premises) -> None:
    url = place.connection["vendor_events_url"]
    assert url.startswith("http://127.0.0.1:8800/vendor-events/")
    for _ in range(2):
        assert "webhook_secret" in register(place)["secrets"]
    (hook,) = hooks(place)
    assert hook["webhookUrl"] == url
    assert hook["webhookFeatures"] == ["DEVICE_AUTHS", "DEVICE_STATUS"]


@pytest.mark.usefixtures("door")
def test_registration_whose_answer_was_lost_is_replaced(place: Premises) -> None:
    path = "/api/decentralWebhook"
    place.fault("PUT", path, phase="after", effect={"drop": True}, times=1)
    lost = place.api("POST", f"{place.path}/vendor-events", status=503)
    assert "clear" in lost["detail"] or "answer" in lost["detail"]
    assert len(hooks(place)) == 1
    register(place)
    assert len(hooks(place)) == 1
    place.site.ask("PATCH", "/quirks", nuki={"delivery-seconds": 3601})
    place.tell("confirmed", START, END)
    place.pass_time(seconds=3605)
    assert place.access().status == "created"


@pytest.mark.usefixtures("door")
def test_address_that_nuki_does_not_take_is_told_and_nothing_changes(
    place: Premises,
) -> None:
    effect = {"status": 403, "body": {}}
    place.fault("PUT", "/api/decentralWebhook", effect=effect, times=1)
    refused = place.api("POST", f"{place.path}/vendor-events", status=422)
    assert "lacks a permission" in refused["detail"]
    shown = place.api("GET", place.path)
    assert (shown["linked"], shown["secrets"]) == (True, ["api_token"])


@pytest.mark.usefixtures("door")
def test_removed_connection_takes_its_webhook_away_and_no_other(
    place: Premises,
) -> None:
    register(place)
    other = {"webhookUrl": "https://hall.example", "webhookFeatures": ["DEVICE_LOGS"]}
    ask_nuki(place, "PUT", json=other)
    assert len(hooks(place)) == 2
    assert place.api("DELETE", place.path) == {"notice": None}
    assert [hook["webhookUrl"] for hook in hooks(place)] == [other["webhookUrl"]]


@pytest.mark.usefixtures("door")
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_connection_is_removed_though_nuki_cannot_be_asked_and_that_is_told(
    place: Premises, method: str
) -> None:
    register(place)
    url = place.connection["vendor_events_url"]
    place.fault(method, "/api/decentralWebhook*", effect={"status": 503})
    notice = place.api("DELETE", place.path)["notice"]
    assert "nuki may go on sending messages" in notice
    assert url in notice
    place.api("GET", place.path, status=404)
    place.site.ask("DELETE", "/faults")
    assert [hook["webhookUrl"] for hook in hooks(place)] == [url]


@pytest.mark.usefixtures("door")
def test_removed_connection_without_a_webhook_asks_nuki_nothing(
    place: Premises,
) -> None:
    place.site.ask("DELETE", "/requests")
    assert place.api("DELETE", place.path) == {"notice": None}
    assert place.site.ask("GET", "/requests") == []


def test_way_to_have_nuki_send_its_messages_is_told(place: Premises) -> None:
    vendors = place.api("GET", "/api/vendors")["items"]
    (nuki,) = (each for each in vendors if each["name"] == "nuki")
    assert "webhook.decentral" in nuki["events"]


@pytest.mark.usefixtures("door")
@pytest.mark.parametrize(
    ("signature", "minutes"), [("right", 61), ("wrong", 80), ("absent", 80)]
)
def test_lock_system_that_says_it_is_done_is_heard_at_once_if_it_is_the_one(
    place: Premises, signature: str, minutes: int
) -> None:
    register(place)
    quirks = {"webhook-signature": signature, "delivery-seconds": 3601}
    place.site.ask("PATCH", "/quirks", nuki=quirks)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=60)
    assert place.access().status == "in progress"
    place.pass_time(seconds=5)
    assert (place.access().status == "created") is (signature == "right")
    place.pass_time(minutes=minutes - 60)
    assert place.access().status == "created"


@pytest.mark.usefixtures("door")
def test_message_of_a_stranger_is_refused(place: Premises) -> None:
    key = place.connection["webhook_url"].rpartition("/")[2]
    assert place.client.post("/vendor-events/none", data=b"{}").status_code == 404
    refused = place.client.post(f"/vendor-events/{key}", data=b"{}")
    assert refused.status_code == 400
    assert "webhook_secret" in refused.json["detail"]
    register(place)
    refused = place.client.post(f"/vendor-events/{key}", data=b"{}")
    assert refused.status_code == 401
