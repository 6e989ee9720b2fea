"""igloohome's adapter and igloohome's fake: what they must agree on, at the door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time

from service.domain.errors import NoWindow
from service.domain.schedule import HOUR, Window
from service.ports import (
    CredentialsRefused,
    LockVendor,
    Order,
    VendorBusy,
    VendorLock,
    VendorRefused,
    VendorUnknown,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZONES = (
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Stockholm",
    "UTC",
)
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
)


@pytest.fixture
def igloohome(vendors: dict[str, LockVendor]) -> LockVendor:
    return vendors["igloohome"]


def ordered(
    world: Any, igloohome: LockVendor, door: dict[str, Any], window: Window, n: int = 1
) -> str:
    zone = ZoneInfo(door["timezone"])
    order = Order(door["vendor_id"], window, n, "B-1001", zone)
    return igloohome.issue(world.credentials("igloohome"), order).pin.reveal()


@pytest.mark.parametrize("zone", ZONES)
def test_any_booking_near_a_change_of_clocks_is_covered_at_the_door(
    world: Any, igloohome: LockVendor, zone: str
) -> None:
    door, random = world.add_door("igloohome", timezone=zone), Random(zone)  # noqa: S311
    for _ in range(12):
        start = random.choice(CHANGES) + random.randint(-3000, 3000) * MINUTE
        end = start + random.randint(1, random.choice((180, 3000, 60000))) * MINUTE
        window = igloohome.planner.plan(start, end, now=NOW, zone=ZoneInfo(zone))
        pin = ordered(world, igloohome, door, window)
        assert window.end
        assert world.opens(door, pin, start)
        assert world.opens(door, pin, window.start)
        assert not world.opens(door, pin, window.start - MINUTE)
        assert not world.opens(door, pin, window.end)
        last = min(window.end, window.start + 24 * HOUR)
        assert world.opens(door, pin, last - MINUTE)


def test_long_code_used_in_time_opens_to_its_end_and_dies_when_it_is_not(
    world: Any, igloohome: LockVendor
) -> None:
    door = world.add_door("igloohome", timezone="Europe/Stockholm")
    zone = ZoneInfo("Europe/Stockholm")
    start = datetime(2026, 3, 20, 15, 20, tzinfo=zone)
    end = datetime(2026, 4, 20, 11, 0, tzinfo=zone)
    window = igloohome.planner.plan(start, end, now=NOW, zone=zone)
    used, unused = (ordered(world, igloohome, door, window, n) for n in (1, 2))
    assert window.first_use_by
    world.set_time(window.first_use_by - MINUTE)
    assert world.enter(door, used)
    assert not world.opens(door, unused, window.first_use_by)
    assert world.opens(door, used, end - MINUTE)


@pytest.mark.parametrize(
    ("kind", "lasts"),
    [("onetime", None), ("permanent", None), ("hourly", 672), ("daily", 367 * 24)],
)
def test_code_made_by_hand_opens_the_door(
    world: Any, igloohome: LockVendor, kind: str, lasts: int | None
) -> None:
    door, zone = (
        world.add_door("igloohome", timezone="Asia/Kolkata"),
        ZoneInfo("Asia/Kolkata"),
    )
    start = datetime(2026, 1, 2, 15, tzinfo=zone)
    end = lasts and start + lasts * HOUR
    window = igloohome.planner.plan_by_hand(
        kind, start, end or None, now=NOW, zone=zone
    )
    pin = ordered(world, igloohome, door, window)
    assert world.opens(door, pin, start)
    assert not world.opens(door, pin, start - MINUTE)


def test_current_hour_of_a_half_hour_zone_is_taken(
    world: Any, igloohome: LockVendor
) -> None:
    door, zone = (
        world.add_door("igloohome", timezone="Asia/Kolkata"),
        ZoneInfo("Asia/Kolkata"),
    )
    now = datetime(2026, 1, 2, 15, 59, tzinfo=zone)
    world.set_time(now)
    window = igloohome.planner.plan(now - 9 * HOUR, now + HOUR, now=now, zone=zone)
    assert world.opens(door, ordered(world, igloohome, door, window), now)


def test_only_devices_that_take_algopins_are_called_usable(
    world: Any, igloohome: LockVendor
) -> None:
    retrofit = world.add_door("igloohome", keypad=False)
    world.add_door("igloohome", kind="keypad", locks=[retrofit["id"]])
    for kind in ("lock", "padlock", "keybox", "bridge"):
        world.add_door("igloohome", kind=kind)
    locks = igloohome.locks(world.credentials("igloohome"))
    usable = {lock.vendor_id for lock in locks if not lock.unusable_reason}
    assert usable == {
        lock.vendor_id for lock in locks if _takes(world, igloohome, lock)
    }
    assert (len(locks), len(usable)) == (6, 4)


def _takes(world: Any, igloohome: LockVendor, lock: VendorLock) -> bool:
    window = igloohome.planner.plan(NOW, NOW + HOUR, now=NOW, zone=UTC)
    order = Order(lock.vendor_id, window, 1, "B-1001", UTC)
    try:
        with freeze_time(NOW):
            return bool(igloohome.issue(world.credentials("igloohome"), order))
    except VendorRefused:
        return False


def test_master_code_opens_the_door(world: Any, igloohome: LockVendor) -> None:
    door = world.add_door("igloohome")
    master = igloohome.master_codes.master_code(
        world.credentials("igloohome"), door["vendor_id"]
    )
    assert master
    assert world.opens(door, master.reveal(), NOW)


def test_token_that_ran_out_is_renewed_unseen(
    world: Any, igloohome: LockVendor
) -> None:
    credentials = world.credentials("igloohome")
    igloohome.locks(credentials)
    world.set_time(NOW + timedelta(days=3))
    assert igloohome.locks(credentials) == []


@pytest.mark.parametrize(
    "effect", [{"drop": True}, {"status": 500}, {"body": "<html>"}]
)
def test_lost_answer_is_unknown_and_the_same_order_finds_the_code_again(
    world: Any, igloohome: LockVendor, effect: dict[str, Any]
) -> None:
    door = world.add_door("igloohome")
    window = igloohome.planner.plan(NOW, NOW + HOUR, now=NOW, zone=UTC)
    fault = {"vendor": "igloohome", "path": "*/algopin/*", "times": 1}
    world.call("POST", "/faults", **fault, phase="after", effect=effect)
    with pytest.raises(VendorUnknown):
        ordered(world, igloohome, door, window)
    made = {row["code"] for row in world.call("GET", "/codes")}
    assert made == {ordered(world, igloohome, door, window)}


def test_full_vendor_says_when_to_come_back(world: Any, igloohome: LockVendor) -> None:
    effect = {"status": 429, "headers": {"Retry-After": "30"}}
    world.call("POST", "/faults", vendor="igloohome", phase="before", effect=effect)
    with pytest.raises(VendorBusy) as busy:
        igloohome.verify(world.credentials("igloohome"))
    assert busy.value.retry_after == timedelta(seconds=30)


def test_clients_of_two_worlds_never_meet(world: Any, igloohome: LockVendor) -> None:
    world.add_door("igloohome")
    stranger = {**world.credentials("igloohome"), "client_id": "stranger"}
    with pytest.raises(CredentialsRefused, match=r"'stranger'"):
        igloohome.locks(stranger)


def test_stay_of_over_a_year_fits_no_kind(igloohome: LockVendor) -> None:
    with pytest.raises(NoWindow, match=r"longest that igloohome makes is 367"):
        igloohome.planner.plan(NOW, NOW + timedelta(days=368), now=NOW, zone=UTC)
