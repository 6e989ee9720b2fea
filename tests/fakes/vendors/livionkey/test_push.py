"""Flat events: four shapes, one fixed header, no signature, and their retries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fakes.vendors.livionkey import webhooks
from tests.fakes.vendors.livionkey.cabinet_model import Sheet
from tests.fakes.vendors.livionkey.office import FIRST, Office
from tests.fakes.vendors.livionkey.tenant import END, PUSH, START

if TYPE_CHECKING:
    from fakes.kit.webhooks import Outgoing
    from tests.fakes.vendors.livionkey.tenant import Tenant


@pytest.fixture
def made(tenant: Tenant) -> dict[str, Any]:
    tenant.add_receiver()
    return tenant.contract()


def attempts(tenant: Tenant) -> list[str]:
    rows = tenant.sim("GET", f"{tenant.base}/deliveries")
    return [attempt["at"] for attempt in rows[0]["attempts"]]


def test_new_contract_is_told_under_its_own_type(
    tenant: Tenant, made: dict[str, Any]
) -> None:
    (event,) = tenant.events()
    assert event.pop("tag").startswith("livion/key/")
    assert event == {
        "type": "default",
        "contractId": "B-1001",
        "contractObjectId": made["id"],
        "pincode": made["pincode"],
        "start": "2026-12-01T15:00:00.000Z",
        "end": "2026-12-04T14:00:00.000Z",
        "deviceId": tenant.device,
        "keyId": "flat-1",
        "time": "2026-12-01T09:00:00.000Z",
    }


def test_entered_code_and_fetched_key_are_two_events(
    tenant: Tenant, made: dict[str, Any]
) -> None:
    tenant.go(START)
    tenant.enter(made["pincode"])
    common = {
        "deviceId": tenant.device,
        "lockerIndex": 0,
        "keyId": "flat-1",
        "contractId": "B-1001",
        "contractObjectId": made["id"],
        "time": "2026-12-01T15:00:00.000Z",
    }
    code, status = tenant.events()[1:]
    assert code.pop("tag") == status.pop("tag")
    assert code == {"type": "right-pincode", "code": made["pincode"]} | common
    assert status == {"type": "key-status", "state": "key-fetched"} | common


def test_opened_door_without_a_hand_is_a_code_event_alone(
    tenant: Tenant, made: dict[str, Any]
) -> None:
    tenant.go(START)
    tenant.enter(made["pincode"], then="nothing")
    assert [event["type"] for event in tenant.events()] == ["default", "right-pincode"]


def test_refused_and_wrong_codes_send_no_webhook(
    tenant: Tenant, made: dict[str, Any]
) -> None:
    for code in (made["pincode"], "0000", "*7001"):
        assert not tenant.enter(code)["opened"]
    assert len(tenant.events()) == 1


def test_header_is_the_one_that_was_agreed_and_nothing_is_signed(
    tenant: Tenant, made: dict[str, Any], sent: list[Outgoing]
) -> None:
    assert made
    tenant.events()
    headers = {name.lower(): value for name, value in sent[0].headers.items()}
    assert headers["x-api-key"] == "shared"
    assert not [name for name in headers if name.startswith("webhook-")]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_event_is_tried_again_with_growing_gaps(
    tenant: Tenant, made: dict[str, Any], replies: list[int], status: int
) -> None:
    assert made
    replies += [status] * 3
    tenant.advance("PT1H")
    assert attempts(tenant) == [
        "2026-12-01T09:00:00Z",
        "2026-12-01T09:00:10Z",
        "2026-12-01T09:00:30Z",
        "2026-12-01T09:01:10Z",
    ]


def test_event_is_given_up_after_its_last_try(
    tenant: Tenant, made: dict[str, Any], replies: list[int]
) -> None:
    assert made
    replies += [500] * 99
    tenant.advance("P1D")
    assert len(attempts(tenant)) == 8


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_event_that_was_refused_is_lost(
    tenant: Tenant, made: dict[str, Any], replies: list[int], status: int
) -> None:
    assert made
    replies.append(status)
    tenant.advance("P1D")
    assert len(attempts(tenant)) == 1


def test_retried_event_is_overtaken_by_later_ones(
    tenant: Tenant, made: dict[str, Any], replies: list[int]
) -> None:
    replies.append(500)
    tenant.advance("PT0S")
    tenant.update(made, person="Ada Lovelace")
    tenant.advance("PT1M")
    rows = tenant.sim("GET", f"{tenant.base}/deliveries")
    arrived = [row["attempts"][-1]["at"] for row in rows]
    assert arrived == ["2026-12-01T09:00:10Z", "2026-12-01T09:00:00Z"]


def test_event_that_arrived_by_hand_is_not_tried_again(
    tenant: Tenant, made: dict[str, Any], replies: list[int]
) -> None:
    assert made
    replies.append(500)
    tenant.advance("PT0S")
    (row,) = tenant.sim("GET", f"{tenant.base}/deliveries")
    tenant.sim("POST", f"{tenant.base}/deliveries/{row['id']}/replay")
    tenant.advance("P1D")
    assert len(attempts(tenant)) == 2


def test_attempt_that_is_under_way_is_waited_for() -> None:
    office = Office()
    assert office.book(Sheet("B-1", "K0", "", 10, 20)) is None
    (delivery,) = office.world.deliveries
    webhooks.check_attempt(office.world, delivery=delivery.id, made=1)
    with office.world.moving():
        ran = office.world.move_to(FIRST)
    assert [each["what"] for each in ran] == ["push.attempt"]
    assert office.world.clock.next_at == FIRST + timedelta(seconds=1)
    office.leave()


def test_without_a_target_nothing_leaves(tenant: Tenant) -> None:
    tenant.add_receiver()
    tenant.portal("DELETE", "/push")
    tenant.contract()
    assert tenant.events() == []
    assert tenant.portal("GET", "/push") == {"url": None}
    assert tenant.portal("PUT", "/push", {"url": PUSH}) == {"url": PUSH}


def test_key_never_taken_is_reported_at_the_end(
    tenant: Tenant, made: dict[str, Any]
) -> None:
    assert made
    tenant.go(END)
    assert tenant.key_events() == ["key-not-fetched"]


ALARMS = {
    "DEVICE_DISCONNECTED": ({"online": False}, {"online": True}),
    "DEVICE_LOW_POWER": ({"battery": 14}, {"battery": 15}),
    "DEVICE_POWER_DISCONNECTED": ({"troubles": ["power"]}, {"troubles": []}),
    "DEVICE_MOVED": ({"troubles": ["moved"]}, {"troubles": ["power"]}),
    "DEVICE_ERROR": ({"troubles": ["error"]}, {"troubles": []}),
    "DEVICE_WIFI_OFFLINE": ({"troubles": ["wifi"]}, {"troubles": []}),
}


@pytest.mark.parametrize("alarm", ALARMS)
def test_alarm_is_raised_once_and_cleared_once(tenant: Tenant, alarm: str) -> None:
    tenant.add_receiver()
    wrong, right = ALARMS[alarm]
    tenant.change(**wrong)
    tenant.change(**wrong)
    tenant.advance("PT5M")
    tenant.change(**right)
    events = [each for each in tenant.events() if each["alarmType"] == alarm]
    common = {
        "type": "device-alarm",
        "alarmType": alarm,
        "deviceId": tenant.device,
        "start": "2026-12-01T09:00:00.000Z",
        "acknowledged": False,
    }
    assert events == [
        {"state": "activated", "end": None} | common,
        {"state": "deactivated", "end": "2026-12-01T09:05:00.000Z"} | common,
    ]


def test_disconnected_device_reports_its_other_alarms_when_it_is_back(
    tenant: Tenant,
) -> None:
    tenant.add_receiver()
    tenant.change(online=False, troubles=["moved"])
    assert [each["alarmType"] for each in tenant.events()] == ["DEVICE_DISCONNECTED"]
    tenant.change(online=True)
    states = [(each["alarmType"], each["state"]) for each in tenant.events()[1:]]
    assert states == [
        ("DEVICE_DISCONNECTED", "deactivated"),
        ("DEVICE_MOVED", "activated"),
    ]
