"""The keypad, moment by moment: what opens, what does not, and which rule says so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pydantic import TypeAdapter

from fakes.doors.entry import BadEntryError
from fakes.doors.lock import Lock
from fakes.vendors.igloohome.doors import rule_of
from tests.fakes.doors.locks import install, issue_pin

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
    return install()


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
    lock = install(zone)
    entry = lock.enter(issue_pin(lock, "hourly", at(start), 3), at(moment))
    assert (entry.opened, entry.reason) == (reason == "opened", reason)
    assert rule_of(entry) == "IGL-04"


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
    lock = install()
    entry = lock.enter(issue_pin(lock, kind, START, duration), START + unused_for)
    assert (entry.reason, rule_of(entry)) == (reason, rule)


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
    lock = install()
    pin = issue_pin(lock, kind, START, duration)
    assert lock.enter(pin, START + DAY - SECOND).opened
    assert lock.enter(pin, START + last).opened
    assert lock.enter(pin, START + last + SECOND).reason == after


def test_a_one_time_pin_dies_at_first_use(lock: Lock) -> None:
    pin = issue_pin(lock, "onetime", START)
    assert lock.enter(pin, START).opened
    again = lock.enter(pin, START + SECOND)
    assert (again.opened, again.reason, rule_of(again)) == (False, "burnt", "IGL-10")
    assert lock.enter(pin, START + 2 * DAY).reason == "burnt"


@pytest.mark.parametrize("before", ["", "1", "12345678", "1234567"])
def test_decoy_digits_before_the_pin_do_not_matter(lock: Lock, before: str) -> None:
    assert lock.enter(before[:7] + issue_pin(lock, "hourly", START), START).opened
    assert lock.enter(before + issue_pin(lock, "permanent", START), START).opened
    assert lock.enter(before + lock.master, START).opened


def test_seventeen_digits_are_too_many(lock: Lock) -> None:
    pin = issue_pin(lock, "hourly", START)
    assert lock.enter("1" * 7 + pin, START).opened
    assert lock.enter("1" * 8 + pin, START).reason == "too-long"


def test_digits_after_the_pin_spoil_it(lock: Lock) -> None:
    assert not lock.probe(issue_pin(lock, "hourly", START) + "1", START).opened


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
    assert lock.probe(issue_pin(lock, "onetime", START), START).opened
    assert not lock.probe("000000000", START).opened
    assert TypeAdapter(Lock).dump_json(lock) == before


def test_the_lock_goes_by_its_own_drifting_clock(lock: Lock) -> None:
    pin = issue_pin(lock, "hourly", START, 3)
    lock.clock_drift_seconds = 90
    assert lock.probe(pin, START - timedelta(seconds=90)).opened
    assert lock.probe(pin, START + 3 * HOUR - timedelta(seconds=90)).reason == "over"
    lock.clock_drift_seconds = -90
    assert lock.probe(pin, START + timedelta(seconds=89)).reason == "early"


def test_a_wall_clock_lock_keeps_local_hours_over_the_change() -> None:
    lock = install(wall=True)
    pin = issue_pin(lock, "daily", at("2027-03-20T15:00+01:00"), 29)
    assert lock.enter(pin, at("2027-03-20T15:00+01:00")).opened
    assert lock.enter(pin, at("2027-04-18T14:59:59+02:00")).opened
    assert lock.enter(pin, at("2027-04-18T15:00:00+02:00")).reason == "over"


def test_another_locks_pin_is_nothing_here(lock: Lock) -> None:
    other = install(secret="another secret")
    assert not lock.probe(issue_pin(other, "hourly", START), START).opened


def test_an_offline_lock_decides_all_the_same(lock: Lock) -> None:
    lock.online = False
    assert lock.enter(issue_pin(lock, "hourly", START), START).opened
