"""The account's devices: all of them listed, each with what it can be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from service.ports import Credentials, VendorBusy, VendorLock
from service.vendors.igloohome.mapping import vendor_locks

if TYPE_CHECKING:
    from service.vendors.igloohome.adapter import Igloohome

PATH = "/api/devices"


def device(kind: str, device_id: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "deviceId": device_id, "deviceName": "Door", **more}


@pytest.mark.parametrize(
    ("kind", "device_id"),
    [("Lock", "DBX1"), ("Padlock", "IGP1A"), ("Keybox", "IGK3A"), ("Keypad", "EK1XA")],
)
def test_device_with_a_keypad_is_usable(kind: str, device_id: str) -> None:
    (lock,) = vendor_locks([device(kind, device_id, batteryLevel=80)])
    assert lock == VendorLock(device_id, "Door", kind.lower(), usable=True, battery=80)


def test_bridge_is_listed_and_not_usable() -> None:
    (bridge,) = vendor_locks([device("Bridge", "EB1XA")])
    assert not bridge.usable
    assert "a bridge passes orders on" in (bridge.unusable_reason or "")


def test_retrofit_lock_sends_one_to_its_keypad() -> None:
    lock = device("Lock", "OE1XA", linkedDevices=[])
    link = [{"type": "Lock", "deviceId": "OE1XA"}]
    keypad = device("Keypad", "EK1XA", linkedDevices=link)
    retrofit, pad = vendor_locks([lock, keypad])
    assert not retrofit.usable
    assert "choose its keypad EK1XA" in (retrofit.unusable_reason or "")
    assert pad.usable


def test_retrofit_lock_names_its_keypads_model_where_none_is_linked() -> None:
    keypad = device("Keypad", "EK1XB", linkedDevices=None)
    retrofit, _ = vendor_locks([device("Lock", "OE1XA"), keypad])
    assert "choose its EK1 keypad" in (retrofit.unusable_reason or "")


def test_device_of_an_unknown_type_is_usable_with_a_warning() -> None:
    (lock,) = vendor_locks([device("Deadbolt", "X1")])
    assert lock.usable
    assert "'Deadbolt' are not known to take algoPINs" in (lock.warning or "")


def test_odd_fields_do_no_harm() -> None:
    odd_ones = [
        {"deviceId": "A"},
        {"deviceId": "B", "type": 5, "batteryLevel": "full", "linkedDevices": "x"},
        {"deviceId": "", "type": "Lock"},
        {"type": "Lock"},
    ]
    first, second = vendor_locks(odd_ones)
    assert (first.name, first.kind, first.battery) == ("A", "unknown", None)
    assert (second.name, second.battery) == ("B", None)


def test_all_pages_are_read(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers(
        PATH,
        (200, {"payload": [device("Lock", "A")], "nextCursor": "a/b"}),
        (200, {"payload": [device("Lock", "B"), None], "nextCursor": None}),
    )
    assert [lock.vendor_id for lock in igloohome.locks(credentials)] == ["A", "B"]
    assert [call.target for call in odd.asked(PATH)] == [PATH, f"{PATH}?cursor=a%2Fb"]


def test_list_that_goes_in_circles_ends(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers(PATH, (200, {"payload": [], "nextCursor": "again"}))
    with pytest.raises(VendorBusy, match=r"has no end"):
        igloohome.locks(credentials)
    assert len(odd.asked(PATH)) == 2


@pytest.mark.parametrize("body", ["<html>", [], {"payload": {}}, {}])
def test_list_that_is_none_points_to_the_url(
    odd: Any, igloohome: Igloohome, credentials: Credentials, body: Any
) -> None:
    odd.answers(PATH, (200, body))
    with pytest.raises(VendorBusy, match=r"check api_url"):
        igloohome.locks(credentials)


def test_lost_answer_to_a_reading_is_asked_for_again(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers(PATH, None, (200, {"payload": [], "nextCursor": ""}))
    assert igloohome.locks(credentials) == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, r"127\.0\.0\.1 did not answer"),
        ((500, {}), r"a problem of its own \(500"),
    ],
)
def test_reading_without_an_answer_is_busy(
    odd: Any, igloohome: Igloohome, credentials: Credentials, answer: Any, reason: str
) -> None:
    odd.answers(PATH, answer)
    with pytest.raises(VendorBusy, match=reason):
        igloohome.locks(credentials)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((200, {"masterPin": "0987654321"}), "0987654321"),
        ((200, {"pin": "12345678"}), "12345678"),
        ((200, {}), None),
        ((200, []), None),
        ((404, {}), None),
        ((403, {}), None),
    ],
)
def test_master_code_is_shown_where_the_account_may_see_it(
    odd: Any,
    igloohome: Igloohome,
    credentials: Credentials,
    answer: Any,
    code: str | None,
) -> None:
    odd.answers(f"{PATH}/IGK3A/masterpin", answer)
    master = igloohome.master_codes.master_code(credentials, "IGK3A")
    assert (master and master.reveal()) == code
