"""Schedules of keypad codes, worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from strikeplate.oracle.answers import Answer, at
from strikeplate.oracle.schedules import Week, schedule

BERLIN = "Europe/Berlin"
WORK = Week(84, (480, 1140))  # Monday, Wednesday and Friday, 08:00 to 19:00
DAILY = Week(0, (1135, 1325))  # 18:55 to 22:05
CASES = """
winter 84 480-1140   Mon 2026-12-07 07:59:59   shut    NUK-06
winter 84 480-1140   Mon 2026-12-07 08:00:00   open    NUK-05
winter 84 480-1140   Mon 2026-12-07 18:59:59   open    NUK-05
winter 84 480-1140   Mon 2026-12-07 19:00:30   either  NUK-05
winter 84 480-1140   Mon 2026-12-07 19:01:00   shut    NUK-06
winter 84 480-1140   Tue 2026-12-08 12:00:00   shut    NUK-05
winter 84 480-1140   Wed 2026-12-09 12:00:00   open    NUK-05
winter 0  1135-1325  Tue 2026-12-08 18:54:59   shut    NUK-06
winter 0  1135-1325  Tue 2026-12-08 18:55:00   open    NUK-06
winter 0  1135-1325  Tue 2026-12-08 22:04:59   open    NUK-06
winter 0  1135-1325  Tue 2026-12-08 22:06:00   shut    NUK-06
winter 64 -          Sun 2026-12-06 23:59:59   shut    NUK-05
winter 64 -          Mon 2026-12-07 00:30:00   either  NUK-05
winter 64 -          Mon 2026-12-07 01:00:00   open    NUK-05
winter 64 -          Tue 2026-12-08 00:30:00   either  NUK-05
winter 64 -          Tue 2026-12-08 01:00:00   shut    NUK-05
spring 84 480-1140   Sun 2027-03-28 12:00:00   shut    NUK-05
spring 84 480-1140   Mon 2027-03-29 08:00:00   open    NUK-05
spring 84 480-1140   Mon 2027-03-29 07:59:59   shut    NUK-06
spring 0  1135-1325  Sun 2027-03-28 18:55:00   open    NUK-06
spring 0  1135-1325  Sat 2027-03-27 18:54:59   shut    NUK-06
"""
BEGINS = {"winter": "2026-12-05 12:00", "spring": "2027-03-26 12:00"}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN))


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_schedule_answers_as_worked_out(case: str) -> None:
    season, mask, minutes, _, day, clock, answer, rule = case.split()
    start = local(BEGINS[season]).astimezone(UTC)
    first, _, last = minutes.partition("-")
    week = Week(int(mask), (int(first), int(last)) if first else None)
    said = schedule(start, start + timedelta(days=9), week, BERLIN)
    found = at(said, local(f"{day} {clock}").astimezone(UTC))
    assert (found.answer.value, found.rule) == (answer, rule)


START = datetime(2026, 12, 5, 11, tzinfo=UTC)


def test_without_a_first_day_nothing_restricts() -> None:
    said = schedule(None, START, WORK, BERLIN)
    assert [(each.answer, each.rule) for each in said] == [(Answer.OPEN, "NUK-07")]


@pytest.mark.parametrize("week", [None, WORK, DAILY])
def test_before_the_first_and_after_the_last_instant_it_is_shut(
    week: Week | None,
) -> None:
    end = START + timedelta(days=9)
    said = schedule(START, end, week, BERLIN)
    second = timedelta(seconds=1)
    assert at(said, START - second).answer is Answer.SHUT
    assert at(said, end).answer is Answer.EITHER
    assert at(said, end + second).answer is Answer.SHUT
    assert at(said, end + timedelta(days=400)).answer is Answer.SHUT


def test_schedule_without_an_end_is_left_open_far_ahead() -> None:
    said = schedule(START, None, None, BERLIN)
    assert at(said, START + timedelta(days=14)).answer is Answer.OPEN
    assert at(said, START + timedelta(days=40)).answer is Answer.EITHER
