"""A keypad beside a door opens within the hours of its codes, and not outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fakes.doors.entrance import Entrance, Pass
from fakes.doors.entry import BadEntryError
from fakes.doors.lockout import Lockout
from fakes.doors.schedule import Schedule

START = datetime(2026, 12, 1, 8, tzinfo=UTC)
END = datetime(2026, 12, 31, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TUESDAYS = Schedule(START, END, weekdays=32, from_minute=480, until_minute=1020)
SUNDAYS = replace(TUESDAYS, weekdays=1)


def install(*schedules: Schedule) -> Entrance:
    return Entrance(
        id="door-1",
        vendor="livionkey",
        vendor_id="000054",
        name="Street door",
        product="keypad",
        timezone="Europe/Helsinki",
        lockout=Lockout(((3, 60),)),
        passes=[
            Pass("A-1", "594395", schedules or (Schedule(START, END),)),
            Pass("flat-1", "*7001", (Schedule(),), "static"),
        ],
    )


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (START - SECOND, "early"),
        (START, "opened"),
        (END - SECOND, "opened"),
        (END, "over"),
    ],
)
def test_code_opens_between_its_ends(at: datetime, reason: str) -> None:
    entrance = install()
    assert entrance.probe("594395", at).reason == reason
    assert entrance.enter("594395", at).opened == (reason == "opened")


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2026-12-08T05:59:00+00:00", "wrong-time"),  # 7:59 in Helsinki
        ("2026-12-08T06:00:00+00:00", "opened"),
        ("2026-12-08T14:59:59+00:00", "opened"),
        ("2026-12-08T15:00:00+00:00", "wrong-time"),
        ("2026-12-09T10:00:00+00:00", "wrong-day"),
        ("2026-12-13T10:00:00+00:00", "opened"),  # a Sunday
    ],
)
def test_weekly_hours_are_those_of_the_doors_own_zone(at: str, reason: str) -> None:
    entrance = install(TUESDAYS, SUNDAYS)
    assert entrance.probe("594395", datetime.fromisoformat(at)).reason == reason


def test_return_code_opens_after_a_star() -> None:
    assert install().enter("*7001", END).opened
    assert not install().enter("7001", END).opened


def test_third_wrong_code_blocks_the_keypad() -> None:
    entrance = install()
    tried = [entrance.enter("1111", START).reason for _ in range(4)]
    assert tried == ["wrong-code"] * 3 + ["locked-out"]
    assert entrance.enter("594395", START + timedelta(minutes=1)).opened


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [({"keypad": False}, "no-keypad"), ({"battery": 0}, "no-power")],
)
def test_dead_keypad_opens_for_nobody(trouble: dict[str, int], reason: str) -> None:
    assert replace(install(), **trouble).enter("594395", START).reason == reason


def test_keypad_goes_by_its_own_clock() -> None:
    entrance = install()
    entrance.clock_drift_seconds = -60
    assert entrance.probe("594395", START).reason == "early"


def test_only_what_opened_is_written_down_and_heard() -> None:
    entrance = install()
    entrance.enter("1111", START)
    entrance.enter("594395", START)
    entrance.open(START)
    assert [line.code for line in entrance.log] == ["", "594395", ""]
    assert [line.what for line in entrance.drain_events()] == ["entry", "opened"]


def test_entrance_knows_what_it_was_told_and_nothing_else() -> None:
    entrance = install()
    entrance.learn([])
    assert entrance.enter("594395", START).reason == "wrong-code"


def test_letters_and_further_fields_are_refused() -> None:
    with pytest.raises(BadEntryError, match="0 to 9 and a star"):
        install().enter("12x", START)
    with pytest.raises(BadEntryError, match="leave out then"):
        install().enter("1234", START, then="take")
