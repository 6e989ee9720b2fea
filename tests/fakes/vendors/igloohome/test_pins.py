"""PINs that were ordered over HTTP, and what becomes of them at the door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fakes.vendors.igloohome.account import Account

START = "2026-12-01T15:00:00+01:00"
STOCKHOLM = "Europe/Stockholm"


def test_an_answer_holds_the_pin_and_its_id_and_nothing_else(account: Account) -> None:
    answer = account.order(account.add_door())
    assert answer.status_code == 200
    assert answer.json.keys() == {"pin", "pinId"}
    assert all(isinstance(value, str) for value in answer.json.values())


@pytest.mark.parametrize(
    ("kind", "end", "digits"),
    [
        ("hourly", "2026-12-01T18:00:00+01:00", 9),
        ("daily", "2026-12-31T15:00:00+01:00", 9),
        ("onetime", None, 7),
        ("permanent", None, 7),
    ],
)
def test_every_kind_of_pin_opens_the_door_that_never_heard_of_it(
    account: Account, kind: str, end: str | None, digits: int
) -> None:
    door = account.add_door(online=False)
    pin = account.pin(door, kind, endDate=end)
    assert (len(pin), pin.isdigit()) == (digits, True)
    assert account.probe(door, pin, "2026-12-01T14:59:59+01:00") == "early"
    assert account.probe(door, pin, START) == "opened"
    assert account.codes("door") == []


def test_a_repeated_order_gives_the_same_pin_whatever_the_name(
    account: Account,
) -> None:
    door = account.add_door()
    first, second = account.order(door).json, account.order(door, accessName="Bo").json
    assert first["pin"] == second["pin"]
    assert first["pinId"] != second["pinId"]


def test_other_windows_variances_kinds_and_locks_give_other_pins(
    account: Account,
) -> None:
    door, other = account.add_door("One"), account.add_door("Two")
    pins = [
        account.pin(door),
        account.pin(door, variance=2),
        account.pin(door, startDate="2026-12-01T16:00:00+01:00"),
        account.pin(door, endDate="2026-12-01T19:00:00+01:00"),
        account.pin(other),
        account.pin(door, "onetime"),
        account.pin(door, "permanent"),
    ]
    assert len(set(pins)) == len(pins)


def test_the_same_instants_written_with_another_offset_give_the_same_pin(
    account: Account,
) -> None:
    door = account.add_door()
    utc = {
        "startDate": "2026-12-01T14:00:00+00:00",
        "endDate": "2026-12-01T17:00:00+00:00",
    }
    assert account.pin(door) == account.pin(door, **utc)


def test_a_one_time_pin_opens_once(account: Account) -> None:
    door = account.add_door()
    pin = account.pin(door, "onetime", startDate="2026-12-01T09:00:00+01:00")
    assert [account.enter(door, pin) for _ in range(2)] == ["opened", "burnt"]


@pytest.mark.parametrize(
    ("zone", "start", "end", "over"),
    [
        # 29 days as written; 24 hours each, so in spring it ends an hour late
        (
            STOCKHOLM,
            "2027-03-20T15:00:00+01:00",
            "2027-04-18T15:00:00+02:00",
            "2027-04-18T16:00:00+02:00",
        ),
        # in autumn an hour early
        (
            STOCKHOLM,
            "2027-10-10T15:00:00+02:00",
            "2027-11-08T15:00:00+01:00",
            "2027-11-08T14:00:00+01:00",
        ),
        # one offset at both ends: the same by any count
        (
            STOCKHOLM,
            "2027-10-10T15:00:00+02:00",
            "2027-11-08T15:00:00+02:00",
            "2027-11-08T14:00:00+01:00",
        ),
        (
            "Australia/Lord_Howe",
            "2027-03-20T15:00:00+10:30",
            "2027-04-18T15:00:00+10:30",
            "2027-04-18T15:00:00+10:30",
        ),
    ],
)
def test_a_daily_pin_lasts_days_of_24_hours_over_a_change_of_the_clocks(
    account: Account, zone: str, start: str, end: str, over: str
) -> None:
    door = account.add_door(timezone=zone)
    pin = account.pin(door, "daily", startDate=start, endDate=end)
    account.sim("POST", f"{account.base}/clock", {"now": start})
    assert account.enter(door, pin) == "opened"
    last = datetime.fromisoformat(over) - timedelta(seconds=1)
    assert account.probe(door, pin, last.isoformat()) == "opened"
    assert account.probe(door, pin, over) == "over"


def test_a_reset_at_the_lock_voids_its_pins_and_new_ones_open(account: Account) -> None:
    door = account.add_door()
    old = account.pin(door)
    account.change(door, reset=True)
    assert account.probe(door, old, START) != "opened"
    assert account.pin(door) != old
    assert account.probe(door, account.pin(door), START) == "opened"


def test_a_pin_deleted_at_the_lock_stays_in_the_cloud(account: Account) -> None:
    door = account.add_door()
    pin = account.pin(door)
    account.change(door, delete_pin=pin)
    assert account.probe(door, pin, START) == "deleted"
    assert [row["code"] for row in account.codes("cloud")] == [pin]


def test_the_cloud_lists_what_it_gave_out_and_the_door_what_was_used(
    account: Account,
) -> None:
    door = account.add_door()
    made = account.order(door, startDate="2026-12-01T09:00:00+01:00").json
    (row,) = account.codes("cloud")
    assert row == {
        "door": door["id"],
        "code": made["pin"],
        "truth": "cloud",
        "valid_from": "2026-12-01T08:00:00Z",
        "valid_until": "2026-12-01T17:00:00Z",
        "ref": made["pinId"],
        "since": "2026-12-01T08:20:00Z",
    }
    assert account.codes("door") == []
    account.enter(door, made["pin"])
    used = {"truth": "door", "ref": None, "since": None}
    assert account.codes("door") == [row | used]


def test_records_show_no_pin(account: Account) -> None:
    door = account.add_door()
    pin = account.pin(door)
    account.call("GET", f"/devices/{door['vendor_id']}/masterpin")
    records = str(account.sim("GET", f"{account.base}/requests"))
    assert "•••" in records
    assert pin not in records
    state = account.sim("GET", f"{account.base}/state")["vendors"]["igloohome"]
    assert state["doors"][door["id"]]["master"] not in records
