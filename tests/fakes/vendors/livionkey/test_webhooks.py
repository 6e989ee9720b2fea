"""Enveloped events: tested first, signed anew for each try, and in order per device."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time
from standardwebhooks import Webhook, WebhookVerificationError

from tests.fakes.vendors.livionkey.tenant import HOOK, START, Tenant

if TYPE_CHECKING:
    from flask import Flask

    from fakes.kit.webhooks import Outgoing

TYPES = ["key-status", "contract-update", "code-entered", "device-alarm"]


@pytest.fixture
def hook(tenant: Tenant, sent: list[Outgoing]) -> dict[str, Any]:
    """Make a webhook, test it, and forget the samples."""
    made = dict(tenant.portal("POST", "/webhooks", {"name": "ours", "url": HOOK}))
    tenant.portal("POST", f"/webhooks/{made['id']}/test")
    tenant.advance("PT0S")
    sent.clear()
    return made


def kinds(sent: list[Outgoing]) -> list[str]:
    return [json.loads(each.body)["type"] for each in sent]


def test_secret_is_shown_once_and_the_webhook_waits_for_its_test(
    tenant: Tenant,
) -> None:
    made = tenant.portal("POST", "/webhooks", {"name": "ours", "url": HOOK})
    assert made["secret"].startswith("whsec_")
    (listed,) = tenant.portal("GET", "/webhooks")
    assert "secret" not in listed
    assert listed["secret_ends_in"] == made["secret"][-4:]
    assert listed["active"] is False
    tenant.contract()
    assert tenant.events(HOOK) == []


def test_samples_of_every_type_make_it_active(
    tenant: Tenant, sent: list[Outgoing]
) -> None:
    made = tenant.portal("POST", "/webhooks", {"name": "ours", "url": HOOK})
    tenant.portal("POST", f"/webhooks/{made['id']}/test")
    tenant.advance("PT0S")
    assert kinds(sent) == TYPES
    data = [json.loads(each.body)["data"] for each in sent]
    assert {each["deviceId"] for each in data} == {"000000"}
    assert tenant.portal("GET", "/webhooks")[0]["active"] is True


def test_one_refused_sample_leaves_it_inactive(
    tenant: Tenant, replies: list[int]
) -> None:
    made = tenant.portal("POST", "/webhooks", {"name": "ours", "url": HOOK})
    replies += [200, 500]
    tenant.portal("POST", f"/webhooks/{made['id']}/test")
    tenant.advance("P1D")
    assert tenant.portal("GET", "/webhooks")[0]["active"] is False
    tenant.portal("POST", f"/webhooks/{made['id']}/test")
    tenant.advance("PT0S")
    assert tenant.portal("GET", "/webhooks")[0]["active"] is True


def test_event_is_enveloped_and_signed(
    tenant: Tenant, hook: dict[str, Any], sent: list[Outgoing]
) -> None:
    pin = tenant.contract()["pincode"]
    tenant.go(START)
    tenant.enter(pin)
    tenant.advance("PT0S")
    assert kinds(sent) == ["contract-update", "code-entered", "key-status"]
    event = json.loads(sent[2].body)
    assert len(event.pop("organizationUnitId")) == 24
    assert event.pop("data") == {
        "state": "key-fetched",
        "storageType": "device",
        "deviceId": tenant.device,
        "lockerIndex": 0,
        "keyId": "flat-1",
        "contractId": "B-1001",
        "contractObjectId": json.loads(sent[0].body)["data"]["contractObjectId"],
    }
    assert event == {
        "specVersion": "1",
        "type": "key-status",
        "occurredAt": "2026-12-01T15:00:00.000Z",
        "createdAt": "2026-12-01T15:00:00.000Z",
    }
    assert sent[2].headers["webhook-event-type"] == "key-status"
    verify(hook, sent[2], START)


def verify(hook: dict[str, Any], webhook: Outgoing, at: str) -> None:
    """Check a signature as a receiver would whose clock shows that instant."""
    with freeze_time(at):
        receiver = Webhook(hook["secret"])
        receiver.verify(webhook.body, webhook.headers)
        with pytest.raises(WebhookVerificationError):
            receiver.verify(webhook.body + b" ", webhook.headers)


def test_receiver_with_a_real_clock_takes_webhooks_of_a_world_of_any_date(
    app: Flask, sent: list[Outgoing]
) -> None:
    tenant = Tenant(app, sent, now="2020-02-01T09:00:00Z", client_clock="real")
    sent.clear()
    made = tenant.portal("POST", "/webhooks", {"name": "pms", "url": HOOK})
    tenant.portal("POST", f"/webhooks/{made['id']}/test")
    tenant.advance("PT1S")
    taken = [each for each in sent if each.url == HOOK]
    assert len(taken) == 4
    for each in taken:
        Webhook(made["secret"]).verify(each.body, each.headers)


def test_each_try_is_signed_anew_under_the_same_id(
    tenant: Tenant, hook: dict[str, Any], sent: list[Outgoing], replies: list[int]
) -> None:
    replies.append(500)
    tenant.contract()
    tenant.advance("PT5S")
    first, second = sent
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    stamps = [int(each.headers["webhook-timestamp"]) for each in sent]
    assert stamps[1] - stamps[0] == 5
    verify(hook, second, "2026-12-01T09:00:05Z")


@pytest.mark.usefixtures("hook")
def test_twenty_tries_in_six_hours_and_no_more(
    tenant: Tenant, replies: list[int]
) -> None:
    replies += [500] * 99
    tenant.contract()
    tenant.advance("P1D")
    tries = tenant.sim("GET", f"{tenant.base}/deliveries")[-1]["attempts"]
    assert len(tries) == 20
    assert tries[1]["at"] == "2026-12-01T09:00:05Z"
    assert tries[-1]["at"] == "2026-12-01T14:53:50Z"


@pytest.mark.usefixtures("hook")
def test_later_event_of_a_device_and_type_waits_for_the_earlier(
    tenant: Tenant, sent: list[Outgoing], replies: list[int]
) -> None:
    replies += [500, 500]
    made = tenant.contract()
    tenant.update(made, person="Ada Lovelace")
    tenant.contract("flat-2", contractId="B-2")
    tenant.advance("PT19S")
    assert len(sent) == 2
    tenant.advance("PT1S")
    keys = [json.loads(each.body)["data"]["contractId"] for each in sent]
    assert keys == ["B-1001", "B-1001", "B-1001", "B-1001", "B-2"]


@pytest.mark.usefixtures("hook")
def test_other_devices_and_types_do_not_wait(
    tenant: Tenant, sent: list[Outgoing], replies: list[int]
) -> None:
    replies.append(500)
    tenant.contract()
    other = tenant.add_door("Annex", keys=[{"id": "hut"}])["vendor_id"]
    tenant.contract(contractId="B-2", devices=[{"id": other, "keyId": "hut"}])
    tenant.change(battery=10)
    tenant.advance("PT0S")
    assert kinds(sent) == ["contract-update", "contract-update", "device-alarm"]


@pytest.mark.usefixtures("hook")
def test_event_that_was_given_up_lets_the_next_one_go(
    tenant: Tenant, replies: list[int]
) -> None:
    replies += [500] * 20
    made = tenant.contract()
    tenant.update(made, person="Ada Lovelace")
    tenant.advance("P1D")
    first, second = tenant.sim("GET", f"{tenant.base}/deliveries")[-2:]
    assert (len(first["attempts"]), first["arrived"]) == (20, False)
    assert second["attempts"][0]["at"] == "2026-12-01T14:53:50Z"
    assert second["arrived"] is True


def test_only_the_types_that_were_asked_for_arrive(tenant: Tenant) -> None:
    body = {"name": "keys", "url": HOOK, "types": ["key-status"]}
    made = tenant.portal("POST", "/webhooks", body)
    tenant.portal("POST", f"/webhooks/{made['id']}/test")
    tenant.advance("PT0S")
    pin = tenant.contract()["pincode"]
    tenant.go(START)
    tenant.enter(pin)
    assert [each["type"] for each in tenant.events(HOOK)] == ["key-status"] * 2


def test_dropped_webhook_gets_nothing_more(
    tenant: Tenant, hook: dict[str, Any], sent: list[Outgoing], replies: list[int]
) -> None:
    replies.append(500)
    made = tenant.contract()
    tenant.update(made, person="Ada Lovelace")
    tenant.advance("PT0S")
    tenant.portal("DELETE", f"/webhooks/{hook['id']}")
    sent.clear()
    tenant.advance("P1D")
    assert not sent


@pytest.mark.parametrize(
    ("body", "fix"),
    [
        ({"name": "ours", "url": "ftp://example.org"}, "url"),
        ({"name": "ours", "url": HOOK, "types": ["keys"]}, "give some of key-status"),
        ({"name": "ours", "url": HOOK, "types": []}, "at least 1"),
    ],
)
def test_wrong_webhook_is_refused_with_the_fix(
    tenant: Tenant, body: dict[str, Any], fix: str
) -> None:
    account = (tenant.login["email"], tenant.login["password"])
    path = "/livionkey/portal/webhooks"
    refused = tenant.client.post(path, json=body, auth=account)
    assert refused.status_code == 422
    assert fix in refused.json["detail"]
    unknown = tenant.client.delete(f"{path}/none", auth=account)
    assert unknown.status_code == 404


def test_types_of_a_webhook_change_at_once(
    tenant: Tenant, hook: dict[str, Any], sent: list[Outgoing]
) -> None:
    path = f"/webhooks/{hook['id']}"
    changed = tenant.portal("PATCH", path, {"types": ["key-status"], "name": "new"})
    assert (changed["types"], changed["name"]) == (["key-status"], "new")
    assert changed["active"] is True
    tenant.contract()
    tenant.advance("PT0S")
    assert kinds(sent) == []


def test_webhook_goes_to_its_new_url_once_a_test_has_arrived_there(
    tenant: Tenant, hook: dict[str, Any], sent: list[Outgoing], replies: list[int]
) -> None:
    path, there = f"/webhooks/{hook['id']}", f"{HOOK}/new"
    changed = tenant.portal("PATCH", path, {"url": there})
    assert (changed["url"], changed["next_url"]) == (HOOK, there)
    replies.append(500)  # so it waits for its second try
    tenant.contract()
    tenant.advance("PT0S")
    assert [each.url for each in sent] == [HOOK]
    tenant.portal("POST", f"{path}/test")
    tenant.advance("PT1M")
    assert {each.url for each in sent[1:]} == {there}
    assert kinds(sent)[-1] == "contract-update"
    (listed,) = tenant.portal("GET", "/webhooks")
    assert (listed["url"], listed["next_url"]) == (there, None)
    assert listed["active"] is True


def test_acknowledged_alarm_is_told_as_such(
    tenant: Tenant, hook: dict[str, Any], sent: list[Outgoing]
) -> None:
    assert hook["active"] is False
    tenant.change(troubles=["moved"])
    (alarm,) = tenant.portal("GET", "/alarms")
    assert (alarm["alarmType"], alarm["acknowledged"]) == ("DEVICE_MOVED", False)
    path = f"/alarms/{tenant.device}/DEVICE_MOVED/acknowledge"
    tenant.portal("POST", path)
    tenant.change(troubles=[])
    tenant.advance("PT0S")
    said = [json.loads(each.body)["data"] for each in sent]
    assert [(each["state"], each["acknowledged"]) for each in said] == [
        ("activated", False),
        ("activated", True),
        ("deactivated", True),
    ]
    tenant.change(troubles=["moved"])
    (alarm,) = tenant.portal("GET", "/alarms")
    assert alarm["acknowledged"] is False
