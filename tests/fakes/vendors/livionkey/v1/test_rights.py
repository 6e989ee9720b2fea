"""Access rights: codes for keypads, stretched to whole days unless that is declined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Json, Tenant

HOURS = {"startTime": "08:00", "endTime": "17:00", "days": {"2": True, "3": False}}


@pytest.fixture
def keypad(tenant: Tenant) -> Json:
    return tenant.add_door("Street", kind="keypad")


def order(tenant: Tenant, keypad: Json, **fields: Any) -> Any:
    usual = {
        "accessRightId": "A-1",
        "devices": [{"id": keypad["vendor_id"], "keyId": "keyPadKey"}],
        "start": "2026-12-01T15:00:00Z",
        "end": "2026-12-04T10:00:00Z",
        "person": "Ada Novak",
        "contacts": [],
    }
    said = {name: each for name, each in (usual | fields).items() if each is not None}
    return tenant.call("POST", "/accessrights", said)


def made(tenant: Tenant, keypad: Json, **fields: Any) -> Json:
    answer = order(tenant, keypad, **fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_right_is_stretched_to_whole_days_of_the_keypads_zone(
    tenant: Tenant, keypad: Json
) -> None:
    right = made(tenant, keypad)
    shown = tenant.get(f"/accessrights/{right['id']}")
    assert shown["start"] == "2026-11-30T23:00:00.000Z"
    assert shown["end"] == "2026-12-04T22:59:59.999Z"
    assert tenant.probe(right["pincode"], "2026-12-04T22:59:59Z", keypad) == "opened"
    assert tenant.probe(right["pincode"], "2026-12-04T23:00:00Z", keypad) == "over"


def test_right_keeps_its_minutes_when_stretching_is_declined(
    tenant: Tenant, keypad: Json
) -> None:
    pin = made(tenant, keypad, modifyTime=False)["pincode"]
    assert tenant.probe(pin, "2026-12-01T14:59:59Z", keypad) == "early"
    assert tenant.probe(pin, "2026-12-01T15:00:00Z", keypad) == "opened"
    assert tenant.probe(pin, "2026-12-04T10:00:00Z", keypad) == "over"


def test_entered_code_is_told_without_key_and_locker(
    tenant: Tenant, keypad: Json
) -> None:
    tenant.add_receiver()
    pin = made(tenant, keypad)["pincode"]
    assert tenant.enter(pin, keypad)["opened"]
    (event,) = tenant.events()
    assert event["type"] == "right-access-code"
    assert (event["code"], event["deviceId"]) == (pin, keypad["vendor_id"])
    assert not {"keyId", "lockerIndex", "contractId"} & set(event)


def test_weekly_hours_hold_on_their_days_alone(tenant: Tenant, keypad: Json) -> None:
    pin = made(tenant, keypad, end=None, perm=True, recurrent=[HOURS])["pincode"]
    assert tenant.probe(pin, "2026-12-08T07:00:00Z", keypad) == "opened"  # a Tuesday
    assert tenant.probe(pin, "2026-12-08T16:00:00Z", keypad) == "wrong-time"
    assert tenant.probe(pin, "2026-12-09T07:00:00Z", keypad) == "wrong-day"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"accessRightId": None}, "Missing accessRightId from parameters"),
        ({"devices": None}, "No devices"),
        ({"devices": [{"keyId": "keyPadKey"}]}, "Missing deviceId from parameters"),
        ({"devices": [{"id": "999999"}]}, "Device not found"),
        ({"start": None}, "Missing start from parameters"),
        ({"end": None}, "Missing end from parameters"),
        ({"person": None}, "Missing person from parameters"),
        ({"contacts": None}, "Missing contacts from parameters"),
        ({"end": "2026-12-01T15:00:00Z"}, "Start time should be before End time"),
        ({"start": "2026-12-01T08:00:00Z"}, "Start time should be in the future"),
        ({"pincode": "12"}, "Invalid pincode"),
        ({"recurrent": [{"days": {}}]}, "Missing accessRight parameters"),
    ],
)
def test_right_is_refused_in_words(
    tenant: Tenant, keypad: Json, fields: Json, text: str
) -> None:
    refused = order(tenant, keypad, **fields)
    assert (refused.status_code, refused.text) == (400, text)


def test_cabinet_takes_no_access_right(tenant: Tenant, keypad: Json) -> None:
    refused = order(tenant, keypad, devices=[{"id": tenant.device}])
    assert refused.text == "Device is not a keypad"
    key = [{"id": keypad["vendor_id"], "keyId": "flat-1"}]
    assert order(tenant, keypad, devices=key).text == "KeyId not found"
    assert tenant.call("POST", "/accessrights").text == (
        "Missing accessRight parameters"
    )


def test_reference_and_pin_belong_to_one_right(tenant: Tenant, keypad: Json) -> None:
    made(tenant, keypad, pincode="4711")
    assert order(tenant, keypad).text == "AccessId already in use"
    second = order(tenant, keypad, accessRightId="A-2", pincode="4711")
    assert second.text == "Pincode already used in existing accessRights"
    listed = tenant.get(f"/devices/{keypad['vendor_id']}/accessrights")
    assert [each["accessRightId"] for each in listed] == ["A-1"]


def test_right_is_changed_renewed_and_deleted(tenant: Tenant, keypad: Json) -> None:
    right = made(tenant, keypad)
    path = f"/accessrights/{right['id']}"
    devices = [{"id": keypad["vendor_id"]}]
    times = {"start": "2026-12-01T15:00:00Z", "end": "2026-12-09T10:00:00Z"}
    answer = tenant.call("POST", path, {"devices": devices} | times)
    assert (answer.status_code, answer.text) == (200, "AccessRight updated")
    assert tenant.get(path)["end"] == "2026-12-09T22:59:59.999Z"
    renewed = tenant.call("POST", f"{path}/pincode", {"devices": devices})
    assert renewed.mimetype == "application/json"
    assert tenant.reason(right["pincode"], door=keypad) == "wrong-code"
    assert tenant.reason(renewed.json, door=keypad) == "opened"
    answer = tenant.call("DELETE", path)
    assert answer.text == "AccessRight deleted successfully"
    assert tenant.reason(renewed.json, door=keypad) == "wrong-code"
    assert tenant.call("GET", path).text == "AccessRight not found"


def test_keypad_offline_knows_what_it_knew(tenant: Tenant, keypad: Json) -> None:
    tenant.change(keypad, online=False)
    pin = made(tenant, keypad)["pincode"]
    assert tenant.reason(pin, door=keypad) == "wrong-code"
    rows = tenant.sim("GET", f"{tenant.base}/codes?door={keypad['id']}")
    assert [row["truth"] for row in rows] == ["cloud", "queue"]
    tenant.change(keypad, online=True)
    assert tenant.reason(pin, door=keypad) == "opened"
