"""Where a key is seen to be: the locker says in or out, a move says since when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from service.vendors.livionkey.mapping import observation, vendor_lock

AT = datetime(2026, 12, 1, 10, tzinfo=UTC)


def device(*, inside: bool, index: Any = "1", **more: Any) -> dict[str, Any]:
    lockers = [
        {"lockerIndex": "0", "isKeyInside": True, "key": {"id": "flat-0"}},
        {"lockerIndex": index, "isKeyInside": inside, "key": {"id": "flat-1"}},
        {"lockerIndex": "2", "isKeyInside": False, "key": None},
    ]
    return {"id": "700001", "connectionState": "connected", "lockers": lockers} | more


def last(action: str, **more: Any) -> dict[str, Any]:
    stamp = "2026-12-01T10:07:00.000Z"
    return {
        "action": action,
        "timestamp": stamp,
        "data": {"sourceTime": AT.isoformat()},
    } | more


@pytest.mark.parametrize(
    ("action", "inside", "since"),
    [
        ("key-fetched", False, AT),
        ("key-returned", True, AT),
        ("key-added", True, AT),
        ("key-not-returned", False, None),
        ("key-not-fetched", True, None),
        ("key-not-fetched", False, None),
        ("key-returned", False, None),  # the locker knows more than the last event
    ],
)
def test_only_a_move_to_where_the_key_is_tells_since_when(
    action: str, since: datetime | None, *, inside: bool
) -> None:
    seen = observation(device(inside=inside), "flat-1", last(action))
    assert (seen.inside, seen.slot, seen.since) == (inside, 1, since)
    assert seen.warning is None


@pytest.mark.parametrize("index", ["1", 1], ids=repr)
def test_slot_comes_as_text_or_number(index: Any) -> None:
    seen = observation(device(inside=True, index=index), "flat-1", {})
    assert (seen.slot, seen.since) == (1, None)


def test_time_of_the_report_stands_in_for_the_time_of_the_move() -> None:
    seen = observation(device(inside=True), "flat-1", last("key-returned", data={}))
    assert seen.since == AT.replace(minute=7)


def test_cabinet_that_is_offline_is_warned_of() -> None:
    away = device(inside=True, connectionState="disconnected")
    assert "offline" in str(observation(away, "flat-1", {}).warning)


@pytest.mark.parametrize("lockers", [None, [], [None], [{"key": None}]], ids=repr)
def test_key_without_a_locker_is_out(lockers: Any) -> None:
    seen = observation(device(inside=True, lockers=lockers), "flat-1", {})
    assert (seen.inside, seen.slot) == (False, None)
    assert seen.warning


def test_lock_is_a_key_with_its_return_code_after_a_star() -> None:
    key = {"keyId": "a/b", "keyName": "Flat 1", "keyCode": "7001"}
    lock = vendor_lock({"deviceId": "700001", "name": "Lobby"}, key)
    assert (lock.vendor_id, lock.name) == ("700001/a/b", "Lobby, Flat 1")
    assert lock.return_code
    assert lock.return_code.reveal() == "*7001"
    assert "7001" not in repr(lock).replace("700001", "")
