"""The keypad, moment by moment: what opens, what does not, and which rule says so."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from fakes.doors.entry import RULES
from fakes.doors.entry import BadEntryError
from fakes.doors.lock import CustomPin
from fakes.doors.lock import Lock
from tests.fakes.doors.locks import hang
from tests.fakes.doors.locks import mint

START = datetime.fromisoformat("2026-12-01T15:00:00+01:00")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
STOCKHOLM = "Europe/Stockholm"
KOLKATA = "Asia/Kolkata"
LORD_HOWE = "Australia/Lord_Howe"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
def lock() -> Lock:
    return hang()


@pytest.mark.parametrize(
    ("zone", "start", "moment", "reason"),
    [
        (STOCKHOLM, "2026-12-01T15:00+01:00", "2026-12-01T14:59:59+01:00", "early"),
        (STOCKHOLM, "2026-12-01T15:00+01:00", "2026-12-01T15:00:00+01:00", "opened"),
        (STOCKHOLM, "2026-12-01T15:00+01:00", "2026-12-01T17:59:59+01:00", "opened"),
        (STOCKHOLM, "2026-12-01T15:00+01:00", "2026-12-01T18:00:00+01:00", "over"),
        (KOLKATA, "2026-12-01T15:00+05:30", "2026-12-01T14:59:59+05:30", "early"),
        (KOLKATA, "2026-12-01T15:00+05:30", "2026-12-01T15:00:00+05:30", "opened"),
        (KOLKATA, "2026-12-01T15:00+05:30", "2026-12-01T18:00:00+05:30", "over"),
        # clocks go forward at 02:00: three hours are from 01:00 to 05:00
        (STOCKHOLM, "2027-03-28T01:00+01:00", "2027-03-28T04:59:59+02:00", "opened"),
        (STOCKHOLM, "2027-03-28T01:00+01:00", "2027-03-28T05:00:00+02:00", "over"),
        # clocks go back at 03:00: three hours are from 01:00 to 03:00
        (STOCKHOLM, "2027-10-31T01:00+02:00", "2027-10-31T02:59:59+01:00", "opened"),
        (STOCKHOLM, "2027-10-31T01:00+02:00", "2027-10-31T03:00:00+01:00", "over"),
        # summer time is half an hour here; the lock stays on standard time
        (LORD_HOWE, "2026-12-01T15:00+10:30", "2026-12-01T18:29:59+11:00", "opened"),
        (LORD_HOWE, "2026-12-01T15:00+10:30", "2026-12-01T18:30:00+11:00", "over"),
    ],
)
def test_an_hourly_pin_opens_inside_its_three_hours_and_not_outside(
    zone: str, start: str, moment: str, reason: str
) -> None:
    lock = hang(zone)
    entry = lock.enter(mint(lock, "hourly", at(start), 3), at(moment))
    assert (entry.opened, entry.reason) == (reason == "opened", reason)
    assert entry.rule == "IGL-04"


@pytest.mark.parametrize(
    ("kind", "duration", "unused_for", "reason", "rule"),
    [
        ("hourly", 48, DAY - SECOND, "opened", "IGL-04"),
        ("hourly", 48, DAY, "unused-24h", "IGL-05"),
        ("hourly", 24, DAY, "over", "IGL-04"),
        ("hourly", 672, DAY, "unused-24h", "IGL-05"),
        ("daily", 29, DAY - SECOND, "opened", "IGL-04"),
        ("daily", 29, DAY, "unused-24h", "IGL-05"),
        ("daily", 367, 367 * DAY, "over", "IGL-04"),
        ("permanent", 1, DAY - SECOND, "opened", "IGL-04"),
        ("permanent", 1, DAY, "unused-24h", "IGL-05"),
        ("onetime", 1, DAY - SECOND, "opened", "IGL-04"),
        ("onetime", 1, DAY, "over", "IGL-04"),
    ],
)
def test_a_pin_must_be_used_within_a_day_of_its_start(
    kind: str, duration: int, unused_for: timedelta, reason: str, rule: str
) -> None:
    lock = hang()
    entry = lock.enter(mint(lock, kind, START, duration), START + unused_for)
    assert (entry.reason, entry.rule) == (reason, rule)


@pytest.mark.parametrize(
    ("kind", "duration", "last", "after"),
    [
        ("hourly", 672, 28 * DAY - SECOND, "over"),
        ("daily", 29, 29 * DAY - SECOND, "over"),
        ("daily", 367, 367 * DAY - SECOND, "over"),
        ("permanent", 1, 20 * 365 * DAY, "opened"),
    ],
)
def test_a_pin_used_in_time_lives_to_its_end(
    kind: str, duration: int, last: timedelta, after: str
) -> None:
    lock = hang()
    pin = mint(lock, kind, START, duration)
    assert lock.enter(pin, START + DAY - SECOND).opened
    assert lock.enter(pin, START + last).opened
    assert lock.enter(pin, START + last + SECOND).reason == after


def test_a_one_time_pin_dies_at_first_use(lock: Lock) -> None:
    pin = mint(lock, "onetime", START)
    assert lock.enter(pin, START).opened
    again = lock.enter(pin, START + SECOND)
    assert (again.opened, again.reason, again.rule) == (False, "burnt", "IGL-10")
    assert lock.enter(pin, START + 2 * DAY).reason == "burnt"


@pytest.mark.parametrize("before", ["", "1", "12345678", "1234567"])
def test_decoy_digits_before_the_pin_do_not_matter(lock: Lock, before: str) -> None:
    assert lock.enter(before[:7] + mint(lock, "hourly", START), START).opened
    assert lock.enter(before + mint(lock, "permanent", START), START).opened
    assert lock.enter(before + lock.master, START).opened


def test_seventeen_digits_are_too_many(lock: Lock) -> None:
    pin = mint(lock, "hourly", START)
    assert lock.enter("1" * 7 + pin, START).opened
    assert lock.enter("1" * 8 + pin, START).reason == "too-long"


def test_digits_after_the_pin_spoil_it(lock: Lock) -> None:
    assert not lock.probe(mint(lock, "hourly", START) + "1", START).opened


@pytest.mark.parametrize("typed", ["", "12a4", "\uff11\uff12\uff13\uff14", "-1", "1 2"])
def test_what_has_no_key_is_refused_without_repeating_it(
    lock: Lock, typed: str
) -> None:
    with pytest.raises(BadEntryError, match="digits 0 to 9"):
        lock.enter(typed, START)
    assert lock.log == []


def test_further_fields_of_an_entry_are_named(lock: Lock) -> None:
    with pytest.raises(BadEntryError, match="leave out then"):
        lock.enter("1234", START, then="take")


def test_a_probe_leaves_no_trace(lock: Lock) -> None:
    before = TypeAdapter(Lock).dump_json(lock)
    assert lock.probe(mint(lock, "onetime", START), START).opened
    assert not lock.probe("000000000", START).opened
    assert TypeAdapter(Lock).dump_json(lock) == before


def test_the_lock_goes_by_its_own_drifting_clock(lock: Lock) -> None:
    pin = mint(lock, "hourly", START, 3)
    lock.clock_drift_seconds = 90
    assert lock.probe(pin, START - timedelta(seconds=90)).opened
    assert lock.probe(pin, START + 3 * HOUR - timedelta(seconds=90)).reason == "over"
    lock.clock_drift_seconds = -90
    assert lock.probe(pin, START + timedelta(seconds=89)).reason == "early"


def test_a_wall_clock_lock_keeps_local_hours_over_the_change() -> None:
    lock = hang(wall=True)
    pin = mint(lock, "daily", at("2027-03-20T15:00+01:00"), 29)
    assert lock.enter(pin, at("2027-03-20T15:00+01:00")).opened
    assert lock.enter(pin, at("2027-04-18T14:59:59+02:00")).opened
    assert lock.enter(pin, at("2027-04-18T15:00:00+02:00")).reason == "over"


def test_five_wrong_tries_kill_the_keypad_for_five_minutes(lock: Lock) -> None:
    pin = mint(lock, "hourly", START)
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
    pins = [mint(lock, "hourly", START, 1 + n // 3, 1 + n % 3) for n in range(200)]
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
    lock = hang(**facts)
    for _ in range(6):
        entry = lock.enter(mint(lock, "hourly", START), START)
        assert (entry.opened, entry.reason, entry.rule) == (False, reason, rule)


def test_another_locks_pin_is_nothing_here(lock: Lock) -> None:
    other = hang(secret="another secret")
    assert not lock.probe(mint(other, "hourly", START), START).opened


def test_an_offline_lock_decides_all_the_same(lock: Lock) -> None:
    lock.online = False
    assert lock.enter(mint(lock, "hourly", START), START).opened


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
    pins = [mint(lock, "hourly", START, 3, variant) for variant in (1, 2)]
    assert lock.enter(pins[0], START).opened
    lock.delete(pins[0], START)
    assert lock.enter(pins[0], START).reason == "deleted"
    assert lock.enter(pins[1], START).opened


def test_a_reset_kills_every_pin_but_the_master(lock: Lock) -> None:
    used, unused = (mint(lock, "hourly", START, 48, variant) for variant in (1, 2))
    assert lock.enter(used, START).opened
    lock.put("4711", CustomPin(0, 2**31), START)
    lock.reset(START)
    assert not any(lock.probe(pin, START).opened for pin in (used, unused, "4711"))
    assert lock.probe(lock.master, START).opened
    assert lock.probe(mint(lock, "hourly", START, 48), START).opened


def test_the_log_tells_what_happened_and_no_wrong_code(lock: Lock) -> None:
    pin = mint(lock, "hourly", START)
    lock.enter("765432", START)
    lock.enter(pin, START)
    told = [(line.what, line.reason, line.kind, line.pin) for line in lock.log]
    assert told == [("entry", "wrong-code", "", ""), ("entry", "opened", "hourly", pin)]


def test_the_log_keeps_the_newest_lines(lock: Lock) -> None:
    for seconds in range(1200):
        lock.enter(lock.master, START + seconds * SECOND)
    assert 500 <= len(lock.log) <= 1000
    assert lock.log[-1].at == START + 1199 * SECOND


def test_a_description_holds_no_secret(lock: Lock) -> None:
    told = str(lock.describe())
    assert lock.secret not in told
    assert lock.master not in told
    assert lock.describe()["timezone"] == "Europe/Stockholm"


def test_a_lock_is_stored_and_restored_whole(lock: Lock) -> None:
    pin = mint(lock, "daily", START, 40)
    lock.enter(pin, START)
    lock.put("4711", CustomPin(0, 2**31), START)
    for _ in range(5):
        lock.enter("1234", START)
    stored = TypeAdapter(Lock).dump_json(lock)
    assert TypeAdapter(Lock).validate_json(stored) == lock


def test_every_reason_names_a_rule() -> None:
    assert all(rule.startswith("IGL-") for rule in RULES.values())
