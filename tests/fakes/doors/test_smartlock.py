"""A smart lock with a keypad decides by what is stored in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from fakes.doors.entry import BadEntryError
from fakes.doors.smartlock import SmartLock
from fakes.vendors.nuki.doors import RULES, rule_of
from tests.fakes.doors.smartlocks import install, store

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday, 13:00 in Berlin


def test_a_stored_code_opens_and_unlocks() -> None:
    lock = install()
    store(lock)
    entry = lock.enter("345678", NOW)
    assert (entry.opened, entry.reason, rule_of(entry), entry.at) == (
        True,
        "opened",
        "NUK-02",
        NOW,
    )
    assert lock.bolt == "unlocked"


def test_a_deleted_code_does_not_open() -> None:
    lock = install()
    number = store(lock)
    assert lock.probe("345678", NOW).opened
    lock.codebook.drop(number)
    assert lock.enter("345678", NOW).reason == "wrong-code"
    assert lock.bolt == "locked"


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"start": NOW + timedelta(seconds=1)}, "early"),
        ({"end": NOW - timedelta(seconds=1)}, "over"),
        ({"weekdays": 127 - 32}, "wrong-day"),
        ({"from_minute": 0, "until_minute": 13 * 60 - 1}, "wrong-time"),
        ({"weekdays": 32, "from_minute": 13 * 60, "until_minute": 13 * 60}, "opened"),
    ],
)
def test_a_refusal_names_the_limit_and_its_rule(
    limits: dict[str, object], reason: str
) -> None:
    lock = install()
    store(lock, **limits)
    entry = lock.probe("345678", NOW)
    assert (entry.reason, rule_of(entry)) == (reason, RULES[reason])


def test_all_limits_hold_together() -> None:
    lock = install()
    store(
        lock,
        start=NOW - timedelta(days=1),
        end=NOW + timedelta(days=8),
        weekdays=32,
        from_minute=780,
        until_minute=800,
    )
    hour = timedelta(hours=1)
    week = timedelta(days=7)
    asked = (NOW, NOW + hour, NOW + hour * 24, NOW + week, NOW + 2 * week)
    assert [lock.probe("345678", at).reason for at in asked] == [
        "opened",
        "wrong-time",
        "wrong-day",
        "opened",
        "over",
    ]


def test_a_disabled_code_does_not_open() -> None:
    lock = install()
    number = store(lock)
    codes = lock.codebook.codes
    codes[number] = replace(codes[number], enabled=False)
    assert lock.probe("345678", NOW).reason == "disabled"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"keypad": False}, "no-keypad"),
        ({"battery": 0}, "no-power"),
        ({"keypad_battery": 0}, "no-power"),
    ],
)
def test_without_keypad_or_power_nothing_opens(
    change: dict[str, object], reason: str
) -> None:
    lock = install(**change)
    store(lock)
    assert lock.enter("345678", NOW).reason == reason


def test_jammed_bolt_does_not_move_though_the_code_is_right() -> None:
    lock = install(jammed=True)
    store(lock)
    assert lock.probe("345678", NOW).reason == "jammed"
    assert lock.probe("999999", NOW).reason == "wrong-code"
    assert not lock.blocked  # nobody has tried yet
    assert lock.enter("345678", NOW).opened is False
    assert (lock.bolt, lock.blocked) == ("locked", True)
    lock.jammed = False
    assert lock.blocked  # the motor has not moved since
    assert lock.enter("345678", NOW).opened
    assert (lock.bolt, lock.blocked) == ("unlocked", False)


def test_jammed_bolt_takes_no_action_and_logs_it() -> None:
    lock = install(jammed=True, bolt="unlocked")
    lock.act("lock", "web", NOW)
    assert lock.bolt == "unlocked"
    assert [(each.what, each.blocked) for each in lock.log] == [("lock", True)]


def test_right_code_at_a_jammed_bolt_ends_the_row_of_wrong_ones() -> None:
    lock = install(jammed=True)
    store(lock)
    for code in [*["999999"] * 4, "345678", *["999999"] * 4]:
        lock.enter(code, NOW)
    assert lock.probe("345678", NOW).reason == "jammed"


def test_a_lock_that_is_offline_opens_all_the_same() -> None:
    lock = install(online=False)
    store(lock)
    assert lock.enter("345678", NOW).opened


def test_five_wrong_codes_kill_the_keypad_for_half_a_minute() -> None:
    lock = install()
    store(lock)
    for _ in range(5):
        assert lock.enter("999999", NOW).reason == "wrong-code"
    assert lock.enter("345678", NOW + timedelta(seconds=29)).reason == "locked-out"
    assert lock.enter("345678", NOW + timedelta(seconds=30)).opened


def test_a_right_code_out_of_its_time_is_no_wrong_code() -> None:
    lock = install()
    store(lock, end=NOW - timedelta(days=1))
    for _ in range(20):
        assert lock.enter("345678", NOW).reason == "over"


def test_a_zero_is_not_on_the_keypad_and_counts_as_no_try() -> None:
    lock = install()
    for _ in range(5):
        assert lock.enter("340678", NOW).reason == "no-such-key"
    assert lock.enter("999999", NOW).reason == "wrong-code"


@pytest.mark.parametrize("code", ["", "abc", "12 345", "٣٤٥٦٧٨"])
def test_what_has_no_key_cannot_be_typed(code: str) -> None:
    with pytest.raises(BadEntryError, match="digits 1 to 9"):
        install().enter(code, NOW)


def test_the_keypad_takes_a_code_alone() -> None:
    with pytest.raises(BadEntryError, match="leave out then"):
        install().probe("345678", NOW, then="take")


def test_the_lock_goes_by_its_own_clock() -> None:
    lock = install(clock_drift_seconds=-120.0)
    store(lock, start=NOW)
    assert lock.probe("345678", NOW + timedelta(seconds=119)).reason == "early"
    assert lock.probe("345678", NOW + timedelta(seconds=120)).opened


def test_who_is_inside_locks_the_door_again() -> None:
    lock = install()
    store(lock)
    lock.enter("345678", NOW)
    lock.act("lock-n-go", "web", NOW)
    assert lock.bolt == "locked"


def test_a_probe_leaves_no_trace() -> None:
    lock = install()
    store(lock)
    before = ADAPTER.dump_json(lock)
    for code in ("345678", "999999"):
        lock.probe(code, NOW)
    assert ADAPTER.dump_json(lock) == before


def test_the_log_knows_the_code_but_not_its_digits() -> None:
    lock = install()
    number = store(lock)
    lock.enter("345678", NOW)
    lock.enter("999999", NOW)
    lock.act("lock", "web", NOW)
    answer = [
        (line.number, line.what, line.why, line.code, line.name) for line in lock.log
    ]
    assert answer == [
        (1, "entry", "opened", number, "Ada Novak"),
        (2, "entry", "wrong-code", None, ""),
        (3, "lock", "web", None, ""),
    ]
    assert [line.number for line in lock.since(1)] == [2, 3]
    assert "345678" not in repr(lock.log)


def test_the_log_keeps_the_latest_thousand_lines() -> None:
    lock = install()
    for _ in range(2001):
        lock.act("lock", "web", NOW)
    assert [line.number for line in lock.log] == list(range(1002, 2002))


def test_a_lock_can_be_stored_and_restored() -> None:
    lock = install()
    store(lock, start=NOW, weekdays=64)
    for code in ("345678", *["999999"] * 5):
        lock.enter(code, NOW)
    assert ADAPTER.validate_json(ADAPTER.dump_json(lock)) == lock


ADAPTER = TypeAdapter(SmartLock)
