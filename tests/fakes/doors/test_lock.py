"""What a lock remembers: wrong tries, PINs put in and taken out, resets, its log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from fakes.doors.lock import CustomPin, Lock
from fakes.vendors.igloohome.doors import RULES, rule_of
from tests.fakes.doors.locks import install, issue_pin

START = datetime.fromisoformat("2026-12-01T15:00:00+01:00")
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def lock() -> Lock:
    return install()


def test_five_wrong_tries_kill_the_keypad_for_five_minutes(lock: Lock) -> None:
    pin = issue_pin(lock, "hourly", START)
    for _ in range(5):
        assert lock.enter("1234", START).reason == "wrong-code"
    assert lock.enter(pin, START).reason == "locked-out"
    assert lock.enter(pin, START + timedelta(seconds=299)).reason == "locked-out"
    assert lock.enter(pin, START + timedelta(seconds=300)).opened


def test_a_right_pin_forgets_the_wrong_ones_before_it(lock: Lock) -> None:
    for _ in range(3):
        for _ in range(4):
            assert lock.enter("1234", START).reason == "wrong-code"
        assert lock.enter(lock.master, START).opened


def test_bluetooth_ends_a_lockout_and_zero_tries_mean_never(lock: Lock) -> None:
    for _ in range(5):
        lock.enter("1234", START)
    lock.bolt("unlock", START)
    assert lock.enter(lock.master, START).opened
    lock.lockout_tries = 0
    for _ in range(20):
        assert lock.enter("1234", START).reason == "wrong-code"


def test_a_lock_remembers_199_pins_and_no_more(lock: Lock) -> None:
    pins = [issue_pin(lock, "hourly", START, 1 + n // 3, 1 + n % 3) for n in range(200)]
    for pin in pins[:198]:
        assert lock.enter(pin, START).opened
    assert lock.put("4711", CustomPin(0, 2**31), START)
    assert lock.enter(pins[199], START).reason == "full"
    assert not lock.put("4712", CustomPin(0, 2**31), START)
    assert lock.enter(pins[0], START).opened
    assert lock.enter(pins[199], START + HOUR).opened, (
        "three are over, so there is room"
    )


@pytest.mark.parametrize(
    ("facts", "reason", "rule"),
    [
        ({"keypad": False}, "no-keypad", "IGL-11"),
        ({"battery": 0}, "no-power", "IGL-01"),
    ],
)
def test_a_door_without_keypad_or_power_takes_no_code(
    facts: dict[str, Any], reason: str, rule: str
) -> None:
    lock = install(**facts)
    for _ in range(6):
        entry = lock.enter(issue_pin(lock, "hourly", START), START)
        assert (entry.opened, entry.reason, rule_of(entry)) == (False, reason, rule)


def test_custom_pins_open_by_the_minute(lock: Lock) -> None:
    window = CustomPin(lock.reads(START + 5 * SECOND), lock.reads(START + HOUR))
    assert lock.put("0471", window, START)
    assert lock.probe("0471", START).reason == "early"
    assert lock.probe("0471", START + 5 * SECOND).opened
    assert lock.probe("990471", START + 5 * SECOND).opened
    assert lock.probe("0471", START + HOUR).reason == "over"
    assert lock.drop("0471", START)
    assert lock.probe("0471", START + 5 * SECOND).reason == "wrong-code"
    assert not lock.drop("0471", START)


@pytest.mark.parametrize("pin", ["471", "1234567890", "12a4", "24681357"])
def test_what_is_no_custom_pin_is_not_stored(lock: Lock, pin: str) -> None:
    assert not lock.put(pin, CustomPin(0, 1), START)
    assert lock.custom == {}


def test_a_pin_deleted_at_the_lock_opens_no_more(lock: Lock) -> None:
    pins = [issue_pin(lock, "hourly", START, 3, variant) for variant in (1, 2)]
    assert lock.enter(pins[0], START).opened
    lock.delete(pins[0], START)
    assert lock.enter(pins[0], START).reason == "deleted"
    assert lock.enter(pins[1], START).opened


def test_a_reset_kills_every_pin_but_the_master(lock: Lock) -> None:
    used, unused = (issue_pin(lock, "hourly", START, 48, variant) for variant in (1, 2))
    assert lock.enter(used, START).opened
    lock.put("4711", CustomPin(0, 2**31), START)
    lock.reset(START)
    assert not any(lock.probe(pin, START).opened for pin in (used, unused, "4711"))
    assert lock.probe(lock.master, START).opened
    assert lock.probe(issue_pin(lock, "hourly", START, 48), START).opened


def test_the_log_tells_what_happened_and_no_wrong_code(lock: Lock) -> None:
    pin = issue_pin(lock, "hourly", START)
    lock.enter("765432", START)
    lock.enter(pin, START)
    log = [(line.what, line.reason, line.kind, line.pin) for line in lock.log]
    assert log == [
        ("entry", "wrong-code", "", ""),
        ("entry", "opened", "hourly", pin),
    ]


def test_the_log_keeps_the_newest_lines(lock: Lock) -> None:
    for seconds in range(1200):
        lock.enter(lock.master, START + seconds * SECOND)
    assert 500 <= len(lock.log) <= 1000
    assert lock.log[-1].at == START + 1199 * SECOND


def test_a_description_holds_no_secret(lock: Lock) -> None:
    answer = str(lock.describe())
    assert lock.secret not in answer
    assert lock.master not in answer
    assert lock.describe()["timezone"] == "Europe/Stockholm"


def test_a_lock_is_stored_and_restored_whole(lock: Lock) -> None:
    pin = issue_pin(lock, "daily", START, 40)
    lock.enter(pin, START)
    lock.put("4711", CustomPin(0, 2**31), START)
    for _ in range(5):
        lock.enter("1234", START)
    stored = TypeAdapter(Lock).dump_json(lock)
    assert TypeAdapter(Lock).validate_json(stored) == lock


def test_every_reason_names_a_rule() -> None:
    assert all(rule.startswith("IGL-") for rule in RULES.values())
