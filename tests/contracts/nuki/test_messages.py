"""Nuki's own messages hurry the service, and strangers' do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.nuki.helpers import END, START

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv


def hooks(env: IntegrationEnv) -> Any:
    """Return whom Nuki tells."""
    return ask_nuki(env, "GET")


def ask_nuki(env: IntegrationEnv, method: str, **more: Any) -> Any:
    given = env.world.data["credentials"]["nuki"]
    url = f"{given['api_url']}/api/decentralWebhook"
    auth = {"Authorization": f"Bearer {given['api_token']}"}
    return env.world.http.request(method, url, headers=auth, **more).json()


def register(env: IntegrationEnv) -> Any:
    return env.api("POST", f"{env.path}/vendor-events")


@pytest.mark.usefixtures("door")
def test_service_registers_its_own_address_with_nuki_once(env: IntegrationEnv) -> None:
    url = env.connection["vendor_events_url"]
    assert url.startswith("http://127.0.0.1:8800/vendor-events/")
    for _ in range(2):
        assert "webhook_secret" in register(env)["secrets"]
    (hook,) = hooks(env)
    assert hook["webhookUrl"] == url
    assert hook["webhookFeatures"] == ["DEVICE_AUTHS", "DEVICE_STATUS"]


@pytest.mark.usefixtures("door")
def test_registration_whose_answer_was_lost_is_replaced(env: IntegrationEnv) -> None:
    path = "/api/decentralWebhook"
    env.add_fault("PUT", path, phase="after", effect={"drop": True}, times=1)
    lost = env.api("POST", f"{env.path}/vendor-events", status=503)
    assert "clear" in lost["detail"] or "answer" in lost["detail"]
    assert len(hooks(env)) == 1
    register(env)
    assert len(hooks(env)) == 1
    env.world.call("PATCH", "/quirks", nuki={"delivery-seconds": 3601})
    env.send_event("confirmed", START, END)
    env.advance(seconds=3605)
    assert env.access().status == "created"


@pytest.mark.usefixtures("door")
def test_address_that_nuki_does_not_take_is_told_and_nothing_changes(
    env: IntegrationEnv,
) -> None:
    effect = {"status": 403, "body": {}}
    env.add_fault("PUT", "/api/decentralWebhook", effect=effect, times=1)
    refused = env.api("POST", f"{env.path}/vendor-events", status=422)
    assert "lacks the permission webhook.decentral" in refused["detail"]
    shown = env.api("GET", env.path)
    assert (shown["linked"], shown["secrets"]) == (True, ["api_token"])


@pytest.mark.usefixtures("door")
def test_removed_connection_takes_its_webhook_away_and_no_other(
    env: IntegrationEnv,
) -> None:
    register(env)
    other = {"webhookUrl": "https://hall.example", "webhookFeatures": ["DEVICE_LOGS"]}
    ask_nuki(env, "PUT", json=other)
    assert len(hooks(env)) == 2
    assert env.api("DELETE", env.path) == {"notice": None}
    assert [hook["webhookUrl"] for hook in hooks(env)] == [other["webhookUrl"]]


@pytest.mark.usefixtures("door")
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_connection_is_removed_though_nuki_cannot_be_asked_and_that_is_told(
    env: IntegrationEnv, method: str
) -> None:
    register(env)
    url = env.connection["vendor_events_url"]
    env.add_fault(method, "/api/decentralWebhook*", effect={"status": 503})
    notice = env.api("DELETE", env.path)["notice"]
    assert "nuki may go on sending messages" in notice
    assert url in notice
    env.api("GET", env.path, status=404)
    env.world.call("DELETE", "/faults")
    assert [hook["webhookUrl"] for hook in hooks(env)] == [url]


@pytest.mark.usefixtures("door")
def test_removed_connection_without_a_webhook_asks_nuki_nothing(
    env: IntegrationEnv,
) -> None:
    env.world.call("DELETE", "/requests")
    assert env.api("DELETE", env.path) == {"notice": None}
    assert env.world.call("GET", "/requests") == []


def test_way_to_have_nuki_send_its_messages_is_told(env: IntegrationEnv) -> None:
    vendors = env.api("GET", "/api/vendors")["items"]
    (nuki,) = (each for each in vendors if each["name"] == "nuki")
    assert "webhook.decentral" in nuki["events"]


@pytest.mark.usefixtures("door")
@pytest.mark.parametrize(
    ("signature", "minutes"), [("right", 61), ("wrong", 80), ("absent", 80)]
)
def test_lock_system_that_says_it_is_done_is_heard_at_once_if_it_is_the_one(
    env: IntegrationEnv, signature: str, minutes: int
) -> None:
    register(env)
    quirks = {"webhook-signature": signature, "delivery-seconds": 3601}
    env.world.call("PATCH", "/quirks", nuki=quirks)
    env.send_event("confirmed", START, END)
    env.advance(minutes=60)
    assert env.access().status == "in progress"
    env.advance(seconds=5)
    assert (env.access().status == "created") is (signature == "right")
    env.advance(minutes=minutes - 60)
    assert env.access().status == "created"


@pytest.mark.usefixtures("door")
def test_message_of_a_stranger_is_refused(env: IntegrationEnv) -> None:
    key = env.connection["webhook_url"].rpartition("/")[2]
    assert env.client.post("/vendor-events/none", data=b"{}").status_code == 404
    refused = env.client.post(f"/vendor-events/{key}", data=b"{}")
    assert refused.status_code == 400
    assert "webhook_secret" in refused.json["detail"]
    register(env)
    refused = env.client.post(f"/vendor-events/{key}", data=b"{}")
    assert refused.status_code == 401
